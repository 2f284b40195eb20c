#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Makes the pictures of `ipq top` for the documentation: a busy machine with ten
queues, where one process is killed while it reads a message in place.

Usage: pictures.py IPQ [OUTPUT DIRECTORY]
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

from screen_picture import Terminal

IPQ = os.path.abspath(sys.argv[1])
OUTPUT = pathlib.Path(
    sys.argv[2] if len(sys.argv) > 2
    else pathlib.Path(__file__).parents[2] / "doc/images")

# Name, options; messages a second, senders, their program; messages a second that
# are taken, receivers, their program.
QUEUES = [
    ("audit", ["--capacity", "256K"], 40, 1, "shop", 26, 1, "auditor"),
    ("camera.frames", ["--capacity", "4M"], 60, 1, "camera", 60, 1, "encoder"),
    ("jobs", ["--capacity", "256K", "--max-deliveries", "3", "--dead-letter",
              "jobs.dead"], 900, 2, "web", 560, 3, "worker"),
    ("jobs.dead", [], 1, 1, "worker", 0, 0, ""),
    ("log", ["--capacity", "512K"], 6000, 4, "web", 6000, 1, "log-writer"),
    ("mail.out", ["--capacity", "64K"], 25, 1, "shop", 0, 0, ""),
    ("market.ticks", ["--broadcast", "--drop-oldest"],
     4000, 1, "feed", 0, 3, "trader"),
    ("orders", ["--capacity", "128K"], 1200, 2, "shop", 980, 2, "billing"),
    ("sensors", ["--broadcast"], 500, 2, "sensor", 0, 2, "display"),
    ("thumbnails", ["--capacity", "2M"], 120, 1, "web", 60, 2, "resizer"),
]


class Machine:
    def __init__(self, directory):
        self.directory = directory
        self.processes = []
        self.waves = []
        self.text = {
            size: (b"x" * size + b"\n") for size in (80, 200, 2000, 20000)}

    def ipq(self, program, *arguments, **options):
        """Runs the tool under the name of another program."""
        path = os.path.join(self.directory, program)
        if not os.path.exists(path):
            os.symlink(IPQ, path)
        process = subprocess.Popen(
            [path, *arguments, "-d", self.directory], **options)
        self.processes.append(process)
        return process

    def start(self):
        for name, options, sent, senders, sender, taken, takers, taker in QUEUES:
            self.ipq("ipq", "create", name, *options).wait()
            command = "tail" if "--broadcast" in options else "receive"
            rate = ["--rate", str(taken // takers)] if taken else []
            for _ in range(takers):
                self.ipq(taker, command, name, *rate, stdout=subprocess.DEVNULL)
            for _ in range(senders):
                pipe = self.ipq(
                    sender, "send", name, stdin=subprocess.PIPE).stdin
                os.set_blocking(pipe.fileno(), False)
                self.waves.append((name, pipe, sent / senders))

    def work(self, seconds, top):
        """Sends, more at one time than at another, and lets `top` draw."""
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            for number, (name, pipe, rate) in enumerate(self.waves):
                swing = (1, 1.6, 0.5, 1.2, 0.3, 0.8, 1.4, 0.7)[
                    int(now * 1.7 + number * 1.3) % 8]
                size = 20000 if name == "camera.frames" else (
                    2000 if name in ("thumbnails", "audit") else 80)
                count = int(rate * swing / 20) or (now * 10 % 10 < rate / 2)
                try:
                    os.write(pipe.fileno(), self.text[size] * int(count))
                except BlockingIOError:
                    pass  # the queue is full
            top.read(0.05)

    def kill_a_worker(self, top):
        """One of those that take jobs dies with a message in place."""
        other, full = os.pipe()
        os.set_blocking(full, False)
        try:
            while True:
                os.write(full, bytes(4096))
        except BlockingIOError:
            os.set_blocking(full, True)
        worker = self.ipq("worker", "receive", "jobs", stdout=full)
        while not self.holds(worker.pid):
            self.work(0.1, top)
        worker.kill()
        worker.wait()
        os.close(full)
        os.close(other)

    def holds(self, pid):
        """Does it wait for room in its pipe, with a message in place?"""
        status = subprocess.run(
            [IPQ, "stat", "jobs", "-d", self.directory], check=True,
            stdout=subprocess.PIPE).stdout.decode()
        return any("oldest held" in line and "process %d " % pid in line
                   for line in status.split("\n"))

    def end(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()


def picture(top, name, title):
    OUTPUT.joinpath(name).write_text(top.svg(title))
    print(OUTPUT / name)


def main():
    with tempfile.TemporaryDirectory() as directory:
        machine = Machine(directory)
        top = None
        try:
            machine.start()
            top = Terminal(
                [IPQ, "top", "-d", directory, "--interval", "500"])
            machine.work(10, top)
            machine.kill_a_worker(top)
            machine.work(1.5, top)
            top.wait_for("1 dead")
            picture(top, "ipq_top.svg", "ipq top: ten queues")
            top.type("jjj\r")
            top.wait_for("Esc all queues")
            machine.work(0.6, top)
            picture(top, "ipq_top_detail.svg", "ipq top: one queue in detail")
            top.type("q")
            while top.read(1):
                pass
            os.waitpid(top.pid, 0)
        finally:
            machine.end()


main()
