/* SPDX-License-Identifier: MIT */
/*
 * Writing the summary of an incident and the rows of those who are awaited.
 * Indexes are rewritten only when what they hold has changed: each touched page
 * is 4 KiB more to sync before the desk may say "recorded".
 */
#include "sqlite_parts.h"

#include <string.h>

#include "filter.h"

/* What the stored row says now. */
struct summary_keys {
	bool found;
	int64_t num;
	bool open;
	int64_t due_order;
	const char *people;
	stamp wake_at;
	bool same; /* nothing that an index holds differs from the new row */
};

/* Binds what both updates and the insert have in common. */
static void
summary_bind(struct query *q, const struct incident_row *row)
{
	query_text(q, ":title", row->title);
	query_text(q, ":category", row->category);
	query_text(q, ":major", row->major);
	query_int(q, ":drill", row->drill);
	query_int(q, ":confidential", row->confidential);
	query_stamp(q, ":reported_at", row->reported_at);
	query_stamp(q, ":changed_at", row->changed_at);
	query_int(q, ":last_seq", row->last_seq);
	query_text(q, ":waiting", row->waiting);
	query_text(q, ":people", row->people);
	query_text(q, ":search", row->search);
}

static void
summary_bind_keys(struct query *q, const struct incident_row *row)
{
	query_text(q, ":state", row->state);
	query_text(q, ":department", row->department);
	query_text(q, ":finder", row->finder);
	query_int(q, ":open", row->open);
	query_stamp(q, ":due_at", row->due_at);
	query_int(q, ":due_order", filter_due_order(row->due_at));
	query_text(q, ":readers", row->readers);
	query_text(q, ":hidden_from", row->hidden_from);
}

static bool
summary_same(const char *stored, const char *text)
{
	return stored != NULL && strcmp(stored, text == NULL ? "" : text) == 0;
}

static enum err
summary_read_keys(struct sqlite_store *store, struct arena *arena, const struct incident_row *row,
	struct summary_keys *ret_keys)
{
	struct query q = query_start(store, STMT_INCIDENT_KEYS);
	struct summary_keys keys = { .people = "" };

	query_text(&q, ":id", row->id);
	if (query_row(&q)) {
		keys.found = true;
		keys.num = query_get_int(&q, 0);
		keys.open = query_get_int(&q, 4) != 0;
		keys.due_order = query_get_int(&q, 5);
		keys.people = query_get_text(&q, 8, arena);
		keys.wake_at = query_get_stamp(&q, 9);
		keys.same = summary_same(query_get_nullable_text(&q, 1, arena), row->state) &&
			summary_same(query_get_nullable_text(&q, 2, arena), row->department) &&
			summary_same(query_get_nullable_text(&q, 3, arena), row->finder) &&
			summary_same(query_get_nullable_text(&q, 6, arena), row->readers) &&
			summary_same(query_get_nullable_text(&q, 7, arena), row->hidden_from) &&
			keys.open == row->open && keys.due_order == filter_due_order(row->due_at);
	}
	*ret_keys = keys;
	return query_end(&q);
}

static enum err
summary_write_wake(struct sqlite_store *store, const struct incident_row *row, int64_t num)
{
	struct query q = query_start(store, STMT_INCIDENT_UPDATE_WAKE);

	query_stamp(&q, ":wake_at", row->wake_at);
	query_int(&q, ":num", num);
	return query_run(&q);
}

/* Writes the row itself; *num is that of the row, set by an insert. */
static enum err
summary_write(struct sqlite_store *store, const struct incident_row *row,
	const struct summary_keys *keys, int64_t *num)
{
	struct query q;
	enum err err;

	if (!keys->found) {
		q = query_start(store, STMT_INCIDENT_INSERT);
		query_text(&q, ":id", row->id);
		summary_bind(&q, row);
		summary_bind_keys(&q, row);
		query_stamp(&q, ":wake_at", row->wake_at);
		while (query_row(&q)) {
			*num = query_get_int(&q, 0);
		}
		return query_end(&q);
	}
	if (keys->same) {
		q = query_start(store, STMT_INCIDENT_UPDATE_PLAIN);
	} else {
		q = query_start(store, STMT_INCIDENT_UPDATE);
		summary_bind_keys(&q, row);
	}
	summary_bind(&q, row);
	query_int(&q, ":num", keys->num);
	err = query_run(&q);
	return err == ERR_OK && keys->wake_at != row->wake_at
		? summary_write_wake(store, row, keys->num)
		: err;
}

/* A row of `awaited` without its person. */
struct awaited_place {
	bool open;
	int64_t due_order;
	const char *id;
	int64_t num; /* 0: to be deleted */
};

static enum err
awaited_write(struct sqlite_store *store, const char *person, const struct awaited_place *place)
{
	struct query q =
		query_start(store, place->num == 0 ? STMT_AWAITED_DELETE : STMT_AWAITED_INSERT);

	query_text(&q, ":person", person);
	query_int(&q, ":open", place->open);
	query_int(&q, ":due_order", place->due_order);
	query_text(&q, ":id", place->id);
	if (place->num != 0) {
		query_int(&q, ":num", place->num);
	}
	return query_run(&q);
}

/* Writes one row for each word of `people` that is not in `except`. */
static enum err
awaited_write_all(struct sqlite_store *store, const char *people, const char *except,
	const struct awaited_place *place)
{
	struct str person = STR_INIT;
	enum err err = ERR_OK;
	const char *word;
	size_t len;

	while (err == ERR_OK && filter_next_word(&people, &word, &len)) {
		str_clear(&person);
		str_add_n(&person, word, len);
		if (person.failed) {
			err = ERR_NOMEM;
		} else if (!filter_has(except, person.data)) {
			err = awaited_write(store, person.data, place);
		}
	}
	str_release(&person);
	return err;
}

static enum err
awaited_put(struct sqlite_store *store, const struct incident_row *row,
	const struct summary_keys *keys, int64_t num)
{
	const char *people = row->people == NULL ? "" : row->people;
	const struct awaited_place old = {
		.open = keys->open, .due_order = keys->due_order, .id = row->id
	};
	const struct awaited_place new = { .open = row->open,
		.due_order = filter_due_order(row->due_at),
		.id = row->id,
		.num = num };
	bool stays = keys->found && old.open == new.open &&old.due_order == new.due_order;
	enum err err = ERR_OK;

	/* Who stays awaited at the same place of the list keeps their row. */
	if (keys->found) {
		err = awaited_write_all(store, keys->people, stays ? people : "", &old);
	}
	if (err == ERR_OK) {
		err = awaited_write_all(store, people, stays ? keys->people : "", &new);
	}
	return err;
}

enum err
summary_put(struct sqlite_store *store, const struct incident_row *row)
{
	struct arena *arena = arena_new();
	struct summary_keys keys;
	int64_t num;
	enum err err;

	if (arena == NULL) {
		return ERR_NOMEM;
	}
	err = summary_read_keys(store, arena, row, &keys);
	num = keys.num;
	if (err == ERR_OK) {
		err = summary_write(store, row, &keys, &num);
	}
	if (err == ERR_OK) {
		err = awaited_put(store, row, &keys, num);
	}
	arena_free(arena);
	return err;
}
