/* SPDX-License-Identifier: MIT */
/*
 * A picker of one or several names: typing narrows the list, by label, by key
 * and by whatever else the options say (kana, titles).
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "edit.h"
#include "list.h"
#include "popup.h"
#include "registry.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

struct pick {
	struct screen base;
	struct popup_pick want;
	const char *title;
	struct edit find;
	struct list list;
	const json_t **hits; /* what the typed text leaves, in order */
	bool *marked;        /* parallel to want.options */
};

static struct pick *
self(struct screen *screen)
{
	return (struct pick *)screen;
}

/* As text_fold(), katakana as hiragana: names are looked for in either. */
static void
fold_kana(struct str *out, const char *text, size_t len)
{
	struct str folded = STR_INIT;
	const char *s;

	text_fold(&folded, text, len);
	for (s = str_text(&folded); *s; s++) {
		unsigned char a = (unsigned char)s[0];
		unsigned char b = (unsigned char)s[1];
		unsigned point = 0;

		if (a == 0xe3 && (b == 0x82 || b == 0x83)) {
			point = 0x3000U | (b & 0x3fU) << 6 | ((unsigned char)s[2] & 0x3fU);
		}
		if (point >= 0x30a1 && point <= 0x30f6) {
			point -= 0x60;
			str_add_char(out, (char)0xe3);
			str_add_char(out, (char)(0x80 | (point >> 6 & 0x3f)));
			str_add_char(out, (char)(0x80 | (point & 0x3f)));
			s += 2;
		} else {
			str_add_char(out, *s);
		}
	}
	str_release(&folded);
}

/* Whether every word of the folded `needle` is somewhere in the folded text. */
static bool
has_words(const char *hay, const char *needle)
{
	bool found = true;

	while (found && *needle) {
		size_t len = strcspn(needle, " ");
		char *word = strndup(needle, len);

		found = word && strstr(hay, word) != NULL;
		free(word);
		needle += len;
		needle += strspn(needle, " ");
	}
	return found;
}

static bool
option_matches(const json_t *option, const char *needle)
{
	struct str hay = STR_INIT;
	struct str raw = STR_INIT;
	bool found;

	str_addf(&raw, "%s %s %s", doc_words_of(option, "label"), doc_text(option, "key"),
		doc_text(option, "also"));
	fold_kana(&hay, str_text(&raw), raw.len);
	found = has_words(str_text(&hay), needle);
	str_release(&hay);
	str_release(&raw);
	return found;
}

static const char *
hit_id(const void *ctx, int i)
{
	const struct pick *pick = ctx;

	return doc_text(pick->hits[i], "key");
}

static void
narrow(struct pick *pick)
{
	struct str needle = STR_INIT;
	int n = 0;
	size_t i;
	json_t *option;

	fold_kana(&needle, edit_text(&pick->find), pick->find.text.len);
	json_array_foreach(pick->want.options, i, option)
	{
		if (option_matches(option, str_text(&needle))) {
			pick->hits[n++] = option;
		}
	}
	str_release(&needle);
	list_update(&pick->list, n, hit_id, pick);
}

static bool *
mark_of(struct pick *pick, const json_t *option)
{
	size_t i;
	json_t *each;

	json_array_foreach(pick->want.options, i, each)
	{
		if (each == option) {
			return &pick->marked[i];
		}
	}
	return NULL;
}

static void
pick_size(struct screen *screen, int *rows, int *cols)
{
	int wanted = (int)json_array_size(self(screen)->want.options) + 6;

	*rows = wanted < *rows ? wanted : *rows;
	*cols = *cols > 78 ? 78 : *cols;
}

static void
pick_head(struct screen *screen, struct head *head)
{
	str_add(&head->title, self(screen)->title);
}

static void
paint_option(struct pick *pick, struct canvas *c, int row, int i)
{
	const json_t *option = pick->hits[i];
	bool selected = i == pick->list.selected;
	const bool *mark = mark_of(pick, option);
	const char *box = !pick->want.several ? "" : mark && *mark ? "[x] " : "[ ] ";
	int col;

	(void)paint_text(c, (struct place){ row, 0, 1 }, ROLE_SELECTED, selected ? ">" : "");
	col = 2 + paint_text(c, (struct place){ row, 2, 0 }, ROLE_TEXT, box);
	col += paint_text(c, (struct place){ row, col, 0 }, selected ? ROLE_TITLE : ROLE_TEXT,
		doc_words_of(option, "label"));
	(void)paint_text(
		c, (struct place){ row, col + 2, 0 }, ROLE_QUIET, doc_words_of(option, "note"));
}

/* In full at the foot what the row had no room for. */
static void
paint_selected(struct pick *pick, struct canvas *c)
{
	const json_t *option = pick->list.n > 0 ? pick->hits[pick->list.selected] : NULL;
	const char *note = doc_words_of(option, "note");

	paint_right(c, (struct place){ c->rows - 1, 0, c->cols }, ROLE_QUIET, note);
}

static void
pick_paint(struct screen *screen, struct canvas *c)
{
	struct pick *pick = self(screen);
	int rows = c->rows - 3;
	int top = list_view(&pick->list, rows);
	int col;

	for (int i = 0; i < rows && top + i < pick->list.n; i++) {
		paint_option(pick, c, 2 + i, top + i);
	}
	paint_selected(pick, c);
	if (pick->list.n == 0) {
		(void)paint_text(c, (struct place){ 2, 2, 0 }, ROLE_QUIET,
			_("Nothing matches what is typed."));
	}
	if (pick->want.several) {
		(void)paint_words(c, (struct place){ 1, 2, 0 }, ROLE_QUIET,
			_("Space marks several; Enter takes what is marked."));
	}
	col = paint_text(c, (struct place){ 0, 0, 0 }, ROLE_QUIET, _("find:"));
	edit_paint(&pick->find, c, (struct place){ 0, col + 1, c->cols - col - 1 }, 1, true);
}

static void
toggle_run(struct screen *screen)
{
	struct pick *pick = self(screen);
	bool *mark;

	if (pick->list.n == 0 || !pick->want.several) {
		return;
	}
	mark = mark_of(pick, pick->hits[pick->list.selected]);
	if (mark) {
		*mark = !*mark;
	}
}

static bool
pick_key(struct screen *screen, const struct key *key)
{
	struct pick *pick = self(screen);
	enum edit_reply reply;

	if (pick->want.several && key->code == ' ') {
		toggle_run(screen);
		return true;
	}
	if ((key->code == K_UP || key->code == K_DOWN || key->code == K_PGUP ||
		    key->code == K_PGDN) &&
		list_key(&pick->list, key->code)) {
		if (pick->list.n > 0) {
			list_anchor(&pick->list, hit_id(pick, pick->list.selected));
		}
		return true;
	}
	reply = edit_key(&pick->find, key);
	if (reply == EDIT_CHANGED) {
		narrow(pick);
		pick->list.selected = 0;
	}
	return reply != EDIT_IGNORED;
}

static bool
is_first(const struct pick *pick)
{
	return pick->hits[pick->list.selected] == json_array_get(pick->want.options, 0);
}

static json_t *
chosen(struct pick *pick)
{
	json_t *keys;
	size_t i;
	json_t *option;

	if (!pick->want.several) {
		return pick->list.n > 0 ? json_string(hit_id(pick, pick->list.selected)) : NULL;
	}
	keys = json_array();
	json_array_foreach(pick->want.options, i, option)
	{
		if (pick->marked[i]) {
			json_array_append_new(keys, json_string(doc_text(option, "key")));
		}
	}
	/* Nothing marked: whoever presses Enter means the selected one. */
	if (pick->list.n > 0 && (pick->want.exact ? is_first(pick) : json_array_size(keys) == 0)) {
		json_array_append_new(keys, json_string(hit_id(pick, pick->list.selected)));
	}
	if (json_array_size(keys) == 0 && !pick->want.exact) {
		json_decref(keys);
		return NULL;
	}
	return keys;
}

static void
enter_run(struct screen *screen)
{
	struct pick *pick = self(screen);
	json_t *value = chosen(pick);

	if (!value) {
		return;
	}
	app_close(screen);
	pick->want.answered(pick->want.asker, value);
	json_decref(value);
}

static void
close_run(struct screen *screen)
{
	app_close(screen);
}

static void
pick_release(struct screen *screen)
{
	struct pick *pick = self(screen);

	json_decref(pick->want.options);
	free(pick->hits);
	free(pick->marked);
	list_release(&pick->list);
	edit_release(&pick->find);
}

static const struct action actions[] = {
	{ "accept", K_ENTER, 0, N_("take it"), N_("Take the selected name, or all marked ones"),
		ACTION_HINT | ACTION_TEXT, enter_run },
	{ "mark", K_F2, 0, N_("mark (or Space)"), N_("Mark or unmark, where several may be chosen"),
		ACTION_TEXT, toggle_run },
	{ "back", K_ESC, 0, N_("back"), N_("Change nothing"), ACTION_HINT | ACTION_TEXT,
		close_run },
	{ .name = NULL },
};

const struct screen_ops pick_ops = {
	.name = "pick",
	.title = N_("Choose"),
	.shape = SHAPE_POPUP,
	.actions = actions,
	.head = pick_head,
	.paint = pick_paint,
	.key = pick_key,
	.in_text = screen_in_text,
	.size = pick_size,
	.release = pick_release,
};

void
popup_pick(struct app *app, const struct popup_pick *want)
{
	struct pick *pick = (struct pick *)screen_new(app, &pick_ops, sizeof(*pick));
	size_t n = json_array_size(want->options);
	size_t i;
	json_t *option;

	if (!pick) {
		json_decref(want->options);
		(void)app_push(app, NULL); /* says that memory is short */
		return;
	}
	pick->want = *want;
	pick->title = arena_strdup(pick->base.arena, want->title);
	pick->hits = calloc(n + 1, sizeof(*pick->hits));
	pick->marked = calloc(n + 1, sizeof(*pick->marked));
	edit_init(&pick->find, false, 60);
	if (!pick->hits || !pick->marked) {
		screen_free((struct screen *)pick);
		(void)app_push(app, NULL); /* as above */
		return;
	}
	json_array_foreach(pick->want.options, i, option)
	{
		pick->marked[i] = doc_holds(want->chosen, doc_text(option, "key"));
	}
	narrow(pick);
	(void)app_push(app, (struct screen *)pick); /* says what went wrong */
}
