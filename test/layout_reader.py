#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Reads a queue by what doc/layout.md says, and by nothing else.

Usage: test/layout_reader.py NAME [DIRECTORY]

Prints the name, the kind, the capacity, the bytes of it in use, and the
messages that wait (in a broadcast, that are kept), oldest first, in hexadecimal.
Takes no lock: run it while no process works on the queue. Linux; Python's standard library only.
"""

import mmap
import struct
import sys
from pathlib import Path

MARK_SIZE = 1024
MARK_MAGIC = 0x316B72616D717069
CONTROL_MAGIC = 0x71706974736F6F62
VERSION = 4
(NONE, RESERVED, COMMITTED, CLAIMED, RETURNED, CONSUMED, ABANDONED, PADDING,
 SPAN) = range(9)
PUBLISHERS, SUBSCRIBERS = 128, 256      # lines of the control block


class Damaged(Exception):
    pass


def word(data, at):
    return struct.unpack_from("=Q", data, at)[0]


def half(data, at):
    return struct.unpack_from("=I", data, at)[0]


def text(data, at, size):
    return data[at:at + size].split(b"\0")[0].decode()


def checksum(data):
    """64-bit FNV-1a; never 0."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) % 2**64
    return value | 1


class Mark:
    """The beginning of the lock file."""

    def __init__(self, data):
        if len(data) < MARK_SIZE or word(data, 0) != MARK_MAGIC:
            raise Damaged("no mark")
        if half(data, 12) != VERSION:
            raise Damaged(f"layout version {half(data, 12)}")
        cleared = bytearray(data)
        for at, size in ((56, 16), (280, 8), (516, 252), (776, 8)):
            cleared[at:at + size] = bytes(size)
        if word(data, 280) != checksum(cleared):
            raise Damaged("the checksum of the mark")
        self.capacity = word(data, 24)
        self.alignment = word(data, 32)
        self.segment_size = word(data, 40)
        self.root = word(data, 48)
        self.name = text(data, 76, 204)
        self.epoch = word(data, 288)
        self.kind = half(data, 296)
        self.buffer = word(data, 768)


class Queue:
    def __init__(self, name, directory="/dev/shm"):
        path = Path(directory) / f"boost_ipq.{name}"
        self.mark = Mark(Path(f"{path}.lock").read_bytes()[:MARK_SIZE])
        with open(f"{path}.segment", "rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        if len(self.data) != self.mark.segment_size:
            raise Damaged("the size of the segment")
        root = self.mark.root
        if word(self.data, root) != CONTROL_MAGIC or (
                word(self.data, root + 40) != self.mark.epoch):
            raise Damaged("the control block")
        self.buffer_size = word(self.data, root + 16)
        self.delivery_word = half(self.data, root + 36) - 8     # bytes
        self.head = word(self.data, root + PUBLISHERS + 8)
        self.read = word(self.data, root + SUBSCRIBERS + 8)
        self.free = word(self.data, root + SUBSCRIBERS + 16)

    def records(self, begin, end):
        """(state, size, body) of each record between two positions."""
        at, last = begin % 2**32 * 8, end % 2**32 * 8
        steps = 0
        while at != last or steps == 0 and begin != end:
            header = word(self.data, self.mark.buffer + at)
            state, length = header & 15, header >> 32
            if state == SPAN:
                size, body = length * 8, b""
            elif RESERVED <= state <= PADDING:
                size = -(-(8 + length) // self.mark.alignment) * (
                    self.mark.alignment)
                body = self.data[self.mark.buffer + at + 8 + self.delivery_word:
                                 self.mark.buffer + at + 8 + length]
            else:
                raise Damaged(f"a record of state {state}")
            if size == 0 or at + size > self.buffer_size:
                raise Damaged("a record beyond the end")
            yield state, size, body
            at = (at + size) % self.buffer_size
            steps += 1

    def messages(self):
        """What waits: first what is to be delivered again.

        In a broadcast: what is kept for its subscribers, and the history.
        """
        if self.mark.kind == 1:
            yield from (body for state, _, body in
                        self.records(self.free, self.head)
                        if state == COMMITTED)
            return
        for state, _, body in self.records(self.free, self.read):
            if state == RETURNED:
                yield body
        for state, _, body in self.records(self.read, self.head):
            if state == COMMITTED:
                yield body

    def bytes(self):
        """The bytes of the capacity in use."""
        return sum(size for state, size, _ in self.records(self.free, self.head)
                   if state != PADDING)


def main(arguments):
    if not 1 <= len(arguments) <= 2 or arguments[0].startswith("-"):
        print(__doc__)
        return arguments != ["--help"]
    try:
        queue = Queue(*arguments)
        print(queue.mark.name)
        print(["queue", "broadcast"][queue.mark.kind])
        print(queue.mark.capacity)
        print(queue.bytes())
        for message in queue.messages():
            print(message.hex())
    except (Damaged, OSError) as error:
        print(f"layout_reader.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
