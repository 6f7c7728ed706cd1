# SPDX-License-Identifier: MIT
"""F39: every request x every role x every state of a case, sent straight to the socket.

What may be done is read from the rule tables themselves: the methods and who may call them
(src/desk/method.c), the steps with their actors and states (incident.flow).  Who holds an actor
word in the ordinary case is said here once more, by itself.  Each refusal is an entry.
"""

import collections
import contextlib
import os
import re

import desk
from wire import Wire

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OWNER, DEPUTY, HEAD, AUDITOR, ADMIN = "dc-owner", "dc-deputy-1", "office-head", "auditor-1", "admin"
FINDER, STAFF, INVOLVED = "dc-operator-1", "dc-operator-2", "sales-deputy-1"
OFFICE = {HEAD, "office-staff-1", "office-staff-2"}
PEOPLE = [FINDER, STAFF, OWNER, DEPUTY, "ga-owner", "ga-deputy-1", "ga-staff-1", "sales-owner", "crisis-1",
          AUDITOR, ADMIN, INVOLVED, *sorted(OFFICE)]
AT_ONCE = 8
OF_PERSON = {"D300", "D301", "D306", "D307"}
WHO = {"WHO_ANYONE": set(PEOPLE), "WHO_STAFF": set(PEOPLE), "WHO_ACTOR": set(PEOPLE) - {AUDITOR, ADMIN},
       "WHO_AUDIT": OFFICE | {AUDITOR, ADMIN}, "WHO_WATCH": {HEAD, AUDITOR, ADMIN}, "WHO_ADMIN": {ADMIN}}


def sections(kind):
    """The sections of the flow file: name to keys, in their order."""
    found, keys = collections.OrderedDict(), None
    with open(os.path.join(ROOT, "forms/incident/incident.flow"), encoding="utf-8") as stream:
        for line in stream:
            head = re.match(r"\[(\w+) ([\w-]+)\]", line)
            if head:
                keys = {}
                if head[1] == kind:
                    found[head[2]] = keys
            elif "=" in line and not line.startswith("#"):
                key, value = line.rstrip("\n").split("=", 1)
                keys[key] = value
    return found


def methods():
    with open(os.path.join(ROOT, "src/desk/method.c"), encoding="utf-8") as stream:
        return re.findall(r'= \{ "([\w.-]+)",\s*METHOD_\w+,\s*(WHO_\w+)', stream.read())


class Case:
    """One case that stands still in a state, and what matters of how it came there."""

    def __init__(self, number, state, authors, planned, instructed):
        self.number, self.state, self.authors = number, state, set(authors)
        self.planned, self.instructed = planned, instructed

    def holds(self, word, who, is_open):
        return who in {
            "anyone": set(PEOPLE), "finder": {FINDER}, "owner": {OWNER}, "deputy": {DEPUTY},
            "department": {FINDER, STAFF, OWNER, DEPUTY}, "office-head": {HEAD}, "office": OFFICE,
            "crisis": {"crisis-1"}, "link": {OWNER, DEPUTY}, "chain": {FINDER, OWNER, DEPUTY},
            "addressee": {FINDER} if self.instructed else set(),
            "officer": {OWNER, DEPUTY, "ga-owner", "ga-deputy-1"} if self.planned else set(),
            "other-owner": {"ga-owner", "sales-owner"},
            "author": self.authors if is_open else set(),
        }[word]


class Matrix(desk.DeskCase):
    def setUp(self):
        super().setUp()
        if self.service is None:
            self.service = desk.Service(self.path, self.environment())
            self.service.start()
            self.addCleanup(self.service.stop)
        self.states, self.steps = sections("state"), sections("step")

    @contextlib.contextmanager
    def desk_of(self, who):
        """One for each turn: a desk that does not read what is pushed is closed by the service."""
        wire = Wire(self.service.socket)
        try:
            self.assertNotIn("error", wire.greet(who))
            yield wire
        finally:
            wire.close()

    def ask(self, who, method, **args):
        with self.desk_of(who) as wire:
            return wire.ask(method, **args)

    def take(self, who, case, step, **fields):
        answer = self.ask(who, "incident.act", id=case, step=step, fields=fields)
        self.assertNotIn("error", answer, (who, step, answer))
        self.authors.add(who)

    def case_in(self, state):
        """Walks a new case to the state."""
        fields = dict(desk.report_fields("security-breach"), involved=[INVOLVED])
        case = self.ask(FINDER, "incident.report", fields=fields)["result"]["id"]
        self.authors = {FINDER}
        plan = [{"key": "M1", "text": "Lock the racks", "due": "30d", "effect_on": "60d",
                 "departments": ["datacentre", "general-affairs"]}]
        exits = {"dismissed": ("dismiss", {"why": "no"}), "same-as": ("same-as", {"other": self.other, "why": "x"})}
        if state in exits:
            step, fields = exits[state]
            self.take("office-staff-2", case, step, **fields)
            return Case(case, state, self.authors, False, False)
        walk = [
            ("reported", []),
            ("received", [(OWNER, "acknowledge", {})]),
            ("instructed", [(OWNER, "instruct", {"to": [FINDER], "text": "x", "due": "2h"})]),
            ("result-reported", [(FINDER, "respond", {"text": "done"}),
                                 (OWNER, "report-result", {"cause": "c", "damage": "d", "actions": "a", "text": "t"})]),
            ("returned", [("office-staff-1", "return-result", {"why": "more"})]),
            ("approved", [("office-staff-1", "approve-result", {})]),
            ("preventing", [("office-staff-1", "plan-prevention", {"measures": plan})]),
            ("reviewing", [(("office-staff-1" if by == "office" else OWNER), "review-item",
                            {"item": item, "verdict": "no-change", "text": "fits"})
                           for item, by in desk.REVIEWS.items()]),
            ("closed", [(HEAD, "close", {"text": "done"})]),
            ("reopened", [("office-staff-2", "reopen", {"why": "again"})]),
        ]
        for name, taken in walk:
            if name == "returned" and state != name:
                continue
            for who, step, fields in taken:
                self.take(who, case, step, **fields)
            if name == state:
                break
        at = [name for name, _ in walk].index(state)
        return Case(case, state, self.authors, at >= 6, at >= 2)

    def expected(self, case, step, who):
        """The code the table gives; "" the role and the state fit (conditions may still fail)."""
        rule = self.steps[step]
        is_open = self.states[case.state]["Open"] == "yes"
        if who == INVOLVED:
            return "D304"
        if who in (AUDITOR, ADMIN):
            return "D306" if who == AUDITOR else "D307"
        if not any(case.holds(word, who, is_open) for word in rule["Actor"].split()):
            return "D301"
        states = rule.get("From", "").split()
        return "" if case.state in states or ("*" in states and is_open) else "D401"

    def codes(self, who, requests):
        """The code of each, "" for none; some are sent at once, without waiting for answers."""
        codes = []
        with self.desk_of(who) as wire:
            for start in range(0, len(requests), AT_ONCE):
                part, first = requests[start:start + AT_ONCE], wire.last + 1
                for method, args in part:
                    wire.last += 1
                    wire.put({"id": wire.last, "method": method, "args": args})
                answers = {}
                while len(answers) < len(part):
                    document = wire.get()
                    if "id" in document:
                        answers[document["id"]] = document.get("error", {}).get("code", "")
                codes += [answers[first + i] for i in range(len(part))]
        return codes

    def refusals(self):
        """(who, method, step, code, case) of every refusal that is on record."""
        rows, after = set(), 0
        while after is not None:
            page = self.ask(AUDITOR, "ledger.export", after=after, limit=1000)["result"]
            for event in page["events"]:
                if event.get("subject") == "access" and event["kind"] == "refused":
                    body = event["body"]
                    rows.add((event["actor"], body["method"], body.get("step"), body["code"], body.get("incident")))
            after = page["next"]
        return rows

    def test_F39_steps__every_role_in_every_state(self):
        self.other = self.ask(FINDER, "incident.report", fields=desk.report_fields("service-disruption"))["result"]["id"]
        cases = [self.case_in(state) for state in self.states if state != "verified"]
        self.assertGreaterEqual(len(cases), 12)
        steps = [step for step in self.steps if step != "report"]
        wanted, cells = set(), 0
        for who in PEOPLE:
            asked, requests = [], []
            for case in cases:
                for step in steps:
                    code = self.expected(case, step, who)
                    fields = {}
                    if step == "review-item":
                        fields = {"item": "result" if who in OFFICE else "operation", "verdict": "no-change", "text": "x"}
                    args = {"id": case.number, "step": step, "fields": fields}
                    if not code:
                        args["preview"] = True  # what is allowed must not move the case
                    asked.append((case, step, code))
                    requests.append(("incident.act", args))
            for (case, step, code), got in zip(asked, self.codes(who, requests)):
                cells += 1
                cell = (who, step, case.state, code, got)
                if code:
                    self.assertEqual(got, code, cell)
                    wanted.add((who, "incident.act", step, code, case.number))
                else:
                    self.assertNotIn(got, OF_PERSON | {"D304", "D401"}, cell)
        self.assertEqual(cells, len(PEOPLE) * len(steps) * len(cases))
        self.assertEqual(wanted - self.refusals(), set(), "each refusal is an entry")
        for case in cases:
            self.assertEqual(self.ask(AUDITOR, "incident.show", id=case.number)["result"]["state"], case.state)

    def test_F39_methods__every_role(self):
        table = [(name, who) for name, who in methods() if not name.startswith("session.")]
        self.assertGreater(len(table), 60)
        wanted = set()
        for person in PEOPLE:
            got = self.codes(person, [(name, {}) for name, _ in table])
            for (name, who), code in zip(table, got):
                if person in WHO[who]:
                    self.assertNotIn(code, OF_PERSON, (name, who, person))
                    continue
                expected = {AUDITOR: "D306", ADMIN: "D307"}.get(person, "D301") if who == "WHO_ACTOR" else "D301"
                self.assertEqual(code, expected, (name, who, person))
                wanted.add((person, name, None, code, None))
        self.assertGreater(len(wanted), 200)
        self.assertEqual(wanted - self.refusals(), set(), "each refusal is an entry")


if __name__ == "__main__":
    desk.main()
