# SPDX-License-Identifier: MIT
"""F40: eight ways to have a result approved that must not be, on a real desk with real signatures.

Each is refused at the door, straight at the socket, and is on record as a refusal; and written
into the file by its owner, with all hashes right, it is named by the verifier that works offline.
"""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import time
import unittest

import desk
from forger import decision_text, event_id, time_of
from ledger import Ledger, text_of
from real_desk import ME, RealDesk, org_text

PEOPLE = ["dc-operator-1", "dc-owner", "dc-owner-2", "dc-deputy-1", "dc-deputy-2", "office-staff-1", "office-staff-2",
          "office-head", "admin", "auditor-1"]
STEP = "approve-result"


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desk = RealDesk(PEOPLE)
        cls.addClassCleanup(cls.desk.close)
        cls.desk.start()


class AtTheDoor(Case):
    def refused(self, who, code, method="incident.act", **args):
        """Refused with this code; a class "denied" is on record, nothing else is."""
        seq = self.head()
        answer = self.desk.ask(who, method, **args)
        self.assertEqual(answer.get("error", {}).get("code"), code, (who, args, answer))
        error = answer["error"]
        self.assertTrue(error["text"] and error["what_to_do"])
        if error["class"] == "denied":
            row = {"actor": who, "code": code, "method": method}
            if "id" in args:
                row.update(incident=args["id"], step=args["step"])
            self.assertIn(row, self.refusals())  # of the same within a minute one
        else:
            self.assertIn(error["class"], ("conflict", "invalid"))
        self.assertEqual([kind for _, kind in self.entries(seq) if kind != "refused"], [])
        return error

    def head(self):
        return self.desk.ok("auditor-1", "ledger.head")["seq"]

    def entries(self, after):
        page = self.desk.ok("auditor-1", "ledger.export", after=after, limit=1000)
        self.assertIsNone(page["next"])
        return [(event["seq"], event["kind"]) for event in page["events"]]

    def refusals(self):
        log = self.desk.ok("auditor-1", "access.log", limit=1000)["log"]
        keep = ("method", "code", "step", "incident")
        return [dict({key: row["body"][key] for key in keep if key in row["body"]}, actor=row["actor"])
                for row in log if row["kind"] == "refused"]

    def approve_refused(self, who, case, code, **fields):
        return self.refused(who, code, id=case, step=STEP, fields=fields)

    def still(self, case, state="result-reported", signatures=0):
        shown = self.desk.ok("auditor-1", "incident.show", id=case)
        self.assertEqual((shown["state"], len(shown["signatures"])), (state, signatures))

    def tearDown(self):
        verdict = self.desk.ok("auditor-1", "ledger.verify")
        self.assertEqual(verdict["problems"], [])

    def test_1_of_ones_own_result(self):
        case = self.desk.waiting()
        error = self.approve_refused("dc-owner", case, "D302")
        self.assertNotIn("dc-owner", error["who"])
        # With a signature of the very text that somebody else was given.
        sign = self.desk.to_sign("office-staff-1", "incident.act", id=case, step=STEP, fields={})
        self.refused("dc-owner", "D302", id=case, step=STEP, fields={}, event=sign["event"],
                     signature=self.desk.sign(self.desk.key("dc-owner"), sign["text"]))
        self.still(case)

    def test_2_through_a_stand_in(self):
        # The deputy stands in for an owner who is of the office: that is no part of theirs.
        self.desk.ok("dc-owner", "person.absent", until="2d", stand_in="dc-deputy-1")
        case = self.desk.waiting(by="dc-deputy-1")
        self.approve_refused("dc-deputy-1", case, "D301")
        # What a stand-in wrote in the owner's place is not the owner's to approve, nor theirs.
        self.desk.ok("dc-owner", "person.back")
        self.desk.ok("dc-owner", "person.absent", until="2d", stand_in="dc-operator-1")
        case = self.desk.waiting(by="dc-operator-1", responder="office-staff-1")
        self.approve_refused("dc-owner", case, "D302")
        self.approve_refused("dc-operator-1", case, "D301")
        self.desk.ok("dc-owner", "person.back")
        self.still(case)

    def test_3_through_a_second_account(self):
        case = self.desk.waiting()
        first = self.desk.key("dc-owner")
        # The same key: not theirs to bring in, and worth nothing in their hands.
        args = self.desk.to_sign("dc-owner-2", "key.propose", public=self.desk.public(self.desk.new_key("other")))
        self.refused("dc-owner-2", "D322", "key.propose", public=self.desk.public(first),
                     event=args["event"], signature=self.desk.sign(first, args["text"]))
        self.refused("dc-owner-2", "D351", **self.desk.signed("dc-owner-2", "incident.act", first, id=case,
                                                              step=STEP, fields={}))
        # The same login is no second account: such an organisation is none.
        text = org_text(PEOPLE, dc_owner="somebody", dc_owner_2="somebody")
        self.refused("office-head", "D102", "org.set", text=text, why="x")
        self.still(case)

    def test_4_by_who_responded(self):
        case = self.desk.waiting(responder="office-staff-1")
        self.approve_refused("office-staff-1", case, "D303")
        self.still(case)

    def test_5_twice(self):
        case = self.desk.waiting()
        kept = self.desk.signed("office-head", "incident.act", id=case, step=STEP, fields={})
        self.desk.decide("office-staff-2", case, STEP)
        for who in ("office-staff-2", "office-staff-1"):
            self.approve_refused(who, case, "D401")
        self.refused("office-head", "D401", **kept)
        self.still(case, "approved", 1)

    def test_6_of_an_older_revision(self):
        case = self.desk.waiting()
        shown = self.desk.ok("office-head", "incident.show", id=case)["result"]["hash"]
        kept = self.desk.signed("office-head", "incident.act", id=case, step=STEP, fields={"hash": shown})
        plain = self.desk.signed("office-head", "incident.act", id=case, step=STEP, fields={})
        self.desk.decide("office-staff-2", case, "return-result", why="more")
        self.desk.result(case)
        self.refused("office-head", "D205", **kept)
        error = self.refused("office-head", "D204", **plain)
        self.assertNotEqual(error["sign"]["event"], plain["event"])
        # The old signature under the new ticket.
        self.refused("office-head", "D350", **dict(plain, event=error["sign"]["event"]))
        self.still(case, signatures=1)

    def test_7_replayed(self):
        case, other = self.desk.waiting(), self.desk.waiting()
        sent = self.desk.signed("office-staff-2", "incident.act", id=case, step=STEP, fields={})
        first = self.desk.ok("office-staff-2", "incident.act", **sent)
        self.replay(sent, first)
        self.refused("office-staff-2", "D103", **dict(sent, id=other))
        fresh = self.desk.to_sign("office-staff-2", "incident.act", id=other, step=STEP, fields={})
        self.refused("office-staff-2", "D350", **dict(sent, id=other, event=fresh["event"]))
        self.still(other)
        # The case goes through another round: what approved the first approves nothing in it.
        self.desk.reopened(case)
        self.replay(sent, first)
        self.approve_refused("office-staff-2", case, "D401")
        self.desk.answer(case)
        self.replay(sent, first)
        fresh = self.desk.to_sign("office-staff-2", "incident.act", id=case, step=STEP, fields={})
        self.refused("office-staff-2", "D350", **dict(sent, event=fresh["event"]))
        self.still(case, signatures=3)

    def replay(self, sent, first):
        """The same frame again is told that it was recorded, once, and records nothing."""
        seq = self.head()
        again = self.desk.ok("office-staff-2", "incident.act", **sent)
        self.assertEqual((again["seq"], again["repeated"]), (first["seq"], True))
        self.assertEqual(self.head(), seq)

    def test_8_with_a_key_or_a_text_that_is_over(self):
        case = self.desk.waiting()
        second = self.desk.new_key("second")
        self.desk.propose("office-staff-1", second)
        self.refused("office-staff-1", "D351", **self.desk.signed("office-staff-1", "incident.act", second,
                                                                  id=case, step=STEP, fields={}))
        self.desk.ok("office-head", "key.approve", **self.desk.signed(
            "office-head", "key.approve", fingerprint=self.desk.fingerprint(second)))
        kept = self.desk.signed("office-staff-1", "incident.act", second, id=case, step=STEP, fields={})
        self.desk.ok("office-staff-1", "key.revoke", fingerprint=self.desk.fingerprint(second), why="lost")
        self.refused("office-staff-1", "D352", **kept)
        # A text of two hours ago, signed with a key that is good.
        sign = self.desk.to_sign("office-staff-1", "incident.act", id=case, step=STEP, fields={})
        event, salt, stands_on = sign["event"].split(".")
        at = int(time.time() * 1000) - 7200000
        old = event_id(at)
        stamp = time_of(at)
        text = sign["text"].replace(event, old)
        text = "".join(f"time {len(stamp)}:{stamp}\n" if line.startswith("time ") else line
                       for line in text.splitlines(keepends=True))
        self.refused("office-staff-1", "D354", id=case, step=STEP, fields={}, event=f"{old}.{salt}.{stands_on}",
                     signature=self.desk.sign(self.desk.key("office-staff-1"), text))
        self.still(case)


class InTheFile(Case):
    """Entries that whoever owns the file adds at its end, the chain made anew.

    Whose key signs is with them: only what the verifier looks up in the entries can tell.
    """

    results = {}  # the hash of what would be approved, by case

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        d = cls.desk
        cls.plain = d.waiting(responder="office-staff-1")
        cls.plain_too = d.waiting(by="dc-deputy-2")
        cls.twice = d.waiting()
        cls.first = cls.sent(d, cls.twice)
        cls.older = d.waiting()
        cls.of_older = d.to_sign("office-head", "incident.act", id=cls.older, step=STEP, fields={})
        d.decide("office-staff-2", cls.older, "return-result", why="more")
        d.result(cls.older)
        cls.begun, cls.again = d.waiting(), d.waiting()
        for case in (cls.begun, cls.again):
            d.decide("office-staff-2", case, STEP)
            d.reopened(case)
        d.answer(cls.again)
        cls.stand_ins(d)
        cls.revoked = d.new_key("revoked")
        d.propose("office-staff-2", cls.revoked)
        d.ok("office-head", "key.approve", **d.signed("office-head", "key.approve",
                                                      fingerprint=d.fingerprint(cls.revoked)))
        d.ok("office-staff-2", "key.revoke", fingerprint=d.fingerprint(cls.revoked), why="lost")
        for row in d.ok("auditor-1", "incident.list", limit=100)["incidents"]:
            result = d.ok("auditor-1", "incident.show", id=row["id"])["result"]
            cls.results[row["id"]] = result["hash"] if result else ""
        d.stop()
        cls.become_auditor(d)

    @staticmethod
    def become_auditor(d):
        """Whoever runs the test sits at no console from now on."""
        args = {"why": "audit", "text": org_text(PEOPLE, console=False, auditor_1=ME)}
        sign = d.call_as(("office-head", "org.set", args))[0]["error"]["sign"]
        args.update(event=sign["event"], signature=d.sign(d.key("office-head"), sign["text"]))
        done = d.call_as(("office-head", "org.set", args))[0]
        assert "result" in done, done

    @staticmethod
    def sent(d, case):
        args = d.signed("office-staff-2", "incident.act", id=case, step=STEP, fields={})
        return d.ok("office-staff-2", "incident.act", **args)

    @classmethod
    def stand_ins(cls, d):
        """One result by who stands in for the owner since, one in the owner's place."""
        cls.by_deputy = d.waiting(by="dc-deputy-1")
        d.ok("dc-owner", "person.absent", until="2d", stand_in="dc-operator-1")
        cls.for_owner = d.waiting(by="dc-operator-1", responder="office-staff-1")
        d.ok("dc-owner", "person.back")
        d.ok("dc-owner", "person.absent", until="2d", stand_in="dc-deputy-1")

    def setUp(self):
        self.copy = os.path.join(self.desk.folder, self.id().rsplit(".", maxsplit=1)[-1] + ".db")
        shutil.copy(self.desk.path, self.copy)
        self.ledger = Ledger(self.copy)
        self.rows = self.ledger.rows()

    def of(self, subject):
        return [row for row in self.rows if row["subject"] == subject]

    def add(self, subject, actor, kind, body, **columns):
        """A row at the end, as the last one of its subject but for what is said."""
        last = self.of(subject)[-1]
        row = dict(last, seq=self.rows[-1]["seq"] + 1, subject_seq=last["subject_seq"] + 1, actor=actor,
                   kind=kind, post="", nonce=secrets.token_bytes(len(last["nonce"])), body=text_of(body),
                   id=event_id(self.rows[-1]["at"]), at=self.rows[-1]["at"] + 1000)
        row.update(columns)
        self.rows.append(row)
        return row

    def approval(self, case, actor, key=None, acting=None, made=0):
        """An approval with a true signature of its own text; `made`: milliseconds before its time."""
        on = self.of(case)[-1]
        body = {"fields": {}, "state": "approved", "hash": self.results[case]}
        if acting:
            body["acting"] = {"for": acting, "part": "office"}
        at = self.rows[-1]["at"] - made
        event, salt = event_id(at), event_id(0)
        text = decision_text(**{
            "desk": self.rows[0]["row_hash"].hex(), "event": event, "time": time_of(at), "subject": case,
            "step": STEP, "actor": actor, "for": acting or "", "post": "", "state": "approved",
            "stands-on": on["seq"], "stands-on-hash": on["row_hash"].hex(), "result": self.results[case],
            "fields": hashlib.sha256((salt + "{}").encode()).hexdigest()})
        key = key or self.desk.key(actor)
        body["signed"] = {"key": self.desk.fingerprint(key), "salt": salt, "text": text,
                          "signature": self.desk.sign(key, text)}
        return self.add(case, actor, STEP, body, id=event, form_version=self.approved()["form_version"],
                        form="approve-result" if self.approved()["form"] else "")

    def approved(self):
        """An approval that was right, as the desk wrote it."""
        return next(row for row in self.rows if row["kind"] == STEP)

    def write(self):
        self.ledger.chain(self.rows)
        self.ledger.write(self.rows)
        self.ledger.close()

    def named(self, row, kind, word, by_hand=False):
        """`toban verify` names the row so; what signatures tell, verify.sh tells as well."""
        self.write()
        verdict = self.desk.toban("verify", path=self.copy, status=1)
        self.assertEqual({(problem["seq"], problem["kind"]) for problem in verdict["problems"]},
                         {(row["seq"], kind)}, verdict["problems"])
        self.assertIn(word, "; ".join(problem["text"] for problem in verdict["problems"]))
        status, said = self.package()
        self.assertEqual(status, 1 if by_hand else 0, said)
        if by_hand:
            self.assertRegex(said, rf"\b{row['seq']}\b")

    def package(self):
        """What verify.sh says of a package that was made of the file."""
        folder = self.copy + "-package"
        self.desk.toban("export", "--all", "--unsigned", "--format", "package", folder, path=self.copy)
        done = subprocess.run(["sh", os.path.join(folder, "verify.sh"), "--unsigned"],
                              env={"PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100)
        return done.returncode, done.stdout.decode(errors="replace")

    def test_0_a_right_one_is_found_right(self):
        """Or the others would be named for something that they all have."""
        self.approval(self.older, "office-head")
        self.write()
        self.assertEqual(self.desk.toban("verify", path=self.copy)["problems"], [])
        status, said = self.package()
        self.assertEqual(status, 0, said)

    def test_1_of_ones_own_result(self):
        self.named(self.approval(self.plain, "dc-owner"), "duties", "who wrote the result")

    def test_2_through_a_stand_in(self):
        self.named(self.approval(self.by_deputy, "dc-deputy-1", acting="dc-owner"), "duties",
                   "who wrote the result")

    def test_2_as_a_stand_in_who_has_no_such_part(self):
        """Nobody is of the office for somebody else, even where they neither wrote nor responded."""
        self.named(self.approval(self.plain_too, "dc-deputy-1", acting="dc-owner"), "duties",
                   "not of the office")

    def test_2_in_whose_place_it_was_written(self):
        self.named(self.approval(self.for_owner, "dc-owner"), "duties", "in whose place")

    def test_3_through_a_second_account(self):
        key = self.desk.key("dc-owner")
        self.named(self.approval(self.plain, "dc-owner-2", key), "signature", "not theirs", by_hand=True)

    def test_3_with_the_same_key_brought_in_for_it(self):
        """The key's own proof is right, and so is what the office head signed for another key."""
        last = [row for row in self.of("keys") if row["kind"] == "key-proposed"][-1]
        key = self.desk.key("dc-owner")
        event = event_id(self.rows[-1]["at"])
        body = dict(json.loads(last["body"]), person="dc-owner-2", public=self.desk.public(key),
                    fingerprint=self.desk.fingerprint(key))
        lines = {"desk": self.rows[0]["row_hash"].hex(), "event": event, "actor": "dc-owner-2",
                 "person": "dc-owner-2", "fingerprint": body["fingerprint"], "proposal": "0", "why": ""}
        text = "toban 1 key-proposed\n" + "".join(f"{name} {len(value)} {value}\n"
                                                  for name, value in lines.items())
        body["signed"] = {"key": body["fingerprint"], "text": text, "signature": self.desk.sign(key, text),
                          "hash": hashlib.sha256(text.encode()).hexdigest()}
        self.named(self.add("keys", "dc-owner-2", "key-proposed", body, id=event), "duties",
                   "another person had before")

    def test_3_with_the_same_login(self):
        last = [row for row in self.of("org") if row["kind"] == "rights"][-1]
        body = json.loads(last["body"])
        for person in body["people"]:
            if person["id"] in ("dc-owner", "dc-owner-2"):
                person["login"] = "somebody"
        body.pop("signed")
        self.named(self.add("org", "office-head", "rights", body), "unsigned", "not signed")

    def test_4_by_who_responded(self):
        self.named(self.approval(self.plain, "office-staff-1"), "duties", "who had responded")

    def test_5_twice(self):
        self.named(self.approval(self.twice, "office-head"), "duties", "decided already")

    def test_6_of_an_older_revision(self):
        """Signed in earnest, of the text that was returned since."""
        event, salt, _ = self.of_older["event"].split(".")
        body = {"fields": {}, "state": "approved", "hash": self.results[self.older], "signed": {
            "key": self.desk.fingerprint(self.desk.key("office-head")), "salt": salt,
            "text": self.of_older["text"],
            "signature": self.desk.sign(self.desk.key("office-head"), self.of_older["text"])}}
        self.named(self.add(self.older, "office-head", STEP, body, id=event, post="console"), "signature",
                   "something else (stands-on)", by_hand=False)

    def copied(self, case, **columns):
        """The approval of another case, or of another round, once more."""
        row = next(row for row in self.of(self.twice) if row["kind"] == STEP)
        return self.add(case, row["actor"], STEP, json.loads(row["body"]), post=row["post"], **columns)

    def test_7_replayed_in_another_case(self):
        self.named(self.copied(self.plain), "signature", "something else (event)", by_hand=True)

    def test_7_replayed_in_another_round(self):
        row = next(row for row in self.of(self.again) if row["kind"] == STEP)
        self.named(self.add(self.again, row["actor"], STEP, json.loads(row["body"]), post=row["post"]),
                   "signature", "something else (event)", by_hand=True)

    def test_7_of_a_round_that_has_no_result(self):
        self.named(self.approval(self.begun, "office-head"), "duties", "no result was reported")

    def test_8_with_a_revoked_key(self):
        self.named(self.approval(self.plain, "office-staff-2", self.revoked), "signature",
                   "revoked before", by_hand=True)

    def test_8_of_an_hour_ago(self):
        self.named(self.approval(self.plain, "office-staff-2", made=7200000), "signature",
                   "not recorded at the time", by_hand=False)


if __name__ == "__main__":
    desk.main()
