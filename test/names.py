#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Checks that the names in the documentation exist in the code.

Usage: test/names.py [--self-test]

In doc/*.md, checks `name()`, `object.name()`, `errc::name` and the like, and
`file.hpp`, except names that begin with std:: or boost::. Leaves out the release notes, which also name what was
removed. In test/model/README.md, checks all names of code: those in the
column "in the code" and in the row "models".

  --self-test  expects errors for wrong names
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)


def read_code(folders):
    """The paths of the C++ files, and the words of their code."""
    paths = [path for folder in folders
             for path in (ROOT / folder).rglob("*.[hic]pp")]
    code = (COMMENT.sub("", path.read_text()) for path in paths)
    words = {word for text in code for word in re.findall(r"\w+", text)}
    return [f"/{path.relative_to(ROOT).as_posix()}" for path in paths], words


def find_names(text):
    """The functions and files that a page of documentation names."""
    for name in re.findall(r"`([^`\n]+)`", text):
        if re.fullmatch(r"[\w/]+\.[hi]pp", name):
            yield name
        elif re.fullmatch(r"(?!std::|boost::)[\w:.]+\([^()]*\)", name):
            yield name.split("(")[0]
        elif re.fullmatch(r"(errc|lifetime|overflow|queue_options|boost_ipq)"
                          r"(::\w+)+", name):
            yield name


def find_model_names(text):
    """The names of code in the tables of the model's README."""
    in_code = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            in_code = False
        elif cells[:2] == ["in the model", "in the code"]:
            in_code = True
        elif in_code or cells[0] == "models":
            yield from re.findall(r"`([\w:~]+)`", " ".join(cells[1:]))


def missing(names, paths, words):
    for name in names:
        if name.endswith(("hpp", "ipp")):
            found = (name.startswith("boost/")
                     or any(path.endswith("/" + name) for path in paths))
        else:
            found = words.issuperset(re.findall(r"\w+", name))
        if not found:
            yield name


def check():
    paths, words = read_code(["boost_ipq", "test", "bench", "example"])
    for page in sorted((ROOT / "doc").glob("*.md")):
        if page.name != "release_notes.md":
            # Pages about other systems name objects of these.
            others = page.name.startswith(("coming_from_", "bridge"))
            names = [name for name in find_names(page.read_text())
                     if not others or "." not in name or "pp" in name]
            for name in missing(names, paths, words):
                yield f"doc/{page.name}: `{name}` is not in the code"
    page = "test/model/README.md"
    names = list(find_model_names((ROOT / page).read_text()))
    if len(names) < 20:
        yield f"{page}: the tables have only {len(names)} names of code"
    for name in missing(names, *read_code(["boost_ipq"])):
        yield f"{page}: `{name}` is not in the code"


def self_test():
    paths = ["/boost_ipq/detail/ring/ring.hpp"]
    words = {"ring", "look", "publisher_line", "room"}
    page = ("`look()` `gone()` `ring.hpp` `ring/ring.hpp` `g.hpp` `look(x, y)` "
            "`std::gone()` `ring.lost(1)` `ring.look()` `errc::gone`")
    model = ("| | `a.pml` |\n|---|---|\n| models | `ring`, `lost` |\n\n"
             "| in the model | in the code |\n| --- | --- |\n"
             "| `not_checked` | `publisher_line::room`, `ring::gone` |\n")
    if list(missing(find_names(page), paths, words)) != [
            "gone", "g.hpp", "ring.lost", "errc::gone"]:
        yield "wrong names of a page are not found"
    if list(missing(find_model_names(model), paths, words)) != [
            "lost", "ring::gone"]:
        yield "wrong names of the model are not found"


def main(arguments):
    if arguments not in ([], ["--self-test"]):
        print(__doc__)
        return arguments != ["--help"]
    errors = list(self_test() if arguments else check())
    print("\n".join(errors) or "no errors")
    return bool(errors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
