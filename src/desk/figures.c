/* SPDX-License-Identifier: MIT */
/*
 * From a folded incident to its figures: when somebody knew, was instructed,
 * reported, decided, and what the limits were.  Nothing here looks at the clock
 * or at who asks: the same events always give the same row.
 */
#include "figures.h"

#include <stddef.h>
#include <string.h>

#include "toban/base/attr.h"

/* --- the moments ------------------------------------------------------------------ */

static stamp
time_in(const json_t *body, const char *key)
{
	const char *text = json_string_value(json_object_get(body, key));
	stamp at = STAMP_NONE;

	return text && stamp_parse(text, &at) == ERR_OK ? at : STAMP_NONE;
}

/* What runs along while the entries are walked. */
struct walk {
	const struct incident *incident;
	const char *state;
	stamp due; /* that the step before gave to what follows it */
	struct figure_row *row;
};

/* The earliest limit to acknowledge at the first link, for who never acknowledged. */
static stamp
first_link_due(const struct incident *incident)
{
	stamp due = STAMP_NONE;

	for (size_t i = 0; i < incident->n_contacts; i++) {
		const struct contact *c = &incident->contacts[i];

		if (c->link == 1 && c->due_at != STAMP_NONE &&
			(due == STAMP_NONE || c->due_at < due)) {
			due = c->due_at;
		}
	}
	return due;
}

/* The latest limit of the instructions given up to `at`: until then an answer is in time. */
static stamp
instructed_due(const struct incident *incident, stamp at)
{
	stamp due = STAMP_NONE;

	for (size_t i = 0; i < incident->n_instructions; i++) {
		const struct instruction *in = &incident->instructions[i];

		if (in->at <= at && in->due_at != STAMP_NONE &&
			(due == STAMP_NONE || in->due_at > due)) {
			due = in->due_at;
		}
	}
	return due;
}

static void
note(stamp *moment, stamp *limit, stamp at, stamp due)
{
	if (*moment == STAMP_NONE) {
		*moment = at;
		*limit = due;
	}
}

static void
note_earliest(stamp *moment, stamp at)
{
	if (at != STAMP_NONE && (*moment == STAMP_NONE || at < *moment)) {
		*moment = at;
	}
}

static bool
instructs(const char *effect)
{
	return strcmp(effect, "instruct") == 0 || strcmp(effect, "ratify") == 0;
}

/* What an entry's step does; "": nothing that is looked at here, or taken back. */
static const char *
effect_at(const struct summary_source *source, size_t i)
{
	const struct flow_step *step = flow_find_step(
		&source->procedure->incident_flow, source->incident->events[i].kind);

	return step && (i == 0 || !source->incident->voided[i]) ? step->effect : "";
}

/* What one entry means, by the effect of its step: names are the procedure's to choose. */
static void
walk_effect(struct walk *walk, const char *effect, stamp at)
{
	struct figure_row *row = walk->row;
	bool approves = strcmp(effect, "approve-result") == 0;

	if (instructs(effect)) {
		note(&row->instructed_at, &row->instruct_due, at,
			walk->due != STAMP_NONE ? walk->due : first_link_due(walk->incident));
	} else if (strcmp(effect, "respond") == 0) {
		/* Without a limit of its own: that of its instruction is the result's. */
		note_earliest(&row->responded_at, at);
	} else if (strcmp(effect, "report-result") == 0) {
		note(&row->resulted_at, &row->result_due, at, instructed_due(walk->incident, at));
	} else if (approves || strcmp(effect, "return-result") == 0) {
		note(&row->decided_at, &row->decide_due, at, walk->due);
	}
	if (approves && row->approved_at == STAMP_NONE) {
		row->approved_at = at;
	}
}

/* The same course of limits as the fold's: a change of state ends the one before. */
static void
walk_due(struct walk *walk, const json_t *body)
{
	const char *state = json_string_value(json_object_get(body, "state"));
	stamp due = time_in(body, "due_at");

	if (state && (!walk->state || strcmp(state, walk->state) != 0)) {
		walk->state = state;
		walk->due = STAMP_NONE;
	}
	if (due != STAMP_NONE) {
		walk->due = due;
	}
}

/* The limit of what has not come yet; a case that is over is owed nothing. */
static void
walk_end(struct walk *walk, stamp last)
{
	struct figure_row *row = walk->row;

	if (!row->open) {
		return;
	}
	if (row->instructed_at == STAMP_NONE) {
		row->instruct_due =
			walk->due != STAMP_NONE ? walk->due : first_link_due(walk->incident);
	} else if (row->resulted_at == STAMP_NONE) {
		row->result_due = instructed_due(walk->incident, last);
	} else if (row->decided_at == STAMP_NONE) {
		row->decide_due = walk->due;
	}
}

static void
find_moments(const struct summary_source *source, struct figure_row *row)
{
	const struct incident *incident = source->incident;
	struct walk walk = { .incident = incident, .due = STAMP_NONE, .row = row };

	for (size_t i = 0; i < incident->n_events; i++) {
		if (incident->voided[i] && i > 0) {
			continue; /* taken back: nobody was instructed or told by it */
		}
		walk_effect(&walk, effect_at(source, i), incident->events[i].at);
		walk_due(&walk, json_array_get(incident->store, i));
	}
	walk_end(&walk, incident->events[incident->n_events - 1].at);
	for (size_t i = 0; i < incident->n_contacts; i++) {
		note_earliest(&row->acknowledged_at, incident->contacts[i].acknowledged_at);
	}
}

/* --- the roll-out ------------------------------------------------------------------ */

/* When the measure was planned: the first plan that names it. */
static stamp
planned_at(const struct summary_source *source, const char *key)
{
	const struct incident *incident = source->incident;

	for (size_t i = 0; i < incident->n_events; i++) {
		const json_t *body = json_array_get(incident->store, i);
		const json_t *measures =
			json_object_get(json_object_get(body, "fields"), "measures");
		const json_t *measure;
		size_t k;

		json_array_foreach(measures, k, measure)
		{
			const char *name = json_string_value(json_object_get(measure, "key"));

			if (name && strcmp(name, key) == 0 && !incident->voided[i]) {
				return incident->events[i].at;
			}
		}
	}
	return STAMP_NONE;
}

static void
add_moment(struct str *out, stamp at, char end)
{
	if (at == STAMP_NONE) {
		str_add_char(out, '-');
	} else {
		str_addf(out, "%lld", (long long)at);
	}
	str_add_char(out, end);
}

static enum err
cells_text(struct arena *arena, const struct summary_source *source, const char **ret_cells)
{
	const struct incident *incident = source->incident;
	struct str text = STR_INIT;
	const char *copy;

	for (size_t i = 0; i < incident->n_measures; i++) {
		const struct measure *measure = &incident->measures[i];
		stamp asked = planned_at(source, measure->key);

		for (size_t k = 0; k < measure->n_cells; k++) {
			const struct cell *cell = &measure->cells[k];

			str_addf(&text, "%s ", cell->department);
			add_moment(&text, asked, ' ');
			add_moment(&text, cell->due_at, ' ');
			add_moment(
				&text, cell->state == CELL_ACCEPTED ? cell->at : STAMP_NONE, ';');
		}
	}
	copy = text.failed ? NULL : arena_strdup(arena, str_text(&text));
	str_release(&text);
	*ret_cells = copy;
	return copy ? ERR_OK : ERR_NOMEM;
}

/* --- the chain ---------------------------------------------------------------------- */

/* When somebody who stands at the link first instructed. */
static stamp
link_instructed_at(const struct summary_source *source, int link)
{
	const struct incident *incident = source->incident;

	for (size_t i = 0; i < incident->n_events; i++) {
		const char *actor = incident->events[i].actor;

		if (!instructs(effect_at(source, i))) {
			continue;
		}
		for (size_t k = 0; k < incident->n_contacts; k++) {
			const struct contact *c = &incident->contacts[k];

			if (c->link == link && strcmp(c->person, actor) == 0) {
				return incident->events[i].at;
			}
		}
	}
	return STAMP_NONE;
}

/* Each link that was told: when, and when it acknowledged and instructed first. */
static enum err
links_text(struct arena *arena, const struct summary_source *source, const char **ret_links)
{
	const struct incident *incident = source->incident;
	struct str text = STR_INIT;
	const char *copy;
	int last = 0;

	for (size_t i = 0; i < incident->n_contacts; i++) {
		last = incident->contacts[i].link > last ? incident->contacts[i].link : last;
	}
	for (int link = 1; link <= last; link++) {
		stamp told = STAMP_NONE;
		stamp acknowledged = STAMP_NONE;

		for (size_t i = 0; i < incident->n_contacts; i++) {
			if (incident->contacts[i].link == link) {
				note_earliest(&told, incident->contacts[i].notified_at);
				note_earliest(
					&acknowledged, incident->contacts[i].acknowledged_at);
			}
		}
		if (told == STAMP_NONE) {
			continue;
		}
		str_addf(&text, "%d ", link);
		add_moment(&text, told, ' ');
		add_moment(&text, acknowledged, ' ');
		add_moment(&text, link_instructed_at(source, link), ';');
	}
	copy = text.failed ? NULL : arena_strdup(arena, str_text(&text));
	str_release(&text);
	*ret_links = copy;
	return copy ? ERR_OK : ERR_NOMEM;
}

/* --- the row -------------------------------------------------------------------------- */

enum err
figures_row(struct arena *arena, const struct summary_source *source,
	const struct incident_row *row, struct figure_row *ret_figures)
{
	struct figure_row figures = {
		.id = row->id,
		.department = row->department,
		.category = row->category,
		.major = source->incident->major == MAJOR_YES,
		.open = row->open,
		.reported_at = row->reported_at,
		.acknowledged_at = STAMP_NONE,
		.instructed_at = STAMP_NONE,
		.instruct_due = STAMP_NONE,
		.responded_at = STAMP_NONE,
		.resulted_at = STAMP_NONE,
		.result_due = STAMP_NONE,
		.decided_at = STAMP_NONE,
		.decide_due = STAMP_NONE,
		.approved_at = STAMP_NONE,
		.readers = row->readers,
		.hidden_from = row->hidden_from,
	};
	enum err e = cells_text(arena, source, &figures.cells);

	e = e ? e : links_text(arena, source, &figures.links);
	if (e) {
		return e;
	}
	find_moments(source, &figures);
	*ret_figures = figures;
	return ERR_OK;
}

static const struct {
	const char *name;
	size_t offset;
} texts[] = {
	{ "id", offsetof(struct figure_row, id) },
	{ "department", offsetof(struct figure_row, department) },
	{ "category", offsetof(struct figure_row, category) },
	{ "cells", offsetof(struct figure_row, cells) },
	{ "links", offsetof(struct figure_row, links) },
	{ "readers", offsetof(struct figure_row, readers) },
	{ "hidden_from", offsetof(struct figure_row, hidden_from) },
}, moments[] = {
	{ "reported_at", offsetof(struct figure_row, reported_at) },
	{ "acknowledged_at", offsetof(struct figure_row, acknowledged_at) },
	{ "instructed_at", offsetof(struct figure_row, instructed_at) },
	{ "instruct_due", offsetof(struct figure_row, instruct_due) },
	{ "responded_at", offsetof(struct figure_row, responded_at) },
	{ "resulted_at", offsetof(struct figure_row, resulted_at) },
	{ "result_due", offsetof(struct figure_row, result_due) },
	{ "decided_at", offsetof(struct figure_row, decided_at) },
	{ "decide_due", offsetof(struct figure_row, decide_due) },
	{ "approved_at", offsetof(struct figure_row, approved_at) },
};

static const char *
text_at(const struct figure_row *row, size_t offset)
{
	const char *text;

	memcpy(&text, (const char *)row + offset, sizeof(text));
	return text ? text : "";
}

const char *
figures_difference(const struct figure_row *a, const struct figure_row *b)
{
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (strcmp(text_at(a, texts[i].offset), text_at(b, texts[i].offset)) != 0) {
			return texts[i].name;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(moments); i++) {
		size_t offset = moments[i].offset;

		if (memcmp((const char *)a + offset, (const char *)b + offset, sizeof(stamp)) !=
			0) {
			return moments[i].name;
		}
	}
	return a->major != b->major ? "major" : a->open != b->open ? "open" : NULL;
}

enum err
figures_copy(struct arena *arena, const struct figure_row *row, struct figure_row *ret_figures)
{
	struct figure_row copy = *row;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *text = arena_strdup(arena, text_at(row, texts[i].offset));

		if (!text) {
			return ERR_NOMEM;
		}
		memcpy((char *)&copy + texts[i].offset, &text, sizeof(text));
	}
	*ret_figures = copy;
	return ERR_OK;
}
