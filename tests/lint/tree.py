#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The house has the rooms of docs/architecture.md and no others; nothing generated is kept.

Looks at what git tracks, so a build directory or an editor's file beside it
does no harm.  Without git (an unpacked archive) there is nothing to check and
the test is skipped.
"""

import os
import re
import sys

import source
from source import Finding

SKIPPED = 77  # meson's status for a test that could not run

TOP = {
    ".ci", ".clang-format", ".gitignore", ".gitattributes", "LICENSE", "README.md", "README.ja.md",
    "docs", "forms", "include", "meson.build", "meson_options.txt", "po", "scripts", "src", "tests",
}
ROOMS = {
    "include/toban": {"banned.h", "forms.h", "base", "core", "store", "notify", "desk", "wire", "print", "ui", "cli"},
    "src": {"base", "core", "store", "notify", "desk", "wire", "print", "ui", "cli"},
    "tests": {"unit", "store", "screens", "cli", "faults", "fuzz", "bench", "lint"},
    "scripts": {"deps", "run", "screenshots", "test"},
    ".ci": {"run"},
}
# Files that may stand beside the rooms.
BESIDE = {
    "src": re.compile(r"meson\.build|[a-z_]+\.[ch]|toban(\.user|-check)?\.service\.in|toban-check\.timer|toban\.socket"),
    "tests": re.compile(r"meson\.build|[a-z_]+\.[ch]"),
}
GENERATED = re.compile(
    r"\.(o|a|so|d|gcda|gcno|gmo|mo|pot|pyc|log|tmp|bak|orig|rej|swp)$|(^|/)__pycache__/|(^|/)build[^/]*/"
    r"|(^|/)core$|\.db(-wal|-shm)?$")
# Stored desk files of released schemas are kept on purpose.
KEPT = re.compile(r"^tests/store/")
MOST_BYTES = 512 * 1024


def check_place(path):
    top, _, rest = path.partition("/")
    if top not in TOP:
        return f"no place for this at the top; the top level is {', '.join(sorted(TOP))}"
    for room, names in ROOMS.items():
        if not path.startswith(room + "/"):
            continue
        name = path[len(room) + 1:].split("/")[0]
        beside = BESIDE.get(room)
        is_file = path == f"{room}/{name}"
        if name not in names and not (is_file and beside and beside.fullmatch(name)):
            return f"no room '{name}' in {room}/; there are {', '.join(sorted(names))}"
    return None


def find(root, _options=None):
    names = source.tracked(root)
    if names is None:
        print("tree: skipped, this is no git work tree")
        sys.exit(SKIPPED)
    yield from find_in(root, names)
    yield from find_lost_screens(root, names)


def find_lost_screens(root, names):
    """A screen that registry.c does not list has no help, no manual and no conflict test."""
    with open(os.path.join(root, "src/ui/registry.c"), encoding="utf-8") as file:
        listed = set(re.findall(r"^\t&(\w+),$", file.read(), re.M))
    for path in names:
        full = os.path.join(root, path)
        if path.startswith("src/ui/") and path.endswith(".c") and os.path.exists(full):
            with open(full, encoding="utf-8") as file:
                for n, line in enumerate(file, 1):
                    screen = re.match(r"(?:static )?const struct screen_ops (\w+) = ", line)
                    if screen and screen[1] not in listed:
                        yield Finding(path, n, f"{screen[1]} is not listed in src/ui/registry.c")


def find_in(root, names):
    for path in names:
        fault = check_place(path)
        if fault:
            yield Finding(path, 0, fault)
        if GENERATED.search(path) and not KEPT.search(path):
            yield Finding(path, 0, "generated or left over; not to be committed")
        full = os.path.join(root, path)
        if os.path.exists(full) and os.path.getsize(full) > MOST_BYTES:
            yield Finding(path, 0, f"larger than {MOST_BYTES // 1024} KiB; make it in the test")


if __name__ == "__main__":
    source.main(find, "tree")
