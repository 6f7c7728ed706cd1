/* SPDX-License-Identifier: MIT */
/*
 * One row of a roster: what its words mean, as spans of the week or of the calendar.
 */
#include "toban/core/roster.h"

#include <string.h>

#include "duty_week.h"
#include "effect_body.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/str.h"

enum place { PLACE_DEPARTMENT, PLACE_WHEN, PLACE_FROM, PLACE_TO, PLACE_PERSON };

/* The row at work. */
struct reading {
	struct roster_draft *draft;
	const struct roster_row *row;
	const char *const *places;
	json_t *roster; /* of the row's department */
	int from_min;
	int to_min; /* > from_min; up to two days */
	const char *person;
	bool faulty;
	enum err err;
};

enum err
roster_draft_init(
	struct roster_draft *draft, const struct org *org, struct diagnostics *diagnostics)
{
	*draft = (struct roster_draft){
		.org = org, .diagnostics = diagnostics, .rosters = json_array()
	};
	return draft->rosters ? ERR_OK : ERR_NOMEM;
}

void
roster_draft_release(struct roster_draft *draft)
{
	json_decref(draft->rosters);
	draft->rosters = NULL;
}

static void
fault(struct reading *r, enum place place, const char *code, const char *text)
{
	diagnostics_add(r->draft->diagnostics, r->places[place], code, text);
	r->faulty = true;
}

/* The same, with what stands there. */
static void
fault_of(struct reading *r, enum place place, const char *text, const char *value)
{
	struct str said = STR_INIT;

	str_say(&said, text, &(struct str_arg){ "value", value }, 1);
	fault(r, place, "D102", str_text(&said));
	str_release(&said);
}

/* --- times and people -------------------------------------------------------------- */

static void
read_times(struct reading *r)
{
	r->from_min = day_minute_of(r->row->from, strlen(r->row->from));
	r->to_min = day_minute_of(r->row->to, strlen(r->row->to));
	if (r->from_min < 0 || r->from_min == DAY_MIN) {
		fault_of(r, PLACE_FROM,
			_("\"{value}\" is no time of the day; expected hours and minutes, such as "
			  "08:30."),
			r->row->from);
	}
	if (r->to_min < 0) {
		fault_of(r, PLACE_TO,
			_("\"{value}\" is no time of the day; expected hours and minutes, such as "
			  "17:30 or 24:00."),
			r->row->to);
	}
	if (r->to_min <= r->from_min) {
		r->to_min += DAY_MIN; /* past midnight */
	}
}

static void
read_person(struct reading *r)
{
	const struct person *person = org_person(r->draft->org, r->row->person);

	if (strcmp(r->row->person, ROSTER_NOBODY) == 0) {
		r->person = "";
		return;
	}
	if (!person) {
		fault_of(r, PLACE_PERSON,
			_("There is no person \"{value}\"; expected the id of a person, or "
			  "nobody."),
			r->row->person);
		return;
	}
	if (person->roles & (ROLE_AUDITOR | ROLE_ADMIN)) {
		fault_of(r, PLACE_PERSON,
			_("\"{value}\" takes no step in cases and cannot be on duty; expected "
			  "somebody of the staff."),
			r->row->person);
	}
	r->person = person->id;
}

/* The document of the row's department, made where it is the first. */
static void
read_department(struct reading *r)
{
	json_t *rosters = r->draft->rosters;
	json_t *item;
	size_t i;

	if (!org_department(r->draft->org, r->row->department)) {
		fault_of(r, PLACE_DEPARTMENT,
			_("There is no department \"{value}\"; expected the id of one."),
			r->row->department);
		return;
	}
	json_array_foreach(rosters, i, item)
	{
		if (strcmp(body_text_or(item, "department", ""), r->row->department) == 0) {
			r->roster = item;
			return;
		}
	}
	item = json_pack(
		"{s:s, s:[], s:[]}", "department", r->row->department, "week", "exceptions");
	r->roster = item;
	r->err = body_append(rosters, item);
}

/* --- spans ------------------------------------------------------------------------- */

static void
add_span(struct reading *r, const char *list, json_t *span)
{
	if (!span) {
		r->err = ERR_NOMEM;
		return;
	}
	if (r->draft->n_spans >= ROSTER_SPANS_MOST) {
		json_decref(span);
		if (!r->faulty) {
			fault(r, PLACE_WHEN, "D104",
				_("There are too many spans; expected at most 5,000 in all."));
		}
		return;
	}
	r->draft->n_spans++;
	r->err = body_append(json_object_get(r->roster, list), span);
}

static void
add_weekday(struct reading *r, int day)
{
	char from[WEEK_TEXT_SIZE];
	char to[WEEK_TEXT_SIZE];

	week_write(day * DAY_MIN + r->from_min, from);
	week_write(day * DAY_MIN + r->to_min, to);
	add_span(r, "week",
		json_pack("{s:s, s:s, s:s}", "from", from, "to", to, "person", r->person));
}

static void
add_dates(struct reading *r, stamp from, stamp until)
{
	json_t *span = json_pack("{s:s}", "person", r->person);
	int offset = r->draft->org->offset_min;

	if (!span || body_set_stamp(span, "from", from, offset) ||
		body_set_stamp(span, "until", until, offset)) {
		json_decref(span);
		span = NULL;
	}
	add_span(r, "exceptions", span);
}

/* --- days of the week ---------------------------------------------------------------- */

/* "mon", "fri-mon"; a bit for each day, 0: neither. */
static unsigned
days_of(const char *word, size_t len)
{
	const char *hyphen = memchr(word, '-', len);
	size_t head = hyphen ? (size_t)(hyphen - word) : len;
	int first = week_day_of(word, head);
	int last = hyphen ? week_day_of(hyphen + 1, len - head - 1) : first;
	unsigned days = 0;

	if (first < 0 || last < 0) {
		return 0;
	}
	for (int day = first; days |= 1U << day, day != last;) {
		day = (day + 1) % 7;
	}
	return days;
}

static unsigned
read_days(const char *when)
{
	unsigned days = 0;

	if (strcmp(when, "daily") == 0 || strcmp(when, "毎日") == 0) {
		return 0x7f;
	}
	while (*when) {
		size_t len = strcspn(when, " ");
		unsigned some = days_of(when, len);

		if (!some) {
			return 0;
		}
		days |= some;
		when += len;
		when += strspn(when, " ");
	}
	return days;
}

/* --- dates --------------------------------------------------------------------------- */

/* "2026-12-31": its first moment in the desk's zone. */
static bool
read_date(const struct reading *r, const char *text, size_t len, stamp *ret_at)
{
	char whole[STAMP_SIZE] = "";
	stamp at;

	if (len != 10) {
		return false;
	}
	memcpy(whole, text, len);
	memcpy(whole + len, "T00:00:00Z", sizeof("T00:00:00Z"));
	if (stamp_parse(whole, &at)) {
		return false;
	}
	*ret_at = at - r->draft->org->offset_min * MINUTE_MS;
	return true;
}

static void
read_dates(struct reading *r)
{
	const char *when = r->row->when;
	const char *dots = strstr(when, "..");
	size_t head = dots ? (size_t)(dots - when) : strlen(when);
	const stamp day_ms = DAY_MIN * MINUTE_MS;
	stamp first;
	stamp last;

	if (!read_date(r, when, head, &first) ||
		!read_date(r, dots ? dots + 2 : when, dots ? strlen(dots + 2) : head, &last)) {
		fault_of(r, PLACE_WHEN,
			_("\"{value}\" is neither days of the week nor dates; expected mon-fri, "
			  "sat sun, daily, 2026-12-31 or 2026-12-29..2027-01-03."),
			when);
		return;
	}
	if (last < first || last - first >= ROSTER_DAYS_MOST * day_ms) {
		fault_of(r, PLACE_WHEN,
			_("\"{value}\" is no stretch of days; expected the earlier date first, at "
			  "most 366 days."),
			when);
		return;
	}
	if (r->from_min == 0 && r->to_min == DAY_MIN) {
		add_dates(r, first, last + day_ms);
		return;
	}
	for (stamp day = first; !r->err && !r->faulty && day <= last; day += day_ms) {
		add_dates(r, day + r->from_min * MINUTE_MS, day + r->to_min * MINUTE_MS);
	}
}

enum err
roster_draft_add(
	struct roster_draft *draft, const struct roster_row *row, const char *const places[5])
{
	struct reading r = { .draft = draft, .row = row, .places = places };
	unsigned days;

	read_times(&r);
	read_person(&r);
	read_department(&r);
	if (r.faulty || r.err) {
		return r.err;
	}
	days = read_days(row->when);
	for (int day = 0; days && !r.err && !r.faulty && day < 7; day++) {
		if (days & 1U << day) {
			add_weekday(&r, day);
		}
	}
	if (!days) {
		read_dates(&r);
	}
	return r.err;
}

json_t *
roster_week_json(const struct roster *roster)
{
	json_t *week = json_array();

	for (size_t i = 0; i < roster->n_week; i++) {
		const struct week_span *span = &roster->week[i];
		char from[WEEK_TEXT_SIZE];
		char to[WEEK_TEXT_SIZE];

		week_write(span->from_min, from);
		week_write(span->to_min, to);
		json_array_append_new(week,
			json_pack(
				"{s:s, s:s, s:s}", "from", from, "to", to, "person", span->person));
	}
	return week;
}
