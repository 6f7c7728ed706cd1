#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every screen as it should look: text, looks and cursor, kept in golden/.

usage: golden.py [--update] [--jobs N] [SCREEN...]      TOBAN, VT_SCRIPT: the programs

Each screen is painted in both languages at four sizes, on terminals that draw
ambiguous characters in one and in two columns, in 256, 8 and no colours.  A file
holds a section for each language, size and width; below a row stand its
looks: ":" with 256 colours, ";" with 8, "," without.  Where the wide terminal shows
the same as the other, the section only says so.  What changes from run to run
(hashes, keys, ids) is masked.  Each scene names its desk: the night of story.py, or one
of trust.py, of which one is behind a service and one is no trial.  --update writes what is on the screen now: read the diff.

That a wide character is split or the hint for help is missing, vt_script
finds itself.
"""

import argparse
import concurrent.futures
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
os.environ.setdefault("TOBAN_PROGRAM", os.environ.get("TOBAN", "toban"))

import desk  # noqa: E402  (what it finds in the environment stands above)
from scenes import SCENES  # noqa: E402
from story import NOW, Story  # noqa: E402
from trust import Console, Real, Trust  # noqa: E402

STORIES = {"night": Story, "trust": Trust, "console": Console, "real": Real}
GOLDEN = os.path.join(HERE, "golden")
SIZES = ["60x16", "80x24", "132x40", "200x50"]
LANGUAGES = ["en", "ja"]
# How the terminal shows colours: the sign of its looks, TERM, more environment.
COLOURS = [(":", "xterm-256color", []), (";", "xterm", []), (",", "xterm-256color", ["NO_COLOR=1"])]
# Hashes, the short hash of what is signed, fingerprints of keys, ids of entries.
MASKED = [re.compile(r"\b(?=[0-9a-f]*[0-9])[0-9a-f]{8,64}\b"),
          re.compile(r"\b[0-9a-f]{4}(?: [0-9a-f]{4}){3}\b"),
          re.compile(r"(?<=SHA256:)(?!moZp|wwcR)[A-Za-z0-9+/]+"),  # all but those of agent_key*
          re.compile(r"\b[0-9A-HJKMNP-TV-Z]{26}\b")]


def mask(line):
    for masked in MASKED:
        line = masked.sub(lambda found: re.sub(r"[^ ]", "#", found.group()), line)
    return line


def script(scene, story):
    """The commands that paint a scene at every size."""
    keys = scene.keys.format_map(story.words) if story.words else scene.keys
    lines = [f"keys {keys}"] if keys else []
    lines += [f"anew {scene.anew}"] if scene.anew else []
    for size in SIZES[1:] + SIZES[:1]:
        lines += [f"size {size}", f"dump {size}"]
    return "\n".join(lines) + "\n"


def paint(task):
    """One run of the program: the dumps by size."""
    scene, language, wide, colour, story = task
    _, term, more = colour
    with tempfile.TemporaryDirectory(prefix="toban-golden-",
                                     ignore_cleanup_errors=True) as folder:
        own = os.path.join(folder, "desk")
        # An agent's socket is no file.
        shutil.copytree(story.folder, own, ignore=shutil.ignore_patterns("agent", "desk.sock"))
        target = os.path.join(own, "desk.db")
        service = desk.Service(target, dict(os.environ, TOBAN_NOW=NOW, HOME=own)) if story.served else None
        if service:
            service.start()
            target = "unix:" + service.socket
        env = ["-e", f"TOBAN_NOW={NOW}", "-e", f"HOME={own}", "-e", f"XDG_DATA_HOME={own}",
               "-e", f"XDG_CONFIG_HOME={own}", "-e", "TOBAN_ENGINE=off"]
        for value in [*more, *story.env, *scene.env]:
            env += ["-e", value]
        command = [os.environ["VT_SCRIPT"], "-s", "80x24", "-t", term, *(["-w"] if wide else []),
                   *env, "--", os.environ["TOBAN"], "--desk", target,
                   *(["--as", scene.person] if scene.person else []), "--lang", language]
        done = subprocess.run(command, input=script(scene, story).encode(), check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        if service:
            service.stop()
    if done.returncode != 0:
        raise SystemExit(f"{scene.name} {language} wide={wide} {term}:\n{done.stderr.decode()}")
    dumps, rows = {}, None
    for line in done.stdout.decode().splitlines():
        if line.startswith("= "):
            rows = dumps.setdefault(line[2:], [])
        elif rows is not None and line[:1] in "|:" or line.startswith("cursor "):
            rows.append(mask(line))
    return dumps


def rows_of(dump):
    """(text, looks or "") of each row and of the cursor."""
    rows = []
    for line in dump:
        if line[0] == ":":
            rows[-1] = (rows[-1][0], line[1:])
        else:
            rows.append((line, ""))
    return rows


def section(painted, language, wide, size):
    """The lines of one section: the text once, the looks of each way to show colours."""
    dumps = [rows_of(painted[language, wide, sign][size]) for sign, _, _ in COLOURS]
    lines = []
    for row in zip(*dumps):
        lines.append(row[0][0])
        for (sign, _, _), (text, looks) in zip(COLOURS, row):
            if text != row[0][0]:
                lines.append(sign + text)  # a screen that speaks of its colours
            if looks:
                lines.append(sign + looks)
    return lines


def page(scene, painted):
    """The whole golden file of a scene."""
    out = [f"# {scene.name}: {scene.person}, {scene.keys + scene.anew or 'the first screen'}"]
    for language in LANGUAGES:
        for size in SIZES:
            narrow = section(painted, language, False, size)
            wide = section(painted, language, True, size)
            out += ["", f"## {language} {size}"] + narrow
            out += ["", f"## {language} {size} wide"]
            out += ["as in one column"] if wide == narrow else wide
    return "\n".join(out) + "\n"


def wrongly_marked(text, trial):
    """Sections whose first row does not say what the desk is: one for trial, or not."""
    found = []
    for part in text.split("\n## ")[1:]:
        lines = part.splitlines()
        rows = [line for line in lines[1:] if line.startswith("|")]
        if rows and any(word in rows[0] for word in ("TRIAL", "試用")) != trial:
            found.append(lines[0])
    return found


def check(scene, text, update):
    trial = STORIES[scene.desk].trial
    wrong = wrongly_marked(text, trial)
    if wrong:
        print(f"{scene.name}: row 1 must {'' if trial else 'not '}say TRIAL: {', '.join(wrong)}")
        return False
    path = os.path.join(GOLDEN, f"{scene.name}.txt")
    try:
        with open(path, encoding="utf-8") as file:
            kept = file.read()
    except FileNotFoundError:
        kept = ""
    if text == kept:
        return True
    if update:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        print(f"{scene.name}: written")
        return True
    diff = list(difflib.unified_diff(kept.splitlines(), text.splitlines(), f"golden/{scene.name}.txt",
                                     "on the screen", lineterm="", n=2))
    print("\n".join(diff[:120]))
    print(f"{scene.name}: not as it should look ({len(diff)} lines of difference); "
          f"if it is meant: tests/screens/golden.py --update {scene.name}")
    return False


def tell(folder, name):
    own = os.path.join(folder, name)
    os.mkdir(own, 0o700)
    story = STORIES[name](os.environ["TOBAN"], own)
    story.tell()
    return story


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("screens", nargs="*")
    args = parser.parse_args()
    scenes = [scene for scene in SCENES if not args.screens or scene.name in args.screens]
    unknown = set(args.screens) - {scene.name for scene in SCENES}
    if unknown:
        parser.error(f"no such screen: {', '.join(sorted(unknown))}")
    good = True
    with tempfile.TemporaryDirectory(prefix="toban-story-") as folder:
        stories = {name: tell(folder, name) for name in sorted({scene.desk for scene in scenes})}
        tasks = [(scene, language, wide, colour, stories[scene.desk]) for scene in scenes
                 for language in LANGUAGES for wide in (False, True) for colour in COLOURS]
        with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
            results = list(pool.map(paint, tasks))
        for story in stories.values():
            story.end()
    for scene in scenes:
        painted = {(task[1], task[2], task[3][0]): dumps
                   for task, dumps in zip(tasks, results) if task[0] is scene}
        good = check(scene, page(scene, painted), args.update) and good
    stray = {name for name in os.listdir(GOLDEN)} - {f"{scene.name}.txt" for scene in SCENES}
    if stray:
        print(f"golden/ holds what no scene paints: {', '.join(sorted(stray))}")
    return 0 if good and not stray else 1


if __name__ == "__main__":
    sys.exit(main())
