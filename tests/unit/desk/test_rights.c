/* SPDX-License-Identifier: MIT */
/*
 * Changes of rights: who may make them, what is told of them, and that they hold at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "signer.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/core/decision.h"
#include "toban/forms.h"
#include "toban/store/store.h"

static struct pair head;

static void
start(struct fixture *f)
{
	fixture_start_real(f, ON_SQLITE);
	give_key(f, "office-head", &head);
}

/* The example with one line of one person replaced, and an administrator with an account. */
static json_t *
org_args(const char *person, const char *line, const char *by)
{
	const struct def_file *file = shipped_find("org/example.ini");
	struct str text = STR_INIT;
	char section[64];
	char *whole = strndup(file->data, file->len);
	char *at;
	char *old;
	json_t *args;

	snprintf(section, sizeof(section), "[person %s]", person);
	at = strstr(whole, section);
	assert_non_null(at);
	old = strstr(at, line);
	assert_non_null(old);
	str_add_n(&text, whole, (size_t)(old - whole));
	str_add(&text, by);
	str_add(&text, strchr(old, '\n'));
	str_add(&text,
		"\n[person "
		"admin-2]\nName=A\nDepartment=general-affairs\nRoles=admin\nLogin=root\n");
	args = json_pack("{s:s}", "text", str_text(&text));
	str_release(&text);
	free(whole);
	return args;
}

static void
expect_refused(struct fixture *f, const char *person, json_t *args, const char *code)
{
	struct door door = fixture_door(f, person);
	json_t *result = NULL;
	json_t *error = NULL;

	assert_int_not_equal(door.call(door.ctx, "org.set", args, &result, &error), ERR_OK);
	assert_string_equal(text_at(error, "code"), code);
	desk_door_free(&door);
	json_decref(error);
	json_decref(args);
}

static void
set__signed__holds_at_once_and_is_told(void **state)
{
	struct fixture f;
	struct door door;
	json_t *answer;
	json_t *change;
	json_t *error = NULL;
	char *found;

	(void)state;
	start(&f);
	door = fixture_door(&f, "crisis-1"); /* a session from before the change */
	free(report(&f));
	assert_int_equal(door.call(door.ctx, "outbox.list", NULL, &answer, &error), ERR_DENIED);
	json_decref(error);
	answer = call_signed(
		&f, &head, "org.set", org_args("crisis-1", "Roles=crisis", "Roles=office"));
	assert_true(json_is_true(json_object_get(answer, "marked")));
	change = json_array_get(json_object_get(answer, "people"), 0);
	assert_string_equal(text_at(change, "person"), "crisis-1");
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(change, "gained"), 0)), "office");
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(change, "lost"), 0)), "crisis");
	json_decref(answer);
	/* The old session has the new part, and no other. */
	assert_int_equal(door.call(door.ctx, "outbox.list", NULL, &answer, &error), ERR_OK);
	json_decref(answer);
	desk_door_free(&door);
	found = problems(&f);
	assert_string_equal(found, "");
	free(found);
	answer = ok(&f, "auditor-1", "ledger.verify", "{'rebuild':true}");
	assert_true(json_is_true(json_object_get(answer, "ok")));
	json_decref(answer);
	fixture_stop(&f);
}

static void
set__removed_person__can_do_nothing(void **state)
{
	struct fixture f;
	struct door door;
	json_t *answer = NULL;
	json_t *error = NULL;
	json_t *args;

	(void)state;
	start(&f);
	door = fixture_door(&f, "maint-deputy-2");
	args = org_args("maint-deputy-2", "[person maint-deputy-2]", "[person somebody-else]");
	drop(call_signed(&f, &head, "org.set", args));
	assert_int_equal(door.call(door.ctx, "incident.list", NULL, &answer, &error), ERR_DENIED);
	assert_string_equal(text_at(error, "code"), "D300");
	json_decref(error);
	desk_door_free(&door);
	fixture_stop(&f);
}

static void
set__by_who_may_not__is_refused(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	expect_refused(
		&f, "office-staff-1", org_args("crisis-1", "Roles=crisis", "Roles=office"), "D301");
	expect_refused(
		&f, "dc-owner", org_args("crisis-1", "Roles=crisis", "Roles=office"), "D301");
	/* Unsigned it changes nothing. */
	expect_refused(
		&f, "office-head", org_args("crisis-1", "Roles=crisis", "Roles=office"), "D320");
	expect_refused(&f, "office-head", json_pack("{s:s}", "text", "[org]\nName=x\n"), "D102");
	fixture_stop(&f);
}

/* Nobody gives themselves a part: not by name, not by a second name on their account. */
static void
set__own_part__is_refused(void **state)
{
	struct fixture f;
	json_t *args;

	(void)state;
	start(&f);
	expect_refused(&f, "admin", org_args("admin", "Roles=admin", "Roles=admin office"), "D356");
	expect_refused(&f, "office-head",
		org_args("office-head", "Roles=office-head", "Roles=office-head admin"), "D356");
	/* The sessions of the tests have the account "stranger". */
	args = org_args("office-staff-1", "Roles=office", "Roles=office\nLogin=stranger");
	expect_refused(&f, "admin", args, "D356");
	/* Somebody else may give it. */
	drop(call_signed(
		&f, &head, "org.set", org_args("admin", "Roles=admin", "Roles=admin staff")));
	fixture_stop(&f);
}

static void
set__dry_run__records_nothing(void **state)
{
	struct fixture f;
	struct ledger_head before;
	struct ledger_head after;
	json_t *args = org_args("crisis-1", "Roles=crisis", "Roles=office");
	json_t *answer;

	(void)state;
	start(&f);
	assert_int_equal(store_head(f.store, &before), ERR_OK);
	json_object_set_new(args, "dry_run", json_true());
	answer = ok_doc(&f, "admin", "org.set", args);
	assert_int_equal(json_array_size(json_object_get(answer, "people")), 3);
	json_decref(answer);
	assert_int_equal(store_head(f.store, &after), ERR_OK);
	assert_int_equal(before.seq, after.seq);
	fixture_stop(&f);
}

/* Of two who change it at once the slower one is told, and signs what is there then. */
static void
set__somebody_was_faster__is_a_conflict(void **state)
{
	struct fixture f;
	struct door door;
	json_t *args = org_args("crisis-1", "Roles=crisis", "Roles=office");
	json_t *result = NULL;
	json_t *error = NULL;
	char *armored;

	(void)state;
	start(&f);
	door = fixture_door(&f, "office-head");
	assert_int_equal(door.call(door.ctx, "org.set", args, &result, &error), ERR_DENIED);
	drop(call_signed(
		&f, &head, "org.set", org_args("crisis-2", "Roles=crisis", "Roles=office")));
	armored =
		pair_sign(&head, SSHSIG_NAMESPACE, text_at(json_object_get(error, "sign"), "text"));
	json_object_set(args, "event", json_object_get(json_object_get(error, "sign"), "event"));
	json_object_set_new(args, "signature", json_string(armored));
	json_decref(error);
	error = NULL;
	assert_int_equal(door.call(door.ctx, "org.set", args, &result, &error), ERR_CONFLICT);
	assert_string_equal(text_at(error, "code"), "D355");
	json_decref(error);
	json_decref(args);
	free(armored);
	desk_door_free(&door);
	fixture_stop(&f);
}

/* The messages "rights.changed", each as the text of its line; free(). */
static char *
messages(struct fixture *f, size_t *ret_n)
{
	json_t *answer = ok(f, "admin", "outbox.list", "{}");
	char *text = NULL;
	size_t i;
	json_t *row;

	*ret_n = 0;
	json_array_foreach(json_object_get(answer, "messages"), i, row)
	{
		json_t *args = json_pack("{s:s}", "id", text_at(row, "id"));
		json_t *shown = ok_doc(f, "admin", "outbox.show", args);

		assert_string_equal(text_at(row, "type"), "rights.changed");
		assert_true(json_is_true(json_object_get(row, "urgent")));
		free(text);
		text = json_dumps(json_object_get(shown, "message"), JSON_COMPACT);
		++*ret_n;
		drop(shown);
	}
	drop(answer);
	return text;
}

static void
set__whoever_asked_and_the_office_head__hear_of_it(void **state)
{
	struct fixture f;
	size_t n;
	char *text;

	(void)state;
	start(&f);
	drop(ok(&f, "admin", "target.add",
		"{'name':'watch','url':'https://hooks.example.org/x','events':['rights.*']}"));
	drop(ok(&f, "admin", "target.add",
		"{'name':'own','url':'https://hooks.example.org/y','person':'office-head'}"));
	drop(ok(&f, "admin", "target.add",
		"{'name':'other','url':'https://hooks.example.org/z','person':'dc-owner'}"));
	drop(ok(&f, "admin", "target.add",
		"{'name':'crisis','url':'https://hooks.example.org/c','events':['crisis']}"));
	drop(call_signed(&f, &head, "org.set",
		org_args("crisis-1", "Roles=crisis", "Roles=office\nLogin=secretlogin")));
	text = messages(&f, &n);
	assert_int_equal(n, 2);
	assert_non_null(strstr(text, "gains information security office"));
	assert_non_null(strstr(text, "loses crisis management"));
	assert_non_null(strstr(text, "has another account"));
	assert_non_null(strstr(text, "\"gained\":[\"office\"]"));
	assert_null(strstr(text, "secretlogin"));
	free(text);
	fixture_stop(&f);
}

/* A console is a way in as much as an account is. */
static void
set__a_console__is_part_of_what_changes(void **state)
{
	struct fixture f;
	json_t *args;
	json_t *answer;
	const json_t *post;

	(void)state;
	start(&f);
	args = org_args("crisis-1", "Roles=crisis",
		"Roles=crisis\n[post night]\nName=Night\nLogin=nightdesk\nDepartment=datacentre\n"
		"People=sales-owner\n[person crisis-9]\nName=C\nDepartment=crisis-office\n"
		"Roles=crisis");
	json_object_set_new(args, "dry_run", json_true());
	answer = ok_doc(&f, "admin", "org.set", args);
	assert_true(json_is_true(json_object_get(answer, "marked")));
	assert_int_equal(json_array_size(json_object_get(answer, "posts")), 1);
	post = json_array_get(json_object_get(answer, "posts"), 0);
	assert_string_equal(text_at(post, "post"), "night");
	assert_true(json_is_true(json_object_get(post, "added")));
	assert_string_equal(text_at(json_object_get(post, "login"), "to"), "nightdesk");
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(post, "gained"), 0)),
		"sales-owner");
	drop(answer);
	fixture_stop(&f);
}

/* Entry, summaries and messages are one thing: what cannot be made keeps all of it out. */
static void
set__is_one_transaction(void **state)
{
	struct fixture f;
	struct ledger_head before;
	struct ledger_head after;
	struct incident_row row;

	(void)state;
	start(&f);
	free(report_with(&f, "dc-operator-1", "{'confidential':true}"));
	assert_int_equal(store_incident(f.store, f.arena, "26-0001", &row), ERR_OK);
	assert_null(strstr(row.readers, "crisis-1"));
	assert_int_equal(store_head(f.store, &before), ERR_OK);
	drop(call_signed(
		&f, &head, "org.set", org_args("crisis-1", "Roles=crisis", "Roles=office")));
	assert_int_equal(store_head(f.store, &after), ERR_OK);
	assert_int_equal(after.seq, before.seq + 1);
	/* The row as it is stored, before any call could have mended it. */
	assert_int_equal(store_incident(f.store, f.arena, "26-0001", &row), ERR_OK);
	assert_non_null(strstr(row.readers, " crisis-1 "));
	fixture_stop(&f);
}

/* --- changes that were entered around the desk -------------------------------------------- */

/* The organisation that holds with a part for `who`: the body of an entry. */
static json_t *
promotion(const struct event *newest, const char *who)
{
	json_t *body = json_loads(newest->body, 0, NULL);
	json_t *person;
	size_t i;

	json_object_del(body, "signed");
	json_array_foreach(json_object_get(body, "people"), i, person)
	{
		if (strcmp(text_at(person, "id"), who) == 0) {
			json_object_set_new(person, "roles", json_pack("[s]", "office-head"));
		}
	}
	return body;
}

static json_t *
proof_of(struct fixture *f, const struct pair *pair, const struct event *event,
	const struct event *before, const json_t *body)
{
	struct event_list first;
	struct decision decision = { .event = event->id,
		.subject = event->subject,
		.step = event->kind,
		.actor = event->actor,
		.stands_on = before->seq,
		.stands_on_hash = before->row_hash };
	struct str text = STR_INIT;
	char desk[HASH_HEX_SIZE];
	char salt[SALT_SIZE];
	char *fields = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	char *signature;
	json_t *proof;

	assert_int_equal(store_events(f->store, f->arena, 0, 1, &first), ERR_OK);
	hash_hex(&first.items[0].row_hash, desk);
	decision.desk = desk;
	decision_salt(salt);
	decision_fields(salt, fields, &decision.fields);
	assert_int_equal(decision_text(&decision, &text), ERR_OK);
	signature = pair_sign(pair, DECISION_NAMESPACE, str_text(&text));
	proof = json_pack("{s:s, s:s, s:s, s:s}", "key", pair->fingerprint, "salt", salt,
		"signature", signature, "text", str_text(&text));
	free(signature);
	free(fields);
	str_release(&text);
	return proof;
}

/* Writes it as `actor`; signed by the pair if there is one. */
static void
enter_around(struct fixture *f, const char *actor, const struct pair *pair, const char *who)
{
	struct event_list orgs;
	const struct event *newest;
	char id[NEW_ID_SIZE];
	struct event event = { .id = id, .subject = "org", .at = f->now, .actor = actor };
	struct store_batch batch = { .events = &event, .n_events = 1 };
	json_t *body;

	assert_int_equal(store_subject(f->store, f->arena, "org", &orgs), ERR_OK);
	newest = &orgs.items[orgs.n - 1];
	body = promotion(newest, who);
	random_id(f->now, id);
	event.subject_seq = newest->subject_seq + 1;
	event.happened_at = STAMP_NONE;
	event.post = event.form = event.form_version = "";
	event.kind = "rights";
	if (pair) {
		json_object_set_new(body, "signed", proof_of(f, pair, &event, newest, body));
	}
	event.body = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	free((char *)(uintptr_t)event.body);
	json_decref(body);
}

static bool
has_part(struct fixture *f, const char *who, const char *role)
{
	json_t *shown = ok(f, "office-head", "org.show", "{}");
	json_t *person;
	size_t i;
	bool has = false;

	json_array_foreach(json_object_get(shown, "people"), i, person)
	{
		char *roles = json_dumps(json_object_get(person, "roles"), 0);

		has = has || (strcmp(text_at(person, "id"), who) == 0 && strstr(roles, role));
		free(roles);
	}
	json_decref(shown);
	return has;
}

/* Neither at once nor at the next opening does it give anybody a part; the verifier names it. */
static void
around__unsigned_or_by_who_may_not__gives_no_part(void **state)
{
	static const char staff[] = "office-staff-1";
	static const char who[] = "dc-operator-1";
	struct pair own;
	const struct {
		const char *actor;
		const struct pair *pair;
		const char *who;
		const char *found;
		bool counts;
	} forged[] = {
		{ "admin", NULL, who, "unsigned", false },
		{ "admin", &own, who, "signature", false },
		{ staff, &own, who, "duties", false },
		{ staff, &own, staff, "duties", false },
		{ "office-head", &head, who, "", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forged); i++) {
		struct fixture f;
		char *found;

		fixture_start_real(&f, ON_SQLITE);
		give_key(&f, staff, &own);
		give_key(&f, "office-head", &head);
		enter_around(&f, forged[i].actor, forged[i].pair, forged[i].who);
		assert_int_equal(has_part(&f, forged[i].who, "office-head"), forged[i].counts);
		fixture_reopen(&f);
		assert_int_equal(has_part(&f, forged[i].who, "office-head"), forged[i].counts);
		found = problems(&f);
		if (forged[i].counts ? *found : !strstr(found, forged[i].found)) {
			fail_msg("%zu: %s", i, found);
		}
		free(found);
		fixture_stop(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set__signed__holds_at_once_and_is_told),
		cmocka_unit_test(set__removed_person__can_do_nothing),
		cmocka_unit_test(set__by_who_may_not__is_refused),
		cmocka_unit_test(set__own_part__is_refused),
		cmocka_unit_test(set__dry_run__records_nothing),
		cmocka_unit_test(set__whoever_asked_and_the_office_head__hear_of_it),
		cmocka_unit_test(set__a_console__is_part_of_what_changes),
		cmocka_unit_test(set__is_one_transaction),
		cmocka_unit_test(set__somebody_was_faster__is_a_conflict),
		cmocka_unit_test(around__unsigned_or_by_who_may_not__gives_no_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
