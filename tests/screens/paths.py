# SPDX-License-Identifier: MIT
"""What tests in a real terminal share: a desk, and people who open it."""

import json
import os

import desk
from tmux import Terminal


class PathCase(desk.DeskCase):
    def start(self, who, lang, name, options=(), size=(80, 24)):
        env = {"HOME": self.folder, "XDG_RUNTIME_DIR": self.folder, **self.env}
        if self.now:
            env["TOBAN_NOW"] = self.now
        env["TOBAN_DESK"] = self.environment()["TOBAN_DESK"]
        for key in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TOBAN_LOCALE_DIR"):
            if key in os.environ:
                env[key] = os.environ[key]
        command = [desk.PROGRAM, *(["--as", who] if who else []), *options, "--lang", lang]
        terminal = Terminal(self.folder, name, command, env, size)
        self.addCleanup(terminal.close)
        return terminal

    def open(self, who, lang="ja", name="a"):
        terminal = self.start(who, lang, name)
        terminal.expect("当番盤" if lang == "ja" else "Duty board")
        return terminal

    def begin_report(self, terminal):
        """In English, from the board through the questions to the form of a service disruption."""
        terminal.key("n")
        terminal.expect("step 1 of 2")
        for answer in "nynnnn":
            terminal.key(answer)
        terminal.key("Enter")
        terminal.expect("What happened")

    def reported(self):
        fields = desk.report_fields("service-disruption")
        return self.ok("dc-operator-1", "report", "--from", "-", text=json.dumps(fields))["id"]

    def with_result(self):
        """A case whose result waits for its approval."""
        case = self.reported()
        self.act("dc-owner", case, "acknowledge")
        self.act("dc-owner", case, "instruct", "to=dc-operator-1", "text=Isolate it", "due=4h")
        self.act("dc-operator-1", case, "respond", "text=Isolated")
        self.act("dc-owner", case, "report-result", "cause=換気の不足", "damage=なし",
                 "actions=清掃した", "text=以上")
        return case

    def act(self, who, case, step, *fields):
        return self.ok(who, "act", case, step, *[arg for field in fields for arg in ("--set", field)])

    def choose(self, terminal, label):
        """Opens the marked case's menu and the step of this label."""
        def marked(seen):
            rows = [row for row in seen.splitlines() if "| >" in row]
            return rows[0] if len(rows) == 1 else ""

        terminal.key("a")
        seen = terminal.wait("the menu", marked)
        for _ in range(40):
            if label in marked(seen):
                terminal.key("Enter")
                terminal.gone("| >")
                return
            before = marked(seen)
            terminal.key("Down")
            seen = terminal.wait("the mark to move", lambda now, was=before: marked(now) not in ("", was))
        self.fail(f"no step {label}:\n{seen}")

    def confirm(self, terminal, back):
        """The question of a step: the button that changes nothing is selected first."""
        terminal.expect(f"> [ {back} ]")
        terminal.key("Tab")
        terminal.gone(f"> [ {back} ]")
        terminal.key("Enter")
        terminal.gone(f"[ {back} ]")

    def whole(self):
        self.assertTrue(self.ok("auditor-1", "verify", "--rebuild")["ok"])
