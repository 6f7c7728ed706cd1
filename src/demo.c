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
#include <unistd.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"

/* One thing somebody does; `id` NULL is a report. */
struct demo_act {
	const char *person;
	const char *id; /* of the incident, the year's two digits left out: "-0001" */
	const char *step;
	const char *fields; /* JSON */
};

static const struct demo_act acts[] = {
	{ "dc-operator-1", NULL, NULL,
		"{\"title\":\"東京DC 電源系統の停止\",\"situation\":\"UPS 2 系統のうち 1 "
		"系統が停止。予備系で給電中。\","
		"\"contact\":\"内線 2201\",\"place\":\"大手町 3F 電源室\",\"asset\":\"UPS-2\","
		"\"answers\":{\"business-disruption\":\"no\",\"service-disruption\":\"yes\","
		"\"information-impairment\":\"no\",\"security-breach\":\"no\",\"control-failure\":"
		"\"no\","
		"\"major-accident\":\"unknown\"}}" },
	{ "dc-owner", "-0001", "acknowledge", "{}" },
	{ "dc-owner", "-0001", "instruct",
		"{\"to\":[\"dc-operator-1\"],\"text\":"
		"\"保守会社に連絡し、負荷を予備系へ移してください。\",\"due\":\"30m\"}" },
	{ "dc-operator-2", NULL, NULL,
		"{\"title\":\"Login from an unknown address\",\"situation\":\"One successful "
		"administrator "
		"login on vpn-gw-2 from 203.0.113.5; the account's owner knows nothing of it.\","
		"\"contact\":\"ext. 2202\",\"asset\":\"vpn-gw-2\",\"done_so_far\":\"Account "
		"locked.\","
		"\"answers\":{\"business-disruption\":\"no\",\"service-disruption\":\"no\","
		"\"information-impairment\":\"unknown\",\"security-breach\":\"unknown\","
		"\"control-failure\":\"no\",\"major-accident\":\"no\"}}" },
	{ "ga-staff-1", NULL, NULL,
		"{\"title\":\"顧客一覧をメールで誤送信\",\"situation\":"
		"\"宛先の自動補完を誤り、社外 1 名へ送信した。\","
		"\"contact\":\"内線 "
		"3105\",\"personal_data\":\"yes\",\"answers\":{\"business-disruption\":\"no\","
		"\"service-disruption\":\"no\",\"information-impairment\":\"yes\",\"security-"
		"breach\":\"no\","
		"\"control-failure\":\"no\",\"major-accident\":\"no\"}}" },
};

const char *
demo_make_folder(struct arena *arena)
{
	const char *base = getenv("TMPDIR");
	char *folder = arena_printf(arena, "%s/toban-demo-XXXXXX", base && *base ? base : "/tmp");
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

/* Ids of this desk begin with the year; the last report tells which. */
static enum err
act(struct door *door, const struct demo_act *a, char year[3], json_t **ret_error)
{
	json_t *fields = json_loads(a->fields, 0, NULL);
	json_t *args;
	if (a->step) {
		char id[16];
		(void)snprintf(id, sizeof(id), "%s%s", year, a->id);
		args = json_pack("{s:s, s:s, s:o}", "id", id, "step", a->step, "fields", fields);
	} else {
		args = json_pack("{s:o}", "fields", fields);
	}
	json_t *result = NULL;
	enum err e = door->call(
		door->ctx, a->step ? "incident.act" : "incident.report", args, &result, ret_error);
	const char *id = json_string_value(json_object_get(result, "id"));
	if (id && strlen(id) > 2) {
		memcpy(year, id, 2);
	}
	json_decref(result);
	json_decref(args);
	return e;
}

enum err
demo_fill(struct desk *desk, json_t **ret_error)
{
	char year[3] = "";
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		struct session session = {
			.person = acts[i].person, .login = "", .post = "", .claimed = true
		};
		struct door door;
		enum err e = desk_door_new(desk, &session, &door, ret_error);
		if (e == ERR_OK) {
			e = act(&door, &acts[i], year, ret_error);
			desk_door_free(&door);
		}
		if (e != ERR_OK) {
			return e;
		}
	}
	return ERR_OK;
}
