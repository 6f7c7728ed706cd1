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
    desk: str = "night"  # which story; see golden.py
    anew: str = ""  # keys after these others, with which the program begins anew


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
    Scene("glass", "ga-owner", "b26-0001<Enter>", desk="trust"),
    Scene("glass-number", "ga-owner", "b26-1<Enter>", desk="trust"),
    Scene("glass-reason", "ga-owner", "b26-0001<Enter><Tab><Enter>fire<Enter>", desk="trust"),
    Scene("glass-banner", "dc-operator-2", ":open 26-0001<Enter>", desk="trust"),
    Scene("board-head", "office-head", desk="trust"),
    Scene("mine-head", "office-head", "2", desk="trust"),
    Scene("readings", "office-head", ":readings<Enter>", desk="trust"),
    Scene("readings-withheld", "admin", "7e", desk="trust"),
    Scene("readings-refused", "dc-operator-1", ":readings<Enter>", desk="trust"),
    Scene("custody", "dc-owner", case("Rack", "<Tab><Tab><Tab><Tab><Tab><Tab><Enter>"), desk="trust"),
    Scene("keyring", "admin", "7s", desk="trust"),
    Scene("keyring-own", "dc-owner", "7s", desk="trust"),
    Scene("keyring-none", "auditor-1", "7s"),
    Scene("readings-none", "auditor-1", ":readings<Enter>"),
    Scene("keyring-why", "dc-owner", "7sa", desk="trust"),
    Scene("keyring-approve", "admin", "7sa", desk="trust"),
    Scene("curtain", "office-head", ":lock<Enter>", desk="trust"),
    Scene("curtain-typed", "office-head", ":lock<Enter>something", desk="trust"),
    Scene("console", "", desk="console"),
    Scene("console-find", "", "もり", desk="console"),
    Scene("console-nobody", "", "zzz", desk="console"),
    Scene("console-pin", "", "operator-1<Enter>{pin}", desk="console"),
    Scene("console-wrong", "", "operator-1<Enter>{wrong}<Enter>", desk="console"),
    Scene("console-locked-out", "", "operator-2<Enter>{pin}<Enter>", desk="console"),
    Scene("console-new-pin", "", "deputy-1<Enter>{once}<Enter>", desk="console"),
    Scene("console-new-pin-simple", "", "deputy-1<Enter>{once}<Enter>123456<Enter>123456<Enter>",
          desk="console"),
    Scene("console-locked", "", "operator-1<Enter>{pin}<Enter>", desk="console", anew=":lock<Enter>"),
    Scene("console-help", "", "<F1>", desk="console"),
    Scene("sign", "", "<Enter>apa26-0001<Enter>", desk="real"),
    Scene("sign-agent", "", "<Enter>apa26-0001<Enter><Tab>", desk="real"),
]

# The pictures of the documentation: which section of which golden screen.
PICTURES = {
    name + suffix: (name, language, "80x24")
    for name in ("board", "mine", "classify", "report", "incident", "actions", "approval", "search",
                 "statistics", "handover", "telephone", "alerts")
    for suffix, language in (("", "en"), ("-ja", "ja"))
}
