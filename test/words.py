#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Finds words and phrases that words.txt replaces, and misplaced `//!`.

Usage: test/words.py [FILE...]

Reads the files, or all that belong to the project. Prints file:line, what it
found, and the advice. Documentation comments (//!) belong to public headers,
not to boost_ipq/detail/ and boost_ipq/impl/.
"""

import bisect
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "test/words.txt"
FOLDERS = ["boost_ipq", "doc", "test", "bench", "example"]
TYPES = {".hpp", ".ipp", ".cpp", ".md", ".sh", ".py", ".txt", ".pml", ""}
SIGN = re.compile(r"\s*(?://!?|#|\*|--)?(?=\s|$)")


def read_list():
    for line in LIST.read_text().splitlines():
        if line and not line.startswith("#"):
            only_doc = line.startswith("doc: ")
            expression, advice = line.removeprefix("doc: ").split(" => ")
            yield re.compile(expression, re.I), advice, only_doc


def is_documentation(name):
    """Is this a page, or a public header? Pages about other systems use the
    words of these systems."""
    if re.match(r"doc/(coming_from|bridge)", name):
        return False
    return (name == "README.md" or
            re.fullmatch(r"doc/\w+\.md|boost_ipq/\w+\.hpp", name) is not None)


def project_files():
    yield ROOT / "README.md"
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in TYPES and path != LIST:
                yield path


def join_lines(text):
    """The text with a space for each line break, and where each line begins.

    A comment's sign is kept only where the comment begins; an empty line ends
    a paragraph: it becomes a line break.
    """
    joined, begins, sign = "", [], ""
    for line in text.splitlines():
        begins.append(len(joined))
        before, sign = sign, SIGN.match(line)
        sign = sign[0].strip() if sign else ""
        rest = line.strip()
        if sign and sign == before:
            rest = rest[len(sign):].lstrip()
        joined += rest + " " if rest and rest != sign else "\n"
    return joined, begins


def check(path, rules):
    text, begins = join_lines(path.read_text())
    name = path.resolve().relative_to(ROOT).as_posix()
    for expression, advice, only_doc in rules:
        if only_doc and not is_documentation(name):
            continue
        for match in expression.finditer(text):
            begin = match.end() - len(match[0].lstrip())
            yield (bisect.bisect(begins, begin),
                   f"'{match[0].strip()}': write: {advice}")
    if name.startswith(("boost_ipq/detail/", "boost_ipq/impl/")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if "//!" in line:
                yield number, "'//!': only in public headers; here write //"


def main(arguments):
    if arguments and arguments[0].startswith("-"):
        print(__doc__)
        return arguments != ["--help"]
    rules = list(read_list())
    found = 0
    for path in [Path(name) for name in arguments] or project_files():
        for number, what in sorted(set(check(path, rules))):
            print(f"{path.resolve().relative_to(ROOT)}:{number}: {what}")
            found += 1
    print(f"{found} found" if found else "no errors")
    return found != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
