/* SPDX-License-Identifier: MIT */
/*
 * A restricted case and those who ask for it: see canary.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "canary.h"
#include "toban/base/attr.h"

/* What may be given for an argument of this name; "%s" is a number of a case. */
static const struct {
	const char *name;
	const char *value;
} values[] = {
	{ "id", "'%s'" },
	{ "incident", "'%s'" },
	{ "subject", "'%s'" },
	{ "step", "'note'" },
	{ "fields", "{'text':'x','title':'t','situation':'s','contact':'c','answers':{}}" },
	{ "form", "'note'" },
	{ "words", "'canary'" },
	{ "query", "'canary'" },
	{ "seq", "3" },
	{ "limit", "200" },
	{ "year", "2026" },
	{ "by", "'department'" },
	{ "draft", "'D-1'" },
	{ "department", "'datacentre'" },
	{ "answers", "{}" },
	{ "source", "'json'" },
	{ "document", "'{}'" },
	{ "why", "'because of this'" },
	{ "state", "'open'" },
	{ "name", "'room'" },
	{ "url", "'https://x.example/'" },
	{ "target", "'room'" },
	{ "type", "'incident.report'" },
	{ "until", "'in 1d'" },
	{ "kind", "'telephone'" },
	{ "value", "'+81 3 1111 2222'" },
	{ "rows", "[]" },
	{ "text", "''" },
	{ "path", "'/nowhere/x'" },
	{ "person", "'dc-owner'" },
	{ "days", "30" },
	{ "to", "'dc-owner'" },
	{ "rebuild", "true" },
};

static const char *
value_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		if (strcmp(values[i].name, name) == 0) {
			return values[i].value;
		}
	}
	return NULL;
}

/* Arguments for a method by its own description; with a number, or without all that could be one.
 */
static json_t *
args_for(const struct method *method, const char *number, bool optional)
{
	json_t *args = json_object();
	const char *at = method->args;

	while (*(at += strcspn(at, "abcdefghijklmnopqrstuvwxyz"))) {
		size_t len = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
		char name[40];
		char text[200];
		const char *value;
		bool is_number;

		(void)snprintf(name, sizeof(name), "%.*s", (int)len, at);
		at += len;
		value = value_of(name);
		is_number = value && strstr(value, "%s");
		if (!value || (*at == '?' && !optional && !is_number) || (is_number && !number)) {
			continue;
		}
		(void)snprintf(text, sizeof(text), value, number ? number : "");
		if (strncmp(text, "''", 2) != 0) {
			char whole[240];

			(void)snprintf(whole, sizeof(whole), "{'v':%s}", text);
			{
				json_t *parsed = doc(whole);

				json_object_set(args, name, json_object_get(parsed, "v"));
				json_decref(parsed);
			}
		}
	}
	return args;
}

/* All that came back, as one text; free() it. */
static char *
answer_of(const struct door *door, const struct method *method, const json_t *args)
{
	json_t *result = NULL;
	json_t *error = NULL;
	char *text;

	(void)door->call(door->ctx, method->name, args, &result, &error);
	text = json_dumps(result ? result : error, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(result);
	json_decref(error);
	assert_non_null(text);
	return text;
}

/* The restricted case: every text in it is a canary; two are involved. */
void
canary_world(struct fixture *f, enum fixture_store kind)
{
	fixture_start(f, kind);
	f->record_refusals = true;
	fixture_reopen(f);
	drop(ok(f, "admin", "target.add",
		"{'name':'room','url':'https://hooks.example.org/x','events':['*']}"));
	for (int i = 0; i < 4; i++) {
		drop(ok(f, "dc-operator-1", "incident.report",
			"{'fields':{'title':'plain','situation':'plain','contact':'c',"
			"'answers':{'service-disruption':'yes','major-accident':'no'}}}"));
	}
	drop(ok(f, "dc-operator-1", "incident.report",
		"{'fields':{'title':'CANARY title','situation':'CANARY "
		"situation','contact':'CANARY "
		"contact','place':'CANARY place','asset':'CANARY asset','done_so_far':'CANARY "
		"done','confidential':true,'involved':['dc-deputy-2','office-staff-2'],"
		"'answers':{'security-breach':'yes','major-accident':'yes'}}}"));
	drop(act(f, "dc-owner", CASE, "acknowledge", NULL));
	drop(act(f, "dc-owner", CASE, "call",
		"{'to':'office-head','number':'CANARY number','outcome':'no-answer'}"));
	drop(act(f, "dc-owner", CASE, "instruct",
		"{'to':['legal-owner'],'text':'CANARY instruction','due':'2h'}"));
	drop(act(f, "legal-owner", CASE, "respond", "{'text':'CANARY response'}"));
	drop(act(f, "dc-owner", CASE, "link", "{'other':'" OPEN "','why':'CANARY why'}"));
	drop(act(f, "dc-owner", CASE, "report-result",
		"{'cause':'CANARY cause','damage':'CANARY damage','actions':'CANARY actions',"
		"'text':'CANARY result'}"));
	drop(act(f, "office-head", CASE, "decide-major", "{'major':'no','why':'CANARY no'}"));
	drop(ok(f, "dc-operator-1", "alert.intake",
		"{'source':'json','document':{'key':'k','title':'t'}}"));
	drop(ok(f, "dc-owner", "alert.link", "{'id':'A-1','incident':'" CASE "'}"));
	drop(ok(f, "dc-owner", "draft.save",
		"{'form':'note','subject':'" CASE "','fields':{'text':'CANARY draft'}}"));
	drop(ok(f, "dc-owner", "handover.give", "{'to':'dc-operator-1'}"));
}

static void
assert_silent(const char *text, const struct method *method, const char *person)
{
	static const char *const canaries[] = { "CANARY", "canary ", CASE };

	for (size_t i = 0; i < ARRAY_LEN(canaries); i++) {
		const char *found = strstr(text, canaries[i]);

		if (found) {
			size_t before = (size_t)(found - text);

			fail_msg("%s by %s: %.400s", method->name, person,
				found - (before < 200 ? before : 200));
		}
	}
}

/* Without its number nothing of the case comes up; the other case and things by other names. */
void
canary_ask_without(const struct door *door, const struct method *method, const char *person)
{
	static const char *const numbers[] = { NULL, OPEN, "A-1", "access" };

	for (size_t n = 0; n < 2 * ARRAY_LEN(numbers); n++) {
		json_t *args = args_for(method, numbers[n / 2], n % 2);
		char *text = answer_of(door, method, args);

		assert_silent(text, method, person);
		free(text);
		json_decref(args);
	}
}

static void
replace_all(char *text, const char *from, const char *to)
{
	for (char *at = strstr(text, from); at; at = strstr(at, from)) {
		memcpy(at, to, strlen(to));
	}
}

/* Whoever names it gets, to the letter, what the number of no case gets. */
void
canary_ask_with(const struct door *door, const struct method *method, const char *person)
{
	for (int optional = 0; optional < 2; optional++) {
		json_t *with = args_for(method, CASE, optional);
		json_t *without = args_for(method, NONE, optional);

		if (!json_equal(with, without)) { /* else it takes no number */
			char *got = answer_of(door, method, with);
			char *expected = answer_of(door, method, without);

			replace_all(got, CASE, NONE);
			if (strcmp(got, expected) != 0 || strstr(got, "CANARY")) {
				fail_msg("%s by %s:\n%s\n%s", method->name, person, got, expected);
			}
			free(got);
			free(expected);
		}
		json_decref(with);
		json_decref(without);
	}
}

void
canary_ask_as(struct fixture *f, const char *const *who, canary_ask *ask)
{
	for (size_t p = 0; who[p]; p++) {
		struct door door = fixture_door(f, who[p]);

		for (const struct method *m = desk_methods(); m->name; m++) {
			/* The one way in, which tells somebody: test_glass.c. */
			if (strcmp(m->name, "incident.break-glass") != 0) {
				ask(&door, m, who[p]);
			}
		}
		desk_door_free(&door);
	}
}
