#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How often a command asks the service: once, and at a shared console once more, for who is there.

What goes over the socket is counted by somebody in between."""

import json
import os
import pwd
import re
import socket
import struct
import threading
import unittest

import desk
from desk import DENIED, DONE, DeskCase


class Between:
    """Takes what desks say, notes the methods, and hands it on to the service and back."""

    def __init__(self, path, service):
        self.path, self.service, self.methods, self.open = path, service, [], []
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(path)
        self.listening.listen(8)
        self.taking = threading.Thread(target=self.accept, daemon=True)
        self.taking.start()

    def accept(self):
        while True:
            try:
                near, _ = self.listening.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.service)
            self.open += [near, far]
            for one, other, note in ((near, far, True), (far, near, False)):
                threading.Thread(target=self.carry, args=(one, other, note), daemon=True).start()

    def carry(self, one, other, note):
        held = b""
        while True:
            try:
                data = one.recv(65536)
            except OSError:
                data = b""
            if not data:
                try:
                    other.shutdown(socket.SHUT_WR)
                except OSError:
                    pass  # it ended before
                return
            held += data if note else b""
            while len(held) >= 4 and len(held) >= 4 + struct.unpack(">I", held[:4])[0]:
                end = 4 + struct.unpack(">I", held[:4])[0]
                self.methods.append(json.loads(held[4:end]).get("method", "hello"))
                held = held[end:]
            other.sendall(data)

    def taken(self):
        """The methods since the last look, without the greetings."""
        methods, self.methods = [m for m in self.methods if m != "hello"], []
        return methods

    def close(self):
        self.listening.shutdown(socket.SHUT_RDWR)
        self.taking.join()  # before its number is another's
        for end in [self.listening] + self.open:
            end.close()


class Requests(DeskCase):

    def setUp(self):
        super().setUp()
        if not self.service:
            self.serve()
        self.between = Between(os.path.join(self.folder, "between.sock"), self.service.socket)
        self.addCleanup(self.between.close)
        self.env["TOBAN_DESK"] = "unix:" + self.between.path

    def test_one(self):
        case = self.report("service-disruption")
        self.assertEqual(self.between.taken(), ["incident.report"])
        for args, method in ((["list"], "incident.list"), (["show", case], "incident.show"),
                             (["steps", case], "incident.steps"), (["head"], "ledger.head"),
                             (["whoami"], None), (["search", "rack"], "search")):
            done = self.run_toban("--json", *args, who="dc-operator-1")
            taken = self.between.taken()
            if method is None:
                self.assertNotIn("session.show", taken)
                continue
            with self.subTest(args):
                self.assertEqual(done.status, DONE, done)
                self.assertEqual(taken, [method])
        self.act("dc-owner", case, "acknowledge")
        self.assertEqual(self.between.taken().count("session.show"), 0)


class AtAConsole(DeskCase):
    """Whoever runs the tests has the account of a console."""

    def make(self):
        super().make()
        login = pwd.getpwuid(os.geteuid()).pw_name
        text = self.ok("admin", "call", "org.show", '{"text": true}')["text"]
        text = re.sub("^Login=" + login + "$", "Login=somebody", text, flags=re.M)
        text = re.sub("^Login=dc-console$", "Login=" + login, text, flags=re.M)
        self.assertIn("Login=" + login, text)
        path = os.path.join(self.folder, "org.ini")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.ok("admin", "org", "set", path)

    def test_asked_first(self):
        self.serve()
        between = Between(os.path.join(self.folder, "between.sock"), self.service.socket)
        self.addCleanup(between.close)
        self.env["TOBAN_DESK"] = "unix:" + between.path
        done = self.run_toban("--json", "--no-input", "list")
        self.assertEqual(done.status, DENIED, done)
        self.assertEqual(done.error()["code"], "D330")
        self.assertEqual(between.taken(), ["session.show", "incident.list"])


if __name__ == "__main__":
    desk.main()
