# SPDX-License-Identifier: MIT
"""A receiver of messages that behaves as badly as its path says.  Loopback only.

Paths: /ok, /status/CODE, /retry/VALUE (429 with that Retry-After), /redirect/URL,
/slow/MS, /hang, /drip, /reset, /headers (without end), /huge (body without end),
/short (less body than promised), /garbage (no HTTP), /continue/MS (100 without
end, one each MS), /hostile (500 with bytes that command a terminal), /first/N/PATH (N
answers of 503, then as PATH).
"""

import socket
import ssl
import struct
import threading
import time
import urllib.parse

HOSTILE = b"\x1b]0;title\x07\x1b[2J\xc2\x9b31m\xe2\x80\xae\xff\xfe<script>\x00\r\nend"


class Request:
    def __init__(self, path, headers, body):
        self.path = path
        self.headers = headers
        self.body = body
        self.at = time.time()

    @property
    def id(self):
        return self.headers.get("webhook-id", "")


class Receiver:
    """Listens on a port of its own until stop(); keeps every request it read whole."""

    def __init__(self, certificate=None, port=0):
        self.requests = []
        self.connections = 0
        self.heard = 0  # lines that were the first of a request, whole or not
        self.before_answer = None  # called with each request, before and after it is answered
        self.after_answer = None
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.counts = {}
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.server = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, path):
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}{path}"

    def stop(self):
        if self.stopping.is_set():
            return
        self.stopping.set()
        self.server.shutdown(socket.SHUT_RDWR)  # close() alone leaves accept() listening
        self.server.close()

    def ids(self, path=None):
        with self.lock:
            return [r.id for r in self.requests if path is None or r.path == path]

    def wait(self, count, seconds):
        """Whether `count` requests came within `seconds`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with self.lock:
                if len(self.requests) >= count:
                    return True
            time.sleep(0.005)
        return False

    def accept(self):
        while not self.stopping.is_set():
            try:
                connection, _ = self.server.accept()
            except OSError:
                return  # stopped
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.settimeout(60)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            stream = connection.makefile("rb")
            while self.answer(connection, stream):
                pass
        except (OSError, ssl.SSLError, ValueError):
            pass
        finally:
            connection.close()

    def read(self, stream):
        line = stream.readline(8192).decode("latin-1")
        if not line:
            return None
        self.heard += 1
        headers = {}
        while True:
            row = stream.readline(8192).decode("latin-1").strip()
            if not row:
                break
            name, _, value = row.partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", "0")))
        return Request(line.split()[1], headers, body)

    def answer(self, connection, stream):
        """Answers one request; False when the connection is to be closed."""
        request = self.read(stream)
        if request is None:
            return False
        with self.lock:
            self.requests.append(request)
        if self.before_answer:
            self.before_answer(request)
        keep = self.behave(connection, request.path)
        if self.after_answer:
            self.after_answer(request)
        return keep

    def behave(self, connection, path):
        name, _, rest = path[1:].partition("/")
        value = urllib.parse.unquote(rest)
        if name == "first":
            times, _, then = rest.partition("/")
            with self.lock:
                self.counts[path] = self.counts.get(path, 0) + 1
                count = self.counts[path]
            return self.behave(connection, "/status/503" if count <= int(times) else "/" + then)
        if name == "once":  # a good answer, then a reset under the kept connection
            with self.lock:
                self.counts[path] = self.counts.get(path, 0) + 1
                name = "ok" if self.counts[path] == 1 else "reset"
        if name == "slow":
            time.sleep(int(value) / 1000)
            name = "ok"
        handler = getattr(self, "do_" + name, None)
        return handler(connection, value) if handler else self.reply(connection, 404, b"")

    def reply(self, connection, status, body, *headers):
        lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {len(body)}", *headers]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return True

    def do_ok(self, connection, _):
        return self.reply(connection, 200, b"thank you")

    def do_status(self, connection, value):
        return self.reply(connection, int(value), b"as you wish")

    def do_retry(self, connection, value):
        return self.reply(connection, 429, b"later", f"Retry-After: {value}")

    def do_redirect(self, connection, value):
        return self.reply(connection, 302, b"", f"Location: {value or '/ok'}")

    def do_hostile(self, connection, _):
        return self.reply(connection, 500, HOSTILE)

    def do_hang(self, _connection, _value):
        self.stopping.wait(60)
        return False

    def do_drip(self, connection, _):
        text = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"." * 100000
        for byte in text:
            if self.stopping.wait(0.1):
                break
            connection.sendall(bytes([byte]))
        return False

    def do_reset(self, connection, _):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def flood(self, connection, start, piece):
        connection.sendall(start)
        while not self.stopping.is_set():
            connection.sendall(piece)

    def do_headers(self, connection, _):
        self.flood(connection, b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"x" * 1000 + b"\r\n")

    def do_huge(self, connection, _):
        self.flood(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 99000000000\r\n\r\n", b"x" * 65536)

    def do_continue(self, connection, value):
        while not self.stopping.wait(int(value or 0) / 1000):
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def do_short(self, connection, _):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
        return False

    def do_garbage(self, connection, _):
        connection.sendall(b"\x00\x01\x02 this is no HTTP\r\n\r\n")
        return False


class Deaf:
    """A receiver whose program accepts nothing.  `full`: nor does its system, its queue is full."""

    def __init__(self, full):
        self.server = socket.create_server(("127.0.0.1", 0), backlog=0 if full else 64)
        self.port = self.server.getsockname()[1]
        self.fillers = []
        # The first takes the one place of the queue; what comes after it gets no answer.
        for _ in range(2 if full else 0):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self.fillers.append(filler)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def stop(self):
        for one in self.fillers + [self.server]:
            one.close()
