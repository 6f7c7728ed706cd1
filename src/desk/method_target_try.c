/* SPDX-License-Identifier: MIT */
/*
 * Trying a receiver before the night it is needed: a test message, and a look
 * at what it would be sent.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "doc.h"
#include "method.h"
#include "target.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/notify/notify.h"
#include "toban/notify/render.h"

#define TYPE_TEST "desk.test"
#define TYPE_HANDOVER "handover.given"
#define TYPE_ALERT "alert.new"
#define STEP_FAMILY "incident."

/* The id of a message that is never sent. */
#define PREVIEW_ID "msg_preview"

enum err
method_target_test(struct call *call, json_t **ret_result)
{
	struct target_row target;
	struct ledger_head head;
	char id[NEW_ID_SIZE];
	const struct event event = { .id = id,
		.subject = SUBJECT_DESK,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = call->person->id,
		.post = call->post,
		.kind = "desk.test",
		.form = "",
		.form_version = "",
		.body = "{}" };
	const struct message_source source = { .procedure = call->procedure,
		.org = call->org,
		.event = &event,
		.head = &head,
		.type = "desk.test" };
	struct outbox_row row = { .type = source.type,
		.subject = "",
		.created_at = call->now,
		.next_at = call->now,
		.state = "waiting",
		.last_answer = "",
		.changed_at = call->now };
	struct store_batch batch = { .outbox = &row, .n_outbox = 1 };
	char *body;
	enum err e = target_find(call, arg_text(call, "name"), &target);

	if (e == ERR_NOT_FOUND) {
		return call_fail(call, "D501");
	}
	if (!e) {
		e = store_head(call->store, &head);
	}
	if (e) {
		return call_fail_store(call, e, false);
	}
	random_id(call->now, id);
	row.id = arena_printf(call->arena, "msg_%s", id);
	row.target = target.name;
	body = message_body(&source);
	row.body = body;
	e = body && row.id ? store_commit(call->store, &batch) : ERR_NOMEM;
	free(body);
	if (e) {
		return call_fail_store(call, e, true);
	}
	*ret_result = json_pack("{s:s}", "id", row.id);
	return ERR_OK;
}

/* --- a look at it ----------------------------------------------------------------------------- */

/* What is looked at: the message as the outbox would hold it. */
struct preview {
	struct target_row target;
	const char *type;
	char *body;
};

/* The newest entry of the kind a type speaks of; without such a one the newest of all. */
static const struct event *
entry_of(const struct dossier *dossier, const char *type)
{
	const struct event_list *events = &dossier->events;
	const struct event *found = &events->items[events->n - 1];

	for (size_t i = 0; i < events->n; i++) {
		if (strcmp(events->items[i].kind, type + strlen(STEP_FAMILY)) == 0) {
			found = &events->items[i];
		}
	}
	return found;
}

/* A message about a case the caller may read, as if its step were taken now. */
static enum err
preview_case(struct call *call, const char *id, const struct ledger_head *head,
	struct preview *preview)
{
	struct dossier *dossier = NULL;
	struct message_source source = {
		.procedure = call->procedure, .org = call->org, .head = head, .type = preview->type
	};
	enum err e = dossier_open(call, id, &dossier);

	if (e) {
		return e;
	}
	if (!source.type) {
		source.type = arena_printf(call->arena, STEP_FAMILY "%s",
			dossier->events.items[dossier->events.n - 1].kind);
	}
	if (!source.type) {
		return ERR_NOMEM;
	}
	if (strncmp(source.type, STEP_FAMILY, strlen(STEP_FAMILY)) != 0 &&
		strncmp(source.type, "crisis.", strlen("crisis.")) != 0) {
		return call_fail_field(call, "D103", "type",
			_("Of a case there are incident.STEP, crisis.escalated and "
			  "crisis.withdrawn."));
	}
	source.incident = &dossier->incident;
	source.event = entry_of(dossier, source.type);
	preview->type = source.type;
	preview->body = message_body(&source);
	return preview->body ? ERR_OK : ERR_NOMEM;
}

/* A message about an alert that nobody sent. */
static char *
preview_alert(const struct call *call, const struct ledger_head *head)
{
	const struct alert_row row = { .num = 1,
		.source = "json",
		.title = _("An example of an alert"),
		.firing = true };
	const struct message_alerts alerts = { .rows = &row,
		.n_new = 1,
		.offset_min = call->org->offset_min,
		.trial = call->org->trial };
	const struct event event = {
		.seq = head->seq, .row_hash = head->row_hash, .at = call->now
	};

	return message_alerts_body(&alerts, &event);
}

/* A message about no case; a handover of nothing by whoever asks. */
static enum err
preview_other(struct call *call, const struct ledger_head *head, struct preview *preview)
{
	const struct message_shift shift = {
		.department = call->person->department, .by = call->person->id
	};
	const struct event event = { .id = PREVIEW_ID,
		.subject = SUBJECT_DESK,
		.at = call->now,
		.happened_at = STAMP_NONE,
		.actor = call->person->id,
		.post = call->post,
		.kind = TYPE_TEST,
		.form = "",
		.form_version = "",
		.body = "{}" };
	struct message_source source = { .procedure = call->procedure,
		.org = call->org,
		.event = &event,
		.head = head,
		.type = preview->type ? preview->type : TYPE_TEST };

	if (strcmp(source.type, TYPE_HANDOVER) == 0) {
		source.shift = &shift;
		preview->body = message_shift_body(&source);
	} else if (strcmp(source.type, TYPE_ALERT) == 0) {
		preview->body = preview_alert(call, head);
	} else if (strcmp(source.type, TYPE_TEST) == 0) {
		preview->body = message_body(&source);
	} else {
		return call_fail_field(call, "D103", "type",
			_("Name a case for it; without one there are desk.test, handover.given "
			  "and alert.new."));
	}
	preview->type = source.type;
	return preview->body ? ERR_OK : ERR_NOMEM;
}

/* The headers of a webhook; the signature is made with the secret, which stays where it is. */
static json_t *
doc_headers(const struct call *call, const struct target_row *target)
{
	return strcmp(target->kind, "mail") == 0
		? json_null()
		: json_pack("{s:s, s:s, s:o, s:s}", "Content-Type", "application/json",
			  "webhook-id", PREVIEW_ID, "webhook-timestamp",
			  json_sprintf("%lld", (long long)(call->now / 1000)), "webhook-signature",
			  "v1,...");
}

static enum err
doc_preview(struct call *call, const struct preview *preview, json_t **ret_result)
{
	const struct render_source source = { .procedure = call->procedure,
		.target = &preview->target,
		.id = PREVIEW_ID,
		.body = preview->body,
		.at = call->now,
		.urgent = strncmp(preview->type, "crisis.", strlen("crisis.")) == 0 };
	struct str sent = STR_INIT;
	struct str words = STR_INIT;
	enum err e = render_message(&source, &sent);

	e = e ? e : render_words(&source, &words);
	if (!e) {
		*ret_result = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s}", "name",
			preview->target.name, "kind", preview->target.kind, "format",
			preview->target.format, "template", preview->target.template, "type",
			preview->type, "headers", doc_headers(call, &preview->target), "body",
			str_text(&sent), "words", str_text(&words));
		e = *ret_result ? ERR_OK : ERR_NOMEM;
	}
	str_release(&sent);
	str_release(&words);
	return e;
}

enum err
method_target_preview(struct call *call, json_t **ret_result)
{
	struct preview preview = { .type = arg_text(call, "type") };
	const char *id = arg_text(call, "id");
	struct ledger_head head;
	enum err e = target_find(call, arg_text(call, "name"), &preview.target);

	if (e == ERR_NOT_FOUND) {
		return call_fail(call, "D501");
	}
	if (e) {
		return e;
	}
	e = store_head(call->store, &head);
	if (e) {
		return call_fail_store(call, e, false);
	}
	e = id ? preview_case(call, id, &head, &preview) : preview_other(call, &head, &preview);
	e = e ? e : doc_preview(call, &preview, ret_result);
	free(preview.body);
	return e;
}
