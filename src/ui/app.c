/* SPDX-License-Identifier: MIT */
/*
 * The running desk: keys go to the topmost screen, answers of the door to the
 * message row, and after every round one frame goes out.
 */
#include "app.h"

#include <string.h>

#include "deaf.h"
#include "frame.h"
#include "lock.h"
#include "prefer.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

struct screen *
app_top(struct app *app)
{
	return app->depth > 0 ? app->stack[app->depth - 1] : NULL;
}

const char *
app_subject(const struct app *app)
{
	const char *id = NULL;

	for (int i = app->depth - 1; i >= 0 && !id; i--) {
		if (app->stack[i]->ops->subject) {
			id = app->stack[i]->ops->subject(app->stack[i]);
		}
	}
	return id;
}

bool
app_is_alone(const struct app *app)
{
	for (int i = 0; i < app->depth; i++) {
		if (app->stack[i]->ops->alone) {
			return true;
		}
	}
	return false;
}

const struct action *
app_globals(const struct app *app)
{
	static const struct action none[] = { { .name = NULL } };

	return app_is_alone(app) ? none : app->globals;
}

enum { PASTE_END_MS = 1100 }; /* a little after which a paste counts as broken off */

static enum err
load(struct screen *screen)
{
	screen->stale = false;
	if (!screen->ops->load) {
		return ERR_OK;
	}
	return screen->ops->load(screen);
}

bool
app_push(struct app *app, struct screen *screen)
{
	if (!screen) {
		app_say(app, SAY_ERROR, _("There is not enough memory for another screen."));
		return false;
	}
	if (app->depth == APP_DEPTH) {
		app_say(app, SAY_ERROR, _("Too many screens are open. Close one with q."));
		screen_free(screen);
		return false;
	}
	if (load(screen) != ERR_OK) {
		screen_free(screen);
		return false;
	}
	app->stack[app->depth++] = screen;
	return true;
}

/*
 * Only screens in view read anew; the others when they come into view again.  While the
 * desk is away what was read last stays, and is read anew when it is back.
 */
static void
reload_stale(struct app *app)
{
	int base = app->depth - 1;

	if (app_trouble(app)) {
		return;
	}
	while (base > 0 && app->stack[base]->ops->shape != SHAPE_FULL) {
		base--;
	}
	for (int i = base; i >= 0 && i < app->depth; i++) {
		if (app->stack[i]->stale) {
			(void)load(app->stack[i]); /* a refusal was said; the old rows stay */
		}
	}
}

void
app_close(struct screen *screen)
{
	struct app *app = screen->app;

	if (app_top(app) != screen) {
		return;
	}
	frame_drop_panel(screen);
	app->depth--;
	app->closed[app->n_closed++] = screen;
	if (app->depth == 0) {
		app->leaving = true;
	}
}

bool
app_return_to(struct app *app, const char *name)
{
	int keep = 0;

	while (keep < app->depth && strcmp(app->stack[keep]->ops->name, name) != 0) {
		keep++;
	}
	if (keep == app->depth) {
		return false;
	}
	while (app->depth > keep + 1) {
		app_close(app_top(app));
	}
	return true;
}

void
app_changed(struct app *app)
{
	for (int i = 0; i < app->depth; i++) {
		app->stack[i]->stale = true;
	}
}

void
app_alarm(struct app *app, int ms)
{
	loop_alarm(&app->loop, ms);
}

static void
save(struct app *app, bool later)
{
	for (int i = app->depth - 1; i >= 0; i--) {
		if (app->stack[i]->ops->save) {
			app->stack[i]->ops->save(app->stack[i], later);
		}
	}
}

void
app_save(struct app *app)
{
	app_settle(app);
	save(app, false);
}

/* The desk went away or is back: the head tells the one, a sentence the other. */
static void
mind_trouble(struct app *app)
{
	bool away = app_trouble(app) != NULL;

	if (app->away && !away) {
		const struct say_line *now = say_current(&app->log);

		/* An error that nobody read stays. */
		app_say(app, now && now->open ? SAY_INFO : SAY_DONE,
			_("The service answers again."));
		app->away = false;
		app_save(app); /* what could not be kept there meanwhile */
		app_changed(app);
	}
	app->away = away;
}

void
app_leave(struct app *app)
{
	app_save(app);
	app->leaving = true;
}

bool
app_view(struct app *app, const char *name)
{
	app_save(app);
	return app_return_to(app, name);
}

static bool
too_small(void)
{
	int rows;
	int cols;

	terminal_size(&rows, &cols);
	return rows < APP_MIN_ROWS || cols < APP_MIN_COLS;
}

/* Tries the screen's own actions, then those of every screen. */
static bool
run_action(struct app *app, struct screen *screen, int code, bool in_text)
{
	const struct action *tables[] = { screen->ops->actions, app_globals(app) };

	for (size_t i = 0; i < 2; i++) {
		const struct action *action = keymap_find(&app->keymap, tables[i], code);

		if (action && (!in_text || action->flags & ACTION_TEXT)) {
			action_do(screen, action);
			return true;
		}
	}
	return false;
}

/* A key that does nothing says so: silence would look like a slow desk. */
static void
say_no_action(struct app *app, const struct key *key)
{
	struct str name = STR_INIT;

	if (key_is_kana(key)) {
		app_say(app, SAY_INFO,
			_("The Japanese input method is on. Switch it off to give commands."));
		return;
	}
	if (!key_is_text(key) && (key->code < K_F1 || key->code > K_F12)) {
		return;
	}
	key_label(&name, key->code);
	app_say_with(app, SAY_INFO, _("{key} does nothing here. ? shows what can be done."),
		&(struct str_arg){ "key", str_text(&name) }, 1);
	str_release(&name);
}

static void
command_key(struct app *app, struct screen *screen, const struct key *key)
{
	struct key folded = *key;

	folded.code = key_command(key);
	if (key->code == K_PASTE && screen->ops != &paste_ops) {
		app_say(app, SAY_ERROR,
			_("Nothing was pasted: this is not a text. Open a form first."));
		return;
	}
	if (screen->ops->key && screen->ops->key(screen, &folded)) {
		return;
	}
	if (run_action(app, screen, folded.code, false)) {
		return;
	}
	say_no_action(app, key);
}

/* What goes into a text or moves in it. */
static bool
is_writing(const struct key *key)
{
	static const int keys[] = { K_PASTE, K_BACKSPACE, K_DELETE, K_LEFT, K_RIGHT, K_UP, K_DOWN,
		K_HOME, K_END, K_WORD_LEFT, K_WORD_RIGHT, K_TEXT_HOME, K_TEXT_END, K_UNDO, K_REDO };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (keys[i] == key->code) {
			return true;
		}
	}
	return key_is_text(key);
}

/*
 * The window is too small to show what a key does.  What is typed on into a text goes
 * there, and nothing else happens.
 */
static void
unseen_key(struct app *app, struct screen *screen, const struct key *key, bool in_text)
{
	/* In a form these lead to the next field; in a prompt they would act. */
	bool form = screen->ops->shape == SHAPE_FULL;

	if (key->code == K_CTRL('C') || (!in_text && key_command(key) == 'q')) {
		app_leave(app);
	} else if (in_text && form && (key->code == K_TAB || key->code == K_BACKTAB)) {
		(void)run_action(app, screen, key->code, true);
	} else if (in_text && screen->ops->key &&
		(is_writing(key) || (form && key->code == K_ENTER))) {
		(void)screen->ops->key(screen, key);
	}
}

void
app_say_readable(struct app *app)
{
	if (!app->term.utf8) {
		app_say(app, SAY_INFO,
			_("This terminal has no Japanese font; Japanese text appears as [JA n]."));
	}
}

void
app_learn(struct app *app)
{
	bool changed = false;

	if (!terminal_learn(&app->term, &changed)) {
		return;
	}
	app_changed(app); /* the settings say what is known */
	if (!changed) {
		return;
	}
	prefer_readable(app);
	for (int i = 0; i < app->depth; i++) {
		if (app->stack[i]->ops->prefer) {
			app->stack[i]->ops->prefer(app->stack[i]);
		}
	}
	if (app->depth > 0) {
		app_say_readable(app);
	}
	terminal_redraw();
}

void
app_key(struct app *app, const struct key *key)
{
	struct screen *screen = app_top(app);
	bool in_text = screen->ops->in_text && screen->ops->in_text(screen);

	say_key(&app->log);
	lock_use(app);
	if (too_small()) {
		unseen_key(app, screen, key, in_text);
		return;
	}
	if ((!in_text && deaf_drops(app, key)) ||
		(key->code == K_ESC && say_dismiss(&app->log) && !in_text)) {
		return;
	}
	if (!in_text) {
		command_key(app, screen, key);
		return;
	}
	if (!key_is_text(key) && run_action(app, screen, key->code, true)) {
		return;
	}
	if (screen->ops->key) {
		(void)screen->ops->key(screen, key);
	}
}

static void
bury(struct app *app)
{
	while (app->n_closed > 0) {
		screen_free(app->closed[--app->n_closed]);
	}
}

/* The end of a paste may never come: what came is text that somebody wanted to keep. */
static void
break_paste(struct app *app, bool at_once)
{
	struct key key;

	if (keyboard_break_paste(&app->term.keyboard, at_once, &key)) {
		app_key(app, &key);
		keyboard_used(&app->term.keyboard, &key);
		bury(app);
	}
}

static void
leave_gone(struct app *app)
{
	break_paste(app, true);
	app_leave(app);
}

static void
read_keys(struct app *app)
{
	struct key key;
	bool gone = false;

	while (!app->leaving && keyboard_read(&app->term.keyboard, &key, &gone)) {
		app_learn(app); /* an answer may have come before the key */
		/* What was typed ahead acts on what is there now, however the bytes came in. */
		reload_stale(app);
		if (key.code == K_CTRL('L')) {
			terminal_redraw();
		} else {
			app_key(app, &key);
		}
		keyboard_used(&app->term.keyboard, &key);
		bury(app);
	}
	if (gone) {
		leave_gone(app);
	} else if (app->term.keyboard.pasting) {
		app_alarm(app, PASTE_END_MS);
	}
	app_learn(app);
}

void
app_suspend(struct app *app)
{
	app_save(app);
	terminal_suspend(&app->term);
}

static void
react(struct app *app, unsigned events)
{
	const struct door *door = app->options->door;

	if (events & (LOOP_INPUT | LOOP_RESIZE | LOOP_GONE)) {
		read_keys(
			app); /* what was typed before the window changed belongs to the old one */
	}
	if (events & (LOOP_RESIZE | LOOP_CONTINUED)) {
		terminal_resize();
		app->term.keyboard.events += (events & LOOP_RESIZE) != 0;
	}
	if (events & LOOP_ALARM) {
		break_paste(app, false);
		save(app, true);
		if (take_back_waits(app)) {
			app_alarm(app, 1000); /* the count-down goes on */
		}
	}
	if (events & LOOP_WAKE && door->woke && door->woke(door->ctx)) {
		app_changed(app);
	}
	if (events & LOOP_INTERRUPT) {
		app_key(app, &(struct key){ .code = K_CTRL('C') });
		bury(app);
	}
	/* Behind a shared console is no shell for whoever comes by. */
	if (events & LOOP_SUSPEND && terminal_can_suspend() && !lock_is_post(app) &&
		!app_is_alone(app)) {
		app_suspend(app);
	}
	if (events & LOOP_GONE) {
		leave_gone(app);
	}
}

/* The first frame is out: read what it could do without, unless a key waits. */
static void
idle(struct app *app)
{
	struct screen *top = app_top(app);

	if (top->ops->idle && !loop_input_waits() && top->ops->idle(top)) {
		frame_paint(app);
	}
}

void
app_run(struct app *app)
{
	loop_tick_at(&app->loop, book_now(&app->book));
	app->key_at = book_now(&app->book);
	if (app->term.keyboard.ahead.len > 0) {
		read_keys(app); /* typed while the terminal was still being asked */
	}
	while (!app->leaving) {
		unsigned events;

		mind_trouble(app);
		reload_stale(app);
		frame_paint(app);
		idle(app);
		if (app->options->test_marks) {
			terminal_mark(&app->term);
		}
		/* What was typed while an answer was waited for does not wait for the next key. */
		events = keyboard_waits(&app->term.keyboard) ? LOOP_INPUT : loop_wait(&app->loop);
		if (events & LOOP_TICK) {
			loop_tick_at(&app->loop, book_now(&app->book));
			lock_tick(app);
		}
		if (events & (LOOP_TICK | LOOP_CHILD) && app->options->tick) {
			app->options->tick(app->options->ctx);
		}
		react(app, events);
	}
	if (app->locked) {
		app_save(app); /* what was no draft yet: as private files of this account */
	}
}
