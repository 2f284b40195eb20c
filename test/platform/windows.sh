# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Sourced by test/platform_check.sh: Windows, by MinGW-w64 and Wine.

# A third of the tests, for every run: in two programs, because a test for itself
# takes longest to read the headers.
windows_tests="
    batch cancel closed copy deadline dequeue enqueue error error_text
    heap_storage invalid_argument
    message_size notify open peek queue_mismatch receive receiving_container
    reservation several wait_for_queue wrap"

mingw()
{
    local name
    for name in x86_64-w64-mingw32-g++-posix x86_64-w64-mingw32-g++; do
        if have "$name"; then
            echo "$name"
            return
        fi
    done
    return 1
}

# The names of tests, or the reasons, of a list: not_on_windows.txt.
left_out_on_windows() { grep -v '^#\|^$' test/platform/not_on_windows.txt; }

# A program of several tests, each in a namespace of its own: its headers are
# included before, outside of it.
several_tests() # name...
{
    local name
    for name; do
        sed '/^#if !defined(_WIN32)/,/^#endif/d' "test/${name}_test.cpp" |
            grep '^#include' || true
    done | sed 's/"support/"test\/support/' | sort -u
    for name; do
        echo "BOOST_AUTO_TEST_SUITE(test_of_$name)"
        echo "#include \"test/${name}_test.cpp\""
        echo "BOOST_AUTO_TEST_SUITE_END()"
    done
}

# Builds and runs a program of several tests. One file has the names of all, and
# their unnamed namespaces.
several_on_windows() # program, name...
{
    local program=$work/$1
    shift
    rm -f "$program.exe"
    several_tests "$@" > "$program.cpp"
    "${windows[@]}" -O0 -Wno-shadow -Wno-subobject-linkage "$program.cpp" \
        "$work/boost_test.o" -o "$program.exe" $windows_libraries &&
        test/platform/wine.sh "$program.exe" < /dev/null
}

chosen_on_windows()
{
    local first status=0
    "${windows[@]}" -O0 -c test/support/library.cpp -o "$work/boost_test.o" ||
        return 1
    set -- $windows_tests
    several_on_windows tests_1 "${@:1:$(($# / 2))}" &
    first=$!
    several_on_windows tests_2 "${@:$(($# / 2 + 1))}" || status=$?
    wait "$first" && [ "$status" -eq 0 ]
}

# Compiles a file that includes nothing before this header: others may hide that
# it gets on badly with those of Windows.
first_on_windows() # compiler, header...
{
    local gxx=$1 header
    shift
    for header; do
        echo "#include <boost_ipq/$header>" > "$work/first.cpp"
        "$gxx" -std=c++17 $strict -I. -isystem "$work/include" -fsyntax-only \
            "$work/first.cpp" || return 1
    done
}

check_windows()
{
    local gxx system compiler windows out windows_libraries="-lws2_32 -lmswsock"
    if ! gxx=$(mingw); then
        skip windows "MinGW-w64 is missing (see --install)"
        return
    fi
    rm -f "$work/smoke.exe"
    all_headers "$work/headers_windows.hpp"
    step "windows: all headers, smoke test" "$gxx" -std=c++17 $strict -I. \
        -isystem "$work/include" -include "$work/headers_windows.hpp" -O2 -static \
        test/platform_smoke.cpp -o "$work/smoke.exe" $windows_libraries ||
        return 0
    if [ "$full" = no ] || [ -n "${PLATFORM_TESTS:-}" ]; then
        step "windows: headers, included first" first_on_windows "$gxx" \
            publisher.hpp subscriber.hpp || true
    else
        step "windows: headers, included first" first_on_windows "$gxx" \
            $(sed -n 's,#include <boost_ipq/\(.*\)>,\1,p' \
                "$work/headers_windows.hpp") || true
    fi
    # Not linked: there is no compiled Boost.Program_options.
    step "windows: ipq compiles" "$gxx" -std=c++17 $strict -I. \
        -isystem "$work/include" -fsyntax-only example/ipq/main.cpp || true
    if ! have wine; then
        skip "windows: smoke test under Wine" "Wine is missing (see --install)"
        return
    fi
    system="Windows, as $(wine --version 2> /dev/null | head -n 1) shows it"
    compiler="MinGW-w64 $("$gxx" -dumpversion)"
    if step "windows: smoke test under Wine" test/platform/wine.sh \
        "$work/smoke.exe"
    then
        record_smoke "$system" "$compiler"
    fi
    windows=("$gxx" -std=c++17 -Wall -Wextra -Wpedantic -Wshadow -Werror -I.
        -Itest -isystem "$work/include" -static -Wa,-mbig-obj
        -DBOOST_IPQ_TEST_LINKED -DBOOST_TEST_NO_MAIN
        -DBOOST_TEST_ALTERNATIVE_INIT_API -DBOOST_TEST_NO_LIB)
    if [ "$full" = no ]; then
        if step "windows: chosen tests under Wine" chosen_on_windows; then
            set -- $windows_tests
            record "$system" "$compiler, chosen tests" \
                "$(boost_version "$work/include")" $# 0 0 \
                "the tests of every run, in two programs"
        fi
        return
    fi
    "${windows[@]}" -O1 -c test/support/library.cpp -o "$work/boost_test.o"
    out=$(left_out_on_windows)
    suffix=.exe test_seconds=320 test_libraries=$windows_libraries \
        step "windows: tests under Wine" run_tests "$system" "$compiler, tests" \
        "$(boost_version "$work/include")" "$work/windows" \
        test/platform/wine.sh "$(in_one_line "$out")" \
        "${windows[@]}" -O1 "$work/boost_test.o" \
        <<< "$(tests_without "$out")" || true
}
