/* SPDX-License-Identifier: MIT */
/*
 * One frame.  Row 1: where, who, when.  Row 2: state and filter.  A rule, the
 * body, the message row, the key hints.  Popups are windows of their own:
 * painting them onto the base would cut wide characters at their edges.
 */
#include "frame.h"

#include <curses.h>
#include <panel.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "prefer.h"
#include "registry.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

enum { MESSAGE_ROWS_MAX = 4, HEAD_ROWS = 3, HINTS_MOST = 7 };

/* Row 1: " toban 26-0004  " and a word, a name that still tells who, what is between and after. */
enum { TITLE_LEAST = 22, NAME_LEAST = 10, GAP_COLS = 2 };

static struct canvas
canvas_of(struct app *app, void *win)
{
	struct canvas c = {
		.win = win,
		.theme = &app->theme,
		.ascii = prefer_is_ascii(app),
		.caret_row = -1,
	};

	getmaxyx((WINDOW *)win, c.rows, c.cols);
	return c;
}

static const char *
protection_words(const char *protection)
{
	if (strcmp(protection, "owned") == 0) {
		return _("owned file");
	}
	if (strcmp(protection, "owned-witnessed") == 0) {
		return _("owned and witnessed");
	}
	return _("open file");
}

/* What limits the worth of what is done here; each word with `end` behind it. */
static void
add_limits(const struct app *app, const char *end, struct str *out)
{
	if (app->options->read_only) {
		str_addf(out, "%s%s", _("READ ONLY"), end);
	}
	if (doc_flag(app->book.desk, "trial")) {
		str_addf(out, "%s%s", _("TRIAL"), end);
	}
}

/* How much of who and when there is room for. */
enum right_form {
	RIGHT_WHOLE, /* with the department */
	RIGHT_DATE,  /* without it */
	RIGHT_CLOCK, /* the time of day alone */
	RIGHT_WHO,   /* no time: the number of the case tells more */
	RIGHT_FORM_COUNT,
};

/* The person's name, cut to `cols` columns; 0: whole. */
static void
add_name(const char *name, int cols, struct str *out)
{
	if (cols > 0) {
		text_fit_dots(out, name, strlen(name), cols);
	} else {
		str_add(out, name);
	}
}

/*
 * "山田太郎 (運用1課)  2026-11-22 22:41 JST", with a trial desk's mark and the protection
 * before it.
 */
static void
add_who_and_when(struct app *app, enum right_form form, int name_cols, struct str *out)
{
	const json_t *me = book_my_record(&app->book);
	char at[STAMP_SIZE];

	add_limits(app, _(", "), out);
	str_add(out, protection_words(doc_text(app->book.desk, "protection")));
	if (me && json_is_object(me)) {
		str_add(out, "  ");
		add_name(doc_words_of(me, "name"), name_cols, out);
		if (form == RIGHT_WHOLE) {
			str_addf(out, " (%s)",
				book_department(&app->book, doc_text(me, "department")));
		}
	}
	if (form == RIGHT_CLOCK) {
		book_time(&app->book, book_now(&app->book), at);
		str_addf(out, "  %s", at);
	} else if (form != RIGHT_WHO) {
		str_add(out, "  ");
		book_time_full(&app->book, book_now(&app->book), out);
	}
}

void
frame_right_of_nobody(struct app *app, struct str *right)
{
	add_limits(app, "  ", right);
	book_time_full(&app->book, book_now(&app->book), right);
}

/* The first form from `form` on that is no wider than `room`; false: none is. */
static bool
fit_form(struct app *app, struct str *right, enum right_form form, int room)
{
	for (; form < RIGHT_FORM_COUNT; form++) {
		str_clear(right);
		add_who_and_when(app, form, 0, right);
		if (paint_width(str_text(right)) <= room) {
			return true;
		}
	}
	return false;
}

/*
 * Fills the right of row 1; returns its columns.  Who acts here, on what kind of desk, is never
 * left out: a long title ends with dots instead, and only below TITLE_LEAST columns a long name.
 */
static int
fit_right(struct app *app, struct str *right, int title_cols, int cols)
{
	int most = cols - (title_cols < TITLE_LEAST ? title_cols : TITLE_LEAST);
	int name_cols;

	if (right->len == 0 && !fit_form(app, right, RIGHT_WHOLE, cols - title_cols) &&
		!fit_form(app, right, RIGHT_CLOCK, most)) {
		name_cols = paint_width(doc_words_of(book_my_record(&app->book), "name")) -
			(paint_width(str_text(right)) - most);
		str_clear(right);
		add_who_and_when(app, RIGHT_WHO,
			name_cols < NAME_LEAST ? NAME_LEAST : name_cols, right);
	}
	return paint_width(str_text(right)); /* or the screen's own: of nobody */
}

/* While the desk is away, in place of the rule: every screen has this row. */
static void
paint_away(struct canvas *c, const json_t *trouble)
{
	struct str text = STR_INIT;
	const char *code = doc_text(trouble, "code");

	if (strcmp(code, "D430") == 0) {
		str_add(&text,
			_("The service does not answer. What you type is kept; toban tries "
			  "again."));
	} else {
		str_addf(&text, "%s (%s)", doc_text(trouble, "text"), code);
	}
	paint_fill(c, (struct place){ 2, 0, 0 }, ROLE_OVERDUE, "");
	(void)paint_text(c, (struct place){ 2, 1, 3 }, ROLE_OVERDUE, say_marker(SAY_ERROR));
	(void)paint_text(c, (struct place){ 2, 4, c->cols - 5 }, ROLE_OVERDUE, str_text(&text));
	str_release(&text);
}

/* Row 1: where, then who and when. */
static void
paint_title(struct app *app, struct screen *screen, struct canvas *c, struct head *head)
{
	/* Both languages: whoever looks over a shoulder must understand. */
	const char *mark = head->drill ? "[訓練/DRILL]" : "";
	enum role role = head->drill ? ROLE_DRILL : ROLE_TITLE;
	int mark_cols = head->drill ? GAP_COLS + paint_width(mark) : 0;
	struct str title = STR_INIT;
	int room = c->cols - mark_cols - GAP_COLS;
	int used = 0;

	str_addf(&title, " toban %s",
		head->title.len > 0 ? str_text(&head->title) : _(screen->ops->title));
	if (head->drill) {
		paint_fill(c, (struct place){ 0, 0, 0 }, role, "");
	}
	room -= fit_right(app, &head->right, paint_width(str_text(&title)), room);
	/* No columns would be taken for all of them, and hide the rest. */
	if (room > 0) {
		used = paint_cut(c, (struct place){ 0, 0, room }, role, str_text(&title));
		used += head->drill ? GAP_COLS : 0;
	}
	used += paint_text(c, (struct place){ 0, used, 0 }, role, mark);
	paint_right(
		c, (struct place){ 0, used + 1, c->cols - used - 2 }, role, str_text(&head->right));
	str_release(&title);
}

static void
paint_head(struct app *app, struct screen *screen, struct canvas *c)
{
	struct head head = { 0 };
	int used;

	if (screen->ops->head) {
		screen->ops->head(screen, &head);
	}
	paint_title(app, screen, c, &head);
	paint_right(
		c, (struct place){ 1, 1, c->cols - 2 }, ROLE_QUIET, str_text(&head.state_right));
	used = paint_width(str_text(&head.state_right));
	(void)paint_words(
		c, (struct place){ 1, 1, c->cols - used - 4 }, ROLE_TEXT, str_text(&head.state));
	if (app_trouble(app)) {
		paint_away(c, app_trouble(app));
	} else {
		paint_rule(c, 2);
	}
	str_release(&head.title);
	str_release(&head.right);
	str_release(&head.state);
	str_release(&head.state_right);
}

struct hints {
	const struct app *app;
	struct screen *screen; /* whose actions they are */
	bool in_text;
	int cols; /* for the whole row */
	int left; /* how many may still follow */
};

/* Adds the hint when it fits whole: half a hint helps nobody. */
static void
add_hint(struct str *row, struct hints *hints, int key, const char *label)
{
	size_t before = row->len;

	str_add(row, row->len > 0 ? "  " : " ");
	key_label(row, key);
	str_addf(row, ":%s", _(label));
	if (hints->left == 0 || paint_width(str_text(row)) > hints->cols) {
		str_truncate(row, before);
		return;
	}
	hints->left--;
}

/*
 * What comes and goes is named while it can be done, what another role does never: neither
 * takes the place of a hint that helps.
 */
static bool
is_asleep(const struct hints *hints, const struct action *action)
{
	struct str why = STR_INIT;
	bool asleep = action_barred(hints->screen->app, action->flags, &why) ||
		(action->flags & ACTION_LIVE && action_refused(hints->screen, action, &why));

	str_release(&why);
	return asleep;
}

static const char *
label_now(struct screen *screen, const struct action *action)
{
	const char *label = screen->ops->hint ? screen->ops->hint(screen, action) : NULL;

	return label ? label : action->label;
}

static void
add_hints(struct str *row, struct hints *hints, const struct action *table)
{
	for (const struct action *a = table; a && a->name; a++) {
		bool dead = (hints->in_text && !(a->flags & ACTION_TEXT)) || is_asleep(hints, a);

		if (a->flags & ACTION_HINT && !dead && a->key) {
			/* Below the first screen there is nothing to go back to. */
			bool leaves = table == hints->app->globals && hints->app->depth == 1 &&
				strcmp(a->name, "back") == 0;

			add_hint(row, hints, keymap_key(&hints->app->keymap, a),
				leaves ? N_("leave") : label_now(hints->screen, a));
		}
	}
}

/* The way to the help, which on the help itself is the way out of it. */
static void
add_help_hint(struct str *row, struct screen *screen, bool in_text)
{
	const struct action *own = action_find_key(screen->ops->actions, K_F1);
	bool no_letter =
		in_text || (screen->ops->drops_letters && screen->ops->drops_letters(screen));

	str_addf(row, " %s:%s", no_letter ? "F1" : "?", own ? _(own->label) : _("help"));
}

static void
paint_hints(struct app *app, struct screen *screen, struct canvas *c)
{
	bool in_text = screen->ops->in_text && screen->ops->in_text(screen);
	struct hints hints = { app, screen, in_text, c->cols - 1, HINTS_MOST };
	struct str row = STR_INIT;
	struct str tail = STR_INIT;

	/* Help and the way back are never dropped: what lies between them is. */
	add_help_hint(&row, screen, in_text);
	/* A popup says itself how to close it. */
	if (screen->ops->shape == SHAPE_FULL) {
		add_hints(&tail, &hints, app_globals(app));
	}
	hints.cols -= paint_width(str_text(&tail)) + 1;
	add_hints(&row, &hints, screen->ops->actions);
	if (tail.len > 0) {
		str_addf(&row, " %s", str_text(&tail));
	}
	(void)paint_text(
		c, (struct place){ c->rows - 1, 0, c->cols - 1 }, ROLE_QUIET, str_text(&row));
	str_release(&row);
	str_release(&tail);
}

/* The message, and behind one that is no refusal what can still be taken back. */
static void
message_text(struct app *app, struct str *out)
{
	const struct say_line *line = say_current(&app->log);

	str_add(out, line ? line->text : "");
	if (!take_back_waits(app) || (line && line->kind == SAY_ERROR)) {
		return;
	}
	str_add(out, line ? " " : "");
	take_back_words(app, out);
}

static bool
has_message(struct app *app)
{
	struct str text = STR_INIT;
	bool has;

	message_text(app, &text);
	has = text.len > 0;
	str_release(&text);
	return has;
}

static int
message_rows(struct app *app, int cols)
{
	struct str text = STR_INIT;
	int rows;

	message_text(app, &text);
	rows = text.len > 0 ? paint_wrap_rows(str_text(&text), cols - 6) : 1;
	str_release(&text);
	return rows > MESSAGE_ROWS_MAX ? MESSAGE_ROWS_MAX : rows;
}

/* Above the keys, and above the line that somebody types in: it may say what is wrong there. */
static void
paint_message(struct app *app, struct canvas *c, int rows, int below)
{
	const struct say_line *line = say_current(&app->log);
	static const enum role roles[] = {
		[SAY_INFO] = ROLE_TEXT,
		[SAY_DONE] = ROLE_DONE,
		[SAY_ERROR] = ROLE_OVERDUE,
	};
	int top = c->rows - below - rows;
	struct str text = STR_INIT;

	if (line) {
		(void)paint_text(
			c, (struct place){ top, 1, 3 }, roles[line->kind], say_marker(line->kind));
	}
	message_text(app, &text);
	(void)paint_wrapped(c, (struct place){ top, 4, c->cols - 6 }, (struct wrap){ .rows = rows },
		ROLE_TEXT, str_text(&text));
	str_release(&text);
}

static void
paint_full(struct app *app, struct screen *screen, struct canvas *c)
{
	int message = message_rows(app, c->cols);
	bool typing = app_top(app)->ops->shape == SHAPE_LINE && has_message(app);
	int below = typing ? 2 : 1;
	struct canvas body = paint_part(
		c, (struct place){ HEAD_ROWS, 0, 0 }, c->rows - HEAD_ROWS - message - below);

	paint_head(app, screen, c);
	screen->ops->paint(screen, &body);
	paint_part_done(c, &body);
	paint_message(app, c, message, below);
	paint_hints(app, app_top(app), c);
}

static void
paint_border(struct screen *screen, struct canvas *c)
{
	struct str edge = STR_INIT;
	struct str title = STR_INIT;
	struct head head = { 0 };

	if (screen->ops->head) {
		screen->ops->head(screen, &head);
	}
	str_add_char(&edge, '+');
	str_add_repeat(&edge, '-', (size_t)(c->cols > 2 ? c->cols - 2 : 0));
	str_add_char(&edge, '+');
	(void)paint_text(c, (struct place){ 0, 0, 0 }, ROLE_QUIET, str_text(&edge));
	(void)paint_text(c, (struct place){ c->rows - 1, 0, 0 }, ROLE_QUIET, str_text(&edge));
	for (int row = 1; row < c->rows - 1; row++) {
		(void)paint_text(c, (struct place){ row, 0, 1 }, ROLE_QUIET, "|");
		(void)paint_text(c, (struct place){ row, c->cols - 1, 1 }, ROLE_QUIET, "|");
	}
	str_addf(
		&title, " %s ", head.title.len > 0 ? str_text(&head.title) : _(screen->ops->title));
	(void)paint_text(c, (struct place){ 0, 2, c->cols - 4 }, ROLE_TITLE, str_text(&title));
	str_release(&edge);
	str_release(&title);
	str_release(&head.title);
	str_release(&head.right);
	str_release(&head.state);
	str_release(&head.state_right);
}

static WINDOW *
popup_window(struct screen *screen, int rows, int cols, struct place at)
{
	WINDOW *win = screen->panel ? panel_window(screen->panel) : NULL;
	int have_rows = 0;
	int have_cols = 0;

	if (win) {
		getmaxyx(win, have_rows, have_cols);
	}
	if (win && have_rows == rows && have_cols == cols) {
		(void)move_panel(screen->panel, at.row, at.col);
		return win;
	}
	frame_drop_panel(screen);
	win = newwin(rows, cols, at.row, at.col);
	if (!win) {
		return NULL;
	}
	screen->panel = new_panel(win);
	if (!screen->panel) {
		delwin(win);
		return NULL;
	}
	return win;
}

static void
paint_popup(struct app *app, struct screen *screen, struct canvas *base)
{
	int rows = 1;
	int cols = base->cols;
	struct place at = { base->rows - 2, 0, 0 };
	struct canvas c;
	WINDOW *win;

	if (screen->ops->shape == SHAPE_POPUP) {
		/* It must not hide why it refused something: the message is below it. */
		int below = message_rows(app, base->cols) + 1;

		rows = base->rows - 6;
		cols = base->cols - 8;
		screen->ops->size(screen, &rows, &cols);
		rows = rows > base->rows - 4 ? base->rows - 4 : rows;
		rows = rows > base->rows - below - 1 ? base->rows - below - 1 : rows;
		cols = cols > base->cols - 2 ? base->cols - 2 : cols;
		at = (struct place){ (base->rows - 1 - rows) / 2, (base->cols - cols) / 2, 0 };
		at.row = at.row > base->rows - below - rows ? base->rows - below - rows : at.row;
	}
	win = popup_window(screen, rows, cols, at);
	if (!win) {
		return;
	}
	werase(win);
	c = canvas_of(app, win);
	if (screen->ops->shape == SHAPE_POPUP) {
		struct canvas body = paint_part(&c, (struct place){ 1, 2, cols - 4 }, rows - 2);

		paint_border(screen, &c);
		screen->ops->paint(screen, &body);
		paint_part_done(&c, &body);
	} else {
		screen->ops->paint(screen, &c);
	}
	base->caret_row = c.caret_row < 0 ? -1 : at.row + c.caret_row;
	base->caret_col = at.col + c.caret_col;
	base->caret_on = c.caret_on;
	paint_release(&c);
}

static void
paint_too_small(struct app *app, struct canvas *c)
{
	struct screen *top = app_top(app);
	struct str text = STR_INIT;
	char size[32];
	char least[32];

	snprintf(size, sizeof(size), "%dx%d", c->cols, c->rows);
	snprintf(least, sizeof(least), "%dx%d", APP_MIN_COLS, APP_MIN_ROWS);
	str_say(&text,
		top && top->ops->in_text && top->ops->in_text(top)
			? _("This window is too small ({size}). The desk needs {least}. What "
			    "you type goes on into the text; Ctrl-C leaves and keeps it.")
			: _("This window is too small ({size}). The desk needs {least}. "
			    "Keys are ignored until then; q leaves."),
		(struct str_arg[]){ { "size", size }, { "least", least } }, 2);
	(void)paint_wrapped(c, (struct place){ 0, 0, c->cols - 1 },
		(struct wrap){ .rows = c->rows }, ROLE_TEXT, str_text(&text));
	str_release(&text);
}

static void
send(struct canvas *c)
{
	update_panels();
	curs_set(c->caret_on ? 1 : 0);
	if (c->caret_row >= 0) {
		/* Last of all: input methods draw where the cursor really is. */
		wmove(newscr, c->caret_row, c->caret_col);
	}
	doupdate();
}

void
frame_paint(struct app *app)
{
	struct canvas c = canvas_of(app, stdscr);
	int base = app->depth - 1;

	werase(stdscr);
	while (base > 0 && app->stack[base]->ops->shape != SHAPE_FULL) {
		base--;
	}
	if (c.rows < APP_MIN_ROWS || c.cols < APP_MIN_COLS) {
		for (int i = base; i < app->depth; i++) {
			frame_drop_panel(app->stack[i]);
		}
		paint_too_small(app, &c);
	} else if (app->depth > 0) {
		paint_full(app, app->stack[base], &c);
		for (int i = base + 1; i < app->depth; i++) {
			paint_popup(app, app->stack[i], &c);
		}
	}
	wnoutrefresh(stdscr);
	send(&c);
	paint_release(&c);
}

void
frame_drop_panel(struct screen *screen)
{
	WINDOW *win;

	if (!screen->panel) {
		return;
	}
	win = panel_window(screen->panel);
	(void)del_panel(screen->panel);
	(void)delwin(win);
	screen->panel = NULL;
}
