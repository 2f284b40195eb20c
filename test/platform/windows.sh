# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Sourced by test/platform_check.sh: Windows, by MinGW-w64 and Wine.

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

check_windows()
{
    local gxx
    if ! gxx=$(mingw); then
        skip windows "MinGW-w64 is missing (see --install)"
        return
    fi
    rm -f "$work/smoke.exe"
    all_headers "$work/headers.hpp"
    step "windows: all headers, smoke test" "$gxx" -std=c++17 $strict -I. \
        -isystem "$work/include" -include "$work/headers.hpp" -O2 -static \
        test/platform_smoke.cpp -o "$work/smoke.exe" -lws2_32 -lmswsock ||
        return 0
    if have wine; then
        if step "windows: smoke test under Wine" under_wine "$work/smoke.exe"
        then
            record "Windows, as $(wine --version) shows it" \
                "MinGW-w64 $("$gxx" -dumpversion)" \
                "$(boost_version "$work/include")" 1 0 0 \
                "smoke test of 13 steps"
        fi
    else
        skip "windows: smoke test under Wine" "Wine is missing (see --install)"
    fi
}
