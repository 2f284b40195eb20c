#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Moves every header of the installed Boost, one message per file, from a queue
# through Redis to another queue, by two bridges, and compares checksums.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. .ci/tools.sh

if [ $# -ne 0 ]; then
    echo "Usage: example/bridge/quickstart.sh"
    echo "Installs missing tools and Redis on Debian and Ubuntu; on other"
    echo "systems, prints what to install. Builds the bridge and the examples in"
    echo "build/quickstart/, starts Redis on a free port and two bridges, and"
    echo "sends real files through them."
    [ "$1" = --help ]
    exit
fi

need_tools build
need_tools bridge

build=build/quickstart
mkdir -p "$build"
echo "Building the bridge and the examples in $build"
{
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DBUILD_TESTING=OFF &&
        cmake --build "$build" --parallel "$(processors)" --target \
            boost_ipq-publisher boost_ipq-subscriber boost_ipq-bridge \
            boost_ipq-ipq
} > "$build/build.log" 2>&1 || { cat "$build/build.log" >&2; exit 1; }
example=$build/example

include=$(ninja -C "$build" -t deps |
    awk 'sub("/boost/version.hpp$", "") && !found++ { print $1 }')
list=$build/headers
find "$include/boost" -name '*.hpp' -type f | LC_ALL=C sort > "$list"
messages=$(wc -l < "$list" | tr -d ' ')

first=bridge-a.$$
last=bridge-b.$$
work=$(mktemp -d)
processes=()

clean_up()
{
    local one
    for one in "${processes[@]}"; do
        kill "$one" 2> /dev/null || true
        wait "$one" 2> /dev/null || true
    done
    "$example/ipq/ipq" remove --yes "$first" 2> /dev/null || true
    "$example/ipq/ipq" remove --yes "$last" 2> /dev/null || true
    rm -rf "$work"
}

failed() # reason
{
    echo "FAILED: $1" >&2
    cat "$work"/*.log >&2
    exit 1
}
trap clean_up EXIT

# A free port.
port=$(python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' \
    2> /dev/null || echo $((20000 + RANDOM)))
redis-server --port "$port" --bind 127.0.0.1 --save "" --dir "$work" \
    --appendonly yes --appendfsync everysec > "$work/redis.log" 2>&1 &
processes+=($!)
tries=0
until redis-cli -p "$port" ping > /dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 500 ] || failed "Redis does not start"
    sleep 0.02
done

"$example/ipq/ipq" create "$first" --capacity 8M
"$example/ipq/ipq" create "$last" --capacity 8M
bridge=$example/bridge/ipq-bridge
stream=redis://127.0.0.1:$port/headers
"$bridge" --name out --from "queue:$first" --to "$stream" 2> "$work/out.log" &
processes+=($!)
"$bridge" --name in --from "$stream" --to "queue:$last" --delete yes \
    2> "$work/in.log" &
processes+=($!)

echo "Sending the $messages headers in $include/boost through Redis"
"$example/publisher" --queue "$first" --capacity 8M --files-from "$list" \
    --digest > "$work/sent" &
sender=$!
"$example/subscriber" --queue "$last" --capacity 8M --count "$messages" \
    --idle 60000 --output "$work/received" || failed "the subscriber"
wait "$sender" || failed "the publisher"

sent=$(tr '\n' '\0' < "$list" | xargs -0 cat | sha256sum)
received=$(sha256sum < "$work/received")
echo "  sent:     SHA-256 ${sent%% *}"
echo "  received: SHA-256 ${received%% *}"
[ "$sent" = "$received" ] || failed "sent and received differ"
echo "OK: $messages files went from queue $first to queue $last"
