#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Runs `ipq` in a terminal of 80 x 24: ends `top` in several ways, and answers
the question of `purge`.

Usage: terminal_test.py IPQ DIRECTORY QUEUE
"""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios

ENTER, LEAVE = b"\x1b[?1049h\x1b[?25l", b"\x1b[?25h\x1b[?1049l"


def start(command, *options):
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        ipq, directory = sys.argv[1:3]
        os.execv(ipq, [ipq, command, "-d", directory, *options])
    return pid, terminal


def read_until(terminal, text, so_far=b""):
    """The output up to the text, or, for None, to the end."""
    while text is None or text not in so_far:
        try:
            more = os.read(terminal, 4096)
        except OSError:  # how Linux reports the end
            more = b""
        if not more:
            assert text is None, (text, so_far)
            return so_far
        so_far += more
    return so_far


def check_view(output, queue):
    assert output.startswith(ENTER), output
    first = output[len(ENTER):].split(b"\x1b[J")[0]
    lines = re.sub(rb"\x1b\[[?0-9]*[A-Za-z]", b"", first).split(b"\r\n")
    assert len(lines) <= 24 and max(map(len, lines)) < 80, lines
    assert any(queue[:24].encode() in line for line in lines), lines


def end(pid, terminal, output, last=LEAVE):
    output = read_until(terminal, None, output)
    status = os.waitpid(pid, 0)[1]
    os.close(terminal)
    assert output.endswith(last), output[-80:]
    return status


def check_question(queue, answer, expected, last):
    pid, terminal = start("purge", queue)
    output = read_until(terminal, b"purge it? [y/N] ")
    os.write(terminal, answer + b"\n")
    assert os.WEXITSTATUS(end(pid, terminal, output, last)) == expected


queue = sys.argv[3]
pid, terminal = start("top", "--count", "2", "--interval", "1", "--sort", "full")
output = read_until(terminal, None)
check_view(output, queue)
assert end(pid, terminal, output) == 0

for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT:
    pid, terminal = start("top")
    output = read_until(terminal, b"\x1b[J")
    os.kill(pid, number)
    status = end(pid, terminal, output)
    assert os.WEXITSTATUS(status) == 128 + number, (number, status)

pid, terminal = start("top")
output = read_until(terminal, b"\x1b[J")
os.kill(pid, signal.SIGSEGV)
assert os.WTERMSIG(end(pid, terminal, output)) == signal.SIGSEGV

# Ctrl-Z shows the first screen; the next command, fg, the second one again.
pid, terminal = start("top")
output = read_until(terminal, b"\x1b[J")
os.kill(pid, signal.SIGTSTP)
assert os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])
output = read_until(terminal, LEAVE, output)
os.kill(pid, signal.SIGCONT)
output = read_until(terminal, ENTER, output[-len(LEAVE):])
os.kill(pid, signal.SIGTERM)
end(pid, terminal, output)

# Another process has the queue open: it has received all when it waits.
receiver = subprocess.Popen(
    [sys.argv[1], "receive", "-d", sys.argv[2], queue],
    stdout=subprocess.PIPE)
receiver.stdout.readline()
check_question(queue, b"n", 1, b"nothing was done\r\n")
check_question(queue, b"y", 0, b" messages dropped\r\n")
receiver.terminate()
receiver.communicate()
assert receiver.returncode == 143
