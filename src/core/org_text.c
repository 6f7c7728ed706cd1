/* SPDX-License-Identifier: MIT */
/*
 * An organisation as a file again: what org_parse() reads.
 */
#include "toban/core/org.h"

#include <string.h>

/* No line without a value, and the Japanese one only where it is another. */
static void
add_words(struct str *out, const char *key, const struct words *words)
{
	const char *en = words->in[LANG_EN];
	const char *ja = words->in[LANG_JA];

	if (*en) {
		str_addf(out, "%s=%s\n", key, en);
	}
	if (*ja && strcmp(en, ja) != 0) {
		str_addf(out, "%s[ja]=%s\n", key, ja);
	}
}

static void
add_line(struct str *out, const char *key, const char *value)
{
	if (*value) {
		str_addf(out, "%s=%s\n", key, value);
	}
}

/* Roles as a file names them: what follows from others is left out. */
static void
add_roles(struct str *out, const struct person *person)
{
	unsigned roles = person->roles;
	const char *before = "Roles=";

	if (roles & ROLE_OFFICE_HEAD) {
		roles &= ~(unsigned)ROLE_OFFICE;
	}
	if (!(roles & (ROLE_AUDITOR | ROLE_ADMIN))) {
		roles &= ~(unsigned)ROLE_STAFF;
	}
	for (unsigned bit = 1; bit <= ROLE_ADMIN; bit <<= 1) {
		if (roles & bit) {
			str_addf(out, "%s%s", before, role_word((enum role)bit));
			before = " ";
		}
	}
	if (roles) {
		str_add_char(out, '\n');
	}
}

static void
add_person(struct str *out, const struct person *person)
{
	str_addf(out, "\n[person %s]\n", person->id);
	add_words(out, "Name", &person->name);
	add_line(out, "Kana", person->kana);
	add_words(out, "Title", &person->title);
	add_line(out, "Department", person->department);
	add_roles(out, person);
	add_line(out, "Login", person->login);
	add_line(out, "Phone", person->phone);
}

static void
add_post(struct str *out, const struct post *post)
{
	str_addf(out, "\n[post %s]\n", post->id);
	add_words(out, "Name", &post->name);
	add_line(out, "Login", post->login);
	add_line(out, "Department", post->department);
	for (size_t i = 0; i < post->people.n; i++) {
		str_addf(out, "%s%s", i ? " " : "People=", post->people.items[i]);
	}
	str_addf(out, "%sIdleMinutes=%d\n", post->people.n ? "\n" : "", post->idle_min);
}

void
org_text(const struct org *org, struct str *out)
{
	int offset = org->offset_min < 0 ? -org->offset_min : org->offset_min;

	str_add(out, "[org]\n");
	add_words(out, "Name", &org->name);
	str_addf(out, "UtcOffset=%c%02d:%02d\n", org->offset_min < 0 ? '-' : '+', offset / 60,
		offset % 60);
	for (size_t i = 0; i < org->n_departments; i++) {
		const struct department *department = &org->departments[i];

		str_addf(out, "\n[department %s]\n", department->id);
		add_line(out, "Code", department->code);
		add_words(out, "Name", &department->name);
		add_line(out, "InScope", department->in_scope ? "yes" : "no");
	}
	for (size_t i = 0; i < org->n_people; i++) {
		add_person(out, &org->people[i]);
	}
	for (size_t i = 0; i < org->n_posts; i++) {
		add_post(out, &org->posts[i]);
	}
}
