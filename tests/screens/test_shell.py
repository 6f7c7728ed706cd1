# SPDX-License-Identifier: MIT
"""F26: stopped and continued under a shell of jobs, as a person does it: Ctrl-Z, something else, fg.

The terminal is the shell's in between, the screen and the typed text are back afterwards."""

import os
import shutil
import sys
import unittest

import desk
from paths import PathCase
from tmux import Terminal

SKIPPED = 77  # what meson counts as skipped
ROUNDS = 5


class Shell(PathCase):
    def shell(self):
        env = {"HOME": self.folder, "XDG_RUNTIME_DIR": self.folder, "TOBAN_NOW": self.now,
               "TOBAN_DESK": self.path, "PS1": "ready> ", "HISTFILE": "/dev/null"}
        for key in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TOBAN_LOCALE_DIR"):
            if key in os.environ:
                env[key] = os.environ[key]
        terminal = Terminal(self.folder, "shell", ["bash", "--norc", "--noprofile", "-i"], env)
        self.addCleanup(terminal.close)
        terminal.expect("ready>")
        return terminal

    def line_settings(self, terminal, name):
        path = os.path.join(self.folder, name)
        terminal.type(f"clear; stty -g >{path}; echo wrote {name}")
        terminal.key("Enter")
        terminal.wait("the settings", lambda seen: f"\nwrote {name}" in "\n" + seen)
        with open(path, encoding="ascii") as file:
            return file.read()

    def modes(self, terminal):
        """What a program leaves on in a terminal: cursor, application keys, the other screen."""
        return terminal.tmux("display-message", "-p",
                             "#{cursor_flag} #{keypad_cursor_flag} #{keypad_flag} #{alternate_on} "
                             "#{mouse_any_flag}")

    def test_F26__stopped_and_continued__terminal_and_text_are_kept(self):
        terminal = self.shell()
        before = self.line_settings(terminal, "before")
        modes = self.modes(terminal)
        terminal.type(f"clear; {desk.PROGRAM} --as dc-operator-1 --lang en")
        terminal.key("Enter")
        terminal.expect("Duty board")
        self.begin_report(terminal)
        typed = ""
        for number in range(ROUNDS):
            typed += f"word{number} "
            terminal.type(f"word{number} ")
            terminal.expect(typed.strip())
            terminal.key("C-z")
            terminal.expect("Stopped")
            self.assertEqual(self.line_settings(terminal, f"stopped-{number}"), before)
            self.assertEqual(self.modes(terminal), modes)
            terminal.type("fg")
            terminal.key("Enter")
            terminal.expect(typed.strip())
            terminal.expect("What happened")
        terminal.type("last")
        terminal.expect(typed + "last")
        terminal.key("C-z")
        terminal.expect("Stopped")
        # A job that is killed while it is stopped has put its text away before.
        terminal.type("clear; kill -9 %1; wait %1 2>/dev/null; echo over")
        terminal.key("Enter")
        terminal.wait("the end", lambda seen: "\nover" in "\n" + seen)
        self.assertEqual(self.line_settings(terminal, "after"), before)
        drafts = self.ok("dc-operator-1", "call", "draft.list")
        self.assertIn("word4 last", str(drafts))


if __name__ == "__main__":
    if not shutil.which("tmux"):
        sys.exit(SKIPPED)
    unittest.main()
