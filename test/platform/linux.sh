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
weak_memory              zig   needs the compiled Boost.Context
clock_step               zig   the waits of musl do not call the functions that it replaces
kill                     qemu  needs ptrace
interleaving             qemu  needs ptrace
no_system_call           qemu  needs seccomp
missing_features         qemu  needs seccomp
futex_semaphore          qemu  needs seccomp
busy                     qemu  needs ptrace
wait_steps               qemu  needs the trap flag of the processor
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

# The lines of the list for some kinds of systems: a name, and the reason.
left_out_for() # kinds
{
    local name kind reason
    while read -r name kind reason; do
        case " $1 " in *" $kind "*) echo "$name $reason" ;; esac
    done <<< "$left_out"
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
    zig_name="zig $("${zig[@]}" version)"
    compile=("${zig[@]}" c++ -target "$1" -std=c++17 -I. -Itest
        -isystem "$zig_include" -D_LIBCPP_ENABLE_CXX17_REMOVED_UNARY_BINARY_FUNCTION
        -Wno-unused-command-line-argument -pthread)
}

# All tests but those that are left out. Killing at each instruction is for the
# systems at hand. Zig compiles a test four times as fast without optimization, and
# without the checks and the debug information that it then adds.
tests_by_zig() # name, system, runner, kinds of what is left out
{
    local library=$work/$1_boost_test.o out
    out=$(left_out_for "$4")
    compile+=("${linked[@]}" -O0 -g0 -fno-sanitize=undefined)
    step "$1: Boost.Test" "${compile[@]}" -c test/support/library.cpp \
        -o "$library" || return 0
    BOOST_IPQ_KILL_SECONDS=${BOOST_IPQ_KILL_SECONDS:-0.5} \
        step "$1: tests" run_tests "$2" "$zig_name, tests" "$zig_boost" \
        "$work/$1" "$3" "$(in_one_line "$out")" "${compile[@]}" "$library" \
        <<< "$(tests_without "$out")" || true
}

# What the others refuse, they say; they share what lies in a directory.
pair_of_c_libraries() # program, program
{
    pair "$1" "$2" &&
        [ "$(grep -c 'a program with a different C library created' \
            "$last_log")" -ge 2 ] &&
        [ "$(grep -c '^both in a directory .*\[shared\]' "$last_log")" -eq 2 ]
}

# Programs with musl and with glibc share what they can.
check_musl()
{
    local reason compile prefix zig_boost zig_include zig_name
    if ! reason=$(need_zig); then
        skip musl "$reason"
        return
    fi
    find_zig
    zig_for x86_64-linux-musl
    step "musl: smoke test" "${compile[@]}" -O1 test/platform_smoke.cpp \
        -o "$work/smoke_musl" || return 0
    if step "musl: run" "$work/smoke_musl"; then
        record_smoke "Linux $(uname -m), musl" "$zig_name" "$zig_boost"
    fi
    step "musl: smoke test with glibc" build_smoke smoke_glibc \
        "$zig_include" g++ -std=c++17 || return 0
    if step "musl: with glibc" pair_of_c_libraries smoke_musl smoke_glibc; then
        record "$(system_name)" "$(compiler_name g++) with $zig_name, musl" \
            "$zig_boost" 1 0 0 \
            "refused in shared memory, shared in a directory: pairs"
    fi
    if [ "$full" = yes ]; then
        tests_by_zig musl "Linux $(uname -m), musl" "" zig
    fi
}

check_qemu() # processor
{
    local reason compile prefix zig_boost zig_include zig_name
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
        record_smoke "Linux $1, musl, under qemu" "$zig_name" "$zig_boost"
    fi
    if [ "$full" = yes ]; then
        test_seconds=600 tests_by_zig "$1" "Linux $1, musl, under qemu" \
            "qemu-$1" "zig qemu"
    fi
    unset BOOST_IPQ_EMULATOR
}

check_aarch64() { check_qemu aarch64; }
check_s390x() { check_qemu s390x; }
