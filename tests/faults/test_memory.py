# SPDX-License-Identifier: MIT
"""F08: a request for memory fails, once or for ever, in the middle of a command.

The program says so or goes on; it never crashes, what it said to be recorded is there once, and
what it said not to be recorded is not.  Of a program with AddressSanitizer it finds what was lost
on the way, too.  MEMORY_POINTS is how many requests of each command are
tried: 0 all of them, "paths" the first on each path of functions that no command before took,
else so many, spread evenly."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["TOBAN_PROGRAM"]
MEMFAULT = os.environ["MEMFAULT_LIB"]
POINTS = os.environ.get("MEMORY_POINTS", "40")
# Or no path would be that of another run.
BEFORE = ["setarch", "-R"] if POINTS == "paths" else []
PATIENCE_S = 120

REPORT = json.dumps({"title": "Power", "situation": "Rack 12 is dark.", "contact": "100",
                     "answers": {"service-disruption": "yes"}})
# Whatever it finds is no status of the program's own; the library stands before it.
SANITIZER = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0:"
                                   "detect_leaks=1:allocator_may_return_null=1:exitcode=99")))
# What else may be said: docs/methods.md, exit status.
STATUS = range(0, 9)


class MemoryTest(unittest.TestCase):
    seen = set()  # paths

    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.mkdtemp(prefix="toban-memory-")
        cls.template = os.path.join(cls.dir, "template.db")
        cls.desk = os.path.join(cls.dir, "desk.db")
        cls.out = os.path.join(cls.dir, "count")
        cls.must(cls.template, "init", "--example")
        cls.must(cls.template, "--as", "dc-operator-1", "report", "--from", "-", stdin=REPORT)
        cls.must(cls.template, "--as", "dc-owner", "act", "26-0001", "acknowledge")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.dir, ignore_errors=True)

    @classmethod
    def must(cls, desk, *words, stdin=""):
        done = cls.run_toban(desk, words, stdin, {})
        if done.returncode != 0:
            raise AssertionError(f"{words}: {done.stderr}")
        return done.stdout

    @staticmethod
    def run_toban(desk, words, stdin, environment):
        return subprocess.run([*BEFORE, PROGRAM, "--desk", desk, *words], input=stdin, capture_output=True,
                              text=True, timeout=PATIENCE_S, check=False,
                              env=dict(os.environ, MALLOC_PERTURB_="165", ASAN_OPTIONS=SANITIZER,
                                       TOBAN_NOW="2026-11-30T12:00:00+09:00", **environment))

    def lay_out(self):
        for name in os.listdir(self.dir):
            if name != "template.db":
                path = os.path.join(self.dir, name)
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        for end in ("", ".key"):
            if self.desk.endswith("desk.db") and os.path.exists(self.template + end):
                shutil.copy(self.template + end, self.desk + end)

    def faulty(self, words, stdin, fault):
        paths = {"MEMFAULT_PATHS": "1"} if POINTS == "paths" and fault == "once:0" else {}
        return self.run_toban(self.desk, words, stdin, {
            "LD_PRELOAD": MEMFAULT, "MEMFAULT": fault, "MEMFAULT_OUT": self.out, **paths})

    def entries(self):
        return json.loads(self.must(self.desk, "call", "ledger.export", '{"limit":1000}'))["events"]

    def each_point(self, words, stdin="", check=None):
        """Runs the command with every request failing in turn."""
        self.lay_out()
        done = self.faulty(words, stdin, "once:0")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.out, encoding="ascii") as file:
            requests = int(file.readline())
            paths = [line.split() for line in file]
        self.assertGreater(requests, 100)
        points = range(1, requests + 1)
        if POINTS == "paths":
            self.assertGreater(len(paths), 100)
            points = sorted(int(first) for first, path in paths if path not in self.seen)
            self.seen.update(path for _, path in paths)
        elif 0 < int(POINTS) < requests:
            # Later ones are the command itself; the first are the same in all commands.
            points = [1 + i * requests // int(POINTS) for i in range(int(POINTS))]
        told = 0
        for mode in ("once", "ever"):
            for point in points:
                where = f"{' '.join(words)}: {mode}:{point} of {requests}"
                self.lay_out()
                done = self.faulty(words, stdin, f"{mode}:{point}")
                self.assertIn(done.returncode, STATUS, f"{where}: {done.stderr}")
                self.assertNotIn("Sanitizer", done.stderr, where)
                if done.returncode != 0:
                    told += 1
                    self.assertNotEqual(done.stderr, "", where)
                if check:
                    check(done, where)
        if POINTS != "paths" or len(points) > 100: # of few that are left none may be needed
            self.assertGreater(told, len(points) // 2) # a fault that nobody notices tests nothing
        print(f"{' '.join(words)}: {len(points)} of {requests} requests, {told} refusals")

    def check_recorded(self, kind, before):
        def check(done, where):
            there = sum(1 for event in self.entries() if event["kind"] == kind)
            if done.returncode == 0:
                self.assertEqual(there, before + 1, where)
            elif "D411" not in done.stderr: # which says what became of it
                self.assertIn(there, (before, before + 1), where)
                if there != before:
                    self.assertNotIn("othing was recorded", done.stderr, where)
                    self.assertNotIn("not recorded", done.stderr, where)
            verdict = json.loads(self.must(self.desk, "--json", "verify"))
            self.assertTrue(verdict["ok"], where)
        return check

    def test_F08_report(self):
        self.each_point(("--as", "dc-operator-1", "report", "--from", "-"), REPORT,
                        self.check_recorded("report", 1))

    def test_F08_act(self):
        self.each_point(("--as", "dc-owner", "act", "26-0001", "note", "--set", "text=x"), "",
                        self.check_recorded("note", 0))

    def test_F08_read(self):
        for words in (("--as", "dc-owner", "list"), ("--as", "dc-owner", "show", "26-0001"),
                      ("--as", "dc-owner", "print", "26-0001"),
                      ("--as", "dc-owner", "search", "rack"), ("--as", "auditor-1", "stats")):
            with self.subTest(words=words):
                # What comes out is all of it, or nothing was said to be well.
                whole = self.must(self.template, *words)

                def check(done, where):
                    if done.returncode == 0:
                        self.assertEqual(done.stdout, whole, where)
                self.each_point(words, "", check)

    def test_F08_verify(self):
        """Exhausted memory is no change of the record."""
        def check(done, where):
            self.assertNotIn("row_hash", done.stderr, where)
            if done.returncode == 1:
                self.assertNotIn('"problems":[{', done.stdout, where)
        self.each_point(("--as", "auditor-1", "--json", "verify", "--rebuild"), "", check)

    def test_F08_export(self):
        package = os.path.join(self.dir, "package")
        self.each_point(("--as", "auditor-1", "export", "--all", "--format", "package", package))

    def test_F08_init(self):
        self.lay_out()
        fresh = os.path.join(self.dir, "fresh.db")

        def check(done, where):
            if done.returncode == 0:
                self.assertTrue(os.path.exists(fresh), where)
            else:
                # Trying again works, or says that there is one.
                again = self.run_toban(fresh, ("init", "--example"), "", {})
                self.assertIn(again.returncode, (0, 1, 2, 5, 7), where)
            verdict = json.loads(self.must(fresh, "--json", "verify"))
            self.assertTrue(verdict["ok"], where)
            # Without it decisions could be taken unsigned.
            self.assertEqual(self.entries()[0]["body"]["decisions"], "signed", where)

        old, type(self).desk = self.desk, fresh
        try:
            self.each_point(("init", "--example"), "", check)
        finally:
            type(self).desk = old


if __name__ == "__main__":
    unittest.main()
