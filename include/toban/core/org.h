/* SPDX-License-Identifier: MIT */
/*
 * The organisation: departments, people and the roles they hold (docs/procedure.md).
 * Immutable once read; lives in one arena.  Kept in the ledger as events of
 * the subject "org", so that a change of rights is itself a record.
 */
#ifndef TOBAN_CORE_ORG_H
#define TOBAN_CORE_ORG_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "toban/base/arena.h"
#include "toban/base/err.h"
#include "toban/base/ini.h"
#include "toban/base/str.h"
#include "toban/core/procedure.h"
#include "toban/core/word_list.h"

enum role {                        /* bits; a person may hold several */
	ROLE_STAFF = 1 << 0,       /* everybody: may find and report */
	ROLE_OWNER = 1 << 1,       /* security officer, head of the department; one each */
	ROLE_DEPUTY = 1 << 2,      /* security manager; assists and stands in for the owner */
	ROLE_OFFICE = 1 << 3,      /* member of the information security office */
	ROLE_OFFICE_HEAD = 1 << 4, /* the CISO; implies ROLE_OFFICE */
	ROLE_CRISIS = 1 << 5,      /* member of the crisis management office */
	ROLE_AUDITOR = 1 << 6,     /* reads everything, changes nothing */
	ROLE_ADMIN = 1 << 7        /* people, targets, definitions; no step in cases */
};

struct department {
	const char *id;   /* kebab word */
	const char *code; /* short ASCII for narrow screens */
	struct words name;
	bool in_scope; /* of the ISMS: measures are rolled out to these by default */
};

struct person {
	const char *id; /* kebab word */
	struct words name;
	struct words title;
	const char *department; /* id */
	unsigned roles;         /* enum role bits, ROLE_STAFF set but for auditor and admin */
	const char *login;      /* Unix account, "" none */
	const char *phone;      /* "" unknown */
	const char *kana;       /* reading, for finding by typing; "" unknown */
	/* Ids of others who had an account of theirs, one after the other: the same human.  Of the
	 * ledger's history, not of the file; empty for nearly everybody. */
	struct word_list names;
};

/*
 * A shared console: one Unix account, at which people say by name and PIN who they are.
 * Its account is nobody's own.
 */
struct post {
	const char *id; /* kebab word */
	struct words name;
	const char *login;       /* the shared Unix account, never "" */
	const char *department;  /* id; whose people may sit there */
	struct word_list people; /* ids of others who may */
	int idle_min;            /* minutes without a person after which it locks, 1..240 */
};

/* Idle minutes of a post whose file names none. */
#define POST_IDLE_MIN 10

struct org {
	struct words name;
	int offset_min; /* the desk's time zone, east of UTC */
	bool trial;     /* --as is allowed without proof; every screen and export says so */
	const struct department *departments;
	size_t n_departments;
	const struct person *people; /* in file order */
	size_t n_people;
	const struct post *posts; /* in file order */
	size_t n_posts;
};

const struct department *org_department(const struct org *org, const char *id);
const struct person *org_person(const struct org *org, const char *id);
const struct person *org_login(const struct org *org, const char *login);
const struct post *org_post(const struct org *org, const char *id);
const struct post *org_post_login(const struct org *org, const char *login);

/*
 * These ids and, behind them, of the organisation's people whoever is one of them under another
 * name; the list itself where there is nobody.  ERR_NOMEM.
 */
enum err org_with_names(struct arena *arena, const struct org *org, const struct word_list *ids,
	struct word_list *ret_ids);

/*
 * Whether somebody may sit at a post: the people of its department, the information
 * security office, and whom it names.
 */
bool post_admits(const struct post *post, const struct person *person);

/* The word of one role bit ("owner", "office-head", …), static. */
const char *role_word(enum role role);
/* What people call it ("office head (CISO)"), static; empty for no role bit. */
const struct words *role_label(enum role role);

/* The most telling role of a person: what lists show beside the name. */
enum role person_main_role(const struct person *person);

/*
 * Reads an organisation file; faults go to `problems` with their lines.  No account is
 * that of two: a second account is not a second person.
 */
enum err org_parse(struct arena *arena, const struct ini_file *file, struct ini_problems *problems,
	const struct org **ret_org);

/* The ledger form of an organisation; a new reference, NULL without memory. */
json_t *org_to_json(const struct org *org);

/* Appends the file that says the same; without memory out->failed is set. */
void org_text(const struct org *org, struct str *out);

/* The organisation of a ledger body, also one from before there were posts; ERR_INVALID. */
enum err org_from_json(struct arena *arena, const json_t *body, const struct org **ret_org);

#endif
