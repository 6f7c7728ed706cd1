#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A page leads only to what is there: relative links of all *.md, with the heading they name."""

import os
import re

import source
from source import Finding

LINK = re.compile(r"\]\(([^()\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.S)
HEADING = re.compile(r"^#+ +(.+?) *$", re.M)


def pages(root):
    """All pages of the house: those at the top and those below docs/."""
    top = sorted(name for name in os.listdir(root) if name.endswith(".md"))
    return top + source.files(root, ["docs"], (".md",))


def anchor(heading):
    """The name a heading gets on the usual forges: lower case, blanks to hyphens, signs gone."""
    text = re.sub(r"[`*_]", "", heading).lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def check(root, path, target):
    """What is wrong with a link, or None."""
    name, _, fragment = target.partition("#")
    place = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
    if place.startswith(".."):
        return f"the link {target} leads out of the house"
    if not os.path.exists(os.path.join(root, place)):
        return f"the link {target} leads nowhere"
    if not fragment or not place.endswith(".md"):
        return None
    headings = HEADING.findall(re.sub(r"```.*?```", "", source.read(root, place), flags=re.S))
    if fragment not in map(anchor, headings):
        return f"{place} has no heading of the name #{fragment}"
    return None


def find(root, _options=None):
    for path in pages(root):
        text = CODE.sub(lambda m: source.blank(m.group()), source.read(root, path))
        for link in LINK.finditer(text):
            if re.match(r"[a-z]+:", link[1]):
                continue  # another machine's: not ours to check
            wrong = check(root, path, link[1])
            if wrong:
                yield Finding(path, text.count("\n", 0, link.start()) + 1, wrong)


if __name__ == "__main__":
    source.main(find, "links_md")
