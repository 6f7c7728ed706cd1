# SPDX-License-Identifier: MIT
"""The entries of a desk file, read and written by who owns the file and knows the format."""

import hashlib
import json
import sqlite3

TEXTS = ("id", "subject", "subject_seq", "at", "happened_at", "actor", "post", "kind", "form",
         "form_version")


def number(value):
    return value.to_bytes(8, "big", signed=True)


def text_of(body):
    """A body as the program writes it."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Ledger:
    """The entries of a desk file, read and written around the program."""

    def __init__(self, path):
        self.base = sqlite3.connect(path, isolation_level=None)
        self.base.row_factory = sqlite3.Row
        self.triggers = [row["sql"] for row in self.base.execute(
            "SELECT sql FROM sqlite_schema WHERE type = 'trigger'")]
        for row in self.base.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            self.base.execute(f"DROP TRIGGER {row['name']}")
        self.base.execute("PRAGMA foreign_keys = OFF")

    def rows(self):
        return [dict(row) for row in self.base.execute(
            "SELECT * FROM event LEFT JOIN event_body USING (seq) ORDER BY seq")]

    def put(self, row):
        event = {name: row[name] for name in ("seq", "canon", "commitment", "prev_hash",
                                              "row_hash") + TEXTS}
        marks = ", ".join("?" * len(event))
        self.base.execute(f"INSERT OR REPLACE INTO event ({', '.join(event)}) VALUES ({marks})",
                          list(event.values()))
        self.base.execute("INSERT OR REPLACE INTO event_body (seq, nonce, body) VALUES (?, ?, ?)",
                          (row["seq"], row["nonce"], row["body"]))

    def chain(self, rows):
        """All hashes anew, as who knows how they are made."""
        before = bytes(32)
        for row in rows:
            row["commitment"] = hashlib.sha256(row["nonce"] + row["body"].encode()).digest()
            row["prev_hash"] = before
            parts = [before, number(row["canon"]), number(row["seq"])]
            for name in TEXTS:
                value = row[name]
                if name == "happened_at" and value is None:
                    value = -2 ** 63  # nothing was said
                if isinstance(value, int):
                    parts.append(number(value))
                else:
                    data = (value or "").encode()
                    parts += [number(len(data)), data]
            before = hashlib.sha256(b"".join(parts) + row["commitment"]).digest()
            row["row_hash"] = before

    def write(self, rows):
        self.base.execute("DELETE FROM event_body")
        self.base.execute("DELETE FROM event")
        for row in rows:
            self.put(row)

    def close(self):
        for sql in self.triggers:
            self.base.execute(sql)
        self.base.close()
