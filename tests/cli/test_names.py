# SPDX-License-Identifier: MIT
"""F34: names of an organisation file are people's texts, too: whoever writes one commands no
terminal, reverses no line and hides nothing, wherever the name is shown or sent."""

import os
import re
import unittest

import desk
from desk import INVALID, DeskCase

SOURCE = os.path.join(os.path.dirname(__file__), "..", "..", "forms", "org", "example.ini")
# Between letters of each name; a terminal must get none of them.
MARKS = "\u202e\u2066\u200b\u200f\u2028\ufeff\U000e0041"
BAD = MARKS + "\x1b\x07\x9b"


class NamesTest(DeskCase):
    def make(self):
        org = os.path.join(self.folder, "org.ini")
        with open(SOURCE, encoding="utf-8") as file:
            text = file.read()
        text, count = re.subn(r"^(Name(?:\[ja\])?=.)", r"\g<1>" + MARKS, text, flags=re.M)
        self.assertGreater(count, 50)
        with open(org, "w", encoding="utf-8") as file:
            file.write(text)
        made = self.run_toban("init", "--example", "--org", org)
        self.assertEqual(made.status, desk.DONE, made)

    def test_F34_names__nowhere_raw(self):
        case = self.report("service-disruption")
        self.advance(case, "closed")
        self.ok("admin", "target", "add", "hook", "https://hooks.example.org/x", "--events", "*")
        shown = 0
        for who, *words in (
                ("auditor-1", "list"), ("auditor-1", "show", case), ("auditor-1", "log", case),
                ("dc-owner", "steps", case), ("auditor-1", "print", case),
                ("auditor-1", "print", case, "--format", "html"),
                ("auditor-1", "print", case, "--format", "md"),
                ("auditor-1", "export", "--all", "--format", "csv"),
                ("auditor-1", "stats", "--by", "department"), ("auditor-1", "person", "list"),
                ("dc-owner", "chain", "--department", "datacentre"), ("dc-owner", "duty", "check"),
                ("auditor-1", "access"), ("dc-owner", "search", "racks"),
                ("admin", "target", "preview", "hook", "--type", "incident.report",
                 "--incident", case)):
            for language in ("en", "ja"):
                done = self.run_toban("--lang", language, *words, who=who)
                self.assertIn(done.status, range(0, 7), f"{words}: {done}")
                for bad in BAD:
                    self.assertNotIn(bad, done.out + done.err, words)
                shown += "U+202E" in done.out
        self.assertGreaterEqual(shown, 8)

    def test_F34_name__that_commands_a_terminal__is_no_name(self):
        for bad in ("\x1b[2J", "\x07", "\x9b", "\x7f"):
            org = os.path.join(self.folder, "bad.ini")
            with open(SOURCE, encoding="utf-8") as file:
                text = file.read().replace("Name=Legal", "Name=Le" + bad + "gal")
            with open(org, "w", encoding="utf-8") as file:
                file.write(text)
            done = self.run_toban("--desk", os.path.join(self.folder, "other.db"), "init", "--org", org)
            self.assertEqual(done.status, INVALID, repr(bad))
            self.assertNotIn(bad, done.err)


if __name__ == "__main__":
    unittest.main()
