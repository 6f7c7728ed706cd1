#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the desk does by itself: a night by the minute, two engines at once, an engine that is
killed at any moment, one that takes over, and the service (F21's wall clock is in test_clock.c)."""

import json
import os
import pty
import random
import select
import signal
import socket
import subprocess
import sys
import time

import desk
from desk import DONE, USAGE, DeskCase

KILLS = 30
WAIT_S = 20  # longer than anything here takes: it ends a test that hangs
TAKE_OVER_S = 5
START = "2026-11-22T22:{:02}:00+09:00"


class ClockCase(DeskCase):
    def setUp(self):
        super().setUp()
        self.now = START.format(0)
        self.running = []
        self.addCleanup(self.end_all)

    def end_all(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def at(self, minutes):
        """So many minutes after the beginning."""
        self.now = f"2026-11-{22 + (22 * 60 + minutes) // 1440}T" \
                   f"{(22 * 60 + minutes) // 60 % 24:02}:{minutes % 60:02}:00+09:00"

    def run_clock(self):
        return self.ok(None, "clock", "run")["acts"]

    def environment(self, **more):
        env = {"PATH": os.environ.get("PATH", ""), "HOME": self.folder, "LANG": "C.UTF-8",
               "TOBAN_DESK": self.path, "TOBAN_NOW": self.now}
        env.update({name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")
                    if name in os.environ})
        return dict(env, **more)

    def start(self, *args, **options):
        env = options.pop("env", None) or self.environment()
        process = subprocess.Popen([desk.PROGRAM, *args], env=env, cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        self.running.append(process)
        return process

    def desk_acts(self, case):
        return [e for e in self.show(case)["log"] if e["actor"] == "desk" and e["kind"] != "seen"]

    def engine(self):
        return self.ok("admin", "call", "desk.info")["engine"]

    def until(self, what, holds, limit=WAIT_S):
        """Asks until it holds; how long that took."""
        begun = time.monotonic()
        while not holds():
            if time.monotonic() - begun > limit:
                self.fail(f"not within {limit} s: {what}")
        return time.monotonic() - begun

    def until_held_by(self, pid, limit=WAIT_S):
        return self.until(f"{pid} has the lease", lambda: (self.engine() or {}).get("pid") == pid, limit)


class Night(ClockCase):
    def test_night__reminds_then_deputies_then_the_next_link_each_once(self):
        case = self.report("security-breach")
        seen = []
        for minute in range(1, 121):
            self.at(minute)
            done = self.run_clock()
            seen += done
            if minute % 10 == 0:
                self.assertEqual(self.run_clock(), [], "the same minute again")
        kinds = [act["kind"] for act in seen]
        for earlier, later in (("remind", "pass-on"), ("pass-on", "raise")):
            self.assertIn(later, kinds)
            self.assertLess(kinds.index(earlier), kinds.index(later), kinds)
        self.assertEqual([(a["kind"], a["seq"]) for a in seen],
                         [(e["kind"], e["seq"]) for e in self.desk_acts(case)])
        chain = self.show(case)["chain"]
        self.assertIn(2, {row["link"] for row in chain}, chain)
        self.assertIn("dc-deputy-1", {row["person"] for row in chain} | self.told(seen, case))
        self.assertTrue(self.verified()["ok"])

    def told(self, acts, case):
        bodies = [e["body"] for e in self.show(case)["log"] if e["seq"] in {a["seq"] for a in acts}]
        return {n["person"] for body in bodies for n in body.get("notified", [])}

    def test_night__answered__the_clock_has_nothing_to_say(self):
        case = self.report("security-breach")
        self.at(1)
        self.act("dc-owner", case, "acknowledge")
        for minute in range(2, 29):
            self.at(minute)
            for act in self.run_clock():
                self.assertNotIn(act["kind"], ("pass-on", "raise"))

    def test_act__is_sent_with_its_message_in_one_step(self):
        self.ok("admin", "target", "add", "room", "https://hooks.example.org/x", "--events", "clock.*")
        self.report("security-breach")
        self.at(10)
        acts = self.run_clock()
        self.assertTrue(acts)
        rows = self.ok("admin", "outbox", "list")["messages"]
        self.assertEqual(sorted(row["type"] for row in rows), sorted("clock." + a["kind"] for a in acts))

    def test_act__of_the_desk_is_nobodys_to_take(self):
        case = self.report("security-breach")
        for kind in ("remind", "overdue", "pass-on", "raise", "lapse"):
            done = self.run_toban("--json", "act", case, kind, who="office-head")
            self.assertNotEqual(done.status, DONE, kind)
        self.assertEqual(self.run_toban("list", who="desk").status, desk.DENIED)

    def test_usage__what_cannot_be_served_is_refused(self):
        for command in (["clock", "run"], ["serve"]):
            self.refuse(USAGE, None, "--desk", "demo", *command, code="D111")
            self.refuse(USAGE, None, "--read-only", *command, code="D111")
            self.refuse(desk.UNUSABLE, None, "--desk", self.folder + "/none.db", *command, code="D421")
        self.assertFalse(os.path.exists(self.folder + "/none.db.engine"))
        self.refuse(USAGE, None, "serve", "--stop-fd", "x", code="D111")
        self.refuse(USAGE, None, "clock", "stop", code="D111")


class Several(ClockCase):
    def ten_cases(self):
        return [self.report("security-breach") for _ in range(10)]

    def assert_each_once(self, cases):
        """
        No act twice, and what came of a promise is the same in every case as far as it got: what
        comes of two promises in one minute stands in no order, and who was late stays late.
        """
        def name(entry):
            return (entry["kind"], *(entry["body"].get(key) for key in ("watch", "link", "phase", "n")))
        longest = {}
        for case in cases:
            rows = [name(e) for e in self.desk_acts(case)]
            self.assertEqual(len(set(rows)), len(rows), f"{case}: {rows}")
            for promise in {(row[0] == "overdue", *row[1:3]) for row in rows}:
                came = [row for row in rows if (row[0] == "overdue", *row[1:3]) == promise]
                other = longest.setdefault(promise, came)
                longest[promise] = max(came, other, key=len)
                short = min(came, other, key=len)
                self.assertEqual(short, longest[promise][:len(short)], case)
        self.assertTrue(longest)
        self.assertTrue(self.verified()["ok"])

    def test_two_at_once__do_each_act_exactly_once(self):
        cases = self.ten_cases()
        done = 0
        for minute in range(5, 45, 5):
            self.at(minute)
            runs = [self.start("--json", "clock", "run") for _ in range(3)]
            for run in runs:
                out, err = run.communicate(timeout=WAIT_S)
                self.assertEqual(run.returncode, DONE, err)
                done += len(json.loads(out)["acts"])
        self.assertEqual(done, sum(len(self.desk_acts(case)) for case in cases))
        self.assert_each_once(cases)

    def test_killed_at_random__nothing_is_skipped_or_done_twice(self):
        cases = self.ten_cases()
        chance = random.Random(7)  # which moments, the machine's load decides as well
        killed = 0
        for i in range(KILLS):
            self.at(5 + i)
            run = self.start("--json", "clock", "run")
            try:
                run.wait(timeout=chance.uniform(0, 0.06))
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                killed += 1
            run.communicate()
            if chance.random() < 0.5:
                self.run_clock()
        self.run_clock()
        self.assertGreater(killed, 0)
        self.assert_each_once(cases)
        print(f"{killed} of {KILLS} were killed", file=sys.stderr)


class Service(ClockCase):
    def test_serve__does_what_is_due_and_what_becomes_due_by_a_write(self):
        first = self.report("security-breach")
        self.at(6)
        serve = self.start("serve")
        self.until_held_by(serve.pid)
        self.until("the first reminder", lambda: self.desk_acts(first))
        self.at(0)
        second = self.report("security-breach")
        self.at(6)
        self.until("another one", lambda: self.desk_acts(second))
        self.assertEqual([e["kind"] for e in self.desk_acts(second)],
                         [e["kind"] for e in self.desk_acts(first)])

    def test_serve__told_to_stop_leaves_nothing_behind(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            serve = self.start("serve")
            self.until_held_by(serve.pid)
            helpers = self.children(serve.pid)
            self.assertTrue(helpers, "the sender is beside it")
            serve.send_signal(number)
            self.assertEqual(serve.wait(timeout=WAIT_S), DONE)
            self.assertEqual(serve.stderr.read(), b"")
            self.assertIsNone(self.engine())
            self.until("the sender left", lambda: not any(map(self.is_alive, helpers)))

    def test_serve__whose_parent_goes_ends(self):
        for waiting in (False, True):
            holder = self.start("serve") if waiting else None
            if holder:
                self.until_held_by(holder.pid)
            ours, theirs = os.pipe()
            serve = self.start("serve", "--stop-fd", str(ours), pass_fds=(ours,))
            os.close(ours)
            if not waiting:
                self.until_held_by(serve.pid)
                self.assertEqual(self.engine()["kind"], "desk")
            os.close(theirs)
            self.assertEqual(serve.wait(timeout=WAIT_S), DONE)

    def test_take_over__of_one_that_was_killed_is_quick(self):
        first = self.start("serve")
        self.until_held_by(first.pid)
        waiting = [self.start("serve") for _ in range(3)]
        pids = {process.pid for process in waiting}
        for process in waiting:
            self.until("it waits", lambda p=process: self.children(p.pid))
        longest = 0
        holder = first
        while waiting:
            holder.kill()
            longest = max(longest, self.until("another took over",
                                              lambda: (self.engine() or {}).get("pid") in pids, TAKE_OVER_S))
            pid = self.engine()["pid"]
            holder = next(process for process in waiting if process.pid == pid)
            waiting.remove(holder)
            pids.discard(pid)
        print(f"take-over in {longest * 1000:.0f} ms", file=sys.stderr)

    def start_beside_a_desk(self):
        """The engine of an open desk; it ends when the pipe is closed."""
        ours, theirs = os.pipe()
        self.addCleanup(os.close, theirs)
        engine = self.start("serve", "--stop-fd", str(ours), pass_fds=(ours,))
        os.close(ours)
        return engine

    def test_desk__leaves_the_lease_to_a_service_that_comes(self):
        desks = [self.start_beside_a_desk() for _ in range(2)]
        pids = {process.pid for process in desks}
        for how in (signal.SIGKILL, signal.SIGTERM):
            self.until("a desk has it", lambda: (self.engine() or {}).get("pid") in pids, TAKE_OVER_S)
            self.assertEqual(self.engine()["kind"], "desk")
            serve = self.start("serve")
            took = self.until_held_by(serve.pid, TAKE_OVER_S)
            print(f"handed over in {took * 1000:.0f} ms", file=sys.stderr)
            self.assertEqual(self.engine()["kind"], "serve")
            for process in desks:
                self.assertIsNone(process.poll(), "it waits for its turn")
                self.until("its sender left", lambda p=process: len(self.children(p.pid)) == 1)
            serve.send_signal(how)
            serve.wait(timeout=WAIT_S)

    def test_desk__waits_behind_every_service(self):
        first = self.start("serve")
        self.until_held_by(first.pid)
        beside = self.start_beside_a_desk()
        self.until("it waits", lambda: self.children(beside.pid))
        second = self.start("serve")  # the last in the queue, yet before the desk
        self.until("it waits", lambda: self.children(second.pid))
        first.kill()
        self.until_held_by(second.pid, TAKE_OVER_S)
        second.kill()
        self.until_held_by(beside.pid, TAKE_OVER_S)

    def test_sender__that_was_killed_is_started_again(self):
        serve = self.start("serve")
        self.until_held_by(serve.pid)
        before = self.children(serve.pid)
        self.assertEqual(len(before), 1)
        os.kill(before[0], signal.SIGKILL)
        self.until("another sender", lambda: [p for p in self.children(serve.pid) if p not in before])

    def test_doctor__says_who_runs_the_clocks(self):
        def row():
            done = self.run_toban("--json", "doctor", who="admin")
            return next(c for c in done.document()["checks"] if c["name"] == "engine")
        self.assertTrue(row()["ok"])
        self.report("security-breach")
        self.at(60)
        self.assertFalse(row()["ok"], "deadlines passed and nobody looks")
        serve = self.start("serve")
        self.until_held_by(serve.pid)
        self.assertTrue(row()["ok"])
        self.assertIn(str(serve.pid), row()["text"])

    def children(self, pid):
        try:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as stream:
                return [int(word) for word in stream.read().split()]
        except FileNotFoundError:
            return []

    def is_alive(self, pid):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as stream:
                return stream.read().rsplit(")", 1)[1].split()[0] != "Z"
        except FileNotFoundError:
            return False


class Supervisor(ClockCase):
    """The service manager's side: one datagram socket."""

    def listen(self, name):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(listener.close)
        listener.bind(name)
        listener.settimeout(WAIT_S)
        return listener

    def expect(self, listener, word):
        """Reads until the line comes; how many alive signs came before."""
        alive = 0
        while True:
            line = listener.recv(4096).decode()
            if line == word:
                return alive
            self.assertRegex(line, r"^(STATUS=|WATCHDOG=1$)")
            alive += line == "WATCHDOG=1"

    def test_notify__ready_alive_stopping(self):
        for name, said in ((self.folder + "/notify", self.folder + "/notify"),
                           ("\0toban-test-%d" % os.getpid(), "@toban-test-%d" % os.getpid())):
            listener = self.listen(name)
            serve = self.start("serve", env=self.environment(NOTIFY_SOCKET=said, WATCHDOG_USEC="100000"))
            self.expect(listener, "READY=1")
            for _ in range(3):
                self.expect(listener, "WATCHDOG=1")
            serve.terminate()
            self.expect(listener, "STOPPING=1")
            self.assertEqual(serve.wait(timeout=WAIT_S), DONE)

    def test_notify__one_that_waits_for_its_turn_is_alive_too(self):
        holder = self.start("serve")
        self.until_held_by(holder.pid)
        listener = self.listen(self.folder + "/notify")
        serve = self.start("serve", env=self.environment(NOTIFY_SOCKET=self.folder + "/notify",
                                                         WATCHDOG_USEC="100000"))
        self.expect(listener, "READY=1")
        self.expect(listener, "STATUS=another process runs the clocks of this desk")
        for _ in range(3):
            self.expect(listener, "WATCHDOG=1")
        serve.terminate()
        self.expect(listener, "STOPPING=1")
        self.assertEqual(serve.wait(timeout=WAIT_S), DONE)

    def test_notify__nobody_listens__it_runs_all_the_same(self):
        for name in (self.folder + "/nobody", "not-a-path", "@"):
            serve = self.start("serve", env=self.environment(NOTIFY_SOCKET=name, WATCHDOG_USEC="x"))
            self.until_held_by(serve.pid)
            serve.terminate()
            self.assertEqual(serve.wait(timeout=WAIT_S), DONE)


class Screen(ClockCase):
    """An open screen has an engine at its side; of several screens one has."""

    def open_screen(self):
        pid, fd = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execve(desk.PROGRAM, [desk.PROGRAM, "--as", "dc-owner"],
                      self.environment(TERM="xterm", TOBAN_AMBIGUOUS="1"))
        self.addCleanup(self.close_screen, pid, fd)
        return pid, fd

    def close_screen(self, pid, fd):
        try:
            os.kill(pid, signal.SIGHUP)
            os.close(fd)
            os.waitpid(pid, 0)
        except (OSError, ChildProcessError):
            pass

    def read(self, *fds):
        """Whoever does not read what a screen paints makes it wait."""
        for fd in select.select(fds, [], [], 0)[0]:
            try:
                os.read(fd, 65536)
            except OSError:
                pass

    def another(self, fds, before):
        def holds():
            self.read(*fds)
            return (self.engine() or {}).get("pid") not in (None, before)
        return holds

    def test_screens__have_one_engine_which_is_replaced_when_it_dies(self):
        case = self.report("security-breach")
        self.at(6)
        screens = [self.open_screen() for _ in range(2)]
        fds = [fd for _, fd in screens]
        self.until("an engine", self.another(fds, None))
        self.assertEqual(self.engine()["kind"], "desk")
        self.until("the reminder", lambda: self.desk_acts(case))
        before = self.engine()["pid"]
        os.kill(before, signal.SIGKILL)
        took = self.until("another engine", self.another(fds, before), TAKE_OVER_S)
        print(f"take-over beside a screen in {took * 1000:.0f} ms", file=sys.stderr)

    def test_screen__alone__starts_its_engine_again_at_once(self):
        _, fd = self.open_screen()
        self.until("an engine", self.another([fd], None))
        before = self.engine()["pid"]
        begun = time.monotonic()
        # One that dies in its first second would be left for the next minute.
        self.until("it lived for a while", lambda: self.read(fd) or time.monotonic() - begun > 1.5)
        os.kill(before, signal.SIGKILL)
        self.until("another engine", self.another([fd], before), TAKE_OVER_S)

    def test_screen__that_goes__takes_its_engine_with_it(self):
        pid, fd = self.open_screen()
        self.until("an engine", self.another([fd], None))
        os.kill(pid, signal.SIGKILL)
        os.close(fd)
        os.waitpid(pid, 0)
        self.until("nobody runs the clocks", lambda: self.engine() is None)


if __name__ == "__main__":
    desk.main()
