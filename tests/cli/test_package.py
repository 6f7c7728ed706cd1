#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A package is checked by verify.sh with sha256sum and ssh-keygen alone: it passes as it was made,
and whatever was changed, added or taken away is named."""

import json
import os
import shutil
import subprocess
import tempfile

import desk
from desk import DENIED, DONE, FAILED, USAGE, DeskCase

PATH = "/usr/bin:/bin"  # nothing of toban is there


class Package(DeskCase):

    def make(self):
        if not self.made:
            super().make()

    def key(self, who):
        """A key of the person's, approved."""
        path = os.path.join(self.folder, f"key-{who}")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path],
                       check=True)
        with open(path + ".pub", encoding="ascii") as file:
            public = " ".join(file.read().split()[:2])
        self.signed(who, "key.propose", {"public": public}, key=path)
        prints = self.ok("admin", "call", "key.list", json.dumps({"person": who}))
        self.ok("admin", "call", "key.approve",
                json.dumps({"fingerprint": prints["keys"][0]["fingerprint"]}))
        return path

    def signed(self, who, method, args, key=None):
        """Asks for the text, signs it, and sends it again with the signature."""
        key = key or os.path.join(self.folder, f"key-{who}")
        error = self.refuse(DENIED, who, "call", method, json.dumps(args), code="D320")
        done = subprocess.run(["ssh-keygen", "-Y", "sign", "-q", "-f", key, "-n", "toban"],
                              input=error["sign"]["text"].encode(), stdout=subprocess.PIPE,
                              check=True)
        args = dict(args, event=error["sign"]["event"], signature=done.stdout.decode())
        return self.ok(who, "call", method, json.dumps(args))

    def decide(self, who, case, step, **fields):
        return self.signed(who, "incident.act",
                           {"id": case, "step": step, "fields": fields, "sign": True})

    made = {}  # the desk of the tests that only look at packages, made once

    def record(self):
        """Two cases, one of them restricted, signed decisions, a key that was revoked."""
        if self.made:
            self.__dict__.update(self.made)
            return
        self.make_record()
        kept = tempfile.mkdtemp(prefix="toban-package-")
        self.addClassCleanup(shutil.rmtree, kept, ignore_errors=True)
        shutil.copy(self.path, kept)
        Package.made.update(path=os.path.join(kept, "desk.db"), case=self.case, now=self.now)

    def make_record(self):
        for who in ("office-head", "office-staff-1"):
            self.key(who)
        self.case = self.report("control-failure", title="無断持ち出し $(touch owned) `id`\n")
        self.act("dc-owner", self.case, "instruct", to=["dc-operator-1"], text="x", due="2h")
        self.act("dc-operator-1", self.case, "respond", text="'; rm -rf . #")
        self.act("dc-owner", self.case, "report-result", cause="c", damage="d", actions="a",
                 text="SECRET-NAME")
        self.now = "2026-11-23T10:00:00.500+09:00"
        self.decide("office-staff-1", self.case, "approve-result", why="SECRET-WHY")
        self.decide("office-head", self.case, "decide-major", major="no", why="small")
        self.report("control-failure", confidential=True, department="legal")
        self.now = "2026-11-23T11:00:00+09:00"
        prints = self.ok("admin", "call", "key.list", '{"person": "office-staff-1"}')
        self.ok("office-staff-1", "call", "key.revoke", json.dumps(
            {"fingerprint": prints["keys"][0]["fingerprint"], "why": "lost"}))

    def export(self, *args, who="auditor-1", name="package"):
        path = os.path.join(self.folder, name)
        self.ok(who, "export", *args, "--format", "package", path)
        return path

    def check(self, path, script=None):
        done = subprocess.run(["dash", script or os.path.join(path, "verify.sh"), path],
                              env={"PATH": PATH}, stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100)
        return done.returncode, done.stdout.decode(errors="replace")

    def good(self, path):
        status, said = self.check(path)
        self.assertEqual(status, 0, said)
        return said

    def names(self, path):
        return sorted(os.path.relpath(os.path.join(folder, name), path)
                      for folder, _, files in os.walk(path) for name in files)

    def read(self, path, name):
        with open(os.path.join(path, name), "rb") as file:
            return file.read()

    def write(self, path, name, data):
        with open(os.path.join(path, name), "wb") as file:
            file.write(data)

    def test_package_as_made_passes(self):
        self.record()
        path = self.export("--all")
        events = self.verified()["events"]
        self.assertIn(f"OK: {events} entries, 2 signatures", self.good(path))
        self.assertFalse(os.path.exists(os.path.join(self.folder, "owned")))
        rows = [json.loads(line) for line in self.read(path, "ledger.jsonl").splitlines()]
        self.assertEqual(len(rows), events)
        # It is never written over what is there.
        self.refuse(FAILED, "auditor-1", "export", "--all", "--format", "package", path,
                    code="D422")
        self.refuse(USAGE, "auditor-1", "export", "--format", "package", path)

    def test_one_case_passes(self):
        self.record()
        path = self.export(self.case)
        self.assertIn("2 signatures", self.good(path))

    def test_withheld_and_masked_pass_and_tell_nothing(self):
        self.record()
        path = self.export("--all", who="dc-operator-2", name="withheld")
        self.good(path)
        self.assertIn(b" withheld\n", self.read(path, "chain"))
        path = self.export("--all", "--mask", name="masked")
        self.assertIn("2 signatures", self.good(path))
        for name in self.names(path):
            for text in (b"SECRET", "持ち出し".encode(), b"ext. 2201", b"rm -rf"):
                self.assertNotIn(text, self.read(path, name), name)
            self.assertFalse(name.endswith((".body", ".fields")), name)

    def test_a_changed_byte_in_each_file_is_named(self):
        self.record()
        path = self.export("--all")
        pristine = os.path.join(self.folder, "pristine.sh")
        shutil.copy(os.path.join(path, "verify.sh"), pristine)
        for name in self.names(path):
            data = self.read(path, name)
            if not data:
                continue
            at = len(data) // 2
            self.write(path, name, data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
            status, said = self.check(path, pristine)
            self.assertEqual(status, 1, f"{name}: {said}")
            self.assertIn(name, said)
            self.write(path, name, data)
        self.good(path)

    def remade(self, path):
        """The manifest made anew, as who changes a file would."""
        names = [n for n in self.names(path) if not n.startswith("manifest")]
        sums = subprocess.run(["sha256sum"] + names, cwd=path, check=True,
                              stdout=subprocess.PIPE).stdout
        self.write(path, "manifest", sums)
        self.write(path, "manifest.sha256", subprocess.run(
            ["sha256sum", "manifest"], cwd=path, check=True, stdout=subprocess.PIPE).stdout)

    def test_added_and_missing_files_are_named(self):
        self.record()
        path = self.export("--all")
        self.write(path, "entries/new\x1b[31m.row", b"x")
        status, said = self.check(path)
        self.assertEqual(status, 1)
        self.assertIn("entries/new?[31m.row", said)
        os.remove(os.path.join(path, "entries/new\x1b[31m.row"))
        os.symlink("/etc/passwd", os.path.join(path, "link"))
        self.assertIn("link", self.check(path)[1])
        os.remove(os.path.join(path, "link"))
        os.remove(os.path.join(path, "entries/3.row"))
        status, said = self.check(path)
        self.assertEqual(status, 1)
        self.assertIn("entries/3.row", said)

    def test_what_a_new_manifest_hides_is_named(self):
        """With the manifest made anew the chain and the signatures still tell."""
        self.record()
        path = self.export("--all")
        signed = [line.split() for line in
                  self.read(path, "signed/list").decode().splitlines()]
        first, second = signed[0][0], signed[1][0]

        def swap(old, new):
            return lambda data: data.replace(old, new, 1)

        row = f"entries/{first}.row"
        cases = [
            (row, swap(b"office-staff-1", b"office-staff-2"), row),
            (f"signed/{first}.txt", swap(b"approve-result", b"approve-resulT"), first),
            ("signed/list", swap(signed[0][1].encode(), b"office-staff-2"), "signed/list"),
            ("signed/list", swap(signed[0][2].encode(), b"20200101000000"), "signed/list"),
            ("signed/list", swap(signed[0][3].encode(), signed[1][3].encode()), first),
            ("signed/list", lambda data: b"\n".join(data.split(b"\n")[1:]), first),
            ("allowed_signers", lambda data: b"", f"signed/{first}.sig"),
            (f"signed/{first}.sig", lambda data: self.read(path, f"signed/{second}.sig"), first),
            (f"signed/{first}.fields", swap(b"SECRET", b"PUBLIC"), f"signed/{first}.fields"),
            ("chain", lambda data: b"\n".join(data.split(b"\n")[:3] + data.split(b"\n")[4:]),
             "chain"),
        ]
        for name, change, named in cases:
            data = self.read(path, name)
            self.write(path, name, change(data))
            self.assertNotEqual(self.read(path, name), data, name)
            manifest = self.read(path, "manifest"), self.read(path, "manifest.sha256")
            self.remade(path)
            status, said = self.check(path)
            self.assertEqual(status, 1, f"{name}: {said}")
            self.assertIn(named, said, name)
            self.write(path, name, data)
            self.write(path, "manifest", manifest[0])
            self.write(path, "manifest.sha256", manifest[1])
        self.good(path)

    def test_a_key_signs_nothing_after_its_revocation(self):
        self.record()
        path = self.export("--all")
        signed = self.read(path, "allowed_signers").decode().splitlines()
        line = next(line for line in signed if line.startswith("office-staff-1 "))
        self.assertIn('valid-before="20261123020000"', line)
        self.write(path, "allowed_signers", "\n".join(
            line.replace("20261123020000", "20261123005959") for line in signed).encode() + b"\n")
        self.remade(path)
        status, said = self.check(path)
        self.assertEqual(status, 1)
        self.assertIn("by office-staff-1", said)


if __name__ == "__main__":
    assert DONE == 0
    desk.main()
