/* SPDX-License-Identifier: MIT */
/*
 * Who is whom under another name: see org_history_named() in org_history.h.  Every account of
 * every organisation is written down with who had it, and sorted; an account with two ids behind
 * it is seldom, and all the rest is about those.
 */
#include "org_history.h"

#include <stdlib.h>
#include <string.h>

/* That an account was a person's. */
struct holding {
	const char *login;
	const char *id;
};

struct holdings {
	struct holding *items; /* by account, then id; each once */
	size_t n;
};

static int
by_login(const void *a, const void *b)
{
	const struct holding *one = a;
	const struct holding *other = b;
	int order = strcmp(one->login, other->login);

	return order ? order : strcmp(one->id, other->id);
}

static void
add_org(struct holdings *all, const struct org *org)
{
	for (size_t i = 0; i < org->n_people; i++) {
		if (org->people[i].login[0]) {
			all->items[all->n++] =
				(struct holding){ org->people[i].login, org->people[i].id };
		}
	}
}

static void
drop_doubles(struct holdings *all)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->n; i++) {
		if (kept == 0 || by_login(&all->items[kept - 1], &all->items[i]) != 0) {
			all->items[kept++] = all->items[i];
		}
	}
	all->n = kept;
}

static enum err
list_holdings(struct arena *arena, const struct org_history *history, const struct org *org,
	struct holdings *ret_all)
{
	struct holdings all = { NULL, 0 };
	size_t room = org->n_people;

	for (size_t i = 0; i < history->n; i++) {
		room += history->items[i].org->n_people;
	}
	all.items = arena_array(arena, room + 1, sizeof(*all.items));
	if (!all.items) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < history->n; i++) {
		add_org(&all, history->items[i].org);
	}
	add_org(&all, org);
	qsort(all.items, all.n, sizeof(*all.items), by_login);
	drop_doubles(&all);
	*ret_all = all;
	return ERR_OK;
}

static enum err
add_name(struct arena *arena, struct person *person, const char *id)
{
	const struct word_list *names = &person->names;
	const char **items;

	if (strcmp(person->id, id) == 0 || word_list_has(names, id)) {
		return ERR_OK;
	}
	items = arena_array(arena, names->n + 1, sizeof(*items));
	if (!items) {
		return ERR_NOMEM;
	}
	if (names->n) {
		memcpy(items, names->items, names->n * sizeof(*items));
	}
	items[names->n] = arena_strdup(arena, id);
	person->names = (struct word_list){ items, names->n + 1 };
	return items[names->n - 1] ? ERR_OK : ERR_NOMEM;
}

/* The ids of one account, n of them, to whoever of the people is one of them. */
static enum err
add_names(struct arena *arena, const struct org *org, struct person *people,
	const struct holdings *same)
{
	enum err e = ERR_OK;

	for (size_t i = 0; !e && i < same->n; i++) {
		const struct person *found = org_person(org, same->items[i].id);

		for (size_t k = 0; !e && found && k < same->n; k++) {
			e = add_name(arena, &people[found - org->people], same->items[k].id);
		}
	}
	return e;
}

enum err
org_history_named(struct arena *arena, const struct org_history *history, const struct org *org,
	const struct org **ret_org)
{
	struct org *named = arena_alloc(arena, sizeof(*named));
	struct person *people = arena_array(arena, org->n_people + 1, sizeof(*people));
	struct arena *scratch = arena_new();
	struct holdings all = { NULL, 0 };
	enum err e = named && people && scratch ? ERR_OK : ERR_NOMEM;
	size_t end;

	e = e ? e : list_holdings(scratch, history, org, &all);
	if (!e) {
		memcpy(people, org->people, org->n_people * sizeof(*people));
		*named = *org;
		named->people = people;
	}
	for (size_t i = 0; !e && i < all.n; i = end) {
		for (end = i + 1;
			end < all.n && strcmp(all.items[i].login, all.items[end].login) == 0;) {
			end++;
		}
		if (end > i + 1) {
			e = add_names(
				arena, org, people, &(struct holdings){ &all.items[i], end - i });
		}
	}
	arena_free(scratch);
	if (!e) {
		*ret_org = named;
	}
	return e;
}
