#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Runs the tests whose threads share a ring with ThreadSanitizer. The preset
# tsan does that with all tests.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage()
{
    cat << 'END'
Usage: test/tsan.sh [--check | --self-test]

Builds some tests with ThreadSanitizer in build/tsan_some/ and runs them.

  --check      only says whether this system can do that, and if not, why
  --self-test  weakens the order with which a message is sent, in a copy of the
               headers, and verifies that ThreadSanitizer finds the race
  --help       print this text
END
}

tests="ring_concurrency ring_recovery heap_storage broadcast"
build=build/tsan_some
compile=("${CXX:-g++}" -std=c++17 -O1 -g1 -fsanitize=thread
    -DBOOST_TEST_DYN_LINK -I. -Itest)
libraries=(-lboost_unit_test_framework -lrt -pthread)

# Some kernels map memory where ThreadSanitizer has its own.
check()
{
    local reason
    mkdir -p "$build"
    echo 'int main() {}' > "$build/check.cpp"
    if ! "${compile[@]}" "$build/check.cpp" -o "$build/check" \
        > "$build/check.log" 2>&1; then
        echo "the compiler has no ThreadSanitizer"
        return 1
    elif ! reason=$("$build/check" 2>&1); then
        echo "ThreadSanitizer does not run here: ${reason%%$'\n'*}"
        return 1
    fi
}

run() # test
{
    local program=$build/$1
    "${compile[@]}" "test/$1_test.cpp" -o "$program" "${libraries[@]}"
    echo "$1"
    TSAN_OPTIONS="halt_on_error=1 history_size=7 suppressions=doc/boost_ipq.tsan.supp \
${TSAN_OPTIONS-}" "$program"
}

self_test()
{
    local copy=$build/weakened file=detail/ring/write_end.hpp
    rm -rf "$copy"
    mkdir -p "$copy"
    cp -r boost_ipq "$copy"
    sed -i 's/memory_order_release/memory_order_relaxed/' \
        "$copy/boost_ipq/$file"
    "${compile[@]/-I./-I$copy}" test/ring_concurrency_test.cpp \
        -o "$build/self_test" "${libraries[@]}"
    if "$build/self_test" > "$build/self_test.log" 2>&1 ||
        ! grep -q 'data race' "$build/self_test.log"; then
        echo "The race was not found, see $build/self_test.log"
        return 1
    fi
    echo "self-test: the race was found"
}

case ${1-} in
--help) usage; exit ;;
--check) check; exit ;;
--self-test) self_test; exit ;;
'') ;;
*) usage >&2; exit 2 ;;
esac

check
for test in $tests; do
    run "$test"
done
