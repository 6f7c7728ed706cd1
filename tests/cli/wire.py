# SPDX-License-Identifier: MIT
"""The socket as a program sees it that was not written by us: frames by hand (docs/wire.md)."""

import json
import socket
import struct


class Closed(Exception):
    """The service ended the connection."""


class Wire:
    """One connection; what it sends is sent as it is."""

    def __init__(self, path, patience=60):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.socket.settimeout(patience)
        self.bytes = b""
        self.last = 0

    @staticmethod
    def frame(document):
        data = json.dumps(document).encode()
        return struct.pack(">I", len(data)) + data

    def put(self, document):
        self.socket.sendall(self.frame(document))

    def get(self):
        """The next document; Closed when there is none."""
        while True:
            if len(self.bytes) >= 4:
                end = 4 + struct.unpack(">I", self.bytes[:4])[0]
                if len(self.bytes) >= end:
                    data, self.bytes = self.bytes[4:end], self.bytes[end:]
                    return json.loads(data)
            try:
                got = self.socket.recv(65536)
            except ConnectionError as fault:
                raise Closed from fault
            if not got:
                raise Closed
            self.bytes += got

    def greet(self, who=None, lang="en"):
        self.put({"hello": {"protocol": 1, "version": "test", "lang": lang, "as": who}})
        return self.get()

    def ask(self, method, **args):
        """The answer, whatever pushes come before it."""
        self.last += 1
        self.put({"id": self.last, "method": method, "args": args})
        while True:
            document = self.get()
            if document.get("id") == self.last or "error" in document:
                return document

    def farewell(self):
        """The code of the last word before the end."""
        code = None
        try:
            while True:
                code = self.get().get("error", {}).get("code", code)
        except Closed:
            return code

    def close(self):
        self.socket.close()
