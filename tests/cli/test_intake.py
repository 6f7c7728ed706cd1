# SPDX-License-Identifier: MIT
"""What other systems report, taken in by scripts and judged by people."""

import json
import os
import subprocess

import desk
from desk import DENIED, DONE, INVALID, MISSING, USAGE

MANAGER = {
    "version": "4", "groupKey": "{}:{alertname=\"Hot\"}", "truncatedAlerts": 0, "status": "firing",
    "receiver": "toban", "groupLabels": {"alertname": "Hot"}, "commonLabels": {}, "commonAnnotations": {},
    "externalURL": "http://am.example.org", "alerts": [
        {"status": "firing", "labels": {"alertname": "Hot", "instance": "pdu-3", "severity": "critical"},
         "annotations": {"summary": "PDU 3 is hot", "description": "71 C at the inlet"},
         "startsAt": "2026-11-22T23:40:00.000Z", "endsAt": "0001-01-01T00:00:00Z",
         "generatorURL": "http://prometheus.example.org/graph", "fingerprint": "ab12cd34ef567890"},
        {"status": "firing", "labels": {"alertname": "Fan"}, "annotations": {},
         "startsAt": "2026-11-22T23:41:00Z", "endsAt": "0001-01-01T00:00:00Z",
         "generatorURL": "", "fingerprint": "0123456789abcdef"}]}

ZABBIX = {"event_id": "4711", "trigger_id": "99", "event_name": "Disk full on db-1", "status": "PROBLEM",
          "event_severity": "High", "host": "db-1", "event_date": "2026.11.23", "event_time": "08:55:00",
          "message": "/ is at 98 %"}

HOSTILE = ["\x1b]0;owned\x07", "\x1b[2J\x1b[H", "\u202etxt.exe", "a\u200bb\u2066c", "\x9b31m", "\U000e0041",
           "=cmd|' /C calc'!A0", "%s%n%x", "'; DROP TABLE alert; --", "{id} {title}", "\r\nforged line"]


class Intake(desk.DeskCase):
    def take(self, document, source="json", who="dc-operator-2"):
        return self.ok(who, "intake", source, text=json.dumps(document))

    def test_alertmanager__each_alert_once_and_over_when_it_is(self):
        taken = self.take(MANAGER, "alertmanager")
        self.assertEqual([(row["id"], row["new"], row["firing"]) for row in taken["alerts"]],
                         [("A-1", True, True), ("A-2", True, True)])
        for alert in MANAGER["alerts"]:
            over = dict(MANAGER, alerts=[dict(alert, status="resolved", endsAt="2026-11-23T00:10:00Z")])
            row, = self.take(over, "alertmanager")["alerts"]
            self.assertEqual((row["new"], row["firing"], row["times"]), (False, False, 2))
        shown = self.ok("auditor-1", "alert", "show", "A-1")
        self.assertEqual((shown["title"], shown["key"], shown["asset"], shown["labels"]["severity"]),
                         ("PDU 3 is hot", "ab12cd34ef567890", "pdu-3", "critical"))
        self.assertEqual([row["kind"] for row in shown["log"]], ["alert", "alert-again"])
        self.assertTrue(self.verified()["ok"])

    def test_zabbix__problem_then_recovery(self):
        self.take(ZABBIX, "zabbix")
        row, = self.take(dict(ZABBIX, status="RESOLVED"), "zabbix")["alerts"]
        self.assertEqual((row["id"], row["firing"]), ("A-1", False))
        self.assertEqual(self.ok("dc-owner", "alert", "list")["alerts"][0]["title"], "Disk full on db-1")

    def test_storm__is_one_alert_and_few_entries(self):
        before = self.verified()["events"]
        for _ in range(40):
            self.take({"key": "k", "title": "Again"})
        burst = {"alerts": [{"key": "k", "title": "Again"}] * 960}
        row, = self.take(burst)["alerts"]
        self.assertEqual((row["id"], row["times"]), ("A-1", 1000))
        verified = self.verified()
        self.assertTrue(verified["ok"], verified)
        self.assertLessEqual(verified["events"] - before, 12)

    def test_many_senders_at_once__lose_no_count(self):
        env = {"PATH": os.environ.get("PATH", ""), "HOME": self.folder, "LANG": "C.UTF-8",
               "TOBAN_DESK": self.path, "TOBAN_NOW": self.now}
        running = []
        for _ in range(12):
            running.append(subprocess.Popen(
                [desk.PROGRAM, "--as", "dc-operator-1", "intake", "json"], env=env, stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
        for child in running:
            child.stdin.write(b'{"key":"k","title":"Again"}')
            child.stdin.close()
        for child in running:
            self.assertEqual(child.wait(timeout=50), DONE, child.stderr.read())
            child.stderr.close()
        row, = self.ok("dc-owner", "alert", "list")["alerts"]
        self.assertEqual(row["times"], 12)
        self.assertTrue(self.verified()["ok"])

    def test_bad_documents__every_fault_named_and_nothing_recorded(self):
        before = self.verified()["events"]
        error = self.refuse(INVALID, "dc-operator-1", "intake", "json", text=json.dumps(
            {"alerts": [{"key": "ok", "title": "Fine"}, {"title": 5.5, "at": "noon"}, "no alert"]}))
        self.assertEqual({row["field"] for row in error["fields"]},
                         {"alerts[1].key", "alerts[1].title", "alerts[1].at", "alerts[2]"})
        for text, code in ((b"", "D110"), (b"{", "D110"), (b"\xff\xfe{}", "D105"), (b"[]", "D102"),
                           (b'{"key":"a","title":"\x00"}', "D110"), (b'{"key":"a","key":"b"}', "D110"),
                           (b'{"key":"a","title":"b\\ud800"}', "D110"), (b"[" * 5000, "D110"),
                           (b'{"key":"a","title":"b","text":"' + b"x" * 1100000 + b'"}', "D104"),
                           (b" " * 5000000, "D110")):
            with self.subTest(text=text[:40]):
                self.refuse(INVALID, "dc-operator-1", "intake", "json", text=text, code=code)
        self.refuse(USAGE, "dc-operator-1", "intake", "xml", text="{}", code="D111")
        self.refuse(USAGE, "dc-operator-1", "intake", text="{}")
        self.assertEqual(self.verified()["events"], before)
        self.assertEqual(self.ok("dc-owner", "alert", "list"), {"alerts": [], "next": None, "trial": True})

    def test_no_terminal__needs_no_answer(self):
        done = self.run_toban("--no-input", "intake", "json", who="dc-operator-1",
                              text='{"key":"k","title":"t"}')
        self.assertEqual(done.status, DONE, done)
        self.assertTrue(done.out.splitlines()[-1].startswith("A-1"), done)
        self.assertEqual(done.err, "")

    def test_hostile_text__is_shown_harmless_everywhere(self):
        for at, text in enumerate(HOSTILE):
            self.take({"key": f"k{at} {text}", "title": text, "text": text, "place": text, "asset": text,
                       "labels": {text: text}})
        for language in ("en", "ja"):
            outs = [self.run_toban("--lang", language, "alert", "list", who="dc-owner").out]
            for at in range(len(HOSTILE)):
                for command in ("show", "promote"):
                    done = self.run_toban("--lang", language, "alert", command, f"A-{at + 1}", who="dc-owner")
                    self.assertEqual(done.status, DONE, done)
                    outs.append(done.out)
            outs.append(self.run_toban("--json", "alert", "list", who="dc-owner").out)
            for out in outs:
                for bad in ("\x1b", "\x07", "\x9b", "\u202e", "\u200b", "\u2066", "\U000e0041", "\r"):
                    self.assertNotIn(bad, out)
                self.assertFalse([line for line in out.splitlines() if line.startswith("forged")])
        rows = self.ok("dc-owner", "alert", "list")["alerts"]
        self.assertEqual([row["title"] for row in reversed(rows)], HOSTILE)
        case = self.promote("A-1")
        self.assertIn("<U+001B>", self.show(case)["title"])
        self.assertTrue(self.verified()["ok"])

    def promote(self, alert, who="dc-operator-1"):
        begun = self.ok(who, "alert", "promote", alert)
        fields = desk.report_fields("service-disruption")
        begun["fields"].update(answers=fields["answers"], contact="2201")
        path = os.path.join(self.folder, "begun.json")
        with open(path, "w", encoding="utf-8") as stream:
            json.dump(begun, stream)
        return self.ok(who, "alert", "promote", alert, "--from", path)["id"]

    def test_promote__makes_the_report_and_closes_the_alert(self):
        self.take(MANAGER, "alertmanager")
        case = self.promote("A-1")
        shown = self.show(case)
        self.assertEqual((shown["title"], shown["asset"], shown["found_at"]),
                         ("PDU 3 is hot", "pdu-3", "2026-11-23T08:40:00+09:00"))
        self.assertIn("71 C at the inlet", shown["situation"])
        self.assertEqual([row["id"] for row in shown["alerts"]], ["A-1"])
        self.assertEqual(shown["log"][0]["body"]["alert"], "A-1")
        self.assertIn("A-1  1x  PDU 3 is hot", self.run_toban("show", case, who="dc-owner").out)
        rows = self.ok("dc-owner", "alert", "list", "--state", "promoted")["alerts"]
        self.assertEqual([(row["id"], row["incident"]) for row in rows], [("A-1", case)])
        self.refuse(DENIED, "dc-owner", "alert", "dismiss", "A-1", "--why", "x", code="D405")
        self.assertTrue(self.verified()["ok"])

    def test_promote__asked_for_the_rest_of_it(self):
        self.take({"key": "k", "title": "Humidity 85 %", "text": "Since the rain.", "place": "room 3"})
        form = self.ok("dc-operator-1", "call", "form.get", '{"form":"report"}')
        begun = self.ok("dc-operator-1", "alert", "promote", "A-1")["fields"]
        typed = [{"contact": "2201", "emergency": "n", "confidential": "n"}.get(field["key"], "")
                 for field in form["fields"] if field["key"] != "answers" and field["key"] not in begun]
        answers = ["n", "y", "n", "n", "n", "n"]
        done = self.run_toban("alert", "promote", "A-1", "--ask", who="dc-operator-1",
                              text="\n".join([*answers, *typed, "y", ""]))
        self.assertEqual(done.status, DONE, done)
        row, = self.ok("dc-owner", "alert", "list", "--state", "promoted")["alerts"]
        self.assertEqual(self.show(row["incident"])["place"], "room 3")
        self.assertEqual(self.ok("dc-operator-1", "call", "draft.list")["drafts"], [])
        self.take({"key": "l", "title": "Smoke"})
        done = self.run_toban("alert", "promote", "A-2", "--ask", who="dc-operator-1", text="n\n")
        self.assertEqual(done.status, desk.DRAFT, done)
        draft, = self.ok("dc-operator-1", "call", "draft.list")["drafts"]
        self.assertEqual((draft["subject"], draft["title"]), ("A-2", "Smoke"))

    def test_link_and_dismiss(self):
        case = self.report("service-disruption")
        self.take(MANAGER, "alertmanager")
        self.refuse(INVALID, "dc-owner", "alert", "dismiss", "A-2", code="D101")
        self.refuse(DENIED, "auditor-1", "alert", "dismiss", "A-2", "--why", "x", code="D306")
        self.refuse(DENIED, "admin", "alert", "link", "A-2", case, code="D307")
        self.refuse(MISSING, "dc-owner", "alert", "link", "A-1", "26-0099", code="D304")
        self.refuse(MISSING, "dc-owner", "alert", "show", "A-99", code="D304")
        self.refuse(USAGE, "dc-owner", "alert", "wash", "A-1", code="D111")
        self.ok("dc-owner", "alert", "link", "A-1", case, "--why", "The same rack.")
        self.ok("dc-owner", "alert", "dismiss", "A-2", "--why", "A test of the fan.")
        self.assertEqual(self.ok("dc-owner", "call", "incident.counts")["alerts"], {"open": 0, "firing": 0})
        # The same firing again changes nothing but the count; another one is news.
        self.assertEqual([row["new"] for row in self.take(MANAGER, "alertmanager")["alerts"]], [False, False])
        later = [dict(alert, startsAt="2026-11-23T05:00:00Z") for alert in MANAGER["alerts"]]
        taken = self.take(dict(MANAGER, alerts=later), "alertmanager")["alerts"]
        self.assertEqual([(row["id"], row["new"]) for row in taken], [("A-1", False), ("A-3", True)])
        self.assertEqual([row["id"] for row in self.show(case)["alerts"]], ["A-1"])
        self.assertTrue(self.verified()["ok"])

    def test_who__staff_takes_in_and_nobody_else(self):
        for who in ("auditor-1", "admin"):
            self.refuse(DENIED, who, "intake", "json", text='{"key":"k","title":"t"}')
            self.ok(who, "alert", "list")
        self.refuse(DENIED, "nobody", "intake", "json", text='{"key":"k","title":"t"}')


if __name__ == "__main__":
    desk.main()
