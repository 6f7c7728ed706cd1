#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pictures of screens for the documentation, as SVG, painted from the golden screens.

usage: pictures.py [--check] FOLDER

A picture is the section of a golden file, so it shows what the tests hold the
program to.  --check writes nothing and fails when FOLDER holds anything else.
"""

import argparse
import os
import sys
import unicodedata
from xml.sax.saxutils import escape

from scenes import PICTURES

HERE = os.path.dirname(os.path.abspath(__file__))
CELL, LINE, PAD = 8.4, 18, 12
BACK, FORE = "#16181d", "#d8dbe2"
# The palette entries the theme uses (src/ui/theme.c), as a dark terminal shows them.
PALETTE = {"196": "#ff4d4d", "130": "#d7902f", "63": "#8c8cff", "29": "#3fb27f", "243": "#8a8f99"}
FONT = "'DejaVu Sans Mono','Noto Sans Mono CJK JP','IPAGothic','MS Gothic',monospace"


def width(char):
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def read_section(scene, language, size):
    """Rows of (text, looks) of a golden section; a look is (from, columns, words)."""
    with open(os.path.join(HERE, "golden", f"{scene}.txt"), encoding="utf-8") as file:
        lines = file.read().split(f"\n## {language} {size}\n", 1)[1].splitlines()
    rows = []
    for line in lines:
        if line.startswith("cursor "):
            return rows, line
        if line[0] == "|":
            rows.append((line[1:], []))
        elif line[0] == ":":
            for run in line[1:].split(";"):
                place, *words = run.split()
                start, columns = place.split("+")
                rows[-1][1].append((int(start), int(columns), words))
    raise SystemExit(f"{scene} {language} {size}: the section does not end")


def cells(text):
    """(column, character with its marks) of a row."""
    found, column = [], 0
    for char in text:
        if width(char) == 0 and found:
            found[-1] = (found[-1][0], found[-1][1] + char)
            continue
        found.append((column, char))
        column += width(char)
    return found


def pieces(text, looks):
    """Runs of one look and one width of character: (column, columns, text, words)."""
    runs = []
    for column, char in cells(text):
        words = next((w for start, n, w in looks if start <= column < start + n), [])
        wide = width(char[0])
        if runs and runs[-1][3] == words and runs[-1][4] == wide:
            runs[-1][1] += wide
            runs[-1][2] += char
        else:
            runs.append([column, wide, char, words, wide])
    return [run[:4] for run in runs]


def draw_row(row, text, looks, out):
    y = PAD + row * LINE
    for start, columns, words in looks:
        if "reverse" in words:
            out.append(f'<rect x="{PAD + start * CELL:.1f}" y="{y}" width="{columns * CELL:.1f}" '
                       f'height="{LINE}" fill="{FORE}"/>')
    for column, columns, run, words in pieces(text, looks):
        if not run.strip():
            continue
        colour = next((PALETTE[w] for w in words if w in PALETTE), FORE)
        style = f' fill="{BACK if "reverse" in words else colour}"'
        style += ' font-weight="bold"' if "bold" in words else ""
        style += ' text-decoration="underline"' if "underline" in words else ""
        out.append(f'<text x="{PAD + column * CELL:.1f}" y="{y + 13}" '
                   f'textLength="{columns * CELL:.1f}" lengthAdjust="spacingAndGlyphs"{style}>'
                   f'{escape(run)}</text>')


def picture(scene, language, size):
    rows, cursor = read_section(scene, language, size)
    columns = int(size.split("x")[0])
    wide, high = columns * CELL + 2 * PAD, len(rows) * LINE + 2 * PAD
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high}" '
           f'width="{wide:.0f}" height="{high}" font-family="{FONT}" font-size="14" '
           f'xml:space="preserve">',
           f'<rect width="100%" height="100%" rx="6" fill="{BACK}"/>']
    for number, (text, looks) in enumerate(rows):
        draw_row(number, text, looks, out)
    if not cursor.endswith("hidden"):
        row, column = (int(n) for n in cursor.split()[1].split(","))
        out.append(f'<rect x="{PAD + column * CELL:.1f}" y="{PAD + row * LINE + 1}" width="2" '
                   f'height="{LINE - 2}" fill="{FORE}"/>')
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("folder")
    args = parser.parse_args()
    stale = []
    for name, (scene, language, size) in PICTURES.items():
        path = os.path.join(args.folder, f"{name}.svg")
        drawn = picture(scene, language, size)
        try:
            with open(path, encoding="utf-8") as file:
                kept = file.read()
        except FileNotFoundError:
            kept = None
        if drawn == kept:
            continue
        stale.append(path)
        if not args.check:
            os.makedirs(args.folder, exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(drawn)
            print(f"{path}: drawn")
    if args.check and stale:
        print("not as the screens are now, run scripts/screenshots: " + ", ".join(stale))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
