# SPDX-License-Identifier: MIT
"""Who owns the file of a real desk, knows all of its format, and may have a key of their own:
entries at the end of the ledger with true hashes and, where somebody lends their key, signatures."""

import hashlib
import secrets
import time

from ledger import Ledger, text_of

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NAMES = ("desk", "event", "time", "subject", "step", "actor", "for", "post", "state", "stands-on",
         "stands-on-hash", "result", "fields")
NO_STEPS = ("seen", "remind", "break-glass")


def event_id(at_ms):
    """An id as the desk makes them: ten digits of the time, sixteen random ones."""
    digits = [DIGITS[at_ms >> shift & 31] for shift in range(45, -5, -5)]
    return "".join(digits + [secrets.choice(DIGITS) for _ in range(16)])


def time_of(at_ms):
    """As it stands in a text: thousandths where there are any."""
    part = f".{at_ms % 1000:03}" if at_ms % 1000 else ""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at_ms // 1000)) + part + "+00:00"


def decision_text(**lines):
    """What is signed (docs/signatures.md, "The text"), written from that page."""
    return "toban-decision-1\n" + "".join(
        f"{name} {len(str(lines[name]).encode())}:{lines[name]}\n" for name in NAMES)


class Forger:
    """`desk`: the RealDesk whose people's keys are at hand; `path`: a copy of its file."""

    def __init__(self, desk, path):
        self.desk = desk
        self.ledger = Ledger(path)
        self.rows = self.ledger.rows()

    def of(self, subject):
        return [row for row in self.rows if row["subject"] == subject]

    def add(self, subject, actor, kind, body, **columns):
        """A row at the end, chained; `body`: a document, or the very text."""
        rows = self.of(subject)
        last = (rows or self.rows)[-1]
        row = dict(last, seq=self.rows[-1]["seq"] + 1, subject=subject, actor=actor, kind=kind, post="",
                   subject_seq=rows[-1]["subject_seq"] + 1 if rows else 1, happened_at=None,
                   nonce=secrets.token_bytes(16), id=event_id(self.rows[-1]["at"]),
                   body=body if isinstance(body, str) else text_of(body), at=self.rows[-1]["at"] + 1000)
        row.update(columns)
        self.rows.append(row)
        self.ledger.chain(self.rows)
        return row

    def decide(self, subject, actor, kind, fields, state, result="", acting=None, write=text_of):
        """A decision with a true signature of its own text; `write` makes the body's text."""
        steps = [row for row in self.of(subject) if row["actor"] != "desk" and row["kind"] not in NO_STEPS]
        at = self.rows[-1]["at"]
        event, salt, key = event_id(at), event_id(0), self.desk.key(actor)
        lines = (self.rows[0]["row_hash"].hex(), event, time_of(at), subject, kind, actor,
                 acting["for"] if acting else "", "", state, str(steps[-1]["seq"] if steps else 0),
                 steps[-1]["row_hash"].hex() if steps else "0" * 64, result,
                 hashlib.sha256((salt + text_of(fields)).encode()).hexdigest())
        text = decision_text(**dict(zip(NAMES, lines)))
        body = {"fields": fields, "state": state, "signed": {
            "key": self.desk.fingerprint(key), "salt": salt, "text": text,
            "signature": self.desk.sign(key, text)}}
        if acting:
            body["acting"] = acting
        return self.add(subject, actor, kind, write(body), id=event)

    def key_entry(self, actor, person, kind, key, **more):
        """An entry about a key: unsigned, but for the proposal, which the key itself signs."""
        at = self.rows[-1]["at"]
        event = event_id(at)
        body = dict({"person": person, "fingerprint": self.desk.fingerprint(key)}, **more)
        if kind == "key-proposed":
            lines = (("desk", self.rows[0]["row_hash"].hex()), ("event", event), ("actor", actor),
                     ("person", person), ("fingerprint", body["fingerprint"]), ("proposal", "0"), ("why", ""))
            text = f"toban 1 {kind}\n" + "".join(f"{name} {len(value)} {value}\n" for name, value in lines)
            body.update(public=self.desk.public(key), comment="", signed={
                "key": body["fingerprint"], "hash": hashlib.sha256(text.encode()).hexdigest(), "text": text,
                "signature": self.desk.sign(key, text)})
        return self.add("keys", actor, kind, body, id=event)

    def erase(self, seq):
        """The body goes, as an erasure takes it."""
        self.ledger.write(self.rows)
        self.ledger.base.execute("DELETE FROM event_body WHERE seq = ?", [seq])
        self.ledger.close()

    def write(self):
        self.ledger.write(self.rows)
        self.ledger.close()
