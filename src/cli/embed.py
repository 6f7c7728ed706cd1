#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write one text as a C array: embed.py OUT NAME FILE."""
import sys


def main():
    out, name, path = sys.argv[1:]
    with open(path, "rb") as file:
        data = file.read() + b"\0"
    lines = ["/* Made by src/cli/embed.py. */", "#include <stddef.h>", "",
             f"extern const char {name}[];", f"extern const size_t {name}_len;",
             f"const char {name}[] = {{"]
    for at in range(0, len(data), 16):
        lines.append("\t" + ", ".join(str(byte) for byte in data[at:at + 16]) + ",")
    lines += ["};", f"const size_t {name}_len = {len(data) - 1};"]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


main()
