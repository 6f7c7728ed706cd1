/* SPDX-License-Identifier: MIT */
/*
 * Keys: one's own, and those that wait for a decision, with their fingerprints.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "list.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "sign.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum { MARK_COLS = 2, WHO_COLS = 18, STATE_COLS = 20, DETAIL_ROWS = 6 };

/* Whose business a key is, in the order of the list. */
enum rank { RANK_DECIDES, RANK_OWN, RANK_OTHERS, RANK_COUNT };

struct keyring {
	struct screen base;
	json_t *keys; /* what waits first, then one's own, then the others */
	struct list list;
	char *method; /* of the decision that is being asked about */
	char *fingerprint;
	bool has_why;
	char *typed;     /* the reason, until it is recorded; NULL: none */
	char *typed_for; /* the key that it is about */
};

static struct keyring *
self(struct screen *screen)
{
	return (struct keyring *)screen;
}

static const json_t *
key_at(const struct keyring *keyring, int i)
{
	return json_array_get(keyring->keys, (size_t)i);
}

static const char *
row_id(const void *ctx, int i)
{
	return doc_text(json_array_get(ctx, (size_t)i), "fingerprint");
}

static const char *
state_words(const json_t *key)
{
	const char *state = doc_text(key, "state");

	if (strcmp(state, "proposed") == 0) {
		return _("waits for approval");
	}
	if (strcmp(state, "approved") == 0) {
		return _("signs");
	}
	return strcmp(state, "refused") == 0 ? _("was refused") : _("was revoked");
}

static enum rank
rank(const struct keyring *keyring, const json_t *key)
{
	struct book *book = &keyring->base.app->book;

	if (doc_flag(json_object_get(key, "may"), "approve")) {
		return RANK_DECIDES;
	}
	return strcmp(doc_text(key, "person"), book_me(book)) == 0 ? RANK_OWN : RANK_OTHERS;
}

static enum err
keyring_load(struct screen *screen)
{
	struct keyring *keyring = self(screen);
	json_t *result = NULL;
	json_t *sorted = json_array();
	enum err e = app_call(screen->app, "key.list", json_object(), &result);
	size_t i;
	json_t *key;

	for (int r = 0; e == ERR_OK && r < RANK_COUNT; r++) {
		json_array_foreach(doc_list(result, "keys"), i, key)
		{
			if ((int)rank(keyring, key) == r) {
				json_array_append(sorted, key);
			}
		}
	}
	json_decref(result);
	if (e != ERR_OK) {
		json_decref(sorted);
		return e;
	}
	json_decref(keyring->keys);
	keyring->keys = sorted;
	list_update(&keyring->list, (int)json_array_size(sorted), row_id, sorted);
	return ERR_OK;
}

static void
keyring_head(struct screen *screen, struct head *head)
{
	(void)screen;
	str_add(&head->state, _("With these, people sign what they decide."));
}

static void
paint_row(struct keyring *keyring, struct canvas *c, int row, int i)
{
	const json_t *key = key_at(keyring, i);
	struct book *book = &keyring->base.app->book;
	bool selected = i == keyring->list.selected;
	struct span spans[] = {
		{ MARK_COLS, ROLE_SELECTED, selected ? ">" : "" },
		{ MARK_COLS, ROLE_MINE, rank(keyring, key) == RANK_DECIDES ? "*" : "" },
		{ WHO_COLS, selected ? ROLE_HEAD : ROLE_TEXT,
			book_person(book, doc_text(key, "person")) },
		{ STATE_COLS, ROLE_TEXT, state_words(key) },
		{ 0, ROLE_QUIET, doc_text(key, "fingerprint") },
	};

	(void)paint_spans(c, (struct place){ row, 1, c->cols - 1 }, spans, ARRAY_LEN(spans));
}

/* Who could approve it: the office head and administrators, but its person. */
static void
add_deciders(struct keyring *keyring, const json_t *key, struct str *out)
{
	struct book *book = &keyring->base.app->book;
	bool first = true;
	size_t i;
	json_t *person;

	json_array_foreach(doc_list(book_org(book), "people"), i, person)
	{
		const json_t *roles = doc_list(person, "roles");
		bool decides = doc_holds(roles, "office-head") || doc_holds(roles, "admin");

		if (decides && strcmp(doc_text(person, "id"), doc_text(key, "person")) != 0) {
			if (first) {
				str_next_sentence(out);
			}
			str_addf(out, "%s%s", first ? _("Who can:") : _(", "), first ? " " : "");
			str_add(out, doc_words_of(person, "name"));
			first = false;
		}
	}
}

/* All of the selected key: whose it is, the fingerprint whole, who decided, and why. */
static void
detail(struct keyring *keyring, struct str *out)
{
	const json_t *key = key_at(keyring, keyring->list.selected);
	struct book *book = &keyring->base.app->book;
	bool ended = json_object_get(key, "ended_seq") != NULL;

	if (!key) {
		str_add(out, _("There is no key yet. 'toban key new' makes you one."));
		return;
	}
	str_addf(out, "%s (%s)  %s\n%s", book_person(book, doc_text(key, "person")),
		doc_text(key, "person"), doc_text(key, "comment"), doc_text(key, "fingerprint"));
	if (ended) {
		str_addf(out, "\n%s: %s  %s", state_words(key),
			book_person(book, doc_text(key, "ended_by")), doc_text(key, "why"));
	} else if (doc_flag(key, "first")) {
		str_addf(out, "\n%s",
			_("(first: approved without a signature, as nobody could sign)"));
	} else if (doc_text(key, "approved_by")[0]) {
		str_addf(out, "\n%s: %s", _("Approved by"),
			book_person(book, doc_text(key, "approved_by")));
	}
	if (rank(keyring, key) == RANK_DECIDES) {
		str_addf(out, "\n%s",
			_("Before you approve: have its person read the fingerprint to you, on "
			  "the telephone or in the room."));
	} else if (strcmp(doc_text(key, "state"), "proposed") == 0) {
		str_add_char(out, '\n');
		str_add(out,
			_("It signs once somebody else compared its fingerprint and approved "
			  "it."));
		add_deciders(keyring, key, out);
	}
}

static void
keyring_paint(struct screen *screen, struct canvas *c)
{
	struct keyring *keyring = self(screen);
	int rows = c->rows - DETAIL_ROWS;
	int top = list_view(&keyring->list, rows);
	struct str text = STR_INIT;

	for (int i = 0; i < rows && top + i < keyring->list.n; i++) {
		paint_row(keyring, c, i, top + i);
	}
	paint_rule(c, rows);
	detail(keyring, &text);
	(void)paint_wrapped(c, (struct place){ rows + 1, 1, c->cols - 2 },
		(struct wrap){ .rows = DETAIL_ROWS - 1 }, ROLE_TEXT, str_text(&text));
	str_release(&text);
	paint_caret(c, keyring->list.selected - top, 1, false);
}

static bool
keyring_key(struct screen *screen, const struct key *key)
{
	return list_key(&self(screen)->list, key->code);
}

/* --- deciding --------------------------------------------------------------------------------- */

static void
forget_reason(struct keyring *keyring)
{
	free(keyring->typed);
	free(keyring->typed_for);
	keyring->typed = NULL;
	keyring->typed_for = NULL;
}

/* Whether the reason that was typed is about the key that is being decided. */
static bool
is_about_it(const struct keyring *keyring)
{
	return keyring->typed && keyring->typed_for &&
		strcmp(keyring->typed_for, keyring->fingerprint) == 0;
}

/* Until it is recorded, or another key gets one: neither a refusal nor Esc loses it. */
static void
keep_reason(struct keyring *keyring, const char *value)
{
	if (value[0] || is_about_it(keyring)) {
		forget_reason(keyring);
	}
	if (value[0]) {
		keyring->typed = strdup(value);
		keyring->typed_for = strdup(keyring->fingerprint);
	}
}

/* Calls once more after signing, with the same that was asked about. */
static void
decide(struct screen *screen, const char *value)
{
	struct keyring *keyring = self(screen);
	json_t *args = json_pack("{s:s}", "fingerprint", keyring->fingerprint);
	json_t *result = NULL;
	json_t *error = NULL;
	struct str said = STR_INIT;

	(void)value;
	if (keyring->has_why) {
		json_object_set_new(args, "why", json_string(keyring->typed));
	}
	if (app_try(screen->app, keyring->method, args, &result, &error) != ERR_OK) {
		if (!sign_open(screen->app, error, screen, decide)) {
			app_say_error(screen->app, error);
			app_changed(screen->app);
		}
		json_decref(error);
		return;
	}
	forget_reason(keyring);
	str_say(&said, _("Recorded for {key}."),
		&(struct str_arg){ "key", doc_text(result, "fingerprint") }, 1);
	if (doc_flag(result, "first")) {
		str_next_sentence(&said);
		str_add(&said,
			_("Approved without a signature, as nobody who approves keys can sign yet; "
			  "this is on record."));
	}
	sign_words(screen->app, &said);
	app_say(screen->app, SAY_DONE, str_text(&said));
	str_release(&said);
	json_decref(result);
	app_changed(screen->app);
}

/* What cannot be done with the marked key is in brackets, with who could. */
static bool
keyring_why_not(struct screen *screen, const struct action *action, struct str *why)
{
	struct keyring *keyring = self(screen);
	const json_t *key = key_at(keyring, keyring->list.selected);
	bool waits = strcmp(doc_text(key, "state"), "proposed") == 0;
	bool signs = strcmp(doc_text(key, "state"), "approved") == 0;
	bool ends = strcmp(action->name, "revoke") == 0;

	if (doc_flag(json_object_get(key, "may"), action->name)) {
		return false;
	}
	if (!key) {
		str_add(why, _("There is no key yet. 'toban key new' makes you one."));
	} else if (ends && !waits && !signs) {
		str_add(why, _("This key has ended already."));
	} else if (!ends && !waits) {
		str_add(why, _("This key does not wait for a decision any more."));
	} else if (ends) {
		str_add(why, _("Its person ends this key, or somebody who approves keys."));
		add_deciders(keyring, key, why);
	} else {
		str_add(why, _("Keys are approved by others than their person."));
		add_deciders(keyring, key, why);
	}
	return true;
}

/* Binds the decision to the key that is before the eyes; false when it may not be taken. */
static bool
bind(struct keyring *keyring, const char *method, const char *may)
{
	const json_t *key = key_at(keyring, keyring->list.selected);

	if (!doc_flag(json_object_get(key, "may"), may)) {
		app_say(keyring->base.app, SAY_INFO,
			_("That is not for you, or not for a key in this state."));
		return false;
	}
	keyring->method = arena_strdup(keyring->base.arena, method);
	keyring->fingerprint = arena_strdup(keyring->base.arena, doc_text(key, "fingerprint"));
	keyring->has_why = false;
	return keyring->method && keyring->fingerprint;
}

static void
approve_run(struct screen *screen)
{
	struct keyring *keyring = self(screen);
	struct str text = STR_INIT;

	if (!bind(keyring, "key.approve", "approve")) {
		return;
	}
	detail(keyring, &text);
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = _("Approve the key"),
			.text = str_text(&text),
			.accept = _("Approve"),
			.answered = decide,
		});
	str_release(&text);
}

static void
why_given(struct screen *screen, const char *value)
{
	struct keyring *keyring = self(screen);

	if (!value[0]) {
		app_say(screen->app, SAY_INFO, _("A reason is needed; nothing was recorded."));
		return;
	}
	keep_reason(keyring, value);
	keyring->has_why = keyring->typed != NULL;
	if (keyring->has_why) {
		decide(screen, "");
	}
}

static void
why_left(struct screen *screen, const char *value)
{
	keep_reason(self(screen), value);
	if (value[0]) {
		app_say(screen->app, SAY_INFO,
			_("Nothing was recorded. The reason is kept until you leave the keys."));
	}
}

static void
ask_why(struct screen *screen, const char *method, const char *may)
{
	struct keyring *keyring = self(screen);

	if (bind(keyring, method, may)) {
		popup_prompt(screen->app,
			&(struct popup_prompt){
				.asker = screen,
				.label = _("Reason"),
				.text = is_about_it(keyring) ? keyring->typed : "",
				.answered = why_given,
				.left = why_left,
			});
	}
}

static void
refuse_run(struct screen *screen)
{
	ask_why(screen, "key.refuse", "refuse");
}

static void
revoke_run(struct screen *screen)
{
	ask_why(screen, "key.revoke", "revoke");
}

static void
keyring_release(struct screen *screen)
{
	forget_reason(self(screen));
	json_decref(self(screen)->keys);
	list_release(&self(screen)->list);
}

static const struct action actions[] = {
	{ "approve", 'a', 0, N_("approve.."), N_("Approve the key of somebody else; it is signed"),
		ACTION_HINT | ACTION_WRITES | ACTION_LIVE, approve_run },
	{ "refuse", 'r', 0, N_("refuse.."), N_("Refuse it; a reason is asked for"),
		ACTION_HINT | ACTION_WRITES | ACTION_LIVE, refuse_run },
	{ "revoke", 'x', 0, N_("revoke.."), N_("End a key for good; a reason is asked for"),
		ACTION_HINT | ACTION_WRITES | ACTION_LIVE, revoke_run },
	{ .name = NULL },
};

const struct screen_ops keyring_ops = {
	.name = "keyring",
	.title = N_("Signing keys"),
	.secret = true,
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = keyring_load,
	.head = keyring_head,
	.paint = keyring_paint,
	.key = keyring_key,
	.why_not = keyring_why_not,
	.release = keyring_release,
};

bool
keyring_is_decider(const struct app *app)
{
	const json_t *roles = doc_list(book_my_record(&app->book), "roles");

	return doc_holds(roles, "office-head") || doc_holds(roles, "admin");
}

void
keyring_open(struct app *app)
{
	(void)app_push(
		app, screen_new(app, &keyring_ops, sizeof(struct keyring))); /* says why not */
}
