/* SPDX-License-Identifier: MIT */
/*
 * Definition files as a site could write them.  The first line is the path of the file below the
 * folder of forms, the rest its text; what begins with "org/" is an organisation.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "toban/base/hash.h"
#include "toban/base/text.h"
#include "toban/core/org.h"
#include "toban/core/procedure.h"
#include "toban/forms.h"

/* Whatever a parser finds is shown to somebody: it must be text, and harmless. */
static void
check_problems(const struct ini_problems *problems)
{
	for (size_t i = 0; i < problems->n; i++) {
		const struct ini_problem *p = &problems->items[i];

		if (!utf8_valid(p->text, strlen(p->text)) ||
			!utf8_valid(p->path, strlen(p->path)) || strchr(p->text, '\033') ||
			p->line < 0) {
			abort();
		}
	}
}

/* What was read is written into the ledger and must come back from there. */
static void
try_org(struct arena *arena, const struct def_file *def)
{
	struct ini_problems problems = { .arena = arena };
	struct ini_file file = { 0 };
	const struct org *org = NULL;
	const struct org *again = NULL;
	json_t *body;

	if (ini_parse(def->path, def->data, def->len, &problems, &file) == ERR_OK &&
		org_parse(arena, &file, &problems, &org) == ERR_OK) {
		body = org_to_json(org);
		if (!body || org_from_json(arena, body, &again) != ERR_OK ||
			again->n_people != org->n_people) {
			abort();
		}
		json_decref(body);
	}
	check_problems(&problems);
}

static void
try_procedure(struct arena *arena, const struct def_file *def)
{
	struct ini_problems problems = { .arena = arena };
	const struct procedure *procedure = NULL;

	(void)procedure_load(arena, (struct def_files){ shipped_files, shipped_files_n },
		(struct def_files){ def, 1 }, &problems, &procedure);
	check_problems(&problems);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	struct arena *arena;
	struct def_file def = { 0 };
	char *path;

	if (!end || hash_start() != ERR_OK) {
		return 0;
	}
	arena = arena_new();
	path = arena_strndup(arena, (const char *)data, (size_t)(end - data));
	def.path = path;
	def.data = (const char *)end + 1;
	def.len = size - (size_t)(end + 1 - data);
	if (strncmp(path, "org/", 4) == 0) {
		try_org(arena, &def);
	} else {
		try_procedure(arena, &def);
	}
	arena_free(arena);
	return 0;
}
