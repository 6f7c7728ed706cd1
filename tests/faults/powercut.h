/* SPDX-License-Identifier: MIT */
/*
 * A disk whose power is cut: a SQLite file system over the machine's own that
 * remembers what each file was at its last sync.  At the cut whatever was not
 * synced is lost, whole or in parts, and the program ends.
 *
 * Sources: the write and sync guarantees that SQLite asks of a file system
 * (sqlite.org, "How SQLite implements atomic commit" and "PSOW").
 */
#ifndef TOBAN_TESTS_FAULTS_POWERCUT_H
#define TOBAN_TESTS_FAULTS_POWERCUT_H

#include <stdbool.h>
#include <stdint.h>

/* What becomes of what was written and not synced. */
enum loss {
	LOSS_ALL,     /* gone */
	LOSS_SECTORS, /* each sector is the old or the new one, by chance */
	LOSS_TAIL,    /* the new sectors up to some place, the old ones behind it */
	LOSS_ZEROS,   /* the file has its new length; new sectors that were not there are zeros */
	LOSS_KINDS
};

struct powercut {
	long point;     /* the call it comes at, from 1 on; 0: never */
	enum loss loss; /* for each file */
	uint64_t seed;  /* of what chance decides */
	bool sleepy;    /* syncs do nothing: the disk of a test that must find losses */
};

/* From now on every database of this process is on that disk.  The calls made so far: 0. */
void powercut_start(const struct powercut *cut);

/* How many writes, syncs, truncations and deletions there were since the start. */
long powercut_calls(void);

#endif
