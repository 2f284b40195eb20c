# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Sourced by test/platform_check.sh: Linux with musl, and other processors under
# qemu-user. Zig compiles, with its own libc++ and musl, linked statically. qemu
# on x86 keeps the order of x86's memory: it cannot show that a fence is missing
# on a processor with a weaker one.

# Tests that are left out: a pattern of names, where, and why.
left_out='
boost_log                zig   needs the compiled Boost.Log
serialization            zig   needs the compiled Boost.Serialization
async_coroutine          zig   needs the compiled Boost.Context
async_awaitable          zig   needs C++20
kill                     zig   uses types of glibc for ptrace
kill                     qemu  needs ptrace
interleaving             qemu  needs ptrace
no_system_call           qemu  needs seccomp
missing_features         qemu  needs seccomp
futex_semaphore          qemu  needs seccomp
busy                     qemu  needs ptrace
core_dump                qemu  qemu maps the memory of the program its own way
container                qemu  needs namespaces
volume                   qemu  needs namespaces
storm                    qemu  takes too long
stress                   qemu  takes too long
lost_wakeup              qemu  takes too long
wakeup                   qemu  measures times
creation_cost            qemu  measures times
dead_sleepers            qemu  measures times
'

# Prints the tests that run there, or why the others do not.
tests_for() # kinds
{
    local name kind reason out
    if [ -n "${PLATFORM_TESTS:-}" ]; then
        tr -s ' ' '\n' <<< "$PLATFORM_TESTS"
        return
    fi
    out=$(while read -r name kind reason; do
        case " $1 " in *" $kind "*) echo "$name" ;; esac
    done <<< "$left_out")
    listed_tests | grep -vxF "$out"
}

reasons_for() # kinds
{
    local name kind reason
    while read -r name kind reason; do
        case " $1 " in *" $kind "*) echo "$name: $reason" ;; esac
    done <<< "$left_out" | paste -sd ';' | sed 's/;/; /g'
}

# Boost 1.74 uses what new versions of libc++ do not have: its Boost.Test does
# not compile.
zig_for() # target
{
    zig_include=$work/include
    if prefix=$(boost_wheel 1.90.0 2> "$work/wheel.log"); then
        zig_include=$prefix/include
    fi
    zig_boost=$(boost_version "$zig_include")
    compile=("${zig[@]}" c++ -target "$1" -std=c++17 -I. -Itest
        -isystem "$zig_include" -D_LIBCPP_ENABLE_CXX17_REMOVED_UNARY_BINARY_FUNCTION
        -Wno-unused-command-line-argument -pthread)
}

# Programs with musl and with glibc share what they can.
check_musl()
{
    local reason compile prefix zig_boost zig_include
    if ! reason=$(need_zig); then
        skip musl "$reason"
        return
    fi
    find_zig
    zig_for x86_64-linux-musl
    step "musl: smoke test" "${compile[@]}" -O1 test/platform_smoke.cpp \
        -o "$work/smoke_musl" || return 0
    if step "musl: run" "$work/smoke_musl"; then
        record_smoke "Linux $(uname -m), musl" "zig $("${zig[@]}" version)" \
            "$zig_boost"
    fi
    step "musl: smoke test with glibc" build_smoke smoke_glibc \
        "$zig_include" g++ -std=c++17 || return 0
    step "musl: with glibc" pair smoke_musl smoke_glibc || true
    if [ "$full" = yes ]; then
        step "musl: tests" run_tests "Linux $(uname -m), musl" \
            "zig $("${zig[@]}" version), tests" "$zig_boost" \
            "$work/musl" "" "$(reasons_for zig)" "${compile[@]}" -O1 \
            <<< "$(tests_for zig)" || true
    fi
}

check_qemu() # processor
{
    local reason compile prefix zig_boost zig_include
    if ! reason=$(need_zig); then
        skip "$1" "$reason"
        return
    elif ! have "qemu-$1"; then
        skip "$1" "qemu-user is missing (see --install)"
        return
    fi
    find_zig
    zig_for "$1-linux-musl"
    step "$1: smoke test" "${compile[@]}" -O1 test/platform_smoke.cpp \
        -o "$work/smoke_$1" || return 0
    export BOOST_IPQ_EMULATOR
    BOOST_IPQ_EMULATOR=$(command -v "qemu-$1")
    if step "$1: run under qemu" timeout 300 "qemu-$1" "$work/smoke_$1"; then
        record_smoke "Linux $1, musl, under qemu" "zig $("${zig[@]}" version)" \
            "$zig_boost"
    fi
    if [ "$full" = yes ]; then
        test_seconds=600 step "$1: tests" run_tests "Linux $1, musl, under qemu" \
            "zig $("${zig[@]}" version), tests" "$zig_boost" \
            "$work/$1" "qemu-$1" "$(reasons_for "zig qemu")" "${compile[@]}" \
            -O1 <<< "$(tests_for "zig qemu")" || true
    fi
    unset BOOST_IPQ_EMULATOR
}

check_aarch64() { check_qemu aarch64; }
check_s390x() { check_qemu s390x; }
