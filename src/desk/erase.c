/* SPDX-License-Identifier: MIT */
/*
 * What goes together with an erased body: see erase.h.
 */
#include "erase.h"

#include <string.h>

#include "alert.h"
#include "evidence.h"
#include "seat.h"
#include "toban/base/attr.h"
#include "toban/base/log.h"
#include "toban/notify/notify.h"
#include "toban/store/wake.h"

#define ALERTS_MOST 500
#define SENT_MOST 100000 /* messages looked through; an erasure is rare */

static enum err
blank(void *ctx, struct arena *arena, const char *text, bool same, const char **ret_text)
{
	const struct erasing *erasing = ctx;

	return erasure_blank(arena, &erasing->words, text, same, ret_text);
}

/* The hash of the file a step recorded; NULL: it recorded none. */
static const char *
file_of(const json_t *body)
{
	const char *key;
	json_t *field;
	struct hash hash;

	json_object_foreach(json_object_get(body, "fields"), key, field)
	{
		const char *sha256 = json_string_value(json_object_get(field, "sha256"));

		if (sha256 && hash_parse(sha256, &hash) == ERR_OK) {
			return sha256;
		}
	}
	return NULL;
}

enum err
erasing_start(struct call *call, const struct event *event, const json_t *kept,
	struct erasing *ret_erasing)
{
	json_t *body = call_keep(call, json_loads(event->body, 0, NULL));
	enum err e = body
		? erasure_words(call->arena, body, kept, message_line_value, &ret_erasing->words)
		: ERR_NOMEM;

	ret_erasing->call = call;
	ret_erasing->sha256 = file_of(body);
	ret_erasing->forget = (struct store_forget){
		.subject = event->subject, .blank = blank, .ctx = ret_erasing
	};
	return e;
}

enum err
erasing_seal(struct erasing *erasing)
{
	struct call *call = erasing->call;
	const char *before = "";
	enum err e;

	if (!erasing->sha256) {
		return ERR_OK;
	}
	e = store_engine_get(call->store, call->arena, STORE_CHORES, &before);
	if (e && e != ERR_NOT_FOUND) {
		return e;
	}
	erasing->forget.chores = arena_printf(call->arena, "%s %s", before, erasing->sha256);
	return erasing->forget.chores ? ERR_OK : ERR_NOMEM;
}

/* --- files --------------------------------------------------------------------------- */

/* Word by word; the list is taken away when all of it is done. */
static enum err
remove_files(struct call *call)
{
	const char *list = "";
	enum err e = store_engine_get(call->store, call->arena, STORE_CHORES, &list);

	if (e) {
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	}
	while (!e && *list) {
		size_t len = strcspn(list, " ");
		const char *sha256 = arena_strndup(call->arena, list, len);
		bool removed = false;

		e = sha256 ? ERR_OK : ERR_NOMEM;
		if (!e && len && call->desk->parts.evidence_dir) {
			e = evidence_forget(call, sha256, &removed);
		}
		list += len + (list[len] != '\0');
	}
	return e ? e : store_engine_put(call->store, STORE_CHORES, NULL);
}

/*
 * The -wal first: where that must wait, the erasure may be one of a group that is not
 * committed yet, and no file may go before it is.
 */
enum err
erasing_finish(struct desk *desk)
{
	struct seat seat = { .desk = desk };
	struct call call;
	enum err e = store_scrub(desk->parts.store);

	if (e == ERR_BUSY) {
		return e; /* the engine's next turn */
	}
	if (!e) {
		e = call_start(&call, &seat, NULL);
		e = e ? e : remove_files(&call);
		json_decref(call.error); /* for people; here the log has it */
		call_end(&call);
	}
	if (e) {
		log_line(LOG_WARNING, "an erasure is not finished yet: %s", err_name(e));
	}
	return e;
}

/* --- what else there is --------------------------------------------------------------- */

/* Entries of one subject that hold any of the words. */
static enum err
add_also(struct erasing *erasing, const char *subject, json_t *also)
{
	struct call *call = erasing->call;
	struct event_list events = { NULL, 0 };
	enum err e = store_subject(call->store, call->arena, subject, &events);

	for (size_t i = 0; !e && i < events.n; i++) {
		const char *blanked = NULL;

		if (events.items[i].body) {
			e = erasure_blank(
				call->arena, &erasing->words, events.items[i].body, true, &blanked);
		}
		if (blanked) {
			json_array_append_new(also, json_integer(events.items[i].seq));
		}
	}
	return e;
}

/* The alert a case was made of, the case an alert belongs to. */
static enum err
add_related(struct erasing *erasing, const struct event *event, json_t *also)
{
	struct call *call = erasing->call;
	struct alert_filter filter = { .incident = event->subject, .limit = ALERTS_MOST };
	int64_t num = alert_number(event->subject);
	struct alert_list alerts = { NULL, 0, false };
	struct alert_row row;
	enum err e;

	if (num) {
		e = store_alert(call->store, call->arena, num, &row);
		return e || !row.incident[0] ? e : add_also(erasing, row.incident, also);
	}
	e = store_alerts(call->store, call->arena, &filter, &alerts);
	for (size_t i = 0; !e && i < alerts.n; i++) {
		const char *subject = alert_id(call->arena, alerts.items[i].num);

		e = subject ? add_also(erasing, subject, also) : ERR_NOMEM;
	}
	return e;
}

/* {TARGET: messages} of the subject that were delivered. */
static enum err
add_sent(struct erasing *erasing, const char *subject, json_t *sent)
{
	struct call *call = erasing->call;
	struct outbox_list list = { NULL, 0 };
	enum err e = store_outbox(call->store, call->arena, "sent", SENT_MOST, &list);

	for (size_t i = 0; !e && i < list.n; i++) {
		const struct outbox_row *row = &list.items[i];
		json_t *n = json_object_get(sent, row->target);

		if (strcmp(row->subject, subject) == 0) {
			json_object_set_new(
				sent, row->target, json_integer(json_integer_value(n) + 1));
		}
	}
	return e;
}

enum err
erasing_answer(struct erasing *erasing, const struct event *event, json_t *answer)
{
	json_t *also = json_array();
	json_t *sent = json_object();
	enum err e = also && sent ? add_also(erasing, event->subject, also) : ERR_NOMEM;

	if (!e) {
		e = add_related(erasing, event, also);
	}
	if (!e) {
		e = add_sent(erasing, event->subject, sent);
	}
	if (e || json_object_set(answer, "also", also) != 0 ||
		json_object_set(answer, "sent", sent) != 0) {
		e = e ? e : ERR_NOMEM;
	}
	json_decref(also);
	json_decref(sent);
	return e;
}
