#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes what the fake door answers: {method: result or {argument: result}}.

The procedure is read from the shipped definition files, so that the screens
are tried with the real questions and forms; the incidents are invented here.
"""
import json
import os
import sys


def sections(path):
    """[(kind, name, {key: value})] of one definition file."""
    found = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("[") and line.endswith("]"):
                kind, _, name = line[1:-1].partition(" ")
                found.append((kind, name, {}))
            elif "=" in line and not line.startswith("#"):
                key, _, value = line.partition("=")
                found[-1][2][key] = value
    return found


def words(values, key):
    return {"en": values.get(key, ""), "ja": values.get(key + "[ja]", values.get(key, ""))}


def form(path):
    parts = sections(path)
    fields = []
    for kind, name, values in parts:
        if kind == "field":
            fields.append({
                "key": name, "type": values["Type"], "required": values.get("Required") == "yes",
                "max_chars": int(values.get("Max", 0)), "rows": int(values.get("Rows", 0)),
                "preset": values.get("Preset", ""), "label": words(values, "Label"),
                "help": words(values, "Help"),
                "choices": [{"key": c, "label": words(values, "Choice-" + c)}
                            for c in values.get("Choices", "").split()]})
    return {"name": parts[0][1], "version": 1, "title": words(parts[0][2], "Title"),
            "fields": fields}


def procedure(root):
    flow = sections(os.path.join(root, "incident/incident.flow"))
    table = sections(os.path.join(root, "policy/classification.ini"))
    reviews = sections(os.path.join(root, "policy/review.ini"))
    return {
        "categories": [{"key": n, "number": int(v.get("Number", 0)), "kind": v["Kind"],
                        "label": words(v, "Label"), "question": words(v, "Question"),
                        "explain": words(v, "Explain"), "examples": words(v, "Examples")}
                       for k, n, v in table if k == "category"],
        "states": [{"name": n, "label": words(v, "Label"), "open": v.get("Open") == "yes"}
                   for k, n, v in flow if k == "state"],
        "steps": [{"name": n, "label": words(v, "Label"), "explain": words(v, "Explain"),
                   "confirm": v.get("Confirm", "none"), "form": v.get("Form", "")}
                  for k, n, v in flow if k == "step"],
        "reviews": [{"key": n, "label": words(v, "Label")} for k, n, v in reviews
                    if k == "item"],
        "roles": {"owner": {"en": "owner", "ja": "責任者"},
                  "office-head": {"en": "office head", "ja": "対策室長"},
                  "crisis": {"en": "crisis office", "ja": "危機管理室"}},
        "kinds": {n: words(v, "Label") for k, n, v in flow if k == "step"},
        "cells": {}, "verdicts": {}, "legal": [], "table_version": "1",
        "terminal": {"editor": False, "clipboard": "ids"}}


def organisation(root):
    parts = sections(os.path.join(root, "org/example.ini"))
    return {
        "departments": [{"id": n, "code": v["Code"], "name": words(v, "Name")}
                        for k, n, v in parts if k == "department"],
        "people": [{"id": n, "name": words(v, "Name"), "kana": v.get("Kana", ""),
                    "title": words(v, "Title"), "department": v["Department"],
                    "roles": v.get("Roles", "").split(),
                    "role": (v.get("Roles", "").split() or ["staff"])[0]}
                   for k, n, v in parts if k == "person"]}


TITLES = ["顧客データの誤送信（メール）", "不審なログイン（海外IP）", "東京DC 電源系統の全停止",
          "入退室カードの紛失", "Backup failed twice in a row", "監視カメラの録画停止"]
KINDS = ["information-impairment", "suspicion", "business-disruption", "security-breach",
         "service-disruption", "control-failure"]


def row(i):
    return {"id": "26-%04d" % (i + 1), "title": TITLES[i % 6], "state": "reported",
            "category": KINDS[i % 6], "major": "yes" if i == 2 else "no", "drill": i == 5,
            "confidential": False, "department": "datacentre", "finder": "dc-operator-1",
            "waiting_for": [{"person": "dc-owner", "step": "instruct"}],
            "due_at": "2026-11-22T22:%02d:00+09:00" % (35 + i * 3), "overdue": i < 2,
            "reported_at": "2026-11-22T22:13:00+09:00", "last_seq": 10 + i}


def show(i):
    return dict(row(i), **{
        "contact": "内線 1234", "situation": "監視で検知。\n本人に電話で確認した。", "seq": 12,
        "found_at": "2026-11-22T22:05:00+09:00", "categories": [KINDS[i % 6]],
        "reason": {"en": "3, because ...", "ja": "情報が損なわれたため"},
        "chain": [
            {"link": 1, "person": "dc-owner", "role": "owner",
             "notified_at": "2026-11-22T22:13:00+09:00",
             "seen_at": "2026-11-22T22:20:00+09:00",
             "due_at": "2026-11-22T22:43:00+09:00"},
            {"link": 2, "person": "", "role": "office-head"},
            {"link": 3, "person": "", "role": "crisis"}],
        "log": [{"seq": 12, "at": "2026-11-22T22:13:00+09:00", "actor": "dc-operator-1",
                 "kind": "report", "body": {"fields": {"title": TITLES[i % 6],
                                                       "situation": "監視で検知。"}},
                 "row_hash": "0f3a%04d" % i}],
        "measures": [], "reviews": {}})


def main():
    root, out = sys.argv[1:3]
    people = organisation(root)
    forms = {os.path.basename(f)[:-5]: form(os.path.join(root, "incident", f))
             for f in sorted(os.listdir(os.path.join(root, "incident"))) if f.endswith(".form")}
    count = 60
    answers = {
        "desk.info": {"": {"trial": True, "protection": "open-file", "offset_min": 540,
                           "person": people["people"][0], "version": "test",
                           "procedure_hash": "x"}},
        "org.show": {"": people},
        "procedure.show": {"": procedure(root)},
        "incident.counts": {"": {"mine": 3, "department": 7, "open": 12, "overdue": 2}},
        "incident.list": {"": {"incidents": [row(i) for i in range(50)], "next": "50"},
                          "50": {"incidents": [row(i) for i in range(50, count)],
                                 "next": None}},
        "search": {"": {"incidents": [row(0)], "next": None, "found": 1, "all": True,
                        "stopped": False}},
        "draft.list": {"": {"drafts": []}},
        "draft.save": {"": {"draft": "D-1", "saved_at": "2026-11-22T22:41:00+09:00"}},
        "form.get": forms,
        "classify": {"": {"category": "suspicion", "categories": ["suspicion"],
                          "suspected": [], "major": "no",
                          "reason": {"en": "6, because unknown", "ja": "疑いのため"},
                          "told": [{"person": "dc-owner", "role": "owner"}]}},
        "incident.show": {"26-%04d" % (i + 1): show(i) for i in range(count)},
        "incident.seen": {"": {"recorded": False}},
    }
    with open(out, "w", encoding="utf-8") as file:
        json.dump(answers, file, ensure_ascii=False, sort_keys=True)


main()
