#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Users' flags and surroundings: the strictest warnings, C++17 to C++23, the
# macros of other headers, no namespaces, one file for all, hidden symbols,
# Valgrind; and compilers' modes that the library refuses. The library's headers
# are no system headers here, those of Boost are. Works in build/flags/.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1-} in
"") full=no ;;
--full) full=yes ;;
*) echo "Usage: test/flags.sh [--full]: more compilers, standards, -O0" >&2
   exit 2 ;;
esac

build=build/flags
mkdir -p "$build"
failed=0
passed=0
skipped=0

have() { command -v "$1" > /dev/null; }

skip() # name, reason
{
    skipped=$((skipped + 1))
    echo "$1: skipped, $2"
}

# ---- Headers that are made of lists -----------------------------------------

public=$(find boost_ipq -maxdepth 1 -name '*.hpp' -not -name src.hpp | sort)
{
    sed 's/.*/#include <&>/' <<< "$public"
    echo '#include <boost/asio/buffer.hpp>'
    echo '#include <boost/asio/io_context.hpp>'
    echo '#include <boost/date_time/posix_time/posix_time_types.hpp>'
    echo '#include <boost/serialization/string.hpp>'
    echo '#include <boost/system/error_code.hpp>'
} > "$build/headers.hpp"
{
    find boost_ipq \( -path '*/macos' -o -path '*/windows' \) -prune -o \
        -name '*.[hi]pp' -exec grep -hE '^#include <[^>]*>' {} + |
        grep -v '<boost_ipq/\|<boost/archive/impl/\|<intrin.h>' | sort -u
    grep '<boost/' "$build/headers.hpp"
} | sed 's/#include \(.*\)/#if __has_include(\1)\n#include \1\n#endif/' \
    > "$build/foreign.hpp"

# ---- Warnings ---------------------------------------------------------------

gcc_warnings="-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
    -Wold-style-cast -Wuseless-cast -Wnull-dereference -Wnon-virtual-dtor
    -Weffc++"

# Exceptions: the language is C++17; padding is laid out where it matters; the
# switch statements with a default mean it; a header-only library has no file
# for a vtable; Boost.Asio wants the identity of a service to be a global
# object; memory is mapped, so pointers to it are computed (clang 16).
clang_warnings="-Weverything -Wno-c++98-compat -Wno-c++98-compat-pedantic
    -Wno-pre-c++14-compat -Wno-pre-c++17-compat -Wno-pre-c++20-compat-pedantic
    -Wno-c++20-compat -Wno-padded -Wno-switch-enum -Wno-switch-default
    -Wno-weak-vtables -Wno-global-constructors -Wno-exit-time-destructors
    -Wno-unsafe-buffer-usage -Wno-unknown-warning-option"

includes=(-I. -Itest/flags -I"$build")
if [ -n "${BOOST_ROOT:-}" ]; then
    includes+=(-isystem "$BOOST_ROOT")
fi

# Starts a check beside the one that runs already.
jobs_of=()
names_of=()
begin() # name, command...
{
    local name=$1
    shift
    "$@" > "$build/$name.log" 2>&1 &
    jobs_of+=($!)
    names_of+=("$name")
    [ ${#jobs_of[@]} -lt 2 ] || end
}

end() # waits for the oldest one
{
    local name=${names_of[0]} status=0
    wait "${jobs_of[0]}" || status=$?
    jobs_of=("${jobs_of[@]:1}")
    names_of=("${names_of[@]:1}")
    if [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$name: FAILED"
        head -n 60 "$build/$name.log"
    fi
}

strict() # compiler, standard, option...
{
    local warnings=$gcc_warnings
    case $1 in
    *clang*) warnings=$clang_warnings ;;
    esac
    "$1" -std=c++"$2" $warnings -Werror "${includes[@]}" -c \
        test/flags/plain.cpp -o "$build/plain-$1-$2${*:3}.o" "${@:3}"
}

knows() # compiler, standard
{
    have "$1" && "$1" -std=c++"$2" -fsyntax-only -x c++ /dev/null 2> /dev/null
}

if [ "$full" = yes ]; then
    matrix="g++ g++-11 clang++-14 clang++-16:17 20 23:-O0 -O2"
else
    matrix="g++:17:-O2 g++:23:-O0 clang++-14:20:-O2"
fi
if [ "$full" = yes ]; then
    IFS=: read -r compilers standards levels <<< "$matrix"
    matrix=$(for c in $compilers; do for s in $standards; do
        for l in $levels; do echo "$c:$s:$l"; done; done; done)
fi
for one in $matrix; do
    IFS=: read -r compiler standard level <<< "$one"
    if [ "$compiler" = clang++-14 ] && ! have clang++-14; then
        compiler=clang++
    fi
    if [ "$standard" = 23 ] && ! knows "$compiler" 23; then
        standard=2b
    fi
    if ! knows "$compiler" "$standard"; then
        skip "$one" "there is no $compiler for C++$standard"
        continue
    fi
    begin "strict-$compiler-$standard$level" \
        strict "$compiler" "$standard" "$level"
done

# ---- Surroundings -----------------------------------------------------------

compile=(g++ -std=c++17 -Wall -Wextra -Werror "${includes[@]}")
begin macros "${compile[@]}" -fsyntax-only test/flags/macros.cpp
begin posix "${compile[@]}" -fsyntax-only test/flags/posix.cpp

# With a sanitizer, g++ warns of other things.
sanitized()
{
    local source
    for source in publisher subscriber; do
        "${compile[@]}" -O1 -fsanitize=address,undefined -c \
            "test/${source}_alone_pass.cpp" -o "$build/$source.o" || return
    done
}
begin sanitized sanitized

# A unity build of a program that is compiled separately.
unity()
{
    "${compile[@]}" -Itest -DBOOST_IPQ_SEPARATE_COMPILATION -x c++ \
        - -o "$build/unity" -pthread << 'END' && "$build/unity"
#include "separate/sender.cpp"
#include "separate/src.cpp"
#include "separate/main.cpp"
END
}
begin unity unity

plugin()
{
    "${compile[@]}" -fPIC -shared -fvisibility=hidden \
        -fvisibility-inlines-hidden test/flags/plugin.cpp -o "$build/plugin.so" &&
        "${compile[@]}" test/flags/host.cpp -o "$build/host" -ldl -pthread &&
        "$build/host" "$build/plugin.so"
}
case $(uname) in
Linux) begin plugin plugin ;;
*) skip plugin "it is written for ELF" ;;
esac

under_valgrind() # tool, program
{
    valgrind --tool="$1" --suppressions=doc/boost_ipq.supp --error-exitcode=9 \
        "$2"
}

# ---- Refused ----------------------------------------------------------------

# One error that says what is missing, and no second one but that of a file that
# does not exist, which ends the compilation.
refused() # text of the error, compiler, option...
{
    local header log=$build/error.log
    for header in $public; do
        if [ "$header" = boost_ipq/version.hpp ]; then
            continue
        fi
        if "${@:2}" -I. -fsyntax-only -x c++ "$header" > "$log" 2>&1; then
            echo "$header compiles with ${*:2}"
            return 1
        fi
        if ! grep -m 1 ' error: ' "$log" | grep -qF "$1" ||
            [ "$(grep -c ' error: ' "$log")" -gt 2 ]; then
            echo "$header with ${*:2}: not '$1' first and only, but:"
            head -n 20 "$log"
            echo "(It must include detail/platform/requirements.hpp first.)"
            return 1
        fi
    done
}

all_refused() # compiler
{
    refused "boost_ipq needs C++17" "$1" -std=c++14 &&
        refused "boost_ipq needs typeid" "$1" -std=c++17 -fno-rtti &&
        refused "boost_ipq needs exceptions" "$1" -std=c++17 -fno-exceptions &&
        case $(uname -m) in
        x86_64) refused "boost_ipq needs a 64-bit target" "$1" -std=c++17 -m32 ;;
        esac
}
begin refused all_refused g++

while [ ${#jobs_of[@]} -ne 0 ]; do
    end
done

if ! have valgrind; then
    skip valgrind "it is not installed"
elif g++ -std=c++17 -O2 -g -I. test/flags/threads.cpp -o "$build/threads" \
    -pthread; then
    begin helgrind under_valgrind helgrind "$build/threads"
    begin drd under_valgrind drd "$build/threads"
fi
while [ ${#jobs_of[@]} -ne 0 ]; do
    end
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
