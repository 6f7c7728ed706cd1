# SPDX-License-Identifier: MIT
"""The procedure is data: a site's copies change it, and old records keep what they were made under."""

import json
import os
import shutil

import desk
from desk import DENIED, INVALID, MISSING, UNUSABLE, DeskCase, report_fields

SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "forms")


class Site(DeskCase):
    def setUp(self):
        super().setUp()
        self.site = os.path.join(self.folder, "site")
        os.mkdir(self.site)

    def copy(self, path, *changes):
        """A changed copy of a shipped file; every change must change something."""
        with open(os.path.join(SHIPPED, path), encoding="utf-8") as stream:
            text = stream.read()
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        self.write(path, text)

    def write(self, path, text):
        full = os.path.join(self.site, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as stream:
            stream.write(text)

    def use(self):
        self.env = {"TOBAN_FORMS": self.site}

    def check(self, *args):
        done = self.run_toban("--json", "check", *args)
        return done.status, done.document()

    def test_check__the_shipped_files_have_no_fault(self):
        status, doc = self.check()
        self.assertEqual(status, desk.DONE, doc)
        self.assertTrue(doc["ok"])
        self.assertEqual(doc["problems"], [])

    def test_check__names_file_line_and_expectation(self):
        broken = {
            "incident/incident.flow": ("[step note]\nFrom=*\nActor=chain", "[step note]\nFrom=*\nActor=king"),
            "policy/classification.ini": ("Kind=plain", "Kind=plane"),
            "policy/chain.ini": ("Due=30m", "Due=soon"),
            "incident/note.form": ("Type=text", "Type=texts"),
            "policy/review.ini": ("By=office", "By=nobody"),
            "policy/terminal.ini": ("Clipboard=ids", "Clipboard=some"),
            "message/standard.ini": ("Text=Category: {categories}", "Text=Category: {kategories}"),
        }
        for path, (old, new) in broken.items():
            with self.subTest(path=path):
                shutil.rmtree(self.site)
                os.mkdir(self.site)
                self.copy(path, (old, new))
                status, doc = self.check(self.site)
                self.assertEqual(status, INVALID, doc)
                self.assertFalse(doc["ok"])
                problem = doc["problems"][0]
                self.assertEqual(problem["path"], path)
                self.assertGreater(problem["line"], 0)
                self.assertTrue(problem["text"])
                self.assertTrue(problem["expected"])
                with open(os.path.join(self.site, path), encoding="utf-8") as stream:
                    lines = stream.read().splitlines()
                self.assertIn(new.splitlines()[-1], lines[problem["line"] - 1])

    def test_check__dead_ends_and_unreachable_states(self):
        self.copy("incident/incident.flow", ("[state reopened]", "[state island]\nLabel=Island\n"
                                             "Label[ja]=島\nOpen=yes\nWaits=owner:note\n\n[state reopened]"))
        status, doc = self.check(self.site)
        self.assertEqual(status, INVALID, doc)
        self.assertTrue(any("island" in row["text"] for row in doc["problems"]), doc)

    def test_check__a_folder_that_is_not_there(self):
        self.refuse(MISSING, None, "check", self.folder + "/none")

    def test_open__with_broken_files__is_refused_and_says_where(self):
        self.copy("policy/chain.ini", ("Due=30m", "Due=soon"))
        self.use()
        error = self.refuse(UNUSABLE, "dc-owner", "list")
        self.assertIn("policy/chain.ini", error["text"])
        self.env = {"TOBAN_FORMS": self.folder + "/none"}
        self.refuse(UNUSABLE, "dc-owner", "list")

    def test_table__a_changed_question_holds_from_then_on(self):
        old = self.report("service-disruption")
        self.copy("policy/classification.ini", ("Version=1", "Version=2"),
                  ("Question=Is it hard to give customers a service as normal?",
                   "Question=Do customers notice?"),
                  ("Because=a service can hardly be given as normal", "Because=customers notice"))
        self.use()
        new = self.report("service-disruption")
        before, after = self.show(old), self.show(new)
        self.assertEqual((before["table_version"], after["table_version"]), ("1", "2"))
        self.assertNotIn("customers notice", before["reason"]["en"])
        self.assertIn("customers notice", after["reason"]["en"])

        def asked(case):
            verdict = case["log"][0]["body"]["verdict"]
            return {row["key"]: row["question"]["en"] for row in verdict["asked"]}["service-disruption"]
        self.assertEqual(asked(before), "Is it hard to give customers a service as normal?")
        self.assertEqual(asked(after), "Do customers notice?")
        self.assertTrue(self.verified()["ok"])
        # The record says which definitions held, and since when.
        kinds = [json.loads(line)["kind"] for line in
                 self.run_toban("export", "--all", who="auditor-1").out.splitlines()]
        self.assertIn("definitions", kinds)

    def test_form__a_new_required_field_is_asked_for(self):
        self.copy("incident/note.form")
        path = "incident/note.form"
        with open(os.path.join(SHIPPED, path), encoding="utf-8") as stream:
            text = stream.read()
        case = self.report("service-disruption")
        self.act("dc-owner", case, "note", text="without")
        self.write(path, text.replace("Version=1", "Version=2") + "\n[field weather]\nType=choice\n"
                   "Required=yes\nChoices=sun rain\nLabel=Weather\nLabel[ja]=天気\nChoice-sun=Sun\n"
                   "Choice-sun[ja]=晴れ\nChoice-rain=Rain\nChoice-rain[ja]=雨\n")
        self.use()
        error = self.act_refused(INVALID, "dc-owner", case, "note", text="x")
        self.assertEqual([row["field"] for row in error["fields"]], ["weather"])
        self.act_refused(INVALID, "dc-owner", case, "note", text="x", weather="snow")
        self.act("dc-owner", case, "note", text="x", weather="rain")
        self.assertTrue(self.verified()["ok"])
        self.env = {}
        # Without the site's copy the old record is as whole as before.
        self.assertTrue(self.verified()["ok"])
        self.assertEqual(self.show(case)["log"][-1]["body"]["fields"]["weather"], "rain")

    def test_flow__another_actor_another_rule(self):
        self.copy("incident/incident.flow",
                  ("[step dismiss]\nFrom=reported received instructed result-reported returned reopened\n"
                   "To=dismissed\nActor=owner deputy office",
                   "[step dismiss]\nFrom=reported received instructed result-reported returned reopened\n"
                   "To=dismissed\nActor=office-head"))
        case = self.report("service-disruption")
        self.assertIn("dismiss", self.allowed(case, "dc-owner"))
        self.use()
        error = self.act_refused(DENIED, "dc-owner", case, "dismiss", why="x")
        self.assertEqual(error["who"], ["office-head"])
        self.act("office-head", case, "dismiss", why="A test.")

    def test_chain__is_frozen_at_the_report(self):
        case = self.report("service-disruption")
        due = self.show(case)["chain"][0]["due_at"]
        self.copy("policy/chain.ini", ("Due=30m", "Due=5m"))
        self.use()
        self.assertEqual(self.show(case)["chain"][0]["due_at"], due)
        other = self.show(self.report("service-disruption"))
        self.assertEqual(other["chain"][0]["due_at"], "2026-11-23T09:05:00+09:00")

    def test_site__files_that_are_no_definitions_are_left_alone(self):
        self.write("README.txt", "not ours")
        self.write(".hidden/x.ini", "[broken")
        status, doc = self.check(self.site)
        self.assertEqual(status, desk.DONE, doc)
        os.symlink("/etc/passwd", os.path.join(self.site, "x.ini"))
        status, doc = self.check(self.site)
        self.assertEqual(status, INVALID, "a link is no definition file")

    def test_org__an_organisation_of_ones_own(self):
        path = os.path.join(self.folder, "org.ini")
        with open(os.path.join(SHIPPED, "org/example.ini"), encoding="utf-8") as stream:
            text = stream.read()
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text.replace("Hinode Data Service", "Asahi Data"))
        other = os.path.join(self.folder, "other.db")
        self.ok(None, "--desk", other, "init", "--example", "--org", path)
        info = self.ok("dc-owner", "--desk", other, "call", "desk.info")
        self.assertIn("Asahi Data", info["organisation"]["en"])
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text.replace("Roles=owner", "Roles=king", 1))
        third = os.path.join(self.folder, "third.db")
        error = self.refuse(INVALID, None, "--desk", third, "init", "--org", path)
        self.assertIn("king", error["text"] + json.dumps(error["fields"]))
        self.assertFalse(os.path.exists(third))
        self.refuse(MISSING, None, "--desk", third, "init", "--org", self.folder + "/none.ini")

    def test_report__fields_of_the_shipped_form_are_those_of_the_contract(self):
        form = self.ok("dc-operator-1", "call", "form.get", '{"form":"report"}')
        keys = {row["key"] for row in form["fields"]}
        self.assertLessEqual(
            {"title", "situation", "found_at", "place", "asset", "contact", "done_so_far",
             "personal_data", "department", "emergency", "confidential", "answers", "suspected",
             "primary"}, keys)
        self.assertEqual({row["key"] for row in form["fields"] if row["required"]},
                         {"title", "situation", "contact", "answers"})
        self.ok("dc-operator-1", "report", text=json.dumps(report_fields(
            "service-disruption", found_at="2026-11-23T08:13:00+09:00", place="3F", asset="UPS",
            done_so_far="-", personal_data="no", department="datacentre", emergency=False,
            confidential=False, suspected=[], primary="service-disruption")))


if __name__ == "__main__":
    desk.main()
