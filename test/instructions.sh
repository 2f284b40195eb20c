#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Counts the instructions that it takes to send and receive a message, and the
# accesses to shared memory. Unlike a time, these counts are the same in every
# run. The test fails if they grow.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Form of the calls, bytes of the message, instructions of a pair of calls,
# accesses to the shared segment. Measured on x86-64 with g++ 12 -O2.
limits="
    copy      3     191  24
    copy      64    208  31
    copy      1024  456  88
    in_place  64    276  29
    batch     64    139  11"
tolerance=10 # percent, for other compilers and C libraries
pairs=1000

skip()
{
    echo "Instructions: skipped, $1"
    exit 0
}

if ! command -v valgrind > /dev/null; then
    skip "valgrind is missing"
fi
if [ "$(uname -sm)" != "Linux x86_64" ]; then
    skip "the limits are for Linux on x86-64"
fi

build=build/instructions
mkdir -p "$build"
compile=(g++ -std=c++17 -O2 -DNDEBUG -I. test/instruction_count.cpp)
"${compile[@]}" -o "$build/instruction_count" -lrt -pthread
"${compile[@]}" -DBOOST_IPQ_SEPARATE_COMPILATION test/separate/src.cpp \
    -o "$build/instruction_count_separate" -lrt -pthread

# Prints the instructions of a pair, from callgrind's "Collected : number".
count() # form, bytes, program
{
    valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        --toggle-collect="counted_$1" \
        "$build/$3" "$1" "$2" "$pairs" 2>&1 |
        tee "$build/callgrind.log" |
        awk -v pairs="$pairs" '/Collected :/ { print int($NF / pairs) }'
}

# Prints the accesses of a pair to the shared segment, whose cache lines move
# between processes, from lackey's trace. Addresses are compared as text.
count_shared() # form, bytes
{
    valgrind --tool=lackey --trace-mem=yes \
        "$build/instruction_count" "$1" "$2" "$pairs" 2>&1 |
        awk -v pairs="$pairs" '
            function address(text)
            {
                sub(/^0+/, "", text)
                return sprintf("%16s", text)
            }
            $1 == "segment" {
                begin = address($2); end = address($3); mark = address($4)
            }
            /^ [LSM] / {
                split($2, place, ",")
                at = address(place[1])
                if (at == mark)
                    inside = !inside
                else if (inside && at >= begin && at < end)
                    ++accesses
            }
            END { print int(accesses / pairs) }'
}

check() # text, count, limit
{
    local most=$(($3 + $3 * tolerance / 100))
    echo "$1: $2, at most $most"
    if [ "$2" -gt "$most" ]; then
        echo "Too many: shorten the path, or record the new limit in $0."
        failed=1
    elif [ "$2" -lt $(($3 - $3 * tolerance / 100)) ]; then
        echo "Fewer than recorded: lower the limit in $0."
    fi
}

failed=0
while read -r form bytes instructions accesses; do
    if [ -z "$form" ]; then
        continue
    fi
    counted=$(count "$form" "$bytes" instruction_count)
    separate=$(count "$form" "$bytes" instruction_count_separate)
    shared=$(count_shared "$form" "$bytes")
    if [ -z "$counted" ] || [ -z "$separate" ] || [ "$shared" -eq 0 ]; then
        cat "$build/callgrind.log"
        exit 1
    fi
    check "Instructions of a pair, $form, $bytes bytes" \
        "$counted" "$instructions"
    check "Instructions of a pair, $form, $bytes bytes, separate compilation" \
        "$separate" "$instructions"
    check "Accesses to the segment, $form, $bytes bytes" "$shared" "$accesses"
done <<< "$limits"
exit "$failed"
