/* SPDX-License-Identifier: MIT */
/*
 * The secrets file as a running sender sees it: read again when it changed.
 * Private to the notify layer.
 */
#ifndef TOBAN_NOTIFY_SECRET_WATCH_H
#define TOBAN_NOTIFY_SECRET_WATCH_H

#include <stdbool.h>
#include <sys/stat.h>

#include "toban/notify/secret.h"

struct secret_watch {
	const char *path;       /* borrowed; NULL: nothing is watched */
	const char *given;      /* borrowed; read along with it, NULL: none */
	struct secrets *loaded; /* NULL until the first reading */
	bool tried;             /* `seen` is the file of the last try, good or bad */
	struct stat seen;
};

/*
 * Reads the file if it is another one than at the last try; a bad file leaves the old
 * secrets, at the first reading none.
 */
void secret_watch_refresh(struct secret_watch *watch);

void secret_watch_release(struct secret_watch *watch);

#endif
