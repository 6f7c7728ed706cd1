# SPDX-License-Identifier: MIT
"""The command line itself: options, help, statuses, streams, line mode, papers."""

import json
import os
import pty
import re
import select
import subprocess
import time
import unicodedata

import desk
from desk import DENIED, DRAFT, FAILED, INVALID, MISSING, USAGE, DeskCase

COMMANDS = ["report", "classify", "list", "show", "steps", "log", "act", "search", "verify", "head",
            "print", "export", "access", "person", "roster", "chain", "duty", "intake", "alert", "outbox", "target", "init",
            "check", "doctor", "backup", "completions", "call"]


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
               for c in text)


class Usage(DeskCase):
    def test_help__of_the_program_names_every_command(self):
        for language in ("en", "ja"):
            done = self.run_toban("--lang", language, "--help")
            self.assertEqual(done.status, desk.DONE)
            for name in COMMANDS:
                self.assertRegex(done.out, rf"(?m)^  {name} +\S")
            for line in done.out.splitlines():
                self.assertLessEqual(columns(line), 110, line)

    def test_help__of_each_command_has_an_example_that_works(self):
        case = self.report("security-breach")
        self.act("office-head", self.report("security-breach", "major-accident"), "decide-major",
                 major="yes")
        with open(self.folder + "/report.json", "w", encoding="utf-8") as stream:
            json.dump(desk.report_fields("service-disruption"), stream)
        os.mkdir(self.folder + "/bin")
        os.symlink(desk.PROGRAM, self.folder + "/bin/toban")
        run_by = {"act": "dc-owner", "report": "dc-operator-1"}
        for name in COMMANDS:
            with self.subTest(command=name):
                done = self.run_toban(name, "--help")
                self.assertEqual(done.status, desk.DONE)
                self.assertEqual(done.err, "")
                example = done.out.rstrip().splitlines()[-1].strip()
                self.assertIn(f"toban", example)
                self.assertIn(name, example)
                who = run_by.get(name, "admin" if name in ("target", "backup") else "office-head")
                line = example.replace("toban ", f"toban --as {who} ", 1) if name != "init" else example
                line = line.replace("/etc/toban/forms", self.folder + "/site").replace("26-0001", case)
                os.makedirs(self.folder + "/site", exist_ok=True)
                ran = self.shell(line.replace("| toban ", f"| toban --as {who} "))
                self.assertEqual(ran.returncode, 0, f"{line}: {ran.stderr}")

    def shell(self, line):
        env = dict(os.environ, PATH=self.folder + "/bin:" + os.environ["PATH"], TOBAN_DESK=self.path,
                   TOBAN_NOW=self.now, HOME=self.folder, LANG="C.UTF-8")
        return subprocess.run(["sh", "-c", line], env=env, cwd=self.folder, check=False, timeout=50,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_usage__wrong_words_and_options_are_named(self):
        for args, named in (
                (["no-such"], "no-such"), (["list", "--no-such"], "--no-such"), (["-x"], "-x"),
                (["list", "extra"], "extra"), (["show"], "show"), (["show", "a", "b"], "b"),
                (["list", "--limit"], "--limit"), (["--desk"], "--desk"), (["list", "--mine=1"], "--mine"),
                (["act", "26-0001"], "act"), (["--lang", "fr", "list"], "fr"),
                (["act", "26-0001", "note", "--set", "text"], "text"),
                (["act", "26-0001", "note", "--set", "=x"], "=x"), (["target", "add", "x"], "target"),
                (["outbox", "wash"], "outbox"), (["print", "26-0001", "--format", "pdf"], "format")):
            with self.subTest(args=args):
                error = self.refuse(USAGE, "dc-owner", *args)
                self.assertIn(named, error["text"] + error["what_to_do"])
                plain = self.run_toban(*args, who="dc-owner")
                self.assertEqual(plain.status, USAGE)
                self.assertTrue(plain.err.startswith("toban: "), plain)
                self.assertIn(error["code"], plain.err)

    def test_json__before_or_after_the_command(self):
        for args in (["--json", "list"], ["list", "--json"], ["list", "--open", "--json"]):
            self.assertIn("incidents", json.loads(self.run_toban(*args, who="dc-owner").out))

    def test_language__of_sentences_but_not_of_words_for_programs(self):
        english = self.refuse(MISSING, "dc-owner", "show", "26-9999")
        done = self.run_toban("--json", "--lang", "ja", "show", "26-9999", who="dc-owner")
        japanese = done.error()
        self.assertEqual(english["code"], japanese["code"])
        self.assertNotEqual(english["text"], japanese["text"])
        self.assertTrue(re.search("[ぁ-ん]", japanese["text"]))
        self.report("service-disruption")
        self.env = {"LANG": "ja_JP.UTF-8"}
        self.assertTrue(re.search("[ぁ-ん一-龠]", self.run_toban("list", who="dc-owner").out))
        self.assertEqual(self.ok("dc-owner", "list")["incidents"][0]["state"], "reported")

    def test_arguments__that_are_no_utf8_are_refused_clearly(self):
        self.report("service-disruption")
        for args in ([b"show", b"26-\xff"], [b"act", b"26-0001", b"note", b"--set", b"text=\xe3\x81"],
                     [b"\xfe"], [b"search", b"\xc3("]):
            done = self.run_toban(b"--json", *args, who="dc-owner")
            self.assertEqual(done.status, INVALID, done)
            self.assertEqual(done.error()["code"], "D105")
            self.assertIn("UTF-8", done.error()["text"])

    def test_set__dotted_keys_json_and_lists(self):
        case = self.report("service-disruption")
        self.ok("dc-owner", "act", case, "instruct", "--set", "to=dc-operator-1,dc-operator-2",
                "--set", "text=Look: a=b", "--set", "due=30m")
        row = self.show(case)["instructions"][0]
        self.assertEqual(row["to"], ["dc-operator-1", "dc-operator-2"])
        self.assertEqual(row["text"], "Look: a=b")
        self.ok("dc-operator-1", "act", case, "respond", "--set", "text=Done", "--set", "emergency=no")
        self.ok("dc-owner", "act", case, "reclassify", "--set", "answers.security-breach=yes",
                "--set", "answers.service-disruption=no", "--set", "why=It was an attack.")
        self.assertEqual(self.show(case)["category"], "security-breach")
        self.refuse(INVALID, "dc-owner", "act", case, "note", "--set", "text:={not json")
        self.refuse(INVALID, "dc-owner", "act", case, "note", "--set", "text:=[1]")
        self.ok("dc-owner", "act", case, "note", "--set", 'text:="said"')
        self.ok("dc-owner", "act", case, "note", "--set", 'text=[{"pasted":1}]')

    def test_set__measures_as_json_text(self):
        case = self.report("security-breach")
        self.advance(case, "approved")
        measures = json.dumps([{"text": "Lock", "due": "30d", "effect_on": "60d",
                                "departments": "datacentre,legal"}])
        self.ok("office-staff-1", "act", case, "plan-prevention", "--set", "measures=" + measures)
        self.assertEqual(set(self.show(case)["measures"][0]["cells"]), {"datacentre", "legal"})
        self.ok("office-staff-1", "act", case, "plan-prevention", "--set", "measures:=" + measures)

    def test_call__reaches_every_method(self):
        self.assertIn("open", self.ok("dc-owner", "call", "incident.counts"))
        self.assertIn("people", self.ok("dc-owner", "call", "org.show", "{}"))
        self.refuse(USAGE, "dc-owner", "call", "no.such")
        for wrong in ("[]", "{", "1", "nonsense"):
            self.refuse(INVALID, "dc-owner", "call", "incident.counts", wrong)
        self.refuse(INVALID, "dc-owner", "call", "incident.show")
        self.refuse(USAGE, "dc-owner", "call", "incident.show", '{"id":"26-0001","x":1}')

    def test_search__folds_width_and_case(self):
        case = self.report("service-disruption", title="ファイアウォール FW-12 停止")
        for words in (["ﾌｧｲｱｳｫｰﾙ"], ["fw-12"], ["ＦＷ－１２"], ["停止", "fw"], [case]):
            rows = self.ok("dc-owner", "search", *words)["incidents"]
            self.assertEqual([row["id"] for row in rows], [case], words)
        self.assertEqual(self.ok("dc-owner", "search", "停止", "nothing")["incidents"], [])
        self.refuse(INVALID, "dc-owner", "search", "")

    def test_search__filters_and_marks(self):
        case = self.report("service-disruption", title="ファイアウォール FW-12 停止")
        rows = self.ok("dc-owner", "search", "ﾌｧｲｱ state：open since:2020")["incidents"]
        self.assertEqual([row["id"] for row in rows], [case])
        self.assertEqual(rows[0]["hits"][0]["marks"], [[0, 4]])
        self.assertIn("[ファイア]ウォール", self.run_toban("search", "ﾌｧｲｱ", who="dc-owner").out)
        self.assertIn("id: class: state:", self.refuse(INVALID, "dc-owner", "search", "colour:red")["text"])

    def test_version__is_told(self):
        self.assertRegex(self.run_toban("--version").out, r"^toban \d+\.\d+\.\d+\n$")


class Streams(DeskCase):
    def test_output__that_cannot_be_written_is_an_error(self):
        case = self.report("service-disruption")
        for args in (["list"], ["--json", "list"], ["--help"], ["show", case], ["print", case],
                     ["export", "--all"]):
            with open("/dev/full", "wb") as full:
                done = self.run_to(full, *args)
            self.assertEqual(done.returncode, FAILED, args)
            self.assertIn(b"space", done.stderr.lower(), args)

    def run_to(self, out, *args):
        env = {"HOME": self.folder, "LANG": "C.UTF-8", "TOBAN_DESK": self.path, "TOBAN_NOW": self.now}
        return subprocess.run([desk.PROGRAM, "--as", "dc-owner", *args], env=env, stdout=out,
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, timeout=50)

    def test_output__closed_streams_never_reach_the_desk_file(self):
        case = self.report("service-disruption")
        line = f'exec "$0" --as dc-owner act {case} note --set text=closed >&- 2>&- <&-'
        env = dict(os.environ, TOBAN_DESK=self.path, TOBAN_NOW=self.now, HOME=self.folder)
        done = subprocess.run(["sh", "-c", line, desk.PROGRAM], env=env, check=False, timeout=50)
        self.assertEqual(done.returncode, FAILED)
        self.assertTrue(self.verified()["ok"])

    def test_output__of_a_recorded_step__says_that_it_is_recorded(self):
        case = self.report("service-disruption")
        with open("/dev/full", "wb") as full:
            done = self.run_to(full, "act", case, "note", "--set", "text=x")
        self.assertEqual(done.returncode, FAILED)
        self.assertIn(b"recorded", done.stderr)
        self.assertIn("note", [entry["kind"] for entry in self.show(case)["log"]])

    def test_output__a_reader_that_leaves(self):
        for _ in range(3):
            self.report("service-disruption")
        env = dict(os.environ, TOBAN_DESK=self.path, TOBAN_NOW=self.now, HOME=self.folder)
        line = '"$0" --as auditor-1 export --all | head -c 1 >/dev/null'
        done = subprocess.run(["sh", "-c", line, desk.PROGRAM], env=env, check=False, timeout=50,
                              stderr=subprocess.PIPE)
        self.assertNotIn(b"Sanitizer", done.stderr)


class LineMode(DeskCase):
    def answers(self, *rest):
        """Yes to the second question, no to the others; then the fields of the report."""
        return "\n".join(["n", "y", "n", "n", "n", "n", *rest]) + "\n"

    def test_report__asked_line_by_line(self):
        form = self.ok("dc-operator-1", "call", "form.get", '{"form":"report"}')
        typed = []
        for field in form["fields"]:
            if field["type"] == "answers":
                continue
            value = {"title": "UPS off", "situation": "One of two.\n", "contact": "2201",
                     "emergency": "n", "confidential": "n"}.get(field["key"], "")
            typed.append(value)
        done = self.run_toban("--json", "report", "--ask", who="dc-operator-1",
                              text=self.answers(*typed, "y"))
        self.assertEqual(done.status, desk.DONE, done)
        case = done.document()["id"]
        doc = self.show(case)
        self.assertEqual((doc["title"], doc["category"]), ("UPS off", "service-disruption"))
        self.assertIn("1. ", done.err)

    def test_report__the_input_ends__keeps_a_draft_and_says_so(self):
        for text in (self.answers("UPS off"), "n\ny\n", self.answers("UPS off", "One of two.", "")):
            done = self.run_toban("report", "--ask", who="dc-operator-1", text=text)
            self.assertEqual(done.status, DRAFT, done)
            self.assertRegex(done.err, r"D-\d+")
        self.assertEqual(self.ok("dc-owner", "list")["incidents"], [])
        drafts = self.ok("dc-operator-1", "call", "draft.list")["drafts"]
        self.assertEqual(len(drafts), 3)

    def test_report__no_draft_is_taken__shows_what_was_typed(self):
        done = self.run_toban("--json", "--read-only", "report", "--ask", who="dc-operator-1",
                              text=self.answers("UPS \u505c\u6b62", "One of two."))
        self.assertEqual(done.status, desk.DENIED, done)
        self.assertEqual(done.error()["code"], "D310")
        fields, _ = json.JSONDecoder().raw_decode(done.err[done.err.index("{\n"):])
        self.assertEqual((fields["title"], fields["situation"]), ("UPS \u505c\u6b62", "One of two."))
        self.ok("dc-operator-1", "report", "--from", "-",
                text=json.dumps(dict(fields, contact="2201")))

    def test_menu__goes_on_with_a_draft_and_sends_it(self):
        self.run_toban("report", "--ask", who="dc-operator-1", text=self.answers("UPS off"))
        form = self.ok("dc-operator-1", "call", "form.get", '{"form":"report"}')
        typed = [{"situation": "One of two.\n", "contact": "2201", "emergency": "n",
                  "confidential": "n"}.get(field["key"], "") for field in form["fields"]
                 if field["key"] not in ("answers", "title")]
        done = self.run_toban(who="dc-operator-1", text="\n".join(["6", "D-1", *typed, "y", ""]) + "\n")
        self.assertEqual(done.status, desk.DONE, done)
        self.assertEqual(self.ok("dc-owner", "list")["incidents"][0]["title"], "UPS off")
        self.assertEqual(self.ok("dc-operator-1", "call", "draft.list")["drafts"], [])

    def test_menu__a_step_is_taken(self):
        case = self.report("service-disruption")
        done = self.run_toban(who="dc-owner", text=f"5\n{case}\n1\ny\n\n")
        self.assertEqual(done.status, desk.DONE, done)
        self.assertEqual(self.show(case)["state"], "received")

    def test_act__asked(self):
        case = self.report("service-disruption")
        done = self.run_toban("act", case, "note", "--ask", who="dc-owner", text="From a pipe.\n\ny\n")
        self.assertEqual(done.status, desk.DONE, done)
        done = self.run_toban("act", case, "note", "--ask", who="dc-owner", text="Half of\n")
        self.assertEqual(done.status, DRAFT, done)

    def test_input__that_is_no_text_is_left_out_and_said(self):
        data = b"n\ny\nn\nn\nn\nn\n\xff\xfe\n" + b"\x1b[31m\n" + b"UPS\n"
        done = self.run_toban("report", "--ask", who="dc-operator-1", text=data)
        self.assertEqual(done.status, DRAFT, done)
        drafts = self.ok("dc-operator-1", "call", "draft.list")["drafts"]
        self.assertNotIn("\x1b", json.dumps(drafts))

    def test_no_input__never_asks(self):
        done = self.run_toban("--no-input", who="dc-owner")
        self.assertEqual(done.status, USAGE, done)

    def test_dumb_terminal__gets_the_line_mode(self):
        main, side = pty.openpty()
        env = {"HOME": self.folder, "LANG": "C.UTF-8", "TOBAN_DESK": self.path, "TOBAN_NOW": self.now,
               "TERM": "dumb", "PATH": os.environ["PATH"]}
        with subprocess.Popen([desk.PROGRAM, "--as", "dc-owner"], env=env, stdin=side, stdout=side,
                              stderr=side, start_new_session=True) as child:
            os.close(side)
            seen = self.read_until(main, b"1. ")
            os.write(main, b"\n")
            self.read_until(main, None)
            self.assertEqual(child.wait(timeout=50), desk.DONE)
        os.close(main)
        self.assertNotIn(b"\x1b", seen)

    def read_until(self, fd, mark):
        """What the terminal got up to `mark`, or up to the end."""
        seen = b""
        limit = time.monotonic() + 50
        while time.monotonic() < limit and (mark is None or mark not in seen):
            ready, _, _ = select.select([fd], [], [], 1)
            if not ready:
                continue
            try:
                data = os.read(fd, 4096)
            except OSError:
                break
            if not data:
                break
            seen += data
        return seen


class Papers(DeskCase):
    def test_print__complete_in_both_languages_and_within_the_page(self):
        case = self.report("information-impairment", "major-accident", personal_data="yes",
                           confidential=True, situation="長い文章。" * 40)
        self.act("office-head", case, "decide-major", major="no", why="Encrypted.")
        self.advance(case, "preventing")
        for language, words in (
                ("en", ["Information security incident report", case, "Contact chain", "Reason",
                        "TRIAL DESK", "CONFIDENTIAL", "Encrypted.", "Masao Ishikawa"]),
                ("ja", ["情報セキュリティインシデント報告書", case, "連絡経路", "判断", "試用デスク",
                        "取扱注意", "Encrypted.", "石川 正雄", "情報セキュリティ責任者"])):
            paper = self.run_toban("--lang", language, "print", case, who="dc-owner").out
            for word in words:
                self.assertIn(word, paper)
            for line in paper.splitlines():
                self.assertLessEqual(columns(line), 78, line)
            head = self.ok("auditor-1", "head")
            self.assertIn(head["row_hash"], paper)

    def test_print__of_what_is_not_there(self):
        self.refuse(MISSING, "dc-owner", "print", "26-0009")
        self.refuse(DENIED, "nobody", "print", "26-0009")


if __name__ == "__main__":
    desk.main()
