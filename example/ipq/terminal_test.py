#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Runs `ipq` in a terminal of 80 x 24: presses the keys of `top`, ends and stops
it in several ways, and answers the question of `purge`.

Usage: terminal_test.py IPQ DIRECTORY QUEUE
"""

import http.server
import os
import re
import signal
import subprocess
import sys
import termios
import threading
import time

from screen_picture import Terminal

ENTER, LEAVE = b"\x1b[?1049h\x1b[?25l", b"\x1b[0m\x1b[?25h\x1b[?1049l"
IPQ, DIRECTORY, QUEUE = sys.argv[1:4]


def start(command, *options, columns=200, environment=None):
    return Terminal(
        [IPQ, command, "-d", DIRECTORY, *options], columns=columns,
        environment=environment)


def start_top(*options):
    top = start("top", *options, columns=80)
    top.wait_for(QUEUE[:18])
    assert top.output.startswith(ENTER), top.output
    return top


def edits_lines(top):
    """Has the terminal the mode that a shell expects?"""
    flags = termios.tcgetattr(top.file)[3]
    return bool(flags & termios.ICANON) and bool(flags & termios.ECHO)


def end(terminal):
    """Waits for the end. Returns the status."""
    while terminal.read(1):
        pass
    return os.waitpid(terminal.pid, 0)[1]


def check_end(top):
    status = end(top)
    assert top.output.endswith(LEAVE), top.output[-80:]
    os.close(top.file)
    return status


def check_views():
    top = start_top("--count", "2", "--interval", "1", "--sort", "full")
    assert check_end(top) == 0
    for options in ("--sort", "nothing"), ("--interval", "-1"):
        refused = start("top", *options)
        assert os.WEXITSTATUS(end(refused)) == 2
    dumb = start("top", environment={"TERM": "dumb"})
    assert os.WEXITSTATUS(end(dumb)) == 1
    assert b"dumb" in dumb.output


def check_keys():
    top = start_top("--interval", "60000")
    assert not edits_lines(top)
    for key in "full", "rate", "dead", "name":
        top.type("s")
        top.wait_for("sorted by " + key)
    top.type("-")
    top.wait_for("every 30000 ms")
    top.type("\x1b[B\r")
    top.wait_for("Esc all queues")
    top.wait_for("  capacity      ")
    top.type("\x1b")
    top.wait_for("sorted by name")
    top.resize(10, 60)
    top.wait_for("sorted by name")
    assert len(top.text().split("\n")) == 10
    top.resize(50, 200)
    top.wait_for("sorted by name")
    top.type("q")
    assert check_end(top) == 0


def check_signals():
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT:
        top = start_top()
        os.kill(top.pid, number)
        status = check_end(top)
        assert os.WEXITSTATUS(status) == 128 + number, (number, status)
    # A crash; for SIGKILL, the second process restores the terminal.
    for number in signal.SIGSEGV, signal.SIGKILL:
        top = start_top()
        keep = os.open(top.name, os.O_RDWR | os.O_NOCTTY)
        os.kill(top.pid, number)
        assert os.WTERMSIG(os.waitpid(top.pid, 0)[1]) == number
        while LEAVE not in top.output:
            assert top.read(0.1)
        assert edits_lines(top)
        os.close(keep)


def check_stops():
    """Ctrl-Z shows the first screen; the next command, fg, the second again."""
    for number in signal.SIGTSTP, signal.SIGSTOP:
        top = start_top()
        os.kill(top.pid, number)
        assert os.WIFSTOPPED(os.waitpid(top.pid, os.WUNTRACED)[1])
        if number == signal.SIGTSTP:
            while LEAVE not in top.output:
                assert top.read(0.1)
            assert edits_lines(top)
        top.output = b""
        os.kill(top.pid, signal.SIGCONT)
        while ENTER not in top.output:
            assert top.read(0.1)
        assert not edits_lines(top)
        os.kill(top.pid, signal.SIGTERM)
        check_end(top)


def check_hangup():
    """The connection ends: the other side of the terminal is closed."""
    top = start_top()
    os.close(top.file)
    status = os.waitpid(top.pid, 0)[1]
    assert os.WEXITSTATUS(status) == 128 + signal.SIGHUP, status


def counters(path, written, sent, confirmed, connected=1, blocked=0):
    """Replaces the file, as ipq-bridge does, at that time."""
    with open(path + ".new", "w") as file:
        for name, value in (
                ("sent_total", sent), ("confirmed_total", confirmed),
                ("retried_total", 17), ("in_flight", sent - confirmed),
                ("lag", 123456), ("connected", connected),
                ("blocked", blocked)):
            file.write("# TYPE ipq_bridge_%s gauge\n" % name)
            file.write('ipq_bridge_%s{route="orders"} %d\n' % (name, value))
    os.utime(path + ".new", (written, written))
    os.rename(path + ".new", path)


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'ipq_bridge_sent_total{route="asked"} 9\n'
                         b'ipq_bridge_connected{route="asked"} 0\n'
                         b'ipq_bridge_lag{route="\x1b[7m"} 1\n')

    def log_message(self, *_):
        pass


def check_bridges():
    """The routes of a bridge: from a file, and asked for."""
    path = DIRECTORY + "/metrics.prom"
    line = re.compile(
        r"^orders +(\d+) +(\d+) +(\d+) +17 +(\d+) +123k (.*)$", re.MULTILINE)

    def shows(*expected):
        assert line.search(top.text()).groups() == expected, top.text()
    now = int(time.time())
    counters(path, now - 1000, 1000, 999)
    top = start_top("--interval", "100", "--bridge", path)
    top.wait_for("written 100")
    top.wait_for(" connected")
    shows("0", "0", "999", "1", "connected")
    # A rate is that between two files, however often they are looked at.
    counters(path, now - 990, 21000, 20000, blocked=1)
    top.wait_for("blocked")
    shows("2000", "1900", "20000", "1000", "blocked")
    end = time.monotonic() + 20
    while not re.search("written 99[1-9]", top.text()):
        assert top.read(0.05) and time.monotonic() < end, top.text()
    shows("2000", "1900", "20000", "1000", "blocked")
    counters(path, now - 980, 5, 5, connected=0)
    top.wait_for("away")
    shows("0", "0", "5", "0", "away")
    os.unlink(path)
    top.wait_for("No such file")
    top.type("q")
    assert check_end(top) == 0

    server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = "127.0.0.1:%d" % server.server_port
    top = start_top("--interval", "100", "--bridge", address, "--bridge", path)
    top.wait_for("asked")
    top.wait_for("away")
    top.wait_for("?[7m")  # nothing that the terminal would obey
    server.shutdown()
    server.server_close()
    top.wait_for("Connection refused")
    top.type("q")
    assert check_end(top) == 0


def check_question(answer, expected, last):
    purge = start("purge", QUEUE)
    purge.wait_for("purge it? [y/N]")
    purge.type(answer + "\n")
    assert os.WEXITSTATUS(end(purge)) == expected
    assert purge.output.endswith(last), purge.output


def check_questions():
    # Another process has the queue open: it has received all when it waits.
    receiver = subprocess.Popen(
        [IPQ, "receive", "-d", DIRECTORY, QUEUE], stdout=subprocess.PIPE)
    receiver.stdout.readline()
    check_question("n", 1, b"nothing was done\r\n")
    check_question("y", 0, b" messages dropped\r\n")
    receiver.terminate()
    receiver.communicate()
    assert receiver.returncode == 143


def check_progress():
    """The terminal is the standard error only."""
    send = Terminal(
        ["/bin/sh", "-c",
         'seq 3 | "$0" send "$1" -d "$2"; "$0" receive "$1" -d "$2" '
         '--until-empty > "$2/received"', IPQ, QUEUE, DIRECTORY])
    assert end(send) == 0
    # Each ends with such a line. A slow one writes another before it.
    ends = re.findall(rb"\r3 messages, [^\r\n]*\r\n", send.output)
    assert len(ends) == 2, send.output


check_views()
check_keys()
check_signals()
check_stops()
check_hangup()
check_bridges()
check_questions()
check_progress()
