/* SPDX-License-Identifier: MIT */
/*
 * The one error type of the program (docs/style.md §8).
 *
 * A function that can fail returns `enum err`, ERR_OK (0) on success; outputs
 * named `ret_x` are untouched on failure.  No value has two meanings: "no such
 * row" is ERR_NOT_FOUND, never an empty success.
 */
#ifndef TOBAN_BASE_ERR_H
#define TOBAN_BASE_ERR_H

enum err {
	ERR_OK = 0,
	ERR_NOMEM,       /* memory exhausted */
	ERR_IO,          /* the system refused a read or write; errno-like cause is logged */
	ERR_FULL,        /* no space left on the device */
	ERR_BUSY,        /* a lock was not had in time; trying again is sound */
	ERR_INVALID,     /* input breaks a rule; a list of diagnostics says which */
	ERR_NOT_FOUND,   /* the named thing does not exist (or must not be seen) */
	ERR_DENIED,      /* a rule of the procedure forbids it to this person */
	ERR_CONFLICT,    /* somebody was faster: reload, show the difference */
	ERR_EXISTS,      /* already there: the same id was recorded before */
	ERR_CORRUPT,     /* stored data contradict themselves; nothing was written */
	ERR_UNSUPPORTED, /* a newer version, a foreign file, a network file system */
	ERR_UNKNOWN,     /* a COMMIT failed and its outcome is not known yet */
	ERR_LATER,       /* not done yet: the same call is to be made again (desk.h) */
	ERR_COUNT
};

/*
 * The name of `e` for logs and tests, e.g. "not-found".  Static text, never
 * NULL, never translated; "?" for a value outside the enum.
 */
const char *err_name(enum err e);

#endif
