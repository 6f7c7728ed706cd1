#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Signed ends: each occasion gives one, whoever is killed; and a history that was cut off, rolled
back, written anew or continued twice does not fit them (F12, F37)."""

import copy
import hashlib
import http.server
import json
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import tempfile
import threading

import desk
from desk import DONE, FAILED, INVALID, DeskCase, wait_for

KILLS = 8
TAMPERINGS = 50
CLEAN = 200


class WitnessCase(DeskCase):
    def at(self, minutes):
        self.now = f"2026-11-{23 + (9 * 60 + minutes) // 1440:02}T" \
                   f"{(9 * 60 + minutes) // 60 % 24:02}:{minutes % 60:02}:00+09:00"

    def heads(self):
        """The ends that went to receivers, oldest first."""
        rows = self.ok("admin", "call", "outbox.list", '{"limit": 1000}')["messages"]
        return [row for row in reversed(rows) if row["type"] == "ledger.head"]

    def turn(self):
        self.ok(None, "clock", "run")
        return len(self.heads())

    def witness(self, *args, events="ledger.head"):
        self.ok("admin", "target", "add", "auditor", "https://hooks.example.org/x", "--events", events, *args)

    def key_line(self):
        log = self.ok("admin", "call", "ledger.export")["events"]
        return [e for e in log if e["kind"] == "desk-key"][-1]["body"]["public"]

    def verify(self, head, *args, path=None):
        """(whole, {(seq, kind)}, document) of a verification against kept ends."""
        if path:
            self.env["TOBAN_DESK"] = path
        done = self.run_toban("--json", "verify", "--head", head, *args)
        self.env.pop("TOBAN_DESK", None)
        self.assertIn(done.status, (DONE, FAILED), done)
        document = done.document()
        self.assertEqual(document["ok"], done.status == DONE)
        return document["ok"], {(p["seq"], p["kind"]) for p in document["problems"]}, document


class Occasions(WitnessCase):
    def test_clock__occasions__one_end_each(self):
        self.witness()
        self.assertEqual(self.turn(), 1)  # the first
        self.assertEqual(self.turn(), 1)
        case = self.report("service-disruption")
        self.at(1)
        self.assertEqual(self.turn(), 1)  # no decision: within a quarter of an hour
        self.at(15)
        self.assertEqual(self.turn(), 2)
        self.assertEqual(self.turn(), 2)
        self.at(16)
        note = self.act("dc-owner", case, "note", text="x")
        self.act("office-head", case, "erase", seq=note["seq"], why="law")  # a decision
        self.assertEqual(self.turn(), 3)
        self.assertEqual(self.turn(), 3)

    def test_clock__nobody_writes__one_a_day(self):
        self.witness()
        self.assertEqual(self.turn(), 1)
        for day in (1, 2, 3):
            self.at(day * 1440 - 1)
            self.assertEqual(self.turn(), day)
            self.at(day * 1440)
            self.assertEqual(self.turn(), day + 1)
            self.assertEqual(self.turn(), day + 1)

    def test_clock__a_receiver_of_everything__gets_no_end(self):
        self.witness(events="*")
        self.assertEqual(self.turn(), 0)
        self.assertFalse(os.path.exists(self.path + ".key"))

    def test_clock__two_at_once__one_end(self):
        self.witness()
        command = [desk.PROGRAM, "clock", "run"]
        both = [subprocess.Popen(command, env=self.environment(), stdout=subprocess.DEVNULL) for _ in range(4)]
        for process in both:
            self.assertEqual(process.wait(timeout=60), 0)
        self.assertEqual(len(self.heads()), 1)
        self.assertEqual(os.stat(self.path + ".key").st_mode & 0o777, 0o600)

    def test_verify__ends_on_one_line_and_damaged_ones__all_compared_or_counted(self):
        self.witness()
        kept = os.path.join(self.folder, "kept.jsonl")
        for day in range(3):
            self.at(1440 * day)
            self.turn()
        self.keep_bodies(kept)
        with open(kept) as file:
            lines = file.read().splitlines()
        self.assertGreaterEqual(len(lines), 3)
        torn = lines[1][:lines[1].index('"row_hash"') + 20]
        for text, checked, unread in (("[" + ",".join(lines) + "]", len(lines), None),
                                      ("\n".join([lines[0], torn, lines[2]]), 2, 1),
                                      (lines[0] + " " + torn, 1, 1),
                                      (torn + " " + lines[0], 1, 1),
                                      ("\n".join(["no end", lines[0]]), 1, None)):
            with open(kept, "w") as file:
                file.write(text)
            _, _, document = self.verify(kept)
            self.assertEqual((document["heads"]["checked"], document["heads"].get("unread")), (checked, unread))
        with open(kept, "w") as file:
            file.write(lines[0] + "\n" + torn + "\n")
        self.assertIn("1 line speaks of an end that cannot be read", self.run_toban("verify", "--head", kept).out)

    def test_clock__another_key__is_recorded_and_old_ends_still_hold(self):
        self.witness()
        kept = os.path.join(self.folder, "kept.jsonl")
        self.turn()
        self.keep_bodies(kept)
        os.unlink(self.path + ".key")
        self.at(1440)
        self.turn()
        self.keep_bodies(kept)
        log = self.ok("admin", "call", "ledger.export")["events"]
        self.assertEqual(len([e for e in log if e["kind"] == "desk-key"]), 2)
        whole, problems, document = self.verify(kept)
        self.assertTrue(whole, problems)
        self.assertEqual(document["heads"], {"checked": 2, "signed": 2, "unsigned": 0, "wrong": 0, "key": "ledger"})

    def keep_bodies(self, path):
        db = sqlite3.connect(self.path)
        bodies = [row[0] for row in db.execute("SELECT body FROM outbox WHERE type = 'ledger.head'")]
        db.close()
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(f"Nov 23 toban[1]: {body}\n" for body in bodies))

    def test_clock__a_key_others_can_read__no_end_and_the_doctor_says_so(self):
        self.witness()
        self.turn()
        os.chmod(self.path + ".key", 0o644)
        self.at(1440)
        self.assertEqual(self.turn(), 1)
        done = self.run_toban("--json", "doctor", who="admin")
        row = next(c for c in done.document()["checks"] if c["name"] == "witness")
        self.assertFalse(row["ok"], row)


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(body.decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


class Going(WitnessCase):
    def test_webhook__taken__fits_and_is_known(self):
        server = http.server.HTTPServer(("127.0.0.1", 0), Hook)
        server.bodies = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.ok("admin", "target", "add", "auditor", f"http://127.0.0.1:{server.server_port}/x", "--events",
                "ledger.head", "--allow-http", "--allow-private")
        self.turn()
        before = self.ok("admin", "call", "desk.info")["witness"]["to"][0]
        self.assertEqual(before["seq"], 0)
        self.run_toban("outbox", "run", "--once")
        self.assertEqual(len(server.bodies), 1)
        kept = os.path.join(self.folder, "bodies.jsonl")
        with open(kept, "w", encoding="utf-8") as file:
            file.write(server.bodies[0] + "\n")
        whole, problems, document = self.verify(kept, "--key", self.key_line())
        self.assertTrue(whole, problems)
        self.assertEqual((document["heads"]["signed"], document["heads"]["key"]), (1, "given"))
        after = self.ok("admin", "call", "desk.info")["witness"]["to"][0]
        self.assertEqual(after["seq"], json.loads(server.bodies[0])["data"]["head"]["seq"])
        # What chat and mail show holds the line itself.
        with open(kept, "w", encoding="utf-8") as file:
            file.write(json.loads(server.bodies[0])["text"] + "\n")
        self.assertTrue(self.verify(kept)[0])

    def serve_until(self, path, lines):
        """Runs the service until the file has so many lines, then ends it."""
        child = subprocess.Popen([desk.PROGRAM, "serve", "--witness-file", path], env=self.environment(),
                                 stderr=subprocess.DEVNULL)
        try:
            wait_for("the file", lambda: count(path) >= lines)
        finally:
            child.terminate()
            child.wait(timeout=60)

    def test_file__engine_killed_at_any_moment__one_line_for_each_occasion(self):
        path = os.path.join(self.folder, "witness.jsonl")
        dice = random.Random(7)
        for round_ in range(KILLS):
            self.at(round_ * 20)
            self.report("service-disruption")
            for _ in range(2):
                child = subprocess.Popen([desk.PROGRAM, "serve", "--witness-file", path],
                                         env=self.environment(), stderr=subprocess.DEVNULL)
                try:
                    child.wait(timeout=dice.random() * 0.3)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()
            self.serve_until(path, round_ + 1)
        with open(path, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        self.assertEqual(len(lines), KILLS)
        self.assertEqual(len({line["signed_at"] for line in lines}), KILLS)
        whole, problems, document = self.verify(path)
        self.assertTrue(whole, problems)
        self.assertEqual(document["heads"]["signed"], KILLS)

    def test_file__service_ended_right_after_a_decision__its_end_went_out(self):
        path = os.path.join(self.folder, "witness.jsonl")
        case = self.report("service-disruption")
        service = desk.Service(self.path, self.environment(), "--witness-file", path)
        service.start()
        self.addCleanup(service.stop)
        wait_for("the first end", lambda: count(path) == 1)
        self.env["TOBAN_DESK"] = "unix:" + service.socket
        note = self.act("dc-owner", case, "note", text="x")
        erased = self.act("office-head", case, "erase", seq=note["seq"], why="law")
        service.stop()
        self.env.pop("TOBAN_DESK")
        with open(path, encoding="utf-8") as file:
            last = json.loads(file.read().splitlines()[-1])
        self.assertGreaterEqual(last["seq"], erased["seq"])

    def test_file__cannot_be_written__doctor_says_so_and_it_comes_later(self):
        path = os.path.join(self.folder, "gone", "witness.jsonl")
        child = subprocess.Popen([desk.PROGRAM, "serve", "--witness-file", path], env=self.environment(),
                                 stderr=subprocess.DEVNULL)
        try:
            wait_for("the fault", lambda: self.row()["ok"] is False)
        finally:
            child.terminate()
            child.wait(timeout=60)
        os.mkdir(os.path.dirname(path))
        self.serve_until(path, 1)
        self.assertTrue(self.row()["ok"])

    def make_owned(self):
        """A trial desk whose service has an account that is nobody's login, as it should be."""
        example = os.path.join(os.path.dirname(__file__), "../../forms/org/example.ini")
        org = os.path.join(self.folder, "org.ini")
        with open(example, encoding="utf-8") as source, open(org, "w", encoding="utf-8") as file:
            file.write(source.read().replace("[person admin]\n", "[person admin]\nLogin=somebody-else\n"))
        self.path = os.path.join(self.folder, "owned.db")
        done = self.run_toban("--desk", self.path, "init", "--example", "--org", org)
        self.assertEqual(done.status, DONE, done)

    def test_protection__service_owns_and_a_witness_took__owned_and_witnessed(self):
        self.make_owned()
        path = os.path.join(self.folder, "witness.jsonl")
        service = desk.Service(self.path, self.environment(), "--witness-file", path)
        service.start()
        self.addCleanup(service.stop)
        wait_for("the end", lambda: count(path) == 1)
        self.env["TOBAN_DESK"] = "unix:" + service.socket
        wait_for("the word", lambda: self.info("auditor-1")["protection"] == "owned-witnessed")
        self.assertEqual([w["name"] for w in self.info("auditor-1")["witness"]["to"]], ["file"])
        self.assertEqual(self.info("dc-operator-1")["witness"]["to"], [])
        self.assertEqual(self.info("dc-operator-1")["protection"], "owned-witnessed")

    def info(self, who):
        return self.ok(who, "call", "desk.info")

    def test_file__made_by_another_engine__the_service_writes_it(self):
        path = os.path.join(self.folder, "witness.jsonl")
        self.serve_until(path, 1)
        self.at(1440)
        self.ok(None, "clock", "run")
        self.assertEqual(count(path), 1)
        self.serve_until(path, 2)
        with open(path, encoding="utf-8") as file:
            times = [json.loads(line)["signed_at"] for line in file]
        self.assertEqual(times[1], "2026-11-24T00:00:00+00:00")

    def row(self):
        done = self.run_toban("--json", "doctor", who="admin")
        return next(c for c in done.document()["checks"] if c["name"] == "witness")


def count(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().count("\n")
    except FileNotFoundError:
        return 0


# --- an owner of the file, with tools of their own ----------------------------------------

COLUMNS = ("seq", "id", "subject", "subject_seq", "at", "happened_at", "actor", "post", "kind", "form",
           "form_version")


def column(value):
    if value is None:
        value = -2**63
    if isinstance(value, int):
        return struct.pack(">q", value)
    data = value.encode()
    return struct.pack(">q", len(data)) + data


def row_hash(row, before):
    parts = [before, column(row["canon"])] + [column(row[name]) for name in COLUMNS] + [row["commitment"]]
    return hashlib.sha256(b"".join(parts)).digest()


class File:
    """A copy of the desk that is changed behind its back, its triggers put back afterwards."""

    def __init__(self, path):
        self.db = sqlite3.connect(path)
        self.db.row_factory = sqlite3.Row
        self.triggers = self.db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for trigger in self.triggers:
            self.db.execute(f"DROP TRIGGER {trigger['name']}")

    def close(self):
        for trigger in self.triggers:
            self.db.execute(trigger["sql"])
        self.db.commit()
        self.db.close()

    def cut(self, last):
        for table in ("event_body", "event"):
            self.db.execute(f"DELETE FROM {table} WHERE seq > ?", (last,))

    def rechain(self, first, change):
        """Changes the row `first` by `change` and makes all hashes from there on anew."""
        rows = self.db.execute("SELECT * FROM event WHERE seq >= ? ORDER BY seq", (first,)).fetchall()
        before = rows[0]["prev_hash"]
        for row in map(dict, rows):
            if row["seq"] == first:
                change(row)
            row["prev_hash"] = before
            before = row_hash(row, before)
            self.db.execute("UPDATE event SET at = ?, commitment = ?, prev_hash = ?, row_hash = ? WHERE seq = ?",
                            (row["at"], row["commitment"], row["prev_hash"], before, row["seq"]))


class Tampering(WitnessCase):
    """Ten ends of a desk, and a copy of the desk at each; made once for all tests."""

    made = None

    @classmethod
    def tearDownClass(cls):
        if cls.made:
            shutil.rmtree(cls.made[0], ignore_errors=True)

    def setUp(self):
        super().setUp()
        if Tampering.made:
            folder, self.lines, copies = Tampering.made
            shutil.rmtree(self.folder)
            shutil.copytree(folder, self.folder)
            self.copies = {seq: os.path.join(self.folder, name) for seq, name in copies.items()}
            self.kept = os.path.join(self.folder, "kept.jsonl")
        else:
            self.fill()
            folder = tempfile.mkdtemp(prefix="toban-cli-")
            shutil.rmtree(folder)
            shutil.copytree(self.folder, folder)
            Tampering.made = folder, self.lines, {s: os.path.basename(p) for s, p in self.copies.items()}
        self.write(self.lines)

    def fill(self):
        self.witness()
        self.kept = os.path.join(self.folder, "kept.jsonl")
        self.copies = {}  # seq of the newest end: the file as it was
        self.lines = []
        for step in range(10):
            self.at(step * 20)
            case = self.report("service-disruption")
            self.act("dc-owner", case, "note", text=f"note {step}")
            self.turn()
            db = sqlite3.connect(self.path)
            body = db.execute("SELECT body FROM outbox WHERE type = 'ledger.head' ORDER BY num DESC").fetchone()[0]
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            db.close()
            head = json.loads(body)["data"]["head"]
            copied = os.path.join(self.folder, f"at-{head['seq']}.db")
            shutil.copy(self.path, copied)
            os.chmod(copied, 0o600)
            self.copies[head["seq"]] = copied
            self.lines.append(head)

    def write(self, lines):
        with open(self.kept, "w", encoding="utf-8") as file:
            file.write("".join(json.dumps(line) + "\n" for line in lines))

    def tampered(self):
        path = os.path.join(self.folder, "tampered.db")
        for suffix in ("", "-wal", "-shm", ".lock", ".reserve"):
            if os.path.exists(path + suffix):
                os.unlink(path + suffix)
        shutil.copy(self.copies[max(self.copies)], path)
        os.chmod(path, 0o600)
        return path

    def test_verify__F12_clean__no_false_alarm(self):
        checked = 0
        while checked < CLEAN:
            for line in self.lines:
                later = [path for seq, path in self.copies.items() if seq >= line["seq"]]
                for path in later[:1] + later[-1:]:
                    fitting = [one for one in self.lines if one["seq"] <= line["seq"]]
                    self.write(fitting)
                    whole, problems, _ = self.verify(self.kept, path=path)
                    self.assertTrue(whole, problems)
                    checked += len(fitting)

    def test_verify__F12_cut_rolled_back_or_written_anew__first_row_is_named(self):
        dice = random.Random(11)
        newest = max(self.copies)
        heads = sorted(self.copies)
        for case in range(TAMPERINGS):
            path = self.tampered()
            kind = case % 3
            if kind == 0:
                last = dice.randrange(3, newest)
                file = File(path)
                file.cut(last)
                file.close()
                expected = {(last + 1, "cut-off")}
            elif kind == 1:
                old = dice.choice(heads[:-1])
                shutil.copy(self.copies[old], path)
                expected = {(old + 1, "cut-off")}
            else:
                first = dice.randrange(3, newest + 1)
                file = File(path)
                file.rechain(first, lambda row: row.update(at=row["at"] + 1))
                file.close()
                expected = {(min(seq for seq in heads if seq >= first), "changed")}
            whole, problems, _ = self.verify(self.kept, path=path)
            self.assertFalse(whole)
            self.assertLessEqual(expected, problems, f"case {case}")

    def test_verify__written_anew_without_kept_ends__passes_as_the_manual_says(self):
        path = self.tampered()
        file = File(path)
        file.rechain(5, lambda row: row.update(at=row["at"] + 1))
        file.close()
        self.env["TOBAN_DESK"] = path
        done = self.run_toban("--json", "verify")
        self.assertEqual(done.status, DONE, done)

    def test_verify__continued_twice__two_heads(self):
        old = sorted(self.copies)[4]
        path = self.tampered()
        shutil.copy(self.copies[old], path)
        main, self.path = self.path, path
        self.at(400)
        while True:
            self.report("service-disruption")
            seq = self.ok(None, "head")["seq"]
            if seq >= self.lines[5]["seq"]:
                break
        log = self.ok("admin", "call", "ledger.export")["events"]
        other = next(e for e in log if e["seq"] == self.lines[5]["seq"])
        self.path = main
        self.write(self.lines + [{"seq": other["seq"], "row_hash": other["row_hash"]}])
        for where in (None, path):
            whole, problems, document = self.verify(self.kept, path=where)
            self.assertFalse(whole)
            self.assertIn((other["seq"], "two-heads"), problems)
            self.assertEqual(document["heads"]["unsigned"], 1)

    def test_verify__an_end_that_was_changed__is_no_signed_one(self):
        for change in ({"seq": self.lines[3]["seq"] - 1}, {"row_hash": "00" * 32},
                       {"signed_at": "2026-11-23T00:00:00+00:00"}):
            line = copy.deepcopy(self.lines[3])
            line.update(change)
            self.write([line])
            whole, problems, _ = self.verify(self.kept)
            self.assertFalse(whole)
            self.assertIn((line["seq"], "signature"), problems)

    def test_verify__written_anew_with_a_key_of_its_own__the_kept_key_tells(self):
        key = self.key_line()
        path = os.path.join(self.folder, "other.db")
        main, self.path = self.path, path
        self.make()
        self.witness()
        self.turn()
        db = sqlite3.connect(path)
        body = db.execute("SELECT body FROM outbox WHERE type = 'ledger.head'").fetchone()[0]
        db.close()
        self.write([json.loads(body)["data"]["head"]])
        self.assertTrue(self.verify(self.kept)[0])
        whole, problems, _ = self.verify(self.kept, "--key", key)
        self.path = main
        self.assertFalse(whole)
        self.assertIn("signature", {kind for _, kind in problems})

    def test_verify__files_that_hold_no_end__are_refused(self):
        for text in ("", "nothing here\n", '{"seq": 1}\n', "[]"):
            with open(self.kept, "w", encoding="utf-8") as file:
                file.write(text)
            self.refuse(INVALID, None, "verify", "--head", self.kept)


if __name__ == "__main__":
    desk.main()
