/* SPDX-License-Identifier: MIT */
/*
 * The shipped procedure and the example organisation, for tests of the core.
 */
#ifndef TOBAN_TESTS_UNIT_CORE_SHIPPED_H
#define TOBAN_TESTS_UNIT_CORE_SHIPPED_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/core/org.h"
#include "toban/core/procedure.h"
#include "toban/forms.h"

struct shipped {
	struct arena *arena;
	const struct procedure *procedure;
	const struct org *org;
};

/* Prints findings, so that a failing test says what is wrong. */
static inline void
shipped_print(const struct ini_problems *problems)
{
	for (size_t i = 0; i < problems->n; i++) {
		const struct ini_problem *p = &problems->items[i];

		print_error("%s:%d: %s (%s)\n", p->path, p->line, p->text, p->expected);
	}
}

/* Group set-up: *state becomes a struct shipped *. */
static inline int
shipped_load(void **state)
{
	struct arena *arena = arena_new();
	struct shipped *shipped = arena_alloc(arena, sizeof(*shipped));
	struct ini_problems problems = { .arena = arena };
	const struct def_file *org = shipped_find("org/example.ini");
	struct ini_file file;

	assert_int_equal(hash_start(), ERR_OK);
	assert_non_null(org);
	shipped->arena = arena;
	if (procedure_load(arena, (struct def_files){ shipped_files, shipped_files_n },
		    (struct def_files){ 0 }, &problems, &shipped->procedure) != ERR_OK ||
		ini_parse(org->path, org->data, org->len, &problems, &file) != ERR_OK ||
		org_parse(arena, &file, &problems, &shipped->org) != ERR_OK) {
		shipped_print(&problems);
		return -1;
	}
	*state = shipped;
	return 0;
}

static inline int
shipped_unload(void **state)
{
	struct shipped *shipped = *state;

	arena_free(shipped->arena);
	return 0;
}

#endif
