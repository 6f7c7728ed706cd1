# SPDX-License-Identifier: MIT
"""A real desk behind the socket of its service, with many people and their keys.

The one account that a test has is the login of a shared console; everybody sits down at it with
a PIN, on a connection of their own.  Decisions are signed by ssh-keygen, not by the program.
"""

import json
import os
import pwd
import shutil
import subprocess
import tempfile

import desk
from wire import Wire

ME = pwd.getpwuid(os.getuid()).pw_name
NOBODY = "toban-test-nobody"
PIN = "720416"
CALL_AS = os.environ.get("TOBAN_CALL_AS", "call_as")
ORG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../forms/org/example.ini")

# A second account of whoever is dc-owner, with a part in the office, which dc-owner has, too.
SECOND = """
[person dc-owner-2]
Name=Masao Ishikawa
Department=security-office
Roles=office
"""


def org_text(people, console=True, **logins):
    """The example organisation; `logins` by person, with _ for -."""
    with open(ORG, encoding="utf-8") as file:
        text = file.read().split("# A shared console")[0] + SECOND
    text = text.replace("Roles=owner\nPhone=03-5550-0103", "Roles=owner office\nPhone=03-5550-0103")
    for person, login in dict({"admin": NOBODY}, **logins).items():
        head = f"[person {person.replace('_', '-')}]\n"
        assert head in text, person
        text = text.replace(head, f"{head}Login={login}\n")
    if console:
        text += (f"\n[post console]\nName=Console\nLogin={ME}\nDepartment=datacentre\n"
                 f"People={' '.join(people)}\n")
    return text


class RealDesk:
    """close() ends it at any point, also when start() failed."""

    def __init__(self, people):
        self.people = people
        self.seats = {}
        self.service = None
        self.folder = tempfile.mkdtemp(prefix="toban-real-")
        self.path = os.path.join(self.folder, "desk.db")

    def start(self):
        self.toban("init", "--org", self.write("org.ini", org_text(self.people)))
        self.call_as(*((who, "pin.set", {"pin": PIN}) for who in self.people))
        self.service = desk.Service(self.path, self.environment())
        self.service.start()
        self.keys_for_all()

    def close(self):
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self):
        for seat in self.seats.values():
            seat.close()
        self.seats.clear()
        if self.service:
            self.service.stop()
            self.service = None

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def environment(self):
        """Without a time of the test's: a real desk has the machine's."""
        env = {"PATH": os.environ.get("PATH", ""), "HOME": self.folder, "LANG": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                env[name] = os.environ[name]
        return env

    def toban(self, *args, path=None, status=0):
        """One command on the file itself; its document.  `status` None: whatever it ends with."""
        done = subprocess.run([desk.PROGRAM, "--desk", path or self.path, "--json", *args],
                              env=self.environment(), stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100)
        if status is not None and done.returncode != status:
            raise AssertionError(f"{args}: {done}")
        return json.loads(done.stdout) if done.stdout else None

    def call_as(self, *calls):
        """(person, method, arguments) each, on the file itself, as who has an account of their own."""
        lines = "".join(json.dumps({"person": person, "method": method, "args": args}) + "\n"
                        for person, method, args in calls)
        done = subprocess.run([CALL_AS, self.path], input=lines, stdout=subprocess.PIPE, text=True,
                              env=self.environment(), check=True, timeout=100)
        return [json.loads(line) for line in done.stdout.splitlines()]

    # --- people at the socket ----------------------------------------------------------------

    def ask(self, who, method, **args):
        """The whole answer, with `result` or `error`."""
        if who not in self.seats:
            seat = Wire(self.service.socket)
            seat.greet()
            answer = seat.ask("session.open", person=who, pin=PIN)
            if "error" in answer:
                raise AssertionError(answer)
            self.seats[who] = seat
        return self.seats[who].ask(method, **args)

    def ok(self, who, method, **args):
        answer = self.ask(who, method, **args)
        if "error" in answer:
            raise AssertionError(f"{who} {method} {args}: {answer}")
        return answer["result"]

    def act(self, who, case, step, **fields):
        return self.ok(who, "incident.act", id=case, step=step, fields=fields)

    # --- keys and signatures -------------------------------------------------------------------

    def new_key(self, name):
        path = os.path.join(self.folder, f"key-{name}")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path],
                       check=True)
        return path

    @staticmethod
    def public(key):
        with open(key + ".pub", encoding="ascii") as file:
            return " ".join(file.read().split()[:2])

    @staticmethod
    def fingerprint(key):
        return subprocess.run(["ssh-keygen", "-l", "-f", key], stdout=subprocess.PIPE,
                              check=True).stdout.decode().split()[1]

    def key(self, name):
        return os.path.join(self.folder, f"key-{name}")

    @staticmethod
    def sign(key, text):
        return subprocess.run(["ssh-keygen", "-Y", "sign", "-q", "-f", key, "-n", "toban"],
                              input=text.encode(), stdout=subprocess.PIPE,
                              check=True).stdout.decode()

    def to_sign(self, who, method, **args):
        """The `sign` of the refusal that asks for a signature."""
        answer = self.ask(who, method, **args)
        if answer.get("error", {}).get("code") != "D320":
            raise AssertionError(f"{who} {method} {args}: {answer}")
        return answer["error"]["sign"]

    def signed(self, who, method, key=None, **args):
        """The arguments of the call, signed with the person's key, not yet sent."""
        sign = self.to_sign(who, method, **args)
        return dict(args, event=sign["event"],
                    signature=self.sign(key or self.key(who), sign["text"]))

    def decide(self, who, case, step, key=None, **fields):
        args = self.signed(who, "incident.act", key, id=case, step=step, fields=fields)
        return self.ok(who, "incident.act", **args)

    def propose(self, who, key):
        self.ok(who, "key.propose",
                **self.signed(who, "key.propose", key, public=self.public(key)))

    def keys_for_all(self):
        """The office head's is approved last, unsigned as the others: then approvals are signed."""
        signers = [who for who in self.people if who not in ("admin", "auditor-1", "dc-operator-1",
                                                             "office-head")] + ["office-head"]
        for who in signers:
            self.propose(who, self.new_key(who))
        for who in signers:
            self.ok("admin", "key.approve", fingerprint=self.fingerprint(self.key(who)))

    # --- cases ---------------------------------------------------------------------------------

    def reported(self):
        return self.ok("dc-operator-1", "incident.report",
                       fields=desk.report_fields("service-disruption"))["id"]

    def answer(self, case, by="dc-owner", responder="dc-operator-1"):
        """From the instruction to the result, which waits for its approval then."""
        self.act(by, case, "instruct", to=["dc-operator-1", "office-staff-1"], text="x", due="2h")
        self.act(responder, case, "respond", text="done")
        self.result(case, by)
        return case

    def result(self, case, by="dc-owner"):
        self.act(by, case, "report-result", cause="c", damage="d", actions="a", text="t")

    def waiting(self, **by):
        return self.answer(self.reported(), **by)

    def reopened(self, approved):
        """An approved case: closed, and opened again."""
        self.act("office-staff-2", approved, "plan-prevention", measures=[], why="none")
        for item, by in desk.REVIEWS.items():
            self.act("office-staff-2" if by == "office" else "dc-deputy-1", approved,
                     "review-item", item=item, verdict="no-change", text="fits")
        self.decide("office-head", approved, "close", text="done")
        self.decide("office-staff-2", approved, "reopen", why="again")
        return approved
