/* SPDX-License-Identifier: MIT */
/*
 * Who is awaited because of one thing alone; all of it is step_awaited() in step.h.
 */
#ifndef TOBAN_CORE_AWAITED_H
#define TOBAN_CORE_AWAITED_H

#include "toban/core/step.h"

/* Who is awaited to answer the instruction; ERR_NOMEM. */
enum err awaited_answer(struct arena *arena, const struct step_context *context,
	const struct instruction *instruction, const struct awaited **ret_items, size_t *ret_n);

#endif
