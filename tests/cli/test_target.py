#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Receivers: what may be added, in which form they get messages, and where their secrets are."""

import contextlib
import glob
import http.server
import json
import os
import sqlite3
import threading

import desk
from desk import DENIED, INVALID, MISSING

HOOK = "https://hooks.example.org/x"
MAIL = "smtps://mx.example.org/?from=toban@example.org&to=ops@example.org"
LOGIN = MAIL + "&user=toban"
CANARY = "Canary-7f3a-password"
CANARY_KEY = "whsec_" + "Q2FuYXJ5LWtleS1mb3ItdGVzdHMtb25seSE="


class TargetCase(desk.DeskCase):
    def add(self, name, url, *args, text=None):
        """The address comes from standard input, as that of a chat must."""
        return self.ok("admin", "target", "add", name, "-", *args, text=f"{url}\n{text or ''}")

    def row(self, name):
        return next(row for row in self.ok("admin", "target", "list")["targets"] if row["name"] == name)

    def verified(self):
        return self.ok("auditor-1", "verify", "--rebuild")


class Forms(TargetCase):
    def test_add__every_format_is_kept(self):
        for name in ("generic", "slack", "mattermost", "teams", "alertmanager"):
            with self.subTest(name):
                doc = self.add(name, HOOK, "--format", name, "--template", "short")
                self.assertEqual((doc["kind"], doc["format"], doc["template"]), ("webhook", name, "short"))
                self.assertRegex(doc["secret"], "^whsec_")
                self.assertEqual((self.row(name)["format"], self.row(name)["template"]), (name, "short"))
        self.assertTrue(self.verified()["ok"])

    def test_add__mail_needs_no_secret_without_a_user(self):
        doc = self.add("ops", MAIL, "--events", "crisis")
        self.assertEqual(doc["kind"], "mail")
        self.assertNotIn("secret", doc)
        self.assertTrue(self.ok("admin", "doctor")["ok"])

    def test_add__personal_receiver(self):
        self.add("olive", MAIL, "--person", "dc-operator-1")
        self.assertEqual((self.row("olive")["person"], self.row("olive")["events"]), ("dc-operator-1", []))
        lines = self.run_toban("target", "list", who="admin").out
        self.assertIn("person=dc-operator-1", lines)
        self.assertNotIn("crisis", lines)
        error = self.refuse(INVALID, "admin", "target", "add", "x", MAIL, "--person", "nobody")
        self.assertEqual(error["fields"][0]["field"], "person")

    def test_add__what_does_not_fit_is_named(self):
        for field, url, args in (("format", HOOK, ["--format", "irc"]),
                                 ("format", MAIL, ["--format", "slack"]),
                                 ("template", HOOK, ["--template", "gone"]),
                                 ("url", "smtps://mx.example.org/", []),
                                 ("url", MAIL + "%0d%0aBcc:x@example.org", []),
                                 ("url", LOGIN.replace("smtps", "smtp"), ["--allow-http"]),
                                 ("secret", LOGIN, [])):
            with self.subTest(url=url, args=args):
                error = self.refuse(INVALID, "admin", "target", "add", "x", "-", *args, text=url + "\n")
                self.assertEqual(error["fields"][0]["field"], field)
                self.assertTrue(error["fields"][0]["text"])
        self.assertEqual(self.ok("admin", "target", "list")["targets"], [])

    def test_template__of_the_site_can_be_chosen(self):
        site = os.path.join(self.folder, "forms", "message")
        os.makedirs(site)
        with open(os.path.join(site, "night.ini"), "w", encoding="utf-8") as stream:
            stream.write("[template]\nLabel=Night\nLabel[ja]=夜\n[message *]\nHeading=H {id}\nHeading[ja]=見出し {id}\n"
                         "Text={text}\nText[ja]={text}\n")
        self.env = {"TOBAN_FORMS": os.path.join(self.folder, "forms")}
        self.assertEqual(self.add("room", HOOK, "--template", "night")["template"], "night")


class Secrets(TargetCase):
    """A secret given once must be found in its file and nowhere else."""

    def secret_file(self):
        with open(self.path + ".secrets", encoding="utf-8") as stream:
            return json.load(stream)

    def assert_nowhere_else(self, *canaries):
        outputs = [self.run_toban(*args, who="admin").out
                   for args in (["--json", "target", "list"], ["--json", "outbox", "list"],
                                ["--json", "doctor"], ["target", "list"])]
        outputs.append(self.run_toban("export", "--all", who="auditor-1").out)
        for path in glob.glob(os.path.join(self.folder, "**"), recursive=True):
            if os.path.isfile(path) and not path.endswith(".secrets") and "credentials" not in path:
                with open(path, "rb") as stream:
                    outputs.append(stream.read().decode("utf-8", "replace"))
        for canary in canaries:
            for output in outputs:
                self.assertNotIn(canary, output)

    def test_password__is_in_its_file_alone(self):
        path = os.path.join(self.folder, "password.secrets")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(CANARY + "\n")
        done = self.run_toban("target", "add", "ops", LOGIN, "--secret-file", path, who="admin")
        self.assertEqual(done.status, desk.DONE, done)
        self.assertNotIn(CANARY, done.out + done.err)
        self.assertEqual(self.secret_file(), {"ops": "smtp:" + CANARY})
        self.assertEqual(os.stat(self.path + ".secrets").st_mode & 0o777, 0o600)
        self.ok("admin", "target", "test", "ops")
        self.ok("admin", "backup", self.folder + "/copy.db")
        self.assert_nowhere_else(CANARY)
        self.ok("admin", "target", "remove", "ops")
        self.assertEqual(self.secret_file(), {})
        self.assertTrue(self.verified()["ok"])

    def test_secret__comes_from_stdin(self):
        self.add("ops", LOGIN, "--secret-file", "-", text=CANARY + "\n")
        self.add("room", HOOK, "--secret-file", "-", text=CANARY_KEY + "\n")
        self.assertEqual(self.secret_file(), {"ops": "smtp:" + CANARY, "room": CANARY_KEY})
        self.assert_nowhere_else(CANARY, CANARY_KEY[6:])

    def test_secret__given_is_not_shown_again(self):
        done = self.run_toban("target", "add", "room", HOOK, "--secret-file", "-", who="admin", text=CANARY_KEY + "\n")
        self.assertEqual(done.status, desk.DONE, done)
        self.assertNotIn(CANARY_KEY[6:], done.out + done.err)
        self.assertNotIn("secret", self.add("other", HOOK, "--secret-file", "-", text=CANARY_KEY + "\n"))

    def test_address__is_read_from_a_file_and_shown_to_nobody(self):
        hook = "https://hooks.example.org/services/" + CANARY
        path = os.path.join(self.folder, "room.url")
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(hook + "\n")
        shown = [self.run_toban("target", "add", "room", "--url-file", path, "--format", "slack", who="admin"),
                 self.run_toban("--json", "target", "add", "both", "--url-file", "-", "--secret-file", "-",
                                who="admin", text=hook + "\n" + CANARY_KEY + "\n")]
        os.unlink(path)
        for who in ("admin", "auditor-1", "office-head"):
            shown += [self.run_toban("target", "list", who=who), self.run_toban("--json", "target", "list", who=who)]
        for done in shown:
            self.assertEqual(done.status, desk.DONE, done)
            self.assertIn("https://hooks.example.org/…", done.out)
            self.assertNotIn(CANARY, done.out + done.err)
        self.assertEqual(self.secret_file()["both"], CANARY_KEY)
        for who in ("auditor-1", "office-head"):
            self.refuse(DENIED, who, "target", "list", "--addresses")
        rows = self.ok("admin", "target", "list", "--addresses")["targets"]
        self.assertEqual([row["url"] for row in rows], [hook, hook])
        self.assertTrue(self.verified()["ok"])
        self.refuse(MISSING, "admin", "target", "add", "x", "--url-file", path)
        self.refuse(INVALID, "admin", "target", "add", "x", "--url-file", "-", text="https://" + 3000 * "a")

    def test_address__of_a_chat_is_no_argument(self):
        hook = "https://hooks.example.org/services/" + CANARY
        for name in ("slack", "mattermost", "teams"):
            with self.subTest(name):
                error = self.refuse(desk.USAGE, "admin", "target", "add", "x", hook, "--format", name, code="D111")
                self.assertIn("--url-file", error["what_to_do"])
                self.assertNotIn(CANARY, json.dumps(error))
        self.assertEqual(self.ok("admin", "target", "list")["targets"], [])
        for name in ("generic", "alertmanager"):
            self.ok("admin", "target", "add", name, hook, "--format", name)
        self.refuse(INVALID, "admin", "target", "add", "x", "https://u:p@hooks.example.org/")

    def test_secret__of_the_wrong_kind_is_refused(self):
        for url, secret in ((HOOK, CANARY), (HOOK, "smtp:" + CANARY), (MAIL, CANARY), (LOGIN, "a\tb")):
            with self.subTest(url=url, secret=secret):
                error = self.refuse(INVALID, "admin", "target", "add", "x", url, "--secret-file", "-",
                                    text=secret + "\n")
                self.assertEqual(error["fields"][0]["field"], "secret")
                self.assertNotIn(CANARY, json.dumps(error))

    def give(self, mode=0o400, **secrets):
        folder = os.path.join(self.folder, "credentials")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "toban.secrets")
        if os.path.exists(path):
            os.unlink(path)
        with open(path, "w", encoding="utf-8") as stream:
            json.dump(secrets, stream)
        os.chmod(path, mode)
        self.env = {"CREDENTIALS_DIRECTORY": folder}

    def test_credential__is_used_and_never_copied(self):
        self.give(ops="smtp:" + CANARY, room=CANARY_KEY)
        self.assertNotIn("secret", self.add("ops", LOGIN))
        self.assertNotIn("secret", self.add("room", HOOK))
        self.assertTrue(self.ok("admin", "doctor")["ok"])
        self.assertFalse(os.path.exists(self.path + ".secrets") and self.secret_file())
        self.assert_nowhere_else(CANARY, CANARY_KEY[6:])
        self.ok("admin", "target", "remove", "room")
        for name, url in (("room", LOGIN), ("ops2", LOGIN)):
            self.refuse(INVALID, "admin", "target", "add", name, url)
        self.refuse(INVALID, "admin", "target", "add", "room", HOOK, "--secret-file", "-", text=CANARY_KEY)

    def finding(self):
        done = self.run_toban("--json", "doctor", who="admin")
        return next(c for c in done.document()["checks"] if c["name"] == "secrets")

    def break_file(self, how):
        """The file of secrets with one fault; what mends it."""
        path = self.path + ".secrets"
        with open(path, encoding="utf-8") as stream:
            good = stream.read()
        if how == "mode":
            os.chmod(path, 0o644)
            return lambda: os.chmod(path, 0o600)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(good.replace(":", ";", 1))

        def mend():
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(good)
        return mend

    def test_file__bad__stops_the_sending_alone(self):
        self.add("room", HOOK)
        path = self.path + ".secrets"
        for how in ("mode", "character"):
            with self.subTest(how=how):
                self.assertTrue(self.finding()["ok"])
                mend = self.break_file(how)
                self.report("security-breach")
                for args in (["list"], ["target", "list"], ["outbox", "list"], ["clock", "run"]):
                    self.ok(None if args[0] == "clock" else "admin", *args)
                warned = self.run_toban("list", who="admin")
                self.assertEqual(warned.status, desk.DONE, warned)
                self.assertEqual(warned.err.count(path), 1, warned.err)
                found = self.finding()
                self.assertFalse(found["ok"])
                self.assertIn(path, found["text"])
                self.assertTrue(found["what_to_do"])
                error = self.refuse(desk.FAILED, "admin", "target", "add", "other", HOOK, code="D503")
                self.assertIn(path, error["text"])
                self.assertNotIn("other", [t["name"] for t in self.ok("admin", "target", "list")["targets"]])
                mend()
        self.assertEqual(self.run_toban("list", who="admin").err, "")
        self.assertTrue(self.finding()["ok"])
        self.assertTrue(self.verified()["ok"])

    def test_credential__others_could_read_is_not_used(self):
        self.give(mode=0o444, room=CANARY_KEY)
        self.ok("admin", "target", "list")
        self.assertIn("toban.secrets", self.finding()["text"])


class Hook(http.server.BaseHTTPRequestHandler):
    """Answers with the status its path names."""

    def do_POST(self):
        self.server.bodies.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(int(self.path[1:]))
        self.end_headers()
        self.wfile.write(b"so it is")

    def log_message(self, *_):
        pass


class Trying(TargetCase):
    def serve(self):
        server = http.server.HTTPServer(("127.0.0.1", 0), Hook)
        server.bodies = []
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server, f"http://127.0.0.1:{server.server_port}"

    def add_local(self, name, url, *args):
        return self.add(name, url, "--allow-http", "--allow-private", *args)

    def preview(self, name, *args, who="admin"):
        return self.ok(who, "target", "preview", name, *args)

    def test_preview__is_what_is_sent(self):
        server, url = self.serve()
        for name in ("generic", "slack", "mattermost", "teams", "alertmanager"):
            with self.subTest(name):
                self.add_local(name, url + "/204", "--format", name)
                shown = self.preview(name)
                self.assertEqual(shown["type"], "desk.test")
                self.assertNotIn("whsec", json.dumps(shown))
                sent = self.ok("admin", "target", "test", name, "--wait")
                self.assertEqual((sent["state"], sent["last_status"]), ("sent", 204))
                body = server.bodies[-1].decode().replace(sent["id"], "msg_preview")
                self.assertEqual(json.loads(body), json.loads(shown["body"]))

    def test_preview__of_a_case_and_of_mail(self):
        case = self.report("security-breach", title="<!channel> *night*")
        self.add("room", HOOK, "--format", "slack")
        self.add("ops", MAIL, "--template", "short")
        shown = self.preview("room", "--incident", case)
        self.assertEqual(shown["type"], "incident.report")
        self.assertIn("&lt;!channel&gt;", shown["body"])
        self.assertIn("<!channel> *night*", shown["words"])
        self.assertEqual(set(shown["headers"]),
                         {"Content-Type", "webhook-id", "webhook-timestamp", "webhook-signature"})
        mail = self.preview("ops", "--incident", case, "--type", "crisis.escalated")
        self.assertIsNone(mail["headers"])
        self.assertIn("Importance: high", mail["body"])
        self.assertIn(f"重大事故 {case}", mail["words"])
        lines = self.run_toban("target", "preview", "ops", "--incident", case, who="admin")
        self.assertEqual(lines.status, desk.DONE, lines)
        self.assertIn("Auto-Submitted: auto-generated\n", lines.out)
        self.assertIn("当番の引継ぎ", self.preview("ops", "--type", "handover.given")["words"])

    def test_preview__what_cannot_be_shown(self):
        case = self.report("security-breach", confidential=True)
        self.add("room", HOOK)
        self.refuse(MISSING, "admin", "target", "preview", "room", "--incident", case)
        case = self.report("security-breach")
        self.refuse(MISSING, "admin", "target", "preview", "gone")
        self.refuse(MISSING, "admin", "target", "preview", "room", "--incident", "26-9999")
        for args in (["--type", "crisis.escalated"], ["--type", "nonsense"],
                     ["--type", "nonsense", "--incident", case]):
            error = self.refuse(INVALID, "admin", "target", "preview", "room", *args)
            self.assertEqual(error["fields"][0]["field"], "type")
            if "--incident" not in args:
                self.assertIn("alert.new", error["fields"][0]["text"])

    def test_preview__of_alerts(self):
        for name in ("generic", "slack", "mattermost", "teams", "alertmanager"):
            self.add(name, HOOK, "--format", name)
            shown = self.preview(name, "--type", "alert.new")
            self.assertIn("A-1", shown["body"])
            self.assertIn("新しいアラート", shown["words"])

    def bodies(self):
        """(target, state, body) of every message, as they lie in the desk file."""
        with contextlib.closing(sqlite3.connect(self.path)) as db:
            return db.execute("SELECT target, state, body FROM outbox ORDER BY num").fetchall()

    def test_restrict__what_still_waits_tells_the_title_no_more(self):
        self.add("room", HOOK, "--events", "*")
        case = self.report("security-breach", title="CANARYTITLE", situation="CANARYTEXT")
        other = self.report("security-breach", title="OTHERTITLE")
        self.act("dc-owner", case, "acknowledge")
        self.assertIn("CANARYTITLE", self.bodies()[0][2])
        self.act("dc-owner", case, "restrict", why="names of customers")
        text = "".join(body for _, _, body in self.bodies())
        self.assertNotIn("CANARY", text)
        self.assertIn(f"案件{case}", text)
        self.assertIn("OTHERTITLE", text)
        self.assertEqual({state for _, state, _ in self.bodies()}, {"waiting"})
        self.assertTrue(self.ok(None, "verify", "--rebuild")["ok"], other)

    def test_involve__what_waits_for_their_own_receiver_is_not_sent(self):
        self.add("own", HOOK, "--person", "dc-owner")
        case = self.report("security-breach")
        self.assertEqual([row[:2] for row in self.bodies()], [("own", "waiting")])
        self.act("office-staff-1", case, "involve", person="dc-owner", why="took part")
        self.assertEqual([row[:2] for row in self.bodies()], [("own", "stopped")])

    def test_wait__tells_what_went_wrong(self):
        _, url = self.serve()
        self.add_local("broken", url + "/500")
        done = self.run_toban("target", "test", "broken", "--wait", who="admin")
        self.assertEqual(done.status, desk.FAILED, done)
        self.assertRegex(done.out, r"1: 2026-11-23 09:00  waiting  500  so it is")

    def test_deliveries__are_shown_and_given_up_ones_sent_again(self):
        server, url = self.serve()
        self.add_local("room", url + "/410")
        done = self.run_toban("--json", "target", "test", "room", "--wait", who="admin")
        message = done.document()
        self.assertEqual((done.status, message["state"]), (desk.FAILED, "stopped"))
        for who, seen in (("office-head", 1), ("admin", 1), ("auditor-1", 1), ("dc-operator-1", None)):
            self.assertEqual(self.ok(who, "call", "incident.counts")["dead_letters"], seen)
        self.refuse(DENIED, "dc-operator-1", "outbox", "show", message["id"])
        self.refuse(MISSING, "admin", "outbox", "show", "msg_none")
        self.ok("admin", "target", "start", "room")
        self.assertEqual(self.ok("admin", "outbox", "retry", "--given-up")["retried"], 1)
        self.refuse(MISSING, "admin", "outbox", "retry", "--given-up")
        self.run_toban("outbox", "run", "--once", who="admin")
        shown = self.ok("office-head", "outbox", "show", message["id"])
        self.assertEqual([(row["attempt"], row["status"], row["outcome"], row["answer"])
                          for row in shown["deliveries"]],
                         [(1, 410, "stopped", "so it is"), (2, 410, "stopped", "so it is")])
        self.assertEqual(shown["message"]["type"], "desk.test")
        self.assertEqual(len(server.bodies), 2)
        self.ok("admin", "target", "remove", "room")
        self.assertEqual(self.ok("admin", "call", "incident.counts")["dead_letters"], 0)
        self.refuse(MISSING, "admin", "outbox", "retry", "--given-up")

    def test_gone__stops_the_receiver_until_it_is_started(self):
        server, url = self.serve()
        self.add_local("room", url + "/410")
        for _ in range(2):
            self.ok("admin", "target", "test", "room")
        self.run_toban("outbox", "run", "--once", who="admin")
        self.ok("admin", "outbox", "retry", "--target", "room")
        self.run_toban("outbox", "run", "--once", who="admin")
        self.assertEqual(len(server.bodies), 1)
        self.assertTrue(self.row("room")["stopped"])
        self.assertIn("410", self.run_toban("target", "list", who="admin").out)
        self.assertEqual({m["state"] for m in self.ok("admin", "outbox", "list")["messages"]}, {"stopped"})
        check = next(c for c in self.run_toban("--json", "doctor", who="admin").document()["checks"]
                     if c["name"] == "receivers")
        self.assertFalse(check["ok"])
        self.assertIn("room", check["text"])
        entries = [e for e in self.ok("auditor-1", "call", "ledger.export")["events"] if e["kind"] == "target-stopped"]
        self.assertEqual([e["actor"] for e in entries], ["desk"])
        self.assertTrue(self.verified()["ok"])
        for who in ("dc-operator-1", "office-head", "auditor-1"):
            self.refuse(DENIED, who, "target", "start", "room")
        self.ok("admin", "target", "start", "room")
        self.refuse(MISSING, "admin", "target", "start", "none")
        self.assertFalse(self.row("room")["stopped"])
        self.ok("admin", "target", "test", "room")
        self.run_toban("outbox", "run", "--once", who="admin")
        self.assertEqual((len(server.bodies), self.row("room")["stopped"]), (2, True))
        self.add_local("room", url + "/200")
        self.assertFalse(self.row("room")["stopped"])
        self.assertTrue(self.verified()["ok"])

    def test_show__a_message_is_for_who_may_read_the_case(self):
        self.add("room", HOOK, "--events", "incident.*")
        case = self.report("security-breach")
        message = self.ok("admin", "outbox", "list")["messages"][0]
        self.assertEqual(self.ok("office-staff-1", "outbox", "show", message["id"])["message"]["data"]["incident"], case)
        self.act("office-head", case, "involve", person="office-staff-1", why="named")
        # For who is involved there is no such message, nor a line of it in the list.
        self.refuse(MISSING, "office-staff-1", "outbox", "show", message["id"])
        self.assertEqual(self.ok("office-staff-1", "outbox", "list")["messages"], [])
        self.act("office-head", case, "restrict", why="customers")
        self.assertEqual({row["subject"] for row in self.ok("admin", "outbox", "list")["messages"]}, {""})
        self.assertIsNone(self.ok("admin", "outbox", "show", message["id"])["message"])


class Rights(TargetCase):
    def test_target__is_the_administrators(self):
        for who in ("dc-operator-1", "office-head", "auditor-1"):
            self.refuse(DENIED, who, "target", "add", "x", HOOK)
        self.refuse(MISSING, "admin", "target", "test", "x")


if __name__ == "__main__":
    desk.main()
