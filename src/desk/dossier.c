/* SPDX-License-Identifier: MIT */
/*
 * Opening an incident: its events, read and folded, for whoever may see it.
 */
#include "call.h"

#include <string.h>

#include "bodies.h"
#include "glass.h"
#include "sight.h"
#include "toban/base/attr.h"

enum err
dossier_fold(struct call *call, const struct event *events, size_t n, struct dossier **ret_dossier)
{
	struct dossier *dossier = arena_alloc(call->arena, sizeof(*dossier));
	struct incident_source source = { .events = events, .n = n };
	enum err e = dossier ? bodies_read(call->desk, events, n, &source.bodies) : ERR_NOMEM;

	if (!e) {
		e = incident_fold_read(call->arena, call->procedure, &source, &dossier->incident);
	}
	if (e) {
		return e;
	}
	dossier->next = call->dossiers; /* released with the call */
	call->dossiers = dossier;
	e = incident_keep_out(call->arena, call->procedure, call->org, &dossier->incident);
	if (!e) {
		*ret_dossier = dossier;
	}
	return e;
}

enum err
dossier_load(struct call *call, const char *id, struct dossier **ret_dossier)
{
	struct event_list events = { NULL, 0 };
	enum err e = store_subject(call->store, call->arena, id, &events);

	if (e) {
		return call_fail_store(call, e, false);
	}
	if (events.n == 0) {
		return ERR_NOT_FOUND;
	}
	e = dossier_fold(call, events.items, events.n, ret_dossier);
	if (e) {
		return call_fail_store(call, e, false);
	}
	(*ret_dossier)->events = events;
	return ERR_OK;
}

/* The subjects of the ledger that are no incident must look like missing ones. */
static bool
is_incident_id(const char *id)
{
	return id[0] >= '0' && id[0] <= '9';
}

/* What dossier_load() does for a number that was never given. */
static enum err
look_in_vain(struct call *call)
{
	struct event_list none = { NULL, 0 };
	enum err e = store_subject(call->store, call->arena, "", &none);

	return e ? e : ERR_NOT_FOUND;
}

enum err
dossier_open(struct call *call, const char *id, struct dossier **ret_dossier)
{
	struct str_arg args[] = { { "id", id } };
	struct dossier *dossier = NULL;
	struct step_context context;
	struct glass *glass = arena_alloc(call->arena, sizeof(*glass));
	enum row_sight sight = ROW_SEEN;
	enum err e = is_incident_id(id) ? case_sight(call, id, &sight) : ERR_NOT_FOUND;

	if (!glass) {
		return ERR_NOMEM;
	}
	*glass = (struct glass){ .seq = 0 };
	/*
	 * What is missing is looked for once more, and so is what is hidden, under a name that
	 * nothing has: how long the answer takes must not tell one from the other.
	 */
	if (!e && sight != ROW_SEEN) {
		e = glass_find(call, id, glass);
		glass->seq = sight == ROW_RESTRICTED ? glass->seq : 0;
	}
	if (!e && (sight == ROW_SEEN || glass->seq)) {
		e = dossier_load(call, id, &dossier);
	} else if (!e) {
		e = look_in_vain(call);
	}
	if (e == ERR_NOT_FOUND && sight == ROW_SEEN) {
		enum err vain = glass_find(call, id, glass);

		e = vain ? vain : ERR_NOT_FOUND;
	}
	if (e && e != ERR_NOT_FOUND) {
		return e;
	}
	if (!e) {
		context = call_context(call, &dossier->incident);
		e = incident_visible(&context) || glass->seq ? ERR_OK : ERR_NOT_FOUND;
	}
	if (e) {
		return call_fail_say(call, "D304", args, ARRAY_LEN(args));
	}
	dossier->glass = glass->seq ? glass : NULL;
	*ret_dossier = dossier;
	return ERR_OK;
}
