# SPDX-License-Identifier: MIT
"""Statistics and preferences as scripts see them."""

import csv
import io
import os

import desk
from desk import DeskCase

FORMULA = "=cmd|'/c calc'!A1"
EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../forms/org/example.ini")


class Stats(DeskCase):
    def test_stats__a_finished_case__by_department_and_month(self):
        case = self.report("service-disruption")
        self.advance(case, "preventing")
        self.roll_out(case)
        stats = self.ok("auditor-1", "stats", "--by", "department")
        groups = {group["key"]: group for group in stats["groups"]}
        self.assertEqual(groups["datacentre"]["incidents"], 1)
        self.assertEqual(groups["datacentre"]["approved"], {"n": 1, "median_ms": 0, "p90_ms": 0})
        self.assertEqual(groups["sales"]["incidents"], 0)
        self.assertEqual(stats["roll_out"], {"cells": 2, "done": 2, "late": 0, "median_ms": 0})
        self.assertEqual(stats["months"][-1], {"month": "2026-11", "incidents": 1, "late": 0})
        one = self.ok("auditor-1", "stats", "--department", "general-affairs")
        self.assertEqual(one["total"]["incidents"], 0)
        self.assertEqual(one["roll_out"]["cells"], 1)
        last = self.ok("auditor-1", "stats", "--year", "2025")
        self.assertEqual(last["total"]["incidents"], 0)
        self.assertTrue(self.verified()["ok"])

    def test_stats__csv__one_row_for_each_group_and_one_for_all(self):
        self.report("security-breach")
        done = self.run_toban("stats", "--format", "csv", who="dc-owner")
        self.assertEqual(done.status, desk.DONE, done)
        rows = list(csv.DictReader(io.StringIO(done.out)))
        self.assertEqual([row["key"] for row in rows][-1], "")
        self.assertEqual(rows[-1]["incidents"], "1")
        self.assertEqual({row["key"]: row["incidents"] for row in rows}["security-breach"], "1")
        self.assertEqual(rows[-1]["approved_median_min"], "")
        self.assertEqual((rows[-1]["link1_told"], rows[-1]["link2_told"]), ("1", "0"))
        self.assertEqual(rows[-1]["link1_acknowledged_median_min"], "")

    def test_stats__links__of_each_class_in_every_form(self):
        case = self.report("security-breach")
        self.ok("dc-owner", "act", case, "instruct", "--set", "to=dc-operator-1", "--set", "text=Look.",
                "--set", "due=4h")
        self.ok("dc-operator-1", "act", case, "respond", "--set", "text=Looked.")
        stats = self.ok("auditor-1", "stats")
        breach = {group["key"]: group for group in stats["groups"]}["security-breach"]
        once = {"n": 1, "median_ms": 0, "p90_ms": 0}
        self.assertEqual(breach["responded"], once)
        self.assertEqual(breach["links"][0],
                         {"link": 1, "told": 1, "acknowledged": once, "instructed": once})
        self.assertEqual([link["told"] for link in stats["total"]["links"]], [1, 0, 0])
        done = self.run_toban("stats", "--format", "csv", who="dc-owner")
        row = {row["key"]: row for row in csv.DictReader(io.StringIO(done.out))}["security-breach"]
        self.assertEqual((row["responded_median_min"], row["link1_instructed_p90_min"]), ("0", "0"))
        text = self.run_toban("stats", who="dc-owner").out.split("by link of the chain")[1]
        self.assertRegex(text, r"4 Security breach +0:00 +0:00 +- +- +- +-\n")

    def test_stats__csv__a_name_that_is_a_formula_becomes_a_text(self):
        org = self.folder + "/org.ini"
        with open(EXAMPLE, encoding="utf-8") as example:
            text = example.read().replace("Name=Sales\n", "Name=" + FORMULA + "\n", 1)
        self.assertIn(FORMULA, text)
        with open(org, "w", encoding="utf-8") as out:
            out.write(text)
        self.path = self.folder + "/other.db"
        made = self.run_toban("init", "--example", "--org", org)
        self.assertEqual(made.status, desk.DONE, made)
        done = self.run_toban("stats", "--by", "department", "--format", "csv", who="dc-owner")
        names = [row["name"] for row in csv.DictReader(io.StringIO(done.out))]
        self.assertIn("'" + FORMULA, names)

    def test_stats__what_is_no_period__is_refused_by_name(self):
        error = self.refuse(desk.INVALID, "dc-owner", "stats", "--since", "soon", code="D108")
        self.assertEqual(error["fields"][0]["field"], "since")
        self.refuse(desk.INVALID, "dc-owner", "stats", "--year", "then", code="D102")
        self.refuse(desk.USAGE, "dc-owner", "stats", "--format", "pdf", code="D111")

    def test_stats__text__in_both_languages(self):
        self.report("control-failure")
        english = self.run_toban("stats", who="dc-owner").out
        japanese = self.run_toban("--lang", "ja", "stats", who="dc-owner").out
        self.assertIn("5 Control failure", english)
        self.assertIn("5 セキュリティ障害", japanese)
        self.assertLessEqual(max(len(line) for line in english.splitlines()), 80)


if __name__ == "__main__":
    desk.main()
