/* SPDX-License-Identifier: MIT */
/*
 * The verifier against a file that somebody changed, the export, receivers and
 * their messages, the examination and the backup.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "fixture.h"
#include "toban/base/attr.h"
#include "toban/forms.h"

/* What the owner of the file can do to it with a stock tool. */
static void
tamper(struct fixture *f, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *names = NULL;
	char *error = NULL;
	char drop_all[2048] = "";
	size_t len = 0;

	desk_free(f->desk);
	store_close(f->store);
	f->desk = NULL;
	f->store = NULL;
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(db, "SELECT name FROM sqlite_master WHERE type = 'trigger'", -1,
			&names, NULL),
		SQLITE_OK);
	while (sqlite3_step(names) == SQLITE_ROW) {
		len += (size_t)snprintf(drop_all + len, sizeof(drop_all) - len, "DROP TRIGGER %s;",
			(const char *)sqlite3_column_text(names, 0));
	}
	sqlite3_finalize(names);
	assert_int_equal(sqlite3_exec(db, drop_all, NULL, NULL, &error), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
		fail_msg("%s: %s", sql, error);
	}
	sqlite3_close(db);
	fixture_open(f);
}

static bool
has_problem(const json_t *answer, const char *kind)
{
	const json_t *problem;
	size_t i;

	json_array_foreach(json_object_get(answer, "problems"), i, problem)
	{
		if (strcmp(text_at(problem, "kind"), kind) == 0) {
			return true;
		}
	}
	return false;
}

static void
verify__changed_file__finds_and_names(void **state)
{
	static const struct {
		const char *sql;
		const char *kind;
	} rows[] = {
		{ "UPDATE event_body SET body = replace(body, 'Both', 'None') WHERE seq = 3",
			"body-changed" },
		{ "UPDATE event SET actor = 'dc-owner' WHERE seq = 3", "changed" },
		{ "DELETE FROM event_body WHERE seq = 4; DELETE FROM event WHERE seq = 4",
			"missing" },
		{ "DELETE FROM event_body WHERE seq = 1; DELETE FROM event WHERE seq = 1",
			"missing" },
		{ "UPDATE event_body SET body = '{}' WHERE seq = 1", "body-changed" },
		{ "DELETE FROM event_body WHERE seq = 2; DELETE FROM event WHERE seq = 2",
			"missing" },
		{ "UPDATE event_body SET body = 'nonsense' WHERE seq = 3", "body-changed" },
		{ "UPDATE event_body SET body = '[]' WHERE seq = 5", "body-changed" },
		{ "UPDATE incident SET title = 'Nothing happened'", "summary" },
		{ "UPDATE incident SET hidden_from = ' auditor-1 '", "summary" },
		{ "DELETE FROM awaited; DELETE FROM incident", "summary" },
		{ "UPDATE target SET url = 'https://evil.example/'", "summary" },
		{ "UPDATE target SET active = 0", "summary" },
		{ "UPDATE target SET format = 'slack'", "summary" },
		{ "UPDATE target SET template = 'short'", "summary" },
		{ "UPDATE target SET person = 'dc-owner'", "summary" },
		{ "DELETE FROM target", "summary" },
		{ "INSERT INTO target VALUES ('b', 'webhook', 'https://e.example/', '*', 0, 0, 1, "
		  "0, 'generic', '', '', 0)",
			"summary" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;
		json_t *answer;
		char *id;

		fixture_start(&f, ON_SQLITE);
		id = report(&f);
		drop(act(&f, "dc-owner", id, "acknowledge", NULL));
		drop(act(&f, "dc-operator-1", id, "note", "{'text':'x'}"));
		drop(ok(&f, "admin", "target.add", "{'name':'a','url':'https://example.org/'}"));
		answer = ok(&f, "auditor-1", "ledger.verify", "{'rebuild':true}");
		assert_true(json_is_true(json_object_get(answer, "ok")));
		drop(answer);
		tamper(&f, rows[i].sql);
		answer = ok(&f, "auditor-1", "ledger.verify", "{'rebuild':true}");
		assert_true(json_is_false(json_object_get(answer, "ok")));
		if (!has_problem(answer, rows[i].kind)) {
			char *text = json_dumps(answer, JSON_INDENT(1));

			fail_msg("%s: no problem %s in %s", rows[i].sql, rows[i].kind, text);
		}
		drop(answer);
		free(id);
		fixture_stop(&f);
	}
}

static void
verify__head_kept_elsewhere__finds_a_cut_end(void **state)
{
	struct fixture f;
	json_t *head;
	json_t *answer;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	drop(act(&f, "dc-owner", id, "acknowledge", NULL));
	head = ok(&f, "auditor-1", "ledger.head", NULL);
	answer = ok_doc(&f, "auditor-1", "ledger.verify", json_pack("{s:O}", "head", head));
	assert_true(json_is_true(json_object_get(answer, "ok")));
	drop(answer);
	tamper(&f, "DELETE FROM event_body WHERE seq = 4; DELETE FROM event WHERE seq = 4");
	answer = ok_doc(&f, "auditor-1", "ledger.verify", json_pack("{s:O}", "head", head));
	assert_true(has_problem(answer, "cut-off"));
	drop(answer);
	drop(head);
	refused(&f, "auditor-1", "ledger.verify", "{'head':{'seq':'x','row_hash':'y'}}", "D102");
	free(id);
	fixture_stop(&f);
}

/* --- separation of duties ------------------------------------------------------------------ */

/* An entry put into the ledger past the door, by somebody who writes the file. */
static void
forge(struct fixture *f, const char *subject, const char *kind, const char *actor, const char *body)
{
	struct event_list events = { NULL, 0 };
	struct event event = { .id = "FORGED",
		.subject = subject,
		.at = f->now,
		.happened_at = STAMP_NONE,
		.actor = actor,
		.post = "",
		.kind = kind,
		.form = "",
		.form_version = "",
		.body = body };
	struct store_batch batch = { .events = &event, .n_events = 1 };
	struct arena *arena = arena_new();

	assert_int_equal(store_subject(f->store, arena, subject, &events), ERR_OK);
	event.subject_seq = (int64_t)events.n + 1;
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	arena_free(arena);
}

static void
verify__approval_by_the_author__named(void **state)
{
	struct fixture f;
	json_t *answer;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	drop(act(&f, "dc-owner", id, "instruct", "{'to':['dc-operator-1'],'text':'x','due':'4h'}"));
	drop(act(&f, "dc-operator-1", id, "respond", "{'text':'done'}"));
	drop(act(&f, "dc-owner", id, "report-result", "{'cause':'c','actions':'a'}"));
	forge(&f, id, "approve-result", "dc-owner", "{\"fields\":{},\"state\":\"approved\"}");
	answer = ok(&f, "auditor-1", "ledger.verify", NULL);
	assert_true(has_problem(answer, "duties"));
	drop(answer);
	free(id);
	fixture_stop(&f);
}

/* --- receivers and messages ------------------------------------------------------------------- */

static size_t
queued(struct fixture *f)
{
	json_t *answer = ok(f, "admin", "outbox.list", NULL);
	size_t n = json_array_size(json_object_get(answer, "messages"));

	drop(answer);
	return n;
}

static void
target__added_and_crisis__one_message(enum fixture_store kind)
{
	struct fixture f;
	struct outbox_list due = { NULL, 0 };
	json_t *answer;
	json_t *body;
	char *id;

	fixture_start(&f, kind);
	answer = ok(
		&f, "admin", "target.add", "{'name':'crisis-room','url':'https://example.org/h'}");
	assert_int_equal(strncmp(text_at(answer, "secret"), "whsec_", 6), 0);
	assert_string_equal(secrets_get(f.secrets, "crisis-room"), text_at(answer, "secret"));
	drop(answer);
	id = report_with(&f, "dc-operator-1",
		"{'answers':{'service-disruption':'yes','major-accident':'yes'}}");
	assert_int_equal(queued(&f), 0); /* "crisis" only */
	drop(act(&f, "office-head", id, "decide-major", "{'major':'yes'}"));
	assert_int_equal(queued(&f), 1);
	assert_int_equal(store_outbox_due(f.store, f.arena, f.now, 9, &due), ERR_OK);
	assert_int_equal(due.n, 1);
	assert_true(due.items[0].urgent);
	assert_string_equal(due.items[0].subject, id);
	body = json_loads(due.items[0].body, 0, NULL);
	answer = ok(&f, "admin", "ledger.head", NULL);
	assert_non_null(strstr(due.items[0].body, text_at(answer, "row_hash")));
	assert_string_equal(text_at(body, "type"), "crisis.escalated");
	drop(answer);
	drop(body);
	drop(ok(&f, "admin", "target.test", "{'name':'crisis-room'}"));
	assert_int_equal(queued(&f), 2);
	drop(ok(&f, "admin", "target.remove", "{'name':'crisis-room'}"));
	assert_null(secrets_get(f.secrets, "crisis-room"));
	refused(&f, "admin", "target.test", "{'name':'crisis-room'}", "D501");
	free(id);
	fixture_stop(&f);
}

static void
target__crisis_on_memory__one_message(void **state)
{
	(void)state;
	target__added_and_crisis__one_message(ON_MEMORY);
}

static void
target__crisis_on_sqlite__one_message(void **state)
{
	(void)state;
	target__added_and_crisis__one_message(ON_SQLITE);
}

static void
target__bad_arguments__named(void **state)
{
	static const struct {
		const char *args;
		const char *code;
	} rows[] = {
		{ "{'name':'Bad Name','url':'https://example.org/'}", "D105" },
		{ "{'name':'a','url':'http://example.org/'}", "D102" },
		{ "{'name':'a','url':'file:///etc/passwd'}", "D102" },
		{ "{'name':'a','url':'https://example.org/','secret':'short'}", "D102" },
		{ "{'name':'a','url':'https://example.org/','events':['a b']}", "D103" },
		{ "{'name':'a','url':'https://example.org/','events':'*'}", "D102" },
		{ "{'name':'a','url':'https://example.org/','person':'nobody'}", "D107" },
		{ "{'name':'a'}", "D101" },
	};
	struct fixture f;
	json_t *answer;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		refused(&f, "admin", "target.add", rows[i].args, rows[i].code);
	}
	drop(ok(&f, "admin", "target.add", "{'name':'a','url':'https://example.org/secret-path'}"));
	refused(&f, "admin", "target.add", "{'name':'a','url':'https://example.org/'}", "D103");
	/* Neither the secret nor the path of the address is in the ledger. */
	answer = ok(&f, "admin", "ledger.export", NULL);
	{
		char *text = json_dumps(answer, 0);

		assert_non_null(strstr(text, "target-added"));
		assert_null(strstr(text, "secret-path"));
		assert_null(strstr(text, "whsec_"));
		free(text);
	}
	drop(answer);
	fixture_stop(&f);
}

static void
outbox__retry__due_again(void **state)
{
	struct fixture f;
	struct outbox_list list = { NULL, 0 };
	json_t *answer;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	drop(ok(&f, "admin", "target.add", "{'name':'a','url':'https://example.org/'}"));
	drop(ok(&f, "admin", "target.test", "{'name':'a'}"));
	refused(&f, "admin", "outbox.retry", "{}", "D101");
	refused(&f, "admin", "outbox.retry", "{'id':'msg_none'}", "D504");
	assert_int_equal(store_outbox(f.store, f.arena, NULL, 9, &list), ERR_OK);
	list.items[0].state = "dead";
	list.items[0].next_at = STAMP_NONE;
	assert_int_equal(store_outbox_put(f.store, list.items, 1), ERR_OK);
	answer = ok(&f, "admin", "admin.doctor", NULL);
	assert_true(json_is_false(json_object_get(answer, "ok")));
	drop(answer);
	answer = ok(&f, "admin", "outbox.retry", "{'target':'a'}");
	assert_int_equal(json_integer_value(json_object_get(answer, "retried")), 1);
	drop(answer);
	assert_int_equal(store_outbox_due(f.store, f.arena, f.now, 9, &list), ERR_OK);
	assert_int_equal(list.n, 1);
	fixture_stop(&f);
}

/* --- erasing, exporting, examining --------------------------------------------------------------
 */

static void
erase__an_entry__text_gone_chain_whole(void **state)
{
	struct fixture f;
	json_t *answer;
	char *id;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	id = report(&f);
	drop(act(&f, "dc-operator-1", id, "note", "{'text':'Mr Tanaka of the cleaning firm'}"));
	drop(act(&f, "office-head", id, "erase", "{'seq':4,'why':'asked for by the person'}"));
	answer = ok(&f, "dc-owner", "search", "{'words':'tanaka'}");
	assert_int_equal(json_array_size(json_object_get(answer, "incidents")), 0);
	drop(answer);
	answer = ok(&f, "dc-owner", "incident.log", "{'id':'26-0001'}");
	assert_true(json_is_null(
		json_object_get(json_array_get(json_object_get(answer, "log"), 1), "body")));
	drop(answer);
	answer = ok(&f, "dc-owner", "ledger.verify", "{'rebuild':true}");
	if (!json_is_true(json_object_get(answer, "ok"))) {
		fail_msg("%s", json_dumps(answer, 0));
	}
	drop(answer);
	free(id);
	fixture_stop(&f);
}

static void
export__pages__all_columns(void **state)
{
	static const char *const keys[] = { "seq", "id", "subject", "subject_seq", "at",
		"happened_at", "actor", "post", "kind", "form", "form_version", "canon", "nonce",
		"body", "commitment", "prev_hash", "row_hash" };
	struct fixture f;
	json_t *answer;
	json_t *event;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	id = report(&f);
	answer = ok(&f, "auditor-1", "ledger.export", "{'limit':2}");
	assert_int_equal(json_integer_value(json_object_get(answer, "next")), 2);
	drop(answer);
	answer = ok(&f, "auditor-1", "ledger.export", "{'after':2,'limit':2}");
	assert_true(json_is_null(json_object_get(answer, "next")));
	event = json_array_get(json_object_get(answer, "events"), 0);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (!json_object_get(event, keys[i])) {
			fail_msg("ledger.export lacks %s", keys[i]);
		}
	}
	drop(answer);
	free(id);
	fixture_stop(&f);
}

static void
doctor_and_backup__sound_desk__ok(void **state)
{
	struct fixture f;
	char args[160];
	char path[128];
	struct stat st;
	json_t *answer;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	free(report(&f));
	answer = ok(&f, "admin", "admin.doctor", NULL);
	if (!json_is_true(json_object_get(answer, "ok"))) {
		fail_msg("%s", json_dumps(answer, 0));
	}
	drop(answer);
	snprintf(path, sizeof(path), "%s/copy.db", f.dir);
	snprintf(args, sizeof(args), "{'path':'%s'}", path);
	answer = ok(&f, "admin", "admin.backup", args);
	assert_int_equal(json_integer_value(json_object_get(answer, "events")), 3);
	drop(answer);
	assert_int_equal(stat(path, &st), 0);
	f.now = 0;
	answer = ok(&f, "admin", "admin.doctor", NULL);
	assert_true(json_is_false(json_object_get(answer, "ok")));
	drop(answer);
	fixture_stop(&f);
}

static void
desk__changed_procedure__recorded_once(void **state)
{
	struct fixture f;
	struct arena *arena = arena_new();
	struct event_list events = { NULL, 0 };
	struct procedure changed;
	json_t *answer;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	free(report(&f));
	fixture_reopen(&f);
	assert_int_equal(store_subject(f.store, arena, SUBJECT_PROCEDURE, &events), ERR_OK);
	assert_int_equal(events.n, 1);
	changed = *f.procedure;
	changed.hash.bytes[0] ^= 1;
	f.procedure = &changed;
	fixture_reopen(&f);
	/* Looking at the ledger leaves it as it was. */
	drop(ok(&f, "auditor-1", "ledger.verify", NULL));
	drop(ok(&f, "auditor-1", "ledger.head", NULL));
	assert_int_equal(store_subject(f.store, arena, SUBJECT_PROCEDURE, &events), ERR_OK);
	assert_int_equal(events.n, 1);
	drop(ok(&f, "auditor-1", "incident.list", NULL));
	fixture_reopen(&f);
	drop(ok(&f, "auditor-1", "incident.list", NULL));
	assert_int_equal(store_subject(f.store, arena, SUBJECT_PROCEDURE, &events), ERR_OK);
	assert_int_equal(events.n, 2);
	/* The hash is a lie: these files are not of it. */
	answer = ok(&f, "auditor-1", "ledger.verify", NULL);
	assert_true(has_problem(answer, "changed"));
	drop(answer);
	arena_free(arena);
	fixture_stop(&f);
}

/* A site's flow in which the owner is awaited to instruct at once. */
static const struct procedure *
changed_flow(struct fixture *f)
{
	static const char from[] = "Waits=link:acknowledge\n";
	static const char to[] = "Waits=link:acknowledge owner:instruct\n";
	const struct def_file *shipped = shipped_find("incident/incident.flow");
	struct ini_problems problems = { .arena = f->arena };
	const struct procedure *changed = NULL;
	struct def_file site = *shipped;
	struct str text = STR_INIT;
	const char *at = strstr(shipped->data, from);

	assert_non_null(at);
	str_add_n(&text, shipped->data, (size_t)(at - shipped->data));
	str_add(&text, to);
	str_add(&text, at + sizeof(from) - 1);
	site.data = arena_strdup(f->arena, str_text(&text));
	site.len = text.len;
	str_release(&text);
	assert_int_equal(
		procedure_load(f->arena, (struct def_files){ shipped_files, shipped_files_n },
			(struct def_files){ &site, 1 }, &problems, &changed),
		ERR_OK);
	return changed;
}

static size_t
awaited(struct fixture *f)
{
	json_t *list = ok(f, "dc-owner", "incident.list", NULL);
	json_t *row = json_array_get(json_object_get(list, "incidents"), 0);
	size_t n = json_array_size(json_object_get(row, "waiting_for"));

	drop(list);
	return n;
}

static void
desk__changed_flow__summaries_follow(void **state)
{
	struct fixture f;
	json_t *answer;
	json_t *entry;

	(void)state;
	fixture_start(&f, ON_SQLITE);
	free(report(&f));
	assert_int_equal(awaited(&f), 1);
	f.procedure = changed_flow(&f);
	fixture_reopen(&f);
	assert_int_equal(awaited(&f), 2);
	answer = ok(&f, "auditor-1", "ledger.verify", "{'rebuild':true}");
	assert_true(json_is_true(json_object_get(answer, "ok")));
	drop(answer);
	/* The old entry still says under which rules it was made. */
	drop(act(&f, "dc-operator-1", "26-0001", "note", "{'text':'x'}"));
	answer = ok(&f, "dc-owner", "incident.log", "{'id':'26-0001'}");
	entry = json_array_get(json_object_get(answer, "log"), 0);
	assert_string_not_equal(text_at(entry, "form_version"),
		text_at(json_array_get(json_object_get(answer, "log"), 1), "form_version"));
	drop(answer);
	fixture_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verify__changed_file__finds_and_names),
		cmocka_unit_test(verify__head_kept_elsewhere__finds_a_cut_end),
		cmocka_unit_test(verify__approval_by_the_author__named),
		cmocka_unit_test(target__crisis_on_memory__one_message),
		cmocka_unit_test(target__crisis_on_sqlite__one_message),
		cmocka_unit_test(target__bad_arguments__named),
		cmocka_unit_test(outbox__retry__due_again),
		cmocka_unit_test(erase__an_entry__text_gone_chain_whole),
		cmocka_unit_test(export__pages__all_columns),
		cmocka_unit_test(doctor_and_backup__sound_desk__ok),
		cmocka_unit_test(desk__changed_procedure__recorded_once),
		cmocka_unit_test(desk__changed_flow__summaries_follow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
