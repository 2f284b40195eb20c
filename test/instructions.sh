#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Counts the instructions of sending and receiving a message, which, unlike the
# time, are the same in every run: they may not become more unnoticed.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Form of the calls, bytes of the message, instructions of a pair: x86-64, g++ 12
# -O2.
limits="
    copy      3     215
    copy      64    212
    copy      1024  467
    in_place  64    588
    batch     64    124"
tolerance=10 # percent, for other compilers and C libraries
pairs=1000

skip()
{
    echo "Instructions: not counted, $1"
    exit 0
}

if ! command -v valgrind > /dev/null; then
    skip "valgrind is not here"
fi
if [ "$(uname -sm)" != "Linux x86_64" ]; then
    skip "the limits are for Linux on x86-64"
fi

build=build/instructions
mkdir -p "$build"
g++ -std=c++17 -O2 -DNDEBUG -I. test/instruction_count.cpp \
    -o "$build/instruction_count" -lrt -pthread

# Prints the instructions of a pair, by callgrind's "Collected : number".
count() # form, bytes
{
    valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        --toggle-collect="counted_$1" \
        "$build/instruction_count" "$1" "$2" "$pairs" 2>&1 |
        tee "$build/callgrind.log" |
        awk -v pairs="$pairs" '/Collected :/ { print int($NF / pairs) }'
}

failed=0
while read -r form bytes limit; do
    if [ -z "$form" ]; then
        continue
    fi
    counted=$(count "$form" "$bytes")
    if [ -z "$counted" ]; then
        cat "$build/callgrind.log"
        exit 1
    fi
    most=$((limit + limit * tolerance / 100))
    echo "Instructions of a pair, $form, $bytes bytes: $counted, at most $most"
    if [ "$counted" -gt "$most" ]; then
        echo "Too many: shorten the path, or record the new limit in $0."
        failed=1
    elif [ "$counted" -lt $((limit - limit * tolerance / 100)) ]; then
        echo "Fewer than recorded: lower the limit in $0 to keep that."
    fi
done <<< "$limits"
exit "$failed"
