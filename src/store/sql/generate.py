#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes C tables of the SQL files.

usage: generate.py OUTPUT.h OUTPUT.c STATEMENTS.sql SCHEMA.1.sql [SCHEMA.2.sql ...]

A statement starts after a line "-- name: WORD"; in a schema it has no name.  Where it
ends is SQLite's to say: a trigger has semicolons inside.  Lines that are comments are
left out of the C text; comments behind a column stay, because sqlite_schema
shows them to whoever opens the file.
"""
import re
import sqlite3
import sys

NAME = re.compile(r"^-- name: ([a-z][a-z0-9_]*)$")


def statements(path, named):
    """The (name, sql) pairs of a file, in order; exits on a slip."""
    found, name, lines = [], None, []
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        match = NAME.match(line)
        if match:
            name = match.group(1)
        elif line.startswith("--") or not line.strip():
            continue
        elif named and name is None:
            sys.exit(f"{path}:{number}: a statement without a name")
        else:
            lines.append(line)
            if sqlite3.complete_statement("\n".join(lines)):
                found.append((name, "\n".join(lines)))
                name, lines = None, []
    if lines:
        sys.exit(f"{path}: the last statement does not end")
    names = [n for n, _ in found if n is not None]
    for n in names:
        if names.count(n) > 1:
            sys.exit(f"{path}: the name {n} is there twice")
    return found


def c_string(text):
    """A C literal, a line of it for each line of the text."""
    lines = [l.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
             for l in text.split("\n")]
    return "\n".join(f'\t  "{l}\\n"' for l in lines).lstrip()


def shape(schemas):
    """What a file of the newest version has: "table NAME", "column TABLE.NAME" and so on.  What
    the full-text index keeps for itself is left out: that is its own business."""
    db = sqlite3.connect(":memory:")
    for path in schemas:
        for _, sql in statements(path, False):
            db.execute(sql)
    found = db.execute("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite@_%' "
                       "ESCAPE '@' AND name NOT LIKE 'search@_index@_%' ESCAPE '@'").fetchall()
    for table in [name for kind, name in found if kind == "table" and name != "search_index"]:
        for column in db.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall():
            found.append(("column", f"{table}.{column[0]}"))
    db.close()
    rank = ["table", "column", "trigger", "index"]  # what is worst comes first
    return sorted(found, key=lambda part: (rank.index(part[0]), part[1]))


def main(header, source, statement_file, *schemas):
    found = statements(statement_file, True)
    with open(header, "w", encoding="utf-8") as out:
        print("/* Made by generate.py from statements.sql: do not edit. */", file=out)
        print("enum statement {", file=out)
        for name, _ in found:
            print(f"\tSTMT_{name.upper()},", file=out)
        print("\tSTMT_COUNT\n};", file=out)
        print(f"#define SCHEMA_VERSION {len(schemas)}", file=out)
        print("extern const char *const statement_sql[STMT_COUNT];", file=out)
        print("/* The statements that lead to version i + 1, ended by NULL. */", file=out)
        print("extern const char *const *const schema_sql[SCHEMA_VERSION];", file=out)
        print("/* What a file of the newest version has, the worst to miss first, ended by NULL. */",
              file=out)
        print("extern const struct schema_part { const char *type; const char *name; } "
              "schema_parts[];", file=out)
    with open(source, "w", encoding="utf-8") as out:
        print("/* Made by generate.py: do not edit. */", file=out)
        print('#include <stddef.h>\n#include "statements.h"', file=out)
        print("const char *const statement_sql[STMT_COUNT] = {", file=out)
        for name, sql in found:
            print(f"\t[STMT_{name.upper()}] = {c_string(sql)},", file=out)
        print("};", file=out)
        for version, path in enumerate(schemas, 1):
            print(f"static const char *const schema_{version}[] = {{", file=out)
            for _, sql in statements(path, False):
                print(f"\t{c_string(sql)},", file=out)
            print("\tNULL\n};", file=out)
        print("const char *const *const schema_sql[SCHEMA_VERSION] = {", file=out)
        for version in range(1, len(schemas) + 1):
            print(f"\tschema_{version},", file=out)
        print("};", file=out)
        print("const struct schema_part schema_parts[] = {", file=out)
        for kind, name in shape(schemas):
            print(f'\t{{ "{kind}", "{name}" }},', file=out)
        print("\t{ NULL, NULL }\n};", file=out)


if __name__ == "__main__":
    main(*sys.argv[1:])
