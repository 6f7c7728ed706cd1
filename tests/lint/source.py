# SPDX-License-Identifier: MIT
"""What all linters share: the list of files, C text without comments, findings.

A linter is a module with `find(root, options)` that yields Finding objects and
a call of `main(find, ...)`.  It prints each finding as `file:line: text` and
ends with status 1 if there was any, so that an editor can jump to the place.
"""

import argparse
import os
import re
import subprocess
import sys
from typing import NamedTuple

# Trees that hold wrong code on purpose.
SAMPLES = "tests/lint/samples"


class Finding(NamedTuple):
    path: str  # relative to the root
    line: int  # 1-based; 0: the file as a whole
    text: str  # what is wrong, and what was expected


def files(root, folders, suffixes):
    """Paths relative to the root of all files below `folders`, sorted."""
    found = []
    for folder in folders:
        for here, dirs, names in os.walk(os.path.join(root, folder)):
            dirs[:] = [d for d in dirs if d != "__pycache__"]
            for name in names:
                path = os.path.relpath(os.path.join(here, name), root)
                if name.endswith(suffixes) and not path.startswith(SAMPLES):
                    found.append(path)
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", newline="") as f:
        return f.read()


# One pass over C: comments, string literals, character literals.
C_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?(?:\*/|\Z)|//(?:\\\n|[^\n])*)
      | (?P<string>"(?:\\.|[^"\\\n])*"?)
      | (?P<char>'(?:\\.|[^'\\\n])*'?)""",
    re.S | re.X)


def blank(text):
    """The same number of lines and columns, nothing in them."""
    return re.sub(r"[^\n]", " ", text)


def strip(code, keep_strings=False):
    """C code with comments blanked, and the inside of literals too.

    Offsets and line numbers stay what they were.
    """
    def put(match):
        word = match.group(0)
        if match.group("comment") is not None:
            return blank(word)
        if keep_strings:
            return word
        return word[0] + blank(word[1:-1]) + word[0] if len(word) > 1 else word
    return C_TOKEN.sub(put, code)


def comments(code):
    """(offset, text) of each comment."""
    return [(m.start(), m.group(0)) for m in C_TOKEN.finditer(code) if m.group("comment")]


def drop_directives(stripped):
    """Stripped C code with preprocessor lines blanked, continuations included."""
    return re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda m: blank(m.group(0)), stripped, flags=re.M)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def includes(code):
    """(line, "<" or '"', name) of each include line."""
    stripped = strip(code, keep_strings=True)
    for m in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', stripped, re.M):
        yield line_of(stripped, m.start()), m.group(1), m.group(2)


def allowances(root, path):
    """Reads an allow file: `WORDS…  # reason` a line.  The reason is required.

    Returns the word lists, and findings for lines without a reason.
    """
    rows, faults = [], []
    full = os.path.join(root, path)
    if not os.path.exists(full):
        return rows, faults
    with open(full, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if line.startswith("#") or not line.strip():
                continue
            words, _, reason = line.partition("#")
            if not reason.strip():
                faults.append(Finding(path, number, "an exception needs a reason after '#'"))
            rows.append((number, words.split()))
    return rows, faults


def tracked(root):
    """What git has under the root; None when this is no git work tree."""
    try:
        done = subprocess.run(["git", "-C", root, "ls-files", "-z"], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None
    return [name for name in done.stdout.decode().split("\0") if name]


def report(findings, what):
    """Prints the findings and returns the exit status."""
    shown = sorted(findings)
    for f in shown:
        print(f"{f.path}:{f.line}: {f.text}" if f.line else f"{f.path}: {f.text}")
    print(f"{what}: {len(shown)} finding(s)" if shown else f"{what}: clean")
    return 1 if shown else 0


def main(find, what, add_arguments=None):
    """Runs one linter from the command line."""
    sys.stdout.reconfigure(encoding="utf-8")
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--root", default=os.path.join(os.path.dirname(__file__), "..", ".."))
    if add_arguments:
        add_arguments(parser)
    options = parser.parse_args()
    sys.exit(report(find(os.path.abspath(options.root), options), what))
