#!/usr/bin/env python3
# Copyright 2026 The boost_ipq authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""Breaks one line of the library at a time, and runs the tests that must notice.

Usage: test/mutations/run.py [--all | --turn N | --only NAME...] [--jobs N]
       test/mutations/run.py --check | --table [LOG] | --self-test

  (nothing)    ten of the quick mutations, others each day
  --all        all mutations
  --turn N     the ten of the day N
  --only NAME  these; --tests NAME... runs these tests instead of the list's
  --check      only compares the list with the source
  --table      prints the list as a table; with the output of a run, LOG, it
               says which test noticed, and how
  --self-test  verifies that this script notices what it has to notice

test/mutations/list.txt is the list, and says what its fields mean. Each
mutation is made in a copy of the headers. The tests are built with $CXX
(default: g++) at -O1 and run in the order of the list, up to the first that
fails. A test that takes too long has failed, too. Before, each test runs once
with the unchanged headers, and must pass.
"""

import argparse
import concurrent.futures
import datetime
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

FIELDS = ("name", "what", "file", "after", "line", "with", "tests", "same")
NEEDED = ("name", "what", "file", "line", "with", "tests")
TURN = 10  # mutations in one turn
SANITIZERS = {"thread": ["-fsanitize=thread", "-g"],
              "address": ["-fsanitize=address,undefined", "-g"]}
# These take a second, at most: the turns of the ordinary run are made of them.
QUICK = {"ring_test", "ring_recovery_test", "ring_damage_test",
         "participant_test", "wait_steps_test", "notify_test"}
# Tests that take long by themselves run for a shorter time.
SHORTER = {"BOOST_IPQ_KILL_SECONDS": "0.5", "BOOST_IPQ_STORM_KILLS": "50"}


class Mistake(Exception):
    """The list or the source must be changed."""


def read_list(text):
    """Returns the mutations, as dictionaries, in the list's order."""
    result, current = [], {}
    for number, line in enumerate(text.splitlines() + [""], 1):
        if not line.strip():
            if current:
                result.append(current)
            current = {}
        elif not line.startswith("#"):
            field, colon, value = line.partition(":")
            if not colon or field not in FIELDS or field in current:
                raise Mistake(f"line {number}: {line}")
            current[field] = value.strip()
    names = [mutation.get("name") for mutation in result]
    for mutation in result:
        missing = [field for field in NEEDED if field not in mutation]
        if missing:
            raise Mistake(f"{mutation}: no {', '.join(missing)}")
        if names.count(mutation["name"]) != 1:
            raise Mistake(f"{mutation['name']}: twice in the list")
    return result


def mutated(mutation, text):
    """Returns the changed text of the file."""
    begin, after = 0, mutation.get("after")
    if after:
        if text.count(after) != 1:
            raise Mistake(f"{mutation['name']}: {mutation['file']} contains "
                          f"{text.count(after)} times: {after}")
        begin = text.index(after) + len(after)
    found = text[begin:].count(mutation["line"])
    # With a place to begin at, the first one is meant.
    if found == 0 or (found > 1 and not after):
        raise Mistake(f"{mutation['name']}: {mutation['file']} contains "
                      f"{found} times: {mutation['line']}")
    if mutation["line"] == mutation["with"]:
        raise Mistake(f"{mutation['name']}: changes nothing")
    at = text.index(mutation["line"], begin)
    return text[:at] + mutation["with"] + text[at + len(mutation["line"]):]


def check(root, mutations):
    """Returns what does not fit the source."""
    errors = []
    for mutation in mutations:
        try:
            path = root / mutation["file"]
            if not path.is_file():
                raise Mistake(f"{mutation['name']}: no {mutation['file']}")
            mutated(mutation, path.read_text())
            for test in mutation["tests"].split():
                source, _, sanitizer = parts_of(test)
                if not (root / "test" / (source + ".cpp")).is_file():
                    raise Mistake(f"{mutation['name']}: no test {source}")
                if sanitizer and sanitizer not in SANITIZERS:
                    raise Mistake(f"{mutation['name']}: no {sanitizer}")
        except Mistake as mistake:
            errors.append(str(mistake))
    return errors


def parts_of(test):
    """Returns the parts of SOURCE[:CASE][@SANITIZER]."""
    rest, _, sanitizer = test.partition("@")
    source, _, case = rest.partition(":")
    return source, case, sanitizer


def remove_objects(pid):
    """Removes the queues that a killed test process has left."""
    for folder in ("/dev/shm", "/tmp"):
        for path in glob.glob(f"{folder}/*boost_ipq*test-{pid}-*"):
            if os.path.isdir(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                os.unlink(path)


class Outcome:
    def __init__(self, failed, how, seconds):
        self.failed, self.how, self.seconds = failed, how, seconds


class Runner:
    def __init__(self, root, scratch):
        self.root, self.scratch = root, scratch
        self.compiler = os.environ.get("CXX", "g++")
        self.baselines, self.locks = {}, {}
        self.guard = threading.Lock()

    def build(self, folder, test, mutation):
        """Builds a test. The headers in `folder` come before the others."""
        source, _, sanitizer = parts_of(test)
        program = folder / re.sub(r"\W", "_", test)
        run = subprocess.run(
            [self.compiler, "-std=c++17", "-O1", "-DBOOST_TEST_DYN_LINK",
             *SANITIZERS.get(sanitizer, []), "-I", str(folder), "-I",
             str(self.root / "test"), str(self.root / "test" / source) + ".cpp",
             "-o", str(program), "-lboost_unit_test_framework", "-pthread"]
            + (["-lboost_coroutine", "-lboost_context"]
               if source.startswith("weak_memory_") else [])
            + (["-lrt"] if sys.platform == "linux" else []),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if run.returncode != 0:
            raise Mistake(f"{mutation}: {source} does not compile:\n"
                          + run.stdout[:2000])
        return program

    def execute(self, program, test, limit):
        """Runs a test, at most for `limit` seconds."""
        _, case, _ = parts_of(test)
        begin = time.monotonic()
        process = subprocess.Popen(
            [str(program)] + ([f"--run_test={case}"] if case else []),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace",
            start_new_session=True, env={**SHORTER, **os.environ})
        try:
            output, _ = process.communicate(timeout=limit)
            how = first_error(output, process.returncode)
        except subprocess.TimeoutExpired:
            how = f"hangs: more than {limit:.0f} s"
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.communicate()
            remove_objects(process.pid)
        failed = process.returncode != 0 or how.startswith("hangs")
        return Outcome(failed, how, time.monotonic() - begin)

    def baseline(self, test):
        """Returns the seconds that a test takes with unchanged headers."""
        folder = self.scratch / "unchanged"
        with self.guard:
            lock = self.locks.setdefault(test, threading.Lock())
            copy_headers(self.root, folder, None)
        with lock:
            if test not in self.baselines:
                program = self.build(folder, test, "unchanged")
                outcome = self.execute(program, test, 300)
                if outcome.failed:
                    raise Mistake(f"{test} fails with unchanged headers: "
                                  + outcome.how)
                self.baselines[test] = outcome.seconds
                program.unlink()
            return self.baselines[test]

    def run(self, mutation, tests):
        """Returns the test that failed, if there is one, and how it failed."""
        name, file = mutation["name"], mutation["file"]
        limits = [5 + 10 * self.baseline(test) for test in tests]
        folder = self.scratch / name
        copy_headers(self.root, folder, file)
        changed = folder / file
        changed.write_text(mutated(mutation, (self.root / file).read_text()))
        try:
            for test, limit in zip(tests, limits):
                outcome = self.execute(
                    self.build(folder, test, name), test, limit)
                if outcome.failed:
                    return test, outcome.how
            return None, ""
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def copy_headers(root, folder, file):
    """Makes a folder of links to the headers, without `file`."""
    if (folder / "boost_ipq").exists():
        return
    shutil.copytree(root / "boost_ipq", folder / "boost_ipq",
                    copy_function=os.symlink)
    if file:
        (folder / file).unlink()


def first_error(output, code):
    """Returns the line of the output that says why the test failed."""
    for line in output.splitlines():
        line = re.sub(r"\x1b\[[0-9;]*m", "", line)
        if re.search(r"error: in|fatal error|WARNING: ThreadSan|ERROR: Addr|"
                     r"runtime error|watchdog|terminate called|FAILED", line):
            return re.sub(r"^.*/test/", "", line)[:160]
    return f"exit code {code}"


def chosen(mutations, options):
    if options.only:
        unknown = set(options.only) - {m["name"] for m in mutations}
        if unknown:
            raise Mistake(f"not in the list: {', '.join(sorted(unknown))}")
        return [m for m in mutations if m["name"] in options.only]
    if options.all:
        return mutations
    quick = [m for m in mutations if "same" not in m and
             parts_of(m["tests"].split()[0])[::2] in {(t, "") for t in QUICK}]
    day = options.turn
    if day is None:
        day = datetime.date.today().toordinal()
    return [quick[(day * TURN + i) % len(quick)]
            for i in range(min(TURN, len(quick)))]


def verdict(mutation, caught, how):
    """Returns whether that was expected, and a line about it."""
    name, same = mutation["name"], mutation.get("same")
    if caught and same:
        return False, f"{name}: NOT THE SAME: {caught}: {how}"
    if caught:
        return True, f"{name}: caught by {caught}: {how}"
    if same:
        return True, f"{name}: changes nothing: {same}"
    return False, f"{name}: SURVIVES: {mutation['what']}"


def run_all(root, mutations, options):
    """Runs the mutations. Returns how many did not end as expected."""
    wrong = 0
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutations.") as folder, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        runner = Runner(root, Path(folder))
        runs = {pool.submit(runner.run, mutation,
                            options.tests or mutation["tests"].split()):
                mutation for mutation in mutations}
        for run in concurrent.futures.as_completed(runs):
            try:
                right, line = verdict(runs[run], *run.result())
            except Mistake as mistake:
                right, line = False, str(mistake)
            wrong += not right
            print(line, flush=True)
    print(f"{len(mutations)} mutations, {wrong} not as expected, "
          f"{time.monotonic() - begin:.0f} s")
    return wrong


def noticed(log):
    """Returns which test noticed a mutation, and how, by the output of a run.
    A later line about the same mutation replaces an earlier one."""
    result = {}
    for line in log.splitlines():
        found = re.match(r"([\w-]+): caught by (\S+): (.*)", line)
        if found:
            how = re.sub(r"^.*?error: in ", "in ", found[3])
            how = re.sub(r"\(pid=\d+\)|\[.*$", "", how)
            how = re.sub(r"[^ -~]|[|`]", "", how).strip()
            result[found[1]] = found[2], how[:90]
        elif re.match(r"[\w-]+: SURVIVES", line):
            result[line.split(":")[0]] = "nothing", "it survives"
    return result


def table(mutations, log):
    """Prints the list; with a log, by what happened in that run."""
    results = noticed(log) if log else {}
    print("| mutation | what breaks | caught by |" + " how |" * bool(log))
    print("| --- | --- | --- |" + " --- |" * bool(log))
    for mutation in mutations:
        name, what = mutation["name"], mutation["what"]
        if "same" in mutation:
            caught, how = "changes nothing", mutation["same"]
            if not log:
                caught, how = f"{caught}: {how}", ""
        elif log:
            caught, how = results.get(name, ("not run", ""))
        else:
            caught, how = mutation["tests"].split()[0], ""
        print(f"| {name} | {what} | {caught} |" + f" {how} |" * bool(log))


SELF_TEST_HEADER = """\
inline int sum(int a, int b)
{
    int unused = a + b;
    for (int i = 0; i != 1; ++i)
        unused += 0 * i;
    return unused - 1 + 1;
}
"""
SELF_TEST_TESTS = {
    "good_test": """#include <boost_ipq/a.hpp>
int main() { return sum(1, 2) != 3; }
""",
    "blind_test": """#include <boost_ipq/a.hpp>
int main() { return sum(0, 0) != 0; }
""",
    "failing_test": "int main() { return 1; }\n",
}
SELF_TEST_RUNS = [  # line, with, tests, same, a part of the result
    ("a + b;", "a - b;", "good_test", None, "caught by good_test"),
    ("a + b;", "a - b;", "blind_test", None, "SURVIVES"),
    ("a + b;", "a - b;", "blind_test good_test", None, "caught by good_test"),
    ("i != 1", "i != 1 || i", "good_test", None, "hangs"),
    ("- 1 + 1", "+ 1 - 1", "good_test", "it is the same", "changes nothing"),
    ("a + b;", "a - b;", "good_test", "it is not", "NOT THE SAME"),
    ("a + b;", "a +;", "good_test", None, "does not compile"),
    ("a + b;", "a - b;", "failing_test", None, "fails with unchanged"),
    ("a * b;", "a - b;", "good_test", None, "contains 0 times"),
    ("unused", "used", "good_test", None, "contains 3 times"),
    ("a + b;", "a + b;", "good_test", None, "changes nothing"),
    ("a + b;", "a - b;", "no_test", None, "no test no_test"),
]


def self_test():
    """Returns the errors of this script."""
    errors = []
    with tempfile.TemporaryDirectory(prefix="mutations.") as folder:
        root = Path(folder) / "root"
        (root / "boost_ipq").mkdir(parents=True)
        (root / "test").mkdir()
        (root / "boost_ipq/a.hpp").write_text(SELF_TEST_HEADER)
        for name, text in SELF_TEST_TESTS.items():
            (root / "test" / (name + ".cpp")).write_text(text)
        for number, (line, new, tests, same, part) in enumerate(SELF_TEST_RUNS):
            mutation = {"name": f"m{number}", "what": "w", "line": line,
                        "file": "boost_ipq/a.hpp", "with": new, "tests": tests}
            if same:
                mutation["same"] = same
            result = "\n".join(check(root, [mutation]))
            if not result:
                try:
                    runner = Runner(root, Path(folder) / str(number))
                    caught = runner.run(mutation, tests.split())
                    result = verdict(mutation, *caught)[1]
                except Mistake as mistake:
                    result = str(mistake)
            if part not in result:
                errors.append(f"{line} -> {new}: expected '{part}': {result}")
    log = ("a: caught by b_test: b_test.cpp(1): error: in \"c\": check d\n"
           "e: SURVIVES: f\ng: caught by h_test: hangs: more than 5 s\n")
    if noticed(log) != {"a": ("b_test", 'in "c": check d'),
                        "e": ("nothing", "it survives"),
                        "g": ("h_test", "hangs: more than 5 s")}:
        errors.append(f"the log is read as {noticed(log)}")
    for text in ("name: a\nname: b\n", "nam: a\n", "name: a\n"):
        try:
            read_list(text)
            errors.append(f"this list is accepted: {text}")
        except Mistake:
            pass
    return errors


def main(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--turn", type=int)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--tests", nargs="+", default=[])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--table", nargs="?", const="")
    for mode in ("--check", "--self-test"):
        parser.add_argument(mode, action="store_true")
    options = parser.parse_args(arguments)
    here = Path(__file__).resolve().parent
    if options.self_test:
        errors = self_test()
        print("\n".join(errors) or "no errors")
        return bool(errors)
    try:
        mutations = read_list((here / "list.txt").read_text())
        if options.table is not None:
            log = options.table and Path(options.table).read_text(
                errors="replace")
            return table(mutations, log)
        # All of the list: it must fit the source.
        errors = check(here.parent.parent, mutations)
        if options.check or errors:
            print("\n".join(errors) or f"{len(mutations)} mutations, no errors")
            return bool(errors)
        return bool(run_all(
            here.parent.parent, chosen(mutations, options), options))
    except Mistake as mistake:
        print(mistake)
        return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
