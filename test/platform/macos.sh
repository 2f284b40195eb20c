# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Sourced by test/platform_check.sh: macOS, compiled and linked by zig, never run.

link_macos() # processor
{
    "${zig[@]}" c++ -target "$1-macos" -std=c++17 $strict -I. \
        -isystem "$work/include" -include "$work/headers_macos.hpp" \
        test/platform_smoke.cpp -o "$work/smoke_$1"
}

# At first zig builds the C++ library for each processor.
link_both()
{
    local first status=0
    link_macos aarch64 &
    first=$!
    link_macos x86_64 || status=$?
    wait "$first" && [ "$status" -eq 0 ]
}

check_macos()
{
    local reason
    if ! reason=$(need_zig); then
        skip macos "$reason"
        return
    fi
    find_zig
    # Boost.Log 1.74 does not compile with new versions of libc++.
    all_headers "$work/headers_macos.hpp" boost_log.hpp log_sink_backend.hpp
    if step "macos: all headers, smoke test, linked" link_both; then
        record "macOS, Intel and ARM" "zig $("${zig[@]}" version)" \
            "$(boost_version "$work/include")" 0 0 0 \
            "compiled and linked, never run"
    fi
}
