#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Japanese catalogue is whole: every marked string is translated.

As a tool: `tests/lint/po.py --missing` prints the missing entries in the form
in which they are pasted into po/ja.po, `--unused` those no source asks for.
"""

import os
import re
import subprocess
import sys
from typing import Dict, List, NamedTuple, Tuple

import source
from source import Finding

KEYWORDS = ["_", "N_", "P_:1,2"]
MARK = re.compile(r"(?<!\w)(_|N_|P_)\(")
DEFINES_MARKS = "include/toban/base/i18n.h"
PLACEHOLDER = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*\}")


class Entry(NamedTuple):
    line: int
    msgid: str
    plural: str
    texts: Tuple[str, ...]
    fuzzy: bool
    places: str  # the "#:" lines


def unquote(text):
    """The value of one quoted PO string."""
    def put(m):
        return {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1))
    return re.sub(r"\\(.)", put, text[1:-1])


def quote(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    lines = escaped.split("\n")
    rows = [f'"{line}\\n"' for line in lines[:-1]] + ([f'"{lines[-1]}"'] if lines[-1] else [])
    return "\n".join(rows) if len(rows) == 1 else "\n".join(['""'] + rows)


class Reader:
    """Reads PO text into entries; obsolete ones (#~) are left out."""

    def __init__(self):
        self.entries: Dict[str, Entry] = {}
        self.doubles: List[Tuple[int, str]] = []
        self.reset()

    def reset(self):
        self.fields: Dict[str, str] = {}
        self.flags, self.places, self.key, self.line = "", "", "", 0

    def finish(self):
        if "msgid" in self.fields:
            texts = tuple(v for k, v in sorted(self.fields.items()) if k.startswith("msgstr"))
            entry = Entry(self.line, self.fields["msgid"], self.fields.get("msgid_plural", ""),
                          texts, "fuzzy" in self.flags, self.places.strip())
            if entry.msgid in self.entries:
                self.doubles.append((entry.line, entry.msgid))
            self.entries[entry.msgid] = entry
        self.reset()

    def feed(self, number, line):
        if line.startswith("#"):
            if self.key.startswith("msgstr"):
                self.finish()
            if line.startswith("#,"):
                self.flags += line
            elif line.startswith("#:"):
                self.places += line[2:]
            return
        m = re.match(r'(msg\w+(?:\[\d+\])?)\s+(".*")\s*$', line)
        if m:
            if m.group(1) == "msgid" and self.fields:
                self.finish()
            if m.group(1) == "msgid":
                self.line = number
            self.key = m.group(1)
            self.fields[self.key] = unquote(m.group(2))
        elif line.startswith('"') and self.key:
            self.fields[self.key] += unquote(line.rstrip())
        elif not line.strip():
            self.finish()


def parse(text):
    reader = Reader()
    for number, line in enumerate(text.splitlines(), 1):
        reader.feed(number, line)
    reader.finish()
    return reader


def marked_files(root):
    """Files that mark strings; what the macros are made of does not count."""
    found = []
    for path in source.files(root, ["include", "src"], (".c", ".h")):
        text = source.drop_directives(source.strip(source.read(root, path)))
        if path != DEFINES_MARKS and MARK.search(text):
            found.append(path)
    return found


def extract(root, paths):
    """All marked strings, by msgid."""
    if not paths:
        return {}
    # Without its header the output counts as ASCII, and other characters would be dropped.
    command = ["xgettext", "--from-code=UTF-8", "--language=C", "--output=-"]
    command += [f"--keyword={k}" for k in KEYWORDS] + paths
    done = subprocess.run(command, cwd=root, text=True, check=True, encoding="utf-8",
                          stdout=subprocess.PIPE)
    entries = parse(done.stdout).entries
    entries.pop("", None)
    return entries


def check_list(root, paths):
    """POTFILES.in lists exactly the files with marks."""
    listed = {}
    for number, line in enumerate(source.read(root, "po/POTFILES.in").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            listed[line.strip()] = number
    for path in paths:
        if path not in listed:
            yield Finding("po/POTFILES.in", 0, f"expected a line {path}: it marks strings")
    for path, number in listed.items():
        if path not in paths:
            yield Finding("po/POTFILES.in", number, f"{path} marks no string or does not exist")


def placeholders(text):
    return set(PLACEHOLDER.findall(text))


def check_entry(want, have, path):
    if have.fuzzy:
        yield Finding(path, have.line, f"marked fuzzy, look at it again: {want.msgid!r}")
    if want.plural and have.plural != want.plural:
        yield Finding(path, have.line, f"expected msgid_plural {want.plural!r} for {want.msgid!r}")
    whole = placeholders(want.msgid) | placeholders(want.plural)
    for text in have.texts:
        if placeholders(text) != whole:
            missing = sorted(whole - placeholders(text))
            extra = sorted(placeholders(text) - whole)
            yield Finding(path, have.line, f"placeholders differ in {want.msgid!r}:"
                          f" missing {missing}, not in the source {extra}")


def is_missing(want, entries):
    have = entries.get(want.msgid)
    return have is None or not have.texts or not all(have.texts)


def check_format(root, path):
    """msgfmt's own checks: header, printf directives, line breaks at the ends."""
    done = subprocess.run(["msgfmt", "--check", "--output-file=/dev/null", path], cwd=root,
                          text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        for line in done.stdout.splitlines():
            m = re.match(r"[^:]+:(\d+)(?::\d+)?: (.*)", line)
            if m:
                yield Finding(path, int(m.group(1)), m.group(2))


def find(root, options):
    paths = marked_files(root)
    wanted = extract(root, paths)
    for path in languages(root):
        reader = parse(source.read(root, path))
        if getattr(options, "missing", False) or getattr(options, "unused", False):
            show(wanted, reader.entries, options)
            sys.exit(0)
        for line, msgid in reader.doubles:
            yield Finding(path, line, f"stands here twice: {msgid!r}")
        for msgid, want in wanted.items():
            if is_missing(want, reader.entries):
                where = want.places.split()[0] if want.places else "?"
                yield Finding(path, 0, f"no translation of {msgid!r} ({where})")
            else:
                yield from check_entry(want, reader.entries[msgid], path)
        yield from check_format(root, path)
    yield from check_list(root, paths)


def languages(root):
    words = source.read(root, "po/LINGUAS").split()
    return [os.path.join("po", word + ".po") for word in words]


def show(wanted, entries, options):
    """Prints entries as PO text for the person who translates."""
    if options.unused:
        for msgid in entries:
            if msgid and msgid not in wanted:
                print(f"msgid {quote(msgid)}\n")
        return
    for want in wanted.values():
        if is_missing(want, entries):
            print(f"#: {want.places}\nmsgid {quote(want.msgid)}")
            print(f'msgid_plural {quote(want.plural)}\nmsgstr[0] ""\n' if want.plural else 'msgstr ""\n')


def arguments(parser):
    parser.add_argument("--missing", action="store_true", help="print what is not translated")
    parser.add_argument("--unused", action="store_true", help="print what no source asks for")


if __name__ == "__main__":
    source.main(find, "po", arguments)
