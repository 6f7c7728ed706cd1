# SPDX-License-Identifier: MIT
"""Many desks at once: F15 (the -wal stays bounded beside who stands still), F16 (all at the same
instant), F17 (without pause; LOAD_S for longer), F20 (a backup made meanwhile)."""

import json
import os
import pty
import select
import signal
import sqlite3
import subprocess
import threading
import time
import unittest

from harness import PROGRAM, ServiceTest

DESKS = 32
LOAD_S = float(os.environ.get("LOAD_S", "1"))
STEPS = int(os.environ.get("WAL_STEPS", "1000"))
BACKUPS = int(os.environ.get("BACKUPS", "20"))
WAL_MOST = 16 << 20
WAL_TOLD = 64 << 20
HERDS = 10

# The aim is 0.25 s on a quiet machine; this one may be anything but that.
WORST_S = 20


class LoadTest(ServiceTest):
    def setUp(self):
        super().setUp()
        self.serve()
        self.desks = [self.open("dc-operator-1") for _ in range(DESKS)]
        self.cases = [desk.report() for desk in self.desks]
        self.count = 0
        self.acknowledged = []

    def tearDown(self):
        for desk in self.desks:
            desk.close()
        super().tearDown()

    def note(self, number):
        self.count += 1
        self.desks[number].sent = f"note {self.count}"
        self.desks[number].note(self.cases[number], self.desks[number].sent, f"01{self.count:024d}")

    def answer(self, number):
        """Every step is recorded: none is told that the desk is busy."""
        answer = self.desks[number].receive()
        self.assertIn("result", answer, answer)
        self.acknowledged.append(self.desks[number].sent)

    def each_answered(self, until, go_on):
        """Takes answers as they come; `go_on(number)` after each.  Counts them per desk."""
        counts = [0] * DESKS
        by_socket = {desk.socket: number for number, desk in enumerate(self.desks)}
        waiting = set(by_socket)
        while waiting:
            for ready in select.select(list(waiting), [], [], 120)[0]:
                number = by_socket[ready]
                self.answer(number)
                counts[number] += 1
                if until():
                    waiting.discard(ready)
                else:
                    go_on(number)
        return counts

    def test_F16_herd__at_the_same_instant__all_are_answered(self):
        worst = 0
        for _ in range(HERDS):
            began = time.monotonic()
            for number in range(DESKS):
                self.note(number)
            for number in range(DESKS):
                self.answer(number)
            worst = max(worst, time.monotonic() - began)
        self.assertLess(worst, WORST_S)
        self.verify()
        print(f"{HERDS} herds of {DESKS}: the last was answered after {worst * 1000:.0f} ms at worst")

    def test_F17_without_pause__is_fair(self):
        end = time.monotonic() + LOAD_S
        for number in range(DESKS):
            self.note(number)
        counts = self.each_answered(lambda: time.monotonic() > end, self.note)
        self.assertGreaterEqual(min(counts) * 2, sum(counts) / DESKS, counts)
        print(f"{sum(counts) / LOAD_S:.0f} steps/s, the poorest {min(counts) * DESKS / sum(counts):.2f} of the mean")

    def test_F15_wal__beside_who_stands_still__stays_bounded(self):
        # A desk that was stopped while pushes come, and one that has the file open itself.
        still = self.open("auditor-1")
        beside = self.screen()
        beside.send_signal(signal.SIGSTOP)
        most = 0
        steps = 0
        try:
            for number in range(DESKS):
                self.note(number)
            while steps < STEPS:
                for number in range(DESKS):
                    self.answer(number)
                    self.note(number)
                steps += DESKS
                most = max(most, os.stat(self.desk_path + "-wal").st_size)
            for number in range(DESKS):
                self.answer(number)
        finally:
            beside.kill()
            beside.wait()
            still.close()
        self.assertLess(most, WAL_MOST)
        self.assertGreater(most, 0)
        print(f"-wal at most {most >> 10} KiB in {steps} steps")

    def test_F15_wal__beside_who_stands_still_while_reading__is_told_and_shrinks_again(self):
        reader = sqlite3.connect(f"file:{self.desk_path}?mode=ro", uri=True, isolation_level=None)
        reader.execute("BEGIN")
        seen = reader.execute("SELECT count(*) FROM event").fetchone()
        text = "x" * 3000
        while os.stat(self.desk_path + "-wal").st_size <= WAL_TOLD:
            self.take_steps(text)
        self.wait_until(lambda: "stood still while it read" in self.said(), "nobody is told")
        self.take_steps(text)
        self.assertEqual(self.said().count("stood still while it read"), 1)
        self.assertEqual(reader.execute("SELECT count(*) FROM event").fetchone(), seen)
        reader.close()
        self.wait_until(self.is_short_after_steps, "the -wal does not shrink")
        self.verify()

    def take_steps(self, text):
        """Every desk writes a long note."""
        for number in range(DESKS):
            self.count += 1
            self.desks[number].sent = f"note {self.count}"
            self.desks[number].note(self.cases[number], text, f"01{self.count:024d}")
        for number in range(DESKS):
            self.answer(number)

    def is_short_after_steps(self):
        self.take_steps("more")
        return os.stat(self.desk_path + "-wal").st_size <= WAL_MOST

    def said(self):
        with open(os.path.join(self.dir, "log"), encoding="utf-8") as file:
            return file.read()

    def screen(self):
        """A desk on a terminal that has the file open itself and shows its board."""
        ours, its = pty.openpty()
        self.addCleanup(os.close, ours)
        beside = subprocess.Popen([PROGRAM, "--desk", self.desk_path, "--as", "office-staff-1"],
                                  stdin=its, stdout=its, stderr=its, start_new_session=True,
                                  env=dict(os.environ, TERM="xterm", LINES="24", COLUMNS="80"))
        os.close(its)
        shown = b""
        while self.cases[0].encode() not in shown:
            try:
                shown += os.read(ours, 1 << 16)
            except OSError:
                self.fail(f"the other does not open the desk: {shown}")
        return beside

    def test_F20_backup__under_load__is_a_whole_desk(self):
        copies = []
        done = threading.Event()

        def back_up():
            for number in range(BACKUPS):
                before = list(self.acknowledged)
                copy = os.path.join(self.dir, f"copy-{number}.db")
                self.run_toban("--as", "admin", "backup", copy)
                copies.append((copy, before))
            done.set()

        thread = threading.Thread(target=back_up)
        thread.start()
        for number in range(DESKS):
            self.note(number)
        self.each_answered(done.is_set, self.note)
        thread.join()
        self.assertEqual(len(copies), BACKUPS)
        for copy, before in copies:
            self.assertTrue(json.loads(self.run_toban("--desk", copy, "--json", "verify", "--rebuild"))["ok"])
            with open(copy, "rb") as file:
                data = file.read()
            for text in before:
                self.assertIn(f'"{text}"'.encode(), data)


if __name__ == "__main__":
    unittest.main()
