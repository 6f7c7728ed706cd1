/* SPDX-License-Identifier: MIT */
/*
 * What other programs and people hand in, and what stands in a ledger that somebody tampered with.
 * The first line says what the rest is: "csv" a duty roster; "alertmanager", "zabbix", "json" a
 * notification; "form NAME" what was entered in a form; "log" a list of [kind, body], the entries
 * of an incident; "org" the body of an organisation.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "toban/base/hash.h"
#include "toban/base/text.h"
#include "toban/core/alert.h"
#include "toban/core/incident.h"
#include "toban/core/org.h"
#include "toban/core/procedure.h"
#include "toban/core/roster.h"
#include "toban/forms.h"

enum { LOG_MOST = 64 };

#define NOW INT64_C(1790000000000)

/* Read once: the shipped procedure and the example organisation. */
static struct arena *shipped;
static const struct procedure *procedure;
static const struct org *org;

static void
load_shipped(void)
{
	struct ini_problems problems = { .arena = shipped = arena_new() };
	const struct def_file *example = shipped_find("org/example.ini");
	struct ini_file file = { 0 };

	if (hash_start() != ERR_OK ||
		procedure_load(shipped, (struct def_files){ shipped_files, shipped_files_n },
			(struct def_files){ 0 }, &problems, &procedure) != ERR_OK ||
		ini_parse(example->path, example->data, example->len, &problems, &file) != ERR_OK ||
		org_parse(shipped, &file, &problems, &org) != ERR_OK) {
		abort();
	}
}

static void
check_diagnostics(const struct diagnostics *d)
{
	for (size_t i = 0; i < d->n; i++) {
		/* It may quote what was entered: the command line and the screen make it harmless.
		 */
		if (!utf8_valid(d->items[i].text, strlen(d->items[i].text)) ||
			d->items[i].code[0] != 'D') {
			abort();
		}
	}
}

static void
try_csv(struct arena *arena, const char *text)
{
	struct diagnostics diagnostics = { .arena = arena };
	struct roster_draft draft = { 0 };

	if (roster_draft_init(&draft, org, &diagnostics) == ERR_OK) {
		(void)roster_draft_csv(&draft, "roster.csv", text);
	}
	roster_draft_release(&draft);
	check_diagnostics(&diagnostics);
}

static void
try_notification(struct arena *arena, const char *format, const json_t *document)
{
	struct diagnostics diagnostics = { .arena = arena };
	struct alert_source source = { .format = format, .document = document, .offset_min = 540 };
	struct alert_notes notes = { 0 };

	if (alert_read(arena, &source, &diagnostics, &notes) == ERR_OK) {
		for (size_t i = 0; i < notes.n; i++) {
			json_decref(alert_note_body(&notes.items[i], 1));
		}
	}
	alert_notes_release(&notes);
	check_diagnostics(&diagnostics);
}

static void
try_form(struct arena *arena, const char *name, const json_t *entered)
{
	const struct form *form = procedure_form(procedure, name);
	struct diagnostics diagnostics = { .arena = arena };
	struct form_context context = {
		.procedure = procedure, .org = org, .now = NOW, .offset_min = 540
	};
	json_t *clean = NULL;
	json_t *again = NULL;

	if (!form) {
		return;
	}
	/* What a check has let through, it lets through again, unchanged. */
	if (form_check(form, entered, &context, &diagnostics, &clean) == ERR_OK &&
		(form_check(form, clean, &context, &diagnostics, &again) != ERR_OK ||
			!json_equal(clean, again))) {
		abort();
	}
	json_decref(clean);
	json_decref(again);
	check_diagnostics(&diagnostics);
}

static void
try_log(struct arena *arena, const json_t *list)
{
	struct event *events = arena_array(arena, LOG_MOST, sizeof(*events));
	struct incident incident = { 0 };
	size_t n = 0;
	size_t i;
	json_t *row;

	json_array_foreach(list, i, row)
	{
		const char *kind = json_string_value(json_array_get(row, 0));
		char *body = json_dumps(json_array_get(row, 1), JSON_COMPACT | JSON_ENCODE_ANY);

		if (n < LOG_MOST && kind && body) {
			events[n] = (struct event){ .seq = (int64_t)n + 1,
				.id = "e",
				.subject = "26-0001",
				.subject_seq = (int64_t)n + 1,
				.at = NOW + (stamp)n * 60000,
				.happened_at = STAMP_NONE,
				.actor = n % 2 ? "dc-owner" : "dc-operator-1",
				.post = "",
				.kind = kind,
				.form = "",
				.form_version = "",
				.canon = LEDGER_CANON,
				.body = arena_strdup(arena, body) };
			n++;
		}
		free(body);
	}
	if (n) {
		(void)incident_fold(arena, procedure, events, n, &incident);
	}
}

static void
try_json(struct arena *arena, const char *what, const char *text, size_t len)
{
	json_t *document = json_loadb(text, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	const struct org *read = NULL;

	if (strncmp(what, "form ", 5) == 0) {
		try_form(arena, what + 5, document);
	} else if (strcmp(what, "log") == 0) {
		try_log(arena, document);
	} else if (strcmp(what, "org") == 0 && document) {
		(void)org_from_json(arena, document, &read);
	} else if (alert_format_known(what)) {
		json_t *words = json_stringn(text, len); /* NULL: no UTF-8 */

		try_notification(arena, what, document);
		if (words) {
			try_notification(arena, what, words);
		}
		json_decref(words);
	}
	json_decref(document);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	struct arena *arena;
	char *what;
	char *text;
	size_t len;

	if (!shipped) {
		load_shipped();
	}
	if (!end) {
		return 0;
	}
	arena = arena_new();
	what = arena_strndup(arena, (const char *)data, (size_t)(end - data));
	len = size - (size_t)(end + 1 - data);
	text = arena_strndup(arena, (const char *)end + 1, len);
	if (strcmp(what, "csv") == 0) {
		if (strlen(text) == len &&
			utf8_valid(text, len)) { /* the door lets no other pass */
			try_csv(arena, text);
		}
	} else {
		try_json(arena, what, text, len);
	}
	arena_free(arena);
	return 0;
}
