# SPDX-License-Identifier: MIT
"""The manual page: made without a warning, complete, in both languages."""

import os
import shutil
import subprocess
import unittest

import desk

PAGES = os.environ.get("TOBAN_MANUAL", "").split(":")


class Manual(unittest.TestCase):
    def test_pages__are_formatted_without_a_warning(self):
        for page in PAGES:
            if shutil.which("groff"):
                # As man does for Japanese: lines are broken between characters, too.
                macros = ["-man", "-mja"] if "/ja/" in page else ["-man"]
                done = subprocess.run(["groff", "-K", "utf8", "-ww", *macros, "-Tutf8", page],
                                      check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
                self.assertEqual(done.stderr, b"", page)
            if shutil.which("mandoc"):
                done = subprocess.run(["mandoc", "-Tlint", "-W", "error", page], check=False,
                                      stdout=subprocess.PIPE, timeout=60)
                self.assertEqual(done.stdout, b"", page)

    def test_pages__name_every_command_option_and_key(self):
        done = subprocess.run([desk.PROGRAM, "--lang", "en", "--help"], check=True, timeout=60,
                              stdout=subprocess.PIPE, encoding="utf-8")
        names = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
        self.assertGreater(len(names), 25)
        for page in PAGES:
            with open(page, encoding="utf-8") as stream:
                text = stream.read().replace("\\-", "-")
            for name in names:
                self.assertIn("\\fB" + name, text)
            for key in ("? F1  :help", "n  :report", "Ctrl-S  :send"):
                self.assertIn("\\fB" + key, text)


if __name__ == "__main__":
    desk.main()
