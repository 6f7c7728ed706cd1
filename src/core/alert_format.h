/* SPDX-License-Identifier: MIT */
/*
 * What the readers of the three formats share.
 */
#ifndef TOBAN_SRC_CORE_ALERT_FORMAT_H
#define TOBAN_SRC_CORE_ALERT_FORMAT_H

#include "toban/core/alert.h"

#define FAULTS_MOST 100 /* that are named: a notification has room for many thousands */
#define KEY_MOST 200    /* bytes, and so below */
#define TITLE_MOST 300
#define VALUE_MOST 500
#define LABELS_MOST 64 /* of one alert */

struct alert_reader {
	struct arena *arena;
	struct diagnostics *diagnostics;
	const char *format;
	int offset_min;
	const char *path; /* of the object that is read; "" the document */
	size_t faults;
	bool failed; /* memory ran out */
	struct alert_notes notes;
	size_t cap; /* of the notes */
};

/* The formats (alert_format.c): each adds its notes, and names its faults. */
void alert_read_alertmanager(struct alert_reader *reader, const json_t *document);
void alert_read_zabbix(struct alert_reader *reader, const json_t *document);
void alert_read_json(struct alert_reader *reader, const json_t *document);

/* --- alert_read.c ------------------------------------------------------------------ */

/* Names a fault of the member `key` ("" the object itself) of what is read. */
void alert_fault(struct alert_reader *reader, const char *key, const char *code, const char *text);

/* A copy, cut at a character with a mark where it is longer than `most` bytes. */
const char *alert_cut(struct alert_reader *reader, const char *text, size_t most);

/* A text or whole number; "" where it is missing (D101 when required) or faulty (D102). */
const char *alert_text(
	struct alert_reader *reader, const json_t *object, const char *key, bool required);

/* The same, copied, of at most KEY_MOST bytes (D104). */
const char *alert_key(
	struct alert_reader *reader, const json_t *object, const char *key, bool required);

/* An RFC 3339 time as it stands there, "" where it is missing or faulty (D108). */
const char *alert_time(struct alert_reader *reader, const json_t *object, const char *key);

/* An object of texts, copied; empty where it is missing or faulty. A new reference. */
json_t *alert_labels(struct alert_reader *reader, const json_t *object, const char *key);

/* Sets one label, cut. */
void alert_label(struct alert_reader *reader, json_t *labels, const char *name, const char *value);

/* The first of the labels (`names` ends with NULL) that says something; "" none. Borrowed. */
const char *alert_hint(const json_t *labels, const char *const *names);

/* Adds a note; takes over its labels, copies what may be borrowed. */
void alert_add(struct alert_reader *reader, const struct alert_note *note);

typedef void alert_visit(struct alert_reader *reader, const json_t *object);

/* Visits each object of the member "alerts", with its path. */
void alert_each(struct alert_reader *reader, const json_t *list, alert_visit *visit);

#endif
