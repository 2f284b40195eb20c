#!/bin/sh
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Runs cloudtoid_publisher and cloudtoid_subscriber against each other.
# Usage: cloudtoid_pair.sh PUBLISHER SUBSCRIBER

set -eu
queue=example-$$
lines='one
two three'
printf '%s\n' "$lines" | "$1" "$queue" &
received=$("$2" "$queue")
wait $!
[ "$received" = "$lines" ]
