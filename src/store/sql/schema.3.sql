-- SPDX-License-Identifier: MIT
-- The third schema: clocks that run by themselves, receivers of several forms,
-- what became of each attempt to send, and alerts of other systems.
-- Times are milliseconds since 1970-01-01T00:00:00Z, as in schema.1.sql.

-- When the desk must look at an incident again by itself; NULL: never.
ALTER TABLE incident ADD COLUMN wake_at INTEGER;

CREATE INDEX incident_wake ON incident (wake_at, id) WHERE wake_at IS NOT NULL;

-- As incident_restricted, of the closed ones: those that still wait for somebody count, too.
CREATE INDEX incident_restricted_closed ON incident (open)
	WHERE open = 0 AND (readers <> '' OR hidden_from <> '');

-- What the engine remembers from run to run: who runs the clocks, and what the
-- clocks of the machine said last.  No part of the record.
CREATE TABLE engine (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How a receiver wants its messages (generic, slack, …), the name of its
-- template ('' the format's own), and the person it belongs to ('' nobody's: it
-- gets what its events say; else what that person is told).
ALTER TABLE target ADD COLUMN format TEXT NOT NULL DEFAULT 'generic';
ALTER TABLE target ADD COLUMN template TEXT NOT NULL DEFAULT '';
ALTER TABLE target ADD COLUMN person TEXT NOT NULL DEFAULT '';

-- It answered that it is gone (410): it gets nothing until somebody starts it again.
ALTER TABLE target ADD COLUMN stopped INTEGER NOT NULL DEFAULT 0 CHECK (stopped IN (0, 1));

-- One row for each attempt to send a message.  No part of the record.
CREATE TABLE delivery (
	outbox  TEXT NOT NULL,    -- id of the message
	attempt INTEGER NOT NULL CHECK (attempt >= 1),
	at      INTEGER NOT NULL, -- when it ended
	status  INTEGER NOT NULL, -- HTTP or SMTP status; 0 none
	outcome TEXT NOT NULL,    -- sent, waiting (again), dead, stopped
	answer  TEXT NOT NULL,    -- sanitised and cut; '' none
	PRIMARY KEY (outbox, attempt)
) STRICT, WITHOUT ROWID;

-- Messages given up: how many there are is on every board.
CREATE INDEX outbox_given_up ON outbox (target, num) WHERE state IN ('dead', 'stopped');

-- What other systems reported and nobody has judged yet, or somebody has: a fold of
-- the entries of its subject.  Can be rebuilt from events.
CREATE TABLE alert (
	num      INTEGER PRIMARY KEY, -- A-17 is 17
	source   TEXT NOT NULL,    -- alertmanager, zabbix, json
	key      TEXT NOT NULL,    -- by which repetitions are known; unique while open
	title    TEXT NOT NULL,
	body     TEXT NOT NULL,    -- JSON: what the desk read of it, of its newest entry that says so
	state    TEXT NOT NULL CHECK (state IN ('open', 'promoted', 'linked', 'dismissed')),
	incident TEXT NOT NULL,    -- promoted to, or linked with; '' none
	firing   INTEGER NOT NULL CHECK (firing IN (0, 1)),
	times    INTEGER NOT NULL CHECK (times >= 1), -- how often it was received; ahead of the entries
	first_at INTEGER NOT NULL,
	last_at  INTEGER NOT NULL,
	last_seq INTEGER NOT NULL  -- newest entry of its subject
) STRICT;

CREATE UNIQUE INDEX alert_key ON alert (source, key) WHERE state = 'open';
CREATE INDEX alert_same ON alert (source, key, num); -- the newest that tells of the same thing
CREATE INDEX alert_state ON alert (state, num);
CREATE INDEX alert_firing ON alert (firing, num) WHERE state = 'open';
CREATE INDEX alert_incident ON alert (incident, num) WHERE incident <> '';

-- What the statistics gained: the first response, and the chain, link by link that
-- was told: 'LINK TOLD ACKNOWLEDGED INSTRUCTED' and ';', each the first time, '-' for
-- what did not come.
ALTER TABLE figure ADD COLUMN responded_at INTEGER;
ALTER TABLE figure ADD COLUMN links TEXT NOT NULL DEFAULT '';

-- A desk of an older version has figures without them; the desk makes all anew.
UPDATE counter SET value = EXISTS (SELECT 1 FROM incident) WHERE name = 'figures';
