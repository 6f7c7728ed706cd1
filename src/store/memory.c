/* SPDX-License-Identifier: MIT */
/*
 * A store in memory: the same contract without a file, for tests and for
 * classification without a desk.  Plain arrays; every list is a scan.
 *
 * A batch is copied into the arena completely before anything is counted in, so
 * that a failure leaves the store as it was.
 */
#include "memory.h"
#include "memory_group.h"
#include "memory_outbox.h"
#include "memory_alert.h"

#include <stdlib.h>
#include <string.h>

/* --- rows --------------------------------------------------------------------------- */

enum err
memory_reserve(struct memory_rows *rows, size_t more)
{
	size_t cap = rows->cap == 0 ? 16 : rows->cap;
	void *items;

	while (cap < rows->n + more) {
		cap *= 2;
	}
	if (cap == rows->cap) {
		return ERR_OK;
	}
	items = reallocarray(rows->items, cap, rows->size);
	if (items == NULL) {
		return ERR_NOMEM;
	}
	rows->items = items;
	rows->cap = cap;
	return ERR_OK;
}

void
memory_keep(struct memory_store *store, const char **text)
{
	*text = arena_strdup(store->arena, *text == NULL ? "" : *text);
	store->failed = store->failed || *text == NULL;
}

static void
keep_event(struct memory_store *store, struct event *event)
{
	memory_keep(store, &event->id);
	memory_keep(store, &event->subject);
	memory_keep(store, &event->actor);
	memory_keep(store, &event->post);
	memory_keep(store, &event->kind);
	memory_keep(store, &event->form);
	memory_keep(store, &event->form_version);
	memory_keep(store, &event->body);
}

static void
keep_incident(struct memory_store *store, struct incident_row *row)
{
	memory_keep(store, &row->id);
	memory_keep(store, &row->title);
	memory_keep(store, &row->state);
	memory_keep(store, &row->category);
	memory_keep(store, &row->major);
	memory_keep(store, &row->department);
	memory_keep(store, &row->finder);
	memory_keep(store, &row->waiting);
	memory_keep(store, &row->people);
	memory_keep(store, &row->readers);
	memory_keep(store, &row->hidden_from);
	memory_keep(store, &row->search);
}

static void
keep_outbox(struct memory_store *store, struct outbox_row *row)
{
	memory_keep(store, &row->id);
	memory_keep(store, &row->target);
	memory_keep(store, &row->type);
	memory_keep(store, &row->subject);
	memory_keep(store, &row->body);
	memory_keep(store, &row->state);
	memory_keep(store, &row->last_answer);
}

static void
keep_target(struct memory_store *store, struct target_row *row)
{
	memory_keep(store, &row->name);
	memory_keep(store, &row->kind);
	memory_keep(store, &row->url);
	memory_keep(store, &row->events);
	memory_keep(store, &row->format);
	memory_keep(store, &row->template);
	memory_keep(store, &row->person);
}

void *
memory_insert(struct memory_rows *rows, size_t at)
{
	char *place = (char *)rows->items + at * rows->size;

	memmove(place + rows->size, place, (rows->n - at) * rows->size);
	rows->n++;
	return place;
}

void
memory_remove(struct memory_rows *rows, size_t at)
{
	char *place = (char *)rows->items + at * rows->size;

	memmove(place, place + rows->size, (rows->n - at - 1) * rows->size);
	rows->n--;
}

/*
 * Where the row whose first member is the text `key` is or belongs, in rows
 * sorted by it.  Incidents and targets begin with theirs.
 */
static size_t
memory_place(const struct memory_rows *rows, const char *key, bool *ret_found)
{
	size_t low = 0;
	size_t high = rows->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *text =
			*(const char *const *)((const char *)rows->items + middle * rows->size);

		if (strcmp(text, key) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	*ret_found = low < rows->n &&
		strcmp(*(const char *const *)((const char *)rows->items + low * rows->size), key) ==
			0;
	return low;
}

struct incident_row *
memory_find_incident(struct memory_store *store, const char *id)
{
	struct incident_row *rows = store->incidents.items;
	bool found;
	size_t at = memory_place(&store->incidents, id, &found);

	return found ? &rows[at] : NULL;
}

/* --- a batch -------------------------------------------------------------------------- */

static int64_t
memory_last_of_subject(const struct memory_store *store, const char *subject)
{
	const struct event *events = store->events.items;

	for (size_t i = store->events.n; i-- > 0;) {
		if (strcmp(events[i].subject, subject) == 0) {
			return events[i].subject_seq;
		}
	}
	return 0;
}

struct outbox_row *
memory_find_outbox(struct memory_store *store, const char *id)
{
	struct outbox_row *rows = store->outbox.items;

	for (size_t i = 0; i < store->outbox.n; i++) {
		if (strcmp(rows[i].id, id) == 0) {
			return &rows[i];
		}
	}
	return NULL;
}

/* The ids and turns of the batch's events, against the store and each other. */
static enum err
memory_check_events(struct memory_store *store, const struct store_batch *batch)
{
	const struct event *stored = store->events.items;

	for (size_t i = 0; i < batch->n_events; i++) {
		for (size_t j = 0; j < store->events.n; j++) {
			if (strcmp(stored[j].id, batch->events[i].id) == 0) {
				return ERR_EXISTS;
			}
		}
	}
	for (size_t i = 0; i < batch->n_events; i++) {
		const struct event *event = &batch->events[i];
		int64_t last = memory_last_of_subject(store, event->subject);

		for (size_t j = 0; j < i; j++) {
			if (strcmp(batch->events[j].subject, event->subject) == 0) {
				last = batch->events[j].subject_seq;
			}
			if (strcmp(batch->events[j].id, event->id) == 0) {
				return ERR_INVALID;
			}
		}
		if (event->subject_seq != last + 1) {
			return ERR_CONFLICT;
		}
	}
	return ERR_OK;
}

static enum err
memory_seal(struct memory_store *store, struct store_batch *batch)
{
	struct ledger_head head;
	enum err err = memory_store_head(&store->base, &head);

	for (size_t i = 0; i < batch->n_events && err == ERR_OK; i++) {
		err = ledger_seal(&batch->events[i], head.seq + 1, &head.row_hash);
		head.seq = batch->events[i].seq;
		head.row_hash = batch->events[i].row_hash;
	}
	if (err == ERR_OK && batch->seal != NULL) {
		err = batch->seal(batch, batch->seal_ctx);
	}
	return err;
}

/* Whether the erasure of the batch has its event and a body to take away. */
static bool
memory_may_erase(const struct memory_store *store, const struct store_batch *batch)
{
	const struct event *events = store->events.items;
	bool recorded = false;

	for (size_t i = 0; i < batch->n_events; i++) {
		recorded = recorded || strcmp(batch->events[i].kind, "erase") == 0;
	}
	return recorded && batch->erase_seq >= 1 && (size_t)batch->erase_seq <= store->events.n &&
		events[batch->erase_seq - 1].body != NULL;
}

/* The rest of what a batch can be refused for. */
static enum err
memory_check_rows(struct memory_store *store, const struct store_batch *batch)
{
	for (size_t i = 0; i < batch->n_outbox; i++) {
		if (memory_find_outbox(store, batch->outbox[i].id) != NULL) {
			return ERR_INVALID;
		}
	}
	for (size_t i = 0; i < batch->n_alerts; i++) {
		enum err err = memory_check_alert(store, &batch->alerts[i]);

		if (err != ERR_OK) {
			return err;
		}
	}
	if (batch->erase_seq != 0 && !memory_may_erase(store, batch)) {
		return ERR_INVALID;
	}
	for (size_t i = 0; i < store->outbox.n; i++) {
		const struct outbox_row *row = (struct outbox_row *)store->outbox.items + i;

		if (batch->withdraw_seq != 0 && row->withdraw_seq == batch->withdraw_seq &&
			(strcmp(row->state, "waiting") != 0 || row->attempts > 0)) {
			return ERR_DENIED;
		}
	}
	return ERR_OK;
}

/* Copies of the batch's rows, ready to be counted in. */
struct prepared {
	struct event *events;
	struct incident_row *incidents;
	struct figure_row *figures;
	struct outbox_row *outbox;
	struct outbox_row *reworded;
	struct target_row *targets;
	struct alert_put *alerts;
	struct draft_row *drafts;
};

static void *
copy_rows(struct memory_store *store, const void *rows, size_t n, size_t size)
{
	void *copy = arena_array(store->arena, n, size);

	if (copy != NULL && n > 0) {
		memcpy(copy, rows, n * size);
	}
	return copy;
}

/* Does all of a commit that can fail for lack of memory. */
static enum err
memory_prepare(struct memory_store *store, const struct store_batch *batch, struct prepared *ret)
{
	struct prepared p = {
		.events = copy_rows(store, batch->events, batch->n_events, sizeof(*p.events)),
		.incidents = copy_rows(
			store, batch->incidents, batch->n_incidents, sizeof(*p.incidents)),
		.figures = copy_rows(store, batch->figures, batch->n_figures, sizeof(*p.figures)),
		.outbox = copy_rows(store, batch->outbox, batch->n_outbox, sizeof(*p.outbox)),
		.reworded =
			copy_rows(store, batch->reworded, batch->n_reworded, sizeof(*p.reworded)),
		.targets = copy_rows(store, batch->targets, batch->n_targets, sizeof(*p.targets)),
		.alerts = copy_rows(store, batch->alerts, batch->n_alerts, sizeof(*p.alerts)),
	};

	if (p.events == NULL || p.incidents == NULL || p.figures == NULL || p.outbox == NULL ||
		p.reworded == NULL || p.targets == NULL || p.alerts == NULL ||
		memory_reserve(&store->alerts, batch->n_alerts) != ERR_OK ||
		memory_reserve(&store->figures, batch->n_figures) != ERR_OK ||
		memory_reserve(&store->events, batch->n_events) != ERR_OK ||
		memory_reserve(&store->incidents, batch->n_incidents) != ERR_OK ||
		memory_reserve(&store->outbox, batch->n_outbox) != ERR_OK ||
		memory_reserve(&store->targets, batch->n_targets) != ERR_OK ||
		memory_ready_pins(store, batch->pins) != ERR_OK) {
		return ERR_NOMEM;
	}
	store->failed = false;
	for (size_t i = 0; i < batch->n_events; i++) {
		keep_event(store, &p.events[i]);
	}
	for (size_t i = 0; i < batch->n_incidents; i++) {
		keep_incident(store, &p.incidents[i]);
	}
	for (size_t i = 0; i < batch->n_figures; i++) {
		memory_keep_figure(store, &p.figures[i]);
	}
	for (size_t i = 0; i < batch->n_outbox; i++) {
		keep_outbox(store, &p.outbox[i]);
	}
	for (size_t i = 0; i < batch->n_reworded; i++) {
		keep_outbox(store, &p.reworded[i]);
	}
	for (size_t i = 0; i < batch->n_targets; i++) {
		keep_target(store, &p.targets[i]);
	}
	for (size_t i = 0; i < batch->n_alerts; i++) {
		memory_keep_alert(store, &p.alerts[i]);
	}
	p.drafts = memory_ready_drafts(store, batch->drafts, batch->n_drafts);
	*ret = p;
	return store->failed || p.drafts == NULL ? ERR_NOMEM : ERR_OK;
}

/* Puts a row that begins with its key; room was reserved. */
static void
memory_put(struct memory_rows *rows, const void *row)
{
	bool found;
	size_t at = memory_place(rows, *(const char *const *)row, &found);
	void *place = found ? (char *)rows->items + at * rows->size : memory_insert(rows, at);

	memcpy(place, row, rows->size);
}

static void
memory_withdraw(struct memory_store *store, int64_t seq)
{
	const struct outbox_row *rows = store->outbox.items;

	for (size_t i = store->outbox.n; seq != 0 && i-- > 0;) {
		if (rows[i].withdraw_seq == seq) {
			memory_remove(&store->outbox, i);
		}
	}
}

/* Counts everything in; nothing here can fail. */
static void
memory_publish(
	struct memory_store *store, const struct store_batch *batch, const struct prepared *rows)
{
	for (size_t i = 0; i < batch->n_events; i++) {
		memcpy(memory_insert(&store->events, store->events.n), &rows->events[i],
			sizeof(rows->events[i]));
	}
	for (size_t i = 0; i < batch->n_incidents; i++) {
		memory_put(&store->incidents, &rows->incidents[i]);
	}
	for (size_t i = 0; i < batch->n_figures; i++) {
		memory_put_figure(store, &rows->figures[i]);
	}
	for (size_t i = 0; i < batch->n_outbox; i++) {
		memcpy(memory_insert(&store->outbox, store->outbox.n), &rows->outbox[i],
			sizeof(rows->outbox[i]));
	}
	for (size_t i = 0; i < batch->n_reworded; i++) {
		memory_reword(store, &rows->reworded[i]);
	}
	for (size_t i = 0; i < batch->n_targets; i++) {
		memory_put(&store->targets, &rows->targets[i]);
	}
	for (size_t i = 0; i < batch->n_alerts; i++) {
		memory_put_alert(store, &rows->alerts[i]);
	}
	if (batch->erase_seq != 0) {
		memory_erase(store, batch, rows->events);
	}
	for (size_t i = 0; i < batch->n_values; i++) {
		/* Room was not reserved: without memory what the engine remembered stays. */
		(void)memory_store_engine_put(
			&store->base, batch->values[i].name, batch->values[i].value);
	}
	memory_drop_draft(store, batch->drop_draft, batch->drop_body);
	memory_add_drafts(store, rows->drafts, batch->n_drafts);
	memory_withdraw(store, batch->withdraw_seq);
	memory_put_pins(store);
}

static enum err
memory_store_commit(struct store *base, struct store_batch *batch)
{
	struct memory_store *store = (struct memory_store *)base;
	struct prepared rows;
	enum err err = memory_check_events(store, batch);

	if (err == ERR_OK) {
		err = memory_seal(store, batch);
	}
	if (err == ERR_OK) {
		err = memory_check_rows(store, batch);
	}
	if (err == ERR_OK) {
		err = memory_prepare(store, batch, &rows);
	}
	if (err == ERR_OK) {
		memory_publish(store, batch, &rows);
	}
	return err;
}

/* --- the rest --------------------------------------------------------------------------- */

static void
memory_store_info(struct store *base, struct store_info *ret_info)
{
	(void)base;
	*ret_info = (struct store_info){ .engine = "memory", .path = "", .wake_fd = -1 };
}

static bool
memory_store_woke(struct store *base)
{
	(void)base;
	return false; /* nobody else can write here */
}

static enum err
memory_store_backup(struct store *base, const char *path)
{
	(void)base;
	(void)path;
	return ERR_UNSUPPORTED;
}

static enum err
memory_store_check(struct store *base, struct ledger_problems *problems)
{
	(void)base;
	(void)problems;
	return ERR_OK; /* there is no file that could be damaged */
}

static void
memory_store_close(struct store *base)
{
	struct memory_store *store = (struct memory_store *)base;

	free(store->events.items);
	free(store->incidents.items);
	free(store->figures.items);
	free(store->outbox.items);
	free(store->deliveries.items);
	free(store->targets.items);
	free(store->alerts.items);
	free(store->drafts.items);
	free(store->looks.items);
	free(store->intakes.items);
	free(store->pins.items);
	free(store->pin_tries.items);
	free(store->preferences.items);
	free(store->values.items);
	arena_free(store->arena);
	free(store);
}

static const struct engine memory_engine = {
	.group_begin = memory_store_group_begin,
	.group_end = memory_store_group_end,
	.commit = memory_store_commit,
	.subject = memory_store_subject,
	.subject_newest = memory_store_subject_newest,
	.subject_last = memory_store_subject_last,
	.events = memory_store_events,
	.event_by_id = memory_store_event_by_id,
	.head = memory_store_head,
	.last_number = memory_store_last_number,
	.incidents = memory_store_incidents,
	.incident = memory_store_incident,
	.sight = memory_store_sight,
	.incidents_by_id = memory_store_incidents_by_id,
	.counts = memory_store_counts,
	.search = memory_store_search,
	.search_index = memory_store_search_index,
	.subject_has_form = memory_store_subject_has_form,
	.figures = memory_store_figures,
	.figures_stale = memory_store_figures_stale,
	.draft_put = memory_store_draft_put,
	.draft_drop = memory_store_draft_drop,
	.drafts = memory_store_drafts,
	.draft_load = memory_store_draft_load,
	.pin = memory_store_pin,
	.pins = memory_store_pins,
	.pin_try = memory_store_pin_try,
	.pin_try_put = memory_store_pin_try_put,
	.look_put = memory_store_look_put,
	.look = memory_store_look,
	.looker = memory_store_looker,
	.intake_put = memory_store_intake_put,
	.intake_drop = memory_store_intake_drop,
	.intakes = memory_store_intakes,
	.preference_put = memory_store_preference_put,
	.preferences = memory_store_preferences,
	.due_incidents = memory_store_due_incidents,
	.next_wake = memory_store_next_wake,
	.engine_get = memory_store_engine_get,
	.engine_put = memory_store_engine_put,
	.scrub = memory_store_scrub,
	.alert = memory_store_alert,
	.alert_of_key = memory_store_alert_of_key,
	.alerts = memory_store_alerts,
	.alert_counts = memory_store_alert_counts,
	.targets = memory_store_targets,
	.outbox_due = memory_store_outbox_due,
	.outbox_due_for = memory_store_outbox_due_for,
	.outbox_next = memory_store_outbox_next,
	.outbox = memory_store_outbox,
	.outbox_message = memory_store_outbox_message,
	.deliveries = memory_store_deliveries,
	.outbox_given_up = memory_store_outbox_given_up,
	.outbox_put = memory_store_outbox_put,
	.info = memory_store_info,
	.woke = memory_store_woke,
	.backup = memory_store_backup,
	.check = memory_store_check,
	.close = memory_store_close,
};

enum err
store_memory_new(struct store **ret_store)
{
	struct memory_store *store = calloc(1, sizeof(*store));

	if (store == NULL) {
		return ERR_NOMEM;
	}
	store->base.engine = &memory_engine;
	store->events.size = sizeof(struct event);
	store->incidents.size = sizeof(struct incident_row);
	store->figures.size = sizeof(struct figure_row);
	store->outbox.size = sizeof(struct outbox_row);
	store->deliveries.size = sizeof(struct memory_delivery);
	store->targets.size = sizeof(struct target_row);
	store->alerts.size = sizeof(struct alert_row);
	store->drafts.size = sizeof(struct draft_row);
	store->looks.size = sizeof(struct memory_look);
	store->intakes.size = sizeof(struct intake_row);
	store->pins.size = sizeof(struct pin_row);
	store->pin_tries.size = sizeof(struct pin_try);
	store->preferences.size = sizeof(struct memory_preference);
	store->values.size = sizeof(struct memory_value);
	store->arena = arena_new();
	if (store->arena == NULL) {
		memory_store_close(&store->base);
		return ERR_NOMEM;
	}
	*ret_store = &store->base;
	return ERR_OK;
}
