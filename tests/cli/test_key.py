# SPDX-License-Identifier: MIT
"""Keys and signatures on the command line: with an SSH agent, with a key of toban, and with
an agent that is none."""

import base64
import os
import pty
import select
import socket
import stat
import struct
import subprocess
import threading
import time
import unittest

import desk
from desk import DENIED, DONE, FAILED, INVALID, MISSING, USAGE

CANARY = "Kanarienvogel 4711 im Bergwerk"


class FakeAgent:
    """Answers each connection with the same bytes, or not at all."""

    def __init__(self, path, answer, hold=False):
        self.answer, self.hold = answer, hold
        self.kept = []
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        self.server.listen(8)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            try:
                if self.answer is not None:
                    client.recv(4096)
                    client.sendall(self.answer)
            except OSError:
                pass
            if self.hold:
                self.kept.append(client)
            else:
                client.close()

    def stop(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join()
        for client in self.kept:
            client.close()


class Keys(desk.DeskCase):
    def setUp(self):
        super().setUp()
        self.file = os.path.join(self.folder, ".local/share/toban/key")

    # --- helpers ---------------------------------------------------------------------------

    def agent(self, *kinds, of="me"):
        """A real ssh-agent with a new key of each kind; the fingerprint of the last."""
        path = os.path.join(self.folder, "agent-" + of)
        child = subprocess.Popen(["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL)
        self.addCleanup(child.wait)
        self.addCleanup(child.terminate)
        desk.wait_for("the agent", lambda: os.path.exists(path))
        self.env["SSH_AUTH_SOCK"] = path
        for kind in kinds:
            key = os.path.join(self.folder, f"{of}-{kind}")
            subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "me@desk", "-f", key],
                           check=True)
            subprocess.run(["ssh-add", "-q", key], check=True, stderr=subprocess.DEVNULL,
                           env={**os.environ, "SSH_AUTH_SOCK": path})
        shown = subprocess.run(["ssh-keygen", "-lf", key + ".pub"], check=True, text=True,
                               stdout=subprocess.PIPE).stdout
        return child, shown.split()[1]

    def with_passphrase(self, who, passphrase, *args):
        """Runs with the passphrase at a descriptor, as a script gives it."""
        read, write = os.pipe()
        os.write(write, passphrase.encode() + b"\n")
        os.close(write)
        try:
            return self.run_toban("--json", "--passphrase-fd", str(read), *args, who=who,
                                  pass_fds=[read])
        finally:
            os.close(read)

    def rows(self, who="auditor-1"):
        return {row["fingerprint"]: row for row in self.ok(who, "key", "list")["keys"]}

    # --- with an agent ------------------------------------------------------------------------

    def test_agent__proposes_approves_and_signs(self):
        _, mine = self.agent("rsa", "ed25519")
        of_head = self.env["SSH_AUTH_SOCK"]
        shown = self.ok("office-head", "key", "show")
        self.assertEqual([(key["fingerprint"], key["where"]) for key in shown["here"]],
                         [(mine, "agent")], "of other kinds than Ed25519 nothing is offered")
        self.refuse(DENIED, "office-head", "key", "propose", code="D320")
        self.assertEqual(self.rows(), {})
        self.ok("office-head", "--sign", "key", "propose")
        self.assertTrue(self.ok("admin", "key", "approve", mine[7:15])["first"])
        _, other = self.agent("ed25519", of="dc-owner")
        self.ok("dc-owner", "--sign", "key", "propose")
        self.env["SSH_AUTH_SOCK"] = of_head
        self.assertEqual(self.ok("office-head", "--sign", "key", "approve", other)["signed_with"], mine)
        self.assertEqual(self.rows()[other]["approved_key"], mine)
        self.assertIn(f"(signed with {mine})", self.run_toban("key", "list", who="auditor-1").out)
        self.ok("dc-owner", "key", "revoke", other, "--why", "lost")
        self.assertEqual(self.rows()[other]["state"], "revoked")
        self.assertTrue(self.ok("auditor-1", "verify", "--rebuild")["ok"])

    def test_agent__gone__said_and_nothing_is_recorded(self):
        child, _ = self.agent("ed25519")
        child.kill()
        child.wait()
        error = self.refuse(MISSING, "office-head", "--sign", "key", "propose", code="D325")
        self.assertIn("SSH_AUTH_SOCK", error["what_to_do"])
        self.assertEqual(self.rows(), {})

    def test_agent__dead_garbage_huge_and_silent__said_and_nothing_recorded(self):
        identity = struct.pack(">IBI", 5, 12, 0xffffffff)
        wrong = [b"", b"\0\0\0\1", b"\0\0\0\0", b"\xff\xff\xff\xff" + b"x" * 65536, identity,
                 struct.pack(">IB", 1, 5), b"HTTP/1.1 400 Bad Request\r\n\r\n"]
        for i, answer in enumerate(wrong):
            path = os.path.join(self.folder, f"fake{i}")
            fake = FakeAgent(path, answer)
            self.env["SSH_AUTH_SOCK"] = path
            shown = self.ok("office-head", "key", "show")
            fake.stop()
            self.assertEqual(shown["here"], [], answer[:20])
            self.assertIn("agent", shown["agent"].lower(), answer[:20])
        # One that takes the question and never answers does not hold the desk up.
        path = os.path.join(self.folder, "silent")
        fake = FakeAgent(path, None, hold=True)
        self.env["SSH_AUTH_SOCK"] = path
        began = time.monotonic()
        self.refuse(MISSING, "office-head", "--sign", "key", "propose")
        self.assertLess(time.monotonic() - began, 40)
        fake.stop()
        self.assertEqual(self.rows(), {})

    def test_agent__signs_something_else__caught_before_it_is_sent(self):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                        os.path.join(self.folder, "k")], check=True)
        with open(os.path.join(self.folder, "k.pub"), encoding="utf-8") as file:
            blob = base64.b64decode(file.read().split()[1])

        def string(data):
            return struct.pack(">I", len(data)) + data

        class Liar(FakeAgent):
            def run(self):
                while True:
                    try:
                        client, _ = self.server.accept()
                    except OSError:
                        return
                    kind = client.recv(4096)[4]
                    if kind == 11:
                        body = b"\x0c" + struct.pack(">I", 1) + string(blob) + string(b"liar\x1b[2J")
                    else:
                        body = b"\x0e" + string(string(b"ssh-ed25519") + string(b"\x01" * 64))
                    client.sendall(string(body))
                    client.close()

        path = os.path.join(self.folder, "liar")
        fake = Liar(path, None)
        self.env["SSH_AUTH_SOCK"] = path
        error = self.refuse(DENIED, "office-head", "--sign", "key", "propose", code="D320")
        self.assertIn("agent", error["text"])
        self.assertEqual(self.ok("office-head", "key", "show")["here"][0]["comment"], "",
                         "a comment that commands a terminal is left out")
        fake.stop()
        self.assertEqual(self.rows(), {})

    # --- a key of toban -----------------------------------------------------------------------

    def test_own__weak_or_missing_passphrase__no_key(self):
        for passphrase in ("short", "aaaaaaaaaaaaaaaa", ""):
            self.assertEqual(self.with_passphrase("dc-owner", passphrase, "key", "new").status, INVALID)
        self.refuse(DENIED, "dc-owner", "--no-input", "key", "new", code="D320")
        self.refuse(USAGE, "dc-owner", "--passphrase-fd", "x", "key", "new")
        self.assertFalse(os.path.exists(self.file))
        self.assertEqual(self.rows(), {})

    def test_own__wrong_passphrase__said_and_nothing_recorded(self):
        made = self.with_passphrase("office-head", CANARY, "key", "new")
        self.assertEqual(made.status, DONE, made)
        self.ok("admin", "key", "approve", made.document()["fingerprint"])
        _, other = self.agent("ed25519")
        self.ok("dc-owner", "--sign", "key", "propose", other)
        del self.env["SSH_AUTH_SOCK"]
        wrong = self.with_passphrase("office-head", CANARY + "x", "--sign", "key", "approve", other)
        self.assertEqual(wrong.status, DENIED, wrong)
        self.assertIn("passphrase", wrong.error()["text"])
        self.assertEqual(self.rows()[other]["state"], "proposed")
        right = self.with_passphrase("office-head", CANARY, "--sign", "key", "approve", other)
        self.assertEqual(right.status, DONE, right)
        self.assertEqual(self.rows()[other]["state"], "approved")
        self.check_file()

    def check_file(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)
        self.assertEqual(os.listdir(os.path.dirname(self.file)), ["key"])
        with open(self.file, "rb") as file:
            before = file.read()
        again = self.with_passphrase("office-head", CANARY, "key", "new")
        self.assertEqual(again.status, FAILED, again)
        with open(self.file, "rb") as file:
            self.assertEqual(file.read(), before, "a key is never overwritten")
        # What others may read is not used, nor a link.
        os.chmod(self.file, 0o640)
        self.assertEqual(self.ok("office-head", "key", "show")["here"], [])
        os.chmod(self.file, 0o600)
        self.assertEqual(len(self.ok("office-head", "key", "show")["here"]), 1)
        os.rename(self.file, self.file + ".real")
        os.symlink("key.real", self.file)
        self.assertEqual(self.ok("office-head", "key", "show")["here"], [])

    def check_no_file_has_it(self):
        places = 0
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                if stat.S_ISREG(os.lstat(path).st_mode):
                    with open(path, "rb") as file:
                        self.assertNotIn(CANARY.encode(), file.read(), path)
                    places += 1
        self.assertGreater(places, 1, "the desk and the key were looked at")

    def test_F38_passphrase__typed_is_nowhere_but_where_it_belongs(self):
        """Not on the terminal, in no file, no argument, no environment."""
        env = self.environment()
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execve(desk.PROGRAM, [desk.PROGRAM, "--as", "dc-owner", "key", "new"], env)
        seen = b""
        looked = False
        asked = 0
        end = time.monotonic() + 60
        while time.monotonic() < end:
            ready, _, _ = select.select([terminal], [], [], 0.2)
            if ready:
                try:
                    piece = os.read(terminal, 4096)
                except OSError:
                    break
                if not piece:
                    break
                seen += piece
            if seen.count(b": ") > asked and asked < 2:
                asked = seen.count(b": ")
                os.write(terminal, CANARY.encode() + b"\n")
                for name in ("cmdline", "environ"):
                    with open(f"/proc/{pid}/{name}", "rb") as file:
                        self.assertNotIn(CANARY.encode(), file.read())
                looked = True
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0, seen)
        self.assertTrue(looked)
        self.assertNotIn(CANARY.encode(), seen)
        self.assertEqual(len(self.rows()), 1)
        self.check_no_file_has_it()


if __name__ == "__main__":
    unittest.main()
