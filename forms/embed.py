#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write the definition files as one C table: embed.py OUT FORMS_DIR FILE..."""
import sys


def rows(data):
    for at in range(0, len(data), 16):
        yield "\t" + ", ".join(str(byte) for byte in data[at:at + 16]) + ","


def main():
    out, root, *names = sys.argv[1:]
    lines = ["/* Made by forms/embed.py. */", '#include "toban/forms.h"', ""]
    table = []
    for at, name in enumerate(sorted(names)):
        with open(f"{root}/{name}", "rb") as file:
            data = file.read()
        lines.append(f"static const unsigned char file_{at}[] = {{")
        lines += rows(data + b"\0")
        lines.append("};")
        table.append(f'\t{{ "{name}", (const char *)file_{at}, {len(data)} }},')
    lines += ["", "const struct def_file shipped_files[] = {", *table, "};"]
    lines.append("const size_t shipped_files_n = sizeof(shipped_files) / sizeof(shipped_files[0]);")
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


main()
