/* SPDX-License-Identifier: MIT */
/*
 * A target may get its secret, or a new one, while the sender runs.  The file
 * is replaced as a whole, so one stat() a turn tells.  Of two files one may be bad
 * from the start: the other one's secrets are used.
 */
#include "secret_watch.h"

#include "toban/base/log.h"

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
		a->st_mode == b->st_mode && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
		a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

void
secret_watch_refresh(struct secret_watch *watch)
{
	struct stat now = { 0 }; /* stays so when there is no file */
	struct secrets *fresh = NULL;
	const char *refused = watch->path;
	enum err err;

	if (watch->path == NULL) {
		return;
	}
	if (stat(watch->path, &now) != 0) {
		now = (struct stat){ 0 };
	}
	if (watch->tried && same_file(&now, &watch->seen)) {
		return;
	}
	watch->seen = now;
	watch->tried = true;
	err = secrets_open_usable(watch->path, watch->given, &fresh);
	if (err == ERR_OK) {
		err = secrets_fault(fresh, &refused);
	}
	if (err != ERR_OK) {
		log_line(LOG_ERROR, "the secrets in %s cannot be used: %s", refused, err_name(err));
	}
	if (err != ERR_OK && watch->loaded != NULL) {
		secrets_close(fresh);
		return;
	}
	secrets_close(watch->loaded);
	watch->loaded = fresh;
}

void
secret_watch_release(struct secret_watch *watch)
{
	secrets_close(watch->loaded);
	*watch = (struct secret_watch){ 0 };
}
