/* SPDX-License-Identifier: MIT */
/*
 * Who is there: absences with their stand-ins, duty rosters and the ways to reach people
 * (docs/procedure.md, "Who is told").  The facts are entries of the subject "duty"; what is
 * folded from them says of any moment who stands for a department or a part.  Pure.
 */
#ifndef TOBAN_CORE_DUTY_H
#define TOBAN_CORE_DUTY_H

#include "toban/core/event.h"
#include "toban/core/org.h"
#define SUBJECT_DUTY "duty"
#define DUTY_ABSENCE "absence"
#define DUTY_ABSENCE_ENDED "absence-ended"
#define DUTY_ROSTER "roster"
#define DUTY_EXCEPTION "roster-exception"
#define DUTY_EXCEPTION_REMOVED "roster-exception-removed"
#define DUTY_WAY "way"
#define DUTY_WAY_CONFIRMED "way-confirmed"
#define DUTY_WAY_REMOVED "way-removed"

/* The words under which somebody stands who holds no part of their own there. */
#define ROLE_ON_DUTY "on-duty"
#define ROLE_STAND_IN "stand-in"
#define WEEK_MIN (7 * 24 * 60)

struct absence {
	int64_t seq;        /* of its entry */
	const char *person; /* id */
	stamp from;
	stamp until;          /* the first moment they are back; <= from: called off */
	const char *stand_in; /* id; "": the deputies */
	const char *why;      /* "" not said */
	const char *by;       /* who entered it */
};

/* When somebody is on duty, every week, in minutes since Monday 0:00 of the desk's zone. */
struct week_span {
	int from_min;
	int to_min;         /* > from_min; beyond WEEK_MIN it goes on in the next week */
	const char *person; /* id; "": nobody, on purpose */
};

struct roster {
	int64_t seq;
	const char *department;
	stamp since; /* from then on it replaces all that earlier entries said of the department */
	const struct week_span *week;
	size_t n_week;
};

struct roster_exception { /* a span in which the weekly pattern does not hold */
	int64_t seq;      /* of its entry: a roster's own exceptions have the roster's */
	const char *department;
	stamp from;
	stamp until;        /* exclusive */
	const char *person; /* id; "": nobody, on purpose */
};

struct way {
	const char *person;
	const char *kind;   /* telephone, webhook, mail */
	const char *value;  /* the number; else the name of a personal target */
	int order;          /* 1..; the smallest is tried first */
	stamp confirmed_on; /* STAMP_NONE: never */
};

struct duty {
	const struct absence *absences; /* in the order they were entered */
	size_t n_absences;
	const struct roster *rosters;
	size_t n_rosters;
	const struct roster_exception *exceptions;
	size_t n_exceptions;
	const struct way *ways; /* by person, then order */
	size_t n_ways;
	int64_t subject_seq; /* of the newest entry; 0: none */
	int64_t faulty_seq;  /* of the first entry that says nothing readable; 0: none */
};

/*
 * Folds the entries of the subject in their order, copied into `arena`.  One that cannot be
 * read is passed over and named: a damaged absence must not keep anybody from being told.
 */
enum err duty_fold(
	struct arena *arena, const struct event *events, size_t n, struct duty *ret_duty);

/* The absence that holds at the moment, the one entered last; NULL: they are there. */
const struct absence *duty_absence(const struct duty *duty, const char *person, stamp at);

struct duty_query { /* what is asked about: a moment */
	const struct org *org;
	const struct duty *duty; /* NULL: no facts */
	stamp at;
	const struct word_list *involved; /* who is out of it; NULL: nobody */
};

/* The stand-in named in the absence that holds, if they are there themselves; else NULL. */
const struct person *duty_stand_in(const struct duty_query *query, const char *person);

/*
 * Whether `stand_in` acts for `absent`: named in the absence; or, where the named one is not
 * there, a deputy of the department for an owner, a member of the office for its head.
 */
bool duty_acts_for(
	const struct duty_query *query, const struct person *stand_in, const struct person *absent);

struct watch {                   /* what the roster says of one moment */
	struct word_list people; /* ids as the roster names them, in its order, absent or not */
	bool planned;            /* a span covers the moment, perhaps on purpose by nobody */
	bool rostered;           /* the department has a roster at that moment */
};

enum err duty_watch(struct arena *arena, const struct duty_query *query, const char *department,
	struct watch *ret_watch);

/* Who stands at a place, all of them ids of the organisation. */
struct standing {
	struct word_list people;    /* to be told, in order */
	struct word_list stand_ins; /* after them; the absent ones where nobody else is there */
	struct word_list on_duty;   /* those of `people` who come from the roster */
	struct word_list acting;    /* those of `people` who stand in for somebody absent */
	struct word_list absent;    /* who would stand here and is away */
};

/* A place: who holds it by the organisation, nobody involved among them. */
struct duty_place {
	const char *department;   /* whose roster counts; "" none */
	struct word_list holders; /* e.g. the owner */
	struct word_list seconds; /* e.g. the deputies */
};

/*
 * Who stands at the place: who is on duty, the holders who are there, the stand-ins of those
 * who are not, and where these are none the seconds.  Without facts: holders and seconds.
 */
enum err duty_standing(struct arena *arena, const struct duty_query *query,
	const struct duty_place *place, struct standing *ret_standing);

/* Whose roster counts for an actor word: the office and crisis management have their own. */
const char *duty_roster_of(const struct org *org, const char *word, const char *department);

/*
 * The place of two actor words of owner, deputy, office-head, office and crisis: its holders and
 * its seconds ("" none), for a case of `department`.  ERR_NOMEM.
 */
enum err duty_place_of(struct arena *arena, const struct duty_query *query,
	const char *const words[2], const char *department, struct duty_place *ret_place);

#endif
