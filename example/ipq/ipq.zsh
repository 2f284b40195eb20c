#compdef ipq
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Completion of the command ipq for zsh: commands and options as --help prints
# them, and the names of the queues in shared memory.

_ipq()
{
    local -a found
    local previous=${words[CURRENT - 1]}
    if ((CURRENT == 2)); then
        found=(${(f)"$(ipq --help 2> /dev/null |
            sed -n 's/^  \([a-z]*\)  *\(.*\)/\1:\2/p')"})
        _describe command found
        compadd -- --help --version
    elif [[ $previous == --frame ]]; then
        compadd line length fixed
    elif [[ $previous == (--directory|-d) ]]; then
        _files -/
    elif [[ $previous == --bridge ]]; then
        _files
    elif [[ ${words[CURRENT]} == -* ]]; then
        found=(${(f)"$(ipq $words[2] --help 2> /dev/null |
            sed -n 's/^  \(-[a-z] \[ \)\{0,1\}\(--[a-z-]*\).*/\2/p')"})
        compadd -- $found
    else
        found=(${(f)"$(ipq list 2> /dev/null | sed -n '2,$s/ .*//p')"})
        compadd -- $found
    fi
}

_ipq "$@"
