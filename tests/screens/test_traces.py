# SPDX-License-Identifier: MIT
"""What is left in memory of a PIN or a passphrase that was given, and of the texts of who sat at a
shared console.  Before each look that must find nothing there is one that finds something: a search
that cannot find would prove nothing.

Not a matter of these tests: memory of the kernel, of the terminal, and of processes that ended."""

import os
import shutil
import signal
import sys
import unittest

import traces
from console import ASKS, PIN, WRONG, ConsoleCase
from signing import PASSPHRASE, SignCase

SKIPPED = 77  # what meson counts as skipped
TITLE = "Kanarienvogel im Bergwerk"
WORDS = "金糸雀の巣箱が落ちた"
NEXT_PIN = "860253"


def process(terminal):
    return int(terminal.tmux("list-panes", "-F", "#{pane_pid}").strip())


def paste(terminal, text):
    """With the marks of a paste, where the program asked for them."""
    terminal.tmux("set-buffer", "--", text)
    terminal.tmux("paste-buffer", "-p", "-d")


class Looking:
    def look_at(self, terminal):
        self.desk = process(terminal)
        reason = traces.why_not(self.desk)
        if reason:
            self.skipTest(reason)

    def assert_locked(self, text):
        """It lies in locked memory and nowhere else."""
        found = traces.look(self.desk, text)
        self.assertEqual([locked for _, locked, _ in found], [True], found)

    def assert_nowhere(self, text, *processes):
        for pid in [self.desk, *processes]:
            self.assertEqual(traces.look(pid, text), [], f"{text!r} in {pid}")


class Pin(Looking, ConsoleCase):
    def begin(self):
        terminal = self.console()
        self.look_at(terminal)
        self.others = traces.family(self.service.child.pid)
        terminal.type("operator-1")
        terminal.expect("> ")
        terminal.key("Enter")
        terminal.expect("PIN (not shown):")
        return terminal

    def test_typed__in_locked_memory_until_given__then_nowhere(self):
        terminal = self.begin()
        terminal.type(WRONG)
        terminal.expect("(not shown): typed")
        self.assert_locked(WRONG)
        terminal.key("Enter")
        terminal.expect("(D332)")
        self.assert_nowhere(WRONG, *self.others)
        terminal.key("Escape")
        terminal.gone("PIN (not shown):")
        terminal.key("C-u")
        self.sit(terminal, "operator-2")
        terminal.expect("Duty board")
        self.assert_nowhere(PIN, *self.others)

    def test_taken_back__nowhere(self):
        terminal = self.begin()
        terminal.type(PIN)
        terminal.expect("(not shown): typed")
        terminal.key("C-u")
        terminal.gone("(not shown): typed")
        self.assert_nowhere(PIN)
        terminal.type(PIN)
        terminal.expect("(not shown): typed")
        terminal.key("Escape")
        terminal.gone("PIN (not shown):")
        self.assert_nowhere(PIN)

    def test_pasted__nowhere_else(self):
        terminal = self.begin()
        paste(terminal, PIN)
        terminal.expect("(not shown): typed")
        self.assert_locked(PIN)
        terminal.key("Enter")
        terminal.expect("Duty board")
        self.assert_nowhere(PIN, *self.others)

    def test_typed_ahead__nowhere_once_it_was_read(self):
        terminal = self.begin()
        terminal.type(WRONG)
        terminal.expect("(not shown): typed")
        self.service.child.send_signal(signal.SIGSTOP)
        self.addCleanup(self.service.child.send_signal, signal.SIGCONT)
        terminal.key("Enter")
        terminal.expect("Waiting for the desk...")
        terminal.type(PIN)
        terminal.expect("Typed: (kept, not shown)")
        self.assertNotEqual(traces.look(self.desk, PIN), [])
        self.service.child.send_signal(signal.SIGCONT)
        terminal.wait("the answer, and what was typed ahead of it",
                      lambda seen: "(D332)" in seen and "(not shown): typed" in seen)
        self.assert_locked(PIN)
        terminal.key("Enter")
        terminal.expect("(D334)")  # too soon after the wrong one: not looked at
        self.assert_nowhere(PIN, *self.others)
        self.assert_nowhere(WRONG, *self.others)

    def test_chosen_anew__nowhere(self):
        given = self.ok("admin", "pin", "reset", "dc-operator-1")["pin"]
        terminal = self.begin()
        terminal.type(given)
        terminal.key("Enter")
        terminal.expect("New PIN (not shown):")
        for label in ("New PIN (not shown):", "The new PIN again:"):
            terminal.expect(label)
            terminal.type(NEXT_PIN)
            terminal.expect("typed")
            terminal.key("Enter")
        terminal.expect("Duty board")
        self.assert_nowhere(given, *self.others)
        self.assert_nowhere(NEXT_PIN, *self.others)


class Passphrase(Looking, SignCase):
    def test_signed__in_locked_memory_until_given__then_nowhere(self):
        terminal, _ = self.ask()
        self.look_at(terminal)
        terminal.type(PASSPHRASE[:-1])
        terminal.expect("(not shown): typed")
        self.assert_locked(PASSPHRASE[:-1])
        terminal.key("Enter")
        terminal.expect("The passphrase is wrong.")
        self.assert_nowhere(PASSPHRASE[:-1])
        paste(terminal, PASSPHRASE)
        terminal.expect("(not shown): typed")
        self.assert_locked(PASSPHRASE)
        terminal.key("Enter")
        terminal.expect("is recorded")
        self.assert_nowhere(PASSPHRASE)

    def test_own_terminal_unlocked__nowhere(self):
        terminal = self.open(None, "en")
        self.look_at(terminal)
        terminal.key("C-x")
        terminal.type("lock")
        terminal.key("Enter")
        terminal.expect("Passphrase (not shown):")
        terminal.type(PASSPHRASE)
        terminal.expect("(not shown): typed")
        self.assert_locked(PASSPHRASE)
        terminal.key("Enter")
        terminal.expect("Duty board")
        self.assert_nowhere(PASSPHRASE)


class Texts(Looking, ConsoleCase):
    """Of who sat there, once they got up."""

    def write(self, terminal):
        """Texts in every place that takes some; the search and `:` remember them, too."""
        self.sit(terminal, "operator-1")
        terminal.expect("Duty board")
        self.begin_report(terminal)
        terminal.type(TITLE)
        terminal.expect(TITLE)
        terminal.key("Tab")
        paste(terminal, WORDS)
        terminal.expect(WORDS)
        self.look_at(terminal)
        for text in (TITLE, WORDS):
            self.assertIn("bytes", [how for _, _, how in traces.look(self.desk, text)])
            self.assertIn("cells", [how for _, _, how in traces.look(self.desk, text)])

    def assert_gone(self):
        # Half of it is too much, too.
        for text in (TITLE, TITLE[:13], TITLE[-9:], WORDS, WORDS[:4], WORDS[-4:], PIN):
            self.assert_nowhere(text)

    def test_locked__nothing_of_who_sat_there(self):
        terminal = self.console()
        self.write(terminal)
        descriptors = len(os.listdir(f"/proc/{self.desk}/fd"))
        seen = self.lock(terminal)
        self.assertIn("Locked.", seen)
        # The same process, so that whoever watches it sees no end of it.
        self.assertEqual(process(terminal), self.desk)
        self.assert_gone()
        self.assertEqual(len(os.listdir(f"/proc/{self.desk}/fd")), descriptors)
        self.sit(terminal, "operator-2")
        terminal.expect("Duty board")
        self.assert_gone()

    def test_locked_while_the_service_is_away__gone_when_it_is_back(self):
        terminal = self.console()
        self.write(terminal)
        self.service.kill()
        terminal.expect("The service does not answer.")
        terminal.key("C-x")
        terminal.type("lock")
        terminal.key("Enter")
        seen = terminal.expect("This shared console is locked. The service does not answer")
        self.assertNotIn("board", seen)
        terminal.type("blind")  # for nobody
        terminal.key("C-z")
        self.assertNotIn("blind", terminal.screen())
        self.service.start()
        seen = terminal.expect(ASKS)
        self.assertNotIn("blind", seen)
        self.assert_gone()
        # And nothing is lost.
        self.sit(terminal, "operator-1")
        terminal.expect("What could not be saved last time is now your draft D-1.")


if __name__ == "__main__":
    if not shutil.which("tmux"):
        print("skipped: tmux is not installed; scripts/deps installs it")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
