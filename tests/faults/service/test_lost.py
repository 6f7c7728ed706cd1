# SPDX-License-Identifier: MIT
"""F03, F04 over the socket: the disk fails while many desks write with one sync.  Who is told
"recorded" finds it there, who is told "not recorded" does not, and nothing is there twice."""

import os
import random
import signal
import unittest

from harness import Gone, ServiceTest

DESKS = 8
ROUNDS = 3
MODES = ("eio", "eio-few", "eio-ever", "enospc-ever", "killed")
POINTS = int(os.environ.get("LOST_POINTS", "3"))
SEED = int(os.environ.get("LOST_SEED", str(random.randrange(1 << 30))))

# Calls that write until the desks are there, and those of the rounds: measured, and roughly so.
FIRST, LAST = 40, 150


class LostTest(ServiceTest):
    def test_F03_group__lost_at_a_call__tells_no_lie(self):
        chance = random.Random(SEED)
        self.serve()
        desk = self.open("dc-operator-1")
        cases = [desk.report() for _ in range(DESKS)]
        desk.close()
        self.end()
        said = {}
        for mode in MODES:
            for _ in range(POINTS):
                self.one_run(f"{mode}:{chance.randrange(FIRST, LAST)}", cases, said)
        self.check(said)

    def one_run(self, fault, cases, said):
        try:
            self.serve({"LD_PRELOAD": os.environ["SYSFAULT_LIB"], "SYSFAULT": fault,
                        "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"})
            desks = [self.open("dc-operator-1") for _ in range(DESKS)]
        except AssertionError:
            self.end(signal.SIGKILL)  # the fault was in its way from the start
            return
        for _ in range(ROUNDS):
            for number, desk in enumerate(desks):
                desk.text = f"note {len(said)}"
                said[desk.text] = (fault, "sent")
                try:
                    desk.note(cases[number], desk.text, f"01{len(said):024d}")
                except Gone:
                    pass
            for desk in desks:
                try:
                    answer = desk.receive()
                except Gone:
                    continue
                said[desk.text] = (fault, answer["error"]["code"] if "error" in answer else "ok")
        for desk in desks:
            desk.close()
        self.end(signal.SIGKILL)

    def check(self, said):
        notes = self.notes()
        self.assertEqual(len(notes), len(set(notes)), f"recorded twice, seed {SEED}")
        for text, (fault, answer) in said.items():
            if answer == "ok":
                self.assertIn(text, notes, f"acknowledged and missing: {fault}, seed {SEED}")
            elif answer not in ("sent", "D412", "D440"):
                self.assertNotIn(text, notes, f"{answer}, and there: {fault}, seed {SEED}")
        self.verify()
        answers = [answer for _, answer in said.values()]
        self.assertIn("ok", answers)
        print({answer: answers.count(answer) for answer in sorted(set(answers))}, f"seed {SEED}")


if __name__ == "__main__":
    unittest.main()
