#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hostile receivers: what each may cost, and that a success is a success."""

import os
import resource
import time
import unittest
import urllib.parse
from email.utils import formatdate

import harness
from receiver import Deaf, Receiver

STEPS_S = [5, 30, 120, 600, 3600, 10800, 21600, 21600]


class Receivers(harness.SenderTest):
    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.stop)

    def urls(self, **paths):
        return {name: self.receiver.url(path) for name, path in paths.items()}

    def test_ok__is_sent_signed_and_whole(self):
        body = '{"type":"incident.report","text":"障害 \\u202e"}'
        self.desk.put([{"name": "t", "url": self.receiver.url("/ok")}],
                      [{"id": "m-1", "target": "t", "body": body}])
        self.assertEqual(self.desk.once(), {"status": 0, "ok": True, "sent": 1, "failed": 0, "error": None})
        request = self.receiver.requests[0]
        self.assertEqual(request.body.decode(), body)
        self.assertEqual(request.id, "m-1")
        self.assertEqual(request.headers["content-type"], "application/json")
        self.assertTrue(request.headers["user-agent"].startswith("toban/"))
        self.assert_signed(self.receiver.requests)
        row = self.desk.rows()["m-1"]
        self.assertEqual((row["state"], row["last_status"], row["last_answer"], row["attempts"]),
                         ("sent", 200, "thank you", 1))

    def deaf(self, full):
        deaf = Deaf(full)
        self.addCleanup(deaf.stop)
        return deaf.url("/ok")

    def test_f27__slow_receivers_delay_nobody(self):
        slow = self.urls(hang="/hang", drip="/drip", more="/continue/20", hang2="/hang", hang3="/hang")
        slow.update(deaf=self.deaf(False), full=self.deaf(True))
        self.desk.put([{"name": n, "url": u} for n, u in slow.items()] +
                      [{"name": f"zz-alive-{i}", "url": self.receiver.url("/ok")} for i in range(3)],
                      [{"id": f"{n}-{i}", "target": n} for i in range(2) for n in slow] +
                      [{"id": f"alive-{i}", "target": f"zz-alive-{i}"} for i in range(3)])
        with harness.Lateness() as late:
            began = time.time()
            self.assertEqual(self.desk.once(timeout_ms=2000)["status"], 0)
        rows = self.desk.rows()
        alive = [r for r in self.receiver.requests if r.id.startswith("alive")]
        self.assertEqual([rows[f"alive-{i}"]["state"] for i in range(3)], ["sent"] * 3)
        self.assertLess(max(r.at for r in alive) - began, 2 + late.worst)
        for n in slow:
            row = rows[n + "-0"]
            self.assertEqual((row["state"], row["attempts"]), ("waiting", 1), n)
            # By the limit on time, neither before nor much later; and no healthy one waited for it.
            self.assertGreater(row["changed_at"] / 1000, max(r.at for r in alive))
            self.assertGreaterEqual(row["changed_at"] / 1000 - began, 2, (n, row))
            self.assertLess(row["changed_at"] / 1000 - began, 2 + 0.5 + late.worst, n)

    def test_f28__failures_are_retried_by_plan(self):
        closed = Receiver()
        closed.stop()
        urls = self.urls(e500="/status/500", e502="/status/502", e503="/status/503", e504="/status/504",
                         e404="/status/404", reset="/reset", garbage="/garbage", short="/short")
        urls["refused"] = closed.url("/ok")
        urls["name"] = "http://no-such-host.invalid/"
        for name, row in self.send_one_each(urls).items():
            with self.subTest(name):
                self.assertEqual((row["state"], row["attempts"]), ("waiting", 1))
                self.assertAlmostEqual(row["next_at"] - row["changed_at"], 5000, delta=1000)
                self.assertNotEqual(row["last_answer"], "")

    def test_f28__delays_grow_within_a_fifth_of_the_plan(self):
        now = int(time.time() * 1000)
        self.desk.put([{"name": "t", "url": self.receiver.url("/status/500")}],
                      [{"id": f"m-{i}", "target": "t", "attempts": i, "created_at": now - 1000}
                       for i in range(len(STEPS_S))] +
                      [{"id": f"u-{i}", "target": "t", "attempts": i, "urgent": True} for i in range(3)] +
                      [{"id": "old", "target": "t", "attempts": 12, "created_at": now - 86400_000}])
        self.desk.once()
        rows = self.desk.rows()
        for i, step in enumerate(STEPS_S):
            row = rows[f"m-{i}"]
            self.assertAlmostEqual((row["next_at"] - row["changed_at"]) / 1000, step, delta=step / 5)
        for i in range(3):
            self.assertEqual(rows[f"u-{i}"]["next_at"] - rows[f"u-{i}"]["changed_at"], 60_000)
        self.assertEqual((rows["old"]["state"], rows["old"]["next_at"]), ("dead", None))

    def test_f29__retry_after_is_honoured_within_bounds(self):
        # The sender's clock stands, so that what is left until a date is exact.
        now = int(time.time())
        plan, most = 5000, 10000
        expected = {"7": 7000, formatdate(now + 8, usegmt=True): 8000, "315360000": most,
                    formatdate(now + 315360000, usegmt=True): most, "-1": None, "soon": None,
                    formatdate(now - 60, usegmt=True): None, "7 apples": None, "0": 1000}
        urls = {f"t{i}": self.receiver.url("/retry/" + urllib.parse.quote(value, safe=""))
                for i, value in enumerate(expected)}
        rows = self.send_one_each(urls, env={"TOBAN_NOW": str(now)}, next_at=0)
        for (value, delay), row in zip(expected.items(), rows.values()):
            with self.subTest(value):
                self.assertEqual((row["state"], row["last_status"], row["changed_at"]),
                                 ("waiting", 429, now * 1000))
                waits = row["next_at"] - row["changed_at"]
                if delay is None:  # unreadable: as if nothing had been said
                    self.assertAlmostEqual(waits, plan, delta=plan / 5)
                else:
                    self.assertEqual(waits, delay)

    def test_f30__gone_stops_for_good(self):
        self.send_one_each(self.urls(gone="/status/410"))
        for _ in range(10):
            self.desk.once()
        row = self.desk.rows()["m-gone"]
        self.assertEqual((row["state"], row["next_at"], row["attempts"]), ("stopped", None, 1))
        self.assertEqual(len(self.receiver.requests), 1)

    def test_f30__gone_stops_the_receiver(self):
        urls = self.urls(gone="/status/410", fine="/ok")
        self.desk.put([{"name": name, "url": url} for name, url in urls.items()],
                      [{"id": f"{name}-{i}", "target": name} for i in range(3) for name in urls])
        self.desk.once()
        self.desk.put([], [{"id": "gone-3", "target": "gone", "urgent": True}])
        self.desk.once()
        rows = self.desk.rows()
        self.assertEqual([r.id for r in self.receiver.requests if r.id.startswith("gone")], ["gone-0"])
        self.assertEqual([rows[f"gone-{i}"]["state"] for i in range(4)], ["stopped"] * 4)
        self.assertEqual([rows[f"fine-{i}"]["state"] for i in range(3)], ["sent"] * 3)
        self.assertIn("410", rows["gone-3"]["last_answer"])
        self.assertEqual([t["stopped"] for t in self.desk.sql("SELECT * FROM target ORDER BY name")], [0, 1])
        entries = self.desk.sql("SELECT actor, kind FROM event WHERE subject = 'desk'")
        self.assertEqual([(e["actor"], e["kind"]) for e in entries], [("desk", "target-stopped")])

    def test_f31__redirects_are_not_followed(self):
        other = Receiver()
        self.addCleanup(other.stop)
        places = {"loop": "/redirect/", "local": "/redirect/" + urllib.parse.quote(other.url("/ok"), safe=""),
                  "file": "/redirect/file:%2F%2F%2Fetc%2Fpasswd"}
        for name, row in self.send_one_each(self.urls(**places)).items():
            with self.subTest(name):
                self.assertEqual((row["state"], row["last_status"]), ("waiting", 302))
        self.assertEqual(len(self.receiver.requests), len(places))
        self.assertEqual(other.connections, 0)

    SPELLINGS = ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "localhost", "0",
                 "127.0.0.1", "[::ffff:7f00:1]"]

    def test_f32__local_addresses_are_refused_at_connect(self):
        urls = {f"t{i}": f"http://{host}:{self.receiver.port}/ok" for i, host in enumerate(self.SPELLINGS)}
        urls["metadata"] = "http://169.254.169.254/latest/meta-data/"
        for name, row in self.send_one_each(urls, allow_private=False).items():
            with self.subTest(urls[name]):
                self.assertEqual((row["state"], row["attempts"], row["last_status"]), ("waiting", 1, 0))
                self.assertIn("private or local", row["last_answer"])
        self.assertEqual(self.receiver.connections, 0)

    def test_f32__the_same_addresses_are_reached_when_allowed(self):
        urls = {f"t{i}": f"http://{host}:{self.receiver.port}/ok"
                for i, host in enumerate(self.SPELLINGS) if not host.startswith("[")}
        for name, row in self.send_one_each(urls).items():
            with self.subTest(urls[name]):
                self.assertEqual(row["state"], "sent")

    def test_f32__a_kept_connection_serves_no_other_target(self):
        url = self.receiver.url("/ok")
        self.desk.put([{"name": "may", "url": url}, {"name": "may-not", "url": url, "allow_private": False}],
                      [{"id": "first", "target": "may"}])
        sender = self.desk.start()
        try:
            self.assertTrue(self.receiver.wait(1, 10))
            self.desk.put(messages=[{"id": "second", "target": "may-not"}])
            self.assertTrue(self.desk.wait_for(lambda rows: rows["second"]["attempts"] > 0, 10))
        finally:
            sender.terminate()
            sender.communicate(timeout=20)
        self.assertEqual(self.receiver.ids(), ["first"])
        self.assertIn("private or local", self.desk.rows()["second"]["last_answer"])

    def test_f28__a_kept_connection_that_is_reset__is_one_attempt(self):
        self.desk.put([{"name": "t", "url": self.receiver.url("/once")}],
                      [{"id": "first", "target": "t"}])
        sender = self.desk.start()
        try:
            self.assertTrue(self.desk.wait_for(lambda rows: rows["first"]["state"] == "sent", 10))
            self.desk.put(messages=[{"id": "second", "target": "t"}])
            self.assertTrue(self.desk.wait_for(lambda rows: rows["second"]["attempts"] > 0, 10))
        finally:
            sender.terminate()
            sender.communicate(timeout=20)
        # Nothing was sent again that no row tells of.
        self.assertEqual(self.receiver.ids(), ["first", "second"])
        self.assertEqual(self.desk.rows()["second"]["state"], "waiting")

    def test_https_only__unless_allowed(self):
        row = self.send_one_each(self.urls(t="/ok"), allow_http=False)["t"]
        self.assertEqual((row["state"], row["attempts"]), ("waiting", 1))
        self.assertEqual(self.receiver.connections, 0)

    def test_f33c__floods_are_cut_and_hostile_answers_shown_harmless(self):
        self.send_one_each(self.urls(huge="/huge", headers="/headers", more="/continue",
                                     hostile="/hostile"), timeout_ms=5000)
        rows = self.desk.rows()
        # All of the answer that we wanted was there: 2xx, and the cut was ours.
        self.assertEqual((rows["m-huge"]["state"], rows["m-huge"]["last_status"]), ("sent", 200))
        self.assertLessEqual(len(rows["m-huge"]["last_answer"]), 16384)
        for name in ("m-headers", "m-more"):
            self.assertEqual((rows[name]["state"], rows[name]["attempts"]), ("waiting", 1))
            self.assertEqual(rows[name]["last_answer"], "too many headers in the answer")
        answer = rows["m-hostile"]["last_answer"]
        self.assertFalse([c for c in answer if ord(c) < 32 or 0x7f <= ord(c) < 0xa0 or ord(c) == 0x202e], answer)
        self.assertTrue(answer.endswith("end"))

    def test_f33c__a_flood_costs_no_memory(self):
        def peak_kib(path):
            desk = harness.Desk(self.tool, self.sender)
            desk.put([{"name": "t", "url": self.receiver.url(path)}], [{"id": "m", "target": "t"}])
            process = desk.start("--once")
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
            process.stdout.close()
            desk.remove()
            return usage.ru_maxrss
        plain = min(peak_kib("/ok") for _ in range(3))
        for path in ("/huge", "/headers"):
            self.assertLess(min(peak_kib(path) for _ in range(3)) - plain, 1024, path)

    def test_orphans__of_removed_and_inactive_targets_are_stopped(self):
        self.desk.put([{"name": "off", "url": self.receiver.url("/ok"), "active": False}],
                      [{"id": "m-off", "target": "off"}, {"id": "m-none", "target": "never-was"}])
        self.assertEqual(self.desk.once()["sent"], 0)
        for row in self.desk.rows().values():
            self.assertEqual((row["state"], row["attempts"]), ("stopped", 0))
            self.assertIn("target", row["last_answer"])
        self.assertEqual(self.receiver.connections, 0)

    def test_no_secret__nothing_is_sent_unsigned(self):
        self.desk.put([{"name": "t", "url": self.receiver.url("/ok"), "secret": None}], [{"id": "m", "target": "t"}])
        self.desk.once()
        self.assertEqual(self.receiver.connections, 0)
        self.assertIn("secret", self.desk.rows()["m"]["last_answer"])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    harness.main()
