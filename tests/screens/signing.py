# SPDX-License-Identifier: MIT
"""What tests of the dialog that signs share: a real desk on which a decision waits for this account."""

import getpass
import os
import re
import subprocess

import desk
from paths import PathCase

PASSPHRASE = "Kanarienvogel 4711 im Bergwerk"
CASE = "26-0001"


class SignCase(PathCase):
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

    def signatures(self):
        return self.ok(None, "show", CASE)["signatures"]
