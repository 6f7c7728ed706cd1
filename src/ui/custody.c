/* SPDX-License-Identifier: MIT */
/*
 * The attached files of a case: what each is, who had it, whether it is whole.
 * A copy or a measurement becomes an entry of the case.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "attach.h"
#include "doc.h"
#include "frame.h"
#include "list.h"
#include "page.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/fd.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

enum { LABEL_COLS = 26, SIZE_COLS = 12, NAME_MOST = 60, CHUNK = 64 * 1024 };

struct custody {
	struct screen base;
	char *id;
	json_t *show; /* incident.show */
	struct list list;
	struct page page;
};

static struct custody *
self(struct screen *screen)
{
	return (struct custody *)screen;
}

static const json_t *
file_at(const struct custody *custody, int i)
{
	return json_array_get(doc_list(custody->show, "evidence"), (size_t)i);
}

static const json_t *
marked(const struct custody *custody)
{
	return file_at(custody, custody->list.selected);
}

static const char *
row_id(const void *ctx, int i)
{
	return doc_text(file_at(ctx, i), "sha256");
}

static enum err
custody_load(struct screen *screen)
{
	struct custody *custody = self(screen);
	json_t *show = NULL;
	enum err e = app_call(
		screen->app, "incident.show", json_pack("{s:s}", "id", custody->id), &show);

	if (e != ERR_OK) {
		return e;
	}
	json_decref(custody->show);
	custody->show = show;
	list_update(
		&custody->list, (int)json_array_size(doc_list(show, "evidence")), row_id, custody);
	return ERR_OK;
}

/* --- painting -------------------------------------------------------------------------- */

static void
paint_file(struct custody *custody, struct canvas *c, int row, int i)
{
	const json_t *file = file_at(custody, i);
	bool damaged = doc_flag(file, "damaged");
	enum role role = damaged ? ROLE_OVERDUE : ROLE_TEXT;
	int name_cols = c->cols - SIZE_COLS - 16 < NAME_MOST ? c->cols - SIZE_COLS - 16 : NAME_MOST;
	struct str text = STR_INIT;

	if (i == custody->list.selected) {
		(void)paint_text(c, (struct place){ row, 1, 1 }, ROLE_SELECTED, ">");
	}
	str_addf(&text, "%s%s", damaged ? "! " : "", doc_text(file, "name"));
	(void)paint_cut(c, (struct place){ row, 3, name_cols }, role, str_text(&text));
	str_clear(&text);
	attach_size_words(doc_int(file, "size"), &text);
	paint_right(c, (struct place){ row, 3 + name_cols, SIZE_COLS }, role, str_text(&text));
	(void)paint_text(c, (struct place){ row, 5 + name_cols + SIZE_COLS, 0 }, role,
		damaged ? _("DAMAGED") : "");
	str_release(&text);
}

static void
add_entry(struct custody *custody, const char *kind, const json_t *entry)
{
	struct book *book = &custody->base.app->book;
	struct str text = STR_INIT;

	book_time_full(book, doc_time(entry, "at"), &text);
	str_addf(&text, "  %s", book_person(book, doc_text(entry, "by")));
	page_field(&custody->page, book_kind(book, kind), str_text(&text));
	str_release(&text);
}

/* In one row where there is one so long. */
static void
add_hash(struct custody *custody, const char *hash)
{
	struct str text = STR_INIT;

	str_addf(&text, "%s  %s", _("SHA-256"), hash);
	page_text(&custody->page, ROLE_TEXT, str_text(&text));
	str_release(&text);
}

/* Who put the marked file in, and what became of it since, the newest last. */
static void
build_page(struct custody *custody, int cols)
{
	const json_t *file = marked(custody);
	size_t i;
	json_t *entry;

	page_begin(&custody->page, cols, LABEL_COLS);
	if (!file) {
		page_text(&custody->page, ROLE_QUIET, _("No evidence has been attached yet."));
		return;
	}
	add_hash(custody, doc_text(file, "sha256"));
	add_entry(custody, "evidence", file);
	json_array_foreach(doc_list(file, "custody"), i, entry)
	{
		add_entry(custody, doc_text(entry, "kind"), entry);
	}
}

static void
custody_paint(struct screen *screen, struct canvas *c)
{
	struct custody *custody = self(screen);
	int rows = custody->list.n < c->rows / 2 ? custody->list.n : c->rows / 2;
	int top;
	struct canvas detail;

	rows = rows > 0 ? rows : 1;
	top = list_view(&custody->list, rows);
	for (int i = 0; i < rows && top + i < custody->list.n; i++) {
		paint_file(custody, c, i, top + i);
	}
	paint_rule(c, rows);
	detail = paint_part(c, (struct place){ rows + 1, 0, 0 }, c->rows - rows - 1);
	build_page(custody, c->cols - 1);
	page_paint(&custody->page, &detail);
	paint_part_done(c, &detail);
	paint_caret(c, custody->list.selected - top, 1, false);
}

static void
custody_head(struct screen *screen, struct head *head)
{
	struct custody *custody = self(screen);

	str_addf(&head->title, "%s  %s", custody->id, _("Evidence"));
	head->drill = doc_flag(custody->show, "drill");
	str_add(&head->state, doc_text(custody->show, "title"));
}

static bool
custody_key(struct screen *screen, const struct key *key)
{
	struct custody *custody = self(screen);

	if (!list_key(&custody->list, key->code)) {
		return page_key(&custody->page, key->code);
	}
	custody->page.top = 0;
	if (custody->list.n > 0) {
		list_anchor(&custody->list, row_id(custody, custody->list.selected));
	}
	return true;
}

/* --- measuring, copying ------------------------------------------------------------------- */

/* Calls the method of the marked file and goes on until it is done; a refusal was said. */
static enum err
call_file(struct custody *custody, const char *method, bool export, json_t **ret_result)
{
	struct app *app = custody->base.app;
	json_t *args = json_pack("{s:s, s:I}", "id", custody->id, "seq",
		(json_int_t)doc_int(marked(custody), "seq"));
	json_t *result = NULL;
	enum err e;

	if (export) {
		json_object_set_new(args, "export", json_true());
	}
	e = app_call(app, method, args, &result);
	while (e == ERR_OK && json_object_get(result, "continue")) {
		json_t *next = NULL;

		frame_paint(app); /* the clock in the corner goes on */
		e = app_call(app, method,
			json_pack("{s:s}", "continue", doc_text(result, "continue")), &next);
		json_decref(result);
		result = next;
	}
	if (e == ERR_OK) {
		*ret_result = result;
	}
	return e;
}

static void
measure_run(struct screen *screen)
{
	struct custody *custody = self(screen);
	json_t *result = NULL;
	const char *state;

	if (!marked(custody) || call_file(custody, "evidence.check", false, &result) != ERR_OK) {
		return;
	}
	state = doc_text(result, "state");
	app_say(screen->app, doc_flag(result, "ok") ? SAY_DONE : SAY_ERROR,
		doc_flag(result, "ok") ? _("The file is what was attached.")
			: strcmp(state, "missing") == 0
			? _("The attached file is not in the folder of evidence.")
			: _("The kept file is not what was attached: its SHA-256 is another."));
	json_decref(result);
	app_changed(screen->app);
}

static bool
pump(int from, int to)
{
	char *chunk = malloc(CHUNK);
	size_t len = CHUNK;
	bool ok = chunk != NULL;

	while (ok && len == CHUNK) {
		ok = fd_read_all(from, chunk, CHUNK, &len) == ERR_OK &&
			fd_write_all(to, chunk, len) == ERR_OK;
	}
	free(chunk);
	return ok;
}

/* The file is made before the content is asked for: what is there is never overwritten. */
static void
save_answered(struct screen *screen, const char *path)
{
	struct custody *custody = self(screen);
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	json_t *result = NULL;
	bool ok;

	if (to < 0) {
		app_say_with(screen->app, SAY_ERROR,
			errno == EEXIST ? _("{path} is there already: nothing was overwritten.")
					: _("{path} cannot be written: nothing was copied."),
			&(struct str_arg){ "path", path }, 1);
		return;
	}
	ok = call_file(custody, "evidence.open", true, &result) == ERR_OK;
	if (ok) {
		int from = (int)doc_int(result, "fd");

		ok = pump(from, to) && fsync(to) == 0;
		(void)close(from); /* only read from */
		app_say_with(screen->app, ok ? SAY_DONE : SAY_ERROR,
			ok ? _("Copied to {path}; the case's log says so.")
			   : _("{path} could not be written to the end: the copy was removed."),
			&(struct str_arg){ "path", path }, 1);
	}
	if (close(to) != 0 || !ok) {
		(void)unlink(path); /* half a file is worse than none */
	}
	json_decref(result);
	app_changed(screen->app);
}

/* A name that somebody typed elsewhere is never a path here: of it the last part alone. */
static void
save_run(struct screen *screen)
{
	struct custody *custody = self(screen);
	const char *name = doc_text(marked(custody), "name");
	const char *slash = strrchr(name, '/');
	const char *home = screen->app->options->home;
	struct str shown = STR_INIT;
	struct str path = STR_INIT;

	if (!marked(custody)) {
		return;
	}
	name = slash ? slash + 1 : name;
	text_show(&shown, name, strlen(name), TEXT_LINE);
	str_addf(&path, "%s/%s", home && home[0] ? home : ".",
		strcmp(str_text(&shown), "..") == 0 || strcmp(str_text(&shown), ".") == 0
			? ""
			: str_text(&shown));
	popup_prompt(screen->app,
		&(struct popup_prompt){ .asker = screen,
			.label = _("Copy to: "),
			.text = str_text(&path),
			.answered = save_answered });
	str_release(&shown);
	str_release(&path);
}

static const char *
custody_subject(struct screen *screen)
{
	return self(screen)->id;
}

static void
custody_release(struct screen *screen)
{
	struct custody *custody = self(screen);

	json_decref(custody->show);
	list_release(&custody->list);
	page_release(&custody->page);
	free(custody->id);
}

static const struct action actions[] = {
	{ "copy-out", 's', K_ENTER, N_("save a copy"),
		N_("Save a copy of the marked file; the case's log says so"),
		ACTION_HINT | ACTION_WRITES, save_run },
	{ "measure", 'v', 0, N_("measure"), N_("Measure the marked file anew: is it whole?"),
		ACTION_HINT | ACTION_WRITES, measure_run },
	{ .name = NULL },
};

const struct screen_ops custody_ops = {
	.name = "custody",
	.title = N_("Evidence"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = custody_load,
	.head = custody_head,
	.paint = custody_paint,
	.key = custody_key,
	.subject = custody_subject,
	.release = custody_release,
};

void
custody_open(struct app *app, const char *id)
{
	struct custody *custody = (struct custody *)screen_new(app, &custody_ops, sizeof(*custody));

	if (custody) {
		custody->id = strdup(id);
	}
	(void)app_push(app, (struct screen *)custody); /* says what went wrong */
}
