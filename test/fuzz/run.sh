#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Builds the fuzz targets with libFuzzer, AddressSanitizer and
# UndefinedBehaviorSanitizer, and runs each.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage()
{
    cat << 'END_OF_USAGE'
Usage: test/fuzz/run.sh [SECONDS [TARGET...]]
       test/fuzz/run.sh --check

Runs each target (default: all of them) for that number of seconds, 10 by
default. Inputs that reach new code are kept in build/fuzz/corpus/; an input
that fails is written to build/fuzz/. Repeat it: build/fuzz/TARGET FILE

  --check   only say whether the compiler has libFuzzer
END_OF_USAGE
}

compiler=
for name in clang++-14 clang++; do
    if command -v "$name" > /dev/null; then
        compiler=$name
        break
    fi
done
flags="-std=c++17 -g -O1 -Wall -Wextra -Wpedantic -Werror -I. \
    -DBOOST_TEST_DYN_LINK -fsanitize=fuzzer,address,undefined \
    -fno-sanitize-recover=all"

# Prints why the targets cannot be built.
check()
{
    local program status=0
    [ -n "$compiler" ] || { echo "it needs clang"; return 1; }
    program=$(mktemp)
    echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*,
        unsigned long) { return 0; }' |
        "$compiler" $flags -x c++ - -o "$program" > /dev/null 2>&1 || status=1
    rm -f "$program"
    [ "$status" -eq 0 ] ||
        echo "$compiler has no libFuzzer: install libclang-rt-14-dev"
    return "$status"
}

seconds=10
case ${1-} in
--check) check; exit ;;
-*) usage; exit 2 ;;
?*) seconds=$1; shift ;;
esac
check
targets=$*
if [ -z "$targets" ]; then
    targets=$(cd test/fuzz && ls *_fuzz.cpp | sed 's/_fuzz\.cpp$//')
fi

# The queues are in memory where that is possible.
directory=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)")
export TMPDIR=$directory
trap 'rm -rf "$directory"' EXIT

# Builds and runs one target.
fuzz() # target
{
    local program=build/fuzz/$1 log=build/fuzz/$1.log libraries=
    mkdir -p "build/fuzz/corpus/$1"
    case $1 in
    typed) libraries=-lboost_serialization ;;
    esac
    "$compiler" $flags "test/fuzz/${1}_fuzz.cpp" -o "$program" \
        $libraries -lrt -pthread || return
    # An allocation that is larger than the queue allows is an error, too.
    if "$program" -max_total_time="$seconds" -timeout=10 -len_control=0 \
        -max_len=600 -malloc_limit_mb=64 -artifact_prefix="$program-" \
        "build/fuzz/corpus/$1" "test/fuzz/corpus/$1" > "$log" 2>&1; then
        echo "$1: $(sed -n 's/^Done //p' "$log")"
    else
        tail -n 60 "$log"
        echo "^^^ the end of $log"
        return 1
    fi
}

export -f fuzz
export compiler flags seconds
xargs -P "$(getconf _NPROCESSORS_ONLN)" -I '{}' bash -c 'fuzz {}' <<< "${targets// /$'\n'}"
