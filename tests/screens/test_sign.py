# SPDX-License-Identifier: MIT
"""The dialog that signs, on a real desk with a real key: what it shows is what is signed, and who
does not sign has recorded nothing."""

import hashlib
import os
import re
import shutil
import socket
import sys
import unittest

from signing import CASE, PASSPHRASE, SignCase

SKIPPED = 77  # what meson counts as skipped


class Sign(SignCase):
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
        terminal.expect("(not shown): typed")
        # There is one key: no other is offered, and asking for one costs no passphrase.
        self.assertNotIn("other key", terminal.screen())
        terminal.key("Tab")
        terminal.expect("no other key of yours")
        terminal.expect("(not shown): typed")
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
