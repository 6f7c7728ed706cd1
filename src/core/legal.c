/* SPDX-License-Identifier: MIT */
/*
 * Reading policy/legal: the statutory clocks, each with the law it
 * comes from and the date somebody last looked.
 */
#include <string.h>

#include "procedure_read.h"

#define AT(member) offsetof(struct legal_clock, member)
static const struct def_key clock_keys[] = {
	{ .name = "Label", .type = KEY_WORDS, .offset = AT(label), .required = true },
	{ .name = "Citation", .type = KEY_TEXT, .offset = AT(citation), .required = true },
	{ .name = "Effective", .type = KEY_DATE, .offset = AT(effective), .required = true },
	{ .name = "VerifiedOn", .type = KEY_DATE, .offset = AT(verified_on), .required = true },
	{ .name = "Due", .type = KEY_DURATION, .offset = AT(due_ms), .required = true },
	{ .name = "When", .type = KEY_LIST, .offset = AT(when), .required = true, .ref = REF_WHEN },
};
#undef AT

static const struct def_kind clock_kind = { "clock", true, clock_keys, ARRAY_LEN(clock_keys) };

/* Clocks are asked for by key alone, so a key must be the only one of all files. */
static void
legal_check_key(struct def_reader *r, const struct ini_section *section,
	const struct legal_clock *clocks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(clocks[i].key, section->name) == 0) {
			ini_report(r->problems, r->path, section->line, "a key of its own",
				"There are two clocks %s.", section->name);
		}
	}
}

void
legal_read(struct def_reader *r, const struct ini_file *file, struct legal_clock *clocks, size_t *n)
{
	size_t before = *n;

	def_check_sections(r, file, &clock_kind, 1);
	for (size_t i = 0; i < file->n_sections; i++) {
		const struct ini_section *section = &file->sections[i];

		if (strcmp(section->kind, "clock") != 0) {
			continue;
		}
		legal_check_key(r, section, clocks, before);
		clocks[*n] = (struct legal_clock){ .key = section->name,
			.label = words_empty,
			.citation = "",
			.effective = "",
			.verified_on = "" };
		def_read_section(r, section, &clock_kind, &clocks[*n]);
		(*n)++;
	}
}
