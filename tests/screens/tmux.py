# SPDX-License-Identifier: MIT
"""A terminal that people use: tmux with one window, driven by keys and read as text.

Nothing here sleeps: what a key does is waited for on the screen itself, and a test that
waits in vain shows the screen it saw.
"""

import os
import subprocess
import time

PATIENCE = 20  # seconds; a machine under load is no fault of the program

CONFIG = """set -s escape-time 0
set -g status off
set -g default-terminal tmux-256color
set -g remain-on-exit on
"""


class Terminal:
    """One program on a terminal of `size`, in a tmux server of its own."""

    def __init__(self, folder, name, command, env, size=(80, 24)):
        self.socket = os.path.join(folder, name)
        config = os.path.join(folder, "tmux.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CONFIG)
        self.env = dict(env, PATH=os.environ.get("PATH", ""), LC_ALL="C.UTF-8", TERM="xterm-256color")
        self.tmux("-f", config, "-u", "new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), *command)

    def tmux(self, *args, check=True):
        done = subprocess.run(["tmux", "-S", self.socket, *args], env=self.env, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
        if check and done.returncode != 0:
            raise AssertionError(f"tmux {args}: {done.stderr.decode()}")
        return done.stdout.decode()

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def key(self, *names):
        """Keys by the names of tmux: Enter, Tab, C-s, Down, F1, or one character."""
        self.tmux("send-keys", *names)

    def type(self, text):
        """Characters as an input method hands them over: whole words at once."""
        self.tmux("send-keys", "-l", "--", text)

    def wait(self, what, holds):
        """The screen on which `holds` is true."""
        end = time.monotonic() + PATIENCE
        while True:
            seen = self.screen()
            if holds(seen):
                return seen
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {what}:\n{seen}")

    def expect(self, text):
        return self.wait(f"{text!r}", lambda seen: text in seen)

    def gone(self, text):
        return self.wait(f"{text!r} to go", lambda seen: text not in seen)

    def ended(self):
        """The program is gone.  tmux itself knows; what it writes about it may be wiped again."""
        self.wait("the program to end",
                  lambda _: self.tmux("list-panes", "-F", "#{pane_dead}").strip() == "1")

    def close(self):
        """What a lost connection is to the program: the terminal goes without a word."""
        self.tmux("kill-server", check=False)
