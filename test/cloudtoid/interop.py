#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Runs our queues against the packages of cloudtoid/interprocess.

Usage: interop.py [--quick | --stream COUNT | --kills COUNT] [--only CASE]
                  LANGUAGE=COMMAND...

Starts participants in several languages, among them "C++", and prints a table:
direction, case, result. The participants have the same roles; see peer.cpp.

  --quick         without deaths and stops
  --stream COUNT  only sends that many messages through three processes:
                  Python to C++ to Rust
  --kills COUNT   only kills: that many of each side in each direction
  --only CASE     only that case
"""

import argparse
import mmap
import os
import queue
import random
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TIME_LIMIT = 70  # seconds for an answer
RECOVERY = 13  # seconds after a death: the protocol's ten, and some
STOPPED = 11  # seconds: longer than the protocol waits before it asks


class Peer:
    """A participant: a process that talks in lines."""

    def __init__(self, command, role, options, count=0, more=""):
        name, capacity, path = options
        self.title = f"{command[0]} {role}"
        self.process = subprocess.Popen(
            [*command, role, name, str(capacity), path, str(count), more],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines = queue.SimpleQueue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def hear(self, expected=None, time_limit=TIME_LIMIT):
        line = self.next_line(time_limit)
        if line == "":
            raise AssertionError(f"{self.title}: no answer")
        if line is None or expected is not None and line != expected:
            raise AssertionError(f"{self.title}: {line!r}, not {expected!r}")
        return line

    def next_line(self, time_limit):
        """None: the participant has ended; an empty line: no answer. Counts
        short waits: a machine that was suspended meanwhile does no harm."""
        for _ in range(time_limit * 4):
            try:
                return self.lines.get(timeout=0.25)
            except queue.Empty:
                pass
        return ""

    def everything(self):
        """All lines so far."""
        lines = []
        while not self.lines.empty():
            lines.append(self.lines.get())
        return [line for line in lines if line is not None]

    def tell(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def finish(self):
        self.process.stdin.close()
        assert self.process.wait(TIME_LIMIT) == 0, f"{self.title}: failed"

    def kill(self):
        self.process.kill()
        self.process.wait()


class Memory:
    """The memory of a queue: puts a participant inside a call."""

    def __init__(self, path):
        with open(path, "r+b") as file:
            self.bytes = mmap.mmap(file.fileno(), 0)

    def change(self, kind, at, new):
        old, = struct.unpack_from(kind, self.bytes, at)
        struct.pack_into(kind, self.bytes, at, new(old))
        return old

    def last_id(self):
        return struct.unpack_from("<i", self.bytes, 28)[0]

    def take_lock(self, owner):
        assert self.change("<q", 16, lambda _: owner) == 0

    def begin_message(self, owner):
        """Reserves a record of 24 bytes, in a call."""
        slot = next(at for at in range(256, 262400, 128)
                    if struct.unpack_from("<q", self.bytes, at)[0] == owner)
        self.change("<i", slot + 8, lambda calls: calls + 1)
        self.change("<q", 8, lambda position: position + 24)


class Case:
    """A queue, and the participants in it."""

    def __init__(self, commands, sender, receiver, kills=3, capacity=1000):
        self.commands = commands
        self.sender, self.receiver = sender, receiver
        self.kills = kills
        self.directory = tempfile.mkdtemp(prefix="ipq-cloudtoid-")
        self.options = (f"interop-{os.getpid()}-{id(self)}", capacity,
                        self.directory)
        self.peers = []

    def start(self, language, role, count=0, more="", capacity=None):
        options = (self.options[0], capacity or self.options[1],
                   self.options[2])
        self.peers.append(Peer(self.commands[language], role, options, count,
                               more))
        return self.peers[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for peer in self.peers:
            peer.process.kill()
            peer.process.wait()
        shutil.rmtree(self.directory)
        for path in self.semaphores():
            path.unlink()

    def memory(self):
        root = Path(self.directory) / ".cloudtoid/interprocess/v3"
        return Memory(root / f"mmf/{self.options[0]}.qu")

    def semaphores(self):
        return list(Path("/dev/shm").glob(f"sem.ct3ip.{self.options[0]}*"))

    def leftovers(self):
        root = Path(self.directory) / ".cloudtoid/interprocess/v3"
        return [*root.glob("mmf/*"), *root.glob("readers/*"),
                *self.semaphores()]

    def exchange(self, role, count=3000):
        receiver = self.start(self.receiver, "receive", count)
        receiver.hear("ready")
        sender = self.start(self.sender, role, count)
        sender.hear("ready")
        sender.tell()
        receiver.hear("received")
        sender.hear("sent")
        sender.finish()
        receiver.finish()
        assert not self.leftovers(), self.leftovers()


def case_sizes(case):
    case.exchange("send")


def case_batches(case):
    case.exchange("send_batches")


def case_power_of_two(case):
    case.options = (case.options[0], 4096, case.options[2])
    case.exchange("send")


def case_full(case):
    """Messages of 10 bytes need 24."""
    sender = case.start(case.sender, "fill")
    expected = str(case.options[1] // 24)
    sender.hear(expected)
    receiver = case.start(case.receiver, "drain")
    receiver.hear(expected)
    receiver.finish()
    sender.finish()


def case_mismatch(case):
    sender = case.start(case.sender, "hold", more="publisher")
    sender.hear("ready")
    for capacity, expected in ((1008, "mismatch"), (1000, "opened")):
        receiver = case.start(case.receiver, "mismatch", capacity=capacity)
        receiver.hear(expected)
        receiver.finish()
    sender.finish()
    assert not case.leftovers(), case.leftovers()


def case_waits(case):
    """A receiver that sleeps is woken."""
    receiver = case.start(case.receiver, "receive", 1)
    receiver.hear("ready")
    sender = case.start(case.sender, "send", 1)
    sender.hear("ready")
    time.sleep(0.2)
    sender.tell()
    receiver.hear("received", 5)
    sender.finish()
    receiver.finish()


def case_last_one_out(case):
    """Messages outlive their publisher, and end with the last participant."""
    sender = case.start(case.sender, "send", 5)
    sender.hear("ready")
    holder = case.start(case.receiver, "hold")
    holder.hear("ready")
    sender.tell()
    sender.hear("sent")
    sender.finish()
    receiver = case.start(case.receiver, "receive", 5)
    receiver.hear("ready")
    receiver.hear("received")
    receiver.finish()
    sender = case.start(case.sender, "fill")
    sender.hear()
    sender.finish()
    assert case.leftovers()
    holder.kill()
    receiver = case.start(case.receiver, "drain")
    receiver.hear("0")
    receiver.finish()
    assert not case.leftovers(), case.leftovers()


def numbers_of(lines):
    """{sender: its numbers, in the order received}"""
    result = {}
    for line in lines:
        sender, number = line.split(" ")
        result.setdefault(sender, []).append(int(number))
    return result


def check_order(per_receiver):
    """Each message once, and in order for each receiver."""
    seen = {}
    for lines in per_receiver:
        for sender, numbers in numbers_of(lines).items():
            assert numbers == sorted(numbers), f"order of {sender}"
            seen.setdefault(sender, []).extend(numbers)
    for sender, numbers in seen.items():
        assert len(set(numbers)) == len(numbers), f"{sender}: twice"
    return seen


def collect_until_end(receiver):
    lines = []
    while (line := receiver.hear()) != "end":
        lines.append(line)
    return lines


def case_several(case):
    """Two senders and two receivers, one of each language."""
    count = 3000
    languages = (case.sender, case.receiver)
    receivers = [case.start(language, "collect") for language in languages]
    for receiver in receivers:
        receiver.hear("ready")
    senders = [case.start(language, "count", count, f"s{i}")
               for i, language in enumerate(languages)]
    for sender in senders:
        sender.hear("ready")
    for sender in senders:
        sender.tell()
    for sender in senders:
        sender.hear("sent")
    send_ends(case, len(receivers))
    seen = check_order([collect_until_end(r) for r in receivers])
    assert {s: len(n) for s, n in seen.items()} == {"s0": count, "s1": count}


def send_ends(case, count):
    """Sends "end" to each receiver, with the Python package if there is one."""
    subprocess.run(
        [sys.executable, "-c", END, *map(str, case.options), str(count)],
        check=True)


END = """
import sys, time
from cloudtoid_interprocess import Publisher
name, capacity, path, count = sys.argv[1:]
with Publisher(name, int(capacity), path) as out:
    for _ in range(int(count)):
        while not out.try_send(b"end"):
            time.sleep(0.001)
"""


def wait_for_more(receiver, lines, wanted=lambda line: True):
    """Waits until a receiver gets another such message."""
    while line := receiver.next_line(RECOVERY):
        lines.append(line)
        if wanted(line):
            return
    raise AssertionError("a survivor has ended" if line is None else
                         f"nothing arrives {RECOVERY} s after a death")


def case_killed_receivers(case):
    """Receivers of the language are killed; one of the other goes on."""
    survivor = case.start(case.sender, "collect")
    survivor.hear("ready")
    sender = case.start(case.sender, "count", 0, "s")
    sender.hear("ready")
    sender.tell()
    lines = [[]]
    for _ in range(case.kills):
        victim = case.start(case.receiver, "collect")
        victim.hear("ready")
        time.sleep(random.uniform(0.01, 0.1))
        victim.kill()
        time.sleep(0.01)
        lines.append(victim.everything()[:-1])
        lines[0] += survivor.everything()
        wait_for_more(survivor, lines[0])
    check_order(lines)


def case_killed_senders(case):
    """Senders of the language are killed; one of the other goes on."""
    receiver = case.start(case.receiver, "collect")
    receiver.hear("ready")
    survivor = case.start(case.receiver, "count", 0, "s")
    survivor.hear("ready")
    survivor.tell()
    lines = []
    for i in range(case.kills):
        victim = case.start(case.sender, "count", 0, f"v{i}")
        victim.hear("ready")
        victim.tell()
        time.sleep(random.uniform(0.01, 0.1))
        victim.kill()
        time.sleep(0.05)  # what was there before the death
        lines += receiver.everything()
        wait_for_more(receiver, lines, lambda line: line.startswith("s "))
    check_order([lines])


def case_stopped(case):
    """A stopped sender and a stopped receiver lose nothing."""
    count = 100000
    receivers = [case.start(language, "collect")
                 for language in (case.receiver, case.sender)]
    for receiver in receivers:
        receiver.hear("ready")
    sender = case.start(case.sender, "count", count, "s")
    sender.hear("ready")
    sender.tell()
    for peer in (sender, receivers[0]):
        time.sleep(0.05)
        peer.process.send_signal(signal.SIGSTOP)
        time.sleep(11)
        peer.process.send_signal(signal.SIGCONT)
    sender.hear("sent")
    send_ends(case, len(receivers))
    seen = check_order([collect_until_end(r) for r in receivers])
    assert len(seen["s"]) == count, len(seen["s"])


def stop_then_kill(holder, witness, wanted):
    """Nothing may happen as long as the holder may continue."""
    holder.process.send_signal(signal.SIGSTOP)
    time.sleep(STOPPED)
    assert not (lines := witness.everything()), f"taken from a stopped: {lines}"
    holder.kill()
    while len(lines) < wanted:
        wait_for_more(witness, lines)
    assert lines == [f"s {i}" for i in range(wanted)], lines


def case_holds_the_lock(case):
    """A receiver of the language has the lock, is stopped, then dies."""
    sender = case.start(case.sender, "count", 20, "s")
    sender.hear("ready")
    witness = case.start(case.sender, "collect")
    witness.hear("ready")
    holder = case.start(case.receiver, "hold")
    holder.hear("ready")
    memory = case.memory()
    memory.take_lock(memory.last_id())
    sender.tell()
    sender.hear("sent")
    stop_then_kill(holder, witness, 20)


def case_holds_a_record(case):
    """A sender of the language has begun a message, is stopped, then dies."""
    witness = case.start(case.receiver, "collect")
    witness.hear("ready")
    sender = case.start(case.receiver, "count", 20, "s")
    sender.hear("ready")
    holder = case.start(case.sender, "hold", more="publisher")
    holder.hear("ready")
    memory = case.memory()
    memory.begin_message(memory.last_id())
    time.sleep(0.5)  # the receiver notes where the others' messages begin
    sender.tell()
    sender.hear("sent")
    stop_then_kill(holder, witness, 20)


QUICK = [case_sizes, case_batches, case_power_of_two, case_full, case_mismatch,
         case_waits, case_last_one_out, case_several]
SLOW = [case_killed_receivers, case_killed_senders, case_stopped,
        case_holds_the_lock, case_holds_a_record]


def run(commands, sender, receiver, function, kills):
    begin = time.monotonic()
    try:
        with Case(commands, sender, receiver, kills) as case:
            function(case)
        result = "passed"
    except Exception as error:  # the table shows which
        result = f"FAILED: {error!r}"
    return (sender, receiver, function.__name__[5:].replace("_", " "), result,
            time.monotonic() - begin)


def stream(commands, count):
    """Python to C++ to Rust; the checksum depends on the order."""
    with Case(commands, "Python", "Rust", capacity=1 << 20) as case:
        first = case.options
        second = (first[0] + "-second", *first[1:])
        end = Peer(commands["Rust"], "stream_end", second, count)
        case.peers.append(end)
        end.hear("ready")
        middle = case.start("C++", "forward", count, second[0])
        middle.hear("ready")
        begin = time.monotonic()
        begin_sum = case.start("Python", "stream", count).hear(time_limit=3600)
        end_sum = end.hear(time_limit=3600)
        seconds = time.monotonic() - begin
        print(f"{count} messages, Python to C++ to Rust: {seconds:.1f} s, "
              f"checksums {begin_sum} and {end_sum}")
        return begin_sum == end_sum


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--stream", type=int)
    parser.add_argument("--kills", type=int)
    parser.add_argument("--only")
    parser.add_argument("commands", nargs="+")
    arguments = parser.parse_args()
    commands = {}
    for argument in arguments.commands:
        language, command = argument.split("=", 1)
        commands[language] = shlex.split(command)
    if arguments.stream:
        return not stream(commands, arguments.stream)
    cases = QUICK + ([] if arguments.quick else SLOW)
    if arguments.kills:
        cases = SLOW[:2]
    if arguments.only:
        cases = [c for c in cases if arguments.only in c.__name__]
    directions = [d for language in commands if language != "C++"
                  for d in (("C++", language), (language, "C++"))]
    jobs = [(*d, c) for c in cases for d in directions]
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(
            lambda job: run(commands, *job, arguments.kills or 3), jobs))
    for sender, receiver, case, result, seconds in rows:
        print(f"{sender:>6} -> {receiver:<6}  {case:<17} {seconds:6.1f} s  "
              f"{result}")
    failed = sum(row[3] != "passed" for row in rows)
    print(f"{len(rows) - failed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
