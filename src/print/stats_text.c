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

enum { NAME_COLS = 24, NUMBER_COLS = 5, OPEN_COLS = 11, LENGTH_COLS = 9, PERCENT = 100 };

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
add_length(struct str *out, const json_t *group, const char *key)
{
	int64_t ms = stats_length(group, key, "median_ms");
	char text[STAMP_SIZE] = "-";

	if (ms != STAMP_NONE) {
		duration_format_left(ms, text);
	}
	add_right(out, text, LENGTH_COLS);
}

static void
add_group(struct str *out, const char *name, const json_t *group)
{
	(void)text_fit(out, name, strlen(name), NAME_COLS);
	add_number(out, stats_number(group, "incidents"), NUMBER_COLS);
	add_number(out, stats_number(group, "previous"), NUMBER_COLS);
	add_number(out, stats_number(group, "open"), OPEN_COLS);
	add_number(out, stats_number(group, "late"), NUMBER_COLS);
	add_length(out, group, "acknowledged");
	add_length(out, group, "instructed");
	add_length(out, group, "approved");
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
		{ N_("still open"), OPEN_COLS },
		{ N_("late"), NUMBER_COLS },
		{ N_("known"), LENGTH_COLS },
		{ N_("instr."), LENGTH_COLS },
		{ N_("approved"), LENGTH_COLS },
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

enum err
print_stats_text(const struct print_stats_sources *sources, struct str *out)
{
	const json_t *stats = sources->stats;
	const json_t *limits = json_object_get(stats, "limits");
	const json_t *group;
	size_t i;

	str_addf(out, "%s  %.10s - %s\n\n", _("Statistics"), paper_string(stats, "since"),
		paper_string(stats, "last_day"));
	add_headings(out);
	json_array_foreach(json_object_get(stats, "groups"), i, group)
	{
		struct str name = STR_INIT;

		stats_name(sources, group, &name);
		add_group(out, str_text(&name), group);
		str_release(&name);
	}
	add_group(out, _("all"), json_object_get(stats, "total"));
	str_addf(out, "\n%s\n", _("Within the time limit"));
	add_limit(out, limits, "instruction", _("instruction"));
	add_limit(out, limits, "result_report", _("result report"));
	add_limit(out, limits, "approval", _("approval"));
	add_roll_out(out, json_object_get(stats, "roll_out"));
	str_addf(out, "%s %lld\n", _("Major accidents"),
		(long long)stats_number(json_object_get(stats, "total"), "major"));
	str_addf(out, "\n%s\n", _("Medians. Drills are not counted, nor what you may not read."));
	return out->failed ? ERR_NOMEM : ERR_OK;
}
