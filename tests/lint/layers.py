#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Include lines: layers look down only, and each foreign library has its room.

The same map stands in docs/architecture.md for people; the static libraries in
meson.build and links.py hold it for calls.
"""

import os
import re

import source
from source import Finding

# What each layer may include of ours, itself included.
LAYERS = {
    "base": {"base"},
    "core": {"base", "core"},
    "print": {"base", "core", "print"},
    "store": {"base", "core", "store"},
    "notify": {"base", "core", "store", "notify"},
    "desk": {"base", "core", "store", "notify", "desk"},
    "wire": {"base", "wire"},
    "ui": {"base", "print", "ui"},
    "cli": {"base", "print", "cli"},
}

# Those above the door see of the desk the door, and how one signs what is asked for at it.
DOOR = ("toban/desk/door.h", "toban/desk/signer.h")
ABOVE_THE_DOOR = {"ui", "cli", "wire"}

# The embedded definition files: main hands them down, nobody else looks.
EMBEDDED = "toban/forms.h"

# Foreign headers: pattern -> where they may be included (path prefixes).
FOREIGN = [
    (r"(ncursesw?/)?(curses|panel|term|ncurses|form|menu)\.h", ["src/ui/", "tests/"]),
    (r"sqlite3\.h", ["src/store/", "tests/"]),
    (r"libpq-fe\.h", ["src/store/", "tests/"]),
    (r"curl/.*", ["src/notify/webhook.c", "src/notify/mail.c", "tests/bench/"]),
    (r"nettle/.*", ["src/base/hash.c"]),
    (r"sodium(/.*)?\.h", ["src/base/", "tests/"]),
    (r"uni(str|case|norm|width|gbrk|lbrk|wbrk|ctype|conv|name|types)\.h", ["src/base/", "tests/"]),
    (r"jansson\.h", ["src/", "include/toban/", "tests/"]),
    (r"libintl\.h", ["include/toban/base/i18n.h", "src/base/i18n.c"]),
    (r"(cmocka|vterm|dlfcn|execinfo|link)\.h", ["tests/"]),
]
# jansson starts at core: base knows no documents.
NOT_IN_BASE = re.compile(r"jansson\.h")

# The C library and the kernel; anything else is a new dependency and belongs in FOREIGN.
SYSTEM = re.compile(
    r"(sys|netinet|arpa|net|linux)/[a-z_0-9]+\.h|"
    r"(assert|ctype|dirent|dlfcn|errno|fcntl|fenv|float|fnmatch|ftw|getopt|glob|grp|inttypes|iso646|"
    r"langinfo|libgen|limits|locale|malloc|math|netdb|poll|pthread|pty|pwd|regex|sched|setjmp|signal|"
    r"spawn|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|"
    r"strings|syslog|termios|time|uchar|unistd|utime|utmp|wchar|wctype|wordexp)\.h")


def layer_of(path):
    """The layer a file belongs to; "main" for src/*.c; None outside src and include."""
    m = re.match(r"(?:src|include/toban)/(?:([^/]+)/)?[^/]+$|(?:src|include/toban)/([^/]+)/", path)
    if not m:
        return None
    return m.group(1) or m.group(2) or "main"


def check_ours(path, layer, name):
    """What is wrong with including our header `name`, or None."""
    if name == EMBEDDED and layer in (None, "main"):
        return None
    m = re.fullmatch(r"toban/([^/]+)/[^/]+\.h", name)
    if not m:
        return f'"{name}": write our headers as "toban/LAYER/x.h"'
    if layer in (None, "main"):
        return None
    target = m.group(1)
    if layer in ABOVE_THE_DOOR and name in DOOR:
        return None
    if layer not in LAYERS:
        return f"layer {layer} is not in the map of tests/lint/layers.py"
    if target not in LAYERS[layer]:
        allowed = sorted(LAYERS[layer]) + ([name[6:] for name in DOOR] if layer in ABOVE_THE_DOOR else [])
        return f'"{name}": {layer} may include only {", ".join(allowed)}'
    return None


def check_foreign(path, layer, name):
    """What is wrong with including <name>, or None."""
    if layer == "base" and NOT_IN_BASE.fullmatch(name):
        return f"<{name}>: base knows no JSON; documents start in core"
    for pattern, places in FOREIGN:
        if re.fullmatch(pattern, name):
            if path.startswith(tuple(places)):
                return None
            return f"<{name}>: allowed only in {', '.join(places)}"
    if SYSTEM.fullmatch(name):
        return None
    return f"<{name}>: unknown library; a new dependency is entered in tests/lint/layers.py"


def is_made(folder, name):
    """Whether the folder's meson.build names the header as something it makes."""
    rules = os.path.join(folder, "meson.build")
    if not os.path.exists(rules):
        return False
    with open(rules, encoding="utf-8") as f:
        return f"'{name}'" in f.read()


def check_private(root, path, name):
    """A header beside the file that includes it, also one that the build makes there."""
    folder = os.path.join(root, os.path.dirname(path))
    if "/" not in name:
        if os.path.exists(os.path.join(folder, name)) or is_made(folder, name):
            return None
    if path.startswith("tests/"):
        return None
    return f'"{name}": no such private header beside this file; others\' are "toban/LAYER/x.h"'


def check(root, path, mark, name):
    layer = layer_of(path)
    if mark == "<":
        if name.startswith("toban/"):
            return f'<{name}>: our own headers stand in quotation marks'
        return check_foreign(path, layer, name)
    if name.startswith("toban/"):
        return check_ours(path, layer, name)
    if layer == "main" and "/" in name:
        return f'"{name}": private headers of a layer are not for main'
    return check_private(root, path, name)


def find(root, _options=None):
    for path in source.files(root, ["include", "src", "tests"], (".c", ".h")):
        for line, mark, name in source.includes(source.read(root, path)):
            fault = check(root, path, mark, name)
            if fault:
                yield Finding(path, line, fault)


if __name__ == "__main__":
    source.main(find, "layers")
