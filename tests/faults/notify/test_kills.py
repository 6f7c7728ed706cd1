#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""F33: the sender is killed at every call that writes, and around every answer.

The sender's clock stands, so that each run has a time of its own: which run sent
a request is seen by its timestamp, and nothing depends on how fast the machine is.
"""

import collections
import os
import queue
import time

import harness
from receiver import Receiver

SYSFAULT = os.environ["SYSFAULT_LIB"]
KILLS = 200
STEP = int(os.environ.get("FAULT_STEP", "1"))  # a sanitized program starts slowly: every so many points
MODES = ["kill", "killed", "torn"]  # before the call, after it, in the middle of a write
APART_S = 100
FAR_MS = 4102444800000  # 2100


class Kills(harness.SenderTest):
    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.stop)
        self.began = int(time.time())
        # All there will ever be, far in the future; each run makes two of them due.
        self.desk.put([{"name": "t", "url": self.receiver.url("/ok")}],
                      [{"id": f"m-{i:04}", "target": "t", "next_at": FAR_MS, "body": f'{{"n":{i}}}'}
                       for i in range(4 * KILLS)])
        self.expected = {}
        self.runs = 0

    def make_due(self, count):
        self.runs += 1
        for n in range(len(self.expected), len(self.expected) + count):
            self.expected[f"m-{n:04}"] = f'{{"n":{n}}}'
        self.desk.sql("UPDATE outbox SET next_at = 0 WHERE state = 'waiting' AND id <= ?", max(self.expected))
        return {"TOBAN_NOW": str(self.began + self.runs * APART_S)}

    def recorded(self):
        return {row["id"] for row in self.desk.sql("SELECT id FROM outbox WHERE state = 'sent'")}

    def check_after_kill(self, recorded_before, asked_before):
        recorded = self.recorded()
        asked = collections.Counter(self.receiver.ids())
        self.assertLessEqual(recorded, set(asked))  # nothing counts as sent that nobody received
        self.assertLessEqual(len(set(asked) - recorded), 1)  # so the next run repeats one at most
        for name in recorded_before:
            self.assertEqual(asked[name], asked_before[name], f"{name} was sent again")

    def check_end(self, kills):
        self.assertEqual(self.desk.once(env=self.make_due(0))["status"], 0)
        ids = self.receiver.ids()
        self.assertEqual(set(ids), set(self.expected))  # none lost, none invented
        self.assertEqual(self.recorded(), set(self.expected))
        self.assertEqual({r.id: r.body.decode() for r in self.receiver.requests}, self.expected)
        self.assertLessEqual(len(ids) - len(self.expected), kills)
        stamps = collections.defaultdict(list)
        for request in self.receiver.requests:
            self.assertEqual(request.headers["webhook-signature"], harness.signature(request))
            stamps[request.id].append(int(request.headers["webhook-timestamp"]))
        for name, times in stamps.items():
            # Each attempt has the time of its own run.
            self.assertEqual(times, sorted(set(times)), name)
            self.assertTrue(all((at - self.began) % APART_S == 0 for at in times), name)
        return len(ids) - len(self.expected)

    def killed_at(self, mode, point):
        """Whether the sender was killed at that call; else it went beyond the last, or none was torn."""
        before, asked = self.recorded(), collections.Counter(self.receiver.ids())
        env = {**self.make_due(2), "LD_PRELOAD": SYSFAULT, "SYSFAULT": f"{mode}:{point}"}
        status = self.desk.once(env=env)["status"]
        self.assertIn(status, (0, -9))
        self.check_after_kill(before, asked)
        return status == -9

    def test_f33__killed_at_each_write__loses_nothing(self):
        points = 1
        while self.killed_at("kill", points):
            points += 1
        self.assertGreater(points, 5)
        kills = points - 1
        while kills < KILLS // STEP:
            for mode in MODES:
                kills += sum(self.killed_at(mode, point) for point in range(1, points, STEP))
        repeated = self.check_end(kills)
        self.assertGreater(repeated, 0)  # else no kill came between an answer and its record
        print(f"{len(self.expected)} messages, {kills} kills, {repeated} sent twice", end=" ")

    def kill_at(self, hook, kills):
        """Kills the sender at the first request of each run, before or after it is answered."""
        for _ in range(kills):
            before, asked = self.recorded(), collections.Counter(self.receiver.ids())
            started = queue.SimpleQueue()  # the first request may come before start() is back
            setattr(self.receiver, hook, lambda _, started=started: started.get().kill())
            sender = self.desk.start("--once", env=self.make_due(2))
            started.put(sender)
            sender.communicate(timeout=60)
            setattr(self.receiver, hook, None)
            self.assertEqual(sender.returncode, -9)
            self.check_after_kill(before, asked)

    def test_f33__killed_before_the_answer__sends_it_again(self):
        kills = 20 // STEP + 1
        self.kill_at("before_answer", kills)
        self.assertEqual(self.check_end(kills), kills)

    def test_f33__killed_after_the_answer__repeats_one_at_most(self):
        kills = 20 // STEP + 1
        self.kill_at("after_answer", kills)
        self.check_end(kills)


if __name__ == "__main__":
    harness.main()
