#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""F37, F40: entries that who owns the file writes at its end, with all hashes right and, where
somebody lends their key, a true signature.  What their bodies claim, who made them and what the
procedure allowed is looked up by the verifier, which names each."""

import json
import os
import shutil
import tempfile
import unittest

import desk
from forger import Forger
from ledger import text_of
from real_desk import ME, RealDesk, org_text
from wire import Wire

PEOPLE = ["dc-operator-1", "dc-owner", "dc-owner-2", "dc-deputy-1", "office-staff-1", "office-staff-2",
          "office-head", "admin", "auditor-1"]
DONE = {"text": "done"}
RESULT = {"cause": "c", "damage": "d", "actions": "a", "text": "t"}


def spaced(body):
    """The same document, written as the desk does not."""
    return json.dumps(body, sort_keys=True)


def escaped(body):
    """The same, with the letters of a name spelled out."""
    return json.dumps(body, sort_keys=True).replace('"acting"', '"\\u0061cting"')


class Forged(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        d = cls.desk = RealDesk(PEOPLE)
        cls.addClassCleanup(d.close)
        d.start()
        cls.waiting, cls.approved, cls.begun, cls.major = (d.waiting(), d.waiting(), d.reported(),
                                                           d.reported())
        d.decide("office-staff-2", cls.approved, "approve-result")
        d.act("dc-owner", cls.begun, "instruct", to=["dc-operator-1"], text="x", due="2h")
        d.decide("office-head", cls.major, "decide-major", major="yes", why="big")
        cls.note = d.act("dc-owner", cls.waiting, "note", text="a name")["seq"]
        cls.absence = d.ok("dc-owner", "person.absent", until="2d", stand_in="dc-deputy-1",
                           why="ill")["seq"]
        d.ok("dc-owner", "person.back")
        cls.results = {case: d.ok("auditor-1", "incident.show", id=case)["result"]["hash"]
                       for case in (cls.waiting, cls.approved)}
        d.stop()
        cls.rename(d)

    @classmethod
    def rename(cls, d):
        """dc-owner's account becomes that of dc-owner-2; whoever runs the test is the auditor."""
        for logins in ({"dc_owner": "somebody"}, {"dc_owner": "", "auditor_1": ME}):
            text = org_text(PEOPLE, console="auditor_1" not in logins, **logins)
            if "auditor_1" in logins:
                text = text.replace("[person dc-owner-2]\n", "[person dc-owner-2]\nLogin=somebody\n")
                text = text.replace("Login=\n", "")
            args = {"why": "x", "text": text}
            sign = d.call_as(("office-head", "org.set", args))[0]["error"]["sign"]
            args.update(event=sign["event"], signature=d.sign(d.key("office-head"), sign["text"]))
            done = d.call_as(("office-head", "org.set", args))[0]
            assert "result" in done, done

    def setUp(self):
        self.copy = tempfile.mkdtemp(dir=self.desk.folder) + "/desk.db"
        shutil.copy(self.desk.path, self.copy)
        self.forger = Forger(self.desk, self.copy)

    def problems(self):
        """What the verifier says of the copy: [(seq, kind, text)]."""
        verdict = self.desk.toban("verify", path=self.copy, status=None)
        return [(problem["seq"], problem["kind"], problem["text"]) for problem in verdict["problems"]]

    def named(self, row, kind, word, write=True):
        if write:
            self.forger.write()
        found = self.problems()
        self.assertTrue([text for seq, what, text in found
                         if seq == row["seq"] and what == kind and word in text], (word, found))

    def approve(self, actor, case=None, **more):
        case = case or self.waiting
        return self.forger.decide(case, actor, "approve-result", {}, "approved", self.results[case], **more)

    def test_right_ones_are_found_right(self):
        """Or the others would be named for something that they all have."""
        self.approve("office-staff-2")
        self.forger.add(self.begun, "dc-operator-1", "note", {"fields": {"text": "x"}, "state": "instructed"})
        self.forger.write()
        self.assertEqual(self.problems(), [])

    # --- what a body claims ---------------------------------------------------------------

    def test_a_note_with_the_effect_of_an_approval(self):
        body = {"effect": "approve-result", "fields": {}, "state": "approved"}
        row = self.forger.add(self.waiting, "office-staff-2", "note", body)
        self.named(row, "unsigned", "not signed")
        self.assertIn("effect of another step", str(self.problems()))

    def test_a_kind_that_is_no_step_with_the_effect_of_closing(self):
        row = self.forger.add(self.approved, "office-head", "shut",
                              {"effect": "close", "fields": DONE, "state": "closed"})
        self.named(row, "unsigned", "not signed")

    def test_a_note_that_closes(self):
        row = self.forger.add(self.approved, "dc-operator-1", "note", {"fields": DONE, "state": "closed"})
        self.named(row, "duties", "only a decision leads")

    def test_a_note_that_closes__written_otherwise(self):
        row = self.forger.add(self.approved, "dc-operator-1", "note",
                              spaced({"fields": DONE, "state": "closed"}))
        self.named(row, "duties", "only a decision leads")

    def test_a_reminder_that_closes(self):
        row = self.forger.add(self.approved, "desk", "remind", {"fields": {}, "state": "closed"})
        self.named(row, "duties", "is no step")

    def test_a_note_that_begins_a_round(self):
        """Behind it what the approver did would be an earlier round's."""
        self.forger.add(self.waiting, "office-staff-2", "respond",
                        {"fields": {"text": "x", "emergency": False}, "state": "result-reported"})
        note = self.forger.add(self.waiting, "dc-operator-1", "note",
                               {"fields": DONE, "state": "result-reported", "round": 2})
        row = self.approve("office-staff-2")
        self.named(row, "duties", "who had responded")
        self.assertIn((note["seq"], "duties"), {found[:2] for found in self.problems()})

    def test_a_body_that_no_case_has(self):
        """It would keep everybody from opening the case."""
        twice = '{"fields":{"text":"x"},"state":"instructed","state":"instructed"}'
        for body in (twice, "xx", "[1]", '{"fields":{"text":"x"}}'):
            self.setUp()
            row = self.forger.add(self.begun, "dc-operator-1", "note", body)
            self.named(row, "unreadable", "is no entry of a case")

    def test_a_decision_on_what_no_case_has(self):
        self.forger.add(self.waiting, "dc-operator-1", "note", '{"state":"result-reported"}')
        self.named(self.approve("office-staff-2"), "unreadable", "tell no case")

    def test_a_decision_taken_back(self):
        last = self.forger.of(self.major)[-1]
        self.assertEqual(last["kind"], "decide-major")
        row = self.forger.add(self.major, "office-head", "taken-back",
                              {"fields": {"seq": last["seq"]}, "state": "reported"})
        self.named(row, "duties", "takes back a decision")

    # --- in somebody's place ---------------------------------------------------------------

    def test_for_who_is_not_away(self):
        for write in (spaced, escaped):
            self.setUp()
            row = self.approve("dc-deputy-1", acting={"for": "office-head", "part": "office"}, write=write)
            self.named(row, "duties", "did not stand in")

    def test_for_nobody(self):
        row = self.forger.add(self.waiting, "dc-operator-1", "report-result",
                              {"acting": {"for": 7}, "fields": RESULT, "state": "result-reported"})
        self.named(row, "duties", "did not stand in")

    # --- who, and what the procedure allowed --------------------------------------------------

    def test_closed_by_the_office(self):
        row = self.forger.decide(self.approved, "office-staff-2", "close", DONE, "closed",
                                 self.results[self.approved])
        self.named(row, "duties", "not the office head")

    def test_closed_with_shut_gates(self):
        row = self.forger.decide(self.approved, "office-head", "close", DONE, "closed",
                                 self.results[self.approved])
        self.named(row, "duties", "did not allow then (D403)")

    def test_closed_in_a_state_that_is_too_early(self):
        row = self.forger.decide(self.begun, "office-head", "close", DONE, "closed")
        self.named(row, "duties", "did not allow then (D401)")

    def test_a_result_by_an_operator(self):
        row = self.forger.add(self.begun, "dc-operator-1", "report-result",
                              {"fields": RESULT, "state": "result-reported"})
        self.named(row, "duties", "had no part")

    def test_erased_by_the_office(self):
        row = self.forger.decide(self.waiting, "office-staff-2", "erase", {"seq": self.note, "why": "x"},
                                 "result-reported", self.results[self.waiting])
        self.forger.erase(self.note)
        self.named(row, "duties", "not the office head", write=False)

    def test_erased_where_nobody_decides_that(self):
        """Signed by whoever has a key: among entries that are of nothing, and from another case."""
        for subject, state in (("elsewhere", ""), (self.begun, "instructed")):
            with self.subTest(subject):
                self.setUp()
                row = self.forger.decide(subject, "office-head", "erase",
                                         {"seq": self.absence, "why": "x"}, state)
                self.forger.erase(self.absence)
                self.named(row, "duties", "where nobody decides that", write=False)
        self.setUp()
        row = self.forger.decide("erasure", "office-head", "erase", {"seq": self.note, "why": "x"}, "")
        self.forger.erase(self.note)
        self.named(row, "duties", "where nobody decides that", write=False)

    def test_the_note_of_an_erasure_put_to_another(self):
        rows = [self.forger.decide("erasure", "office-head", "erase", {"seq": seq, "why": "x"}, "",
                                   write=lambda body: text_of(dict(body, kept={})))
                for seq in (self.absence, self.absence + 1)]
        self.forger.ledger.write(self.forger.rows)
        base = self.forger.ledger.base
        for seq, row in zip((self.absence, self.absence + 1), reversed(rows)):
            base.execute("DELETE FROM event_body WHERE seq = ?", [seq])
            base.execute("INSERT INTO erasure (seq, by_seq) VALUES (?, ?)", [seq, row["seq"]])
        self.forger.ledger.close()
        self.named({"seq": self.absence}, "missing", "leads to another entry", write=False)

    def test_an_absence_erased_by_a_deputy(self):
        row = self.forger.decide("erasure", "dc-deputy-1", "erase", {"seq": self.absence, "why": "x"}, "")
        self.forger.erase(self.absence)
        self.named(row, "duties", "not the office head", write=False)

    # --- one human, two people -------------------------------------------------------------------

    def test_by_the_author_under_another_name_of_the_same_account(self):
        self.named(self.approve("dc-owner-2"), "duties", "who wrote the result")

    def test_a_first_key_after_the_keys_that_approve_are_revoked_in_their_names(self):
        """Nobody signs that their own key is lost: so that entry can be made up."""
        head = self.desk.key("office-head")
        proposal = next(row["seq"] for row in self.forger.of("keys") if row["actor"] == "office-head")
        self.forger.key_entry("office-head", "office-head", "key-revoked", head, proposal=proposal, why="lost")
        own = self.desk.new_key(self.id())
        proposed = self.forger.key_entry("office-staff-1", "office-staff-1", "key-proposed", own)
        row = self.forger.key_entry("admin", "office-staff-1", "key-approved", own,
                                    proposal=proposed["seq"], first=True)
        self.named(row, "duties", "had been there before")


class AtTheDoor(unittest.TestCase):
    """Two names of one human, before anything is recorded."""

    def setUp(self):
        self.desk = RealDesk(PEOPLE)
        self.addCleanup(self.desk.close)
        self.desk.start()

    def test_a_key_brought_in_with_a_pin_is_not_for_who_gave_it_out(self):
        """An administrator gives out a PIN, sits down with it, and brings in a key."""
        d = self.desk
        pin = d.ok("admin", "pin.reset", person="office-staff-1")["pin"]
        seat = Wire(d.service.socket)
        seat.greet()
        self.assertIn("result", seat.ask("session.open", person="office-staff-1", pin=pin))
        self.assertIn("result", seat.ask("pin.set", pin="739164"))
        d.seats.pop("office-staff-1").close()
        d.seats["office-staff-1"] = seat
        key = d.new_key("second")
        d.propose("office-staff-1", key)
        fingerprint = d.fingerprint(key)
        refused = d.ask("admin", "key.approve", fingerprint=fingerprint)["error"]
        self.assertEqual((refused["code"], refused["who"]), ("D485", ["office-head"]))
        d.ok("office-head", "key.approve",
             **d.signed("office-head", "key.approve", fingerprint=fingerprint))
        self.assertTrue(d.ok("auditor-1", "ledger.verify")["ok"])


    def test_nobody_makes_all_keys_begin_anew(self):
        """Without a key that approves, the next would be approved unsigned."""
        text = org_text(PEOPLE).replace("Roles=office-head", "Roles=office")
        text = text.replace("[person ga-staff-1]\n", "[person ga-staff-1]\nRoles=office-head\n")
        refused = self.desk.ask("office-head", "org.set", text=text, why="x")["error"]
        self.assertEqual(refused["code"], "D471", refused)

    def test_what_a_stand_in_decided_is_right_also_when_it_was_erased(self):
        d = self.desk
        case = d.reported()
        d.ok("office-head", "person.absent", until="2d", stand_in="office-staff-1")
        seq = d.decide("office-staff-1", case, "decide-major", major="no", why="small")["seq"]
        d.ok("office-head", "person.back")
        self.assertTrue(d.ok("auditor-1", "ledger.verify")["ok"])
        d.ok("office-head", "ledger.erase", **d.signed("office-head", "ledger.erase", seq=seq, why="law"))
        self.assertEqual(d.ok("auditor-1", "ledger.verify")["problems"], [])

    def test_the_author_approves_nothing_under_another_name_of_the_same_account(self):
        d = self.desk
        case = d.waiting()
        before = org_text(PEOPLE, dc_owner="somebody")
        after = org_text(PEOPLE).replace("[person dc-owner-2]\n", "[person dc-owner-2]\nLogin=somebody\n")
        for text in (before, after):
            d.ok("office-head", "org.set", **d.signed("office-head", "org.set", text=text, why="x"))
        refused = d.ask("dc-owner-2", "incident.act", id=case, step="approve-result", fields={})["error"]
        self.assertEqual(refused["code"], "D302")
        self.assertNotIn("dc-owner-2", refused["who"])
        d.decide("office-staff-2", case, "approve-result")


if __name__ == "__main__":
    desk.main()
