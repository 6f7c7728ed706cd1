# SPDX-License-Identifier: MIT
"""Five people at work in a real terminal: the paths that must never break.

Each is short, does what a person does, and ends with the verifier.  Everything finer is
tested without a terminal of this weight, in tests/screens.
"""

import os
import shutil
import sys
import unittest

from paths import PathCase

SKIPPED = 77  # what meson counts as skipped


class Paths(PathCase):
    def test_finder_reports_in_japanese_from_the_first_key_to_the_receipt(self):
        terminal = self.open("dc-operator-1")
        terminal.key("n")
        terminal.expect("1/2")
        for answer in "nynnnn":
            terminal.key(answer)
        terminal.expect("サービス障害")
        terminal.key("Enter")
        terminal.expect("2/2")
        terminal.type("空調機３号の異常停止（神田サイト）")
        terminal.key("Tab")
        terminal.type("室温が 31 度まで上昇。予備機へ切替中。")
        terminal.key("Enter")
        terminal.type("𠮷田さんに電話済み")
        terminal.key("Tab")
        terminal.type("内線２２０１")
        terminal.expect("内線２２０１")
        terminal.key("C-s")
        self.confirm(terminal, "戻る")
        terminal.expect("26-0001")
        case = self.ok("dc-owner", "show", "26-0001")
        self.assertEqual(case["title"], "空調機３号の異常停止（神田サイト）")
        self.assertEqual(case["situation"], "室温が 31 度まで上昇。予備機へ切替中。\n𠮷田さんに電話済み")
        self.assertEqual(case["contact"], "内線２２０１")
        self.whole()

    def test_F25__service_killed_under_a_form__kept_found_again_and_sent_once(self):
        away = "The service does not answer."
        self.serve()
        terminal = self.open("dc-operator-1", "en")
        self.begin_report(terminal)
        title = ""
        for i in range(10):
            self.service.kill()
            terminal.expect(away)
            title += f"word{i} "
            terminal.type(f"word{i} ")
            terminal.expect(f"word{i}")
            self.service.start()
            terminal.gone(away)
        terminal.key("Tab")
        terminal.type("Fan 3 stands still.")
        terminal.key("Tab")
        terminal.type("ext. 2201")
        terminal.expect("ext. 2201")
        terminal.key("C-s")
        terminal.expect("> [ Back ]")
        self.service.kill()
        terminal.key("Tab")
        terminal.gone("> [ Back ]")
        terminal.key("Enter")
        # Nothing was sent: the form is there, and so is the way to send it.
        terminal.expect("D430")
        self.service.start()
        terminal.gone(away)
        terminal.key("C-s")
        self.confirm(terminal, "Back")
        terminal.expect("26-0001")
        cases = self.ok("dc-owner", "list")["incidents"]
        self.assertEqual([case["title"] for case in cases], [title.strip()])
        self.assertEqual(self.ok("dc-operator-1", "call", "draft.list")["drafts"], [])
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("toban-unsent")], [])
        self.whole()

    def test_owner_acknowledges_and_instructs(self):
        case = self.reported()
        terminal = self.open("dc-owner")
        terminal.expect(case)
        self.choose(terminal, "受領を確認する")
        self.confirm(terminal, "戻る")
        terminal.expect(" ok ")
        self.choose(terminal, "対応を指示する")
        terminal.expect("Ctrl-S")
        terminal.key("Enter")
        terminal.type("operator-1 ")
        terminal.key("Enter")
        terminal.type("予備機へ切り替え、三十分ごとに報告")
        terminal.key("Tab")
        terminal.type("4h")
        terminal.expect("三十分ごと")
        terminal.key("C-s")
        self.confirm(terminal, "戻る")
        terminal.expect("対応を指示する」を")
        shown = self.ok("dc-owner", "show", case)
        self.assertEqual(shown["state"], "instructed")
        self.assertEqual(shown["instructions"][0]["text"], "予備機へ切り替え、三十分ごとに報告")
        self.assertEqual(shown["instructions"][0]["to"], ["dc-operator-1"])
        self.whole()

    def test_office_head_decides_and_approves(self):
        case = self.with_result()
        self.act("dc-owner", case, "escalate", "why=顧客に影響")
        terminal = self.open("office-head", "en")
        terminal.expect(case)
        self.choose(terminal, "Decide")
        terminal.expect("Ctrl-S")
        self.decide(terminal, case)
        self.choose(terminal, "Approve the result")
        terminal.expect("換気の不足")
        terminal.key("a")
        terminal.expect("To confirm, type")
        # One digit off is not enough.
        terminal.type("26-0009")
        terminal.key("Enter")
        terminal.expect("not the one asked for")
        terminal.key("BSpace")
        terminal.type("1")
        terminal.key("Enter")
        terminal.expect(" ok ")
        shown = self.ok("auditor-1", "show", case)
        self.assertEqual(shown["result"]["approved_by"], "office-head")
        self.assertEqual(shown["major"], "refused")
        self.whole()

    def decide(self, terminal, case):
        terminal.key("n", "Tab")
        terminal.type("管理できる範囲")
        terminal.expect("管理できる範囲")
        terminal.key("C-s")
        terminal.expect("To confirm, type")
        terminal.type(case)
        terminal.key("Enter")
        terminal.expect(" ok ")

    def test_auditor_looks_at_everything_and_changes_nothing(self):
        case = self.with_result()
        before = self.ok("auditor-1", "head")
        terminal = self.open("auditor-1", "en")
        terminal.expect(case)
        for key, text in (("4", "Shift handover"), ("5", "Statistics"), ("2", "auditors take no step"),
                          ("1", "Duty board")):
            terminal.key(key)
            terminal.expect(text)
        terminal.key("Enter")
        terminal.expect("Timeline")
        for text in ("Found at the rounds.", "換気の不足", "No measures", "Nothing has been", "not judged yet",
                     "No evidence"):
            terminal.key("Tab")
            terminal.expect(text)
        terminal.key("a")
        terminal.expect("Auditors read everything")
        terminal.key("Enter")
        terminal.wait("the menu to stay, and why below it", lambda seen:
                      "| >" in seen and "Auditors read everything" in "".join(seen.splitlines()[-3:]))
        terminal.key("Escape")
        terminal.gone("| >")
        terminal.key("q")
        terminal.expect("Duty board")
        terminal.key("n")
        terminal.expect("D306")
        terminal.key("4")
        terminal.expect("Shift handover")
        terminal.key("h")
        terminal.expect("D306")
        self.assertEqual(self.ok("auditor-1", "head"), before)
        self.assertEqual(self.ok("auditor-1", "call", "draft.list")["drafts"], [])
        self.whole()

    def test_a_draft_survives_the_terminal_and_is_continued(self):
        terminal = self.open("dc-operator-1")
        terminal.key("n")
        terminal.expect("1/2")
        for answer in "nynnnn":
            terminal.key(answer)
        terminal.key("Enter")
        terminal.expect("2/2")
        terminal.type("書きかけの件名")
        terminal.key("Tab")
        terminal.type("回線が切れる直前の一文")
        terminal.expect("回線が切れる直前の一文")
        terminal.close()
        again = self.open("dc-operator-1", name="b")
        again.expect("書きかけの件名")
        again.key("Enter")
        again.expect("2/2")
        again.expect("回線が切れる直前の一文")
        again.key("Tab")  # it goes on where it was left
        again.type("内線 1234")
        again.key("C-s")
        self.confirm(again, "戻る")
        again.expect("26-0001")
        self.assertEqual(self.ok("dc-owner", "show", "26-0001")["situation"], "回線が切れる直前の一文")
        self.assertEqual(self.ok("dc-operator-1", "call", "draft.list")["drafts"], [])
        self.whole()


if __name__ == "__main__":
    if not shutil.which("tmux"):
        print("skipped: tmux is not installed; scripts/deps installs it")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
