#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# What compilers say about wrong arguments: the first error states the remedy,
# which the comment of each misuse_*_fail.cpp quotes, and there are few lines.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

most=13 # lines
failed=0
checked=0

fail() # text
{
    echo "$1"
    failed=1
}

check() # compiler, file
{
    local expected output lines
    expected=$(sed -n 's|^// expected: ||p' "$2")
    if output=$("$1" -std=c++17 -I. -fsyntax-only "$2" 2>&1); then
        fail "$1 compiles $2"
        return
    fi
    lines=$(wc -l <<< "$output")
    if [ "$lines" -gt "$most" ]; then
        fail "$1 prints $lines lines for $2, more than $most"
    fi
    if [ -z "$expected" ] ||
        ! grep -m 1 'error:' <<< "$output" | grep -qF "$expected"; then
        fail "$1 does not say '$expected' for $2:
$output"
    fi
    checked=$((checked + 1))
}

for compiler in g++ clang++-14; do
    if ! command -v "$compiler" > /dev/null; then
        echo "$compiler: skipped, it is not installed"
        continue
    fi
    for file in test/misuse_*_fail.cpp; do
        check "$compiler" "$file"
    done
done
echo "$checked messages about wrong arguments"
exit $failed
