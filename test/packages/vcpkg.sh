#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# A user's project that gets the library from vcpkg, by the registry in
# packaging/vcpkg. Needs VCPKG_ROOT: a copy of vcpkg with its program. Recipes for
# the system's Boost stand for those of vcpkg, which download Boost.
#
# Usage: vcpkg.sh --check | vcpkg.sh DIRECTORY

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD

if [ ! -x "${VCPKG_ROOT-}/vcpkg" ]; then
    echo "it needs VCPKG_ROOT"
    exit 1
fi
[ "$1" != --check ] || exit 0

work=$1
mkdir -p "$work/ports" "$work/app"
for library in asio date-time interprocess iterator system; do
    mkdir -p "$work/ports/boost-$library"
    echo "{\"name\": \"boost-$library\", \"version\": \"1.74.0\"}" \
        > "$work/ports/boost-$library/vcpkg.json"
    echo 'set(VCPKG_POLICY_EMPTY_PACKAGE enabled)' \
        > "$work/ports/boost-$library/portfile.cmake"
done
cp -r "$VCPKG_ROOT"/ports/vcpkg-cmake{,-config} "$work/ports"
cat > "$work/app/vcpkg.json" << 'END'
{"dependencies": ["boost-ipq"]}
END
cat > "$work/app/vcpkg-configuration.json" << END
{
  "default-registry": null,
  "registries": [{
    "kind": "filesystem", "path": "$root/packaging/vcpkg",
    "baseline": "default", "packages": ["boost-ipq"]
  }],
  "overlay-ports": ["$work/ports"]
}
END
cp packaging/consumer.cpp "$work/app"
cat > "$work/app/CMakeLists.txt" << 'END'
cmake_minimum_required(VERSION 3.16...3.25)
project(app LANGUAGES CXX)
find_package(boost_ipq REQUIRED CONFIG)
add_executable(main consumer.cpp)
target_link_libraries(main PRIVATE boost_ipq::boost_ipq)
END
export VCPKG_FORCE_SYSTEM_BINARIES=1 VCPKG_DISABLE_METRICS=1
export BOOST_IPQ_SOURCE=$root VCPKG_KEEP_ENV_VARS=BOOST_IPQ_SOURCE
export VCPKG_BINARY_SOURCES=clear
cmake -S "$work/app" -B "$work/build" -G Ninja \
    -DCMAKE_TOOLCHAIN_FILE="$VCPKG_ROOT/scripts/buildsystems/vcpkg.cmake"
! grep -r "post-build check problem" "$work/build" --include='*.log' || exit 1
grep "^boost_ipq_DIR:PATH=$work/build/" "$work/build/CMakeCache.txt"
cmake --build "$work/build"
PKG_CONFIG_PATH=$(echo "$work"/build/vcpkg_installed/*/lib/pkgconfig) \
    pkg-config --modversion boost_ipq
"$work/build/main"
