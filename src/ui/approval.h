/* SPDX-License-Identifier: MIT */
/*
 * The approval's document and its page, shared by approval.c (what can be
 * done) and approval_page.c (what is shown).
 */
#ifndef TOBAN_SRC_UI_APPROVAL_H
#define TOBAN_SRC_UI_APPROVAL_H

#include "page.h"
#include "screen.h"
#include "toban/base/hash.h"

#include <jansson.h>

enum approval_view { APPROVAL_CHANGES, APPROVAL_WHOLE, APPROVAL_FILES };

struct approval {
	struct screen base;
	char *id;
	json_t *show;    /* incident.show: what is before the eyes */
	json_t *form;    /* of the result: its fields in order, with labels */
	json_t *step;    /* the row of incident.steps that approves; NULL: the flow has none */
	json_t *back;    /* the row that returns; NULL */
	json_t *preview; /* whom the approval would tell; NULL: it would be refused */
	json_t *before;  /* the version to compare with; NULL: everything is new */
	char how[16]; /* why that one: "returned", "approved", "opened", "screen"; outlives show */
	enum approval_view view;
	bool files_seen;
	struct page page;
	size_t changes; /* as last built */
	size_t folded;  /* fields without a change, as last built */
	int *stops;     /* rows of the page at which a change begins */
	size_t n_stops;
	size_t cap_stops;
	char *remark; /* NULL: none */
	/* What was before the eyes when the number was asked for. */
	char asked_hash[HASH_HEX_SIZE];
	int64_t asked_seq;
	char event_id[NEW_ID_SIZE]; /* so that sending again approves once */
};

/* Builds the page for `cols` columns: changes, the whole text, or the attachments. */
void approval_build(struct approval *approval, int cols);

/* Paints the page above and what exactly would be approved below. */
void approval_paint(struct screen *screen, struct canvas *c);

void approval_head(struct screen *screen, struct head *head);

/* "version 3, 1204 characters, 2 attachments, sha256 8d1e 77a0". */
void approval_subject(struct approval *approval, struct str *out);

/* "佐藤花子, 高橋": whom the approval tells; "" nobody. */
void approval_told(struct approval *approval, struct str *out);

#endif
