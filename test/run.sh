#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Builds the library's tests in every configuration and runs them.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. .ci/tools.sh

usage()
{
    cat << 'END'
Usage: test/run.sh [--full]

Installs what is missing (Debian and Ubuntu; elsewhere says what to install),
builds the tests and examples in build/ and runs them: with the CMake preset
debug, and with b2. Searches the model of the protocol. The logs are in
build/log/.

  --full    also the presets release, asan and tsan, and b2 by each compiler,
            variant and standard
  --help    this text
END
}

full=no
for argument; do
    case $argument in
    --full) full=yes ;;
    --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
    esac
done

need_tools test extra
jobs=$(processors)
passed=0
failed=0
mkdir -p build/log

# Counts the results in the log of CTest or b2: "passed failed".
count()
{
    awk '/tests passed, [0-9]+ tests failed out of/ {
             f += $4; p += $NF - $4 }
         /^\*\*passed\*\*/ { ++p }
         /^\.\.\.failed / && !/^\.\.\.failed updating/ { ++f }
         END { print p + 0, f + 0 }' "$1"
}

# What b2 printed of the tests that failed; CTest has it at the end.
failures() # log
{
    sed -n -e '/^====== BEGIN OUTPUT/,/^====== END OUTPUT/p' \
        -e '/^\.\.\.failed /p' "$1"
}

step() # name, command...: a command that counts, or is, tests
{
    local name=$1 log=build/log/$1.log start=$SECONDS status=0 p f
    shift
    printf '%-14s ' "$name"
    "$@" > "$log" 2>&1 || status=$?
    read -r p f <<< "$(count "$log")"
    if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
        f=1
    elif [ "$status" -eq 0 ] && [ "$p" -eq 0 ]; then
        p=1
    fi
    passed=$((passed + p))
    failed=$((failed + f))
    printf '%4d passed, %d failed %6d s\n' "$p" "$f" $((SECONDS - start))
    if [ "$f" -ne 0 ]; then
        failures "$log" | tail -n 400
        tail -n 40 "$log"
        echo "^^^ the end of $log"
    fi
}

# The style is what clang-format 14 makes; others differ in details.
check_format()
{
    find boost_ipq test example bench -name '*.[ch]pp' -exec \
        "$clang_format" --dry-run -Werror {} +
}

# A test that the list lacks would never fail.
check_list()
{
    local source
    for source in test/*_test.cpp test/*_fail.cpp test/stress_*.cpp \
        test/kill_*.cpp; do
        if [ -e "$source" ] && ! grep -Eq \
            "^(run|compile|compile-fail) +${source#test/}( |$)" test/Jamfile
        then
            echo "$source is not in test/Jamfile"
            return 1
        fi
    done
}

cmake_preset() # name
{
    cmake --preset "$1" &&
        cmake --build --preset "$1" --parallel "$jobs" &&
        ctest --preset "$1"
}

# b2 runs a test again only when it changed; here each run counts.
run_b2() # build directory, argument...
{
    local build=$1
    shift
    if [ -d "$build" ]; then
        find "$build" \( -name '*.test' -o -name '*.run' \) -delete
    fi
    # The preset kills at every instruction; here, at some.
    BOOST_IPQ_KILL_SECONDS=${BOOST_IPQ_KILL_SECONDS:-0.5} \
        b2 -j"$jobs" -l600 --build-dir="$build" "$@"
}

b2_user()
{
    (cd test/b2_test && run_b2 ../../build/b2_user "$@")
}

queues()
{
    find /dev/shm -name '*boost_ipq.*' 2> /dev/null | sort || true
}

nothing_left()
{
    local left
    left=$(comm -13 <(echo "$queues_before") <(queues))
    [ -z "$left" ] || { echo "Left in /dev/shm:" $left; return 1; }
}

queues_before=$(queues)

clang_format=$(command -v clang-format-14 || echo clang-format)
step list check_list
case $("$clang_format" --version) in
*version\ 14.*) step format check_format ;;
*) echo "format: not checked, that needs clang-format 14" ;;
esac

if command -v spin > /dev/null; then
    step model bash test/model/run.sh --quick
else
    echo "model: not searched, that needs spin"
fi

compiler=gcc
other=clang
if [ "$(uname)" = Darwin ]; then
    compiler=clang
    other=
fi

step debug cmake_preset debug
if [ "$full" = yes ]; then
    for preset in release asan tsan; do
        step "$preset" cmake_preset "$preset"
    done
    step b2 run_b2 build/b2 toolset="$compiler${other:+,$other}" \
        variant=debug,release cxxstd=17,20
else
    step b2 run_b2 build/b2 toolset=$compiler
fi
step instructions bash test/instructions.sh
step quickstart bash example/quickstart.sh
step b2_user b2_user toolset=$compiler
step nothing_left nothing_left

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
