# SPDX-License-Identifier: MIT
"""What tests at a shared console in a real terminal share: the desk, the PINs, sitting down."""

import os
import pwd

import desk
from paths import PathCase
from tmux import Terminal

PIN, WRONG = "720416", "358102"

POST = f"""
[post console]
Name=Night console
Name[ja]=夜勤の共用端末
Login={pwd.getpwuid(os.getuid()).pw_name}
Department=datacentre
"""

ASKS = "Who are you?"


class ConsoleCase(PathCase):
    """The account that runs the test is a post; --as stays a claim, for it is a trial desk."""

    def make(self):
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                              "../../forms/org/example.ini")
        path = os.path.join(self.folder, "org.ini")
        with open(source, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + POST)
        made = self.run_toban("init", "--example", "--org", path, "--json")
        self.assertEqual(made.status, desk.DONE, made)

    def setUp(self):
        super().setUp()
        if not self.service:
            self.serve()
        file = os.path.join(self.folder, "pin")
        with open(file, "w", encoding="ascii") as out:
            out.write(PIN + "\n")
        for who in ("dc-operator-1", "dc-operator-2"):
            self.ok(who, "pin", "set", "--new-file", file)

    def console(self, name="console", lang="en", program=desk.PROGRAM):
        env = {"HOME": self.folder, "XDG_RUNTIME_DIR": self.folder, "TOBAN_NOW": self.now, **self.env}
        env["TOBAN_DESK"] = self.environment()["TOBAN_DESK"]
        for key in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TOBAN_LOCALE_DIR"):
            if key in os.environ:
                env[key] = os.environ[key]
        terminal = Terminal(self.folder, name, [program, "--lang", lang], env)
        self.addCleanup(terminal.close)
        terminal.expect(ASKS if lang == "en" else "あなたは誰ですか")
        return terminal

    def lock(self, terminal):
        """What the next person sees."""
        terminal.key("C-x")
        terminal.type("lock")
        terminal.key("Enter")
        return terminal.expect(ASKS)

    def sit(self, terminal, who, pin=PIN):
        terminal.type(who)
        terminal.expect("> ")
        terminal.key("Enter")
        terminal.expect("PIN (not shown):")
        terminal.type(pin)
        terminal.expect("(not shown): typed")
        self.assertNotIn(pin, terminal.screen())
        terminal.key("Enter")
