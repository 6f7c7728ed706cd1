/* SPDX-License-Identifier: MIT */
/*
 * The procedure as data: what the files under forms/ say, read and checked.
 * Everything here is immutable after loading and lives in one arena.  The
 * grammar of each file is described in docs/forms.md.
 */
#ifndef TOBAN_CORE_PROCEDURE_H
#define TOBAN_CORE_PROCEDURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "toban/base/arena.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/base/ini.h"
#include "toban/core/clock_rule.h"
#include "toban/core/word_list.h"

/* One text in both languages; neither is NULL (Japanese falls back to English). */
struct words {
	const char *in[LANG_COUNT];
};

/* What the short label of a category or a step may take; a narrow column has no more. */
#define SHORT_COLS 12

/* --- policy/classification.ini ------------------------------- */

enum category_kind {
	CATEGORY_PLAIN,     /* 1-5: an incident by itself */
	CATEGORY_SUSPICION, /* 6: suspicion of one or more plain ones */
	CATEGORY_EXCEPTION  /* the major accident, laid on top of the others */
};

struct category {
	const char *key; /* kebab word, unique */
	int number;      /* 1-6; 0 for the exception */
	enum category_kind kind;
	struct words label;
	struct words short_label; /* for narrow columns; empty: the label */
	struct words question; /* asked step by step; "" for the suspicion */
	struct words explain;
	struct words examples;
	struct words because;     /* clause of the reason when answered yes; "" for the suspicion */
	struct words because_not; /* the same when answered no */
	bool urgent; /* told at once, without the take-back pause */
};

struct classification {
	const char *version;
	const struct category *items; /* plain by number, suspicion, exception: as asked */
	size_t n;
	/* Sentences of the generated reason; docs/forms.md has the placeholders of each. */
	struct words reason_yes;       /* once for each category answered yes */
	struct words reason_no;        /* once for each answered no */
	struct words reason_unknown;   /* once, with the list of those not known */
	struct words reason_major;     /* the exception was answered yes */
	struct words reason_major_no;  /* the exception was answered no */
	struct words reason_suspected; /* it is a suspicion, of the list */
};

/* NULL when there is none of that key. */
const struct category *classification_find(const struct classification *table, const char *key);

/* --- policy/chain.ini ---------------------------------------- */

/* The link before was not acknowledged, or nobody there answered the telephone. */
#define OPENED_UNANSWERED "unanswered"

enum acknowledge_by {
	ACKNOWLEDGE_ANYONE,  /* a link counts as acknowledged when one of those told has */
	ACKNOWLEDGE_EVERYONE /* when all of them have */
};

struct chain_link {
	int number;           /* 1..n, in order */
	const char *to;       /* actor word: owner, office-head, crisis */
	const char *stand_in; /* actor word for when `to` is involved or absent; "" none */
	struct words label;
	int acknowledge;      /* enum acknowledge_by */
	struct clock_watch clock; /* due_ms: to acknowledge, from the moment of notification; > 0 */
	/* What opens it: step names, "major-proposed", "major-yes", or OPENED_UNANSWERED. */
	struct word_list opens;
};

/* --- policy/review.ini --------------------------------------- */

struct review_item {
	const char *key;
	struct word_list by; /* actor words */
	struct words label;
	struct words explain;
};

/* --- policy/legal/ *.ini: statutory clocks -------------------------------- */

struct legal_clock {
	const char *key;
	struct words label;
	const char *citation;     /* law and article */
	const char *effective;    /* date since when it is in force, YYYY-MM-DD */
	const char *verified_on;  /* date somebody last checked it against the law */
	int64_t due_ms;           /* from the report */
	struct word_list when;    /* all must hold: "personal_data:yes",
				     "category:KEY", "any-category:A,B" */
};

/* --- policy/terminal.ini ------------------------------------- */

enum clipboard_policy { CLIPBOARD_OFF, CLIPBOARD_IDS, CLIPBOARD_ALL };

/* What the screen may do with the machine it runs on; without the file: no editor, ids. */
struct terminal_policy {
	bool editor;   /* texts may be written in the program $EDITOR names */
	int clipboard; /* enum clipboard_policy: what may go to the person's clipboard */
};

/* The word of the file for an enum clipboard_policy. */
const char *clipboard_word(int clipboard);

/* --- *.form ---------------------------------------------------------------- */

enum field_type { /* closed: the only types there are; see form.c for each one's rule */
	FIELD_LINE,        /* one line of text, no newline */
	FIELD_TEXT,        /* text with newlines */
	FIELD_TIME,        /* a moment; JSON: RFC 3339, or what stamp_parse_loose() reads */
	FIELD_DUE,         /* a moment to come: RFC 3339 or a duration */
	FIELD_CHOICE,      /* one of `choices` */
	FIELD_FLAG,        /* JSON true/false; "yes"/"no" are read too */
	FIELD_PERSON,      /* a person id */
	FIELD_PEOPLE,      /* list of person or department ids; one string counts as a list */
	FIELD_DEPARTMENT,  /* a department id */
	FIELD_DEPARTMENTS, /* list of department ids */
	FIELD_ANSWERS,     /* object CATEGORY -> yes|no|unknown */
	FIELD_CATEGORIES,  /* list of plain category keys */
	FIELD_CATEGORY,    /* one category key */
	FIELD_MEASURES,    /* list of measures (form prevention-measure describes one) */
	FIELD_MEASURE,     /* key of an existing measure of the incident */
	FIELD_REVIEW_ITEM, /* key of a review item */
	FIELD_CLOCK,       /* key of a legal clock running on the incident */
	FIELD_INCIDENT,    /* id of another incident */
	FIELD_SEQ,         /* ledger number of an entry of this incident; integer */
	FIELD_HASH,        /* 64 hexadecimal digits */
	FIELD_FILE,        /* a file: path when entered, stored as {name,size,sha256} */
	FIELD_TYPE_COUNT
};

struct form_choice {
	const char *key;
	struct words label;
};

struct form_field {
	const char *key; /* lower-case with _ ; JSON key */
	enum field_type type;
	bool required;
	/* "" or FIELD=VALUE: required when that field has the value; "FIELD=": when it is empty */
	const char *required_when;
	bool personal;      /* may hold personal data: replaced when an entry is erased */
	bool persons_only;  /* FIELD_PEOPLE: a department does not do */
	bool day_start;     /* FIELD_DUE: a date alone means its first moment, else its last */
	size_t max_chars;   /* code points, or entries of a list; > 0 */
	int rows;           /* rows of the editor on screen; 1 for one-line types */
	const char *preset; /* "" none; a literal or now, finder-department, me */
	struct words label;
	struct words help;
	const struct form_choice *choices; /* FIELD_CHOICE only */
	size_t n_choices;
	int line; /* where it was defined */
};

struct form {
	const char *name;    /* "report", "instruction", … */
	const char *version; /* "1" … */
	const char *path;
	struct hash hash; /* SHA-256 of the file */
	struct words title;
	const struct form_field *fields;
	size_t n_fields;
};

/* NULL when there is none of that key. */
const struct form_field *form_field_find(const struct form *form, const char *key);

/* --- incident/incident.flow ------------------------------------------------ */

struct flow_wait {
	const char *actor; /* actor word (org.h) */
	const char *step;
};

struct flow_state {
	const char *name;
	struct words label;
	bool open;  /* still work to do: on the board, notes allowed */
	bool final; /* nothing needs to follow */
	const struct flow_wait *waits; /* who is awaited to take which step in this state */
	size_t n_waits;
	int line;
};

/* `from` leads to `to`; "*" any state not named before; "=" stays as it is. */
struct flow_move {
	const char *from;
	const char *to;
};

enum step_confirm { CONFIRM_NONE, CONFIRM_SEND, CONFIRM_FINAL }; /* docs/screens.md */

struct flow_step {
	const char *name;
	/* What the step does to an incident: one of effect.h's closed words. */
	const char *effect;
	struct words label;
	struct words short_label; /* for narrow columns; the label where the file has none */
	struct words explain;     /* one sentence: what it does, who is told */
	struct word_list from;    /* states in which it may be taken; "*" = every open one */
	const struct flow_move *moves; /* n == 0: the state stays */
	size_t n_moves;
	const char *branch; /* "" or the field whose value picks `branches` */
	const struct flow_move *branches; /* from = field value, to = state */
	size_t n_branches;
	struct word_list actors; /* actor words, any of them suffices */
	struct word_list guards; /* guard words, all must hold */
	const char *form;        /* name of its form; "" for none */
	int64_t due_ms;          /* 0: none; else the time the *next* step has */
	struct word_list notify; /* actor words that are told */
	bool sign;               /* a decision that is to be signed (docs/signatures.md) */
	enum step_confirm confirm;
	const char *key; /* its key in the menu of steps, one character; "" for none */
	int key_number;  /* private to flow_file.c: where `key` stands among those there are */
	int line;
};

struct flow {
	const char *name;
	const char *version;
	int64_t take_back_ms;   /* how long a step with CONFIRM_SEND can be taken back; 0: never */
	const char *taken_back; /* state of a case whose report was taken back; "" none */
	struct hash hash;
	const struct flow_state *states; /* in the order of the procedure */
	size_t n_states;
	const struct flow_step *steps; /* in the order they are offered */
	size_t n_steps;
};

const struct flow_state *flow_find_state(const struct flow *flow, const char *name);
const struct flow_step *flow_find_step(const struct flow *flow, const char *name);

/* --- all of it ------------------------------------------------------------- */

/* One definition file in memory; the caller keeps the bytes alive. */
struct def_file {
	const char *path; /* relative to forms/, e.g. "policy/chain.ini" */
	const char *data;
	size_t len;
};

struct def_files {
	const struct def_file *items;
	size_t n;
};

struct message_template; /* template.h */

struct procedure {
	struct classification classification;
	const struct chain_link *chain;
	size_t n_chain;
	const struct review_item *reviews;
	size_t n_reviews;
	const struct clock_watch *watches; /* policy/clock.ini; n 0: only links are watched */
	size_t n_watches;
	const struct legal_clock *legal;
	size_t n_legal;
	struct terminal_policy terminal;
	int fiscal_month; /* 1..12: the month a year of the statistics begins with */
	const struct form *forms;
	size_t n_forms;
	struct flow incident_flow;
	const struct message_template *templates; /* message/ *.ini, by name */
	size_t n_templates;
	struct hash hash; /* over paths of `files` and hashes of their contents */
	/* The files it was read from, by path, without those of org/: what the ledger's
	 * `definitions` entry keeps.  The bytes are the caller's. */
	const struct def_file *files;
	size_t n_files;
};

const struct form *procedure_form(const struct procedure *p, const char *name);
const struct clock_watch *procedure_watch(const struct procedure *p, const char *word);
const struct review_item *procedure_review(const struct procedure *p, const char *key);

/*
 * Reads the whole procedure.  `shipped` are the embedded files; a file of the
 * same path in `site` takes its place, other files of `site` are added.  Every
 * fault of grammar or meaning (unknown words, steps without an actor,
 * unreachable states, dead ends, missing labels) is added to `problems` with
 * file and line, those of organisation files included.  ERR_INVALID if there
 * was any; ERR_NOMEM.
 */
enum err procedure_load(struct arena *arena, struct def_files shipped, struct def_files site,
	struct ini_problems *problems, const struct procedure **ret_procedure);

#endif
