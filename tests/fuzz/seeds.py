#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the seeds of a fuzz target from what the repository has anyway.

usage: seeds.py TARGET FOLDER
"""

import base64
import json
import os
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FORMS = os.path.join(ROOT, "forms")

ROSTER = """department,when,from,to,person
datacentre,mon-fri,08:30,17:30,dc-operator-1
datacentre,sat sun,20:00,08:00,dc-operator-2
datacentre,2026-12-31..2027-01-03,00:00,24:00,nobody
"""
NOTES = {
    "alertmanager": {
        "version": "4", "status": "firing", "truncatedAlerts": 2,
        "alerts": [{"status": "firing", "labels": {"alertname": "Temp", "instance": "ac-12"},
                    "annotations": {"summary": "hot"}, "startsAt": "2026-11-22T13:05:00Z",
                    "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "ab12"}]},
    "zabbix": {"event_id": "17", "trigger_id": "4", "value": "1", "subject": "disk full",
               "message": "sda1", "host": "db-1", "severity": "High", "tags": {"site": "tyo"}},
    "json": {"key": "k", "title": "t", "text": "x", "state": "firing", "place": "4F"},
}
FORM = {
    "report": {"title": "t", "situation": "s", "contact": "c", "found_at": "22:13", "place": "p",
               "answers": {"security-breach": "yes", "major-accident": "unknown"},
               "personal_data": "unknown", "confidential": True},
    "instruct": {"to": ["dc-operator-1"], "text": "do", "due": "4h"},
    "plan-prevention": {"measures": [{"key": "m-1", "text": "t", "cause": "c", "due": "5d",
                                      "effect_on": "30d", "departments": ["datacentre"]}]},
    "decide-major": {"major": "yes", "why": "w"},
    "note": {"text": "n"},
}
LOG = [
    ["report", {"fields": FORM["report"], "state": "reported", "verdict": {
        "category": "security-breach", "categories": ["security-breach"], "major": "proposed"},
        "notified": [{"person": "dc-owner", "role": "owner", "link": 1}]}],
    ["acknowledge", {"fields": {}, "state": "received"}],
    ["instruct", {"fields": FORM["instruct"], "state": "instructed"}],
]


def definitions():
    for folder, _, names in os.walk(FORMS):
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), FORMS)
            if name.endswith((".ini", ".form", ".flow")):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    yield path + "\n" + file.read()


def documents():
    yield "csv\n" + ROSTER
    for name, document in NOTES.items():
        yield f"{name}\n{json.dumps(document)}"
    for name, fields in FORM.items():
        yield f"form {name}\n{json.dumps(fields)}"
    yield "log\n" + json.dumps(LOG)
    yield 'org\n{"name": {"en": "E", "ja": "J"}, "offset_min": 540, "departments": [], "people": []}'


# By a key of nobody: what `ssh-keygen -Y sign -n toban` made of "text", and its public line.
SIGNATURE = (
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgFIZZUfX29bFADRcaoyqftvQvra7y"
    "VaU8MV9qtLKLM0IAAAAFdG9iYW4AAAAAAAAABnNoYTUxMgAAAFMAAAALc3NoLWVkMjU1MTkA"
    "AABAZwmd4yuvNlHvRo71WCJYUHCSqtBAgOxLo79ELhF1MFsnBriXSvEtd9UXLDu8RGmzrobT"
    "tEmF2sd+Jf6NCZ/cDQ==")
PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBSGWVH19vWxQA0XGqMqn7b0" \
    "L62u8lWlPDFfarSyizNC somebody@somewhere"


def signatures():
    yield base64.b64decode(SIGNATURE)
    yield "-----BEGIN SSH SIGNATURE-----\n" + SIGNATURE + "\n-----END SSH SIGNATURE-----\n"
    yield PUBLIC + "\n"


def frames():
    documents = [
        {"hello": {"protocol": 1, "version": "0.1.0", "lang": "ja", "as": "dc-owner"}},
        {"id": 7, "method": "incident.list", "args": {"mine": True, "fd": 3}},
        {"id": None, "method": "search", "args": {"words": "\u30e1\u30fc\u30eb"}, "lang": "en"},
    ]
    packed = [json.dumps(document).encode() for document in documents]
    yield b"\x05" + b"".join(len(text).to_bytes(4, "big") + text for text in packed)
    for text in packed:
        yield b"\x00" + len(text).to_bytes(4, "big") + text
    yield b"\x02" + (3).to_bytes(4, "big") + b"[1]" + (1 << 31).to_bytes(4, "big") + b"{}"


def main():
    target, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for number, seed in enumerate(globals()[target]()):
        with open(os.path.join(folder, f"seed-{number:03}"), "wb") as file:
            file.write(seed if isinstance(seed, bytes) else seed.encode())


if __name__ == "__main__":
    main()
