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
