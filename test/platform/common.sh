# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Sourced by test/platform_check.sh: steps, tools, and tests that are built
# without CMake and without a compiled Boost. Works in $work.

. test/platform/record.sh
work=$PWD/build/platform
mkdir -p "$work/include"
jobs=${JOBS:-$(processors)}
passed=0
failed=0
skipped=0

have() { command -v "$1" > /dev/null; }

# Runs a command; prints and counts its result.
step() # name, command...
{
    local name=$1 log start=$SECONDS status=0
    log=$work/${name//[ \/]/_}.log
    shift
    last_log=$log
    printf '%-40s ' "$name"
    "$@" > "$log" 2>&1 || status=$?
    if [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
        printf 'passed %4d s\n' $((SECONDS - start))
    else
        failed=$((failed + 1))
        printf 'FAILED %4d s\n' $((SECONDS - start))
        tail -n 60 "$log"
        echo "^^^ the end of $log"
    fi
    return "$status"
}

skip() # name, reason
{
    skipped=$((skipped + 1))
    printf '%-40s skipped: %s\n' "$1" "$2"
}

record_smoke() # system, compiler, version of Boost (else: the system's)
{
    record "$1" "$2" "${3:-$(boost_version "$work/include")}" \
        "$(grep -c ' ms.\?$' "$last_log")" 0 0 \
        "steps of test/platform_smoke.cpp"
}

# ---- Tools ------------------------------------------------------------------

find_zig() # sets the array zig
{
    local python
    export ZIG_GLOBAL_CACHE_DIR=${ZIG_GLOBAL_CACHE_DIR:-$work/zig}
    export ZIG_LOCAL_CACHE_DIR=$ZIG_GLOBAL_CACHE_DIR
    zig=()
    if [ -n "${ZIG:-}" ]; then
        zig=("$ZIG")
    elif have zig; then
        zig=(zig)
    else
        for python in "$work/python" ""; do
            if PYTHONPATH=$python python3 -c 'import ziglang' 2> /dev/null
            then
                zig=(env PYTHONPATH="$python" python3 -m ziglang)
                break
            fi
        done
    fi
    [ ${#zig[@]} -ne 0 ]
}

# Zig from the Python package index, if it is not there. Prints the reason if it
# cannot be had.
need_zig()
{
    find_zig && return
    have pip3 || { echo "zig is missing, and so is pip3"; return 1; }
    if ! pip3 install -q --no-deps --target "$work/python" ziglang==0.17.1 \
        > "$work/zig.log" 2>&1 || ! find_zig; then
        echo "zig cannot be installed: $(tail -n 1 "$work/zig.log")"
        return 1
    fi
}

# The headers of other systems must not be mixed with those of this one: a
# directory that contains only Boost.
find_boost()
{
    local root
    for root in "${BOOST_ROOT:-}" /usr/include /usr/local/include; do
        if [ -n "$root" ] && [ -f "$root/boost/version.hpp" ]; then
            ln -sfn "$root/boost" "$work/include/boost"
            return
        fi
    done
    echo "Missing: Boost's headers (set BOOST_ROOT)" >&2
    return 1
}

# Writes a header that includes all public headers.
all_headers() # file, headers to leave out...
{
    local out=$1 header
    shift
    {
        for header in $(find boost_ipq -maxdepth 1 -name '*.hpp' | sort); do
            case " src.hpp $* " in
            *" ${header##*/} "*) ;;
            *) echo "#include <$header>" ;;
            esac
        done
    } > "$out"
}

# ---- Tests ------------------------------------------------------------------

# For tests that are linked with test/support/library.cpp, which contains
# Boost.Test: it takes longer to compile than most tests.
linked=(-DBOOST_IPQ_TEST_LINKED -DBOOST_TEST_NO_MAIN
    -DBOOST_TEST_ALTERNATIVE_INIT_API)

# The names of the tests that run, in test/Jamfile.
listed_tests()
{
    sed -n 's/^run \([a-z0-9_]*\)_test\.cpp.*/\1/p' test/Jamfile
}

# The tests of a run: all but those of a list of lines, each a name and a reason;
# or those of PLATFORM_TESTS.
tests_without() # list
{
    if [ -n "${PLATFORM_TESTS:-}" ]; then
        tr -s ' \n' '\n' <<< "$PLATFORM_TESTS"
    else
        listed_tests | grep -vxF "$(sed 's/ .*//' <<< "$1")"
    fi
}

# Such a list in one line, for the table.
in_one_line() # list
{
    sed 's/ \+/: /' <<< "$1" | paste -sd ';' | sed 's/;/; /g'
}

# Builds a test and runs it. Prints one line: its name, and passed, skipped or
# FAILED.
one_test() # folder, runner, name, compiler and options...
{
    local folder=$1 runner=$2 name=$3 log=$1/$3.log status=0
    shift 3
    [ "$name" != async_awaitable ] || set -- "$@" -std=c++20
    if ! "$@" "test/${name}_test.cpp" -o "$folder/$name${suffix:-}" \
        ${test_libraries:-} > "$log" 2>&1; then
        echo "$name FAILED to compile"
        return
    fi
    # The runner is an emulator with options, or nothing.
    timeout "${test_seconds:-300}" $runner "$folder/$name${suffix:-}" \
        >> "$log" 2>&1 < /dev/null || status=$?
    if [ "$status" -ne 0 ]; then
        echo "$name FAILED: status $status"
    elif grep -q ': skipped: ' "$log"; then
        echo "$name skipped"
    else
        echo "$name passed"
    fi
    rm -f "$folder/$name${suffix:-}"
}
export -f one_test

# The results of PLATFORM_TESTS instead of the earlier ones of these tests.
replace_results() # summary
{
    sed -i 's/$/ (again)/' "$1.new"
    awk '!seen[$1]++' "$1.new" "$1" > "$1.all"
    mv "$1.all" "$1"
}

# Builds and runs tests, and records the result. Names of tests on stdin.
run_tests() # system, compiler, Boost, folder, runner, remark, compiler command...
{
    local system=$1 compiler=$2 boost=$3 folder=$4 runner=$5 remark=$6 p f s again
    shift 6
    mkdir -p "$folder"
    export suffix test_seconds test_libraries
    xargs -P "$jobs" -I '{}' bash -c 'one_test "$@"' - \
        "$folder" "$runner" '{}' "$@" > "$folder/summary.new"
    if [ -z "${PLATFORM_TESTS:-}" ]; then
        mv "$folder/summary.new" "$folder/summary"
    elif [ -f "$folder/summary" ]; then
        replace_results "$folder/summary"
        again=$(sed -n 's/ .*(again)$//p' "$folder/summary" | sort | paste -sd ' ')
        remark="$remark${remark:+; }run again by themselves: $again"
    else
        mv "$folder/summary.new" "$folder/summary"
        remark="of all tests, only: $(paste -sd ' ' <<< "$PLATFORM_TESTS")"
    fi
    p=$(grep -c ' passed' "$folder/summary" || true)
    s=$(grep -c ' skipped' "$folder/summary" || true)
    f=$(grep -c FAILED "$folder/summary" || true)
    record "$system" "$compiler" "$boost" "$p" "$f" "$s" "$remark"
    sort "$folder/summary"
    grep FAILED "$folder/summary" | while read -r name _; do
        echo "---- $name"
        tail -n 30 "$folder/$name.log"
    done
    echo "$p passed, $f failed, $s skipped"
    [ "$f" -eq 0 ]
}
