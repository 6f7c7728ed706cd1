# SPDX-License-Identifier: MIT
"""F18: a disk that needs 200 ms for each sync.  F19: no descriptors, no file size, no processes."""

import os
import resource
import time
import unittest

from harness import Desk, Gone, ServiceTest

SLOW_MS = 200
NOBODY = 65534
DESKS = 32


class SlowDiskTest(ServiceTest):
    def setUp(self):
        super().setUp()
        self.serve({"LD_PRELOAD": os.environ["SYSFAULT_LIB"], "SYSFAULT": f"slow:{SLOW_MS}",
                    "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"})
        self.desks = [self.open("dc-operator-1") for _ in range(DESKS)]

    def tearDown(self):
        for desk in self.desks:
            desk.close()
        super().tearDown()

    def test_F18_slow_disk__acknowledges_nothing_early__and_shares_the_sync(self):
        case = self.desks[0].report()
        began = time.monotonic()
        self.desks[0].note(case, "one", "01" + "0" * 23 + "1")
        self.assertIn("result", self.desks[0].receive())
        self.assertGreaterEqual(time.monotonic() - began, SLOW_MS / 1000)
        began = time.monotonic()
        for number, desk in enumerate(self.desks):
            desk.ask("draft.save", form="note", subject=case, fields={"text": f"draft {number}"})
        for desk in self.desks:
            self.assertIn("result", desk.receive())
        took = time.monotonic() - began
        self.assertGreaterEqual(took, SLOW_MS / 1000)
        # One by one they would have taken 6.4 s on any machine.
        self.assertLess(took, DESKS * SLOW_MS / 1000 / 2)
        print(f"{DESKS} desks, {SLOW_MS} ms a sync: all recorded after {took * 1000:.0f} ms")


class LimitTest(ServiceTest):
    def test_F19_no_descriptors__who_comes_is_told_who_is_there_goes_on(self):
        self.serve(prepare=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)))
        first = self.open("dc-operator-1")
        case = first.report()
        desks = []
        self.addCleanup(lambda: [desk.close() for desk in desks])
        refused = None
        while not refused and len(desks) < 60:
            desk = self.dial()
            if desk and "welcome" in desk.welcome:
                desks.append(desk)
            else:
                refused = desk.welcome["error"]["code"] if desk else "closed"
                if desk:
                    desk.close()
        self.assertEqual(refused, "D433")
        first.note(case, "still here", "01" + "0" * 23 + "1")
        self.assertIn("result", first.receive())
        for desk in desks:
            desk.close()
        self.wait_until(self.has_room, "no desk is let in though others went")
        first.close()
        self.end()
        self.assertIn("still here", self.notes())

    def has_room(self):
        """Who comes is let in; the service may not have noticed yet that others went."""
        desk = self.dial()
        if not desk:
            return False
        desk.close()
        return "welcome" in desk.welcome

    def dial(self):
        try:
            return Desk(self.socket_path, "dc-operator-1")
        except (Gone, OSError):
            return None

    def test_F19_no_file_size__is_said__and_over_when_there_is_room(self):
        self.serve()
        desk = self.open("dc-operator-1")
        case = desk.report()
        old = resource.prlimit(self.service.pid, resource.RLIMIT_FSIZE)
        size = max(os.stat(self.desk_path).st_size, os.stat(self.desk_path + "-wal").st_size)
        resource.prlimit(self.service.pid, resource.RLIMIT_FSIZE, (size // 2, old[1]))
        refused = []
        acknowledged = []
        for number in range(40):
            desk.note(case, f"note {number}", f"01{number:024d}")
            answer = desk.receive()
            (acknowledged if "result" in answer else refused).append((number, answer))
        self.assertTrue(refused)
        for _, answer in refused:
            self.assertEqual(answer["error"]["code"], "D411", answer)
        self.assertEqual(desk.result("incident.show", id=case)["id"], case)
        resource.prlimit(self.service.pid, resource.RLIMIT_FSIZE, old)
        desk.note(case, "room again", "01" + "9" * 24)
        self.assertIn("result", desk.receive())
        desk.close()
        self.end()
        notes = self.notes()
        for number, _ in acknowledged:
            self.assertIn(f"note {number}", notes)
        for number, _ in refused:
            self.assertNotIn(f"note {number}", notes)
        self.verify()

    def without_processes(self):
        """What the service does first.  Root has as many as it wants: it becomes somebody else."""
        def none():
            resource.setrlimit(resource.RLIMIT_NPROC, (0, resource.getrlimit(resource.RLIMIT_NPROC)[1]))
        if os.geteuid() != 0:
            return none
        for name in (self.dir, *(os.path.join(self.dir, name) for name in os.listdir(self.dir))):
            os.chown(name, NOBODY, NOBODY)

        def become_nobody():
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            none()
        return become_nobody

    def test_F19_no_processes__slow_work_is_refused_and_the_rest_goes_on(self):
        self.serve(prepare=self.without_processes())
        desk, desk_of_staff = self.open("auditor-1"), self.open("dc-operator-1")
        self.assertEqual(desk.call("ledger.verify")["error"]["code"], "D441")
        self.assertIn("seq", desk.result("ledger.head"))
        case = desk_of_staff.report()
        self.assertIn(case, [row["id"] for row in desk.result("incident.list")["incidents"]])
        desk_of_staff.close()
        desk.close()


if __name__ == "__main__":
    unittest.main()
