#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Draws the pictures of doc/images/ that are made from text.

Usage: doc/tool/diagrams.py [FOLDER]

Each file in doc/tool/diagrams/ is a picture. Its lines:

  == TEXT               a step, with its caption
  cells: 1:sent 2:done  records of the ring in that step, LABEL:STATE
  marks: read@0 head@2  arrows to the left edge of a cell
  lanes: A, B, C        processes, for a sequence of events
  A: TEXT               an event in the lane of A
  A -> B: TEXT          an arrow between lanes
  A x TEXT              the process A dies; its lane ends

Lines that begin with # are comments.
"""

import html
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WIDTH, CELL, LINE = 720, 76, 17
STATES = {"sent", "filling", "reading", "done", "zero", "again", "dead",
          "recovered"}
STYLE = """
  svg { color-scheme: light dark; }
  text { font: 13px "DejaVu Sans", Verdana, Arial, sans-serif; fill: #111; }
  .mark { font-size: 12px; } .soft { fill: #555; font-size: 11px; }
  rect { stroke: #445; stroke-width: 1.2; fill: #fff; }
  .sent { fill: #cfe3f7; } .filling { fill: #fdf0c4; }
  .reading { fill: #fbdcb5; } .again { fill: #e3d4f5; }
  .recovered { fill: #d6f0d4; } .done { fill: #e4e6e8; }
  .zero { stroke-dasharray: 4 3; fill: none; }
  .dead { fill: #f9d2d2; stroke: #b02020; stroke-width: 2; }
  .line { stroke: #445; stroke-width: 1.2; fill: none; }
  .lane { stroke: #889; stroke-dasharray: 3 3; }
  .end { stroke: #b02020; stroke-width: 2.5; } .arrow { fill: #445; }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd; } .soft { fill: #aaa; }
    rect { stroke: #99a; fill: #222; }
    .sent { fill: #1f3f60; } .filling { fill: #564a16; }
    .reading { fill: #5b3c12; } .again { fill: #432f5e; }
    .recovered { fill: #234a24; } .done { fill: #3a3d41; }
    .zero { fill: none; } .dead { fill: #571e1e; stroke: #e06060; }
    .line { stroke: #99a; } .arrow { fill: #99a; }
  }
"""


class Picture:
    def __init__(self):
        self.parts = []
        self.y = 8

    def add(self, part):
        self.parts.append(part)

    def text(self, x, y, text, kind="", anchor="start"):
        kind = f' class="{kind}"' if kind else ""
        self.add(f'<text x="{x}" y="{y}"{kind} text-anchor="{anchor}">'
                 f"{html.escape(text, quote=False)}</text>")

    def paragraph(self, x, text, columns, kind=""):
        for line in broken(text, columns):
            self.y += LINE
            self.text(x, self.y, line, kind)

    def caption(self, text):
        self.y += 10
        self.paragraph(8, text, 96)

    def cells(self, cells, marks):
        top = self.y + 10
        for number, cell in enumerate(cells):
            label, _, state = cell.partition(":")
            if state not in STATES:
                raise ValueError(f"no such state: {cell}")
            x = 8 + number * CELL
            self.add(f'<rect x="{x}" y="{top}" width="{CELL}" height="40" '
                     f'class="{state}"/>')
            self.text(x + CELL / 2, top + 18, label.replace("_", " "),
                      anchor="middle")
            self.text(x + CELL / 2, top + 33, state, "soft", "middle")
        self.y = top + 40
        for mark in marks:
            name, _, place = mark.partition("@")
            x = 8 + int(place) * CELL
            self.add(f'<path d="M{x} {self.y + 2} l-5 9 h10 z" class="arrow"/>')
            same = [other for other in marks if other.endswith("@" + place)]
            self.text(x + 8 + 52 * same.index(mark), self.y + 12, name, "mark")
        self.y += 16 if marks else 4

    def sequence(self, lanes, events):
        step = WIDTH // len(lanes)
        middle = {name: step // 2 + step * number
                  for number, name in enumerate(lanes)}
        for name in lanes:
            self.add(f'<rect x="{middle[name] - 60}" y="{self.y + 4}" '
                     f'width="120" height="24" class="sent"/>')
            self.text(middle[name], self.y + 21, name, anchor="middle")
        self.y += 28
        top, ends = self.y, {}
        lines = len(self.parts)
        for event in events:
            self.y += 12
            self.event(event, middle, step, ends)
        self.y += 14
        for name in lanes:
            self.parts.insert(
                lines, f'<path d="M{middle[name]} {top} '
                f'V{ends.get(name, self.y)}" class="line lane"/>')

    def event(self, event, middle, step, ends):
        kind, name, other, text = event
        x = middle[name]
        if kind == "arrow":
            to = middle[other]
            self.y += LINE
            self.text((x + to) / 2, self.y - 4, text, "mark", "middle")
            way = 7 if to < x else -7
            self.add(f'<path d="M{x} {self.y} H{to}" class="line"/>')
            self.add(f'<path d="M{to} {self.y} l{way} -4 v8 z" class="arrow"/>')
            return
        rows = broken(text, step // 8)
        height = LINE * len(rows) + 8
        self.add(f'<rect x="{x - step // 2 + 6}" y="{self.y}" '
                 f'width="{step - 12}" height="{height}" '
                 f'class="{"dead" if kind == "end" else "done"}"/>')
        for number, row in enumerate(rows):
            self.text(x, self.y + 16 + LINE * number, row, "mark", "middle")
        self.y += height
        if kind == "end":
            ends[name] = self.y

    def svg(self):
        height = int(self.y + 12)
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
                f'height="{height}" viewBox="0 0 {WIDTH} {height}">\n'
                f"<style>{STYLE}</style>\n" + "\n".join(self.parts) +
                "\n</svg>\n")


def broken(text, columns):
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > columns:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return lines


def draw(text):
    picture = Picture()
    cells, lanes, events = None, [], []
    for line in [*text.splitlines(), "== "]:
        if not line.strip() or line.startswith("#"):
            continue
        if found := re.match(r"== ?(.*)", line):
            if cells:
                picture.cells(*cells)
            cells = None
            if found[1]:
                picture.caption(found[1])
        elif found := re.match(r"cells: (.*)", line):
            cells = (found[1].split(), [])
        elif found := re.match(r"marks: (.*)", line):
            cells[1].extend(found[1].split())
        elif found := re.match(r"lanes: (.*)", line):
            lanes = found[1].split(", ")
        elif found := re.match(r"(\w[\w ]*?) -> (\w[\w ]*): (.*)", line):
            events.append(("arrow", found[1], found[2], found[3]))
        elif found := re.match(r"(\w[\w ]*?) x (.*)", line):
            events.append(("end", found[1], None, found[2]))
        elif found := re.match(r"(\w[\w ]*): (.*)", line):
            events.append(("event", found[1], None, found[2]))
        else:
            raise ValueError(f"cannot read: {line}")
    if lanes:
        picture.sequence(lanes, events)
    return picture.svg()


def draw_all():
    """(name, content) of each picture."""
    for path in sorted((ROOT / "doc/tool/diagrams").glob("*.txt")):
        yield path.stem + ".svg", draw(path.read_text())


def main(arguments):
    if len(arguments) > 1 or arguments[:1] == ["--help"]:
        print(__doc__)
        return arguments != ["--help"]
    folder = Path(arguments[0]) if arguments else ROOT / "doc/images"
    for name, text in draw_all():
        (folder / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
