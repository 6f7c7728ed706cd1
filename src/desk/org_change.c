/* SPDX-License-Identifier: MIT */
/*
 * Comparing two organisations: see org_change.h.
 */
#include "org_change.h"

#include <string.h>

#include "toban/base/attr.h"

#define NO_DECISION ((unsigned)(ROLE_STAFF | ROLE_AUDITOR))

static json_t *
doc_roles(unsigned roles)
{
	json_t *list = json_array();

	for (unsigned bit = 1; list && bit <= ROLE_ADMIN; bit <<= 1) {
		if (roles & bit) {
			json_array_append_new(list, json_string(role_word((enum role)bit)));
		}
	}
	return list;
}

/* Two texts of one member, where they differ; else nothing. */
static void
add_moved(json_t *doc, const char *name, const char *from, const char *to)
{
	if (strcmp(from, to) != 0) {
		json_object_set_new(doc, name, json_pack("{s:s, s:s}", "from", from, "to", to));
	}
}

/* One person; either may be NULL: there was, or is, nobody of this id. */
static json_t *
doc_change(const struct person *was, const struct person *now)
{
	unsigned before = was ? was->roles : 0;
	unsigned after = now ? now->roles : 0;
	json_t *doc = json_pack("{s:s, s:o, s:o}", "person", now ? now->id : was->id, "gained",
		doc_roles(after & ~before), "lost", doc_roles(before & ~after));

	if (doc && !was) {
		json_object_set_new(doc, "added", json_true());
	}
	if (doc && !now) {
		json_object_set_new(doc, "removed", json_true());
	}
	if (doc) {
		add_moved(doc, "login", was ? was->login : "", now ? now->login : "");
		add_moved(
			doc, "department", was ? was->department : "", now ? now->department : "");
	}
	return doc;
}

static bool
is_same(const struct person *was, const struct person *now)
{
	return was && now && was->roles == now->roles && strcmp(was->login, now->login) == 0 &&
		strcmp(was->department, now->department) == 0;
}

/* What everybody should hear of: a part in decisions, or an account that changed hands. */
static bool
is_marked(const struct person *was, const struct person *now)
{
	unsigned gained = (now ? now->roles : 0) & ~(was ? was->roles : 0);

	return (gained & ~NO_DECISION) || (was && now && strcmp(was->login, now->login) != 0);
}

json_t *
org_change(const struct org *was, const struct org *now, bool *ret_marked)
{
	json_t *list = json_array();

	*ret_marked = false;
	for (size_t i = 0; list && i < now->n_people; i++) {
		const struct person *person = &now->people[i];
		const struct person *before = org_person(was, person->id);

		if (!is_same(before, person)) {
			json_array_append_new(list, doc_change(before, person));
			*ret_marked = *ret_marked || is_marked(before, person);
		}
	}
	for (size_t i = 0; list && i < was->n_people; i++) {
		if (!org_person(now, was->people[i].id)) {
			json_array_append_new(list, doc_change(&was->people[i], NULL));
		}
	}
	return list;
}

/* --- shared consoles --------------------------------------------------------------------- */

/* Who is named at `now` and not at `was`; either may be NULL.  Sets *ret_any. */
static json_t *
doc_named(const struct post *was, const struct post *now, bool *ret_any)
{
	static const struct word_list none = { NULL, 0 };
	const struct word_list *before = was ? &was->people : &none;
	const struct word_list *after = now ? &now->people : &none;
	json_t *list = json_array();

	for (size_t i = 0; i < after->n; i++) {
		bool found = false;

		for (size_t k = 0; k < before->n && !found; k++) {
			found = strcmp(before->items[k], after->items[i]) == 0;
		}
		if (!found) {
			*ret_any = true;
			json_array_append_new(list, json_string(after->items[i]));
		}
	}
	return list;
}

/* One post; NULL: it stays as it is.  Sets *ret_marked as org_change_posts() does. */
static json_t *
doc_post_change(const struct post *was, const struct post *now, bool *ret_marked)
{
	bool gained = false;
	bool lost = false;
	json_t *doc = json_pack("{s:s, s:o, s:o}", "post", now ? now->id : was->id, "gained",
		doc_named(was, now, &gained), "lost", doc_named(now, was, &lost));

	add_moved(doc, "login", was ? was->login : "", now ? now->login : "");
	add_moved(doc, "department", was ? was->department : "", now ? now->department : "");
	*ret_marked = *ret_marked || gained || (now && json_object_get(doc, "login")) ||
		(now && json_object_get(doc, "department"));
	if (was && now && was->idle_min != now->idle_min) {
		json_object_set_new(doc, "idle_min",
			json_pack("{s:i, s:i}", "from", was->idle_min, "to", now->idle_min));
	}
	if (was && now && !gained && !lost && json_object_size(doc) == 3) {
		json_decref(doc);
		return NULL;
	}
	if (!was || !now) {
		json_object_set_new(doc, was ? "removed" : "added", json_true());
	}
	return doc;
}

json_t *
org_change_posts(const struct org *was, const struct org *now, bool *ret_marked)
{
	json_t *list = json_array();

	*ret_marked = false;
	for (size_t i = 0; list && i < now->n_posts; i++) {
		const struct post *post = &now->posts[i];
		json_t *doc = doc_post_change(org_post(was, post->id), post, ret_marked);

		if (doc) {
			json_array_append_new(list, doc);
		}
	}
	for (size_t i = 0; list && i < was->n_posts; i++) {
		if (!org_post(now, was->posts[i].id)) {
			json_array_append_new(
				list, doc_post_change(&was->posts[i], NULL, ret_marked));
		}
	}
	return list;
}

/* --- oneself ------------------------------------------------------------------------------ */

/* Whether this is the caller, by id, or under an account that is theirs. */
static bool
is_caller(const struct call *call, const struct person *person)
{
	const char *accounts[] = { call->person->login, call->login };

	for (size_t i = 0; i < ARRAY_LEN(accounts); i++) {
		if (accounts[i] && *accounts[i] && strcmp(accounts[i], person->login) == 0) {
			return true;
		}
	}
	return strcmp(person->id, call->person->id) == 0;
}

unsigned
org_change_own(const struct call *call, const struct org *now)
{
	unsigned gained = 0;

	for (size_t i = 0; i < now->n_people; i++) {
		if (is_caller(call, &now->people[i])) {
			gained |= now->people[i].roles & ~call->person->roles;
		}
	}
	return gained & ~(unsigned)ROLE_STAFF;
}
