#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every header compiles alone, and twice, and says what it is for.

The compiler and its flags come from meson after `--`, so that this is the same
dialect as the build.
"""

import concurrent.futures
import os
import re
import subprocess

import source
from source import Finding

STRICT = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-x", "c", "-"]


def compile_alone(root, path, options):
    """None, or the finding that tells the compiler's first complaint."""
    # The typedef keeps a header of macros alone from being an empty unit.
    unit = f'#include "{path}"\n#include "{path}"\ntypedef int lint_unit;\n'
    command = options.compiler + ["-I", root, "-I", os.path.join(root, "include")]
    if options.build:  # headers that the build made for this layer
        command += ["-I", os.path.join(options.build, os.path.dirname(path))]
    command += STRICT
    done = subprocess.run(command, input=unit, cwd=root, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode == 0:
        return None
    m = re.search(re.escape(path) + r":(\d+):\d+: (?:fatal )?error: (.*)", done.stdout)
    if m:
        return Finding(path, int(m.group(1)), f"does not compile alone: {m.group(2)}")
    first = done.stdout.strip().splitlines()[:1] or ["the compiler failed"]
    return Finding(path, 0, f"does not compile alone: {first[0]}")


def check_opening(path, text):
    """A public header begins with its licence and a comment block on its purpose."""
    lines = text.splitlines()
    if not lines or lines[0] != "/* SPDX-License-Identifier: MIT */":
        yield Finding(path, 1, "expected the line /* SPDX-License-Identifier: MIT */")
    if len(lines) < 2 or not lines[1].startswith("/*"):
        yield Finding(path, 2, "expected a comment block that says what this header is for")


def find(root, options):
    headers = source.files(root, ["include", "src"], (".h",))
    for path in headers:
        yield from check_opening(path, source.read(root, path))
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        jobs = [pool.submit(compile_alone, root, path, options) for path in headers]
        for job in jobs:
            if job.result():
                yield job.result()


def arguments(parser):
    parser.add_argument("--build", help="the build directory")
    parser.add_argument("compiler", nargs="+", help="after --: the compiler and the project's flags")


if __name__ == "__main__":
    source.main(find, "headers", arguments)
