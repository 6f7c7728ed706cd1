/* SPDX-License-Identifier: MIT */
/*
 * The sign dialog: what is decided, the short hash of exactly what is signed, the key, and
 * for toban's own key the passphrase, which is never shown.
 */
#include "sign.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "await.h"
#include "doc.h"
#include "registry.h"
#include "secret_line.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

/* FIXED_ROWS: the hash, a rule, the fingerprint, the passphrase, a row to spare, the border. */
enum { LABEL_COLS = 16, FIXED_ROWS = 7, BORDER_COLS = 4, WIDEST = 78 };

struct sign {
	struct screen base;
	struct screen *asker;
	void (*again)(struct screen *asker, const char *value);
	char *method;
	json_t *args;
	json_t *error;
	struct arena *keys; /* screen arenas are emptied; what is signed is not read again */
	struct sign_ask ask;
	struct str lines; /* LABEL TAB VALUE, a line each */
	int n_lines;
	size_t at; /* which of them is looked for */
	size_t chosen;
	struct secret_text passphrase;
	enum signer_fault fault;
};

static struct sign *
self(struct screen *screen)
{
	return (struct sign *)screen;
}

/* --- between two calls ------------------------------------------------------------------- */

static void
forget(struct sign_state *state)
{
	free(state->method);
	json_decref(state->args);
	json_decref(state->error);
	json_decref(state->signed_args);
	state->method = NULL;
	state->args = state->error = state->signed_args = NULL;
}

/* The call without what may change between asking and signing; a new reference. */
static json_t *
bare(json_t *args)
{
	json_t *copy = json_copy(args);

	(void)json_object_del(copy, "event");
	(void)json_object_del(copy, "draft");
	(void)json_object_del(copy, "draft_hash");
	return copy;
}

static bool
is_signed_call(const struct sign_state *state, const char *method, json_t *args)
{
	json_t *before;
	json_t *now;
	bool same;

	if (!state->signed_args || !state->method || !args || strcmp(state->method, method) != 0) {
		return false;
	}
	before = bare(state->args);
	now = bare(args);
	same = before && now && json_equal(before, now);
	json_decref(before);
	json_decref(now);
	return same;
}

void
sign_add(struct app *app, const char *method, json_t *args)
{
	const struct sign_state *state = &app->sign;

	if (is_signed_call(state, method, args)) {
		json_object_set(args, "event", json_object_get(state->signed_args, "event"));
		json_object_set(
			args, "signature", json_object_get(state->signed_args, "signature"));
	}
}

void
sign_after(struct app *app, const char *method, json_t *args, json_t *error)
{
	struct sign_state *state = &app->sign;
	bool signs = json_object_get(args, "signature") != NULL;

	if (!signs || error) {
		state->hash[0] = '\0';
	}
	forget(state);
	if (error && args && json_is_object(json_object_get(error, "sign"))) {
		(void)json_object_del(args, "signature"); /* it did not do */
		state->method = strdup(method);
		state->args = json_incref(args);
		state->error = json_incref(error);
		if (!state->method) {
			forget(state);
		}
	}
}

void
sign_words(struct app *app, struct str *out)
{
	if (app->sign.hash[0]) {
		str_next_sentence(out);
		str_say(out, _("Signed {hash} with {key}."),
			(struct str_arg[]){ { "hash", app->sign.hash }, { "key", app->sign.key } },
			2);
	}
	app->sign.hash[0] = '\0';
}

void
sign_release(struct app *app)
{
	forget(&app->sign);
}

/* --- what is signed ------------------------------------------------------------------------ */

/* What a low window must show comes first. */
static const struct {
	const char *name;
	const char *label;
} labels[] = {
	{ "step", N_("Decision") },
	{ "kind", N_("Decision") },
	{ "subject", N_("About") },
	{ "person", N_("Key of") },
	{ "fingerprint", N_("Fingerprint") },
	{ "why", N_("Reason") },
	{ "actor", N_("By") },
	{ "for", N_("In the place of") },
	{ "post", N_("At the post") },
	{ "state", N_("State afterwards") },
	{ "time", N_("Time") },
	{ "stands-on", N_("After the entry") },
};

/* Its place among the labels; behind them what has none. */
static size_t
place_of(const char *name)
{
	size_t i = 0;

	while (i < ARRAY_LEN(labels) && strcmp(labels[i].name, name) != 0) {
		i++;
	}
	return i;
}

/* Ids as the screen calls them elsewhere. */
static const char *
words_of(struct book *book, const char *name, const char *value)
{
	if (strcmp(name, "step") == 0) {
		return book_step(book, value);
	}
	if (strcmp(name, "kind") == 0) {
		return strcmp(value, "key-approved") == 0   ? _("Approve the key")
			: strcmp(value, "key-revoked") == 0 ? _("Revoke the key")
							    : _("Bring in a key");
	}
	if (strcmp(name, "state") == 0) {
		return book_state(book, value);
	}
	return strcmp(name, "actor") == 0 || strcmp(name, "for") == 0 || strcmp(name, "person") == 0
		? book_person(book, value)
		: value;
}

static void
add_words(struct sign *sign, const char *label, const char *words)
{
	str_addf(&sign->lines, "%s\t", label);
	text_show(&sign->lines, words, strlen(words), TEXT_FOLD);
	str_add_char(&sign->lines, '\n');
	sign->n_lines++;
}

/*
 * The text that is signed has its time in UTC, so that it means the same everywhere; whoever
 * signs compares with the clock of row 1 and with the log.  Both stand here: the hash is of the
 * second.
 */
static void
add_time(struct sign *sign, const char *value)
{
	struct str local = STR_INIT;
	stamp at;

	if (stamp_parse(value, &at) == ERR_OK) {
		book_time_full(&sign->base.app->book, at, &local);
		add_words(sign, _("Time"), str_text(&local));
	}
	add_words(sign, _("Time as signed"), value);
	str_release(&local);
}

static void
add_line(void *ctx, const char *name, const char *value, size_t len)
{
	struct sign *sign = ctx;
	struct str raw = STR_INIT;

	if (place_of(name) != sign->at) {
		return;
	}
	str_add_n(&raw, value, len);
	if (strcmp(name, "time") == 0) {
		add_time(sign, str_text(&raw));
	} else {
		add_words(sign, sign->at < ARRAY_LEN(labels) ? _(labels[sign->at].label) : name,
			words_of(&sign->base.app->book, name, str_text(&raw)));
	}
	str_release(&raw);
}

/* --- painting --------------------------------------------------------------------------------- */

/* What went wrong, in a body of so many columns. */
static int
fault_rows(const struct sign *sign, int cols)
{
	return sign->fault ? paint_wrap_rows(signer_fault_text(sign->fault), cols - 2) : 0;
}

static void
sign_size(struct screen *screen, int *rows, int *cols)
{
	int wanted = self(screen)->n_lines + (int)self(screen)->ask.n_keys + FIXED_ROWS;
	int fault;

	*cols = *cols > WIDEST ? WIDEST : *cols;
	fault = fault_rows(self(screen), *cols - BORDER_COLS);
	wanted += fault > 1 ? fault - 1 : 0; /* the first has the row to spare */
	*rows = wanted;                      /* the frame gives as many as there are */
}

static void
sign_head(struct screen *screen, struct head *head)
{
	(void)screen;
	str_add(&head->title, _("Sign"));
}

static int
paint_lines(struct sign *sign, struct canvas *c, int most)
{
	const char *at = str_text(&sign->lines);
	int row = 0;

	while (*at && row < most) {
		size_t label = strcspn(at, "\t");
		size_t whole = strcspn(at, "\n");
		struct str text = STR_INIT;

		str_add_n(&text, at, label);
		(void)paint_text(
			c, (struct place){ row, 1, LABEL_COLS }, ROLE_QUIET, str_text(&text));
		str_clear(&text);
		str_add_n(&text, at + label + 1, whole - label - 1);
		(void)paint_cut(c, (struct place){ row, LABEL_COLS + 2, c->cols - LABEL_COLS - 3 },
			ROLE_TEXT, str_text(&text));
		str_release(&text);
		at += whole + 1;
		row++;
	}
	return row;
}

static void
paint_key(struct sign *sign, struct canvas *c, int row, size_t i)
{
	const struct signer_key *key = sign->ask.keys[i];
	bool chosen = i == sign->chosen;
	struct str text = STR_INIT;

	str_add(&text, key->own ? _("toban's own") : _("agent"));
	if (key->comment[0]) {
		str_addf(&text, ": %s", key->comment);
	}
	(void)paint_text(c, (struct place){ row, 1, 1 }, ROLE_SELECTED, chosen ? ">" : "");
	(void)paint_cut(c, (struct place){ row, 3, c->cols - 4 }, chosen ? ROLE_HEAD : ROLE_TEXT,
		str_text(&text));
	str_release(&text);
}

static void
sign_paint(struct screen *screen, struct canvas *c)
{
	struct sign *sign = self(screen);
	int keys = (int)sign->ask.n_keys;
	/* Below them the hash, a rule, the keys, a fingerprint, the passphrase; then what went
	 * wrong. */
	int row = paint_lines(sign, c, c->rows - keys - 4 - fault_rows(sign, c->cols));

	(void)paint_text(c, (struct place){ row, 1, LABEL_COLS }, ROLE_QUIET, _("Short hash"));
	(void)paint_text(
		c, (struct place){ row, LABEL_COLS + 2, 0 }, ROLE_HEAD, sign->ask.short_hash);
	paint_rule(c, ++row);
	for (size_t i = 0; i < sign->ask.n_keys; i++) {
		paint_key(sign, c, ++row, i);
	}
	row++;
	(void)paint_cut(c, (struct place){ row, 3, c->cols - 4 }, ROLE_TEXT,
		sign->ask.keys[sign->chosen]->fingerprint);
	if (sign->ask.keys[sign->chosen]->own) {
		secret_line_paint(c, (struct place){ ++row, 1, 0 }, _("Passphrase (not shown):"),
			&sign->passphrase);
	} else {
		paint_caret(c, row - keys + (int)sign->chosen, 1, false);
	}
	if (sign->fault) {
		(void)paint_wrapped(c, (struct place){ row + 1, 1, c->cols - 2 },
			(struct wrap){ .rows = c->rows - row - 1 }, ROLE_OVERDUE,
			signer_fault_text(sign->fault));
	}
}

/* --- keys --------------------------------------------------------------------------------- */

/* What was signed goes with the call that asked for it, and with no other. */
static enum err
keep_signed(struct sign *sign, const char *armored)
{
	struct sign_state *state = &sign->base.app->sign;
	json_t *args = json_copy(sign->args);
	enum err e = args ? sign_ask_answer(&sign->ask, armored, args) : ERR_NOMEM;

	if (e) {
		json_decref(args);
		return e;
	}
	forget(state);
	state->method = strdup(sign->method);
	state->args = json_incref(sign->args);
	state->signed_args = args;
	memcpy(state->hash, sign->ask.short_hash, sizeof(state->hash));
	memcpy(state->key, sign->ask.keys[sign->chosen]->fingerprint, sizeof(state->key));
	return state->method ? ERR_OK : ERR_NOMEM;
}

static void
sign_run(struct screen *screen)
{
	struct sign *sign = self(screen);
	const struct signer *signer = screen->app->options->signer;
	const struct signer_key *key = sign->ask.keys[sign->chosen];
	struct screen *asker = sign->asker;
	struct str armored = STR_INIT;

	await_what(screen->app, NULL);
	if (key->own) {
		secret_line_begin(screen->app);
	}
	sign->fault = signer->sign(
		signer->ctx, key, sign->ask.text, key->own ? &sign->passphrase : NULL, &armored);
	if (key->own) {
		secret_line_done(screen->app);
	}
	secret_text_clear(&sign->passphrase);
	if (!sign->fault && keep_signed(sign, str_text(&armored)) != ERR_OK) {
		sign->fault = SIGNER_NOMEM;
	}
	str_release(&armored);
	if (!sign->fault) {
		app_close(screen);
		sign->again(asker, ""); /* the closed dialog lives until the key is done */
	}
}

static void
back_run(struct screen *screen)
{
	app_close(screen);
	app_say(screen->app, SAY_INFO, _("It was not signed; nothing was recorded."));
}

static void
other_run(struct screen *screen)
{
	struct sign *sign = self(screen);

	sign->chosen = (sign->chosen + 1) % sign->ask.n_keys;
	sign->fault = SIGNER_OK;
	secret_text_clear(&sign->passphrase);
}

static bool
sign_why_not(struct screen *screen, const struct action *action, struct str *why)
{
	if (action->run != other_run || self(screen)->ask.n_keys > 1) {
		return false;
	}
	str_add(why, _("There is no other key of yours here."));
	return true;
}

static bool
sign_key(struct screen *screen, const struct key *key)
{
	struct sign *sign = self(screen);

	if (!sign->ask.keys[sign->chosen]->own) {
		return key_is_text(key); /* no letter leads away from a question */
	}
	sign->fault = SIGNER_OK;
	return secret_line_key(screen->app, &sign->passphrase, key);
}

static void
sign_free(struct screen *screen)
{
	struct sign *sign = self(screen);

	secret_text_release(&sign->passphrase);
	str_release(&sign->lines);
	json_decref(sign->args);
	json_decref(sign->error);
	arena_free(sign->keys);
	free(sign->method);
}

static const struct action actions[] = {
	{ "sign", K_ENTER, 0, N_("sign"), N_("Sign exactly what is shown, and record it"),
		ACTION_HINT | ACTION_TEXT | ACTION_WRITES | ACTION_FINAL, sign_run },
	{ "other-key", K_TAB, K_BACKTAB, N_("other key"), N_("Sign with another of your keys"),
		ACTION_HINT | ACTION_TEXT | ACTION_LIVE, other_run },
	{ "back", K_ESC, 0, N_("back"), N_("Sign nothing; what was typed stays"),
		ACTION_HINT | ACTION_TEXT, back_run },
	{ .name = NULL },
};

const struct screen_ops sign_ops = {
	.name = "sign",
	.title = N_("Sign"),
	.secret = true,
	.shape = SHAPE_POPUP,
	.actions = actions,
	.head = sign_head,
	.paint = sign_paint,
	.key = sign_key,
	.why_not = sign_why_not,
	.in_text = screen_in_text,
	.size = sign_size,
	.release = sign_free,
};

/* What was before the eyes goes with the call as `hash`; the desk may not put another one in. */
static bool
binds_what_was_shown(const struct sign *sign)
{
	const char *hash = doc_text(json_object_get(sign->args, "fields"), "hash");

	return !hash[0] || sign_ask_binds(sign->ask.text, "result", hash);
}

/* Takes over what the last call was refused with; false: no key for it is here. */
static bool
prepare(struct sign *sign, json_t *error)
{
	struct app *app = sign->base.app;
	enum err e;

	sign->method = app->sign.method ? strdup(app->sign.method) : NULL;
	sign->args = json_incref(app->sign.args);
	sign->error = json_incref(app->sign.error);
	sign->keys = arena_new();
	await_what(app, NULL);
	e = sign->method && sign->keys && secret_text_start(&sign->passphrase) == ERR_OK
		? sign_ask_read(app->options->signer, sign->keys, sign->error, &sign->ask)
		: ERR_NOMEM;
	if (e == ERR_OK && sign->ask.n_keys == 0) {
		struct str why = STR_INIT;

		sign_ask_why_none(&sign->ask, &why);
		json_object_set_new(error, "what_to_do", json_string(str_text(&why)));
		str_release(&why);
		return false;
	}
	if (e == ERR_OK && !binds_what_was_shown(sign)) {
		json_object_set_new(error, "code", json_string("D466"));
		json_object_set_new(error, "text",
			json_string(_("The desk asks to sign another result than the one that was "
				      "shown.")));
		json_object_set_new(error, "what_to_do",
			json_string(_("Nothing was signed or recorded. Read the result again, and "
				      "tell whoever runs the desk.")));
		return false;
	}
	if (e == ERR_OK) {
		for (sign->at = 0; sign->at <= ARRAY_LEN(labels); sign->at++) {
			sign_ask_each(sign->ask.text, add_line, sign);
		}
	}
	return e == ERR_OK;
}

bool
sign_open(struct app *app, json_t *error, struct screen *asker,
	void (*again)(struct screen *asker, const char *value))
{
	struct sign *sign;

	if (!app->sign.error || !json_is_object(json_object_get(error, "sign"))) {
		return false;
	}
	sign = (struct sign *)screen_new(app, &sign_ops, sizeof(*sign));
	if (!sign || !prepare(sign, error)) {
		screen_free(sign ? &sign->base : NULL);
		return false;
	}
	sign->asker = asker;
	sign->again = again;
	return app_push(app, &sign->base); /* says what went wrong */
}
