/* SPDX-License-Identifier: MIT */
/*
 * Who is there, through the door: who may enter what, what the chain makes of it, what
 * the nightly check finds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "toban/base/attr.h"
#include "toban/store/store.h"

#define NUMBER "{'kind':'telephone','value':'+81 3 1234 5678'}"

/* "person@role …" of a report made now. */
static const char *
told(struct fixture *f)
{
	static char text[400];
	json_t *answer = ok(f, "dc-operator-2", "incident.report",
		"{'fields':{'title':'t','situation':'s','contact':'c',"
		"'answers':{'service-disruption':'yes','major-accident':'no'}}}");
	json_t *row;
	size_t i;

	text[0] = '\0';
	json_array_foreach(json_object_get(answer, "notified"), i, row)
	{
		size_t len = strlen(text);

		(void)snprintf(text + len, sizeof(text) - len, "%s%s@%s", i ? " " : "",
			text_at(row, "person"), text_at(row, "role"));
	}
	drop(answer);
	return text;
}

static json_t *
person_of(struct fixture *f, const char *id)
{
	return answer_row(ok(f, "dc-operator-1", "org.show", "{}"), "people", "id", id);
}

static void
absent__owner__stand_in_is_told_until_back(void **state)
{
	struct fixture f;
	json_t *person;

	fixture_start(&f, (enum fixture_store)(uintptr_t)*state);
	assert_string_equal(told(&f), "dc-owner@owner");
	drop(ok(&f, "dc-owner", "person.absent",
		"{'until':'in 3d','stand_in':'dc-operator-1','why':'journey'}"));
	assert_string_equal(told(&f), "dc-operator-1@stand-in");
	person = person_of(&f, "dc-owner");
	assert_string_equal(text_at(person, "stand_in"), "dc-operator-1");
	assert_non_null(json_string_value(json_object_get(person, "absent_until")));
	drop(person);
	/* Another desk on the same store, or this one opened again, knows it too. */
	fixture_reopen(&f);
	assert_string_equal(told(&f), "dc-operator-1@stand-in");
	drop(ok(&f, "dc-owner", "person.back", "{}"));
	assert_string_equal(told(&f), "dc-owner@owner");
	refused(&f, "dc-owner", "person.back", "{}", "D406");
	fixture_stop(&f);
}

static void
absent__by_whom__as_the_rule_says(void **state)
{
	static const struct {
		const char *by;
		const char *whom;
		const char *code; /* NULL: they may */
	} rows[] = {
		{ "dc-operator-1", "dc-operator-1", NULL },
		{ "dc-operator-1", "dc-operator-2", "D301" },
		{ "dc-owner", "dc-operator-2", NULL },
		{ "dc-deputy-2", "dc-owner", NULL },
		{ "dc-owner", "ga-staff-1", "D301" },
		{ "office-head", "ga-staff-1", NULL },
		{ "office-staff-1", "ga-staff-1", "D301" },
		{ "admin", "office-head", NULL },
		{ "auditor-1", "auditor-1", "D306" },
	};
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char args[120];

		(void)snprintf(args, sizeof(args), "{'person':'%s','until':'in 1d'}", rows[i].whom);
		if (rows[i].code) {
			refused(&f, rows[i].by, "person.absent", args, rows[i].code);
		} else {
			drop(ok(&f, rows[i].by, "person.absent", args));
		}
	}
	fixture_stop(&f);
}

static void
absent__bad_arguments__named(void **state)
{
	static const struct {
		const char *args;
		const char *code;
	} rows[] = {
		{ "{}", "D101" },
		{ "{'person':'eve','until':'in 1d'}", "D107" },
		{ "{'until':'some day'}", "D108" },
		{ "{'until':'2020-01-01'}", "D108" },
		{ "{'from':'in 3d','until':'in 1d'}", "D108" },
		{ "{'until':'in 900d'}", "D108" },
		{ "{'until':'in 1d','stand_in':'eve'}", "D107" },
		{ "{'until':'in 1d','stand_in':'dc-owner'}", "D103" },
		{ "{'until':'in 1d','stand_in':'ga-owner'}", "D103" },
		{ "{'until':'in 1d','stand_in':'admin'}", "D103" },
	};
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		refused(&f, "dc-owner", "person.absent", rows[i].args, rows[i].code);
	}
	fixture_stop(&f);
}

static void
absent__same_event__recorded_once(void **state)
{
	static const char args[] = "{'until':'in 1d','event':'abc-1'}";
	struct fixture f;
	json_t *first;
	json_t *second;

	fixture_start(&f, (enum fixture_store)(uintptr_t)*state);
	first = ok(&f, "dc-owner", "person.absent", args);
	second = ok(&f, "dc-owner", "person.absent", args);
	assert_true(json_is_true(json_object_get(second, "repeated")));
	assert_true(json_equal(json_object_get(first, "seq"), json_object_get(second, "seq")));
	refused(&f, "dc-deputy-1", "person.absent", args, "D103");
	drop(first);
	drop(second);
	fixture_stop(&f);
}

static void
back__absence_to_come__called_off_by_number(void **state)
{
	struct fixture f;
	json_t *absence;
	char args[60];

	(void)state;
	fixture_start(&f, ON_MEMORY);
	absence = ok(&f, "dc-owner", "person.absent", "{'from':'in 1d','until':'in 2d'}");
	refused(&f, "dc-owner", "person.back", "{}", "D406");
	(void)snprintf(args, sizeof(args), "{'absence':%lld}",
		(long long)json_integer_value(json_object_get(absence, "seq")));
	drop(absence);
	drop(ok(&f, "dc-owner", "person.back", args));
	f.now += INT64_C(36) * 3600 * 1000;
	assert_string_equal(told(&f), "dc-owner@owner");
	fixture_stop(&f);
}

static void
acting__stand_in__acts_and_may_enter(void **state)
{
	struct fixture f;
	char *id;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	refused(&f, "dc-operator-1", "person.absent", "{'person':'dc-deputy-1','until':'in 1d'}",
		"D301");
	drop(ok(&f, "admin", "person.absent",
		"{'person':'dc-owner','until':'in 1d','stand_in':'dc-operator-1'}"));
	drop(ok(&f, "dc-operator-1", "person.absent", "{'person':'dc-deputy-1','until':'in 1d'}"));
	id = report_with(&f, "dc-operator-2", "{}");
	drop(act(&f, "dc-operator-1", id, "instruct",
		"{'to':['dc-operator-2'],'text':'t','due':'in 1h'}"));
	assert_string_equal(act_code(&f, "dc-operator-2", id, "instruct",
				    "{'to':['dc-operator-1'],'text':'t','due':'in 1h'}"),
		"D301");
	free(id);
	fixture_stop(&f);
}

/* How many cases wait for the person, by the list and by the count, which must agree. */
static size_t
mine(struct fixture *f, const char *person)
{
	json_t *list = ok(f, person, "incident.list", "{'mine':true}");
	json_t *counts = ok(f, person, "incident.counts", "{}");
	size_t n = json_array_size(json_object_get(list, "incidents"));

	assert_int_equal(json_integer_value(json_object_get(counts, "mine")), n);
	drop(list);
	drop(counts);
	return n;
}

static void
acting__work_that_waits_for_the_absent__is_on_the_list(void **state)
{
	struct fixture f;
	char *id;

	fixture_start(&f, (enum fixture_store)(uintptr_t)*state);
	id = report_with(&f, "dc-operator-2", "{}");
	drop(act(&f, "dc-owner", id, "acknowledge", "{}"));
	assert_int_equal(mine(&f, "dc-operator-1"), 0);
	drop(ok(&f, "dc-owner", "person.absent", "{'until':'in 1d','stand_in':'dc-operator-1'}"));
	assert_int_equal(mine(&f, "dc-operator-1"), 1);
	assert_int_equal(mine(&f, "dc-operator-2"), 0);
	assert_int_equal(mine(&f, "dc-owner"), 1);
	drop(ok(&f, "dc-owner", "person.back", "{}"));
	assert_int_equal(mine(&f, "dc-operator-1"), 0);
	free(id);
	fixture_stop(&f);
}

static void
ways__come_before_the_number_of_the_organisation(void **state)
{
	struct fixture f;
	json_t *person;
	json_t *way;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	drop(ok(&f, "dc-owner", "way.add", NUMBER));
	person = person_of(&f, "dc-owner");
	way = json_array_get(json_object_get(person, "ways"), 0);
	assert_string_equal(text_at(person, "phone"), "+81 3 1234 5678");
	assert_true(json_is_null(json_object_get(way, "confirmed_on")));
	drop(person);
	drop(ok(&f, "dc-deputy-1", "way.confirm",
		"{'person':'dc-owner','kind':'telephone','value':'+81 3 1234 5678'}"));
	person = person_of(&f, "dc-owner");
	way = json_array_get(json_object_get(person, "ways"), 0);
	assert_true(json_is_string(json_object_get(way, "confirmed_on")));
	drop(person);
	drop(ok(&f, "dc-owner", "way.remove", NUMBER));
	refused(&f, "dc-owner", "way.remove", NUMBER, "D107");
	refused(&f, "dc-owner", "way.confirm", NUMBER, "D107");
	refused(&f, "dc-owner", "way.add", "{'kind':'pigeon','value':'1'}", "D103");
	refused(&f, "dc-owner", "way.add", "{'kind':'telephone','value':'call me'}", "D105");
	refused(&f, "dc-owner", "way.add", "{'kind':'mail','value':'nowhere'}", "D107");
	refused(&f, "dc-operator-1", "way.add",
		"{'person':'dc-owner','kind':'telephone','value':'1'}", "D301");
	fixture_stop(&f);
}

/* --- rosters ---------------------------------------------------------------------------- */

static void
roster__set__chain_tells_who_is_on_duty(void **state)
{
	struct fixture f;
	json_t *roster;

	fixture_start(&f, (enum fixture_store)(uintptr_t)*state);
	drop(ok(&f, "dc-owner", "roster.set",
		"{'rows':[{'when':'daily','from':'00:00','to':'24:00','person':'dc-operator-1'}]"
		"}"));
	assert_string_equal(told(&f), "dc-operator-1@on-duty dc-owner@owner");
	drop(ok(&f, "dc-owner", "roster.except",
		"{'rows':[{'when':'2026-01-01..2026-12-31','from':'00:00','to':'24:00',"
		"'person':'nobody'}]}"));
	assert_string_equal(told(&f), "dc-owner@owner");
	roster = ok(&f, "dc-operator-1", "roster.show", "{'days':2}");
	assert_int_equal(json_array_size(json_object_get(roster, "exceptions")), 1);
	drop(roster);
	fixture_stop(&f);
}

static void
roster__by_whom_and_with_faults__refused_whole(void **state)
{
	static const struct {
		const char *by;
		const char *method;
		const char *args;
		const char *code;
	} rows[] = {
		{ "dc-operator-1", "roster.set", "{'rows':[]}", "D301" },
		{ "auditor-1", "roster.set", "{'rows':[]}", "D306" },
		{ "dc-owner", "roster.set", "{'department':'legal','rows':[]}", "D301" },
		{ "dc-owner", "roster.set", "{'department':'moon','rows':[]}", "D107" },
		{ "dc-owner", "roster.set", "{'rows':[]}", "D101" },
		{ "dc-owner", "roster.set", "{'rows':'x'}", "D102" },
		{ "dc-owner", "roster.set", "{'rows':[1]}", "D102" },
		{ "dc-owner", "roster.except",
			"{'rows':[{'when':'mon','from':'1:00','to':'2:00','person':'nobody'}]}",
			"D102" },
		{ "dc-owner", "roster.except", "{'remove':99}", "D107" },
		{ "dc-owner", "roster.import", "{'text':1}", "D102" },
		{ "dc-owner", "roster.import",
			"{'text':'department,when,from,to,person\\n"
			"datacentre,mon,1:00,2:00,nobody\\nlegal,mon,1:00,2:00,nobody\\n'}",
			"D301" },
	};
	struct fixture f;
	json_t *shown;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		refused(&f, rows[i].by, rows[i].method, rows[i].args, rows[i].code);
	}
	shown = ok(&f, "dc-owner", "roster.show", "{}");
	assert_true(json_is_null(json_object_get(shown, "seq")));
	drop(shown);
	fixture_stop(&f);
}

/* --- the nightly check --------------------------------------------------------------------- */

/* How many findings of a kind there are. */
static int
found(struct fixture *f, const char *kind)
{
	json_t *check = ok(f, "admin", "duty.check", "{'days':30}");
	json_t *finding;
	size_t i;
	int n = 0;

	json_array_foreach(json_object_get(check, "findings"), i, finding)
	{
		n += strcmp(text_at(finding, "kind"), kind) == 0;
		assert_true(*text_at(finding, "text"));
	}
	assert_int_equal(json_array_size(json_object_get(check, "findings")) == 0,
		json_is_true(json_object_get(check, "ok")));
	drop(check);
	return n;
}

static void
check__gaps_absences_and_numbers__found(void **state)
{
	struct fixture f;
	int never;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	assert_int_equal(found(&f, "roster-gap"), 0);
	drop(ok(&f, "dc-owner", "roster.set",
		"{'rows':[{'when':'mon-sat','from':'00:00','to':'24:00','person':'dc-owner'}]}"));
	assert_in_range(found(&f, "roster-gap"), 4, 5); /* the Sundays of 30 days */
	drop(ok(&f, "dc-owner", "person.absent", "{'until':'in 2d'}"));
	assert_int_equal(found(&f, "no-stand-in"), 0); /* the deputies are there */
	drop(ok(&f, "dc-owner", "person.absent", "{'person':'dc-deputy-1','until':'in 2d'}"));
	assert_int_equal(found(&f, "no-stand-in"), 0);
	drop(ok(&f, "dc-owner", "person.absent",
		"{'person':'dc-deputy-2','from':'in 1d','until':'in 2d'}"));
	assert_int_equal(found(&f, "no-stand-in"), 1);
	drop(ok(&f, "dc-owner", "person.absent", "{'until':'in 2d','stand_in':'dc-operator-1'}"));
	assert_int_equal(found(&f, "no-stand-in"), 0);

	never = found(&f, "stale-number") + found(&f, "no-number");
	assert_true(never > 0);
	drop(ok(&f, "dc-owner", "way.add", "{'kind':'telephone','value':'110','confirmed':true}"));
	assert_int_equal(found(&f, "stale-number") + found(&f, "no-number"), never - 1);
	f.now += INT64_C(181) * 86400 * 1000;
	assert_int_equal(found(&f, "stale-number") + found(&f, "no-number"), never);
	fixture_stop(&f);
}

static void
check__receivers__dead_ones_found(void **state)
{
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	drop(ok(&f, "admin", "target.add",
		"{'name':'own','url':'https://example.org/x','person':'dc-owner'}"));
	drop(ok(&f, "dc-owner", "way.add", "{'kind':'webhook','value':'own'}"));
	refused(&f, "dc-deputy-1", "way.add", "{'kind':'webhook','value':'own'}", "D107");
	assert_int_equal(found(&f, "dead-target"), 0);
	drop(ok(&f, "admin", "target.remove", "{'name':'own'}"));
	assert_int_equal(found(&f, "dead-target"), 1);
	fixture_stop(&f);
}

/* --- somebody's own receiver ------------------------------------------------------------------ */

/* "target:type …" of all messages, the newest first; their bodies must not hold `never`. */
static const char *
queued(struct fixture *f, const char *never)
{
	static char text[600];
	struct outbox_list list = { NULL, 0 };

	text[0] = '\0';
	assert_int_equal(store_outbox(f->store, f->arena, NULL, 100, &list), ERR_OK);
	for (size_t i = 0; i < list.n; i++) {
		size_t len = strlen(text);

		(void)snprintf(text + len, sizeof(text) - len, "%s%s:%s", i ? " " : "",
			list.items[i].target, list.items[i].type);
		assert_null(strstr(list.items[i].body, never));
	}
	return text;
}

static void
personal__receiver__gets_what_its_owner_is_told(void **state)
{
	struct fixture f;
	char *id;

	fixture_start(&f, (enum fixture_store)(uintptr_t)*state);
	drop(ok(&f, "admin", "target.add",
		"{'name':'of-owner','url':'https://example.org/o','person':'dc-owner',"
		"'events':['*']}"));
	drop(ok(&f, "admin", "target.add",
		"{'name':'of-deputy','url':'https://example.org/d','person':'dc-deputy-1'}"));
	drop(ok(&f, "admin", "target.add",
		"{'name':'of-head','url':'https://example.org/h','person':'office-head'}"));
	id = report_with(&f, "dc-operator-1", "{'title':'SECRETWORD','confidential':true}");
	assert_string_equal(queued(&f, "SECRETWORD"), "of-owner:incident.report");
	drop(act(&f, "dc-owner", id, "acknowledge", "{}")); /* tells nobody */
	assert_string_equal(queued(&f, "SECRETWORD"), "of-owner:incident.report");
	/* Away: the stand-in is told, and their receiver; the owner's is left in peace. */
	drop(ok(&f, "dc-owner", "person.absent", "{'until':'in 1d','stand_in':'dc-deputy-1'}"));
	free(id);
	f.now += 1000;
	id = report(&f);
	assert_string_equal(
		queued(&f, "SECRETWORD"), "of-deputy:incident.report of-owner:incident.report");
	free(id);
	fixture_stop(&f);
}

static void
personal__shift__only_for_who_is_to_accept(void **state)
{
	struct fixture f;

	(void)state;
	fixture_start(&f, ON_MEMORY);
	drop(ok(&f, "admin", "target.add",
		"{'name':'mine','url':'https://example.org/o','person':'dc-operator-2',"
		"'events':['*']}"));
	drop(ok(&f, "dc-operator-1", "handover.give", "{'to':'dc-owner'}"));
	assert_string_equal(queued(&f, "\""), "");
	fixture_stop(&f);
}

static void
log__entries_of_the_duty__for_who_audits(void **state)
{
	struct fixture f;
	json_t *log;
	json_t *verified;

	fixture_start(&f, (enum fixture_store)(uintptr_t)*state);
	drop(ok(&f, "dc-owner", "person.absent", "{'until':'in 2d','why':'private'}"));
	drop(ok(&f, "dc-owner", "way.add", NUMBER));
	log = ok(&f, "auditor-1", "duty.log", "{}");
	assert_int_equal(json_array_size(json_object_get(log, "log")), 2);
	drop(log);
	refused(&f, "dc-operator-1", "duty.log", "{}", "D301");
	verified = ok(&f, "auditor-1", "ledger.verify", "{'rebuild':true}");
	assert_true(json_is_true(json_object_get(verified, "ok")));
	drop(verified);
	fixture_stop(&f);
}

int
main(void)
{
#define ON(test, store) cmocka_unit_test_prestate(test, (void *)(uintptr_t)(store))
	const struct CMUnitTest tests[] = {
		ON(absent__owner__stand_in_is_told_until_back, ON_SQLITE),
		cmocka_unit_test(absent__by_whom__as_the_rule_says),
		cmocka_unit_test(absent__bad_arguments__named),
		ON(absent__same_event__recorded_once, ON_MEMORY),
		ON(absent__same_event__recorded_once, ON_SQLITE),
		cmocka_unit_test(back__absence_to_come__called_off_by_number),
		cmocka_unit_test(acting__stand_in__acts_and_may_enter),
		ON(acting__work_that_waits_for_the_absent__is_on_the_list, ON_MEMORY),
		ON(acting__work_that_waits_for_the_absent__is_on_the_list, ON_SQLITE),
		cmocka_unit_test(ways__come_before_the_number_of_the_organisation),
		ON(roster__set__chain_tells_who_is_on_duty, ON_MEMORY),
		ON(roster__set__chain_tells_who_is_on_duty, ON_SQLITE),
		cmocka_unit_test(roster__by_whom_and_with_faults__refused_whole),
		cmocka_unit_test(check__gaps_absences_and_numbers__found),
		cmocka_unit_test(check__receivers__dead_ones_found),
		ON(personal__receiver__gets_what_its_owner_is_told, ON_MEMORY),
		ON(personal__receiver__gets_what_its_owner_is_told, ON_SQLITE),
		cmocka_unit_test(personal__shift__only_for_who_is_to_accept),
		ON(log__entries_of_the_duty__for_who_audits, ON_MEMORY),
		ON(log__entries_of_the_duty__for_who_audits, ON_SQLITE),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
