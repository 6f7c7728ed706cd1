/* SPDX-License-Identifier: MIT */
/*
 * The desk tests' trial desk: see fixture.h.
 */
#include "fixture.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "toban/base/hash.h"
#include "toban/forms.h"

#define START INT64_C(1795000000000) /* 2026-11-18 */

static void
load_procedure(struct fixture *f)
{
	struct ini_problems problems = { .arena = f->arena };
	const struct def_file *file = shipped_find("org/example.ini");
	const struct org *org = NULL;
	struct ini_file ini;

	assert_int_equal(
		procedure_load(f->arena, (struct def_files){ shipped_files, shipped_files_n },
			(struct def_files){ NULL, 0 }, &problems, &f->procedure),
		ERR_OK);
	assert_non_null(file);
	assert_int_equal(ini_parse(file->path, file->data, file->len, &problems, &ini), ERR_OK);
	assert_int_equal(org_parse(f->arena, &ini, &problems, &org), ERR_OK);
	f->org = *org;
}

static void
open_desk(struct fixture *f)
{
	struct desk_parts parts = {
		.store = f->store,
		.clock = f->clock,
		.procedure = f->procedure,
		.secrets = f->secrets,
		.evidence_dir = f->evidence,
		.protection = f->protection,
		.record_refusals = f->record_refusals,
		.service = strcmp(f->protection, "open-file") != 0,
		.pin_key = f->pin_key,
		.pins_beside = f->pins_beside,
		.pin_cost = f->pin_cost,
		.shell_of = f->shell_of,
	};

	assert_int_equal(desk_new(&parts, &f->desk), ERR_OK);
}

static void
start(struct fixture *f, enum fixture_store kind, bool trial)
{
	*f = (struct fixture){ .kind = kind, .now = START, .protection = "open-file",
		.pin_cost = PIN_COST_LEAST };
	assert_int_equal(hash_start(), ERR_OK);
	snprintf(f->dir, sizeof(f->dir), "/tmp/toban-desk-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/desk.db", f->dir);
	snprintf(f->evidence, sizeof(f->evidence), "%s/evidence", f->dir);
	f->clock = clock_fixed(&f->now);
	f->arena = arena_new();
	assert_non_null(f->arena);
	load_procedure(f);
	f->org.trial = trial;
	assert_int_equal(kind == ON_SQLITE ? store_sqlite_create(f->path, NULL, &f->store)
					   : store_memory_new(&f->store),
		ERR_OK);
	assert_int_equal(secrets_open(NULL, &f->secrets), ERR_OK);
	assert_int_equal(desk_found(f->store, &f->clock, f->procedure, &f->org, "founder"), ERR_OK);
	open_desk(f);
}

void
fixture_start(struct fixture *f, enum fixture_store kind)
{
	start(f, kind, true);
}

void
fixture_start_real(struct fixture *f, enum fixture_store kind)
{
	start(f, kind, false);
}

void
fixture_open(struct fixture *f)
{
	if (!f->store) {
		assert_int_equal(store_sqlite_open(f->path, NULL, &f->store), ERR_OK);
	}
	open_desk(f);
}

void
fixture_reopen(struct fixture *f)
{
	desk_free(f->desk);
	if (f->kind == ON_SQLITE) {
		store_close(f->store);
		f->store = NULL;
	}
	fixture_open(f);
}

static void
remove_tree(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		char inner[512];

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
			continue;
		}
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		if (unlink(inner) != 0) {
			remove_tree(inner);
		}
	}
	if (dir) {
		closedir(dir);
	}
	(void)rmdir(path);
}

void
fixture_stop(struct fixture *f)
{
	desk_free(f->desk);
	store_close(f->store);
	secrets_close(f->secrets);
	arena_free(f->arena);
	remove_tree(f->dir);
}

json_t *
doc(const char *text)
{
	char *copy = strdup(text);
	json_error_t error;
	json_t *json;

	assert_non_null(copy);
	for (char *c = copy; *c; c++) {
		*c = *c == '\'' ? '"' : *c;
	}
	json = json_loads(copy, JSON_DECODE_ANY, &error);
	if (!json) {
		print_error("%s: %s\n", copy, error.text);
	}
	assert_non_null(json);
	free(copy);
	return json;
}

struct door
fixture_door(struct fixture *f, const char *person)
{
	/* At a real desk a service has made sure of who it is. */
	const struct session session = {
		.person = person, .login = "stranger", .claimed = f->org.trial
	};
	struct door door;
	json_t *error = NULL;

	assert_int_equal(desk_door_new(f->desk, &session, &door, &error), ERR_OK);
	return door;
}

static enum err
call_door(
	struct fixture *f, const char *person, const char *method, const json_t *args, json_t **ret)
{
	struct door door = fixture_door(f, person);
	json_t *result = NULL;
	json_t *error = NULL;
	enum err e = door.call(door.ctx, method, args, &result, &error);

	desk_door_free(&door);
	assert_true(e ? error && !result : result && !error);
	*ret = e ? error : result;
	return e;
}

json_t *
ok_doc(struct fixture *f, const char *person, const char *method, json_t *args)
{
	json_t *answer = NULL;
	enum err e = call_door(f, person, method, args, &answer);

	if (e) {
		char *sent = json_dumps(args, JSON_COMPACT);
		char *text = json_dumps(answer, JSON_INDENT(1));

		print_error("%s %s %s: %s\n", person, method, sent, text);
		free(text);
		free(sent);
	}
	assert_int_equal(e, ERR_OK);
	json_decref(args);
	return answer;
}

json_t *
ok(struct fixture *f, const char *person, const char *method, const char *args)
{
	return ok_doc(f, person, method, args ? doc(args) : NULL);
}

json_t *
refusal(struct fixture *f, const char *person, const char *method, const char *args)
{
	json_t *json = args ? doc(args) : NULL;
	json_t *error = NULL;

	assert_int_not_equal(call_door(f, person, method, json, &error), ERR_OK);
	assert_true(text_at(error, "text")[0] != '\0');
	json_decref(json);
	return error;
}

void
refused(struct fixture *f, const char *person, const char *method, const char *args,
	const char *code)
{
	json_t *error = refusal(f, person, method, args);

	assert_string_equal(text_at(error, "code"), code);
	json_decref(error);
}

static json_t *
act_args(const char *id, const char *step, const char *fields)
{
	return json_pack(
		"{s:s, s:s, s:o}", "id", id, "step", step, "fields", doc(fields ? fields : "{}"));
}

json_t *
act(struct fixture *f, const char *person, const char *id, const char *step, const char *fields)
{
	return ok_doc(f, person, "incident.act", act_args(id, step, fields));
}

const char *
act_code(
	struct fixture *f, const char *person, const char *id, const char *step, const char *fields)
{
	static char code[8];
	json_t *args = act_args(id, step, fields);
	json_t *answer = NULL;
	enum err e = call_door(f, person, "incident.act", args, &answer);

	snprintf(code, sizeof(code), "%s", e ? text_at(answer, "code") : "");
	json_decref(answer);
	json_decref(args);
	return code;
}

char *
report_with(struct fixture *f, const char *person, const char *extra)
{
	json_t *fields =
		doc("{'title': 'Rack C-12 lost power', 'situation': 'Both feeds are dark.',"
		    " 'contact': '03-5550-0101', 'answers': {'business-disruption': 'no',"
		    " 'service-disruption': 'yes', 'information-impairment': 'no',"
		    " 'security-breach': 'no', 'control-failure': 'no',"
		    " 'major-accident': 'no'}}");
	json_t *more = doc(extra);
	json_t *answer;
	char *id;

	assert_int_equal(json_object_update(fields, more), 0);
	json_decref(more);
	answer = ok_doc(f, person, "incident.report", json_pack("{s:o}", "fields", fields));
	id = strdup(text_at(answer, "id"));
	json_decref(answer);
	assert_non_null(id);
	return id;
}

char *
report(struct fixture *f)
{
	return report_with(f, "dc-operator-1", "{}");
}

const char *
text_at(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	if (!text) {
		print_error("no text %s\n", key);
	}
	assert_non_null(text);
	return text;
}

json_t *
answer_row(json_t *answer, const char *list, const char *key, const char *value)
{
	json_t *found = NULL;
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(answer, list), i, row)
	{
		if (strcmp(text_at(row, key), value) == 0) {
			assert_null(found);
			found = json_incref(row);
		}
	}
	if (!found) {
		print_error("no row in %s whose %s is %s\n", list, key, value);
	}
	assert_non_null(found);
	json_decref(answer);
	return found;
}

void
drop(json_t *json)
{
	json_decref(json);
}
