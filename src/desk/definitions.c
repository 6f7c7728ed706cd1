/* SPDX-License-Identifier: MIT */
/*
 * What the ledger remembers of the rules: the organisation and the definition
 * files of the procedure, with their contents, so that an old record can be
 * read under the rules it was made under.
 */
#include "definitions.h"

#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "figures.h"
#include "jumps.h"
#include "signing.h"
#include "summary.h"
#include "toban/base/hash.h"
#include "toban/core/sight.h"
#include "toban/store/wake.h"
#include "wakes.h"

/* Its name in the store: the rows were made by a desk that hides a case under all names. */
#define NAMES_MARK "names"

/* --- the entries -------------------------------------------------------------- */

/* The body of a `definitions` entry: the hash and every file; NULL without memory. */
static char *
definitions_body(const struct procedure *procedure)
{
	char hex[HASH_HEX_SIZE];
	json_t *files = json_object();
	json_t *body;
	char *text;
	int failed = 0;

	hash_hex(&procedure->hash, hex);
	for (size_t i = 0; i < procedure->n_files; i++) {
		const struct def_file *file = &procedure->files[i];

		failed |=
			json_object_set_new(files, file->path, json_stringn(file->data, file->len));
	}
	body = json_pack("{s:s, s:o}", "hash", hex, "files", files);
	text = body && !failed ? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(body);
	return text;
}

/* An entry the desk makes by itself. */
static struct event
desk_event(const char *id, const char *subject, const char *kind, stamp now)
{
	return (struct event){
		.id = id,
		.subject = subject,
		.subject_seq = 1,
		.at = now,
		.happened_at = STAMP_NONE,
		.actor = ACTOR_DESK,
		.post = "",
		.kind = kind,
		.form = "",
		.form_version = "",
	};
}

/*
 * The organisation's body.  When it names no login at all, the creator becomes
 * the first administrator: otherwise nobody could administer the desk.
 */
static enum err
org_body(const struct org *org, const char *creator, char **ret_text)
{
	struct person *people = calloc(org->n_people ? org->n_people : 1, sizeof(*people));
	struct org copy = *org;
	struct person *admin = NULL;
	bool logins = false;
	json_t *body;

	if (!people) {
		return ERR_NOMEM;
	}
	memcpy(people, org->people, org->n_people * sizeof(*people));
	for (size_t i = 0; i < org->n_people; i++) {
		logins = logins || people[i].login[0] != '\0';
		if (!admin && people[i].roles & ROLE_ADMIN) {
			admin = &people[i];
		}
	}
	if (!logins && admin && creator && !org_post_login(org, creator)) {
		admin->login = creator;
	}
	copy.people = people;
	body = org_to_json(&copy);
	/* A desk that was founded without it would let decisions go unsigned. */
	*ret_text = json_object_set_new(body, ORG_DECISIONS, json_string("signed")) == 0
		? json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS)
		: NULL;
	json_decref(body);
	free(people);
	return *ret_text ? ERR_OK : ERR_NOMEM;
}

enum err
desk_found(struct store *store, const struct clock *clock, const struct procedure *procedure,
	const struct org *org, const char *creator)
{
	stamp now = clock_now(clock);
	char ids[2][NEW_ID_SIZE];
	struct event events[2] = {
		desk_event(ids[0], SUBJECT_ORG, "organisation", now),
		desk_event(ids[1], SUBJECT_PROCEDURE, "definitions", now),
	};
	struct store_batch batch = { .events = events, .n_events = 2 };
	char *org_text = NULL;
	char *definitions = definitions_body(procedure);
	enum err e = definitions ? org_body(org, creator, &org_text) : ERR_NOMEM;

	random_id(now, ids[0]);
	random_id(now, ids[1]);
	if (!e) {
		events[0].body = org_text;
		events[1].body = definitions;
		e = store_commit(store, &batch);
	}
	if (!e) {
		/* Without it the first engine looks at what there is, which is nothing yet. */
		(void)wakes_mark(store, procedure);
	}
	free(org_text);
	free(definitions);
	return e;
}

/* --- following a changed procedure --------------------------------------------------- */

/* The row of one incident, made again from its entries. */
struct again {
	const struct desk *desk;
	const struct org *org;
	struct arena *arena;
	const char *id;
	struct incident incident; /* the row's texts live in it and in the arena */
	struct incident_row row;
};

/* The incident is to be released whatever comes of it. */
static enum err
again_make(struct again *again)
{
	const struct procedure *procedure = again->desk->parts.procedure;
	struct event_list events = { NULL, 0 };
	struct clock_jumps jumps = { NULL, 0 };
	struct summary_source source = {
		.procedure = procedure, .org = again->org, .incident = &again->incident
	};
	enum err e = store_subject(again->desk->parts.store, again->arena, again->id, &events);

	if (!e) {
		e = jumps_read(again->desk->parts.store, again->arena, &jumps);
	}
	if (!e) {
		source.jumps = jumps.items;
		source.n_jumps = jumps.n;
		e = incident_fold(
			again->arena, procedure, events.items, events.n, &again->incident);
	}
	e = e ? e : incident_keep_out(again->arena, procedure, again->org, &again->incident);
	return e ? e : summary_row(again->arena, &source, &again->row);
}

/*
 * Inside the transaction nobody takes a step: one taken since the row was
 * compared must not be overwritten with what stood before it.
 */
static enum err
again_seal(struct store_batch *batch, void *ctx)
{
	struct again *again = ctx;

	(void)batch; /* points to the row */
	incident_release(&again->incident);
	return again_make(again);
}

/*
 * A row that cannot be made again is left for the verifier to name: an old
 * damaged case must not keep a whole shift from opening the desk.
 */
enum err
definitions_row_again(const struct desk *desk, struct arena *arena, const struct incident_row *old)
{
	struct again again = {
		.desk = desk, .org = desk->org, .arena = arena, .id = old->id
	};
	struct store_batch batch = {
		.incidents = &again.row, .n_incidents = 1, .seal = again_seal, .seal_ctx = &again
	};
	enum err e = again_make(&again);

	if (!e && summary_difference(old, &again.row)) {
		e = store_commit(desk->parts.store, &batch);
	}
	incident_release(&again.incident);
	return e == ERR_CORRUPT ? ERR_OK : e;
}

static enum err
row_again(void *ctx, struct arena *arena, const struct incident_row *old)
{
	return definitions_row_again(ctx, arena, old);
}

static enum err
keep_row(struct rows_again *all, const struct incident_row *row)
{
	struct incident_row *rows =
		arena_extend(all->arena, all->rows, all->n, &all->room, sizeof(*rows));

	if (!rows) {
		return ERR_NOMEM;
	}
	all->rows = rows;
	return summary_copy(all->arena, row, &all->rows[all->n++]);
}

/* Who may know of a case is said in its figures, too. */
static enum err
keep_figures(struct rows_again *all, const struct again *again)
{
	const struct summary_source source = { .procedure = again->desk->parts.procedure,
		.org = again->org,
		.incident = &again->incident };
	struct figure_row made;
	struct figure_row *figures;
	enum err e;

	if (again->row.drill) {
		return ERR_OK;
	}
	figures = arena_extend(
		all->arena, all->figures, all->n_figures, &all->figure_room, sizeof(*figures));
	if (!figures) {
		return ERR_NOMEM;
	}
	all->figures = figures;
	e = figures_row(again->arena, &source, &again->row, &made);
	return e ? e : figures_copy(all->arena, &made, &all->figures[all->n_figures++]);
}

static enum err
row_under(void *ctx, struct arena *arena, const struct incident_row *old)
{
	struct rows_again *all = ctx;
	struct again again = {
		.desk = all->desk, .org = all->org, .arena = arena, .id = old->id
	};
	enum err e = again_make(&again);

	if (!e && summary_difference(old, &again.row)) {
		e = keep_row(all, &again.row);
		e = e ? e : keep_figures(all, &again);
	}
	incident_release(&again.incident);
	return e == ERR_CORRUPT ? ERR_OK : e;
}

enum err
definitions_rows_under(struct rows_again *again)
{
	return summary_each(again->desk->parts.store, row_under, again);
}

/* Whether the newest `definitions` entry names this procedure. */
static bool
is_recorded(const struct event_list *events, const struct procedure *procedure)
{
	char hex[HASH_HEX_SIZE];
	const char *body = events->n ? events->items[events->n - 1].body : NULL;
	json_t *json = body ? json_loads(body, 0, NULL) : NULL;
	const char *recorded = json_string_value(json_object_get(json, "hash"));
	bool same;

	hash_hex(&procedure->hash, hex);
	same = recorded && strcmp(recorded, hex) == 0;
	json_decref(json);
	return same;
}

static enum err
record_definitions(struct desk *desk, int64_t subject_seq)
{
	stamp now = clock_now(&desk->parts.clock);
	char id[NEW_ID_SIZE];
	struct event event = desk_event(id, SUBJECT_PROCEDURE, "definitions", now);
	struct store_batch batch = { .events = &event, .n_events = 1 };
	char *body = definitions_body(desk->parts.procedure);
	enum err e;

	if (!body) {
		return ERR_NOMEM;
	}
	random_id(now, id);
	event.subject_seq = subject_seq;
	event.body = body;
	e = store_commit(desk->parts.store, &batch);
	free(body);
	return e;
}

/* Whether a case is hidden from more than the rows say, if a desk that knew no names made them. */
static enum err
names_stale(struct desk *desk, bool *ret_stale)
{
	const char *mark = NULL;
	struct arena *arena;
	enum err e;

	*ret_stale = false;
	for (size_t i = 0; i < desk->org->n_people; i++) {
		*ret_stale = *ret_stale || desk->org->people[i].names.n;
	}
	if (!*ret_stale) {
		return ERR_OK; /* so it is nearly everywhere */
	}
	arena = arena_new();
	e = arena ? store_engine_get(desk->parts.store, arena, NAMES_MARK, &mark) : ERR_NOMEM;
	arena_free(arena);
	*ret_stale = e == ERR_NOT_FOUND;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err
names_follow(struct desk *desk)
{
	bool stale = false;
	enum err e = names_stale(desk, &stale);

	if (!e && stale) {
		e = summary_each(desk->parts.store, row_again, desk);
		e = e ? e : figures_rebuild(desk);
		e = e ? e : store_engine_put(desk->parts.store, NAMES_MARK, "1");
	}
	return e;
}

/* A desk of an older version: what its rows and figures lack is made from the entries. */
static enum err
rows_follow(struct desk *desk)
{
	bool stale = false;
	enum err e = store_figures_stale(desk->parts.store, &stale);

	if (!e && stale) {
		e = summary_each(desk->parts.store, row_again, desk);
	}
	e = e ? e : figures_follow(desk);
	return e ? e : names_follow(desk);
}

enum err
definitions_follow(struct desk *desk)
{
	enum err e = ERR_CONFLICT;

	/* Two desks of the same new version may start at once; one records. */
	for (int tries = 0; e == ERR_CONFLICT && tries < 3; tries++) {
		struct event_list events = { NULL, 0 };
		struct arena *arena = arena_new();

		e = arena ? store_subject(desk->parts.store, arena, SUBJECT_PROCEDURE, &events)
			  : ERR_NOMEM;
		if (!e && !is_recorded(&events, desk->parts.procedure)) {
			/* Summaries first: a crash between the two is made good at the next start.
			 */
			e = events.n ? summary_each(desk->parts.store, row_again, desk) : ERR_OK;
			e = e || !events.n ? e : figures_rebuild(desk);
			e = e ? e : wakes_mark(desk->parts.store, desk->parts.procedure);
			e = e ? e : record_definitions(desk, (int64_t)events.n + 1);
		}
		arena_free(arena);
	}
	return e ? e : rows_follow(desk);
}
