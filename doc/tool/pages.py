#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Builds the documentation as HTML. doc/build.sh calls this.

Usage: doc/tool/pages.py FOLDER

Pages are Markdown; pandoc makes AsciiDoc of them, and Asciidoctor HTML. The
reference comes from the headers. Files of the repository that a page links
become pages, too. doc/README.md is the start page: its headings and links are
the navigation. At the end, all links of the HTML are checked.
"""

import html
import re
import shutil
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from os.path import normpath, relpath
from pathlib import Path

sys.dont_write_bytecode = True
import reference  # noqa: E402

ROOT = reference.ROOT
LINK = re.compile(r"(?<=\]\()([^)\s#]*)(#[^)\s]*)?(?=\))")
FENCE = re.compile(r"^```.*?^```$", re.M | re.S)
LANGUAGES = {".hpp": "cpp", ".ipp": "cpp", ".cpp": "cpp", ".py": "python",
             ".sh": "bash", "": "text"}


MANUAL = "doc/ipq.1"
CLASSES = ["basic_publisher", "basic_subscriber", "basic_sender",
           "basic_receiver", "basic_handle", "queue_options", "wait_set",
           "delivery", "reservation", "basic_broadcast_subscriber"]


class Site:
    def __init__(self, folder):
        self.folder = folder
        self.reference = reference.Writer(reference.read_headers())
        self.work = Path(tempfile.mkdtemp(prefix="boost_ipq_doc."))
        self.sources = {}       # file of the repository: its page
        self.titles = {}        # page: title

    # -- sources ---------------------------------------------------------

    def pages(self):
        """Markdown files and the names of their pages, without .html."""
        for path in sorted((ROOT / "doc").glob("*.md")):
            name = "index" if path.stem == "README" else path.stem
            yield path, name
        yield ROOT / "README.md", "readme"

    def target(self, path, link, page):
        """What a link of the Markdown file is in the HTML of `page`."""
        if re.match(r"\w+:", link) or not link:
            return link
        found = Path(normpath(path.parent / link))
        for markdown, name in self.pages():
            if found == markdown:
                return name + ".html"
        inside = found.relative_to(ROOT).as_posix()
        if inside == MANUAL:
            return "ipq.html"
        if found.is_dir():
            return self.listing(found, inside)
        if inside.startswith("doc/images/"):
            return inside[len("doc/"):]
        header = re.fullmatch(r"boost_ipq/(\w+)\.hpp", inside)
        if header and header[1] != "src":
            return f"reference/{header[1]}.html"
        self.sources[inside] = f"source/{inside}.html"
        return self.sources[inside]

    def listing(self, found, inside):
        if inside == "boost_ipq":
            return "reference/index.html"
        page = f"source/{inside}/index.html"
        self.sources[inside] = page
        for entry in sorted(found.iterdir()):
            if entry.is_file():
                name = f"{inside}/{entry.name}"
                self.sources[name] = f"source/{name}.html"
        return page

    def make_adoc(self):
        for path, name in self.pages():
            text = path.read_text()
            code = FENCE.findall(text)
            text = FENCE.sub("\0", text)    # no links in code
            text = re.sub(r"<!--.*?-->\n?", "", text, flags=re.S)
            text = LINK.sub(lambda found: self.target(path, found[1], name) +
                            (found[2] or ""), text)
            for block in code:
                text = text.replace("\0", block, 1)
            self.titles[name] = re.search(r"^# (.*)", text, re.M)[1]
            adoc = run(["pandoc", "-f", "gfm-smart", "-t", "asciidoctor",
                        "--wrap=none", "--shift-heading-level-by=-1"],
                       text)
            self.write(name, adoc)
        self.titles["ipq"] = "ipq(1)"
        # As HTML: pandoc's AsciiDoc has no marks inside of words.
        manual = run(["pandoc", "-f", "man", "-t", "html", "--wrap=none",
                      "--shift-heading-level-by=1"],
                     (ROOT / MANUAL).read_text())
        self.write("ipq", f"++++\n{manual}\n++++\n")
        reference.write(self.work / "reference")
        for path in (self.work / "reference").glob("*.adoc"):
            title = "Reference" if path.stem == "index" else (
                f"<boost_ipq/{path.stem}.hpp>")
            self.titles[f"reference/{path.stem}"] = title
        for source in sorted(self.sources):
            self.source_page(source)

    def source_page(self, source):
        path = ROOT / source
        name = self.sources[source][:-len(".html")]
        self.titles[name] = source
        if path.is_dir():
            entries = "\n".join(
                f"* link:{entry.name}.html[{reference.escape(entry.name)}]"
                for entry in sorted(path.iterdir()) if entry.is_file())
            self.write(name, entries)
            return
        language = LANGUAGES.get(path.suffix, "text")
        self.write(name, f"[source,{language}]\n......\n"
                         f"{path.read_text(errors='replace')}\n......\n")

    def write(self, name, adoc):
        path = self.work / f"{name}.adoc"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(adoc)

    # -- HTML ------------------------------------------------------------

    def convert(self):
        files = sorted(self.work.rglob("*.adoc"))
        result = subprocess.run(
            ["asciidoctor", "--embedded", "--safe-mode", "safe",
             "-B", self.work, "-R", self.work, "-D", self.work / "html",
             "-a", "idprefix=", "-a", "idseparator=-", "-a", "relfilesuffix=.html",
             "-a", "experimental", *files], capture_output=True, text=True)
        if result.returncode or result.stderr:
            sys.exit(f"asciidoctor: {result.stderr}")

    def navigation(self):
        """[(heading, [(title, page)])] of the start page."""
        result = []
        for line in (ROOT / "doc/README.md").read_text().splitlines():
            if line.startswith("## "):
                result.append((line[3:], []))
            found = re.match(r"[-|] \[([^\]]+)\]\(([^)]+)\)", line)
            if found and result:
                page = self.target(ROOT / "doc/README.md", found[2], "index")
                result[-1][1].append((found[1], page))
        return result

    def wrap(self):
        navigation = self.navigation()
        order = ["index.html"] + [page for _, entries in navigation
                                  for _, page in entries]
        for fragment in sorted((self.work / "html").rglob("*.html")):
            page = fragment.relative_to(self.work / "html").as_posix()
            body = fragment.read_text()
            out = self.folder / page
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(self.document(page, body, navigation, order))
        for name in ("images", "style.css"):
            origin = ROOT / ("doc/images" if name == "images"
                             else "doc/tool/style.css")
            copy = shutil.copytree if origin.is_dir() else shutil.copy
            copy(origin, self.folder / name)

    def document(self, page, body, navigation, order):
        up = relpath(".", Path(page).parent)
        base = "" if up == "." else up + "/"
        if base == "":
            body = self.link_names(body)
        name = page[:-len(".html")]
        title = self.titles.get(name, name)
        if not body.lstrip().startswith("<h1"):
            body = f"<h1>{html.escape(title)}</h1>\n{body}"
        body = re.sub(r"<(/?)table(?=[ >])", r"<\1table", body)
        bar = []
        for heading, entries in navigation:
            bar.append(f"<h2>{html.escape(heading)}</h2><ul>")
            for entry, target in entries:
                mark = ' class="here"' if target == page else ""
                bar.append(f'<li{mark}><a href="{base}{target}">'
                           f"{html.escape(entry)}</a></li>")
            bar.append("</ul>")
        steps = ""
        if page in order:
            at = order.index(page)
            near = [(at - 1, "prev", "Previous"), (at + 1, "next", "Next")]
            steps = " ".join(
                f'<a rel="{rel}" href="{base}{order[index]}">{text}</a>'
                for index, rel, text in near if 0 <= index < len(order))
        sections = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', body)
        contents = ""
        if len(sections) > 2 and page != "index.html":
            contents = "<nav class=\"contents\"><ul>" + "".join(
                f'<li><a href="#{mark}">{re.sub("<[^>]+>", "", text)}</a></li>'
                for mark, text in sections) + "</ul></nav>"
        body = body.replace("</h1>", "</h1>\n" + contents, 1)
        return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(re.sub('`', '', title))} - boost_ipq</title>
<link rel="stylesheet" href="{base}style.css">
</head>
<body>
<header><a href="{base}index.html">boost_ipq</a>
<span>A crash-safe message queue between processes</span></header>
<div class="page">
<nav class="site">{''.join(bar)}</nav>
<main>
<div class="steps">{steps}</div>
{body}
<div class="steps">{steps}</div>
<footer>Distributed under the
<a href="https://www.boost.org/LICENSE_1_0.txt">Boost Software License 1.0</a>.
</footer>
</main>
</div>
</body>
</html>
"""

    def link_names(self, body):
        """Links the public names in the code of a page to the reference."""
        def link(found):
            name = html.unescape(found[1] or "")
            if not re.fullmatch(r"[\w:]*(_|::|\()[^ ]*", name):
                return found[0]
            for scopes in [[], *([scope] for scope in CLASSES)]:
                place = self.reference.find(name, scopes)
                if place:
                    page, mark = place
                    return (f'<a href="reference/{page}.html#{mark}">'
                            f"{found[0]}</a>")
            return found[0]
        return re.sub(r"<(?:a|pre|h\d)\b.*?</(?:a|pre|h\d)>|<code>([^<]*)</code>",
                      link, body, flags=re.S)

    # -- checks ----------------------------------------------------------

    def broken(self):
        pages = {}
        for path in sorted(self.folder.rglob("*.html")):
            parser = Links()
            parser.feed(path.read_text())
            pages[path] = parser
        for path in pages:
            for code in re.findall(r"<code>\+[^<]*\+</code>", path.read_text()):
                yield (f"{path.relative_to(self.folder)}: {code}: code that "
                       "begins or ends with a space")
        for path, parser in pages.items():
            for link in parser.links:
                name, _, mark = link.partition("#")
                target = Path(normpath(path.parent / name)) if name else path
                where = path.relative_to(self.folder)
                if re.match(r"\w+:", link):
                    continue
                if not target.exists():
                    yield f"{where}: {link}: there is no such file"
                elif mark and mark not in pages[target].marks:
                    yield f"{where}: {link}: there is no such place"
            for mark in parser.marks:
                if parser.marks.count(mark) > 1:
                    yield f"{path.relative_to(self.folder)}: #{mark} twice"


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.marks = [], []

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src"):
                self.links.append(value)
            elif name == "id":
                self.marks.append(value)


def run(command, text):
    result = subprocess.run(command, input=text, capture_output=True, text=True)
    if result.returncode or result.stderr:
        sys.exit(f"{command[0]}: {result.stderr}")
    return result.stdout


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__)
        return arguments != ["--help"]
    folder = Path(arguments[0])
    shutil.rmtree(folder, ignore_errors=True)
    site = Site(folder)
    try:
        site.navigation()
        site.make_adoc()
        site.convert()
        site.wrap()
    finally:
        shutil.rmtree(site.work)
    errors = sorted(set(site.broken()))
    print("\n".join(errors) or
          f"{len(list(folder.rglob('*.html')))} pages in {folder}")
    return bool(errors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
