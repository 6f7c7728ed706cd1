/* SPDX-License-Identifier: MIT */
/*
 * Statistics as a page of text.
 */
#include <string.h>

#include "paper.h"
#include "stats_names.h"
#include "toban/base/attr.h"
#include "toban/base/clock.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

/* A page of 80 columns, also of the links: three of them are 24 + 3 * 18. */
enum {
	NAME_COLS = 24,
	NUMBER_COLS = 5,
	OPEN_COLS = 8,
	LENGTH_COLS = 8,
	LAST_COLS = 9,
	LINK_COLS = 9,
	PERCENT = 100
};

int64_t
stats_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

int64_t
stats_length(const json_t *group, const char *key, const char *member)
{
	const json_t *length = json_object_get(json_object_get(group, key), member);

	return json_is_integer(length) ? json_integer_value(length) : STAMP_NONE;
}

/* A row of a list by one of its members. */
static const json_t *
row_of(const json_t *list, const char *name, const char *key)
{
	const json_t *row;
	size_t i;

	json_array_foreach(list, i, row)
	{
		if (strcmp(paper_string(row, name), key) == 0) {
			return row;
		}
	}
	return NULL;
}

void
stats_name(const struct print_stats_sources *sources, const json_t *group, struct str *out)
{
	const char *by = paper_string(sources->stats, "by");
	const char *key = paper_string(group, "key");
	const char *text = key;
	struct str name = STR_INIT;

	if (strcmp(by, "category") == 0) {
		const json_t *category =
			row_of(json_object_get(sources->procedure, "categories"), "key", key);

		if (category) {
			str_addf(&name, "%lld ", (long long)stats_number(category, "number"));
			text = paper_words(json_object_get(category, "label"));
		}
	} else if (strcmp(by, "department") == 0) {
		const json_t *department =
			row_of(json_object_get(sources->org, "departments"), "id", key);

		text = department ? paper_words(json_object_get(department, "name")) : key;
	}
	str_add(&name, text);
	text_show(out, str_text(&name), name.len, 0);
	str_release(&name);
}

static void
add_right(struct str *out, const char *text, int cols)
{
	int used = text_width(text, strlen(text));

	str_add_repeat(out, ' ', (size_t)(used < cols ? cols - used : 1));
	str_add(out, text);
}

static void
add_number(struct str *out, int64_t n, int cols)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)n);
	add_right(out, text, cols);
}

static void
add_length(struct str *out, int64_t ms, int cols)
{
	char text[STAMP_SIZE] = "-";

	if (ms != STAMP_NONE) {
		duration_format_left(ms, text);
	}
	add_right(out, text, cols);
}

static void
add_group(struct str *out, const char *name, const json_t *group)
{
	(void)text_fit(out, name, strlen(name), NAME_COLS);
	add_number(out, stats_number(group, "incidents"), NUMBER_COLS);
	add_number(out, stats_number(group, "previous"), NUMBER_COLS);
	add_number(out, stats_number(group, "open"), OPEN_COLS);
	add_number(out, stats_number(group, "late"), NUMBER_COLS);
	add_length(out, stats_length(group, "acknowledged", "median_ms"), LENGTH_COLS);
	add_length(out, stats_length(group, "instructed", "median_ms"), LENGTH_COLS);
	add_length(out, stats_length(group, "responded", "median_ms"), LENGTH_COLS);
	add_length(out, stats_length(group, "approved", "median_ms"), LAST_COLS);
	str_add_char(out, '\n');
}

static void
add_headings(struct str *out)
{
	static const struct {
		const char *label;
		int cols;
	} heads[] = {
		{ N_("n"), NUMBER_COLS },
		{ N_("prev"), NUMBER_COLS },
		{ N_("pending"), OPEN_COLS },
		{ N_("late"), NUMBER_COLS },
		{ N_("known"), LENGTH_COLS },
		{ N_("instr."), LENGTH_COLS },
		{ N_("resp."), LENGTH_COLS },
		{ N_("approved"), LAST_COLS },
	};

	(void)text_fit(out, "", 0, NAME_COLS);
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		add_right(out, _(heads[i].label), heads[i].cols);
	}
	str_add_char(out, '\n');
}

static void
add_limit(struct str *out, const json_t *limits, const char *key, const char *label)
{
	const json_t *limit = json_object_get(limits, key);
	int64_t in_time = stats_number(limit, "in_time");
	int64_t all = in_time + stats_number(limit, "late");

	str_addf(out, "  %s ", label);
	if (all > 0) {
		str_addf(out, "%lld%% (%lld/%lld)", (long long)(in_time * PERCENT / all),
			(long long)in_time, (long long)all);
	} else {
		str_add_char(out, '-');
	}
	str_add_char(out, '\n');
}

static void
add_roll_out(struct str *out, const json_t *roll_out)
{
	char median[STAMP_SIZE] = "-";
	const json_t *ms = json_object_get(roll_out, "median_ms");

	if (json_is_integer(ms)) {
		duration_format_left(json_integer_value(ms), median);
	}
	str_addf(out, "%s  %s %lld/%lld  %s %lld  %s %s\n", _("Roll-out"), _("done"),
		(long long)stats_number(roll_out, "done"),
		(long long)stats_number(roll_out, "cells"), _("late"),
		(long long)stats_number(roll_out, "late"), _("median"), median);
}

/* --- the chain ------------------------------------------------------------------------ */

/* Who stands at each link, then the heads of its two columns. */
static void
add_link_headings(const struct print_stats_sources *sources, size_t n, struct str *out)
{
	const json_t *roles = json_object_get(sources->procedure, "roles");
	const json_t *chain = json_object_get(sources->procedure, "chain");
	const char *const gaps[] = { "", "  " };

	str_addf(out, "\n%s\n", _("From being told to acknowledging, by link of the chain"));
	for (size_t i = 0; i < json_array_size(chain); i++) {
		const char *role = paper_string(json_array_get(chain, i), "to");
		const char *name = paper_words(json_object_get(roles, role));

		str_addf(out, "%s%zu ", gaps[i > 0], i + 1);
		text_show(out, name, strlen(name), 0);
	}
	str_add_char(out, '\n');
	(void)text_fit(out, "", 0, NAME_COLS);
	for (size_t i = 1; i <= n; i++) {
		add_number(out, (int64_t)i, LINK_COLS);
		add_right(out, _("90%"), LINK_COLS);
	}
	str_add_char(out, '\n');
}

static void
add_links(struct str *out, const char *name, const json_t *group)
{
	const json_t *link;
	size_t i;

	(void)text_fit(out, name, strlen(name), NAME_COLS);
	json_array_foreach(json_object_get(group, "links"), i, link)
	{
		add_length(out, stats_length(link, "acknowledged", "median_ms"), LINK_COLS);
		add_length(out, stats_length(link, "acknowledged", "p90_ms"), LINK_COLS);
	}
	str_add_char(out, '\n');
}

/* --- the page --------------------------------------------------------------------------- */

/* A line for each group, and one for all. */
static void
add_groups(const struct print_stats_sources *sources, struct str *out,
	void (*add)(struct str *, const char *, const json_t *))
{
	const json_t *group;
	size_t i;

	json_array_foreach(json_object_get(sources->stats, "groups"), i, group)
	{
		struct str name = STR_INIT;

		stats_name(sources, group, &name);
		add(out, str_text(&name), group);
		str_release(&name);
	}
	add(out, _("all"), json_object_get(sources->stats, "total"));
}

enum err
print_stats_text(const struct print_stats_sources *sources, struct str *out)
{
	const json_t *stats = sources->stats;
	const json_t *limits = json_object_get(stats, "limits");
	const json_t *total = json_object_get(stats, "total");

	str_addf(out, "%s  %.10s - %s\n\n", _("Statistics"), paper_string(stats, "since"),
		paper_string(stats, "last_day"));
	if (sources->trial) {
		str_addf(out, "%s\n\n",
			_("*** TRIAL DESK - anybody could act as anybody: no evidence ***"));
	}
	add_headings(out);
	add_groups(sources, out, add_group);
	add_link_headings(sources, json_array_size(json_object_get(total, "links")), out);
	add_groups(sources, out, add_links);
	str_addf(out, "\n%s\n", _("Within the time limit"));
	add_limit(out, limits, "instruction", _("instruction"));
	add_limit(out, limits, "result_report", _("result report"));
	add_limit(out, limits, "approval", _("approval"));
	add_roll_out(out, json_object_get(stats, "roll_out"));
	str_addf(out, "%s %lld\n", _("Major accidents"),
		(long long)stats_number(total, "major"));
	str_addf(out, "\n%s\n", _("Medians. Drills are not counted, nor what you may not read."));
	return out->failed ? ERR_NOMEM : ERR_OK;
}
