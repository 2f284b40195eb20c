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

check_windows()
{
    local gxx
    if ! gxx=$(mingw); then
        skip windows "MinGW-w64 is missing (see --install)"
        return
    fi
    rm -f "$work/smoke.exe"
    all_headers "$work/headers_windows.hpp"
    step "windows: all headers, smoke test" "$gxx" -std=c++17 $strict -I. \
        -isystem "$work/include" -include "$work/headers_windows.hpp" -O2 -static \
        test/platform_smoke.cpp -o "$work/smoke.exe" -lws2_32 -lmswsock ||
        return 0
    if have wine; then
        if step "windows: smoke test under Wine" test/platform/wine.sh \
            "$work/smoke.exe"
        then
            record_smoke "Windows, as $(wine --version 2> /dev/null | head -n 1) shows it" \
                "MinGW-w64 $("$gxx" -dumpversion)"
        fi
    else
        skip "windows: smoke test under Wine" "Wine is missing (see --install)"
    fi
}
