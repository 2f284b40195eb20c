#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Compiles the library for other systems than this one.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage()
{
    cat << 'END'
Usage: test/platform_check.sh [--install] [--link]

Compiles all public headers and test/platform_smoke.cpp for Windows (MinGW-w64)
and macOS (zig, Intel and ARM), and runs the program for Windows under Wine.
Skips what needs a missing tool, and says so. Works in build/platform/.

  --install  first installs missing tools on Debian and Ubuntu: MinGW-w64 and
             Wine with apt-get, zig from PyPI into build/platform/python
  --link     also links the programs for macOS: the first time zig builds the
             C++ library for each, which takes minutes
  --help     print this text

Environment: BOOST_ROOT (default: /usr/include or /usr/local/include), ZIG.
END
}

install=no
link=no
for argument; do
    case $argument in
    --install) install=yes ;;
    --link) link=yes ;;
    --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
    esac
done

work=$PWD/build/platform
mkdir -p "$work/include"
passed=0
failed=0
skipped=0

# ---- Tools ------------------------------------------------------------------

have() { command -v "$1" > /dev/null; }

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

find_zig() # sets the array zig
{
    local python
    zig=()
    if [ -n "${ZIG:-}" ]; then
        zig=("$ZIG")
    elif have zig; then
        zig=(zig)
    else
        for python in "$work/python/bin/python" python3; do
            if have "$python" && "$python" -c 'import ziglang' 2> /dev/null
            then
                zig=("$python" -m ziglang)
                break
            fi
        done
    fi
    [ ${#zig[@]} -ne 0 ]
}

if [ "$install" = yes ]; then
    . .ci/tools.sh
    packages=
    mingw > /dev/null || packages="g++-mingw-w64-x86-64-posix"
    have wine || packages="$packages wine wine64"
    find_zig || python3 -c 'import ensurepip' 2> /dev/null ||
        packages="$packages python3-venv"
    if [ -n "$packages" ]; then
        echo "Installing:" $packages
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
            --no-install-recommends $packages > /dev/null
    fi
    if ! find_zig; then
        echo "Installing: ziglang"
        python3 -m venv "$work/python"
        "$work/python/bin/python" -m pip install -q ziglang
    fi
fi

# The headers of the other systems must not be mixed with those of this one: a
# directory that contains only Boost.
for root in "${BOOST_ROOT:-}" /usr/include /usr/local/include; do
    if [ -n "$root" ] && [ -f "$root/boost/version.hpp" ]; then
        ln -sfn "$root/boost" "$work/include/boost"
        break
    fi
done
if [ ! -f "$work/include/boost/version.hpp" ]; then
    echo "Missing: Boost's headers (set BOOST_ROOT)" >&2
    exit 1
fi

# ---- Checks -----------------------------------------------------------------

step() # name, command...
{
    local name=$1 log start=$SECONDS status=0
    log=$work/${name// /_}.log
    shift
    printf '%-26s ' "$name"
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
}

skip() # name, what is missing
{
    skipped=$((skipped + 1))
    printf '%-26s skipped: %s is missing (see --install)\n' "$1" "$2"
}

echo "boost_log.hpp: skipped, Boost.Log 1.74 does not compile with new libc++"
{
    find boost_ipq -name '*.hpp' -not -path '*/detail/*' \
        -not -name boost_log.hpp | sort |
        sed 's/.*/#include <&>/'
    echo 'int main() {}'
} > "$work/headers.cpp"

flags="-std=c++17 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
       -I. -isystem $work/include"

under_wine() # program
{
    export WINEPREFIX=$work/wine WINEDEBUG=-all DISPLAY=
    local status=0
    # Boost.Interprocess keeps shared memory in a directory whose name
    # contains the number of the boot, which Wine does not provide.
    timeout 100 wine reg add 'HKLM\SYSTEM\CurrentControlSet\Control\Session '\
'Manager\Memory Management\PrefetchParameters' \
        /v BootId /t REG_DWORD /d 1 /f
    timeout 60 wine "$1" || status=$?
    timeout 20 wineserver -k || true # the server of this prefix
    return "$status"
}

if gxx=$(mingw); then
    rm -f "$work/smoke.exe"
    step "windows headers" "$gxx" $flags -fsyntax-only "$work/headers.cpp"
    step "windows smoke" "$gxx" $flags -O2 -static test/platform_smoke.cpp \
        -o "$work/smoke.exe"
    if ! have wine; then
        skip "windows run" Wine
    elif [ -f "$work/smoke.exe" ]; then
        step "windows run" under_wine "$work/smoke.exe"
    fi
else
    skip windows MinGW-w64
fi

if find_zig; then
    export ZIG_GLOBAL_CACHE_DIR=$work/zig ZIG_LOCAL_CACHE_DIR=$work/zig
    for cpu in aarch64 x86_64; do
        compile=("${zig[@]}" c++ -target "$cpu-macos" $flags -O1)
        step "macos $cpu headers" "${compile[@]}" -c "$work/headers.cpp" \
            -o "$work/headers.o"
        step "macos $cpu smoke" "${compile[@]}" -c test/platform_smoke.cpp \
            -o "$work/smoke_$cpu.o"
        if [ "$link" = yes ]; then
            step "macos $cpu link" "${compile[@]}" test/platform_smoke.cpp \
                -o "$work/smoke_$cpu"
        fi
    done
else
    skip macos zig
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
