/* SPDX-License-Identifier: MIT */
/*
 * Receivers that say they are gone for good (410).
 */
#ifndef TOBAN_NOTIFY_GONE_H
#define TOBAN_NOTIFY_GONE_H

#include "toban/store/store.h"

#include "lane.h"

/* Whether the job's outcome says that `target`, as it is now, is gone. */
bool is_gone(const struct target_row *target, const struct job *job);

/*
 * Stops the target of the job: its row and an entry of the desk, once however
 * often it is called.  A target that is not there, was stopped, or was added
 * anew since the attempt began is left alone.  ERR_BUSY and the errors of the
 * store otherwise; then nothing was changed.
 */
enum err gone_record(struct store *store, const struct job *job, stamp now);

#endif
