#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A disk without room (RELIABILITY F04): reading works, and nothing is half recorded.

Needs to mount a small file system; where that is not allowed the tests are skipped.
"""

import json
import os
import subprocess
import unittest

from desk import DONE, DeskCase, main, report_fields


class FullDisk(DeskCase):
    def setUp(self):
        super().setUp()
        self.disk = os.path.join(self.folder, "disk")
        os.mkdir(self.disk)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", self.disk],
                                 check=False, stderr=subprocess.DEVNULL)
        if mounted.returncode != 0:
            self.skipTest("no file system may be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=False)
        self.path = os.path.join(self.disk, "desk.db")
        self.make()

    def fill(self):
        with open(os.path.join(self.disk, "filler"), "ab", buffering=0) as filler:
            try:
                while filler.write(bytes(4096)) > 0:
                    pass
            except OSError:
                pass

    def test_read__of_a_closed_desk__works(self):
        case = self.report("service-disruption")
        self.fill()
        self.assertEqual([row["id"] for row in self.ok("dc-owner", "list")["incidents"]], [case])
        self.assertTrue(self.ok(None, "verify")["ok"])

    def test_report__until_nothing_goes__is_recorded_whole_or_refused(self):
        self.report("service-disruption")
        self.fill()
        refused = None
        for _ in range(200):
            done = self.run_toban("--json", "report", "--from", "-", who="dc-operator-1",
                                  text=json.dumps(report_fields("service-disruption",
                                                                situation="x" * 4000)))
            self.fill()
            if done.status != DONE:
                refused = done
                break
        self.assertIsNotNone(refused, "a full disk took 200 reports")
        self.assertIn(refused.error()["code"], ("D411", "D420"), refused)
        os.unlink(os.path.join(self.disk, "filler"))
        self.assertTrue(self.ok(None, "verify", "--rebuild")["ok"])
        self.report("service-disruption")


if __name__ == "__main__":
    main()
