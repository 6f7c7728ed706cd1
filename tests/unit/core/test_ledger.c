/* SPDX-License-Identifier: MIT */
/*
 * The ledger's arithmetic against a vector worked out by other means, and the
 * walk against every kind of tampering.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "toban/base/attr.h"
#include "toban/core/ledger.h"

#define ROWS 12
#define ROOM (ROWS + 4)

/* A ledger in memory that a test may tamper with. */
struct book {
	struct event rows[ROOM];
	size_t n;
	char ids[ROOM][16];
	struct arena *arena;
	struct ledger_problems problems;
	struct ledger_head head; /* as it was before the tampering */
};

/* Seals row i after the row before it. */
static void
seal(struct book *book, size_t i)
{
	static const struct hash zeros;

	assert_int_equal(ledger_seal(&book->rows[i], (int64_t)i + 1,
				 i == 0 ? &zeros : &book->rows[i - 1].row_hash),
		ERR_OK);
}

static struct event
row_of(struct book *book, size_t i)
{
	(void)snprintf(book->ids[i], sizeof(book->ids[i]), "step-%zu", i + 1);
	return (struct event){
		.id = book->ids[i],
		.subject = i % 2 == 0 ? "26-0001" : "26-0002",
		.subject_seq = (int64_t)i / 2 + 1,
		.at = 1000 + (int64_t)i,
		.happened_at = STAMP_NONE,
		.actor = "ann",
		.post = "",
		.kind = "note",
		.form = "note",
		.form_version = "1",
		.body = "{\"fields\":{\"text\":\"x\"}}",
	};
}

static int
setup(void **state)
{
	static struct book book;

	book = (struct book){ .n = ROWS, .arena = arena_new() };
	assert_non_null(book.arena);
	book.problems.arena = book.arena;
	for (size_t i = 0; i < ROWS; i++) {
		book.rows[i] = row_of(&book, i);
		seal(&book, i);
	}
	book.head.seq = ROWS;
	book.head.row_hash = book.rows[ROWS - 1].row_hash;
	*state = &book;
	return 0;
}

static int
teardown(void **state)
{
	arena_free(((struct book *)*state)->arena);
	return 0;
}

/* Walks the book in the order of the array. */
static void
walk(struct book *book, const struct ledger_head *head)
{
	struct ledger_walk *w = ledger_walk_new(&book->problems);
	struct ledger_head end;
	int64_t events = 0;

	assert_non_null(w);
	for (size_t i = 0; i < book->n; i++) {
		assert_int_equal(ledger_walk_row(w, &book->rows[i]), ERR_OK);
	}
	assert_int_equal(ledger_walk_finish(w, head, &events, &end), ERR_OK);
	assert_int_equal(events, book->n);
	ledger_walk_free(w);
}

/* The walk must have found this among `n` problems in all. */
static void
expect(struct book *book, int64_t seq, const char *kind, size_t n)
{
	bool found = false;

	for (size_t i = 0; i < book->problems.n; i++) {
		found = found ||
			(book->problems.items[i].seq == seq &&
				strcmp(book->problems.items[i].kind, kind) == 0);
	}
	if (!found || book->problems.n != n) {
		for (size_t i = 0; i < book->problems.n; i++) {
			print_message("%d %s: %s\n", (int)book->problems.items[i].seq,
				book->problems.items[i].kind, book->problems.items[i].text);
		}
		fail_msg("expected %zu with %d %s, got %zu", n, (int)seq, kind, book->problems.n);
	}
}

static void
take_out(struct book *book, size_t at)
{
	memmove(&book->rows[at], &book->rows[at + 1], (book->n - at - 1) * sizeof(book->rows[0]));
	book->n--;
}

static void
put_in(struct book *book, size_t at, struct event row)
{
	memmove(&book->rows[at + 1], &book->rows[at], (book->n - at) * sizeof(book->rows[0]));
	book->rows[at] = row;
	book->n++;
}

static void
renumber(struct book *book, size_t from)
{
	for (size_t i = from; i < book->n; i++) {
		book->rows[i].seq = (int64_t)i + 1;
	}
}

/* --- the arithmetic ------------------------------------------------------------------ */

static void
row_hash__vector__is_the_documented_form(void **state)
{
	/*
	 * Worked out with Python: sha256(b"\0"*32 + q(1) + q(7) + t("id") + t("26-0001")
	 * + q(2) + q(-1) + q(-2**63) + t("ann") + t("") + t("note") + t("form") + t("1")
	 * + sha256(bytes(range(16)) + b"{}").digest()), q = struct.pack(">q"),
	 * t(s) = q(len(s)) + s.
	 */
	static const char expected[] =
		"25bff3a74447e6734076aa70e88c8d55f83f94fdfadb0a2b4cbba247fde099e5";
	struct event event = { .seq = 7,
		.id = "id",
		.subject = "26-0001",
		.subject_seq = 2,
		.at = -1,
		.happened_at = STAMP_NONE,
		.actor = "ann",
		.post = "",
		.kind = "note",
		.form = "form",
		.form_version = "1",
		.canon = 1 };
	char hex[HASH_HEX_SIZE];
	struct hash hash;

	(void)state;
	for (size_t i = 0; i < NONCE_BYTES; i++) {
		event.nonce[i] = (uint8_t)i;
	}
	ledger_commitment(event.nonce, "{}", 2, &event.commitment);
	assert_int_equal(ledger_row_hash(&event, &hash), ERR_OK);
	hash_hex(&hash, hex);
	assert_string_equal(hex, expected);
}

static void
row_hash__unknown_form__is_unsupported(void **state)
{
	struct event event = { .canon = LEDGER_CANON + 1 };
	struct hash hash;

	(void)state;
	assert_int_equal(ledger_row_hash(&event, &hash), ERR_UNSUPPORTED);
}

/* Columns that touch must not be able to pass a byte to each other. */
static void
row_hash__shifted_columns__differ(void **state)
{
	struct event a = { .canon = LEDGER_CANON, .id = "ab", .subject = "c" };
	struct event b = { .canon = LEDGER_CANON, .id = "a", .subject = "bc" };
	struct hash x;
	struct hash y;

	(void)state;
	assert_int_equal(ledger_row_hash(&a, &x), ERR_OK);
	assert_int_equal(ledger_row_hash(&b, &y), ERR_OK);
	assert_memory_not_equal(&x, &y, HASH_BYTES);
}

static void
seal__twice__uses_another_nonce(void **state)
{
	struct book *book = *state;
	struct event first = book->rows[3];

	seal(book, 3);
	assert_memory_not_equal(first.nonce, book->rows[3].nonce, NONCE_BYTES);
}

/* --- the walk ------------------------------------------------------------------------ */

static void
walk__clean__finds_nothing(void **state)
{
	struct book *book = *state;

	walk(book, &book->head);
	assert_int_equal(book->problems.n, 0);
}

static void
walk__each_column_changed__names_the_row(void **state)
{
	static const size_t texts[] = { offsetof(struct event, id), offsetof(struct event, actor),
		offsetof(struct event, subject), offsetof(struct event, post),
		offsetof(struct event, kind), offsetof(struct event, form),
		offsetof(struct event, form_version) };
	static const size_t numbers[] = { offsetof(struct event, subject_seq),
		offsetof(struct event, at), offsetof(struct event, happened_at) };
	static const size_t hashes[] = { offsetof(struct event, commitment),
		offsetof(struct event, prev_hash), offsetof(struct event, row_hash) };
	struct book *book = *state;

	for (size_t i = 0; i < ARRAY_LEN(texts) + ARRAY_LEN(numbers) + ARRAY_LEN(hashes); i++) {
		struct event clean = book->rows[5];
		char *row = (char *)&book->rows[5];
		size_t j = i - ARRAY_LEN(texts);

		if (i < ARRAY_LEN(texts)) {
			*(const char **)(void *)(row + texts[i]) = "tampered";
		} else if (j < ARRAY_LEN(numbers)) {
			*(int64_t *)(void *)(row + numbers[j]) = 77;
		} else {
			row[hashes[j - ARRAY_LEN(numbers)]] ^= 1;
		}
		book->problems.n = 0;
		walk(book, &book->head);
		expect(book, 6, "changed", 1);
		book->rows[5] = clean;
	}
}

static void
walk__body_changed__names_the_row(void **state)
{
	struct book *book = *state;

	book->rows[5].body = "{\"fields\":{\"text\":\"y\"}}";
	walk(book, &book->head);
	expect(book, 6, "body-changed", 1);
}

static void
walk__nonce_changed__names_the_row(void **state)
{
	struct book *book = *state;

	book->rows[5].nonce[0] ^= 1;
	walk(book, &book->head);
	expect(book, 6, "body-changed", 1);
}

static void
walk__changed_and_hashed_again__names_the_row(void **state)
{
	struct book *book = *state;

	book->rows[5].actor = "eve";
	assert_int_equal(ledger_row_hash(&book->rows[5], &book->rows[5].row_hash), ERR_OK);
	walk(book, &book->head);
	expect(book, 6, "changed", 1);
}

static void
walk__rows_deleted__names_each(void **state)
{
	struct book *book = *state;

	take_out(book, 8);
	take_out(book, 4);
	take_out(book, 4);
	walk(book, &book->head);
	expect(book, 5, "missing", 3);
	expect(book, 6, "missing", 3);
	expect(book, 9, "missing", 3);
}

static void
walk__first_row_deleted__names_it(void **state)
{
	struct book *book = *state;

	take_out(book, 0);
	walk(book, NULL);
	expect(book, 1, "missing", 1);
}

static void
walk__row_deleted_and_closed_up__names_the_gap_and_the_moved(void **state)
{
	struct book *book = *state;

	take_out(book, 4);
	renumber(book, 4);
	walk(book, NULL);
	expect(book, 5, "missing", 8);
	expect(book, 5, "reordered", 8);
	expect(book, 11, "reordered", 8);
}

static void
walk__rows_swapped__names_both(void **state)
{
	struct book *book = *state;
	struct event kept = book->rows[2];

	book->rows[2] = book->rows[7];
	book->rows[7] = kept;
	renumber(book, 0);
	walk(book, &book->head);
	expect(book, 3, "reordered", 2);
	expect(book, 8, "reordered", 2);
}

static void
walk__foreign_row_put_in_a_gap__names_it(void **state)
{
	struct book *book = *state;
	struct event row = row_of(book, ROWS);

	row.subject = "26-0009";
	row.subject_seq = 1;
	row.canon = LEDGER_CANON;
	row.seq = 6;
	put_in(book, 5, row);
	renumber(book, 6);
	walk(book, NULL);
	expect(book, 6, "inserted", 8);
	expect(book, 7, "reordered", 8);
}

static void
walk__well_made_row_put_in__names_it(void **state)
{
	struct book *book = *state;
	struct event row = row_of(book, ROWS);

	/* Its own hash holds and continues row 5; rows from 6 on are hashed again but not chained.
	 */
	row.subject = "26-0009";
	row.subject_seq = 1;
	put_in(book, 5, row);
	seal(book, 5);
	book->rows[6].seq = 7;
	assert_int_equal(ledger_row_hash(&book->rows[6], &book->rows[6].row_hash), ERR_OK);
	for (size_t i = 7; i < book->n; i++) {
		book->rows[i].seq = (int64_t)i + 1;
		book->rows[i].prev_hash = book->rows[i - 1].row_hash;
		assert_int_equal(ledger_row_hash(&book->rows[i], &book->rows[i].row_hash), ERR_OK);
	}
	walk(book, NULL);
	expect(book, 6, "inserted", 1);
}

static void
walk__row_appended_without_chain__names_it(void **state)
{
	struct book *book = *state;

	book->rows[ROWS] = row_of(book, ROWS);
	book->rows[ROWS].seq = ROWS + 1;
	book->rows[ROWS].canon = LEDGER_CANON;
	book->n++;
	walk(book, &book->head);
	expect(book, ROWS + 1, "inserted", 1);
}

static void
walk__end_cut_off__is_seen_with_the_head_alone(void **state)
{
	struct book *book = *state;

	book->n = ROWS - 2;
	walk(book, NULL);
	assert_int_equal(book->problems.n, 0);
	walk(book, &book->head);
	expect(book, ROWS - 1, "cut-off", 1);
}

static void
walk__chained_again__is_seen_with_the_head_alone(void **state)
{
	struct book *book = *state;

	book->rows[3].actor = "eve";
	for (size_t i = 3; i < ROWS; i++) {
		seal(book, i);
	}
	walk(book, NULL);
	assert_int_equal(book->problems.n, 0);
	walk(book, &book->head);
	expect(book, ROWS, "changed", 1);
}

static void
walk__grown_since_the_head__is_fine(void **state)
{
	struct book *book = *state;

	book->rows[ROWS] = row_of(book, ROWS);
	seal(book, ROWS);
	book->n++;
	walk(book, &book->head);
	assert_int_equal(book->problems.n, 0);
}

static void
walk__subject_gap__names_the_row(void **state)
{
	struct book *book = *state;

	book->rows[9].subject_seq = 9;
	for (size_t i = 9; i < ROWS; i++) {
		seal(book, i);
	}
	walk(book, NULL);
	expect(book, 10, "subject-order", 2);
	expect(book, 12, "subject-order", 2);
}

static void
walk__same_id_twice__names_the_second(void **state)
{
	struct book *book = *state;

	book->rows[9].id = book->rows[1].id;
	for (size_t i = 9; i < ROWS; i++) {
		seal(book, i);
	}
	walk(book, NULL);
	expect(book, 10, "duplicate", 1);
}

static void
walk__body_gone__needs_an_erasure(void **state)
{
	struct book *book = *state;

	book->rows[2].body = NULL;
	walk(book, NULL);
	expect(book, 3, "body-changed", 1);
	book->problems.n = 0;
	book->rows[9].kind = "erase";
	book->rows[9].body = "{\"fields\":{\"seq\":3}}";
	for (size_t i = 9; i < ROWS; i++) {
		seal(book, i);
	}
	walk(book, NULL);
	expect(book, 3, "missing", 1); /* what leads from it to its erasure */
	book->problems.n = 0;
	book->rows[2].kept = book->rows[9].body;
	walk(book, NULL);
	assert_int_equal(book->problems.n, 0);
}

static void
walk__erase_event_itself_forged__excuses_nothing(void **state)
{
	struct book *book = *state;

	book->rows[2].body = NULL;
	book->rows[9].kind = "erase"; /* without sealing it again */
	book->rows[9].body = "{\"fields\":{\"seq\":3}}";
	walk(book, NULL);
	expect(book, 3, "body-changed", 2);
	expect(book, 10, "changed", 2);
}

static void
walk__enormous_seq__does_not_name_each_missing_row(void **state)
{
	struct book *book = *state;

	book->rows[ROWS - 1].seq = INT64_MAX;
	walk(book, NULL);
	expect(book, ROWS, "missing", 2);
	expect(book, INT64_MAX, "reordered", 2);
}

static void
walk__enormous_subject_seq__is_named(void **state)
{
	struct book *book = *state;

	book->rows[8].subject_seq = INT64_MAX;
	for (size_t i = 8; i < ROWS; i++) {
		seal(book, i);
	}
	walk(book, NULL);
	expect(book, 9, "subject-order", 2);
	expect(book, 11, "subject-order", 2);
}

static void
walk__unknown_form__is_unreadable(void **state)
{
	struct book *book = *state;

	book->rows[5].canon = 99;
	walk(book, NULL);
	expect(book, 6, "unreadable", 1);
}

static void
walk__problems__are_sorted_by_seq(void **state)
{
	struct book *book = *state;

	book->rows[1].body = NULL; /* found at the finish */
	book->rows[9].body = "{}"; /* found on the way */
	book->rows[5].actor = "eve";
	walk(book, NULL);
	assert_int_equal(book->problems.n, 3);
	assert_int_equal(book->problems.items[0].seq, 2);
	assert_int_equal(book->problems.items[1].seq, 6);
	assert_int_equal(book->problems.items[2].seq, 10);
}

/* A damaged row may be quoted: the sentence must go into JSON and onto a terminal. */
static void
report__hostile_text__is_made_harmless(void **state)
{
	struct book *book = *state;

	ledger_report(&book->problems, 7, "summary", "incident %s", "\xff\x1b[2J");
	assert_int_equal(book->problems.n, 1);
	assert_string_equal(book->problems.items[0].text, "incident <hFF><U+001B>[2J");
}

#define walk_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(row_hash__vector__is_the_documented_form),
		cmocka_unit_test(row_hash__unknown_form__is_unsupported),
		cmocka_unit_test(row_hash__shifted_columns__differ),
		walk_test(seal__twice__uses_another_nonce),
		walk_test(walk__clean__finds_nothing),
		walk_test(walk__each_column_changed__names_the_row),
		walk_test(walk__body_changed__names_the_row),
		walk_test(walk__nonce_changed__names_the_row),
		walk_test(walk__changed_and_hashed_again__names_the_row),
		walk_test(walk__rows_deleted__names_each),
		walk_test(walk__first_row_deleted__names_it),
		walk_test(walk__row_deleted_and_closed_up__names_the_gap_and_the_moved),
		walk_test(walk__rows_swapped__names_both),
		walk_test(walk__foreign_row_put_in_a_gap__names_it),
		walk_test(walk__well_made_row_put_in__names_it),
		walk_test(walk__row_appended_without_chain__names_it),
		walk_test(walk__end_cut_off__is_seen_with_the_head_alone),
		walk_test(walk__chained_again__is_seen_with_the_head_alone),
		walk_test(walk__grown_since_the_head__is_fine),
		walk_test(walk__subject_gap__names_the_row),
		walk_test(walk__same_id_twice__names_the_second),
		walk_test(walk__body_gone__needs_an_erasure),
		walk_test(walk__erase_event_itself_forged__excuses_nothing),
		walk_test(walk__enormous_seq__does_not_name_each_missing_row),
		walk_test(walk__enormous_subject_seq__is_named),
		walk_test(walk__unknown_form__is_unreadable),
		walk_test(walk__problems__are_sorted_by_seq),
		walk_test(report__hostile_text__is_made_harmless),
	};

	assert_int_equal(hash_start(), ERR_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
