/* SPDX-License-Identifier: MIT */
/*
 * Effects of review and closing: the seven review items, statutory clocks, and
 * the ways out of and back into the procedure.
 */
#include <string.h>

#include "effect.h"
#include "effect_body.h"

static enum err
fold_review(struct fold *f, const struct entry *entry)
{
	const char *item = body_text_or(entry->fields, "item", "");
	struct review *reviews = f->reviews.items;

	for (size_t i = 0; i < f->reviews.n; i++) {
		if (!strcmp(reviews[i].item, item)) {
			reviews[i] = (struct review){
				.item = reviews[i].item,
				.verdict = body_text(entry->fields, "verdict"),
				.text = body_text_or(entry->fields, "text", ""),
				.by = entry->event->actor,
				.at = entry->event->at,
			};
		}
	}
	return ERR_OK; /* an item that a site dropped since is in the log only */
}

static enum err
fold_clock(struct fold *f, const struct entry *entry)
{
	const char *key = body_text_or(entry->fields, "clock", "");
	struct running_clock *clocks = f->clocks.items;

	for (size_t i = 0; i < f->clocks.n; i++) {
		if (!strcmp(clocks[i].key, key)) {
			clocks[i].decision = body_text(entry->fields, "decision");
			clocks[i].by = entry->event->actor;
			clocks[i].why = body_text_or(entry->fields, "why", "");
			clocks[i].at = entry->event->at;
		}
	}
	return ERR_OK;
}

static enum err
take_reopen(struct taking *t)
{
	return body_set(t->body, "round", json_integer(t->context->incident->round + 1));
}

/* --- the same as another ------------------------------------------------------------- */

static enum err
take_other(struct taking *t)
{
	const char *other = body_text_or(t->fields, "other", "");

	if (!strcmp(other, t->context->incident->id)) {
		taking_fault(t, "other", "D107", _("That is this incident itself; name another."));
	}
	return ERR_OK;
}

static enum err
add_link(struct fold *f, const struct entry *entry, const char *kind)
{
	struct incident_link *link = fold_push(f->arena, &f->links, sizeof(*link));

	if (!link) {
		return ERR_NOMEM;
	}
	*link = (struct incident_link){
		.seq = entry->seq,
		.kind = kind,
		.other = body_text_or(entry->fields, "other", ""),
		.why = body_text_or(entry->fields, "why", ""),
	};
	return ERR_OK;
}

static enum err
fold_same_as(struct fold *f, const struct entry *entry)
{
	f->incident->state_before = f->incident->state;
	return add_link(f, entry, "same-as");
}

/* Back to where it was before it was found to be the same. */
static enum err
take_not_same_as(struct taking *t)
{
	if (!t->context->incident->state_before) {
		return taking_refuse(
			t, "D406", _("This incident is not marked as the same as another."));
	}
	t->state = t->context->incident->state_before;
	return ERR_OK;
}

static enum err
fold_not_same_as(struct fold *f, const struct entry *entry)
{
	struct incident_link *links = f->links.items;

	(void)entry; /* that it happened is all it says */
	f->incident->state_before = NULL;
	for (size_t i = f->links.n; i-- > 0;) {
		if (!strcmp(links[i].kind, "same-as") && !links[i].undone) {
			links[i].undone = true;
			break;
		}
	}
	return ERR_OK;
}

static enum err
fold_link(struct fold *f, const struct entry *entry)
{
	return add_link(f, entry, "link");
}

const struct effect effect_review_table[] = {
	{ "review-item", NULL, fold_review },
	{ "decide-clock", NULL, fold_clock },
	{ "close", NULL, NULL },
	{ "reopen", take_reopen, NULL },
	{ "dismiss", NULL, NULL },
	{ "same-as", take_other, fold_same_as },
	{ "not-same-as", take_not_same_as, fold_not_same_as },
	{ "link", take_other, fold_link },
	{ NULL, NULL, NULL },
};
