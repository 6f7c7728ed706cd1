/* SPDX-License-Identifier: MIT */
/*
 * The keys that policy/chain.ini and policy/clock.ini share: limits and reminders,
 * for all incidents, and again for those of one category or for major accidents.
 */
#ifndef TOBAN_SRC_CORE_CLOCK_FILE_H
#define TOBAN_SRC_CORE_CLOCK_FILE_H

#include "procedure_read.h"

/* The second word of a section's name, which says for what it holds; NULL: for all. */
const char *clock_section_case(const struct ini_section *section);

/* Whether the first word of the section's name is `name`. */
bool clock_section_is(const struct ini_section *section, const char *name);

/*
 * Reads what the sections [KIND NAME CASE] of the file say differently from the one
 * without a case, by the keys of `kind`, whose offsets are in a struct clock_variant.
 */
void clock_read_variants(struct def_reader *r, const struct ini_file *file,
	const struct def_kind *kind, const char *name, struct clock_watch *watch);

/* Reports sections with a case whose NAME has no section of its own. */
void clock_check_cases(struct def_reader *r, const struct ini_file *file, const char *kind);

#endif
