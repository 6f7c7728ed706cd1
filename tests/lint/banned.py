#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What must not stand where: SQL, dangerous calls, ambient state, bare TODOs, no licence.

banned.h makes some of these compile errors already; this says so for files
that the present build leaves out, and for calls that are right in one place
only (the clock in base, the environment in main).
"""

import os
import re

import source
from source import Finding

# --- SQL in string literals ------------------------------------------------

STATEMENT = re.compile(
    r"\b(SELECT\s+[\w*(:'\"]|INSERT\s+(INTO|OR)\b|REPLACE\s+INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b"
    r"|CREATE\s+(TABLE|INDEX|UNIQUE|TRIGGER|VIRTUAL|VIEW|TEMP)\b|ALTER\s+TABLE\b"
    r"|DROP\s+(TABLE|INDEX|TRIGGER|VIEW)\b|WITH\s+\w+\s+AS\s*\()"
    r"|^\s*(select\s.*\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s\w+\s+where\s)", re.S)
CONTROL = re.compile(
    r"^\s*(PRAGMA\s+\w|BEGIN(\s+(IMMEDIATE|EXCLUSIVE|TRANSACTION))?\s*;?\s*$"
    r"|COMMIT\s*;?\s*$|ROLLBACK\s*;?\s*$|SAVEPOINT\s|ATTACH\s|VACUUM\b)", re.I)
ENGINE_WORDS = re.compile(r"\bPRAGMA\s+\w|\bBEGIN\s+IMMEDIATE\b")

# --- calls -------------------------------------------------------------------

NOWHERE = {
    "strcpy": "str_add() or arena_strdup()", "strcat": "str_add()", "sprintf": "str_addf()",
    "vsprintf": "str_addf()", "strncpy": "str_add_n()", "strncat": "str_add_n()",
    "strtok": "a scan with strcspn()", "gets": "getline()",
    "atoi": "strtol() with its end checked", "atol": "strtol() with its end checked",
    "atof": "strtod() with its end checked", "localtime": "stamp_format()",
    "gmtime": "stamp_format()", "ctime": "stamp_format()", "asctime": "stamp_format()",
    "alloca": "an arena", "system": "posix_spawn() with a list of arguments",
    "popen": "posix_spawn() with a list of arguments", "tmpnam": "mkstemp()",
    "mktemp": "mkstemp()", "rand": "random_bytes()", "srand": "random_bytes()",
}
MAIN = re.compile(r"src/[^/]+\.c$")
# Right in these files only: time, environment, user and the end of the process belong to main.
ONLY_IN = {
    "getenv": [MAIN], "secure_getenv": [MAIN], "exit": [MAIN], "time": [MAIN],
    "getlogin": [MAIN], "getpwuid": [MAIN], "getpwuid_r": [MAIN],
    "putenv": [MAIN], "gettimeofday": [MAIN],
    "setenv": [MAIN, re.compile(r"src/base/i18n\.c$")],
    "unsetenv": [MAIN, re.compile(r"src/base/i18n\.c$")],
    "setlocale": [MAIN, re.compile(r"src/base/i18n\.c$")],
    "clock_gettime": [MAIN, re.compile(r"src/base/clock\.c$")],
}
# The same for what is fine anywhere but with this argument.
CALL = re.compile(r"(?<![\w.>])([a-z_]\w*)\s*\(")

TODO = re.compile(r"\b(TODO|FIXME)\b(?![^\n]*#\d)")
LICENCE = "SPDX-License-Identifier: MIT"
CODE = (".c", ".h", ".py", ".sh", ".build", ".sql", "_options.txt")
SCRIPTS = ["scripts", ".ci"]  # every file, they have no suffix


def literals(code):
    """(offset, text) of string literals, adjacent ones joined as the compiler does."""
    joined, start, end = "", None, 0
    for m in source.C_TOKEN.finditer(code):
        if m.group("comment") is not None:
            continue
        if m.group("string") is None:
            continue
        between = source.strip(code[end:m.start()]).strip()
        if start is None or between:
            if start is not None:
                yield start, joined
            joined, start = "", m.start()
        joined += m.group("string")[1:-1].replace("\\n", "\n").replace("\\t", "\t")
        end = m.end()
    if start is not None:
        yield start, joined


def check_sql(path, code):
    if not path.startswith(("src/", "include/")) or path.startswith("src/store/sql/"):
        return
    engine = path.startswith("src/store/")
    for offset, text in literals(source.drop_directives(code)):
        line = source.line_of(code, offset)
        if STATEMENT.search(text):
            yield Finding(path, line, "SQL statement: named statements live in src/store/sql only")
        elif not engine and (CONTROL.search(text) if text.isupper() else ENGINE_WORDS.search(text)):
            yield Finding(path, line, "database command: only src/store may speak to the engine")


def check_calls(path, code):
    text = source.drop_directives(source.strip(code))
    for m in CALL.finditer(text):
        name, line = m.group(1), source.line_of(text, m.start())
        if name in NOWHERE:
            yield Finding(path, line, f"{name}() is banned; use {NOWHERE[name]}")
        elif name in ONLY_IN and path.startswith("src/"):
            if not any(place.match(path) for place in ONLY_IN[name]):
                yield Finding(path, line, f"{name}() belongs to main (or its one file in base);"
                              " pass what you need in")


def check_text(path, text):
    if path.startswith("tests/lint/"):
        return  # these talk about the word itself
    for m in TODO.finditer(text):
        yield Finding(path, source.line_of(text, m.start()),
                      f"{m.group(1)} without an issue number; write {m.group(1)} #N")


def check_licence(path, text):
    lines = text.split("\n", 2)
    at = 1 if lines[0].startswith("#!") else 0
    if len(lines) <= at or LICENCE not in lines[at]:
        yield Finding(path, at + 1, f"expected '{LICENCE}' in the first line (after #!)")


def find(root, _options=None):
    folders = ["include", "src", "tests"]
    for path in source.files(root, folders, (".c", ".h")):
        code = source.read(root, path)
        yield from check_sql(path, code)
        yield from check_calls(path, code)
    top = [n for n in sorted(os.listdir(root))
           if n.endswith(CODE) and os.path.isfile(os.path.join(root, n))]
    rest = source.files(root, folders + ["forms", "po"], CODE) + source.files(root, SCRIPTS, ("",))
    for path in top + rest:
        text = source.read(root, path)
        yield from check_text(path, text)
        yield from check_licence(path, text)


if __name__ == "__main__":
    source.main(find, "banned")
