# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Completion of the command ipq for bash: commands and options as --help prints
# them, and the names of the queues in shared memory.

_ipq()
{
    local words
    local word=${COMP_WORDS[COMP_CWORD]}
    local previous=${COMP_WORDS[COMP_CWORD - 1]}
    if [ "$COMP_CWORD" -eq 1 ]; then
        words="--help --version
            $(ipq --help | sed -n 's/^  \([a-z]*\) .*/\1/p')"
    elif [ "$previous" = --frame ]; then
        words="line length fixed"
    elif [ "$previous" = --directory ] || [ "$previous" = -d ]; then
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        return
    elif [ "$previous" = --bridge ]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
    elif [[ $word == -* ]]; then
        words=$(ipq "${COMP_WORDS[1]}" --help 2> /dev/null |
            sed -n 's/^  \(-[a-z] \[ \)\{0,1\}\(--[a-z-]*\).*/\2/p')
    else
        words=$(ipq list 2> /dev/null | sed -n '2,$s/ .*//p')
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _ipq ipq
