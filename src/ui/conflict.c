/* SPDX-License-Identifier: MIT */
/*
 * What others recorded while a form was open.
 */
#include "conflict.h"

#include <string.h>

#include "app.h"
#include "doc.h"
#include "incident.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum { NEWS_MAX = 3 };

void
conflict_begin(struct conflict *conflict, json_t *show)
{
	*conflict = (struct conflict){ .began = json_incref(show), .now = show };
}

void
conflict_release(struct conflict *conflict)
{
	json_decref(conflict->began);
	json_decref(conflict->now);
	json_decref(conflict->news);
}

/* What the desk wrote by itself, and who read what, is in nobody's way. */
static bool
is_news(const struct conflict *conflict, const json_t *event)
{
	return doc_int(event, "seq") > doc_int(conflict->began, "seq") &&
		strcmp(doc_text(event, "actor"), "desk") != 0 &&
		strcmp(doc_text(event, "kind"), "seen") != 0 &&
		strncmp(doc_text(event, "kind"), "evidence-", 9) != 0;
}

void
conflict_read(struct conflict *conflict, struct app *app)
{
	json_t *show = NULL;
	json_t *error = NULL;
	size_t i;
	json_t *event;

	if (app_try(app, "incident.show", json_pack("{s:s}", "id", doc_text(conflict->now, "id")),
		    &show, &error) != ERR_OK) {
		json_decref(error);
		return;
	}
	json_decref(conflict->news);
	conflict->news = json_array();
	json_array_foreach(doc_list(show, "log"), i, event)
	{
		if (is_news(conflict, event)) {
			json_array_append(conflict->news, event);
		}
	}
	json_decref(conflict->now);
	conflict->now = show;
	conflict->fresh = conflict_has_news(conflict);
}

bool
conflict_has_news(const struct conflict *conflict)
{
	return json_array_size(conflict->news) > 0;
}

int
conflict_paint(const struct conflict *conflict, struct book *book, struct canvas *c)
{
	size_t n = json_array_size(conflict->news);
	int row = 0;

	if (n == 0) {
		return 0;
	}
	(void)paint_text(c, (struct place){ row++, 1, c->cols - 2 }, ROLE_OVERDUE,
		conflict->fresh ? _("Meanwhile (your text is kept; Enter: see the difference):")
				: _("Meanwhile (your text is kept; F6: see the difference):"));
	for (size_t i = n > NEWS_MAX ? n - NEWS_MAX : 0; i < n; i++) {
		const json_t *event = json_array_get(conflict->news, i);
		struct str text = STR_INIT;
		char at[STAMP_SIZE];

		book_time(book, doc_time(event, "at"), at);
		str_addf(&text, "+ %s  %s  %s  ", at, book_person(book, doc_text(event, "actor")),
			book_kind(book, doc_text(event, "kind")));
		incident_summary(book, event, &text);
		(void)paint_text(
			c, (struct place){ row++, 1, c->cols - 2 }, ROLE_ADDED, str_text(&text));
		str_release(&text);
	}
	paint_rule(c, row++);
	return row;
}

/* Of these the newest counts and puts the earlier one aside; all others add to each other. */
static bool
puts_aside(struct book *book, const char *step)
{
	static const char *const effects[] = { "report-result", "reclassify", "decide-major",
		"decide-clock", "plan-prevention", "review-item", "apply", "not-applicable",
		"accept", "send-back" };
	const char *effect = doc_text(book_step_record(book, step), "effect");

	for (size_t i = 0; i < ARRAY_LEN(effects); i++) {
		if (strcmp(effects[i], effect) == 0) {
			return true;
		}
	}
	return false;
}

/* The same measure in the same department, the same item, the same clock. */
static bool
is_about_same(const json_t *a, const json_t *b)
{
	static const char *const keys[] = { "measure", "department", "item", "clock" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (strcmp(doc_text(a, keys[i]), doc_text(b, keys[i])) != 0) {
			return false;
		}
	}
	return true;
}

const json_t *
conflict_before(struct book *book, const json_t *log, const char *step, const json_t *fields)
{
	if (!puts_aside(book, step)) {
		return NULL;
	}
	for (size_t i = json_array_size(log); i-- > 0;) {
		const json_t *event = json_array_get(log, i);
		const json_t *old = json_object_get(json_object_get(event, "body"), "fields");

		if (old && strcmp(doc_text(event, "kind"), step) == 0 &&
			is_about_same(old, fields)) {
			return old;
		}
	}
	return NULL;
}
