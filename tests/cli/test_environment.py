# SPDX-License-Identifier: MIT
"""F43: what the environment of a service or a desk says changes nothing of what is recorded, by
whom, and which programs are run.  Setuid and setgid are refused: test_session.py; closed streams:
test_command.py; proxies: tests/faults/notify."""

import os
import unittest

from desk import DeskCase

# A name, and what a hostile caller would put there; {folder} is where their files lie.
HOSTILE = [
    ("LANGUAGE", "../../../../{folder}/locale:%n%n%s"),
    ("NLSPATH", "{folder}/%s%n%N.cat"),
    ("LC_ALL", "../../../../{folder}/locale"),
    ("PATH", "{folder}/bin"),
    ("HOME", "{folder}/no-such-home/%s\x1b[2J"),
    ("XDG_DATA_HOME", "{folder}/bin"),
    ("XDG_CONFIG_HOME", "{folder}/bin"),
    ("TMPDIR", "{folder}/no-such-folder"),
    ("TERMINFO", "{folder}/terminfo"),
    ("TERM", "{folder}/terminfo/x"),
    ("http_proxy", "http://127.0.0.1:9/"),
    ("SSL_CERT_FILE", "{folder}/bin/roots"),
    ("SQLITE_TMPDIR", "{folder}/bin"),
    ("MALLOC_CHECK_", "3"),
    ("NOTIFY_SOCKET", "{folder}/no-such-socket"),
    ("LISTEN_FDS", "7"),
    ("WATCHDOG_USEC", "-1"),
]


class EnvironmentTest(DeskCase):
    def setUp(self):
        super().setUp()
        self.traps = os.path.join(self.folder, "hostile")
        self.marker = os.path.join(self.folder, "was-run")
        os.makedirs(os.path.join(self.traps, "bin"))
        os.makedirs(os.path.join(self.traps, "terminfo", "x"))
        for name in ("toban-sender", "toban", "ssh-keygen", "ssh-agent", "sh", "less", "vi"):
            path = os.path.join(self.traps, "bin", name)
            with open(path, "w", encoding="ascii") as file:
                file.write(f"#!/bin/sh\necho {name} >>{self.marker}\n")
            os.chmod(path, 0o755)
        with open(os.path.join(self.traps, "terminfo", "x", "xterm"), "wb") as file:
            file.write(b"\x1a\x01" + b"\xff" * 4096)

    def hostile(self):
        return {name: value.replace("{folder}", self.traps) for name, value in HOSTILE}

    def test_F43_each_alone__changes_nothing(self):
        for name, value in self.hostile().items():
            with self.subTest(name=name):
                self.env = {name: value}
                case = self.report("service-disruption")
                self.assertEqual(self.show(case)["finder"], "dc-operator-1")
                self.assertTrue(self.ok("auditor-1", "verify")["ok"])
        self.env = {}
        self.assertFalse(os.path.exists(self.marker))

    def test_F43_service__ignores_all_of_it(self):
        self.env = self.hostile()
        self.serve()
        self.env = {}
        case = self.report("service-disruption")
        self.act("dc-owner", case, "acknowledge")
        self.assertEqual(self.show(case)["state"], "received")
        self.assertTrue(self.ok("auditor-1", "verify")["ok"])
        self.service.stop()
        self.assertFalse(os.path.exists(self.marker), "a program of the caller's was run")


if __name__ == "__main__":
    unittest.main()
