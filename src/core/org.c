/* SPDX-License-Identifier: MIT */
/*
 * Reading an organisation file and finding people in what was read.
 */
#include "toban/core/org.h"

#include <string.h>

#include "org_post.h"
#include "org_roles.h"
#include "procedure_read.h"
#include "words.h"

#define SECTIONS_MOST ((size_t)5000) /* departments, people and posts */

static const struct {
	enum role role;
	const char *word;
	struct words label;
} role_words[] = {
	/* the most telling first */
	{ ROLE_OFFICE_HEAD, "office-head",
		{ { "office head (CISO)", "情報セキュリティ対策室長" } } },
	{ ROLE_CRISIS, "crisis", { { "crisis management", "危機管理室" } } },
	{ ROLE_OWNER, "owner", { { "security officer", "情報セキュリティ責任者" } } },
	{ ROLE_DEPUTY, "deputy", { { "security manager", "情報セキュリティ管理者" } } },
	{ ROLE_OFFICE, "office",
		{ { "information security office", "情報セキュリティ対策室" } } },
	{ ROLE_AUDITOR, "auditor", { { "internal auditor", "内部監査" } } },
	{ ROLE_ADMIN, "admin", { { "administrator", "デスク管理者" } } },
	{ ROLE_STAFF, "staff", { { "staff", "担当者" } } },
};

/* A person while they are read: roles still as words. */
struct person_draft {
	struct person person;
	struct word_list roles;
};

#define AT(member) offsetof(struct department, member)
static const struct def_key department_keys[] = {
	{ .name = "Code", .type = KEY_TEXT, .offset = AT(code), .required = true },
	{ .name = "Name", .type = KEY_NAME, .offset = AT(name), .required = true },
	{ .name = "InScope", .type = KEY_FLAG, .offset = AT(in_scope) },
};
#undef AT

#define AT(member) offsetof(struct person_draft, member)
static const struct def_key person_keys[] = {
	{ .name = "Name", .type = KEY_NAME, .offset = AT(person.name), .required = true },
	{ .name = "Kana", .type = KEY_TEXT, .offset = AT(person.kana) },
	{ .name = "Title", .type = KEY_NAME, .offset = AT(person.title) },
	{ .name = "Department",
		.type = KEY_WORD,
		.offset = AT(person.department),
		.required = true },
	{ .name = "Roles", .type = KEY_LIST, .offset = AT(roles) },
	{ .name = "Login", .type = KEY_TEXT, .offset = AT(person.login) },
	{ .name = "Phone", .type = KEY_TEXT, .offset = AT(person.phone) },
};
#undef AT

/* The head while it is read. */
struct org_draft {
	struct words name;
	const char *offset;
};

#define AT(member) offsetof(struct org_draft, member)
static const struct def_key org_keys[] = {
	{ .name = "Name", .type = KEY_NAME, .offset = AT(name), .required = true },
	{ .name = "UtcOffset", .type = KEY_TEXT, .offset = AT(offset), .required = true },
};
#undef AT

static const struct def_kind kinds[] = {
	{ "org", false, org_keys, ARRAY_LEN(org_keys) },
	{ "department", true, department_keys, ARRAY_LEN(department_keys) },
	{ "person", true, person_keys, ARRAY_LEN(person_keys) },
	{ "post", true, post_keys, POST_KEYS },
};

const char *
role_word(enum role role)
{
	for (size_t i = 0; i < ARRAY_LEN(role_words); i++) {
		if (role_words[i].role == role) {
			return role_words[i].word;
		}
	}
	return "?";
}

const struct words *
role_label(enum role role)
{
	for (size_t i = 0; i < ARRAY_LEN(role_words); i++) {
		if (role_words[i].role == role) {
			return &role_words[i].label;
		}
	}
	return &words_empty;
}

enum role
person_main_role(const struct person *person)
{
	for (size_t i = 0; i < ARRAY_LEN(role_words); i++) {
		if ((person->roles & role_words[i].role) != 0) {
			return role_words[i].role;
		}
	}
	return ROLE_STAFF;
}

bool
org_role_of_word(const char *word, unsigned *ret_role)
{
	for (size_t i = 0; i < ARRAY_LEN(role_words); i++) {
		if (strcmp(role_words[i].word, word) == 0) {
			*ret_role = role_words[i].role;
			return true;
		}
	}
	return false;
}

unsigned
org_complete_roles(unsigned roles)
{
	if ((roles & ROLE_OFFICE_HEAD) != 0) {
		roles |= ROLE_OFFICE;
	}
	if ((roles & (ROLE_AUDITOR | ROLE_ADMIN)) == 0) {
		roles |= ROLE_STAFF;
	}
	return roles;
}

/* +09:00, -03:30, Z: minutes east of UTC. */
static bool
org_read_offset(const char *text, int *ret_min)
{
	int hours;
	int minutes;

	if (strcmp(text, "Z") == 0) {
		*ret_min = 0;
		return true;
	}
	if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
		strspn(text + 1, "0123456789") != 2 || strspn(text + 4, "0123456789") != 2) {
		return false;
	}
	hours = (text[1] - '0') * 10 + (text[2] - '0');
	minutes = (text[4] - '0') * 10 + (text[5] - '0');
	if (hours > 23 || minutes > 59) {
		return false;
	}
	*ret_min = (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
	return true;
}

static void
org_read_head(struct def_reader *r, const struct ini_file *file, struct org *org)
{
	const struct ini_section *head = ini_find(file, "org", NULL);
	struct org_draft draft = { words_empty, "Z" };

	if (head == NULL) {
		ini_report(r->problems, r->path, 0, "[org]", "There is no section [org].");
		return;
	}
	def_read_section(r, head, &kinds[0], &draft);
	org->name = draft.name;
	if (!org_read_offset(draft.offset, &org->offset_min)) {
		ini_report(r->problems, r->path, def_line(head, "UtcOffset"),
			"hours and minutes east of UTC, such as +09:00", "UtcOffset is \"%s\".",
			draft.offset);
	}
}

void
org_check_id(struct def_reader *r, const struct ini_section *section)
{
	if (section->name[0] != '\0' && !words_is_plain(section->name, '-')) {
		ini_report(r->problems, r->path, section->line,
			"lower-case letters, digits and single hyphens", "\"%s\" cannot be an id.",
			section->name);
	}
}

static void
org_read_department(struct def_reader *r, const struct ini_section *section, struct org *org,
	struct department *department)
{
	*department = (struct department){ .id = section->name, .code = "", .name = words_empty };
	org_check_id(r, section);
	def_read_section(r, section, &kinds[1], department);
	org->n_departments++;
}

static void
org_read_person(struct def_reader *r, const struct ini_section *section, struct person *ret_person)
{
	struct person_draft draft = { .person = { .id = section->name,
					      .name = words_empty,
					      .title = words_empty,
					      .department = "",
					      .login = "",
					      .phone = "",
					      .kana = "" } };

	org_check_id(r, section);
	if (strcmp(section->name, "desk") == 0) {
		ini_report(r->problems, r->path, section->line, "another id",
			"\"desk\" is what the ledger calls the desk itself.");
	}
	def_read_section(r, section, &kinds[2], &draft);
	for (size_t i = 0; i < draft.roles.n; i++) {
		unsigned role;

		if (org_role_of_word(draft.roles.items[i], &role)) {
			draft.person.roles |= role;
			continue;
		}
		ini_report(r->problems, r->path, def_line(section, "Roles"),
			"owner, deputy, office, office-head, crisis, auditor, admin or staff",
			"There is no role \"%s\".", draft.roles.items[i]);
	}
	draft.person.roles = org_complete_roles(draft.person.roles);
	*ret_person = draft.person;
}

/* One owner a department, accounts of one person each, departments that exist. */
static void
org_check_person(
	struct def_reader *r, const struct ini_file *file, const struct org *org, size_t at)
{
	const struct person *person = &org->people[at];
	const struct ini_section *section = ini_find(file, "person", person->id);

	if (person->department[0] != '\0' && org_department(org, person->department) == NULL) {
		ini_report(r->problems, r->path, def_line(section, "Department"),
			"a [department] of this file", "There is no department \"%s\".",
			person->department);
	}
	for (size_t i = 0; i < at; i++) {
		const struct person *other = &org->people[i];

		if ((person->roles & other->roles & ROLE_OWNER) != 0 &&
			strcmp(person->department, other->department) == 0) {
			ini_report(r->problems, r->path, def_line(section, "Roles"),
				"one owner for each department", "%s and %s are both owner of %s.",
				other->id, person->id, person->department);
		}
		if (person->login[0] != '\0' && strcmp(person->login, other->login) == 0) {
			ini_report(r->problems, r->path, def_line(section, "Login"),
				"an account of their own", "%s and %s share the account %s.",
				other->id, person->id, person->login);
		}
	}
}

static void
org_check_whole(struct def_reader *r, const struct org *org)
{
	size_t heads = 0;

	for (size_t i = 0; i < org->n_people; i++) {
		heads += (org->people[i].roles & ROLE_OFFICE_HEAD) != 0;
	}
	if (heads != 1) {
		ini_report(r->problems, r->path, 0, "one person with the role office-head",
			"There are %zu heads of the information security office.", heads);
	}
}

static void
org_read(struct def_reader *r, const struct ini_file *file, struct org *org)
{
	size_t n_people = def_count(file, "person");
	struct department *departments =
		def_array(r, def_count(file, "department"), sizeof(*departments));
	struct person *people = def_array(r, n_people, sizeof(*people));
	struct post *posts = def_array(r, def_count(file, "post"), sizeof(*posts));

	org->name = words_empty;
	org->departments = departments;
	org->people = people;
	org->posts = posts;
	if (departments == NULL || people == NULL || posts == NULL) {
		return;
	}
	def_check_sections(r, file, kinds, ARRAY_LEN(kinds));
	org_read_head(r, file, org);
	for (size_t i = 0; i < file->n_sections; i++) {
		const struct ini_section *section = &file->sections[i];

		if (strcmp(section->kind, "department") == 0) {
			org_read_department(r, section, org, &departments[org->n_departments]);
		} else if (strcmp(section->kind, "person") == 0) {
			org_read_person(r, section, &people[org->n_people++]);
		} else if (strcmp(section->kind, "post") == 0) {
			post_read(r, section, &kinds[3], &posts[org->n_posts++]);
		}
	}
	for (size_t i = 0; i < n_people; i++) {
		org_check_person(r, file, org, i);
	}
	for (size_t i = 0; i < org->n_posts; i++) {
		post_check(r, file, org, i);
	}
	org_check_whole(r, org);
}

enum err
org_parse(struct arena *arena, const struct ini_file *file, struct ini_problems *problems,
	const struct org **ret_org)
{
	struct def_reader r = { .arena = arena, .problems = problems, .path = file->path };
	size_t before = problems->n + problems->lost;
	struct org *org = arena_alloc(arena, sizeof(*org));

	if (org == NULL) {
		return ERR_NOMEM;
	}
	if (file->n_sections > SECTIONS_MOST) {
		ini_report(problems, file->path, file->sections[SECTIONS_MOST].line,
			"the people of one desk", "There are more than %zu sections.",
			SECTIONS_MOST);
		return ERR_INVALID; /* each is compared with each: a service would stand still */
	}
	org_read(&r, file, org);
	if (r.failed) {
		return ERR_NOMEM;
	}
	if (problems->n + problems->lost > before) {
		return ERR_INVALID;
	}
	*ret_org = org;
	return ERR_OK;
}

const struct department *
org_department(const struct org *org, const char *id)
{
	for (size_t i = 0; i < org->n_departments; i++) {
		if (words_same(org->departments[i].id, id)) {
			return &org->departments[i];
		}
	}
	return NULL;
}

const struct person *
org_person(const struct org *org, const char *id)
{
	for (size_t i = 0; i < org->n_people; i++) {
		if (words_same(org->people[i].id, id)) {
			return &org->people[i];
		}
	}
	return NULL;
}

const struct person *
org_login(const struct org *org, const char *login)
{
	if (login == NULL || login[0] == '\0') {
		return NULL; /* "" means "no account" and belongs to nobody */
	}
	for (size_t i = 0; i < org->n_people; i++) {
		if (words_same(org->people[i].login, login)) {
			return &org->people[i];
		}
	}
	return NULL;
}

/* Whether the person was one of these under another name. */
static bool
was_among(const struct person *person, const struct word_list *ids)
{
	for (size_t i = 0; i < person->names.n; i++) {
		if (word_list_has(ids, person->names.items[i])) {
			return !word_list_has(ids, person->id);
		}
	}
	return false;
}

enum err
org_with_names(struct arena *arena, const struct org *org, const struct word_list *ids,
	struct word_list *ret_ids)
{
	const char **items = NULL;
	size_t n = ids->n;

	for (size_t i = 0; ids->n && i < org->n_people; i++) {
		if (!was_among(&org->people[i], ids)) {
			continue;
		}
		if (!items) {
			items = arena_array(arena, ids->n + org->n_people, sizeof(*items));
			if (!items) {
				return ERR_NOMEM;
			}
			memcpy(items, ids->items, ids->n * sizeof(*items));
		}
		items[n++] = org->people[i].id;
	}
	*ret_ids = items ? (struct word_list){ items, n } : *ids;
	return ERR_OK;
}
