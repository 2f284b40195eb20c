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

# The first program under Wine starts a server, which stays for some seconds, and
# Windows's services, which keep the output of that program open.
start()
{
    timeout 20 wineserver -p10 || true # runs already
    timeout 200 wine cmd /c exit
}
export -f start
flock -o "$WINEPREFIX.lock" bash -c start < /dev/null > /dev/null 2>&1
exec timeout "${WINE_SECONDS:-300}" wine "$@"
