/* SPDX-License-Identifier: MIT */
/*
 * The fold at work: the incident so far, and the lists that still grow.  Effects
 * (effect.h) write into it; incident.c hands the finished lists over.
 */
#ifndef TOBAN_CORE_INCIDENT_FOLD_H
#define TOBAN_CORE_INCIDENT_FOLD_H

#include <jansson.h>

#include "toban/core/incident.h"

/* A list that grows in the arena; items never keep their address across a push. */
struct fold_list {
	void *items;
	size_t n;
	size_t cap;
};

/* Appends one zeroed item of `size` bytes and gives it; NULL without memory. */
void *fold_push(struct arena *arena, struct fold_list *list, size_t size);

struct fold {
	struct arena *arena;
	const struct procedure *procedure;
	struct incident *incident;     /* scalar members are written at once */
	struct fold_list contacts;     /* struct contact */
	struct fold_list places;       /* struct chain_place */
	struct fold_list involved;     /* const char * */
	struct fold_list readers;      /* const char *: who was named */
	struct fold_list instructions; /* struct instruction */
	struct fold_list responses;    /* struct response */
	struct fold_list measures;     /* struct measure */
	struct fold_list reviews;      /* struct review, one for each item from the start */
	struct fold_list clocks;       /* struct running_clock */
	struct fold_list evidence;     /* struct evidence */
	struct fold_list custody;      /* struct custody */
	struct fold_list links;        /* struct incident_link */
	struct fold_list marks;        /* struct desk_mark */
	struct fold_list calls;        /* struct phone_call */
	bool *voided;                  /* parallel to the incident's events */
	stamp step_due;                /* of what follows the last step; STAMP_NONE */
};

/* One event with its body, read. */
struct entry {
	const struct event *event;
	int64_t seq; /* of the event, or the one it will get */
	json_t *body;
	json_t *fields; /* body's; an object */
};

/* The cell in the lists that still grow; NULL. */
struct cell *fold_cell(struct fold *fold, const char *measure, const char *department);

/* Marks the contacts of somebody who became involved. */
void fold_skip(struct fold *fold, const char *person);

/* Keeps whom an entry told, which links its actor acknowledged, that its actor read. */
enum err fold_notified(struct fold *fold, const struct entry *entry);
enum err fold_acknowledged(struct fold *fold, const struct entry *entry);
void fold_seen(struct fold *fold, const struct entry *entry);

/* Keeps which acknowledgements a person's step of this effect follows up, or renews. */
void fold_followed(struct fold *fold, const struct entry *entry, const char *effect);

/* Takes over the verdict a body carries, if it does. */
enum err fold_verdict(struct fold *fold, const struct entry *entry);

/* Keeps that an attached file was opened, exported, measured. */
enum err fold_custody(struct fold *fold, const struct entry *entry);

/* Keeps what the desk did by itself; other entries are passed over. */
enum err fold_mark(struct fold *fold, const struct entry *entry);

/* Starts the statutory clocks a body carries, if it does. */
enum err fold_clocks(struct fold *fold, const struct entry *entry);

#endif
