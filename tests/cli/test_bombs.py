# SPDX-License-Identifier: MIT
"""F36: files that would cost a reader its memory or its night are refused early, everywhere a file
is read, and change nothing."""

import json
import os
import resource
import shutil
import subprocess
import unittest

from desk import PROGRAM, DeskCase

MEMORY_MOST_KIB = 64 * 1024
# The aim is 2 s on a quiet machine; whatever reads it all takes minutes.
PATIENCE_S = 60
# A sanitized program needs several times the memory for itself.
SANITIZED = os.environ.get("TOBAN_SANITIZED") == "1"


def huge(path):
    with open(path, "wb") as file:
        file.truncate(1 << 30)


def write(*parts):
    """(text, times) one after the other: this program must stay small, its children begin as it."""
    def make(path):
        with open(path, "w", encoding="utf-8") as file:
            for text, times in parts:
                for _ in range(times):
                    file.write(text)
    return make


BOMBS = {
    "a gibibyte of nothing": huge,
    "brackets 100,000 deep": write(("[", 100000), ("]", 100000)),
    "objects 100,000 deep": write(('{"a":', 100000), ("1", 1), ("}", 100000)),
    "beginnings without an end": write(('{"', 500000)),
    "10,000,000 columns": write(("x," * 100, 100000), ("\n", 1)),
    "1,000,000 keys": write(("{", 1), ('"k":1,' * 10, 100000), ('"k":1}', 1)),
    "every key twice": write(
        ('{"title":"a","title":"b","situation":"s","contact":"c","answers":{}}', 1)),
    "1,000,000 sections": write(("[person x]\nName=y\n" * 10, 100000)),
    "a line of 30 MB": write(("[person x]\nName=", 1), ("y" * 300, 100000), ("\n", 1)),
}


class BombTest(DeskCase):
    def read(self, path, person, *words):
        """Runs the command; its status and the most memory it held."""
        with open(os.devnull if "-" not in words else path, "rb") as stdin:
            process = subprocess.Popen(
                [PROGRAM, "--desk", self.path, "--as", person, *words], stdin=stdin,
                env=self.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            said = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            process.stderr.close()
        return process.returncode, usage.ru_maxrss, said

    def test_F36_each_reader__refuses_early(self):
        folder = os.path.join(self.folder, "bombs")
        os.mkdir(folder)
        self.report("service-disruption")
        before = self.ok("auditor-1", "head")
        for name, make in BOMBS.items():
            path = os.path.join(folder, "bomb")
            make(path)
            site = os.path.join(self.folder, "site")
            os.makedirs(os.path.join(site, "incident"), exist_ok=True)
            os.link(path, os.path.join(site, "incident", "bomb.form"))
            for person, *words in (
                    ("dc-operator-1", "report", "--from", path),
                    ("dc-operator-1", "report", "--from", "-"),
                    ("dc-operator-1", "classify", "--answers", path),
                    ("dc-owner", "act", "26-0001", "note", "--from", path),
                    ("dc-owner", "roster", "import", path),
                    ("admin", "org", "set", path),
                    ("dc-owner", "intake", "json", "-"),
                    ("dc-owner", "intake", "alertmanager", "-"),
                    ("auditor-1", "verify", "--head", path),
                    ("auditor-1", "verify", "--head", "-"),
                    ("auditor-1", "verify", "--key", path, "--head", path),
                    ("admin", "target", "add", "x", "--url-file", path),
                    ("admin", "check", site)):
                with self.subTest(bomb=name, words=words):
                    status, memory, said = self.read(path, person, *words)
                    self.assertIn(status, range(1, 9), said)
                    self.assertTrue(said or words[0] == "check")
                    if not SANITIZED:
                        self.assertLess(memory, MEMORY_MOST_KIB)
            os.unlink(path)
            shutil.rmtree(site)
        after = self.ok("auditor-1", "head")
        self.assertEqual(before["row_hash"], after["row_hash"])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE_S * 20, PATIENCE_S * 20))
    unittest.main()
