/* SPDX-License-Identifier: MIT */
/*
 * See writing.h.
 */
#include "writing.h"

#include "app.h"
#include "doc.h"
#include "toban/base/i18n.h"

struct writing *
writing_of(struct screen *screen)
{
	return (struct writing *)screen;
}

struct form *
writing_form(struct screen *screen)
{
	return &writing_of(screen)->base.form;
}

void
writing_resume(struct writing *writing, const json_t *saved)
{
	const json_t *fields = json_object_get(saved, "fields");

	form_fill(&writing->base.form, fields);
	form_continue(&writing->base.form, fields);
	draft_resume(&writing->draft, saved);
}

void
writing_resume_said(struct writing *writing, const json_t *saved)
{
	writing_resume(writing, saved);
	app_say_with(writing->base.base.app, SAY_INFO, _("This is your draft {draft}, continued."),
		&(struct str_arg){ "draft", doc_text(saved, "draft") }, 1);
}

bool
writing_push(struct writing *writing)
{
	if (!app_push(writing->base.base.app, &writing->base.base)) {
		return false; /* it was said why */
	}
	form_ask_paste(&writing->base.form);
	return true;
}

void
writing_keep(struct writing *writing)
{
	(void)draft_save(&writing->draft, &writing->base.form); /* a failure was said */
}

void
writing_refused(struct writing *writing, const json_t *error)
{
	draft_refused(&writing->draft, &writing->base.form, error);
	writing_keep(writing);
	form_refused(&writing->base.form, error);
}

void
writing_leave(struct screen *screen)
{
	if (draft_leave(&writing_of(screen)->draft, writing_form(screen))) {
		app_close(screen);
	}
}

void
writing_leave_run(struct screen *screen)
{
	if (!form_unzoom(writing_form(screen))) {
		writing_leave(screen);
	}
}

void
writing_paint(struct screen *screen, struct canvas *c)
{
	form_paint(writing_form(screen), c);
}

void
writing_save(struct screen *screen, bool later)
{
	struct writing *writing = writing_of(screen);

	form_rest(writing_form(screen));
	if (later) {
		draft_save_later(&writing->draft, &writing->base.form);
	} else {
		writing_keep(writing);
	}
}

void
writing_release(struct screen *screen)
{
	draft_release(&writing_of(screen)->draft);
	form_release(writing_form(screen));
}
