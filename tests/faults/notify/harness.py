# SPDX-License-Identifier: MIT
"""What the tests of the sender share: a desk file, the sender, a second implementation of signatures."""

import base64
import hashlib
import hmac
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def signature(request, secret=SECRET):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode()
    mac = hmac.new(key, content + request.body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode()


def read_rows(path, statement, *values):
    connection = sqlite3.connect(path, timeout=10)
    connection.row_factory = sqlite3.Row
    try:
        with connection:
            return [dict(row) for row in connection.execute(statement, values)]
    finally:
        connection.close()


class Lateness:
    """How late this machine wakes who sleeps: what a limit on time must be forgiven on a busy one."""

    PAUSE_S = 0.01

    def __init__(self):
        self.worst = 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()

    def watch(self):
        before = time.monotonic()
        while not self.stopping.wait(self.PAUSE_S):
            now = time.monotonic()
            self.worst = max(self.worst, now - before - self.PAUSE_S)
            before = now


class Desk:
    """A desk file in a directory of its own."""

    def __init__(self, tool, sender):
        self.tool = tool
        self.program = sender
        self.directory = tempfile.mkdtemp(prefix="toban-sender-")
        self.path = os.path.join(self.directory, "desk.db")
        self.started = []
        self.put()

    def remove(self):
        for process in self.started:  # a test that failed leaves no sender behind
            process.kill()
            process.wait()
            process.stdout.close()
        shutil.rmtree(self.directory)

    def put(self, targets=(), messages=()):
        spec = {"targets": [{"secret": SECRET, **t} for t in targets], "messages": list(messages)}
        subprocess.run([self.tool, self.path], input=json.dumps(spec).encode(), check=True, timeout=60)

    def command(self, *args):
        return [self.program, "--desk", self.path, *args]

    @staticmethod
    def environment(more):
        # A proxy in the environment must change nothing.
        environment = {**os.environ, "http_proxy": "http://127.0.0.1:9/", "ALL_PROXY": "http://127.0.0.1:9/"}
        if "LD_PRELOAD" in more:
            environment["ASAN_OPTIONS"] = "verify_asan_link_order=0:detect_leaks=0"
        return {**environment, **more}

    def once(self, *args, timeout_ms=2000, env=()):
        """Sends what is due; the sender's summary."""
        done = subprocess.run(self.command("--once", "--json", "--timeout", str(timeout_ms), *args),
                              stdout=subprocess.PIPE,
                              env=self.environment(dict(env)), timeout=120, check=False)
        return {"status": done.returncode, **json.loads(done.stdout or b"{}")}

    def start(self, *args, env=(), **keywords):
        process = subprocess.Popen(self.command(*args), stdout=subprocess.PIPE,
                                   env=self.environment(dict(env)), **keywords)
        self.started.append(process)
        return process

    def sql(self, statement, *values):
        return read_rows(self.path, statement, *values)

    def rows(self):
        return {row["id"]: row for row in self.sql("SELECT * FROM outbox ORDER BY num")}

    def wait_for(self, condition, seconds):
        """Waits until condition(rows) holds; whether it did."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition(self.rows()):
                return True
            time.sleep(0.01)
        return False


class SenderTest(unittest.TestCase):
    tool = None
    sender = None

    def setUp(self):
        self.desk = Desk(self.tool, self.sender)
        self.addCleanup(self.desk.remove)

    def send_one_each(self, urls, timeout_ms=2000, env=(), next_at=None, **target):
        """One message to each URL, sent once; {name: row} by the names given."""
        message = {} if next_at is None else {"next_at": next_at}
        self.desk.put([{"name": name, "url": url, **target} for name, url in urls.items()],
                      [{"id": "m-" + name, "target": name, **message} for name in urls])
        summary = self.desk.once(timeout_ms=timeout_ms, env=env)
        self.assertEqual(summary["status"], 0)
        return {name: self.desk.rows()["m-" + name] for name in urls}

    def assert_signed(self, requests, secret=SECRET):
        for request in requests:
            self.assertEqual(request.headers["webhook-signature"], signature(request, secret))
            self.assertLess(abs(int(request.headers["webhook-timestamp"]) - request.at), 60)


def programs():
    """The tool that fills a desk, and the sender, as the build names them."""
    return sys.argv[1:3]


def main():
    SenderTest.tool, SenderTest.sender = programs()
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
