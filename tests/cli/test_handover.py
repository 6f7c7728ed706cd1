# SPDX-License-Identifier: MIT
"""The handover of a shift as scripts and printers see it."""

import json
import sqlite3
import unicodedata
import unittest

import desk
from desk import DENIED, DONE, FAILED, INVALID, USAGE


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Handover(desk.DeskCase):
    def report(self):
        fields = desk.report_fields("service-disruption")
        return self.ok("dc-operator-1", "report", "--from", "-", text=json.dumps(fields))["id"]

    def test_given_and_accepted_is_history_and_whole(self):
        case = self.report()
        self.ok("dc-operator-1", "act", case, "call", "--set", "to=dc-owner", "--set", "outcome=no-answer")
        sheet = self.ok("dc-operator-1", "handover")
        self.assertEqual([row["id"] for row in sheet["sheet"]["incidents"]], [case])
        self.assertEqual(sheet["sheet"]["calls"][0]["to"], "dc-owner")
        self.assertIsNone(sheet["handover"])
        given = self.ok("dc-operator-1", "handover", "give", "--to", "dc-operator-2", "--text", "静かな夜でした。")
        error = self.refuse(DENIED, "dc-operator-1", "handover", "accept", code="D312")
        self.assertIn("dc-operator-2", error["who"])
        self.refuse(INVALID, "dc-owner", "handover", "accept", code="D101")
        self.refuse(DENIED, "auditor-1", "handover", "accept", "--department", "datacentre", code="D306")
        self.refuse(DENIED, "dc-owner", "handover", "give", code="D405")
        waiting = self.ok("dc-operator-2", "handover", "show")
        self.assertEqual(waiting["handover"]["seq"], given["seq"])
        self.ok("dc-operator-2", "handover", "accept")
        row, = self.ok("auditor-1", "handover", "list", "--department", "datacentre")["handovers"]
        self.assertEqual((row["state"], row["by"], row["to"], row["ended_by"], row["text"]),
                         ("accepted", "dc-operator-1", "dc-operator-2", "dc-operator-2", "静かな夜でした。"))
        self.assertTrue(self.ok("auditor-1", "verify", "--rebuild")["ok"])

    def test_taken_back_waits_for_nobody(self):
        self.ok("dc-operator-1", "handover", "give")
        self.refuse(DENIED, "dc-owner", "handover", "withdraw", code="D301")
        self.ok("dc-operator-1", "handover", "withdraw", "--text", "Too early.")
        self.refuse(DENIED, "dc-owner", "handover", "accept", code="D406")
        self.assertTrue(self.ok("auditor-1", "verify", "--rebuild")["ok"])

    def test_a_changed_remark_is_found(self):
        given = self.ok("dc-operator-1", "handover", "give", "--text", "All is well.")
        base = sqlite3.connect(self.path)
        for name, in base.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            base.execute(f"DROP TRIGGER {name}")
        base.execute("UPDATE event_body SET body = replace(body, 'All', 'Nothing') WHERE seq = ?", (given["seq"],))
        base.commit()
        base.close()
        done = self.run_toban("--json", "verify")
        self.assertEqual(done.status, FAILED, done)
        self.assertIn(("body-changed", given["seq"]),
                      [(row["kind"], row["seq"]) for row in done.document()["problems"]])

    def test_the_paper_fits_its_page_in_both_languages(self):
        self.report()
        self.ok("dc-operator-1", "handover", "give", "--text", "申し送り " * 40)
        for language in ("en", "ja"):
            for way in ("sheet", "show"):
                done = self.run_toban("--lang", language, "handover", way, who="dc-owner")
                self.assertEqual(done.status, DONE, done)
                self.assertLessEqual(max(columns(line) for line in done.out.splitlines()), 78)
                self.assertIn("26-0001", done.out)

    def test_an_unknown_word_is_wrong_use(self):
        self.refuse(USAGE, "dc-owner", "handover", "throw", code="D111")


if __name__ == "__main__":
    unittest.main()
