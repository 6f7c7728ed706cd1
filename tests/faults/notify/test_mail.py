#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mail servers as they should be and as they should not: what each may cost, and what counts as sent."""

import email
import email.policy
import json
import os
import shutil
import signal
import tempfile
import time
import unittest

import harness
from certificates import PAST, Authority
from receiver import Receiver
from smtp_server import DRIP, FLOOD, HANG, RESET, SmtpServer

PASSWORD = "Canary-5d2e-password"
OUTSIDE = os.environ["OUTSIDE_LIB"]

BODY = json.dumps({"type": "crisis.escalated", "timestamp": "2026-11-22T23:05:00+09:00", "text": "t",
                   "data": {"incident": "26-0001", "title": "サーバー室の扉\r\nBcc: evil@example.org", "drill": False,
                            "confidential": False}})


class MailTest(harness.SenderTest):
    def server(self, *args, **keywords):
        server = SmtpServer(*args, **keywords)
        self.addCleanup(server.stop)
        return server

    def send(self, servers, timeout_ms=2000, urgent=False, secret=None, env=(), **target):
        """One message to each server; the rows by name."""
        target.setdefault("allow_http", True)
        secrets = {"secret": "smtp:" + secret} if secret else {"secret": None}
        urls = {name: value if isinstance(value, str) else value.url("toban" if secret else None)
                for name, value in servers.items()}
        self.desk.put([{"name": name, "url": url, **secrets, **target} for name, url in urls.items()],
                      [{"id": "m-" + name, "target": name, "body": BODY, "urgent": urgent} for name in urls])
        summary = self.desk.once(timeout_ms=timeout_ms, env=env)
        self.assertEqual(summary["status"], 0)
        return {name: self.desk.rows()["m-" + name] for name in urls}

    def assert_retried(self, row, status):
        self.assertEqual((row["state"], row["attempts"], row["last_status"]), ("waiting", 1, status), row)
        self.assertAlmostEqual(row["next_at"] - row["changed_at"], 5000, delta=1000)


class Servers(MailTest):
    def test_ok__the_mail_is_whole(self):
        server = self.server()
        row = self.send({"t": server}, urgent=True)["t"]
        self.assertEqual((row["state"], row["last_status"], row["last_answer"], row["attempts"], row["body"]),
                         ("sent", 250, "250 taken", 1, ""))
        mail = server.mails[0]
        self.assertEqual((mail.sender, mail.addressee), ("<toban@example.org>", "<ops@example.net>"))
        message = email.message_from_bytes(mail.data, policy=email.policy.default)
        self.assertEqual(message.defects, [])
        self.assertEqual(message["message-id"], "<m-t@example.org>")
        self.assertIn("26-0001「サーバー室の扉<U+000D><U+000A>Bcc: evil@example.org」", message["subject"])
        self.assertEqual((message["from"], message["to"], message["importance"]),
                         ("toban@example.org", "ops@example.net", "high"))
        self.assertIsNone(message["bcc"])
        self.assertIn("Major accident 26-0001", message.get_content())
        self.assertEqual(message.get_content_charset(), "utf-8")
        self.assertLess(abs(message["date"].datetime.timestamp() - mail.at), 60)

    def test_f27__slow_servers_delay_nobody(self):
        receiver = Receiver()
        self.addCleanup(receiver.stop)
        slow = {"banner": self.server(banner=HANG), "drip": self.server(banner=DRIP), "text": self.server(text=HANG),
                "ehlo": self.server(ehlo=HANG), "rcpt": self.server(rcpt=HANG)}
        alive = self.server()
        self.desk.put([{"name": "zz-hook", "url": receiver.url("/ok")}], [{"id": "hook", "target": "zz-hook"}])
        began = time.time()
        rows = self.send({**slow, "zz-mail": alive})
        self.assertEqual((rows.pop("zz-mail")["state"], self.desk.rows()["hook"]["state"]), ("sent", "sent"))
        self.assertLess(alive.mails[0].at - began, 2)
        self.assertLess(receiver.requests[0].at - began, 2)
        for name, row in rows.items():
            with self.subTest(name):
                self.assert_retried(row, 0)
                self.assertLess(row["changed_at"] / 1000 - began, 2 + 2)

    def test_quit__unanswered__is_sent_and_delays_nobody(self):
        server = self.server(quit=HANG)
        began = time.time()
        self.assertEqual(self.send({"t": server})["t"]["state"], "sent")
        self.assertLess(time.time() - began, 2)

    def test_refusal__then_silence__is_known_at_once(self):
        row = self.send({"t": self.server(mail="451 later", quit=HANG)}, timeout_ms=8000)["t"]
        self.assert_retried(row, 451)

    def test_replies__mean_what_the_rfc_says(self):
        expected = {
            "banner4": (dict(banner="421 busy"), "waiting", 421), "banner5": (dict(banner="554 go away"), "waiting", 554),
            "mail4": (dict(mail="452 full"), "waiting", 452), "mail5": (dict(mail="550 not you"), "stopped", 550),
            "rcpt4": (dict(rcpt="450 greylisted"), "waiting", 450),
            "rcpt5": (dict(rcpt="550 5.1.1 no such user"), "stopped", 550),
            "data5": (dict(data="554 no"), "stopped", 554),
            "text4": (dict(text="451 try again"), "waiting", 451), "text5": (dict(text="552 too big"), "stopped", 552),
            "login": (dict(mail="530 log in first"), "waiting", 530),
            "reset": (dict(text=RESET), "waiting", 0), "early": (dict(banner=RESET), "waiting", 0),
            "garbage": (dict(banner="what?"), "waiting", 0),
        }
        rows = self.send({name: self.server(**stages) for name, (stages, _, _) in expected.items()})
        for name, (_, state, status) in expected.items():
            with self.subTest(name):
                self.assertEqual((rows[name]["state"], rows[name]["last_status"]), (state, status), rows[name])
                self.assertNotEqual(rows[name]["last_answer"], "")
        self.assertIsNone(rows["rcpt5"]["next_at"])

    def test_f33c__floods_and_hostile_replies_are_cut_and_harmless(self):
        rows = self.send({"banner": self.server(banner=FLOOD), "ehlo": self.server(ehlo=FLOOD),
                          "text": self.server(text=FLOOD),
                          "hostile": self.server(rcpt="550 \x1b]0;t\x07\x1b[2J\x9b" + "x" * 3000)})
        for name in ("banner", "ehlo", "text"):
            with self.subTest(name):
                self.assert_retried(rows[name], 0)
                # libcurl has a limit of its own, which may be reached before ours.
                self.assertRegex(rows[name]["last_answer"], "without end|when receiving data")
        answer = rows["hostile"]["last_answer"]
        self.assertNotRegex(answer, "[\x00-\x1f\x7f-\x9f]")
        self.assertLess(len(answer), 4096)

    def test_f32__private_addresses_are_refused(self):
        server = self.server()
        row = self.send({"t": server}, allow_private=False)["t"]
        self.assertIn("private or local", row["last_answer"])
        self.assertEqual(server.connections, 0)

    def test_f33__killed__the_mail_comes_again_under_the_same_id(self):
        server = self.server(text=HANG)
        self.desk.put([{"name": "t", "url": server.url(), "secret": None}], [{"id": "m-t", "target": "t", "body": BODY}])
        process = self.desk.start()
        end = time.monotonic() + 10
        while not server.mails and time.monotonic() < end:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        self.assertEqual(self.desk.rows()["m-t"]["state"], "waiting")
        server.stages = {}
        self.assertEqual(self.desk.once()["sent"], 1)
        self.assertEqual(server.ids(), ["m-t", "m-t"])

    def test_many__all_arrive_once(self):
        server = self.server()
        self.desk.put([{"name": "t", "url": server.url(), "secret": None}],
                      [{"id": f"m-{i}", "target": "t", "body": BODY} for i in range(40)])
        self.assertEqual(self.desk.once()["sent"], 40)
        self.assertEqual(sorted(server.ids()), sorted(f"m-{i}" for i in range(40)))


@unittest.skipUnless(shutil.which("openssl") or os.environ.get("CI"), "openssl makes the certificates")
class Encryption(MailTest):
    def setUp(self):
        super().setUp()
        folder = tempfile.mkdtemp(prefix="toban-certificates-")
        self.addCleanup(shutil.rmtree, folder)
        self.known, self.other = Authority(folder, "known"), Authority(folder, "other")
        self.good = self.known.certificate("good", "IP:127.0.0.1")
        self.env = {"LD_PRELOAD": OUTSIDE, "OUTSIDE_ROOTS": self.known.root}

    def test_tls__both_kinds_log_in_and_send(self):
        servers = {"at-once": self.server(self.good, at_once=True), "starttls": self.server(self.good)}
        rows = self.send(servers, secret=PASSWORD, env=self.env, allow_http=False)
        for name, server in servers.items():
            with self.subTest(name):
                self.assertEqual(rows[name]["state"], "sent", rows[name])
                self.assertTrue(server.mails[0].tls)
                self.assertEqual(server.mails[0].login, [b"toban", PASSWORD.encode()])

    def test_tls__no_word_to_a_server_that_cannot_be_trusted(self):
        servers = {
            "over": self.server(self.known.certificate("over", "IP:127.0.0.1", PAST, "20010101000000Z"), at_once=True),
            "name": self.server(self.known.certificate("name", "DNS:elsewhere.example")),
            "root": self.server(self.other.certificate("unknown", "IP:127.0.0.1")),
            "stripped": self.server(self.good, starttls=False),
            "refused": self.server(self.good),
            "hang": self.server(self.good, tls=HANG),
        }
        servers["refused"].stages = {"starttls": "454 not now"}
        rows = self.send(servers, secret=PASSWORD, env=self.env, allow_http=False)
        for name, server in servers.items():
            with self.subTest(name):
                self.assertEqual((rows[name]["state"], rows[name]["attempts"]), ("waiting", 1), rows[name])
                self.assertEqual(server.mails, [])
                said = b"".join(server.lines)
                self.assertNotIn(b"AUTH", said.upper())
                self.assertNotIn(b"MAIL", said.upper())

    def test_login__refused__is_tried_again_and_the_password_is_kept_nowhere(self):
        servers = {"wrong": self.server(self.good, auth="535 no"),
                   "echo": self.server(self.good, auth=f"535 wrong: {PASSWORD}"),
                   "coded": self.server(self.good, auth=lambda session: "535 " + session.server.lines[-1].decode().strip())}
        rows = self.send(servers, secret=PASSWORD, env=self.env, allow_http=False)
        for name in servers:
            self.assertEqual((rows[name]["state"], rows[name]["last_status"]), ("waiting", 535), rows[name])
        for path in os.listdir(self.desk.directory):
            if not path.endswith(".secrets"):
                with open(os.path.join(self.desk.directory, path), "rb") as stream:
                    content = stream.read()
                self.assertNotIn(PASSWORD.encode(), content, path)
                self.assertNotIn(b"AHRvYmFuA", content, path)  # \0toban\0 in base64

    def test_password__missing__is_said_and_nothing_is_tried(self):
        server = self.server(self.good)
        row = self.send({"t": server.url("toban")}, env=self.env, allow_http=False)["t"]
        self.assertEqual((row["state"], row["attempts"], row["last_status"]), ("waiting", 0, 0), row)
        self.assertIn("password", row["last_answer"])
        self.assertEqual(server.connections, 0)


if __name__ == "__main__":
    harness.main()
