#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Name servers that lie and certificates that do not hold: nothing is said to whoever answers there."""

import os
import shutil
import sys
import tempfile
import unittest

import harness
from certificates import FUTURE, PAST, Authority
from receiver import Receiver

OUTSIDE = os.environ["OUTSIDE_LIB"]
PUBLIC = "9.9.9.9"  # no connection goes there: outside.c refuses it


class Outside(harness.SenderTest):
    def setUp(self):
        super().setUp()
        self.log = os.path.join(self.desk.directory, "connections")

    def play(self, **more):
        return {"LD_PRELOAD": OUTSIDE, "OUTSIDE_LOG": self.log, **more}

    def connections(self):
        """The addresses that were tried since the last call."""
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="ascii") as log:
            tried = log.read().split()
        os.unlink(self.log)
        return tried


@unittest.skipUnless(shutil.which("openssl") or os.environ.get("CI"), "openssl makes the certificates")
class Certificates(Outside):
    def setUp(self):
        super().setUp()
        folder = tempfile.mkdtemp(prefix="toban-certificates-")
        self.addCleanup(shutil.rmtree, folder)
        self.known, self.other = Authority(folder, "known"), Authority(folder, "other")

    def receiver(self, certificate):
        receiver = Receiver(certificate)
        self.addCleanup(receiver.stop)
        return receiver

    def test_f28__no_body_goes_to_a_bad_certificate(self):
        ours, others = self.known.certificate, self.other.certificate
        bad = {
            "over": ours("over", "IP:127.0.0.1", PAST, "20010101000000Z"),
            "not-yet": ours("not-yet", "IP:127.0.0.1", "20490101000000Z", FUTURE),
            "other-name": ours("other-name", "DNS:elsewhere.example"),
            "other-address": ours("other-address", "IP:127.0.0.2"),
            "unknown-root": others("unknown-root", "IP:127.0.0.1"),
        }
        receivers = {name: self.receiver(certificate) for name, certificate in bad.items()}
        good = self.receiver(ours("good", "IP:127.0.0.1"))
        urls = {name: receiver.url("/ok") for name, receiver in receivers.items()}
        rows = self.send_one_each({**urls, "good": good.url("/ok")},
                                  env=self.play(OUTSIDE_ROOTS=self.known.root))
        # Without this one the others would prove nothing.
        self.assertEqual((rows.pop("good")["state"], good.heard), ("sent", 1))
        for name, row in rows.items():
            with self.subTest(name):
                self.assertEqual((row["state"], row["attempts"], row["last_status"]), ("waiting", 1, 0))
                self.assertAlmostEqual(row["next_at"] - row["changed_at"], 5000, delta=1000)
                self.assertEqual((receivers[name].connections, receivers[name].heard), (1, 0))
                self.assertEqual(receivers[name].requests, [])

    def test_f28__a_bad_certificate_is_never_tried_without_tls(self):
        plain = self.receiver(None)
        url = plain.url("/ok").replace("http:", "https:")
        for allow_http in (False, True):
            row = self.send_one_each({"t": url}, allow_http=allow_http)["t"]
            self.assertEqual(row["state"], "waiting")
            self.assertEqual([r for r in plain.requests if r.id or r.body], [])  # at most a TLS greeting
            self.desk.sql("DELETE FROM outbox")


class Names(Outside):
    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.stop)
        self.url = f"http://moves.example:{self.receiver.port}/ok"

    def attempt(self, addresses, **target):
        """One attempt while the name has these addresses; (row, addresses tried)."""
        self.desk.sql("DELETE FROM outbox")
        row = self.send_one_each({"t": self.url}, env=self.play(OUTSIDE_NAMES=f"moves.example={addresses}"),
                                 **target)["t"]
        return row, self.connections()

    def test_f28__a_name_that_does_not_exist(self):
        self.url = "http://gone.example/ok"
        row, tried = self.attempt("127.0.0.1")
        self.assertEqual((row["state"], row["attempts"], row["last_status"], tried), ("waiting", 1, 0, []))
        self.assertAlmostEqual(row["next_at"] - row["changed_at"], 5000, delta=1000)

    def test_f32__a_name_that_moves_to_this_machine_reaches_nobody(self):
        row, tried = self.attempt(PUBLIC, allow_private=False)
        self.assertEqual((row["state"], tried), ("waiting", [PUBLIC]))
        self.assertNotIn("private or local", row["last_answer"])
        for local in ("127.0.0.1", "169.254.169.254", "10.1.2.3", "::1", "::ffff:127.0.0.1"):
            # Alone, and behind a good one, which is tried and cannot be reached.
            for addresses, expected in ((local, []), (f"{PUBLIC},{local}", [PUBLIC])):
                with self.subTest(addresses):
                    row, tried = self.attempt(addresses, allow_private=False)
                    self.assertEqual((row["state"], row["last_status"], tried), ("waiting", 0, expected))
                    self.assertIn("private or local", row["last_answer"])
        self.assertEqual(self.receiver.connections, 0)

    def test_f32__the_same_name_is_reached_where_that_is_allowed(self):
        row, tried = self.attempt(f"{PUBLIC},127.0.0.1", allow_private=True)
        self.assertEqual((row["state"], tried), ("sent", [PUBLIC, "127.0.0.1"]))
        self.assertEqual(self.receiver.ids(), ["m-t"])

    def test_f32__no_spelling_of_this_machine_sends_a_packet(self):
        hosts = ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "localhost", "0",
                 "169.254.169.254"]
        urls = {f"t{i}": f"http://{host}:{self.receiver.port}/ok" for i, host in enumerate(hosts)}
        for name, row in self.send_one_each(urls, allow_private=False, env=self.play()).items():
            with self.subTest(urls[name]):
                self.assertIn("private or local", row["last_answer"])
        self.assertEqual((self.connections(), self.receiver.connections), ([], 0))


if __name__ == "__main__":
    sys.exit(harness.main())
