#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Measures the library, its peers and the machine in one run.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. .ci/tools.sh

usage()
{
    cat << 'END'
Usage: bench/run.sh [--quick] [--rounds N] [--out DIR] [--against DIR]

Installs what is missing (Debian and Ubuntu; elsewhere prints what to install),
builds the benchmarks, runs them in five rounds, and writes to build/bench/:

  results.json      all measurements, in Google Benchmark's format
  results.md        the goals; tables by placement of the processors
  *.svg             plots
  histograms.tsv    the times of all round trips

Prints the goals, and in how many rounds each holds.

  --quick        the goals' rows and our fastest peers, for two versions of the
                 library; takes less than two minutes after building
  --rounds N     instead of five
  --out DIR      instead of build/bench
  --against DIR  also measures the library in DIR/boost_ipq, in turns, writes
                 its results to build/bench/against, and compares
  --help         this text

CXXFLAGS counts when a directory is built for the first time.
END
}

quick=()
min_time=0.05
rounds=5
out=build/bench
against=
while [ $# -ne 0 ]; do
    case $1 in
    --quick) quick=(--quick) min_time=0.01 ;;
    --rounds) rounds=${2:?} && shift ;;
    --out) out=${2:?} && shift ;;
    --against) against=$(cd "${2:?}" && pwd) && shift ;;
    --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
    esac
    shift
done

need_tools bench
(need_tools bench_peers) || echo "Continuing without these peers."

build() # directory, option...
{
    local directory=$1
    shift
    mkdir -p "$directory"
    rm -f "$directory"/*.json "$directory"/*_bench.* "$directory"/*.tsv
    cmake -S . -B "$directory/cmake" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" -DBUILD_TESTING=OFF \
        -DBOOST_IPQ_BUILD_EXAMPLES=OFF -DBOOST_IPQ_BUILD_BENCH=ON "$@" \
        > "$directory/build.log"
    grep 'Benchmarks:.*absent' "$directory/build.log" || true
    cmake --build "$directory/cmake" --parallel "$(processors)" \
        >> "$directory/build.log" ||
        { tail -n 50 "$directory/build.log"; exit 1; }
}

measure() # directory, program, round, argument...
{
    local program=$2 file=$1/$2.$3
    export BOOST_IPQ_BENCH_HISTOGRAMS=$1/histograms.tsv
    "$1/cmake/bench/$program" --benchmark_out="$file.json" \
        --benchmark_out_format=json "${quick[@]}" "${@:4}" \
        > "$file.log" 2>&1 || { tail -n 20 "$file.log"; exit 1; }
}

versions=("$out")
build "$out"
if [ -n "$against" ]; then
    versions+=("$out/against")
    build "$out/against" -DBOOST_IPQ_BENCH_LIBRARY="$against" \
        -DBOOST_IPQ_BENCH_RUST_TARGET="$(cd "$out" && pwd)/cmake/bench/rust"
fi

# A shared machine changes from one moment to the next, so the channels of a row
# take turns: each round measures everything once.
start=$SECONDS
for ((round = 1; round <= rounds; ++round)); do
    for version in "${versions[@]}"; do
        measure "$version" one_process_bench "$round" \
            --benchmark_min_time="$min_time"
        measure "$version" processes_bench "$round"
        measure "$version" broadcast_bench "$round"
    done
    echo "round $round: done after $((SECONDS - start)) s"
done
if [ ${#quick[@]} -eq 0 ]; then
    measure "$out" growth_bench all --benchmark_min_time="$min_time" \
        --benchmark_repetitions=5
fi

for version in "${versions[@]}"; do
    python3 bench/report.py "$version"
    echo "$version/results.md"
done
if [ -n "$against" ]; then
    bench/compare.sh "$out/against/results.json" "$out/results.json"
fi
