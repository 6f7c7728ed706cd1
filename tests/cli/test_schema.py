#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""F37: the thirteenth way, in which who owns the file changes its tables and not its rows.  The
verifier names the part, nothing is written to such a file, and where a table or a column is gone
nothing is read either."""

import json
import sqlite3
import unittest

import desk
from desk import DENIED, DONE, FAILED, UNUSABLE, DeskCase, report_fields

LOST, GUARD = True, False  # nothing can be read; it can be read and not written

CHANGES = [
    ("DROP TABLE event", "the table event is missing", LOST),
    ("DROP TABLE event_body", "the table event_body is missing", LOST),
    ("DROP TABLE erasure", "the table erasure is missing", LOST),
    ("DROP TABLE incident", "the table incident is missing", LOST),
    ("DROP TABLE draft", "the table draft is missing", LOST),
    ("DROP TABLE pin_try", "the table pin_try is missing", LOST),
    ("ALTER TABLE incident DROP COLUMN reported_at",
     "the column incident.reported_at is missing", LOST),
    ("DROP TRIGGER event_update", "the trigger event_update is missing", GUARD),
    ("DROP TRIGGER event_body_delete", "the trigger event_body_delete is missing", GUARD),
    ("DROP INDEX incident_order", "the index incident_order is missing", GUARD),
    ("CREATE TRIGGER evil AFTER INSERT ON event BEGIN SELECT 1; END",
     "the trigger evil is none of this program's", GUARD),
]


class Schema(DeskCase):

    def setUp(self):
        super().setUp()
        self.case = self.report("service-disruption")
        with open(self.path, "rb") as file:
            self.whole = file.read()

    def change(self, sql):
        """A fresh copy of the file, with this done to it."""
        with open(self.path, "wb") as file:
            file.write(self.whole)
        base = sqlite3.connect(self.path)
        base.execute("PRAGMA foreign_keys = OFF")
        base.execute(sql)
        base.commit()
        base.close()

    def found(self):
        done = self.run_toban("--json", "verify", who="auditor-1")
        self.assertIn(done.status, (DONE, FAILED), done)
        return {(row["kind"], row["text"]) for row in done.document()["problems"]}

    def refused_report(self):
        return self.refuse(UNUSABLE, "dc-operator-1", "report", "--from", "-",
                           text=json.dumps(report_fields("service-disruption")), code="D455")

    def test_each(self):
        for sql, text, lost in CHANGES:
            with self.subTest(sql):
                self.change(sql)
                self.assertIn(("schema", text), self.found())
                self.assertIn(text, self.refused_report()["text"])
                if lost:
                    self.refuse(UNUSABLE, "dc-operator-1", "list", code="D455")
                else:
                    listed = self.ok("dc-operator-1", "list")
                    self.assertEqual([row["id"] for row in listed["incidents"]], [self.case])
                # What was refused is not there: the verifier finds no more than before.
                self.assertEqual({kind for kind, _ in self.found()} - {"unreadable"}, {"schema"})

    def test_columns_of_a_table_that_is_gone_are_not_counted_one_by_one(self):
        self.change("DROP TABLE event")
        self.assertFalse([text for _, text in self.found() if text.startswith("the column")])

    def test_what_is_altered_or_added_is_named_and_keeps_nobody_out(self):
        self.change("ALTER TABLE draft ADD COLUMN more TEXT")
        self.assertLessEqual({("schema", "the table draft was changed"),
                              ("schema", "the column draft.more is none of this program's")},
                             self.found())
        self.report("service-disruption")

    def test_for_people(self):
        self.change("DROP TABLE event")
        done = self.run_toban("verify", who="auditor-1")
        self.assertEqual(done.status, FAILED)
        self.assertIn("restore the newest backup", done.out)
        done = self.run_toban("doctor")
        self.assertIn("the table event is missing", done.out)

    def test_service(self):
        """It answers, says what is wrong, and writes nothing; also beside it, in a worker."""
        self.change("DROP TRIGGER event_update")
        self.serve()
        self.assertIn("the trigger event_update is missing", self.refused_report()["text"])
        self.assertEqual(self.show(self.case)["id"], self.case)
        self.assertIn(("schema", "the trigger event_update is missing"), self.found())
        self.refuse(DENIED, "dc-operator-1", "--read-only", "act", self.case, "note", "--from",
                    "-", text='{"text": "x"}', code="D310")

    def test_whole(self):
        self.assertEqual(self.found(), set())
        self.report("service-disruption")


if __name__ == "__main__":
    desk.main()
