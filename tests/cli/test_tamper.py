#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""F37: twelve ways in which who owns the file of a real desk changes its record.  The verifier
names the row and the kind; what it can only tell with an end that was kept is marked."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

import desk
from desk import PROGRAM
from ledger import Ledger, text_of

MAKER = os.environ.get("TOBAN_MAKE_SIGNED", "make_signed")


class Tampering(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.mkdtemp(prefix="toban-tamper-")
        cls.addClassCleanup(shutil.rmtree, cls.kept, ignore_errors=True)
        cls.whole = os.path.join(cls.kept, "whole.db")
        subprocess.run([MAKER, cls.whole], check=True, timeout=100)
        ledger = Ledger(cls.whole)
        cls.seqs = {}
        for row in ledger.rows():
            cls.seqs.setdefault(row["kind"], row["seq"])
            cls.last = row["seq"]
        ledger.close()
        cls.head = cls.run_on(cls.whole, "head")

    @classmethod
    def run_on(cls, path, *args):
        env = {"PATH": os.environ.get("PATH", ""), "HOME": cls.kept, "LANG": "C.UTF-8",
               "TOBAN_DESK": path, "TOBAN_NOW": "2026-11-23T09:00:00+09:00"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                env[name] = os.environ[name]
        done = subprocess.run([PROGRAM, "--json", *args], env=env, check=False, timeout=50,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
        return json.loads(done.stdout)

    def tampered(self, change, rechain=True, head=None):
        """The problems of a copy that `change` was done to, as {(seq, kind)}."""
        path = os.path.join(self.kept, self.id().rsplit(".", maxsplit=1)[-1] + ".db")
        shutil.copy(self.whole, path)
        ledger = Ledger(path)
        rows = ledger.rows()
        rows = change(rows) or rows
        if rechain:
            ledger.chain(rows)
        ledger.write(rows)
        ledger.close()
        args = []
        if head:
            kept = os.path.join(self.kept, "head.json")
            with open(kept, "w", encoding="ascii") as file:
                json.dump(head, file)
            args = ["--head", kept]
        answer = self.run_on(path, "verify", *args)
        found = {(problem["seq"], problem["kind"]) for problem in answer["problems"]}
        self.assertEqual(answer["ok"], not found)
        return found

    @staticmethod
    def edit(seq, **columns):
        def change(rows):
            rows[seq - 1].update(columns)
        return change

    @staticmethod
    def body(seq, change_body):
        def change(rows):
            document = json.loads(rows[seq - 1]["body"])
            change_body(document)
            rows[seq - 1]["body"] = text_of(document)
        return change

    def test_whole(self):
        self.assertEqual(self.tampered(lambda rows: None), set())
        self.assertEqual(self.tampered(lambda rows: None, head=self.head), set())

    def test_01_edit(self):
        seq = self.seqs["respond"]
        change = self.body(seq, lambda body: body["fields"].update(text="other"))
        self.assertIn((seq, "body-changed"), self.tampered(change, rechain=False))

    def test_02_delete(self):
        seq = self.seqs["respond"]
        found = self.tampered(lambda rows: rows[:seq - 1] + rows[seq:], rechain=False)
        self.assertIn((seq, "missing"), found)

    def test_03_insert(self):
        def change(rows):
            row = dict(rows[-1], seq=self.last + 1, id="another", kind="note",
                       subject_seq=rows[-1]["subject_seq"] + 1)
            return rows + [row]
        found = self.tampered(change, rechain=False)
        self.assertTrue({kind for seq, kind in found if seq == self.last + 1}
                        & {"inserted", "changed"}, found)

    def test_04_swap(self):
        a, b = self.seqs["instruct"], self.seqs["respond"]

        def change(rows):
            rows[a - 1]["seq"], rows[b - 1]["seq"] = b, a
        found = self.tampered(change, rechain=False)
        self.assertLessEqual({(a, "reordered"), (b, "reordered")}, found)

    def test_05_renumber(self):
        seq = self.seqs["respond"]

        def change(rows):
            rest = rows[:seq - 1] + rows[seq:]
            for at, row in enumerate(rest):
                row["seq"] = at + 1
            return rest
        found = self.tampered(change, rechain=False)
        self.assertTrue({kind for at, kind in found if at >= seq}
                        & {"missing", "reordered", "changed"}, found)

    def test_06_rechain(self):
        """Every hash anew: what was signed afterwards stood on another entry."""
        seq = self.seqs["report-result"]
        change = self.body(seq, lambda body: body["fields"].update(damage="none"))
        found = self.tampered(change)
        self.assertIn((self.seqs["return-result"], "signature"), found)

    def test_07_sign_anew_with_another_key(self):
        seq = self.seqs["approve-result"]
        key = os.path.join(self.kept, "own")
        if not os.path.exists(key):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        public = subprocess.run(["ssh-keygen", "-l", "-f", key], stdout=subprocess.PIPE,
                                check=True).stdout.decode().split()[1]

        def resign(body):
            done = subprocess.run(["ssh-keygen", "-Y", "sign", "-q", "-f", key, "-n", "toban"],
                                  input=body["signed"]["text"].encode(), stdout=subprocess.PIPE,
                                  check=True)
            body["signed"].update(signature=done.stdout.decode(), key=public)
        self.assertIn((seq, "signature"), self.tampered(self.body(seq, resign)))

    def test_08_roll_back(self):
        """The last entry cut off: nothing tells without an end that was kept."""
        self.assertEqual(self.tampered(lambda rows: rows[:-1]), set())
        found = self.tampered(lambda rows: rows[:-1], head=self.head)
        self.assertEqual(found, {(self.last, "cut-off")})

    def test_09_drop_a_signature(self):
        seq = self.seqs["decide-major"]
        found = self.tampered(self.body(seq, lambda body: body.pop("signed")))
        self.assertIn((seq, "unsigned"), found)

    def test_10_change_a_role(self):
        """In the change that was signed, in the first organisation, and as a new one."""
        seq = self.seqs["rights"]

        def promote(body):
            for person in body["people"]:
                if person["id"] == "dc-operator-1":
                    person["roles"] = ["office-head"]
        self.assertIn((seq, "signature"), self.tampered(self.body(seq, promote)))
        found = self.tampered(self.body(self.seqs["organisation"], promote))
        self.assertIn("signature", {kind for _, kind in found})

        def add(rows):
            first = dict(rows[seq - 1], seq=self.last + 1, id="x" * 26,
                         subject_seq=rows[seq - 1]["subject_seq"] + 1, actor="admin")
            document = json.loads(first["body"])
            document.pop("signed")
            promote(document)
            first["body"] = text_of(document)
            return rows + [first]
        self.assertEqual(self.tampered(add), {(self.last + 1, "unsigned")})

    def test_11_back_date(self):
        seq = self.seqs["decide-major"]
        found = self.tampered(lambda rows: self.edit(seq, at=rows[seq - 1]["at"] - 86400000)(rows))
        self.assertIn((seq, "signature"), found)

    def test_12_two_heads(self):
        """Two histories from one entry on: each fits itself, and not the other's end."""
        change = self.body(self.last, lambda body: body["fields"].update(text="another last"))
        self.assertEqual(self.tampered(change), set())
        self.assertEqual(self.tampered(change, head=self.head), {(self.last, "changed")})

    # --- decisions forged by who knows the whole format ----------------------------------

    def test_a_signature_of_another_decision(self):
        a, b = self.seqs["return-result"], self.seqs["approve-result"]

        def change(rows):
            proof = json.loads(rows[a - 1]["body"])["signed"]
            self.body(b, lambda body: body.update(signed=proof))(rows)
        self.assertIn((b, "signature"), self.tampered(change))

    def test_another_actor(self):
        seq = self.seqs["approve-result"]
        self.assertIn((seq, "signature"), self.tampered(self.edit(seq, actor="office-staff-2")))

    def test_a_claim_to_stand_in(self):
        seq = self.seqs["respond"]
        claim = {"for": "office-staff-2", "part": "office"}
        found = self.tampered(self.body(seq, lambda body: body.update(acting=claim)))
        self.assertIn((seq, "duties"), found)

    def test_after_the_revocation(self):
        """A decision moved behind the end of its key."""
        seq = self.seqs["decide-major"]
        revoked = self.seqs["key-revoked"]

        def change(rows):
            moved = dict(rows[self.seqs["approve-result"] - 1], seq=self.last + 1,
                         subject_seq=rows[-1]["subject_seq"] + 1, id=rows[seq - 1]["id"][:-1] + "0")
            return rows + [moved]
        self.assertLess(revoked, self.last + 1)
        self.assertIn((self.last + 1, "signature"), self.tampered(change))


if __name__ == "__main__":
    desk.main()
