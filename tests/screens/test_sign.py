# SPDX-License-Identifier: MIT
"""The dialog that signs, on a real desk with a real key: what it shows is what is signed, and who
does not sign has recorded nothing."""

import getpass
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import unittest

import desk
from paths import PathCase

SKIPPED = 77  # what meson counts as skipped
PASSPHRASE = "Kanarienvogel 4711 im Bergwerk"
CASE = "26-0001"


class Sign(PathCase):
    def make(self):
        """A desk in which this account's person approves a result with a key of toban's own."""
        self.maker = subprocess.Popen(
            [os.environ["TOBAN_MAKE_WAITING"], self.path, getpass.getuser()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.maker.wait)
        self.addCleanup(self.maker.kill)
        self.assertEqual(self.maker.stdout.readline(), "made\n")
        self.now = ""
        read, write = os.pipe()
        os.write(write, PASSPHRASE.encode() + b"\n")
        os.close(write)
        made = self.run_toban("--passphrase-fd", str(read), "key", "new", pass_fds=[read])
        os.close(read)
        self.assertEqual(made.status, desk.DONE, made)
        key = [row["fingerprint"] for row in self.ok(None, "key", "list")["keys"]
               if row["state"] == "proposed"]
        self.maker.communicate(key[0] + "\n", timeout=50)
        self.assertEqual(self.maker.returncode, 0)

    def environment(self):
        env = super().environment()
        env.pop("TOBAN_NOW", None)  # a real desk has the machine's time
        return env

    def confirmed(self, name="a"):
        """A terminal of that name in which the decision is made and not signed yet."""
        terminal = self.open(None, "en", name)
        terminal.key("Enter")
        terminal.expect("Approve the result")
        self.choose(terminal, "Approve the result")
        terminal.expect("Read what changed")
        terminal.key("a")
        terminal.expect("To confirm, type")
        terminal.type(CASE)
        terminal.key("Enter")
        return terminal

    def ask(self, name="a"):
        """Up to the dialog, in a terminal of that name; the short hash that it shows."""
        terminal = self.confirmed(name)
        seen = terminal.expect("Passphrase (not shown)")
        return terminal, re.search(r"Short hash +((?:[0-9a-f]{4} ?){4})", seen).group(1).strip()

    def test_agent_that_hangs__said_and_given_up_and_no_key_shown(self):
        with socket.socket(socket.AF_UNIX) as agent:
            agent.bind(os.path.join(self.folder, "agent"))
            agent.listen(8)  # takes everybody on and answers nobody
            self.env["SSH_AUTH_SOCK"] = os.path.join(self.folder, "agent")
            terminal = self.confirmed()
            terminal.expect("Waiting for the agent...")
            terminal.expect("Esc: stop waiting")
            # Whoever knows what comes next may be typing the passphrase already.
            terminal.type("canary")
            seen = terminal.expect("Typed: (kept, not shown)")
            self.assertIn("Esc: stop waiting", seen)
            self.assertNotIn("canary", seen)
            terminal.key("Escape")
            seen = terminal.expect("Passphrase (not shown): typed")
            self.assertNotIn("canary", seen)
            self.assertEqual(self.signatures(), [])
            terminal.key("Escape")
            terminal.gone("Passphrase (not shown)")

    def signatures(self):
        return self.ok(None, "show", CASE)["signatures"]

    def test_dialog__shows_what_is_signed(self):
        terminal, short = self.ask()
        binds = re.search(r"sha256 ([0-9a-f]{4} [0-9a-f]{4})", terminal.screen()).group(1)
        for wrong in ("", "wrong passphrase", PASSPHRASE[:-1]):
            terminal.type(wrong)
            terminal.expect("typed" if wrong else "Passphrase (not shown)")
            self.assertNotIn(wrong or PASSPHRASE, terminal.screen())
            terminal.key("Enter")
            if wrong:
                terminal.expect("The passphrase is wrong.")
            self.assertEqual(self.signatures(), [])
        terminal.type(PASSPHRASE)
        terminal.expect("typed")
        self.assertNotIn("Kanarienvogel", terminal.screen())
        terminal.key("Enter")
        terminal.expect("is recorded")
        signature = self.signatures()[0]
        entry = [row for row in self.ok(None, "show", CASE)["log"] if row["seq"] == signature["seq"]][0]
        text = entry["body"]["signed"]["text"]
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.assertEqual(digest[:16], short.replace(" ", ""))
        self.assertTrue(entry["body"]["hash"].startswith(binds.replace(" ", "")))
        self.assertIn(f"result 64:{entry['body']['hash']}\n", text)
        self.assertTrue(signature["holds"])
        self.assertTrue(self.ok(None, "verify")["ok"])

    def test_dialog__left__records_nothing_and_may_be_asked_again(self):
        terminal, first = self.ask()
        terminal.type("half a passphrase")
        terminal.expect("typed")
        terminal.key("Escape")
        terminal.gone("Passphrase (not shown)")
        self.assertEqual(self.signatures(), [])
        self.assertEqual(self.ok(None, "show", CASE)["state"], "result-reported")
        terminal.close()
        terminal, second = self.ask("again")  # the server of the first may not be gone yet
        self.assertNotEqual(first, second)  # another entry, another time
        terminal.type(PASSPHRASE)
        terminal.key("Enter")
        terminal.expect("is recorded")
        self.assertEqual(len(self.signatures()), 1)


if __name__ == "__main__":
    if not shutil.which("tmux"):
        print("skipped: tmux is not installed; scripts/deps installs it")
        sys.exit(SKIPPED)
    unittest.main()
