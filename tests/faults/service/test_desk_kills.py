# SPDX-License-Identifier: MIT
"""F05: the service and real desks, commands and screens, are killed at random under load.  What a
command said to be recorded, by its words or its status, is there; the same id again records
nothing twice; what a killed screen had saved is a draft or recorded, and recorded at most once."""

import json
import os
import random
import signal
import subprocess
import threading
import time
import unittest

from harness import PATIENCE_S, PROGRAM, Gone
from kills import SEED, KillCase, Writer
from screen import Screen

ROUNDS = int(os.environ.get("KILL_ROUNDS", "200"))
# Of every so many kills one at least is that of the service, or of a screen.
SERVICE_SHARE, SCREEN_SHARE = 20, 40
WRITERS, COMMANDS = 2, 2
DONE, UNUSABLE = 0, 7


class Killer(threading.Thread):
    """A person whose program is killed again and again."""

    def __init__(self, test, number):
        super().__init__(daemon=True)
        self.test = test
        self.chance = random.Random(SEED + 100 + number)
        self.number = number
        self.kills = 0
        self.stopping = False
        self.fault = None

    def run(self):
        try:
            self.work()
        except BaseException as fault:  # of a thread nobody would hear
            self.fault = fault


class Commands(Killer):
    """`toban act`, sent again under its id until it ends well."""

    def __init__(self, test, number):
        super().__init__(test, number)
        self.sent, self.acknowledged, self.refused = [], [], []
        self.usual = 0.05  # seconds that one takes

    def work(self):
        case, count = self.test.cases[self.number], 0
        while not self.stopping:
            text = f"c{self.number}-{count}"
            self.sent.append(text)
            seqs = set()
            while not self.once(case, text, f"01{self.number:02d}{count:022d}", seqs):
                pass
            self.acknowledged.append(text)
            if len(seqs) != 1:
                self.refused.append((text, seqs))
            count += 1

    def once(self, case, text, event, seqs):
        """Whether it ended well; `seqs` gets what it said to be recorded, killed or not."""
        began = time.monotonic()
        program = subprocess.Popen(
            [PROGRAM, "--desk", "unix:" + self.test.socket_path, "--as", "dc-operator-1", "--json",
             "act", case, "note", "--set", "text=" + text, "--event", event],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        dies = self.chance.random() < 0.5
        try:
            out, err = program.communicate(timeout=self.chance.uniform(0, 1.5 * self.usual) if dies
                                           else PATIENCE_S)
            self.usual += 0.2 * (time.monotonic() - began - self.usual)
        except subprocess.TimeoutExpired:
            program.kill()
            self.kills += 1
            out, err = program.communicate()
        if out.strip():
            seqs.add(json.loads(out)["seq"])
        if program.returncode not in (DONE, UNUSABLE, -signal.SIGKILL):
            raise AssertionError(f"{text}: {program.returncode} {out} {err}")
        return program.returncode == DONE


class Typist(Killer):
    """A screen on which reports are typed and some sent; killed each time."""

    def __init__(self, test, number):
        super().__init__(test, number)
        self.saved, self.sent, self.acknowledged = [], [], []

    def work(self):
        while not self.stopping:
            text = f"typed-{self.number}-{self.kills}-"
            try:
                screen = Screen(self.test.dir, "--desk", "unix:" + self.test.socket_path, "--as",
                                "dc-operator-2")
            except Gone:
                continue  # the service was away
            try:
                self.type(screen, text)
            finally:
                screen.kill()
                self.kills += 1

    def type(self, screen, text):
        screen.keys("nyunnnn\r")
        if b"in one line" not in screen.written:
            return  # the service was away when the form was asked for
        screen.keys(text)
        self.await_saved(screen, text)
        self.saved.append(text)
        if self.chance.random() < 0.4:
            screen.keys("x" * self.chance.randrange(20))
            return
        screen.keys("\tsituation\tcontact\x13")
        self.sent.append(text)
        screen.send("y")
        if self.chance.random() < 0.5:
            # Not a wait for something: the moment of the kill is the fault.
            time.sleep(self.chance.uniform(0, 0.02))
        else:
            screen.wait(lambda: screen.done() >= screen.sent)
        if b"is recorded" in screen.written:
            self.acknowledged.append(text)


    def await_saved(self, screen, text):
        until = time.monotonic() + PATIENCE_S
        while text not in self.test.drafts():
            screen.take()
            if time.monotonic() > until:
                raise AssertionError(f"{text} is not saved: {screen.written[-3000:]}")


class DeskKillTest(KillCase):
    def drafts(self):
        """The titles of the typist's drafts, whatever becomes of the service meanwhile."""
        while True:
            try:
                desk = self.open("dc-operator-2")
                try:
                    rows = desk.result("draft.list")["drafts"]
                finally:
                    desk.close()
                return " ".join(row["title"] for row in rows)
            except (Gone, OSError):
                if getattr(self, "over", False):
                    raise

    def start(self):
        self.serve()
        desk = self.open("dc-operator-1")
        self.cases = [desk.report() for _ in range(COMMANDS)]
        desk.close()
        writers = [Writer(self, 50 + number) for number in range(WRITERS)]
        commands = [Commands(self, number) for number in range(COMMANDS)]
        typist = Typist(self, COMMANDS)
        for thread in (*writers, *commands, typist):
            thread.start()
        return writers, commands, typist

    def is_enough(self, service, killers, typist):
        for killer in killers:
            if killer.fault:
                raise killer.fault
        return (service + sum(killer.kills for killer in killers) >= ROUNDS and
                service * SERVICE_SHARE >= ROUNDS and typist.kills * SCREEN_SHARE >= ROUNDS)

    def test_F05_kills__of_service_and_desks__lose_nothing(self):
        chance = random.Random(SEED)
        writers, commands, typist = self.start()
        killers = [*commands, typist]
        service = 0
        while not self.is_enough(service, killers, typist):
            time.sleep(chance.uniform(0.05, 0.5))
            self.end(signal.SIGKILL)
            self.serve()
            service += 1
        for killer in killers:
            killer.stopping = True
        for killer in killers:
            killer.join(PATIENCE_S)
            self.assertFalse(killer.is_alive())
            self.assertIsNone(killer.fault)
        self.end_writers(writers)
        self.check_writers([*writers, *commands], self.notes())
        self.check_screens(typist)
        self.verify()
        print(f"{service} kills of the service, {sum(c.kills for c in commands)} of commands, "
              f"{typist.kills} of screens; {len(typist.sent)} of {len(typist.saved)} reports sent, seed {SEED}")

    def check_screens(self, typist):
        """By the file itself: the service is over."""
        who = ("--as", "dc-operator-2", "call")
        titles = [row["title"] for row in json.loads(
            self.run_toban(*who, "draft.list", "{}"))["drafts"]]
        cases, after = [], None
        while True:
            page = json.loads(self.run_toban(*who, "incident.list", json.dumps(
                {"limit": 500, **({"after": after} if after else {})})))
            cases += [row["title"] for row in page["incidents"]]
            after = page["next"]
            if not after:
                break
        for text in typist.saved:
            recorded = sum(text in title for title in cases)
            drafts = sum(text in title for title in titles)
            where = f"{text}: {recorded} recorded, {drafts} drafts, seed {SEED}"
            self.assertLessEqual(recorded, 1, where)
            self.assertGreaterEqual(recorded + drafts, 1, where)
            if text not in typist.sent:
                self.assertEqual(recorded, 0, where)
            if text in typist.acknowledged:
                self.assertEqual(recorded, 1, where)


if __name__ == "__main__":
    unittest.main()
