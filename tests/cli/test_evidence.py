#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Attached files: put in, listed, handed out, measured; nothing half, nothing of others."""

import hashlib
import json
import os
import resource
import signal
import subprocess
import time
import unittest

from desk import (DENIED, DONE, FAILED, INVALID, MISSING, PROGRAM, USAGE, DeskCase, main)

MIB = 1024 * 1024
LARGE = 64 * MIB
FORBIDDEN = ("\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u200b")


class Evidence(DeskCase):
    def setUp(self):
        super().setUp()
        self.case = self.report("security-breach")

    def file(self, name, content=b"abc"):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as stream:
            stream.write(content)
        return path

    def attach(self, path, who="dc-operator-1"):
        """The number of the entry."""
        return self.ok(who, "act", self.case, "evidence", "--set", "file=" + path)["seq"]

    def files(self, who="auditor-1"):
        return self.ok(who, "evidence", "list", self.case)["files"]

    def kinds(self, seq):
        return [entry["kind"] for entry in
                self.ok("auditor-1", "evidence", "custody", self.case, str(seq))["files"][0]["custody"]]

    def kept(self, content=b"abc"):
        sha = hashlib.sha256(content).hexdigest()
        return os.path.join(self.path + ".evidence", sha[:2], sha)

    def stored(self):
        """All files in the folder of evidence, those on their way in too."""
        return [os.path.join(folder, name)
                for folder, _, names in os.walk(self.path + ".evidence") for name in names]

    # --- taking in -------------------------------------------------------------------

    def test_attach__by_path__is_opened_by_whoever_runs_the_command(self):
        seq = self.attach(self.file("log.txt"))
        row = self.files()[0]
        self.assertEqual((row["seq"], row["name"], row["size"], row["by"]),
                         (seq, "log.txt", 3, "dc-operator-1"))
        self.assertEqual(row["sha256"], hashlib.sha256(b"abc").hexdigest())
        self.assertEqual(os.stat(self.kept()).st_mode & 0o777, 0o400)
        self.assertEqual(os.stat(self.path + ".evidence").st_mode & 0o777, 0o700)

    def test_attach__no_ordinary_file__is_refused_by_field(self):
        os.mkfifo(os.path.join(self.folder, "fifo"))
        for path in ("none", "fifo", self.folder):
            error = self.refuse(INVALID, "dc-operator-1", "act", self.case, "evidence", "--set",
                                "file=" + path, code="D107")
            self.assertEqual(error["fields"][0]["field"], "file")
        self.assertEqual(self.files(), [])

    def test_attach__hash_of_a_file_of_others__is_refused(self):
        """Whoever knows a hash would otherwise read the file of another case by it."""
        self.attach(self.file("secret"))
        sha = hashlib.sha256(b"abc").hexdigest()
        named = json.dumps({"file": {"name": "x", "size": 3, "sha256": sha}})
        for who in ("dc-owner", "dc-operator-1"):
            self.refuse(INVALID, who, "act", self.case, "evidence", "--from", "-", text=named,
                        code="D370")

    def test_attach__a_name_that_commands__is_shown_by_marks(self):
        """F34: one that may be entered as it is, and one that may not."""
        self.attach(self.file("a\u202eb"))
        self.attach(self.file("a\x1b]0;x\x07\nb"))
        named = [("evidence", "list"), ("evidence", "custody", self.case), ("evidence", "check"),
                 ("print", self.case)]
        for args in named + [("show", self.case), ("log", self.case), ("--json", "evidence", "list")]:
            done = self.run_toban(*args, who="auditor-1")
            self.assertEqual(done.status, DONE, done)
            for mark in ("<U+001B>", "<U+202E>") if args in named else ():
                self.assertIn(mark, done.out)
            for char in FORBIDDEN:
                self.assertNotIn(char, done.out + done.err)

    def test_attach__name_is_no_utf8__is_taken_under_a_name_that_is(self):
        path = os.path.join(os.fsencode(self.folder), b"a\xff.txt")
        with open(path, "wb") as stream:
            stream.write(b"abc")
        done = subprocess.run(
            [PROGRAM, "--as", "dc-operator-1", "act", self.case, "evidence", "--set", b"file=" + path],
            env=self.environment(), check=False,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        # JSON carries no such path: it is refused, not cut.  By a descriptor it can be put in.
        self.assertIn(done.returncode, (DONE, INVALID, USAGE), done)
        self.assertTrue(self.ok(None, "verify")["ok"])

    # --- faults on the way in ----------------------------------------------------------

    def put_large(self, size):
        """Begins to attach a file of that size; the process, when the copy has begun."""
        path = self.file("large", os.urandom(MIB) * (size // MIB))
        process = subprocess.Popen(
            [PROGRAM, "--as", "dc-operator-1", "act", self.case, "evidence", "--set", "file=" + path],
            env=self.environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 40
        while not any("/.intake-" in name and os.path.getsize(name) for name in self.stored()):
            self.assertIsNone(process.poll(), "it was too fast to be stopped")
            self.assertLess(time.monotonic(), deadline)
        return path, process

    def test_f05__killed_while_copying__nothing_half_is_named(self):
        path, process = self.put_large(LARGE)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.assertEqual(self.files(), [])
        self.assertTrue(self.ok(None, "verify", "--rebuild")["ok"])
        self.attach(path)
        self.assertEqual([row["size"] for row in self.files()], [LARGE])
        self.assertTrue(self.ok("auditor-1", "evidence", "check")["ok"])

    def test_f04__no_room_for_the_copy__leaves_nothing(self):
        """A limit on the size of files stands for a full disk, also where nothing may be mounted."""
        if self.service:
            self.skipTest("the limit would be that of the command, not of the service")
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MIB, 2 * MIB))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        path = self.file("large", bytes(3 * MIB))
        done = self.run_toban("--json", "act", self.case, "evidence", "--set", "file=" + path,
                              who="dc-operator-1", preexec_fn=limit, restore_signals=False)
        self.assertEqual(done.status, FAILED, done)
        self.assertEqual(done.error()["code"], "D377", done)
        self.assertEqual(self.stored(), [])
        self.assertEqual(self.files(), [])
        self.attach(path)

    def test_large__memory_is_that_of_a_small_one(self):
        def peak(path):
            process = subprocess.Popen(
                [PROGRAM, "--as", "dc-operator-1", "act", self.case, "evidence", "--set",
                 "file=" + path],
                env=self.environment(),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = status
            self.assertEqual(status, 0)
            return usage.ru_maxrss * 1024
        small = peak(self.file("small"))
        path = os.path.join(self.folder, "sparse")
        with open(path, "wb") as stream:
            stream.truncate(LARGE)
        self.assertLess(peak(path) - small, 16 * MIB)

    # --- handing out ---------------------------------------------------------------------

    def test_get__is_what_was_attached_and_overwrites_nothing(self):
        content = os.urandom(100000)
        seq = str(self.attach(self.file("../" + os.path.basename(self.folder) + "/dump", content)))
        out = os.path.join(self.folder, "copy")
        self.ok("dc-owner", "evidence", "get", self.case, seq, "--out", out)
        with open(out, "rb") as stream:
            self.assertEqual(stream.read(), content)
        self.assertEqual(os.stat(out).st_mode & 0o777, 0o600)
        self.refuse(FAILED, "dc-owner", "evidence", "get", self.case, seq, "--out", out, code="D422")
        trap = os.path.join(self.folder, "trap")
        os.symlink(os.path.join(self.folder, "elsewhere"), trap)
        self.refuse(FAILED, "dc-owner", "evidence", "get", self.case, seq, "--out", trap, code="D422")
        self.assertFalse(os.path.exists(os.path.join(self.folder, "elsewhere")))
        with open(out, "wb") as stream:
            stream.write(b"old")
        self.ok("dc-owner", "evidence", "get", self.case, seq, "--out", out, "--force")
        with open(out, "rb") as stream:
            self.assertEqual(stream.read(), content)
        self.refuse(USAGE, "dc-owner", "evidence", "get", self.case, seq)
        self.refuse(MISSING, "dc-owner", "evidence", "custody", self.case, "1")

    def test_get__to_standard_output__is_the_bytes_alone(self):
        seq = str(self.attach(self.file("text", b"one\ntwo")))
        done = self.run_toban("evidence", "get", self.case, seq, "--out", "-", who="dc-owner")
        self.assertEqual((done.status, done.out, done.err), (DONE, "one\ntwo", ""))

    def test_get__records_who_had_it(self):
        seq = self.attach(self.file("text"))
        self.run_toban("evidence", "get", self.case, str(seq), "--out", "-", who="dc-owner")
        self.ok("auditor-1", "evidence", "get", self.case, str(seq), "--out", self.folder + "/c")
        self.ok("office-head", "evidence", "check", self.case, str(seq))
        self.assertEqual(self.kinds(seq),
                         ["evidence-opened", "evidence-exported", "evidence-measured"])
        log = self.ok("auditor-1", "log", self.case)["log"]
        self.assertEqual([row["actor"] for row in log[-3:]], ["dc-owner", "auditor-1", "office-head"])
        self.assertNotIn("name", log[-1]["body"])
        if self.service:
            return  # who opens a desk for reading only opens its file
        # Read-only: what cannot be recorded is not handed out.
        done = self.run_toban("--read-only", "--json", "evidence", "get", self.case, str(seq),
                              "--out", self.folder + "/d", who="dc-owner")
        self.assertEqual((done.status, done.error()["code"]), (DENIED, "D310"))
        self.assertFalse(os.path.exists(self.folder + "/d"))

    def test_get__damaged__hands_out_nothing_and_says_so(self):
        seq = str(self.attach(self.file("text")))
        os.chmod(self.kept(), 0o600)
        with open(self.kept(), "wb") as stream:
            stream.write(b"abd")
        out = os.path.join(self.folder, "copy")
        self.refuse(FAILED, "dc-owner", "evidence", "get", self.case, seq, "--out", out, code="D372")
        self.assertFalse(os.path.exists(out))
        done = self.run_toban("--json", "evidence", "check", who="auditor-1")
        self.assertEqual(done.status, FAILED)
        self.assertEqual([row["state"] for row in done.document()["checked"]], ["damaged"])
        self.assertEqual(self.kinds(seq), ["evidence-damaged"])
        self.assertEqual([p["kind"] for p in self.run_toban("--json", "verify").document()["problems"]],
                         ["evidence"])

    # --- who sees ------------------------------------------------------------------------

    def test_hidden_case__tells_nothing_of_its_files(self):
        seq = str(self.attach(self.file("secret.txt", b"secret")))
        sha = self.files()[0]["sha256"]
        self.act("office-head", self.case, "involve", person="dc-deputy-2", why="x")
        for args in (("list", self.case), ("custody", self.case), ("check", self.case),
                     ("get", self.case, seq, "--out", self.folder + "/x")):
            error = self.refuse(MISSING, "dc-deputy-2", "evidence", *args, code="D304")
            self.assertNotIn("secret", json.dumps(error))
        done = [self.run_toban(*args, who="dc-deputy-2") for args in
                (("evidence", "list"), ("evidence", "check"), ("--json", "evidence", "list"),
                 ("export", "--all"))]
        for one in done:
            self.assertEqual(one.status, DONE, one)
            self.assertNotIn("secret.txt", one.out)
            self.assertNotIn(sha, one.out)
        self.assertEqual(done[2].document(), {"files": [], "trial": True})


if __name__ == "__main__":
    main()
