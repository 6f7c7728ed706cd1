# SPDX-License-Identifier: MIT
"""The whole procedure, its side exits and its gates, as the people of the example take it."""

import hashlib
import json

import desk
from desk import CHANGED, DENIED, INVALID, REVIEWS, DeskCase

SHOW_KEYS = {
    "id", "title", "state", "category", "major", "drill", "confidential", "department",
    "waiting_for", "due_at", "overdue", "reported_at", "finder", "contact", "situation", "found_at",
    "categories", "reason", "chain", "instructions", "responses", "result", "measures", "reviews",
    "clocks", "evidence", "links", "signatures", "log"}
LIST_KEYS = {"id", "title", "state", "category", "major", "drill", "confidential", "department",
             "waiting_for", "due_at", "overdue", "reported_at"}
ACT_KEYS = {"id", "state", "seq", "row_hash", "notified"}


class Spine(DeskCase):
    def test_procedure__from_report_to_verified(self):
        case = self.report("security-breach")
        self.advance(case, "closed")
        self.now = "2027-03-01T09:00:00+09:00"
        done = self.act("office-staff-2", case, "verify-effect", verdict="effective", text="No more.")
        self.assertLessEqual(ACT_KEYS, set(done))
        self.assertEqual(done["state"], "verified")
        doc = self.show(case)
        self.assertLessEqual(SHOW_KEYS, set(doc))
        self.assertEqual(doc["state"], "verified")
        self.assertEqual(doc["finder"], "dc-operator-1")
        self.assertEqual(doc["result"]["approved_by"], "office-staff-1")
        self.assertEqual({row["state"] for row in doc["measures"][0]["cells"].values()}, {"accepted"})
        self.assertEqual({item: row["verdict"] for item, row in doc["reviews"].items()},
                         {item: "no-change" for item in REVIEWS})
        for entry in doc["log"]:
            self.assertLessEqual({"seq", "at", "happened_at", "actor", "kind", "body", "row_hash"},
                                 set(entry))
            self.assertRegex(entry["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+09:00$")
        kinds = [entry["kind"] for entry in doc["log"] if entry["actor"] != "desk"]
        self.assertEqual(kinds[0], "report")
        self.assertEqual(kinds[-1], "verify-effect")
        self.assertTrue(self.verified()["ok"])

    def test_list__filters_and_pages(self):
        first = self.report("security-breach")
        second = self.report("service-disruption", who="ga-staff-1")
        third = self.report("control-failure", drill=True)
        self.act("dc-owner", first, "acknowledge")
        everything = self.ok("office-head", "list")
        self.assertIsNone(everything["next"])
        for row in everything["incidents"]:
            self.assertLessEqual(LIST_KEYS, set(row))
        self.assertEqual({row["id"] for row in everything["incidents"]}, {first, second, third})

        def ids(*args, who="office-head"):
            return {row["id"] for row in self.ok(who, "list", *args)["incidents"]}
        self.assertEqual(ids("--state", "received"), {first})
        self.assertEqual(ids("--department", "general-affairs"), {second})
        self.assertEqual(ids("--open"), {first, second, third})
        self.assertEqual(ids("--mine", who="ga-owner"), {second})
        self.assertEqual(ids("--overdue"), set())
        self.now = "2026-11-25T09:00:00+09:00"
        self.assertIn(second, ids("--overdue"))
        seen, after = [], []
        while True:
            page = self.ok("office-head", "list", "--limit", "1", *after)
            seen += [row["id"] for row in page["incidents"]]
            if page["next"] is None:
                break
            after = ["--after", page["next"]]
        self.assertEqual(sorted(seen), [first, second, third])
        for wrong in (["--limit", "many"], ["--limit", "0"], ["--state", "no-such"],
                      ["--department", "nowhere"], ["--after", "not a cursor"]):
            self.refuse(INVALID, "office-head", "list", *wrong)

    def test_steps__every_step_with_its_reason(self):
        case = self.report("security-breach")
        doc = self.ok("dc-operator-1", "steps", case)
        self.assertEqual(doc["id"], case)
        for row in doc["steps"]:
            self.assertLessEqual({"step", "label", "allowed", "code", "why", "who"}, set(row))
            if not row["allowed"]:
                self.assertTrue(row["why"], row)
                self.assertRegex(row["code"], "^D[34]")
        rows = {row["step"]: row for row in doc["steps"]}
        self.assertIn("office-head", rows["decide-major"]["who"])
        form = self.ok("dc-owner", "steps", case, "--form", "instruct")
        self.assertEqual([row["key"] for row in form["form"]["fields"]], ["to", "text", "due"])
        self.refuse(INVALID, "dc-owner", "steps", case, "--form", "no-such-step")
        self.refuse(desk.MISSING, "dc-owner", "steps", "26-9999")

    def test_result__returned_and_submitted_again(self):
        case = self.report("security-breach")
        self.advance(case, "result-reported")
        first = self.show(case)["result"]
        self.act_refused(INVALID, "office-staff-1", case, "return-result")
        self.act("office-staff-1", case, "return-result", why="The cause is missing.")
        doc = self.show(case)
        self.assertEqual(doc["state"], "returned")
        self.assertEqual(doc["result"]["returned_why"], "The cause is missing.")
        self.act_refused(DENIED, "office-staff-1", case, "approve-result")
        self.act("dc-deputy-1", case, "report-result", cause="The rack was open", damage="none",
                 actions="Locked", text="-")
        again = self.show(case)["result"]
        self.assertNotEqual(first["hash"], again["hash"])
        # The approval is bound to what was shown.
        self.act_refused(CHANGED, "office-staff-1", case, "approve-result", code="D205",
                         hash=first["hash"])
        self.act("office-staff-1", case, "approve-result", hash=again["hash"])
        self.assertEqual(self.show(case)["state"], "approved")

    def test_emergency__is_recorded_and_owes_a_ratification(self):
        case = self.report("security-breach")
        self.act_refused(DENIED, "dc-operator-1", case, "respond", text="Isolated")
        self.act("dc-operator-1", case, "respond", text="Isolated", emergency=True)
        self.act_refused(DENIED, "dc-operator-1", case, "ratify", text="I was right")
        self.act("dc-owner", case, "ratify", text="That was right.")
        self.assertEqual(self.show(case)["state"], "instructed")
        self.assertTrue(self.show(case)["responses"][0]["ratified"])
        self.act_refused(DENIED, "dc-owner", case, "ratify", text="again", code="D406")

    def test_close__names_every_missing_condition(self):
        case = self.report("security-breach")
        self.advance(case, "approved")
        error = self.act_refused(DENIED, "office-head", case, "close", code="D403")
        self.assertIn("prevention", (error["text"] + json.dumps(error["fields"])).lower())
        self.advance_from_approved(case)
        self.assertEqual(self.show(case)["state"], "closed")

    def advance_from_approved(self, case):
        self.act("office-staff-1", case, "plan-prevention", measures=[], why="One of a kind.")
        for item, by in REVIEWS.items():
            self.act_refused(DENIED, "office-head", case, "close", code="D403")
            self.act("office-staff-1" if by == "office" else "dc-owner", case, "review-item",
                     item=item, verdict="changed", text="Paragraph 3")
        self.act("office-head", case, "close")

    def test_close__statutory_clocks_are_decided_first(self):
        case = self.report("information-impairment", personal_data="yes")
        clocks = [row["key"] for row in self.show(case)["clocks"]]
        self.assertEqual(clocks, ["appi-prompt", "appi-final"])
        self.advance_to_gate(case)
        self.act_refused(DENIED, "office-head", case, "close", code="D403")
        for key in clocks:
            self.act("office-staff-1", case, "decide-clock", clock=key, decision="not-required",
                     why="Encrypted.")
        self.act("office-head", case, "close")

    def advance_to_gate(self, case):
        self.advance(case, "approved")
        self.act("office-staff-1", case, "plan-prevention", measures=[], why="One of a kind.")
        self.review_all(case)

    def test_roll_out__not_applicable_sent_back_and_accepted(self):
        case = self.report("security-breach")
        self.advance(case, "preventing")
        cell = {"measure": "M1", "department": "general-affairs"}
        self.act_refused(DENIED, "dc-owner", case, "apply", evidence="x", **cell)
        self.act_refused(INVALID, "ga-owner", case, "apply", **cell)
        self.act("ga-owner", case, "not-applicable", why="No racks.", **cell)
        self.act("office-staff-2", case, "send-back", why="There is one in room 4.", **cell)
        self.assertEqual(self.show(case)["measures"][0]["cells"]["general-affairs"]["state"],
                         "sent-back")
        self.act("ga-owner", case, "apply", evidence="Photo", **cell)
        self.act("office-staff-2", case, "accept", **cell)
        self.act_refused(DENIED, "office-staff-2", case, "accept", **cell)
        for wrong in ({"measure": "M9", "department": "datacentre"},
                      {"measure": "M1", "department": "sales"}):
            self.act("dc-owner", case, "apply", measure="M1", department="datacentre", evidence="x")
            self.act_refused(INVALID, "office-staff-2", case, "accept", **wrong)
            self.act("office-staff-2", case, "send-back", measure="M1", department="datacentre",
                     why="More.")

    def test_verify_effect__not_before_its_day_and_not_by_who_planned(self):
        case = self.report("security-breach")
        self.advance(case, "closed")
        fields = {"verdict": "effective", "text": "Looked."}
        self.act_refused(DENIED, "office-staff-2", case, "verify-effect", code="D404", **fields)
        self.now = "2027-01-21T23:59:00+09:00"
        self.act_refused(DENIED, "office-staff-2", case, "verify-effect", code="D404", **fields)
        self.now = "2027-01-22T12:00:00+09:00"
        self.act_refused(DENIED, "office-staff-1", case, "verify-effect", code="D309", **fields)
        done = self.act("office-staff-2", case, "verify-effect", verdict="not-effective",
                        text="It happened again.")
        self.assertEqual(done["state"], "reopened")
        doc = self.show(case)
        self.assertEqual(doc["round"], 2)
        # A new round: the old closure stays on record.
        self.assertIn("close", [entry["kind"] for entry in doc["log"]])
        self.act("dc-owner", case, "instruct", to="dc-operator-2", text="Again", due="1d")
        self.assertEqual(self.show(case)["state"], "instructed")


    def test_duties__are_counted_by_round(self):
        """What somebody did in an earlier round binds them no more; verify says the same."""
        case = self.report("security-breach")
        self.advance(case, "closed")
        self.now = "2027-02-01T09:00:00+09:00"
        self.act("office-staff-2", case, "verify-effect", verdict="not-effective", text="Again.")
        self.act("dc-owner", case, "instruct", to=["dc-operator-1", "office-staff-2"], text="x", due="1d")
        self.act("dc-operator-1", case, "respond", text="Isolated again")
        self.act("office-staff-2", case, "respond", text="Logs read")
        self.act("dc-owner", case, "report-result", cause="c", damage="d", actions="a", text="t")
        self.act("office-staff-1", case, "approve-result")
        self.act("office-staff-2", case, "plan-prevention", measures=[
            {"text": "Weld it shut", "due": "1d", "effect_on": "2d", "departments": ["datacentre"]}])
        self.review_all(case)
        self.act("dc-owner", case, "apply", measure="M2", department="datacentre", evidence="Photo")
        self.act("office-staff-2", case, "accept", measure="M2", department="datacentre")
        self.act("office-head", case, "close")
        self.now = "2027-03-01T09:00:00+09:00"
        fields = {"verdict": "effective", "text": "Looked."}
        self.act_refused(DENIED, "office-staff-2", case, "verify-effect", code="D309", **fields)
        self.act("office-staff-1", case, "verify-effect", **fields)
        self.assertEqual(self.verified()["problems"], [])

    def test_no_measures__nobody_owns_one(self):
        case = self.report("security-breach")
        self.advance_to_gate(case)
        self.act("office-head", case, "close")
        self.act("office-staff-1", case, "verify-effect", verdict="effective", text="Looked.")
        self.assertEqual(self.verified()["problems"], [])


class Chain(DeskCase):
    def test_major__is_decided_by_the_office_head_alone(self):
        case = self.report("information-impairment", "major-accident")
        self.assertEqual(self.show(case)["major"], "proposed")
        for who in ("dc-owner", "office-staff-1", "crisis-1", "dc-operator-1"):
            error = self.act_refused(DENIED, who, case, "decide-major", major="yes")
            self.assertIn("office-head", json.dumps(error["who"]), error)
        self.act_refused(INVALID, "office-head", case, "decide-major", major="no")
        done = self.act("office-head", case, "decide-major", major="yes")
        self.assertLessEqual({"crisis-1", "crisis-2"}, {row["person"] for row in done["notified"]})
        self.assertEqual(self.show(case)["major"], "yes")
        self.act("crisis-1", case, "acknowledge")
        self.act_refused(INVALID, "office-head", case, "decide-major", major="no")

    def test_major__refused_with_a_reason(self):
        case = self.report("information-impairment", "major-accident")
        self.act("office-head", case, "decide-major", major="no", why="Encrypted.")
        self.assertEqual(self.show(case)["major"], "refused")
        self.assertEqual([row["link"] for row in self.show(case)["chain"] if row["link"] == 3], [])

    def test_escalate__tells_the_office_head_with_a_reason(self):
        case = self.report("service-disruption")
        self.act_refused(INVALID, "dc-owner", case, "escalate")
        done = self.act("dc-deputy-1", case, "escalate", why="Customers call.")
        self.assertEqual([row["person"] for row in done["notified"]], ["office-head"])
        self.act("office-head", case, "acknowledge")
        links = {row["person"]: row for row in self.show(case)["chain"]}
        self.assertIsNotNone(links["office-head"]["acknowledged_at"])

    def test_instruct__a_department_is_told_through_whoever_answers_for_it(self):
        case = self.report("service-disruption")
        for department, people in (("general-affairs", {"ga-owner"}), ("security-office", {"office-head"}),
                                   ("crisis-office", {"crisis-1", "crisis-2"})):
            done = self.act("dc-owner", case, "instruct", to=[department], text="Look.", due="1h")
            self.assertEqual({row["person"] for row in done["notified"]}, people)
            waiting = {row.get("person") for row in self.show(case)["waiting_for"]}
            self.assertLessEqual(people, waiting)
        self.act("crisis-2", case, "respond", text="Looked.")
        waiting = {row.get("person") for row in self.show(case)["waiting_for"]}
        self.assertFalse(waiting & {"crisis-1", "crisis-2"})

    def test_acknowledge__by_a_stranger_or_twice(self):
        case = self.report("service-disruption")
        self.act_refused(DENIED, "ga-owner", case, "acknowledge")
        self.act("dc-owner", case, "acknowledge")
        self.act_refused(DENIED, "dc-owner", case, "acknowledge")

    def test_call__every_outcome_is_recorded(self):
        case = self.report("service-disruption")
        for outcome in ("reached", "no-answer", "voicemail", "refused"):
            self.act("dc-operator-1", case, "call", to="dc-owner", number="03-5550-0103",
                     outcome=outcome)
        self.act_refused(INVALID, "dc-operator-1", case, "call", to="dc-owner", outcome="busy")
        self.assertEqual([row["outcome"] for row in self.show(case)["calls"]],
                         ["reached", "no-answer", "voicemail", "refused"])

    def test_involved__is_skipped_and_sees_nothing(self):
        case = self.report("security-breach", involved=["dc-owner"])
        chain = self.show(case)["chain"]
        told = {row["person"] for row in chain if row["notified_at"]}
        self.assertNotIn("dc-owner", told)
        self.assertLessEqual({"dc-deputy-1", "dc-deputy-2"}, told)
        for args in (["show", case], ["log", case], ["steps", case], ["print", case],
                     ["export", case]):
            self.refuse(desk.MISSING, "dc-owner", *args)
        self.act_refused(desk.MISSING, "dc-owner", case, "note", text="I saw nothing.")
        self.assertEqual(self.ok("dc-owner", "list")["incidents"], [])
        self.assertEqual(self.ok("dc-owner", "search", "device")["incidents"], [])
        self.act("dc-deputy-1", case, "acknowledge")

    def test_involve__later_takes_the_case_away(self):
        case = self.report("security-breach")
        self.act("dc-owner", case, "acknowledge")
        self.act_refused(DENIED, "dc-operator-1", case, "involve", person="dc-owner", why="seen")
        self.act("ga-owner", case, "involve", person="dc-owner", why="Seen on the camera.")
        self.refuse(desk.MISSING, "dc-owner", "show", case)
        self.assertIn("dc-owner", self.show(case)["involved"])
        self.act_refused(INVALID, "ga-owner", case, "involve", person="nobody", why="x")

    def test_confidential__only_those_who_need_to_know(self):
        case = self.report("security-breach", confidential=True)
        self.refuse(desk.MISSING, "sales-owner", "show", case)
        self.assertEqual(self.ok("sales-owner", "list")["incidents"], [])
        self.assertTrue(self.show(case, who="dc-owner")["confidential"])
        other = self.report("service-disruption")
        self.act("dc-owner", other, "restrict", why="A customer asked.")
        self.refuse(desk.MISSING, "sales-owner", "show", other)

    def test_drill__walks_the_same_chain_and_is_marked(self):
        case = self.report("service-disruption", "major-accident", drill=True)
        real = self.report("service-disruption")
        self.assertNotEqual(case[:2] + case[-4:], real)
        doc = self.show(case)
        self.assertTrue(doc["drill"])
        self.assertEqual(doc["clocks"], [])
        self.assertFalse(self.show(real)["drill"])
        self.assertEqual(real, "26-0001", "a drill takes no number of the real ones")
        self.advance(case, "approved")
        for language, mark in (("en", "DRILL"), ("ja", "訓練")):
            paper = self.run_toban("--lang", language, "print", case, who="auditor-1").out
            self.assertIn(mark, paper)
            self.assertNotIn(mark, self.run_toban("--lang", language, "print", real,
                                                  who="auditor-1").out)


class SideExits(DeskCase):
    def test_suspicion__confirmed(self):
        case = self.report(unknown=["security-breach"])
        self.act_refused(INVALID, "dc-owner", case, "confirm-suspicion", why="x")
        self.act("dc-owner", case, "confirm-suspicion", categories=["security-breach"], why="Logs.")
        doc = self.show(case)
        self.assertEqual(doc["category"], "security-breach")
        self.act_refused(DENIED, "dc-owner", case, "dispel-suspicion", why="x", code="D406")

    def test_suspicion__dispelled_and_overruled(self):
        case = self.report(unknown=["security-breach"])
        self.act("dc-owner", case, "dispel-suspicion", why="It is the cleaner's.")
        self.assertEqual(self.show(case)["state"], "dismissed")
        self.act_refused(DENIED, "dc-owner", case, "reopen", why="x")
        self.act("office-staff-1", case, "reopen", why="Whose is it really?")
        self.assertEqual(self.show(case)["state"], "reopened")

    def test_reclassify__keeps_both_reasons(self):
        case = self.report("service-disruption")
        before = self.show(case)["reason"]
        answers = {"service-disruption": "no", "security-breach": "yes", "business-disruption": "no",
                   "information-impairment": "no", "control-failure": "no", "major-accident": "no"}
        self.act_refused(INVALID, "dc-owner", case, "reclassify", answers=answers)
        self.act("dc-owner", case, "reclassify", answers=answers, why="It was an attack.")
        doc = self.show(case)
        self.assertEqual(doc["category"], "security-breach")
        reasons = [entry["body"]["verdict"]["reason"] for entry in doc["log"]
                   if entry["kind"] in ("report", "reclassify")]
        self.assertEqual(reasons, [before, doc["reason"]])

    def test_dismiss__needs_a_reason(self):
        case = self.report("service-disruption")
        self.act_refused(INVALID, "dc-owner", case, "dismiss")
        self.act_refused(DENIED, "dc-operator-2", case, "dismiss", why="x")
        self.act("dc-owner", case, "dismiss", why="A test by the maintenance company.")
        self.assertEqual(self.show(case)["state"], "dismissed")
        self.act_refused(DENIED, "dc-operator-1", case, "note", text="late")

    def test_same_as__is_a_link_that_can_be_taken_back(self):
        first = self.report("service-disruption")
        second = self.report("service-disruption", who="dc-operator-2")
        self.act("dc-owner", second, "acknowledge")
        self.act_refused(INVALID, "dc-owner", second, "same-as", other=second, why="x")
        self.act_refused(INVALID, "dc-owner", second, "same-as", other="26-9999", why="x")
        self.act("dc-owner", second, "same-as", other=first, why="One outage.")
        doc = self.show(second)
        self.assertEqual(doc["state"], "same-as")
        self.assertEqual(doc["links"][0]["other"], first)
        self.assertEqual(self.show(first)["state"], "reported")
        self.act("dc-owner", second, "not-same-as", why="Two after all.")
        self.assertEqual(self.show(second)["state"], "received")
        self.assertTrue(self.show(second)["links"][0]["undone"])

    def test_correct__points_to_the_entry_and_leaves_it(self):
        case = self.report("service-disruption")
        done = self.act("dc-operator-1", case, "note", text="Arrived at 10:05.")
        self.act_refused(DENIED, "dc-operator-2", case, "correct", seq=done["seq"], text="x", why="y")
        self.act("dc-operator-1", case, "correct", seq=done["seq"], text="At 10:00.", why="Door log.")
        self.act_refused(INVALID, "office-staff-1", case, "correct", seq=99999, text="x", why="y")
        notes = [entry["body"]["fields"]["text"] for entry in self.show(case)["log"]
                 if entry["kind"] == "note"]
        self.assertEqual(notes, ["Arrived at 10:05."])

    def test_erase__removes_the_words_and_keeps_the_chain_whole(self):
        case = self.report("service-disruption")
        done = self.act("dc-operator-1", case, "note", text="Taro Yamada, born 1990-01-01")
        self.act_refused(DENIED, "dc-owner", case, "erase", seq=done["seq"], why="GDPR")
        self.act("office-head", case, "erase", seq=done["seq"], why="Article 35")
        text = json.dumps(self.show(case), ensure_ascii=False)
        self.assertNotIn("Yamada", text)
        self.assertNotIn("Yamada", self.run_toban("export", "--all", who="auditor-1").out)
        self.assertTrue(self.verified()["ok"])

    def test_evidence__keeps_name_size_and_hash(self):
        case = self.report("service-disruption")
        path = self.folder + "/front.txt"
        with open(path, "w", encoding="utf-8") as stream:
            stream.write("a photo")
        self.act("dc-operator-1", case, "evidence", file=path)
        row = self.show(case)["evidence"][0]
        self.assertEqual(row["name"], "front.txt")
        self.assertEqual(row["size"], 7)
        self.assertEqual(row["sha256"],
                         hashlib.sha256(b"a photo").hexdigest())
        self.act_refused(INVALID, "dc-operator-1", case, "evidence", file=self.folder + "/none")


if __name__ == "__main__":
    desk.main()
