#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Puts the library into a Boost source tree, as libs/ipq in Boost's layout: headers in
# include/, build.jam, meta/libraries.json.
#
# Usage: packaging/boost_tree.sh BOOST

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ $# -ne 1 ] || [ ! -d "$1/libs" ]; then
    echo "Usage: packaging/boost_tree.sh BOOST, a directory with libs/" >&2
    exit 2
fi
target=$1/libs/ipq
mkdir -p "$target/include" "$target/meta"
cp -r boost_ipq "$target/include/"
cp -r doc example README.md LICENSE_1_0.txt "$target/"
cp packaging/boost_tree/build.jam "$target/"
cp packaging/boost_tree/libraries.json "$target/meta/"
