/* SPDX-License-Identifier: MIT */
/*
 * What a message about new alerts says: how many came at once and what the first of
 * them are, every text of theirs made harmless in the line for people.
 */
#include "toban/notify/notify.h"

#include <stdio.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/text.h"

#define LISTED_MOST 20 /* more are only counted */
#define TITLE_COLS 120

static const struct words one_phrase = { {
	"New alert {id} ({source}): {title}",
	"新しいアラート {id}（{source}）: {title}",
} };

static const struct words many_phrase = { {
	"{n} new alerts, the first of them {id} ({source}): {title}",
	"新しいアラート {n} 件。最初の {id}（{source}）: {title}",
} };

/* One line in both languages, Japanese first. */
static json_t *
line(const struct message_alerts *alerts)
{
	static const enum lang order[] = { LANG_JA, LANG_EN };
	const struct words *phrase = alerts->n_new == 1 ? &one_phrase : &many_phrase;
	const struct alert_row *row = &alerts->rows[0];
	struct str text = STR_INIT;
	struct str title = STR_INIT;
	char id[32];
	char n[24];
	const struct str_arg args[] = {
		{ "id", id },
		{ "n", n },
		{ "source", row->source },
		{ "title", NULL },
	};
	struct str_arg filled[ARRAY_LEN(args)];
	json_t *value;

	(void)snprintf(id, sizeof(id), "A-%lld", (long long)row->num);
	(void)snprintf(n, sizeof(n), "%zu", alerts->n_new);
	if (text_fit(&title, row->title, strlen(row->title), TITLE_COLS)) {
		str_add(&title, "…");
	}
	while (title.len && title.data[title.len - 1] == ' ') {
		str_truncate(&title, title.len - 1);
	}
	memcpy(filled, args, sizeof(args));
	filled[3].value = str_text(&title);
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		str_add(&text, i ? " / " : "");
		str_say(&text, phrase->in[order[i]], filled, ARRAY_LEN(filled));
	}
	value = text.failed || title.failed ? NULL : json_string(str_text(&text));
	str_release(&text);
	str_release(&title);
	return value;
}

static json_t *
listed(const struct message_alerts *alerts)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < alerts->n_new && i < LISTED_MOST; i++) {
		const struct alert_row *row = &alerts->rows[i];

		json_array_append_new(rows,
			json_pack("{s:o, s:s, s:s, s:b}", "id",
				json_sprintf("A-%lld", (long long)row->num), "source", row->source,
				"title", row->title, "firing", row->firing));
	}
	return rows;
}

char *
message_alerts_body(const struct message_alerts *alerts, const struct event *event)
{
	char at[STAMP_SIZE];
	char hex[HASH_HEX_SIZE];
	json_t *document;

	stamp_format(event->at, alerts->offset_min, at);
	hash_hex(&event->row_hash, hex);
	document = json_pack("{s:s, s:s, s:o, s:{s:I, s:o, s:{s:I, s:s, s:s}}}", "type",
		"alert.new", "timestamp", at, "text", line(alerts), "data", "count",
		(json_int_t)alerts->n_new, "alerts", listed(alerts), "head", "seq",
		(json_int_t)event->seq, "row_hash", hex, "at", at);
	return message_dump(document, alerts->trial);
}
