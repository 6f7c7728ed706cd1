/* SPDX-License-Identifier: MIT */
/*
 * Drafts: nothing a person typed is ever lost by a key, a cable or a full disk.
 */
#include "draft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "doc.h"
#include "toban/base/i18n.h"

void
draft_init(struct draft *draft, const char *form, const char *subject)
{
	*draft = (struct draft){
		.form = strdup(form),
		.subject = subject ? strdup(subject) : NULL,
		.saved_at = STAMP_NONE,
	};
}

void
draft_release(struct draft *draft)
{
	free(draft->id);
	free(draft->form);
	free(draft->subject);
	*draft = (struct draft){ 0 };
}

void
draft_resume(struct draft *draft, const char *id)
{
	free(draft->id);
	draft->id = strdup(id);
}

/* The last resort; the path is told, so that the duty lead finds it. */
static void
save_emergency(struct app *app, const json_t *args)
{
	const char *dir = app->options->emergency_dir;
	struct str path = STR_INIT;
	int fd;

	if (!dir || !dir[0]) {
		return;
	}
	str_addf(&path, "%s/toban-unsent-%lld.json", dir, (long long)book_now(&app->book));
	fd = open(str_text(&path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0) {
		bool written = json_dumpfd(args, fd, JSON_INDENT(2)) == 0 && fsync(fd) == 0;

		if (close(fd) == 0 && written) {
			app_say_with(app, SAY_ERROR,
				_("The record could not take your draft. Your text is in the file "
				  "{path}. Call the duty lead."),
				&(struct str_arg){ "path", str_text(&path) }, 1);
		}
	}
	str_release(&path);
}

bool
draft_save(struct draft *draft, struct form *form)
{
	struct app *app = form->owner->app;
	json_t *args;
	json_t *result = NULL;
	json_t *error = NULL;
	bool saved;

	if (!form->touched) {
		return true;
	}
	args = json_pack("{s:s, s:o}", "form", draft->form, "fields", form_values(form));
	if (draft->id) {
		json_object_set_new(args, "draft", json_string(draft->id));
	}
	if (draft->drill) {
		json_object_set_new(json_object_get(args, "fields"), "drill", json_true());
	}
	if (json_array_size(form->files) > 0) {
		json_object_set(json_object_get(args, "fields"), "attached", form->files);
	}
	if (draft->subject) {
		json_object_set_new(args, "subject", json_string(draft->subject));
	}
	saved = app_try(app, "draft.save", json_incref(args), &result, &error) == ERR_OK;
	if (saved) {
		draft_resume(draft, doc_text(result, "draft"));
		draft->saved_at = doc_time(result, "saved_at");
		form->touched = false;
		app->stack[0]->stale = true;
	} else {
		app_say_error(app, error);
		save_emergency(app, args);
	}
	json_decref(args);
	json_decref(result);
	json_decref(error);
	return saved;
}

void
draft_leave(struct draft *draft, struct form *form)
{
	if (draft_save(draft, form) && draft->id) {
		app_say_with(form->owner->app, SAY_DONE,
			_("What you typed is kept as draft {draft}."),
			&(struct str_arg){ "draft", draft->id }, 1);
	}
}

void
draft_words(const struct draft *draft, struct form *form, struct str *out)
{
	struct book *book = &form->owner->app->book;
	char at[STAMP_SIZE];

	if (!draft->id) {
		str_add(out, form->touched ? _("not saved yet") : "");
		return;
	}
	str_addf(out, "%s  ", draft->id);
	if (draft->saved_at != STAMP_NONE) {
		book_time(book, draft->saved_at, at);
		str_say(out, _("draft saved {time}"), &(struct str_arg){ "time", at }, 1);
	}
}
