# SPDX-License-Identifier: MIT
"""Whatever a trial desk gives out says that it is one: every command of the table, as text and
as documents; what a real desk gives out says nothing of it."""

import getpass
import json
import os
import re
import shutil

import desk
from desk import DeskCase

MARK = {"en": "*** TRIAL DESK", "ja": "*** 試用デスク"}

# Of no desk: what they print is the program's own, or they print nothing.
OF_NO_DESK = {"serve", "check", "completions"}
OF_A_SERVICE = {"pin"}
PAPERS = {"print"}  # with --json, too
# Read by programs as text, too: there a key of the document says it.
DOCUMENTS = {"call", "backup", "head"}  # the example of head asks for the document
# The example of their help needs more than a desk, or takes long: other words, and who says them.
OTHER = {"evidence": "toban evidence get {case} {seq} --out copy", "outbox": "toban outbox list",
         "erase": "toban erase {seq_text} --why asked", "clock": "toban clock run",
         "break-glass": 'toban break-glass {hidden} --why "the customer asks and nobody answers"',
         "init": "toban --desk other.db init --example"}
WHO = {"act": "dc-owner", "report": "dc-operator-1", "take-back": "dc-owner", "target": "admin",
       "backup": "admin", "break-glass": "dc-operator-2", "roster": "dc-owner",
       "handover": "dc-owner", "person": "dc-owner", "outbox": "admin", "init": None, "clock": None}


class Trial(DeskCase):
    def setUp(self):
        super().setUp()
        with open(os.path.join(self.folder, "report.json"), "w", encoding="utf-8") as file:
            json.dump(desk.report_fields("service-disruption"), file)
        with open(os.path.join(self.folder, "photo"), "w", encoding="utf-8") as file:
            file.write("what was seen")
        hidden = self.report("security-breach")
        self.act("dc-owner", hidden, "restrict", why="named")
        case = self.report("control-failure")  # not urgent: a step of it can be taken back
        photo = "file=" + os.path.join(self.folder, "photo")
        seq = self.ok("dc-operator-1", "act", case, "evidence", "--set", photo)["seq"]
        self.act("dc-owner", case, "acknowledge")
        note = self.act("dc-operator-1", case, "note", text="The fan is loud.")["seq"]
        self.act("dc-owner", case, "instruct", to=["dc-operator-1"], text="Isolate it", due="2h")
        self.words = {"case": case, "hidden": hidden, "seq": seq, "seq_text": note}

    def table(self):
        """The commands of the program's own help."""
        out = self.run_toban("--help").out
        rows = out[out.index("\nCommands"):out.index("\nOptions")].splitlines()
        names = [row.split()[0] for row in rows if row.startswith("  ")]
        self.assertGreater(len(names), 35)
        return names

    def line(self, name):
        if name in OTHER:
            return OTHER[name].format(**self.words)
        example = self.run_toban(name, "--help").out.rstrip().splitlines()[-1].strip()
        example = re.sub(r" > \S+$", "", example)  # what is said, not where it is kept
        return example.replace("26-0001", self.words["case"])

    def said(self, name, *options):
        """What the command writes at a copy of the desk."""
        own = os.path.join(self.folder, "own")
        shutil.rmtree(own, ignore_errors=True)
        shutil.copytree(self.folder, own, ignore=lambda _, names: {"own", "desk.sock"} & set(names))
        who = WHO.get(name, "office-head")
        before = " ".join(["toban", *(["--as", who] if who else []), *options])
        line = re.sub(r"(^|\| )toban", rf"\1{before}", self.line(name))
        env = dict(self.environment(), HOME=own, TOBAN_DESK=os.path.join(own, "desk.db"))
        env["PATH"] = os.path.dirname(shutil.which(desk.PROGRAM)) + ":" + env["PATH"]
        done = desk.subprocess.run(["sh", "-c", line], env=env, cwd=own, check=False, timeout=50,
                                   stdin=desk.subprocess.DEVNULL, capture_output=True)
        self.assertEqual(done.returncode, 0, f"{line}: {done.stderr.decode()}")
        return done.stdout.decode()

    def test_every_command_of_the_table_says_it_as_a_document(self):
        for name in self.table():
            with self.subTest(command=name):
                if name not in OF_NO_DESK | OF_A_SERVICE | PAPERS:
                    lines = self.said(name, "--json").splitlines()
                    self.assertTrue(lines)
                    for line in lines:
                        self.assertIs(json.loads(line).get("trial"), True, line)

    def test_every_command_of_the_table_says_it_as_text(self):
        for name in self.table():
            with self.subTest(command=name):
                if name not in OF_NO_DESK | OF_A_SERVICE:
                    out = self.said(name)
                    if name in DOCUMENTS:
                        self.assertIs(json.loads(out)["trial"], True)
                    elif name == "export":
                        self.assertIs(json.loads(out.splitlines()[-1])["trial"], True)
                    elif name == "init":
                        self.assertIn("trial desk", out)
                    else:
                        self.assertIn(MARK["ja" if "--lang ja" in self.line(name) else "en"], out)

    def test_what_needs_a_service_says_it_through_one(self):
        self.serve()
        self.assertIn(MARK["en"], self.run_toban("pin", "list", who="admin").out)
        self.assertIs(self.ok("admin", "pin", "list")["trial"], True)

    def test_japanese__of_a_list_and_a_paper(self):
        for name in ("list", "log", "stats", "handover"):
            self.assertIn(MARK["ja"], self.said(name, "--lang", "ja"), name)

    def test_files_for_programs__in_their_own_way(self):
        figures = self.run_toban("stats", "--format", "csv", who="dc-owner").out.splitlines()
        self.assertTrue(figures[0].endswith(",trial"))
        self.assertTrue(all(row.endswith(",yes") for row in figures[1:]), figures)
        self.ok("dc-owner", "roster", "set", "datacentre", "daily 00:00-24:00 dc-owner")
        for args, who in ((["roster", "export"], "dc-owner"), (["org", "show", "--format", "ini"], "admin")):
            out = self.run_toban(*args, who=who).out
            self.assertTrue(out.startswith("# " + MARK["en"]), out)
            # What it wrote it reads.
            with open(os.path.join(self.folder, "file"), "w", encoding="utf-8") as file:
                file.write(out)
            if args[0] == "roster":
                self.ok(who, "roster", "import", "file", "--dry-run")
            else:
                self.refuse(desk.DENIED, who, "org", "set", "file", code="D405")  # it is that already

    def test_exported_lines__the_mark_is_in_no_hash(self):
        """The columns of a line, without the mark, are those the door hands out."""
        lines = [json.loads(line) for line in self.run_toban("export", "--all", who="auditor-1").out.splitlines()]
        events = self.ok("auditor-1", "call", "ledger.export")["events"]
        for line in lines:
            self.assertIs(line.pop("trial"), True)
        self.assertEqual(lines, events)
        self.ok("auditor-1", "head")
        head = self.run_toban("head", "--json", who="auditor-1").out
        self.assertTrue(self.ok("auditor-1", "verify", "--head", "-", text=head)["ok"])


class Real(DeskCase):
    def make(self):
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../forms/org/example.ini")
        with open(source, encoding="utf-8") as file:
            text = file.read()
        text = text.replace("[person admin]\n", f"[person admin]\nLogin={getpass.getuser()}\n")
        with open(os.path.join(self.folder, "org.ini"), "w", encoding="utf-8") as file:
            file.write(text)
        made = self.run_toban("init", "--org", os.path.join(self.folder, "org.ini"))
        self.assertEqual(made.status, desk.DONE, made)

    def environment(self):
        env = super().environment()
        env.pop("TOBAN_NOW", None)
        return env

    def test_nothing_is_said_of_a_trial(self):
        for args in (["list"], ["stats"], ["stats", "--format", "csv"], ["org", "show", "--format", "ini"],
                     ["doctor"], ["head"]):
            done = self.run_toban(*args)
            self.assertNotIn("TRIAL", done.out)
            self.assertNotIn("trial", done.out.splitlines()[0])
            if "--format" not in args:
                self.assertNotIn("trial", self.run_toban("--json", *args).document())


if __name__ == "__main__":
    desk.main()
