/* SPDX-License-Identifier: MIT */
/*
 * Search: the index finds exactly what a scan of the folded text finds, always
 * as it is now, also while it is behind, after a crash and after an erasure.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "toban/base/attr.h"
#include "toban/base/text.h"
#include "toban/store/search.h"

#define CASES 60
#define QUESTIONS 1500

static const char *const pieces[] = { "誤", "送信", "サーバ", "ｻｰﾊﾞ", "ガ", "ｶﾞ", "ｶ", "の", "a",
	"ab", "FireWall", "wall", "ＤＮＳ", "dns", "10", "192.168.0.1", " ", " ", "　", "-", "、",
	"\n", "é", "e\xcc\x81", "ñ", "Ω", "漢", "字", "漢字", "々", "ー", "aaaaaaaaaaaa", "x" };

/* A small generator of our own, so that a failure repeats itself. */
static unsigned
chance(uint32_t *state, unsigned n)
{
	*state = *state * 1664525U + 1013904223U;
	return (*state >> 8) % n;
}

static char *
random_text(struct arena *arena, uint32_t *state, unsigned most)
{
	struct str raw = STR_INIT;
	struct str folded = STR_INIT;
	unsigned n = 1 + chance(state, most);
	char *copy;

	for (unsigned i = 0; i < n; i++) {
		str_add(&raw, pieces[chance(state, ARRAY_LEN(pieces))]);
	}
	text_fold(&folded, str_text(&raw), raw.len);
	copy = arena_strdup(arena, str_text(&folded));
	str_release(&raw);
	str_release(&folded);
	return copy;
}

/* The `turn`th step of a case whose text is now this. */
static void
put(struct fixture *f, const char *id, int64_t turn, const char *text)
{
	struct incident_row row = fixture_incident(id, STAMP_NONE);
	char *event_id = arena_printf(f->arena, "%s-%lld", id, (long long)turn);
	struct event event = fixture_event(event_id, id, turn);
	struct store_batch batch = {
		.events = &event, .n_events = 1, .incidents = &row, .n_incidents = 1
	};

	row.search = text;
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
}

static struct search_found
find(struct fixture *f, const char *word)
{
	const char *words[] = { word };
	struct search_want want = { .words = words, .n_words = 1, .limit = 500 };
	struct search_found found;

	assert_int_equal(store_search(f->store, f->arena, &want, &found), ERR_OK);
	assert_true(found.all);
	assert_int_equal(found.found, found.n);
	return found;
}

static void
index_all(struct fixture *f)
{
	int64_t behind = 1;

	while (behind > 0) {
		assert_int_equal(store_search_index(f->store, 7, &behind), ERR_OK);
	}
}

/* A part of a text, from a character to a character; often it is in several. */
static char *
random_word(struct fixture *f, uint32_t *state, char *const *texts)
{
	const char *text = texts[chance(state, CASES)];
	size_t len = strlen(text);
	size_t from = chance(state, (unsigned)len);
	size_t to;

	if (chance(state, 4) == 0) {
		return random_text(f->arena, state, 3);
	}
	while (from > 0 && ((unsigned char)text[from] & 0xc0) == 0x80) {
		from--;
	}
	to = from + 1 + chance(state, 12);
	to = to > len ? len : to;
	while (to < len && ((unsigned char)text[to] & 0xc0) == 0x80) {
		to++;
	}
	return arena_strndup(f->arena, text + from, to - from);
}

static void
compare(struct fixture *f, char *const *texts, const char *word)
{
	struct search_found found = find(f, word);
	size_t n = 0;

	for (int i = CASES - 1; i >= 0; i--) {
		char id[32];

		if (strstr(texts[i], word) == NULL) {
			continue;
		}
		(void)snprintf(id, sizeof(id), "26-%04d", i + 1);
		if (n >= found.n || strcmp(found.items[n].id, id) != 0) {
			fail_msg("\"%s\" is in \"%s\" and was not found", word, texts[i]);
		}
		n++;
	}
	if (n != found.n) {
		fail_msg("\"%s\" was found %zu times too often", word, found.n - n);
	}
}

static void
search__any_part_of_any_text__is_what_a_scan_finds(void **state)
{
	struct fixture *f = *state;
	char *texts[CASES];
	int64_t turns[CASES];
	uint32_t seed = 20261122;

	for (int i = 0; i < CASES; i++) {
		char *id = arena_printf(f->arena, "26-%04d", i + 1);

		texts[i] = random_text(f->arena, &seed, 30);
		turns[i] = 1;
		put(f, id, 1, texts[i]);
	}
	for (int i = 0; i < QUESTIONS; i++) {
		if (i % 300 == 100) {
			int64_t behind;
			int changed = (int)chance(&seed, CASES);
			char *id = arena_printf(f->arena, "26-%04d", changed + 1);

			/* Some of it indexed, some of it changed since. */
			assert_int_equal(store_search_index(f->store, 23, &behind), ERR_OK);
			texts[changed] = random_text(f->arena, &seed, 30);
			put(f, id, ++turns[changed], texts[changed]);
		}
		compare(f, texts, random_word(f, &seed, texts));
	}
}

static void
search__words__all_of_them(void **state)
{
	struct fixture *f = *state;
	const char *words[] = { "サーバ", "fire" };
	struct search_want want = { .words = words, .n_words = 2, .limit = 10 };
	struct search_found found;

	put(f, "26-0001", 1, "サーバ室の火災 firewall");
	put(f, "26-0002", 1, "サーバ室の訓練");
	put(f, "26-0003", 1, "firewall");
	index_all(f);
	assert_int_equal(store_search(f->store, f->arena, &want, &found), ERR_OK);
	assert_int_equal(found.n, 1);
	assert_string_equal(found.items[0].id, "26-0001");
}

static void
subject_has_form__among_many__of_this_subject_alone(void **state)
{
	struct fixture *f = *state;
	struct event events[] = { fixture_event("a", "26-0001", 1),
		fixture_event("b", "26-0001", 2), fixture_event("c", "26-0002", 1) };
	struct store_batch batch = { .events = events, .n_events = ARRAY_LEN(events) };
	static const struct {
		const char *subject;
		const char *forms;
		bool has;
	} rows[] = {
		{ "26-0001", " link same-as ", true },
		{ "26-0001", " same-as link ", true },
		{ "26-0001", " same-as ", false },
		{ "26-0001", " li nk links ", false },
		{ "26-0001", " ", false }, /* an entry without a form is of none */
		{ "26-0002", " link ", false },
		{ "26-0003", " link ", false },
	};

	events[0].form = "report";
	events[1].form = "link";
	events[2].form = "";
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool has = !rows[i].has;

		assert_int_equal(
			store_subject_has_form(f->store, rows[i].subject, rows[i].forms, &has),
			ERR_OK);
		assert_int_equal(has, rows[i].has);
	}
}

static bool
is_odd(const struct incident_row *row, const void *ctx)
{
	(void)ctx;
	return (row->id[strlen(row->id) - 1] - '0') % 2 == 1;
}

static void
search__pages_and_counts__newest_first_and_nothing_twice(void **state)
{
	struct fixture *f = *state;
	struct search_want want = { .passes = is_odd, .limit = 2, .count = 3 };
	struct search_found found;

	for (int i = 1; i <= 9; i++) {
		put(f, arena_printf(f->arena, "26-%04d", i), 1, "停電");
	}
	assert_int_equal(store_search(f->store, f->arena, &want, &found), ERR_OK);
	assert_int_equal(found.n, 2);
	assert_true(found.more);
	assert_false(found.all);
	assert_int_equal(found.found, 3);
	assert_string_equal(found.items[0].id, "26-0009");
	want.before_id = found.items[1].id;
	want.count = 0;
	assert_int_equal(store_search(f->store, f->arena, &want, &found), ERR_OK);
	assert_string_equal(found.items[0].id, "26-0005");
	want.before_id = "26-0003";
	assert_int_equal(store_search(f->store, f->arena, &want, &found), ERR_OK);
	assert_int_equal(found.n, 1);
	assert_false(found.more);
	assert_true(found.all);
	want.before_id = "26-7777";
	assert_int_equal(store_search(f->store, f->arena, &want, &found), ERR_NOT_FOUND);
}

/* What somebody may not read is neither shown nor counted. */
static void
search__hidden_case__leaves_no_trace(void **state)
{
	struct fixture *f = *state;
	struct incident_row row = fixture_incident("26-0001", STAMP_NONE);
	struct event event = fixture_event("e1", "26-0001", 1);
	struct store_batch batch = {
		.events = &event, .n_events = 1, .incidents = &row, .n_incidents = 1
	};
	const char *words[] = { "停電" };
	struct search_want want = {
		.reader = "dc-operator-1", .words = words, .n_words = 1, .limit = 10, .count = 10
	};
	struct search_found found;

	row.hidden_from = " dc-operator-1 ";
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(store_search(f->store, f->arena, &want, &found), ERR_OK);
		assert_int_equal(found.n + found.found, 0);
		assert_false(found.more);
		index_all(f);
	}
	want.reader = "dc-owner";
	assert_int_equal(store_search(f->store, f->arena, &want, &found), ERR_OK);
	assert_int_equal(found.n, 1);
}

/* --- the file ---------------------------------------------------------------------------- */

static int64_t
ask(struct fixture *f, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	int64_t value;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return value;
}

static void
run(struct fixture *f, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static struct ledger_problems
check(struct fixture *f)
{
	struct ledger_problems problems = { .arena = f->arena };

	assert_int_equal(store_check(f->store, &problems), ERR_OK);
	return problems;
}

static void
index__plain_sqlite__can_read_and_ask_it(void **state)
{
	struct fixture *f = *state;

	put(f, "26-0001", 1, "顧客データの誤送信");
	index_all(f);
	assert_int_equal(
		ask(f, "SELECT rowid FROM search_index WHERE tokens MATCH '\"誤送 送信\"'"), 1);
	assert_int_equal(ask(f, "SELECT tokens LIKE '顧客 客デ デー %' FROM search_index"), 1);
	assert_int_equal(check(f).n, 0);
}

/* A process that dies between a commit and its indexing leaves the tail to the next. */
static void
index__reopened_behind__finds_all_and_goes_on(void **state)
{
	struct fixture *f = *state;
	int64_t behind;

	for (int i = 1; i <= 20; i++) {
		put(f, arena_printf(f->arena, "26-%04d", i), 1, "誤送信");
	}
	assert_int_equal(store_search_index(f->store, 5, &behind), ERR_OK);
	assert_int_equal(behind, 15);
	fixture_reopen(f);
	assert_int_equal(find(f, "誤送").n, 20);
	assert_int_equal(check(f).n, 0);
	index_all(f);
	assert_int_equal(ask(f, "SELECT count(*) FROM search_index"), 20);
	assert_int_equal(find(f, "誤送").n, 20);
	assert_int_equal(check(f).n, 0);
}

/* Counts what the file and its -wal hold of the bytes. */
static int
occurrences(const char *path, const char *bytes)
{
	FILE *file = fopen(path, "rb");
	size_t len = strlen(bytes);
	static char data[1 << 21];
	size_t n = file ? fread(data, 1, sizeof(data), file) : 0;
	int found = 0;

	for (size_t i = 0; i + len <= n; i++) {
		found += memcmp(data + i, bytes, len) == 0;
	}
	if (file) {
		(void)fclose(file);
	}
	return found;
}

static void
index__erased_text__is_nowhere_in_the_file(void **state)
{
	struct fixture *f = *state;
	struct incident_row row = fixture_incident("26-0001", STAMP_NONE);
	struct event event = fixture_event("erase", "26-0001", 3);
	struct store_batch batch = {
		.events = &event, .n_events = 1, .incidents = &row, .n_incidents = 1, .erase_seq = 1
	};

	put(f, "26-0001", 1, "zanzibar");
	index_all(f);
	put(f, "26-0001", 2, "zanzibar and more");
	index_all(f);
	put(f, "26-0002", 1, "other");
	index_all(f);
	assert_int_equal(find(f, "zanzi").n, 1);
	event.kind = "erase";
	event.body = "{\"fields\":{\"seq\":1}}";
	row.search = "gone";
	assert_int_equal(store_commit(f->store, &batch), ERR_OK);
	assert_int_equal(find(f, "zanzi").n, 0);
	assert_int_equal(find(f, "gone").n, 1);
	assert_int_equal(check(f).n, 0);
	store_close(f->store);
	f->store = NULL;
	assert_int_equal(occurrences(f->path, "zanziba"), 0);
	assert_int_equal(occurrences(f->path, "anzibar"), 0);
	fixture_open(f);
	index_all(f);
	assert_int_equal(ask(f, "SELECT count(*) FROM search_rest"), 0);
	assert_int_equal(find(f, "gone").n, 1);
}

static void
index__too_long_a_case__is_found_all_the_same(void **state)
{
	struct fixture *f = *state;
	struct str text = STR_INIT;

	str_add(&text, "誤送信 ");
	str_add_repeat(&text, 'a', 300000);
	put(f, "26-0001", 1, str_text(&text));
	index_all(f);
	assert_int_equal(find(f, "誤送信").n, 1);
	assert_int_equal(ask(f, "SELECT count(*) FROM search_rest"), 1);
	assert_int_equal(check(f).n, 0);
	put(f, "26-0001", 2, "誤送信");
	index_all(f);
	assert_int_equal(find(f, "誤送信").n, 1);
	assert_int_equal(ask(f, "SELECT count(*) FROM search_rest"), 0);
	str_release(&text);
}

static void
check__changed_index__is_told(void **state)
{
	struct fixture *f = *state;

	put(f, "26-0001", 1, "誤送信");
	put(f, "26-0002", 1, "停電");
	index_all(f);
	assert_int_equal(check(f).n, 0);
	run(f, "UPDATE search_index SET tokens = 'x ' WHERE rowid = 1");
	assert_int_equal(check(f).n, 1);
	run(f, "DELETE FROM search_index WHERE rowid = 1");
	assert_int_equal(check(f).n, 1);
	run(f, "INSERT INTO search_index (rowid, tokens) VALUES (1, '誤送 送信 信 ')");
	assert_int_equal(check(f).n, 0);
	run(f,
		"UPDATE search_index_content SET c0 = '停電 電 ' WHERE id = 1;"
		"UPDATE search_index_content SET c0 = '誤送 送信 信 ' WHERE id = 1;"
		"INSERT INTO search_index (rowid, tokens) VALUES (77, 'x ')");
	assert_int_equal(check(f).n, 1);
	run(f,
		"DELETE FROM search_index WHERE rowid = 77;"
		"DELETE FROM search_index_data WHERE id > 10");
	assert_true(check(f).n > 0);
}

int
main(void)
{
	static const struct CMUnitTest both[] = {
		cmocka_unit_test(search__any_part_of_any_text__is_what_a_scan_finds),
		cmocka_unit_test(search__words__all_of_them),
		cmocka_unit_test(subject_has_form__among_many__of_this_subject_alone),
		cmocka_unit_test(search__pages_and_counts__newest_first_and_nothing_twice),
		cmocka_unit_test(search__hidden_case__leaves_no_trace),
	};
	static const struct CMUnitTest file[] = {
		cmocka_unit_test(index__plain_sqlite__can_read_and_ask_it),
		cmocka_unit_test(index__reopened_behind__finds_all_and_goes_on),
		cmocka_unit_test(index__erased_text__is_nowhere_in_the_file),
		cmocka_unit_test(index__too_long_a_case__is_found_all_the_same),
		cmocka_unit_test(check__changed_index__is_told),
	};

	return fixture_run_both("search", both, ARRAY_LEN(both)) +
		fixture_run_sqlite("search index", file, ARRAY_LEN(file));
}
