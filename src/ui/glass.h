/* SPDX-License-Identifier: MIT */
/*
 * Reading a restricted case in an emergency (docs/methods.md, "Breaking the glass").
 */
#ifndef TOBAN_SRC_UI_GLASS_H
#define TOBAN_SRC_UI_GLASS_H

#include <jansson.h>

#include "toban/base/str.h"

struct book;
struct screen;

/* Part of struct app: what is being asked about. */
struct glass_state {
	char *id;
	char *why; /* as typed, until it is recorded */
};

/* Asks for number (where `id` is ""), consent and reason, then opens the case. */
void glass_open(struct screen *screen, const char *id);

void glass_release(struct glass_state *glass);

/* Until when incident.show is read that way, and why; nothing for everybody else. */
void glass_words(struct book *book, const json_t *show, struct str *out);

#endif
