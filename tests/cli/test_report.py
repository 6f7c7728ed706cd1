# SPDX-License-Identifier: MIT
"""Reporting and classifying: every rule of the table, and every way to get it wrong."""

import json
import unittest

import desk
from desk import CATEGORIES, INVALID, DeskCase, report_fields

MALFORMED = [
    "", " ", "{", "}", "[]", "null", "true", "1", '"text"', "{]", '{"title"}', '{"title":}',
    '{"title":"a",}', "{'title':'a'}", '{"title":"a"} x', '{"title":"a"}{}', '{"title":"a","title":"b"}',
    '{"title":"\\u0000"}', '{"title":"\\ud800"}', '{"title":"\\x41"}', '{"title":"a\nb"}',
    '{"n":1e999}', '{"n":99999999999999999999}', '{"n":01}', '{"n":.5}', '{"n":NaN}', '{"n":+1}',
    "\ufeff{}", '{"a":/*c*/1}', '{"title":"a"', "[" * 3000, '{"a":' * 3000, "title: a", "<xml/>",
]

WRONG_TYPES = [
    {"title": 7}, {"title": None}, {"title": ["a"]}, {"title": {}}, {"title": True}, {"title": ""},
    {"title": "   "}, {"title": "a\nb"}, {"title": "x" * 101}, {"situation": []}, {"situation": ""},
    {"contact": 2201}, {"answers": []}, {"answers": "yes"}, {"answers": {"service-disruption": 1}},
    {"answers": {"service-disruption": "Yes!"}}, {"answers": {"no-such-category": "yes"}},
    {"found_at": "tomorrow-ish"}, {"found_at": 12}, {"found_at": "2026-13-40T00:00:00+09:00"},
    {"found_at": "2027-01-01T00:00:00+09:00"}, {"personal_data": "maybe"}, {"department": "nowhere"},
    {"emergency": "perhaps"}, {"confidential": 3}, {"suspected": ["major-accident"]},
    {"suspected": ["nothing"]}, {"primary": "nothing"}, {"primary": "business-disruption"},
    {"no_such_field": "x"}, {"title": "bell \u0007"}, {"situation": "esc \u001b[2J"},
    {"situation": "c1 \u009b31m"}, {"contact": "del \u007f"},
]


class Classification(DeskCase):
    def report_document(self, *yes, **more):
        return self.ok("dc-operator-1", "report", "--from", "-",
                       text=json.dumps(report_fields(*yes, **more)))

    def test_report__answers_the_contract(self):
        self.now = "2026-11-23T09:00:00+09:00"
        doc = self.report_document("service-disruption")
        self.assertEqual(doc["id"], "26-0001")
        self.assertEqual(doc["state"], "reported")
        self.assertEqual(doc["category"], "service-disruption")
        self.assertEqual(doc["categories"], ["service-disruption"])
        self.assertEqual(doc["suspected"], [])
        self.assertEqual(doc["major"], "no")
        self.assertIsInstance(doc["seq"], int)
        self.assertRegex(doc["row_hash"], "^[0-9a-f]{64}$")
        self.assertEqual(doc["table_version"], "1")
        for language in ("en", "ja"):
            self.assertIn("2", doc["reason"][language])
        told = doc["notified"]
        self.assertEqual([row["person"] for row in told], ["dc-owner"])
        self.assertEqual(told[0]["role"], "owner")
        self.assertRegex(told[0]["due_at"], r"^2026-11-23T09:\d\d:00\+09:00$")

    def test_report__each_category_alone(self):
        for number, key in enumerate(CATEGORIES, 1):
            doc = self.report_document(key)
            self.assertEqual(doc["category"], key)
            self.assertIn(str(number), doc["reason"]["en"])

    def test_report__several_yes__the_lowest_number_is_primary(self):
        doc = self.report_document("security-breach", "control-failure", "information-impairment")
        self.assertEqual(doc["category"], "information-impairment")
        self.assertEqual(set(doc["categories"]),
                         {"information-impairment", "security-breach", "control-failure"})

    def test_report__several_yes__the_finder_names_the_primary_one(self):
        doc = self.report_document("service-disruption", "security-breach", primary="security-breach")
        self.assertEqual(doc["category"], "security-breach")
        self.assertEqual(set(doc["categories"]), {"service-disruption", "security-breach"})

    def test_report__an_unknown_beside_a_yes_does_not_make_a_suspicion(self):
        doc = self.report_document("service-disruption", unknown=["security-breach"])
        self.assertEqual(doc["category"], "service-disruption")
        self.assertNotIn("suspicion", doc["categories"])

    def test_report__only_unknowns__is_a_suspicion_of_those(self):
        doc = self.report_document(unknown=["security-breach", "control-failure"])
        self.assertEqual(doc["category"], "suspicion")
        self.assertEqual(set(doc["suspected"]), {"security-breach", "control-failure"})

    def test_report__unanswered_counts_as_unknown(self):
        fields = report_fields(answers={"business-disruption": "no"})
        doc = self.ok("dc-operator-1", "report", "--from", "-", text=json.dumps(fields))
        self.assertEqual(doc["category"], "suspicion")
        self.assertEqual(set(doc["suspected"]), set(CATEGORIES[1:]))

    def test_report__all_no__is_refused_and_nothing_is_recorded(self):
        before = self.ok("auditor-1", "head")
        error = self.refuse(INVALID, "dc-operator-1", "report", text=json.dumps(report_fields()),
                            code="D109")
        self.assertTrue(error["what_to_do"])
        self.assertEqual(self.ok("auditor-1", "head"), before)

    def test_report__all_no_but_something_suspected__is_a_suspicion(self):
        doc = self.report_document(suspected=["security-breach"])
        self.assertEqual(doc["category"], "suspicion")
        self.assertEqual(doc["suspected"], ["security-breach"])

    def test_report__major_accident__is_only_proposed(self):
        doc = self.report_document("information-impairment", "major-accident")
        self.assertEqual(doc["major"], "proposed")
        self.assertEqual(doc["category"], "information-impairment")
        self.assertNotIn("major-accident", doc["categories"])

    def test_report__major_accident_alone__needs_a_category(self):
        # The exception lies on top of 1-6: it makes no category of its own.
        fields = report_fields("major-accident")
        done = self.run_toban("--json", "report", who="dc-operator-1", text=json.dumps(fields))
        self.assertIn(done.status, (desk.DONE, INVALID), done)
        if done.status == desk.DONE:
            self.assertIn(done.document()["category"], CATEGORIES + ["suspicion"])

    def test_classify__says_the_same_and_records_nothing(self):
        before = self.ok("auditor-1", "head")
        answers = report_fields("security-breach", unknown=["control-failure"])["answers"]
        for document in (answers, {"answers": answers}):
            doc = self.ok("dc-operator-1", "classify", "--answers", "-", text=json.dumps(document))
            self.assertEqual(doc["category"], "security-breach")
            self.assertEqual(doc["table_version"], "1")
            self.assertEqual([row["person"] for row in doc["told"]], ["dc-owner"])
            self.assertEqual(set(doc["reason"]), {"en", "ja"})
        self.assertEqual(self.ok("auditor-1", "head"), before)
        self.refuse(INVALID, "dc-operator-1", "classify", text=json.dumps(report_fields()["answers"]))

    def test_report__departments__the_chain_is_that_of_the_department_named(self):
        doc = self.report_document("service-disruption", department="general-affairs")
        self.assertEqual([row["person"] for row in doc["notified"]], ["ga-owner"])
        self.assertEqual(self.show(doc["id"])["department"], "general-affairs")

    def test_report__finder__anyone_on_the_staff(self):
        for who in ("ga-staff-1", "sales-deputy-1", "office-staff-1", "crisis-1", "office-head"):
            self.report("service-disruption", who=who)


class Refusals(DeskCase):
    def test_report__malformed_json__is_refused_naming_the_place(self):
        before = self.ok("auditor-1", "head")
        for text in MALFORMED:
            with self.subTest(text=text[:40]):
                error = self.refuse(INVALID, "dc-operator-1", "report", text=text, code="D110")
                self.assertTrue(error["what_to_do"])
        for data in (b'{"title":"\xff"}', b'{"\xc3\x28":1}', b'\xff\xfe{\x00}\x00', b'{"a":"\xed\xa0\x80"}'):
            with self.subTest(data=data):
                self.refuse(INVALID, "dc-operator-1", "report", text=data, code="D110")
        self.assertEqual(self.ok("auditor-1", "head"), before)

    def test_report__wrong_values__each_names_its_field(self):
        before = self.ok("auditor-1", "head")
        for change in WRONG_TYPES:
            with self.subTest(change=str(change)[:60]):
                fields = report_fields("service-disruption")
                fields.update(change)
                error = self.refuse(INVALID, "dc-operator-1", "report", text=json.dumps(fields))
                named = [row["field"] for row in error["fields"]]
                self.assertEqual(len(named), 1, error)
                self.assertTrue(named[0].startswith(next(iter(change))), error)
                self.assertTrue(error["fields"][0]["text"])
        self.assertEqual(self.ok("auditor-1", "head"), before)

    def test_report__several_faults__all_are_named_at_once(self):
        error = self.refuse(INVALID, "dc-operator-1", "report", text=json.dumps(
            {"title": "", "answers": {"security-breach": 5}, "found_at": "x", "nonsense": 1}))
        named = {row["field"].split(".")[0].split("[")[0] for row in error["fields"]}
        self.assertEqual(named, {"title", "situation", "contact", "answers", "found_at", "nonsense"})

    def test_report__too_large__is_refused(self):
        text = json.dumps(report_fields("service-disruption", situation="x" * (5 << 20)))
        self.refuse(INVALID, "dc-operator-1", "report", text=text)

    def test_report__missing_file__is_not_found(self):
        self.refuse(desk.MISSING, "dc-operator-1", "report", "--from", "no-such-file.json")

    def test_report__by_those_who_report_nothing(self):
        for who in ("auditor-1", "admin"):
            error = self.refuse(desk.DENIED, who, "report",
                                text=json.dumps(report_fields("service-disruption")))
            self.assertTrue(error["what_to_do"])
        self.refuse(desk.DENIED, "nobody-of-that-name", "report",
                    text=json.dumps(report_fields("service-disruption")))


class Hostile(DeskCase):
    TEXTS = ["\u202ereversed", "zero\u200bwidth", "tag\U000e0041", "\u2066iso\u2069", "line\u2028sep",
             "=cmd|' /C calc'!A0", "'; DROP TABLE event; --", "{name} %s %n \\x1b[31m", "\ufff9",
             "q" + "\u0301" * 60, "👩‍👩‍👧", "縦\u3099横", "<script>alert(1)</script>", "../../etc/passwd",
             "\"quoted\\", "\ufdd0", "\U0010ffff"]

    def test_report__hostile_text__is_kept_as_it_is_and_shown_harmless(self):
        kept = 0
        for text in self.TEXTS:
            fields = report_fields("service-disruption", situation=text)
            done = self.run_toban("--json", "report", who="dc-operator-1", text=json.dumps(fields))
            if done.status == INVALID:
                self.assertEqual(done.error()["fields"][0]["field"], "situation")
                continue
            self.assertEqual(done.status, desk.DONE, done)
            case = done.document()["id"]
            kept += 1
            self.assertEqual(self.show(case)["situation"], text)
            for args in (["show", case], ["--lang", "ja", "print", case], ["log", case], ["list"],
                         ["--json", "show", case], ["export", case], ["call", "incident.show",
                          json.dumps({"id": case})]):
                out = self.run_toban(*args, who="auditor-1").out
                for bad in "\x1b\x07\x9b\u202e\u200b\u2066\u2028\U000e0041":
                    self.assertNotIn(bad, out, f"{args} of {text!r}")
        self.assertGreater(kept, 10)
        self.assertTrue(self.verified()["ok"])


if __name__ == "__main__":
    desk.main()
