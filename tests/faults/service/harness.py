# SPDX-License-Identifier: MIT
"""What the fault tests of the service share: a trial desk, its service, and desks that speak in raw frames."""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest

PROGRAM = os.environ.get("TOBAN_PROGRAM", "toban")

# Far beyond what anything takes: a busy machine must not make a test fail.
PATIENCE_S = 120


class Gone(Exception):
    """The service closed the connection."""


class Desk:
    """One connection, greeted as a person of the trial organisation."""

    def __init__(self, path, person):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(PATIENCE_S)
        self.bytes = b""
        self.changes = 0
        self.number = 0
        try:
            self.socket.connect(path)
            try:
                self.send({"hello": {"protocol": 1, "lang": "en", "as": person}})
            except Gone:
                pass  # who is turned away may be told before the greeting was sent
            self.welcome = self.receive()
        except (OSError, Gone):
            self.close()
            raise

    def close(self):
        self.socket.close()

    def send(self, document):
        data = json.dumps(document).encode()
        try:
            self.socket.sendall(struct.pack(">I", len(data)) + data)
        except OSError as fault:
            raise Gone from fault

    def ask(self, method, **args):
        self.number += 1
        self.send({"id": self.number, "method": method, "args": args})

    def receive(self):
        """The next document that is no push."""
        while True:
            while len(self.bytes) < 4 or len(self.bytes) < 4 + struct.unpack(">I", self.bytes[:4])[0]:
                try:
                    more = self.socket.recv(1 << 16)
                except ConnectionError as fault:
                    raise Gone from fault
                if not more:
                    raise Gone
                self.bytes += more
            end = 4 + struct.unpack(">I", self.bytes[:4])[0]
            document = json.loads(self.bytes[4:end])
            self.bytes = self.bytes[end:]
            if "changed" not in document:
                return document
            self.changes += 1

    def call(self, method, **args):
        self.ask(method, **args)
        return self.receive()

    def result(self, method, **args):
        answer = self.call(method, **args)
        if "result" not in answer:
            raise AssertionError(f"{method}: {answer}")
        return answer["result"]

    def report(self):
        return self.result("incident.report", fields={
            "title": "Power", "situation": "Rack 12 is dark.", "contact": "100",
            "answers": {"service-disruption": "yes"}})["id"]

    def note(self, case, text, event):
        self.ask("incident.act", id=case, step="note", event=event, fields={"text": text})


class ServiceTest(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="toban-service-")
        self.desk_path = os.path.join(self.dir, "desk.db")
        self.socket_path = os.path.join(self.dir, "s")
        self.log = open(os.path.join(self.dir, "log"), "ab")
        self.service = None
        self.run_toban("init", "--example")

    def tearDown(self):
        self.end(signal.SIGKILL)
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def run_toban(self, *words, expect=0):
        done = subprocess.run([PROGRAM, "--desk", self.desk_path, *words], capture_output=True,
                              text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def serve(self, environment=None, prepare=None):
        """Starts the service and waits until it answers."""
        self.service = subprocess.Popen(
            [PROGRAM, "--desk", self.desk_path, "serve", "--socket", self.socket_path],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env=dict(os.environ, **(environment or {})), preexec_fn=prepare)
        self.open("dc-operator-1").close()

    def open(self, person):
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                desk = Desk(self.socket_path, person)
                self.assertIn("welcome", desk.welcome)
                return desk
            except (OSError, Gone):
                self.assertLess(time.monotonic(), until, "the service does not answer")
                self.assertIsNone(self.service.poll(), "the service ended")
                time.sleep(0.005)

    def end(self, how=signal.SIGTERM):
        if self.service:
            if self.service.poll() is None:
                self.service.send_signal(how)
            self.service.wait(PATIENCE_S)
            self.service = None

    def children(self):
        """Workers of the service that run."""
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                        fields = file.read().rpartition(")")[2].split()
                    with open(f"/proc/{entry}/cmdline", "rb") as file:
                        words = file.read().split(b"\0")
                except OSError:
                    continue
                if int(fields[1]) == self.service.pid and fields[0] != "Z" and b"--worker" in words:
                    found.append(int(entry))
        return found

    def wait_until(self, condition, what):
        until = time.monotonic() + PATIENCE_S
        while not condition():
            self.assertLess(time.monotonic(), until, what)
            time.sleep(0.002)

    def notes(self):
        """The texts of all notes in the ledger, by the file itself."""
        texts = []
        after = 0
        while True:
            page = json.loads(self.run_toban("call", "ledger.export",
                                             json.dumps({"after": after, "limit": 1000})))["events"]
            if not page:
                return texts
            for event in page:
                after = event["seq"]
                if event["kind"] == "note":
                    texts.append(event["body"]["fields"]["text"])

    def verify(self):
        answer = json.loads(self.run_toban("--json", "verify"))
        self.assertTrue(answer["ok"], answer)
        return answer
