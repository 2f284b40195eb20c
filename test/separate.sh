#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Separate compilation (src.hpp): a program of several files works, files that
# are compiled differently do not link, and a file that only uses the library is
# small. Sizes are counted, because times differ from run to run; for these, see
# bench/compile_time.sh. The compiler is $CXX, or else g++.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=build/separate
mkdir -p "$build"
compile=("${CXX:-g++}" -std=c++17 -I. -Wall -Wextra -Werror)
separate=-DBOOST_IPQ_SEPARATE_COMPILATION
libraries=(-pthread)
if [ "$(uname)" = Linux ]; then
    libraries+=(-lrt)
fi

fail()
{
    echo "$1"
    exit 1
}

link() # program, object...
{
    "${CXX:-g++}" "${@:2}" -o "$build/$1" "${libraries[@]}"
}

# Objects that do not belong together must not link, and the linker's message
# must name the remedy.
refused() # remedy, object...
{
    if link mixed "${@:2}" 2> "$build/refused.log"; then
        fail "Linked, although it must not: ${*:2}"
    fi
    grep -q "$1" "$build/refused.log" || fail "$(cat "$build/refused.log")"
}

for file in main sender; do
    "${compile[@]}" -c test/separate/$file.cpp -o "$build/$file.o"
    "${compile[@]}" "$separate" -c test/separate/$file.cpp \
        -o "$build/${file}_separate.o"
done
"${compile[@]}" "$separate" -c test/separate/src.cpp -o "$build/src.o"

link separate "$build"/{main_separate,sender_separate,src}.o
"$build/separate" || fail "The program of separate files fails."
link header_only "$build"/{main,sender}.o
"$build/header_only" || fail "The program of header-only files fails."

refused boost_ipq_include_src_hpp_in_one_file \
    "$build"/{main_separate,sender_separate}.o
refused boost_ipq_include_src_hpp_in_one_file "$build"/{main_separate,sender}.o
# The object format of the others has no such symbols.
if [ "$(uname)" = Linux ]; then
    refused boost_ipq_define_SEPARATE_COMPILATION_in_all_files \
        "$build"/{main_separate,sender,src}.o
fi
echo "Separate files link, mixed ones do not."

# Lines that the compiler reads, and bytes of code and data.
lines() # file, option...
{
    "${compile[@]}" "${@:2}" -E -P "bench/compile_time/$1.cpp" | wc -l
}

bytes() # file, option...
{
    "${compile[@]}" -O2 "${@:2}" -c "bench/compile_time/$1.cpp" \
        -o "$build/$1.o"
    size "$build/$1.o" | awk 'NR == 2 { print $1 + $2 }'
}

check() # text, count, limit
{
    echo "$1: $2, at most $3"
    if [ "$2" -gt "$3" ]; then
        echo "Too many: keep out of the headers what users need not see."
        failed=1
    fi
}

if ! command -v size > /dev/null || [ "$(uname -m)" != x86_64 ]; then
    echo "The limits of sizes are for x86-64."
    exit
fi

failed=0
other=$(lines message_queue)
check "Lines, separate" "$(lines publisher $separate)" "$other"
check "Bytes, separate, publisher" "$(bytes publisher $separate)" 9000
check "Bytes, separate, both sides" "$(bytes both $separate)" 11000
check "Lines, header-only" "$(lines publisher)" $((other * 9 / 5))
check "Bytes, header-only, publisher" "$(bytes publisher)" 170000
exit $failed
