#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The sender as a process: woken, stopped, locked; nothing lost, nothing new invented."""

import os
import signal
import time

import harness
from receiver import Receiver


class Running(harness.SenderTest):
    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.stop)

    def target(self, path, **more):
        self.desk.put([{"name": "t", "url": self.receiver.url(path), **more}])

    def messages(self, prefix, count, **more):
        self.desk.put(messages=[{"id": f"{prefix}-{i:03}", "target": "t", "body": f'{{"n":{i}}}', **more}
                                for i in range(count)])

    def end(self, process):
        process.terminate()
        process.communicate(timeout=20)
        return process.returncode

    def test_wake__a_new_message_goes_out_at_once(self):
        self.target("/ok")
        sender = self.desk.start()
        try:
            for i in range(3):
                self.messages(f"w{i}", 1)
                written = time.monotonic()
                self.assertTrue(self.receiver.wait(i + 1, 10))
                self.assertLess(time.monotonic() - written, 2)
        finally:
            self.assertEqual(self.end(sender), 0)
        self.assert_signed(self.receiver.requests)

    def test_secret__added_or_changed_while_running_is_used(self):
        other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
        self.target("/ok")
        sender = self.desk.start()
        try:
            self.messages("a", 1)
            self.assertTrue(self.receiver.wait(1, 10))
            self.target("/ok", secret=other)
            self.messages("b", 1)
            self.assertTrue(self.receiver.wait(2, 10))
        finally:
            self.end(sender)
        self.assert_signed(self.receiver.requests[:1])
        self.assert_signed(self.receiver.requests[1:], other)

    def test_secret__missing_or_unreadable__no_attempt_counts_until_it_comes(self):
        self.target("/ok")
        path = self.desk.path + ".secrets"
        for how, spoil, mend in (("mode", lambda: os.chmod(path, 0o644), lambda: os.chmod(path, 0o600)),
                                 ("missing", lambda: os.rename(path, path + ".away"),
                                  lambda: os.rename(path + ".away", path))):
            with self.subTest(how=how):
                self.messages(how, 2, urgent=how == "mode")
                spoil()
                for _ in range(40):  # more often than any plan goes on for
                    self.desk.sql("UPDATE outbox SET next_at = 0 WHERE state = 'waiting'")
                    self.assertEqual(self.desk.once()["status"], 0)
                rows = [row for name, row in self.desk.rows().items() if name.startswith(how)]
                self.assertEqual([(row["state"], row["attempts"]) for row in rows], [("waiting", 0)] * 2)
                for row in rows:
                    self.assertIn("secret", row["last_answer"])
                    self.assertLess(row["next_at"] / 1000, time.time() + 60)
                self.assertEqual(self.desk.sql("SELECT * FROM delivery WHERE outbox LIKE ?", how + "%"), [])
                mend()
                self.desk.sql("UPDATE outbox SET next_at = 0 WHERE state = 'waiting'")
                self.assertEqual(self.desk.once()["sent"], 2)
        self.assert_signed(self.receiver.requests)

    def test_secret__unreadable_at_the_start__is_looked_for_by_itself(self):
        self.target("/ok")
        path = self.desk.path + ".secrets"
        self.messages("m", 1)
        os.chmod(path, 0o644)
        sender = self.desk.start()
        try:
            self.assertTrue(self.desk.wait_for(lambda rows: rows["m-000"]["last_answer"], 10))
            os.chmod(path, 0o600)
            self.assertTrue(self.receiver.wait(1, 30))
        finally:
            self.assertEqual(self.end(sender), 0)

    def test_stop__records_every_answer_before_the_end(self):
        self.target("/slow/20")
        self.messages("m", 40)
        for signum in (signal.SIGTERM, signal.SIGINT):
            seen = len(self.receiver.ids())
            sender = self.desk.start()
            self.assertTrue(self.receiver.wait(seen + 5, 10))
            sender.send_signal(signum)
            sender.communicate(timeout=20)
            self.assertEqual(sender.returncode, 0)
        self.assertEqual(self.desk.once()["status"], 0)
        self.assertEqual(self.receiver.ids(), [f"m-{i:03}" for i in range(40)])

    def test_stop__by_closing_the_pipe(self):
        self.target("/ok")
        reader, writer = os.pipe()
        sender = self.desk.start("--stop-fd", str(reader), pass_fds=[reader])
        os.close(reader)
        self.messages("m", 1)
        self.assertTrue(self.receiver.wait(1, 10))
        os.close(writer)
        sender.communicate(timeout=10)
        self.assertEqual(sender.returncode, 0)

    def test_lock__one_sender_at_a_time_and_the_next_takes_over(self):
        self.target("/hang")
        self.messages("m", 1)
        first = self.desk.start()
        self.assertTrue(self.receiver.wait(1, 10))
        second = self.desk.once()
        self.assertEqual((second["status"], second["error"]), (1, "busy"))
        self.assertEqual(len(self.receiver.ids()), 1)
        waiting = self.desk.start()
        first.kill()
        first.communicate(timeout=20)
        # Killed: the row is still due, and the one that waited for the lock sends it.
        self.assertTrue(self.receiver.wait(2, 10))
        self.assertEqual(self.receiver.ids(), ["m-000", "m-000"])
        self.receiver.stop()
        self.end(waiting)

    def test_no_desk__says_so(self):
        os.unlink(self.desk.path)
        self.assertEqual(self.desk.once()["status"], 7)

    def test_order__urgent_first_else_as_they_came(self):
        self.target("/ok")
        self.messages("a", 20)
        self.messages("u", 2, urgent=True)
        self.desk.once()
        ids = self.receiver.ids()
        self.assertEqual(set(ids[:2]), {"u-000", "u-001"})
        self.assertEqual(ids[2:], [f"a-{i:03}" for i in range(20)])

    def test_f33__an_answer_after_the_timeout_repeats_the_same_message(self):
        self.target("/slow/700")
        self.messages("m", 1)
        self.desk.once(timeout_ms=300)
        self.assertEqual(self.desk.rows()["m-000"]["state"], "waiting")
        self.desk.sql("UPDATE outbox SET next_at = 0")
        self.desk.once(timeout_ms=5000)
        self.assertEqual(self.receiver.ids(), ["m-000", "m-000"])
        self.assertEqual(self.desk.rows()["m-000"]["state"], "sent")
        self.assert_signed(self.receiver.requests)
        stamps = [int(r.headers["webhook-timestamp"]) for r in self.receiver.requests]
        self.assertLessEqual(stamps[0], stamps[1])


if __name__ == "__main__":
    harness.main()
