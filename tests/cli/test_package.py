#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A package is checked by verify.sh with sha256sum and ssh-keygen alone: it passes as it was made,
and whatever was changed, added or taken away is named."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile

import desk
from desk import (DENIED, DONE, FAILED, INVALID, MISSING, USAGE, DeskCase, Service, wait_for)

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
        shutil.copy(os.path.join(self.folder, "key-office-head"), kept)
        Package.made.update(path=os.path.join(kept, "desk.db"), case=self.case, now=self.now)

    def own_record(self):
        """The same for a test that goes on with it."""
        self.record()
        self.path = shutil.copy(self.path, os.path.join(self.folder, "own.db"))

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
        self.assertRegex(self.read(path, "chain"), rb"\n\d+ 0 [0-9a-f]{64} - [0-9a-f]{64} withheld\n")
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

    def test_the_last_byte_and_one_more_are_named(self):
        """Also where what reads the file leaves them out: the end of a signature, of a line."""
        self.record()
        path = self.export("--all")
        pristine = os.path.join(self.folder, "pristine.sh")
        shutil.copy(os.path.join(path, "verify.sh"), pristine)
        for name in self.names(path):
            if "/" in name and not name.startswith("signed/"):
                continue
            data = self.read(path, name)
            for other in (data[:-1] + bytes([data[-1] ^ 1]), data + b"\n"):
                self.write(path, name, other)
                status, said = self.check(path, pristine)
                self.assertEqual(status, 1, f"{name}: {said}")
                self.assertIn(name, said)
            self.write(path, name, data)
        self.good(path)

    def remade(self, path):
        """The manifest made anew, as who changes a file would."""
        names = [n for n in self.names(path) if not n.startswith(("manifest", "seal"))]
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

    def test_no_other_folder_is_checked_and_none_is_added(self):
        self.record()
        path = self.export("--all")
        other = os.path.join(self.folder, "elsewhere", "package")
        shutil.copytree(path, other)
        self.write(path, "about", self.read(path, "about") + b"x")
        os.mkdir(os.path.join(self.folder, "-"))
        for name, more, named in (("package", {"CDPATH": os.path.dirname(other)}, b"about"),
                                  ("-", {"OLDPWD": other}, b"manifest is missing")):
            done = subprocess.run(["dash", os.path.join(other, "verify.sh"), name], cwd=self.folder,
                                  env={"PATH": PATH, **more}, check=False,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(named, done.stdout)
        for name in ("more", "signed/more"):
            os.mkdir(os.path.join(other, name))
            status, said = self.check(other)
            self.assertEqual(status, 1)
            self.assertIn(name + ": is a folder that no package has", said)
            os.rmdir(os.path.join(other, name))
        self.good(other)

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

    def test_the_last_line_of_the_list_counts_also_without_its_end(self):
        self.record()
        path = self.export("--all")
        signed = [line.split()[0] for line in self.read(path, "signed/list").decode().splitlines()]
        self.write(path, "signed/list", self.read(path, "signed/list").rstrip(b"\n"))
        self.write(path, f"signed/{signed[-1]}.sig", self.read(path, f"signed/{signed[0]}.sig"))
        self.remade(path)
        self.assertIn(f"signed/{signed[-1]}.sig: is no signature", self.check(path)[1])

    def sealed(self, path, name):
        """A line of the seal."""
        return next(line.split()[1] for line in self.read(path, "seal").decode().splitlines()
                    if line.split()[0] == name)

    def test_a_reason_of_several_lines_passes(self):
        """Its lines are no lines of the signed text, whatever they say."""
        self.own_record()
        shutil.copy(os.path.join(os.path.dirname(self.made["path"]), "key-office-head"), self.folder)
        self.key("dc-owner")
        prints = self.ok("admin", "call", "key.list", '{"person": "dc-owner"}')
        self.signed("office-head", "key.revoke", {
            "fingerprint": prints["keys"][0]["fingerprint"], "sign": True,
            "why": 'lost "here"\\\n\tactor 5 admin\nactor 5 admin\n紛失'})
        self.assertIn("3 signatures", self.good(self.export("--all")))

    def test_the_seal_binds_what_a_new_manifest_would_hide(self):
        """Each file changed, cut or taken away together with the manifest."""
        self.record()
        path = self.export("--all")
        manifest = {n: self.read(path, n) for n in ("manifest", "manifest.sha256")}
        for name in self.names(path):
            if name in ("manifest", "manifest.sha256", "verify.sh"):
                continue
            data = self.read(path, name)
            for changed in (data[:-1] + b"x", data[:len(data) // 2], None):
                if changed == data:
                    continue
                if changed is None:
                    os.remove(os.path.join(path, name))
                else:
                    self.write(path, name, changed)
                self.remade(path)
                status, said = self.check(path)
                self.assertEqual(status, 1, f"{name} {changed}: {said}")
                self.write(path, name, data)
                for kept, text in manifest.items():
                    self.write(path, kept, text)
        self.good(path)

    def test_a_package_without_its_seal_is_none(self):
        self.record()
        path = self.export("--all")
        about = self.read(path, "about")
        for name in ("seal", "seal.sig"):
            os.rename(os.path.join(path, name), os.path.join(self.folder, name))
        self.write(path, "about", about.replace(b"made-by auditor-1", b"made-by office-head"))
        self.remade(path)
        status, said = self.check(path)
        self.assertEqual(status, 1)
        self.assertIn("seal, or seal.sig, is missing", said)
        # Whoever wants no seal says so, on both sides.
        path = self.export("--all", "--unsigned", name="unsigned")
        self.assertNotIn("seal", self.names(path))
        self.assertEqual(self.check(path)[0], 1)
        done = subprocess.run(["sh", os.path.join(path, "verify.sh"), "--unsigned"],
                              env={"PATH": PATH}, stdout=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn(b"not asked", done.stdout)

    def test_another_desk_key_is_told_by_its_fingerprint(self):
        """All of it made anew, the seal too, with a key of one's own."""
        self.record()
        path = self.export("--all")
        said = self.good(path)
        true = next(word for word in said.split() if word.startswith("SHA256:"))
        key = os.path.join(self.folder, "own")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key],
                       check=True)
        self.write(path, "ledger.jsonl", b"{}\n")
        self.write(path, "desk_signers",
                   b'desk namespaces="toban" ' + self.read(self.folder, "own.pub"))
        for name in self.names(path):
            if name.startswith("heads/"):
                os.remove(os.path.join(path, name))
        self.remade(path)
        seal = self.read(path, "seal").decode().replace(
            self.sealed(path, "manifest"),
            subprocess.run(["sha256sum", "manifest"], cwd=path, check=True,
                           stdout=subprocess.PIPE).stdout.decode().split()[0])
        self.write(path, "seal", seal.encode())
        os.remove(os.path.join(path, "seal.sig"))
        subprocess.run(["ssh-keygen", "-Y", "sign", "-q", "-f", key, "-n", "toban",
                        os.path.join(path, "seal")], check=True)
        status, said = self.check(path)
        self.assertEqual(status, 0, said)  # nothing in it can tell
        self.assertIn("compare it", said)
        done = subprocess.run(["sh", os.path.join(path, "verify.sh"), path, true],
                              env={"PATH": PATH}, stdout=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(true, done.stdout.decode())

    def test_the_desk_seals_no_other_entries(self):
        """Who exports may ask for a signature; what the desk knows is in it all the same."""
        self.record()
        path = self.export("--all")
        seq = int(self.sealed(path, "last"))
        given = {"manifest": "0" * 64, "last": seq - 1}
        text = self.ok("dc-operator-2", "call", "ledger.seal", json.dumps(given))["text"]
        self.assertIn("made-by dc-operator-2\n", text)
        self.assertNotIn(self.sealed(path, "last-hash"), text)
        self.assertIn(self.sealed(path, "signers"), text)
        self.refuse(MISSING, "dc-operator-2", "call", "ledger.seal",
                    json.dumps(dict(given, id="26-0002")), code="D304")
        self.refuse(INVALID, "auditor-1", "call", "ledger.seal",
                    json.dumps({"manifest": "0", "last": seq}), code="D102")
        self.refuse(INVALID, "auditor-1", "call", "ledger.seal",
                    json.dumps({"last": seq + 100}), code="D107")
        self.refuse(FAILED, "auditor-1", "--read-only", "export", "--all", "--format", "package",
                    os.path.join(self.folder, "no"), code="D450")

    def sealed_anew(self, path, who):
        """Manifest and seal made anew by who may export and has a folder of their own sealed."""
        self.remade(path)
        seal = {"manifest": subprocess.run(["sha256sum", "manifest"], cwd=path, check=True,
                                           stdout=subprocess.PIPE).stdout.decode().split()[0],
                "last": int(self.sealed(path, "last")), "mask": self.sealed(path, "masked") == "yes"}
        done = self.ok(who, "call", "ledger.seal", json.dumps(seal))
        self.write(path, "seal", done["text"].encode())
        self.write(path, "seal.sig", done["signature"].encode())

    def test_who_exports_seals_nothing_else_than_the_record_holds(self):
        """With a seal of the desk's: their own decision signed anew as another, bodies left out."""
        self.record()
        seq = next(line.split()[0] for line in self.read(
            self.export("--all"), "signed/list").decode().splitlines() if "office-head" in line)

        def signed_anew(path, old, new):
            text = self.read(path, f"signed/{seq}.txt")
            self.assertIn(old, text)
            name = os.path.join(path, f"signed/{seq}.txt")
            self.write(path, f"signed/{seq}.txt", text.replace(old, new))
            os.remove(os.path.join(path, f"signed/{seq}.sig"))
            subprocess.run(["ssh-keygen", "-Y", "sign", "-q", "-n", "toban", "-f",
                            os.path.join(os.path.dirname(self.path), "key-office-head"), name],
                           check=True)
            os.rename(name + ".sig", os.path.join(path, f"signed/{seq}.sig"))

        def another_state(path):
            signed_anew(path, b"state 8:approved", b"state 6:closed")

        def another_desk(path):
            desk_hash = self.sealed(path, "desk").encode()
            signed_anew(path, b"desk 64:" + desk_hash, b"desk 64:" + b"0" * 64)

        def said_to_be(what):
            def change(path):
                self.write(path, "chain", re.sub(rb"(\n3 .*) body\n", rb"\1 " + what + rb"\n",
                                                 self.read(path, "chain")))
                os.remove(os.path.join(path, "entries/3.body"))
            return change

        def no_fields(path):
            os.remove(os.path.join(path, f"signed/{seq}.fields"))

        def no_trial(path):
            self.write(path, "about", self.read(path, "about").replace(b"trial yes", b"trial no"))
        for change, named in ((lambda path: None, None), (another_state, f"signed/{seq}.txt"),
                              (another_desk, f"signed/{seq}.txt"), (no_fields, f"signed/{seq}.fields"),
                              (said_to_be(b"masked"), "masked no was sealed"),
                              (said_to_be(b"erased"), "entries/3.row: its body is gone"),
                              (no_trial, "another trial was sealed")):
            path = self.export("--all", who="office-head", name="own")
            change(path)
            self.sealed_anew(path, "office-head")
            status, said = self.check(path)
            self.assertEqual(status, 1 if named else 0, said)
            self.assertIn(named or "OK", said)
            shutil.rmtree(path)

    def test_names_that_hide_and_files_that_wait_are_named(self):
        self.record()
        path = self.export("--all")
        hidden = os.path.join(path, "about\n.")
        os.mkdir(hidden)
        self.write(path, "about\n./chain", b"x")
        status, said = self.check(path)
        self.assertEqual(status, 1)
        self.assertIn("a name that no package has", said)
        shutil.rmtree(hidden)
        for name in ("-rf", "entries/-n", "keys/3.row"):
            self.write(path, name, b"x")
            status, said = self.check(path)
            self.assertEqual(status, 1)
            self.assertIn(name, said)
            os.remove(os.path.join(path, name))
        for name in ("chain", "seal", "entries/3.row"):
            data = self.read(path, name)
            os.remove(os.path.join(path, name))
            os.mkfifo(os.path.join(path, name))
            status, said = self.check(path)
            self.assertEqual(status, 1)
            self.assertIn(name + ": is no file", said)
            os.remove(os.path.join(path, name))
            self.write(path, name, data)
        self.good(path)

    def test_what_the_chain_says_is_here_is_here(self):
        """Unsigned, so that the seal cannot tell: a body declared masked, a decision unlisted."""
        self.record()
        path = self.export("--all", "--unsigned")
        signed = self.read(path, "signed/list").decode().split()[0]

        def masked(data):
            lines = data.split(b"\n")
            lines[3] = lines[3].replace(b" body", b" masked")
            return b"\n".join(lines)
        for name, change, named in (
                ("chain", masked, "entries/3.body"),
                ("chain", lambda data: data.replace(b" body\n", b" body\r\n", 1), "chain"),
                ("signed/list", lambda data: b"\n".join(data.split(b"\n")[1:]), signed)):
            data = self.read(path, name)
            self.write(path, name, change(data))
            for gone in ([f"signed/{signed}.{end}" for end in ("txt", "sig", "fields")]
                         if name == "signed/list" else []):
                os.remove(os.path.join(path, gone))
            self.remade(path)
            done = subprocess.run(["sh", os.path.join(path, "verify.sh"), "--unsigned"],
                                  env={"PATH": PATH}, stdout=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 1, named)
            self.assertIn(named, done.stdout.decode())
            self.write(path, name, data)

    def test_ends_of_witnesses_are_in_it_and_hold(self):
        self.own_record()
        kept = os.path.join(self.folder, "kept.jsonl")
        service = Service(self.path, self.environment(), "--witness-file", kept)
        service.start()
        wait_for("an end", lambda: os.path.exists(kept) and os.path.getsize(kept))
        service.stop()
        path = self.export("--all", "--heads", kept)
        self.assertIn("heads/1.txt", self.names(path))
        self.assertIn("heads/2.txt", self.names(path))
        self.assertIn(" 2 kept ends", self.good(path))
        # One case: an end of the whole ledger stands elsewhere in it, and is signed.
        self.assertIn(" 1 kept ends", self.good(self.export(self.case, name="one")))
        # Another ledger than the witness was told: the row at that number differs.
        seq = self.read(path, "heads/1.txt").decode().split("seq ")[1].split()[0]
        chain = self.read(path, "chain")
        lines = chain.decode().splitlines()
        parts = lines[int(seq)].split()
        parts[4] = "0" * 64
        lines[int(seq)] = " ".join(parts)
        self.write(path, "chain", ("\n".join(lines) + "\n").encode())
        self.remade(path)
        status, said = self.check(path)
        self.assertEqual(status, 1)
        self.write(path, "chain", chain)

    def test_the_printed_report_shows_who_signed_with_which_key(self):
        self.own_record()
        rows = self.show(self.case)["signatures"]
        self.assertEqual([(row["by"], row["holds"]) for row in rows],
                         [("office-staff-1", True), ("office-head", True)])
        paper = self.run_toban("print", self.case, who="auditor-1").out
        for row in rows:
            digits = row["hash"][:16]
            self.assertIn(" ".join(digits[i:i + 4] for i in range(0, 16, 4)), paper)
            self.assertIn(row["key"], paper)
        self.assertEqual(paper.count("holds: of this entry"), 2)
        self.log_shows(rows)
        # What was entered changed in the file: the signature is of something else.
        base = sqlite3.connect(self.path, isolation_level=None)
        base.execute("DROP TRIGGER event_body_update")
        base.execute("UPDATE event_body SET body = replace(body, 'SECRET-WHY', 'OTHER-WHY')")
        base.close()
        self.assertEqual([row["holds"] for row in self.show(self.case)["signatures"]],
                         [False, True])
        paper = self.run_toban("print", self.case, who="auditor-1").out
        self.assertEqual(paper.count("DOES NOT HOLD"), 1)

    def log_shows(self, signatures):
        """In the log stand the receipt of each entry, and of signed ones the hash that was seen."""
        entries = {entry["seq"]: entry for entry in self.ok("auditor-1", "log", self.case)["log"]}
        lines = {int(line.split("/")[0]): line for line in
                 self.run_toban("log", self.case, who="auditor-1").out.splitlines() if "/" in line}
        self.assertEqual(set(entries), set(lines))
        for seq, entry in entries.items():
            self.assertTrue(lines[seq].strip().startswith(f"{seq}/{entry['row_hash'][:8]} "), lines[seq])
        self.assertEqual({seq: entry["signed_hash"] for seq, entry in entries.items()
                          if "signed_hash" in entry},
                         {row["seq"]: row["hash"] for row in signatures})
        for row in signatures:
            digits = row["hash"][:16]
            short = " ".join(digits[i:i + 4] for i in range(0, 16, 4))
            self.assertIn(f"(signed {short} with {row['key']})", lines[row["seq"]])

    def test_attached_files_are_in_it_and_in_their_custody(self):
        self.own_record()
        proof = os.path.join(self.folder, "proof.txt")
        with open(proof, "wb") as file:
            file.write(b"proof")
        self.act("dc-operator-1", self.case, "evidence", file=proof)
        for args in (["--all"], [self.case]):
            path = self.export(*args, "--evidence", name="files" + str(len(args[0])))
            self.good(path)
            names = [name for name in self.names(path) if name.startswith("evidence/")]
            self.assertEqual(len(names), 1)
            self.assertEqual(self.read(path, names[0]), b"proof")
            # Who took it is part of what was exported.
            self.assertIn(b"evidence-exported", self.read(path, "ledger.jsonl"))
        custody = self.show(self.case)["evidence"][0]["custody"]
        self.assertEqual([(row["kind"], row["by"]) for row in custody],
                         [("evidence-exported", "auditor-1")])
        self.refuse(USAGE, "auditor-1", "export", "--all", "--evidence", "--mask", "--format",
                    "package", os.path.join(self.folder, "no"))

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
