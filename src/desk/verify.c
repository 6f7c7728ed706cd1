/* SPDX-License-Identifier: MIT */
/*
 * The verifier: the chain of the ledger, the engine's own check, the rules no
 * entry may break, and the summaries.  Everything is read in pages, so that
 * memory does not grow with the ledger; entries never change, so that reading
 * on while others write is sound.
 */
#include "verify.h"

#include <string.h>

#include "doc.h"
#include "toban/base/attr.h"
#include "toban/base/hash.h"
#include "toban/base/i18n.h"
#include "toban/core/erasure.h"

#define PAGE 500

/* --- entries that are no step of a case ------------------------------------------------ */

static void
check_org(struct verify *verify, struct arena *arena, const struct event *event, const json_t *body)
{
	const struct org *org = NULL;

	if (org_from_json(arena, body, &org)) {
		ledger_report(&verify->problems, event->seq, "unreadable",
			"entry %lld holds no organisation", (long long)event->seq);
	}
}

/* The files of a `definitions` entry as the loader wants them; 0 without memory. */
static size_t
body_files(struct arena *arena, json_t *files, struct def_file **ret_files)
{
	struct def_file *items = arena_array(arena, json_object_size(files), sizeof(*items));
	size_t n = 0;
	const char *path;
	json_t *text;

	json_object_foreach(files, path, text)
	{
		if (items && json_is_string(text)) {
			items[n++] = (struct def_file){ path, json_string_value(text),
				json_string_length(text) };
		}
	}
	*ret_files = items;
	return n;
}

/*
 * The hash an entry names must be the hash of the files it holds.  Files that
 * today's loader no longer reads cannot be compared; that is no fault of theirs.
 */
static void
check_definitions(
	struct verify *verify, struct arena *arena, const struct event *event, const json_t *body)
{
	struct ini_problems ignored = { .arena = arena };
	struct def_file *files = NULL;
	size_t n = body_files(arena, json_object_get(body, "files"), &files);
	const char *hash = json_string_value(json_object_get(body, "hash"));
	const struct procedure *procedure = NULL;
	char hex[HASH_HEX_SIZE];

	hash_hex(&verify->call->procedure->hash, hex);
	verify->same_rules = hash && strcmp(hash, hex) == 0;
	if (procedure_load(arena, (struct def_files){ files, n }, (struct def_files){ NULL, 0 },
		    &ignored, &procedure)) {
		return;
	}
	hash_hex(&procedure->hash, hex);
	if (!hash || strcmp(hash, hex) != 0) {
		ledger_report(&verify->problems, event->seq, "changed",
			"entry %lld: the definition files are not those of the hash it names",
			(long long)event->seq);
	}
}

static void
check_body(struct verify *verify, struct arena *arena, const struct event *event)
{
	bool org = strcmp(event->subject, SUBJECT_ORG) == 0;
	bool procedure = strcmp(event->subject, SUBJECT_PROCEDURE) == 0;
	json_t *body;

	if (!event->body && erasure_keep(event, &body) == ERASABLE_RIGHTS) {
		ledger_report(&verify->problems, event->seq, "unreadable",
			"entry %lld was erased, and must not be: who may do what, and by which "
			"rules, is proven by it",
			(long long)event->seq);
	}
	if (!event->body || (!org && !procedure)) {
		return;
	}
	body = json_loads(event->body, 0, NULL);
	if (!body) {
		ledger_report(&verify->problems, event->seq, "unreadable",
			"entry %lld holds no document", (long long)event->seq);
	} else if (org) {
		check_org(verify, arena, event, body);
	} else {
		check_definitions(verify, arena, event, body);
	}
	json_decref(body);
}

/* --- the walk ------------------------------------------------------------------------------- */

/* A report without a summary row is missing from every list. */
static enum err
check_listed(struct verify *verify, struct arena *arena, const struct event *event)
{
	struct incident_row row;
	enum err e;

	if (!verify->rebuild || event->subject_seq != 1) {
		return ERR_OK;
	}
	if (strcmp(event->kind, "report") != 0) {
		return verify_alert_listed(verify, arena, event);
	}
	e = store_incident(verify->call->store, arena, event->subject, &row);
	if (e == ERR_NOT_FOUND) {
		ledger_report(&verify->problems, event->seq, "summary",
			"incident %s has no summary row", event->subject);
		return ERR_OK;
	}
	return e;
}

/* What an entry says of itself, and of its case what is known by then. */
static enum err
check_claim(struct verify *verify, struct arena *arena, const struct event *event)
{
	bool of_case = verify_is_of_case(event);
	struct claim claim;
	enum err e;

	verify_claim(verify, event, &claim);
	verify_part(verify, event, &claim);
	e = verify_erasure(verify, arena, event);
	if (!e) {
		e = verify_evidence(verify, arena, event, &claim);
	}
	if (!e && of_case) {
		e = verify_case(verify, arena, event, &claim);
	}
	if (!e) {
		e = verify_signature(verify, arena, event, &claim);
	}
	if (!e) {
		e = verify_acting(verify, event, &claim);
	}
	return !e && of_case ? verify_case_judge(verify, arena, event) : e;
}

static enum err
walk_page(struct verify *verify, struct ledger_walk *walk, struct arena *arena, int64_t *after,
	bool *ret_more)
{
	struct event_list page = { NULL, 0 };
	enum err e = store_events(verify->call->store, arena, *after, PAGE, &page);

	for (size_t i = 0; !e && i < page.n; i++) {
		e = ledger_walk_row(walk, &page.items[i]);
		if (!e) {
			check_body(verify, arena, &page.items[i]);
			e = check_claim(verify, arena, &page.items[i]);
		}
		if (!e) {
			e = check_listed(verify, arena, &page.items[i]);
		}
	}
	*ret_more = !e && page.n > 0 && page.items[page.n - 1].seq > *after;
	if (*ret_more) {
		*after = page.items[page.n - 1].seq;
	}
	return e;
}

static enum err
add_heads(struct verify *verify, struct ledger_walk *walk)
{
	enum err e = ERR_OK;

	for (size_t i = 0; !e && verify->kept && i < verify->kept->n; i++) {
		e = ledger_walk_head(walk, &verify->kept->items[i].head);
	}
	return e;
}

static enum err
walk_all(struct verify *verify)
{
	struct ledger_walk *walk = ledger_walk_new(&verify->problems);
	struct arena *arena = arena_new();
	struct arena *kept = arena_new();
	enum err e = walk && arena && kept ? verify_signatures_start(verify, kept) : ERR_NOMEM;
	int64_t after = INT64_MIN; /* an inserted row may have any number */
	bool more = true;

	while (!e && more) {
		arena_clear(arena);
		e = walk_page(verify, walk, arena, &after, &more);
	}
	if (!e) {
		e = verify_cases_finish(verify, arena);
	}
	if (!e) {
		e = add_heads(verify, walk);
	}
	if (!e) {
		e = ledger_walk_finish(walk, NULL, &verify->events, &verify->end);
	}
	verify_cases_end(verify);
	verify_duty_end(verify);
	arena_free(arena);
	arena_free(kept);
	ledger_walk_free(walk);
	return e;
}

static enum err
check_file(struct verify *verify)
{
	return store_check(verify->call->store, &verify->problems);
}

/* Rows follow the procedure in force; a whole ledger may record that it changed. */
static enum err
check_rows(struct verify *verify)
{
	enum err e = verify->problems.n == 0 ? desk_follow(verify->call->desk) : ERR_OK;

	/* Without an organisation every row would differ: the walk said why. */
	return e || verify->call->desk->rescue ? e : verify_summaries(verify);
}

static const struct part {
	enum err (*check)(struct verify *verify);
	bool rebuild; /* only where all that is made from the ledger is asked for, too */
} parts[] = {
	{ check_file, false },
	{ walk_all, false },
	{ verify_handovers, false },
	{ verify_people, false },
	{ verify_keys, false },
	{ verify_targets, true },
	{ verify_alerts, true },
	{ check_rows, true },
};

enum err
verify_run(struct verify *verify)
{
	enum err e = ERR_OK;

	/* A part that cannot be read is a finding like others, and the other parts are looked at.
	 */
	for (size_t i = 0; !e && i < ARRAY_LEN(parts); i++) {
		e = !parts[i].rebuild || verify->rebuild ? parts[i].check(verify) : ERR_OK;
		if (e == ERR_CORRUPT || e == ERR_IO || e == ERR_INVALID) {
			ledger_report(&verify->problems, 0, "unreadable",
				"a part of the file cannot be read");
			e = ERR_OK;
		}
	}
	return e;
}
