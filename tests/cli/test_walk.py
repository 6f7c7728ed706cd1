# SPDX-License-Identifier: MIT
"""Random walks through the procedure.

People of the example take steps at random.  Whatever happens, these hold: a
step that `steps` allows is recorded when its fields are right, one that it
refuses is refused by `act` with the same code and records nothing; the state in
each answer is the state of the incident; and `verify --rebuild` finds nothing.
"""

import json
import random

import desk
from desk import CATEGORIES, CHANGED, DENIED, DONE, INVALID, DeskCase, report_fields

PEOPLE = ["dc-operator-1", "dc-operator-2", "dc-owner", "dc-deputy-1", "dc-deputy-2", "ga-staff-1",
          "ga-owner", "ga-deputy-1", "legal-owner", "office-head", "office-staff-1", "office-staff-2",
          "crisis-1", "crisis-2", "auditor-1", "admin"]
STEPS_OF_A_WALK = 45
DEPARTMENTS = ["datacentre", "general-affairs", "legal"]
ENDS = {"dismiss", "same-as", "dispel-suspicion", "involve", "restrict", "erase"}


class Walk(DeskCase):
    def value(self, field, offered):
        kind = field["type"]
        if offered:
            picked = self.dice.choice(offered)["key"]
            return [picked] if kind in ("people", "departments", "categories") else picked
        simple = {
            "line": "A line", "text": "Several\nlines of text", "time": self.now, "due": "2h",
            "flag": self.dice.random() < 0.5, "person": self.dice.choice(PEOPLE[:12]),
            "people": [self.dice.choice(PEOPLE[:5])], "department": self.dice.choice(DEPARTMENTS),
            "departments": self.dice.sample(DEPARTMENTS, 2), "seq": self.dice.randrange(3, 12),
            "answers": {key: self.dice.choice(["yes", "no", "unknown"]) for key in CATEGORIES},
            "categories": [self.dice.choice(CATEGORIES)], "category": None, "hash": None,
            "incident": self.dice.choice(self.cases), "file": desk.__file__,
            "measure": "M1", "review-item": self.dice.choice(list(desk.REVIEWS)),
            "clock": "appi-prompt",
        }
        if kind == "measures":
            return [{"text": "Lock it", "due": "1d", "effect_on": "2d",
                     "departments": self.dice.sample(DEPARTMENTS, 2)}]
        if kind == "choice":
            return self.dice.choice(field["choices"])["key"]
        return simple[kind]

    def fields(self, case, who, step):
        asked = self.run_toban("--json", "steps", case, "--form", step, who=who)
        self.assertEqual(asked.status, DONE, asked)
        document = asked.document()
        made = {}
        for field in document["form"]["fields"]:
            if field["required"] or field["required_when"] or self.dice.random() < 0.4:
                value = self.value(field, document.get("options", {}).get(field["key"]))
                if value is not None:
                    made[field["key"]] = value
        return made

    def take(self, case, who):
        rows = {row["step"]: row for row in self.ok(who, "steps", case)["steps"]}
        rows.pop("report", None)
        allowed = [name for name, row in rows.items() if row["allowed"]]
        # The ways out would end most walks at once.
        likely = [name for name in allowed if name not in ENDS] or allowed
        refused = [name for name in rows if name not in allowed]
        if likely and (not refused or self.dice.random() < 0.8):
            name = self.dice.choice(allowed if self.dice.random() < 0.1 else likely)
        else:
            name = self.dice.choice(refused)
        made = self.fields(case, who, name)
        before = self.ok("auditor-1", "head")
        done = self.run_toban("--json", "act", case, name, "--from", "-", who=who, text=json.dumps(made))
        what = f"seed {self.seed}: {who} {name} {made}: {done}"
        if name in allowed:
            # What depends on the fields (which cell, which item) may still be refused.
            self.assertIn(done.status, (DONE, INVALID, DENIED, CHANGED), what)
            self.taken[done.status] = self.taken.get(done.status, 0) + 1
        else:
            self.assertIn(done.status, (DENIED, INVALID), what)
            if done.status == DENIED and not made:
                self.assertEqual(done.error()["code"], rows[name]["code"], what)
        if done.status == DONE:
            self.assertEqual(done.document()["state"], self.show(case)["state"], what)
        else:
            self.assertEqual(self.ok("auditor-1", "head"), before, what)
            self.assertTrue(done.error()["text"], what)

    def walk(self, seed):
        self.seed, self.dice, self.taken = seed, random.Random(seed), {}
        self.cases = [self.report("security-breach", personal_data="yes"),
                      self.report("service-disruption", "major-accident", who="dc-operator-2"),
                      self.report(unknown=["control-failure"])]
        for number in range(STEPS_OF_A_WALK):
            case = self.dice.choice(self.cases)
            day = 23 + number * 6 // STEPS_OF_A_WALK
            self.now = f"2026-11-{day}T{number % 24:02}:00:00+09:00"
            who = self.dice.choice(PEOPLE)
            if self.run_toban("show", case, who=who).status == DONE:
                self.take(case, who)
        self.assertEqual(self.verified()["problems"], [], f"seed {seed}")
        self.assertGreater(self.taken.get(DONE, 0), 5, f"seed {seed}: {self.taken}")

    def test_walk__first(self):
        self.walk(1)

    def test_walk__second(self):
        self.walk(2)

    def test_walk__third(self):
        self.walk(3)


class Together(DeskCase):
    def test_report__the_same_fields_from_a_file_and_from_standard_input(self):
        path = self.folder + "/report.json"
        with open(path, "w", encoding="utf-8") as stream:
            json.dump(report_fields("security-breach"), stream)
        first = self.ok("dc-operator-1", "report", "--from", path)
        second = self.ok("dc-operator-1", "report", "--from", "-", text=json.dumps(
            report_fields("security-breach")))
        third = self.ok("dc-operator-1", "report", text=json.dumps(report_fields("security-breach")))
        for doc in (second, third):
            for key in ("category", "categories", "reason", "state", "major"):
                self.assertEqual(doc[key], first[key])


if __name__ == "__main__":
    desk.main()
