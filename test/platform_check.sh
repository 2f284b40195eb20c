#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# The library with other versions of Boost, on other systems and processors than
# this one. test/run.sh runs it.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. .ci/tools.sh
. test/platform/common.sh
. test/platform/boost.sh
. test/platform/windows.sh
. test/platform/macos.sh
. test/platform/linux.sh

usage()
{
    cat << 'END'
Usage: test/platform_check.sh [--full] [--install] [PART]...

Skips what needs a missing tool, and says so. Works in build/platform/. The parts:

  pairs    programs that were built with the oldest and the newest Boost, with
           and without NDEBUG, for different C++ standards, share queues
  windows  all public headers, the smoke test and a third of the tests with
           MinGW-w64, run under Wine; with --full, all tests that can run there
  macos    all public headers and the smoke test, compiled and linked for both
           processors by zig
and, if they are named or with --full:

  musl     the smoke test with musl by zig, by itself and beside glibc; with
           --full, the tests
  boosts   each version of Boost that can be had: all public headers, the smoke
           test, pairs, and some tests
  aarch64, s390x
           the smoke test by zig and qemu-user; with --full, the tests

  --full     also what takes minutes
  --install  first installs missing tools on Debian and Ubuntu: MinGW-w64,
             Wine and qemu-user with apt-get
  --help     print this text

Environment: BOOST_ROOT (default: /usr/include or /usr/local/include), ZIG, JOBS,
BOOST_VERSIONS and BOOST_TESTS (for boosts), PLATFORM_TESTS (for musl and others:
names of tests, instead of all; their results replace those of the last run).
END
}

full=no
install=no
parts=
for argument; do
    case $argument in
    --full) full=yes ;;
    --install) install=yes ;;
    --help) usage; exit ;;
    pairs | windows | macos | musl | boosts | aarch64 | s390x) parts="$parts $argument" ;;
    *) usage >&2; exit 2 ;;
    esac
done
if [ -z "$parts" ]; then
    parts="pairs windows macos"
    [ "$full" = no ] || parts="$parts musl boosts aarch64 s390x"
fi

if [ "$install" = yes ]; then
    packages=
    mingw > /dev/null || packages="g++-mingw-w64-x86-64-posix"
    have wine || packages="$packages wine wine64"
    have qemu-aarch64 || packages="$packages qemu-user"
    if [ -n "$packages" ]; then
        echo "Installing:" $packages
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
            --no-install-recommends $packages > /dev/null
    fi
fi

find_boost
for part in $parts; do
    "check_$part"
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
