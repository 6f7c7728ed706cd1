#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""1,000 random signatures of ours against a second implementation (hmac, hashlib)."""

import base64
import hashlib
import hmac
import random
import subprocess
import sys

COUNT = 1000
SEED = 20261122  # the same rows on every run


def signature(key, message_id, timestamp, body):
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def row(source):
    key = source.randbytes(source.randint(24, 64))
    message_id = "msg_" + "".join(source.choices("abcXYZ0189", k=source.randint(1, 40)))
    timestamp = source.randint(0, 2**40)
    letters = [chr(c) for c in (*range(32, 127), *range(0x3041, 0x3097), 0x1F600, 0x202E)]
    body = "".join(source.choices(letters, k=source.randint(0, 3000))).encode()
    return key, message_id, timestamp, body


def main():
    source = random.Random(SEED)
    rows = [row(source) for _ in range(COUNT)]
    lines = b"".join(b"whsec_" + base64.b64encode(key) + f"\n{mid}\n{at}\n".encode() + body + b"\n"
                     for key, mid, at, body in rows)
    done = subprocess.run([sys.argv[1]], input=lines, stdout=subprocess.PIPE, check=True, timeout=60)
    ours = done.stdout.decode().splitlines()
    theirs = [signature(*r) for r in rows]
    wrong = sum(1 for a, b in zip(ours, theirs) if a != b)
    print(f"{len(ours)} signatures, {wrong} differ")
    return 0 if len(ours) == COUNT and wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
