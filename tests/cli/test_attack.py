#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What an outsider tries: learning of a restricted case by its neighbours, silencing the desk's
own entries, and taking parts of the file away."""

import hashlib
import json
import os
import sqlite3

import desk
from desk import DENIED, FAILED, INVALID, MISSING, DeskCase, report_fields


class Neighbours(DeskCase):
    """A case that was linked, and restricted afterwards."""

    OUTSIDERS = ("ga-staff-1", "sales-owner", "dc-operator-2", "admin")

    def setUp(self):
        super().setUp()
        self.open = self.report("service-disruption", who="ga-staff-1", title="Plain power")
        self.hidden = self.report("security-breach", title="Hidden")
        self.act("office-staff-1", self.open, "link", other=self.hidden, why="QUINCE culprit")
        self.act("dc-owner", self.hidden, "restrict", why="named")

    def test_link__to_a_case_that_was_restricted__is_for_its_readers(self):
        for who in self.OUTSIDERS:
            for args in (["show", self.open], ["log", self.open], ["export", self.open],
                         ["export", "--all"], ["print", self.open]):
                done = self.run_toban("--json", *args, who=who)
                for word in ("QUINCE", self.hidden):
                    self.assertNotIn(word, done.out + done.err, f"{who} {args}")
            self.assertEqual(self.show(self.open, who)["links"], [])
        self.assertEqual(self.show(self.open, "office-head")["links"][0]["other"], self.hidden)
        entry = [row for row in self.show(self.open, "sales-owner")["log"]
                 if row["kind"] == "link"][0]
        self.assertEqual((entry["withheld"], entry["body"]), (True, {"state": "reported"}))

    def test_search__by_words_of_such_a_link__finds_nothing(self):
        for who in self.OUTSIDERS:
            for query in ("quince", "plain culprit", "culprit since:2026"):
                found = self.ok(who, "search", query)
                self.assertEqual((found["incidents"], found["found"]), ([], 0), f"{who} {query}")
            found = self.ok(who, "call", "search", json.dumps({"words": "plain quince"}))
            self.assertEqual(found["incidents"], [])
            self.assertEqual(len(self.ok(who, "search", "plain")["incidents"]), 1)
        self.assertEqual(len(self.ok("office-head", "search", "quince")["incidents"]), 1)

    def test_outbox__of_a_hidden_case__tells_no_step(self):
        """Who looks after messages sees that there is one, where it goes and how it does."""
        self.ok("admin", "target", "add", "hook", "https://hook.example/x", "--events", "*")
        major = self.report("security-breach", "major-accident", confidential=True)
        self.act("office-head", major, "decide-major", major="yes", why="large")
        rows = self.ok("admin", "outbox", "list")["messages"]
        self.assertTrue(rows)
        self.assertEqual({(row["type"], row["subject"], row["urgent"]) for row in rows},
                         {("restricted", "", False)})
        told = {row["type"] for row in self.ok("office-head", "outbox", "list")["messages"]}
        self.assertIn("crisis.escalated", told)
        shown = self.ok("admin", "call", "outbox.show", json.dumps({"id": rows[0]["id"]}))
        self.assertEqual((shown["type"], shown["message"], shown["last_answer"]),
                         ("restricted", None, ""))

    def test_link__to_a_case_one_is_involved_in__is_not_shown(self):
        other = self.report("control-failure", title="Third")
        self.act("office-staff-1", self.open, "link", other=other, why="MEDLAR")
        self.act("office-staff-1", other, "involve", person="ga-staff-1", why="named")
        said = json.dumps(self.show(self.open, "ga-staff-1"))
        self.assertNotIn("MEDLAR", said)
        self.assertNotIn(other, said)
        self.assertIn("MEDLAR", json.dumps(self.show(self.open, "sales-owner")))

    def test_erase__of_a_case_one_is_involved_in__does_not_tell_its_number(self):
        self.act("office-staff-1", self.hidden, "involve", person="office-head", why="named")
        seq = self.show(self.hidden)["log"][0]["seq"]
        said = [self.refuse(MISSING, "office-head", "call", "ledger.erase", json.dumps(
            {"seq": number, "why": "personal data"}), code="D304") for number in (seq, 9999)]
        self.assertEqual(said[0], said[1])


class Readers(DeskCase):
    """Named readers of a restricted case: they read, and nothing else, until they are taken off."""

    def setUp(self):
        super().setUp()
        self.case = self.report("security-breach", title="QUINCE", confidential=True)

    def sees(self, who):
        """By every list; all must agree."""
        seen = {self.run_toban("--json", "show", self.case, who=who).status == 0}
        for args in (["list"], ["search", "quince"], ["export", "--all"]):
            seen.add("QUINCE" in self.run_toban("--json", *args, who=who).out)
        self.assertEqual(len(seen), 1, who)
        counts = self.ok(who, "call", "incident.counts")
        self.assertEqual(counts["restricted"], 0 if True in seen else 1)
        return seen.pop()

    def test_reader__named__reads_and_does_nothing_else(self):
        self.assertFalse(self.sees("ga-staff-1"))
        told = self.act("dc-owner", self.case, "admit-reader", person="ga-staff-1", why="knows it")
        self.assertIn("ga-staff-1", [row["person"] for row in told["notified"]])
        self.assertTrue(self.sees("ga-staff-1"))
        self.assertFalse(self.sees("sales-owner"))
        self.assertEqual(self.show(self.case)["readers"], ["ga-staff-1"])
        self.assertEqual(self.allowed(self.case, "ga-staff-1"), set())
        self.act_refused(DENIED, "ga-staff-1", self.case, "admit-reader", code="D301",
                         person="sales-owner", why="w")
        self.act_refused(MISSING, "sales-owner", self.case, "admit-reader", code="D304",
                         person="sales-owner", why="w")
        self.act("office-staff-1", self.case, "remove-reader", person="ga-staff-1", why="over")
        self.assertFalse(self.sees("ga-staff-1"))
        self.assertEqual(self.show(self.case)["readers"], [])
        self.assertTrue(self.verified()["ok"])

    def test_figures__of_a_restricted_case__follow_who_may_read(self):
        for who in ("ga-staff-1", "sales-owner"):
            self.act("dc-owner", self.case, "instruct", to=[who], text="look", due="2h")
            self.assertTrue(self.sees(who))
            self.assertEqual(self.ok(who, "stats")["total"]["incidents"], 1)
        self.assertTrue(self.verified()["ok"])

    def test_reader__who_stands_in__reads_as_long(self):
        self.act("dc-owner", self.case, "admit-reader", person="legal-owner", why="advice")
        self.ok("legal-owner", "person", "absent", "--until", "2026-11-24",
                "--stand-in", "legal-deputy-1")
        self.assertTrue(self.sees("legal-deputy-1"))
        self.ok("legal-owner", "person", "back")
        self.assertFalse(self.sees("legal-deputy-1"))

    def test_reader__involved__reads_no_more(self):
        self.act("dc-owner", self.case, "admit-reader", person="ga-staff-1", why="knows it")
        self.act("office-staff-1", self.case, "involve", person="ga-staff-1", why="named")
        self.assertEqual(self.run_toban("show", self.case, who="ga-staff-1").status, MISSING)
        self.act_refused(INVALID, "dc-owner", self.case, "admit-reader", code="D103",
                         person="ga-staff-1", why="w")

    def test_reader__by_part_or_of_an_open_case__is_not_named(self):
        self.act("dc-owner", self.case, "admit-reader", person="ga-staff-1", why="knows it")
        for step, person, status, code in (
                ("admit-reader", "ga-staff-1", DENIED, "D405"),
                ("admit-reader", "nobody", INVALID, "D107"),
                ("remove-reader", "dc-owner", INVALID, "D107"),
                ("remove-reader", "sales-owner", INVALID, "D107")):
            self.act_refused(status, "office-staff-1", self.case, step, code=code, person=person,
                             why="w")
        plain = self.report("service-disruption")
        for step in ("admit-reader", "remove-reader"):
            self.act_refused(DENIED, "dc-owner", plain, step, code="D406", person="ga-staff-1",
                             why="w")


class OwnEntries(DeskCase):
    """Ids of entries that the desk makes by itself can be worked out by anybody."""

    def taken(self):
        """The ids of the desk's own entries after the clocks ran."""
        self.run_toban("clock", "run", who="admin")
        events = self.ok("auditor-1", "call", "ledger.export", '{"limit": 1000}')["events"]
        return [row["id"] for row in events if row["id"].startswith("clock-")]

    def test_id__of_a_reminder_to_come__cannot_be_taken(self):
        case = self.report("service-disruption")
        now = self.now
        self.now = "2026-11-23T12:00:00+09:00"
        for own in self.taken():
            self.refuse(INVALID, "sales-owner", "call", "incident.report", json.dumps(
                {"id": own, "fields": report_fields("security-breach")}), code="D103")
            for method, args in (("person.absent", {"until": "2026-12-01"}),
                                 ("incident.act", {"id": case, "step": "note",
                                                   "fields": {"text": "x"}}),
                                 ("handover.give", {})):
                self.refuse(INVALID, "dc-operator-1", "call", method,
                            json.dumps(dict(args, event=own)), code="D103")
        self.now = now
        # Nor one of which there is nothing yet: the answer is the same.
        for prefix in ("clock-", "glass-", "jump-"):
            self.refuse(INVALID, "sales-owner", "call", "incident.report", json.dumps(
                {"id": prefix + "0" * 40, "fields": report_fields("security-breach")}),
                code="D103")


class File(DeskCase):
    """Parts of the file taken away: the verifier names them and looks at the rest."""

    def without(self, *statements):
        self.report("service-disruption")
        base = sqlite3.connect(self.path, isolation_level=None)
        base.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            base.execute(statement)
        base.close()
        done = self.run_toban("--json", "verify", "--rebuild", who="auditor-1")
        self.assertEqual(done.status, FAILED, done)
        return {(row["kind"], row["text"]) for row in done.document()["problems"]}

    def test_verify__counts_taken_away__names_them(self):
        for kind in ("open", "department", "mine"):
            found = self.without(f"DELETE FROM tally WHERE kind = '{kind}'")
            self.assertIn("summary", {row[0] for row in found}, kind)
            self.assertTrue(any(f"tally {kind}" in row[1] for row in found), found)

    def test_verify__a_table_gone__is_named_and_no_end(self):
        for table in ("target", "alert", "figure", "incident", "engine"):
            self.setUp()
            found = self.without(f"DROP TABLE {table}")
            self.assertIn(("schema", f"the table {table} is missing"), found)
        self.assertTrue({row for row in found if row[0] == "schema"})

    def test_error__of_a_part_that_cannot_be_read__says_its_cause(self):
        case = self.report("service-disruption")
        base = sqlite3.connect(self.path)
        base.execute("DROP TABLE incident")
        base.close()
        done = self.run_toban("--json", "show", case, who="auditor-1")
        self.assertNotIn("{", done.error()["text"])


class Files(DeskCase):
    """The folder of attached files: its names are hashes of what may be hidden."""

    def test_doctor__a_file_missing__names_it_to_whom_it_concerns(self):
        case = self.report("security-breach", confidential=True)
        path = os.path.join(self.folder, "proof.txt")
        with open(path, "wb") as file:
            file.write(b"proof")
        self.act("dc-operator-1", case, "evidence", file=path)
        sha = hashlib.sha256(b"proof").hexdigest()
        os.remove(os.path.join(self.path + ".evidence", sha[:2], sha))
        for who, told in (("ga-staff-1", False), ("sales-owner", False), ("auditor-1", True),
                          ("admin", True)):
            done = self.run_toban("--json", "doctor", who=who)
            row = [c for c in done.document()["checks"] if c["name"] == "evidence"][0]
            self.assertFalse(row["ok"])
            self.assertEqual((sha in done.out, "1 missing" in done.out), (told, told), who)


if __name__ == "__main__":
    desk.main()
