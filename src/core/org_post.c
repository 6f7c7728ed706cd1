/* SPDX-License-Identifier: MIT */
/*
 * Posts: shared consoles, their accounts, and who may sit there.
 */
#include "org_post.h"

#include <string.h>

#include "words.h"

#define IDLE_MOST 240

#define AT(member) offsetof(struct post, member)
const struct def_key post_keys[POST_KEYS] = {
	{ .name = "Name", .type = KEY_NAME, .offset = AT(name), .required = true },
	{ .name = "Login", .type = KEY_TEXT, .offset = AT(login), .required = true },
	{ .name = "Department", .type = KEY_WORD, .offset = AT(department), .required = true },
	{ .name = "People", .type = KEY_LIST, .offset = AT(people) },
	{ .name = "IdleMinutes", .type = KEY_INT, .offset = AT(idle_min) },
};
#undef AT

void
post_read(struct def_reader *r, const struct ini_section *section, const struct def_kind *kind,
	struct post *ret_post)
{
	*ret_post = (struct post){
		.id = section->name,
		.name = words_empty,
		.login = "",
		.department = "",
		.idle_min = POST_IDLE_MIN,
	};
	org_check_id(r, section);
	def_read_section(r, section, kind, ret_post);
	if (ret_post->idle_min < 1 || ret_post->idle_min > IDLE_MOST) {
		ini_report(r->problems, r->path, def_line(section, "IdleMinutes"),
			"minutes from 1 to 240", "A post must lock itself.");
	}
}

/* Whose account it is besides; NULL: nobody's. */
static const char *
post_shares_with(const struct org *org, size_t at)
{
	const struct post *post = &org->posts[at];
	const struct person *person = org_login(org, post->login);

	if (person != NULL) {
		return person->id;
	}
	for (size_t i = 0; i < at; i++) {
		if (strcmp(org->posts[i].login, post->login) == 0) {
			return org->posts[i].id;
		}
	}
	return NULL;
}

void
post_check(struct def_reader *r, const struct ini_file *file, const struct org *org, size_t at)
{
	const struct post *post = &org->posts[at];
	const struct ini_section *section = ini_find(file, "post", post->id);
	const char *other = post->login[0] != '\0' ? post_shares_with(org, at) : NULL;

	if (post->department[0] != '\0' && org_department(org, post->department) == NULL) {
		ini_report(r->problems, r->path, def_line(section, "Department"),
			"a [department] of this file", "There is no department \"%s\".",
			post->department);
	}
	for (size_t i = 0; i < post->people.n; i++) {
		if (org_person(org, post->people.items[i]) == NULL) {
			ini_report(r->problems, r->path, def_line(section, "People"),
				"a [person] of this file", "There is no person \"%s\".",
				post->people.items[i]);
		}
	}
	if (other != NULL) {
		ini_report(r->problems, r->path, def_line(section, "Login"),
			"an account of its own", "%s and the post %s share the account %s.", other,
			post->id, post->login);
	}
}

bool
post_admits(const struct post *post, const struct person *person)
{
	return words_same(post->department, person->department) ||
		(person->roles & ROLE_OFFICE) != 0 || word_list_has(&post->people, person->id);
}

const struct post *
org_post(const struct org *org, const char *id)
{
	for (size_t i = 0; i < org->n_posts; i++) {
		if (words_same(org->posts[i].id, id)) {
			return &org->posts[i];
		}
	}
	return NULL;
}

const struct post *
org_post_login(const struct org *org, const char *login)
{
	for (size_t i = 0; i < org->n_posts; i++) {
		if (words_same(org->posts[i].login, login)) {
			return &org->posts[i];
		}
	}
	return NULL;
}
