/* SPDX-License-Identifier: MIT */
/*
 * Why a path is not taken as a desk file, and how that is told to people.
 */
#ifndef TOBAN_SRC_STORE_REFUSAL_H
#define TOBAN_SRC_STORE_REFUSAL_H

#include "toban/base/err.h"
#include "toban/base/str.h"

enum refusal {
	REFUSAL_NONE,
	REFUSAL_MISSING,
	REFUSAL_DIRECTORY_MISSING,
	REFUSAL_SYMLINK,
	REFUSAL_NO_FILE, /* a directory, a FIFO, a device */
	REFUSAL_OTHER_OWNER,
	REFUSAL_OTHERS_WRITE,
	REFUSAL_HARD_LINK,
	REFUSAL_READ_ONLY,
	REFUSAL_DIRECTORY_READ_ONLY,
	REFUSAL_EMPTY,
	REFUSAL_NETWORK,
	REFUSAL_NO_DATABASE,
	REFUSAL_FOREIGN,
	REFUSAL_NEWER,
	REFUSAL_OLDER, /* and it was not to be changed */
	REFUSAL_DAMAGED,
	REFUSAL_NO_WAL,
	REFUSAL_EXISTS,
	REFUSAL_BUSY,
	REFUSAL_FULL,
	REFUSAL_MEMORY,
	REFUSAL_IO,
	REFUSAL_COUNT
};

/* The error of store.h that it is. */
enum err refusal_err(enum refusal refusal);

/* The refusal that tells of an error met on the way. */
enum refusal refusal_of(enum err err);

/* Appends the translated sentence about `path`; `why` may be NULL. */
void refusal_tell(enum refusal refusal, const char *path, struct str *why);

#endif
