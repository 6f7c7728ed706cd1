/* SPDX-License-Identifier: MIT */
/*
 * A paste that is long or does not fit: kept until somebody said what becomes of
 * it.  A large one is a file from the first moment on, because no draft holds it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"
#include "attach.h"
#include "doc.h"
#include "form_part.h"
#include "paste.h"
#include "toban/base/fd.h"
#include "toban/base/i18n.h"

/* A paste of more lines is a log rather than an answer. */
enum { LINES_MAX = 20 };

enum {
	SPOOL_LEAST = 128 * 1024,      /* bytes; larger ones are kept as a file */
	SPOOL_MOST = 64 * 1024 * 1024, /* nobody but the desk writes such a file */
};

static struct form *
form_of(struct screen *owner)
{
	return &((struct form_screen *)owner)->form;
}

static size_t
lines_of(const char *text, size_t len)
{
	size_t lines = 1;

	for (size_t i = 0; i < len; i++) {
		lines += text[i] == '\n' && i + 1 < len;
	}
	return lines;
}

static size_t
chars_of(const char *text, size_t len)
{
	size_t chars = 0;

	for (size_t i = 0; i < len; i++) {
		chars += ((unsigned char)text[i] & 0xc0) != 0x80;
	}
	return chars;
}

/* Where the characters behind the first `n` begin. */
static size_t
behind_chars(const char *text, size_t len, size_t n)
{
	size_t i = 0;

	for (; i < len; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80 && n-- == 0) {
			break;
		}
	}
	return i;
}

/* --- where it is kept -------------------------------------------------------------------- */

/* Its file, if it has one, stays. */
static void
forget(struct form *form)
{
	str_release(&form->pasted);
	free(form->pasted_file);
	form->pasted_file = NULL;
	form->pasted_lost = 0;
	form->pasted_behind = 0;
}

/* Takes the place of what was kept before. */
static bool
keep(struct form *form, const struct key *key)
{
	struct app *app = form->owner->app;
	struct str path = STR_INIT;
	char name[NEW_ID_SIZE];

	forget(form);
	form->pasted_lost = key->lost;
	random_id(clock_now(&app->options->clock), name);
	if (key->paste_len >= SPOOL_LEAST &&
		attach_text(app, name, key->paste, key->paste_len, &path)) {
		form->pasted_file = strdup(str_text(&path));
	}
	if (!form->pasted_file) {
		str_add_n(&form->pasted, key->paste, key->paste_len);
	}
	str_release(&path);
	return !form->pasted.failed;
}

/* The whole of it; false: its file cannot be read now, and stays. */
static bool
recall(const struct form *form, struct str *text)
{
	struct stat st;
	size_t len = 0;
	bool ok = false;
	int fd;

	if (!form->pasted_file) {
		str_add_n(text, str_text(&form->pasted), form->pasted.len);
		return !text->failed;
	}
	fd = open(form->pasted_file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= SPOOL_MOST &&
		str_reserve(text, (size_t)st.st_size)) {
		ok = fd_read_all(fd, text->data, (size_t)st.st_size, &len) == ERR_OK;
		text->len = len;
		text->data[len] = '\0';
	}
	if (fd >= 0) {
		(void)close(fd); /* only read */
	}
	return ok;
}

json_t *
form_pasted(const struct form *form)
{
	json_t *pasted;

	if (form->pasted.len == 0 && !form->pasted_file) {
		return NULL;
	}
	pasted = json_pack("{s:s}", "field", form->fields[form->focus].key);
	if (form->pasted_file) {
		json_object_set_new(pasted, "file", json_string(form->pasted_file));
	} else {
		json_object_set_new(pasted, "text", json_string(str_text(&form->pasted)));
	}
	if (form->pasted_lost > 0) {
		json_object_set_new(pasted, "lost", json_integer((json_int_t)form->pasted_lost));
	}
	return pasted;
}

void
form_repaste(struct form *form, const json_t *pasted)
{
	const struct field *field = form_field(form, doc_text(pasted, "field"));

	if (!field) {
		return;
	}
	forget(form);
	form->focus = (int)(field - form->fields);
	if (doc_text(pasted, "file")[0]) {
		form->pasted_file = strdup(doc_text(pasted, "file"));
	} else {
		str_add(&form->pasted, doc_text(pasted, "text"));
	}
	form->pasted_lost = (size_t)doc_int(pasted, "lost");
}

void
form_drop_pasted(struct form *form)
{
	forget(form);
}

/* --- what becomes of it ------------------------------------------------------------------ */

/* What did not fit is not thrown away: Ctrl-Y has it, or the file. */
static void
say_put(struct form *form, const struct str *text, size_t n)
{
	size_t from = behind_chars(str_text(text), text->len, n);
	const char *path = form->pasted_file;
	char put[24];
	char rest[24];

	snprintf(put, sizeof(put), "%zu", n);
	snprintf(rest, sizeof(rest), "%zu", chars_of(str_text(text) + from, text->len - from));
	if (from == text->len) {
		app_say_with(form->owner->app, SAY_INFO, _("{n} characters were put in."),
			&(struct str_arg){ "n", put }, 1);
	} else if (path) {
		app_say_with(form->owner->app, SAY_INFO,
			_("{n} characters were put in. All of the paste is in {path}."),
			(struct str_arg[]){ { "n", put }, { "path", path } }, 2);
	} else {
		str_clear(&form->killed);
		str_add_n(&form->killed, str_text(text) + from, text->len - from);
		app_say_with(form->owner->app, SAY_INFO,
			_("{n} characters were put in. Ctrl-Y puts in the {rest} behind them."),
			(struct str_arg[]){ { "n", put }, { "rest", rest } }, 2);
	}
	if (path && from == text->len) {
		attach_drop(form->owner->app, path);
	}
}

/* False: nothing became of it yet. */
static bool
put(struct form *form)
{
	struct edit *edit = &form->fields[form->focus].edit;
	struct str text = STR_INIT;
	size_t before = edit_chars(edit);
	bool ok = recall(form, &text);

	if (ok) {
		edit_before(edit, form->pasted_behind,
			&(struct key){
				.code = K_PASTE, .paste = str_text(&text), .paste_len = text.len });
		say_put(form, &text, edit_chars(edit) - before);
	} else {
		app_say_with(form->owner->app, SAY_ERROR,
			_("The paste is in the file {path}, which cannot be read now."),
			&(struct str_arg){ "path", form->pasted_file ? form->pasted_file : "" }, 1);
	}
	str_release(&text);
	return ok;
}

static bool
attach(struct form *form)
{
	struct app *app = form->owner->app;
	struct str path = STR_INIT;
	char name[NEW_ID_SIZE];
	bool ok;

	random_id(clock_now(&app->options->clock), name);
	if (form->pasted_file) {
		str_add(&path, form->pasted_file);
	}
	ok = form->pasted_file ||
		attach_text(app, name, str_text(&form->pasted), form->pasted.len, &path);
	if (ok) {
		form_attach(form->owner, str_text(&path));
		app_say_with(app, SAY_DONE, _("The paste is kept as the file {path} and attached."),
			&(struct str_arg){ "path", str_text(&path) }, 1);
	} else {
		app_say(app, SAY_ERROR,
			_("The paste could not be kept as a file. Nothing was pasted."));
	}
	str_release(&path);
	return ok;
}

static void
answered(struct screen *owner, enum paste_answer answer)
{
	struct form *form = form_of(owner);

	if (answer == PASTE_PUT) {
		(void)put(form);
	} else if (answer == PASTE_ATTACH) {
		(void)attach(form);
	} else {
		if (form->pasted_file) {
			attach_drop(owner->app, form->pasted_file);
		}
		app_say(owner->app, SAY_INFO, _("Nothing was pasted."));
	}
	forget(form);
	form_touch(form); /* the draft forgets the question */
}

static void again(struct screen *owner, const struct key *key);

/* Typed on behind the paste, before the question was seen: text, and no answer. */
static bool
typed(struct screen *owner, const struct key *key)
{
	struct form *form = form_of(owner);
	struct edit *edit = &form->fields[form->focus].edit;
	size_t before = edit->text.len;

	if (!key_is_text(key) && !(key->code == K_ENTER && edit->area) &&
		key->code != K_BACKSPACE) {
		return false;
	}
	if (key->code == K_BACKSPACE && form->pasted_behind == 0) {
		return false;
	}
	if (edit_key(edit, key) == EDIT_FULL) {
		return false;
	}
	form->pasted_behind += edit->text.len - before; /* wraps back when it became shorter */
	form_touch(form);
	return true;
}

void
form_ask_paste(struct form *form)
{
	struct field *field = &form->fields[form->focus];
	struct str text = STR_INIT;

	if (form->pasted.len == 0 && !form->pasted_file) {
		return;
	}
	if (!recall(form, &text)) {
		app_say_with(form->owner->app, SAY_ERROR,
			_("The paste is in the file {path}, which cannot be read now."),
			&(struct str_arg){ "path", form->pasted_file ? form->pasted_file : "" }, 1);
	} else {
		paste_open(form->owner->app,
			&(struct paste_ask){
				.asker = form->owner,
				.field = field->label,
				.chars = chars_of(str_text(&text), text.len),
				.lines = lines_of(str_text(&text), text.len),
				.room = edit_room(&field->edit, str_text(&text), text.len),
				.lost = form->pasted_lost,
				.file = form_takes_file(form),
				.answered = answered,
				.typed = typed,
				.again = again,
			});
	}
	str_release(&text);
}

static void
save(struct form *form)
{
	form_touch(form);
	if (form->owner->ops->save) {
		/* The line may break while it is asked. */
		form->owner->ops->save(form->owner, false);
	}
}

static void
again(struct screen *owner, const struct key *key)
{
	struct form *form = form_of(owner);
	struct str both = STR_INIT;
	char *old = form->pasted_file ? strdup(form->pasted_file) : NULL;
	size_t behind = form->pasted_behind;
	bool kept = recall(form, &both);

	str_add_n(&both, key->paste, key->paste_len);
	kept = kept && !both.failed && both.len <= SPOOL_MOST &&
		keep(form,
			&(struct key){ .code = K_PASTE,
				.paste = str_text(&both),
				.paste_len = both.len,
				.lost = form->pasted_lost + key->lost });
	if (kept && old) {
		attach_drop(owner->app, old); /* the new one holds it */
	}
	if (!kept) {
		app_say(owner->app, SAY_ERROR,
			_("The second paste was not taken: say first what becomes of this one."));
	}
	form->pasted_behind = behind;
	form_ask_paste(form);
	save(form);
	free(old);
	str_release(&both);
}

bool
form_asks_paste(struct form *form, struct field *field, const struct key *key)
{
	size_t lines = lines_of(key->paste, key->paste_len);
	size_t chars = chars_of(key->paste, key->paste_len);
	size_t room = edit_room(&field->edit, key->paste, key->paste_len);

	if (room >= chars && lines <= LINES_MAX && key->lost == 0) {
		return false;
	}
	/* Controls that are left out anyway make no question. */
	if (lines <= LINES_MAX && key->lost == 0 &&
		(field->edit.max_chars == 0 ||
			edit_chars(&field->edit) + chars <= field->edit.max_chars)) {
		return false;
	}
	if (!keep(form, key)) {
		return false;
	}
	form_ask_paste(form);
	save(form);
	return true;
}
