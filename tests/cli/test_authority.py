# SPDX-License-Identifier: MIT
"""Who may do what: every role in every state, as `steps` says it and as `act` enforces it."""

import json

import desk
from desk import DENIED, MISSING, DeskCase

EVERYBODY = ["dc-operator-1", "dc-operator-2", "dc-owner", "dc-deputy-1", "ga-staff-1", "ga-owner",
             "sales-owner", "office-staff-1", "office-staff-2", "office-head", "crisis-1",
             "auditor-1", "admin"]

# Steps by what the person is; what a state allows is a part of it.  Only steps
# that concern authority are listed, not those that everybody of the chain has.
DECISIONS = {
    "acknowledge", "instruct", "escalate", "ratify", "report-result", "approve-result",
    "return-result", "plan-prevention", "apply", "not-applicable", "accept", "send-back",
    "decide-major", "close", "verify-effect", "reopen", "dismiss", "erase"}

OWNER = {"acknowledge", "instruct", "escalate", "dismiss"}
OFFICE_HEAD = {"instruct", "decide-major", "dismiss", "erase"}

# state: who: the decisions that are allowed
TABLE = {
    "reported": {
        "dc-owner": OWNER, "dc-deputy-1": OWNER,
        "office-head": OFFICE_HEAD, "office-staff-1": {"dismiss"}},
    "received": {
        "dc-owner": OWNER - {"acknowledge"}, "dc-deputy-1": OWNER - {"acknowledge"},
        "office-head": OFFICE_HEAD, "office-staff-1": {"dismiss"}},
    "instructed": {
        "dc-owner": OWNER - {"acknowledge"} | {"report-result"},
        "dc-deputy-1": OWNER - {"acknowledge"} | {"report-result"},
        "office-head": OFFICE_HEAD, "office-staff-1": {"dismiss"}},
    "result-reported": {
        "dc-owner": OWNER - {"acknowledge"}, "dc-deputy-1": OWNER - {"acknowledge"},
        "office-head": OFFICE_HEAD | {"approve-result", "return-result"},
        "office-staff-1": {"dismiss", "approve-result", "return-result"}},
    "approved": {
        "dc-owner": {"instruct", "escalate"}, "dc-deputy-1": {"instruct", "escalate"},
        "office-head": {"instruct", "decide-major", "erase", "plan-prevention"},
        "office-staff-1": {"plan-prevention"}},
    "preventing": {
        "dc-owner": {"instruct", "escalate", "apply", "not-applicable"},
        "dc-deputy-1": {"instruct", "escalate", "apply", "not-applicable"},
        "ga-owner": {"apply", "not-applicable"},
        "office-head": {"instruct", "decide-major", "erase", "plan-prevention"},
        "office-staff-1": {"plan-prevention"}},
    "closed": {
        "office-head": {"erase", "reopen"}, "office-staff-1": {"reopen"}},
}


class Authority(DeskCase):
    def test_steps__every_person_in_every_state(self):
        for state, expected in TABLE.items():
            case = self.report("security-breach")
            if state != "reported":
                self.advance(case, state)
            for who in EVERYBODY:
                with self.subTest(state=state, who=who):
                    allowed = self.allowed(case, who) & DECISIONS
                    want = expected.get(who, expected.get("office-staff-1", set())
                                        if who == "office-staff-2" else set())
                    if who in ("auditor-1", "admin"):
                        self.assertEqual(self.allowed(case, who), set())
                    # Whoever may wait for nothing of this kind is refused all of it.
                    self.assertEqual(allowed, want & DECISIONS)

    def test_act__refuses_what_steps_refuses__with_code_and_who(self):
        case = self.report("security-breach")
        self.advance(case, "result-reported")
        for who in EVERYBODY:
            for name, row in self.steps(case, who).items():
                if row["allowed"] or name == "report":
                    continue
                done = self.run_toban("--json", "act", case, name, who=who)
                # A form is looked at before or after: never is anything recorded.
                self.assertIn(done.status, (DENIED, desk.INVALID), f"{who} {name} {done}")
                if done.status == DENIED:
                    self.assertEqual(done.error()["code"], row["code"], f"{who} {name}")

    def test_approve__not_by_its_author_and_not_by_a_responder(self):
        # Somebody who is both: the office's own department has its case.
        case = self.report("security-breach", department="security-office", who="office-staff-1")
        allowed = {who: self.allowed(case, who) for who in ("office-head", "office-staff-1")}
        self.assertIn("decide-major", allowed["office-head"])
        self.act("office-staff-2", case, "respond", text="Locked", emergency=True)
        self.assertNotIn("approve-result", self.allowed(case, "office-staff-2"))

    def test_approve__a_responder_is_refused_and_told_who_can(self):
        case = self.report("security-breach")
        self.act("dc-owner", case, "acknowledge")
        self.act("dc-owner", case, "instruct", to=["office-staff-1", "dc-operator-1"], text="x", due="1h")
        self.act("office-staff-1", case, "respond", text="Looked at the logs.")
        self.act("dc-operator-1", case, "respond", text="Looked at the rack.")
        self.act("dc-owner", case, "report-result", cause="c", damage="d", actions="a", text="t")
        error = self.act_refused(DENIED, "office-staff-1", case, "approve-result", code="D303")
        self.assertEqual(set(error["who"]), {"office-head", "office-staff-2"})
        self.act_refused(DENIED, "dc-owner", case, "approve-result", code="D301")
        self.act("office-staff-2", case, "approve-result")

    def test_auditor__reads_everything_and_changes_nothing(self):
        case = self.report("security-breach", confidential=True)
        for args in (["show", case], ["log", case], ["list"], ["print", case], ["export", "--all"],
                     ["verify"], ["head"], ["search", "rack"], ["steps", case]):
            self.assertEqual(self.run_toban(*args, who="auditor-1").status, desk.DONE, args)
        for step in ("note", "acknowledge", "close"):
            self.act_refused(DENIED, "auditor-1", case, step, code="D306", text="x")
        self.refuse(DENIED, "auditor-1", "target", "add", "x", "https://example.org/")

    def test_admin__runs_the_desk_and_takes_no_step(self):
        case = self.report("security-breach")
        self.act_refused(DENIED, "admin", case, "note", code="D307", text="x")
        self.ok("admin", "target", "add", "room", "https://hooks.example.org/x")
        for who in ("dc-operator-1", "office-head", "dc-owner"):
            self.refuse(DENIED, who, "target", "add", "other", "https://hooks.example.org/x")

    def test_sight__no_way_around_a_case_that_is_hidden(self):
        hidden = self.report("security-breach", confidential=True, title="SECRETWORD one")
        kept = self.report("security-breach", involved=["sales-owner"], title="SECRETWORD two")
        sees = {"dc-operator-1": {hidden, kept}, "dc-owner": {hidden, kept}, "auditor-1": {hidden, kept},
                "office-staff-1": {hidden, kept}, "dc-operator-2": {kept}, "ga-owner": {kept},
                "crisis-1": {kept}, "admin": {kept}, "sales-owner": set()}
        for who, cases in sees.items():
            with self.subTest(who=who):
                for args in (["list"], ["search", "secretword"]):
                    rows = self.ok(who, *args)["incidents"]
                    self.assertEqual({row["id"] for row in rows}, cases)
                exported = self.run_toban("export", "--all", who=who).out
                self.assertEqual({json.loads(line).get("subject") for line in exported.splitlines()}
                                 & {hidden, kept}, cases)
                self.assertEqual(exported.count("SECRETWORD"), len(cases))
                for case in {hidden, kept} - cases:
                    for args in (["show", case], ["steps", case], ["log", case], ["print", case],
                                 ["export", case], ["act", case, "note", "--set", "text=x"],
                                 ["call", "incident.seen", json.dumps({"id": case})]):
                        error = self.refuse(MISSING, who, *args)
                        self.assertEqual(error["text"].replace(case, "N"),
                                         self.refuse(MISSING, who, "show", "26-0999")["text"]
                                         .replace("26-0999", "N"))

    def test_drafts__belong_to_one_person(self):
        saved = self.ok("dc-operator-1", "call", "draft.save",
                        '{"form":"report","fields":{"title":"half"}}')
        self.refuse(MISSING, "dc-owner", "call", "draft.load", '{"draft":"%s"}' % saved["draft"])
        doc = self.ok("dc-operator-1", "call", "draft.load", '{"draft":"%s"}' % saved["draft"])
        self.assertEqual(doc["fields"], {"title": "half"})

    def test_as__only_on_a_trial_desk(self):
        path = self.folder + "/real.db"
        self.assertEqual(self.run_toban("--desk", path, "init").status, desk.DONE)
        self.refuse(DENIED, "dc-owner", "--desk", path, "list", code="D305")
        self.refuse(DENIED, "nobody", "list")


if __name__ == "__main__":
    desk.main()
