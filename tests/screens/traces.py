# SPDX-License-Identifier: MIT
"""What lies in the memory of a process: found as the machine's administrator would find it."""

import os
import re
import subprocess

MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \S+ *(.*)$")
SHADOW = 1 << 40  # bytes; no program of ours has a mapping of that size, a sanitizer does
LOOKS = 100


def patterns(text):
    """How a program may hold a text: as bytes, as characters or keys of an int each, and in cells of
    curses, of which a wide character takes two."""
    codes = [char.encode("utf-32-le") for char in text]
    return {
        "bytes": re.compile(re.escape(text.encode()), re.DOTALL),
        "utf-16": re.compile(re.escape(text.encode("utf-16-le")), re.DOTALL),
        "int each": re.compile(re.escape(b"".join(codes)), re.DOTALL),
        "cells": re.compile(b"(?:.{24}|.{52})".join(re.escape(code) for code in codes), re.DOTALL),
    }


def mappings(pid):
    """(start, end, name, locked) of all memory that can be written to."""
    rows = []
    with open(f"/proc/{pid}/smaps", encoding="utf-8", errors="replace") as file:
        for line in file:
            head = MAPPING.match(line)
            if head:
                rows.append([int(head[1], 16), int(head[2], 16), head[4] or "anonymous", head[3], False])
            elif line.startswith("VmFlags:"):
                rows[-1][4] = " lo" in line
    return [(start, end, name, locked) for start, end, name, rights, locked in rows if "w" in rights]


def why_not(pid):
    """Why nothing can be told about this process; None: it can."""
    try:
        with open(f"/proc/{pid}/mem", "rb"):
            pass
    except PermissionError:
        return "the memory of a toban is its administrator's: this runs as root"
    if any(end - start >= SHADOW for start, end, _, _ in mappings(pid)):
        return "a sanitizer keeps what was given back"
    return None


def turns(pid):
    """How often its threads gave up the processor, and whether one runs now."""
    n, runs = 0, False
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status", encoding="utf-8") as file:
            text = file.read()
        n += sum(int(word) for word in re.findall(r"ctxt_switches:\s+(\d+)", text))
        runs = runs or re.search(r"State:\s+(\S)", text)[1] == "R"
    return n, runs


def held(pid):
    """(name, locked, bytes) of each mapping."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end, name, locked in mappings(pid):
            try:
                memory.seek(start)
                yield name, locked, memory.read(end - start) or b""
            except (OSError, ValueError):
                continue  # the kernel's own, or beyond what a file can have


def look(pid, text):
    """Each place where the text lies: (mapping, locked, how).  Looked at while the process waits."""
    for _ in range(LOOKS):
        before = turns(pid)
        found = [(name, locked, how) for name, locked, memory in held(pid)
                 for how, pattern in patterns(text).items() for _ in pattern.finditer(memory)]
        if not before[1] and turns(pid) == before:
            return found
    raise AssertionError(f"process {pid} never waits")


def loose(pid, text):
    """Where it lies in memory that is not locked."""
    return [place for place in look(pid, text) if not place[1]]


def family(pid):
    """The process and those it started."""
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], stdout=subprocess.PIPE, check=False)
    return [pid, *(int(word) for word in done.stdout.split())]
