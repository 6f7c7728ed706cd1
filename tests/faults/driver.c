/* SPDX-License-Identifier: MIT */
/*
 * The program that the faults are done to.  It says on standard output what the
 * store answered, as soon as it did:
 *
 *     driver create PATH      "create ERR"
 *     driver commit PATH N    "ID ERR" for each of N events
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
commit(const char *path, int n)
{
	struct store *store = NULL;
	enum err err = store_sqlite_open(path, NULL, &store);
	int64_t turn = 1;

	if (err != ERR_OK) {
		say("open", err);
		return;
	}
	for (int i = 1; i <= n; i++) {
		char id[32];

		(void)snprintf(id, sizeof(id), "step-%d", i);
		err = fixture_commit_step(store, id, turn);
		say(id, err);
		turn += err == ERR_OK ? 1 : 0;
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
	} else {
		commit(argv[2], argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1);
	}
	memcpy(&hit, &found, sizeof(hit));
	(void)puts(found != NULL && hit() ? "hit" : "missed");
	return 0;
}
