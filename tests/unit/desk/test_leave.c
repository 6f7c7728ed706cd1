/* SPDX-License-Identifier: MIT */
/*
 * Leaving the organisation ends what somebody had, also for when they come back: the PIN, the
 * seat at a console, the tries, the keys, a broken glass.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "post_desk.h"
#include "signer.h"
#include "toban/base/attr.h"
#include "toban/forms.h"

#define CASE "26-0001"
#define BREAK "{'id':'" CASE "','why':'The customer asks and nobody answers.'}"

/* The organisation of the example, with an account for an administrator, and without a person. */
static json_t *
org_without(const char *person)
{
	const struct def_file *file = shipped_find("org/example.ini");
	struct str text = STR_INIT;
	char section[64];
	char *whole = strndup(file->data, file->len);
	char *from = NULL;
	char *to = NULL;
	json_t *args;

	snprintf(section, sizeof(section), "[person %s]", person ? person : "");
	if (person) {
		from = strstr(whole, section);
		assert_non_null(from);
		to = strstr(from, "\n\n");
		assert_non_null(to);
	}
	str_add_n(&text, whole, person ? (size_t)(from - whole) : strlen(whole));
	str_add(&text, person ? to : "");
	str_add(&text,
		"\n[person admin-2]\nName=A\nDepartment=general-affairs\nRoles=admin\n"
		"Login=root\n");
	args = json_pack("{s:s}", "text", str_text(&text));
	str_release(&text);
	free(whole);
	return args;
}

/* Makes somebody without a part an administrator: with a key of theirs somebody still approves. */
static void
make_admin(json_t *args, const char *section)
{
	char *whole = strdup(text_at(args, "text"));
	char *at = strstr(whole, section);
	struct str text = STR_INIT;

	assert_non_null(at);
	at += strlen(section);
	str_add_n(&text, whole, (size_t)(at - whole));
	str_add(&text, "Roles=admin\n");
	str_add(&text, at);
	json_object_set_new(args, "text", json_string(str_text(&text)));
	str_release(&text);
	free(whole);
}

/* Makes the person the head of the office. */
static void
promote(json_t *args, const char *section, const char *line)
{
	char *whole = strdup(text_at(args, "text"));
	char *at = strstr(whole, section);
	struct str text = STR_INIT;

	assert_non_null(at);
	at = strstr(at, line);
	assert_non_null(at);
	str_add_n(&text, whole, (size_t)(at - whole));
	str_add(&text, "Roles=office-head");
	str_add(&text, strchr(at, '\n'));
	json_object_set_new(args, "text", json_string(str_text(&text)));
	str_release(&text);
	free(whole);
}

static void
go_and_come_back(struct fixture *f, const char *person)
{
	drop(ok_doc(f, "admin", "org.set", org_without(person)));
	f->now += 1000;
	drop(ok_doc(f, "admin", "org.set", org_without(NULL)));
	f->now += 1000;
}

static json_t *
pin_of(struct fixture *f, const char *person)
{
	return answer_row(ok(f, "admin", "pin.list", "{}"), "people", "person", person);
}

static void
leave__and_back__no_pin_no_seat_and_an_entry(void **state)
{
	struct post_desk d;
	struct event event;
	json_t *row;

	post_start(&d, (enum fixture_store)(uintptr_t)*state);
	drop(ok(&d.f, "dc-operator-2", "pin.set", "{'pin':'390517'}"));
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "");
	go_and_come_back(&d.f, "dc-operator-1");
	/* The console was not asked anything meanwhile. */
	assert_string_equal(post_code(&d, "incident.list", "{}"), "D330");
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "D332");
	assert_int_equal(post_entries(&d, "pin-ended", &event), 1);
	assert_string_equal(event.actor, "admin");
	assert_string_equal(event.body, "{\"people\":[\"dc-operator-1\"]}");
	row = pin_of(&d.f, "dc-operator-1");
	assert_false(json_is_true(json_object_get(row, "has_pin")));
	drop(row);
	/* Who stayed keeps theirs. */
	row = pin_of(&d.f, "dc-operator-2");
	assert_true(json_is_true(json_object_get(row, "has_pin")));
	drop(row);
	desk_door_free(&d.door);
	fixture_reopen(&d.f);
	d.door = post_door(&d.f);
	assert_string_equal(post_open_code(&d, "dc-operator-2", "390517"), "");
	post_stop(&d);
}

static void
leave__locked_out__begins_anew(void **state)
{
	struct post_desk d;
	json_t *row;

	(void)state;
	post_start(&d, ON_SQLITE);
	for (int i = 0; i < 5; i++) {
		(void)post_open_code(&d, "dc-operator-1", "111111");
		d.f.now += 8000;
	}
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "D333");
	go_and_come_back(&d.f, "dc-operator-1");
	row = pin_of(&d.f, "dc-operator-1");
	assert_true(json_is_null(json_object_get(row, "locked_until")));
	drop(row);
	drop(ok(&d.f, "dc-operator-1", "pin.set", "{'pin':'390517'}"));
	assert_string_equal(post_open_code(&d, "dc-operator-1", "390517"), "");
	post_stop(&d);
}

/* A PIN that a file kept of somebody who was not there: it does not wait for their return. */
static void
come__with_a_pin_from_before__it_is_ended(void **state)
{
	struct post_desk d;
	struct pin_row row;
	struct pin_change change = { .pin = &row };
	struct store_batch batch = { .pins = &change };

	(void)state;
	post_start(&d, ON_SQLITE);
	assert_int_equal(store_pin(d.f.store, d.f.arena, "dc-operator-1", &row), ERR_OK);
	drop(ok_doc(&d.f, "admin", "org.set", org_without("dc-operator-1")));
	assert_int_equal(store_commit(d.f.store, &batch), ERR_OK);
	drop(ok_doc(&d.f, "admin", "org.set", org_without(NULL)));
	assert_string_equal(post_open_code(&d, "dc-operator-1", PIN), "D332");
	assert_int_equal(post_count(&d, "pin-ended"), 2);
	post_stop(&d);
}

/* --- keys ------------------------------------------------------------------------------------ */

static const char *
key_state(struct fixture *f, const struct pair *pair)
{
	static char state[40];
	json_t *answer = ok(f, "admin", "key.list", "{}");
	json_t *key;
	size_t i;

	state[0] = '\0';
	json_array_foreach(json_object_get(answer, "keys"), i, key)
	{
		if (strcmp(text_at(key, "fingerprint"), pair->fingerprint) == 0) {
			snprintf(state, sizeof(state), "%s", text_at(key, "state"));
		}
	}
	drop(answer);
	return state;
}

static void
leave__and_back__the_key_is_over(void **state)
{
	struct fixture f;
	struct pair head;
	struct pair other;
	char *found;
	json_t *answer;

	(void)state;
	fixture_start_real(&f, ON_SQLITE);
	give_key(&f, "dc-operator-2", &other);
	give_key(&f, "office-head", &head);
	assert_string_equal(key_state(&f, &other), "approved");
	drop(call_signed(&f, &head, "org.set", org_without("dc-operator-2")));
	assert_string_equal(key_state(&f, &other), "revoked");
	drop(call_signed(&f, &head, "org.set", org_without(NULL)));
	assert_string_equal(key_state(&f, &other), "revoked");
	assert_string_equal(key_state(&f, &head), "approved");
	answer = ok(&f, "dc-operator-2", "key.list", "{}");
	assert_int_equal(json_integer_value(json_object_get(answer, "mine")), 0);
	drop(answer);
	/* Nobody finds fault with the past. */
	found = problems(&f);
	assert_string_equal(found, "");
	free(found);
	fixture_stop(&f);
}

/* Also of a key that changes of rights were signed with. */
static void
leave__who_signed_changes__signs_none_after_the_return(void **state)
{
	struct fixture f;
	struct pair head;
	struct pair next;
	struct pair third;
	struct door door;
	json_t *args;
	json_t *answer = NULL;
	json_t *error = NULL;

	(void)state;
	fixture_start_real(&f, ON_SQLITE);
	give_key(&f, "office-staff-1", &next);
	give_key(&f, "dc-operator-1", &third);
	give_key(&f, "office-head", &head);
	args = org_without("office-head");
	promote(args, "[person office-staff-1]", "Roles=office");
	drop(call_signed(&f, &head, "org.set", args));
	/* Whom they made head brings them back. */
	args = org_without(NULL);
	make_admin(args, "[person dc-operator-1]\n");
	drop(call_signed(&f, &next, "org.set", args));
	door = fixture_door(&f, "office-head");
	args = org_without("dc-operator-2");
	make_admin(args, "[person dc-operator-1]\n");
	assert_int_not_equal(door.call(door.ctx, "org.set", args, &answer, &error), ERR_OK);
	assert_string_equal(text_at(error, "code"), "D320");
	assert_int_equal(
		json_array_size(json_object_get(json_object_get(error, "sign"), "keys")), 0);
	drop(error);
	drop(args);
	desk_door_free(&door);
	fixture_stop(&f);
}

/* --- emergency ------------------------------------------------------------------------------- */

static void
leave__and_back_within_the_hour__the_glass_is_whole(void **state)
{
	struct fixture f;
	json_t *first;
	json_t *again;

	fixture_start(&f, (enum fixture_store)(uintptr_t)*state);
	drop(ok(&f, "dc-operator-1", "incident.report",
		"{'fields':{'title':'CANARY','situation':'s','contact':'c','confidential':true,"
		"'answers':{'security-breach':'yes','major-accident':'no'}}}"));
	first = ok(&f, "dc-operator-2", "incident.break-glass", BREAK);
	drop(ok(&f, "dc-operator-2", "incident.show", "{'id':'" CASE "'}"));
	go_and_come_back(&f, "dc-operator-2");
	refused(&f, "dc-operator-2", "incident.show", "{'id':'" CASE "'}", "D304");
	again = ok(&f, "dc-operator-2", "incident.break-glass", BREAK);
	assert_true(json_integer_value(json_object_get(again, "seq")) >
		json_integer_value(json_object_get(first, "seq")));
	drop(ok(&f, "dc-operator-2", "incident.show", "{'id':'" CASE "'}"));
	drop(first);
	drop(again);
	fixture_stop(&f);
}

int
main(void)
{
#define ON(test, store) cmocka_unit_test_prestate(test, (void *)(uintptr_t)(store))
	const struct CMUnitTest tests[] = {
		ON(leave__and_back__no_pin_no_seat_and_an_entry, ON_MEMORY),
		ON(leave__and_back__no_pin_no_seat_and_an_entry, ON_SQLITE),
		cmocka_unit_test(leave__locked_out__begins_anew),
		cmocka_unit_test(come__with_a_pin_from_before__it_is_ended),
		cmocka_unit_test(leave__and_back__the_key_is_over),
		cmocka_unit_test(leave__who_signed_changes__signs_none_after_the_return),
		ON(leave__and_back_within_the_hour__the_glass_is_whole, ON_MEMORY),
		ON(leave__and_back_within_the_hour__the_glass_is_whole, ON_SQLITE),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
