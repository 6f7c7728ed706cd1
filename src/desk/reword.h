/* SPDX-License-Identifier: MIT */
/*
 * Messages that wait when a step changes who may know of the case.
 */
#ifndef TOBAN_DESK_REWORD_H
#define TOBAN_DESK_REWORD_H

#include "record.h"

/*
 * What the messages of the case that still wait become by the step of `record`, whose
 * `before` and `after` are made: the text of a case that became confidential names
 * it by its code name; what was meant for the own receiver of somebody who became
 * involved is not sent.  n 0 where the step changes neither.  Rows live in the call's arena.
 */
enum err reword_messages(struct call *call, const struct record *record,
	const struct outbox_row **ret_rows, size_t *ret_n);

#endif
