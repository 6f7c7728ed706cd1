#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The units of systemd: sound by its own check, as closed as docs/security.md says, and every
option that closes something is explained there."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

import desk

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ANALYZE = shutil.which("systemd-analyze")

# What says how it is started and when, and closes nothing.
PLAIN = {"Type", "NotifyAccess", "ExecStart", "Environment", "SystemCallErrorNumber",
         "RuntimeDirectoryMode"}


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


class Units(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="toban-units-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        where = os.path.dirname(os.path.abspath(desk.PROGRAM))
        for name in ("toban.service", "toban-check.service", "toban.socket", "toban-check.timer"):
            source = name + ".in" if name.endswith(".service") else name
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                file.write(read("src", source).replace("@bindir@", where))

    def analyze(self, *args):
        return subprocess.run([ANALYZE, *args], cwd=self.folder, check=False, timeout=50,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.decode()

    @unittest.skipUnless(ANALYZE, "no systemd here")
    def test_sound(self):
        said = self.analyze("verify", "./toban.service", "./toban.socket", "./toban-check.service",
                            "./toban-check.timer")
        self.assertEqual(said, "")

    @unittest.skipUnless(ANALYZE, "no systemd here")
    def test_closed(self):
        said = self.analyze("security", "--offline=true", "./toban.service")
        found = re.search(r"exposure level for toban.service: ([0-9.]+)", said)
        if not found:
            self.skipTest("this systemd-analyze looks at no file")
        self.assertLessEqual(float(found.group(1)), 1.5, said)

    def test_explained(self):
        section = read("src", "toban.service.in").split("[Service]")[1].split("[Install]")[0]
        told = read("docs", "security.md")
        for option in set(re.findall(r"^([A-Z]\w+)=", section, re.M)) - PLAIN:
            with self.subTest(option):
                whole = "`" + option in told
                group = re.match("Protect(Kernel|Control)", option)
                self.assertTrue(whole or group and "`Protect" + group.group(1) in told)

    def test_room_for_secrets(self):
        for name in ("toban.service.in", "toban.user.service.in"):
            self.assertIn("\nLimitMEMLOCK=8M\n", read("src", name), name)
            self.assertIn("\nLimitCORE=0\n", read("src", name), name)


if __name__ == "__main__":
    desk.main()
