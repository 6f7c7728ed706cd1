-- SPDX-License-Identifier: MIT
-- The second schema: what the screen keeps for each person, search, figures.
-- Times are milliseconds since 1970-01-01T00:00:00Z, as in schema.1.sql.

-- Up to which entry a person has read a case.  No part of the record.
CREATE TABLE looked (
	person  TEXT NOT NULL,
	subject TEXT NOT NULL,    -- incident id
	seq     INTEGER NOT NULL, -- the newest entry that was shown
	at      INTEGER NOT NULL,
	PRIMARY KEY (person, subject)
) STRICT, WITHOUT ROWID;

-- How a person wants the screen: language, clock, order.  No part of the record.
CREATE TABLE preference (
	person TEXT NOT NULL,
	name   TEXT NOT NULL,
	value  TEXT NOT NULL,
	PRIMARY KEY (person, name)
) STRICT, WITHOUT ROWID;

-- The words of each case, cut in C into tokens between blanks (search_cut.c), so that
-- a stock sqlite3 can read and ask them.  It follows the ledger outside the
-- transaction that acknowledges; what it does not hold yet is looked at one by one.
CREATE VIRTUAL TABLE search_index USING fts5(tokens, tokenize = 'ascii', columnsize = 0);

-- Up to which event the cases are in the index.
CREATE TABLE search_state (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	seq INTEGER NOT NULL
) STRICT;

INSERT INTO search_state (one, seq) VALUES (1, 0);

-- Cases that must be looked at one by one: too long for a row of the index, or
-- taken out of it because a text of theirs was erased.
CREATE TABLE search_rest (
	num INTEGER PRIMARY KEY -- of the incident
) STRICT;

-- What the statistics are made of: one row for each incident that is no drill, in
-- the order they were reported, so that a year is one stretch of the table.
-- Moments that did not come are NULL.  Can be rebuilt from events.
CREATE TABLE figure (
	reported_at     INTEGER NOT NULL,
	id              TEXT NOT NULL,
	department      TEXT NOT NULL,
	category        TEXT NOT NULL,
	major           INTEGER NOT NULL CHECK (major IN (0, 1)), -- decided, not proposed
	open            INTEGER NOT NULL CHECK (open IN (0, 1)),
	acknowledged_at INTEGER, -- first at any link of the chain
	instructed_at   INTEGER, -- first, as the next ones
	instruct_due    INTEGER, -- its limit; NULL: none
	resulted_at     INTEGER,
	result_due      INTEGER,
	decided_at      INTEGER, -- the result was approved or returned
	decide_due      INTEGER,
	approved_at     INTEGER,
	cells           TEXT NOT NULL, -- roll-out: 'DEPARTMENT ASKED DUE DONE' and ';' for each cell
	readers         TEXT NOT NULL, -- as of the incident
	hidden_from     TEXT NOT NULL,
	PRIMARY KEY (reported_at, id)
) STRICT, WITHOUT ROWID;

-- 1: a desk of the first version has incidents without figures; the desk makes them.
INSERT INTO counter (name, value)
SELECT 'figures', EXISTS (SELECT 1 FROM incident);

-- The entry a message goes with if that is taken back; 0: it cannot be.
ALTER TABLE outbox ADD COLUMN withdraw_seq INTEGER NOT NULL DEFAULT 0;

CREATE INDEX outbox_withdraw ON outbox (withdraw_seq) WHERE withdraw_seq > 0;

CREATE INDEX looked_subject ON looked (subject, at, seq, person);
