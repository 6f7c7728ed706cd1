/* SPDX-License-Identifier: MIT */
/*
 * What the desk, the organisation and the procedure call things: read through
 * the door once a session, when a name is first wanted.
 */
#ifndef TOBAN_SRC_UI_BOOK_H
#define TOBAN_SRC_UI_BOOK_H

#include <jansson.h>

#include "toban/base/clock.h"
#include "toban/base/str.h"
#include "toban/desk/door.h"

struct book {
	const struct door *door;
	struct clock clock;
	json_t *desk;      /* desk.info */
	json_t *org;       /* org.show; NULL until wanted */
	json_t *past;      /* those before it, which other screens may still show; NULL: none */
	json_t *procedure; /* procedure.show; NULL until wanted */
	json_t *forms;     /* form.get by name, as far as wanted; NULL until one is */
};

void book_init(struct book *book, const struct door *door, struct clock clock);
void book_release(struct book *book);

/* Reads desk.info again (another person, another day).  The error document goes to the caller. */
enum err book_refresh(struct book *book, json_t **ret_error);

/* Forgets names: the definitions or the organisation changed. */
void book_forget(struct book *book);

const json_t *book_org(struct book *book);

/*
 * Reads the people anew: who is away and how they are reached changes every day.  What
 * was given out of the documents before stays readable.
 */
void book_renew_org(struct book *book);

const json_t *book_procedure(struct book *book);

/* form.get of a form; an empty object when there is none of that name. */
const json_t *book_form(struct book *book, const char *form);

/* The person at the screen: id, "" for none. */
const char *book_me(const struct book *book);
const json_t *book_my_record(const struct book *book);

/*
 * The contact chain of an incident with the links of the procedure that were
 * not opened yet behind it; a new reference.
 */
json_t *book_chain(struct book *book, const json_t *show);

/* "received 22:25", "seen 22:25", "not yet", "-": how far a link of the chain is. */
void book_add_link_state(struct book *book, const json_t *link, struct str *out);

/* Who stands at a link; `whole`: the whole name.  A link nobody was told at is its role. */
void book_add_link(struct book *book, const json_t *link, bool whole, struct str *out);

/* "Told  佐藤 received 22:25 > CISO -": the whole chain in a row. */
void book_add_chain(struct book *book, const json_t *show, struct str *out);

/* Names for ids; an unknown id is its own name. */
const json_t *book_person_record(struct book *book, const char *id);
const char *book_person(struct book *book, const char *id);
/* Appends the names of several, given by their ids or as rows with "person"; "" for none. */
void book_people(struct book *book, const json_t *people, struct str *out);
const char *book_department(struct book *book, const char *id);
const char *book_role(struct book *book, const char *role);
const char *book_state(struct book *book, const char *state);
const char *book_step(struct book *book, const char *step);
const json_t *book_step_record(struct book *book, const char *step);
const json_t *book_category_record(struct book *book, const char *key);
const char *book_kind(struct book *book, const char *kind);
const char *book_cell(struct book *book, const char *state);
/* The same for narrow columns. */
const char *book_short_role(struct book *book, const char *role);
const char *book_short_step(struct book *book, const char *step);
const char *book_short_kind(struct book *book, const char *kind);
const char *book_verdict(struct book *book, const char *verdict);

/* "3 information impairment". */
void book_category(struct book *book, const char *key, struct str *out);
/* The same for a narrow column. */
void book_short_category(struct book *book, const char *key, struct str *out);

/* A person's surname-like short form: what stands before the first blank. */
void book_short_person(struct book *book, const char *id, struct str *out);

stamp book_now(const struct book *book);
int book_offset(const struct book *book);

/* "22:41" today, "11-22 22:41" in the same year, else the whole date; "" for STAMP_NONE. */
void book_time(const struct book *book, stamp at, char out[STAMP_SIZE]);

/* Time left until `due`, at most 8 columns, negative when late; "-" for STAMP_NONE. */
void book_left(const struct book *book, stamp due, char out[STAMP_SIZE]);

/* Whether one entry of waiting_for means the person at the screen. */
bool book_is_me(const struct book *book, const json_t *waiting);

/* Whether the person at the screen is among those a ROW waits for. */
bool book_waits_for_me(const struct book *book, const json_t *row);

/* The one a row names of those it waits for: who has the nearest limit, oneself before others. */
struct book_waited {
	const json_t *entry; /* of waiting_for; NULL: nobody is awaited */
	bool mine;           /* the entry means the person at the screen */
	bool for_me;         /* some entry does */
	stamp due;           /* the limit of exactly this; STAMP_NONE: it has none */
	bool late;
	size_t others;    /* how many more are awaited */
	bool others_late; /* somebody of them is late */
};
struct book_waited book_waited(const struct book *book, const json_t *row);
/* The same for a page that others read, too: whoever has the nearest limit, by name. */
struct book_waited book_waited_of_all(const struct book *book, const json_t *row);

/* "佐藤: instruct +1!" for a column of `cols`; its entry must not be NULL. */
void book_waited_words(
	struct book *book, const struct book_waited *waited, int cols, struct str *ret_words);

/* What is awaited: a step's label, but where two steps settle one thing that thing. */
const char *book_awaited_step(struct book *book, const char *step);
const char *book_short_awaited_step(struct book *book, const char *step);

/* All of waiting_for, people of the same step together: "佐藤, 高橋: instruct; ...". */
void book_waiting_all(struct book *book, const json_t *waiting, struct str *out);

/*
 * All that a ROW waits for in `cols`, whom book_waited() names first: with short names
 * where the whole ones have no room, and "+2" for whom there is none either.
 */
void book_waiting_fit(struct book *book, const json_t *row, int cols, struct str *out);

/* "2026-11-22 22:41 JST". */
void book_time_full(const struct book *book, stamp at, struct str *out);

#endif
