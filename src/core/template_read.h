/* SPDX-License-Identifier: MIT */
/*
 * Reading one file of the wording of messages.  Private to the core layer.
 */
#ifndef TOBAN_SRC_CORE_TEMPLATE_READ_H
#define TOBAN_SRC_CORE_TEMPLATE_READ_H

#include "procedure_read.h"
#include "toban/core/template.h"

/* Reads message/NAME.ini, which r->path is; every fault is reported. */
void template_read(
	struct def_reader *r, const struct ini_file *file, struct message_template *ret_template);

#endif
