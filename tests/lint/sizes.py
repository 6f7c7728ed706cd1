#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Limits of docs/style.md §2: functions, files, parameters, nesting, columns, statics.

A small tokenizer, not a compiler: it knows comments, literals, brackets and the
shape of a function definition.  Const tables do not count, neither for the
function nor for the file they stand in.
"""

import re
import unicodedata
from typing import List, NamedTuple

import source
from source import Finding

LIMITS = {"function": 60, "file": 600, "header": 150, "params": 5, "nesting": 3, "columns": 100}
STATIC_SHARE = 60  # per cent of the functions under src/ …
STATIC_FROM = 1000  # … of the whole program: the lower layers alone are mostly interface
ALLOW = "tests/lint/sizes.allow"
TAB = 8


class Function(NamedTuple):
    name: str
    line: int
    lines: int  # without const tables
    params: int
    nesting: int
    static: bool


class Token(NamedTuple):
    text: str
    line: int


class Table(NamedTuple):
    first: int  # line
    last: int


def tokens(code):
    text = source.drop_directives(source.strip(code))
    line, at = 1, 0
    for m in re.finditer(r"[A-Za-z_]\w*|\d[\w.]*|\"[^\"]*\"|'[^']*'|\.\.\.|[^\s\w]", text):
        line += text.count("\n", at, m.start())
        at = m.start()
        yield Token(m.group(0), line)


def partners(toks):
    """Index of the matching bracket for each bracket; missing ones are left out."""
    pairs, open_ones = {}, []
    match = {")": "(", "]": "[", "}": "{"}
    for i, tok in enumerate(toks):
        if tok.text in "([{":
            open_ones.append(i)
        elif tok.text in match and open_ones and toks[open_ones[-1]].text == match[tok.text]:
            start = open_ones.pop()
            pairs[start], pairs[i] = i, start
    return pairs


def count_params(toks, start, end, pairs):
    """Parameters between the brackets at `start` and `end`; `...` and void do not count."""
    count, i, words = 0, start + 1, []
    while i <= end:
        text = toks[i].text
        if i == end or text == ",":
            if words and words not in (["void"], ["..."]):
                count += 1
            words = []
        else:
            words.append(text)
            if text in "([{":
                i = pairs.get(i, i)
        i += 1
    return count


def is_block(toks, i, pairs):
    """Whether the brace at `i` opens a block, not an initialiser."""
    before = toks[i - 1].text
    if before != ")":
        return before in ("else", "do", ";", ":", "{", "}")
    start = pairs.get(i - 1, i - 1)
    word = toks[start - 1].text
    # `if (x) {`, `json_array_foreach(a, i, v) {` open blocks; `= (struct s) {`,
    # `f((int[]) {` and `return (struct s) {` make values.
    return bool(re.match(r"[A-Za-z_]", word)) and word not in ("return", "sizeof")


def walk_body(toks, start, end, pairs):
    """(deepest nesting, const tables) of the function body between two braces."""
    deepest, depth, tables, i = 0, 0, [], start + 1
    while i < end:
        text = toks[i].text
        if text == "{":
            if is_block(toks, i, pairs):
                depth += 1
                deepest = max(deepest, depth)
            else:
                last = pairs.get(i, i)
                if is_const_table(toks, i, pairs):
                    tables.append(Table(toks[i].line, toks[last].line))
                i = last
        elif text == "}":
            depth -= 1
        i += 1
    return deepest, tables


def is_const_table(toks, i, pairs):
    """Whether the initialiser that opens at `i` belongs to a const declaration."""
    j = i - 1
    while j >= 0 and toks[j].text not in (";", "{"):
        if toks[j].text == "const":
            return True
        if toks[j].text == "}":  # the body of an unnamed type stands between; else an end
            j = pairs.get(j, 0)
            if toks[j - 1].text not in ("struct", "union", "enum"):
                return False
        j -= 1
    return False


def definition_head(toks, brace, pairs):
    """(index of the name, of "(", of ")") when the brace opens a function; else None."""
    close = brace - 1
    if close < 0 or toks[close].text != ")" or close not in pairs:
        return None
    start = pairs[close]
    if start == 0 or not re.match(r"[A-Za-z_]\w*$", toks[start - 1].text):
        return None
    return start - 1, start, close


def survey(code):
    """(functions, const tables outside functions) of one file."""
    toks = list(tokens(code))
    pairs = partners(toks)
    functions: List[Function] = []
    tables: List[Table] = []
    i, begin = 0, 0
    while i < len(toks):
        text = toks[i].text
        if text == "{":
            end = pairs.get(i, len(toks) - 1)
            head = definition_head(toks, i, pairs)
            if head:
                functions.append(measure(toks, begin, head, i, end, pairs))
                begin = end + 1
            elif is_const_table(toks, i, pairs):
                tables.append(Table(toks[i].line, toks[end].line))
            i = end
        elif text == ";":
            begin = i + 1
        i += 1
    return functions, tables


def measure(toks, begin, head, brace, end, pairs):
    name, start, close = head
    nesting, tables = walk_body(toks, brace, end, pairs)
    lines = toks[end].line - toks[name].line + 1
    lines -= sum(t.last - t.first + 1 for t in tables)
    static = any(t.text == "static" for t in toks[begin:name])
    return Function(toks[name].text, toks[name].line, lines,
                    count_params(toks, start, close, pairs), nesting, static)


def columns(line):
    """Columns on a terminal: tabs to the next eighth, Japanese counts two."""
    cols = 0
    for c in line:
        if c == "\t":
            cols += TAB - cols % TAB
        elif not unicodedata.combining(c):
            cols += 2 if unicodedata.east_asian_width(c) in "WF" else 1
    return cols


class Allowed:
    """sizes.allow: `KIND PATH[:FUNCTION] LIMIT  # reason`; unused rows are findings."""

    def __init__(self, root):
        self.limits, self.used = {}, set()
        rows, self.faults = source.allowances(root, ALLOW)
        for number, words in rows:
            if len(words) != 3 or words[0] not in LIMITS or not words[2].isdigit():
                self.faults.append(Finding(ALLOW, number, "expected: KIND PATH[:FUNCTION] LIMIT"
                                           f" # reason; KIND is one of {', '.join(LIMITS)}"))
                continue
            self.limits[(words[0], words[1])] = (int(words[2]), number)

    def limit(self, kind, place, value):
        """The limit in force; a raised one is looked at only where it is needed."""
        if value <= LIMITS[kind] or (kind, place) not in self.limits:
            return LIMITS[kind]
        self.used.add((kind, place))
        return self.limits[(kind, place)][0]

    def unused(self):
        for key, (_, number) in self.limits.items():
            if key not in self.used:
                yield Finding(ALLOW, number, f"{key[0]} {key[1]}: no longer needed, take it out")


def over(allowed, kind, place, value, finding):
    """The finding when `value` is over the limit of `kind` at `place`."""
    limit = allowed.limit(kind, place, value)
    if value > limit:
        yield Finding(finding.path, finding.line, finding.text.format(value=value, limit=limit))


def check_file(path, code, allowed):
    functions, tables = survey(code)
    lines = code.splitlines()
    kind = "header" if path.endswith(".h") else "file"
    length = len(lines) - sum(t.last - t.first + 1 for t in tables)
    yield from over(allowed, kind, path, length, Finding(
        path, 0, kind + " of {value} lines, the limit is {limit}"))
    for number, line in enumerate(lines, 1):
        yield from over(allowed, "columns", path, columns(line), Finding(
            path, number, "line of {value} columns, the limit is {limit}"))
    for f in functions:
        place = f"{path}:{f.name}"
        yield from over(allowed, "function", place, f.lines, Finding(
            path, f.line, f.name + "() has {value} lines, the limit is {limit}"))
        yield from over(allowed, "params", place, f.params, Finding(
            path, f.line, f.name + "() has {value} parameters, the limit is {limit}"))
        yield from over(allowed, "nesting", place, f.nesting, Finding(
            path, f.line, f.name + "() nests {value} levels deep, the limit is {limit}"))


def check_share(static, total):
    if total and static * 100 < total * STATIC_SHARE:
        yield Finding("src", 0, f"{static} of {total} functions are static,"
                      f" at least {STATIC_SHARE} % are expected")


def find(root, _options=None):
    allowed = Allowed(root)
    total, static = 0, 0
    for path in source.files(root, ["include", "src", "tests"], (".c", ".h")):
        code = source.read(root, path)
        yield from check_file(path, code, allowed)
        if path.startswith("src/") and path.endswith(".c"):
            functions = survey(code)[0]
            total += len(functions)
            static += sum(f.static for f in functions)
    if total >= STATIC_FROM:
        yield from check_share(static, total)
    yield from allowed.faults
    yield from allowed.unused()


if __name__ == "__main__":
    source.main(find, "sizes")
