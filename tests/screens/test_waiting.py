# SPDX-License-Identifier: MIT
"""A service, a disk or an agent that hangs: the screen says so, keeps what is typed, and lets go.

Nothing is timed: a process is stopped and goes on by a signal, a disk stands still behind a lock
(syncgate.c), and what the screen shows in between is waited for.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

import desk
from paths import PathCase

SKIPPED = 77  # what meson counts as skipped


class Sendable(PathCase):
    def sendable(self, terminal):
        """A report at the question whether to send it, on the button that does."""
        self.begin_report(terminal)
        terminal.type("Fan 3")
        terminal.key("Tab")
        terminal.type("It stands still.")
        terminal.key("Tab")
        terminal.type("ext. 2201")
        terminal.expect("ext. 2201")
        terminal.key("C-s")
        terminal.expect("> [ Back ]")
        terminal.key("Tab")
        terminal.gone("> [ Back ]")

    def recorded(self):
        """How many cases are; read from the file, which needs nobody who hangs."""
        return len(self.ok("dc-owner", "--desk", self.path, "list")["incidents"])


    def kept(self):
        """What is in the drafts of who sits here."""
        listed = self.ok("dc-operator-1", "--desk", self.path, "call", "draft.list")["drafts"]
        return [self.ok("dc-operator-1", "--desk", self.path, "call", "draft.load",
                        json.dumps({"draft": row["draft"]}))["fields"]["title"] for row in listed]


class Waiting(Sendable):
    def setUp(self):
        super().setUp()
        if not self.service:
            self.serve()

    def hang(self):
        self.service.child.send_signal(signal.SIGSTOP)
        self.addCleanup(self.go_on)

    def go_on(self):
        if self.service.child.poll() is None:
            self.service.child.send_signal(signal.SIGCONT)

    def test_F18__slow_service__said_and_keys_kept_and_recorded_once(self):
        terminal = self.open("dc-operator-1", "en")
        self.sendable(terminal)
        self.hang()
        terminal.key("Enter")
        terminal.expect("Recording...")
        terminal.expect("Esc: stop waiting")
        # An arrow is no Esc.  What is typed meanwhile acts on what is there then.
        terminal.key("Down")
        terminal.type("?")
        terminal.expect("Typed: [Down]?")
        self.assertEqual([], [n for n in os.listdir(self.folder) if n.startswith("toban-unsent")])
        self.go_on()
        terminal.expect("find:")
        terminal.key("Escape")
        terminal.expect("26-0001")
        self.assertEqual(self.recorded(), 1)

    def test_hung_service__given_up_with_escape__text_kept_and_sent_once(self):
        terminal = self.open("dc-operator-1", "en")
        self.sendable(terminal)
        self.hang()
        terminal.key("Enter")
        terminal.expect("Esc: stop waiting")
        terminal.key("Escape")
        terminal.expect("D431")
        terminal.expect("Fan 3")
        # The form goes on taking text without standing still.
        terminal.type("?!")
        terminal.expect("2201?!")
        terminal.key("BSpace", "BSpace")
        terminal.gone("2201?")
        self.go_on()
        terminal.gone("The service does not answer.")
        terminal.key("C-s")
        self.confirm(terminal, "Back")
        terminal.expect("26-0001")
        # The first request was in the socket and was done after all: told as the same report.
        self.assertEqual(self.recorded(), 1)

    def test_hung_service__text_changed_after_giving_up__told_that_the_first_is_recorded(self):
        terminal = self.open("dc-operator-1", "en")
        self.sendable(terminal)
        self.hang()
        terminal.key("Enter")
        terminal.expect("Esc: stop waiting")
        terminal.key("Escape")
        terminal.expect("D431")
        terminal.type(" and fan 4")
        terminal.expect("2201 and fan 4")
        self.go_on()
        terminal.gone("The service does not answer.")
        terminal.key("m")
        terminal.expect("2201 and fan 4m")
        terminal.key("C-x")
        terminal.type("messages")
        terminal.key("Enter")
        terminal.expect("What you sent before is recorded after all.")
        self.assertEqual(self.recorded(), 1)

    def test_hung_service__handover_changed_after_giving_up__told_that_the_first_is_recorded(self):
        terminal = self.open("dc-owner", "en")
        terminal.key("4")
        terminal.expect("Shift handover")
        terminal.key("h")
        terminal.expect("For the next shift")
        terminal.key("Tab")
        terminal.type("Fan 3 is watched.")
        terminal.expect("draft saved")
        terminal.key("C-s")
        terminal.expect("> [ Back ]")
        terminal.key("Tab")
        terminal.gone("> [ Back ]")
        self.hang()
        terminal.key("Enter")
        terminal.expect("Esc: stop waiting")
        terminal.key("Escape")
        terminal.expect("D431")
        terminal.type(" And fan 4.")
        terminal.expect("And fan 4.")
        self.go_on()
        terminal.gone("The service does not answer.")
        terminal.key("C-x")
        terminal.type("messages")
        terminal.key("Enter")
        terminal.expect("What you sent before is recorded after all.")

    def test_hung_service__board_opens_help_and_leaves(self):
        terminal = self.open("dc-operator-1", "en")
        self.hang()
        terminal.key("5")
        terminal.expect("Waiting for the desk...")
        terminal.expect("Esc: stop waiting")
        terminal.key("C-c")
        terminal.expect("The service does not answer.")
        terminal.key("C-c")
        terminal.expect("> [ Back ]")
        terminal.key("Tab")
        terminal.gone("> [ Back ]")
        terminal.key("Enter")
        terminal.ended()

    @unittest.skipUnless(shutil.which("ss"), "ss tells what lies in a socket")
    def test_hung_service__form_takes_keys_while_its_draft_is_saved(self):
        terminal = self.open("dc-operator-1", "en")
        self.begin_report(terminal)
        self.hang()
        terminal.type("Fan 3")
        terminal.expect("Fan 3")
        # The draft goes to the service by itself; nobody waits for it.
        self.wait_for_question()
        terminal.type(" stands still")
        seen = terminal.expect("Fan 3 stands still")
        self.assertIn("not saved yet", seen)
        self.assertNotIn("Recording...", seen)
        # Were the screen killed now, a file has what the service may never take.
        desk.wait_for("the file beside the draft",
                      lambda: any("Fan 3 stands still" in text for text in self.unsent()))
        self.go_on()
        terminal.expect("draft saved")
        desk.wait_for("the file to go", lambda: not self.unsent())
        terminal.key("Escape")
        terminal.expect("What you typed is kept as draft D-1.")
        self.assertEqual(self.kept(), ["Fan 3 stands still"])

    @unittest.skipUnless(shutil.which("ss"), "ss tells what lies in a socket")
    def test_hung_service__left_while_the_draft_is_saved__waits_and_is_kept_once(self):
        terminal = self.open("dc-operator-1", "en")
        self.begin_report(terminal)
        self.hang()
        terminal.type("Fan 3")
        self.wait_for_question()
        terminal.type(" stands still")
        terminal.expect("Fan 3 stands still")
        terminal.key("Escape")
        terminal.expect("Recording...")
        self.go_on()
        terminal.expect("What you typed is kept as draft D-1.")
        self.assertEqual(self.kept(), ["Fan 3 stands still"])

    @unittest.skipUnless(shutil.which("ss"), "ss tells what lies in a socket")
    def test_hung_service__draft_given_up_when_leaving__text_is_in_a_file(self):
        terminal = self.open("dc-operator-1", "en")
        self.begin_report(terminal)
        self.hang()
        terminal.type("Fan 3")
        self.wait_for_question()
        terminal.key("Escape")
        terminal.expect("Esc: stop waiting")
        terminal.key("Escape")
        terminal.expect("Not saved in the desk:")
        self.assertEqual(len(self.unsent()), 1)
        self.assertIn("Fan 3", self.unsent()[0])

    def unsent(self):
        """The texts of the files in which a screen keeps what the desk did not take."""
        texts = []
        for name in os.listdir(self.folder):
            if name.startswith("toban-unsent") and name.endswith(".txt"):
                try:
                    with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                        texts.append(file.read())
                except FileNotFoundError:
                    pass  # taken over, or replaced, meanwhile
        return texts

    def wait_for_question(self):
        """Until bytes of a request lie in the socket of the service, which does not read them."""
        desk.wait_for("the draft to be on its way", lambda: self.unread() > 0)

    def unread(self):
        """Bytes that wait to be read at the service's side, as the kernel tells."""
        told = subprocess.run(["ss", "-xnH"], check=True, capture_output=True, text=True).stdout
        rows = [row.split() for row in told.splitlines() if self.service.socket in row]
        return sum(int(row[2]) for row in rows if row[1] == "ESTAB")


@unittest.skipUnless(os.environ.get("SYNC_GATE_LIB"), "a sanitizer wants to be loaded first")
class Disk(Sendable):
    """A disk that stands still, behind a desk that is a file."""

    by_service = False

    def setUp(self):
        super().setUp()
        self.gate = os.path.join(self.folder, "gate")
        self.lock = os.open(self.gate, os.O_RDWR | os.O_CREAT, 0o600)
        self.addCleanup(os.close, self.lock)
        if self.service:
            self.service.stop()
            self.service = None
        self.env.update(LD_PRELOAD=os.environ["SYNC_GATE_LIB"], SYNC_GATE=self.gate, TOBAN_ENGINE="off")
        if self.by_service:
            self.serve()

    def hang(self):
        if os.path.exists(self.gate + ".waits"):
            os.unlink(self.gate + ".waits")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.addCleanup(self.go_on)

    def go_on(self):
        fcntl.flock(self.lock, fcntl.LOCK_UN)

    def test_F18__slow_disk__said_and_keys_kept_and_nothing_acknowledged_early(self):
        terminal = self.open("dc-operator-1", "en")
        self.sendable(terminal)
        self.hang()
        terminal.key("Enter")
        terminal.expect("Recording...")
        seen = terminal.expect("What you type is kept.")
        self.assertEqual(self.by_service, "Esc: stop waiting" in seen)
        if not self.by_service:
            terminal.key("Escape")
            terminal.expect("It cannot be stopped half-way.")
        terminal.type("x")
        terminal.expect("Typed: x")
        terminal.key("BSpace")
        terminal.gone("Typed: x")
        terminal.type("?")
        seen = terminal.expect("Typed: ?")
        self.assertIn("Recording...", seen)
        self.assertEqual(self.recorded(), 0)
        self.go_on()
        terminal.expect("find:")
        terminal.key("Escape")
        terminal.expect("26-0001")
        self.assertEqual(self.recorded(), 1)

    def test_F18__slow_disk__form_takes_keys_while_its_draft_is_saved(self):
        terminal = self.open("dc-operator-1", "en")
        self.begin_report(terminal)
        self.hang()
        terminal.type("Fan 3")
        terminal.expect("Fan 3")
        self.wait_for_sync()
        terminal.type(" stands still")
        seen = terminal.expect("Fan 3 stands still")
        self.assertIn("not saved yet", seen)
        self.assertNotIn("Recording...", seen)
        self.assertEqual(self.kept(), [])
        self.go_on()
        terminal.expect("draft saved")
        # What was typed meanwhile is saved next, by itself.
        desk.wait_for("the rest to be saved", lambda: self.kept() == ["Fan 3 stands still"])
        self.hang()
        terminal.type("!")
        self.wait_for_sync()
        terminal.key("Escape")
        terminal.expect("Recording...")
        self.go_on()
        terminal.expect("What you typed is kept as draft D-1.")
        self.assertEqual(self.kept(), ["Fan 3 stands still!"])

    def wait_for_sync(self):
        """Until somebody stands at the gate."""
        desk.wait_for("the disk to be asked for a sync", lambda: os.path.exists(self.gate + ".waits"))


class DiskOfService(Disk):
    """The same behind a service: that one waits for its disk, and the screen for the service."""

    by_service = True


if __name__ == "__main__":
    if not shutil.which("tmux"):
        print("skipped: tmux is not installed; scripts/deps installs it")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
