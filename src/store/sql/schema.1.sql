-- SPDX-License-Identifier: MIT
-- The first schema.  Times are milliseconds since 1970-01-01T00:00:00Z; a time
-- that is not set is NULL.  Texts are UTF-8 and folded in C, never here.
-- Never edit a released schema: add schema.N.sql and a step of the migration.

-- The ledger: one fact a row, append-only.  Rows are chained by their hashes.
CREATE TABLE event (
	seq          INTEGER PRIMARY KEY CHECK (seq >= 1), -- without gaps, see event_insert
	id           TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 200), -- made by the client
	subject      TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 200), -- incident id, org, ...
	subject_seq  INTEGER NOT NULL CHECK (subject_seq >= 1), -- without gaps in the subject
	at           INTEGER NOT NULL,  -- the desk's clock
	happened_at  INTEGER,           -- what the person says; NULL: nothing was said
	actor        TEXT NOT NULL,     -- person id, or desk
	post         TEXT NOT NULL,     -- shared console; '' none
	kind         TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 200),
	form         TEXT NOT NULL,     -- '' none
	form_version TEXT NOT NULL,     -- '' none
	canon        INTEGER NOT NULL CHECK (canon >= 1), -- version of the canonical form
	commitment   BLOB NOT NULL CHECK (length(commitment) = 32), -- SHA-256(nonce || body)
	prev_hash    BLOB NOT NULL CHECK (length(prev_hash) = 32),  -- zeros for seq 1
	row_hash     BLOB NOT NULL CHECK (length(row_hash) = 32),
	UNIQUE (subject, subject_seq)
) STRICT;

-- The first event of each incident: what numbers are taken.
CREATE INDEX event_first ON event (length(subject), subject) WHERE subject_seq = 1;

-- What an event says, apart from it, so that it can be erased lawfully.
CREATE TABLE event_body (
	seq   INTEGER PRIMARY KEY REFERENCES event (seq),
	nonce BLOB NOT NULL CHECK (length(nonce) = 16), -- goes with the body: a guess can't be checked
	body  TEXT NOT NULL -- canonical JSON object
) STRICT;

-- Which bodies were erased, and by which event.
CREATE TABLE erasure (
	seq    INTEGER PRIMARY KEY REFERENCES event (seq), -- whose body is gone
	by_seq INTEGER NOT NULL REFERENCES event (seq)     -- the erase event
) STRICT;

CREATE TRIGGER event_insert BEFORE INSERT ON event
WHEN new.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM event)
	OR EXISTS (SELECT 1 FROM event WHERE id = new.id)
	OR EXISTS (SELECT 1 FROM event WHERE subject = new.subject AND subject_seq = new.subject_seq)
BEGIN SELECT raise(ABORT, 'the ledger only grows at its end'); END;

CREATE TRIGGER event_update BEFORE UPDATE ON event
BEGIN SELECT raise(ABORT, 'the ledger is never changed'); END;

CREATE TRIGGER event_delete BEFORE DELETE ON event
BEGIN SELECT raise(ABORT, 'the ledger is never changed'); END;

CREATE TRIGGER event_body_insert BEFORE INSERT ON event_body
WHEN new.seq <> (SELECT coalesce(max(seq), 0) FROM event)
	OR EXISTS (SELECT 1 FROM event_body WHERE seq = new.seq)
BEGIN SELECT raise(ABORT, 'a body comes with its event'); END;

CREATE TRIGGER event_body_update BEFORE UPDATE ON event_body
BEGIN SELECT raise(ABORT, 'the ledger is never changed'); END;

CREATE TRIGGER event_body_delete BEFORE DELETE ON event_body
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE seq = old.seq)
BEGIN SELECT raise(ABORT, 'a body goes only by a recorded erasure'); END;

CREATE TRIGGER erasure_insert BEFORE INSERT ON erasure
WHEN NOT EXISTS (SELECT 1 FROM event WHERE seq = new.by_seq AND kind = 'erase')
BEGIN SELECT raise(ABORT, 'an erasure is an event of the ledger'); END;

CREATE TRIGGER erasure_update BEFORE UPDATE ON erasure
BEGIN SELECT raise(ABORT, 'the ledger is never changed'); END;

CREATE TRIGGER erasure_delete BEFORE DELETE ON erasure
BEGIN SELECT raise(ABORT, 'the ledger is never changed'); END;

-- Summary of each incident: all that a list shows.  Can be rebuilt from events.
CREATE TABLE incident (
	num          INTEGER PRIMARY KEY, -- for the inner links of this file only
	id           TEXT NOT NULL UNIQUE,
	title        TEXT NOT NULL,
	state        TEXT NOT NULL,
	category     TEXT NOT NULL,
	major        TEXT NOT NULL,    -- no, proposed, yes, refused
	department   TEXT NOT NULL,
	finder       TEXT NOT NULL,    -- person id
	open         INTEGER NOT NULL CHECK (open IN (0, 1)),
	drill        INTEGER NOT NULL CHECK (drill IN (0, 1)),
	confidential INTEGER NOT NULL CHECK (confidential IN (0, 1)),
	due_at       INTEGER,          -- NULL: nothing is due
	due_order    INTEGER NOT NULL  -- due_at with "none" last, so that an index can keep the order
		CHECK (due_order = coalesce(due_at, 9223372036854775807)),
	reported_at  INTEGER,
	changed_at   INTEGER,
	last_seq     INTEGER NOT NULL,
	waiting      TEXT NOT NULL,    -- JSON array of who is awaited
	people       TEXT NOT NULL,    -- ids of them: ' a b '; the table awaited has them one by one
	readers      TEXT NOT NULL,    -- '' everybody, else ' a b '
	hidden_from  TEXT NOT NULL,    -- '' nobody, else ' a b '
	search       TEXT NOT NULL     -- folded text of the case
) STRICT;

CREATE INDEX incident_order ON incident (due_order, id DESC);
CREATE INDEX incident_open ON incident (open, due_order, id DESC) WHERE open = 1;
CREATE INDEX incident_department ON incident (department, open, due_order, id DESC) WHERE open = 1;
CREATE INDEX incident_state ON incident (state, due_order, id DESC);
CREATE INDEX incident_finder ON incident (finder, due_order, id DESC);
-- Few rows of a desk are restricted; counts take them apart one by one.
CREATE INDEX incident_restricted ON incident (open)
	WHERE open = 1 AND (readers <> '' OR hidden_from <> '');

-- Who is awaited in which incident, with the order of the list and whether it is open.
CREATE TABLE awaited (
	person    TEXT NOT NULL,
	open      INTEGER NOT NULL CHECK (open IN (0, 1)),
	due_order INTEGER NOT NULL,
	id        TEXT NOT NULL REFERENCES incident (id),
	num       INTEGER NOT NULL,
	PRIMARY KEY (person, open, due_order, id DESC)
) STRICT, WITHOUT ROWID;

-- How many open incidents there are: in all (kind open), of a department, and
-- awaiting a person (kind mine).  Counted along by the triggers below, because
-- counting 100,000 rows of an index on each repaint would cost milliseconds.
CREATE TABLE tally (
	kind TEXT NOT NULL CHECK (kind IN ('open', 'department', 'mine')),
	name TEXT NOT NULL, -- department or person id; '' with kind open
	n    INTEGER NOT NULL CHECK (n >= 0),
	PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

INSERT INTO tally (kind, name, n) VALUES ('open', '', 0);

CREATE TRIGGER tally_incident_insert AFTER INSERT ON incident WHEN new.open = 1
BEGIN
	UPDATE tally SET n = n + 1 WHERE kind = 'open';
	INSERT INTO tally (kind, name, n) VALUES ('department', new.department, 1)
	ON CONFLICT (kind, name) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER tally_incident_out AFTER UPDATE OF open, department ON incident
WHEN old.open = 1 AND (new.open = 0 OR new.department <> old.department)
BEGIN
	UPDATE tally SET n = n - 1 WHERE kind = 'open';
	UPDATE tally SET n = n - 1 WHERE kind = 'department' AND name = old.department;
END;

CREATE TRIGGER tally_incident_in AFTER UPDATE OF open, department ON incident
WHEN new.open = 1 AND (old.open = 0 OR new.department <> old.department)
BEGIN
	UPDATE tally SET n = n + 1 WHERE kind = 'open';
	INSERT INTO tally (kind, name, n) VALUES ('department', new.department, 1)
	ON CONFLICT (kind, name) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER tally_awaited_insert AFTER INSERT ON awaited WHEN new.open = 1
BEGIN
	INSERT INTO tally (kind, name, n) VALUES ('mine', new.person, 1)
	ON CONFLICT (kind, name) DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER tally_awaited_delete AFTER DELETE ON awaited WHEN old.open = 1
BEGIN
	UPDATE tally SET n = n - 1 WHERE kind = 'mine' AND name = old.person;
END;

-- Messages on their way out, sent at least once under the same id.
CREATE TABLE outbox (
	num         INTEGER PRIMARY KEY,  -- order of arrival
	id          TEXT NOT NULL UNIQUE, -- webhook-id
	target      TEXT NOT NULL,
	type        TEXT NOT NULL,
	subject     TEXT NOT NULL,
	body        TEXT NOT NULL,        -- JSON, sent byte for byte
	urgent      INTEGER NOT NULL CHECK (urgent IN (0, 1)),
	created_at  INTEGER,
	next_at     INTEGER,              -- next attempt; NULL when finished
	attempts    INTEGER NOT NULL CHECK (attempts >= 0),
	state       TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead', 'stopped')),
	last_status INTEGER NOT NULL,     -- HTTP status; 0 none
	last_answer TEXT NOT NULL,        -- sanitised and cut; '' none
	changed_at  INTEGER
) STRICT;

CREATE INDEX outbox_waiting ON outbox (urgent DESC, num, next_at, state) WHERE state = 'waiting';
CREATE INDEX outbox_lane ON outbox (target, urgent DESC, num, next_at, state) WHERE state = 'waiting';
CREATE INDEX outbox_time ON outbox (next_at) WHERE state = 'waiting';

-- Receivers of messages.  Their secrets are elsewhere.
CREATE TABLE target (
	name          TEXT PRIMARY KEY,
	kind          TEXT NOT NULL,
	url           TEXT NOT NULL,
	events        TEXT NOT NULL, -- types separated by blanks, or *
	allow_http    INTEGER NOT NULL CHECK (allow_http IN (0, 1)),
	allow_private INTEGER NOT NULL CHECK (allow_private IN (0, 1)),
	active        INTEGER NOT NULL CHECK (active IN (0, 1)),
	created_at    INTEGER
) STRICT;

-- What a person typed and did not send.  No part of the record.
CREATE TABLE draft (
	number   INTEGER PRIMARY KEY,
	person   TEXT NOT NULL,
	form     TEXT NOT NULL,
	subject  TEXT NOT NULL, -- incident id; '' for a report
	body     TEXT NOT NULL, -- JSON object of the fields as typed
	saved_at INTEGER
) STRICT;

CREATE INDEX draft_person ON draft (person, number DESC);

-- Numbers that are never given twice.
CREATE TABLE counter (
	name  TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) STRICT;

INSERT INTO counter (name, value) VALUES ('draft', 0);
