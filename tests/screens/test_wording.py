#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What screens say: names instead of ids, whole labels, one way to say a duration.

usage: test_wording.py        TOBAN, VT_SCRIPT: the programs

Opens the screens of the night's story in both languages at five sizes.  On none of
them may stand the id of a person, department, category, step or choice; in Japanese
no English length of time.  Then a case with an entry of nearly every kind is read row by row.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

from story import NOW, Story, answers

SIZES = ["60x16", "80x24", "132x40", "160x48", "200x50"]

LONG = 20  # a text longer than this may be cut behind it

# Who looks, and the keys from the board to a screen; each begins where the last ended.
VISITS = [
    ("dc-owner", ["", "2", "4", "4g", "5", "6<Esc>", "7", "1<Enter>", "<Tab>", "<Tab>", "<Tab>", "<Tab>",
                  "<Tab>", "<Tab>"]),
    ("office-staff-1", ["", "2", "1/バックアップ<Enter><Enter>", "<Tab><Tab><Tab>", "<Tab>", "r"]),
    ("dc-operator-1", ["", "1/不審<Enter><Enter>", "<F3>"]),
]

# Ids of the example organisation and keys of the shipped forms that are no words of either language.
RAW = re.compile(
    r"\b(?:(?:dc|ga|sales|maint|legal)-(?:owner|deputy|operator|staff)(?:-\d)?|office-(?:head|staff-\d)|"
    r"crisis-\d|auditor-\d|general-affairs|datacentre|no-answer|not-required|no-change|appi-\w+|"
    r"(?:business|service)-disruption|information-impairment|security-breach|control-failure|"
    r"report-result|approve-result|plan-prevention|review-item|decide-\w+|confirm-suspicion)\b")
ENGLISH_LENGTH = re.compile(r"(?<![\w-])-?\d+d(?: \d\dh)?(?!\w)")

# The timeline of 26-0003, entry by entry: the end of the row; of a long one how it begins.
TIMELINE = {
    "en": [
        "L3 switch of the virtual platform flapping",
        "1 security officer",
        "Kenji Okada, due 22:30  Move the servers to the standby switch.",
        "Masao Ishikawa 03-5550-0103: No answer",
        "ビル管理会社: Voicemail",
        "headers.txt (12.3 KB)  ヘッダー",
        "Haruka Mori, Kenji Okada, due 11-23 00:28  全サーバを移す",
        "26-0005  同じ電源",
        "顧客名が出る",
        "Takeshi Hara  操作した本人",
        "広がりそう",
        "no  影響は限られる",
        "5 Control failure  サービスは続いている",
        "(erased)",
        "静か",
        "entry {note}  騒がしい",
        "entry {respond}  本人の求め",
    ],
    "ja": [
        "L3 switch of the virtual platform flapping",
        "1 情報セキュリティ責任者",
        "岡田 健二、期限 22:30  Move the servers to the standby switch.",
        "石川 正雄 03-5550-0103: 応答なし",
        "ビル管理会社: 留守番電話",
        "headers.txt (12.3 KB)  ヘッダー",
        "森 春香、岡田 健二、期限 11-23 00:28  全サーバを移す",
        "26-0005  同じ電源",
        "顧客名が出る",
        "原 武  操作した本人",
        "広がりそう",
        "いいえ  影響は限られる",
        "5 セキュリティ障害  サービスは続いている",
        "(消去済み)",
        "静か",
        "記録 {note}  騒がしい",
        "記録 {respond}  本人の求め",
    ],
}

# The same for the measures and the review of 26-0001.
ROLL_OUT = {
    "en": ["Information security policy: No change  方針は変わらない。",
           "P1 Data Centre Division  警告の表示を確認した画面の写し", "P1 Data Centre Division"],
    "ja": ["情報セキュリティ基本方針: 見直し不要  方針は変わらない。",
           "P1 データセンター事業部  警告の表示を確認した画面の写し", "P1 データセンター事業部"],
}


class LongStory(Story):
    """The night, and on top a case with entries of nearly every kind."""

    def tell(self):
        super().tell()
        file = os.path.join(self.folder, "headers.txt")
        with open(file, "w", encoding="utf-8") as out:
            out.write("x" * 12600)
        case = "26-0003"
        for minute, who, step, fields in [
                (26, "dc-operator-2", "call",
                 {"to": "dc-owner", "number": "03-5550-0103", "outcome": "no-answer"}),
                (26, "dc-operator-2", "call", {"to": "ビル管理会社", "outcome": "voicemail"}),
                (27, "dc-operator-2", "evidence", {"file": file, "text": "ヘッダー"}),
                (28, "dc-owner", "instruct", {"to": ["dc-operator-1", "dc-operator-2"],
                                              "text": "全サーバを移す", "due": "2h"}),
                (29, "dc-owner", "link", {"other": "26-0005", "why": "同じ電源"}),
                (30, "dc-owner", "restrict", {"why": "顧客名が出る"}),
                (31, "office-staff-1", "involve", {"person": "dc-deputy-2", "why": "操作した本人"}),
                (32, "dc-owner", "escalate", {"why": "広がりそう"}),
                (33, "office-head", "decide-major", {"major": "no", "why": "影響は限られる"}),
                (34, "dc-owner", "reclassify", {"answers": answers("control-failure"),
                                                "why": "サービスは続いている"}),
                (35, "dc-operator-2", "respond", {"text": "移した"}),
                (35, "dc-operator-2", "note", {"text": "静か"})]:
            self.act(f"2026-11-22T22:{minute}:00+09:00", who, case, step, **fields)
        log = self.run("2026-11-22T22:36:00+09:00", "office-staff-1", "call", "incident.show",
                       json.dumps({"id": case}))["log"]
        self.last = last = {event["kind"]: event["seq"] for event in log}
        self.act("2026-11-22T22:36:00+09:00", "dc-operator-2", case, "correct", seq=last["note"],
                 text="騒がしい", why="誤記")
        self.act("2026-11-22T22:37:00+09:00", "office-head", case, "erase", seq=last["respond"],
                 why="本人の求め")


def screens(story, person, language, commands):
    """Runs the desk for one person; the rows of each dump by name."""
    env = []
    for value in (f"TOBAN_NOW={NOW}", f"HOME={story.folder}", f"XDG_DATA_HOME={story.folder}",
                  f"XDG_CONFIG_HOME={story.folder}"):
        env += ["-e", value]
    done = subprocess.run(
        [os.environ["VT_SCRIPT"], "-s", "80x24", *env, "--", os.environ["TOBAN"], "--desk",
         story.desk, "--as", person, "--lang", language],
        input=("\n".join(commands) + "\n").encode(), check=False, timeout=120,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise SystemExit(f"{person} {language}:\n{done.stderr.decode()}")
    dumps, rows = {}, None
    for line in done.stdout.decode().splitlines():
        if line.startswith("= "):
            rows = dumps.setdefault(line[2:], [])
        elif line.startswith("|"):
            rows.append(line[1:].rstrip())
    return dumps


def visit(story, person, keys, language):
    """The faults on the screens a person comes by."""
    commands = []
    for i, step in enumerate(keys):
        commands += [f"size {SIZES[1]}"] + ([f"keys {step}"] if step else [])
        for size in SIZES:
            commands += [f"size {size}", f"dump {i} {size}"]
    faults = []
    for name, rows in screens(story, person, language, commands).items():
        where = f"{person} {language} {keys[int(name.split()[0])]!r} {name}"
        for row in rows:
            faults += [f"{where}: {found.group()!r} in {row!r}" for found in RAW.finditer(row)
                       if f"({person})" not in row]  # the settings tell one's own id
            if language == "ja":
                faults += [f"{where}: {found.group()!r} in {row!r}"
                           for found in ENGLISH_LENGTH.finditer(row)]
    return faults


def timeline(story, find, want, language):
    """The faults of a timeline at 200x50: `want` are what rows say, in this order."""
    rows = screens(story, "office-staff-1", language,
                   ["size 200x50", f"keys /{find}<Enter><Enter>", "dump x"])["x"]
    rest = iter(rows)
    for text in want:
        text = text.format(**story.last)
        if not any(row.endswith(text) or len(text) > LONG and text[:LONG] in row for row in rest):
            return [f"{language} {find}: no row says {text!r}; the screen:\n" + "\n".join(rows)]
    return []


def layout(story, language):
    """What once was cut or stood in the wrong place on single screens."""
    faults = []
    label = {"en": "WAITING FOR", "ja": "次の担当と作業"}[language]
    for size in ("120x40", "132x40", "160x48", "200x50"):
        board = screens(story, "dc-owner", language, [f"size {size}", "dump x"])["x"]
        if sum(row.count(label) for row in board) != 2:
            faults.append(f"{language} {size}: {label!r} is cut in the column of details")
    rows = screens(story, "dc-owner", language, ["size 160x48", "dump x"])["x"]
    # Where a kind is long the name begins the row below.
    heads = [found.group() + rows[at + 1].rsplit("|", 1)[-1] for at, row in enumerate(rows)
             for found in [re.search(r"\|  11-\d\d \d\d:\d\d  .*", row)] if found]
    who = {"en": "Okada|Ishikawa|Kuroda|Fujii|Matsuda", "ja": "岡田|石川|黒田|藤井|松田"}[language]
    faults += [f"{language}: nobody's name in {head!r}" for head in heads or ["no timeline"]
               if not re.search(f"({who})( |:|$)", head)]
    sheet = screens(story, "dc-owner", language, ["keys 4", "dump x"])["x"]
    cases = [row for row in sheet[4:11] if row]
    if not all(re.match(r"   (!!|! |  ).{6,8}   26-", row) for row in cases[:6]):
        faults.append(f"{language}: a case of the sheet takes two rows:\n" + "\n".join(cases))
    phones = screens(story, "dc-owner", language,
                     ["size 200x50", "keys /不審<Enter><Enter><F3>", "dump x"])["x"]
    numbers = [row for row in phones if "03-5550-" in row]
    if "03-5550-0103" not in numbers[-1]:
        faults.append(f"{language}: oneself is not the last to call:\n" + "\n".join(numbers))
    return faults


def main():
    faults = []
    with tempfile.TemporaryDirectory(prefix="toban-wording-") as folder:
        story = LongStory(os.environ["TOBAN"], folder)
        story.tell()
        for language in ("en", "ja"):
            faults += timeline(story, "flapping", TIMELINE[language], language)
            faults += timeline(story, "バックアップ", ROLL_OUT[language], language)
            faults += layout(story, language)
            for person, keys in VISITS:
                faults += visit(story, person, keys, language)
    print("\n".join(faults) or "every screen is worded")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
