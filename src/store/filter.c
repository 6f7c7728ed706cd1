/* SPDX-License-Identifier: MIT */
/*
 * Which incidents a filter lets through.  Lists of persons are short texts such
 * as " a b ", so that one look at a row settles who may see it.
 */
#include "filter.h"

#include <string.h>

int64_t
filter_due_order(stamp due_at)
{
	return due_at == STAMP_NONE ? DUE_ORDER_NONE : due_at;
}

int
filter_compare(int64_t a_due, const char *a_id, int64_t b_due, const char *b_id)
{
	if (a_due != b_due) {
		return a_due < b_due ? -1 : 1;
	}
	return strcmp(b_id, a_id); /* ids descending: the newest of equals first */
}

bool
filter_next_word(const char **at, const char **ret_word, size_t *ret_len)
{
	const char *word = *at + strspn(*at, " ");
	size_t len = strcspn(word, " ");

	if (len == 0) {
		return false;
	}
	*at = word + len;
	*ret_word = word;
	*ret_len = len;
	return true;
}

bool
filter_has(const char *list, const char *word)
{
	size_t word_len = strlen(word);
	const char *found;
	size_t len;

	while (filter_next_word(&list, &found, &len)) {
		if (len == word_len && memcmp(found, word, len) == 0) {
			return true;
		}
	}
	return false;
}

bool
filter_visible(const char *readers, const char *hidden_from, const struct filter_reader *reader)
{
	if (reader->person == NULL) {
		return true;
	}
	if (hidden_from[0] != '\0' && filter_has(hidden_from, reader->person)) {
		return false;
	}
	if (readers[0] == '\0' || filter_has(readers, reader->person)) {
		return true;
	}
	for (size_t i = 0; reader->reads_for != NULL && i < reader->reads_for->n; i++) {
		if (filter_has(readers, reader->reads_for->items[i])) {
			return true;
		}
	}
	return false;
}

/* Whether all the words occur in the text, as they are. */
static bool
filter_words(const char *words, const char *text)
{
	const char *word;
	size_t len;
	size_t text_len = strlen(text);

	while (filter_next_word(&words, &word, &len)) {
		if (memmem(text, text_len, word, len) == NULL) {
			return false;
		}
	}
	return true;
}

/* Whether the row is on the list of the person that the filter names. */
static bool
filter_mine(const struct incident_filter *filter, const struct incident_row *row)
{
	if (filter->waits_for == NULL || filter_has(row->people, filter->waits_for)) {
		return true;
	}
	return filter->finder_or_waits && strcmp(row->finder, filter->waits_for) == 0;
}

bool
filter_found(const struct search_want *want, const struct incident_row *row)
{
	if (!filter_visible(row->readers, row->hidden_from,
		    &(struct filter_reader){ want->reader, want->reads_for })) {
		return false;
	}
	for (size_t i = 0; i < want->n_words; i++) {
		if (strstr(row->search, want->words[i]) == NULL) {
			return false;
		}
	}
	return want->passes == NULL || want->passes(row, want->ctx);
}

/* Whether a closed row is wanted where only open ones are: what it asks of them is due. */
static bool
filter_closed(const struct incident_filter *filter, const struct incident_row *row)
{
	return filter->or_awaits != NULL && filter_has(row->people, filter->or_awaits) &&
		filter_due_order(row->due_at) < filter->or_until;
}

bool
filter_matches(const struct incident_filter *filter, const struct incident_row *row)
{
	if (filter->open_only && !row->open && !filter_closed(filter, row)) {
		return false;
	}
	if (filter->department != NULL && strcmp(filter->department, row->department) != 0) {
		return false;
	}
	if (filter->state != NULL && strcmp(filter->state, row->state) != 0) {
		return false;
	}
	if (filter->due_before != 0 && filter_due_order(row->due_at) >= filter->due_before) {
		return false;
	}
	if (!filter_visible(row->readers, row->hidden_from,
		    &(struct filter_reader){ filter->reader, filter->reads_for })) {
		return false;
	}
	return filter_mine(filter, row) &&
		(filter->words == NULL || filter_words(filter->words, row->search));
}
