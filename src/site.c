/* SPDX-License-Identifier: MIT */
/*
 * The procedure is data: finds, reads and checks it.
 */
#include "site.h"

#include "toban/base/i18n.h"
#include "toban/base/str.h"
#include "toban/desk/desk.h"
#include "toban/desk/door.h"
#include "toban/forms.h"
#include "folder.h"
#include "places.h"

/* Faults named in a sentence; `toban check` names all. */
#define FAULTS_TOLD 5

void
site_add_faults(struct str *text, const struct ini_problems *problems)
{
	for (size_t i = 0; i < problems->n && i < FAULTS_TOLD; i++) {
		const struct ini_problem *p = &problems->items[i];
		str_addf(text, " %s:%d: %s", p->path, p->line, p->text);
	}
}

static void
fail_faults(const struct ini_problems *problems, json_t **ret_error)
{
	struct str text = STR_INIT;
	str_add(&text, _("The definition files of the procedure have faults:"));
	site_add_faults(&text, problems);
	*ret_error = door_error("D420", "unusable", str_text(&text),
		_("Mend them: toban check names every fault, and what was expected."));
	str_release(&text);
}

/* Reads shipped and site definitions; findings of both are collected. */
static enum err
read_procedure(struct arena *arena, const char *dir, struct ini_problems *problems,
	const struct procedure **ret_procedure)
{
	const struct def_file *site = NULL;
	size_t n_site = 0;
	if (dir) {
		enum err e = folder_read_forms(arena, dir, problems, &site, &n_site);
		if (e != ERR_OK) {
			return e;
		}
	}
	struct def_files shipped = { shipped_files, shipped_files_n };
	enum err e = procedure_load(
		arena, shipped, (struct def_files){ site, n_site }, problems, ret_procedure);
	return e == ERR_OK && problems->n ? ERR_INVALID : e;
}

static enum err
load(struct arena *arena, const char *dir, const struct procedure **ret_procedure,
	json_t **ret_error)
{
	struct ini_problems problems = { .arena = arena };
	enum err e = read_procedure(arena, dir, &problems, ret_procedure);
	if (e == ERR_INVALID) {
		fail_faults(&problems, ret_error);
	} else if (e == ERR_NOT_FOUND) {
		*ret_error = door_error("D420", "unusable",
			_("The folder of definition files (TOBAN_FORMS) is not there."), "");
	} else if (e != ERR_OK) {
		*ret_error = door_error("D411", "failed", _("The procedure cannot be read."), "");
	}
	return e;
}

enum err
site_load(struct arena *arena, const struct procedure **ret_procedure, json_t **ret_error)
{
	return load(arena, places_forms_dir(), ret_procedure, ret_error);
}

enum err
site_authority(const char *dir, json_t **ret_result, json_t **ret_error)
{
	struct arena *arena = arena_new();
	const struct procedure *procedure = NULL;
	json_t *result = NULL;
	enum err e = arena ? load(arena, dir ? dir : places_forms_dir(), &procedure, ret_error)
			   : ERR_NOMEM;
	if (e == ERR_OK) {
		result = desk_authority(procedure);
		e = result ? ERR_OK : ERR_NOMEM;
	}
	if (e == ERR_NOMEM) {
		json_decref(*ret_error);
		*ret_error = door_error("D411", "failed", _("Memory is exhausted."), "");
	}
	*ret_result = result;
	arena_free(arena);
	return e;
}

/* The findings as `check` prints them; NULL without memory. */
static json_t *
doc_check(const char *dir, const struct ini_problems *problems)
{
	json_t *list = json_array();
	for (size_t i = 0; list && i < problems->n; i++) {
		const struct ini_problem *p = &problems->items[i];
		json_t *row = json_pack("{s:s, s:i, s:s, s:s}", "path", p->path, "line", p->line,
			"text", p->text, "expected", p->expected);
		/* Takes NULL for a failure too. */
		if (json_array_append_new(list, row) != 0) {
			json_decref(list);
			list = NULL;
		}
	}
	return json_pack("{s:b, s:I, s:s, s:o}", "ok", problems->n == 0, "files",
		(json_int_t)shipped_files_n, "folder", dir ? dir : "", "problems", list);
}

static enum err
check(struct arena *arena, const char *dir, json_t **ret_result)
{
	struct ini_problems problems = { .arena = arena };
	const struct procedure *procedure = NULL;
	enum err e = read_procedure(arena, dir, &problems, &procedure);
	if (e != ERR_OK && e != ERR_INVALID) {
		return e;
	}
	json_t *result = problems.lost ? NULL : doc_check(dir, &problems);
	if (!result) {
		return ERR_NOMEM;
	}
	*ret_result = result;
	return ERR_OK;
}

enum err
site_check(const char *dir, json_t **ret_result, json_t **ret_error)
{
	struct arena *arena = arena_new();
	enum err e = arena ? check(arena, dir ? dir : places_forms_dir(), ret_result) : ERR_NOMEM;
	if (e == ERR_NOT_FOUND) {
		*ret_error = door_error("D107", "not-found", _("There is no such folder."), "");
	} else if (e != ERR_OK) {
		*ret_error = door_error("D414", "failed", _("Memory is exhausted."), "");
	}
	arena_free(arena);
	return e;
}
