#!/usr/bin/env bash
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Searches the models of the protocol exhaustively with SPIN.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage()
{
    cat << 'END'
Usage: test/model/run.sh [--quick]

Needs SPIN 6.5 (Debian and Ubuntu: package spin) and a C compiler. Prints a line
for each search. Fails if a search finds an error in the right protocol or none
in a wrong variant, or if it ends early.

  --quick   under 90 s and 3 GB with two processors. Without this option, also
            larger searches, one at a time: under an hour, up to 12 GB
  --help    print this text

A search by hand, and the steps that lead to the error:
  spin -a -DRESERVE -DWRONG_ABANDON ring.pml
  cc -O2 -DSAFETY -DCOLLAPSE -o pan pan.c && ./pan -m200000
  spin -t -p -DRESERVE -DWRONG_ABANDON ring.pml
END
}

quick=no
for argument; do
    case $argument in
    --quick) quick=yes ;;
    --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
    esac
done

for tool in spin cc; do
    command -v "$tool" > /dev/null || { echo "$tool is missing" >&2; exit 2; }
done

# right: must pass. wrong: must fail. late: must fail, but pass with BOUNDED.
searches()
{
    cat << 'END'
right ring DEATHS=2
right ring DEATHS=1 RESERVE
right ring DEATHS=1 DELIVER
right ring DEATHS=1 BATCH MESSAGES1=2
right ring DEATHS=1 RUN
right ring DEATHS=1 RESERVE GRANULES=3 START=2
right ring DEATHS=1 RESERVE SPAN0=3 START=2
right event_count RESERVE
right event_count DELIVER
right event_count SIZE0=2 SMALL
right event_count FULL=2 LEAVE TIMEOUTS=0
right event_count RESERVE SIZE0=2 TIMEOUTS=0
right event_count DEATHS=1
right event_count DEATHS=1 SIZE0=2 TIMEOUTS=0
late event_count SIZE0=2 FULL=1 LEAVE TIMEOUTS=0
right ring DEATHS=0 DELIVER SPANS FILLED SPAN0=1 MESSAGES1=3
right broadcast MESSAGES0=3 MESSAGES1=0 PLACE
right broadcast MESSAGES0=3 MESSAGES1=0 DROP
wrong broadcast MESSAGES0=3 MESSAGES1=0 DROP WRONG_COUNT
wrong broadcast MESSAGES0=3 MESSAGES1=0 DROP WRONG_JOIN
wrong broadcast DROP RESERVE WRONG_RESERVED
wrong broadcast DROP WRONG_COPY
right broadcast MESSAGES0=3 MESSAGES1=0 DROP SKIP
wrong broadcast MESSAGES0=3 MESSAGES1=0 DROP SKIP WRONG_SKIP
wrong ring WRONG_SENTINEL
wrong ring WRONG_ROOM
wrong ring WRONG_PADDING
wrong ring WRONG_BATCH BATCH MESSAGES1=2
wrong ring WRONG_SHORTER RESERVE
wrong ring WRONG_LOCK
wrong ring WRONG_ROLL_FORWARD
wrong ring WRONG_ABANDON RESERVE
wrong ring WRONG_WITNESS RESERVE
wrong ring WRONG_SKIP SPAN0=3 START=2
wrong ring WRONG_TAKE MESSAGES0=2
wrong ring WRONG_COPY MESSAGES0=3
wrong ring WRONG_CLAIM DELIVER
wrong ring WRONG_RUN RUN
wrong ring WRONG_RETURN DELIVER
wrong ring WRONG_FREE DELIVER
wrong ring WRONG_SPAN_HELD DELIVER SPANS FILLED SPAN0=1 MESSAGES1=3
wrong ring WRONG_SPAN_LOCK DELIVER SPANS FILLED SPAN0=1 MESSAGES1=3
wrong ring WRONG_SPAN_FREE DELIVER SPANS FILLED SPAN0=1 MESSAGES1=3
wrong event_count WRONG_WAKE
wrong event_count WRONG_SLEEP
wrong event_count WRONG_POST
wrong event_count WRONG_WITHDRAW
wrong event_count WRONG_WAIT
wrong event_count WRONG_PASS_ON SIZE0=2 SMALL
wrong event_count WRONG_PASS_ON RESERVE
wrong event_count WRONG_ONE FULL=2 LEAVE TIMEOUTS=0
wrong event_count WRONG_ABANDON RESERVE SIZE0=2
wrong event_count WRONG_GIVE_UP RESERVE SIZE0=2
END
}

larger_searches()
{
    cat << 'END'
right ring DEATHS=2 RESERVE
right broadcast MESSAGES0=3 MESSAGES1=0 DROP DEATHS=1
right broadcast DROP RESERVE PLACE
right ring DEATHS=2 DELIVER
right ring DEATHS=3 MESSAGES0=2
right ring DEATHS=2 MESSAGES0=2 MESSAGES1=2
right ring DEATHS=1 RESERVE DELIVER
right ring DEATHS=1 RESERVE DELIVER GRANULES=3 START=2
right ring DEATHS=2 RESERVE MESSAGES0=2 GRANULES=5 START=4
right ring DEATHS=1 DELIVER MESSAGES0=2
right ring DEATHS=2 BATCH MESSAGES0=2 MESSAGES1=2 GRANULES=5
right ring DEATHS=2 RESERVE DELIVER
right ring DEATHS=1 RUN MESSAGES1=2
right ring DEATHS=1 DELIVER SPANS FILLED SPAN0=1 MESSAGES1=3
right event_count RESERVE DELIVER
right event_count MESSAGES0=2 MESSAGES1=2
right event_count SIZE0=2 MESSAGES1=3
right event_count FULL=1 LEAVE
right event_count DEATHS=1 RESERVE SIZE0=2
right event_count DEATHS=1 DELIVER
right event_count DEATHS=2 SIZE0=2
END
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Short searches take less time than an optimized compilation.
flags="-O0 -DMEMLIM=1500"

# Prints "errors states megabytes seconds" of one search; errors is "-" if it
# ended early.
search() # directory, model, option...
{
    local directory=$1 model=$2 options=()
    shift 2
    for option; do options+=("-D$option"); done
    mkdir -p "$directory"
    cp "$model.pml" "$directory"
    (
        cd "$directory"
        spin -a "${options[@]}" "$model.pml" > spin.log 2>&1 &&
            cc $flags -w -DSAFETY -o pan pan.c > cc.log 2>&1 &&
            ./pan -m200000 -w22 > pan.log 2>&1
    ) || true
    awk '/errors: [0-9]+/ { errors = $NF }
         /states, stored/ { states = $1 }
         /total actual memory usage/ { memory = $1 }
         /elapsed time/ { seconds = $4 }
         /max search depth too small|out of memory|aborted|interrupted/ {
             early = 1 }
         END { if (early || errors == "") errors = "-"
               printf "%s %d %d %.1f", errors, states, memory, seconds }' \
        "$directory/pan.log" 2> /dev/null || printf -- '- 0 0 0'
}

# Prints a line of the table; fails if the result is not the expected one.
check() # number, expected, model, option...
{
    local number=$1 expected=$2 model=$3
    shift 3
    local errors states memory seconds found verdict=unexpected
    read -r errors states memory seconds \
        <<< "$(search "$work/$number" "$model" "$@")"
    case $errors in
    0) found=passes ;;
    -) found="ends early" ;;
    *) found="found wrong" ;;
    esac
    case $expected:$found in
    right:passes | wrong:"found wrong") verdict=ok ;;
    late:"found wrong")
        read -r errors _ <<< "$(search "$work/$number.b" "$model" "$@" BOUNDED)"
        [ "$errors" != 0 ] || { verdict=ok; found="wakes late"; } ;;
    esac
    rm -rf "${work:?}/$number" "${work:?}/$number.b"
    awk -v expected="$expected" -v model="$model" -v options="$*" \
        -v found="$found" -v verdict="$verdict" -v states="$states" \
        -v memory="$memory" -v seconds="$seconds" \
        'BEGIN { printf "%-5s %-11s %-46s %-11s %-10s %10d %6d %7.1f\n",
                 expected, model, options, found, verdict, states, memory,
                 seconds }'
    [ "$verdict" = ok ]
}

export -f check search
export work flags

printf '%-5s %-11s %-46s %-11s %-10s %10s %6s %7s\n' \
    is model options found verdict states MB s
status=0
# Two at a time. Lines are printed in the order in which the searches end.
searches | awk '{ print NR, $0 }' |
    xargs -P 2 -L 1 bash -c 'check "$@"' check || status=1
if [ "$quick" = no ]; then
    flags="-O2 -DCOLLAPSE -DMEMLIM=12000"
    larger_searches | awk '{ print "larger" NR, $0 }' |
        xargs -P 1 -L 1 bash -c 'check "$@"' check || status=1
fi
[ "$status" = 0 ] && echo "All as expected." || echo "Not as expected."
exit "$status"
