# SPDX-License-Identifier: MIT
"""The scenes of the golden screens: who opens the desk, and which keys lead there."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Scene:
    """One screen: the person at it, the keys that lead there, more environment."""

    name: str
    person: str
    keys: str = ""
    env: tuple = ()


def case(words, keys=""):
    """The keys that open the case with these words in its title."""
    return f"/{words}<Enter><Enter>{keys}"


MAIL, BACKUP, LOGIN, POWER = "メール", "バックアップ", "ログイン", "電源"
# A report whose questions are all answered, one of them with "don't know".
ANSWERED = "nnnunnn<Enter>"

SCENES = [
    Scene("board", "dc-owner"),
    Scene("board-finder", "dc-operator-1"),
    Scene("board-auditor", "auditor-1"),
    Scene("board-sort", "dc-owner", "s"),
    Scene("board-filter", "dc-owner", "/メール<Enter>"),
    Scene("board-empty", "crisis-2", "/zzz<Enter>"),
    Scene("mine", "dc-owner", "2"),
    Scene("mine-office", "office-staff-1", "2"),
    Scene("mine-auditor", "auditor-1", "2"),
    Scene("seat", ""),
    Scene("classify", "dc-operator-1", "nnn"),
    Scene("classify-done", "dc-operator-1", "nnnunnn"),
    Scene("classify-none", "dc-operator-1", "nnnnnnn"),
    Scene("report", "dc-operator-1", ANSWERED + "不審なログイン"),
    Scene("report-faults", "dc-operator-1", ANSWERED + "<C-s>"),
    Scene("report-text", "dc-operator-1", ANSWERED + "件名<Tab>本文を書く。<C-e>"),
    Scene("report-drill", "dc-operator-1", ":drill<Enter>"),
    Scene("draft", "dc-operator-1", "<End><Enter>"),
    Scene("incident", "dc-owner", case(MAIL)),
    Scene("incident-major", "crisis-1", case(POWER)),
    Scene("incident-report", "dc-owner", case(LOGIN, "<Tab>")),
    Scene("incident-result", "dc-owner", case(MAIL, "<Tab><Tab>")),
    Scene("incident-prevention", "dc-owner", case(BACKUP, "<Tab><Tab><Tab>")),
    Scene("incident-reviews", "dc-owner", case(BACKUP, "<Tab><Tab><Tab><Tab><Tab>")),
    Scene("rollout", "dc-owner", case(BACKUP, "r")),
    Scene("actions", "dc-owner", case(LOGIN, "a")),
    Scene("actions-refused", "auditor-1", case(LOGIN, "a<Enter>")),
    Scene("instruct", "dc-owner", case(LOGIN, "ai")),
    Scene("acknowledge", "dc-owner", case(LOGIN, "aa")),
    Scene("decide-major", "office-head", case(MAIL, "am")),
    Scene("plan-prevention", "office-staff-2", case(MAIL, "al")),
    Scene("note", "dc-operator-1", case(LOGIN, "e")),
    Scene("approval", "office-staff-1", case(MAIL, "ap")),
    Scene("approval-number", "office-staff-1", case(MAIL, "apa")),
    Scene("search", "auditor-1", "3メール<Enter>"),
    Scene("search-empty", "auditor-1", "3"),
    Scene("search-none", "auditor-1", "3zzz<Enter>"),
    Scene("handover", "dc-owner", "4"),
    Scene("handover-give", "dc-owner", "4h"),
    Scene("statistics", "auditor-1", "5"),
    Scene("statistics-links", "auditor-1", "5t"),
    Scene("phones", "dc-operator-1", case(LOGIN, "<F3>")),
    Scene("telephone", "dc-operator-1", case(LOGIN, "t")),
    Scene("alerts", "dc-operator-1", "8<Down>"),
    Scene("alerts-none", "dc-operator-1", "8x誤報<Enter>x誤報<Enter>"),
    Scene("duty", "ga-owner", "9"),
    Scene("duty-week", "ga-staff-1", "9<Right><Up><Up>"),
    Scene("duty-told", "ga-owner", "9t"),
    Scene("duty-findings", "ga-owner", "9f"),
    Scene("duty-absence", "ga-staff-1", "9b"),
    Scene("duty-day", "ga-owner", "9<Right><Up>r"),
    Scene("ways", "ga-deputy-1", "7w"),
    Scene("phones-away", "ga-owner", "6久保"),
    Scene("duty-none", "dc-operator-1", "9"),
    Scene("settings", "dc-owner", "7"),
    Scene("messages", "office-staff-1", "m"),
    Scene("help", "dc-owner", "?"),
    Scene("help-incident", "dc-owner", case(LOGIN, "?")),
    Scene("command", "dc-owner", ":ha"),
    Scene("quit", "dc-owner", "<C-c>"),
    Scene("ascii", "dc-owner", "", ("TOBAN_ASCII=1",)),
]

# The pictures of the documentation: which section of which golden screen.
PICTURES = {
    name + suffix: (name, language, "80x24")
    for name in ("board", "mine", "classify", "report", "incident", "actions", "approval", "search",
                 "statistics", "handover", "telephone", "alerts")
    for suffix, language in (("", "en"), ("-ja", "ja"))
}
