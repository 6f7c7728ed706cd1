/* SPDX-License-Identifier: MIT */
/*
 * Recording what became of an attached file.
 */
#ifndef TOBAN_DESK_CUSTODY_H
#define TOBAN_DESK_CUSTODY_H

#include "call.h"
#include "toban/core/custody.h"

/* The attached file of entry `seq`; NULL. */
const struct evidence *custody_file(const struct incident *incident, int64_t seq);

/* The newest entry of `kind` about the file, by `person` alone unless NULL; NULL: none. */
const struct custody *custody_newest(
	const struct incident *incident, int64_t file, const char *kind, const char *person);

/* Whether the file was found to be another than what was attached, and not found whole since. */
bool custody_is_damaged(const struct incident *incident, int64_t file);

/* Whom an entry is about, and what it says. */
struct custody_note {
	const char *id; /* the case */
	int64_t file;   /* seq of the entry that attached it */
	const char *kind;
};

/*
 * Records that the caller did it.  The same within a minute (a measurement: a day) is
 * told by the entry that is there already.  Every failure has an error document.
 */
enum err custody_record(struct call *call, const struct custody_note *note);

#endif
