#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Builds the example programs publisher and subscriber. Sends every header of the installed Boost, one message per
# file, from a publisher to a subscriber in another process.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. .ci/tools.sh

if [ $# -ne 0 ]; then
    echo "Usage: example/quickstart.sh"
    echo "Installs missing tools on Debian and Ubuntu; on other systems, prints"
    echo "what to install. Builds the example programs publisher and subscriber in"
    echo "build/quickstart/ and runs them."
    [ "$1" = --help ]
    exit
fi

need_tools build

build=build/quickstart
mkdir -p "$build"
echo "Building publisher and subscriber in $build"
{
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DBUILD_TESTING=OFF &&
        cmake --build "$build" --parallel "$(processors)" \
            --target boost_ipq-publisher boost_ipq-subscriber
} > "$build/build.log" 2>&1 || { cat "$build/build.log" >&2; exit 1; }
publisher=$build/example/publisher
subscriber=$build/example/subscriber

# The headers of the Boost that this build used.
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

clean_up()
{
    if [ -n "$publisher_id" ]; then
        kill "$publisher_id" 2> /dev/null || true
        wait "$publisher_id" || true
    fi
    "$publisher" "${options[@]}" --count 0 --remove 2> /dev/null || true
    rm -f "$build/received"
}

failed() # reason
{
    echo "FAILED: $1" >&2
    exit 1
}

# Sends and receives all files. The publisher's output goes to the file "sent".
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

# Reads all files once, so that the disk does not limit the measured rate.
tr '\n' '\0' < "$list" | xargs -0 cat > /dev/null

echo "Sending the $messages headers in $include/boost to another process"

# The programs' own digest also covers the boundaries of the messages.
move --digest > "$build/result"
read -r count bytes crc _ < "$build/sent"
sent="$count messages, $bytes bytes, CRC-64 $crc"
read -r count bytes crc seconds rate bandwidth < "$build/result"
received="$count messages, $bytes bytes, CRC-64 $crc"
echo "  sent:     $sent"
echo "  received: $received"
[ "$sent" = "$received" ] || failed "sent and received differ"
[ "$count" -eq "$messages" ] || failed "not every header arrived"

# Sends them again, and checks with other tools that the received bytes are those
# of the files.
move --output "$build/received"
sent=$(tr '\n' '\0' < "$list" | xargs -0 cat | checksum)
received=$(checksum < "$build/received")
echo "  sent:     SHA-256 ${sent%% *}"
echo "  received: SHA-256 ${received%% *}"
[ "$sent" = "$received" ] || failed "sent and received differ"

echo "OK: $seconds s, $rate messages/s, $bandwidth MB/s, reading and digest included"
