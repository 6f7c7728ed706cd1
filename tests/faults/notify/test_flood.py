#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""F33b: thousands wait when a receiver is back from an outage.

FLOOD_MESSAGES: how many; more than the usual 2,000 is for a quiet machine.
"""

import base64
import os
import random
import threading
import time

import harness
from receiver import Receiver

MESSAGES = int(os.environ.get("FLOOD_MESSAGES", "2000"))
SEED = 20261130
PLACES = 4  # exchanges with one receiver at the same time
# The sanitizers keep freed memory and shadows of it: what they add is not the program's.
MEMORY_KIB = (512 if os.environ.get("SANITIZED") == "yes" else 64) * 1024
TEXTS = ["障害", "é\u0301", "\U0001f600", "\\\"", "\u202e", "a", " ", "0", "}", "\\n"]


def peak_kib(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


class Flood(harness.SenderTest):
    def setUp(self):
        super().setUp()
        # The flood beside a second receiver with little to get; each has a secret of its own.
        self.source = random.Random(SEED)
        self.secrets = {name: "whsec_" + base64.b64encode(self.source.randbytes(32)).decode()
                        for name in ("flood", "quiet")}
        self.receivers = {name: Receiver() for name in self.secrets}
        for receiver in self.receivers.values():
            self.addCleanup(receiver.stop)
        self.desk.put([{"name": name, "url": self.receivers[name].url("/ok"), "secret": secret}
                       for name, secret in self.secrets.items()])
        self.answers = threading.Event()
        self.answers.set()
        self.addCleanup(self.answers.set)

    def fill(self, target, prefix, count, **more):
        """Messages with bodies of any characters; their bodies by id."""
        bodies = {f"{prefix}-{i:05}": f'{{"n":{i},"text":"{"".join(self.source.choices(TEXTS, k=30))}"}}'
                  for i in range(count)}
        self.desk.put(messages=[{"id": name, "target": target, "body": body, **more}
                                for name, body in bodies.items()])
        return bodies

    def outage(self, port):
        """All of the flood is tried once while nobody listens, as far as a moment allows."""
        self.desk.once()
        tried = self.desk.sql("SELECT count(*) AS n FROM outbox WHERE attempts > 0 AND state = 'waiting'")
        self.assertGreater(tried[0]["n"], 0)
        self.desk.sql("UPDATE outbox SET next_at = 0 WHERE state = 'waiting'")
        self.receivers["flood"] = Receiver(port=port)
        self.addCleanup(self.receivers["flood"].stop)

    def test_f33b__a_flood_after_an_outage_drains_in_order_and_delays_nothing_urgent(self):
        port = self.receivers["flood"].port
        self.receivers["flood"].stop()
        bodies = self.fill("flood", "m", MESSAGES)
        self.outage(port)
        back = self.receivers["flood"]
        back.before_answer = lambda _: self.answers.wait(60)
        peaks, urgent = [], {}
        with harness.Lateness() as late:
            for part in (1, 2, 3):  # killed twice on the way
                sender = self.desk.start()
                self.assertTrue(back.wait(part * MESSAGES // 4, 120))
                # From here on the flood gets no answer: what is urgent must not wait for one.
                self.answers.clear()
                before = time.time()
                urgent.update(self.fill("flood", f"u{part}", 1, urgent=True))
                urgent.update(self.fill("quiet", f"q{part}", 1))
                for receiver, name in ((back, f"u{part}-00000"), (self.receivers["quiet"], f"q{part}-00000")):
                    self.assertLess(self.arrival(receiver, name) - before, 2 + late.worst, name)
                self.answers.set()
                peaks.append(peak_kib(sender))
                if part < 3:
                    sender.kill()
                    sender.communicate(timeout=60)
            self.assertTrue(self.desk.wait_for(
                lambda rows: all(row["state"] == "sent" for row in rows.values()), 120))
            peaks.append(peak_kib(sender))
            sender.terminate()
            sender.communicate(timeout=60)
        self.assertLess(max(peaks), MEMORY_KIB)
        self.check_received({**bodies, **urgent})

    def arrival(self, receiver, name):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with receiver.lock:
                for request in receiver.requests:
                    if request.id == name:
                        return request.at
            time.sleep(0.005)
        self.fail(f"{name} did not come")

    def check_received(self, expected):
        requests = [r for receiver in self.receivers.values() for r in receiver.requests]
        self.assertEqual({r.id: r.body.decode() for r in requests}, expected)  # none lost, none invented
        # At most what was under way is repeated by each of the two kills.
        self.assertLessEqual(len(requests) - len(expected), 2 * (PLACES + 1))
        for name, receiver in self.receivers.items():
            self.assert_signed(receiver.requests, self.secrets[name])
        # In order but for what is under way at the same time: no other is ever left behind.
        numbers = dict.fromkeys(int(r.id[2:]) for r in self.receivers["flood"].requests if r.id[0] == "m")
        highest = -1
        for count, number in enumerate(numbers, 1):
            highest = max(highest, number)
            self.assertLessEqual(highest + 1 - count, PLACES)


if __name__ == "__main__":
    harness.main()
