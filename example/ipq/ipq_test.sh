#!/bin/sh
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# Runs the tool through its commands. Usage: ipq_test.sh IPQ

set -eu
ipq=$1
queue=ipq-test-$$
other=$queue-other
work=$(mktemp -d)
receiver=

clean()
{
    if [ -n "$receiver" ]; then
        kill "$receiver" 2> /dev/null || true
        wait "$receiver" || true
    fi
    "$ipq" remove --yes "$queue" 2> /dev/null || true
    "$ipq" remove --yes "$other" 2> /dev/null || true
    rm -rf "$work"
}
trap clean EXIT
trap "exit 1" INT TERM

same() # what, expected, got
{
    if [ "$2" != "$3" ]; then
        printf '%s: expected "%s", got "%s"\n' "$1" "$2" "$3"
        exit 1
    fi
}

ends_with() # status, command...
{
    expected=$1
    shift
    status=0
    "$@" > "$work/out" 2> "$work/err" < /dev/null || status=$?
    same "exit status of '$*'" "$expected" "$status"
}

says() # file, text
{
    if ! grep -q -- "$2" "$work/$1"; then
        echo "'$2' is missing in:"
        cat "$work/$1"
        exit 1
    fi
}

# ---- The command line
"$ipq" --help > "$work/overview"
says overview receive
"$ipq" --version > "$work/version"
says version '^ipq (boost_ipq) [0-9]'
for command in $(sed -n 's/^  \([a-z]*\) .*/\1/p' "$work/overview"); do
    "$ipq" "$command" --help > "$work/help"
    says help "Usage: ipq $command"
done
ends_with 2 "$ipq"
ends_with 2 "$ipq" no-such-command
ends_with 2 "$ipq" send
ends_with 2 "$ipq" send "$queue" --frame fixed
ends_with 1 "$ipq" stat "$queue"
ends_with 1 "$ipq" remove "$queue"

# ---- Lines
"$ipq" create "$queue" --capacity 64K
ends_with 1 "$ipq" create "$queue"
lines='one
two three

last'
printf '%s\n' "$lines" | "$ipq" send "$queue"
same peek "$lines" "$("$ipq" peek "$queue")"
"$ipq" peek "$queue" --hex --count 1 > "$work/hex"
says hex '^00000000  6f 6e 65 .*|one|$'
"$ipq" list | grep "^$queue " > "$work/list"
says list ' 65536 '
"$ipq" stat "$queue" --json | python3 -c '
import json, sys
report = json.load(sys.stdin)
for key in "ipq", "boost", "compiler", "system":
    assert isinstance(report[key], str) and report[key], report
assert report["processors"] >= 1 and report["time"] > 1e9, report
(queue,) = report["queues"]
assert queue["name"] == sys.argv[1], queue
assert queue["capacity"] == 65536 and queue["messages"] == 4, queue
assert queue["sent"] == 4 and queue["received"] == 0, queue
assert queue["participants"] == [] and queue["oldest_held"] is None, queue
assert queue["layout_version"] >= 4, queue
' "$queue"
"$ipq" list --json | python3 -c '
import json, sys
queues = json.load(sys.stdin)["queues"]
assert sys.argv[1] in [queue["name"] for queue in queues]
' "$queue"
"$ipq" stat --prometheus > "$work/metrics"
says metrics "^boost_ipq_messages{queue=\"$queue\"} 4\$"
says metrics "^# TYPE boost_ipq_sent_total counter\$"
same receive one "$("$ipq" receive "$queue" --count 1)"
same receive "$(printf '%s\n' "$lines" | tail -n +2)" \
    "$("$ipq" receive "$queue" --until-empty)"
same "receive --wait" "" "$("$ipq" receive "$queue" --wait 1)"

# ---- Other forms
printf 'abcdefg' | "$ipq" send "$queue" --frame fixed --size 3
same "fixed size" 'abc
def
g' "$("$ipq" receive "$queue" --until-empty)"
printf '\002\000\000\000a\n\000\000\000\000' > "$work/frames"
"$ipq" send "$queue" --frame length < "$work/frames"
same "peek at a newline" 'a\x0a' "$("$ipq" peek "$queue" --count 1)"
"$ipq" receive "$queue" --frame length --until-empty | cmp - "$work/frames"
printf '\005\000\000\000cut' > "$work/cut"
status=0
"$ipq" send "$queue" --frame length < "$work/cut" 2> "$work/err" || status=$?
same "a cut frame" 1 "$status"
says err 'ends within message 1'

"$ipq" send "$queue" --frame length < "$work/frames"
printf 'a"b' | "$ipq" send "$queue" --frame fixed --size 3
"$ipq" peek "$queue" --json | python3 -c '
import json, sys
assert json.load(sys.stdin) == [
    {"size": 2, "text": "a\n"}, {"size": 0, "text": ""},
    {"size": 3, "text": "a\"b"}]'
same "purge --json" '{"messages": 3}' "$("$ipq" purge "$queue" --json)"
same "peek --json" '[]' "$("$ipq" peek "$queue" --json)"

# ---- Files
mkdir "$work/into"
"$ipq" send "$queue" "$work/frames" "$work/cut"
"$ipq" receive "$queue" --into "$work/into" --count 2
cmp "$work/into/000001" "$work/frames"
cmp "$work/into/000002" "$work/cut"
"$ipq" send "$queue" "$work/cut"
ends_with 1 "$ipq" receive "$queue" --into "$work/into" --until-empty
says err "000001' exists"
"$ipq" receive "$queue" --until-empty > "$work/out" # it was not lost
cmp -n 7 "$work/out" "$work/cut"
ends_with 1 "$ipq" send "$queue" "$work/no-such-file"
ends_with 1 "$ipq" send "$queue" "$work"
ends_with 2 "$ipq" send "$queue" "$work/cut" --frame length

# ---- A full disk loses no message
echo kept | "$ipq" send "$queue"
if [ -c /dev/full ]; then
    status=0
    "$ipq" receive "$queue" --count 1 > /dev/full 2> "$work/err" || status=$?
    same "receive to a full disk" 1 "$status"
fi
same "the message afterwards" kept "$("$ipq" receive "$queue" --count 1)"

# ---- A full queue, purge, requeue, repair
seq 100000 > "$work/numbers"
status=0
"$ipq" send "$queue" --wait 1 < "$work/numbers" 2> "$work/err" || status=$?
same "send to a full queue" 1 "$status"
says err 'is full'
"$ipq" purge "$queue" > "$work/out"
says out '^[1-9][0-9]* messages dropped$'
same "after purge" "" "$("$ipq" peek "$queue")"
"$ipq" create "$other"
echo again | "$ipq" send "$queue" --count 1
same requeue '1 messages moved' "$("$ipq" requeue "$queue" "$other")"
same "requeued" again "$("$ipq" peek "$other")"
"$ipq" repair "$queue" > "$work/out"
says out '^0 records recovered, 0 dead'
same "repair --json" '{"records": 0, "processes": 0}' \
    "$("$ipq" repair "$queue" --json)"

# ---- Another process has the queue open
"$ipq" receive "$queue" > /dev/null &
receiver=$!
tries=0
until "$ipq" stat "$queue" | grep -q "process  *$receiver subscriber alive (ipq)"
do
    tries=$((tries + 1))
    [ "$tries" -lt 1000 ]
done
ends_with 1 "$ipq" remove "$queue"
says err "is open in process $receiver; give --yes"
ends_with 1 "$ipq" purge "$queue"
kill "$receiver"
status=0
wait "$receiver" || status=$?
receiver=
same "exit status after SIGTERM" 143 "$status"
ends_with 0 "$ipq" remove "$queue"

# ---- What a process holds in place; dead letters; rates
"$ipq" remove "$other"
"$ipq" create "$other" --max-deliveries 1 --dead-letter "$queue"
head -c 200000 /dev/zero | tr '\0' x | "$ipq" send "$other"
echo newer | "$ipq" send "$other"
mkfifo "$work/full" # it takes 64 KiB, and no process reads
"$ipq" receive "$other" > "$work/full" 3< /dev/null &
receiver=$!
exec 3< "$work/full"
until "$ipq" stat "$other" > "$work/out" && grep -q "oldest held" "$work/out"
do
    kill -0 "$receiver"
done
says out "200000 bytes, being read by process $receiver alive (ipq); 1 newer"
says out "dead letters  '$queue', after 1 deliveries"
kill -KILL "$receiver"
{ wait "$receiver" || true; } 2> /dev/null
receiver=
exec 3<&-
"$ipq" stat "$other" --prometheus > "$work/metrics"
says metrics "^boost_ipq_held_back_messages{queue=\"$other\"} 1\$"
says metrics "^boost_ipq_processes{queue=\"$other\",state=\"dead\"} 1\$"
"$ipq" stat "$other" > "$work/out"
says out "being read by process [0-9]* dead; 1 newer"
same "after a dead letter" newer "$("$ipq" receive "$other" --count 1)"
"$ipq" stat "$other" --interval 1 --json | python3 -c '
import json, sys
(queue,) = json.load(sys.stdin)["queues"]
assert queue["dead_letters"] == 1 and queue["oldest_held"] is None, queue
assert queue["sent_per_second"] == 0 == queue["received_per_second"], queue
'
same requeue '1 messages moved' "$("$ipq" requeue "$queue" "$other")"
"$ipq" remove --yes "$queue"
"$ipq" remove "$other"

# ---- Queues in files
"$ipq" create "$queue" --directory "$work"
echo filed | "$ipq" send "$queue" --directory "$work"
"$ipq" list --directory "$work" > "$work/out"
says out "^$queue "
same "in a file" filed "$("$ipq" receive "$queue" -d "$work" --count 1)"

# ---- A broadcast
ends_with 2 "$ipq" create "$other" -d "$work" --drop-oldest
"$ipq" create "$other" -d "$work" --broadcast --drop-oldest
seq 5 | "$ipq" send "$other" -d "$work"
same tail '4
5' "$("$ipq" tail "$other" -d "$work" --history 2 --until-empty)"
"$ipq" tail "$other" -d "$work" --count 6 > "$work/followed" &
receiver=$!
until "$ipq" stat "$other" -d "$work" > "$work/out" &&
    grep -q "reader  *$receiver alive" "$work/out"; do
    kill -0 "$receiver"
done
"$ipq" stat "$other" -d "$work" --json | python3 -c '
import json, sys
(queue,) = json.load(sys.stdin)["queues"]
assert queue["kind"] == "broadcast", queue
assert queue["overflow"] == "drop_oldest", queue
(reader,) = queue["readers"]
assert reader["pid"] == int(sys.argv[1]) and reader["alive"], queue
' "$receiver"
echo 6 | "$ipq" send "$other" -d "$work"
wait "$receiver"
receiver=
same "tail that follows" "$(seq 6)" "$(cat "$work/followed")"
ends_with 1 "$ipq" tail "$queue" -d "$work"
says err 'is no broadcast'
ends_with 1 "$ipq" receive "$other" -d "$work"
"$ipq" stat -d "$work" --prometheus > "$work/metrics"
says metrics "^boost_ipq_unread_messages{queue=\"$other\"} 0\$"
ends_with 0 "$ipq" remove "$other" -d "$work"

# ---- A recording
printf '%s\n' "$lines" | "$ipq" send "$queue" -d "$work"
"$ipq" copy "$queue" -d "$work" --to "$work/recording" --until-empty
ends_with 1 "$ipq" copy "$queue" -d "$work" --to "$work/recording"
same "after recording" "" "$("$ipq" peek "$queue" -d "$work")"
"$ipq" copy "$queue" -d "$work" --from "$work/recording"
"$ipq" copy "$queue" -d "$work" --from "$work/recording" --fast --count 1
same "played" "$lines
one" "$("$ipq" peek "$queue" -d "$work")"
head -c 40 "$work/recording" > "$work/cut"
ends_with 1 "$ipq" copy "$queue" -d "$work" --from "$work/cut"
says err 'ends within a message'
ends_with 1 "$ipq" copy "$queue" -d "$work" --from "$work/numbers"

# ---- bench, and what needs a terminal
"$ipq" bench --count 1000 -d "$work" > "$work/out"
says out '^1000 messages of 64 bytes .* messages/s'
"$ipq" bench --count 10 --json | python3 -c '
import json, sys
assert json.load(sys.stdin)["messages"] == 10'
ends_with 1 "$ipq" bench --size 2M
ends_with 1 "$ipq" top
python3 "$(dirname "$0")/terminal_test.py" "$ipq" "$work" "$queue"
ends_with 0 "$ipq" remove "$queue" --directory "$work"

# ---- Completion
here=$(dirname "$0")
PATH=$(dirname "$ipq"):$PATH
"$ipq" create "$queue"
if command -v bash > /dev/null; then
    bash -c '. "$1"; complete_ipq() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _ipq; echo "${COMPREPLY[@]}"; }
        complete_ipq ipq sta; complete_ipq ipq stat --j
        complete_ipq ipq send q --frame f; complete_ipq ipq peek "$2"' \
        - "$here/ipq.bash" "$queue" > "$work/out"
    same "completion for bash" "stat
--json
fixed
$queue" "$(cat "$work/out")"
fi
if command -v fish > /dev/null; then
    fish --no-config -c "source $here/ipq.fish
        for line in 'ipq sta' 'ipq stat --js' 'ipq send q --frame f' \
            'ipq peek $queue'
            complete -C \$line | string replace -r '\t.*' ''
        end; true" > "$work/out"
    same "completion for fish" "stat
--json
fixed
$queue" "$(cat "$work/out")"
fi
if command -v zsh > /dev/null; then
    # Prints all words that it offers; zsh itself would choose those that match.
    zsh -fc 'compadd() { print -l -- ${@:#--} }
        _describe() { print -l -- ${(P)2%%:*} }
        offer() { words=("$@"); CURRENT=$#; source "$file"; }
        file=$1; queue=$2
        offer ipq sta | grep -x stat; offer ipq stat --j | grep -x -- --json
        offer ipq send q --frame f | grep -x fixed
        offer ipq peek x | grep -x -- "$queue"' \
        - "$here/ipq.zsh" "$queue" > "$work/out"
    same "completion for zsh" "stat
--json
fixed
$queue" "$(cat "$work/out")"
fi
"$ipq" remove "$queue"
