#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the built libraries say: calls look down only, no mutable variable is exported.

Reads the symbol tables of lib LAYER.a files.  A layer may need symbols of the
layers below it (the map of layers.py); those above the door may need what
door.c and signer.c define and nothing else of the desk.
"""

import os
import re
import subprocess

import layers
import source
from source import Finding

ALLOW = "tests/lint/globals.allow"
# A layer may be built in parts: the sender is what of notify needs the HTTP library.
PARTS = {"sender": "notify", "signer": "desk"}
# What the sanitizers add to every object.
NOISE = re.compile(r"^(__odr_asan|__asan_|__ubsan_|__sanitizer_|__gcov|llvm_|\.|_GLOBAL_)")
DOOR_OBJECT = re.compile(r"(^|[_/])(door|signer)\.c\.o$")


def symbols(library):
    """(object, name, section, is global) of each symbol in the archive."""
    done = subprocess.run(["objdump", "-t", "-w", library], check=True, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    member = ""
    for line in done.stdout.splitlines():
        m = re.match(r"(\S.*):\s+file format", line)
        if m:
            member = m.group(1)
            continue
        # 0000000000000000 g     F .text  0000000000000010 name
        m = re.match(r"[0-9a-f]{8,} (.{7}) (\S+)\s+[0-9a-f]{8,}\s+(?:\.hidden\s+)?(\S+)$", line)
        if m and not NOISE.match(m.group(3)):
            yield member, m.group(3), m.group(2), m.group(1)[0] in "gu!" or m.group(1)[1] == "w"


def read_library(path):
    """(defined: name -> (object, section), needed: name -> object) of one archive."""
    defined, needed = {}, {}
    for member, name, section, is_global in symbols(path):
        if section == "*UND*":
            needed.setdefault(name, member)
        elif is_global or section == "*COM*":
            defined[name] = (member, section)
    return defined, needed


def is_mutable(section):
    """Constants with pointers in them are in .data.rel.ro: the loader alone writes there."""
    return section == "*COM*" or (section.startswith((".data", ".bss"))
                                  and not section.startswith(".data.rel.ro"))


def check_calls(library, needed, owners):
    layer = PARTS.get(library, library)
    for name, member in sorted(needed.items()):
        if name not in owners:
            continue
        target, owner_object = owners[name]
        if target in layers.LAYERS.get(layer, {layer}) or target == layer:
            continue
        if layer in layers.ABOVE_THE_DOOR and DOOR_OBJECT.search(owner_object):
            continue
        yield Finding(f"lib{library}.a({os.path.basename(member)})", 0,
                      f"needs {name}() of layer {target}; {layer} may use only "
                      f"{', '.join(sorted(layers.LAYERS.get(layer, [layer])))}")


def check_globals(library, defined, allowed):
    for name, (member, section) in sorted(defined.items()):
        if is_mutable(section) and name not in allowed:
            yield Finding(f"lib{library}.a({os.path.basename(member)})", 0,
                          f"exports the variable '{name}' ({section}); make it static or pass it in, "
                          f"or give the reason in {ALLOW}")


def find(root, options):
    rows, faults = source.allowances(root, ALLOW)
    yield from faults
    allowed = {words[0] for _, words in rows if words}
    tables = {}
    for path in options.libraries:
        name = re.sub(r"^lib|\.a$", "", os.path.basename(path))
        tables[name] = read_library(path)
    owners = {name: (PARTS.get(library, library), where[0])
              for library, (defined, _) in tables.items() for name, where in defined.items()}
    for library, (defined, needed) in tables.items():
        foreign = {name: member for name, member in needed.items() if name not in defined}
        yield from check_calls(library, foreign, owners)
        yield from check_globals(library, defined, allowed)


def arguments(parser):
    parser.add_argument("libraries", nargs="+", help="the static library of each layer")


if __name__ == "__main__":
    source.main(find, "links", arguments)
