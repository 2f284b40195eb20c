# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""A terminal in memory, which understands what `ipq top` writes, and its picture
as SVG."""

import codecs
import fcntl
import html
import os
import re
import select
import struct
import termios
import time

SEQUENCE = re.compile(r"\x1b\[\??([0-9;]*)([A-Za-z])")
COLORS = {"31": "#f2545b", "32": "#5fbf70", "33": "#e0b040", "36": "#58b6c9"}


class Terminal:
    """A program in a pseudo-terminal, and what is on its screen."""

    def __init__(self, arguments, lines=24, columns=80, environment=None):
        self.lines, self.columns = lines, columns
        self.clear()
        self.line = self.column = 0
        self.style = ""
        self.rest = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.output = b""
        self.file, other = os.openpty()
        self.name = os.ttyname(other)
        self.resize(lines, columns)
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(other, termios.TIOCSCTTY, 0)
            for number in 0, 1, 2:
                os.dup2(other, number)
            os.execve(
                arguments[0], arguments,
                {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm",
                 **(environment or {})})
        os.close(other)

    def resize(self, lines, columns):
        fcntl.ioctl(
            self.file, termios.TIOCSWINSZ,
            struct.pack("HHHH", lines, columns, 0, 0))
        self.lines, self.columns = lines, columns
        self.clear()

    def clear(self):
        self.cells = [
            [(" ", "")] * self.columns for _ in range(self.lines)]

    def read(self, seconds):
        """Takes the output of that time. Returns False at the end."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.file], [], [], left)[0]:
                return True
            try:
                more = os.read(self.file, 65536)
            except OSError:  # how Linux reports the end
                more = b""
            if not more:
                return False
            self.output += more
            self.write(self.decoder.decode(more))
        return True

    def wait_for(self, text, seconds=20):
        end = time.monotonic() + seconds
        while text not in self.text():
            assert self.read(0.05) or text in self.text(), (
                "the program ended without '%s'" % text, self.output[-500:])
            assert time.monotonic() < end, (
                "'%s' did not appear" % text, self.text())

    def type(self, keys):
        os.write(self.file, keys.encode())

    def text(self):
        return "\n".join(
            "".join(c for c, _ in line).rstrip() for line in self.cells)

    def write(self, text):
        text = self.rest + text
        self.rest = ""
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                found = SEQUENCE.match(text, at)
                if not found:  # the rest of it comes later
                    self.rest = text[at:]
                    return
                self.obey(found.group(1), found.group(2))
                at = found.end()
                continue
            self.put(text[at])
            at += 1

    def put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.line += 1
            assert self.line < self.lines, "the screen would scroll"
        else:
            assert self.column < self.columns, (
                "line %d is too long" % self.line, self.text())
            self.cells[self.line][self.column] = (character, self.style)
            self.column += 1

    def obey(self, numbers, letter):
        blank = (" ", "")
        if letter == "H":
            self.line = self.column = 0
        elif letter == "K":
            line = self.cells[self.line]
            line[self.column:] = [blank] * (self.columns - self.column)
        elif letter == "J":
            self.obey("", "K")
            for line in range(self.line + 1, self.lines):
                self.cells[line] = [blank] * self.columns
        elif letter == "m":
            self.style = "" if numbers == "0" else numbers

    def svg(self, title):
        """The screen as a picture."""
        width, height = 8.4, 18
        pieces = [
            '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
            'font-family="monospace" font-size="14">'
            % (self.columns * width + 20, self.lines * height + 16),
            "<title>%s</title>" % html.escape(title),
            '<rect width="100%" height="100%" rx="6" fill="#1d2229"/>']
        for number, line in enumerate(self.cells):
            pieces += self.runs(line, 10, number * height + 8, width, height)
        return "\n".join(pieces + ["</svg>\n"])

    def runs(self, line, left, top, width, height):
        begin = 0
        while begin < len(line):
            end = begin
            while end < len(line) and line[end][1] == line[begin][1]:
                end += 1
            text = "".join(c for c, _ in line[begin:end])
            styles = line[begin][1].split(";")
            if text.strip() or "7" in styles:
                fill = next((COLORS[s] for s in styles if s in COLORS), "#d6dae0")
                x = left + begin * width
                if "7" in styles:
                    yield ('<rect x="%.1f" y="%d" width="%.1f" height="%d" '
                           'fill="%s"/>' % (x, top, len(text) * width, height, fill))
                    fill = "#1d2229"
                yield (
                    '<text x="%.1f" y="%d" textLength="%.1f" fill="%s"%s '
                    'xml:space="preserve">%s</text>'
                    % (x, top + 14, len(text) * width, fill,
                       ' font-weight="bold"' if "1" in styles else "",
                       html.escape(text)))
            begin = end
