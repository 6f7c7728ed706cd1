# SPDX-License-Identifier: MIT
"""Breaking the glass, keys that wait, and a locked screen, in a real terminal."""

import os
import shutil
import sys
import unittest

import desk
from paths import PathCase

SKIPPED = 77  # what meson counts as skipped
PASS = "Kanarienvogel 4711 im Bergwerk"


class Glass(PathCase):
    def setUp(self):
        super().setUp()
        self.case = self.reported()
        for step in ("acknowledge",):
            self.act("dc-owner", self.case, step)
        self.act("dc-owner", self.case, "restrict", "why=named")

    def ask(self, terminal, number):
        terminal.key("b")
        terminal.expect("Number of the restricted case:")
        terminal.type(number)
        terminal.key("Enter")

    def test_explained_reason_asked_opened_with_a_banner_and_recorded(self):
        terminal = self.open("dc-operator-2", "en")
        terminal.expect("restricted 1")
        self.assertNotIn(self.case, terminal.screen())
        self.ask(terminal, self.case)
        seen = terminal.expect("> [ Back ]")
        for words in ("office head is told at once", "recorded in the case", "one hour"):
            self.assertIn(words, " ".join(seen.replace("|", " ").split()))
        terminal.key("Tab")
        terminal.gone("> [ Back ]")
        terminal.key("Enter")
        terminal.expect("Why must you read it now?")
        terminal.type("short")
        terminal.key("Enter")
        terminal.expect("Say in a sentence")
        # What was typed is not lost.
        terminal.expect("now? short")
        terminal.type(" of staff, fan burns")
        terminal.key("Enter")
        terminal.expect("OPENED BY BREAKING THE GLASS, until")
        terminal.expect("short of staff, fan burns")
        terminal.expect("The office head was told")
        kinds = [row["kind"] for row in self.ok("auditor-1", "log", self.case)["log"]]
        self.assertIn("break-glass", kinds)
        head = self.open("office-head", "en", name="head")
        head.expect("! 2: emergency reading 1")

    def read_in_an_emergency(self, who, why):
        return self.ok(who, "break-glass", self.case, "--why", why)

    def test_office_head_is_led_to_who_read_what_and_why(self):
        self.read_in_an_emergency("dc-operator-2", "the fan burns and nobody answers")
        head = self.open("office-head", "en")
        head.expect("! 2: emergency reading 1")
        head.key("2")
        head.expect("1 new emergency reading")
        head.key("Enter")
        seen = head.expect("open now")
        for words in ("1 new to you", self.case, "Kenji Okada", "the fan burns and nobody answers",
                      "(dc-operator-2)", "open now", "10:00"):
            self.assertIn(words, seen)
        # Another one while it is looked at; the first stays marked until the screen is left.
        self.read_in_an_emergency("ga-owner", "my own department is cut off")
        seen = head.expect("2 new to you")
        self.assertEqual(sum(" ! " in row for row in seen.splitlines()), 2)
        head.key("Enter")
        head.gone("Emergency readings")
        head.expect(self.case)
        head.key("q")
        head.expect("Emergency readings")
        head.key("1")
        head.expect("Duty board")
        self.assertNotIn("emergency reading", head.screen())
        head.key("C-x")
        head.type("readings")
        head.key("Enter")
        seen = head.expect("open now")
        self.assertNotIn("new to you", seen)

    def test_list_of_readings_of_who_watches_and_of_nobody_else(self):
        self.read_in_an_emergency("dc-operator-2", "the fan burns and nobody answers")
        admin = self.open("admin", "en")
        admin.key("7")
        admin.expect("Settings")
        admin.key("e")
        seen = admin.expect("Emergency readings")
        self.assertIn("Kenji Okada", seen)
        self.assertIn("a case you may not read", seen)
        self.assertNotIn(self.case, seen)
        self.assertNotIn("fan burns", seen)
        admin.key("Enter")
        admin.expect("You may not read this case.")
        # To look is the office head's: whoever else looks takes no mark away.
        head = self.open("office-head", "en", name="head")
        head.expect("! 2: emergency reading 1")
        other = self.open("dc-owner", "en", name="other")
        other.key("C-x")
        other.type("readings")
        other.key("Enter")
        other.expect("(D3")
        self.assertNotIn("Kenji Okada", other.screen())

    def test_left_at_any_question_nothing_is_recorded(self):
        before = self.ok("auditor-1", "head")
        terminal = self.open("dc-operator-2", "en")
        self.ask(terminal, self.case)
        terminal.expect("> [ Back ]")
        terminal.key("Enter")
        terminal.gone("[ Back ]")
        terminal.key("Down")  # what is typed right behind that Enter is dropped, see test_keys.c
        self.ask(terminal, self.case)
        terminal.expect("> [ Back ]")
        terminal.key("Tab")
        terminal.gone("> [ Back ]")
        terminal.key("Enter")
        terminal.expect("Why must you read it now?")
        terminal.key("Escape")
        terminal.gone("Why must you")
        self.assertEqual(self.ok("auditor-1", "head"), before)

    def test_what_is_no_number_is_told_before_a_reason_and_nothing_is_asked_of_the_desk(self):
        before = self.ok("auditor-1", "head")
        terminal = self.open("dc-operator-2", "en")
        terminal.key("b")
        for typed in ("26-1", "fan", "2026-0001", "26-0001x", "26-D01"):
            terminal.expect("Number of the restricted case:")
            terminal.key("C-u")
            terminal.gone("case: 2")
            terminal.type(typed)
            terminal.expect(f"case: {typed}")
            terminal.key("Enter")
            terminal.expect("(D451)")
            self.assertNotIn("Emergency reading", terminal.screen())
            terminal.key("Escape")
            terminal.gone("Number of the restricted case:")
            terminal.key("b")
        # As it is meant, it is taken: full-width, of a drill, of a case that is not there.
        for typed, meant in (("２６－０００１", "26-0001"), ("26-d001", "26-D001"), ("26-9999", "26-9999")):
            terminal.expect("Number of the restricted case:")
            terminal.type(typed)
            terminal.key("Enter")
            seen = terminal.expect("> [ Back ]")
            self.assertIn(f"Opens {meant} to you", seen)
            self.assertIn("told after the reason", " ".join(seen.replace("|", " ").split()))
            terminal.key("Escape")
            terminal.gone("[ Back ]")
            terminal.key("b")
        self.assertEqual(self.ok("auditor-1", "head"), before)

    def test_reason_that_was_left_stands_there_again(self):
        terminal = self.open("dc-operator-2", "en")
        for first in (True, False):
            self.ask(terminal, self.case)
            terminal.expect("> [ Back ]")
            terminal.key("Tab")
            terminal.gone("> [ Back ]")
            terminal.key("Enter")
            terminal.expect("Why must you read it now?")
            if first:
                terminal.type("the fan burns")
                terminal.expect("now? the fan burns")
                terminal.key("Escape")
                terminal.expect("The reason is kept")
        terminal.expect("now? the fan burns")

    def test_of_who_has_no_part_answered_like_a_number_never_given(self):
        terminal = self.open("ga-staff-1", "en")
        said = []
        for number in (self.case, "26-0099"):
            self.ask(terminal, number)
            terminal.expect("> [ Back ]")
            terminal.key("Tab")
            terminal.gone("> [ Back ]")
            terminal.key("Enter")
            terminal.expect("Why must you read it now?")
            terminal.key("C-u")
            terminal.type("because somebody burns")
            terminal.expect("somebody burns")
            terminal.key("Enter")
            seen = terminal.expect("(D304)")
            said.append(" ".join(seen.splitlines()[-5:]).replace(number, "N"))
            terminal.key("Escape")
            terminal.gone("(D304)")
        self.assertEqual(said[0], said[1])


class Signing(PathCase):
    """The office head has a key of toban; two others wait for an approval."""

    def with_passphrase(self, who, *args):
        read, write = os.pipe()
        os.write(write, PASS.encode() + b"\n")
        os.close(write)
        try:
            done = self.run_toban("--json", "--passphrase-fd", str(read), *args, who=who,
                                  pass_fds=[read])
        finally:
            os.close(read)
        self.assertEqual(done.status, desk.DONE, done)
        return done.document()

    def setUp(self):
        super().setUp()
        key = os.path.join(self.folder, ".local/share/toban/key")
        self.with_passphrase("dc-owner", "--sign", "key", "new")
        shutil.move(key, key + ".owner")
        self.with_passphrase("office-head", "--sign", "key", "new")
        mine = [k for k in self.keys() if k["person"] == "office-head"][0]["fingerprint"]
        self.ok("admin", "key", "approve", mine)

    def keys(self):
        return self.ok("auditor-1", "key", "list")["keys"]

    def test_keys_wait_for_who_decides_and_lead_to_where_it_is_done(self):
        terminal = self.open("office-head", "en")
        terminal.expect("2: keys 1")
        terminal.key("2")
        terminal.expect("1 key waits for approval")
        terminal.key("Enter")
        terminal.expect("waits for approval")
        terminal.key("a")
        terminal.expect("> [ Back ]")
        terminal.key("Tab")
        terminal.gone("> [ Back ]")
        terminal.key("Enter")
        terminal.expect("Recorded for")
        self.assertEqual({k["state"] for k in self.keys()}, {"approved"})
        terminal.key("1")
        terminal.gone("2: keys")
        other = self.open("dc-owner", "en", name="other")
        self.assertNotIn("2: keys", other.screen())
        self.whole()

    def test_reason_about_a_key_that_was_left_stands_there_again_for_that_key(self):
        terminal = self.open("office-head", "en")
        terminal.key("2")
        terminal.expect("1 key waits for approval")
        terminal.key("Enter")
        terminal.expect("waits for approval")
        terminal.key("r")
        terminal.expect("Reason")
        terminal.type("the wrong laptop")
        terminal.expect("Reason the wrong laptop")
        terminal.key("Escape")
        terminal.expect("The reason is kept")
        # Of the other key it is not the reason.
        terminal.key("Down")
        terminal.key("x")
        terminal.expect("Reason")
        self.assertNotIn("the wrong laptop", terminal.screen())
        terminal.key("Escape")
        terminal.gone("Enter:take it")
        terminal.key("Up")
        terminal.key("r")
        terminal.expect("Reason the wrong laptop")
        terminal.key("Enter")
        terminal.expect("Recorded for")
        refused = [k for k in self.keys() if k["state"] == "refused"]
        self.assertEqual([k["why"] for k in refused], ["the wrong laptop"])
        self.whole()

    def test_lock_hides_everything_until_the_passphrase(self):
        terminal = self.open("office-head", "en")
        terminal.key("C-x")
        terminal.type("lock")
        terminal.key("Enter")
        seen = terminal.expect("This screen is locked.")
        self.assertNotIn("Duty board", seen)
        # No key of the desk leads past it.
        for key in ("Escape", "C-c", "C-z", "C-x", "F3", "F5"):
            terminal.key(key)
        terminal.type("wrong one")
        terminal.expect("(not shown): typed")
        terminal.key("Enter")
        terminal.gone("(not shown): typed")
        terminal.expect("This screen is locked.")
        terminal.type(PASS)
        terminal.expect("(not shown): typed")
        terminal.key("Enter")
        terminal.expect("Duty board")

    def test_lock_without_a_key_says_that_nothing_is_locked(self):
        os.remove(os.path.join(self.folder, ".local/share/toban/key"))
        terminal = self.open("office-head", "en")
        terminal.key("C-x")
        terminal.type("lock")
        terminal.key("Enter")
        terminal.expect("D465")
        terminal.expect("Duty board")


class RowOne(PathCase):
    def make(self):
        """The account is nobody's login, so that the service's file counts as owned."""
        example = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../forms/org/example.ini")
        org = os.path.join(self.folder, "org.ini")
        with open(example, encoding="utf-8") as source, open(org, "w", encoding="utf-8") as file:
            file.write(source.read().replace("[person admin]\n", "[person admin]\nLogin=somebody-else\n"))
        made = self.run_toban("init", "--example", "--org", org)
        self.assertEqual(made.status, desk.DONE, made)

    def test_exercise_in_the_smallest_window__mark_person_and_limits_stay(self):
        case = self.report("service-disruption", drill=True)
        self.service = desk.Service(self.path, self.environment())  # its folder is the service's alone
        self.service.start()
        self.addCleanup(self.service.stop)
        terminal = self.start("auditor-1", "ja", "a", ["--read-only"], (60, 16))
        terminal.expect(case)
        terminal.key("Enter")
        terminal.gone(" 未完了 1 |")
        row = terminal.screen().splitlines()[0]
        for words in ("[訓練/DRILL]", "閲覧専用、試用、専用アカウント所有ファイル  河"):
            self.assertIn(words, row)


if __name__ == "__main__":
    if not shutil.which("tmux"):
        print("skipped: tmux is not installed; scripts/deps installs it")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
