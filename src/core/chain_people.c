/* SPDX-License-Identifier: MIT */
/*
 * The people of a place of the chain: see chain_people.h.
 */
#include "chain_people.h"

#include <string.h>

#include "org_roles.h"
#include "toban/core/duty.h"

const char *
chain_told_as(const struct taking *t, const char *person, const char *role)
{
	const struct person *p = org_person(t->context->org, person);
	bool owner = !strcmp(role, role_word(ROLE_OWNER));

	/* Away, and told among those who stand in, because nobody else is left. */
	if (p && !strcmp(role, role_word(ROLE_DEPUTY)) && p->roles & ROLE_OWNER) {
		return role_word(ROLE_OWNER);
	}
	if (p && !strcmp(role, role_word(ROLE_OFFICE)) && p->roles & ROLE_OFFICE_HEAD) {
		return role_word(ROLE_OFFICE_HEAD);
	}
	if (!p || (!owner && strcmp(role, role_word(ROLE_OFFICE_HEAD)) != 0)) {
		return role;
	}
	if (owner && (p->roles & (ROLE_OWNER | ROLE_DEPUTY))) {
		return role_word(p->roles & ROLE_OWNER ? ROLE_OWNER : ROLE_DEPUTY);
	}
	if (!(p->roles & (ROLE_OFFICE | ROLE_OFFICE_HEAD))) {
		return ROLE_STAND_IN;
	}
	return role_word(p->roles & ROLE_OFFICE_HEAD ? ROLE_OFFICE_HEAD : ROLE_OFFICE);
}

const char *
chain_placed_as(const struct taking *t, const struct chain_place *place, const char *person,
	const char *role)
{
	const struct person *p = org_person(t->context->org, person);
	unsigned part = 0;

	(void)org_role_of_word(place->role, &part);
	if (p && !(p->roles & part) && word_list_has(&place->on_duty, person)) {
		return ROLE_ON_DUTY;
	}
	if (p && part == ROLE_CRISIS && !(p->roles & part) &&
		word_list_has(&place->acting, person)) {
		return ROLE_STAND_IN;
	}
	return role;
}

enum err
chain_back(const struct taking *t, const struct chain_place *place, bool holders,
	struct word_list *ret_people)
{
	const struct step_context *c = t->context;
	const char **items = arena_array(t->arena, place->absent.n, sizeof(*items));
	size_t n = 0;
	unsigned part = 0;

	if (!items) {
		return ERR_NOMEM;
	}
	(void)org_role_of_word(place->role, &part);
	for (size_t i = 0; i < place->absent.n; i++) {
		const struct person *p = org_person(c->org, place->absent.items[i]);
		if (p && (!holders || p->roles & part) && !duty_absence(c->duty, p->id, c->now) &&
			!incident_contact(c->incident, place->link, p->id)) {
			items[n++] = p->id;
		}
	}
	*ret_people = (struct word_list){ .items = items, .n = n };
	return ERR_OK;
}
