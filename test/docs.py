#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Checks the documentation against the code.

Usage: test/docs.py [--rewrite | --self-test]

- Each public name has a text (//!), from which doc/build.sh makes the
  reference.
- Each link in a page leads to a file or a heading that is there, and
  doc/README.md links each page of doc/.
- Each block of C++, CMake or b2 in a page is a part of a file. The page names
  it in a line in front of the block:
      <!-- snippet: example/snippets.cpp: NAME -->
  The part stands between the lines //[ NAME and //]. Without NAME, it is the
  whole file behind its copyright; parts of one name are one. own("orders") in the file, which makes a name
  that no other program uses, is "orders" in the page. Only files that the
  build compiles may be named.
- Each error text of the library is in doc/troubleshooting.md.
- Each test case that the table of doc/testing.md names is there.
- The pictures in doc/images/ are those that doc/tool/diagrams.py makes.

  --rewrite    writes the snippets into the pages, and the pictures
  --self-test  breaks copies of good pages and expects the errors
"""

import re
import sys
from os.path import normpath
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "doc/tool"))
import reference  # noqa: E402

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
SNIPPET = re.compile(r"(<!-- snippet: ([\w./]+)(?:: (\w+))? -->\n)?"
                     # Those that test/newcomer.sh runs are in no other file.
                     r"(?<!: CMakeLists.txt -->\n)(?<!of find_package -->\n)"
                     r"^```(cpp|cmake|b2)\n(.*?)^```$", re.M | re.S)


def pages():
    return [ROOT / "README.md", *sorted((ROOT / "doc").glob("*.md"))]


def other_texts():
    """Markdown that is no page: only its links are checked."""
    for folder in (".github", "test", "bench", "example", "packaging"):
        yield from sorted((ROOT / folder).rglob("*.md"))


def name_of(path):
    return path.relative_to(ROOT).as_posix()


# ---- The reference ----------------------------------------------------------


def check_reference():
    for header, entity in reference.undocumented(reference.read_headers()):
        yield (f"{header.name}:{entity.line}: {entity.path} is public and has "
               "no text (//!)")


# ---- Links ------------------------------------------------------------------


def anchors(text):
    """The anchors that GitHub and pandoc make for the headings."""
    result = set()
    for heading in re.findall(r"^#+ (.*)", FENCE.sub("", text), re.M):
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        mark = re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")
        number = 1
        unique = mark
        while unique in result:
            unique, number = f"{mark}-{number}", number + 1
        result.add(unique)
    return result


def links(text):
    """(line, target) of each link outside of code."""
    hidden = re.sub(r"^```.*?^```$|`[^`\n]+`",
                    lambda found: re.sub(r"[^\n]", " ", found[0]), text,
                    flags=re.M | re.S)
    for found in re.finditer(r"\]\(([^)\s]+)\)", hidden):
        yield hidden.count("\n", 0, found.start()) + 1, found[1]


def check_links(path, text):
    for line, link in links(text):
        if re.match(r"https?:", link):
            continue
        name, _, mark = link.partition("#")
        target = Path(normpath(path.parent / name)) if name else path
        if not target.exists():
            yield f"{name_of(path)}:{line}: {link}: there is no such file"
        elif mark and mark not in anchors(
                text if target == path else target.read_text()):
            yield f"{name_of(path)}:{line}: {link}: there is no such heading"


def check_start():
    """Each page is linked from the start page."""
    start = ROOT / "doc/README.md"
    linked = {link.partition("#")[0] for _, link in links(start.read_text())}
    for path in pages():
        name = path.name if path.parent == start.parent else "../README.md"
        if path != start and name not in linked:
            yield f"{name_of(path)}: doc/README.md does not link it"


# ---- Snippets ---------------------------------------------------------------


def region(path, name):
    """A marked part of a file, or all of it behind the copyright."""
    text = path.read_text()
    if name is None:
        text = re.sub(r"\A((//|#)[^\n]*\n)+\n", "", text)
    else:
        parts = re.findall(rf"^ *(?://|#)\[ {name}\n(.*?)^ *(?://|#)\]", text,
                           re.M | re.S)
        if not parts:
            return None
        text = "".join(parts)
    text = re.sub(r"^ *(//|#)[\[\]].*\n", "", text, flags=re.M)
    text = re.sub(r"\bown\((\"[^\"]*\")\)", r"\1", text)
    lines = text.rstrip().splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines
                  if line and line[0] != "#"), default=0)
    return "".join((line if line[:1] == "#" else line[indent:]) + "\n"
                   for line in lines)


def compiled():
    """The files that the build compiles, or builds with, and runs."""
    result = set()
    for folder in ("example", "test"):
        built = (ROOT / folder / "CMakeLists.txt").read_text() + (
            ROOT / folder / "Jamfile").read_text()
        for path in (ROOT / folder).rglob("*.cpp"):
            if re.search(rf"\b{path.stem}\b", built):
                result.add(name_of(path))
    for path in [*(ROOT / "example/tutorial").glob("*"),
                 *(ROOT / "test").glob("*/CMakeLists.txt"),
                 *(ROOT / "test").glob("*/[Jj]am*")]:
        result.add(name_of(path))
    return result


def check_snippets(path, text, built):
    for found in SNIPPET.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        where = f"{name_of(path)}:{line}"
        _, file, name, language, block = found.groups()
        if file is None:
            yield (f"{where}: the {language} below does not say which part of "
                   "which file it is")
        elif file not in built or not (ROOT / file).exists():
            yield f"{where}: {file} is not a file that the build compiles"
        else:
            wanted = region(ROOT / file, name)
            if wanted is None:
                yield f"{where}: {file} has no part //[ {name}"
            elif wanted != block:
                yield f"{where}: differs from {file}: {name or 'all of it'}"
                yield from differences(block, wanted)


def differences(block, wanted):
    here, there = block.splitlines(), wanted.splitlines()
    for number in range(max(len(here), len(there))):
        mine = here[number] if number < len(here) else ""
        its = there[number] if number < len(there) else ""
        if mine != its:
            yield f"    the page: {mine}"
            yield f"    the file: {its}"
            return


def rewrite_snippets(path):
    text = path.read_text()

    def replace(found):
        mark, file, name, language, block = found.groups()
        if file and (ROOT / file).exists():
            block = region(ROOT / file, name) or block
        return f"{mark or ''}```{language}\n{block}```"

    changed = SNIPPET.sub(replace, text)
    if changed != text:
        path.write_text(changed)
        print(f"{name_of(path)}: rewritten")


# ---- Error texts ------------------------------------------------------------

LITERAL = r'"(?:\\.|[^"\\\n])*"'


def error_texts():
    """(file, text) of each literal that may become part of an error."""
    for path in sorted((ROOT / "boost_ipq").rglob("*.[hi]pp")):
        code = re.sub(r"\\\n\s*", " ", path.read_text())
        code = re.sub(r"//[^\n\"]*$", "", code, flags=re.M)
        code = re.sub(r"^ *//.*$|^#(?! *error).*$", "", code, flags=re.M)
        code = re.sub(r"^# *error (.*)$", r'"\1";', code, flags=re.M)
        for found in re.finditer(rf"{LITERAL}(?:\s*{LITERAL})*", code):
            text = "".join(re.findall(r'"((?:\\.|[^"\\\n])*)"', found[0]))
            begin = max(code.rfind(letter, 0, found.start())
                        for letter in ";{}") + 1
            before = code[begin:found.start()]
            internal = re.search(
                r"BOOST_ASSERT|asm|_Pragma|PRAGMA|static_assert", before)
            if len(re.findall(r"[A-Za-z]{2,}", text)) < 2 or " " not in text:
                continue
            if internal and "boost_ipq:" not in text and (
                    "boost_ipq needs" not in text):
                continue
            yield name_of(path), text.replace('\\"', '"')


def check_errors():
    page = ROOT / "doc/troubleshooting.md"
    text = re.sub(r"\s+", " ", page.read_text().replace("`", ""))
    for file, part in error_texts():
        if re.sub(r"\s+", " ", part).strip() not in text:
            yield f"{file}: doc/troubleshooting.md has no '{part.strip()}'"


# ---- Tests ------------------------------------------------------------------


def check_cases(text):
    """The cells of the table that are FILE: CASE."""
    table = text.split("## Which test shows what")[1].split("\n## ")[0]
    for row in re.findall(r"^\|.*\|$", table, re.M):
        for cell in row.split("|")[2:7]:
            named = re.fullmatch(r"(\w+): (\w+)", cell.strip())
            file = ROOT / f"test/{named[1]}_test.cpp" if named else None
            if named and (not file.exists() or not re.search(
                    rf"TEST_CASE\({named[2]}\b", file.read_text())):
                yield f"doc/testing.md: there is no test {named[0]}"


# ---- Pictures ---------------------------------------------------------------


def check_pictures(rewrite=False):
    import diagrams
    for name, text in diagrams.draw_all():
        path = ROOT / "doc/images" / name
        if rewrite:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            yield (f"doc/images/{name}: not what doc/tool/diagrams.py draws: "
                   "run test/docs.py --rewrite")


# ---- All --------------------------------------------------------------------


def check():
    yield from check_reference()
    yield from check_start()
    built = compiled()
    for path in pages():
        text = path.read_text()
        yield from check_links(path, text)
        yield from check_snippets(path, text, built)
    for path in other_texts():
        yield from check_links(path, path.read_text())
    yield from check_errors()
    yield from check_cases((ROOT / "doc/testing.md").read_text())
    yield from check_pictures()


def rewrite():
    for path in pages():
        rewrite_snippets(path)
    list(check_pictures(rewrite=True))


def self_test():
    page = ROOT / "doc/guide.md"
    if len(list(check_links(page, "[a](gone.md) [b](guide.md#gone) `[c](d)`\n"
                                  "[e](benchmarks.md#results) [f](#here)\n"
                                  "# Here\n"))) != 2:
        yield "broken links are not found, or good ones are"
    good = page.read_text()
    if list(check_snippets(page, good, compiled())):
        return                      # check() says what is wrong
    bad = re.sub(r"(<!-- snippet: .* -->\n```cpp\n)", r"\1changed();\n", good, 1)
    if not list(check_snippets(page, bad, compiled())):
        yield "a changed snippet is not found"
    bad = re.sub(r"<!-- snippet: .* -->\n", "", good, 1)
    if not list(check_snippets(page, bad, compiled())):
        yield "a snippet of no file is not found"
    if not list(check_snippets(page, good, set())):
        yield "a snippet of a file that is not compiled is not found"
    yield from self_test_reference()
    table = "## Which test shows what\n| stop | stop: no_such_case | |\n"
    if not list(check_cases(table)):
        yield "a test case that is not there is not found"
    if len(list(error_texts())) < 100:
        yield "the error texts are not found"


def self_test_reference():
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wrong.hpp"
        path.write_text(
            "namespace boost_ipq {\n//! A class.\nclass good\n{\npublic:\n"
            "    //! Says so.\n    int said() const { return 1; }\n\n"
            "    int unsaid(int a = {});\n\nprivate:\n    int hidden;\n};\n\n"
            "template <class T>\nvoid free_and_unsaid(T) {}\n"
            "namespace detail {\nint inner();\n}\n} // namespace boost_ipq\n")
        header = reference.Scanner(path).read()
        names = [entity.path for entity in reference.walk(header.entities)
                 if not entity.text]
        if names != ["good::unsaid", "free_and_unsaid"]:
            yield f"public names without text: found {names}"


def main(arguments):
    if arguments == ["--rewrite"]:
        rewrite()
        return 0
    if arguments not in ([], ["--self-test"]):
        print(__doc__)
        return arguments != ["--help"]
    errors = list(self_test() if arguments else check())
    print("\n".join(errors) or "no errors")
    return bool(errors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
