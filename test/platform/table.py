#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Puts what test/run.sh and test/platform_check.sh have run into the table of
doc/platforms.md: a line for each system, compiler and version of Boost, the
newest result of each.

Usage: test/platform/table.py [RESULTS]   (default: build/platform/results.tsv)
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "doc/platforms.md"
BEGIN = "<!-- made by test/platform/table.py -->\n"
END = "<!-- end -->\n"
HEAD = ("system", "compiler", "Boost", "passed", "failed", "skipped", "date",
        "remark")


def read_table(text):
    """The rows that the page has: {(system, compiler, Boost): cells}."""
    rows = re.findall(r"^\| (.*) \|$", text, re.M)[2:]
    cells = [row.split(" | ") for row in rows]
    return {tuple(row[:3]): row for row in cells if len(row) == len(HEAD)}


def read_results(path):
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    for row in rows:
        if len(row) != len(HEAD):
            sys.exit(f"{path}: not {len(HEAD)} columns: {row}")
    return {tuple(row[:3]): [cell or "-" for cell in row] for row in rows}


def main():
    path = Path(sys.argv[1] if sys.argv[1:] else
                ROOT / "build/platform/results.tsv")
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    old, after = rest.split(END)
    rows = read_table(old)
    rows.update(read_results(path))
    lines = ["| " + " | ".join(HEAD) + " |", "| --- " * len(HEAD) + "|"]
    lines += ["| " + " | ".join(rows[key]) + " |" for key in sorted(rows)]
    PAGE.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after)


main()
