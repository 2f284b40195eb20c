#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Builds the examples and moves every header of the installed Boost, one
# message a file, from a publisher to a subscriber in another process.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. .ci/tools.sh

if [ $# -ne 0 ]; then
    echo "Usage: example/quickstart.sh"
    echo "Installs what is missing (Debian and Ubuntu; elsewhere says what to"
    echo "install), builds in build/quickstart/ and runs the examples there."
    [ "$1" = --help ]
    exit
fi

need_tools build

build=build/quickstart
mkdir -p "$build"
echo "Building the examples in $build"
{
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DBUILD_TESTING=OFF &&
        cmake --build "$build" --parallel "$(processors)"
} > "$build/build.log" 2>&1 || { cat "$build/build.log" >&2; exit 1; }
publisher=$build/example/publisher
subscriber=$build/example/subscriber

# The Boost that this build used.
include=$(ninja -C "$build" -t deps |
    awk 'sub("/boost/version.hpp$", "") && !found++ { print $1 }')
list=$build/headers
find "$include/boost" -name '*.hpp' -type f | LC_ALL=C sort > "$list"
messages=$(wc -l < "$list" | tr -d ' ')
if [ "$messages" -eq 0 ]; then
    echo "FAILED: no header found in $include/boost" >&2
    exit 1
fi

queue=quickstart.$$
options=(--queue "$queue" --capacity 8M --while-open)
publisher_id=

clean_up() # however this ends
{
    if [ -n "$publisher_id" ]; then
        kill "$publisher_id" 2> /dev/null || true
        wait "$publisher_id" || true
    fi
    "$publisher" "${options[@]}" --count 0 --remove 2> /dev/null || true
    rm -f "$build/received"
}

failed() # why
{
    echo "FAILED: $1" >&2
    exit 1
}

# Moves all files. What the publisher prints goes to the file "sent".
move() # subscriber's option...
{
    "$publisher" "${options[@]}" --files-from "$list" --digest \
        > "$build/sent" &
    publisher_id=$!
    "$subscriber" "${options[@]}" --count "$messages" --idle 10000 "$@" ||
        failed "the subscriber"
    wait "$publisher_id" || failed "the publisher"
    publisher_id=
}

checksum()
{
    if command -v sha256sum > /dev/null; then
        sha256sum
    else
        shasum -a 256
    fi
}

trap clean_up EXIT

# From the disk once, so that what is measured is the queue.
tr '\n' '\0' < "$list" | xargs -0 cat > /dev/null

echo "Moving the $messages headers in $include/boost between two processes"

# By the programs' own digest, which covers where each message ends, too.
move --digest > "$build/result"
read -r count bytes crc _ < "$build/sent"
sent="$count messages, $bytes bytes, CRC-64 $crc"
read -r count bytes crc seconds rate bandwidth < "$build/result"
received="$count messages, $bytes bytes, CRC-64 $crc"
echo "  sent:     $sent"
echo "  received: $received"
[ "$sent" = "$received" ] || failed "sent and received differ"
[ "$count" -eq "$messages" ] || failed "not every header arrived"

# Once more, checked by others: the received bytes are those of the files.
move --output "$build/received"
sent=$(tr '\n' '\0' < "$list" | xargs -0 cat | checksum)
received=$(checksum < "$build/received")
echo "  sent:     SHA-256 ${sent%% *}"
echo "  received: SHA-256 ${received%% *}"
[ "$sent" = "$received" ] || failed "sent and received differ"

echo "OK: $seconds s, $rate messages/s, $bandwidth MB/s, reading and digest included"
