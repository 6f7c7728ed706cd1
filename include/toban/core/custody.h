/* SPDX-License-Identifier: MIT */
/*
 * Custody: what became of an attached file, entry by entry.  These are no steps: they
 * change no state, and nobody's step is refused because of them.
 */
#ifndef TOBAN_CORE_CUSTODY_H
#define TOBAN_CORE_CUSTODY_H

#include <stdbool.h>
#include <stdint.h>

#include "toban/base/clock.h"

/* The content was handed to somebody who reads it at the desk, or takes a copy away. */
#define KIND_EVIDENCE_OPENED "evidence-opened"
#define KIND_EVIDENCE_EXPORTED "evidence-exported"
/* It was measured anew: it is what was attached, or it is not. */
#define KIND_EVIDENCE_MEASURED "evidence-measured"
#define KIND_EVIDENCE_DAMAGED "evidence-damaged"

/* One of them, as it was recorded. */
struct custody {
	int64_t seq;
	int64_t file;     /* seq of the entry that attached it */
	const char *kind; /* one of the words above */
	const char *by;   /* person */
	stamp at;
};

/* Whether entries of this kind tell of custody. */
bool custody_is_kind(const char *kind);

/* Whether such an entry only says that somebody read: news to nobody. */
bool kind_is_reading(const char *kind);

#endif
