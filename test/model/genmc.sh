#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Searches the C models in genmc/ exhaustively under weak memory models.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/genmc"

usage()
{
    cat << 'END'
Usage: test/model/genmc.sh [--check]

Needs GenMC 0.10 ($GENMC, or genmc in the path). Explores every execution of the
models under RC11, the memory model of the language, and IMM, which also lets
a load return a value that is stored later. Prints a line for each search. Fails if
a search finds an error in the right protocol, or none in a wrong variant.

  --check  only says whether GenMC is here, and if not, how to build it
  --help   print this text
END
}

genmc=${GENMC:-genmc}

check()
{
    command -v "$genmc" > /dev/null && return
    cat << 'END'
genmc is missing, which no Debian package contains. On Debian 12 (5 minutes):
  apt-get install llvm-16-dev clang-16 libclang-16-dev autoconf automake \
      make libffi-dev zlib1g-dev libedit-dev libzstd-dev
  git clone -b v0.10.3 https://github.com/MPI-SWS/genmc && cd genmc
  autoreconf --install
  ./configure --with-llvm=/usr/lib/llvm-16 --with-clang=/usr/bin/clang-16 \
      --with-clangxx=/usr/bin/clang++-16 CXX=clang++-16 CC=clang-16
  make
END
    return 1
}

case ${1-} in
--help) usage; exit ;;
--check) check; exit ;;
'') check ;;
*) usage >&2; exit 2 ;;
esac

# right: must pass. wrong: must fail. The memory models; the model; options.
searches()
{
    cat << 'END'
right rc11,imm ring
right rc11,imm ring DIES=1
right rc11,imm ring DIES=2
right rc11,imm ring TWO_SUBSCRIBERS
right rc11,imm ring TWO_SUBSCRIBERS DIES=1
right rc11,imm ring TWO_SUBSCRIBERS DIES=2
right rc11,imm ring TAKES=3 EACH=3
right rc11,imm event_count
wrong rc11,imm ring WRONG_SENTINEL
wrong rc11,imm ring WRONG_ROLL_FORWARD DIES=2
wrong rc11,imm ring HEADER_ORDER=memory_order_relaxed
wrong rc11,imm ring LOAD_ORDER=memory_order_relaxed
wrong rc11,imm ring LOCK_ORDER=memory_order_relaxed
wrong rc11,imm ring UNLOCK_ORDER=memory_order_relaxed
wrong rc11 ring FREE_ORDER=memory_order_relaxed
wrong rc11 ring FREE_LOAD_ORDER=memory_order_relaxed
wrong rc11,imm ring KERNEL_ORDER=memory_order_relaxed DIES=2
wrong rc11,imm event_count WRONG_WAKE
wrong rc11,imm event_count WRONG_SLEEP
wrong rc11,imm event_count WRONG_LIGHT_FENCE
wrong rc11,imm event_count WRONG_HEAVY_FENCE
END
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Prints a line of the table; fails if the result is not the expected one.
search() # expected, memory model, model, option...
{
    local expected=$1 memory=$2 model=$3 found verdict=unexpected options=()
    local start=$EPOCHREALTIME
    shift 3
    options=("${@/#/-D}")
    [ "$model" = ring ] || memory+=" --check-liveness"
    "$genmc" --$memory --disable-estimation -- "${options[@]}" \
        "$model.c" > "$log" 2>&1 || true
    found=$(awk '/No errors were detected/ { print "passes" }
                 /^Error: / { sub(/^Error: /, ""); print }' "$log")
    case $expected:$found in
    right:passes | wrong:Non-atomic* | wrong:Safety* | wrong:Liveness*)
        verdict=ok ;;
    esac
    awk -v expected="$expected" -v memory="${memory%% *}" -v model="$model" \
        -v options="$*" -v found="$found" -v verdict="$verdict" \
        -v start="$start" -v end="$EPOCHREALTIME" '
        /complete executions/ { n += $NF } /blocked executions/ { n += $NF }
        END { printf "%-5s %-4s %-11s %-36s %-20s %-10s %8d %5.1f\n",
              expected, memory, model, options, found, verdict, n,
              end - start }' "$log"
    [ "$verdict" = ok ] || { tail -n 30 "$log"; return 1; }
}

printf '%-5s %-4s %-11s %-36s %-20s %-10s %8s %5s\n' \
    is memory model options found verdict executions s
status=0
while read -r expected memories model options; do
    for memory in ${memories//,/ }; do
        search "$expected" "$memory" "$model" $options || status=1
    done
done < <(searches)
[ "$status" = 0 ] && echo "All as expected." || echo "Not as expected."
exit "$status"
