/* SPDX-License-Identifier: MIT */
/*
 * Reading policy/chain.ini, the contact chain, and policy/review.ini, what is
 * looked at again because of an incident.
 */
#include <stdlib.h>
#include <string.h>

#include "clock_file.h"
#include "procedure_read.h"
#include "words.h"

/* What opens the first link when its section does not say. */
static const char *const opened_by_report[] = { "report" };

static const char *const acknowledge_words[] = {
	[ACKNOWLEDGE_ANYONE] = "anyone",
	[ACKNOWLEDGE_EVERYONE] = "everyone",
	NULL,
};

#define AT(member) offsetof(struct chain_link, member)
#define RULE(member) offsetof(struct chain_link, clock.rule.member)
static const struct def_key link_keys[] = {
	{ .name = "To", .type = KEY_WORD, .offset = AT(to), .required = true, .ref = REF_ACTOR },
	{ .name = "StandIn", .type = KEY_WORD, .offset = AT(stand_in), .ref = REF_ACTOR },
	{ .name = "Label", .type = KEY_WORDS, .offset = AT(label), .required = true },
	{ .name = "Due", .type = KEY_DURATION, .offset = RULE(due_ms), .required = true },
	{ .name = "Reminder", .type = KEY_DURATION, .offset = RULE(reminder_ms), .required = true },
	{ .name = "Repeat", .type = KEY_DURATION, .offset = RULE(repeat_ms), .required = true },
	{ .name = "Reminders", .type = KEY_INT, .offset = RULE(reminders), .required = true },
	{ .name = "Again", .type = KEY_DURATION, .offset = RULE(again_ms) },
	{ .name = "Acknowledge",
		.type = KEY_CHOICE,
		.offset = AT(acknowledge),
		.words = acknowledge_words },
	{ .name = "Opens", .type = KEY_LIST, .offset = AT(opens), .ref = REF_OPENER },
};
#undef RULE
#undef AT

/* What a category, or a major accident, may have otherwise: nothing of who stands there. */
#define AT(member) offsetof(struct clock_variant, rule.member)
static const struct def_key case_keys[] = {
	{ .name = "Due", .type = KEY_DURATION, .offset = AT(due_ms) },
	{ .name = "Reminder", .type = KEY_DURATION, .offset = AT(reminder_ms) },
	{ .name = "Repeat", .type = KEY_DURATION, .offset = AT(repeat_ms) },
	{ .name = "Reminders", .type = KEY_INT, .offset = AT(reminders) },
	{ .name = "Again", .type = KEY_DURATION, .offset = AT(again_ms) },
};
#undef AT

#define AT(member) offsetof(struct review_item, member)
static const struct def_key item_keys[] = {
	{ .name = "By", .type = KEY_LIST, .offset = AT(by), .required = true, .ref = REF_ACTOR },
	{ .name = "Label", .type = KEY_WORDS, .offset = AT(label), .required = true },
	{ .name = "Explain", .type = KEY_WORDS, .offset = AT(explain), .required = true },
};
#undef AT

static const struct def_kind link_kind = { "link", true, link_keys, ARRAY_LEN(link_keys) };
static const struct def_kind case_kind = { "link", true, case_keys, ARRAY_LEN(case_keys) };
static const struct def_kind item_kind = { "item", true, item_keys, ARRAY_LEN(item_keys) };

static void
chain_read_link(struct def_reader *r, const struct ini_section *section, int number,
	struct chain_link *ret_link)
{
	const char *expected = arena_printf(r->arena, "[link %d]", number);
	char *end;

	*ret_link = (struct chain_link){
		.number = number,
		.to = "",
		.stand_in = "",
		.label = words_empty,
		.clock = { .word = WATCH_LINK },
	};
	if (strtol(section->name, &end, 10) != number || *end != '\0') {
		ini_report(r->problems, r->path, section->line, expected != NULL ? expected : "",
			"The links of the chain are numbered from 1 on without gaps; this is [link "
			"%s].",
			section->name);
	}
	def_read_section(r, section, &link_kind, ret_link);
	if (ret_link->opens.n == 0 && number == 1) {
		ret_link->opens = (struct word_list){ opened_by_report, 1 };
	}
	if (number == 1 && word_list_has(&ret_link->opens, OPENED_UNANSWERED)) {
		ini_report(r->problems, r->path, def_line(section, "Opens"), "another link",
			"Before [link 1] there is no link that could stay unanswered.");
	}
	if (ret_link->opens.n == 0) {
		ini_report(r->problems, r->path, def_line(section, "Opens"),
			"Opens= with steps, major-proposed, major-yes or unanswered",
			"[link %s] is never opened.", section->name);
	}
}

void
chain_read(struct def_reader *r, const struct ini_file *file, struct procedure *p)
{
	size_t n = def_count(file, "link");
	struct chain_link *links = def_array(r, n, sizeof(*links));
	size_t at = 0;

	def_check_sections(r, file, &link_kind, 1);
	clock_check_cases(r, file, link_kind.kind);
	for (size_t i = 0; links != NULL && i < file->n_sections; i++) {
		const struct ini_section *section = &file->sections[i];

		if (strcmp(section->kind, "link") != 0 || clock_section_case(section) != NULL) {
			continue;
		}
		chain_read_link(r, section, (int)at + 1, &links[at]);
		clock_read_variants(r, file, &case_kind, section->name, &links[at].clock);
		at++;
	}
	if (n == 0) {
		ini_report(r->problems, r->path, 0, "[link 1]", "The contact chain has no link.");
	}
	p->chain = links;
	p->n_chain = at;
}

void
chain_read_reviews(struct def_reader *r, const struct ini_file *file, struct procedure *p)
{
	size_t n = def_count(file, "item");
	struct review_item *items = def_array(r, n, sizeof(*items));
	size_t at = 0;

	def_check_sections(r, file, &item_kind, 1);
	for (size_t i = 0; items != NULL && i < file->n_sections; i++) {
		const struct ini_section *section = &file->sections[i];

		if (strcmp(section->kind, "item") != 0) {
			continue;
		}
		items[at] = (struct review_item){
			.key = section->name, .label = words_empty, .explain = words_empty
		};
		def_read_section(r, section, &item_kind, &items[at]);
		at++;
	}
	if (n == 0) {
		ini_report(r->problems, r->path, 0, "[item KEY]", "There is no review item.");
	}
	p->reviews = items;
	p->n_reviews = at;
}

const struct review_item *
procedure_review(const struct procedure *p, const char *key)
{
	for (size_t i = 0; i < p->n_reviews; i++) {
		if (words_same(p->reviews[i].key, key)) {
			return &p->reviews[i];
		}
	}
	return NULL;
}
