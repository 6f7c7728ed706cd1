# SPDX-License-Identifier: MIT
"""Sitting down at a shared console, through the socket of a service: raw frames, and the command."""

import contextlib
import json
import os
import pwd
import select
import shutil
import signal
import socket
import statistics
import struct
import threading
import time
import unittest

import desk
from desk import DENIED, DONE, DeskCase

PIN = "720416"
TRIES = int(os.environ.get("PIN_TRIES", "960")) // 32  # of each of 32 connections
ME = pwd.getpwuid(os.getuid()).pw_name

POST = f"""
[post console]
Name=Console
Login={ME}
Department=datacentre
"""


class Desk:
    """One connection, speaking frames."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.send({"hello": {"protocol": 1, "version": "0.1.0", "lang": "en"}})
        self.welcome = self.receive()

    def send(self, document):
        data = json.dumps(document).encode()
        self.socket.sendall(struct.pack(">I", len(data)) + data)

    def exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def receive(self):
        return json.loads(self.exactly(struct.unpack(">I", self.exactly(4))[0]))

    def call(self, method, **args):
        self.send({"id": 1, "method": method, "args": args})
        while True:
            answer = self.receive()
            if "id" in answer:
                return answer

    def code(self, method, **args):
        return self.call(method, **args).get("error", {}).get("code", "")

    def close(self):
        self.socket.close()


class SessionCase(DeskCase):
    """A trial desk whose post is the account that runs the test; --as stays a claim there."""

    def make(self):
        example = self.run_toban("call", "org.show")  # no desk yet: only that the program runs
        self.assertNotEqual(example.status, DONE)
        org = os.path.join(os.path.dirname(__file__), "../../forms/org/example.ini")
        with open(org, encoding="utf-8") as file:
            text = file.read()
        path = os.path.join(self.folder, "org.ini")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + POST)
        made = self.run_toban("init", "--example", "--org", path, "--json")
        self.assertEqual(made.status, DONE, made)

    def setUp(self):
        super().setUp()
        if not self.service:
            self.serve()
        self.pin_file = os.path.join(self.folder, "pin")
        with open(self.pin_file, "w", encoding="ascii") as file:
            file.write(PIN + "\n")
        self.ok("dc-operator-1", "pin", "set", "--new-file", self.pin_file)

    def desk(self):
        connection = Desk(self.service.socket)
        self.addCleanup(connection.close)
        return connection

    def entries(self, kind):
        log = self.ok("auditor-1", "access", "--limit", "500")["log"]
        return [row for row in log if row["kind"] == kind]

    def test_a_post_begins_locked_and_opens_by_name_and_pin(self):
        post = self.desk()
        info = post.call("desk.info")["result"]
        self.assertTrue(info["locked"])
        self.assertEqual(info["post"]["id"], "console")
        self.assertEqual(post.code("incident.list"), "D330")
        self.assertEqual(post.code("session.open", person="dc-operator-1", pin=PIN), "")
        self.assertEqual(post.code("incident.list"), "")
        self.assertEqual(post.call("desk.info")["result"]["person"]["id"], "dc-operator-1")
        # Another connection of the same account is another seat.
        self.assertEqual(self.desk().code("incident.list"), "D330")

    def test_f41_guesses_of_many_connections_are_looked_at_a_few_times(self):
        codes = []

        def guess(number):
            connection = Desk(self.service.socket)
            for i in range(TRIES):
                codes.append(connection.code("session.open", person="dc-operator-1",
                                             pin=f"{number:02}{i:04}"))
            connection.close()
        threads = [threading.Thread(target=guess, args=(n,)) for n in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(codes), 32 * TRIES)
        self.assertLessEqual(set(codes), {"D332", "D333", "D334"})
        looked = len(self.entries("pin-failed")) + len(self.entries("pin-locked"))
        self.assertGreaterEqual(looked, 1)
        self.assertLessEqual(looked, 20)
        self.assertEqual(codes.count("D332"), len(self.entries("pin-failed")))

    def test_f41_unknown_names_take_as_long_as_known_ones(self):
        """Structure, not speed: the same number of entries, and times of the same size."""
        took = {"dc-operator-1": [], "nobody-1": [], "ga-staff-1": []}
        for name, times in took.items():
            self.ok("admin", "pin", "unlock", "console", "--post")
            connection = self.desk()
            for number in range(3):
                start = time.monotonic()
                self.assertIn(connection.code("session.open", person=name, pin="864209"),
                              ("D332", "D333", "D334"))
                times.append(time.monotonic() - start)
        # The clock stands still here, so that the first try of each alone is looked at.
        first = [times[0] for times in took.values()]
        self.assertLess(max(first), 20 * min(first) + 1)
        self.assertEqual(len(self.entries("pin-failed")), 3)
        self.assertEqual(statistics.mode([e["body"]["failures"]
                                          for e in self.entries("pin-failed")]), 1)

    def test_f38_a_pin_is_nowhere_but_in_its_file(self):
        post = self.desk()
        self.assertEqual(post.code("session.open", person="dc-operator-1", pin=PIN), "")
        self.assertEqual(post.code("session.open", person="dc-operator-1", pin=PIN + "99"), "D332")
        with open(f"/proc/{self.service.child.pid}/cmdline", "rb") as file:
            self.assertNotIn(PIN.encode(), file.read())
        export = self.run_toban("export", "--all", who="admin")
        self.assertNotIn(PIN, export.out + export.err)
        self.service.stop()
        for root, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(root, name)
                if path == self.pin_file or not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    self.assertNotIn(PIN.encode(), file.read(), path)
        self.service.start()

    def test_the_key_of_the_pins_is_the_services_alone(self):
        state = os.stat(self.path + ".pin-key")
        self.assertEqual(state.st_mode & 0o777, 0o600)
        self.assertEqual(state.st_size, 32)
        # The same key after a restart: the PIN still fits.
        self.service.stop()
        self.service.start()
        post = self.desk()
        self.assertEqual(post.code("session.open", person="dc-operator-1", pin=PIN), "")

    def worker(self, word=b"--worker"):
        """The process that does such work for the service, stopped; None: there is none now."""
        with open(f"/proc/{self.service.child.pid}/task/{self.service.child.pid}/children",
                  encoding="ascii") as file:
            for pid in file.read().split():
                try:
                    with open(f"/proc/{pid}/cmdline", "rb") as line:
                        if word in line.read():
                            os.kill(int(pid), signal.SIGSTOP)
                            return int(pid)
                except OSError:
                    pass  # it ended
        return None

    def held(self, post):
        """Asks for slow work until a worker was stopped before it was done."""
        while True:
            post.send({"id": 9, "method": "ledger.verify", "args": {}})
            pid = None
            while not pid and not select.select([post.socket], [], [], 0)[0]:
                pid = self.worker()
            if pid and not select.select([post.socket], [], [], 0.2)[0]:
                return pid
            if pid:
                os.kill(pid, signal.SIGCONT)
            while "id" not in post.receive():
                pass

    def answer(self, post):
        while True:
            answer = post.receive()
            if "id" in answer:
                return answer

    def held_look(self, post, pin=PIN):
        """Gives a PIN until the process that looks at it was stopped before it was done."""
        while True:
            post.send({"id": 9, "method": "session.open",
                       "args": {"person": "dc-operator-1", "pin": pin}})
            pid = None
            while not pid and not select.select([post.socket], [], [], 0)[0]:
                pid = self.worker(b"--look")
            if pid and not select.select([post.socket], [], [], 0.2)[0]:
                return pid
            if pid:
                os.kill(pid, signal.SIGCONT)
            self.assertIn("result", self.answer(post), "the right PIN fits")

    def test_a_look_at_a_pin_keeps_nobody_waiting(self):
        post = self.desk()
        pid = self.held_look(post)
        other = self.desk()
        self.assertEqual(other.code("desk.info"), "")
        self.report("service-disruption")
        # It is counted as a wrong one until it is known to be right.
        self.assertEqual(other.code("session.open", person="dc-operator-1", pin=PIN), "D334")
        os.kill(pid, signal.SIGCONT)
        self.assertFalse(self.answer(post)["result"]["locked"])
        self.assertEqual(post.code("incident.list"), "")
        self.assertEqual(other.code("session.open", person="dc-operator-1", pin=PIN), "")

    def test_a_look_whose_process_dies_is_done_all_the_same(self):
        post = self.desk()
        os.kill(self.held_look(post), signal.SIGKILL)
        self.assertFalse(self.answer(post)["result"]["locked"])

    def test_who_goes_away_in_the_middle_of_a_look_has_used_a_try(self):
        post = self.desk()
        pid = self.held_look(post)
        post.close()
        desk.wait_for("the end of the look", lambda: not os.path.exists(f"/proc/{pid}"))
        desk.wait_for("the entry", lambda: self.entries("pin-failed"))
        self.assertEqual(self.desk().code("session.open", person="dc-operator-1", pin=PIN), "D334")

    def test_a_service_killed_in_the_middle_of_a_look_has_counted_it(self):
        post = self.desk()
        pid = self.held_look(post)
        self.service.kill()
        # One that was held while it began has not heard of it: it finds nobody to answer.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
        desk.wait_for("the end of the look", lambda: not os.path.exists(f"/proc/{pid}"))
        self.service.start()
        self.assertEqual(self.desk().code("session.open", person="dc-operator-1", pin=PIN), "D334")

    def test_slow_work_is_handed_to_who_asked_and_still_sits_there(self):
        post = self.desk()
        self.assertEqual(post.code("session.open", person="dc-operator-1", pin=PIN), "")
        pid = self.held(post)
        os.kill(pid, signal.SIGCONT)
        self.assertTrue(self.answer(post)["result"]["ok"])
        pid = self.held(post)
        self.ok("admin", "pin", "reset", "dc-operator-1")
        os.kill(pid, signal.SIGCONT)
        self.assertEqual(self.answer(post)["error"]["code"], "D330")
        self.assertEqual(post.code("incident.list"), "D330")
        self.assertEqual([row["body"]["why"] for row in self.entries("session-closed")], ["reset"])

    def test_after_a_restart_the_pin_is_asked_again(self):
        post = self.desk()
        self.assertEqual(post.code("session.open", person="dc-operator-1", pin=PIN), "")
        self.service.kill()
        self.service.start()
        again = self.desk()
        info = again.call("session.show")["result"]
        self.assertTrue(info["locked"])
        self.assertEqual(info["why"], "start")
        self.assertEqual(again.code("incident.list"), "D330")
        self.assertEqual(again.code("session.open", person="dc-operator-1", pin=PIN), "")

    def test_an_administrator_gives_a_pin_that_is_good_once(self):
        given = self.ok("admin", "pin", "reset", "dc-operator-2")["pin"]
        post = self.desk()
        answer = post.call("session.open", person="dc-operator-2", pin=given)["result"]
        self.assertTrue(answer["must_change"])
        self.assertEqual(post.code("incident.list"), "D336")
        self.assertEqual(post.code("pin.set", pin="860253"), "")
        self.assertEqual(post.code("incident.list"), "")
        rows = {r["person"]: r for r in self.ok("admin", "pin", "list")["people"]}
        self.assertTrue(rows["dc-operator-2"]["has_pin"])
        self.assertFalse(rows["dc-operator-2"]["once"])
        self.refuse(DENIED, "dc-owner", "pin", "reset", "dc-operator-2", code="D301")


@unittest.skipUnless(os.geteuid() == 0, "another owner of the program needs root")
class PrivilegeCase(DeskCase):
    """F43: a program that somebody else's rights were given to refuses at once."""

    def test_setuid_and_setgid_are_refused(self):
        import shutil
        import subprocess
        for program in (desk.PROGRAM, os.path.join(os.path.dirname(desk.PROGRAM), "toban-sender")):
            copy = os.path.join(self.folder, os.path.basename(program))
            shutil.copy(program, copy)
            os.chmod(self.folder, 0o755)
            for mode in (0o4755, 0o2755):
                os.chown(copy, 0, 0)
                os.chmod(copy, mode)
                done = subprocess.run([copy, "--help"], user=65534, group=65534, extra_groups=[],
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                                      env={"PATH": "/usr/bin:/bin",
                                           "TOBAN_LOCALE_DIR": self.folder}, cwd="/")
                if done.returncode == 0:
                    self.skipTest("this place honours no setuid")
                self.assertIn(b"D301", done.stderr)
                # A leak checker cannot look into such a process, and ends it in its own way.
                if b"LeakSanitizer" not in done.stderr:
                    self.assertEqual(done.returncode, DENIED, done)

    def test_no_debugger_and_no_core_file(self):
        self.serve()
        with open(f"/proc/{self.service.child.pid}/limits", encoding="ascii") as file:
            core = [line for line in file if line.startswith("Max core file size")]
        self.assertEqual(core[0].split()[4:6], ["0", "0"])

    def test_no_memory_may_be_locked(self):
        """Said once in the log, and found by the examination; the desk works all the same."""
        if os.environ.get("TOBAN_SANITIZED") == "1":
            self.skipTest("the sanitizer says of every lock that it was granted")
        limits = ["prlimit", "--memlock=0:0", "setpriv", "--bounding-set=-ipc_lock"]
        if not all(shutil.which(name) for name in limits[::2]):
            self.skipTest("prlimit or setpriv is missing")
        self.serve()
        self.assertNotIn("swapped out", self.service.said())
        checks = {row["name"]: row for row in json.loads(
            self.run_toban("--json", "doctor").out)["checks"]}
        self.assertTrue(checks["memory"]["ok"])
        self.service.stop()
        self.service.command = limits + self.service.command
        self.service.start()
        self.report("service-disruption")
        checks = {row["name"]: row for row in json.loads(
            self.run_toban("--json", "doctor").out)["checks"]}
        self.assertFalse(checks["memory"]["ok"])
        self.assertEqual(self.service.said().count("swapped out"), 1, self.service.said())


if __name__ == "__main__":
    unittest.main()
