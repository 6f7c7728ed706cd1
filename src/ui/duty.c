/* SPDX-License-Identifier: MIT */
/*
 * Duty: who of a department is there now and next, its roster of a week, who is away
 * until when and who stands in, and who would be told of a report.  Everything is
 * asked of the desk anew when something changes.
 */
#include "duty.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "outsider.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "value.h"

enum { WEEKS_MOST = 52 }; /* to either side */

static struct duty_page *
self(struct screen *screen)
{
	return (struct duty_page *)screen;
}

/* --- reading ------------------------------------------------------------------------------ */

static void
replace(json_t **slot, json_t *by)
{
	json_decref(*slot);
	*slot = by;
}

static enum err
read_roster(struct duty_page *duty, stamp from, int days, json_t **slot)
{
	struct app *app = duty->base.app;
	char text[STAMP_SIZE];
	json_t *result = NULL;
	enum err e;

	stamp_format(from, book_offset(&app->book), text);
	e = app_call(app, "roster.show",
		json_pack("{s:s, s:s, s:i}", "department", duty->department, "from", text, "days",
			days),
		&result);
	if (e == ERR_OK) {
		replace(slot, result);
	}
	return e;
}

static enum err
duty_load(struct screen *screen)
{
	struct duty_page *duty = self(screen);
	struct book *book = &screen->app->book;
	enum err e;

	book_renew_org(book);
	if (!duty->department) {
		duty->department = strdup(doc_text(book_my_record(book), "department"));
	}
	if (!duty->department) {
		return ERR_NOMEM;
	}
	e = read_roster(duty, book_now(book), DUTY_AHEAD_DAYS, &duty->now);
	if (e == ERR_OK) {
		/* The last night ends on the day after. */
		e = read_roster(duty, duty_day(duty, 0), DUTY_DAYS + 1, &duty->roster);
	}
	replace(&duty->told, NULL);
	replace(&duty->findings, NULL);
	return e;
}

/* Whoever can mend what the check finds. */
static bool
is_mender(const struct app *app)
{
	static const char *const roles[] = { "owner", "deputy", "office", "office-head", "admin" };
	const json_t *mine = doc_list(book_my_record(&app->book), "roles");

	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		if (doc_holds(mine, roles[i])) {
			return true;
		}
	}
	return false;
}

/* A refusal is kept as an empty answer: it is not asked for again. */
static void
read_once(struct app *app, const char *method, json_t *args, json_t **slot)
{
	json_t *error = NULL;

	if (app_try(app, method, args, slot, &error) != ERR_OK) {
		json_decref(error);
		*slot = json_object();
	}
}

static void
read_findings(struct duty_page *duty)
{
	if (!duty->findings && is_mender(duty->base.app)) {
		read_once(duty->base.app, "duty.check", NULL, &duty->findings);
	}
}

static bool
duty_idle(struct screen *screen)
{
	struct duty_page *duty = self(screen);

	if (duty->told) {
		return false;
	}
	read_once(screen->app, "chain.preview",
		json_pack("{s:s}", "department", duty->department), &duty->told);
	read_findings(duty);
	return true;
}

/* --- keys ---------------------------------------------------------------------------------- */

static bool
duty_key(struct screen *screen, const struct key *key)
{
	struct duty_page *duty = self(screen);

	if (duty->look != DUTY_WEEK) {
		if (key->code == K_ESC || key->code == 'q') {
			duty->look = DUTY_WEEK;
			return true;
		}
		return duty->look == DUTY_FINDINGS && page_key(&duty->page, key->code);
	}
	return list_key(&duty->days, key->code);
}

static void
go_week(struct screen *screen, int week)
{
	struct duty_page *duty = self(screen);

	if (week > WEEKS_MOST || week < -WEEKS_MOST) {
		app_say(screen->app, SAY_INFO, _("A year to either side is what is shown here."));
		return;
	}
	duty->week = week;
	duty->look = DUTY_WEEK;
	screen->stale = true;
}

static void
earlier_run(struct screen *screen)
{
	go_week(screen, self(screen)->week - 1);
}

static void
later_run(struct screen *screen)
{
	go_week(screen, self(screen)->week + 1);
}

static void
today_run(struct screen *screen)
{
	struct duty_page *duty = self(screen);
	struct book *book = &screen->app->book;

	go_week(screen, 0);
	for (int day = 0; day < DUTY_DAYS; day++) {
		if (duty_day(duty, day) <= book_now(book)) {
			duty->days.selected = day;
		}
	}
}

static void
department_answered(struct screen *screen, const json_t *value)
{
	struct duty_page *duty = self(screen);
	char *id = strdup(json_string_value(value));

	if (id) {
		free(duty->department);
		duty->department = id;
		screen->stale = true;
	}
}

static void
department_run(struct screen *screen)
{
	json_t *field = json_pack("{s:s}", "type", "department");

	popup_pick(screen->app,
		&(struct popup_pick){
			.asker = screen,
			.title = _("Of which department?"),
			.options = value_options(&screen->app->book, field),
			.answered = department_answered,
		});
	json_decref(field);
}

static void
look_at(struct duty_page *duty, enum duty_look look)
{
	duty->look = duty->look == look ? DUTY_WEEK : look;
	duty->page.top = 0;
}

static void
told_run(struct screen *screen)
{
	look_at(self(screen), DUTY_TOLD);
}

static void
findings_run(struct screen *screen)
{
	struct duty_page *duty = self(screen);

	read_findings(duty); /* the key may come before the desk had time for it */
	if (json_array_size(doc_list(duty->findings, "findings")) > 0) {
		look_at(duty, DUTY_FINDINGS);
	} else if (doc_flag(duty->findings, "ok")) {
		app_say(screen->app, SAY_INFO, _("Everybody who must be told can be told."));
	} else {
		app_say(screen->app, SAY_INFO,
			_("What is to be mended is shown to officers, the office and "
			  "administrators."));
	}
}

/* What has the window is left with the keys that else leave the screen. */
static const char *
duty_hint(struct screen *screen, const struct action *action)
{
	bool whole = self(screen)->look != DUTY_WEEK;

	return whole && strcmp(action->name, "back") == 0 ? N_("to the week") : NULL;
}

/* --- entering ----------------------------------------------------------------------------- */

static void
absence_answered(struct screen *screen, const json_t *value)
{
	absence_open(screen->app, json_string_value(value));
}

static void
ways_answered(struct screen *screen, const json_t *value)
{
	ways_open(screen->app, json_string_value(value));
}

static void
pick_person(struct screen *screen, const char *title, json_t *options,
	void (*answered)(struct screen *asker, const json_t *value))
{
	popup_pick(screen->app,
		&(struct popup_pick){
			.asker = screen,
			.title = title,
			.options = options,
			.answered = answered,
		});
}

static void
absence_run(struct screen *screen)
{
	struct book *book = &screen->app->book;
	const char *mine = doc_text(book_my_record(book), "department");

	/* Most enter their own; the form has the others of the department. */
	if (strcmp(mine, self(screen)->department) == 0) {
		absence_open(screen->app, book_me(book));
		return;
	}
	pick_person(screen, _("Who is away?"),
		duty_people_options(book, self(screen)->department), absence_answered);
}

static void
ways_run(struct screen *screen)
{
	pick_person(screen, _("How is who reached?"),
		duty_people_options(&screen->app->book, self(screen)->department), ways_answered);
}

static void
back_answered(struct screen *screen, const char *value)
{
	struct duty_page *duty = self(screen);
	json_t *result = NULL;

	(void)value;
	if (app_call(screen->app, "person.back", json_pack("{s:s}", "person", duty->person),
		    &result) == ERR_OK) {
		app_say_with(screen->app, SAY_DONE, _("{who} is back."),
			&(struct str_arg){ "who", book_person(&screen->app->book, duty->person) },
			1);
		json_decref(result);
		app_changed(screen->app);
	}
}

static void
back_chosen(struct screen *screen, const json_t *value)
{
	struct duty_page *duty = self(screen);
	struct book *book = &screen->app->book;
	struct str text = STR_INIT;
	struct str away = STR_INIT;

	free(duty->person);
	duty->person = strdup(json_string_value(value));
	if (!duty->person) {
		return;
	}
	duty_away_words(book, book_person_record(book, duty->person), false, &away);
	str_say(&text, _("{who} ({away}) is back now?"),
		(struct str_arg[]){ { "who", book_person(book, duty->person) },
			{ "away", str_text(&away) } },
		2);
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = _("End an absence"),
			.text = str_text(&text),
			.accept = _("End it"),
			.answered = back_answered,
		});
	str_release(&text);
	str_release(&away);
}

static void
back_run(struct screen *screen)
{
	struct book *book = &screen->app->book;
	json_t *options = duty_people_options(book, self(screen)->department);
	size_t i = 0;

	while (i < json_array_size(options)) {
		const char *id = doc_text(json_array_get(options, i), "key");

		if (doc_time(book_person_record(book, id), "absent_until") != STAMP_NONE) {
			i++;
		} else {
			json_array_remove(options, i);
		}
	}
	if (i == 0) {
		app_say(screen->app, SAY_INFO, _("Nobody has an absence now."));
		json_decref(options);
	} else if (i == 1) {
		back_chosen(screen, json_object_get(json_array_get(options, 0), "key"));
		json_decref(options);
	} else {
		pick_person(screen, _("Who is back?"), options, back_chosen);
	}
}

/* A trial tells whoever may not before they type; nothing is recorded by it. */
static bool
may_write(struct duty_page *duty, const char *date)
{
	json_t *result = NULL;
	enum err e = app_call(duty->base.app, "roster.except",
		json_pack("{s:s, s:[{s:s, s:s, s:s, s:s}], s:b}", "department", duty->department,
			"rows", "when", date, "from", "00:00", "to", "24:00", "person", "nobody",
			"dry_run", true),
		&result);

	json_decref(result);
	return e == ERR_OK;
}

static void
day_run(struct screen *screen)
{
	struct duty_page *duty = self(screen);
	char date[STAMP_SIZE];

	duty_date(&screen->app->book, duty_day(duty, duty->days.selected), date);
	if (may_write(duty, date)) {
		exception_open(screen->app, duty->department, date);
	}
}

static void
regular_answered(struct screen *screen, const char *value)
{
	struct duty_page *duty = self(screen);
	const json_t *exception = duty_exception(duty, duty->days.selected);
	json_t *result = NULL;

	(void)value;
	if (app_call(screen->app, "roster.except",
		    json_pack("{s:s, s:I}", "department", duty->department, "remove",
			    (json_int_t)doc_int(exception, "seq")),
		    &result) == ERR_OK) {
		app_say(screen->app, SAY_DONE, _("The roster holds again on that day."));
		json_decref(result);
		app_changed(screen->app);
	}
}

static void
regular_run(struct screen *screen)
{
	struct duty_page *duty = self(screen);
	const json_t *exception = duty_exception(duty, duty->days.selected);
	struct str text = STR_INIT;
	char from[STAMP_SIZE];
	char until[STAMP_SIZE];

	if (!exception) {
		app_say(screen->app, SAY_INFO,
			_("Nothing overrules the roster on the marked day (* marks such days)."));
		return;
	}
	stamp_format_short(doc_time(exception, "from"), book_offset(&screen->app->book), from);
	stamp_format_short(doc_time(exception, "until"), book_offset(&screen->app->book), until);
	str_say(&text, _("Take back what overrules the roster from {from} until {until}?"),
		(struct str_arg[]){ { "from", from }, { "until", until } }, 2);
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = _("A day of the roster"),
			.text = str_text(&text),
			.accept = _("Take back"),
			.answered = regular_answered,
		});
	str_release(&text);
}

/* Auditors are told before they type; what others may not is the desk's to say. */
static bool
duty_why_not(struct screen *screen, const struct action *action, struct str *why)
{
	const json_t *roles = doc_list(book_my_record(&screen->app->book), "roles");

	return action->flags & ACTION_WRITES && doc_holds(roles, "auditor") &&
		outsider_refused(screen->app, why);
}

static void
duty_release(struct screen *screen)
{
	struct duty_page *duty = self(screen);

	free(duty->department);
	free(duty->person);
	json_decref(duty->now);
	json_decref(duty->roster);
	json_decref(duty->told);
	json_decref(duty->findings);
	list_release(&duty->days);
	page_release(&duty->page);
}

static const struct action actions[] = {
	{ "absence", 'b', 0, N_("absence"), N_("Enter who is away, until when, and who stands in"),
		ACTION_HINT | ACTION_WRITES, absence_run },
	{ "day", 'r', 0, N_("this day"), N_("Say who is on duty on the marked day, or nobody"),
		ACTION_HINT | ACTION_WRITES, day_run },
	{ "ways", 'w', 0, N_("ways"), N_("How somebody is reached: numbers, receivers"),
		ACTION_HINT, ways_run },
	{ "told", 't', K_TAB, N_("who is told"),
		N_("Who would be told of a report made now, and when; and back"), ACTION_HINT,
		told_run },
	{ "return", 'e', 0, N_("back again"), N_("Somebody who is away is back"),
		ACTION_HINT | ACTION_WRITES, back_run },
	{ "department", 'd', 0, N_("department"), N_("Another department"), ACTION_HINT,
		department_run },
	{ "regular", 'x', 0, N_("as ever"),
		N_("Take back what overrules the roster on the marked day"), ACTION_WRITES,
		regular_run },
	{ "earlier", K_LEFT, '<', N_("week before"), N_("The week before"), ACTION_PLAIN,
		earlier_run },
	{ "later", K_RIGHT, '>', N_("next week"), N_("The next week"), ACTION_PLAIN, later_run },
	{ "today", '.', 0, N_("today"), N_("Back to this week and day"), ACTION_PLAIN,
		today_run },
	{ "findings", 'f', 0, N_("to be mended"),
		N_("What would keep somebody from being told in the next 30 days; and back"),
		ACTION_PLAIN, findings_run },
	{ .name = NULL },
};

const struct screen_ops duty_ops = {
	.name = "duty",
	.title = N_("Duty"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = duty_load,
	.head = duty_head,
	.paint = duty_paint,
	.key = duty_key,
	.hint = duty_hint,
	.idle = duty_idle,
	.why_not = duty_why_not,
	.release = duty_release,
};

void
duty_open(struct app *app)
{
	struct duty_page *duty;

	if (app_return_to(app, duty_ops.name)) {
		return;
	}
	duty = (struct duty_page *)screen_new(app, &duty_ops, sizeof(*duty));
	if (duty) {
		duty->days.n = DUTY_DAYS;
		today_run(&duty->base);
	}
	(void)app_push(app, (struct screen *)duty); /* says what went wrong */
}
