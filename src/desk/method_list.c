/* SPDX-License-Identifier: MIT */
/*
 * Lists, counts and plain search: answered from the summary rows alone.
 */
#include <stdlib.h>
#include <string.h>

#include "alert.h"
#include "call.h"
#include "doc.h"
#include "duty.h"
#include "glass.h"
#include "handover.h"
#include "method.h"
#include "search.h"
#include "sight.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

#define LIMIT_DEFAULT 50
#define COUNTED_MOST 500

/* Messages that were given up: more are only more. */
#define DEAD_MOST 1000

/* --- cursors: the key of the last row, dressed so that nobody builds one ---------- */

static json_t *
cursor_make(const struct incident_row *row)
{
	struct str plain = STR_INIT;
	struct str text = STR_INIT;
	json_t *cursor;

	str_addf(&plain, "%lld %s", (long long)row->due_at, row->id);
	base64_add(&text, str_text(&plain), plain.len);
	cursor = plain.failed || text.failed ? NULL : json_string(str_text(&text));
	str_release(&plain);
	str_release(&text);
	return cursor;
}

static enum err
cursor_read(struct call *call, const char *text, struct incident_filter *filter)
{
	struct str plain = STR_INIT;
	enum err e = base64_parse(text, &plain);
	char *end = NULL;

	if (!e) {
		filter->after_due = strtoll(str_text(&plain), &end, 10);
		e = *end == ' ' && end[1] && strlen(str_text(&plain)) == plain.len ? ERR_OK
										   : ERR_INVALID;
	}
	if (!e) {
		filter->after_id = arena_strdup(call->arena, end + 1);
		e = filter->after_id ? ERR_OK : ERR_NOMEM;
	}
	str_release(&plain);
	if (e == ERR_INVALID) {
		return call_fail_field(
			call, "D102", "after", _("This is no 'next' of an earlier answer."));
	}
	return e;
}

/* --- filters ------------------------------------------------------------------------- */

static enum err
filter_page(struct call *call, struct incident_filter *filter)
{
	const char *after = arg_text(call, "after");

	filter->reader = call->person->id;
	filter->reads_for = call_reads_for(call);
	filter->limit = (size_t)arg_count(call, "limit", LIMIT_DEFAULT);
	return after ? cursor_read(call, after, filter) : ERR_OK;
}

/* Open cases, and closed ones that wait for the caller, as incident.counts counts them. */
static void
filter_waiting(const struct call *call, struct incident_filter *filter)
{
	filter->open_only = true;
	filter->or_awaits = call->person->id;
	filter->or_until = call->now + CLOSED_AHEAD_MS;
}

static enum err
filter_list(struct call *call, struct incident_filter *filter)
{
	filter->department = arg_text(call, "department");
	filter->state = arg_text(call, "state");
	filter->open_only = arg_flag(call, "open");
	if (arg_flag(call, "waiting")) {
		filter_waiting(call, filter);
	}
	if (filter->department && !org_department(call->org, filter->department)) {
		return call_fail_field(
			call, "D107", "department", _("There is no department of this name."));
	}
	if (filter->state && !flow_find_state(&call->procedure->incident_flow, filter->state)) {
		return call_fail_field(
			call, "D103", "state", _("The procedure knows no state of this name."));
	}
	if (arg_flag(call, "mine")) {
		filter->waits_for = call->person->id;
	}
	if (arg_flag(call, "overdue")) {
		filter_waiting(call, filter);
		filter->due_before = call->now;
	}
	return filter_page(call, filter);
}

/* The words of a filter one by one. */
static enum err
split_words(struct arena *arena, const char *text, struct find_query *ret_query)
{
	static const char blanks[] = " \t\n";
	const char **words = arena_array(arena, strlen(text) / 2 + 1, sizeof(*words));

	*ret_query = (struct find_query){ .words = words };
	for (text += strspn(text, blanks); words && *text; text += strspn(text, blanks)) {
		size_t len = strcspn(text, blanks);

		words[ret_query->n_words] = arena_strndup(arena, text, len);
		if (!words[ret_query->n_words++]) {
			return ERR_NOMEM;
		}
		text += len;
	}
	return words ? ERR_OK : ERR_NOMEM;
}

/*
 * A page of those whose words the caller may read (search.h): gone on with until it is full, with
 * one more, for neither what stands on it nor that there is a next one may hang on the others.
 */
static enum err
list_read(struct call *call, const struct incident_filter *filter, struct incident_list *ret_list)
{
	struct find_query query;
	struct search_filter search = { .call = call, .query = &query };
	struct incident_filter part = *filter;
	struct incident_list found = { NULL, 0, true };
	struct incident_list read = {
		arena_array(call->arena, filter->limit + 1, sizeof(*read.items)), 0, false
	};
	enum err e = read.items ? split_words(call->arena, filter->words, &query) : ERR_NOMEM;

	while (!e && found.more && !search.stopped && read.n <= filter->limit) {
		e = store_incidents(call->store, call->arena, &part, &found);
		for (size_t i = 0; !e && i < found.n && read.n <= filter->limit && !search.stopped;
			i++) {
			if (search_veil_passes(&search, &found.items[i])) {
				read.items[read.n++] = found.items[i];
			}
			part.after_due = found.items[i].due_at;
			part.after_id = found.items[i].id;
			e = search.err;
		}
	}
	read.more = read.n > filter->limit || search.stopped;
	read.n = read.n > filter->limit ? filter->limit : read.n;
	*ret_list = read;
	return e;
}

static enum err
list_answer(struct call *call, const struct incident_filter *filter, json_t **ret_result)
{
	struct incident_list list = { NULL, 0, false };
	json_t *rows;
	bool acts = false;
	int64_t restricted = 0;
	enum err e = filter->words ? list_read(call, filter, &list)
				   : list_mine(call, filter, &list, &acts);

	e = e ? e : restricted_count(call, &restricted);
	if (e) {
		return call->error ? e : call_fail_store(call, e, false);
	}
	rows = json_array();
	for (size_t i = 0; i < list.n; i++) {
		json_array_append_new(rows, doc_row(call, &list.items[i]));
	}
	*ret_result = json_pack("{s:o, s:o, s:I}", "incidents", rows, "next",
		list.more && list.n > 0 ? cursor_make(&list.items[list.n - 1]) : json_null(),
		"restricted", (json_int_t)restricted);
	return ERR_OK;
}

/* --- methods ------------------------------------------------------------------------- */

enum err
method_incident_list(struct call *call, json_t **ret_result)
{
	struct incident_filter filter = { NULL };
	enum err e = filter_list(call, &filter);

	return e ? e : list_answer(call, &filter, ret_result);
}

/* Who stands in for somebody has their work, too: counted row by row, up to a page. */
static enum err
count_acting(struct call *call, int64_t *mine)
{
	struct incident_filter filter = { .reader = call->person->id,
		.reads_for = call_reads_for(call),
		.waits_for = call->person->id,
		.limit = COUNTED_MOST };
	struct incident_list list = { NULL, 0, false };
	bool acts = false;
	enum err e = ERR_OK;

	if (call_duty(call)->n_absences == 0) {
		return ERR_OK;
	}
	filter_waiting(call, &filter);
	e = list_mine(call, &filter, &list, &acts);
	if (!e && acts) {
		*mine = (int64_t)list.n;
	}
	return e;
}

enum err
method_incident_counts(struct call *call, json_t **ret_result)
{
	struct board_counts counts;
	struct count_want want = { .reader = call->person->id,
		.reads_for = call_reads_for(call),
		.department = call->person->department,
		.now = call->now };
	enum err e = store_counts(call->store, &want, &counts);

	json_t *notice = NULL;
	json_t *alerts = NULL;
	int64_t dead = 0;
	int64_t glass = 0;

	if (!e) {
		e = count_acting(call, &counts.mine);
	}
	e = e ? e : glass_unseen(call, &glass);
	if (!e && method_sees_outbox(call)) {
		e = store_outbox_given_up(
			call->store, call->person->id, DEAD_MOST, &dead);
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	e = handover_notice(call, call->person->department, &notice);
	if (e) {
		return e;
	}
	(void)call_keep(call, notice);
	e = alert_notice(call, &alerts);
	if (e) {
		return e;
	}
	*ret_result = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:O, s:o, s:o}", "mine",
		(json_int_t)counts.mine, "department", (json_int_t)counts.department, "open",
		(json_int_t)counts.open, "overdue", (json_int_t)counts.overdue, "restricted",
		(json_int_t)counts.restricted, "glass", (json_int_t)glass, "handover", notice,
		"alerts", alerts, "dead_letters",
		method_sees_outbox(call) ? json_integer((json_int_t)dead) : json_null());
	return ERR_OK;
}

enum err
list_by_words(struct call *call, const char *words, json_t **ret_result)
{
	struct incident_filter filter = { NULL };
	struct str folded = STR_INIT;
	enum err e = filter_page(call, &filter);

	if (e) {
		return e;
	}
	text_fold(&folded, words, strlen(words));
	filter.words = str_text(&folded);
	if (folded.failed) {
		e = ERR_NOMEM;
	} else if (strspn(filter.words, " \t\n") == folded.len) {
		e = call_fail_field(call, "D101", "words", _("Enter a word to search for."));
	} else {
		e = list_answer(call, &filter, ret_result);
	}
	str_release(&folded);
	return e;
}
