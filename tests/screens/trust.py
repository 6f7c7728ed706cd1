# SPDX-License-Identifier: MIT
"""The desks of the golden screens about trust: restricted cases and who read them all the same,
files and who had them, keys, a shared console, a decision that is signed.

Keys that toban makes, PINs that are given out and ids differ on each run; golden.py masks what
shows them.  The keys in the agent are always the same, of tests alone (agent_key*): their
fingerprints may be broken over two rows, or cut.
"""

import getpass
import json
import os
import shutil
import subprocess

import desk
from story import NOW, Story, answers

PASSPHRASE = "Kanarienvogel 4711 im Bergwerk"
PIN, WRONG = "720416", "358102"
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "../../forms/org/example.ini")

POST = """
[post console]
Name=Night console
Name[ja]=夜勤の共用端末
Login={login}
Department=datacentre
"""


class Agent:
    """An ssh-agent with a key of the tests; `public` is the path of its other half."""

    def __init__(self, folder, name):
        key = os.path.join(folder, name)
        self.socket = os.path.join(folder, "agent")
        self.public = key + ".pub"
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        shutil.copyfile(os.path.join(HERE, name), key)
        os.chmod(key, 0o600)
        with open(self.public, "w", encoding="ascii") as file:
            subprocess.run(["ssh-keygen", "-y", "-f", key], check=True, timeout=60,
                           **dict(quiet, stdout=file))
        self.child = subprocess.Popen(["ssh-agent", "-D", "-a", self.socket], **quiet)
        desk.wait_for("the agent", lambda: os.path.exists(self.socket))
        subprocess.run(["ssh-add", "-q", key], check=True, timeout=60,
                       env=dict(os.environ, SSH_AUTH_SOCK=self.socket), **quiet)

    def end(self):
        self.child.terminate()
        self.child.wait()
        if os.path.exists(self.socket):
            os.remove(self.socket)  # another one may take its place


class Keys(Story):
    """A story in which people bring in keys."""

    agent = None

    def own_key(self, at, who, comment):
        """Of toban's own, with the passphrase on a descriptor, as programs give it."""
        read, write = os.pipe()
        os.write(write, PASSPHRASE.encode() + b"\n")
        os.close(write)
        self.run(at, who, "--passphrase-fd", str(read), "--sign", "key", "new", "--comment", comment,
                 pass_fds=[read])
        os.close(read)

    def agent_key(self, at, who, name="agent_key"):
        self.agent = Agent(self.folder, name)
        self.run(at, who, "--sign", "key", "propose", self.agent.public,
                 more={"SSH_AUTH_SOCK": self.agent.socket})


class Trust(Keys):
    """A trial desk in a file; the office head has the key of this account."""

    def tell(self):
        self.run("2026-11-02T09:00:00+09:00", None, "init", "--example")
        self.leak()
        self.files()
        self.readings()
        self.keys()

    def leak(self):
        """26-0001: restricted."""
        at = "2026-11-22T19:%02d:00+09:00"
        case = self.report(at % 5, "dc-operator-1", "名簿の持ち出しの疑い",
                           "退職予定者の端末から名簿が外部媒体に写された記録がある。",
                           answers("information-impairment"), contact="内線 2201")
        self.act(at % 10, "dc-owner", case, "acknowledge")
        self.act(at % 12, "dc-owner", case, "restrict", why="人事に関わる")

    def files(self):
        """26-0002: with two files that were looked at, copied and measured."""
        at = "2026-11-22T20:%02d:00+09:00"
        case = self.report(at % 1, "dc-operator-2", "Rack C-12 open at the rounds",
                           "The door was ajar, nobody near it.", answers("control-failure"),
                           contact="ext. 2202", place="Tokyo DC 4F")
        self.act(at % 5, "dc-owner", case, "acknowledge")
        seqs = []
        for minute, name, text in ((8, "door-4F-C12.jpg", "a picture"), (9, "入退室記録_11月22日.csv", "a list")):
            path = os.path.join(self.folder, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text * 1000)
            seqs.append(str(self.act(at % minute, "dc-operator-2", case, "evidence", file=path)["seq"]))
            os.remove(path)
        copy = os.path.join(self.folder, "copy")
        self.run(at % 20, "dc-owner", "evidence", "get", case, seqs[0], "--out", copy)
        os.remove(copy)
        self.run(at % 30, "office-staff-1", "evidence", "check", case, seqs[0])

    def readings(self):
        """One is over, one lasts."""
        self.run("2026-11-22T20:50:00+09:00", "ga-owner", "break-glass", "26-0001", "--why",
                 "The customer on the telephone asks what we know about the list.")
        self.run("2026-11-22T22:20:00+09:00", "dc-operator-2", "break-glass", "26-0001", "--why",
                 "同じ端末からの通信が続いており、原因の案件を確認しないと止められない。")

    def keys(self):
        """The office head's signs; dc-owner's waits.  That which unlocks the screen is of another desk."""
        at = "2026-11-22T22:%02d:00+09:00"
        self.agent_key(at % 1, "office-head", "agent_key_head")
        self.agent.end()
        head = self.run(at % 2, "admin", "key", "list", "--state", "proposed")["keys"][0]["fingerprint"]
        self.run(at % 3, "admin", "key", "approve", head)
        self.agent_key(at % 4, "dc-owner")
        self.agent.end()
        here, self.desk = self.desk, os.path.join(self.folder, "other.db")
        self.run(at % 5, None, "init", "--example")
        self.own_key(at % 5, "office-head", "office")
        self.desk = here


class Console(Story):
    """The same account is a shared console, behind a service; who sits there have PINs."""

    served = True

    def tell(self):
        with open(SOURCE, encoding="utf-8") as file:
            text = file.read() + POST.format(login=getpass.getuser())
        path = os.path.join(self.folder, "org.ini")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.run("2026-11-02T09:00:00+09:00", None, "init", "--example", "--org", path)
        pin = os.path.join(self.folder, "pin")
        with open(pin, "w", encoding="ascii") as file:
            file.write(PIN + "\n")
        self.service = desk.Service(self.desk, self.environment(NOW))
        for who in ("dc-operator-1", "dc-operator-2"):
            self.ask("2026-11-22T21:00:00+09:00", who, "pin", "set", "--new-file", pin)
        once = self.ask("2026-11-22T21:10:00+09:00", "admin", "pin", "reset", "dc-deputy-1")["pin"]
        self.words = {"pin": PIN, "wrong": WRONG, "once": once}
        for minute in range(36, 41):
            self.ask(f"2026-11-22T22:{minute}:00+09:00", None, "call", "session.open",
                     json.dumps({"person": "dc-operator-2", "pin": WRONG}), refused=True)
        self.service.stop()
        os.remove(pin)

    def ask(self, at, who, *words, refused=False):
        """Through the service, whose clock stands at `at`."""
        self.service.stop()
        self.service.start(TOBAN_NOW=at)
        return self.run(at, who, *words, refused=refused,
                        more={"TOBAN_DESK": "unix:" + self.service.socket})


class Real(Keys):
    """No trial: a result waits for this account's person, who has a key of toban's own and one
    in an agent, to approve it with a signature."""

    trial = False

    def tell(self):
        maker = subprocess.Popen(
            [os.environ["TOBAN_MAKE_WAITING"], self.desk, getpass.getuser(), NOW],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if maker.stdout.readline() != "made\n":
            raise SystemExit("make_waiting made no desk")
        self.own_key(NOW, None, "own")
        self.agent_key(NOW, None)
        self.env = (f"SSH_AUTH_SOCK={self.agent.socket}",)
        keys = self.run(NOW, None, "key", "list", "--state", "proposed")["keys"]
        maker.communicate("".join(key["fingerprint"] + "\n" for key in keys), timeout=100)
        if maker.returncode != 0:
            raise SystemExit("make_waiting approved no key")

    def end(self):
        self.agent.end()
