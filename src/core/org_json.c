/* SPDX-License-Identifier: MIT */
/*
 * An organisation as the ledger keeps it: one JSON document, there and back.
 */
#include <string.h>

#include "org_roles.h"
#include "toban/core/org.h"

/* Every bit of enum role, in its order. */
static const enum role all_roles[] = { ROLE_STAFF, ROLE_OWNER, ROLE_DEPUTY, ROLE_OFFICE,
	ROLE_OFFICE_HEAD, ROLE_CRISIS, ROLE_AUDITOR, ROLE_ADMIN };

static json_t *
org_words_to_json(const struct words *words)
{
	return json_pack("{s:s, s:s}", "en", words->in[LANG_EN], "ja", words->in[LANG_JA]);
}

static json_t *
org_roles_to_json(unsigned roles)
{
	json_t *list = json_array();

	for (size_t i = 0; list != NULL && i < ARRAY_LEN(all_roles); i++) {
		if ((roles & all_roles[i]) != 0 &&
			json_array_append_new(list, json_string(role_word(all_roles[i]))) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
org_department_to_json(const struct department *d)
{
	return json_pack("{s:s, s:s, s:o, s:b}", "id", d->id, "code", d->code, "name",
		org_words_to_json(&d->name), "in_scope", d->in_scope);
}

static json_t *
org_person_to_json(const struct person *p)
{
	return json_pack("{s:s, s:o, s:o, s:s, s:o, s:s, s:s, s:s}", "id", p->id, "name",
		org_words_to_json(&p->name), "title", org_words_to_json(&p->title), "department",
		p->department, "roles", org_roles_to_json(p->roles), "login", p->login, "phone",
		p->phone, "kana", p->kana);
}

static json_t *
org_post_to_json(const struct post *post)
{
	json_t *people = json_array();

	for (size_t i = 0; people != NULL && i < post->people.n; i++) {
		if (json_array_append_new(people, json_string(post->people.items[i])) != 0) {
			json_decref(people);
			return NULL;
		}
	}
	return json_pack("{s:s, s:o, s:s, s:s, s:o, s:i}", "id", post->id, "name",
		org_words_to_json(&post->name), "login", post->login, "department",
		post->department, "people", people, "idle_min", post->idle_min);
}

json_t *
org_to_json(const struct org *org)
{
	json_t *departments = json_array();
	json_t *people = json_array();
	json_t *posts = json_array();
	bool ok = departments != NULL && people != NULL && posts != NULL;

	for (size_t i = 0; ok && i < org->n_departments; i++) {
		ok = json_array_append_new(
			     departments, org_department_to_json(&org->departments[i])) == 0;
	}
	for (size_t i = 0; ok && i < org->n_people; i++) {
		ok = json_array_append_new(people, org_person_to_json(&org->people[i])) == 0;
	}
	for (size_t i = 0; ok && i < org->n_posts; i++) {
		ok = json_array_append_new(posts, org_post_to_json(&org->posts[i])) == 0;
	}
	if (!ok) {
		json_decref(departments);
		json_decref(people);
		json_decref(posts);
		return NULL;
	}
	return json_pack("{s:o, s:i, s:b, s:o, s:o, s:o}", "name", org_words_to_json(&org->name),
		"offset_min", org->offset_min, "trial", org->trial, "departments", departments,
		"people", people, "posts", posts);
}

/* The reading of one document; `err` is sticky. */
struct org_reading {
	struct arena *arena;
	enum err err;
};

/* A string member copied into the arena; ERR_INVALID when it is none. */
static const char *
org_read_text(struct org_reading *reading, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	const char *copy;

	if (!json_is_string(value)) {
		reading->err = reading->err == ERR_OK ? ERR_INVALID : reading->err;
		return "";
	}
	copy = arena_strdup(reading->arena, json_string_value(value));
	if (copy == NULL) {
		reading->err = ERR_NOMEM;
		return "";
	}
	return copy;
}

static struct words
org_read_words(struct org_reading *reading, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	struct words words;

	for (int lang = 0; lang < LANG_COUNT; lang++) {
		words.in[lang] = org_read_text(reading, value, lang_word((enum lang)lang));
	}
	return words;
}

static bool
org_read_flag(struct org_reading *reading, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_boolean(value) && reading->err == ERR_OK) {
		reading->err = ERR_INVALID;
	}
	return json_is_true(value);
}

static void
org_read_json_person(struct org_reading *reading, const json_t *object, struct person *person)
{
	const json_t *roles = json_object_get(object, "roles");

	*person = (struct person){
		.id = org_read_text(reading, object, "id"),
		.name = org_read_words(reading, object, "name"),
		.title = org_read_words(reading, object, "title"),
		.department = org_read_text(reading, object, "department"),
		.login = org_read_text(reading, object, "login"),
		.phone = org_read_text(reading, object, "phone"),
		.kana = org_read_text(reading, object, "kana"),
	};
	for (size_t i = 0; i < json_array_size(roles); i++) {
		const char *word = json_string_value(json_array_get(roles, i));
		unsigned role;

		if (word == NULL || !org_role_of_word(word, &role)) {
			reading->err = reading->err == ERR_OK ? ERR_INVALID : reading->err;
			continue;
		}
		person->roles |= role;
	}
	person->roles = org_complete_roles(person->roles);
}

static void
org_read_lists(struct org_reading *reading, const json_t *body, struct org *org)
{
	const json_t *departments = json_object_get(body, "departments");
	const json_t *people = json_object_get(body, "people");
	size_t n_departments = json_array_size(departments);
	size_t n_people = json_array_size(people);
	struct department *d = arena_array(reading->arena, n_departments, sizeof(*d));
	struct person *p = arena_array(reading->arena, n_people, sizeof(*p));

	if (d == NULL || p == NULL) {
		reading->err = ERR_NOMEM;
		return;
	}
	if (!json_is_array(departments) || !json_is_array(people)) {
		reading->err = ERR_INVALID;
		return;
	}
	for (size_t i = 0; i < n_departments; i++) {
		const json_t *object = json_array_get(departments, i);

		d[i] = (struct department){
			.id = org_read_text(reading, object, "id"),
			.code = org_read_text(reading, object, "code"),
			.name = org_read_words(reading, object, "name"),
			.in_scope = org_read_flag(reading, object, "in_scope"),
		};
	}
	for (size_t i = 0; i < n_people; i++) {
		org_read_json_person(reading, json_array_get(people, i), &p[i]);
	}
	org->departments = d;
	org->n_departments = n_departments;
	org->people = p;
	org->n_people = n_people;
}

static void
org_read_json_post(struct org_reading *reading, const json_t *object, struct post *post)
{
	const json_t *people = json_object_get(object, "people");
	const json_t *idle = json_object_get(object, "idle_min");
	const char **ids = arena_array(reading->arena, json_array_size(people), sizeof(*ids));

	*post = (struct post){
		.id = org_read_text(reading, object, "id"),
		.name = org_read_words(reading, object, "name"),
		.login = org_read_text(reading, object, "login"),
		.department = org_read_text(reading, object, "department"),
		.people = { ids, ids != NULL ? json_array_size(people) : 0 },
		.idle_min = (int)json_integer_value(idle),
	};
	if (ids == NULL) {
		reading->err = ERR_NOMEM;
	}
	for (size_t i = 0; i < post->people.n; i++) {
		const char *id = json_string_value(json_array_get(people, i));

		ids[i] = arena_strdup(reading->arena, id != NULL ? id : "");
		if (ids[i] == NULL) {
			reading->err = ERR_NOMEM;
		}
	}
	if (reading->err == ERR_OK &&
		(!json_is_array(people) || json_integer_value(idle) < 1 ||
			json_integer_value(idle) > 1440)) {
		reading->err = ERR_INVALID;
	}
}

/* An organisation of an older version has none. */
static void
org_read_posts(struct org_reading *reading, const json_t *body, struct org *org)
{
	const json_t *posts = json_object_get(body, "posts");
	size_t n = json_array_size(posts);
	struct post *items = arena_array(reading->arena, n, sizeof(*items));

	if (items == NULL) {
		reading->err = ERR_NOMEM;
		return;
	}
	if (posts != NULL && !json_is_array(posts) && reading->err == ERR_OK) {
		reading->err = ERR_INVALID;
	}
	for (size_t i = 0; i < n; i++) {
		org_read_json_post(reading, json_array_get(posts, i), &items[i]);
	}
	org->posts = items;
	org->n_posts = n;
}

enum err
org_from_json(struct arena *arena, const json_t *body, const struct org **ret_org)
{
	struct org_reading reading = { arena, ERR_OK };
	const json_t *offset = json_object_get(body, "offset_min");
	struct org *org = arena_alloc(arena, sizeof(*org));

	if (org == NULL) {
		return ERR_NOMEM;
	}
	if (!json_is_integer(offset) || json_integer_value(offset) < -1439 ||
		json_integer_value(offset) > 1439) {
		return ERR_INVALID;
	}
	org->offset_min = (int)json_integer_value(offset);
	org->name = org_read_words(&reading, body, "name");
	org->trial = org_read_flag(&reading, body, "trial");
	org_read_lists(&reading, body, org);
	org_read_posts(&reading, body, org);
	if (reading.err == ERR_OK) {
		*ret_org = org;
	}
	return reading.err;
}
