# SPDX-License-Identifier: MIT
"""Completion of the command line: the scripts are sound, and bash really completes."""

import shutil
import subprocess

import desk
from desk import USAGE, DeskCase


class Completions(DeskCase):
    def script(self, shell):
        done = self.run_toban("completions", shell)
        self.assertEqual(done.status, desk.DONE)
        path = f"{self.folder}/completions.{shell}"
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(done.out)
        return path

    def complete(self, *words):
        """What bash offers for the last word, as if Tab were pressed behind it."""
        source = f"""
            source {self.script("bash")}
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
            _toban
            printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        ran = subprocess.run(["bash", "-c", source, "bash", desk.PROGRAM, *words], check=True,
                             stdout=subprocess.PIPE, encoding="utf-8", timeout=60, cwd=self.folder)
        return ran.stdout.split()

    def test_scripts__are_accepted_by_their_shells(self):
        for shell in ("bash", "zsh", "fish"):
            path = self.script(shell)
            if shutil.which(shell):
                subprocess.run([shell, "-n", path], check=True, timeout=60)

    def test_bash__completes_commands_and_options(self):
        self.assertEqual(self.complete("sh"), ["show"])
        self.assertIn("--overdue", self.complete("list", "--"))
        self.assertNotIn("--overdue", self.complete("show", "--"))
        self.assertEqual(self.complete("--lang", "j"), ["ja"])
        self.assertEqual(self.complete("--lang", "=", "e"), ["en"])
        self.assertEqual(self.complete("--as", "dc-owner", "verif"), ["verify"])

    def test_bash__completes_cases_and_steps_of_the_desk(self):
        case = self.report("security-breach")
        where = ["--desk", self.path, "--as", "dc-owner"]
        self.assertEqual(self.complete(*where, "show", case[:3]), [case])
        self.assertEqual(self.complete(*where, "act", case, "ackn"), ["acknowledge"])
        self.assertIn("approve-result", self.complete(*where, "act", case, ""))

    def test_unknown_shell__is_refused(self):
        self.assertEqual(self.run_toban("completions", "tcsh").status, USAGE)


if __name__ == "__main__":
    desk.main()
