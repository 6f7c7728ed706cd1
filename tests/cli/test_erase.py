#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lawful erasure end to end: the words are in no file of the desk, the chain is whole, and what
somebody did by hand is named."""

import json
import os
import sqlite3

import desk
from desk import DENIED, DONE, FAILED, MISSING, DeskCase, report_fields

WORD = "CANARY-7f3a of 田中さん"


class EraseCase(DeskCase):
    def call(self, who, method, **args):
        return self.ok(who, "call", method, json.dumps(args))

    def files_with(self, words):
        """Every file in the desk's folder that holds one of the words, as it lies there."""
        found = []
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    data = file.read()
                if any(word.encode() in data for word in words):
                    found.append(name)
        return found

    def fill(self):
        """The word at every place it can come to; {what: seq}."""
        self.ok("admin", "target", "add", "room", "https://hooks.example.org/x", "--events", "*")
        seqs = {}
        text = WORD + " in a long situation"
        report = self.call("dc-operator-1", "incident.report", fields=report_fields(
            "service-disruption", title=WORD + " title " + "長い題" * 20,
            situation="one\n" + text + "\nthree", contact=WORD + " 090"))
        self.case = report["id"]
        seqs["report"] = report["seq"]
        path = os.path.join(self.folder, "file.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write(WORD)
        done = self.ok("dc-owner", "act", self.case, "evidence", "--set", f"file={path}",
                       "--set", f"text={WORD}")
        seqs["evidence"] = done["seq"]
        os.unlink(path)
        self.call("dc-operator-1", "draft.save", form="note", subject=self.case,
                  fields={"text": f"mine, and {text} and more of mine"})
        self.call("dc-operator-2", "draft.save", form="report", fields={"title": "x", "situation": text})
        self.call("dc-operator-1", "alert.intake", source="json",
                  document={"title": WORD + " alert", "key": "k", "text": WORD})
        self.call("dc-operator-1", "alert.dismiss", id="A-1", why=WORD + " why")
        done = self.call("dc-operator-1", "handover.give", department="datacentre", text=WORD)
        seqs["handover"] = done["seq"]
        done = self.call("dc-operator-1", "person.absent", until="2027-01-31", why=WORD)
        seqs["absence"] = done["seq"]
        log = self.ok("auditor-1", "call", "ledger.export")["events"]
        seqs.update({e["kind"]: e["seq"] for e in log if e["subject"] == "A-1"})
        return seqs

    def erase(self, seq, who="office-head"):
        return self.ok(who, "erase", str(seq), "--why", "asked for by the person")


class Erase(EraseCase):
    def test_erase__everything__the_words_are_in_no_file(self):
        seqs = self.fill()
        # A reader keeps the file open, so that the -wal is there to be looked at.
        reader = sqlite3.connect(self.path)
        reader.execute("SELECT count(*) FROM event").fetchone()
        words = ("CANARY", "canary", "田中")
        self.assertIn("desk.db", self.files_with(words))
        for seq in seqs.values():
            self.erase(seq)
        self.assertEqual(self.files_with(words), [])
        self.ok("admin", "backup", os.path.join(self.folder, "copy.db"))
        self.assertEqual(self.files_with(words), [])
        reader.close()
        self.assertTrue(self.ok(None, "verify", "--rebuild")["ok"])
        self.assertEqual(self.show(self.case)["title"], "[erased]")
        draft = self.ok("dc-operator-1", "call", "draft.load", '{"draft":"D-1"}')
        self.assertEqual(draft["fields"]["text"], "mine, and [erased] and more of mine")
        self.assertEqual(self.ok("dc-operator-1", "alert", "show", "A-1")["title"], "[erased]")
        hits = self.ok("dc-owner", "search", "CANARY")
        self.assertEqual(hits["incidents"], [])

    def test_erase__what_else_holds_the_words__is_told(self):
        seqs = self.fill()
        done = self.erase(seqs["alert"])
        self.assertEqual(done["erased"], seqs["alert"])
        note = self.act("dc-owner", self.case, "note", text="a note that says it all again")
        again = self.act("dc-owner", self.case, "note", text="so: a note that says it all again")
        self.assertEqual(self.erase(note["seq"])["also"], [again["seq"]])

    def test_erase__by_whom_and_what__is_refused_with_the_reason(self):
        seqs = self.fill()
        absence = str(seqs["absence"])
        for who in ("dc-owner", "auditor-1", "admin", "office-staff-1"):
            self.refuse(DENIED, who, "erase", absence, "--why", "x")
        error = self.refuse(DENIED, "dc-owner", "erase", absence, "--why", "x", code="D301")
        self.assertEqual(error["who"], ["office-head"])
        for seq in (1, 2):
            self.refuse(DENIED, "office-head", "erase", str(seq), "--why", "x", code="D360")
        self.refuse(MISSING, "office-head", "erase", "9999", "--why", "x", code="D304")
        self.call("dc-operator-1", "alert.intake", source="json", document={"title": "open", "key": "o"})
        log = self.ok("auditor-1", "call", "ledger.export")["events"]
        self.refuse(DENIED, "office-head", "erase", str(log[-1]["seq"]), "--why", "x", code="D362")
        self.erase(absence)
        self.refuse(DENIED, "office-head", "erase", absence, "--why", "x", code="D363")

    def test_erase__a_way_in_use__first_the_way_goes(self):
        way = {"person": "dc-owner", "kind": "telephone", "value": "090-1234-5678"}
        added = self.call("dc-owner", "way.add", **way)
        self.refuse(DENIED, "office-head", "erase", str(added["seq"]), "--why", "x", code="D362")
        removed = self.call("dc-owner", "way.remove", **way)
        for seq in (added["seq"], removed["seq"]):
            self.erase(seq)
            self.assertTrue(self.ok(None, "verify", "--rebuild")["ok"])
        self.assertEqual(self.files_with(("090-1234-5678",)), [])

    def test_erase__sent_twice_under_one_id__is_recorded_once(self):
        seqs = self.fill()
        args = {"seq": seqs["handover"], "why": "x", "event": "01M8MP6CMWFEV7T0PMM3027KWT"}
        first = self.call("office-head", "ledger.erase", **args)
        again = self.call("office-head", "ledger.erase", **args)
        self.assertTrue(again["repeated"])
        self.assertEqual(again["seq"], first["seq"])

    def test_erase__killed_before_the_rest_was_done__the_next_turn_does_it(self):
        seqs = self.fill()
        log = self.ok("auditor-1", "call", "ledger.export")["events"]
        sha = next(e for e in log if e["seq"] == seqs["evidence"])["body"]["fields"]["file"]["sha256"]
        kept = os.path.join(self.path + ".evidence", sha[:2], sha)
        self.assertTrue(os.path.exists(kept))
        self.erase(seqs["evidence"])
        self.assertFalse(os.path.exists(kept))
        with open(kept, "w", encoding="utf-8") as file:
            file.write(WORD)
        db = sqlite3.connect(self.path)
        db.execute("INSERT INTO engine (name, value) VALUES ('forget-files', ?), ('scrub', 'due')", (" " + sha,))
        db.commit()
        db.close()
        self.ok(None, "clock", "run")
        self.assertFalse(os.path.exists(kept))
        db = sqlite3.connect(self.path)
        left = db.execute("SELECT name FROM engine WHERE name IN ('forget-files', 'scrub')").fetchall()
        db.close()
        self.assertEqual(left, [])

    def test_erase__a_file_another_entry_names__stays(self):
        self.fill()
        path = os.path.join(self.folder, "shared.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write("shared")
        one = self.ok("dc-owner", "act", self.case, "evidence", "--set", f"file={path}")
        two = self.ok("dc-owner", "act", self.case, "evidence", "--set", f"file={path}")
        log = self.ok("auditor-1", "call", "ledger.export")["events"]
        sha = next(e for e in log if e["seq"] == one["seq"])["body"]["fields"]["file"]["sha256"]
        kept = os.path.join(self.path + ".evidence", sha[:2], sha)
        self.erase(one["seq"])
        self.assertTrue(os.path.exists(kept))
        self.erase(two["seq"])
        self.assertFalse(os.path.exists(kept))


class ByHand(EraseCase):
    """Who owns the file, and its own tools (F37)."""

    def edit(self, *statements):
        db = sqlite3.connect(self.path)
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        for statement, values in statements:
            db.execute(statement, values)
        for _, sql in triggers:
            db.execute(sql)
        db.commit()
        db.close()

    def problems(self):
        done = self.run_toban("--json", "verify")
        self.assertEqual(done.status, FAILED, done)
        return {(p["seq"], p["kind"]) for p in done.document()["problems"]}

    def test_verify__a_body_put_back__is_named(self):
        seqs = self.fill()
        db = sqlite3.connect(self.path)
        nonce, body = db.execute("SELECT nonce, body FROM event_body WHERE seq = ?", (seqs["report"],)).fetchone()
        db.close()
        self.erase(seqs["report"])
        self.assertEqual(self.run_toban("verify").status, DONE)
        self.edit(("INSERT INTO event_body (seq, nonce, body) VALUES (?, ?, ?)", (seqs["report"], nonce, body)))
        self.assertIn((seqs["report"], "body-changed"), self.problems())

    def test_verify__a_body_taken_without_an_entry__is_named(self):
        seqs = self.fill()
        self.edit(("DELETE FROM event_body WHERE seq = ?", (seqs["handover"],)))
        self.assertIn((seqs["handover"], "body-changed"), self.problems())


if __name__ == "__main__":
    desk.main()
