#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A night: fifty incidents, eight receivers of which three are broken, and a sender that is killed and killed.

People report, acknowledge, instruct and decide through the command line, as fast as it goes, while
whoever sends is killed at requests drawn by lot, before or after the answer, and started again.
NIGHT_KILLS: how often at most; 200 is for a quiet machine.
"""

import base64
import collections
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import harness
from receiver import Deaf, Receiver

PROGRAM = os.environ["TOBAN_PROGRAM"]
INCIDENTS = int(os.environ.get("NIGHT_INCIDENTS", "50"))
KILLS = int(os.environ.get("NIGHT_KILLS", "60"))
SEED = 20261129
TIMEOUT_MS = 2000
HANDOVER_S = 0.6  # a sender's grace at its end, and how often the next one looks
HEALTHY = {"board": ("/ok", "*"), "chat": ("/ok", "*"), "pager": ("/ok", "crisis"), "slow": ("/slow/40", "*"),
           "office": ("/ok", "incident.report incident.decide-major crisis")}
BROKEN = {"hangs": "/hang", "resets": "/reset"}  # and one that accepts nothing
CATEGORIES = ["business-disruption", "service-disruption", "information-impairment", "security-breach",
              "control-failure"]


class Keeper(threading.Thread):
    """Keeps a sender at work; kills it when told, and writes down what was recorded by then."""

    def __init__(self, command, env, recorded):
        super().__init__(daemon=True)
        self.command = command
        self.env = env
        self.recorded = recorded
        self.lock = threading.Lock()
        self.process = None
        self.kills = 0
        self.died = []
        self.stopping = False
        self.start_one()
        self.start()

    def start_one(self):
        self.process = subprocess.Popen(self.command, env=self.env, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL)

    def kill(self):
        with self.lock:
            if self.process.poll() is None and not self.stopping:
                self.process.kill()
                self.kills += 1
                self.died.append(time.time())

    def run(self):
        while True:
            status = self.process.wait()
            with self.lock:
                if self.stopping:
                    return
                self.recorded()
                if status != -9:
                    return  # it ended by itself: the test sees that nothing comes any more
                self.start_one()

    def stop(self):
        with self.lock:
            self.stopping = True
            if self.process.poll() is None:
                self.process.terminate()
        self.join(60)
        return self.process.wait()


class Night(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.lots = random.Random(SEED)
        self.folder = tempfile.TemporaryDirectory(prefix="toban-night-")
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, "desk.db")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("TOBAN_")}
        self.env.update(TOBAN_DESK=self.path, HOME=self.folder.name, LANG="C.UTF-8")
        self.toban(None, "init", "--example")
        self.secrets, self.receivers = {}, {}
        self.keeper = None
        self.final = {}  # id: how often it had been asked for when it was found recorded
        self.lot_lock = threading.Lock()
        for name, (path, events) in HEALTHY.items():
            self.add_target(name, Receiver(), path, events)
        for name, path in BROKEN.items():
            self.add_target(name, Receiver(), path, "*")
        self.add_target("deaf", Deaf(True), "/ok", "*")

    def add_target(self, name, receiver, path, events):
        self.addCleanup(receiver.stop)
        secret = "whsec_" + base64.b64encode(self.lots.randbytes(32)).decode()
        file = os.path.join(self.folder.name, name)
        with open(file, "w", encoding="ascii") as out:
            out.write(secret + "\n")
        os.chmod(file, 0o600)
        self.toban("admin", "target", "add", name, receiver.url(path), "--events", events,
                   "--secret-file", file, "--allow-http", "--allow-private")
        if name in HEALTHY:
            self.receivers[name], self.secrets[name] = receiver, secret
            receiver.before_answer = receiver.after_answer = self.draw_lot

    def toban(self, who, *args, document=None):
        command = [PROGRAM, "--json", *(["--as", who] if who else []), *args]
        done = subprocess.run(command, env=self.env, check=False, timeout=120, capture_output=True,
                              input=json.dumps(document).encode() if document is not None else b"")
        self.assertEqual(done.returncode, 0, (command, done.stderr))
        return json.loads(done.stdout) if done.stdout.strip() else None

    def draw_lot(self, _request):
        with self.lot_lock:
            unlucky = self.keeper and self.keeper.kills < self.most_kills and self.lots.random() < KILLS / 700
        if unlucky:
            self.keeper.kill()

    # --- what people do ------------------------------------------------------------------

    def act(self, who, case, step, **fields):
        self.toban(who, "act", case, step, "--from", "-", document=fields)

    def incident(self, number):
        major = number % 5 == 0
        answers = {key: "no" for key in CATEGORIES}
        answers[CATEGORIES[number % 5]] = "yes"
        answers["major-accident"] = "yes" if major else "no"
        case = self.toban("dc-operator-1", "report", "--from", "-", document={
            "title": f"停電 {number}", "situation": "\u202e見回り\n<b>", "contact": "2201", "answers": answers})["id"]
        if number % 3:
            self.act("dc-owner", case, "acknowledge")
        if major:
            self.act("office-head", case, "decide-major", major="yes", why="Two sites.")
        if number % 2:
            self.act("dc-owner", case, "instruct", to=["dc-operator-2"], text="Look.", due="2h")

    # --- what must be true -----------------------------------------------------------------

    def rows(self):
        return harness.read_rows(self.path, "SELECT * FROM outbox ORDER BY num")

    def asked(self):
        counts = collections.Counter()
        for receiver in self.receivers.values():
            counts.update(receiver.ids())
        return counts

    def note_recorded(self):
        """At the death of a sender: what is recorded now must never be asked for again."""
        recorded = [row["id"] for row in self.rows() if row["state"] == "sent"]
        counts = self.asked()  # behind it: the sender of a service that was killed may still be at work
        for name in recorded:
            self.final.setdefault(name, counts[name])

    def all_promises_kept(self):
        return all(row["state"] == "sent" for row in self.rows() if row["target"] in HEALTHY)

    def wait_until_kept(self):
        end = time.monotonic() + 120
        while not self.all_promises_kept():
            self.assertLess(time.monotonic(), end, "promised messages do not arrive")
            time.sleep(0.05)

    def check_arrivals(self):
        promised = {row["id"]: row for row in self.rows()}
        counts = self.asked()
        bodies = {}
        self.assertEqual(set(counts), {row["id"] for row in promised.values() if row["target"] in HEALTHY})
        for name, receiver in self.receivers.items():
            for request in receiver.requests:
                row = promised[request.id]
                self.assertEqual(row["target"], name)
                self.assertEqual(json.loads(request.body)["type"], row["type"])
                self.assertEqual(bodies.setdefault(request.id, request.body), request.body)
                self.assertEqual(request.headers["webhook-signature"],
                                 harness.signature(request, self.secrets[name]))
                self.assertLess(abs(int(request.headers["webhook-timestamp"]) - request.at), 60)
        for name, count in self.final.items():
            self.assertEqual(counts[name], count, f"{promised[name]} was recorded, and sent again")
        # Of each receiver one is under way when the sender dies.
        self.assertLessEqual(counts.total() - len(counts), self.keeper.kills * len(HEALTHY))
        return counts

    def check_urgent(self, lateness, crises):
        """Each urgent message was tried at each healthy receiver within 2 s."""
        firsts = {}
        for receiver in self.receivers.values():
            for request in receiver.requests:
                firsts.setdefault(request.id, request.at)
        urgent = [row for row in self.rows() if row["urgent"] and row["target"] in HEALTHY]
        self.assertGreaterEqual(len(urgent), crises * len(HEALTHY))
        waits = []
        for row in urgent:
            made, tried = row["created_at"] / 1000, firsts[row["id"]]
            deaths = sum(made <= at <= tried for at in self.keeper.died)
            waits.append((tried - made, deaths))
            # Whoever was killed is started again; from the second death on while one message waits,
            # the time it takes to hand over is not its own to answer for either.
            allowed = lateness + deaths * self.start_s + max(0, deaths - 1) * HANDOVER_S
            self.assertLess(tried - made, 2 + allowed, (row, deaths))
        return sorted(waits)

    def test_night__the_sender_is_killed__every_promise_is_kept(self):
        self.play([self.SENDER, "--desk", self.path, "--timeout", str(TIMEOUT_MS)], INCIDENTS, KILLS)

    def test_night__the_service_is_killed__every_promise_is_kept(self):
        self.play([PROGRAM, "serve"], INCIDENTS // 2, KILLS // 2)
        # What the desk does by itself - nothing is due so soon - and the record are whole.
        self.assertTrue(self.toban("auditor-1", "verify", "--rebuild")["ok"])

    def play(self, command, incidents, kills):
        self.most_kills = kills
        began = time.monotonic()
        subprocess.run([self.SENDER, "--desk", self.path, "--once"], check=True,
                       stdout=subprocess.DEVNULL, timeout=60)
        self.start_s = time.monotonic() - began
        self.keeper = Keeper(command, self.env, self.note_recorded)
        self.addCleanup(self.keeper.stop)
        with harness.Lateness() as late:
            for number in range(incidents):
                self.incident(number)
            self.wait_until_kept()
        self.assertEqual(self.keeper.stop(), 0)
        counts = self.check_arrivals()
        waits = self.check_urgent(late.worst, incidents // 5)
        for row in self.rows():
            if row["target"] not in HEALTHY:  # kept, and tried
                self.assertEqual(row["state"], "waiting")
        self.assertGreater(self.keeper.kills, kills // 4)
        self.assertGreater(len(self.final), 0)
        print(f"{len(counts)} messages, {self.keeper.kills} kills, {counts.total() - len(counts)} sent twice, "
              f"urgent after {waits[len(waits) // 2][0]:.3f} s, at most {waits[-1][0]:.3f} s ({waits[-1][1]} kills), "
              f"a start takes {self.start_s:.3f} s", end=" ")


if __name__ == "__main__":
    _, Night.SENDER = harness.programs()
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
