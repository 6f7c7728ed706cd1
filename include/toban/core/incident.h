/* SPDX-License-Identifier: MIT */
/*
 * An incident as its events tell it.  Nothing is stored that cannot be folded
 * again from the ledger; every member is derived.  Lives in one arena.
 */
#ifndef TOBAN_CORE_INCIDENT_H
#define TOBAN_CORE_INCIDENT_H

#include <jansson.h>
#include <stdbool.h>

#include "toban/core/custody.h"
#include "toban/core/desk_mark.h"
#include "toban/core/event.h"
#include "toban/core/procedure.h"

enum major { MAJOR_NO, MAJOR_PROPOSED, MAJOR_YES, MAJOR_REFUSED };

/* One person told at one link of the chain. */
struct contact {
	int link;           /* 1..n of the chain */
	const char *person; /* id */
	const char *role;   /* word under which they were told: owner, deputy, … */
	stamp notified_at;
	stamp seen_at;         /* STAMP_NONE until */
	stamp acknowledged_at; /* STAMP_NONE until, and again when it lapsed */
	bool answered_for;     /* one who stood in for them acknowledged in their place */
	stamp due_at;          /* to acknowledge */
	bool skipped;          /* became involved: no longer counts, sees nothing */
	/* Of the entry that told them (anew), set due_at, acknowledged; 0: none has. */
	int64_t told_seq;
	int64_t due_seq;
	int64_t acknowledged_seq;
};

/* Who stands at a link, frozen when the incident was reported. */
struct chain_place {
	int link;
	const char *role;           /* the link's actor word */
	struct word_list people;    /* in the order they are told */
	struct word_list stand_ins; /* told when all of `people` are involved */
	struct word_list on_duty;   /* those of `people` who come from a roster */
	struct word_list acting;    /* those of `people` who stand in for somebody absent */
	struct word_list absent;    /* not told, though their place it is: they were away */
	bool open;                  /* somebody was told at this link */
	bool everyone;              /* all who were told must acknowledge, not one of them */
	struct clock_watch clock;   /* its limits, frozen too; no `word`: those of today hold */
	bool unanswered;            /* frozen with them: the silence of the link before opens it */
	int64_t moved_seq;          /* newest step from here or above that the handling moved by */
	int64_t renewed_seq;        /* newest other step of one who acknowledged here; 0: none */
	stamp renewed_at;           /* when that was */
};

struct instruction {
	int64_t seq;
	const char *by;
	struct word_list to; /* person or department ids */
	const char *text;
	stamp at;
	stamp due_at;
	int64_t answered_by; /* seq of the response; 0: none yet */
	bool ratifies;       /* made by `ratify` */
	int round;           /* in which it was given */
};

struct response {
	int64_t seq;
	const char *by;
	const char *text;
	stamp at;
	bool emergency; /* done before any instruction of its round: a ratification is owed */
	bool ratified;  /* of an emergency: the ratification followed */
	int round;
};

struct result {
	int version; /* 1.. in this round; 0: not reported in it, then nothing else here holds */
	int64_t seq;
	const char *by;
	const char *acted_for; /* whom the author stood in for; NULL nobody */
	stamp at;
	json_t *fields;   /* cause, damage, actions, text; borrowed from `store` of the incident */
	struct hash hash; /* of exactly what an approver is shown, see incident_result_hash() */
	const char *approved_by; /* NULL until */
	int64_t approved_seq;
	stamp approved_at;
	const char *returned_why; /* NULL unless returned last */
};

enum cell_state { CELL_ASKED, CELL_APPLIED, CELL_NOT_APPLICABLE, CELL_ACCEPTED, CELL_SENT_BACK };

struct cell { /* one measure in one department */
	const char *department;
	enum cell_state state;
	bool not_applicable; /* what was accepted or last claimed */
	stamp due_at;
	const char *by;        /* who applied it; NULL until */
	const char *acted_for; /* whom they stood in for; NULL nobody */
	const char *evidence;  /* NULL until */
	const char *why;       /* of not-applicable, accept, send-back; NULL */
	int64_t seq;           /* of the entry that brought it into this state */
	stamp at;
};

struct measure {
	const char *key;
	const char *text;
	const char *cause;
	const char *owner; /* who planned it */
	int round;
	stamp due_at;
	stamp effect_on; /* effectiveness is judged on or after this */
	struct cell *cells;
	size_t n_cells;
};

struct review {
	const char *item;
	const char *verdict; /* changed | no-change; NULL until given in this round */
	const char *text;
	const char *by;
	stamp at;
};

struct running_clock { /* a statutory clock */
	const char *key;
	int64_t seq; /* of the entry that started it */
	stamp due_at;
	const char *decision; /* NULL until decided: "reported" or "not-required" */
	const char *by;
	const char *why;
	stamp at;
};

struct evidence {
	int64_t seq;
	const char *name;
	const char *sha256;
	int64_t size;
	const char *by;
	stamp at;
};

struct incident_link {
	int64_t seq;
	const char *kind;  /* same-as, link */
	const char *other; /* incident id */
	const char *why;
	bool undone;
};

struct incident {
	const char *id;
	const char *state;        /* name in the flow */
	const char *state_before; /* before same-as; NULL */
	const char *title;
	const char *situation;
	const char *department;
	const char *finder;
	const char *contact; /* how to reach the finder */
	json_t *report;      /* all fields of the report as cleaned */
	stamp found_at;
	stamp reported_at;
	const char *category;
	struct word_list categories;
	struct word_list suspected;
	struct words reason;
	const char *table_version;
	enum major major;
	const char *major_by; /* who decided; NULL */
	bool drill;
	bool confidential;
	bool escalated; /* link 2 is open */
	int round;      /* 1.., + 1 on each reopening */

	const struct contact *contacts;
	size_t n_contacts;
	const struct chain_place *places;
	size_t n_places;
	struct word_list involved, kept_out; /* who was named; under all names, see sight.h */
	struct word_list readers; /* who was named; others read a confidential case by their part */
	const struct instruction *instructions; /* of all rounds */
	size_t n_instructions;
	const struct response *responses;
	size_t n_responses;
	struct result result;
	bool prevention_studied; /* a plan (perhaps of no measure, with a reason) in this round */
	const struct measure *measures; /* of all rounds */
	size_t n_measures;
	const struct review *reviews; /* one for each item of the procedure, in its order */
	size_t n_reviews;
	const struct running_clock *clocks;
	size_t n_clocks;
	const struct evidence *evidence;
	size_t n_evidence;
	const struct custody *custody; /* of all evidence, oldest first */
	size_t n_custody;
	const struct incident_link *links;
	size_t n_links;
	const struct desk_mark *marks; /* what the desk did by itself, oldest first */
	size_t n_marks;
	const struct phone_call *calls;
	size_t n_calls;

	stamp due_at;               /* of what is awaited next; STAMP_NONE if nothing is */
	stamp step_due;             /* what the last step's Due started; STAMP_NONE */
	int64_t step_due_seq;       /* of the entry with that step */
	stamp state_at;             /* when the state was entered */
	int64_t state_seq;          /* of the entry that led to it */
	int64_t suspected_seq;      /* of the entry since which it is suspected; 0: it is not */
	int64_t major_seq;          /* of the entry that proposed or decided `major`; 0: none did */
	const struct event *events; /* as given to the fold */
	size_t n_events;
	const bool *voided;    /* parallel to `events`: taken back, counts for nothing */
	int64_t last_seq;      /* of the newest event */
	int64_t last_step_seq; /* of the newest step a person took: what --expect compares */
	int64_t subject_seq;   /* of the newest event */
	/*
	 * The bodies as one JSON list, parallel to `events` (what an erasure kept
	 * in the place of an erased one).  Strings above are borrowed from it;
	 * freed by incident_release().
	 */
	json_t *store;
};

/*
 * Whether `next`, the event directly behind `event` in its incident, takes it back; `body` is
 * next's.  Nothing older can be: no entry makes a decision vanish that others have built on.
 */
bool incident_takes_back(const struct event *next, const json_t *body, const struct event *event);

/*
 * Folds the events of one incident, in the order of subject_seq.  The state
 * after each step is in its body, so old records never change meaning; only
 * review items and which states are final are looked up in `procedure`.  Erased
 * bodies are replaced by what the erasure kept.  An event that is not stored
 * yet (seq 0) counts as the one after the last.  ERR_CORRUPT when they tell no
 * incident (the first is no report, a body is no object with fields and state);
 * ERR_NOMEM.  On success call incident_release() before the arena goes.
 */
enum err incident_fold(struct arena *arena, const struct procedure *procedure,
	const struct event *events, size_t n, struct incident *ret_incident);

struct incident_source {
	const struct event *events;
	size_t n;
	const json_t *bodies; /* read before, parallel to them, null for none; NULL: not yet */
};

/* The same; the documents of `bodies` are shared with the incident, not changed. */
enum err incident_fold_read(struct arena *arena, const struct procedure *procedure,
	const struct incident_source *source, struct incident *ret_incident);

/*
 * The same incident with one event more: what incident_fold() would say of both, without reading
 * the old bodies again.  An erasure takes the body from the erased event of the result at once.
 * `before` stays as it is; what it borrows from must live as long as the result.
 */
enum err incident_fold_next(struct arena *arena, const struct procedure *procedure,
	const struct incident *before, const struct event *next, struct incident *ret_incident);

/* Frees the JSON the incident holds; safe on zeroed memory. */
void incident_release(struct incident *incident);

/*
 * The hash an approval binds: SHA-256 of the canonical JSON (sorted keys, no blanks) of
 * {"fields","id","round","version"}.  Not of the entry's seq: that is known only after storing,
 * and the hash must be showable before.  `fields` are those of the report-result step, `version`
 * counts its results within `round`.
 */
enum err incident_result_hash(
	const char *id, int round, int version, const json_t *fields, struct hash *ret_hash);

bool incident_is_involved(const struct incident *incident, const char *person);
const struct measure *incident_measure(const struct incident *incident, const char *key);
const struct cell *incident_cell(
	const struct incident *incident, const char *measure, const char *department);

/* Whether the person stands at that place of the chain, as it was frozen at the report. */
bool incident_stands_at(const struct chain_place *place, const char *person);
/* The person's contact at the link; NULL: not told there, nor did they answer. */
const struct contact *incident_contact(
	const struct incident *incident, int link, const char *person);

/* Whether the link of the chain is acknowledged: by one, or where it asks so by all told. */
bool incident_link_acknowledged(const struct incident *incident, int link);

/* Whether a category of it is urgent, or it is a (proposed) major accident. */
bool incident_is_urgent(const struct procedure *procedure, const struct incident *incident);

/* By what the rules of clocks are chosen. */
struct clock_case incident_clock_case(const struct incident *incident);

/* "no", "proposed", "yes", "refused" */
const char *major_word(enum major major);

/* "asked", "applied", "not-applicable", "accepted", "sent-back" */
const char *cell_state_word(enum cell_state state);

#endif
