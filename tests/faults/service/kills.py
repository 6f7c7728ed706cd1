# SPDX-License-Identifier: MIT
"""What the tests that kill share: desks that write without pause, and a way to a service that may
be gone at any moment."""

import os
import random
import signal
import threading
import time

from harness import Desk, Gone, ServiceTest

SEED = int(os.environ.get("KILL_SEED", str(random.randrange(1 << 30))))


class Writer(threading.Thread):
    """Writes until it is told to stop; a step that was not answered is sent again under its id."""

    def __init__(self, test, number):
        super().__init__(daemon=True)
        self.test = test
        self.number = number
        self.sent = []
        self.acknowledged = []
        self.refused = []
        self.stopping = False
        self.dies = random.Random(SEED + number)

    def run(self):
        desk = None
        case = None
        count = 0
        while not self.stopping:
            text = f"{self.number}-{count}"
            event = f"01{self.number:02d}{count:022d}"
            try:
                desk = desk or self.test.open("dc-operator-1")
                case = case or desk.report()
                if text not in self.sent:
                    self.sent.append(text)
                desk.note(case, text, event)
                if self.dies.random() < 0.02:
                    desk.close()  # this desk was killed before it heard
                    desk = None
                    continue
                answer = desk.receive()
            except (Gone, OSError):
                if desk:
                    desk.close()
                desk = None
                continue
            if "result" in answer:
                self.acknowledged.append(text)
                count += 1
            elif answer["error"]["class"] != "unusable":
                self.refused.append(answer)
                break
        if desk:
            desk.close()


class KillCase(ServiceTest):
    def open(self, person):
        """As ever, but the service may be gone at any moment."""
        while True:
            try:
                return self.dial(person)
            except (Gone, OSError):
                if getattr(self, "over", False):
                    raise
                time.sleep(0.01)

    def dial(self, person):
        desk = Desk(self.socket_path, person)
        if "welcome" not in desk.welcome:
            desk.close()
            raise Gone
        return desk

    def check_writers(self, writers, notes):
        """What was acknowledged is there once; what was not is there at most once."""
        for writer in writers:
            self.assertEqual(writer.refused, [], f"seed {SEED}")
            missing = set(writer.acknowledged) - set(notes)
            self.assertEqual(missing, set(), f"acknowledged and missing, seed {SEED}")
        self.assertEqual(len(notes), len(set(notes)), f"recorded twice, seed {SEED}")
        unknown = set(notes) - {text for writer in writers for text in writer.sent}
        self.assertEqual(unknown, set(), f"never sent, seed {SEED}")

    def end_writers(self, writers):
        for writer in writers:
            writer.stopping = True
        for writer in writers:
            writer.join(120)
            self.assertFalse(writer.is_alive())
        self.over = True
        self.end(signal.SIGTERM)
