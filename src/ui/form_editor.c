/* SPDX-License-Identifier: MIT */
/*
 * A text in the person's own program.  It goes there as a private file and comes
 * back like a paste; whatever happens to the program, the old text is a draft.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app.h"
#include "attach.h"
#include "doc.h"
#include "form_part.h"
#include "toban/base/fd.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

/* Nobody writes more by hand; what is larger is a file, and is kept as one. */
enum { EDITED_MOST = 4 << 20 };

#define FILE_NAME "text.txt"

struct lent {
	struct str dir;
	struct str path;
	char *text; /* what came back */
	size_t len;
	bool gone; /* the terminal went meanwhile */
	struct app *app;
};

bool
form_editor_refused(const struct form *form, struct str *why)
{
	struct app *app = form->owner->app;
	const json_t *policy = json_object_get(book_procedure(&app->book), "terminal");

	if (!app->options->edit || !doc_flag(policy, "editor")) {
		str_add(why,
			_("No other program for texts is allowed here. The administrator can "
			  "allow it (forms/policy/terminal.ini, Editor). Ctrl-E: the whole "
			  "window."));
	} else if (!terminal_can_suspend()) {
		str_add(why,
			_("No shell started this desk: no other program is started, either. "
			  "Ctrl-E: the whole window."));
	} else if (form->n == 0 || form->fields[form->focus].entry != ENTRY_AREA) {
		str_add(why, _("Only a long text can be written in another program."));
	} else {
		return false;
	}
	return true;
}

/* A folder and a file that nobody else can look into. */
static bool
put_out(struct lent *lent, const char *text)
{
	const char *base = lent->app->options->emergency_dir;
	char *dir;
	int fd = -1;
	bool ok;

	str_addf(&lent->dir, "%s/toban-edit-XXXXXX", base && base[0] ? base : "/tmp");
	dir = strdup(str_text(&lent->dir));
	str_clear(&lent->dir);
	ok = dir && mkdtemp(dir) != NULL;
	if (ok) {
		str_add(&lent->dir, dir);
		str_addf(&lent->path, "%s/" FILE_NAME, dir);
		fd = open(str_text(&lent->path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		ok = fd >= 0 && fd_write_all(fd, text, strlen(text)) == ERR_OK;
	}
	if (fd >= 0) {
		ok = close(fd) == 0 && ok;
	}
	free(dir);
	return ok;
}

/* The text, and what the program left beside it. */
static void
clear_out(struct lent *lent)
{
	DIR *dir = lent->dir.len > 0 ? opendir(str_text(&lent->dir)) : NULL;
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		(void)unlinkat(dirfd(dir), entry->d_name, 0); /* "." and ".." stay */
	}
	if (dir) {
		(void)closedir(dir);               /* only read */
		(void)rmdir(str_text(&lent->dir)); /* a folder within stays: it is not ours */
	}
	str_release(&lent->dir);
	str_release(&lent->path);
	free(lent->text);
}

static bool
take_in(struct lent *lent)
{
	int fd = open(str_text(&lent->path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	bool ok =
		fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= EDITED_MOST;

	if (ok) {
		lent->text = calloc(1, (size_t)st.st_size + 1);
		ok = lent->text &&
			fd_read_all(fd, lent->text, (size_t)st.st_size, &lent->len) == ERR_OK;
	}
	if (fd >= 0) {
		(void)close(fd); /* only read */
	}
	/* Programs end the last line; people do not. */
	if (ok && lent->len > 0 && lent->text[lent->len - 1] == '\n') {
		lent->text[--lent->len] = '\0';
	}
	return ok;
}

static bool
gone(void *ctx)
{
	struct lent *lent = ctx;

	lent->gone = lent->gone || loop_gone(&lent->app->loop) || loop_hung_up();
	return lent->gone;
}

/* True when the program ended as one that wrote what was wanted. */
static bool
run(struct lent *lent)
{
	struct app *app = lent->app;
	struct ui_wait wait = { app->loop.signal_fd, gone, lent };
	int status = 0;
	enum err e;

	terminal_lend(&app->term);
	e = app->options->edit(app->options->ctx, str_text(&lent->path), &wait, &status);
	terminal_take(&app->term);
	terminal_resize();
	(void)gone(lent); /* what came for both of us while it ran was meant for it */
	/* What it saved before it was ended, or found no terminal, is the person's, too. */
	if (e == ERR_OK && (WIFSIGNALED(status) || WEXITSTATUS(status) == 0 || lent->gone)) {
		return true;
	}
	if (e == ERR_OK) {
		app_say(app, SAY_ERROR,
			_("The program ended with a fault: the text is as it was before."));
	} else {
		app_say(app, SAY_ERROR,
			_("No program could be started ($VISUAL, $EDITOR): the text is as it was "
			  "before. Ctrl-E: the whole window."));
	}
	return false;
}

/* What does not go into the field stays somewhere, and is named. */
static void
keep_rest(struct lent *lent, const char *pattern)
{
	struct app *app = lent->app;
	struct str path = STR_INIT;
	char name[NEW_ID_SIZE];

	random_id(clock_now(&app->options->clock), name);
	if (!attach_text(app, name, lent->text, lent->len, &path)) {
		str_clear(&path);
		str_add(&path, "-");
	}
	app_say_with(app, SAY_ERROR, pattern, &(struct str_arg){ "path", str_text(&path) }, 1);
	str_release(&path);
}

static void
put_in(struct lent *lent, struct form *form, struct field *field)
{
	struct edit *edit = &field->edit;
	enum edit_reply reply;

	if (!utf8_valid(lent->text, lent->len)) {
		keep_rest(lent,
			_("What was written is no UTF-8 text and was not taken; it is in {path}. "
			  "The "
			  "text is as it was before."));
		return;
	}
	if (strlen(lent->text) == lent->len && strcmp(lent->text, edit_text(edit)) == 0) {
		app_say(lent->app, SAY_INFO, _("Nothing was changed."));
		return;
	}
	reply = edit_rewrite(edit, lent->text, lent->len);
	free(field->problem);
	field->problem = NULL;
	form_touch(form);
	if (reply == EDIT_FULL) {
		keep_rest(lent,
			_("The field is full: the end was left out. All of it is in {path}."));
	} else if (reply == EDIT_CLEANED) {
		app_say(lent->app, SAY_INFO, _("Control characters in the text were left out."));
	} else {
		app_say(lent->app, SAY_DONE, _("The text was taken over."));
	}
}

/* It stays where it is, and is named. */
static void
say_unread(struct lent *lent)
{
	app_say_with(lent->app, SAY_ERROR,
		_("What was written cannot be read, or is too long; it is in {path}. The text is "
		  "as it was before."),
		&(struct str_arg){ "path", str_text(&lent->path) }, 1);
	str_clear(&lent->dir);
}

void
form_editor_run(struct screen *owner)
{
	struct form *form = &((struct form_screen *)owner)->form;
	struct field *field = &form->fields[form->focus];
	struct lent lent = { .app = owner->app };

	if (owner->ops->save) {
		owner->ops->save(owner, false);
	}
	if (!put_out(&lent, edit_text(&field->edit))) {
		app_say(owner->app, SAY_ERROR,
			_("The text could not be given to another program: no private file could "
			  "be written."));
	} else if (run(&lent)) {
		if (!take_in(&lent)) {
			say_unread(&lent);
		} else if (lent.len > 0 || !lent.gone) {
			/* An empty file at a hang-up was cut off in writing. */
			put_in(&lent, form, field);
		}
	}
	clear_out(&lent);
	if (lent.gone) {
		app_leave(owner->app);
	}
}
