# SPDX-License-Identifier: MIT
"""Refusals as a script gets them: one document, a stable code, who can instead."""

import fcntl
import json
import os
import resource
import shutil
import sqlite3

import desk
from desk import DENIED, FAILED, INVALID, MISSING, UNUSABLE, USAGE, DeskCase


class Refusal(DeskCase):
    def test_json__standard_error_holds_one_document(self):
        for content in (b"no database at all" * 400, b"SQLite format 3\0" + bytes(5000)):
            with open(os.path.join(self.folder, "bad.db"), "wb") as bad:
                bad.write(content)
            os.chmod(os.path.join(self.folder, "bad.db"), 0o600)
            done = self.run_toban("--desk", "bad.db", "--json", "list")
            self.assertEqual(done.status, UNUSABLE, done)
            self.assertEqual(json.loads(done.err)["class"], "unusable")

    def test_json__a_desk_that_cannot_be_opened_says_what_to_do(self):
        os.mkfifo(os.path.join(self.folder, "fifo"))
        with open(os.path.join(self.folder, "org.ini"), "w", encoding="ascii") as org:
            org.write("[org]\nName=x\n")
        for status, args in ((UNUSABLE, ["--desk", "fifo", "list"]),
                             (UNUSABLE, ["--desk", self.folder, "list"]),
                             (UNUSABLE, ["--desk", "unix:/nowhere", "list"]),
                             (UNUSABLE, ["--desk", "nowhere.db", "list"]),
                             (INVALID, ["--desk", "new.db", "init", "--org", "org.ini"]),
                             (MISSING, ["--desk", "new.db", "init", "--org", "nothing.ini"])):
            self.assertTrue(self.refuse(status, None, *args)["what_to_do"], args)

    def test_read_only__a_desk_of_an_older_version_is_left_as_it_is(self):
        old = os.path.join(self.folder, "old.db")
        here = os.path.dirname(os.path.abspath(__file__))
        shutil.copy(os.path.join(here, "..", "store", "fixtures", "desk-v1.sqlite"), old)
        os.chmod(old, 0o600)
        with open(old, "rb") as file:
            before = file.read()
        error = self.refuse(UNUSABLE, "D420", "--desk", "old.db", "--read-only", "list")
        self.assertIn("older version", error["text"])
        with open(old, "rb") as file:
            self.assertEqual(file.read(), before)
        self.assertFalse([name for name in os.listdir(self.folder) if "backup" in name])

    def test_act__who_takes_no_steps_learns_who_does(self):
        case = self.report("security-breach")
        for who, code in (("auditor-1", "D306"), ("admin", "D307")):
            error = self.act_refused(DENIED, who, case, "escalate", code=code, why="w")
            self.assertEqual(error["who"], ["dc-owner", "dc-deputy-1", "dc-deputy-2"])
        self.assertEqual(self.show(case)["seq"], self.show(case)["log"][-1]["seq"])

    def test_restrict__is_not_offered_twice(self):
        case = self.report("security-breach")
        self.assertTrue(self.steps(case, "dc-owner")["restrict"]["allowed"])
        self.act("dc-owner", case, "restrict", why="w")
        row = self.steps(case, "dc-owner")["restrict"]
        self.assertEqual((row["allowed"], row["code"]), (False, "D405"))
        self.act_refused(DENIED, "dc-owner", case, "restrict", code="D405", why="w")

    def test_expect__numbers_nobody_was_given(self):
        case = self.report("security-breach")
        for wrong in ("999999", "9" * 30, "-" + "9" * 30):
            error = self.refuse(INVALID, "dc-owner", "act", case, "note", "--set", "text=a",
                                "--expect", wrong)
            self.assertEqual([row["field"] for row in error["fields"]], ["expect"])
        self.assertEqual([row["kind"] for row in self.show(case)["log"]], ["report"])

    def test_target__a_type_that_is_never_sent(self):
        url = "https://hooks.example.org/x"
        for events in ("crises", "all", "report", "incident.reprot", "incident", "Crisis", "a b"):
            args = ["target", "add", "hook", url, "--events", events]
            if events == "incident":  # a family
                self.ok("admin", *args)
                self.ok("admin", "target", "remove", "hook")
                continue
            error = self.refuse(INVALID, "admin", *args, code="D103")
            self.assertEqual([row["field"] for row in error["fields"]], ["events"])
        for events in ("crisis", "*", "incident.*", "incident.report,crisis", "desk.test"):
            self.ok("admin", "target", "add", "hook", url, "--events", events)
            self.ok("admin", "target", "remove", "hook")


class Sender(DeskCase):
    def test_outbox_run__errors_are_those_of_every_command(self):
        self.refuse(UNUSABLE, None, "--desk", "nowhere.db", "outbox", "run", "--once", code="D421")
        self.refuse(USAGE, None, "--desk", "demo", "outbox", "run", "--once", code="D111")
        with open(self.path + ".sender", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = self.run_toban("--json", "outbox", "run", "--once")
        self.assertEqual(done.status, FAILED, done)
        self.assertEqual((done.error()["code"], done.error()["class"]), ("D505", "failed"))
        done = self.run_toban("--json", "outbox", "run", "--once")
        self.assertEqual((done.status, done.err), (0, ""), done)


class Looking(DeskCase):
    def entries(self):
        with sqlite3.connect(self.path) as db:
            return db.execute("SELECT count(*) FROM event").fetchone()[0]

    def site(self):
        """A site folder with one sentence of its own."""
        folder = os.path.join(self.folder, "site", "policy")
        os.makedirs(folder)
        with open(os.path.join(folder, "chain.ini"), "w", encoding="utf-8") as chain:
            for link, to in (("1", "owner"), ("2", "office-head"), ("3", "crisis")):
                opens = {"1": "", "2": "Opens=escalate major-proposed\n",
                         "3": "Opens=major-yes\n"}[link]
                chain.write(f"[link {link}]\nTo={to}\nLabel=Link {link}\nLabel[ja]=連絡{link}\n"
                            f"Due=20m\nReminder=5m\nRepeat=1m\nReminders=2\n{opens}")
        return os.path.dirname(folder)

    def test_verify__another_procedure_adds_no_entry(self):
        self.report("security-breach")
        before = self.entries()
        self.env["TOBAN_FORMS"] = self.site()
        for args in (["verify"], ["head"], ["export", "--all"]):
            done = self.run_toban(*args, who="auditor-1")
            self.assertEqual(done.status, 0, done)
        self.assertEqual(self.entries(), before)
        self.assertTrue(self.verified()["ok"])

    def test_verify__changed_definitions_do_not_mend_changed_rows(self):
        case = self.report("security-breach")
        with sqlite3.connect(self.path) as db:
            triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
                                  " AND name = 'event_body_update'").fetchall()
            db.execute("DROP TRIGGER event_body_update")
            db.execute("UPDATE event_body SET body = '{}' WHERE seq = 2")
            db.execute("UPDATE incident SET title = 'all is well' WHERE id = ?", (case,))
            for _, sql in triggers:
                db.execute(sql)
        done = self.run_toban("--json", "verify", "--rebuild", who="auditor-1")
        self.assertEqual(done.status, 1, done)
        found = {(row["seq"], row["kind"]) for row in done.document()["problems"]}
        self.assertIn((2, "body-changed"), found)
        self.assertIn((3, "summary"), found)
        self.assertEqual(self.entries(), 3)


class Damage(DeskCase):
    def empty_ledger(self, path):
        with sqlite3.connect(path) as db:
            guards = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
                                " AND name LIKE 'event%delete'").fetchall()
            for name, _ in guards:
                db.execute(f"DROP TRIGGER {name}")
            db.execute("DELETE FROM event_body")
            db.execute("DELETE FROM event")
            for _, sql in guards:
                db.execute(sql)

    def test_init__an_emptied_ledger_is_not_founded_anew(self):
        path = os.path.join(self.folder, "emptied.db")
        self.ok(None, "--desk", path, "init", "--example")
        with open(os.path.join(self.folder, "report.json"), "w", encoding="utf-8") as report:
            json.dump({"title": "t", "situation": "s", "contact": "c",
                       "answers": {"control-failure": "yes"}}, report)
        self.ok("dc-operator-1", "--desk", path, "report", "--from", report.name)
        self.empty_ledger(path)
        self.refuse(FAILED, None, "--desk", path, "init", "--example", code="D422")

    def test_init__interrupted_before_the_first_entry_goes_on(self):
        path = os.path.join(self.folder, "half.db")
        self.ok(None, "--desk", path, "init", "--example")
        self.empty_ledger(path)
        self.refuse(UNUSABLE, None, "--desk", path, "list", code="D421")
        self.ok(None, "--desk", path, "init", "--example")
        self.refuse(FAILED, None, "--desk", path, "init", "--example", code="D422")
        self.assertEqual(self.ok("auditor-1", "--desk", path, "verify", "--rebuild")["events"], 2)

    def test_doctor__names_the_faults_of_own_keys(self):
        self.assertEqual(self.run_toban("doctor", who="admin").status, desk.DONE)
        self.env["TOBAN_KEYS"] = os.path.join(self.folder, "keys.ini")
        with open(self.env["TOBAN_KEYS"], "w", encoding="ascii") as keys:
            keys.write("[board]\nreport = a\n")
        done = self.run_toban("--json", "doctor", who="admin")
        self.assertEqual(done.status, FAILED)
        row = [r for r in json.loads(done.out)["checks"] if r["name"] == "keys"][0]
        self.assertFalse(row["ok"])
        self.assertIn("keys.ini:2: ", row["text"])

    def test_read_only__refuses_every_step_and_keeps_the_ledger_as_it_was(self):
        case = self.report("security-breach")
        head = self.run_toban("--json", "head").out
        for args in (["act", case, "note", "--set", "text=x"], ["call", "draft.save", '{"form":"report","fields":{}}'],
                     ["call", "incident.seen", json.dumps({"id": case})]):
            with self.subTest(args=args):
                done = self.run_toban("--read-only", *args, who="dc-owner")
                self.assertEqual(done.status, DENIED)
                self.assertIn("D310", done.err)
        mark = ["call", "me.prefer", '{"name":"clock","value":"absolute"}']
        self.assertEqual(self.run_toban("--read-only", *mark, who="dc-owner").status, desk.DONE)
        self.assertEqual(self.run_toban("--json", "head").out, head)

    def test_files_may_not_grow__refused_and_nothing_lost(self):
        case = self.report("control-failure")
        before = self.show(case)
        done = self.run_toban("--json", "act", case, "note", "--set", "text=x", who="dc-owner",
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE,
                                                                    (8192, 8192)))
        self.assertEqual(done.status, UNUSABLE, done)
        self.assertEqual(json.loads(done.err)["class"], "unusable")
        self.assertEqual(self.show(case), before)
        self.assertTrue(self.verified()["ok"])

    def test_no_organisation__the_damage_is_said(self):
        self.report("control-failure")
        with sqlite3.connect(self.path) as db:
            kept, = db.execute("SELECT sql FROM sqlite_master WHERE name = 'event_body_delete'"
                               ).fetchone()
            db.execute("DROP TRIGGER event_body_delete")
            db.execute("DELETE FROM event_body WHERE seq = 1")
            db.execute(kept)  # or its absence is what is said first (D455)
        for args in (["list"], ["act", "26-0001", "note", "--set", "text=x"]):
            self.refuse(UNUSABLE, "dc-owner", *args, code="D413")
        done = self.run_toban("--json", "verify", who="auditor-1")
        self.assertEqual(done.status, 1, done)
        self.assertIn(1, [row["seq"] for row in done.document()["problems"]])


class Independence(DeskCase):
    """What the desk allowed, the verifier must not call a breach."""

    def close(self, case, responder, approver, planner, measures):
        self.act("dc-owner", case, "instruct", to=[responder], text="Look", due="1h")
        self.act(responder, case, "respond", text="Looked")
        self.act("dc-owner", case, "report-result", cause="c", actions="a")
        self.act(approver, case, "approve-result")
        self.act(planner, case, "plan-prevention", measures=measures, why="none is needed")
        self.review_all(case)
        for measure in measures:
            self.act("dc-owner", case, "apply", measure=measure["key"], department="datacentre",
                     evidence="e")
            self.act("office-staff-2", case, "accept", measure=measure["key"],
                     department="datacentre")
        self.act("office-head", case, "close")

    def test_rounds__who_worked_in_an_earlier_one_may_judge(self):
        case = self.report("control-failure")
        self.close(case, "office-staff-1", "office-staff-2", "office-head", [])
        # Whoever said that no measure is needed planned none whose effect could be judged.
        done = self.act("office-head", case, "verify-effect", verdict="not-effective", text="t")
        self.assertEqual(done["state"], "reopened")
        # In the second round the first one's responder did not respond.
        measure = {"key": "B1", "text": "m", "due": "1d", "effect_on": "1d",
                   "departments": ["datacentre"]}
        self.close(case, "dc-operator-1", "office-staff-1", "office-staff-2", [measure])
        self.now = "2027-03-01T00:00:00+09:00"
        self.act_refused(DENIED, "office-staff-2", case, "verify-effect", code="D309",
                         verdict="effective", text="t")
        self.act("office-head", case, "verify-effect", verdict="effective", text="t")
        self.assertEqual(self.verified()["problems"], [])

    def test_erase__a_second_time(self):
        case = self.report("control-failure", title="Canary Kowalski")
        first = self.show(case)["log"][0]["seq"]
        self.act("office-head", case, "erase", seq=first, why="law")
        error = self.act_refused(INVALID, "office-head", case, "erase", seq=first, why="law")
        self.assertEqual([row["field"] for row in error["fields"]], ["seq"])
        self.assertEqual(self.verified()["problems"], [])
        for name in os.listdir(self.folder):
            path = os.path.join(self.folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as kept:
                    self.assertNotIn(b"Kowalski", kept.read(), name)


if __name__ == "__main__":
    desk.main()
