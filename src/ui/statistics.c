/* SPDX-License-Identifier: MIT */
/*
 * The statistics of a fiscal year: what was counted, by class, department or
 * month.  Everything is asked of the desk anew when something changes; nothing
 * is counted here.
 */
#include "statistics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "popup.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"

enum { BEHIND_MOST = 200 }; /* incidents listed behind a figure, the newest */

static struct statistics *
self(struct screen *screen)
{
	return (struct statistics *)screen;
}

static json_t *
arguments(const struct statistics *statistics)
{
	json_t *args = json_pack("{s:s, s:s*}", "by", statistics_by[statistics->by], "department",
		statistics->department);

	if (statistics->year) {
		json_object_set_new(args, "year", json_integer(statistics->year));
	}
	return args;
}

static enum err
statistics_load(struct screen *screen)
{
	struct statistics *statistics = self(screen);
	json_t *stats = NULL;
	enum err e = app_call(screen->app, "stats", arguments(statistics), &stats);

	if (e != ERR_OK) {
		return e;
	}
	json_decref(statistics->stats);
	statistics->stats = stats;
	statistics->year = (int)doc_int(stats, "year");
	if (!statistics->this_year) {
		statistics->this_year = statistics->year;
	}
	statistics->list.n = statistics_lines(statistics);
	if (statistics->list.selected < STATISTICS_FIRST ||
		statistics->list.selected >= statistics->list.n) {
		statistics->list.selected = STATISTICS_FIRST;
	}
	return ERR_OK;
}

static bool
statistics_key(struct screen *screen, const struct key *key)
{
	struct statistics *statistics = self(screen);

	if (!list_key(&statistics->list, key->code)) {
		return false;
	}
	if (statistics->list.selected < STATISTICS_FIRST) {
		statistics->list.selected = STATISTICS_FIRST;
	}
	return true;
}

static void
go_year(struct screen *screen, int year)
{
	struct statistics *statistics = self(screen);

	if (year > statistics->this_year) {
		app_say(screen->app, SAY_INFO, _("This is the year we are in."));
		return;
	}
	statistics->year = year;
	screen->stale = true;
}

static void
earlier_run(struct screen *screen)
{
	go_year(screen, self(screen)->year - 1);
}

static void
later_run(struct screen *screen)
{
	go_year(screen, self(screen)->year + 1);
}

/* There and back, for the eye to compare. */
static void
compare_run(struct screen *screen)
{
	struct statistics *statistics = self(screen);

	go_year(screen, statistics->this_year - (statistics->year == statistics->this_year));
}

static void
by_run(struct screen *screen)
{
	struct statistics *statistics = self(screen);

	statistics->by = statistics_by[statistics->by + 1] ? statistics->by + 1 : 0;
	statistics->list.selected = STATISTICS_FIRST;
	screen->stale = true;
}

/* The other times: of the case as a whole, or of each link of the chain. */
static void
links_run(struct screen *screen)
{
	struct statistics *statistics = self(screen);

	statistics->by_link = !statistics->by_link;
}

static void
filter_answered(struct screen *screen, const json_t *value)
{
	struct statistics *statistics = self(screen);
	const char *id = json_string_value(value);

	free(statistics->department);
	statistics->department = id && id[0] ? strdup(id) : NULL;
	screen->stale = true;
}

static void
filter_run(struct screen *screen)
{
	json_t *options = json_array();
	size_t i;
	json_t *department;

	json_array_append_new(
		options, json_pack("{s:s, s:s}", "key", "", "label", _("all departments")));
	json_array_foreach(doc_list(book_org(&screen->app->book), "departments"), i, department)
	{
		json_array_append_new(options,
			json_pack("{s:O, s:O, s:O}", "key", json_object_get(department, "id"),
				"label", json_object_get(department, "name"), "also",
				json_object_get(department, "code")));
	}
	popup_pick(screen->app,
		&(struct popup_pick){
			.asker = screen,
			.title = _("Of which department?"),
			.options = options,
			.answered = filter_answered,
		});
}

/* The question of the search that finds what a line counted. */
static void
behind_query(const struct statistics *statistics, const json_t *group, struct str *out)
{
	struct book *book = &statistics->base.app->book;
	const char *by = statistics_by[statistics->by];
	const char *key = doc_text(group, "key");
	const char *department = statistics->department ? statistics->department : "";
	bool month = key[0] && strcmp(by, "month") == 0;

	if (key[0] && strcmp(by, "category") == 0) {
		str_addf(out, "class:%lld ",
			(long long)doc_int(book_category_record(book, key), "number"));
	} else if (key[0] && strcmp(by, "department") == 0) {
		department = key;
	}
	if (department[0]) {
		str_addf(out, "dept:%s ", department);
	}
	str_addf(out, "since:%.10s until:%s drill:no",
		month ? key : doc_text(statistics->stats, "since"),
		month ? key : doc_text(statistics->stats, "last_day"));
}

/* The same in words, for the title of what is found: "2 Service disruption, 2026-04-01 - ...". */
static void
behind_words(const struct statistics *statistics, const json_t *group, struct str *out)
{
	struct book *book = &statistics->base.app->book;
	const char *by = statistics_by[statistics->by];
	const char *key = doc_text(group, "key");
	bool month = key[0] && strcmp(by, "month") == 0;

	if (key[0] && strcmp(by, "category") == 0) {
		book_category(book, key, out);
	} else if (key[0] && strcmp(by, "department") == 0) {
		str_add(out, book_department(book, key));
	} else {
		str_add(out, _("all incidents"));
	}
	if (statistics->department && !(key[0] && strcmp(by, "department") == 0)) {
		str_addf(out, "%s%s", _(", "), book_department(book, statistics->department));
	}
	str_add(out, _(", "));
	if (month) {
		str_addf(out, "%.7s", key);
	} else {
		str_addf(out, "%.10s - %s", doc_text(statistics->stats, "since"),
			doc_text(statistics->stats, "last_day"));
	}
}

static void
behind_answered(struct screen *screen, const json_t *value)
{
	incident_open(screen->app, json_string_value(value));
}

/* The incidents behind a figure, to choose one and open it. */
static void
behind_run(struct screen *screen)
{
	struct statistics *statistics = self(screen);
	const json_t *group;
	json_t *options = json_array();
	json_t *found = NULL;
	struct str query = STR_INIT;
	struct str title = STR_INIT;
	size_t i;
	json_t *row;

	/* A fast hand chose other rows a key ago: they are read now, not with the next frame. */
	if (screen->stale) {
		screen->stale = false;
		(void)statistics_load(screen);
	}
	group = statistics_group(statistics, statistics->list.selected);
	behind_query(statistics, group, &query);
	behind_words(statistics, group, &title);
	if (app_call(screen->app, "search",
		    json_pack("{s:s, s:i}", "query", str_text(&query), "limit", BEHIND_MOST),
		    &found) == ERR_OK) {
		json_array_foreach(doc_list(found, "incidents"), i, row)
		{
			json_array_append_new(options,
				json_pack("{s:s, s:o}", "key", doc_text(row, "id"), "label",
					json_sprintf("%s  %s", doc_text(row, "id"),
						doc_text(row, "title"))));
		}
	}
	if (json_array_size(options) == 0) {
		if (found) {
			app_say(screen->app, SAY_INFO, _("No incident was counted here."));
		}
		json_decref(options);
	} else {
		popup_pick(screen->app,
			&(struct popup_pick){
				.asker = screen,
				.title = str_text(&title),
				.options = options,
				.answered = behind_answered,
			});
	}
	json_decref(found);
	str_release(&query);
	str_release(&title);
}

/* The desk's screen writes no files; the command that does is said, ready to be typed. */
static void
say_command(struct screen *screen, const char *how)
{
	struct statistics *statistics = self(screen);
	struct str command = STR_INIT;

	str_addf(&command, "toban stats --year %d --by %s", statistics->year,
		statistics_by[statistics->by]);
	if (statistics->department) {
		str_addf(&command, " --department %s", statistics->department);
	}
	str_addf(&command, " %s", how);
	app_say_with(screen->app, SAY_INFO, _("These figures in a file: {command}"),
		&(struct str_arg){ "command", str_text(&command) }, 1);
	str_release(&command);
}

static void
export_run(struct screen *screen)
{
	say_command(screen, "--format csv > figures.csv");
}

static void
json_run(struct screen *screen)
{
	say_command(screen, "--json > figures.json");
}

static void
statistics_release(struct screen *screen)
{
	struct statistics *statistics = self(screen);

	json_decref(statistics->stats);
	list_release(&statistics->list);
	free(statistics->department);
}

static const struct action actions[] = {
	{ "behind", K_ENTER, 0, N_("incidents"),
		N_("The incidents behind the marked row, the newest 200"), ACTION_HINT,
		behind_run },
	{ "by", 'b', K_TAB, N_("rows"), N_("What the rows are"), ACTION_HINT, by_run },
	{ "links", 't', 0, N_("by link"),
		N_("How fast each link of the chain acknowledged, and back"), ACTION_HINT,
		links_run },
	{ "filter", 'f', '/', N_("department"), N_("Only one department, or all"), ACTION_HINT,
		filter_run },
	{ "compare", 'c', 0, N_("year before"), N_("The year before, and back"), ACTION_HINT,
		compare_run },
	{ "earlier", K_LEFT, 0, N_("earlier"), N_("A year earlier"), ACTION_PLAIN, earlier_run },
	{ "later", K_RIGHT, 0, N_("later"), N_("A year later"), ACTION_PLAIN, later_run },
	{ "export", 'e', 0, N_("CSV"), N_("The command that writes these figures as CSV"),
		ACTION_HINT, export_run },
	{ "json", 'J', 0, N_("JSON"), N_("The command that writes these figures as JSON"),
		ACTION_PLAIN, json_run },
	{ .name = NULL },
};

const struct screen_ops statistics_ops = {
	.name = "statistics",
	.title = N_("Statistics"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = statistics_load,
	.head = statistics_head,
	.paint = statistics_paint,
	.key = statistics_key,
	.release = statistics_release,
};

void
statistics_open(struct app *app)
{
	if (app_return_to(app, statistics_ops.name)) {
		return;
	}
	(void)app_push(app,
		screen_new(app, &statistics_ops, sizeof(struct statistics))); /* says why not */
}
