# SPDX-License-Identifier: MIT
"""A shared console in a real terminal: who sits down, with which PIN, and what the next one sees."""

import os
import shutil
import sys
import unittest

from console import ASKS, PIN, WRONG, ConsoleCase

SKIPPED = 77  # what meson counts as skipped


class Console(ConsoleCase):
    def entries(self):
        return [row["kind"] for row in self.ok("auditor-1", "access", "--limit", "500")["log"]][::-1]

    def test_found_by_kana_and_seated_with_the_pin(self):
        terminal = self.console()
        terminal.expect("Night console")
        # Only who may sit here is named, and no key of the desk leads past the question.
        self.assertNotIn("ga-staff-1", terminal.screen())
        terminal.key("F3")
        terminal.key("C-x")
        terminal.type("もり")
        terminal.wait("one name", lambda seen: "dc-operator-1" in seen and "dc-operator-2" not in seen)
        terminal.key("Enter")
        terminal.expect("PIN (not shown):")
        terminal.type(PIN)
        terminal.expect("(not shown): typed")
        self.assertNotIn(PIN, terminal.screen())
        terminal.key("Enter")
        terminal.expect("Duty board")
        self.assertEqual(self.entries()[-1:], ["session-opened"])

    def test_wrong_pins_wait_and_lock_out_with_time_and_who_helps(self):
        terminal = self.console()
        self.sit(terminal, "operator-2", WRONG)
        terminal.expect("do not fit")
        terminal.expect("(D332)")
        # The clock of this desk stands still: the next is too soon, and not looked at.
        terminal.type(WRONG)
        terminal.key("Enter")
        terminal.expect("(D334)")
        terminal.key("Escape")
        terminal.gone("PIN (not shown):")
        for minute in range(1, 5):
            self.now = f"2026-11-23T09:{minute:02}:00+09:00"
            self.service.stop()
            self.service.start(TOBAN_NOW=self.now)
            again = self.console(f"console-{minute}")
            self.sit(again, "operator-2", WRONG)
            again.expect("do not fit" if minute < 4 else "Locked out until")
        seen = again.screen()
        self.assertIn("Who can:", seen)
        # The right one is not looked at either, and the desk goes on for others.
        again.type(PIN)
        again.key("Enter")
        again.expect("(D333)")
        again.key("Escape")
        again.gone("PIN (not shown):")
        again.key("C-u")
        self.sit(again, "operator-1")
        again.expect("Duty board")

    def get_up_from_a_report(self, terminal):
        """The first types half a title and locks; nothing of it is seen any more."""
        self.sit(terminal, "operator-1")
        terminal.expect("Duty board")
        self.begin_report(terminal)
        terminal.type("half a title")
        terminal.expect("half a title")
        seen = self.lock(terminal)
        self.assertIn("Locked.", seen)
        self.assertNotIn("half a title", seen)

    def test_locked_and_taken_over_nothing_of_the_first_is_left(self):
        terminal = self.console()
        self.get_up_from_a_report(terminal)
        self.sit(terminal, "operator-2")
        seen = terminal.expect("Duty board")
        self.assertNotIn("half a title", seen)
        self.lock(terminal)
        self.sit(terminal, "operator-1")
        terminal.expect("half a title")
        self.assertEqual([kind for kind in self.entries() if kind.startswith("session")],
                         ["session-opened", "session-closed"] * 2 + ["session-opened"])

    def test_locked_where_the_program_has_another_name__the_next_one_sits_down_all_the_same(self):
        program = os.path.join(self.folder, "renamed")
        shutil.copy2(os.environ["TOBAN_PROGRAM"], program)
        terminal = self.console(program=program)
        self.get_up_from_a_report(terminal)
        self.sit(terminal, "operator-2")
        terminal.expect("Duty board")

    def test_F25__service_restarts_under_a_form__pin_asked_and_text_intact(self):
        terminal = self.console()
        self.sit(terminal, "operator-1")
        terminal.expect("Duty board")
        self.begin_report(terminal)
        terminal.type("typed before, ")
        terminal.expect("typed before,")
        self.service.kill()
        terminal.expect("The service does not answer.")
        terminal.type("and while it was away")
        terminal.expect("and while it was away")
        self.service.start()
        seen = terminal.expect(ASKS)
        self.assertNotIn("typed before, and", seen)
        # Somebody else gets nothing of it.
        self.sit(terminal, "operator-2")
        seen = terminal.expect("Duty board")
        self.assertNotIn("typed before, and", seen)
        self.lock(terminal)
        self.sit(terminal, "operator-1")
        terminal.expect("Duty board")
        terminal.expect("typed before, and...")
        drafts = self.ok("dc-operator-1", "call", "draft.list")["drafts"]
        self.assertEqual([draft["title"] for draft in drafts], ["typed before, and while it was away"])
        self.assertEqual([n for n in os.listdir(self.folder) if n.startswith("toban-unsent")], [])

    def test_a_pin_that_is_good_once_is_changed_first(self):
        given = self.ok("admin", "pin", "reset", "dc-operator-2")["pin"]
        terminal = self.console()
        self.sit(terminal, "operator-2", given)
        terminal.expect("New PIN (not shown):")
        terminal.type("860253")
        terminal.key("Enter")
        terminal.expect("The new PIN again:")
        terminal.type("860254")
        terminal.key("Enter")
        terminal.expect("two different PINs")
        for label in ("New PIN (not shown):", "The new PIN again:"):
            terminal.expect(label)
            terminal.type("860253")
            terminal.expect("typed")
            terminal.key("Enter")
        terminal.expect("Duty board")
        rows = {r["person"]: r for r in self.ok("admin", "pin", "list")["people"]}
        self.assertFalse(rows["dc-operator-2"]["once"])

    def test_leaving_the_question_ends_the_program(self):
        terminal = self.console()
        terminal.key("C-c")
        terminal.ended()


if __name__ == "__main__":
    if not shutil.which("tmux"):
        print("skipped: tmux is not installed; scripts/deps installs it")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
