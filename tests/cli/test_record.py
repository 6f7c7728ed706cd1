# SPDX-License-Identifier: MIT
"""The record: conflicts, retried steps, tampering, heads, exports, backups."""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import threading

import desk
from desk import CHANGED, FAILED, INVALID, MISSING, UNUSABLE, DeskCase


class Writing(DeskCase):
    def test_expect__a_step_of_somebody_else_in_between(self):
        case = self.report("security-breach")
        seq = self.show(case)["seq"]
        self.act("dc-owner", case, "acknowledge")
        error = self.refuse(CHANGED, "dc-deputy-1", "act", case, "note", "--set", "text=hm",
                            "--expect", str(seq), code="D204")
        self.assertIn("dc-owner", json.dumps(error) + "dc-owner" if "Ishikawa" in error["text"]
                      else json.dumps(error))
        seq = self.show(case)["seq"]
        done = self.ok("dc-deputy-1", "act", case, "note", "--set", "text=hm", "--expect", str(seq))
        self.ok("dc-deputy-1", "act", case, "note", "--set", "text=2", "--expect", str(done["seq"]))
        for wrong in ("x", "-1", "1.5", ""):
            self.refuse(INVALID, "dc-owner", "act", case, "note", "--set", "text=a", "--expect", wrong)

    def test_event_id__a_retried_step_is_recorded_once(self):
        case = self.report("security-breach")
        args = ["act", case, "note", "--set", "text=once", "--event", "my-own-id-1"]
        first = self.ok("dc-owner", *args)
        again = self.ok("dc-owner", *args)
        self.assertEqual((first["seq"], first["row_hash"]), (again["seq"], again["row_hash"]))
        kinds = [entry["kind"] for entry in self.show(case)["log"]]
        self.assertEqual(kinds.count("note"), 1)
        other = self.run_toban("--json", "act", case, "note", "--set", "text=two", "--event",
                               "my-own-id-1", who="dc-deputy-1")
        self.assertNotEqual(other.status, desk.DONE, "another person's step is no retry")

    def test_event_id__a_retried_report_is_one_incident(self):
        text = json.dumps(desk.report_fields("security-breach"))
        first = self.ok("dc-operator-1", "report", "--event", "r-1", text=text)
        again = self.ok("dc-operator-1", "report", "--event", "r-1", text=text)
        self.assertEqual(first["id"], again["id"])
        self.assertEqual(len(self.ok("dc-owner", "list")["incidents"]), 1)

    def test_many_at_once__nothing_is_lost_and_nothing_is_twice(self):
        text = json.dumps(desk.report_fields("service-disruption"))
        runs = []

        def send():
            for _ in range(5):
                runs.append(self.run_toban("--json", "report", who="dc-operator-1", text=text))
        threads = [threading.Thread(target=send) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({run.status for run in runs}, {desk.DONE}, runs[0])
        ids = {run.document()["id"] for run in runs}
        self.assertEqual(ids, {f"26-{n:04}" for n in range(1, 31)})
        self.assertTrue(self.verified()["ok"])

    def test_year__numbers_begin_anew(self):
        self.assertEqual(self.report("service-disruption"), "26-0001")
        self.now = "2027-01-01T00:00:01+09:00"
        self.assertEqual(self.report("service-disruption"), "27-0001")


class Tampering(DeskCase):
    """Each case changes the file as its owner could, and verify names the row."""

    def setUp(self):
        super().setUp()
        self.case = self.report("security-breach")
        self.act("dc-owner", self.case, "acknowledge")
        self.act("dc-owner", self.case, "note", text="first")
        self.act("dc-owner", self.case, "note", text="second")
        self.head = self.ok("auditor-1", "head")
        self.assertTrue(self.verified()["ok"])

    def change(self, *statements):
        """A copy of the desk, changed; its triggers are put back as a careful forger would."""
        copy = os.path.join(self.folder, "copy.db")
        for old in (copy, copy + "-wal", copy + "-shm"):
            if os.path.exists(old):
                os.remove(old)
        source = sqlite3.connect(self.path)
        target = sqlite3.connect(copy)
        source.backup(target)
        source.close()
        os.chmod(copy, 0o600)
        triggers = target.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            target.execute(f'DROP TRIGGER "{name}"')
        changed = 0
        for statement, *values in statements:
            changed += max(0, target.execute(statement, values).rowcount)
        for _, sql in triggers:
            target.execute(sql)
        target.commit()
        target.close()
        self.assertGreater(changed, 0, "the change must change something")
        return copy

    def find(self, *statements, args=()):
        copy = self.change(*statements)
        done = self.run_toban("--json", "--desk", copy, "verify", *args, who="auditor-1")
        self.assertEqual(done.status, FAILED, done)
        doc = done.document()
        self.assertFalse(doc["ok"])
        for row in doc["problems"]:
            self.assertLessEqual({"seq", "kind", "text"}, set(row))
            self.assertTrue(row["text"])
        return doc["problems"]

    def named(self, problems):
        return {row["seq"] for row in problems}

    def test_verify__a_changed_word(self):
        problems = self.find(["UPDATE event_body SET body = replace(body, 'first', 'third') WHERE seq = 5"])
        self.assertEqual(self.named(problems), {5}, problems)

    def test_verify__each_changed_column_of_an_entry(self):
        columns = [row[1] for row in sqlite3.connect(self.path).execute("PRAGMA table_info(event)")]
        for column in columns:
            if column == "seq":
                continue
            with self.subTest(column=column):
                db = sqlite3.connect(self.path)
                (value,) = db.execute(f'SELECT "{column}" FROM event WHERE seq = 5').fetchone()
                db.close()
                if isinstance(value, bytes):
                    other = bytes([value[0] ^ 1]) + value[1:] if value else b"x"
                elif isinstance(value, int):
                    other = value + 1000
                elif value is None:
                    other = 1
                else:
                    other = value[:-1] + ("0" if value[-1:] != "0" else "1")
                problems = self.find([f'UPDATE event SET "{column}" = ? WHERE seq = 5', other])
                self.assertTrue(self.named(problems) & {5, 6}, (column, problems))

    def test_verify__a_missing_entry(self):
        problems = self.find(["DELETE FROM event_body WHERE seq = 5"], ["DELETE FROM event WHERE seq = 5"])
        self.assertTrue(self.named(problems) & {5, 6}, problems)

    def test_verify__a_missing_body(self):
        problems = self.find(["DELETE FROM event_body WHERE seq = 5"])
        self.assertIn(5, self.named(problems))

    def test_verify__an_inserted_entry(self):
        columns = [row[1] for row in sqlite3.connect(self.path).execute("PRAGMA table_info(event)")]
        rest = ", ".join(f'"{name}"' for name in columns if name not in ("seq", "id", "subject_seq"))
        problems = self.find(
            [f"INSERT INTO event (seq, id, subject_seq, {rest}) SELECT 7, 'forged', 99, {rest}"
             " FROM event WHERE seq = 6"],
            ["INSERT INTO event_body (seq, nonce, body) SELECT 7, nonce, body FROM event_body"
             " WHERE seq = 6"])
        self.assertIn(7, self.named(problems))

    def test_verify__two_entries_in_each_others_place(self):
        problems = self.find(
            ["UPDATE event_body SET seq = -1 WHERE seq = 5"], ["UPDATE event_body SET seq = 5 WHERE seq = 6"],
            ["UPDATE event_body SET seq = 6 WHERE seq = -1"])
        self.assertEqual(self.named(problems), {5, 6}, problems)

    def test_verify__a_cut_off_end__needs_a_head_that_was_kept(self):
        cut = [["DELETE FROM event_body WHERE seq = 6"], ["DELETE FROM event WHERE seq = 6"]]
        kept = os.path.join(self.folder, "head.json")
        with open(kept, "w", encoding="utf-8") as stream:
            json.dump(self.head, stream)
        problems = self.find(*cut, args=["--head", kept])
        self.assertIn(6, self.named(problems))
        # The head of another ledger does not fit either.
        forged = dict(self.head, row_hash="0" * 64)
        with open(kept, "w", encoding="utf-8") as stream:
            json.dump(forged, stream)
        done = self.run_toban("--json", "verify", "--head", kept, who="auditor-1")
        self.assertEqual(done.status, FAILED)
        for wrong in ("{}", "[]", '{"seq":"x"}', "no json"):
            with open(kept, "w", encoding="utf-8") as stream:
                stream.write(wrong)
            self.refuse(INVALID, "auditor-1", "verify", "--head", kept)
        self.refuse(MISSING, "auditor-1", "verify", "--head", self.folder + "/none")

    def test_verify__a_head_of_earlier_fits_for_ever(self):
        kept = os.path.join(self.folder, "head.json")
        with open(kept, "w", encoding="utf-8") as stream:
            json.dump(self.head, stream)
        self.act("dc-owner", self.case, "note", text="third")
        done = self.run_toban("--json", "verify", "--head", kept, who="auditor-1")
        self.assertEqual(done.status, desk.DONE, done)

    def test_verify__a_row_rewritten_with_its_own_hashes(self):
        """The body and its commitment changed to fit: the row's hash tells."""
        db = sqlite3.connect(self.path)
        nonce, body = db.execute("SELECT nonce, body FROM event_body WHERE seq = 5").fetchone()
        db.close()
        raw = body.encode() if isinstance(body, str) else bytes(body)
        forged = raw.replace(b"first", b"third")
        digest = hashlib.sha256(bytes(nonce) + forged).digest()
        problems = self.find(
            ["UPDATE event_body SET body = ? WHERE seq = 5",
             forged.decode() if isinstance(body, str) else forged],
            ["UPDATE event SET commitment = ? WHERE seq = 5", digest])
        self.assertIn(5, self.named(problems))

    def test_verify__a_trigger_taken_away(self):
        copy = self.change(["UPDATE event SET actor = actor WHERE seq = 5"])
        self.assertTrue(self.ok("auditor-1", "--desk", copy, "verify")["ok"])
        db = sqlite3.connect(copy)
        db.execute("DROP TRIGGER event_update")
        db.commit()
        db.close()
        done = self.run_toban("--json", "--desk", copy, "verify", who="auditor-1")
        self.assertEqual(done.status, FAILED)
        self.assertIn("event_update", done.out)

    def test_verify__a_summary_that_tells_another_story(self):
        problems = self.find(["UPDATE incident SET state = 'closed'"], args=["--rebuild"])
        self.assertTrue(any(self.case in row["text"] or "incident" in row["kind"] + row["text"]
                            for row in problems), problems)

    def test_triggers__refuse_update_and_delete(self):
        db = sqlite3.connect(self.path)
        for statement in ("UPDATE event SET actor = 'x' WHERE seq = 5", "DELETE FROM event WHERE seq = 5"):
            with self.assertRaises(sqlite3.Error):
                db.execute(statement)
        db.close()


class Copies(DeskCase):
    def test_export__one_entry_a_line_with_all_columns(self):
        case = self.report("security-breach")
        other = self.report("service-disruption")
        self.act("dc-owner", case, "acknowledge")
        lines = self.run_toban("export", "--all", who="auditor-1").out.splitlines()
        rows = [json.loads(line) for line in lines]
        self.assertEqual([row["seq"] for row in rows], list(range(1, len(rows) + 1)))
        for before, row in zip(rows, rows[1:]):
            self.assertEqual(row["prev_hash"], before["row_hash"])
        mine = [json.loads(line) for line in
                self.run_toban("export", case, who="auditor-1").out.splitlines()]
        self.assertEqual({row["subject"] for row in mine}, {case})
        self.assertEqual([row["kind"] for row in mine], ["report", "acknowledge"])
        self.refuse(desk.USAGE, "auditor-1", "export")
        self.refuse(desk.USAGE, "auditor-1", "export", "--all", "--format", "csv")
        self.refuse(MISSING, "auditor-1", "export", "26-9999")
        self.assertNotEqual(case, other)

    def test_backup__is_a_whole_desk_of_its_own(self):
        case = self.report("security-breach")
        copy = os.path.join(self.folder, "backup.db")
        doc = self.ok("admin", "backup", copy)
        self.assertEqual(doc["path"], copy)
        self.assertEqual(os.stat(copy).st_mode & 0o777, 0o600)
        self.assertEqual(self.ok("auditor-1", "--desk", copy, "show", case)["id"], case)
        self.assertTrue(self.ok("auditor-1", "--desk", copy, "verify", "--rebuild")["ok"])
        before = open(copy, "rb").read()
        self.assertNotEqual(self.run_toban("backup", copy, who="admin").status, desk.DONE)
        self.assertEqual(open(copy, "rb").read(), before, "an existing file is left alone")
        self.assertNotEqual(
            self.run_toban("backup", self.folder + "/no/such/folder.db", who="admin").status, desk.DONE)

    def test_doctor__finds_a_healthy_desk(self):
        doc = self.ok("admin", "doctor")
        self.assertTrue(doc["ok"], doc)
        for row in doc["checks"]:
            self.assertLessEqual({"name", "ok", "text", "what_to_do"}, set(row))

    def test_init__never_overwrites(self):
        before = self.ok("auditor-1", "head")
        self.refuse(FAILED, None, "init", "--example")
        self.assertEqual(self.ok("auditor-1", "head"), before)

    def test_open__refuses_what_is_no_desk(self):
        def path(name, data):
            full = os.path.join(self.folder, name)
            with open(full, "wb") as stream:
                stream.write(data)
            os.chmod(full, 0o600)
            return full
        other = os.path.join(self.folder, "other.db")
        db = sqlite3.connect(other)
        db.execute("CREATE TABLE t (x)")
        db.commit()
        db.close()
        os.chmod(other, 0o600)
        link = os.path.join(self.folder, "link.db")
        os.symlink(self.path, link)
        shared = os.path.join(self.folder, "shared.db")
        shutil.copy(self.path, shared)
        os.chmod(shared, 0o666)
        for bad in (self.folder + "/none.db", path("empty.db", b""), path("text.db", b"hello" * 999),
                    other, link, shared, self.folder, "/dev/null", "", "unix:/nowhere"):
            error = self.refuse(UNUSABLE, "auditor-1", "--desk", bad, "list")
            self.assertTrue(error["text"], bad)


class Messages(DeskCase):
    def test_target__secret_is_shown_once(self):
        doc = self.ok("admin", "target", "add", "room", "https://hooks.example.org/x",
                      "--events", "crisis,incident.report")
        self.assertRegex(doc["secret"], r"^whsec_[A-Za-z0-9+/]+=*$")
        rows = self.ok("admin", "target", "list")["targets"]
        self.assertEqual(rows[0]["name"], "room")
        self.assertEqual(set(rows[0]["events"]), {"crisis", "incident.report"})
        self.assertNotIn("secret", json.dumps(rows))
        exported = self.run_toban("export", "--all", who="auditor-1").out
        self.assertNotIn(doc["secret"][6:], exported)
        with open(self.path, "rb") as stream:
            self.assertNotIn(doc["secret"].encode(), stream.read())

    def test_target__bad_addresses_are_refused(self):
        for url in ("http://example.org/", "ftp://example.org/", "example.org", "https://", "https:///x",
                    "https://u:p@example.org/", "javascript:alert(1)", "https://example.org:99999/",
                    "https://exa mple.org/", "file:///etc/passwd", "https://example.org/#x"):
            with self.subTest(url=url):
                self.refuse(INVALID, "admin", "target", "add", "x", url)
        self.refuse(INVALID, "admin", "target", "add", "Bad Name!", "https://example.org/")

    def test_outbox__the_crisis_message_waits_in_the_same_step(self):
        self.ok("admin", "target", "add", "room", "https://hooks.example.org/x")
        case = self.report("information-impairment", "major-accident")
        self.assertEqual(self.ok("admin", "outbox", "list")["messages"], [])
        self.act("office-head", case, "decide-major", major="yes")
        rows = self.ok("admin", "outbox", "list")["messages"]
        self.assertEqual([(row["target"], row["subject"], row["state"]) for row in rows],
                         [("room", case, "waiting")])
        self.assertTrue(re.match(r"^incident\.|^crisis", rows[0]["type"]), rows)
        self.refuse(INVALID, "admin", "outbox", "list", "--state", "sleeping")
        self.refuse(MISSING, "admin", "outbox", "retry", "no-such-id")
        self.refuse(desk.USAGE, "admin", "outbox")
        self.refuse(desk.USAGE, "admin", "outbox", "retry")

    def test_target__removed_and_unknown(self):
        self.ok("admin", "target", "add", "room", "https://hooks.example.org/x")
        self.ok("admin", "target", "remove", "room")
        self.refuse(MISSING, "admin", "target", "remove", "room")
        self.refuse(MISSING, "admin", "target", "test", "room")


if __name__ == "__main__":
    desk.main()
