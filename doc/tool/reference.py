#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Makes the reference from the comments (//!) of the public headers.

Usage: doc/tool/reference.py FOLDER

Writes an AsciiDoc page for each header of boost_ipq/ and an index to FOLDER.
read_headers() returns what the headers declare, for checks.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LABELS = ("Requires|Effects|Returns|Throws|Complexity|Thread safety|"
          "Crash safety|Stopping|Precondition|Remarks")
# "Complexity, thread safety: as size()." is one item.
LABEL = re.compile(
    rf"(?:^|(?<=[.)] ))((?:{LABELS})(?:, (?:{LABELS.lower()}))*): ", re.I)
CLASS = re.compile(r"^(?:template\b.*?>\s*)?(class|struct|union|enum)\b", re.S)
# What stands before declarations that are not for users.
OWN_USE = r"// For (?:the library's own use|tests)[^\n]*"
INTERNAL = object()


class Entity:
    """A class, function, value, alias or enumerator with its text."""

    def __init__(self, kind, name, scope, signature, text, line):
        self.kind = kind
        self.name = name
        self.scope = scope          # names of the enclosing classes
        self.signature = signature
        self.text = text            # lines without //!
        self.line = line
        self.members = []

    @property
    def path(self):
        return "::".join([*self.scope, self.name])


class Header:
    def __init__(self, path):
        self.path = path
        self.text = []              # of the header as a whole
        self.entities = []

    @property
    def name(self):
        return self.path.relative_to(ROOT).as_posix()

    @property
    def page(self):
        return self.path.stem


class Scanner:
    """Reads the declarations of one header."""

    def __init__(self, path):
        self.code = path.read_text()
        self.at = 0
        self.header = Header(path)

    def read(self):
        self.scope([], None, self.header.entities)
        return self.header

    def line(self, position=None):
        return self.code.count("\n", 0, self.at if position is None
                               else position) + 1

    def match(self, expression):
        found = re.compile(expression, re.S).match(self.code, self.at)
        if found:
            self.at = found.end()
        return found

    def scope(self, names, access, result):
        """Reads declarations up to the end of a namespace or class.

        `access` is None in a namespace. Private declarations are left out.
        """
        text = []
        group = None    # the text of the declarations just before this one
        while True:
            self.match(r"[ \t]+")
            if self.match(r"\n"):
                blank = self.match(r"[ \t]*\n")
                if blank:
                    group = None
                if blank and text:
                    # Text of the header, of no declaration.
                    if not names and not result:
                        self.header.text += [*text, ""]
                    text = []
            elif self.at == len(self.code) or self.match(r"\}\s*;?"):
                return
            elif found := self.match(r"//!(?!<) ?([^\n]*)"):
                text = [*text, found[1]]
            elif self.match(OWN_USE):
                group = INTERNAL
            elif self.match(r"//[^\n]*"):
                group = group if group is INTERNAL else None
            elif text and (found := self.match(r"#define (BOOST_\w+)[^\n]*")):
                result.append(Entity("macro", found[1], [], found[0], text,
                                     self.line()))
                text = []
            elif self.match(r"#(?:[^\n]*\\\n)*[^\n]*"):
                pass
            elif self.match(r"[A-Z][A-Z0-9_]+\([^()]*\)(?=\n)"):
                text = []           # a macro
            elif found := self.match(r"(public|protected|private):"):
                access, text = found[1], []
            elif found := self.match(r"namespace\s*([\w:]*)\s*\{"):
                self.namespace(found[1], names, result)
                text = []
            else:
                group = text or group
                if group is INTERNAL:
                    self.declaration(names, "private", [], result)
                else:
                    self.declaration(names, access, group or [], result)
                text = []

    def namespace(self, name, names, result):
        if name in ("boost_ipq", "cloudtoid"):
            inner = names if name == "boost_ipq" else [*names, name]
            self.scope(inner, None, result)
        else:
            self.at -= 1
            self.block()

    def block(self):
        """Skips a block in braces or parentheses."""
        depth = 0
        while True:
            found = self.match(r"[^{}()\"'/]*(//[^\n]*|/|\"(?:\\.|[^\"\\])*\"|"
                               r"'(?:\\.|[^'\\])*'|[{}()'])")
            if found[1] in "{(":
                depth += 1
            elif found[1] in "})":
                depth -= 1
                if depth == 0:
                    return

    def declaration(self, names, access, text, result):
        begin, line = self.at, self.line()
        end = self.signature_end()
        signature = self.code[begin:end]
        comment = re.compile(r"//[^\n]*")
        signature = comment.sub("", signature).strip()
        kind = CLASS.match(signature)
        members = []
        opened = self.code[self.at] == "{" if self.at < len(self.code) else 0
        entity = make_entity(kind and kind[1], names, signature, text, line)
        if opened and kind and not signature.endswith(")"):
            self.at += 1
            if kind[1] == "enum":
                self.enumerators([*names, entity.name], members)
            else:
                inner = "public" if kind[1] == "struct" else "private"
                self.scope([*names, entity.name], inner, members)
            self.match(r"\s*;")
        elif opened:
            self.block()
            self.match(r"\s*;")
        else:
            self.match(";")
        trailing = []
        while found := self.match(r"[ \t]*\n?[ \t]*//!< ?([^\n]*)"):
            trailing.append(found[1])
        entity.text = trailing or entity.text
        entity.members = members
        if access != "private" and access != "protected" and is_public(entity):
            result.append(entity)

    def signature_end(self):
        """Moves to the `;` or `{` of a declaration; returns where the
        signature ends, which may be before an initializer list."""
        end = None
        initialized = False
        while found := re.compile(r"\s*template\s*").match(self.code, self.at):
            self.at = end_of_angles(self.code, found.end())
        while True:
            found = self.match(r"(?:[^{}();:=/]|/(?!/))*(//[^\n]*|::|[{}();:=])")
            if not found:
                raise ValueError(f"{self.header.name}:{self.line()}: no end")
            token = found[1]
            here = self.at - 1
            if token == "(" or (token == "{" and self.in_expression(
                    here, end, initialized)):
                initialized = False
                self.at -= 1
                self.block()
            elif token == "=":
                initialized = True
            elif token == ":" and end is None:
                before = self.code[:here].rstrip()
                if before.endswith((")", "noexcept", "const")):
                    end = here      # an initializer list, not a base
            elif token in ("{", ";"):
                self.at -= 1
                return here if end is None else end

    def in_expression(self, here, end, initialized):
        """Is a brace an initializer, not a body?"""
        before = self.code[here - 1]
        if end is not None:
            return not before.isspace()
        return initialized or before.isalnum() or before == ">"

    def enumerators(self, names, result):
        text = []
        while not self.match(r"\s*\}"):
            self.match(r"\s+")
            if found := self.match(r"//!(?!<) ?([^\n]*)"):
                text = [*text, found[1]]
            elif self.match(r"//[^\n]*"):
                pass
            else:
                line = self.line()
                found = self.match(r"(\w+)([^,}/]*),?")
                while more := self.match(r"[ \t]*\n?[ \t]*//!< ?([^\n]*)"):
                    text = [*text, more[1]]
                result.append(Entity("enumerator", found[1], names,
                                     (found[1] + found[2]).strip(), text, line))
                text = []


def end_of_angles(code, begin):
    """The position after the > that closes the < at `begin`."""
    depth = 0
    for position in range(begin, len(code)):
        depth += (code[position] == "<") - (code[position] == ">")
        if depth == 0:
            return position + 1
    return begin


def skip_template(signature):
    """The declaration without its template<...> and attributes."""
    while found := re.match(r"template\s*(?=<)", signature):
        signature = signature[end_of_angles(signature, found.end()):].strip()
    return re.sub(r"\[\[\w+\]\]\s*", "", signature)


def make_entity(kind, names, signature, text, line):
    rest = skip_template(signature)
    if kind:
        name = re.match(r"(?:class|struct|union|enum)(?:\s+class)?"
                        r"(?:\s+BOOST_\w+)*\s+(\w+)", rest)
        return Entity(kind, name[1] if name else "", names, signature, text,
                      line)
    if rest.startswith("using"):
        found = re.match(r"using\s+(?:([\w:]+)::(\w+)|(\w+)\s*=)", rest)
        name = (found[2] or found[3]) if found else rest
        return Entity("alias", name, names, signature, text, line)
    if rest.startswith("friend"):
        return Entity("friend", "", names, signature, text, line)
    found = re.search(r"(operator\s*(?:\(\)|[^\s\w(]+|[\w:<> ]+?)|~?\w+)\s*\(",
                      rest.replace("explicit(", "explicit ("))
    if found and "=" not in rest[:found.start()]:
        name = re.sub(r"\s+", " ", found[1])
        if re.search(r"->\s*\w+<[^;]*$", rest) and rest.startswith(name):
            return Entity("guide", name, names, signature, text, line)
        return Entity("function", name, names, signature, text, line)
    name = re.search(r"(\w+)\s*(?:=|\{|$|\[)", rest)
    return Entity("value", name[1] if name else rest, names, signature, text,
                  line)


def is_public(entity):
    """Is this a name for users? What only explains a wrong call, and friends,
    guides and forward declarations are not."""
    flat = re.sub(r"\s+", " ", entity.signature)
    if entity.kind in ("friend", "guide") or not entity.name:
        return False
    if flat.endswith("= delete"):
        return False
    return not re.search(r"detail::if_no(t|_)", flat)


def read_headers():
    headers = []
    for path in sorted((ROOT / "boost_ipq").glob("*.hpp")):
        headers.append(Scanner(path).read())
    return headers


def walk(entities):
    for entity in entities:
        yield entity
        yield from walk(entity.members)


def undocumented(headers):
    """The public declarations without text: (header, entity)."""
    documented = {entity.path for header in headers
                  for entity in walk(header.entities) if entity.text}
    for header in headers:
        if header.name in ("boost_ipq/fwd.hpp", "boost_ipq/src.hpp"):
            continue
        for entity in walk(header.entities):
            forward = (entity.kind in ("class", "struct", "enum")
                       and not entity.members and entity.path in documented)
            if not entity.text and not forward:
                yield header, entity



# ---- AsciiDoc ---------------------------------------------------------------

OPERATORS = {"operator=": "assign", "operator*": "star", "operator->": "arrow",
             "operator==": "equal", "operator<<": "print", "operator!=": "unequal",
             "operator()": "call", "operator bool": "bool"}
CODE = re.compile(r"`([^`]+)`|\bdoc/(\w+)\.md\b"
                  r"|\b([\w:]*\w\([\w, .*&]*\)|\w+(?:::\w+)+|\w+_\w+|\w+_(?!\w))")


def anchor(path):
    name = path.rsplit("::", 1)
    name[-1] = OPERATORS.get(name[-1], name[-1]).replace("~", "destructor-")
    return re.sub(r"\W+", "-", "-".join(name)).strip("-")


class Writer:
    """Writes the pages; knows where each name is."""

    def __init__(self, headers):
        self.headers = headers
        self.places = {}            # path: (page, anchor)
        for header in headers:
            for entity in walk(header.entities):
                # fwd.hpp declares classes that others define.
                if entity.text and (header.page != "fwd"
                                    or entity.kind == "alias"):
                    self.places.setdefault(
                        entity.path, (header.page, anchor(entity.path)))

    def find(self, name, scopes):
        """The place of a name that a text mentions, or None."""
        name = re.sub(r"\(.*", "", name).replace("boost_ipq::", "")
        for depth in range(len(scopes), -1, -1):
            place = self.places.get("::".join([*scopes[:depth], name]))
            if place:
                return place
        if scopes and "::" not in name:     # of a base class
            for base in ("basic_handle", "basic_sender", "basic_receiver",
                         "async_object", "typed_handle"):
                if f"{base}::{name}" in self.places:
                    return self.places[f"{base}::{name}"]
        if name.startswith(("publisher::", "subscriber::")):
            return self.places.get("basic_" + name)
        return None

    def code(self, text, scopes, page):
        """Code in a paragraph: a link, if it names something public."""
        quoted = "`+" + text.replace("+", "{plus}") + "+`"
        if "+" in text:
            quoted = "`" + escape(text) + "`"
        place = self.find(text, scopes)
        if place is None or place == (page, anchor("::".join(scopes))):
            return quoted
        target = "" if place[0] == page else place[0] + ".html"
        return f"link:{target}#{place[1]}[{quoted}]"

    def prose(self, text, scopes, page):
        result, at = "", 0
        for found in CODE.finditer(text):
            result += escape(text[at:found.start()])
            if found[2]:
                result += f"link:../{found[2]}.html[{escape(found[0])}]"
            else:
                result += self.code(found[1] or found[3], scopes, page)
            at = found.end()
        return result + escape(text[at:])

    def text(self, lines, scopes, page):
        """The text of a declaration as AsciiDoc blocks."""
        blocks = []
        for paragraph in paragraphs(lines):
            if paragraph[0].startswith("    "):
                code = "\n".join(line[4:] for line in paragraph)
                blocks.append(f"[source,cpp]\n----\n{code}\n----")
                continue
            for item in items(paragraph):
                if isinstance(item, list):      # a list
                    blocks.append("\n".join(
                        "* " + self.prose(entry, scopes, page)
                        for entry in item))
                    continue
                at = 0
                parts = list(LABEL.finditer(item))
                before = item[:parts[0].start()] if parts else item
                if before.strip():
                    blocks.append(self.prose(before.strip(), scopes, page))
                for number, part in enumerate(parts):
                    at = part.end()
                    end = (parts[number + 1].start()
                           if number + 1 < len(parts) else len(item))
                    what = self.prose(item[at:end].strip(), scopes, page)
                    label = part[1][0].upper() + part[1][1:]
                    blocks.append(f"[.label]#{label}:# {what}")
        return "\n\n".join(blocks) + "\n"

    def page(self, header):
        name = f"<{header.name}>"
        lines = [f"= {escape(name)}", ""]
        if header.text:
            lines.append(self.text(header.text, [], header.page))
        for include in sorted(public_includes(header)):
            lines.append(f"* includes link:{include}.html[`+<boost_ipq/"
                         f"{include}.hpp>+`]")
        lines.append("")
        for entity in header.entities:
            if entity.text and not entity.scope or entity.scope == [
                    "cloudtoid"]:
                self.entity(entity, header.page, lines)
        return "\n".join(lines) + "\n"

    def entity(self, entity, page, lines):
        if entity.members or entity.kind in ("class", "struct", "enum"):
            self.class_page(entity, page, lines)
        else:
            self.function(entity, page, lines, 2)

    def class_page(self, entity, page, lines):
        scopes = [*entity.scope, entity.name]
        lines += [f"[#{anchor(entity.path)}]",
                  f"== {escape(entity.path)}", "",
                  source(signature(entity)), "",
                  self.text(entity.text, scopes, page)]
        members = [member for member in entity.members if member.text]
        if entity.kind == "enum" or members and all(
                member.kind == "value" for member in members):
            lines += ['[cols="1,3"]', "|==="]
            for member in members:
                lines += [f"|[[{anchor(member.path)}]]`+"
                          f"{re.sub(r'[{].*', '', member.signature)}+`",
                          "|" + self.prose(" ".join(member.text), scopes, page)]
            lines += ["|===", ""]
            return
        names = dict.fromkeys(member.name for member in members)
        if len(names) > 3:
            links = ", ".join(
                f"link:#{anchor(entity.path + '::' + name)}"
                f"[{escape(shown(entity, name))}]" for name in names)
            lines += [f"[.members]\nMembers: {links}", ""]
        for name in names:
            group = [member for member in members if member.name == name]
            lines += [f"[#{anchor(group[0].path)}]",
                      f"=== {escape(shown(entity, name))}", ""]
            for member in group:
                lines += [source(signature(member)), "",
                          self.text(member.text, scopes, page)]
                for inner in walk(member.members):
                    lines += [f"[[{anchor(inner.path)}]]"
                              f"`+{signature(inner).rstrip(';')}+`:: " +
                              self.prose(" ".join(inner.text), scopes, page)]
                lines.append("")

    def function(self, entity, page, lines, level):
        mark = f"[#{anchor(entity.path)}]"
        if mark not in lines:
            lines += [mark, f"{'=' * level} {escape(entity.path)}", ""]
        lines += [source(signature(entity)), "",
                  self.text(entity.text, [*entity.scope, entity.name], page)]

    def index(self):
        lines = ["= Reference", "",
                 "Made from the comments of the headers. Each call says what it "
                 "requires, does, returns and throws, its complexity, its "
                 "thread safety, and what a death in the middle of it leaves "
                 "behind. What holds for every call of a class stands in the "
                 "description of the class.", "",
                 "== Headers", ""]
        for header in self.headers:
            if header.page == "src":
                continue
            names = dict.fromkeys(
                e.path for e in header.entities
                if e.text and (header.page == "fwd" or
                               self.places.get(e.path, ("",))[0] == header.page))
            listed = ", ".join(self.code(name, [], "") for name in names)
            if not listed and header.text:
                listed = self.prose(
                    " ".join(next(paragraphs(header.text))), [], "")
            lines += [f"link:{header.page}.html[`+<{header.name}>+`]:: {listed}"]
        lines += ["", "== Names", "", "[.names]"]
        for path in sorted(self.places, key=lambda p: (
                p.split("::")[-1].strip("~").lower(), p)):
            page, mark = self.places[path]
            *scope, name = path.split("::")
            within = " of `+" + "::".join(scope) + "+`" if scope else ""
            lines.append(f"* link:{page}.html#{mark}[{escape(name)}]{within}")
        return "\n".join(lines) + "\n"


def escape(text):
    """Plain text for AsciiDoc."""
    return re.sub(r"[*_#{}+^~`\[\]|<>]|--|\.\.\.|\(C\)",
                  lambda found: "".join(f"&#{ord(letter)};"
                                        for letter in found[0]), text)


def shown(entity, name):
    return "(constructors)" if name == "base" or name == entity.name else name


def public_includes(header):
    """The public headers that a header includes."""
    for name in re.findall(r"#include <boost_ipq/(\w+)\.hpp>",
                           header.path.read_text()):
        if name not in ("fwd", "src"):
            yield name


def paragraphs(lines):
    """The lines of each paragraph; indented code is one paragraph."""
    current = []
    for line in [*lines, ""]:
        in_code = bool(current) and current[0].startswith("    ")
        if current and (in_code != line.startswith("    ") if line.strip()
                        else not in_code):
            while not current[-1]:
                current.pop()
            yield current
            current = []
        if line.strip() or current:
            current.append(line)
    if current:
        yield current[:-1]


def items(paragraph):
    """Strings, and lists of entries."""
    result = []
    for line in paragraph:
        if line.startswith("- "):
            if not result or not isinstance(result[-1], list):
                result.append([])
            result[-1].append(line[2:])
        elif result and isinstance(result[-1], list):
            if line.startswith("  "):
                result[-1][-1] += " " + line.strip()
            else:
                result.append(line.strip())
        elif result and not LABEL.match(line):
            result[-1] += " " + line.strip()
        else:
            result.append(line.strip())
    return result


def signature(entity):
    """A declaration as users read it."""
    text = entity.signature
    text = re.sub(r"\bBOOST_(FORCEINLINE|SYMBOL_VISIBLE|IPQ_\w+)\s*", "", text)
    if entity.kind == "macro":
        return entity.signature
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r",? ?(?:detail::)?if_\w+<\w+>(?: = 0)?(?=[,>])", "", text)
    text = text.replace("template <>", "").replace("< ", "<").replace("( ", "(")
    text = re.sub(r"(template <[^;]*?),\s*std::enable_if_t<.*?> = 0(?=>)", r"\1",
                  text)
    text = text.replace("detail::options_argument", "queue_options")
    if entity.kind in ("class", "struct"):
        text = re.sub(r" : public (?:typename )?([\w:]+).*", r" : public \1",
                      text)
        text = re.sub(r" : public \w*::?detail::.*", "", text)
    text = re.sub(r"\bdetail::\w+(<[^;]*?>::type)?", "unspecified", text)
    text = text.strip()
    end = ";" if entity.kind not in ("enum",) else ";"
    template = ""
    if text.startswith("template"):
        at = end_of_angles(text, text.index("<"))
        template, text = wrap(text[:at]) + "\n", text[at:].strip()
    return template + wrap(text + end)


def wrap(text):
    """Breaks a long line after its parentheses or template brackets."""
    if len(text) <= 78:
        return text
    begin = text.find("(") if "(" in text else text.find("<")
    if begin < 0:
        return text
    depth, parts, at = 0, [], begin + 1
    for position in range(begin, len(text)):
        letter = text[position]
        depth += (letter in "(<[{") - (letter in ")>]}")
        if letter == "," and depth == 1:
            parts.append(text[at:position + 1].strip())
            at = position + 1
        elif depth == 0:
            parts.append(text[at:position].strip())
            lines = [""]
            for part in parts:
                full = len(lines[-1]) + len(part) > 72
                if full and lines[-1]:
                    lines.append("")
                lines[-1] += (" " if lines[-1] else "    ") + part
            return (text[:begin + 1] + "\n" + "\n".join(lines) +
                    text[position:])
    return text


def source(code):
    return f"[source,cpp]\n----\n{code}\n----"


def write(folder):
    headers = read_headers()
    writer = Writer(headers)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.adoc").write_text(writer.index())
    for header in headers:
        if header.page != "src":
            (folder / f"{header.page}.adoc").write_text(writer.page(header))


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__)
        sys.exit(sys.argv[1:] != ["--help"])
    write(Path(sys.argv[1]))
