/* SPDX-License-Identifier: MIT */
/*
 * The page of one incident: its chain, its log and what is next.  Opening it
 * tells the record that somebody of the chain has seen the case.
 */
#include "incident.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "clipboard.h"
#include "doc.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

static struct incident_view *
self(struct screen *screen)
{
	return (struct incident_view *)screen;
}

static enum err
incident_load(struct screen *screen)
{
	struct incident_view *view = self(screen);
	json_t *show = NULL;
	enum err e =
		app_call(screen->app, "incident.show", json_pack("{s:s}", "id", view->id), &show);

	if (e != ERR_OK) {
		return e;
	}
	json_decref(view->show);
	view->show = show;
	if (!view->at_end) {
		view->looked = doc_int(show, "looked_seq");
		view->looked_before = view->looked;
		view->looked_at = doc_time(show, "looked_at");
	}
	incident_filter_log(view);
	if (!view->at_end) {
		/* The newest entry is what a person opens the page for. */
		(void)list_key(&view->list, K_END);
		view->at_end = true;
	}
	return ERR_OK;
}

static bool
incident_key(struct screen *screen, const struct key *key)
{
	struct incident_view *view = self(screen);

	if (view->section != SECTION_TIMELINE) {
		return page_key(&view->page, key->code);
	}
	if (!list_key(&view->list, key->code)) {
		return false;
	}
	if (view->list.n > 0) {
		list_anchor(&view->list, incident_entry_id(view));
	}
	return true;
}

/*
 * The page was shown: its newest entry is read now.  The mark that was there
 * before stays on screen until the page is left, so that what is new is seen.
 */
static bool
incident_idle(struct screen *screen)
{
	struct incident_view *view = self(screen);
	int64_t seq = doc_int(view->show, "last_seq");
	json_t *result = NULL;
	json_t *error = NULL;

	if (seq <= view->looked) {
		return false;
	}
	view->looked = seq;
	if (app_try(screen->app, "incident.look",
		    json_pack("{s:s, s:I}", "id", view->id, "seq", (json_int_t)seq), &result,
		    &error) == ERR_OK) {
		app_changed(screen->app); /* lists show it as read, */
		screen->stale = false;    /* this page as it was opened */
	}
	json_decref(result);
	json_decref(error); /* a mark of one's own that was not kept costs a second look */
	return false;
}

static void
turn(struct incident_view *view, int by)
{
	view->section = (enum section)(((int)view->section + by + SECTION_COUNT) % SECTION_COUNT);
	view->page.top = 0;
	view->page.found = 0;
}

static void
next_run(struct screen *screen)
{
	turn(self(screen), 1);
}

static void
previous_run(struct screen *screen)
{
	turn(self(screen), -1);
}

static void
actions_run(struct screen *screen)
{
	actions_open(screen->app, self(screen)->id);
}

static void
note_run(struct screen *screen)
{
	stepform_open(screen->app, self(screen)->id, "note", NULL);
}

static const char *
incident_subject(struct screen *screen)
{
	return self(screen)->id;
}

static void
rollout_run(struct screen *screen)
{
	rollout_open(screen->app, self(screen)->id);
}

static void
read_run(struct screen *screen)
{
	struct incident_view *view = self(screen);

	if (view->section == SECTION_ROLLOUT) {
		rollout_run(screen);
	} else if (view->section == SECTION_TIMELINE && view->list.n > 0) {
		entry_open(screen->app, json_array_get(view->log, (size_t)view->list.selected));
	} else if (view->section == SECTION_EVIDENCE &&
		json_array_size(doc_list(view->show, "evidence")) > 0) {
		custody_open(screen->app, view->id);
	} else {
		/* A long text is read on; the footer names this key here, too. */
		(void)page_key(&view->page, K_PGDN);
	}
}

static void
go_section(struct screen *screen, enum section section)
{
	self(screen)->section = section;
	self(screen)->page.top = 0;
	self(screen)->page.found = 0;
}

static void
timeline_run(struct screen *screen)
{
	go_section(screen, SECTION_TIMELINE);
}

static void
report_run(struct screen *screen)
{
	go_section(screen, SECTION_REPORT);
}

static void
result_run(struct screen *screen)
{
	go_section(screen, SECTION_RESULT);
}

static void
reviews_run(struct screen *screen)
{
	go_section(screen, SECTION_REVIEWS);
}

static void
filter_run(struct screen *screen)
{
	struct incident_view *view = self(screen);

	go_section(screen, SECTION_TIMELINE);
	view->filter = (view->filter + 1) % LOG_FILTER_COUNT;
	incident_filter_log(view);
}

/* Looks on in what is in view: the timeline's entries, or the lines of a section. */
static void
find(struct screen *screen, int by)
{
	struct incident_view *view = self(screen);
	bool found;

	if (!view->find) {
		app_say(screen->app, SAY_INFO, _("Nothing is looked for yet: / asks for words."));
		return;
	}
	if (view->section != SECTION_TIMELINE) {
		/* A fast hand asks before the section was painted. */
		incident_build(view, view->section, view->page.cols > 0 ? view->page.cols : 78);
	}
	found = view->section == SECTION_TIMELINE ? incident_find_entry(view, view->find, by)
						  : page_find(&view->page, view->find, by);
	if (!found) {
		app_say(screen->app, SAY_INFO, _("These words do not occur here."));
	}
}

static void
find_answered(struct screen *screen, const char *words)
{
	struct incident_view *view = self(screen);
	struct str folded = STR_INIT;

	text_fold(&folded, words, strlen(words));
	free(view->find);
	view->find = folded.len > 0 ? strdup(str_text(&folded)) : NULL;
	str_release(&folded);
	if (view->find) {
		find(screen, 1);
	}
}

static void
find_run(struct screen *screen)
{
	popup_prompt(screen->app,
		&(struct popup_prompt){ .asker = screen, .label = "/", .answered = find_answered });
}

static void
find_next_run(struct screen *screen)
{
	find(screen, 1);
}

static void
find_previous_run(struct screen *screen)
{
	find(screen, -1);
}

static void
incident_release(struct screen *screen)
{
	struct incident_view *view = self(screen);

	json_decref(view->show);
	json_decref(view->log);
	free(view->find);
	list_release(&view->list);
	page_release(&view->page);
	free(view->id);
}

static void
copy_run(struct screen *screen)
{
	clipboard_send_id(screen->app, self(screen)->id);
}

static void
calls_run(struct screen *screen)
{
	calls_open(screen->app, self(screen)->id);
}

static const struct action actions[] = {
	{ "actions", 'a', 0, N_("actions"), N_("What can be done now, and who could do the rest"),
		ACTION_HINT, actions_run },
	{ "note", 'e', 0, N_("note"), N_("Add a note to the record"),
		ACTION_HINT | ACTION_WRITES | ACTION_STEP, note_run },
	{ "section", K_TAB, K_RIGHT, N_("section"), N_("The next section of the page"), ACTION_HINT,
		next_run },
	{ "previous", K_BACKTAB, K_LEFT, N_("previous"), N_("The previous section of the page"),
		ACTION_PLAIN, previous_run },
	{ "read", K_ENTER, 0, N_("read"), N_("Read the marked entry; in the roll-out: the matrix"),
		ACTION_HINT, read_run },
	{ "telephone", 't', 0, N_("telephone"), N_("Whom to call now, and what came of it"),
		ACTION_HINT | ACTION_STEP, calls_run },
	{ "rollout", 'r', 0, N_("roll-out"), N_("The matrix of measures and departments"),
		ACTION_HINT, rollout_run },
	{ "kinds", 'f', 0, N_("filter"), N_("All entries, decisions, notes or messages"),
		ACTION_HINT, filter_run },
	{ "find", '/', 0, N_("find"), N_("Find words in the timeline or the section"), ACTION_PLAIN,
		find_run },
	{ "next-hit", 'n', 0, N_("next hit"), N_("The next place with these words"), ACTION_PLAIN,
		find_next_run },
	{ "previous-hit", 'N', 0, N_("previous hit"), N_("The previous place with these words"),
		ACTION_PLAIN, find_previous_run },
	{ "timeline", 0, 0, N_("timeline"), N_("The timeline"), ACTION_PLAIN, timeline_run },
	{ "report", 0, 0, N_("report"), N_("The report and its classification"), ACTION_PLAIN,
		report_run },
	{ "result", 0, 0, N_("result"), N_("The result of the response"), ACTION_PLAIN,
		result_run },
	{ "reviews", 0, 0, N_("reviews"), N_("The seven reviews"), ACTION_PLAIN, reviews_run },
	{ "copy", 'y', 0, N_("copy number"),
		N_("Send the incident's number to the terminal's clipboard"), ACTION_PLAIN,
		copy_run },
	{ .name = NULL },
};

const struct screen_ops incident_ops = {
	.name = "incident",
	.title = N_("Incident"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = incident_load,
	.head = incident_head,
	.paint = incident_paint,
	.key = incident_key,
	.idle = incident_idle,
	.subject = incident_subject,
	.release = incident_release,
};

void
incident_open(struct app *app, const char *id)
{
	struct incident_view *view =
		(struct incident_view *)screen_new(app, &incident_ops, sizeof(*view));
	json_t *seen = NULL;
	json_t *error = NULL;

	if (view) {
		view->id = strdup(id);
		/* Only the chain's people are recorded; a refusal to others is no news. */
		if (app_try(app, "incident.seen", json_pack("{s:s}", "id", id), &seen, &error) ==
				ERR_OK &&
			doc_flag(seen, "recorded")) {
			app_changed(app);
		}
		json_decref(seen);
		json_decref(error);
	}
	(void)app_push(app, (struct screen *)view); /* says what went wrong */
}

void
incident_open_at(struct app *app, const char *id, int64_t seq)
{
	struct screen *screen;
	struct incident_view *view;
	size_t i;
	json_t *entry;

	incident_open(app, id);
	screen = app_top(app);
	if (screen->ops != &incident_ops) {
		return; /* it could not be opened, which was said */
	}
	view = self(screen);
	json_array_foreach(view->log, i, entry)
	{
		if (doc_int(entry, "seq") == seq) {
			view->list.selected = (int)i;
			list_anchor(&view->list, incident_entry_id(view));
		}
	}
}
