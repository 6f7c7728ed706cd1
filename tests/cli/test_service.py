# SPDX-License-Identifier: MIT
"""A desk behind the socket of a service: where it is, who may, and what happens when it dies.

F25 and F42 of docs/reliability.md.  That every command does the same there as in a file is
shown by running test_walk.py, test_procedure.py and others with TOBAN_TEST_SERVICE.
"""

import array
import contextlib
import fcntl
import json
import os
import random
import shutil
import socket
import stat
import subprocess
import threading
import time
import unittest

import desk
from desk import DENIED, DONE, INVALID, UNUSABLE, USAGE, DeskCase, Service, wait_for
from wire import Closed, Wire

ROUNDS = int(os.environ.get("SERVICE_KILLS", "12"))


class ServiceCase(DeskCase):
    """A desk whose service the test starts by itself."""

    def start(self, *args, **env):
        self.service = Service(self.path, self.environment(), *args)
        self.service.start(**env)
        self.addCleanup(self.service.stop)

    def wire(self, who="dc-owner", **options):
        """A greeted connection, closed at the end."""
        one = Wire(self.service.socket, **options)
        self.addCleanup(one.close)
        self.assertIn("welcome", one.greet(who))
        return one


class Place(ServiceCase):
    def serve_once(self, *args, program=desk.PROGRAM, **more):
        """A service that is expected to refuse."""
        env = dict(self.environment(), TOBAN_DESK=self.path)
        env.update(more)
        return subprocess.run([program, "--json", "serve", *args], env=env, check=False, timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True)

    def assert_refused(self, done, status, code):
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(json.loads(done.stderr.splitlines()[-1])["code"], code, done.stderr)

    def test_socket__private_to_its_group__goes_with_the_service(self):
        self.start()
        mode = os.stat(self.service.socket).st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o660)
        self.service.stop()
        self.assertFalse(os.path.exists(self.service.socket))

    def test_second_service__refused_and_the_first_goes_on(self):
        self.start()
        self.assert_refused(self.serve_once("--socket", self.path + ".other"), UNUSABLE, "D439")
        other = self.path + ".second"
        self.assertEqual(self.run_toban("--desk", other, "init", "--example").status, DONE)
        self.assert_refused(self.serve_once("--socket", self.service.socket, TOBAN_DESK=other), UNUSABLE, "D439")
        self.ok("dc-owner", "list")

    def test_left_behind__taken_over__anything_else_is_not(self):
        self.start()
        self.service.kill()
        self.assertTrue(os.path.exists(self.service.socket))
        self.refuse(UNUSABLE, "dc-owner", "list", code="D430")
        self.service.start()
        self.ok("dc-owner", "list")
        precious = os.path.join(self.folder, "precious")
        with open(precious, "w", encoding="utf-8") as file:
            file.write("not a socket")
        self.service.stop()
        self.assert_refused(self.serve_once("--socket", precious), UNUSABLE, "D439")
        with open(precious, encoding="utf-8") as file:
            self.assertEqual(file.read(), "not a socket")

    def test_nobody_named__the_socket_of_the_account_is_found(self):
        runtime = os.path.join(self.folder, "run")
        os.makedirs(runtime, mode=0o700)
        env = dict(self.environment(), XDG_RUNTIME_DIR=runtime)
        del env["TOBAN_DESK"]

        def toban(*args):
            return subprocess.run([desk.PROGRAM, "--json", *args], env=env, check=False, timeout=60,
                                  stdin=subprocess.DEVNULL, capture_output=True)
        self.assertEqual(toban("init", "--example").returncode, DONE)
        child = subprocess.Popen([desk.PROGRAM, "serve"], env=env, stdin=subprocess.DEVNULL)
        self.addCleanup(child.wait)
        self.addCleanup(child.terminate)
        path = os.path.join(runtime, "toban", "desk.sock")
        wait_for("the account's socket", lambda: self.connects(path))
        info = json.loads(toban("--as", "dc-owner", "call", "desk.info").stdout)
        self.assertEqual(info["engine"]["pid"], child.pid, "the service answered, not the file")
        # One that nobody answers at is no reason to write into another desk.
        child.kill()
        child.wait()
        done = toban("--as", "dc-owner", "list")
        self.assertEqual(done.returncode, UNUSABLE, done)
        self.assertEqual(json.loads(done.stderr)["code"], "D430")

    @staticmethod
    def connects(path):
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(path) == 0

    def activated(self, given, *args):
        """`toban serve` as systemd starts it, with descriptor 3 open."""
        script = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&"$GIVEN"'
        os.set_inheritable(given, True)
        env = dict(self.environment(), GIVEN=str(given), TOBAN_DESK=self.path)
        return subprocess.Popen(["bash", "-c", script, "bash", desk.PROGRAM, "--json", "serve", *args],
                                env=env, pass_fds=[given], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def test_activation__the_handed_over_socket_is_served_and_stays(self):
        path = os.path.join(self.folder, "given.sock")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path)
            listening.listen(8)
            for _ in range(2):
                # Whoever connects before the service is there waits for it.
                child = self.activated(listening.fileno())
                one = Wire(path)
                self.assertIn("welcome", one.greet("dc-owner"))
                one.close()
                child.terminate()
                self.assertEqual(child.wait(timeout=60), DONE, child.stderr.read())
                child.stderr.close()
                self.assertTrue(os.path.exists(path))

    def test_activation__something_else__refused(self):
        pipe = os.pipe()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as letters, socket.socket(socket.AF_UNIX) as mute:
            for given in (pipe[0], letters.fileno(), mute.fileno()):
                child = self.activated(given)
                _, said = child.communicate(timeout=60)
                self.assertEqual(child.returncode, UNUSABLE, said)
                self.assertEqual(json.loads(said)["code"], "D439")
        for fd in pipe:
            os.close(fd)

    def make_owned(self):
        """A trial desk whose service has an account that is nobody's login, as it should be."""
        example = os.path.join(os.path.dirname(__file__), "../../forms/org/example.ini")
        org = os.path.join(self.folder, "org.ini")
        with open(example, encoding="utf-8") as source, open(org, "w", encoding="utf-8") as file:
            file.write(source.read().replace("[person admin]\n", "[person admin]\nLogin=somebody-else\n"))
        self.path = os.path.join(self.folder, "owned.db")
        done = self.run_toban("--desk", self.path, "init", "--example", "--org", org)
        self.assertEqual(done.status, DONE, done)

    def test_protection__owned_only_where_nobody_else_can_enter(self):
        # The account that made the desk is its first administrator: it can open the file itself.
        self.start()
        self.assertEqual(self.ok("dc-owner", "call", "desk.info")["protection"], "open-file")
        self.service.stop()
        self.service = None
        self.make_owned()
        for mode, word in ((0o755, "open-file"), (0o700, "owned")):
            os.chmod(self.folder, mode)
            self.start()
            self.assertEqual(Wire(self.service.socket).greet("dc-owner")["welcome"]["protection"], word)
            self.assertEqual(self.ok("dc-owner", "call", "desk.info")["protection"], word)
            found, = [row for row in json.loads(self.run_toban("--json", "doctor", who="admin").out)["checks"]
                      if row["name"] == "protection"]
            self.assertEqual(found["ok"], word == "owned", found)
            self.service.stop()
            self.service = None

    def test_read_only__writes_nothing_there_either(self):
        self.start()
        case = self.report("service-disruption")
        before = self.verified()["events"]
        self.refuse(DENIED, "dc-owner", "--read-only", "act", case, "acknowledge", code="D310")
        self.assertEqual(self.ok("dc-owner", "--read-only", "show", case)["id"], case)
        self.assertEqual(self.verified()["events"], before)

    def test_file_is_wanted__a_socket_is_not_taken_for_one(self):
        self.start()
        for command in (("serve",), ("clock", "run"), ("outbox", "run", "--once")):
            done = self.run_toban(*command)
            self.assertNotEqual(done.status, DONE, done)
        self.assertEqual(self.run_toban("serve").status, UNUSABLE)
        self.assertEqual(self.run_toban("init", "--example").status, USAGE)

    def test_environment__of_a_desk_that_is_no_trial__refused(self):
        self.path = os.path.join(self.folder, "real.db")
        self.assertEqual(self.run_toban("--desk", self.path, "init").status, DONE)
        named = ("--socket", os.path.join(self.folder, "real.sock"))
        self.assert_refused(self.serve_once(*named), USAGE, "D111")  # TOBAN_NOW
        forms = os.path.join(self.folder, "forms")
        os.mkdir(forms)
        env = {"TOBAN_FORMS": forms, "TOBAN_NOW": ""}
        self.assert_refused(self.serve_once(*named, **env), USAGE, "D111")


class Who(ServiceCase):
    """The account at the other end is who speaks, and what --as claims counts in a trial alone."""

    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.folder, "real.db")
        self.assertEqual(self.run_toban("--desk", self.path, "init").status, DONE)
        self.now = ""  # the machine's: a service takes no other, but for a trial
        self.start()

    def test_own_account__is_the_login_it_has__no_other_person(self):
        info = self.ok(None, "call", "desk.info")
        self.assertEqual(info["person"]["id"], "admin")
        self.assertFalse(info["trial"])
        self.refuse(DENIED, "dc-owner", "list", code="D305")
        self.assertEqual(Wire(self.service.socket).greet("dc-owner")["error"]["code"], "D305")

    @unittest.skipUnless(os.geteuid() == 0, "only root can be somebody else")
    def test_other_account__kept_out_by_the_mode__and_by_the_desk(self):
        os.chmod(self.folder, 0o755)

        def as_nobody(*args):
            program = os.path.join(self.folder, "toban")
            if not os.path.exists(program):
                shutil.copy(desk.PROGRAM, program)  # a build may lie where others cannot go
            env = self.environment()
            return subprocess.run([program, "--json", *args], env=env, check=False, timeout=60, user=65534,
                                  group=65534, extra_groups=[], stdin=subprocess.DEVNULL, capture_output=True)
        done = as_nobody("list")
        self.assertEqual(done.returncode, UNUSABLE, done.stderr)
        self.assertEqual(json.loads(done.stderr)["code"], "D432")
        os.chmod(self.service.socket, 0o666)
        done = as_nobody("list")
        self.assertEqual(done.returncode, DENIED, done.stderr)
        self.assertEqual(json.loads(done.stderr)["code"], "D300")
        done = as_nobody("--as", "admin", "list")
        self.assertEqual(json.loads(done.stderr)["code"], "D305")


class Killed(ServiceCase):
    """F25: the service dies at any moment; what was told stays true, and nothing is recorded twice."""

    def setUp(self):
        super().setUp()
        self.start()
        self.case = self.report("service-disruption")

    def test_kill__while_a_child_is_started__the_next_waits_for_its_claim(self):
        """Between fork() and exec() a child holds what its dead parent had claimed."""
        with open(self.path + ".service", "rb") as claim:
            self.service.kill()
            fcntl.flock(claim, fcntl.LOCK_EX)
            giving_back = threading.Timer(0.2, fcntl.flock, (claim, fcntl.LOCK_UN))
            giving_back.start()
            self.service.start()
            giving_back.join()
        self.assertIn("seq", self.ok("auditor-1", "head"))

    def notes(self):
        return [event["body"]["fields"]["text"] for event in self.show(self.case)["log"] if event["kind"] == "note"]

    def note(self, text, *more):
        return self.run_toban("--json", "act", self.case, "note", "--set", f"text={text}", *more, who="dc-owner")

    def test_kill__commands_that_wait_for_its_return__recorded_once_each(self):
        dice = random.Random(25)
        told = {}

        def write(name):
            told[name] = self.note(name, "--event", f"event-{name}")
        for i in range(ROUNDS):
            writers = [threading.Thread(target=write, args=(f"{i}-{j}",)) for j in range(3)]
            for writer in writers:
                writer.start()
            # Somewhere between the start of the program and its answer; no order is waited for.
            threading.Event().wait(dice.random() * 0.06)
            self.service.kill()
            self.service.start()
            for writer in writers:
                writer.join()
        notes = self.notes()
        for name, done in told.items():
            with self.subTest(name=name):
                if done.status == DONE:
                    self.assertEqual(notes.count(name), 1)
                else:
                    self.assertEqual(done.status, UNUSABLE, done)
                    self.assertLessEqual(notes.count(name), 1)
                    self.ok("dc-owner", "act", self.case, "note", "--set", f"text={name}", "--event", f"event-{name}")
        notes = self.notes()
        self.assertEqual(sorted(notes), sorted(told), "each once, after the same was sent again")
        self.assertTrue(self.verified()["ok"])

    def test_kill__a_request_under_way__asked_again_only_when_that_is_safe(self):
        """A service that takes a request and dies without a word, as it looks from outside."""
        self.service.stop()
        heard = []
        with socket.socket(socket.AF_UNIX) as fake:
            fake.bind(self.service.socket)
            fake.listen(8)

            def die_when_asked(times):
                for _ in range(times):
                    with contextlib.suppress(OSError, Closed):
                        peer, _ = fake.accept()
                        one = Wire.__new__(Wire)
                        one.socket, one.bytes = peer, b""
                        one.get()
                        one.put({"welcome": {"protocol": 1}})
                        asked = one.get()
                        if asked["method"] == "session.show":  # who sits here is asked first
                            one.put({"id": asked["id"], "result": {}})
                            asked = one.get()
                        heard.append(asked)
                        peer.close()
            for args, code, times in (
                    (("call", "target.start", '{"name": "x"}'), "D431", 1),
                    (("list",), "D430", 2),
                    (("act", self.case, "note", "--set", "text=x"), "D431", 2)):
                with self.subTest(args=args):
                    heard.clear()
                    server = threading.Thread(target=die_when_asked, args=(times,), daemon=True)
                    server.start()
                    done = self.run_toban("--json", *args, who="dc-owner")
                    self.assertEqual(done.status, UNUSABLE, done)
                    self.assertEqual(done.error()["code"], code)
                    self.assertEqual(len(heard), times, heard)
                    if times == 2:
                        self.assertEqual(heard[0]["args"], heard[1]["args"], "the same id again")
                    server.join(timeout=60)
        os.unlink(self.service.socket)
        self.service.start()


class Hostile(ServiceCase):
    """F42: nothing that one connection does keeps the service from answering another."""

    def setUp(self):
        super().setUp()
        self.start()
        self.other = self.wire("office-head")

    def assert_others_served(self):
        self.assertIn("result", self.other.ask("incident.list"))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.service.child.pid}/fd"))

    def memory_kib(self):
        with open(f"/proc/{self.service.child.pid}/status", encoding="utf-8") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))

    def test_garbage__every_kind__told_and_closed(self):
        dice = random.Random(42)
        head = Wire.frame({"hello": {"protocol": 1, "lang": "en", "as": "dc-owner"}})
        deep = b"[" * 100000
        kinds = [bytes(dice.randrange(256) for _ in range(200)) for _ in range(20)]
        kinds += [b"\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\2[]", b"\0\0\0\1x",
                  len(deep).to_bytes(4, "big") + deep, head + b"\0\0\0\2{}", head + head,
                  head + Wire.frame({"id": 1, "method": 5}), head + Wire.frame({"id": 1, "method": "x", "args": []})]
        for kind in kinds:
            with self.subTest(kind=kind[:40]):
                one = Wire(self.service.socket)
                with contextlib.suppress(ConnectionError):
                    one.socket.sendall(kind)
                one.socket.shutdown(socket.SHUT_WR)
                self.assertIn(one.farewell(), ("D435", "D436", None))
                one.close()
                self.assert_others_served()

    def test_unknown_methods_and_wrong_arguments__refused_like_anywhere(self):
        one = self.wire("dc-owner")
        self.assertEqual(one.ask("no.such")["error"]["code"], "D111")
        self.assertEqual(one.ask("incident.show", id=5)["error"]["code"], "D102")
        self.assertEqual(one.ask("incident.show", id="26-0001\0")["error"]["code"], "D436")

    def test_thousand_connections__some_are_refused_and_others_served(self):
        before = self.descriptors()
        crowd = []
        refused = 0
        for _ in range(1000):
            one = Wire(self.service.socket)
            crowd.append(one)
        self.assert_others_served()
        for one in crowd:
            try:
                answer = one.greet("dc-operator-1")
            except (Closed, BrokenPipeError):
                answer = None
            refused += answer is None or answer.get("error", {}).get("code") == "D433"
        # One account has 128, of which one is the other desk.
        self.assertEqual(refused, 1000 - 127)
        self.assert_others_served()
        for one in crowd:
            one.close()
        wait_for("the descriptors to be closed", lambda: self.descriptors() <= before)
        self.assertIn("welcome", Wire(self.service.socket).greet("dc-owner"))

    def test_half_and_slow_frames__closed_in_time_while_others_are_served(self):
        frame = Wire.frame({"id": 1, "method": "incident.list"})
        silent = [Wire(self.service.socket) for _ in range(5)]
        half = [self.wire("dc-owner") for _ in range(5)]
        drips = self.wire("dc-owner")
        idle = self.wire("dc-deputy-1")
        for one in half:
            one.socket.sendall(frame[:-1])
        answered = 0
        pending = set(silent + half + [drips])
        end = time.monotonic() + 120
        while pending:
            self.assertLess(time.monotonic(), end, "they were never closed")
            with contextlib.suppress(ConnectionError):
                drips.socket.sendall(b"\0\0\1\0"[answered % 4:][:1] if answered < 3 else b"x")
            for one in list(pending):
                one.socket.settimeout(0.02)
                try:
                    self.assertEqual(one.get()["error"]["code"], "D437")
                    pending.remove(one)
                except TimeoutError:
                    pass
            self.assert_others_served()
            answered += 1
        self.assertGreater(answered, 10)
        # Who only waits is not hurried.
        self.assertIn("result", idle.ask("incident.list"))

    def test_long_requests_at_once__bounded_memory(self):
        head = (4 << 20).to_bytes(4, "big")
        before = self.memory_kib()
        crowd = [self.wire("dc-owner") for _ in range(40)]
        for one in crowd:
            one.socket.setblocking(False)
        for _ in range(400):
            for one in crowd:
                with contextlib.suppress(OSError):
                    one.socket.send(head + b" " * 65536 if one.last == 0 else b" " * 65536)
                    one.last = 1
            if _ % 20 == 0:
                self.assert_others_served()
        # 40 times 4 MiB would be 160 MiB.
        if "ASAN_OPTIONS" not in os.environ:
            self.assertLess(self.memory_kib() - before, 64 << 10)
        for one in crowd:
            one.close()
        self.assert_others_served()

    def test_too_long__refused_at_the_length__and_by_the_command(self):
        one = self.wire("dc-owner")
        one.socket.sendall(((4 << 20) + 1).to_bytes(4, "big"))
        self.assertEqual(one.farewell(), "D435")
        long = json.dumps({"query": "x" * (4 << 20)})
        self.refuse(INVALID, "dc-owner", "call", "search", "-", text=long)
        self.assert_others_served()

    def test_descriptor_floods__none_is_kept(self):
        before = self.descriptors()
        crowd = [self.wire("dc-owner") for _ in range(4)]
        with open("/dev/null", "rb") as null:
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [null.fileno()] * 200))]
            for _ in range(50):
                for one in crowd:
                    frame = Wire.frame({"id": 1, "method": "desk.info", "args": {}})
                    one.socket.sendmsg([frame], rights)
                    self.assertIn("result", one.get())
        # Each connection, and one file that nobody asked for yet.
        self.assertLessEqual(self.descriptors(), before + 2 * len(crowd))
        for one in crowd:
            one.close()
        wait_for("the descriptors to be closed", lambda: self.descriptors() <= before)
        self.assert_others_served()

    def test_answers_not_read__others_served(self):
        deaf = self.wire("dc-owner")
        asked = Wire.frame({"id": 1, "method": "procedure.show", "args": {}})
        deaf.socket.setblocking(False)
        for _ in range(300):
            with contextlib.suppress(BlockingIOError):
                deaf.socket.send(asked)
        for _ in range(20):
            self.assert_others_served()
        # It was answered one at a time: what it did not read is not piled up here.
        if "ASAN_OPTIONS" not in os.environ:
            self.assertLess(self.memory_kib(), 128 << 10)

    def test_language__each_desk_its_own(self):
        japanese = Wire(self.service.socket)
        self.addCleanup(japanese.close)
        japanese.greet("dc-owner", "ja")
        for _ in range(20):
            texts = [one.ask("incident.show", id="26-9999")["error"]["text"] for one in (japanese, self.other)]
            self.assertFalse(texts[0].isascii(), texts)
            self.assertTrue(texts[1].isascii(), texts)
        # It can be changed with any request, and stays.
        japanese.put({"id": 0, "method": "desk.info", "lang": "en"})
        while "id" not in japanese.get():
            pass
        self.assertTrue(japanese.ask("incident.show", id="26-9999")["error"]["text"].isascii())


if __name__ == "__main__":
    desk.main()
