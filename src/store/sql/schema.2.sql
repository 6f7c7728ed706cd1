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
