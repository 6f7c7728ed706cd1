/* SPDX-License-Identifier: MIT */
/*
 * The program that the faults are done to.  It says on standard output what the
 * store answered, as soon as it did:
 *
 *     driver create PATH      "create ERR"
 *     driver commit PATH N [FIRST]  "ID ERR" for each of N events, from number FIRST on
 *     driver group PATH N     the same for groups of N events and N drafts, in turns;
 *                             "alone" before those whose group was lost
 *
 * and at the end "hit" or "missed": whether the point was reached at all.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../store/fixture.h"
#include "toban/base/hash.h"

static void
say(const char *what, enum err err)
{
	(void)printf("%s %s\n", what, err_name(err));
	(void)fflush(stdout);
}

static void
commit(const char *path, int n, int first)
{
	struct store *store = NULL;
	enum err err = store_sqlite_open(path, NULL, &store);
	int64_t turn = first;

	if (err != ERR_OK) {
		say("open", err);
		return;
	}
	for (int i = first; i < first + n; i++) {
		char id[32];

		(void)snprintf(id, sizeof(id), "step-%d", i);
		err = fixture_commit_step(store, id, turn);
		say(id, err);
		turn += err == ERR_OK ? 1 : 0;
	}
	store_close(store);
}

/* One write of a group: an event for the even ones, a draft for the odd ones. */
static enum err
write_one(struct store *store, int group, const char *id, int64_t *turn)
{
	struct draft_row draft = { .person = "dc-operator-1",
		.form = "note",
		.subject = "",
		.body = id,
		.saved_at = FIXTURE_NOW };
	int64_t number = 0;
	enum err err;

	if (group % 2 != 0) {
		return store_draft_put(store, &draft, &number);
	}
	err = fixture_commit_step(store, id, *turn);
	*turn += err == ERR_OK ? 1 : 0;
	return err;
}

/* As the service does: together, and one by one when nothing came of that. */
static void
write_group(struct store *store, int group, int n, int64_t *turn)
{
	int64_t first = *turn;
	enum err each[10] = { ERR_OK };
	enum err err = store_group_begin(store);
	bool begun = err == ERR_OK;

	for (int i = 0; i < n && i < 10; i++) {
		char id[32];

		(void)snprintf(id, sizeof(id), "%s-%d-%d", group % 2 ? "draft" : "step", group, i);
		each[i] = begun ? write_one(store, group, id, turn) : err;
	}
	err = begun ? store_group_end(store) : err;
	if (err != ERR_OK && err != ERR_UNKNOWN) {
		*turn = first;
		(void)printf("alone %d\n", group);
	}
	for (int i = 0; i < n && i < 10; i++) {
		char id[32];

		(void)snprintf(id, sizeof(id), "%s-%d-%d", group % 2 ? "draft" : "step", group, i);
		if (err != ERR_OK && err != ERR_UNKNOWN) {
			each[i] = write_one(store, group, id, turn);
		}
		say(id, err == ERR_UNKNOWN ? err : each[i]);
	}
}

static void
groups(const char *path, int n)
{
	struct store *store = NULL;
	enum err err = store_sqlite_open(path, NULL, &store);
	int64_t turn = 1;

	if (err != ERR_OK) {
		say("open", err);
		return;
	}
	for (int group = 0; group < 2; group++) {
		write_group(store, group, n, &turn);
	}
	store_close(store);
}

int
main(int argc, char **argv)
{
	int (*hit)(void);
	void *found = dlsym(RTLD_DEFAULT, "sysfault_hit");

	if (hash_start() != ERR_OK || argc < 3) {
		return 2;
	}
	if (strcmp(argv[1], "create") == 0) {
		struct store *store = NULL;

		say("create", store_sqlite_create(argv[2], NULL, &store));
		store_close(store);
	} else if (strcmp(argv[1], "group") == 0) {
		groups(argv[2], argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1);
	} else {
		commit(argv[2], argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1,
			argc > 4 ? (int)strtol(argv[4], NULL, 10) : 1);
	}
	memcpy(&hit, &found, sizeof(hit));
	(void)puts(found != NULL && hit() ? "hit" : "missed");
	return 0;
}
