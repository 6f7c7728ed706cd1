# SPDX-License-Identifier: MIT
"""Slow requests are done beside the service: it answers others meanwhile, and whatever becomes of
the worker is told to who asked."""

import contextlib
import os
import select
import signal
import threading
import time
import unittest

from harness import PATIENCE_S, Gone, ServiceTest


class WorkerTest(ServiceTest):
    def setUp(self):
        super().setUp()
        self.serve()
        self.slow = self.open("auditor-1")
        self.quick = self.open("dc-operator-1")

    def tearDown(self):
        self.slow.close()
        self.quick.close()
        super().tearDown()

    def slow_and_held(self, method="ledger.verify"):
        """Asks until a worker was caught, and stopped, before it was done."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            self.assertLess(time.monotonic(), deadline, f"no worker was seen at {method}")
            self.slow.ask(method)
            workers = []
            while not workers and not select.select([self.slow.socket], [], [], 0)[0]:
                workers = self.children()
            for pid in workers:
                os.kill(pid, signal.SIGSTOP)
            # What it had sent before is on its way now, or never.
            if workers and not select.select([self.slow.socket], [], [], 0.2)[0]:
                return workers
            for pid in workers:
                os.kill(pid, signal.SIGCONT)
            self.slow.receive()

    def test_verify__through_the_service__is_what_the_file_says(self):
        self.quick.report()
        answer = self.slow.result("ledger.verify")
        self.assertTrue(answer["ok"])
        self.assertEqual(answer["head"]["seq"], self.quick.result("ledger.head")["seq"])
        self.wait_until(lambda: not self.children(), "the worker stayed")

    def check_nobody_waits(self, method):
        workers = self.slow_and_held(method)
        case = self.quick.report()
        self.quick.note(case, "meanwhile", "01ARZ3NDEKTSV4RRFFQ69G5FAV")
        self.assertIn("result", self.quick.receive())
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
        self.assertIn("result", self.slow.receive())

    def test_worker__at_work__keeps_nobody_waiting(self):
        self.check_nobody_waits("ledger.verify")

    def test_doctor__keeps_nobody_waiting(self):
        # SQLite's own check reads all of the file, and anybody may ask for it.
        self.check_nobody_waits("admin.doctor")

    def test_worker__killed__is_told_and_the_next_one_works(self):
        for pid in self.slow_and_held():
            os.kill(pid, signal.SIGKILL)
        self.assertEqual(self.slow.receive()["error"]["code"], "D442")
        self.assertTrue(self.slow.result("ledger.verify")["ok"])

    def test_desk__gone__takes_its_worker_along(self):
        workers = self.slow_and_held()
        self.slow.close()
        self.wait_until(lambda: not set(workers) & set(self.children()), "the worker stayed")
        self.quick.report()

    def test_service__killed__takes_its_workers_along(self):
        workers = self.slow_and_held()
        self.end(signal.SIGKILL)
        for pid in workers:
            # One that was held while it began has not heard of it: it finds nobody to answer.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
            self.wait_until(lambda p=pid: not running(p), "the worker stayed")
        with self.assertRaises(Gone):
            self.slow.receive()

    def test_many_slow_ones__few_at_a_time__all_are_answered(self):
        desks = [self.open("auditor-1") for _ in range(6)]
        most = 0
        for desk in desks:
            desk.ask("ledger.verify")
        done = []
        threads = [threading.Thread(target=lambda d=d: done.append(d.receive())) for d in desks]
        for thread in threads:
            thread.start()
        while len(done) < len(desks) and any(t.is_alive() for t in threads):
            most = max(most, len(self.children()))
            time.sleep(0.001)
        for thread in threads:
            thread.join()
        self.assertEqual([d["result"]["ok"] for d in done], [True] * len(desks))
        self.assertLessEqual(most, 2)
        for desk in desks:
            desk.close()

    def test_seat__in_the_worker__is_that_of_the_desk(self):
        # A worker that let anybody verify would answer this one, too.
        nobody = self.open("dc-operator-1")
        answer = nobody.call("admin.backup", path=os.path.join(self.dir, "copy.db"))
        self.assertEqual(answer["error"]["class"], "denied")
        nobody.close()


def running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    unittest.main()
