#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Runs our queues against the packages of cloudtoid/interprocess.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage()
{
    cat << 'END'
Usage: test/cloudtoid/run.sh [--quick] [INTEROP OPTION...]

Gets the packages of cloudtoid/interprocess 3.0.2 for Python (PyPI) and Rust
(crates.io), builds a participant in each language, and runs each direction with
each: sizes, wrap, batches, full, mismatch, waiting, several, the last one out;
without --quick also deaths and stops, at random and inside a call, and the slow
cases of cloudtoid_test.
Prints a table. Works in build/cloudtoid/. A package that cannot be had is
skipped by name.

  --quick  Python only, without deaths and stops
  --help   print this text

Other options are those of interop.py, such as --kills 50 or --stream 10000000.
END
}

quick=no
options=()
for argument; do
    case $argument in
    --quick) quick=yes options+=(--quick) ;;
    --help) usage; exit ;;
    *) options+=("$argument") ;;
    esac
done

version=3.0.2
work=$PWD/build/cloudtoid
mkdir -p "$work"
commands=()

skip() # language, reason
{
    echo "$1: skipped, $2"
}

# The driver needs the Python package, too: it ends the receivers.
python=$work/python/bin/python
if ! [ -x "$python" ] && ! python3 -m venv "$work/python" \
    > "$work/python.log" 2>&1; then
    skip Python "python3 -m venv fails, see $work/python.log"
    exit
fi
if ! "$python" -m pip --version > /dev/null 2>&1 ||
    ! "$python" -m pip install -q --disable-pip-version-check \
        --retries 1 --timeout 10 "cloudtoid-interprocess==$version" \
        > "$work/python.log" 2>&1; then
    skip Python "PyPI's package cannot be installed, see $work/python.log"
    exit
fi
commands+=("Python=$python test/cloudtoid/peer.py")

if [ "$quick" = yes ]; then
    skip Rust "--quick"
elif ! command -v cargo > /dev/null; then
    skip Rust "cargo is missing"
elif cargo build -q --release --locked --target-dir "$work/rust" \
    --manifest-path test/cloudtoid/rust/Cargo.toml > "$work/rust.log" 2>&1; then
    commands+=("Rust=$work/rust/release/boost_ipq_cloudtoid_peer")
else
    skip Rust "cargo cannot build the crate, see $work/rust.log"
fi
# Asked last on 26 November 2026.
skip Node "npm has neither cloudtoid-interprocess nor @cloudtoid/interprocess"
skip Go "the module proxy refuses github.com/cloudtoid/interprocess"
skip .NET "NuGet cannot be reached from where this test was written"

flags="-std=c++17 -O1 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -I."
libraries="-lrt -pthread"
"${CXX:-g++}" $flags test/cloudtoid/peer.cpp -o "$work/peer" $libraries
commands+=("C++=$work/peer")

status=0
"$python" test/cloudtoid/interop.py ${options[@]+"${options[@]}"} \
    "${commands[@]}" || status=1
if [ ${#options[@]} -eq 0 ]; then
    "${CXX:-g++}" $flags -Itest -DBOOST_TEST_DYN_LINK test/cloudtoid_test.cpp \
        -o "$work/cloudtoid_test" -lboost_unit_test_framework $libraries
    BOOST_IPQ_CLOUDTOID_SLOW=1 "$work/cloudtoid_test" || status=1
fi
exit $status
