#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# A user's project that gets the library by the Meson wrap.
#
# Usage: meson.sh --check | meson.sh DIRECTORY

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD

if ! command -v meson > /dev/null; then
    echo "it needs meson"
    exit 1
fi
[ "$1" != --check ] || exit 0

work=$1
version=$(sed -n 's/.*BOOST_IPQ_LIB_VERSION "\(.*\)"/\1/p' boost_ipq/version.hpp)
mkdir -p "$work/source" "$work/app/subprojects"
# The repository that the wrap names, as it will be when this version is released.
cp -r boost_ipq LICENSE_1_0.txt "$work/source"
git -C "$work/source" init -q
git -C "$work/source" add -A
git -C "$work/source" -c user.name=test -c user.email=test@localhost commit -qm all
git -C "$work/source" tag "v$version"
export GIT_CONFIG_COUNT=1 GIT_CONFIG_VALUE_0=https://github.com/boost-ipq/boost_ipq.git
export GIT_CONFIG_KEY_0="url.$work/source.insteadOf"

cp -r packaging/meson/* "$work/app/subprojects"
cp packaging/consumer.cpp "$work/app"
cat > "$work/app/meson.build" << 'END'
project('app', 'cpp', default_options: ['cpp_std=c++17', 'warning_level=3'])
executable('main', 'consumer.cpp', dependencies: dependency('boost_ipq'))
END
meson setup "$work/build" "$work/app"
ninja -C "$work/build"
"$work/build/main"
