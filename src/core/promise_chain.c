/* SPDX-License-Identifier: MIT */
/*
 * What is watched of the contact chain: see promise_chain.h.
 */
#include "promise_chain.h"

#include <string.h>

#include "chain_rule.h"

static bool
counts(const struct contact *c, int link)
{
	return c->link == link && !c->skipped && c->told_seq;
}

int
promise_chain_first(const struct incident *incident)
{
	int first = 0;

	for (size_t i = 0; i < incident->n_contacts; i++) {
		const struct contact *c = &incident->contacts[i];
		if (counts(c, c->link) && (!first || c->link < first)) {
			first = c->link;
		}
	}
	return first;
}

/* Whether somebody further up has taken it on: nobody below is called to mind any more. */
static bool
is_taken_above(const struct incident *inc, int link)
{
	for (size_t i = 0; i < inc->n_contacts; i++) {
		if (inc->contacts[i].link > link &&
			incident_link_acknowledged(inc, inc->contacts[i].link)) {
			return true;
		}
	}
	return false;
}

/* The link below whose silence made the desk write the entry; 0: it told for no such reason. */
static int
silent_link(const struct incident *inc, int64_t seq)
{
	for (size_t i = 0; i < inc->n_marks; i++) {
		const struct desk_mark *mark = &inc->marks[i];
		if (mark->seq == seq) {
			return !strcmp(mark->kind, KIND_RAISE) ||
					!strcmp(mark->kind, KIND_NOBODY_REACHED)
				? mark->link
				: 0;
		}
	}
	return 0;
}

/* Whoever was told first at a link; NULL: nobody was. */
static const struct contact *
told_first(const struct incident *inc, int link)
{
	const struct contact *first = NULL;

	for (size_t i = 0; i < inc->n_contacts; i++) {
		const struct contact *c = &inc->contacts[i];
		if (counts(c, link) && (!first || c->told_seq < first->told_seq)) {
			first = c;
		}
	}
	return first;
}

/*
 * Whether the silence ended for which the link was told: then nobody there is waited
 * for because of it.  That of another link below, which had answered long before, is no
 * answer to it.
 */
static bool
is_silence_over(const struct incident *inc, int link)
{
	const struct contact *told = told_first(inc, link);

	/* A link may be told for the silence of one that was itself told for a silence. */
	while (told) {
		int below = silent_link(inc, told->due_seq);

		if (below <= 0 || below >= told->link) {
			return false;
		}
		if (incident_link_acknowledged(inc, below)) {
			return true;
		}
		told = told_first(inc, below);
	}
	return false;
}

/* --- the telephone ------------------------------------------------------------------------ */

/* The newest attempt to reach the person since they were told; NULL: none. */
static const struct phone_call *
call_to(const struct incident *inc, const struct contact *c)
{
	for (size_t i = inc->n_calls; i > 0; i--) {
		const struct phone_call *call = &inc->calls[i - 1];
		if (call->seq > c->told_seq && !strcmp(call->to, c->person)) {
			return call;
		}
	}
	return NULL;
}

/* Since when nobody of the link is reached: each was called in vain.  NULL: not so. */
static const struct phone_call *
called_in_vain(const struct incident *inc, int link)
{
	const struct phone_call *last = NULL;

	for (size_t i = 0; i < inc->n_contacts; i++) {
		const struct contact *c = &inc->contacts[i];
		const struct phone_call *call = counts(c, link) ? call_to(inc, c) : NULL;
		if (!counts(c, link)) {
			continue;
		}
		if (!call || !strcmp(call->outcome, CALL_REACHED)) {
			return NULL;
		}
		last = !last || call->seq > last->seq ? call : last;
	}
	return last;
}

/* Somebody wrote that nobody was reached at all. */
static const struct phone_call *
said_nobody(const struct incident *inc, int64_t since)
{
	for (size_t i = inc->n_calls; i > 0; i--) {
		const struct phone_call *call = &inc->calls[i - 1];
		if (call->seq > since && !strcmp(call->outcome, CALL_NOBODY)) {
			return call;
		}
	}
	return NULL;
}

static bool
is_last_told(const struct incident *inc, int link)
{
	for (size_t i = 0; i < inc->n_contacts; i++) {
		if (counts(&inc->contacts[i], inc->contacts[i].link) &&
			inc->contacts[i].link > link) {
			return false;
		}
	}
	return true;
}

static void
look_at_telephone(const struct looking *l, const struct promise *link)
{
	const struct incident *inc = l->incident;
	const struct phone_call *call = called_in_vain(inc, link->link);
	struct promise p = *link;

	if (!call && is_last_told(inc, link->link)) {
		call = said_nobody(inc, link->since);
	}
	if (call) {
		p.watch = WATCH_CALL;
		p.once = KIND_NOBODY_REACHED;
		p.due = promise_moment(l->world, call->at, call->seq);
		promise_look(l, &p);
	}
}

/* --- links --------------------------------------------------------------------------------- */

static void
look_at_link(const struct looking *l, int link, const struct clock_watch *clock)
{
	const struct incident *inc = l->incident;
	const struct clock_case of = incident_clock_case(inc);
	struct promise p = {
		.watch = WATCH_LINK,
		.link = link,
		.since_at = STAMP_NONE,
		.due = STAMP_NONE,
		.rule = clock_rule_for(clock, &of),
	};
	const struct contact *first = told_first(inc, link);

	if (!first || incident_link_acknowledged(inc, link) || is_silence_over(inc, link)) {
		return;
	}
	p.since = first->told_seq;
	p.since_at = promise_moment(l->world, first->notified_at, first->told_seq);
	p.due = promise_moment(l->world, first->due_at, first->due_seq);
	look_at_telephone(l, &p);
	if (is_taken_above(inc, link)) {
		p.rule = (struct clock_rule){ 0 };
	}
	promise_look(l, &p);
}

void
promise_chain_links(const struct looking *l)
{
	const struct procedure *procedure = l->world->context->procedure;
	const struct incident *inc = l->incident;

	for (size_t i = 0; i < inc->n_places; i++) {
		const struct clock_watch *clock = chain_rule_of(procedure, &inc->places[i]);
		if (clock) {
			look_at_link(l, inc->places[i].link, clock);
		}
	}
}

/* --- acknowledgements ------------------------------------------------------------------------ */

/* In which the handling began: what comes later is watched by limits of its own. */
static bool
is_under_way(const struct incident *inc)
{
	for (size_t i = 0; i < inc->n_instructions; i++) {
		if (inc->instructions[i].round == inc->round) {
			return true;
		}
	}
	return inc->result.version > 0;
}

/* The newest acknowledgement of the link; NULL: it has none. */
static const struct contact *
acknowledged_last(const struct incident *inc, int link)
{
	const struct contact *last = NULL;

	for (size_t i = 0; i < inc->n_contacts; i++) {
		const struct contact *c = &inc->contacts[i];
		if (c->link == link && !c->skipped && c->acknowledged_seq &&
			(!last || c->acknowledged_seq > last->acknowledged_seq)) {
			last = c;
		}
	}
	return last;
}

/*
 * Only what moves the handling on keeps an acknowledgement alive for good; that whoever
 * gave it wrote something shows that they are still there, and gives them the time anew.
 */
static void
look_at_acknowledgement(const struct looking *l, const struct chain_place *place)
{
	const struct contact *last = acknowledged_last(l->incident, place->link);
	struct promise p = { .watch = WATCH_LAPSE, .link = place->link, .once = KIND_LAPSE };
	bool renewed;

	if (!last || !incident_link_acknowledged(l->incident, place->link) ||
		place->moved_seq >= last->acknowledged_seq) {
		return;
	}
	renewed = place->renewed_seq > last->acknowledged_seq;
	p.since = renewed ? place->renewed_seq : last->acknowledged_seq;
	p.since_at = promise_moment(
		l->world, renewed ? place->renewed_at : last->acknowledged_at, p.since);
	p.due = p.since_at + l->rule.due_ms;
	promise_look(l, &p);
}

void
promise_chain_lapses(const struct looking *l)
{
	const struct incident *inc = l->incident;

	for (size_t i = 0; !is_under_way(inc) && i < inc->n_places; i++) {
		look_at_acknowledgement(l, &inc->places[i]);
	}
}
