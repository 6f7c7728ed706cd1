# SPDX-License-Identifier: MIT
"""F39: every request x every role x every state of a case, sent straight to the socket.

What is meant stands in authority.txt, written by hand and read by nothing but this.  It is compared
with what the program says of itself (check --authority) and with what the door does, every cell
both ways.  Each refusal is an entry.
"""

import contextlib
import json
import os

import desk
from wire import Wire

OWNER, DEPUTY, HEAD, AUDITOR, ADMIN = "dc-owner", "dc-deputy-1", "office-head", "auditor-1", "admin"
FINDER, STAFF, INVOLVED, INSTRUCTED = "dc-operator-1", "dc-operator-2", "sales-deputy-1", "ga-staff-1"
OFFICE, OUTSIDER = "office-staff-1", "legal-staff-1"
PARTS = {"finder": FINDER, "staff": STAFF, "owner": OWNER, "deputy": DEPUTY, "instructed": INSTRUCTED,
         "other-owner": "ga-owner", "other-deputy": "ga-deputy-1", "other-staff": OUTSIDER, "office": OFFICE,
         "office-head": HEAD, "crisis": "crisis-1", "auditor": AUDITOR, "admin": ADMIN, "involved": INVOLVED}
CALLERS = {"staff": FINDER, "owner": OWNER, "deputy": DEPUTY, "office": OFFICE, "office-head": HEAD,
           "crisis": "crisis-1", "auditor": AUDITOR, "admin": ADMIN}
SESSIONS = ["nobody", "locked", "pin-due"]  # in tests of their own: desk_authority, desk_session
OPEN = ["reported", "received", "instructed", "result-reported", "returned", "approved", "preventing",
        "reviewing", "reopened"]
STATES = OPEN + ["closed", "verified", "dismissed", "same-as"]
AT_ONCE = 8
OF_PERSON = {"D300", "D301", "D306", "D307"}
FIXED = {"auditor": "D306", "admin": "D307", "involved": "D304"}


def meant():
    """(METHOD: set of callers), (METHOD: it is for actors alone), (STEP: {part: set of states})."""
    methods, actors, steps = {}, {}, {}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "authority.txt"), encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("#") or not line.strip():
                continue
            name, rest = line.rstrip("\n").split(": ")
            words, _, states = rest.partition(" @ ")
            words = words.split()
            if not states:
                everybody = set(CALLERS) if "everybody" in words else set()
                everybody |= set(CALLERS) - {"auditor", "admin"} if "actors" in words else set()
                methods[name] = (set(words) | everybody) - {"everybody", "actors"}
                actors[name] = "actors" in words
                continue
            found = {state for word in states.split() for state in (OPEN if word == "open" else [word])}
            for part in words:
                steps.setdefault(name, {}).setdefault(part, set()).update(found)
    return methods, actors, steps


class Case:
    """One case that stands still in a state, and what matters of how it came there."""

    def __init__(self, number, state, authors, instructed):
        self.number, self.state, self.authors, self.instructed = number, state, set(authors), instructed


class Table(desk.DeskCase):
    def test_check__prints_what_is_meant(self):
        said = self.ok(None, "check", "--authority")
        methods, _, steps = meant()
        self.assertEqual(said["callers"], SESSIONS + list(CALLERS))
        self.assertEqual(said["parts"], list(PARTS))
        self.assertEqual({row["state"]: row["open"] for row in said["states"]}, {s: s in OPEN for s in STATES})
        self.assertEqual([row["method"] for row in said["methods"]], list(methods))
        for row in said["methods"]:
            self.assertEqual({who for who, code in row["cells"].items() if not code}, methods[row["method"]], row)
        self.assertEqual([row["step"] for row in said["steps"]], list(steps))
        for row in said["steps"]:
            may = {part: set(cell) - {""} or {"new"} for part, cell in row["cells"].items() if isinstance(cell, list)}
            self.assertEqual(may, steps[row["step"]], row["step"])
            for part, cell in row["cells"].items():
                if not isinstance(cell, list):
                    self.assertEqual(cell, FIXED.get(part, "D301"), (row["step"], part))

    def test_check__fits_a_narrow_terminal(self):
        done = self.run_toban("check", "--authority")
        self.assertEqual(done.status, desk.DONE)
        self.assertEqual([line for line in done.out.splitlines() if len(line) > 80], [])
        self.assertIn("incident.act", done.out)


class Matrix(desk.DeskCase):
    def setUp(self):
        super().setUp()
        if self.service is None:
            self.service = desk.Service(self.path, self.environment())
            self.service.start()
            self.addCleanup(self.service.stop)
        self.methods, self.actors, self.steps = meant()
        # Somebody of another department who has no part in the case at all.
        text = self.ok("admin", "org", "show", "--format", "ini")["text"]
        text += "\n[person legal-staff-1]\nName=Legal Staff\nDepartment=legal\n"
        self.assertNotIn("error", self.ask(ADMIN, "org.set", text=text))

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
            return Case(case, state, self.authors, False)
        walk = [
            ("reported", []),
            ("received", [(OWNER, "acknowledge", {})]),
            ("instructed", [(OWNER, "instruct", {"to": [FINDER, INSTRUCTED], "text": "x", "due": "2h"})]),
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
        return Case(case, state, self.authors, at >= 2)

    def expected(self, case, step, part):
        """Which codes fit; none: part and state fit (conditions of the case may still fail)."""
        may = case.state in self.steps[step].get(part, set())
        if may and step == "correct" and part not in ("office", "office-head"):
            may = PARTS[part] in case.authors  # the author's is who wrote
        if may and part == "instructed" and step == "respond":
            may = case.instructed
        return set() if may else {FIXED[part]} if part in FIXED else {"D301", "D401"}

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
        cases = [self.case_in(state) for state in STATES if state != "verified"]
        steps = [step for step in self.steps if step != "report"]
        self.assertGreaterEqual(len(cases) * len(steps), 12 * 30)
        wanted, cells = set(), 0
        for part, who in PARTS.items():
            asked, requests = [], []
            for case in cases:
                for step in steps:
                    codes = self.expected(case, step, part)
                    fields = {}
                    if step == "review-item":
                        fields = {"item": "result" if "office" in part else "operation", "verdict": "no-change",
                                  "text": "x"}
                    args = {"id": case.number, "step": step, "fields": fields}
                    if not codes:
                        args["preview"] = True  # what is allowed must not move the case
                    asked.append((case, step, codes))
                    requests.append(("incident.act", args))
            for (case, step, codes), got in zip(asked, self.codes(who, requests)):
                cells += 1
                cell = (who, step, case.state, codes, got)
                if codes:
                    self.assertIn(got, codes, cell)
                    if got != "D401":
                        wanted.add((who, "incident.act", step, got, case.number))
                else:
                    self.assertNotIn(got, OF_PERSON | {"D304", "D401"}, cell)
        self.assertEqual(cells, len(PARTS) * len(steps) * len(cases))
        self.assertEqual(wanted - self.refusals(), set(), "each refusal is an entry")
        for case in cases:
            self.assertEqual(self.ask(AUDITOR, "incident.show", id=case.number)["result"]["state"], case.state)

    def test_F39_methods__every_role(self):
        table = [name for name in self.methods if not name.startswith("session.")]
        self.assertGreater(len(table), 60)
        wanted = set()
        for role, person in CALLERS.items():
            for name, code in zip(table, self.codes(person, [(name, {}) for name in table])):
                if role in self.methods[name]:
                    self.assertNotIn(code, OF_PERSON, (name, role))
                    continue
                self.assertEqual(code, FIXED[role] if self.actors[name] else "D301", (name, role))
                wanted.add((person, name, None, code, None))
        self.assertGreater(len(wanted), 100)
        self.assertEqual(wanted - self.refusals(), set(), "each refusal is an entry")


if __name__ == "__main__":
    desk.main()
