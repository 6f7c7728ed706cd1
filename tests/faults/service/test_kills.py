# SPDX-License-Identifier: MIT
"""F05: the service is killed at random while desks write without pause.  What was acknowledged is
there once; what was not is there at most once; the desk works again at once."""

import os
import random
import signal
import time
import unittest

from kills import SEED, KillCase, Writer

ROUNDS = int(os.environ.get("SERVICE_KILLS", "20"))
DESKS = 6

# A restart takes some 0.1 s; what a busy machine adds to that is no fault.
USABLE_S = 20


class KillTest(KillCase):
    def test_F05_kills__at_random__lose_nothing(self):
        chance = random.Random(SEED)
        self.serve()
        writers = [Writer(self, number) for number in range(DESKS)]
        for writer in writers:
            writer.start()
        worst = 0
        for _ in range(ROUNDS):
            time.sleep(chance.uniform(0.02, 0.3))
            self.end(signal.SIGKILL)
            began = time.monotonic()
            self.serve()
            worst = max(worst, time.monotonic() - began)
        self.end_writers(writers)
        notes = self.notes()
        self.check_writers(writers, notes)
        self.assertGreater(sum(len(writer.acknowledged) for writer in writers), ROUNDS)
        self.verify()
        self.assertLess(worst, USABLE_S, "not usable again soon enough")
        print(f"{ROUNDS} kills, {len(notes)} notes, usable after {worst:.3f} s at worst")


if __name__ == "__main__":
    unittest.main()
