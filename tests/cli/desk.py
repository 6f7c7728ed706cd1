# SPDX-License-Identifier: MIT
"""A trial desk in a folder of its own, driven through the command line.

The tests hold toban to its contract (the documents, exit statuses and codes of
docs/methods.md and of the manual), not to what the code happens to do.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.environ.get("TOBAN_PROGRAM", "toban")

CATEGORIES = ["business-disruption", "service-disruption", "information-impairment",
              "security-breach", "control-failure"]
REVIEWS = {"result": "office", "policy": "office", "regulations": "office", "guidelines": "office",
           "risk-assessment": "owner", "applicability": "owner", "operation": "owner"}

DONE, FAILED, USAGE, MISSING, DENIED, CHANGED, INVALID, UNUSABLE, DRAFT = range(9)

CLASSES = {FAILED: "failed", USAGE: "usage", MISSING: "not-found", DENIED: "denied",
           CHANGED: "conflict", INVALID: "invalid", UNUSABLE: "unusable", DRAFT: "draft-only"}


class Run:
    """What one run of the program left behind."""

    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    def document(self):
        return json.loads(self.out)

    def error(self):
        """The error document: the last line of standard error."""
        return json.loads(self.err.strip().splitlines()[-1])

    def __repr__(self):
        return f"status {self.status}\nstdout: {self.out[:2000]}\nstderr: {self.err[:2000]}"


def report_fields(*yes, unknown=(), **more):
    """A report whose answers are yes for `yes`, unknown for `unknown`, no for the rest."""
    answers = {key: "no" for key in CATEGORIES + ["major-accident"]}
    answers.update({key: "yes" for key in yes})
    answers.update({key: "unknown" for key in unknown})
    fields = {"title": "Unknown device in rack C-12", "situation": "Found at the rounds.",
              "contact": "ext. 2201", "answers": answers}
    fields.update(more)
    return fields


def wait_for(what, holds, patience=60):
    """Polls until `holds()`; a machine under load is no fault of the program."""
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.005)


class Service:
    """`toban serve` for one desk, on a socket beside it."""

    def __init__(self, path, env, *args):
        self.socket = os.path.join(os.path.dirname(path), "desk.sock")
        self.path = path
        self.command = [PROGRAM, "--desk", path, "serve", "--socket", self.socket, *args]
        self.env = dict(env)
        self.child = None

    def start(self, **env):
        """Returns when it listens: the name appears with bind(), connecting works with listen()."""
        self.env.update(env)
        self.errors = open(self.path + ".errors", "ab")
        self.child = subprocess.Popen(self.command, env=self.env, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=self.errors)
        wait_for("the service to listen", lambda: self.listens() or self.child.poll() is not None)
        if self.child.poll() is not None:
            raise AssertionError(f"the service ended: {self.said()}")

    def listens(self):
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(self.socket) == 0

    def said(self):
        with open(self.path + ".errors", encoding="utf-8") as file:
            return file.read()

    def kill(self):
        self.child.kill()
        self.child.wait()
        self.errors.close()

    def stop(self):
        """The end in peace, which must be one."""
        if self.child and self.child.poll() is None:
            self.child.terminate()
            self.child.wait(timeout=60)
            self.errors.close()
            if self.child.returncode != 0 or "Sanitizer" in self.said():
                raise AssertionError(f"the service ended with {self.child.returncode}: {self.said()}")


class DeskCase(unittest.TestCase):
    """A test with a fresh trial desk; `now` is moved by the test.

    With TOBAN_TEST_SERVICE the same desk is behind the socket of a service.
    """

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="toban-cli-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.path = os.path.join(self.folder, "desk.db")
        self.now = "2026-11-23T09:00:00+09:00"
        self.env = {}
        self.service = None
        self.make()
        if os.environ.get("TOBAN_TEST_SERVICE"):
            self.serve()

    def make(self):
        made = self.run_toban("init", "--example", "--json")
        self.assertEqual(made.status, DONE, made)

    def serve(self):
        """From now on the desk is reached through a service.

        Its folder is one that others may enter, so that it does not count as owned: refusals
        are no entries then, as in a file, and the same tests hold.
        """
        os.chmod(self.folder, 0o755)
        self.service = Service(self.path, self.environment())
        self.service.start()
        self.addCleanup(self.service.stop)

    def environment(self):
        """What the program finds around it; the service's time goes with the test's."""
        env = {"PATH": os.environ.get("PATH", ""), "HOME": self.folder, "LANG": "C.UTF-8",
               "TOBAN_DESK": self.path, "TOBAN_NOW": self.now}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TOBAN_LOCALE_DIR"):
            if name in os.environ:
                env[name] = os.environ[name]
        if self.service:
            if self.service.env.get("TOBAN_NOW") != self.now:
                self.service.stop()
                self.service.start(TOBAN_NOW=self.now)
            env["TOBAN_DESK"] = "unix:" + self.service.socket
        env.update(self.env)
        return env

    def run_toban(self, *args, who=None, text=None, program=PROGRAM, **options):
        env = self.environment()
        command = [program] + (["--as", who] if who else []) + list(args)
        data = text.encode() if isinstance(text, str) else text
        given = {"input": data} if data is not None else {"stdin": subprocess.DEVNULL}
        given.update(options)
        done = subprocess.run(command, env=env, cwd=self.folder, check=False, timeout=50,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, **given)
        self.assertGreaterEqual(done.returncode, 0, f"{command} was killed: {done.stderr}")
        self.assertNotIn(b"Sanitizer", done.stderr, command)
        done.stdout = done.stdout.decode()
        done.stderr = done.stderr.decode()
        return Run(done)

    # --- calls that must go well, and calls that must not -------------------------

    def ok(self, who, *args, text=None):
        done = self.run_toban("--json", *args, who=who, text=text)
        self.assertEqual(done.status, DONE, f"{who} {args}: {done}")
        return done.document()

    def refuse(self, status, who, *args, text=None, code=None):
        """Runs what must be refused; the error document, its form checked."""
        done = self.run_toban("--json", *args, who=who, text=text)
        self.assertEqual(done.status, status, f"{who} {args}: {done}")
        self.assertEqual(done.out, "", "an error leaves standard output alone")
        error = done.error()
        self.assertLessEqual({"code", "class", "text", "what_to_do", "fields", "who"}, set(error))
        self.assertEqual(error["class"], CLASSES[status], error)
        self.assertTrue(error["text"])
        if code:
            self.assertEqual(error["code"], code, error)
        return error

    # --- the procedure ---------------------------------------------------------------

    def report(self, *yes, who="dc-operator-1", drill=False, **more):
        args = ["report", "--from", "-"] + (["--drill"] if drill else [])
        return self.ok(who, *args, text=json.dumps(report_fields(*yes, **more)))["id"]

    def act(self, who, case, step, **fields):
        return self.ok(who, "act", case, step, "--from", "-", text=json.dumps(fields))

    def act_refused(self, status, who, case, step, code=None, **fields):
        return self.refuse(status, who, "act", case, step, "--from", "-", text=json.dumps(fields),
                           code=code)

    def show(self, case, who="auditor-1"):
        return self.ok(who, "show", case)

    def steps(self, case, who):
        """By name."""
        return {row["step"]: row for row in self.ok(who, "steps", case)["steps"]}

    def allowed(self, case, who):
        return {name for name, row in self.steps(case, who).items() if row["allowed"]}

    def advance(self, case, until):
        """Walks the whole procedure up to a state; the case begins in `reported`."""
        def measures():
            return [{"key": "M1", "text": "Lock the racks", "due": "30d", "effect_on": "60d",
                     "departments": ["datacentre", "general-affairs"]}]
        walk = [
            ("received", lambda: self.act("dc-owner", case, "acknowledge")),
            ("instructed", lambda: self.act("dc-owner", case, "instruct", to=["dc-operator-1"],
                                            text="Isolate it", due="2h")),
            (None, lambda: self.act("dc-operator-1", case, "respond", text="Isolated")),
            ("result-reported", lambda: self.act("dc-owner", case, "report-result", cause="open",
                                                 damage="none", actions="closed", text="-")),
            ("approved", lambda: self.act("office-staff-1", case, "approve-result")),
            ("preventing", lambda: self.act("office-staff-1", case, "plan-prevention",
                                            measures=measures())),
            ("reviewing", lambda: self.review_all(case)),
            (None, lambda: self.roll_out(case)),
            ("closed", lambda: self.act("office-head", case, "close", text="done")),
        ]
        for state, take in walk:
            take()
            if state:
                self.assertEqual(self.show(case)["state"], state)
            if state == until:
                return
        self.fail(f"no such state: {until}")

    def review_all(self, case):
        for item, by in REVIEWS.items():
            self.act("office-staff-1" if by == "office" else "dc-owner", case, "review-item",
                     item=item, verdict="no-change", text="It fits.")

    def roll_out(self, case, measure="M1"):
        for officer, department in (("dc-owner", "datacentre"), ("ga-deputy-1", "general-affairs")):
            self.act(officer, case, "apply", measure=measure, department=department,
                     evidence="Photo of the lock")
            self.act("office-staff-2", case, "accept", measure=measure, department=department)

    def verified(self):
        return self.ok("auditor-1", "verify", "--rebuild")


def main():
    unittest.main(verbosity=1, argv=sys.argv)
