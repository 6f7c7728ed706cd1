/* SPDX-License-Identifier: MIT */
/*
 * Effects beside the procedure: notes, evidence, corrections, restriction and
 * lawful erasure.  Nothing is ever edited: a correction is a new entry that
 * points to the old one, an erasure says what was kept.
 */
#include <string.h>

#include "effect.h"
#include "effect_body.h"
#include "toban/core/erasure.h"

/* --- evidence ----------------------------------------------------------------------- */

static enum err
fold_evidence(struct fold *f, const struct entry *entry)
{
	const json_t *file = json_object_get(entry->fields, "file");
	struct evidence *evidence = fold_push(f->arena, &f->evidence, sizeof(*evidence));

	if (!evidence) {
		return ERR_NOMEM;
	}
	*evidence = (struct evidence){
		.seq = entry->seq,
		.name = body_text_or(file, "name", ""),
		.sha256 = body_text_or(file, "sha256", ""),
		.size = body_int(file, "size"),
		.by = entry->event->actor,
		.at = entry->event->at,
	};
	return ERR_OK;
}

/* --- restrict -------------------------------------------------------------------------- */

static enum err
fold_restrict(struct fold *f, const struct entry *entry)
{
	(void)entry; /* that it happened is all it says */
	f->incident->confidential = true;
	return ERR_OK;
}

/* --- correct, erase --------------------------------------------------------------------- */

/* The event a correction or an erasure names; a fault when it is none of this case. */
static const struct event *
named_event(struct taking *t, size_t *ret_at)
{
	const struct incident *inc = t->context->incident;
	int64_t seq = body_int(t->fields, "seq");

	for (size_t i = 0; i < inc->n_events; i++) {
		if (inc->events[i].seq == seq) {
			*ret_at = i;
			return &inc->events[i];
		}
	}
	taking_fault(t, "seq", "D107", _("There is no entry of that number in this incident."));
	return NULL;
}

static enum err
take_correct(struct taking *t)
{
	size_t at;

	(void)named_event(t, &at); /* the fault is all that matters here */
	return ERR_OK;
}

static enum err blank_fields(const struct taking *t, const struct form *form, json_t *fields);

/* Measures have a form of their own; their keys, dates and departments stay. */
static enum err
blank_measures(const struct taking *t, json_t *list)
{
	const struct form *form = procedure_form(t->context->procedure, "prevention-measure");
	enum err e = ERR_OK;

	for (size_t i = 0; !e && form && i < json_array_size(list); i++) {
		e = blank_fields(t, form, json_array_get(list, i));
	}
	return e;
}

/* Of a file its size stays; its hash would prove a guess. */
static enum err
blank_file(json_t *file)
{
	enum err e = body_set_text(file, "name", ERASED_MARK);

	(void)json_object_del(file, "sha256"); /* one that is not there is gone as well */
	return e;
}

/*
 * Ids of people stay although they name somebody: who is involved decides who may
 * see the case, and that must not change by an erasure.
 */
static bool
is_blanked(const struct form_field *field)
{
	if (field->type == FIELD_PERSON || field->type == FIELD_PEOPLE) {
		return false;
	}
	return field->personal || field->type == FIELD_TEXT;
}

static enum err
blank_fields(const struct taking *t, const struct form *form, json_t *fields)
{
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < form->n_fields; i++) {
		const struct form_field *field = &form->fields[i];
		json_t *value = json_object_get(fields, field->key);

		if (field->type == FIELD_MEASURES) {
			e = blank_measures(t, value);
		} else if (field->type == FIELD_FILE && json_is_object(value)) {
			e = blank_file(value);
		} else if (value && is_blanked(field)) {
			e = body_set_text(fields, field->key, ERASED_MARK);
		}
	}
	return e;
}

/* The old body with every personal text replaced: the fold uses it from now on. */
static enum err
take_erase(struct taking *t)
{
	size_t at;
	const struct event *event = named_event(t, &at);
	const struct form *form;
	json_t *kept;
	enum err e;

	if (!event) {
		return ERR_OK;
	}
	form = procedure_form(t->context->procedure, event->form);
	if (!form || !strcmp(event->kind, t->step->name)) {
		taking_fault(t, "seq", "D107",
			_("That entry holds nothing a person wrote; it cannot be erased."));
		return ERR_OK;
	}
	if (!event->body) {
		taking_fault(t, "seq", "D107", _("That entry was erased already."));
		return ERR_OK;
	}
	kept = json_deep_copy(json_array_get(t->context->incident->store, at));
	e = body_set(t->body, "kept", kept);
	if (!e) {
		/* The signature stays; without its salt no erased text can be guessed by it. */
		(void)json_object_del(json_object_get(kept, "signed"), "salt");
		e = body_set(kept, "erased", json_true());
	}
	return e ? e : blank_fields(t, form, json_object_get(kept, "fields"));
}

const struct effect effect_side_table[] = {
	{ "note", NULL, NULL },
	{ "evidence", NULL, fold_evidence },
	{ "correct", take_correct, NULL },
	{ "restrict", NULL, fold_restrict },
	{ "erase", take_erase, NULL },
	{ NULL, NULL, NULL },
};
