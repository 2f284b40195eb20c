# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Completion of the command ipq for fish: commands and options as --help prints
# them, and the names of the queues in shared memory.

function __ipq_commands
    ipq --help 2>/dev/null | string replace -rf '^  ([a-z]+) +(.*)$' '$1\t$2'
end

function __ipq_options
    set -l words (commandline -opc)
    ipq $words[2] --help 2>/dev/null |
        string replace -rf '^  (?:-[a-z] \[ )?(--[a-z-]+).*$' '$1'
end

function __ipq_queues
    ipq list 2>/dev/null | tail -n +2 | string replace -r ' .*' ''
end

function __ipq_after
    set -l words (commandline -opc)
    contains -- $words[-1] $argv
end

set -l first 'test (count (commandline -opc)) -eq 1'
set -l later 'test (count (commandline -opc)) -gt 1'
complete -c ipq -f
complete -c ipq -n $first -a '(__ipq_commands)'
complete -c ipq -n $first -a '--help --version'
complete -c ipq -n "$later; and not __ipq_after --frame -d --directory --bridge" \
    -a '(__ipq_queues)'
complete -c ipq -n "$later; and string match -q -- '-*' (commandline -ct)" \
    -a '(__ipq_options)'
complete -c ipq -n '__ipq_after --frame' -a 'line length fixed'
complete -c ipq -n '__ipq_after -d --directory' -a '(__fish_complete_directories)'
complete -c ipq -n '__ipq_after --bridge' -F
