#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Measures how long a file takes to compile that opens a publisher and sends,
# compared with one that does so with Boost's message queue.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage()
{
    cat << 'END'
Usage: bench/compile_time.sh [--rounds NUMBER] [compiler option...]

Compiles each file once in each round, one after the other, and prints the
medians of the user times, of their ratios to message_queue in the same round,
and the bytes of code and data. Options such as -I/path/of/boost choose a
version of Boost. The compiler is $CXX, or else g++.

  --rounds NUMBER    15 if not given
  --help             this text
END
}

rounds=15
options=()
while [ $# -ne 0 ]; do
    case $1 in
    --rounds) rounds=$2; shift ;;
    --help) usage; exit ;;
    *) options+=("$1") ;;
    esac
    shift
done

out=build/compile_time
mkdir -p "$out"
separate=-DBOOST_IPQ_SEPARATE_COMPILATION
compile=("${CXX:-g++}" -std=c++17 -O2 -I. "${options[@]}" -c)
folder=bench/compile_time

# Prints "name seconds bytes".
measure() # name, file, option...
{
    local seconds TIMEFORMAT=%U
    seconds=$({ time "${compile[@]}" "${@:3}" "$2" -o "$out/$1.o"; } 2>&1)
    echo "$1 $seconds $(size "$out/$1.o" | awk 'NR == 2 { print $1 + $2 }')"
}

round()
{
    measure message_queue $folder/message_queue.cpp
    measure separate $folder/publisher.cpp $separate
    measure separate,_both_sides $folder/both.cpp $separate
    measure header-only $folder/publisher.cpp
    measure header-only,_both_sides $folder/both.cpp
    measure src.hpp test/separate/src.cpp $separate
}

version='#include <boost/version.hpp>
BOOST_LIB_VERSION'
echo "$("${compile[0]}" --version | head -n 1)," \
    "Boost $("${compile[@]}" -E -P -x c++ - <<< "$version" -o - | tail -n 1)," \
    "$(awk -F ': ' '/^(model name|cpu family|model)\t/ { printf "%s%s", s, $2
                    s = ", " } /^$/ { exit }' /proc/cpuinfo 2> /dev/null)"
round > "$out/warm_up" # reads the headers from the disk
for ((i = 0; i < rounds; ++i)); do
    round
done | awk '
    function median(values, n,    i, j, swap)
    {
        for (i = 2; i <= n; ++i)
            for (j = i; j > 1 && values[j] < values[j - 1]; --j) {
                swap = values[j]; values[j] = values[j - 1]
                values[j - 1] = swap
            }
        return values[int((n + 1) / 2)]
    }
    $1 == "message_queue" { ++n; base = $2 }
    {
        if (!($1 in bytes)) names[++count] = $1
        seconds[$1, n] = $2; ratios[$1, n] = $2 / base; bytes[$1] = $3
    }
    END {
        printf "%-24s %8s %6s %8s\n", "", "user s", "ratio", "bytes"
        for (k = 1; k <= count; ++k) {
            name = names[k]
            for (i = 1; i <= n; ++i) {
                s[i] = seconds[name, i]; r[i] = ratios[name, i]
            }
            text = name; gsub("_", " ", text)
            if (name == "message_queue") text = name
            printf "%-24s %8.2f %6.2f %8d\n", text, median(s, n), median(r, n),
                bytes[name]
        }
    }'
