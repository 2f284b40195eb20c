#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# The library as libs/ipq of a Boost tree, used by a project beside it. The tree is a
# small one: its other libraries are the system's headers.
#
# Usage: boost_tree.sh --check | boost_tree.sh DIRECTORY

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if ! command -v b2 > /dev/null; then
    echo "it needs b2"
    exit 1
fi
[ "$1" != --check ] || exit 0

boost=$1/boost
app=$1/app
mkdir -p "$boost/libs/interprocess" "$app"
bash packaging/boost_tree.sh "$boost"
python3 -m json.tool "$boost/libs/ipq/meta/libraries.json" > /dev/null

cat > "$boost/Jamroot" << 'END'
project boost ;
modules.poke : BOOST_JAMROOT_MODULE : $(__name__) ;
use-project /boost/interprocess : libs/interprocess ;
use-project /boost/ipq : libs/ipq ;
END
cat > "$boost/libs/interprocess/build.jam" << 'END'
project /boost/interprocess ;
alias boost_interprocess ;
END
cp packaging/consumer.cpp "$app"
cat > "$app/Jamroot" << END
use-project /boost : $boost ;
project : requirements <library>/boost/ipq//boost_ipq <cxxstd>17 ;
exe main : consumer.cpp ;
install bin : main ;
END
cd "$app"
b2 -d1 > b2.log 2>&1 || { cat b2.log; exit 1; }
bin/main
