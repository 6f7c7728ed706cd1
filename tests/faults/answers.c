/* SPDX-License-Identifier: MIT */
/*
 * See answers.h.
 */
#include "answers.h"

#include <stdlib.h>
#include <string.h>

void
answers_check_whole(struct fixture *f, const char *where)
{
	struct ledger_problems problems = fixture_walk(f->store, f->arena, NULL);

	assert_int_equal(store_check(f->store, &problems), ERR_OK);
	if (problems.n > 0) {
		fail_msg("%s: %s", where, problems.items[0].text);
	}
}

void
answers_check_one(struct fixture *f, const char *id, const char *answer, const char *where)
{
	struct event event;
	bool there = store_event_by_id(f->store, f->arena, id, &event) == ERR_OK;

	if (strcmp(answer, "ok") == 0 && !there) {
		fail_msg("%s: %s was acknowledged and is missing", where, id);
	}
	if (strcmp(answer, "ok") != 0 && strcmp(answer, "unknown") != 0 && there) {
		fail_msg("%s: %s was answered \"%s\" and is there", where, id, answer);
	}
}

void
answers_check(struct fixture *f, const struct str *said, const char *where)
{
	struct ledger_head head;
	struct outbox_list outbox;
	char *copy = strdup(str_text(said));
	char *rest = copy;
	char *line;
	int64_t acknowledged = 0;

	assert_non_null(copy);
	while ((line = strsep(&rest, "\n")) != NULL) {
		char *answer = strchr(line, ' ');

		if (answer != NULL && strncmp(line, "step-", 5) == 0) {
			*answer = '\0';
			answers_check_one(f, line, answer + 1, where);
			acknowledged += strcmp(answer + 1, "ok") == 0 ? 1 : 0;
		}
	}
	free(copy);
	assert_int_equal(store_head(f->store, &head), ERR_OK);
	/* One step may have been done without a word: the program was killed, or did not know. */
	assert_in_range(head.seq, acknowledged, acknowledged + 1);
	assert_int_equal(store_outbox(f->store, f->arena, NULL, 100, &outbox), ERR_OK);
	assert_int_equal(outbox.n, head.seq);
}
