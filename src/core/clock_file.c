/* SPDX-License-Identifier: MIT */
/*
 * Reading policy/clock.ini: what is watched besides the links of the chain, and how
 * it is followed up.
 */
#include "clock_file.h"

#include <string.h>

#include "words.h"

/* What can be watched.  Without a limit of the procedure's own a Due is needed. */
static const struct {
	const char *word;
	bool needs_due;
	bool has_ladder;
} watch_words[] = {
	{ WATCH_INSTRUCT, true, true },
	{ WATCH_RESPOND, false, true },
	{ WATCH_RATIFY, true, true },
	{ WATCH_MAJOR, true, true },
	{ WATCH_SUSPICION, true, true },
	{ WATCH_STATUTORY, false, true },
	{ WATCH_RESULT, true, true },
	{ WATCH_APPROVE, false, true },
	{ WATCH_PLAN, false, true },
	{ WATCH_CELL, false, true },
	{ WATCH_ACCEPT, true, true },
	{ WATCH_REVIEW, true, true },
	{ WATCH_EFFECT, false, true },
	{ WATCH_LAPSE, true, false },
};

#define AT(member) offsetof(struct clock_watch, rule.member)
static const struct def_key watch_keys[] = {
	{ .name = "Due", .type = KEY_DURATION, .offset = AT(due_ms) },
	{ .name = "Ahead", .type = KEY_DURATION, .offset = AT(ahead_ms) },
	{ .name = "Reminder", .type = KEY_DURATION, .offset = AT(reminder_ms) },
	{ .name = "Repeat", .type = KEY_DURATION, .offset = AT(repeat_ms) },
	{ .name = "Reminders", .type = KEY_INT, .offset = AT(reminders) },
	{ .name = "Again", .type = KEY_DURATION, .offset = AT(again_ms) },
	{ .name = "Tell", .type = KEY_LIST, .offset = AT(tell), .ref = REF_ACTOR },
	{ .name = "PassOn", .type = KEY_LIST, .offset = AT(pass_on), .ref = REF_ACTOR },
	{ .name = "Raise", .type = KEY_LIST, .offset = AT(raise), .ref = REF_ACTOR },
};
#undef AT

#define AT(member) offsetof(struct clock_variant, rule.member)
static const struct def_key variant_keys[] = {
	{ .name = "Due", .type = KEY_DURATION, .offset = AT(due_ms) },
	{ .name = "Ahead", .type = KEY_DURATION, .offset = AT(ahead_ms) },
	{ .name = "Reminder", .type = KEY_DURATION, .offset = AT(reminder_ms) },
	{ .name = "Repeat", .type = KEY_DURATION, .offset = AT(repeat_ms) },
	{ .name = "Reminders", .type = KEY_INT, .offset = AT(reminders) },
	{ .name = "Again", .type = KEY_DURATION, .offset = AT(again_ms) },
	{ .name = "Tell", .type = KEY_LIST, .offset = AT(tell), .ref = REF_ACTOR },
	{ .name = "PassOn", .type = KEY_LIST, .offset = AT(pass_on), .ref = REF_ACTOR },
	{ .name = "Raise", .type = KEY_LIST, .offset = AT(raise), .ref = REF_ACTOR },
};
#undef AT

static const struct def_kind watch_kind = { "watch", true, watch_keys, ARRAY_LEN(watch_keys) };
static const struct def_kind variant_kind = { "watch", true, variant_keys,
	ARRAY_LEN(variant_keys) };

/* --- sections of one case ------------------------------------------------------------- */

const char *
clock_section_case(const struct ini_section *section)
{
	const char *blank = strpbrk(section->name, " \t");

	return blank ? blank + strspn(blank, " \t") : NULL;
}

bool
clock_section_is(const struct ini_section *section, const char *name)
{
	size_t len = strcspn(section->name, " \t");

	return strlen(name) == len && strncmp(section->name, name, len) == 0;
}

void
clock_read_variants(struct def_reader *r, const struct ini_file *file, const struct def_kind *kind,
	const char *name, struct clock_watch *watch)
{
	struct clock_variant *variants = def_array(r, file->n_sections, sizeof(*variants));
	size_t n = 0;

	for (size_t i = 0; variants != NULL && i < file->n_sections; i++) {
		const struct ini_section *section = &file->sections[i];
		const char *of = clock_section_case(section);

		if (of == NULL || strcmp(section->kind, kind->kind) != 0 ||
			!clock_section_is(section, name)) {
			continue;
		}
		variants[n] = (struct clock_variant){ .of = of,
			.rule = { CLOCK_UNSET, CLOCK_UNSET, CLOCK_UNSET, CLOCK_UNSET, CLOCK_UNSET,
				CLOCK_UNSET, { 0 }, { 0 }, { 0 } } };
		def_refer(r, REF_CASE, of, section->line);
		def_read_section(r, section, kind, &variants[n++]);
	}
	watch->variants = variants;
	watch->n_variants = variants != NULL ? n : 0;
}

static bool
has_section(const struct ini_file *file, const struct ini_section *wanted)
{
	for (size_t i = 0; i < file->n_sections; i++) {
		const struct ini_section *section = &file->sections[i];

		if (strcmp(section->kind, wanted->kind) == 0 &&
			clock_section_case(section) == NULL &&
			clock_section_is(wanted, section->name)) {
			return true;
		}
	}
	return false;
}

void
clock_check_cases(struct def_reader *r, const struct ini_file *file, const char *kind)
{
	for (size_t i = 0; i < file->n_sections; i++) {
		const struct ini_section *section = &file->sections[i];

		if (strcmp(section->kind, kind) == 0 && clock_section_case(section) != NULL &&
			!has_section(file, section)) {
			ini_report(r->problems, r->path, section->line,
				"a section of the same name without a category",
				"[%s %s] changes what no section says.", kind, section->name);
		}
	}
}

/* --- the sections for all ----------------------------------------------------------------- */

static const char *
known_words(struct def_reader *r)
{
	const char *items[ARRAY_LEN(watch_words)];
	struct word_list list = { items, ARRAY_LEN(watch_words) };
	const char *joined;

	for (size_t i = 0; i < ARRAY_LEN(watch_words); i++) {
		items[i] = watch_words[i].word;
	}
	joined = words_join(r->arena, &list, ", ");
	return joined != NULL ? joined : "";
}

static void
check_watch(struct def_reader *r, const struct ini_section *section, const struct clock_rule *rule)
{
	for (size_t i = 0; i < ARRAY_LEN(watch_words); i++) {
		if (strcmp(watch_words[i].word, section->name) != 0) {
			continue;
		}
		if (watch_words[i].needs_due && rule->due_ms == 0) {
			ini_report(r->problems, r->path, section->line,
				"Due=", "[watch %s] has no Due, and the procedure sets no limit.",
				section->name);
		}
		if (watch_words[i].has_ladder && rule->repeat_ms == 0) {
			ini_report(r->problems, r->path, section->line,
				"Repeat=", "[watch %s] has no Repeat.", section->name);
		}
		return;
	}
	ini_report(r->problems, r->path, section->line, known_words(r),
		"There is nothing \"%s\" to watch.", section->name);
}

void
clock_read(struct def_reader *r, const struct ini_file *file, struct procedure *p)
{
	struct clock_watch *watches = def_array(r, file->n_sections, sizeof(*watches));
	size_t n = 0;

	def_check_sections(r, file, &watch_kind, 1);
	clock_check_cases(r, file, watch_kind.kind);
	for (size_t i = 0; watches != NULL && i < file->n_sections; i++) {
		const struct ini_section *section = &file->sections[i];

		if (strcmp(section->kind, "watch") != 0 || clock_section_case(section) != NULL) {
			continue;
		}
		watches[n] = (struct clock_watch){ .word = section->name };
		def_read_section(r, section, &watch_kind, &watches[n]);
		check_watch(r, section, &watches[n].rule);
		clock_read_variants(r, file, &variant_kind, section->name, &watches[n]);
		n++;
	}
	p->watches = watches;
	p->n_watches = n;
}
