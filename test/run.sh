#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Builds and runs the tests.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. .ci/tools.sh
. test/platform/record.sh

usage()
{
    cat << 'END'
Usage: test/run.sh [--full] [--only STEP]...

Installs missing tools on Debian and Ubuntu; on other systems, prints what to
install. Builds the tests and examples in build/ and runs them with the CMake
preset debug, and chosen ones with b2 and with Boost 1.90 (preset boost).
Checks the layers of the headers, the format, and the names, words, links,
snippets and reference of the documentation. Searches the model of the protocol.
Breaks ten lines of the library, other ones each day, and runs the tests that
must notice. Runs each fuzz target for some seconds. The logs are in build/log/.

A step that needs a missing tool is skipped: it prints its name and the reason.

  --full       all tests with Boost 1.90 and with b2; also the presets release,
               asan, tsan and generic, the chosen tests by b2 with each compiler,
               variant and C++ standard, all broken lines, each fuzz target for a
               minute, all cases against the packages of cloudtoid/interprocess,
               every platform and version of Boost, and each package from a bare
               Debian 12; takes hours
  --only STEP  only the step of that name, as it is printed; may be given several
               times
  --help       print this text
END
}

full=no
fuzz_seconds=10
only=
while [ $# -ne 0 ]; do
    case $1 in
    --full) full=yes fuzz_seconds=60 ;;
    --only)
        [ $# -gt 1 ] || { usage >&2; exit 2; }
        only="$only $2 "
        shift
        ;;
    --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
    esac
    shift
done

[ "$full" = no ] || extra_needs+=$extra_full_needs
need_tools test extra
jobs=$(processors)
mkdir -p build/log
rm -f build/log/counts build/log/bridge.log build/log/cloudtoid.log

# Prints how many tests passed and failed according to a log of CTest or b2.
count()
{
    awk '/tests passed, [0-9]+ tests failed out of/ {
             f += $4; p += $NF - $4 }
         /^\*\*passed\*\*/ { ++p }
         /^\.\.\.failed / && !/^\.\.\.failed updating/ { ++f }
         END { print p + 0, f + 0 }' "$1"
}

# Prints the output of the tests that failed with b2; CTest prints it last.
failures() # log
{
    sed -n -e '/^====== BEGIN OUTPUT/,/^====== END OUTPUT/p' \
        -e '/^\.\.\.failed /p' "$1"
}

# Is that step to run?
is_wanted() # name
{
    case $only in
    '' | *" $1 "*) ;;
    *) return 1 ;;
    esac
}

# Runs a command. Counts the tests in its log, or else the command as one test.
step() # name, command...
{
    local name=$1 log=build/log/$1.log start=$SECONDS status=0 p f
    shift
    is_wanted "$name" || return 0
    printf '%-14s ' "$name"
    "$@" > "$log" 2>&1 || status=$?
    read -r p f <<< "$(count "$log")"
    if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
        f=1
    elif [ "$status" -eq 0 ] && [ "$p" -eq 0 ]; then
        p=1
    fi
    echo "$p $f $name" >> build/log/counts
    printf '%4d passed, %d failed %6d s\n' "$p" "$f" $((SECONDS - start))
    if [ "$f" -ne 0 ]; then
        failures "$log" | tail -n 400
        tail -n 40 "$log"
        echo "^^^ the end of $log"
    fi
}

# Runs a step beside those that follow, if it uses one processor and measures no
# time. Ends with finish_beside.
beside() # name, command...
{
    step "$@" > "build/log/$1.step" 2>&1 &
    beside_steps+=("$1")
}

finish_beside()
{
    local name
    wait
    for name in "${beside_steps[@]}"; do
        cat "build/log/$name.step"
        rm -f "build/log/$name.step"
    done
    beside_steps=()
}
beside_steps=()

# Other versions than clang-format 14 differ in details.
check_format()
{
    find boost_ipq test example bench -name '*.[chi]pp' -exec \
        "$clang_format" --dry-run -Werror {} +
}

# A test that is not in the list would never fail.
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

# Runs a check, after verifying that it can fail.
self_tested() # script
{
    python3 "$1" --self-test && python3 "$1"
}

# Breaks lines of the library, after verifying that survivors are noticed.
mutations()
{
    local all=
    [ "$full" = no ] || all=--all
    python3 test/mutations/run.py --self-test &&
        python3 test/mutations/run.py --jobs "$jobs" $all
}

cmake_preset() # name, option...
{
    local status=0
    # Lines are enough for a stack in a log, and take less time than variables.
    cmake --preset "$@" -DCMAKE_CXX_FLAGS_DEBUG=-g1 &&
        cmake --build --preset "$1" --parallel "$jobs" || return
    ctest --preset "$1" || status=$?
    record_preset "$1" "${2+$(sed -n 's/.*boost\/\([0-9.]*\).*/\1/p' <<< "$2")}"
    return "$status"
}

# Notes for doc/platforms.md what CTest has just run.
record_preset() # preset, version of Boost (empty: the system's)
{
    local log
    for log in "build/$1" "build/boost_1.90"; do
        log=$log/Testing/Temporary/LastTest.log
        [ -f "$log" ] && break
    done
    record "$(system_name)" "$(compiler_name "${CXX:-c++}"), $1" \
        "${2:-$(boost_version /usr/include)}" \
        "$(grep -c '^Test Passed' "$log")" "$(grep -c '^Test Failed' "$log")" \
        "$(grep -c ': skipped: ' "$log")" "skipped test cases are in $log" || true
}

# The tests of the alias "chosen" in test/Jamfile, one a line.
chosen_tests()
{
    sed -n '/^alias chosen/,/;/p' test/Jamfile | grep -Eo '[a-z0-9_]+_test'
}

# CMake uses the installed Boost if it does not find the one in the prefix.
newest_boost() # prefix
{
    local tests status=0
    if [ "$full" = yes ]; then
        cmake_preset boost -DCMAKE_PREFIX_PATH="$1"
    else
        tests=$(chosen_tests | sed 's/^/boost_ipq-/')
        cmake --preset boost -DCMAKE_PREFIX_PATH="$1" \
            -DCMAKE_CXX_FLAGS_DEBUG=-g1 &&
            cmake --build --preset boost --parallel "$jobs" --target $tests ||
            return
        # The preset debug kills at every instruction; here, at some.
        BOOST_IPQ_KILL_SECONDS=${BOOST_IPQ_KILL_SECONDS:-0.2} \
            ctest --preset boost \
            -R "^($(tr '\n' '|' <<< "$tests" | sed 's/|$//'))\$" || status=$?
        record_preset boost "$(sed -n 's/.*boost\/\([0-9.]*\).*/\1/p' <<< "$1")"
        [ "$status" -eq 0 ] || return "$status"
    fi
    grep "^Boost_DIR:PATH=$1/" build/boost_1.90/CMakeCache.txt
}

# Deletes results: b2 runs only tests that have changed since the last run.
run_b2() # build directory, argument...
{
    local build=$1
    shift
    if [ -d "$build" ]; then
        find "$build" \( -name '*.test' -o -name '*.run' \) -delete
    fi
    # The preset debug kills at every instruction; here, at some.
    BOOST_IPQ_KILL_SECONDS=${BOOST_IPQ_KILL_SECONDS:-0.2} \
        b2 -j"$jobs" -l600 --build-dir="$build" debug-symbols=off "$@"
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
    [ -z "$left" ] && return
    echo "$(wc -l <<< "$left") objects left in /dev/shm, such as:"
    head -n 10 <<< "$left"
    return 1
}

queues_before=$(queues)

clang_format=$(command -v clang-format-14 || echo clang-format)
step list check_list
case $("$clang_format" --version) in
*version\ 14.*) step format check_format ;;
*) echo "format: skipped, it needs clang-format 14" ;;
esac
step layers self_tested test/layers.py
step names self_tested test/names.py
step words python3 test/words.py
step docs self_tested test/docs.py
if reason=$(bash doc/build.sh --check); then
    step html bash doc/build.sh
else
    echo "html: skipped, $reason"
fi

if command -v spin > /dev/null; then
    beside model bash test/model/run.sh --quick
else
    echo "model: skipped, it needs spin"
fi

step mutations mutations
finish_beside

if bash test/model/genmc.sh --check > /dev/null; then
    step genmc bash test/model/genmc.sh
else
    echo "genmc: skipped, it needs GenMC, see test/model/genmc.sh --check"
fi

compiler=gcc
other=clang
if [ "$(uname)" = Darwin ]; then
    compiler=clang
    other=
fi

step debug cmake_preset debug
if [ "$full" = yes ]; then
    for preset in release asan tsan generic; do
        step "$preset" cmake_preset "$preset"
    done
    # These have no time for all instructions in the presets: 6 minutes.
    step kill_requests env BOOST_IPQ_KILL_SECONDS=3600 \
        BOOST_IPQ_KILL_ONLY="request, " build/release/test/boost_ipq-kill_test
    step b2 run_b2 build/b2 toolset=$compiler
    step b2_chosen run_b2 build/b2 toolset="$compiler${other:+,$other}" \
        variant=debug,release cxxstd=17,20 test//chosen
else
    step b2 run_b2 build/b2 toolset=$compiler test//chosen example
fi
if ! is_wanted boost_1.90; then
    :
elif boost=$(boost_wheel 1.90.0 2> build/log/boost_wheel.log); then
    step boost_1.90 newest_boost "$boost"
else
    echo "boost_1.90: skipped, $(tail -n 1 build/log/boost_wheel.log)"
fi
if reason=$(bash test/fuzz/run.sh --check); then
    step fuzz bash test/fuzz/run.sh "$fuzz_seconds"
else
    echo "fuzz: skipped, $reason"
fi
if [ "$full" = yes ]; then
    step cloudtoid bash test/cloudtoid/run.sh
else
    step cloudtoid bash test/cloudtoid/run.sh --quick
fi
grep -s ': skipped' build/log/cloudtoid.log || true
if reason=$(bash test/tsan.sh --check); then
    step tsan_some bash test/tsan.sh
else
    echo "tsan_some: skipped, $reason"
fi
beside instructions bash test/instructions.sh
step path bash test/path.sh
step separate bash test/separate.sh
step misuse bash test/misuse.sh
finish_beside
if [ "$full" = yes ]; then
    step flags bash test/flags.sh --full
else
    step flags bash test/flags.sh
fi
if [ "$full" = yes ]; then
    step platforms bash test/platform_check.sh --full
else
    step platforms bash test/platform_check.sh
fi
if [ "$full" = yes ]; then
    step packages bash test/packages.sh --full
else
    step packages bash test/packages.sh
fi
if [ "$full" = yes ]; then
    if reason=$(bash test/newcomer.sh --check); then
        step newcomer bash test/newcomer.sh
    else
        echo "newcomer: skipped, $reason"
    fi
fi
if [ -x build/debug/example/bridge/ipq-bridge ]; then
    if [ "$full" = yes ]; then
        step bridge python3 example/bridge/bridge_test.py --full \
            build/debug/example/bridge
    else
        step bridge python3 example/bridge/bridge_test.py \
            build/debug/example/bridge
    fi
    grep -s ': skipped' build/log/bridge.log || true
    if command -v redis-server > /dev/null; then
        step bridge_start bash example/bridge/quickstart.sh
    fi
else
    echo "bridge: skipped, it was not built: see build/log/debug.log"
fi
step quickstart bash example/quickstart.sh
step b2_user b2_user toolset=$compiler
step nothing_left nothing_left

for step in $only; do
    if ! grep -qs " $step\$" build/log/counts; then
        echo "$step: no such step ran; some need --full"
        echo "0 1 $step" >> build/log/counts
    fi
done
awk '{ p += $1; f += $2 } END { print p " passed, " f " failed"; exit f != 0 }' \
    build/log/counts
