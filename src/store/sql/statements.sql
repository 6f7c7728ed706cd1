-- SPDX-License-Identifier: MIT
-- Every statement of the store, by name; generate.py makes a C table of them.
-- Parameters are bound by name.  A statement reads at most what it returns:
-- the store tests look at the query plans and refuse scans of large tables.

-- The ledger ------------------------------------------------------------------

-- name: event_insert
INSERT INTO event (seq, id, subject, subject_seq, at, happened_at, actor, post, kind,
	form, form_version, canon, commitment, prev_hash, row_hash)
VALUES (:seq, :id, :subject, :subject_seq, :at, :happened_at, :actor, :post, :kind,
	:form, :form_version, :canon, :commitment, :prev_hash, :row_hash);

-- name: event_body_insert
INSERT INTO event_body (seq, nonce, body) VALUES (:seq, :nonce, :body);

-- name: erasure_insert
INSERT INTO erasure (seq, by_seq) VALUES (:seq, :by_seq);

-- name: event_body_delete
DELETE FROM event_body WHERE seq = :seq;

-- The words of an erased body, wherever else they may stand; read to the end, because an
-- erasure is rare and must be thorough.  Each reads key, sub-key, subject and text.

-- name: erase_drafts
SELECT number, 0, subject, body FROM draft;

-- name: erase_draft
UPDATE draft SET body = :text WHERE number = CAST(:key AS INTEGER) AND :sub = 0;

-- name: erase_messages
SELECT id, 0, subject, body FROM outbox WHERE body <> '';

-- name: erase_message
UPDATE outbox SET body = :text WHERE id = :key AND :sub = 0;

-- name: erase_answers
SELECT id, 0, subject, last_answer FROM outbox WHERE last_answer <> '';

-- name: erase_answer
UPDATE outbox SET last_answer = :text WHERE id = :key AND :sub = 0;

-- name: erase_deliveries
SELECT d.outbox, d.attempt, coalesce(o.subject, ''), d.answer
FROM delivery AS d LEFT JOIN outbox AS o ON o.id = d.outbox
WHERE d.answer <> '';

-- name: erase_delivery
UPDATE delivery SET answer = :text WHERE outbox = :key AND attempt = :sub;

-- What an erasure kept of a body.

-- name: erasure_kept
SELECT b.body FROM erasure AS x JOIN event_body AS b ON b.seq = x.by_seq WHERE x.seq = :seq;

-- name: event_head
SELECT seq, row_hash, at FROM event ORDER BY seq DESC LIMIT 1;

-- name: event_seq_of_id
SELECT seq FROM event WHERE id = :id;

-- name: event_last_of_subject
SELECT max(subject_seq) FROM event WHERE subject = :subject;

-- The four below return the columns in the same order: see read_event().

-- name: event_by_id
SELECT e.seq, e.id, e.subject, e.subject_seq, e.at, e.happened_at, e.actor, e.post, e.kind,
	e.form, e.form_version, e.canon, e.commitment, e.prev_hash, e.row_hash, b.nonce, b.body
FROM event AS e LEFT JOIN event_body AS b ON b.seq = e.seq
WHERE e.id = :id;

-- name: event_of_subject
SELECT e.seq, e.id, e.subject, e.subject_seq, e.at, e.happened_at, e.actor, e.post, e.kind,
	e.form, e.form_version, e.canon, e.commitment, e.prev_hash, e.row_hash, b.nonce, b.body
FROM event AS e LEFT JOIN event_body AS b ON b.seq = e.seq
WHERE e.subject = :subject
ORDER BY e.subject_seq;

-- name: event_of_forms
SELECT 1 FROM event
WHERE subject = :subject AND form <> '' AND instr(:forms, ' ' || form || ' ') > 0 LIMIT 1;

-- name: event_newest_of_subject
SELECT e.seq, e.id, e.subject, e.subject_seq, e.at, e.happened_at, e.actor, e.post, e.kind,
	e.form, e.form_version, e.canon, e.commitment, e.prev_hash, e.row_hash, b.nonce, b.body
FROM event AS e LEFT JOIN event_body AS b ON b.seq = e.seq
WHERE e.subject = :subject
ORDER BY e.subject_seq DESC
LIMIT :limit;

-- name: event_after
SELECT e.seq, e.id, e.subject, e.subject_seq, e.at, e.happened_at, e.actor, e.post, e.kind,
	e.form, e.form_version, e.canon, e.commitment, e.prev_hash, e.row_hash, b.nonce, b.body
FROM event AS e LEFT JOIN event_body AS b ON b.seq = e.seq
WHERE e.seq > :after
ORDER BY e.seq
LIMIT :limit;

-- Subjects of one length between two texts, highest first: numbers with the
-- same count of digits sort like their text.

-- name: event_last_number
SELECT subject FROM event
WHERE subject_seq = 1 AND length(subject) = :length AND subject BETWEEN :low AND :high
ORDER BY subject DESC;

-- Summaries ---------------------------------------------------------------------

-- name: incident_insert
INSERT INTO incident (id, title, state, category, major, department, finder, open, drill,
	confidential, due_at, due_order, reported_at, changed_at, last_seq, waiting, people,
	readers, hidden_from, search, wake_at)
VALUES (:id, :title, :state, :category, :major, :department, :finder, :open, :drill,
	:confidential, :due_at, :due_order, :reported_at, :changed_at, :last_seq, :waiting, :people,
	:readers, :hidden_from, :search, :wake_at)
RETURNING num;

-- name: incident_update
UPDATE incident SET
	title = :title, state = :state, category = :category, major = :major,
	department = :department, finder = :finder, open = :open, drill = :drill,
	confidential = :confidential, due_at = :due_at, due_order = :due_order,
	reported_at = :reported_at, changed_at = :changed_at, last_seq = :last_seq,
	waiting = :waiting, people = :people, readers = :readers, hidden_from = :hidden_from,
	search = :search
WHERE num = :num;

-- Columns that no index holds; used when nothing else changed.

-- name: incident_update_plain
UPDATE incident SET
	title = :title, category = :category, major = :major, drill = :drill,
	confidential = :confidential, reported_at = :reported_at, changed_at = :changed_at,
	last_seq = :last_seq, waiting = :waiting, people = :people, search = :search
WHERE num = :num;

-- By itself: it has an index of its own, and most steps change no other.

-- name: incident_update_wake
UPDATE incident SET wake_at = :wake_at WHERE num = :num;

-- What the update needs to know of the row that is there.

-- name: incident_keys
SELECT num, state, department, finder, open, due_order, readers, hidden_from, people, wake_at
FROM incident WHERE id = :id;

-- Of a case somebody asks for by its number: no column behind these is read.

-- name: incident_sight
SELECT readers, hidden_from FROM incident WHERE id = :id;

-- name: awaited_insert
INSERT INTO awaited (person, open, due_order, id, num)
VALUES (:person, :open, :due_order, :id, :num)
ON CONFLICT DO NOTHING;

-- name: awaited_delete
DELETE FROM awaited
WHERE person = :person AND open = :open AND due_order = :due_order AND id = :id;

-- The two below return the columns in the same order: see incident_read().

-- name: incident_by_num
SELECT id, title, state, category, major, department, finder, open, drill, confidential,
	due_at, reported_at, changed_at, last_seq, waiting, people, readers, hidden_from, search,
	wake_at
FROM incident WHERE num = :num;

-- name: incident_by_id
SELECT id, title, state, category, major, department, finder, open, drill, confidential,
	due_at, reported_at, changed_at, last_seq, waiting, people, readers, hidden_from, search,
	wake_at
FROM incident WHERE id = :id;

-- name: incident_after_id
SELECT id, title, state, category, major, department, finder, open, drill, confidential,
	due_at, reported_at, changed_at, last_seq, waiting, people, readers, hidden_from, search,
	wake_at
FROM incident WHERE id > :after ORDER BY id LIMIT :limit;

-- What the desk does by itself ---------------------------------------------------

-- name: wake_due
SELECT id, wake_at FROM incident WHERE wake_at <= :now ORDER BY wake_at, id LIMIT :limit;

-- name: wake_next
SELECT min(wake_at) FROM incident WHERE wake_at IS NOT NULL;

-- name: engine_get
SELECT value FROM engine WHERE name = :name;

-- name: engine_put
INSERT INTO engine (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: engine_holds
SELECT 1 FROM engine WHERE name = :name AND value = :value;

-- name: engine_delete
DELETE FROM engine WHERE name = :name;

-- Figures ------------------------------------------------------------------------

-- name: figure_put
INSERT INTO figure (reported_at, id, department, category, major, open, acknowledged_at,
	instructed_at, instruct_due, resulted_at, result_due, decided_at, decide_due, approved_at,
	cells, readers, hidden_from, responded_at, links)
VALUES (:reported_at, :id, :department, :category, :major, :open, :acknowledged_at,
	:instructed_at, :instruct_due, :resulted_at, :result_due, :decided_at, :decide_due,
	:approved_at, :cells, :readers, :hidden_from, :responded_at, :links)
ON CONFLICT (reported_at, id) DO UPDATE SET
	department = excluded.department, category = excluded.category, major = excluded.major,
	open = excluded.open, acknowledged_at = excluded.acknowledged_at,
	instructed_at = excluded.instructed_at, instruct_due = excluded.instruct_due,
	resulted_at = excluded.resulted_at, result_due = excluded.result_due,
	decided_at = excluded.decided_at, decide_due = excluded.decide_due,
	approved_at = excluded.approved_at, cells = excluded.cells, readers = excluded.readers,
	hidden_from = excluded.hidden_from, responded_at = excluded.responded_at,
	links = excluded.links;

-- name: figure_range
SELECT id, department, category, major, open, reported_at, acknowledged_at, instructed_at,
	instruct_due, resulted_at, result_due, decided_at, decide_due, approved_at, cells, readers,
	hidden_from, responded_at, links
FROM figure WHERE reported_at >= :since AND reported_at < :until
ORDER BY reported_at, id;

-- name: figures_stale
SELECT value FROM counter WHERE name = 'figures';

-- name: figures_whole
UPDATE counter SET value = 0 WHERE name = 'figures';

-- Lists --------------------------------------------------------------------------
-- Each range of a list has two statements: the rows with the same due moment as
-- the last one shown (tie), and those due later.  Each is one range of one index.

-- name: list_all_tie
SELECT num, due_order, id FROM incident
WHERE due_order = :due AND id < :id ORDER BY id DESC;

-- name: list_all_later
SELECT num, due_order, id FROM incident
WHERE due_order > :due ORDER BY due_order, id DESC;

-- name: list_open_tie
SELECT num, due_order, id FROM incident
WHERE open = 1 AND due_order = :due AND id < :id ORDER BY id DESC;

-- name: list_open_later
SELECT num, due_order, id FROM incident
WHERE open = 1 AND due_order > :due ORDER BY due_order, id DESC;

-- name: list_department_tie
SELECT num, due_order, id FROM incident
WHERE department = :key AND open = 1 AND due_order = :due AND id < :id ORDER BY id DESC;

-- name: list_department_later
SELECT num, due_order, id FROM incident
WHERE department = :key AND open = 1 AND due_order > :due ORDER BY due_order, id DESC;

-- name: list_state_tie
SELECT num, due_order, id FROM incident
WHERE state = :key AND due_order = :due AND id < :id ORDER BY id DESC;

-- name: list_state_later
SELECT num, due_order, id FROM incident
WHERE state = :key AND due_order > :due ORDER BY due_order, id DESC;

-- name: list_finder_tie
SELECT num, due_order, id FROM incident
WHERE finder = :key AND due_order = :due AND id < :id ORDER BY id DESC;

-- name: list_finder_later
SELECT num, due_order, id FROM incident
WHERE finder = :key AND due_order > :due ORDER BY due_order, id DESC;

-- name: list_awaited_tie
SELECT num, due_order, id FROM awaited
WHERE person = :key AND open = 1 AND due_order = :due AND id < :id ORDER BY id DESC;

-- name: list_awaited_later
SELECT num, due_order, id FROM awaited
WHERE person = :key AND open = 1 AND due_order > :due ORDER BY due_order, id DESC;

-- name: list_awaited_closed_tie
SELECT num, due_order, id FROM awaited
WHERE person = :key AND open = 0 AND due_order = :due AND id < :id ORDER BY id DESC;

-- name: list_awaited_closed_later
SELECT num, due_order, id FROM awaited
WHERE person = :key AND open = 0 AND due_order > :due ORDER BY due_order, id DESC;

-- The first three are counted along; what is overdue depends on the moment.  The last two
-- are of the closed cases that wait for the reader: one range of what awaits them.

-- name: count_open
SELECT
	(SELECT n FROM tally WHERE kind = 'mine' AND name = :reader),
	(SELECT n FROM tally WHERE kind = 'department' AND name = :department),
	(SELECT n FROM tally WHERE kind = 'open' AND name = ''),
	(SELECT count(*) FROM incident WHERE open = 1 AND due_order < :now),
	(SELECT count(*) FROM awaited WHERE person = :reader AND open = 0 AND due_order < :soon),
	(SELECT count(*) FROM awaited WHERE person = :reader AND open = 0 AND due_order < :now);

-- What must be taken off the counts again when the reader may not see it.

-- name: restricted_open
SELECT readers, hidden_from, people, department, due_order FROM incident
WHERE open = 1 AND (readers <> '' OR hidden_from <> '');

-- name: restricted_closed
SELECT readers, hidden_from, people, due_order FROM incident
WHERE open = 0 AND (readers <> '' OR hidden_from <> '');

-- Search --------------------------------------------------------------------------
-- Newest first.  The index may say too much, never too little: each case is looked at.

-- name: search_cursor
SELECT seq FROM search_state WHERE one = 1;

-- name: search_cursor_put
UPDATE search_state SET seq = :seq WHERE one = 1;

-- name: search_match
SELECT rowid FROM search_index WHERE search_index MATCH :match AND rowid < :before
ORDER BY rowid DESC;

-- name: search_all
SELECT num FROM incident WHERE num < :before ORDER BY num DESC;

-- Cases with entries in a range of the ledger, once for each entry.

-- name: search_changed
SELECT i.num FROM event AS e JOIN incident AS i ON i.id = e.subject
WHERE e.seq > :after AND e.seq <= :upto;

-- name: search_rest
SELECT num FROM search_rest WHERE num < :before;

-- name: search_text
SELECT search FROM incident WHERE num = :num;

-- name: search_tokens
SELECT tokens FROM search_index WHERE rowid = :num;

-- name: search_insert
INSERT INTO search_index (rowid, tokens) VALUES (:num, :tokens);

-- name: search_delete
DELETE FROM search_index WHERE rowid = :num;

-- name: search_rest_put
INSERT INTO search_rest (num) VALUES (:num) ON CONFLICT DO NOTHING;

-- name: search_rest_delete
DELETE FROM search_rest WHERE num = :num;

-- name: search_num_of_seq
SELECT i.num FROM event AS e JOIN incident AS i ON i.id = e.subject WHERE e.seq = :seq;

-- A deleted row leaves its words in older parts of the index until they are merged.

-- name: search_merge
INSERT INTO search_index (search_index) VALUES ('optimize');

-- name: search_integrity
INSERT INTO search_index (search_index) VALUES ('integrity-check');

-- Drafts ---------------------------------------------------------------------------

-- name: draft_number
UPDATE counter SET value = value + 1 WHERE name = 'draft' RETURNING value;

-- name: draft_insert
INSERT INTO draft (number, person, form, subject, body, saved_at)
VALUES (:number, :person, :form, :subject, :body, :saved_at);

-- name: draft_update
UPDATE draft SET form = :form, subject = :subject, body = :body, saved_at = :saved_at
WHERE number = :number AND person = :person AND (:before = '' OR body = :before)
RETURNING number;

-- name: draft_delete
DELETE FROM draft WHERE number = :number AND person = :person RETURNING number;

-- A draft that was sent: whose it was is the desk's business.

-- name: draft_sent
DELETE FROM draft WHERE number = :number AND (:body = '' OR body = :body);

-- name: draft_of_person
SELECT number, person, form, subject, body, saved_at FROM draft
WHERE person = :person ORDER BY number DESC;

-- Bytes, not characters: that is what they take.

-- name: draft_load
SELECT count(*), coalesce(sum(length(CAST(body AS BLOB))), 0) FROM draft
WHERE person = :person AND number <> :but;

-- What a person has looked at -------------------------------------------------------

-- name: look_put
INSERT INTO looked (person, subject, seq, at) VALUES (:person, :subject, :seq, :at)
ON CONFLICT (person, subject) DO UPDATE SET seq = excluded.seq, at = excluded.at
WHERE excluded.seq > looked.seq;

-- name: look
SELECT seq, at FROM looked WHERE person = :person AND subject = :subject;

-- name: look_changed
SELECT count(*) FROM event
WHERE subject = :subject AND seq > :seq AND actor <> :person
	AND kind NOT IN ('seen', 'remind', 'evidence-opened', 'evidence-exported',
		'evidence-measured');

-- name: looker
SELECT person, at FROM looked
WHERE subject = :subject AND person <> :person AND seq >= :seq ORDER BY at LIMIT 1;

-- Files put in ----------------------------------------------------------------------

-- name: intake_put
INSERT INTO intake (sha256, person, name, size, at)
VALUES (:sha256, :person, :name, :size, :at)
ON CONFLICT (sha256, person) DO UPDATE
SET name = excluded.name, size = excluded.size, at = excluded.at;

-- name: intake_delete
DELETE FROM intake WHERE sha256 = :sha256 AND person = :person;

-- name: intake_of_person
SELECT sha256, person, name, size, at FROM intake WHERE person = :person
ORDER BY sha256;

-- name: intake_of_file
SELECT sha256, person, name, size, at FROM intake WHERE sha256 = :sha256
ORDER BY person;

-- name: intake_old
SELECT sha256, person, name, size, at FROM intake WHERE at < :before
ORDER BY at, sha256, person LIMIT :limit;

-- Preferences ----------------------------------------------------------------------

-- name: pin_put
INSERT INTO pin (person, hash, key_id, once, set_at, set_by)
VALUES (:person, :hash, :key_id, :once, :set_at, :set_by)
ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, key_id = excluded.key_id,
	once = excluded.once, set_at = excluded.set_at, set_by = excluded.set_by;

-- name: pin_end
DELETE FROM pin WHERE person = :person;

-- name: pin_of_person
SELECT person, hash, key_id, once, set_at, set_by FROM pin WHERE person = :person;

-- name: pin_all
SELECT person, hash, key_id, once, set_at, set_by FROM pin ORDER BY person;

-- name: pin_try_put
INSERT INTO pin_try (name, failures, checks, next_at, locked, changed_at)
VALUES (:name, :failures, :checks, :next_at, :locked, :changed_at)
ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, checks = excluded.checks,
	next_at = excluded.next_at, locked = excluded.locked, changed_at = excluded.changed_at;

-- name: pin_try_of_name
SELECT name, failures, checks, next_at, locked, changed_at FROM pin_try WHERE name = :name;

-- name: pin_try_forget
DELETE FROM pin_try WHERE changed_at < :before;

-- name: preference_put
INSERT INTO preference (person, name, value) VALUES (:person, :name, :value)
ON CONFLICT (person, name) DO UPDATE SET value = excluded.value;

-- name: preference_delete
DELETE FROM preference WHERE person = :person AND name = :name;

-- name: preference_of_person
SELECT name, value FROM preference WHERE person = :person ORDER BY name;

-- Targets and outbox ------------------------------------------------------------------

-- name: target_put
INSERT INTO target (name, kind, url, events, allow_http, allow_private, active, created_at,
	format, template, person, stopped)
VALUES (:name, :kind, :url, :events, :allow_http, :allow_private, :active, :created_at,
	:format, :template, :person, :stopped)
ON CONFLICT (name) DO UPDATE SET
	kind = excluded.kind, url = excluded.url, events = excluded.events,
	allow_http = excluded.allow_http, allow_private = excluded.allow_private,
	active = excluded.active, created_at = excluded.created_at,
	format = excluded.format, template = excluded.template, person = excluded.person,
	stopped = excluded.stopped;

-- name: target_all
SELECT name, kind, url, events, allow_http, allow_private, active, created_at,
	format, template, person, stopped
FROM target ORDER BY name;

-- name: outbox_insert
INSERT INTO outbox (id, target, type, subject, body, urgent, created_at, next_at, attempts,
	state, last_status, last_answer, changed_at, withdraw_seq)
VALUES (:id, :target, :type, :subject, :body, :urgent, :created_at, :next_at, :attempts,
	:state, :last_status, :last_answer, :changed_at, :withdraw_seq);

-- Messages of an entry that is taken back: those that were tried, then all.

-- name: outbox_tried
SELECT count(*) FROM outbox
WHERE withdraw_seq = :seq AND withdraw_seq > 0 AND (state <> 'waiting' OR attempts > 0);

-- name: outbox_withdraw
DELETE FROM outbox WHERE withdraw_seq = :seq AND withdraw_seq > 0;

-- A message that waits gets another text, or is not sent any more.

-- name: outbox_reword
UPDATE outbox SET body = :body, state = :state,
	next_at = CASE WHEN :state = 'waiting' THEN next_at END,
	last_answer = :last_answer, changed_at = :changed_at
WHERE id = :id AND state = 'waiting';

-- What was delivered is needed no longer: an erasure could not reach it here.

-- name: outbox_update
UPDATE outbox SET next_at = :next_at, attempts = :attempts, state = :state,
	body = CASE WHEN :state = 'sent' THEN '' ELSE body END,
	last_status = :last_status, last_answer = :last_answer, changed_at = :changed_at
WHERE id = :id
RETURNING num;

-- name: outbox_due
SELECT id, target, type, subject, body, urgent, created_at, next_at, attempts, state,
	last_status, last_answer, changed_at
FROM outbox WHERE state = 'waiting' AND next_at <= :now
ORDER BY urgent DESC, num LIMIT :limit;

-- name: outbox_due_for
SELECT id, target, type, subject, body, urgent, created_at, next_at, attempts, state,
	last_status, last_answer, changed_at
FROM outbox WHERE target = :target AND state = 'waiting' AND next_at <= :now
ORDER BY urgent DESC, num LIMIT :limit;

-- name: outbox_next
SELECT min(next_at) FROM outbox WHERE state = 'waiting';

-- name: outbox_newest
SELECT id, target, type, subject, body, urgent, created_at, next_at, attempts, state,
	last_status, last_answer, changed_at
FROM outbox ORDER BY num DESC LIMIT :limit;

-- name: outbox_newest_in_state
SELECT id, target, type, subject, body, urgent, created_at, next_at, attempts, state,
	last_status, last_answer, changed_at
FROM outbox WHERE state = :state ORDER BY num DESC LIMIT :limit;

-- name: outbox_message
SELECT id, target, type, subject, body, urgent, created_at, next_at, attempts, state,
	last_status, last_answer, changed_at
FROM outbox WHERE id = :id;

-- Given up, and somebody could still get them.  hidden_from is ' a b '.

-- name: outbox_given_up
SELECT count(*) FROM (
	SELECT o.num FROM outbox AS o JOIN target AS t ON t.name = o.target AND t.active = 1
	WHERE o.state IN ('dead', 'stopped') AND NOT EXISTS (
		SELECT 1 FROM incident AS i WHERE i.id = o.subject AND :reader <> ''
			AND instr(i.hidden_from, ' ' || :reader || ' ') > 0)
	LIMIT :limit) AS given_up;

-- The number goes on over retries by hand, with which the plan begins anew.

-- name: delivery_insert
INSERT INTO delivery (outbox, attempt, at, status, outcome, answer)
SELECT :outbox, coalesce(max(attempt), 0) + 1, :at, :status, :outcome, :answer
FROM delivery WHERE outbox = :outbox;

-- name: delivery_of_message
SELECT attempt, at, status, outcome, answer FROM delivery WHERE outbox = :outbox
ORDER BY attempt;

-- name: delivery_prune
DELETE FROM delivery
WHERE outbox = (SELECT id FROM outbox WHERE num = :num AND state = 'sent');

-- The checks ------------------------------------------------------------------------

-- name: schema_objects
SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite@_%' ESCAPE '@'
UNION ALL
SELECT 'column', m.name || '.' || c.name, c.type FROM sqlite_schema m, pragma_table_info(m.name) c
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite@_%' ESCAPE '@'
	AND m.name NOT LIKE 'search@_index%' ESCAPE '@'
ORDER BY 1, 2;

-- Entries are numbered without gaps, or the walk names each gap: then a body without an entry has
-- a number beside all of theirs, and no row has to be looked up.

-- name: check_event_low
SELECT seq FROM event WHERE seq < 1;

-- name: check_body_beside
SELECT seq FROM event_body
WHERE seq < (SELECT coalesce(min(seq), 9223372036854775807) FROM event)
	OR seq > (SELECT max(seq) FROM event);

-- name: check_body_alone
SELECT b.seq FROM event_body AS b
WHERE b.seq BETWEEN (SELECT min(seq) FROM event) AND (SELECT max(seq) FROM event)
	AND (SELECT count(*) <> max(seq) - min(seq) + 1 FROM event)
	AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.seq = b.seq);

-- name: check_erasure_alone
SELECT x.seq FROM erasure AS x
WHERE NOT EXISTS (SELECT 1 FROM event AS e WHERE e.seq = x.by_seq AND e.kind = 'erase');

-- Rows that no incident names, and incidents with fewer rows than they name people: ' a b '.

-- name: check_awaited
SELECT id FROM awaited AS a
WHERE NOT EXISTS (SELECT 1 FROM incident AS i WHERE i.id = a.id AND i.num = a.num
	AND i.open = a.open AND i.due_order = a.due_order
	AND replace(i.people, ' ' || a.person || ' ', '') <> i.people)
UNION
SELECT i.id FROM incident AS i
LEFT JOIN (SELECT num, count(*) AS n FROM awaited GROUP BY num) AS a ON a.num = i.num
WHERE coalesce(a.n, 0) < length(i.people) - length(replace(i.people, ' ', '')) - 1;

-- name: check_tally
SELECT kind, name FROM tally AS t
WHERE n <> CASE kind
	WHEN 'open' THEN (SELECT count(*) FROM incident WHERE open = 1)
	WHEN 'department' THEN
		(SELECT count(*) FROM incident AS i WHERE i.open = 1 AND i.department = t.name)
	ELSE (SELECT count(*) FROM awaited AS a WHERE a.open = 1 AND a.person = t.name) END
UNION ALL
SELECT 'open', '' WHERE NOT EXISTS (SELECT 1 FROM tally WHERE kind = 'open' AND name = '')
UNION ALL
SELECT DISTINCT 'department', i.department FROM incident AS i WHERE i.open = 1
	AND NOT EXISTS (SELECT 1 FROM tally WHERE kind = 'department' AND name = i.department)
UNION ALL
SELECT DISTINCT 'mine', a.person FROM awaited AS a WHERE a.open = 1
	AND NOT EXISTS (SELECT 1 FROM tally WHERE kind = 'mine' AND name = a.person);

-- Every case that the index should hold as it is now, and what it holds.

-- name: check_search
SELECT i.id, i.search, s.tokens FROM incident AS i LEFT JOIN search_index AS s ON s.rowid = i.num
WHERE EXISTS (SELECT 1 FROM event AS e WHERE e.subject = i.id)
	AND NOT EXISTS (SELECT 1 FROM search_rest AS r WHERE r.num = i.num)
	AND NOT EXISTS (SELECT 1 FROM event AS e
		WHERE e.subject = i.id AND e.seq > (SELECT seq FROM search_state WHERE one = 1));

-- name: check_search_alone
SELECT s.rowid FROM search_index AS s
WHERE NOT EXISTS (SELECT 1 FROM incident AS i WHERE i.num = s.rowid);

-- Alerts --------------------------------------------------------------------------

-- name: alert_insert
INSERT INTO alert (num, source, key, title, body, state, incident, firing, times, first_at,
	last_at, last_seq)
VALUES (:num, :source, :key, :title, :body, :state, :incident, :firing, :times, :first_at,
	:last_at, :last_seq);

-- Changes no row when somebody counted or judged meanwhile.

-- name: alert_update
UPDATE alert SET
	key = :key, title = :title, body = :body, state = :state, incident = :incident, firing = :firing,
	times = :times, last_at = :last_at, last_seq = :last_seq
WHERE num = :num AND last_seq = :was_seq AND times = :was_times;

-- name: alert_is_open
SELECT num FROM alert WHERE source = :source AND key = :key AND state = 'open';

-- The six below return the columns in the same order: see alert_read().

-- name: alert_of_num
SELECT num, source, key, title, body, state, incident, firing, times, first_at, last_at, last_seq
FROM alert WHERE num = :num;

-- name: alert_of_key
SELECT num, source, key, title, body, state, incident, firing, times, first_at, last_at, last_seq
FROM alert WHERE source = :source AND key = :key ORDER BY num DESC LIMIT 1;

-- name: alert_before
SELECT num, source, key, title, body, state, incident, firing, times, first_at, last_at, last_seq
FROM alert WHERE num < :before ORDER BY num DESC LIMIT :limit;

-- name: alert_in_state
SELECT num, source, key, title, body, state, incident, firing, times, first_at, last_at, last_seq
FROM alert WHERE state = :state AND num < :before ORDER BY num DESC LIMIT :limit;

-- name: alert_after
SELECT num, source, key, title, body, state, incident, firing, times, first_at, last_at, last_seq
FROM alert WHERE num > :after ORDER BY num LIMIT :limit;

-- name: alert_of_incident
SELECT num, source, key, title, body, state, incident, firing, times, first_at, last_at, last_seq
FROM alert WHERE incident = :incident AND incident <> '' AND num > :after ORDER BY num LIMIT :limit;

-- Open alerts are few: what comes beyond a limit is folded into one (core/alert.h).

-- name: alert_count
SELECT count(*) FROM alert WHERE state = 'open';

-- name: alert_count_firing
SELECT count(*) FROM alert WHERE state = 'open' AND firing = 1;
