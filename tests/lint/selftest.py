#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The linters are seen to fail: each on its samples, with exactly the expected findings.

samples/LINTER/good has nothing to find; samples/LINTER/bad has what
samples/LINTER/expected lists as `path:line: a part of the text`.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import banned
import headers
import layers
import links
import links_md
import po
import sizes
import tree

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = os.path.join(HERE, "samples")
COMPILER = sys.argv[1:] or ["cc"]


def expected(linter):
    rows = []
    with open(os.path.join(SAMPLES, linter, "expected"), encoding="utf-8") as f:
        for line in f:
            place, _, part = line.rstrip("\n").partition(": ")
            path, _, number = place.rpartition(":")
            rows.append((path, int(number), part))
    return rows


class Matching:
    """Compares what a linter found with what its samples expect."""

    def match(self, linter, found):
        """Every finding is expected, every expectation is found, one to one."""
        left = list(found)
        for path, line, part in expected(linter):
            hit = [f for f in left if f.path == path and f.line == line and part in f.text]
            self.assertTrue(hit, f"{linter}: not found: {path}:{line}: {part}\nleft: {left}")
            left.remove(hit[0])
        self.assertEqual([], left, f"{linter}: found, but not expected")


class Samples(Matching, unittest.TestCase):
    def check(self, linter, module, **options):
        given = argparse.Namespace(**options)
        root = os.path.join(SAMPLES, linter)
        self.assertEqual([], list(module.find(os.path.join(root, "good"), given)))
        self.match(linter, module.find(os.path.join(root, "bad"), given))

    def test_layers(self):
        self.check("layers", layers)

    def test_headers(self):
        self.check("headers", headers, compiler=COMPILER, build=None)

    def test_sizes(self):
        self.check("sizes", sizes)

    def test_banned(self):
        self.check("banned", banned)

    def test_links_md(self):
        self.check("links_md", links_md)

    def test_po(self):
        self.check("po", po)


class Links(Matching, unittest.TestCase):
    """Compiles the samples; door.c goes into libdesk.a as in the real tree."""

    def build(self, kind, folder):
        libraries = []
        here = os.path.join(SAMPLES, "links", kind)
        for name in sorted(os.listdir(here)):
            layer = {"door": "desk"}.get(name[:-2], name[:-2])
            target = os.path.join(folder, name + ".o")
            subprocess.run(COMPILER + ["-fPIE", "-c", os.path.join(here, name), "-o", target],
                           check=True)
            library = os.path.join(folder, f"lib{layer}.a")
            subprocess.run(["ar", "rcs", library, target], check=True)
            if library not in libraries:
                libraries.append(library)
        return libraries

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def find(self, kind):
        options = argparse.Namespace(libraries=self.build(kind, self.folder))
        return list(links.find(self.folder, options))

    def test_good(self):
        self.assertEqual([], self.find("good"))

    def test_bad(self):
        self.match("links", self.find("bad"))


class Tree(unittest.TestCase):
    def texts(self, *names):
        return [f.text for f in tree.find_in(HERE, names)]

    def test_good(self):
        self.assertEqual([], self.texts(
            "meson.build", "src/main.c", "src/core/fold.c", "include/toban/banned.h", ".ci/run",
            "tests/unit/core/test_fold.c", "docs/images/board.png", "tests/store/data/schema1.db",
            "forms/policy/chain.ini", "docs/changes/README.md", "src/core/build_plan.c"))

    def test_bad(self):
        for name, part in [
                ("NOTES", "no place"), ("lib/x.c", "no place"), ("src/util/x.c", "no room 'util'"),
                ("tests/misc/x.c", "no room"), ("scripts/release", "no room"),
                ("po/toban.pot", "generated"), ("src/core/fold.o", "generated"),
                ("tests/lint/__pycache__/a.pyc", "generated"), ("docs/trial.db", "generated")]:
            with self.subTest(name=name):
                self.assertIn(part, " ".join(self.texts(name)))


class Shapes(unittest.TestCase):
    """The parts of sizes.py that read C."""

    def survey(self, code):
        return [(f.name, f.params, f.nesting, f.static) for f in sizes.survey(code)[0]]

    def test_shapes(self):
        for code, want in [
                ("int\nf(void)\n{\n}\n", ("f", 0, 0, False)),
                ("static must_check enum err\nf(int a[], void (*g)(int, int), ...)\n{\n}\n",
                 ("f", 2, 0, True)),
                ("static struct s *\nf(struct s *s) { if (s) { for (;;) { } } return s; }",
                 ("f", 1, 2, True)),
                ("int f(int a) { return g(&(struct s){ { 1 }, { 2 } }); }", ("f", 1, 0, False)),
                ("int f(int a) { switch (a) { case 1: { a++; } } return a; }", ("f", 1, 2, False)),
                ('const char *f(void) { return "{{{" "/*"; /* {{ */ }', ("f", 0, 0, False)),
                ("#define M(x) \\\n\tdo { x } while (0)\nint f(void) { }", ("f", 0, 0, False))]:
            with self.subTest(code=code):
                self.assertEqual([want], self.survey(code))

    def test_share(self):
        self.assertEqual([], list(sizes.check_share(60, 100)))
        self.assertEqual(1, len(list(sizes.check_share(59, 100))))

    def test_no_functions(self):
        for code in ["struct s {\n\tint (*f)(int a);\n};\n", "enum e { A, B };",
                     "static const struct s t[] = { { f(1), 2 } };",
                     "int f(int a);\ntypedef int (*g)(void);\n"]:
            with self.subTest(code=code):
                self.assertEqual([], self.survey(code))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
