/* SPDX-License-Identifier: MIT */
/*
 * Statistics as CSV.
 */
#include <string.h>

#include "stats_names.h"
#include "toban/base/attr.h"
#include "toban/base/clock.h"
#include "toban/base/i18n.h"

/*
 * One cell, always in quotes.  Spreadsheets run what begins with one of these
 * as a formula, quotes or not; an apostrophe before it makes it a text.
 */
static void
add_cell(struct str *out, const char *text)
{
	str_add_char(out, '"');
	if (text[0] && strchr("=+-@\t\r", text[0])) {
		str_add_char(out, '\'');
	}
	for (; *text; text++) {
		str_add_n(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
	}
	str_add_char(out, '"');
}

static void
add_minutes(struct str *out, const json_t *group, const char *key)
{
	static const char *const members[] = { "median_ms", "p90_ms" };

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		int64_t ms = stats_length(group, key, members[i]);

		str_add_char(out, ',');
		if (ms != STAMP_NONE) {
			str_addf(out, "%lld", (long long)(ms / 60000));
		}
	}
}

/* As many links as the whole has: each row gets the same columns. */
static void
add_links(struct str *out, const json_t *group, size_t n)
{
	const json_t *links = json_object_get(group, "links");

	for (size_t i = 0; i < n; i++) {
		const json_t *link = json_array_get(links, i);

		str_addf(out, ",%lld", (long long)stats_number(link, "told"));
		add_minutes(out, link, "acknowledged");
		add_minutes(out, link, "instructed");
	}
}

/* What every row of this file has. */
struct rows {
	size_t n_links;
	bool trial;
};

static void
add_row(struct str *out, const char *key, const char *name, const json_t *group,
	const struct rows *rows)
{
	static const char *const numbers[] = { "incidents", "previous", "open", "late", "major" };
	static const char *const lengths[] = { "acknowledged", "instructed", "responded",
		"approved" };

	add_cell(out, key);
	str_add_char(out, ',');
	add_cell(out, name);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		str_addf(out, ",%lld", (long long)stats_number(group, numbers[i]));
	}
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		add_minutes(out, group, lengths[i]);
	}
	add_links(out, group, rows->n_links);
	str_add(out, rows->trial ? ",yes\r\n" : "\r\n");
}

/* A document a program reads carries no translated key. */
static void
add_heading(struct str *out, const struct rows *rows)
{
	str_add(out,
		"key,name,incidents,previous,open,late,major,acknowledged_median_min,"
		"acknowledged_p90_min,instructed_median_min,instructed_p90_min,"
		"responded_median_min,responded_p90_min,approved_median_min,approved_p90_min");
	for (size_t i = 1; i <= rows->n_links; i++) {
		str_addf(out,
			",link%zu_told,link%zu_acknowledged_median_min,"
			"link%zu_acknowledged_p90_min,link%zu_instructed_median_min,"
			"link%zu_instructed_p90_min",
			i, i, i, i, i);
	}
	str_add(out, rows->trial ? ",trial\r\n" : "\r\n");
}

enum err
print_stats_csv(const struct print_stats_sources *sources, struct str *out)
{
	const json_t *total = json_object_get(sources->stats, "total");
	const struct rows rows = { json_array_size(json_object_get(total, "links")),
		sources->trial };
	const json_t *group;
	size_t i;

	add_heading(out, &rows);
	json_array_foreach(json_object_get(sources->stats, "groups"), i, group)
	{
		const char *key = json_string_value(json_object_get(group, "key"));
		struct str name = STR_INIT;

		stats_name(sources, group, &name);
		add_row(out, key ? key : "", str_text(&name), group, &rows);
		str_release(&name);
	}
	add_row(out, "", _("all"), total, &rows);
	return out->failed ? ERR_NOMEM : ERR_OK;
}
