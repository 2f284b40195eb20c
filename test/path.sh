#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Counts the files of the library through which a message passes when it is
# sent and received: a reader has to open all of them. See path.py.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v valgrind > /dev/null; then
    echo "The path of a message: not followed, valgrind is not installed"
    exit 0
fi

build=build/path
rm -rf "$build"
mkdir -p "$build"
g++ -std=c++17 -O0 -g -I. test/path_walk.cpp -o "$build/path_walk" \
    -lrt -pthread

follow() # call, limit
{
    rm -f "$build/$1"-*
    valgrind --tool=callgrind --separate-threads=yes \
        --callgrind-out-file="$build/$1" --toggle-collect="walked_$1" \
        "$build/path_walk" "$1" > "$build/$1.log" 2>&1 ||
        { cat "$build/$1.log"; return 1; }
    test/path.py "$1" "$2" "$build/$1"-*
}

# The message may come before the subscriber sleeps, or after its sleep of 50 ms:
# then the call takes a different path.
follow_waiting() # call, limit
{
    local attempt
    for attempt in 1 2 3 4 5 6 7 8 9; do
        if follow "$@" > "$build/$1.txt"; then
            cat "$build/$1.txt"
            return
        fi
    done
    cat "$build/$1.txt"
    return 1
}

follow try_enqueue 10 # 9 up to the stored header, then the event count
follow_waiting dequeue 13
