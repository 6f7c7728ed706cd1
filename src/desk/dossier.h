/* SPDX-License-Identifier: MIT */
/*
 * The cases of one call: read and folded for the caller, who may see them or not.  Part of
 * call.h, which everybody includes.
 */
#ifndef TOBAN_DESK_DOSSIER_H
#define TOBAN_DESK_DOSSIER_H

#include "toban/core/incident.h"
#include "toban/store/store.h"

struct call;

/* An incident with what it was made of; lives until the call ends. */
struct glass; /* glass.h */

struct dossier {
	struct event_list events;
	struct incident incident;
	const struct glass *glass; /* by which the caller reads it; NULL: by their part */
	struct dossier *next;
};

/* Reads and folds an incident the caller may see; D304 for both missing and hidden. */
enum err dossier_open(struct call *call, const char *id, struct dossier **ret_dossier);

/* As above without asking who may see it; n == 0 events give ERR_NOT_FOUND without a document. */
enum err dossier_load(struct call *call, const char *id, struct dossier **ret_dossier);

/* Folds the given events into a dossier of this call. */
enum err dossier_fold(
	struct call *call, const struct event *events, size_t n, struct dossier **ret_dossier);

#endif
