# SPDX-License-Identifier: MIT
"""A mail server that behaves as badly as it is told to.  Loopback only.

Each stage (banner, ehlo, starttls, tls, auth, mail, rcpt, data, text, quit) may have
a reply of its own, or one of HANG, RESET, DRIP (a byte each 100 ms) and FLOOD (lines without end).
"""

import base64
import socket
import ssl
import struct
import threading
import time

HANG, RESET, DRIP, FLOOD = "hang", "reset", "drip", "flood"

GOOD = {"banner": "220 mx.example ESMTP", "starttls": "220 go ahead", "auth": "235 welcome", "mail": "250 ok",
        "rcpt": "250 ok", "data": "354 go on", "text": "250 taken", "quit": "221 bye"}


class Mail:
    def __init__(self):
        self.sender = self.addressee = None
        self.data = b""
        self.tls = False
        self.login = None
        self.at = time.time()

    @property
    def id(self):
        for line in self.data.split(b"\r\n"):
            if line.lower().startswith(b"message-id: <"):
                return line[13:].split(b"@")[0].decode()
        return ""


class SmtpServer:
    """Listens until stop(); keeps every mail whose text came whole, and every login."""

    def __init__(self, certificate=None, at_once=False, starttls=True, **stages):
        self.stages = stages
        self.at_once = at_once
        self.starttls = starttls and certificate is not None and not at_once
        self.mails = []
        self.lines = []
        self.connections = 0
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, user=None, to="ops@example.net"):
        login = f"&user={user}" if user else ""
        return f"{'smtps' if self.at_once else 'smtp'}://127.0.0.1:{self.port}/?from=toban@example.org&to={to}{login}"

    def stop(self):
        if not self.stopping.is_set():
            self.stopping.set()
            self.server.shutdown(socket.SHUT_RDWR)
            self.server.close()

    def ids(self):
        with self.lock:
            return [mail.id for mail in self.mails]

    def accept(self):
        while not self.stopping.is_set():
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.settimeout(60)
            if self.at_once:
                connection = self.context.wrap_socket(connection, server_side=True)
            Session(self, connection).run()
        except (OSError, ssl.SSLError, ValueError, EOFError):
            pass
        finally:
            connection.close()


class Session:
    def __init__(self, server, connection):
        self.server = server
        self.connection = connection
        self.stream = connection.makefile("rb")
        self.mail = Mail()
        self.mail.tls = server.at_once
        self.login = None

    def say(self, stage, text=None):
        """Answers as told for the stage; EOFError ends the session."""
        told = self.server.stages.get(stage, text or GOOD.get(stage))
        if callable(told):
            told = told(self)
        if told == HANG:
            self.server.stopping.wait(60)
            raise EOFError
        if told == RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise EOFError
        if told == FLOOD:
            while not self.server.stopping.is_set():
                self.connection.sendall(b"250-" + b"x" * 200 + b"\r\n" if stage != "banner"
                                        else b"220-" + b"x" * 200 + b"\r\n")
            raise EOFError
        if told == DRIP:
            for byte in b"220-" + b"x" * 100000:
                if self.server.stopping.wait(0.1):
                    break
                self.connection.sendall(bytes([byte]))
            raise EOFError
        self.connection.sendall(told.encode("latin-1") + b"\r\n")
        return told

    def line(self):
        line = self.stream.readline(8192)
        if not line:
            raise EOFError
        with self.server.lock:
            self.server.lines.append(line)
        return line.decode("latin-1").strip()

    def run(self):
        self.say("banner")
        while True:
            line = self.line()
            verb = line.split(" ")[0].upper()
            handler = getattr(self, "do_" + verb.lower(), None)
            if handler is None:
                self.say("other", "502 no")
            else:
                handler(line)

    def do_ehlo(self, _line):
        more = ["250-mx.example"]
        if self.server.starttls and not self.mail.tls:
            more.append("250-STARTTLS")
        self.say("ehlo", "\r\n".join(more + ["250-AUTH PLAIN LOGIN", "250 SIZE 1000000"]))

    def do_helo(self, _line):
        self.say("helo", "250 mx.example")

    def do_starttls(self, _line):
        if not self.say("starttls").startswith("220"):
            return
        if self.server.stages.get("tls") == HANG:
            self.server.stopping.wait(60)
            raise EOFError
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.stream = self.connection.makefile("rb")
        self.mail.tls = True

    def do_auth(self, line):
        words = line.split(" ")
        if words[1].upper() == "PLAIN":
            if len(words) < 3:
                self.connection.sendall(b"334 \r\n")
                words.append(self.line())
            self.mail.login = base64.b64decode(words[2]).split(b"\0")[1:]
        self.say("auth")

    def do_mail(self, line):
        self.mail.sender = line.split(":", 1)[1].split()[0]
        self.say("mail")

    def do_rcpt(self, line):
        self.mail.addressee = line.split(":", 1)[1]
        self.say("rcpt")

    def do_data(self, _line):
        if not self.say("data").startswith("354"):
            return
        data = b""
        while not data.endswith(b"\r\n.\r\n"):
            piece = self.stream.readline(8192)
            if not piece:
                raise EOFError
            data += piece
        self.mail.data = data[:-5]
        self.mail.at = time.time()
        with self.server.lock:
            self.server.mails.append(self.mail)
        self.say("text")

    def do_quit(self, _line):
        self.say("quit")
        raise EOFError
