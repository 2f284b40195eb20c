#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Compares the results of two runs.

set -euo pipefail

if [ $# -ne 2 ]; then
    cat << 'END'
Usage: bench/compare.sh before.json after.json

Compares the build/bench/results.json of two runs of bench/run.sh: prints the
medians, and "faster" or "slower" where the repetitions of the two runs do not
overlap.
END
    exit 2
fi
exec python3 "$(dirname "${BASH_SOURCE[0]}")/report.py" --compare "$1" "$2"
