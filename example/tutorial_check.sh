#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Runs the programs of the tutorial, as doc/tutorial.md says.
# Usage: tutorial_check.sh FOLDER_OF_THE_PROGRAMS

set -euo pipefail
cd "$1"
queue=tutorial.$$
output=$(mktemp)
child=

clean_up()
{
    [ -z "$child" ] || kill -9 "$child" 2> /dev/null || true
    ./remove "$queue" > /dev/null || true
    rm -f "$output"
}
trap clean_up EXIT

# Waits until the output of the program in the background has a line.
await() # line
{
    local try
    for ((try = 0; try < 1000; ++try)); do
        if grep -qx "$1" "$output"; then
            return
        fi
        sleep 0.01
    done
    echo "'$1' did not come; the output is:"
    cat "$output"
    exit 1
}

# Waits for the child, which must succeed.
joined()
{
    wait "$child"
    child=
}

printf '%s\n' one two | ./sender "$queue"
./receiver "$queue" > "$output" &
child=$!
await two
kill "$child"
joined
[ "$(cat "$output")" = $'one\ntwo' ]

# Kills a worker at work. On a slow machine, it may have done the work: again.
for _ in 1 2 3; do
    printf '%s\n' three | ./sender "$queue"
    ./worker "$queue" > "$output" &
    child=$!
    await "begin: three"
    kill -9 "$child"
    wait "$child" 2> /dev/null || true
    grep -qx done "$output" || break
done
./worker "$queue" > "$output" &
child=$!
await "again: three"
kill "$child"
joined
[ "$(tail -n 1 "$output")" = done ]
[ "$(./remove "$queue")" = removed ]
echo "the tutorial works"
