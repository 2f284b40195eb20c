#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""One participant of the test against the packages, with the Python package.

See interop.py. peer.cpp and rust/src/main.rs do the same in their languages.
"""

import sys
import time
import zlib

from cloudtoid_interprocess import (CapacityMismatchError, Publisher,
                                    Subscriber)

TIME_LIMIT = 600.0  # interop.py gives up earlier
BYTES = bytes(range(256))


def body(i, capacity):
    size = i * 7 % (capacity - 7)
    begin = i % 256
    return (BYTES * ((begin + size) // 256 + 1))[begin:begin + size]


def say(line):
    print(line, flush=True)


def hear():
    sys.stdin.readline()


def enqueue(out, message):
    while not out.try_send(message):
        time.sleep(0)


def dequeue(source):
    message = source.receive(TIME_LIMIT)
    if message is None:
        raise RuntimeError("nothing arrives")
    return message


def send(options, count, _):
    with Publisher(*options) as out:
        say("ready")
        hear()
        for i in range(count):
            enqueue(out, body(i, options[1]))
        say("sent")
        hear()


def send_batches(options, count, _):
    with Publisher(*options) as out:
        say("ready")
        hear()
        batch = [body(i, options[1]) for i in range(count)]
        while batch:
            batch = batch[out.try_send_batch(batch[:500]):]
        say("sent")
        hear()


def receive(options, count, _):
    with Subscriber(*options) as source:
        say("ready")
        for i in range(count):
            if dequeue(source) != body(i, options[1]):
                raise RuntimeError(f"wrong message {i}")
        say("received")
        hear()


def hold(options, _, kind):
    with (Publisher if kind == "publisher" else Subscriber)(*options):
        say("ready")
        hear()


def mismatch(options, *_):
    try:
        with Subscriber(*options):
            say("opened")
    except CapacityMismatchError:
        say("mismatch")


def fill(options, *_):
    with Publisher(*options) as out:
        count = 0
        while out.try_send(b"0123456789"):
            count += 1
        say(count)
        hear()


def drain(options, *_):
    with Subscriber(*options) as source:
        count = 0
        while source.try_receive() is not None:
            count += 1
        say(count)
        hear()


def count(options, number, name):
    with Publisher(*options) as out:
        say("ready")
        hear()
        i = 0
        while number == 0 or i < number:
            enqueue(out, f"{name} {i} {'x' * (i % 50)}".encode())
            i += 1
        say("sent")
        hear()


def collect(options, *_):
    with Subscriber(*options) as source:
        say("ready")
        while (message := dequeue(source)) != b"end":
            say(message.decode().rsplit(" ", 1)[0])
        say("end")


def stream(options, number, _):
    with Publisher(*options) as out:
        crc = 0
        zeroes = bytes(16)
        i = 0
        while i < number:
            batch = [j.to_bytes(8, "little") + zeroes +
                     (3 * j).to_bytes(8, "little")
                     for j in range(i, min(i + 1000, number))]
            i += len(batch)
            crc = zlib.crc32(b"".join(batch), crc)
            while batch:
                sent = out.try_send_batch(batch)
                if sent == 0:
                    time.sleep(0)
                batch = batch[sent:]
        say(crc)
        hear()


def stream_end(options, number, _):
    with Subscriber(*options) as source:
        say("ready")
        crc = 0
        for _ in range(number):
            crc = zlib.crc32(dequeue(source), crc)
        say(crc)


def forward(options, number, name):
    with Subscriber(*options) as source, \
            Publisher(name, options[1], options[2]) as out:
        say("ready")
        for _ in range(number):
            enqueue(out, dequeue(source))
        say("sent")
        hear()


def main(role, name, capacity, path, number, more=""):
    globals()[role]((name, int(capacity), path), int(number), more)


if __name__ == "__main__":
    main(*sys.argv[1:])
