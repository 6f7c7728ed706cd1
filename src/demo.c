/* SPDX-License-Identifier: MIT */
/*
 * A throw-away desk.  Its incidents are made through the door by the example's
 * people, so that nothing in it differs from a real record.
 */
#include "demo.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "places.h"

/* One thing somebody does. */
struct demo_act {
	const char *person;
	const char *step;   /* NULL: the report of another incident */
	size_t incident;    /* counted from 0, in the order of the reports */
	const char *fields; /* JSON */
};

/* More than the table has. */
#define INCIDENTS_MAX 8

/* clang-format off: a line for each field reads as the form does */
static const struct demo_act acts[] = {
	{ "dc-operator-1", NULL, 0,
		"{\"title\": \"東京DC 電源系統の停止\","
		" \"situation\": \"UPS 2 系統のうち 1 系統が停止。予備系で給電中。\","
		" \"contact\": \"内線 2201\","
		" \"place\": \"大手町 3F 電源室\","
		" \"asset\": \"UPS-2\","
		" \"answers\": {\"business-disruption\": \"no\","
		"  \"service-disruption\": \"yes\","
		"  \"information-impairment\": \"no\","
		"  \"security-breach\": \"no\","
		"  \"control-failure\": \"no\","
		"  \"major-accident\": \"unknown\"}}" },
	{ "dc-owner", "acknowledge", 0, "{}" },
	{ "dc-owner", "instruct", 0,
		"{\"to\": [\"dc-operator-1\"],"
		" \"text\": \"保守会社に連絡し、負荷を予備系へ移してください。\","
		" \"due\": \"30m\"}" },
	{ "dc-operator-2", NULL, 1,
		"{\"title\": \"Login from an unknown address\","
		" \"situation\": \"One successful administrator login on vpn-gw-2 from"
		" 203.0.113.5; the account's owner knows nothing of it.\","
		" \"contact\": \"ext. 2202\","
		" \"asset\": \"vpn-gw-2\","
		" \"done_so_far\": \"Account locked.\","
		" \"answers\": {\"business-disruption\": \"no\","
		"  \"service-disruption\": \"no\","
		"  \"information-impairment\": \"unknown\","
		"  \"security-breach\": \"unknown\","
		"  \"control-failure\": \"no\","
		"  \"major-accident\": \"no\"}}" },
	{ "ga-staff-1", NULL, 2,
		"{\"title\": \"顧客一覧をメールで誤送信\","
		" \"situation\": \"宛先の自動補完を誤り、社外 1 名へ送信した。\","
		" \"contact\": \"内線 3105\","
		" \"personal_data\": \"yes\","
		" \"answers\": {\"business-disruption\": \"no\","
		"  \"service-disruption\": \"no\","
		"  \"information-impairment\": \"yes\","
		"  \"security-breach\": \"no\","
		"  \"control-failure\": \"no\","
		"  \"major-accident\": \"no\"}}" },
};
/* clang-format on */

const char *
demo_make_folder(struct arena *arena)
{
	const char *base = places_environment("TMPDIR");
	char *folder = arena_printf(arena, "%s/toban-demo-XXXXXX", base ? base : "/tmp");
	return folder && mkdtemp(folder) ? arena_printf(arena, "%s/desk.db", folder) : NULL;
}

static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	/* What cannot be removed stays in the temporary folder; nothing depends on it. */
	(void)remove(path);
	return 0;
}

void
demo_remove_folder(const char *desk_path)
{
	const char *slash = strrchr(desk_path, '/');
	char *folder = slash ? strndup(desk_path, (size_t)(slash - desk_path)) : NULL;
	if (folder) {
		(void)nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	}
	free(folder);
}

/* Calls the door for one act; `ids` are those of the incidents reported so far. */
static enum err
act(struct door *door, const struct demo_act *a, const char *const *ids, json_t **ret_result,
	json_t **ret_error)
{
	json_t *fields = json_loads(a->fields, 0, NULL);
	/* Without memory the arguments are NULL, which the door refuses. */
	json_t *args = a->step ? json_pack("{s:s, s:s, s:o}", "id", ids[a->incident], "step",
					 a->step, "fields", fields)
			       : json_pack("{s:o}", "fields", fields);
	enum err e = door->call(door->ctx, a->step ? "incident.act" : "incident.report", args,
		ret_result, ret_error);
	json_decref(args);
	return e;
}

/* Opens a door for the person, acts, and keeps the id of what was reported. */
static enum err
play(struct desk *desk, struct arena *arena, const struct demo_act *a, const char **ids,
	json_t **ret_error)
{
	struct session session = { .person = a->person, .login = "", .claimed = true };
	struct door door;
	enum err e = desk_door_new(desk, &session, &door, ret_error);
	if (e != ERR_OK) {
		return e;
	}
	json_t *result = NULL;
	e = act(&door, a, ids, &result, ret_error);
	if (e == ERR_OK && !a->step) {
		ids[a->incident] =
			arena_strdup(arena, json_string_value(json_object_get(result, "id")));
	}
	json_decref(result);
	desk_door_free(&door);
	return e;
}

enum err
demo_fill(struct desk *desk, struct arena *arena, json_t **ret_error)
{
	const char *ids[INCIDENTS_MAX] = { NULL };
	enum err e = ERR_OK;
	for (size_t i = 0; i < ARRAY_LEN(acts) && e == ERR_OK; i++) {
		e = play(desk, arena, &acts[i], ids, ret_error);
	}
	return e;
}
