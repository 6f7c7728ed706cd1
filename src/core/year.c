/* SPDX-License-Identifier: MIT */
/*
 * Reading policy/year.ini: with which month a year of the statistics begins.
 */
#include "procedure_read.h"

static const struct def_key year_keys[] = {
	{ .name = "FirstMonth",
		.type = KEY_INT,
		.offset = offsetof(struct procedure, fiscal_month),
		.required = true },
};

static const struct def_kind year_kind = { "fiscal-year", false, year_keys, ARRAY_LEN(year_keys) };

void
year_read(struct def_reader *r, const struct ini_file *file, struct procedure *p)
{
	def_check_sections(r, file, &year_kind, 1);
	for (size_t i = 0; i < file->n_sections; i++) {
		const struct ini_section *section = &file->sections[i];

		if (strcmp(section->kind, "fiscal-year") != 0) {
			continue;
		}
		def_read_section(r, section, &year_kind, p);
		if (p->fiscal_month < 1 || p->fiscal_month > 12) {
			ini_report(r->problems, r->path, def_line(section, "FirstMonth"),
				"a month from 1 to 12", "There is no month %d.", p->fiscal_month);
		}
	}
}
