/* SPDX-License-Identifier: MIT */
/*
 * The telephone at an incident: whom to call now, with the number, and what came of
 * it in one key.  The next one is then the one to call.  Letters choose an outcome and
 * Enter records it; a function key does both, for whoever has the receiver in one hand.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "calls.h"
#include "doc.h"
#include "registry.h"
#include "screens.h"
#include "step_row.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

static struct calls *
self(struct screen *screen)
{
	return (struct calls *)screen;
}

static const char *
callee_id(const void *ctx, int i)
{
	return doc_text(((const struct calls *)ctx)->all[i].person, "id");
}

const json_t *
calls_outcomes(struct calls *calls)
{
	const json_t *form = book_form(&calls->base.app->book, "call");

	return doc_list(doc_find(doc_list(form, "fields"), "key", "outcome"), "choices");
}

/* The letter of each outcome: the first of its key that is free, and no key of every screen. */
void
calls_letters(struct calls *calls, char out[CALLS_OUTCOMES + 1])
{
	size_t n = 0;
	size_t i;
	json_t *choice;

	memset(out, 0, CALLS_OUTCOMES + 1);
	json_array_foreach(calls_outcomes(calls), i, choice)
	{
		const char *key = doc_text(choice, "key");

		while (*key && (strchr(out, *key) || strchr("-mquojkgGot", *key))) {
			key++;
		}
		if (n < CALLS_OUTCOMES) {
			out[n++] = *key ? *key : ' ';
		}
	}
}

const char *
calls_number(const struct callee *callee)
{
	/* The desk names the number to call first. */
	return doc_text(callee->person, "phone");
}

/* --- whom to call, in which order ------------------------------------------------------- */

static void
look_at_calls(const struct calls *calls, struct callee *callee)
{
	stamp since = callee->contact ? doc_time(callee->contact, "notified_at") : STAMP_NONE;
	size_t i;
	json_t *call;

	json_array_foreach(doc_list(calls->show, "calls"), i, call)
	{
		if (strcmp(doc_text(call, "to"), doc_text(callee->person, "id")) != 0 ||
			doc_time(call, "at") < since) {
			continue;
		}
		callee->tries++;
		callee->last = call;
		callee->answered =
			callee->answered || strcmp(doc_text(call, "outcome"), "reached") == 0;
	}
}

/* Who is there already stays at their place. */
static void
put(struct calls *calls, const char *id, const json_t *contact)
{
	const json_t *person = book_person_record(&calls->base.app->book, id);
	struct callee *callee = &calls->all[calls->n];

	/* Whoever is involved must not hear of it, by telephone neither. */
	if (!json_is_object(person) || strcmp(id, book_me(&calls->base.app->book)) == 0 ||
		doc_holds(doc_list(calls->show, "involved"), id)) {
		return;
	}
	for (int i = 0; i < calls->n; i++) {
		if (calls->all[i].person == person) {
			return;
		}
	}
	*callee = (struct callee){
		.person = person,
		.contact = contact,
		.answered = contact && doc_text(contact, "acknowledged_at")[0] != '\0',
		.absent = doc_text(person, "absent_until")[0] != '\0',
	};
	look_at_calls(calls, callee);
	calls->n++;
}

static void
put_role(struct calls *calls, const char *role)
{
	const char *department = doc_text(calls->show, "department");
	bool local = strcmp(role, "owner") == 0 || strcmp(role, "deputy") == 0;
	size_t i;
	json_t *person;

	json_array_foreach(doc_list(book_org(&calls->base.app->book), "people"), i, person)
	{
		if (doc_holds(doc_list(person, "roles"), role) &&
			(!local || strcmp(doc_text(person, "department"), department) == 0)) {
			put(calls, doc_text(person, "id"), NULL);
		}
	}
}

static void
put_everybody(struct calls *calls)
{
	size_t i;
	json_t *item;

	json_array_foreach(doc_list(calls->show, "chain"), i, item)
	{
		if (!doc_flag(item, "skipped") && !doc_text(item, "acknowledged_at")[0]) {
			put(calls, doc_text(item, "person"), item);
		}
	}
	json_array_foreach(doc_list(calls->show, "waiting_for"), i, item)
	{
		put(calls, doc_text(item, "person"), NULL);
	}
	put_role(calls, "owner");
	put_role(calls, "deputy");
	json_array_foreach(doc_list(calls->show, "chain"), i, item)
	{
		if (!doc_flag(item, "skipped")) {
			put(calls, doc_text(item, "person"), item);
		}
	}
	put_role(calls, "office-head");
	put(calls, doc_text(calls->show, "finder"), NULL);
}

/*
 * Whoever was tried less comes first, of those the ones the chain told; whoever
 * answered comes last of all.
 */
static int
by_turn(const void *a, const void *b)
{
	const struct callee *x = a;
	const struct callee *y = b;

	if (x->answered != y->answered) {
		return x->answered ? 1 : -1;
	}
	if (x->absent != y->absent) {
		return x->absent ? 1 : -1;
	}
	if (x->tries != y->tries) {
		return x->tries - y->tries;
	}
	return (y->contact != NULL) - (x->contact != NULL);
}

/* qsort() keeps no order of equals; these few are kept in theirs. */
static void
sort(struct calls *calls)
{
	for (int i = 1; i < calls->n; i++) {
		struct callee moved = calls->all[i];
		int at = i;

		for (; at > 0 && by_turn(&calls->all[at - 1], &moved) > 0; at--) {
			calls->all[at] = calls->all[at - 1];
		}
		calls->all[at] = moved;
	}
}

static enum err
calls_load(struct screen *screen)
{
	struct calls *calls = self(screen);
	size_t people = json_array_size(doc_list(book_org(&screen->app->book), "people"));
	json_t *show = NULL;
	enum err e =
		app_call(screen->app, "incident.show", json_pack("{s:s}", "id", calls->id), &show);

	if (e != ERR_OK) {
		return e;
	}
	json_decref(calls->show);
	calls->show = show;
	json_decref(calls->steps);
	calls->steps = step_row_list(screen->app, calls->id);
	free(calls->all);
	calls->n = 0;
	calls->all = calloc(people + 1, sizeof(*calls->all));
	if (!calls->all) {
		return ERR_NOMEM;
	}
	put_everybody(calls);
	sort(calls);
	/* Whoever is being called stays before the eyes, whatever others record meanwhile. */
	list_update(&calls->list, calls->n, callee_id, calls);
	if (calls->n > 0) {
		list_anchor(&calls->list, callee_id(calls, calls->list.selected));
	}
	return ERR_OK;
}

const struct callee *
calls_selected(const struct calls *calls)
{
	return calls->n > 0 ? &calls->all[calls->list.selected] : NULL;
}

const char *
calls_outcome_words(struct calls *calls, const char *key)
{
	const json_t *choice = doc_find(calls_outcomes(calls), "key", key);

	return choice ? doc_words_of(choice, "label") : key;
}

/* --- recording ------------------------------------------------------------------------------ */

static void
say_recorded(struct calls *calls, const struct callee *callee, const char *outcome)
{
	const struct callee *next = calls_selected(calls);
	const struct str_arg args[] = {
		{ "person", doc_words_of(callee->person, "name") },
		{ "outcome", calls_outcome_words(calls, outcome) },
		{ "next", next ? doc_words_of(next->person, "name") : "" },
	};

	app_say_with(calls->base.app, SAY_DONE,
		next && !next->answered
			? _("Recorded: {person}, {outcome}. Next: {next}.")
			: _("Recorded: {person}, {outcome}. Everybody has been called."),
		args, ARRAY_LEN(args));
}

const json_t *
calls_refused(const struct calls *calls)
{
	const json_t *step = doc_find(doc_list(calls->steps, "steps"), "step", "call");

	return step && !doc_flag(step, "allowed") ? step : NULL;
}

static bool
is_refused(struct calls *calls)
{
	const json_t *step = calls_refused(calls);

	if (step) {
		step_row_take(calls->base.app, calls->id, step); /* says why, and who can */
	}
	return step != NULL;
}

/* Records the call; the list is made anew and the next one is marked. */
static void
record(struct screen *screen, int outcome)
{
	struct calls *calls = self(screen);
	const struct callee *callee = calls_selected(calls);
	const char *key = doc_text(json_array_get(calls_outcomes(calls), (size_t)outcome), "key");
	struct callee called;
	const char *number;
	json_t *result = NULL;

	if (!callee || !key[0] || is_refused(calls)) {
		return;
	}
	called = *callee;
	number = calls_number(callee);
	if (app_call(screen->app, "incident.act",
		    json_pack("{s:s, s:s, s:s, s:{s:s, s:s*, s:s}}", "id", calls->id, "step",
			    "call", "event", calls->event, "fields", "to",
			    doc_text(callee->person, "id"), "number", number[0] ? number : NULL,
			    "outcome", key),
		    &result) != ERR_OK) {
		return; /* what went wrong was said; the same key tries again */
	}
	json_decref(result);
	random_id(clock_now(&screen->app->options->clock), calls->event);
	calls->outcome = -1;
	list_anchor(&calls->list, "");
	calls->list.selected = 0;
	app_changed(screen->app);
	if (calls_load(screen) == ERR_OK) {
		screen->stale = false;
		calls->list.selected = 0;
		if (calls->n > 0) {
			list_anchor(&calls->list, callee_id(calls, 0));
		}
		say_recorded(calls, &called, key);
	}
}

static void
enter_run(struct screen *screen)
{
	if (is_refused(self(screen))) {
		return;
	}
	if (self(screen)->outcome < 0) {
		app_say(screen->app, SAY_INFO,
			_("Choose first what came of the call: its letter, then Enter."));
	} else {
		record(screen, self(screen)->outcome);
	}
}

static void
first_run(struct screen *screen)
{
	record(screen, 0);
}

static void
second_run(struct screen *screen)
{
	record(screen, 1);
}

static void
third_run(struct screen *screen)
{
	record(screen, 2);
}

static void
fourth_run(struct screen *screen)
{
	record(screen, 3);
}

static void
fifth_run(struct screen *screen)
{
	record(screen, 4);
}

/* The whole form, for a call to somebody else or to another number. */
static void
other_run(struct screen *screen)
{
	stepform_write(screen->app, self(screen)->id, "call", NULL);
}

static bool
calls_key(struct screen *screen, const struct key *key)
{
	struct calls *calls = self(screen);
	char letters[CALLS_OUTCOMES + 1];
	const char *at;

	calls_letters(calls, letters);
	at = key->code > ' ' && key->code < 0x80 ? strchr(letters, key->code) : NULL;
	if (list_key(&calls->list, key->code)) {
		if (calls->n > 0) {
			list_anchor(&calls->list, callee_id(calls, calls->list.selected));
		}
		return true;
	}
	if (at && *at) {
		calls->outcome = (int)(at - letters);
	}
	return at && *at;
}

static const char *
calls_subject(struct screen *screen)
{
	return self(screen)->id;
}

static void
calls_release(struct screen *screen)
{
	struct calls *calls = self(screen);

	json_decref(calls->show);
	json_decref(calls->steps);
	list_release(&calls->list);
	free(calls->all);
	free(calls->id);
}

static const struct action actions[] = {
	{ "record", K_ENTER, 0, N_("record"), N_("Record the call with the chosen outcome"),
		ACTION_HINT | ACTION_WRITES | ACTION_STEP, enter_run },
	{ "first-outcome", K_F6, 0, N_("first at once"),
		N_("Record the call with the first outcome"), ACTION_WRITES | ACTION_STEP,
		first_run },
	{ "second-outcome", K_F7, 0, N_("second at once"),
		N_("Record the call with the second outcome"), ACTION_WRITES | ACTION_STEP,
		second_run },
	{ "third-outcome", K_F8, 0, N_("third at once"),
		N_("Record the call with the third outcome"), ACTION_WRITES | ACTION_STEP,
		third_run },
	{ "fourth-outcome", K_F9, 0, N_("fourth at once"),
		N_("Record the call with the fourth outcome"), ACTION_WRITES | ACTION_STEP,
		fourth_run },
	{ "fifth-outcome", K_F10, 0, N_("fifth at once"),
		N_("Record the call with the fifth outcome"), ACTION_WRITES | ACTION_STEP,
		fifth_run },
	{ "other", 'o', 0, N_("somebody else"),
		N_("Record a call to somebody else, or with another number"),
		ACTION_HINT | ACTION_WRITES | ACTION_STEP, other_run },
	{ .name = NULL },
};

const struct screen_ops calls_ops = {
	.name = "telephone",
	.title = N_("Telephone"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = calls_load,
	.head = calls_head,
	.paint = calls_paint,
	.key = calls_key,
	.subject = calls_subject,
	.release = calls_release,
};

void
calls_open(struct app *app, const char *id)
{
	struct calls *calls = (struct calls *)screen_new(app, &calls_ops, sizeof(*calls));

	if (calls) {
		calls->id = strdup(id);
		calls->outcome = -1;
		random_id(clock_now(&app->options->clock), calls->event);
	}
	(void)app_push(app, (struct screen *)calls); /* says what went wrong */
}
