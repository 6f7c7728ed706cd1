# SPDX-License-Identifier: MIT
"""A screen of toban on a terminal of its own, driven by keys: it says how many it has done."""

import os
import pty
import re
import select
import signal
import subprocess
import time

from harness import PATIENCE_S, PROGRAM, Gone

# What the program writes after each frame where TOBAN_TEST is set (terminal_mark()).
MARK = re.compile(rb"\x1b\]5522;(\d+)\x07")


class Screen:
    """The program ends with close(), or by kill()."""

    def __init__(self, folder, *words):
        self.terminal, other = pty.openpty()
        env = dict(os.environ, TERM="xterm-256color", LINES="24", COLUMNS="80", TOBAN_TEST="1",
                   TOBAN_AMBIGUOUS="1", LC_ALL="C.UTF-8", XDG_RUNTIME_DIR=folder, XDG_STATE_HOME=folder)
        self.program = subprocess.Popen([PROGRAM, *words, "--lang", "en"], stdin=other, stdout=other,
                                        stderr=other, env=env, start_new_session=True)
        os.close(other)
        self.written = b""
        self.sent = 0
        try:
            self.wait(lambda: MARK.search(self.written))
        except BaseException:
            self.kill()
            raise

    def wait(self, holds):
        """Reads until that holds; Gone when the program is."""
        until = time.monotonic() + PATIENCE_S
        while not holds():
            if not select.select([self.terminal], [], [], max(0, until - time.monotonic()))[0]:
                raise AssertionError(f"the screen is not as awaited: {self.written[-2000:]}")
            try:
                more = os.read(self.terminal, 1 << 16)
            except OSError as fault:
                raise Gone from fault
            if not more:
                raise Gone
            self.written += more

    def take(self):
        """What there is to read, without waiting."""
        while select.select([self.terminal], [], [], 0)[0]:
            try:
                self.written += os.read(self.terminal, 1 << 16)
            except OSError as fault:
                raise Gone from fault

    def done(self):
        marks = MARK.findall(self.written)
        return int(marks[-1]) if marks else 0

    def send(self, key):
        """One key, for which nothing is waited."""
        try:
            os.write(self.terminal, key.encode())
        except OSError as fault:
            raise Gone from fault
        self.sent += 1

    def keys(self, text):
        """One after the other, each when the one before is done: they are no paste."""
        for key in text:
            self.send(key)
            self.wait(lambda: self.done() >= self.sent)

    def kill(self):
        if self.program.poll() is None:
            self.program.send_signal(signal.SIGKILL)
        self.program.wait(PATIENCE_S)
        os.close(self.terminal)
