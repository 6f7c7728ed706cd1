/* SPDX-License-Identifier: MIT */
/*
 * Who was told at each link of the chain, who read it, who acknowledged: the part
 * of the fold that every entry may add to.
 */
#include <string.h>

#include "effect_body.h"
#include "incident_fold.h"
#include "words.h"
#include "toban/base/attr.h"
#include "toban/core/duty.h"

void
fold_skip(struct fold *fold, const char *person)
{
	struct contact *contacts = fold->contacts.items;

	for (size_t i = 0; i < fold->contacts.n; i++) {
		if (!strcmp(contacts[i].person, person)) {
			contacts[i].skipped = true;
		}
	}
}

/* Finds or adds the contact of a person at a link; NULL without memory. */
static struct contact *
contact_at(struct fold *f, int link, const char *person)
{
	struct contact *contacts = f->contacts.items;
	struct contact *contact;

	for (size_t i = 0; i < f->contacts.n; i++) {
		if (contacts[i].link == link && !strcmp(contacts[i].person, person)) {
			return &contacts[i];
		}
	}
	contact = fold_push(f->arena, &f->contacts, sizeof(*contact));
	if (contact) {
		*contact = (struct contact){
			.link = link,
			.person = person,
			.role = "",
			.notified_at = STAMP_NONE,
			.seen_at = STAMP_NONE,
			.acknowledged_at = STAMP_NONE,
			.due_at = STAMP_NONE,
		};
	}
	return contact;
}

/* The word under which somebody who was not told stands at a link. */
static const char *
role_at(const struct fold *f, int link)
{
	const struct chain_place *places = f->places.items;

	for (size_t i = 0; i < f->places.n; i++) {
		if (places[i].link == link) {
			return places[i].role;
		}
	}
	return "";
}

static void
open_place(struct fold *f, int link)
{
	struct chain_place *places = f->places.items;

	for (size_t i = 0; i < f->places.n; i++) {
		if (places[i].link == link) {
			places[i].open = true;
		}
	}
	if (link == 2) {
		f->incident->escalated = true;
	}
}

enum err
fold_notified(struct fold *f, const struct entry *entry)
{
	const json_t *list = json_object_get(entry->body, "notified");
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		int link = body_small(item, "link");
		const char *person = body_text(item, "person");
		if (!link || !person) {
			continue;
		}
		struct contact *contact = contact_at(f, link, person);
		if (!contact) {
			return ERR_NOMEM;
		}
		if (contact->told_seq == 0) {
			contact->told_seq = entry->seq;
		}
		contact->role = body_text_or(item, "role", "");
		contact->due_at = body_stamp(item, "due_at");
		contact->due_seq = entry->seq;
		if (contact->acknowledged_at != STAMP_NONE) {
			/* Told anew, as when a withdrawn major accident is one after all. */
			contact->seen_at = STAMP_NONE;
			contact->acknowledged_at = STAMP_NONE;
			contact->acknowledged_seq = 0;
			contact->answered_for = false;
			contact->notified_at = STAMP_NONE;
			contact->told_seq = entry->seq;
		}
		if (contact->notified_at == STAMP_NONE) {
			contact->notified_at = entry->event->at;
		}
		open_place(f, link);
	}
	return ERR_OK;
}

/* Whoever is away need not answer once somebody who stands in for them has. */
static void
answer_for(struct fold *f, int link, const char *absent)
{
	struct contact *contacts = f->contacts.items;

	for (size_t i = 0; absent && i < f->contacts.n; i++) {
		if (contacts[i].link == link && !strcmp(contacts[i].person, absent)) {
			contacts[i].answered_for = true;
		}
	}
}

enum err
fold_acknowledged(struct fold *f, const struct entry *entry)
{
	const json_t *list = json_object_get(entry->body, "acknowledged");
	const char *absent = body_acting_for(entry->body);
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		int64_t link = json_integer_value(item);
		if (link < 1 || link > INT16_MAX) {
			continue;
		}
		struct contact *contact = contact_at(f, (int)link, entry->event->actor);
		if (!contact) {
			return ERR_NOMEM;
		}
		if (!*contact->role) {
			contact->role = absent ? ROLE_STAND_IN : role_at(f, (int)link);
		}
		answer_for(f, (int)link, absent);
		if (contact->acknowledged_at == STAMP_NONE) {
			contact->acknowledged_at = entry->event->at;
			contact->acknowledged_seq = entry->seq;
		}
	}
	return ERR_OK;
}

void
fold_seen(struct fold *f, const struct entry *entry)
{
	struct contact *contacts = f->contacts.items;
	int link = body_small(entry->body, "link");

	for (size_t i = 0; i < f->contacts.n; i++) {
		struct contact *c = &contacts[i];
		if (c->link == link && !strcmp(c->person, entry->event->actor) &&
			c->seen_at == STAMP_NONE) {
			c->seen_at = entry->event->at;
		}
	}
}

/* --- what follows an acknowledgement --------------------------------------------------- */

/* Effects with which the handling goes on; all others only add to the record. */
static const char *const moving[] = {
	"escalate",
	"decide-major",
	"reclassify",
	"confirm-suspicion",
	"dispel-suspicion",
	"instruct",
	"respond",
	"ratify",
	"report-result",
	"approve-result",
	"return-result",
	"decide-clock",
	"dismiss",
	"same-as",
	"reopen",
};

static bool
moves(const char *effect)
{
	for (size_t i = 0; i < ARRAY_LEN(moving); i++) {
		if (words_same(moving[i], effect)) {
			return true;
		}
	}
	return false;
}

bool
incident_stands_at(const struct chain_place *place, const char *person)
{
	return word_list_has(&place->people, person) || word_list_has(&place->stand_ins, person) ||
		word_list_has(&place->absent, person);
}

/* The highest link at which the person stands or was told; 0: none. */
static int
link_of(const struct fold *f, const char *person)
{
	const struct chain_place *places = f->places.items;
	const struct contact *contacts = f->contacts.items;
	int link = 0;

	for (size_t i = 0; person && i < f->places.n; i++) {
		if (places[i].link > link && incident_stands_at(&places[i], person)) {
			link = places[i].link;
		}
	}
	for (size_t i = 0; person && i < f->contacts.n; i++) {
		if (contacts[i].link > link && words_same(contacts[i].person, person)) {
			link = contacts[i].link;
		}
	}
	return link;
}

static bool
has_acknowledged(const struct fold *f, int link, const char *person)
{
	const struct contact *contacts = f->contacts.items;

	for (size_t i = 0; i < f->contacts.n; i++) {
		if (contacts[i].link == link && contacts[i].acknowledged_seq &&
			!strcmp(contacts[i].person, person)) {
			return true;
		}
	}
	return false;
}

void
fold_followed(struct fold *f, const struct entry *entry, const char *effect)
{
	struct chain_place *places = f->places.items;
	const char *actor = entry->event->actor;
	int own = link_of(f, actor);
	int acting = link_of(f, body_acting_for(entry->body));
	int link = acting > own ? acting : own;
	bool renews = strcmp(effect, "acknowledge") != 0 && strcmp(effect, "call") != 0;
	bool moved = moves(effect);

	for (size_t i = 0; i < f->places.n; i++) {
		if (moved && places[i].link <= link) {
			places[i].moved_seq = entry->seq;
		} else if (renews && has_acknowledged(f, places[i].link, actor)) {
			places[i].renewed_seq = entry->seq;
			places[i].renewed_at = entry->event->at;
		}
	}
}

const struct contact *
incident_contact(const struct incident *incident, int link, const char *person)
{
	for (size_t i = 0; i < incident->n_contacts; i++) {
		const struct contact *c = &incident->contacts[i];

		if (c->link == link && !strcmp(c->person, person)) {
			return c;
		}
	}
	return NULL;
}

static bool
asks_everyone(const struct incident *incident, int link)
{
	for (size_t i = 0; i < incident->n_places; i++) {
		if (incident->places[i].link == link) {
			return incident->places[i].everyone;
		}
	}
	return false;
}

bool
incident_link_acknowledged(const struct incident *incident, int link)
{
	bool everyone = asks_everyone(incident, link);
	bool any = false;
	bool all = true;

	for (size_t i = 0; i < incident->n_contacts; i++) {
		const struct contact *c = &incident->contacts[i];
		bool has = c->acknowledged_at != STAMP_NONE || c->answered_for;
		if (c->link == link && !c->skipped) {
			any = any || has;
			all = all && (has || !c->told_seq);
		}
	}
	return everyone ? any && all : any;
}
