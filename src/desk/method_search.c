/* SPDX-License-Identifier: MIT */
/*
 * Search: a question in words and filters, answered with cases and the places
 * in them.  What the caller may not read is neither found nor counted.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "doc.h"
#include "method.h"
#include "search.h"
#include "sight.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/base/log.h"
#include "toban/store/search.h"

enum {
	LIMIT_DEFAULT = 50,
	COUNT_MOST = 500,    /* cases counted before "at least" is said */
	BEHIND_MOST = 200,   /* events looked at one by one before the index follows */
	INDEX_EVENTS = 2000, /* events it then follows over */
};

/* --- faults of the question ------------------------------------------------------------ */

static void
add_names(struct str *out)
{
	for (int i = 0; i < FIND_KEYS; i++) {
		bool plain = i == FIND_MINE;

		str_addf(
			out, "%s%s%s", i ? " " : "", find_name((enum find_key)i), plain ? "" : ":");
	}
}

static const char *
fault_pattern(enum find_fault_kind kind)
{
	switch (kind) {
	case FIND_UNKNOWN:
		return _("No filter is called \"{part}\" (character {at}). There are: {names}. "
			 "To find these characters themselves put them in quotes.");
	case FIND_NO_VALUE:
		return _("\"{part}\" (character {at}) says nothing after the colon.");
	case FIND_OPEN_QUOTE:
		return _("The quote at character {at} does not end.");
	case FIND_TOO_MANY:
		return _("These are too many words: at most 40.");
	default:
		return _("Enter a word to search for.");
	}
}

static enum err
fail_question(struct call *call, const struct find_fault *fault)
{
	struct str names = STR_INIT;
	struct str text = STR_INIT;
	char at[24];
	enum err e;

	add_names(&names);
	(void)snprintf(at, sizeof(at), "%zu", fault->at + 1);
	str_say(&text, fault_pattern(fault->kind),
		(struct str_arg[]){
			{ "part", fault->part }, { "at", at }, { "names", str_text(&names) } },
		3);
	e = names.failed || text.failed
		? ERR_NOMEM
		: call_fail_field(call, fault->kind == FIND_EMPTY ? "D101" : "D102", "query",
			  str_text(&text));
	str_release(&names);
	str_release(&text);
	return e;
}

/* --- paging -------------------------------------------------------------------------------- */

static json_t *
next_make(const char *id)
{
	struct str text = STR_INIT;
	json_t *next;

	base64_add(&text, id, strlen(id));
	next = text.failed ? NULL : json_string(str_text(&text));
	str_release(&text);
	return next;
}

static enum err
next_read(struct call *call, const char *text, const char **ret_id)
{
	struct str plain = STR_INIT;
	enum row_sight sight = ROW_SEEN;
	enum err e = base64_parse(text, &plain);

	if (!e && strlen(str_text(&plain)) == plain.len) {
		*ret_id = arena_strdup(call->arena, str_text(&plain));
		e = *ret_id ? ERR_OK : ERR_NOMEM;
	} else if (!e) {
		e = ERR_INVALID;
	}
	str_release(&plain);
	/* A number that was never given and one that is hidden are told alike. */
	e = e ? e : case_sight(call, *ret_id, &sight);
	e = e || sight == ROW_SEEN ? e : ERR_INVALID;
	return e == ERR_INVALID ? call_fail_field(call, "D102", "after",
					  _("This is no 'next' of an earlier answer."))
				: e;
}

/* --- the answer ------------------------------------------------------------------------------ */

static enum err
add_rows(struct call *call, const struct search_found *found, const struct find_query *query,
	json_t *rows)
{
	for (size_t i = 0; i < found->n; i++) {
		json_t *row;
		json_t *hits = NULL;
		enum err e = search_hits(call, found->items[i].id, query, &hits);

		if (e) {
			return e;
		}
		row = doc_row(call, &found->items[i]);
		json_object_set_new(row, "hits", hits);
		json_array_append_new(rows, row);
	}
	return ERR_OK;
}

/* The index is kept by those who search; that it could not be now is no fault of the search. */
static void
follow(struct call *call, int64_t behind)
{
	enum err e = behind > BEHIND_MOST ? store_search_index(call->store, INDEX_EVENTS, &behind)
					  : ERR_OK;

	if (e) {
		log_line(LOG_WARNING, "search: the index stays behind: %s", err_name(e));
	}
}

static enum err
answer(struct call *call, struct search_filter *filter, const struct search_want *want,
	json_t **ret_result)
{
	struct search_found found = { 0 };
	int64_t restricted = 0;
	json_t *rows;
	enum err e = store_search(call->store, call->arena, want, &found);

	if (e == ERR_NOT_FOUND) {
		return call_fail_field(
			call, "D102", "after", _("This is no 'next' of an earlier answer."));
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	if (filter->err) {
		return call->error ? filter->err : call_fail_store(call, filter->err, false);
	}
	rows = json_array();
	e = add_rows(call, &found, filter->query, rows);
	e = e ? e : restricted_count(call, &restricted);
	if (e) {
		json_decref(rows);
		return call->error ? e : call_fail_store(call, e, false);
	}
	*ret_result = json_pack("{s:o, s:o, s:I, s:b, s:b, s:I}", "incidents", rows, "next",
		found.more ? next_make(found.items[found.n - 1].id) : json_null(), "found",
		(json_int_t)found.found, "all", found.all && !filter->stopped, "stopped",
		filter->stopped, "restricted", (json_int_t)restricted);
	follow(call, found.behind);
	return ERR_OK;
}

enum err
method_search(struct call *call, json_t **ret_result)
{
	struct find_query query;
	struct find_fault fault;
	struct search_filter filter = { .call = call, .query = &query };
	struct search_want want = { .reader = call->person->id,
		.reads_for = call_reads_for(call),
		.passes = search_filter_passes,
		.ctx = &filter,
		.limit = (size_t)arg_count(call, "limit", LIMIT_DEFAULT),
		.count = COUNT_MOST };
	const char *words = arg_text(call, "words");
	const char *text = arg_text(call, "query");
	enum err e;

	if (words != NULL) {
		return list_by_words(call, words, ret_result);
	}
	e = find_parse(call->arena, text ? text : "", &query, &fault);
	if (e == ERR_INVALID) {
		return fail_question(call, &fault);
	}
	if (!e) {
		e = search_filter_check(&filter);
	}
	if (!e && arg_text(call, "after")) {
		e = next_read(call, arg_text(call, "after"), &want.before_id);
	}
	if (e) {
		return e;
	}
	want.words = query.words;
	want.n_words = query.n_words;
	return answer(call, &filter, &want, ret_result);
}
