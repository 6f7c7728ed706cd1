/* SPDX-License-Identifier: MIT */
/*
 * The check that walks a ledger and names what was done to it.
 *
 * A row is judged by three things: its own hash, whether it continues the row
 * before it, and whether the row after it continues it.  Which of them fail
 * tells an edit from an insertion; a row whose hash holds under another seq was
 * moved.  What needs knowledge of later rows is settled at the finish.
 */
#include "toban/core/ledger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kept_heads.h"
#include "seq_list.h"
#include "toban/core/erasure.h"
#include "toban/core/seen.h"

/* A longer gap is reported as one problem: a jump of seq must not fill memory. */
#define GAP_NAMED 100

/* How far from its place a row that fits nowhere is looked for first. */
#define MOVE_NEAR 64

/* Row hashes tried in the search for moved rows, in all: a second or two. */
#define MOVE_BUDGET 1000000

/* A row as the chain sees it. */
struct walk_row {
	int64_t seq; /* 0: there is none */
	struct hash prev_hash;
	struct hash row_hash;
	bool sound; /* its hash is that of its columns */
};

/* A row whose hash does not hold, kept until its place can be looked for. */
struct suspect {
	struct event event; /* texts in the walk's arena, body NULL */
	bool fits_before;
	bool fits_after;
	int64_t origin; /* seq under which its hash holds; 0: none */
};

struct place {
	int64_t seq;
	struct hash row_hash;
};

/* A row without a body. */
struct bare {
	int64_t seq;
	bool noted; /* the file leads from it to its erasure */
};

struct ledger_walk {
	struct ledger_problems *problems;
	struct arena *arena;
	struct walk_row last;
	struct walk_row before; /* the one before `last` */
	stamp last_at;
	int64_t events;
	struct seq_list places;   /* struct place, every row */
	struct seq_list suspects; /* struct suspect */
	struct seq_list gone;     /* int64_t: seqs that are missing, at most some */
	struct seq_list bare;     /* struct bare */
	struct seq_list erased;   /* int64_t: seqs that erasures name */
	struct seq_list heads;    /* struct ledger_head: kept elsewhere */
	struct seen ids;
	struct seen subjects; /* last subject_seq of each */
	int64_t excused;      /* gaps in a subject that missing or changed rows explain */
	int64_t hashes_left;  /* of MOVE_BUDGET */
};

/* seq moved by a distance; 0, which no row has, where that is no seq. */
static int64_t
seq_moved(int64_t seq, int64_t distance)
{
	int64_t moved;

	/* A tampered file may have any number in its columns. */
	return __builtin_add_overflow(seq, distance, &moved) ? 0 : moved;
}

static bool
hash_same(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

/* --- one row ----------------------------------------------------------------- */

static enum err
walk_gap(struct ledger_walk *walk, int64_t from, int64_t until)
{
	enum err err = ERR_OK;

	if (until - from > GAP_NAMED) {
		ledger_report(walk->problems, from, "missing",
			"entries %" PRId64 " to %" PRId64 " are missing", from, until - 1);
		walk->excused = INT64_MAX / 2;
		/* The row that stands so far out may well be the first that is missing. */
		return seq_list_add(&walk->gone, &from);
	}
	for (int64_t seq = from; seq < until && err == ERR_OK; seq++) {
		ledger_report(walk->problems, seq, "missing", "entry %" PRId64 " is missing", seq);
		walk->excused++;
		err = seq_list_add(&walk->gone, &seq);
	}
	return err;
}

/* Checks id and subject_seq; `sound` false: the row itself is reported already. */
static enum err
walk_order(struct ledger_walk *walk, const struct event *event, bool sound)
{
	int64_t *value;
	enum err err = seen_value(&walk->ids, event->id, &value);

	if (err != ERR_OK) {
		return err;
	}
	if (*value != 0) {
		ledger_report(walk->problems, event->seq, "duplicate",
			"entry %" PRId64 " has the id of entry %" PRId64, event->seq, *value);
	} else {
		*value = event->seq;
	}
	err = seen_value(&walk->subjects, event->subject, &value);
	if (err != ERR_OK) {
		return err;
	}
	if (event->subject_seq == seq_moved(*value, 1)) {
		*value = event->subject_seq;
		return ERR_OK;
	}
	if (!sound) {
		walk->excused++;
		return ERR_OK;
	}
	if (walk->excused > 0) {
		walk->excused--;
	} else {
		ledger_report(walk->problems, event->seq, "subject-order",
			"entry %" PRId64 " is number %" PRId64 " of its subject, expected %" PRId64,
			event->seq, event->subject_seq, seq_moved(*value, 1));
	}
	if (event->subject_seq > *value) {
		*value = event->subject_seq;
	}
	return ERR_OK;
}

/* The body of a row whose columns are sound. */
static enum err
walk_body(struct ledger_walk *walk, const struct event *event)
{
	struct hash commitment;
	int64_t seq;

	if (event->body == NULL) {
		struct bare bare = { .seq = event->seq, .noted = event->kept != NULL };

		return seq_list_add(&walk->bare, &bare);
	}
	ledger_commitment(event->nonce, event->body, strlen(event->body), &commitment);
	if (!hash_same(&commitment, &event->commitment)) {
		ledger_report(walk->problems, event->seq, "body-changed",
			"the body of entry %" PRId64 " is not the one that was recorded",
			event->seq);
		return ERR_OK;
	}
	if (strcmp(event->kind, "erase") != 0) {
		return ERR_OK;
	}
	seq = erasure_names(event->body);
	return seq == 0 ? ERR_OK : seq_list_add(&walk->erased, &seq);
}

/* Keeps the row for the finish. */
static enum err
walk_suspect(struct ledger_walk *walk, const struct event *event, bool fits_before)
{
	struct suspect suspect = { .event = *event, .fits_before = fits_before };
	const char **texts[] = { &suspect.event.id, &suspect.event.subject, &suspect.event.actor,
		&suspect.event.post, &suspect.event.kind, &suspect.event.form,
		&suspect.event.form_version };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		*texts[i] = arena_strdup(walk->arena, *texts[i] == NULL ? "" : *texts[i]);
		if (*texts[i] == NULL) {
			return ERR_NOMEM;
		}
	}
	suspect.event.body = NULL;
	return seq_list_add(&walk->suspects, &suspect);
}

/* Does the new row continue `last`?  Tells on `last` when both are sound and it does not. */
static bool
walk_link(struct ledger_walk *walk, const struct walk_row *row)
{
	const struct walk_row *last = &walk->last;
	static const struct hash zeros;
	bool fits;

	if (row->seq == 1) {
		fits = hash_same(&row->prev_hash, &zeros);
		if (!fits && row->sound) {
			ledger_report(walk->problems, row->seq, "changed",
				"entry 1 was rewritten: it continues another entry");
		}
		return fits;
	}
	if (last->seq == 0 || seq_moved(last->seq, 1) != row->seq) {
		return true; /* the row before is missing: nothing to compare with */
	}
	fits = hash_same(&row->prev_hash, &last->row_hash);
	if (!last->sound) {
		struct suspect *suspects = walk->suspects.items;

		suspects[walk->suspects.n - 1].fits_after = fits;
		return fits;
	}
	if (fits || !row->sound) {
		return fits;
	}
	if (seq_moved(walk->before.seq, 1) == last->seq &&
		hash_same(&row->prev_hash, &walk->before.row_hash)) {
		ledger_report(walk->problems, last->seq, "inserted",
			"entry %" PRId64 " was put in between: the next one does not know it",
			last->seq);
	} else {
		ledger_report(walk->problems, last->seq, "changed",
			"entry %" PRId64 " was rewritten: the next one continues another",
			last->seq);
	}
	return fits;
}

/* Reports a row of unknown canonical form; its columns can't be judged. */
static void
walk_unreadable(struct ledger_walk *walk, const struct event *event)
{
	ledger_report(walk->problems, event->seq, "unreadable",
		"entry %" PRId64 " is in the canonical form %d, which this program does not know",
		event->seq, event->canon);
}

/* --- the finish ---------------------------------------------------------------- */

/* Does the suspect's hash hold under `seq`? */
static bool
suspect_fits(struct ledger_walk *walk, struct suspect *suspect, int64_t seq)
{
	struct event moved = suspect->event;
	struct hash hash;

	if (seq < 1 || seq == moved.seq || walk->hashes_left <= 0) {
		return false;
	}
	walk->hashes_left--;
	moved.seq = seq;
	if (ledger_row_hash(&moved, &hash) != ERR_OK || !hash_same(&hash, &moved.row_hash)) {
		return false;
	}
	suspect->origin = seq;
	return true;
}

/* Looks for the seq the row had: as far away as the last one found, near, where one is missing. */
static void
suspect_locate(struct ledger_walk *walk, struct suspect *suspect, int64_t distance)
{
	const struct suspect *others = walk->suspects.items;
	const int64_t *gone = walk->gone.items;
	int64_t seq = suspect->event.seq;

	if (distance != 0 && suspect_fits(walk, suspect, seq_moved(seq, distance))) {
		return;
	}
	for (int64_t far = 1; far <= MOVE_NEAR; far++) {
		if (suspect_fits(walk, suspect, seq_moved(seq, far)) ||
			suspect_fits(walk, suspect, seq_moved(seq, -far))) {
			return;
		}
	}
	for (size_t i = 0; i < walk->gone.n; i++) {
		if (suspect_fits(walk, suspect, gone[i])) {
			return;
		}
	}
	for (size_t i = 0; i < walk->suspects.n; i++) {
		if (suspect_fits(walk, suspect, others[i].event.seq)) {
			return;
		}
	}
}

static void
suspect_report(struct ledger_walk *walk, const struct suspect *suspect)
{
	int64_t seq = suspect->event.seq;

	if (suspect->origin != 0) {
		ledger_report(walk->problems, seq, "reordered",
			"entry %" PRId64 " stood at place %" PRId64 " before", seq,
			suspect->origin);
	} else if (!suspect->fits_before && !suspect->fits_after) {
		ledger_report(walk->problems, seq, "inserted",
			"entry %" PRId64 " is no part of the chain: nothing in it fits", seq);
	} else {
		ledger_report(walk->problems, seq, "changed",
			"entry %" PRId64 " was changed: its columns do not give its hash", seq);
	}
}

/* Rows that were closed up over a deleted one leave a place nobody came from. */
static enum err
walk_vacated(struct ledger_walk *walk, const struct suspect *suspects, size_t n)
{
	struct seq_list origins = { .size = sizeof(int64_t) };
	int64_t newest = 0;
	enum err err = ERR_OK;

	for (size_t i = 0; i < n && err == ERR_OK; i++) {
		if (suspects[i].origin != 0) {
			err = seq_list_add(&origins, &suspects[i].origin);
			newest = suspects[i].origin > newest ? suspects[i].origin : newest;
		}
	}
	seq_list_sort(&origins);
	for (size_t i = 0; i < n && err == ERR_OK; i++) {
		int64_t seq = suspects[i].event.seq;

		if (suspects[i].origin != 0 && seq < newest &&
			seq_list_find(&origins, seq) == NULL) {
			ledger_report(walk->problems, seq, "missing",
				"the entry that stood at place %" PRId64 " is missing", seq);
		}
	}
	free(origins.items);
	return err;
}

static enum err
walk_suspects(struct ledger_walk *walk)
{
	struct suspect *suspects = walk->suspects.items;
	int64_t distance = 0;

	for (size_t i = 0; i < walk->suspects.n; i++) {
		suspect_locate(walk, &suspects[i], distance);
		if (suspects[i].origin != 0) {
			distance = suspects[i].origin - suspects[i].event.seq;
		}
		suspect_report(walk, &suspects[i]);
	}
	return walk_vacated(walk, suspects, walk->suspects.n);
}

/* Bodies that an erasure took away and somebody put back. */
static void
walk_restored(struct ledger_walk *walk)
{
	const int64_t *erased = walk->erased.items;

	/* `bare` is in the order of the rows; only a tampered file has them in another. */
	seq_list_sort(&walk->bare);
	for (size_t i = 0; i < walk->erased.n; i++) {
		if ((i == 0 || erased[i] != erased[i - 1]) &&
			seq_list_find(&walk->places, erased[i]) != NULL &&
			seq_list_find(&walk->bare, erased[i]) == NULL) {
			ledger_report(walk->problems, erased[i], "body-changed",
				"the body of entry %" PRId64
				" was erased on a legal ground and is there again",
				erased[i]);
		}
	}
}

static void
walk_erasures(struct ledger_walk *walk)
{
	const struct bare *bare = walk->bare.items;

	seq_list_sort(&walk->erased);
	walk_restored(walk);
	for (size_t i = 0; i < walk->bare.n; i++) {
		if (seq_list_find(&walk->erased, bare[i].seq) == NULL) {
			ledger_report(walk->problems, bare[i].seq, "body-changed",
				"the body of entry %" PRId64 " is gone and no erasure names it",
				bare[i].seq);
		} else if (!bare[i].noted) {
			ledger_report(walk->problems, bare[i].seq, "missing",
				"the body of entry %" PRId64
				" is gone, and its erasure is not noted",
				bare[i].seq);
		}
	}
}

static const struct hash *
hash_at(void *ctx, int64_t seq)
{
	const struct ledger_walk *walk = ctx;
	const struct place *place = seq_list_find(&walk->places, seq);

	return place != NULL ? &place->row_hash : NULL;
}

static int
compare_problems(const void *a, const void *b)
{
	const struct ledger_problem *x = a;
	const struct ledger_problem *y = b;
	int order = (x->seq > y->seq) - (x->seq < y->seq);

	return order != 0 ? order : strcmp(x->kind, y->kind);
}

/* --- public -------------------------------------------------------------------- */

struct ledger_walk *
ledger_walk_new(struct ledger_problems *problems)
{
	struct ledger_walk *walk = calloc(1, sizeof(*walk));

	if (walk == NULL) {
		return NULL;
	}
	walk->problems = problems;
	walk->last_at = STAMP_NONE;
	walk->hashes_left = MOVE_BUDGET;
	walk->places.size = sizeof(struct place);
	walk->suspects.size = sizeof(struct suspect);
	walk->gone.size = sizeof(int64_t);
	walk->bare.size = sizeof(struct bare);
	walk->erased.size = sizeof(int64_t);
	walk->heads.size = sizeof(struct ledger_head);
	walk->arena = arena_new();
	if (walk->arena == NULL) {
		ledger_walk_free(walk);
		return NULL;
	}
	return walk;
}

void
ledger_walk_free(struct ledger_walk *walk)
{
	if (walk == NULL) {
		return;
	}
	free(walk->places.items);
	free(walk->suspects.items);
	free(walk->gone.items);
	free(walk->bare.items);
	free(walk->erased.items);
	free(walk->heads.items);
	seen_release(&walk->ids);
	seen_release(&walk->subjects);
	arena_free(walk->arena);
	free(walk);
}

enum err
ledger_walk_row(struct ledger_walk *walk, const struct event *event)
{
	struct walk_row row = {
		.seq = event->seq, .prev_hash = event->prev_hash, .row_hash = event->row_hash
	};
	struct place place = { .seq = event->seq, .row_hash = event->row_hash };
	struct hash hash;
	enum err known = ledger_row_hash(event, &hash);
	bool fits_before;
	enum err err = ERR_OK;

	row.sound = known == ERR_UNSUPPORTED || hash_same(&hash, &event->row_hash);
	if (event->seq > walk->last.seq && event->seq != seq_moved(walk->last.seq, 1)) {
		err = walk_gap(walk, seq_moved(walk->last.seq, 1), event->seq);
	} else if (event->seq == walk->last.seq) {
		ledger_report(walk->problems, event->seq, "duplicate",
			"there is more than one entry %" PRId64, event->seq);
	}
	fits_before = walk_link(walk, &row);
	if (err == ERR_OK) {
		err = walk_order(walk, event, row.sound);
	}
	if (err == ERR_OK && !row.sound) {
		err = walk_suspect(walk, event, fits_before);
	} else if (err == ERR_OK && known == ERR_UNSUPPORTED) {
		walk_unreadable(walk, event);
	} else if (err == ERR_OK) {
		err = walk_body(walk, event);
	}
	if (err == ERR_OK) {
		err = seq_list_add(&walk->places, &place);
	}
	walk->before = walk->last;
	walk->last = row;
	walk->last_at = event->at;
	walk->events++;
	return err;
}

enum err
ledger_walk_head(struct ledger_walk *walk, const struct ledger_head *head)
{
	return head->seq > 0 ? seq_list_add(&walk->heads, head) : ERR_OK;
}

enum err
ledger_walk_finish(struct ledger_walk *walk, const struct ledger_head *head, int64_t *ret_events,
	struct ledger_head *ret_head)
{
	struct ledger_problems *problems = walk->problems;
	enum err err = walk_suspects(walk);

	if (err != ERR_OK) {
		return err;
	}
	walk_erasures(walk);
	if (head != NULL) {
		err = ledger_walk_head(walk, head);
	}
	if (err != ERR_OK) {
		return err;
	}
	if (walk->heads.n > 0) {
		kept_heads_compare(problems,
			(struct kept_list){ walk->heads.items, walk->heads.n, walk->last.seq },
			hash_at, walk);
	}
	if (problems->n > 0) {
		qsort(problems->items, problems->n, sizeof(problems->items[0]), compare_problems);
	}
	*ret_events = walk->events;
	ret_head->seq = walk->last.seq;
	ret_head->row_hash = walk->last.row_hash;
	ret_head->at = walk->last_at;
	return problems->failed ? ERR_NOMEM : ERR_OK;
}
