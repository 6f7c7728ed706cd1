# SPDX-License-Identifier: MIT
"""Who is there: absences, rosters and numbers as scripts see them."""

import json
import os
import unittest

import desk
from desk import DENIED, DONE, FAILED, INVALID, MISSING, USAGE

HEAD = "department,when,from,to,person\n"


class People(desk.DeskCase):
    def told(self):
        fields = desk.report_fields("service-disruption")
        answer = self.ok("dc-operator-2", "report", "--from", "-", text=json.dumps(fields))
        return [(row["person"], row["role"]) for row in answer["notified"]]

    def file(self, text, name="roster.csv"):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as stream:
            stream.write(text if isinstance(text, bytes) else text.encode())
        return path

    def test_absent__stand_in_is_told_and_acts_and_the_record_is_whole(self):
        self.ok("dc-owner", "person", "absent", "--until", "2026-11-24", "--stand-in", "dc-operator-1",
                "--why", "journey")
        self.assertEqual(self.told(), [("dc-operator-1", "stand-in")])
        self.ok("dc-operator-1", "act", "26-0001", "instruct", "--set", "to=dc-operator-2", "--set", "text=t",
                "--set", "due=1h")
        entry = self.ok("auditor-1", "log", "26-0001")["log"][-1]
        self.assertEqual(entry["body"]["acting"], {"for": "dc-owner", "part": "owner"})
        self.assertIn("(standing in for dc-owner, owner)", self.run_toban("log", "26-0001", who="auditor-1").out)
        self.now = "2026-11-25T00:00:00+09:00"
        self.assertEqual(self.told(), [("dc-owner", "owner")])
        self.refuse(DENIED, "dc-operator-1", "act", "26-0001", "instruct", "--set", "to=dc-operator-2",
                    "--set", "text=t", "--set", "due=1h", code="D301")
        self.assertTrue(self.ok("auditor-1", "verify", "--rebuild")["ok"])

    def test_back__ends_it(self):
        self.ok("dc-deputy-1", "person", "absent", "dc-owner", "--until", "in 9d")
        self.assertEqual(self.told(), [("dc-deputy-1", "deputy"), ("dc-deputy-2", "deputy")])
        self.ok("dc-owner", "person", "back")
        self.assertEqual(self.told(), [("dc-owner", "owner")])
        self.refuse(DENIED, "dc-owner", "person", "back", code="D406")

    def test_show__has_ways_and_who_stands_in(self):
        self.ok("dc-owner", "person", "way", "add", "telephone", "090-1234-5678", "--confirmed")
        self.ok("dc-owner", "person", "absent", "--until", "in 2d", "--stand-in", "dc-deputy-2")
        person, = self.ok("dc-operator-1", "person", "show", "dc-owner")["people"]
        self.assertEqual((person["phone"], person["stand_in"]), ("090-1234-5678", "dc-deputy-2"))
        self.assertTrue(person["absent_until"].startswith("2026-11-25"))
        self.assertEqual(person["ways"][0]["confirmed_on"], "2026-11-23T09:00:00+09:00")
        self.refuse(MISSING, "dc-operator-1", "person", "show", "eve")
        plain = self.run_toban("person", "show", "dc-owner", who="dc-operator-1")
        self.assertIn("dc-deputy-2", plain.out)

    def test_why__is_not_for_everybody(self):
        self.ok("dc-owner", "person", "absent", "--until", "in 2d", "--why", "SECRETWORD")
        for who, reads in (("auditor-1", True), ("admin", True), ("dc-owner", True), ("dc-operator-1", False)):
            out = self.run_toban("export", "--all", who=who).out
            self.assertEqual("SECRETWORD" in out, reads, who)
        self.assertIn("SECRETWORD", json.dumps(self.ok("auditor-1", "log", "duty")))
        self.refuse(DENIED, "dc-operator-1", "log", "duty", code="D301")

    def test_import__from_a_spreadsheet_and_out_again(self):
        text = (HEAD + "datacentre,mon-fri,08:30,17:30,dc-owner\n"
                "datacentre,daily,17:30,08:30,dc-operator-1\n"
                "datacentre,2026-12-31..2027-01-03,00:00,24:00,dc-deputy-1\n")
        path = self.file(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        trial = self.ok("dc-owner", "roster", "import", path, "--dry-run")
        self.assertTrue(trial["dry_run"])
        self.assertIsNone(self.ok("dc-owner", "roster", "show")["seq"])
        done = self.ok("dc-owner", "roster", "import", path)
        self.assertEqual(done["rosters"], [{"department": "datacentre", "week": 12, "exceptions": 1}])
        self.assertEqual(self.told(), [("dc-owner", "owner")])  # a Monday morning
        self.now = "2026-11-23T23:00:00+09:00"
        self.assertEqual(self.told(), [("dc-operator-1", "on-duty"), ("dc-owner", "owner")])
        self.now = "2026-12-31T23:00:00+09:00"
        self.assertEqual(self.told(), [("dc-deputy-1", "on-duty"), ("dc-owner", "owner")])
        out = self.run_toban("roster", "export", who="dc-operator-1").out
        again = self.ok("dc-owner", "roster", "import", self.file(out, "again.csv"))
        self.assertEqual(again["rosters"], done["rosters"])
        self.assertTrue(self.ok("auditor-1", "verify", "--rebuild")["ok"])

    def test_import__faults_are_named_and_nothing_is_recorded(self):
        path = self.file(HEAD + "datacentre,mon,08:30,17:30,dc-owner\n"
                         "datacentre,mun,8h,17:30,eve\n")
        error = self.refuse(INVALID, "dc-owner", "roster", "import", path, code="D102")
        self.assertEqual([row["field"] for row in error["fields"]],
                         ["roster.csv:3:16", "roster.csv:3:25"])
        self.assertIsNone(self.ok("dc-owner", "roster", "show")["seq"])
        self.refuse(INVALID, "dc-owner", "roster", "import", self.file("日\n".encode("shift_jis")), code="D110")
        self.refuse(INVALID, "dc-owner", "roster", "import", self.file("x" * (5 << 20)), code="D110")
        self.refuse(INVALID, "dc-owner", "roster", "import", self.file("x" * (2 << 20)), code="D104")
        self.refuse(MISSING, "dc-owner", "roster", "import", self.folder + "/none.csv", code="D110")
        self.refuse(DENIED, "dc-owner", "roster", "import",
                    self.file(HEAD + "legal,mon,1:00,2:00,nobody\n"), code="D301")

    def test_set_and_except__by_rows(self):
        self.ok("dc-owner", "roster", "set", "datacentre", "mon-fri 08:30-17:30 dc-owner",
                "sat sun 00:00-24:00 nobody", "daily 17:30-08:30 dc-operator-1")
        made = self.ok("dc-owner", "roster", "except", "datacentre", "2026-11-23 00:00-24:00 dc-deputy-2")
        self.assertEqual(self.told(), [("dc-deputy-2", "on-duty"), ("dc-owner", "owner")])
        self.ok("dc-owner", "roster", "except", "--remove", str(made["seq"]))
        self.assertEqual(self.told(), [("dc-owner", "owner")])
        self.refuse(USAGE, "dc-owner", "roster", "set", "datacentre", "mon")
        self.refuse(USAGE, "dc-owner", "roster", "except")
        shown = self.run_toban("roster", "show", "datacentre", "--days", "7", who="dc-operator-2")
        self.assertIn("nobody, on purpose", shown.out)

    def test_chain__dry_run_says_who_would_be_told_when(self):
        shown = self.ok("dc-operator-1", "chain", "--at", "2026-12-31 23:00")
        rows = [(row["at"][11:16], row["kind"], row["link"], [told["person"] for told in row["people"]])
                for row in shown["timeline"]]
        self.assertEqual(rows[:4], [
            ("23:00", "report", None, ["dc-owner"]), ("23:05", "remind", 1, ["dc-owner"]),
            ("23:06", "remind", 1, ["dc-owner"]), ("23:07", "pass-on", 1, ["dc-deputy-1", "dc-deputy-2"])])
        self.assertIn(("23:14", "raise", 1, ["office-head"]), rows)
        self.assertEqual([link["opened"] for link in shown["links"]], [True, False, False])
        self.ok("admin", "person", "absent", "dc-owner", "--from", "2026-12-29", "--until", "2027-01-03",
                "--stand-in", "dc-operator-2")
        self.ok("admin", "roster", "except", "security-office", "2026-12-31 22:00-06:00 office-staff-2")
        shown = self.ok("dc-operator-1", "chain", "--at", "2026-12-31 23:00", "--major")
        first, second, _ = shown["links"]
        self.assertEqual((first["people"], first["acting"], first["absent"]),
                         (["dc-operator-2"], ["dc-operator-2"], ["dc-owner"]))
        self.assertEqual((second["people"], second["on_duty"]), (["office-staff-2", "office-head"], ["office-staff-2"]))
        self.assertEqual([(told["person"], told["role"]) for told in shown["timeline"][0]["people"]],
                         [("dc-operator-2", "stand-in"), ("office-staff-2", "on-duty"), ("office-head", "office-head")])
        self.assertEqual(self.ok("admin", "list")["incidents"], [])
        self.refuse(INVALID, "dc-operator-1", "chain", "--category", "major-accident", code="D103")
        self.refuse(INVALID, "dc-operator-1", "chain", "--department", "moon", code="D107")
        self.refuse(INVALID, "dc-operator-1", "chain", "--at", "some day", code="D108")
        text = self.run_toban("chain", "--department", "datacentre", who="auditor-1").out
        self.assertIn("link 1, reminder 2: dc-owner", text)
        self.assertIn("link 1, passed on to a stand-in", text)

    def test_chain__an_absent_owner_who_is_told_all_the_same_is_called_so(self):
        for person in ("dc-owner", "dc-deputy-1", "dc-deputy-2"):
            self.ok("admin", "person", "absent", person, "--from", "2026-12-29", "--until", "2027-01-03",
                    *(("--stand-in", "dc-operator-2") if person == "dc-owner" else ()))
        text = self.run_toban("chain", "--at", "2026-12-31 23:00", who="dc-operator-1").out
        self.assertIn("dc-owner (owner (absent)", text)

    def test_check__exits_1_with_findings_and_0_without(self):
        done = self.run_toban("--json", "duty", "check", who="admin")
        self.assertEqual(done.status, FAILED)
        numbers = {row["person"] for row in done.document()["findings"]}
        people = self.ok("admin", "person", "show")["people"]
        for person in people:
            if person["id"] in numbers:
                self.ok("admin", "person", "way", "confirm", "telephone", person["phone"], "--person", person["id"])
        self.assertEqual(self.run_toban("duty", "check", who="admin").status, DONE)
        self.ok("dc-owner", "roster", "set", "datacentre", "mon-fri 08:30-17:30 dc-owner")
        done = self.run_toban("--json", "duty", "check", "--days", "1", who="admin")
        self.assertEqual([row["kind"] for row in done.document()["findings"]], ["roster-gap"])
        self.assertEqual(done.status, FAILED)


if __name__ == "__main__":
    desk.main()
