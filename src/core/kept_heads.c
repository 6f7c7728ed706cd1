/* SPDX-License-Identifier: MIT */
/*
 * Comparing kept heads: see kept_heads.h.  A witness file holds thousands of them; of a
 * history that was written anew they all fail from some entry on, which is said once.
 */
#include "kept_heads.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* By seq, and those of one entry side by side by hash. */
static int
compare_heads(const void *a, const void *b)
{
	const struct ledger_head *x = a;
	const struct ledger_head *y = b;
	int order = (x->seq > y->seq) - (x->seq < y->seq);

	return order != 0 ? order : memcmp(x->row_hash.bytes, y->row_hash.bytes, HASH_BYTES);
}

static bool
hash_same(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

static void
report_two(struct ledger_problems *problems, const struct kept_list *heads)
{
	for (size_t i = 1; i < heads->n; i++) {
		const struct ledger_head *head = &heads->items[i];

		if (head->seq == head[-1].seq && !hash_same(&head->row_hash, &head[-1].row_hash)) {
			ledger_report(problems, head->seq, "two-heads",
				"there are two kept heads of entry %" PRId64
				" with different hashes: the ledger was continued twice from an "
				"earlier entry",
				head->seq);
		}
	}
}

void
kept_heads_compare(struct ledger_problems *problems, struct kept_list heads,
	const struct hash *(*hash_at)(void *ctx, int64_t seq), void *ctx)
{
	int64_t fits = 0;
	int64_t wrong = 0;
	size_t n_wrong = 0;
	int64_t furthest;

	qsort(heads.items, heads.n, sizeof(*heads.items), compare_heads);
	furthest = heads.items[heads.n - 1].seq;
	report_two(problems, &heads);
	for (size_t i = 0; i < heads.n; i++) {
		const struct hash *hash = hash_at(ctx, heads.items[i].seq);
		bool same = hash != NULL && hash_same(hash, &heads.items[i].row_hash);

		if (hash != NULL && !same) {
			wrong = n_wrong++ > 0 ? wrong : heads.items[i].seq;
		} else if (same && n_wrong == 0) {
			fits = heads.items[i].seq;
		}
	}
	if (n_wrong > 0) {
		ledger_report(problems, wrong, "changed",
			"entry %" PRId64 " is not the one of the kept head; kept heads fit up to "
			"entry %" PRId64 ", so the first row that differs is among %" PRId64
			" to %" PRId64 " (kept heads that do not fit: %zu)",
			wrong, fits, fits + 1, wrong, n_wrong);
	}
	if (furthest > heads.last) {
		ledger_report(problems, heads.last + 1, "cut-off",
			"the end is cut off: entries %" PRId64 " to %" PRId64
			" are missing, the kept head is at %" PRId64,
			heads.last + 1, furthest, furthest);
	}
}
