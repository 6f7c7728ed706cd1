-- SPDX-License-Identifier: MIT
-- The fourth schema: who somebody is at a shared console.
-- Times are milliseconds since 1970-01-01T00:00:00Z, as in schema.1.sql.

-- The PIN of a person, for shared consoles.  No part of the record, which says only
-- that one was set: never exported.  A backup holds it; without DESK.pin-key, which no
-- backup holds, it cannot be guessed from.
CREATE TABLE pin (
	person TEXT PRIMARY KEY,
	hash   TEXT NOT NULL,    -- argon2id as libsodium writes it, of the PIN keyed with the key
	key_id TEXT NOT NULL,    -- which key that was: the first 16 digits of its SHA-256
	once   INTEGER NOT NULL CHECK (once IN (0, 1)), -- of a reset: good for setting one's own
	set_at INTEGER NOT NULL,
	set_by TEXT NOT NULL     -- person
) STRICT, WITHOUT ROWID;

-- How often a PIN was tried: a limit that a restart must not forget.  One row for each
-- name that was given, whether there is such a person or not, and for each post.
CREATE TABLE pin_try (
	name         TEXT PRIMARY KEY, -- a hash of the name: what was typed may be anything
	failures     INTEGER NOT NULL CHECK (failures >= 0), -- in a row
	checks       TEXT NOT NULL,    -- when real checks failed in the last hour, between blanks
	next_at      INTEGER NOT NULL, -- no check before
	locked       INTEGER NOT NULL CHECK (locked IN (0, 1)), -- next_at ends a lock-out
	changed_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX pin_try_changed ON pin_try (changed_at);

-- Files that a person put in and may attach: nobody else may name one by its hash.
-- No part of the record.  A row goes when its entry is recorded, or after some days
-- together with the file, if nothing else needs that.
CREATE TABLE intake (
	sha256 TEXT NOT NULL,    -- 64 digits: which file of DESK.evidence
	person TEXT NOT NULL,
	name   TEXT NOT NULL,    -- as it was called where it came from; never a path here
	size   INTEGER NOT NULL CHECK (size >= 0),
	at     INTEGER NOT NULL, -- when it was put in last
	PRIMARY KEY (sha256, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX intake_person ON intake (person);
CREATE INDEX intake_at ON intake (at);
