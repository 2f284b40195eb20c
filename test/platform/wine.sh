#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Runs a program for Windows under Wine: wine.sh PROGRAM [ARGUMENT]...

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export WINEPREFIX=${WINEPREFIX:-$root/build/platform/wine} WINEDEBUG=-all DISPLAY=
mkdir -p "${WINEPREFIX%/*}"

# Boost.Interprocess keeps shared memory in a directory whose name contains the
# number of the boot, which Wine does not provide.
if [ ! -f "$WINEPREFIX/has_boot_number" ]; then
    timeout 200 wine reg add 'HKLM\SYSTEM\CurrentControlSet\Control\Session '\
'Manager\Memory Management\PrefetchParameters' \
        /v BootId /t REG_DWORD /d 1 /f > /dev/null
    touch "$WINEPREFIX/has_boot_number"
fi
status=0
timeout "${WINE_SECONDS:-120}" wine "$@" || status=$?
timeout 20 wineserver -k || true # the server of this prefix
exit "$status"
