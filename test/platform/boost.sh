# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Sourced by test/platform_check.sh: versions of Boost, each by itself and in
# programs that share queues.

# With --full. 1.74 is Debian's.
cmeel_versions="1.80.0 1.82.0 1.83.0 1.84.0 1.87.0.1 1.88.0 1.89.0 1.90.0"
header_versions="1.75.0 1.78.0 1.81.0 1.85.0"

# What touches Boost most: its segments, semaphores, exceptions, Asio.
boost_tests=${BOOST_TESTS-"async_cancel async_exchange directory error_text open
    permissions queue_mismatch remove_queue segment_damage small_queue typed
    while_open"}

strict="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror"

build_smoke() # program, directory of Boost's headers, compiler, option...
{
    local program=$1 boost=$2
    shift 2
    "$@" $strict -I. -isystem "$boost" test/platform_smoke.cpp \
        -o "$work/$program" -pthread $(uname | sed -n 's/Linux/-lrt/p')
}

# Two programs share queues, each in the role of the other. Status 3: they are
# refused by each other, which is right as well, but must be said.
pair() # program, program
{
    local status=0
    "$work/$1" "$work/$2" || status=$?
    if [ "$status" -eq 0 ] || [ "$status" -eq 3 ]; then
        status=0
        "$work/$2" "$work/$1" || status=$?
    fi
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ]
}

check_pairs()
{
    local boost prefix one compiler standard option
    if ! prefix=$(boost_wheel 1.90.0 2> "$work/wheel.log"); then
        skip pairs "$(tail -n 1 "$work/wheel.log")"
        return
    fi
    boost=$prefix/include
    step "pairs: the oldest" build_smoke smoke_old "$work/include" \
        g++ -std=c++17 || return 0
    step "pairs: the newest" build_smoke smoke_new "$boost" \
        g++ -std=c++20 -O2 -DNDEBUG || return 0
    if step "pairs: the oldest and the newest" pair smoke_old smoke_new; then
        record "$(system_name)" "$(compiler_name g++)" "1.74 with 1.90" 1 0 0 \
            "programs that share queues, or refuse to: pairs"
    fi
    if [ "$full" = no ]; then
        return
    fi
    for one in g++:17:-DNDEBUG g++:23:-O2 clang++:17:-O1 clang++:20:-DNDEBUG; do
        IFS=: read -r compiler standard option <<< "$one"
        have "$compiler" || continue
        step "pairs: $one" build_smoke smoke_one "$work/include" \
            "$compiler" -std=c++"$standard" "$option" || continue
        step "pairs: $one and the newest" pair smoke_one smoke_new || true
        step "pairs: $one and the oldest" pair smoke_one smoke_old || true
    done
}

# One version: all public headers, the smoke test, programs that share queues
# with the oldest version, and some tests. They contain Boost.Test.
check_version() # version, directory of its headers
{
    local folder=$work/boost_$1
    step "Boost $1: headers" g++ -std=c++17 $strict -I. -isystem "$2" \
        -fsyntax-only -include "$work/headers.hpp" -x c++ /dev/null || true
    step "Boost $1: smoke test" build_smoke smoke_one "$2" g++ -std=c++17 ||
        return 0
    if [ -x "$work/smoke_old" ]; then
        step "Boost $1: with the oldest" pair smoke_one smoke_old || true
    fi
    if [ -z "$boost_tests" ]; then
        return
    fi
    step "Boost $1: Boost.Test" g++ -std=c++17 "${linked[@]}" -isystem "$2" \
        -c test/support/library.cpp -o "$folder.o" || return 0
    test_libraries=-lrt \
        step "Boost $1: tests" run_tests "$(system_name)" "$(compiler_name g++)" \
        "$1" "$folder" "" "chosen tests, and pairs with 1.74" \
        g++ -std=c++17 -I. -Itest "${linked[@]}" -isystem "$2" -pthread \
        "$folder.o" \
        <<< "$(tr -s ' \n' '\n' <<< "$boost_tests")" || true
}

check_boosts()
{
    local version prefix
    all_headers "$work/headers.hpp"
    for version in ${BOOST_VERSIONS:-$cmeel_versions $header_versions}; do
        if ! prefix=$(boost_wheel "$version" 2> "$work/wheel.log"); then
            skip "Boost $version" "$(tail -n 1 "$work/wheel.log")"
            continue
        fi
        check_version "$version" "$prefix/include"
    done
}
