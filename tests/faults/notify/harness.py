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
import time
import unittest

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def signature(request, secret=SECRET):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode()
    mac = hmac.new(key, content + request.body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode()


class Desk:
    """A desk file in a directory of its own."""

    def __init__(self, tool, sender):
        self.tool = tool
        self.program = sender
        self.directory = tempfile.mkdtemp(prefix="toban-sender-")
        self.path = os.path.join(self.directory, "desk.db")
        self.put()

    def remove(self):
        shutil.rmtree(self.directory)

    def put(self, targets=(), messages=()):
        spec = {"targets": [{"secret": SECRET, **t} for t in targets], "messages": list(messages)}
        subprocess.run([self.tool, self.path], input=json.dumps(spec).encode(), check=True, timeout=60)

    def command(self, *args):
        return [self.program, "--desk", self.path, *args]

    def once(self, *args, timeout_ms=2000):
        """Sends what is due; the sender's summary."""
        # A proxy in the environment must change nothing.
        environment = {**os.environ, "http_proxy": "http://127.0.0.1:9/", "ALL_PROXY": "http://127.0.0.1:9/"}
        done = subprocess.run(self.command("--once", "--json", "--timeout", str(timeout_ms), *args),
                              stdout=subprocess.PIPE, env=environment, timeout=60, check=False)
        return {"status": done.returncode, **json.loads(done.stdout or b"{}")}

    def start(self, *args, **keywords):
        return subprocess.Popen(self.command(*args), stdout=subprocess.PIPE, **keywords)

    def sql(self, statement, *values):
        connection = sqlite3.connect(self.path, timeout=10)
        connection.row_factory = sqlite3.Row
        try:
            with connection:
                return [dict(row) for row in connection.execute(statement, values)]
        finally:
            connection.close()

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

    def send_one_each(self, urls, timeout_ms=2000, **target):
        """One message to each URL, sent once; {name: row} by the names given."""
        self.desk.put([{"name": name, "url": url, **target} for name, url in urls.items()],
                      [{"id": "m-" + name, "target": name} for name in urls])
        summary = self.desk.once(timeout_ms=timeout_ms)
        self.assertEqual(summary["status"], 0)
        return {name: self.desk.rows()["m-" + name] for name in urls}

    def assert_signed(self, requests, secret=SECRET):
        for request in requests:
            self.assertEqual(request.headers["webhook-signature"], signature(request, secret))
            self.assertLess(abs(int(request.headers["webhook-timestamp"]) - request.at), 60)


def main():
    SenderTest.tool, SenderTest.sender = sys.argv[1:3]
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
