/* SPDX-License-Identifier: MIT */
/*
 * Effects of investigation and response (docs/procedure.md): instructing, responding,
 * ratifying what was done in an emergency, the result and its approval.
 */
#include <string.h>

#include "actor.h"
#include "effect.h"
#include "effect_body.h"
#include "toban/base/str.h"

/* --- instruct ---------------------------------------------------------------------- */

static void
fault_addressee(struct taking *t, size_t at, const char *pattern, const char *id)
{
	char *path = arena_printf(t->arena, "to[%zu]", at);
	struct str text = STR_INIT;

	str_say(&text, pattern, &(struct str_arg){ "who", id }, 1);
	taking_fault(t, path ? path : "to", "D107", str_text(&text));
	str_release(&text);
}

static enum err
tell_one(struct taking *t, const char *person)
{
	return effect_tell(t,
		&(struct notice){
			.person = person,
			.role = "addressee",
			.due_at = body_stamp(t->fields, "due"),
		});
}

/* A department is told through its owner, else a deputy; one that has neither, each of its people.
 */
static enum err
tell_addressee(struct taking *t, const char *id)
{
	const struct org *org = t->context->org;
	const struct person *p = org_person(org, id);
	enum err e = ERR_OK;

	if (!p) {
		p = actor_officer(t->context, id);
	}
	if (p) {
		return tell_one(t, p->id);
	}
	for (size_t i = 0; !e && i < org->n_people; i++) {
		p = &org->people[i];
		if (!strcmp(p->department, id) &&
			!incident_is_involved(t->context->incident, p->id)) {
			e = tell_one(t, p->id);
		}
	}
	return e;
}

static enum err
take_instruct(struct taking *t)
{
	const struct org *org = t->context->org;
	struct word_list to = { 0 };
	enum err e = body_words(t->arena, t->fields, "to", &to);

	if (!e && !to.n) {
		taking_fault(t, "to", "D101", _("Say who is to carry out the instruction."));
	}
	for (size_t i = 0; !e && i < to.n; i++) {
		if (incident_is_involved(t->context->incident, to.items[i])) {
			fault_addressee(t, i,
				_("{who} is involved in this incident; instruct somebody else."),
				to.items[i]);
		} else if (!org_person(org, to.items[i]) && !org_department(org, to.items[i])) {
			fault_addressee(t, i,
				_("There is no person or department {who}; look up the id."),
				to.items[i]);
		} else {
			e = tell_addressee(t, to.items[i]);
		}
	}
	return e;
}

static enum err
fold_instruct(struct fold *f, const struct entry *entry)
{
	struct instruction *in = fold_push(f->arena, &f->instructions, sizeof(*in));

	if (!in) {
		return ERR_NOMEM;
	}
	*in = (struct instruction){
		.seq = entry->seq,
		.by = entry->event->actor,
		.text = body_text_or(entry->fields, "text", ""),
		.at = entry->event->at,
		.due_at = body_stamp(entry->fields, "due"),
		.round = f->incident->round,
	};
	return body_words(f->arena, entry->fields, "to", &in->to);
}

/* --- respond ------------------------------------------------------------------------- */

static bool
is_unanswered(const struct incident *inc, const struct instruction *in)
{
	return in->round == inc->round && !in->answered_by;
}

/* The instruction a response names; adds a fault when it is none of this case. */
static enum err
answer_named(struct taking *t, json_t *answered, int64_t seq)
{
	const struct incident *inc = t->context->incident;

	for (size_t i = 0; i < inc->n_instructions; i++) {
		if (inc->instructions[i].seq == seq) {
			return body_append(answered, json_integer(seq));
		}
	}
	taking_fault(t, "instruction", "D107",
		_("There is no instruction of that number in this incident."));
	return ERR_OK;
}

/*
 * All that are open and addressed to the person.  Somebody whom no instruction
 * of the round names lends a hand: the oldest open one.  Whoever was named adds
 * to their own answer, and never answers for another.
 */
static enum err
answer_addressed(struct taking *t, json_t *answered)
{
	const struct incident *inc = t->context->incident;
	const struct instruction *oldest = NULL;
	bool named = false;

	for (size_t i = 0; i < inc->n_instructions; i++) {
		const struct instruction *in = &inc->instructions[i];

		named = named ||
			(in->round == inc->round && word_list_has(&in->to, t->context->person->id));
		if (!is_unanswered(inc, in)) {
			continue;
		}
		oldest = oldest ? oldest : in;
		if (actor_is_addressed(&in->to, t->context->person) &&
			body_append(answered, json_integer(in->seq))) {
			return ERR_NOMEM;
		}
	}
	if (oldest && !named && !json_array_size(answered)) {
		return body_append(answered, json_integer(oldest->seq));
	}
	return ERR_OK;
}

static bool
is_instructed(const struct incident *inc)
{
	for (size_t i = 0; i < inc->n_instructions; i++) {
		if (inc->instructions[i].round == inc->round) {
			return true;
		}
	}
	return false;
}

static enum err
take_respond(struct taking *t)
{
	int64_t named = body_int(t->fields, "instruction");
	bool owed = body_flag(t->fields, "emergency") && !is_instructed(t->context->incident);
	json_t *answered = json_array();
	enum err e = body_set(t->body, "answered", answered);

	if (!e) {
		e = named ? answer_named(t, answered, named) : answer_addressed(t, answered);
	}
	return e ? e : body_set(t->body, "emergency", json_boolean(owed));
}

static enum err
fold_respond(struct fold *f, const struct entry *entry)
{
	struct instruction *instructions = f->instructions.items;
	struct response *response = fold_push(f->arena, &f->responses, sizeof(*response));
	const json_t *item;
	size_t i;

	if (!response) {
		return ERR_NOMEM;
	}
	*response = (struct response){
		.seq = entry->seq,
		.by = entry->event->actor,
		.text = body_text_or(entry->fields, "text", ""),
		.at = entry->event->at,
		.emergency = body_flag(entry->body, "emergency"),
		.round = f->incident->round,
	};
	json_array_foreach(json_object_get(entry->body, "answered"), i, item)
	{
		for (size_t j = 0; j < f->instructions.n; j++) {
			if (instructions[j].seq == json_integer_value(item) &&
				!instructions[j].answered_by) {
				instructions[j].answered_by = entry->seq;
			}
		}
	}
	return ERR_OK;
}

/* --- ratify ---------------------------------------------------------------------------- */

static bool
is_unratified(const struct response *r, int round)
{
	return r->round == round && r->emergency && !r->ratified;
}

/* The instruction that should have come first is written down after the fact. */
static enum err
fold_ratify(struct fold *f, const struct entry *entry)
{
	struct response *responses = f->responses.items;

	for (size_t i = 0; i < f->responses.n; i++) {
		struct instruction *in;
		const char **to;
		if (!is_unratified(&responses[i], f->incident->round)) {
			continue;
		}
		in = fold_push(f->arena, &f->instructions, sizeof(*in));
		to = arena_alloc(f->arena, sizeof(*to));
		if (!in || !to) {
			return ERR_NOMEM;
		}
		*to = responses[i].by;
		*in = (struct instruction){
			.seq = entry->seq,
			.by = entry->event->actor,
			.to = { .items = to, .n = 1 },
			.text = body_text_or(entry->fields, "text", ""),
			.at = entry->event->at,
			.due_at = STAMP_NONE,
			.answered_by = responses[i].seq,
			.ratifies = true,
			.round = f->incident->round,
		};
		responses[i].ratified = true;
	}
	return ERR_OK;
}

/* --- the result ---------------------------------------------------------------------------- */

static enum err
write_hash(struct taking *t, const struct hash *hash)
{
	char hex[HASH_HEX_SIZE];

	hash_hex(hash, hex);
	return body_set_text(t->body, "hash", hex);
}

static enum err
take_report_result(struct taking *t)
{
	const struct incident *inc = t->context->incident;
	struct hash hash;
	enum err e = incident_result_hash(
		inc->id, inc->round, inc->result.version + 1, t->fields, &hash);

	return e ? e : write_hash(t, &hash);
}

static enum err
fold_report_result(struct fold *f, const struct entry *entry)
{
	struct incident *inc = f->incident;
	const char *hex = body_text(entry->body, "hash");
	struct result result = {
		.version = inc->result.version + 1,
		.seq = entry->seq,
		.by = entry->event->actor,
		.acted_for = body_acting_for(entry->body),
		.at = entry->event->at,
		.fields = entry->fields,
		.approved_at = STAMP_NONE,
	};
	enum err e;

	if (body_flag(entry->body, "erased") && hex) {
		/* The fields are not those that were approved any more; the hash is. */
		e = hash_parse(hex, &result.hash) ? ERR_CORRUPT : ERR_OK;
	} else {
		e = incident_result_hash(
			inc->id, inc->round, result.version, entry->fields, &result.hash);
	}
	if (!e) {
		inc->result = result;
	}
	return e;
}

/* The approval binds what was shown, whether or not the person sent its hash along. */
static enum err
take_approve(struct taking *t)
{
	return write_hash(t, &t->context->incident->result.hash);
}

static enum err
fold_approve(struct fold *f, const struct entry *entry)
{
	f->incident->result.approved_by = entry->event->actor;
	f->incident->result.approved_seq = entry->seq;
	f->incident->result.approved_at = entry->event->at;
	f->incident->result.returned_why = NULL;
	return ERR_OK;
}

static enum err
fold_return(struct fold *f, const struct entry *entry)
{
	f->incident->result.returned_why = body_text_or(entry->fields, "why", "");
	return ERR_OK;
}

const struct effect effect_response_table[] = {
	{ "instruct", take_instruct, fold_instruct },
	{ "respond", take_respond, fold_respond },
	{ "ratify", NULL, fold_ratify },
	{ "report-result", take_report_result, fold_report_result },
	{ "approve-result", take_approve, fold_approve },
	{ "return-result", take_approve, fold_return },
	{ NULL, NULL, NULL },
};
