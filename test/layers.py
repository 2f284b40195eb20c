#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Checks the headers against the table of layers in doc/design.md.

Usage: test/layers.py [--self-test]

Each folder of boost_ipq/detail/ is a layer; boost_ipq/impl/LAYER/ belongs to
it. A file may include its own layer and those above it in the table, directly
or through public headers. The table names each header of each layer: a name
that ends in "/" stands for all files of a subfolder.

  --self-test  makes wrong trees in a temporary folder and expects the errors
"""

import re
import sys
import tempfile
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def read_table(root):
    """The layers in their order: {folder: names of its headers}."""
    text = (root / "doc/design.md").read_text()
    section = re.search(r"^## Layers$(.*?)(?=^## |\Z)", text, re.M | re.S)
    rows = re.findall(r"^\| *(\w+) *\|([^|]*)\|", section[1], re.M)[1:]
    return {name: re.findall(r"`([^`]+)`", cell) for name, cell in rows}


def read_includes(root):
    """The library's files and what each includes: {path: paths}."""
    includes = {}
    for path in sorted((root / "boost_ipq").rglob("*.[hi]pp")):
        name = path.relative_to(root).as_posix()
        includes[name] = []
        for target in INCLUDE.findall(path.read_text()):
            beside = path.parent / target
            if beside.exists():
                target = beside.resolve().relative_to(root).as_posix()
            if target.startswith("boost_ipq/"):
                includes[name].append(target)
    return includes


def layer_of(name):
    """The layer's folder, or None for a public file."""
    parts = name.split("/")
    if parts[1] in ("detail", "impl") and len(parts) > 3:
        return parts[2]
    return None


def find_later_layer(name, includes, order):
    """The chain of files by which `name` reaches a layer that comes later.

    Only public files are followed: each file of a layer has its own search.
    """
    chains = [[name]]
    seen = set()
    while chains:
        chain = chains.pop(0)
        for target in includes.get(chain[-1], []):
            layer = layer_of(target)
            if layer is None and target not in seen:
                seen.add(target)
                chains.append(chain + [target])
            elif layer and order.get(layer, -1) > order[layer_of(name)]:
                return chain + [target]
    return None


def check_includes(includes, table):
    order = {layer: i for i, layer in enumerate(table)}
    for name, targets in includes.items():
        for target in targets:
            if target not in includes:
                yield f"{name} includes {target}, which does not exist"
        layer = layer_of(name)
        if layer is None:
            if name.startswith("boost_ipq/detail/"):
                yield f"{name} is in no folder of a layer"
        elif layer not in order:
            yield f"{name}: the table has no layer '{layer}'"
        else:
            chain = find_later_layer(name, includes, order)
            if chain:
                yield (f"{name} ({layer}) includes a later layer: "
                       + " -> ".join(chain[1:]))


def check_table(includes, table):
    for layer, names in table.items():
        folder = f"boost_ipq/detail/{layer}/"
        headers = [n[len(folder):] for n in includes if n.startswith(folder)]
        for header in headers:
            subfolder = header.split("/")[0] + "/"
            if header not in names and subfolder not in names:
                yield f"{folder}{header} is not in the table"
        for name in names:
            if not any(h == name or name.endswith("/") and h.startswith(name)
                       for h in headers):
                yield f"the table names {folder}{name}, which does not exist"


def check(root):
    table = read_table(root)
    includes = read_includes(root)
    return [*check_includes(includes, table), *check_table(includes, table)]


RIGHT = {
    "doc/design.md": """# Design
## Layers
| layer | headers | what |
| --- | --- | --- |
| low | `a.hpp`, `linux/` | first |
| high | `b.hpp` | second |
## Next
| other | `none.hpp` | a different table |
""",
    "boost_ipq/detail/low/a.hpp": "#include <boost_ipq/open.hpp>\n",
    "boost_ipq/detail/low/linux/c.hpp": '#include "../a.hpp"\n',
    "boost_ipq/detail/high/b.hpp": "#include <boost_ipq/impl/low/a.ipp>\n",
    "boost_ipq/impl/low/a.ipp": "#include <boost_ipq/detail/low/a.hpp>\n",
    "boost_ipq/impl/open.ipp": "#include <boost_ipq/detail/high/b.hpp>\n",
    "boost_ipq/open.hpp": "#include <string>\n",
}
HIGH = "#include <boost_ipq/detail/high/b.hpp>\n"
WRONG = [  # the files that differ, a part of the error
    ({"boost_ipq/detail/low/a.hpp": HIGH}, "later layer"),
    ({"boost_ipq/detail/low/a.hpp": "#  include \"../high/b.hpp\"\n"},
     "later layer"),
    ({"boost_ipq/open.hpp": HIGH}, "later layer: boost_ipq/open.hpp -> "),
    ({"boost_ipq/open.hpp": "#include <boost_ipq/impl/open.ipp>\n"},
     "later layer"),
    ({"boost_ipq/impl/low/a.ipp": HIGH}, "boost_ipq/impl/low/a.ipp (low)"),
    ({"boost_ipq/open.hpp": "#include <boost_ipq/gone.hpp>\n"},
     "does not exist"),
    ({"boost_ipq/detail/loose.hpp": ""}, "in no folder"),
    ({"boost_ipq/detail/other/d.hpp": ""}, "no layer 'other'"),
    ({"boost_ipq/impl/other/d.ipp": ""}, "no layer 'other'"),
    ({"boost_ipq/detail/low/d.hpp": ""}, "is not in the table"),
    ({"boost_ipq/detail/low/linux/c.hpp": None}, "linux/, which does not"),
    ({"boost_ipq/detail/high/b.hpp": None, "boost_ipq/impl/open.ipp": ""},
     "b.hpp, which does not exist"),
]


def errors_of(files):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name, text in files.items():
            if text is not None:
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        return check(root)


def self_test():
    errors = [f"right tree: {error}" for error in errors_of(RIGHT)]
    for changes, expected in WRONG:
        found = errors_of({**RIGHT, **changes})
        if not any(expected in error for error in found):
            errors.append(f"{changes}: expected '{expected}', got {found}")
    return errors


def main(arguments):
    if arguments not in ([], ["--self-test"]):
        print(__doc__)
        return arguments != ["--help"]
    root = Path(__file__).resolve().parent.parent
    errors = self_test() if arguments else check(root)
    print("\n".join(errors) or "no errors")
    return bool(errors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
