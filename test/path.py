#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Prints the files of the library that one call executes.

Usage: path.py CALL LIMIT OUTPUT...

Reads the files from callgrind's OUTPUT. Fails if there are more than LIMIT, or
if "The path of a message" in doc/design.md does not list exactly these. A
header and its .ipp count as one file. Does not count detail/platform/ (system
calls and compiler hints) and the leaves, which doc/design.md names.
"""

import re
import sys


def executed(outputs):
    """The library's files that callgrind saw executing."""
    files = set()
    for output in outputs:
        names = {}
        current = ""
        with open(output) as lines:
            for line in lines:
                place = re.match(r"(c?)f[lie]=\((\d+)\)(?: (.*))?", line)
                if place:
                    called, number, name = place.groups()
                    if name:
                        names[number] = name.strip()
                    if not called:
                        current = names[number]
                elif re.match(r"[+*\d-]", line):
                    files.add(current)
    ours = set()
    for name in files:
        found = re.search(r"boost_ipq/((?:detail/|impl/)?(?:\w+/)?(\w+)\.[hi]pp)$", name)
        if found and "/platform/" not in name:
            ours.add(found.group(2) + ".hpp")
    return ours


def documented(call):
    """The path and the leaves that doc/design.md gives for the call."""
    with open("doc/design.md") as document:
        text = document.read()
    section = text.split("## The path of a message", 1)[1].split("\n## ", 1)[0]
    part = section.split(f"### `{call}`", 1)[1].split("\n### ", 1)[0]
    steps = re.findall(r"^\d+\. `(?:\w+/)*(\w+\.hpp)`", part, re.M)
    leaves = re.search(r"Leaves:([^.]*(?:\.hpp[^.]*)*)\.", part)
    return steps, re.findall(r"(\w+\.hpp)", leaves.group(1)) if leaves else []


def main(call, limit, *outputs):
    found = executed(outputs)
    steps, leaves = documented(call)
    if len(set(steps)) != len(steps):
        print(f"{call}: doc/design.md enters a file twice")
        return 1
    if found != set(steps) | set(leaves):
        print(f"{call}: executed, but not in doc/design.md:",
              *sorted(found - set(steps) - set(leaves)))
        print(f"{call}: in doc/design.md, but not executed:",
              *sorted((set(steps) | set(leaves)) - found))
        return 1
    print(f"{call}: {len(steps)} files, at most {limit}:", *steps)
    print(f"{call}: leaves:", *sorted(leaves))
    return len(steps) > int(limit)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
