/* SPDX-License-Identifier: MIT */
/*
 * The statistics: which period is meant, and the document of what was counted.
 */
#include <stdio.h>
#include <string.h>

#include "call.h"
#include "doc.h"
#include "method.h"
#include "stats.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum {
	MONTHS_MOST = 1200, /* a hundred years */
	DAY_MS = 86400000
};

/* --- the period -------------------------------------------------------------------- */

/* "2026-04" begins with its first day, or ends with its last. */
static bool
read_month(const struct call *call, const char *text, bool end, stamp *ret_at)
{
	int year = 0;
	int month = 0;
	int len = 0;

	if (sscanf(text, "%4d-%2d%n", &year, &month, &len) != 2 || text[len] || len != 7 ||
		month < 1 || month > 12) {
		return false;
	}
	*ret_at = stats_month_start(call, year * 12 + month - 1 + (end ? 1 : 0));
	return *ret_at != STAMP_NONE;
}

/* A month, a day (with `end` the whole of it belongs to the period) or a moment. */
static enum err
read_bound(struct call *call, const char *name, bool end, stamp *at)
{
	const char *text = arg_text(call, name);

	if (!text || read_month(call, text, end, at)) {
		return ERR_OK;
	}
	if (stamp_parse_loose(text, call->now, call->org->offset_min, at) != ERR_OK) {
		return call_fail_field(call, "D108", name,
			_("A month (2026-04) or a day (2026-04-01) is wanted here."));
	}
	if (end && strlen(text) == strlen("2026-04-01")) {
		*at += DAY_MS;
	}
	return ERR_OK;
}

/* The first month of the fiscal year a moment is in. */
static int
fiscal_start(const struct call *call, stamp at)
{
	int month = stats_month_of(call, at);
	int first = call->procedure->fiscal_month - 1;

	return month - (month % 12 + 12 - first) % 12;
}

/* Of a year that is not over, what is over and today. */
static stamp
end_of_today(const struct call *call)
{
	stamp midnight = STAMP_NONE;

	if (stamp_parse_loose("today", call->now, call->org->offset_min, &midnight) != ERR_OK) {
		return call->now + 1;
	}
	return midnight + DAY_MS;
}

static enum err
read_period(struct call *call, struct stats *stats, int *ret_first)
{
	int64_t year = arg_count(call, "year", 0);
	int first = year ? (int)year * 12 + call->procedure->fiscal_month - 1
			 : fiscal_start(call, call->now);
	stamp today = end_of_today(call);
	enum err e;

	stats->since = stats_month_start(call, first);
	stats->until = stats_month_start(call, first + 12);
	if (stats->until > today && stats->since < today) {
		stats->until = today;
	}
	e = read_bound(call, "since", false, &stats->since);
	if (!e && arg_text(call, "since") && !arg_text(call, "until")) {
		stats->until = today;
	}
	if (!e) {
		e = read_bound(call, "until", true, &stats->until);
	}
	if (!e && stats->until <= stats->since) {
		e = call_fail_field(call, "D108", "until", _("The period ends before it begins."));
	}
	*ret_first = first;
	return e;
}

static enum err
read_by(struct call *call, struct stats *stats)
{
	static const char *const words[] = {
		[STATS_CATEGORY] = "category",
		[STATS_DEPARTMENT] = "department",
		[STATS_MONTH] = "month",
	};
	const char *by = arg_text(call, "by");
	struct str text = STR_INIT;
	enum err e;

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(by ? by : words[0], words[i]) == 0) {
			stats->by = (enum stats_by)i;
			return ERR_OK;
		}
	}
	str_say(&text, _("This must be one of: {choices}."),
		&(struct str_arg){ "choices", "category, department, month" }, 1);
	e = call_fail_field(call, "D103", "by", str_text(&text));
	str_release(&text);
	return e;
}

static enum err
read_department(struct call *call, struct stats *stats)
{
	stats->department = arg_text(call, "department");
	if (stats->department && !org_department(call->org, stats->department)) {
		return call_fail_field(
			call, "D107", "department", _("There is no department of this name."));
	}
	return ERR_OK;
}

static enum err
read_months(struct call *call, struct stats *stats)
{
	int first = stats_month_of(call, stats->since);
	int last = stats_month_of(call, stats->until - 1);

	if (last - first >= MONTHS_MOST) {
		return call_fail_field(
			call, "D108", "since", _("The period is longer than a hundred years."));
	}
	return stats_months(call, first, (size_t)(last - first + 1), stats);
}

/* --- the document -------------------------------------------------------------------- */

static json_t *
doc_length(struct lengths *lengths, int percent)
{
	int64_t ms = stats_percentile(lengths, percent);

	return ms == STAMP_NONE ? json_null() : json_integer((json_int_t)ms);
}

static json_t *
doc_lengths(struct lengths *lengths)
{
	return json_pack("{s:I, s:o, s:o}", "n", (json_int_t)lengths->n, "median_ms",
		doc_length(lengths, 50), "p90_ms", doc_length(lengths, 90));
}

/* The links of the chain as it is, and what a chain before had beyond. */
static json_t *
doc_links(const struct call *call, struct stats_group *group)
{
	json_t *links = json_array();

	for (size_t i = 0; i < STATS_LINKS; i++) {
		struct stats_link *link = &group->links[i];

		if (i < call->procedure->n_chain || link->told > 0) {
			json_array_append_new(links,
				json_pack("{s:I, s:I, s:o, s:o}", "link", (json_int_t)i + 1, "told",
					(json_int_t)link->told, "acknowledged",
					doc_lengths(&link->acknowledged), "instructed",
					doc_lengths(&link->instructed)));
		}
	}
	return links;
}

static json_t *
doc_group(const struct call *call, struct stats_group *group)
{
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "key",
		group->key, "incidents", (json_int_t)group->incidents, "previous",
		(json_int_t)group->previous, "open", (json_int_t)group->open, "late",
		(json_int_t)group->late, "major", (json_int_t)group->major, "acknowledged",
		doc_lengths(&group->acknowledged), "instructed", doc_lengths(&group->instructed),
		"responded", doc_lengths(&group->responded), "approved",
		doc_lengths(&group->approved), "links", doc_links(call, group));
}

/* The group of that key, also when nothing was counted; each is given once. */
static void
add_group(json_t *groups, struct stats *stats, const char *key)
{
	const struct call *call = stats->call;
	struct stats_group none = { .key = key };

	for (size_t i = 0; i < stats->n_groups; i++) {
		if (strcmp(stats->groups[i].key, key) == 0) {
			json_array_append_new(groups, doc_group(call, &stats->groups[i]));
			stats->groups[i].key = "";
			return;
		}
	}
	json_array_append_new(groups, doc_group(call, &none));
}

/* In the order of the table, the organisation or the calendar; then what is known no longer. */
static json_t *
doc_groups(struct stats *stats)
{
	const struct classification *table = &stats->call->procedure->classification;
	const struct org *org = stats->call->org;
	json_t *groups = json_array();

	for (size_t i = 0; stats->by == STATS_CATEGORY && i < table->n; i++) {
		if (table->items[i].kind != CATEGORY_EXCEPTION) {
			add_group(groups, stats, table->items[i].key);
		}
	}
	for (size_t i = 0; stats->by == STATS_DEPARTMENT && i < org->n_departments; i++) {
		add_group(groups, stats, org->departments[i].id);
	}
	for (size_t i = 0; stats->by == STATS_MONTH && i < stats->n_months; i++) {
		add_group(groups, stats, stats->months[i].name);
	}
	for (size_t i = 0; i < stats->n_groups; i++) {
		if (stats->groups[i].key[0]) {
			json_array_append_new(
				groups, doc_group(stats->call, &stats->groups[i]));
		}
	}
	return groups;
}

static json_t *
doc_months(const struct stats *stats)
{
	json_t *months = json_array();

	for (size_t i = 0; i < stats->n_months; i++) {
		json_array_append_new(months,
			json_pack("{s:s, s:I, s:I}", "month", stats->months[i].name, "incidents",
				(json_int_t)stats->month_n[i], "late",
				(json_int_t)stats->month_late[i]));
	}
	return months;
}

static json_t *
doc_limit(const struct stats_limit *limit)
{
	return json_pack("{s:I, s:I}", "in_time", (json_int_t)limit->in_time, "late",
		(json_int_t)limit->late);
}

static json_t *
doc_stats(struct stats *stats, int first)
{
	static const char *const by[] = { "category", "department", "month" };
	char last[STAMP_SIZE];

	stamp_format(stats->until - 1, stats->call->org->offset_min, last);
	last[strcspn(last, "T")] = '\0';
	return json_pack("{s:i, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:{s:o, s:o, s:o}, "
			 "s:{s:I, s:I, s:I, s:o}}",
		"year", first / 12, "since", json_of_time(stats->call, stats->since), "until",
		json_of_time(stats->call, stats->until), "last_day", last, "by", by[stats->by],
		"department", json_of_text(stats->department), "total",
		doc_group(stats->call, &stats->all), "groups", doc_groups(stats), "months",
		doc_months(stats), "limits", "instruction", doc_limit(&stats->instruction),
		"result_report", doc_limit(&stats->result), "approval",
		doc_limit(&stats->approval), "roll_out", "cells", (json_int_t)stats->cells, "done",
		(json_int_t)stats->cells_done, "late", (json_int_t)stats->cells_late, "median_ms",
		doc_length(&stats->roll_out, 50));
}

enum err
method_stats(struct call *call, json_t **ret_result)
{
	struct stats stats = { .call = call };
	int first = 0;
	enum err e = read_period(call, &stats, &first);

	if (!e) {
		e = read_by(call, &stats);
	}
	if (!e) {
		e = read_department(call, &stats);
	}
	if (!e) {
		e = read_months(call, &stats);
	}
	if (e) {
		return e;
	}
	e = stats_count(&stats);
	if (e) {
		return call_fail_store(call, e, false);
	}
	*ret_result = doc_stats(&stats, first);
	return ERR_OK;
}
