/* SPDX-License-Identifier: MIT */
/*
 * Records as paper: from the door's documents to text, HTML, Markdown, CSV.
 * Pure; everything a person wrote passes text_show().
 */
#ifndef TOBAN_PRINT_PRINT_H
#define TOBAN_PRINT_PRINT_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/base/err.h"
#include "toban/base/str.h"

/* The documents a paper is made of, all borrowed; a NULL or missing part is left out. */
struct print_sources {
	const json_t *incident;  /* result of incident.show */
	const json_t *handover;  /* result of handover.sheet or handover.show */
	const json_t *procedure; /* procedure.show: labels */
	const json_t *desk;      /* desk.info: whose desk, how protected */
	const json_t *org;       /* org.show: names of people and departments */
};

/*
 * The incident report (情報セキュリティインシデント報告書) as plain text of at most
 * 78 columns, in the language the process speaks.  Nothing that is missing is
 * invented.  ERR_NOMEM.
 */
enum err print_incident_text(const struct print_sources *sources, struct str *out);

/* What a paper of statistics is made of, all borrowed. */
struct print_stats_sources {
	const json_t *stats;     /* result of stats */
	const json_t *procedure; /* procedure.show: names of categories */
	const json_t *org;       /* org.show: names of departments */
	bool trial;              /* of a trial desk */
};

/* The statistics as plain text of at most 78 columns. ERR_NOMEM. */
enum err print_stats_text(const struct print_stats_sources *sources, struct str *out);

/*
 * The same as CSV (RFC 4180, UTF-8, lengths of time in minutes): one row for each
 * group and one for all of them; of a trial desk the last column, `trial`, says so.  A cell
 * that a spreadsheet would take for a formula is made a text.  ERR_NOMEM.
 */
enum err print_stats_csv(const struct print_stats_sources *sources, struct str *out);

/*
 * The sheet of a shift as plain text of at most 78 columns, with room for two
 * signatures.  ERR_NOMEM.
 */
enum err print_handover_text(const struct print_sources *sources, struct str *out);

/* What the outcome of a telephone call says to people; the word itself when unknown. */
const char *print_call_outcome(const char *word);

/* What the word `major` of a document says to people; the word itself when unknown. */
const char *print_major(const char *word);

#endif
