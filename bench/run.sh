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
Usage: bench/run.sh [--quick]

Installs what is missing (Debian and Ubuntu; elsewhere prints what to install),
builds and runs the benchmarks, and writes to build/bench/:

  results.json      all measurements, in Google Benchmark's format
  results.md        the goals; tables: ours, the best peer, the machine's floor
  *.svg             plots
  histograms.tsv    the times of all round trips

  --quick    takes about a minute; only checks that everything runs
  --help     this text
END
}

quick=()
time=0.05
repetitions=5
for argument; do
    case $argument in
    --quick) quick=(--quick) time=0.01 repetitions=1 ;;
    --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
    esac
done

need_tools bench
(need_tools bench_peers) || echo "Continuing without these peers."

out=build/bench
mkdir -p "$out"
cmake -S . -B "$out/cmake" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" -DBUILD_TESTING=OFF \
    -DBOOST_IPQ_BUILD_EXAMPLES=OFF -DBOOST_IPQ_BUILD_BENCH=ON \
    > "$out/build.log"
cmake --build "$out/cmake" --parallel "$(processors)" >> "$out/build.log" ||
    { tail -n 50 "$out/build.log"; exit 1; }

start=$SECONDS
export BOOST_IPQ_BENCH_HISTOGRAMS=$PWD/$out/histograms.tsv
rm -f "$BOOST_IPQ_BENCH_HISTOGRAMS" "$out"/*.json "$out"/*_bench.*

measure() # program, label (for the files' names), argument...
{
    local program=$1 file=$out/$1.$2
    shift 2
    "$out/cmake/bench/$program" --benchmark_out="$file.json" \
        --benchmark_out_format=json "$@" > "$file.log" 2>&1 ||
        { tail -n 20 "$file.log"; exit 1; }
}

# Row by row: a shared machine changes from one moment to the next, so channels
# that are compared take turns.
measure_rows() # program, argument...
{
    local program=$1 row
    shift
    for row in $("$out/cmake/bench/$program" --benchmark_list_tests "$@" |
        sed -E 's#/iterations:.*##; s#/[^/]*$##' | awk '!seen[$0]++'); do
        measure "$program" "${row//\//.}" "$@" \
            --benchmark_filter="^$row/[^/]+(/iterations|\$)" \
            --benchmark_enable_random_interleaving=true
    done
    echo "$program: done after $((SECONDS - start)) s"
}

one_thread=(--benchmark_min_time="$time"
    --benchmark_repetitions="$repetitions")
measure_rows one_process_bench "${one_thread[@]}"
measure growth_bench all "${one_thread[@]}" "${quick[@]}"
measure_rows processes_bench "${quick[@]}"

python3 bench/report.py "$out"
(cd "$out" && for script in *.gnuplot; do gnuplot "$script"; done)
echo "$out/results.md"
