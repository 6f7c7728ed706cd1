/* SPDX-License-Identifier: MIT */
/*
 * The forms about duty: their fields, their question, and what the desk is asked to record.
 */
#include "duty_form.h"

#include <string.h>

#include "doc.h"
#include "duty.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

#define NOBODY "nobody"
#define ROW_PATH "rows[0]."

enum { LINE_CHARS = 40, WHY_CHARS = 500 };

static json_t *
field(const char *key, const char *type, bool required, const char *label, const char *help)
{
	return json_pack("{s:s, s:s, s:b, s:s, s:s, s:i}", "key", key, "type", type, "required",
		required, "label", label, "help", help, "max_chars", LINE_CHARS);
}

/* --- whom --------------------------------------------------------------------------------- */

json_t *
duty_people_options(struct book *book, const char *department)
{
	json_t *options = json_array();
	size_t i;
	json_t *person;

	json_array_foreach(doc_list(book_org(book), "people"), i, person)
	{
		const char *id = doc_text(person, "id");
		json_t *option;

		if (strcmp(doc_text(person, "department"), department) != 0) {
			continue;
		}
		option = json_pack("{s:s, s:O, s:O*}", "key", id, "label",
			json_object_get(person, "name"), "also", json_object_get(person, "kana"));
		/* Most enter something about themselves. */
		if (strcmp(id, book_me(book)) == 0) {
			json_array_insert_new(options, 0, option);
		} else {
			json_array_append_new(options, option);
		}
	}
	return options;
}

static const char *
department_of(struct book *book, const char *person)
{
	return doc_text(book_person_record(book, person), "department");
}

static void
head_person(struct book *book, const char *about, struct str *out)
{
	str_addf(out, "%s   %s", book_person(book, about),
		book_department(book, department_of(book, about)));
}

static void
head_department(struct book *book, const char *about, struct str *out)
{
	str_add(out, book_department(book, about));
}

/* --- absence ------------------------------------------------------------------------------ */

static json_t *
absence_document(void)
{
	json_t *from = field("from", "due", false, _("Away from"),
		_("Empty: from now. Such as: today, tomorrow, 12-24, 12-24 13:00."));
	json_t *why = field("why", "text", false, _("Why"),
		_("Read by the office, auditors and administrators only. It may stay empty."));

	json_object_set_new(from, "day_start", json_true());
	json_object_set_new(from, "any", json_true());
	json_object_set_new(why, "rows", json_integer(2));
	json_object_set_new(why, "max_chars", json_integer(WHY_CHARS));
	return json_pack("{s:[o, o, o, o, o]}", "fields",
		field("person", "person", true, _("Who is away"), ""), from,
		field("until", "due", true, _("Until"),
			_("A day alone means all of it. Such as: tomorrow, 12-31, 12-31 13:00, "
			  "5d.")),
		field("stand_in", "person", false, _("Stands in"),
			_("Empty: the deputies stand in. Somebody of the same department or "
			  "office.")),
		why);
}

/* Whoever it is, and whoever may stand in for them. */
static json_t *
absence_options(struct book *book, const char *about)
{
	json_t *people = duty_people_options(book, department_of(book, about));

	return json_pack("{s:o, s:O}", "person", people, "stand_in", people);
}

/* A moment as the desk understands it, in the short form; what it does not, as typed. */
static void
moment_words(struct book *book, const char *typed, bool day_start, struct str *out)
{
	char text[STAMP_SIZE];
	stamp at;

	if (!typed[0]) {
		str_add(out, _("now"));
	} else if (stamp_parse_due(typed, book_now(book), book_offset(book), day_start, &at) ==
		ERR_OK) {
		stamp_format_short(at, book_offset(book), text);
		str_add(out, text);
	} else {
		str_add(out, typed);
	}
}

static void
absence_ask(struct book *book, const json_t *values, struct str *out)
{
	const char *stand_in = doc_text(values, "stand_in");
	struct str from = STR_INIT;
	struct str until = STR_INIT;

	moment_words(book, doc_text(values, "from"), true, &from);
	moment_words(book, doc_text(values, "until"), false, &until);
	str_say(out,
		stand_in[0] ? _("{who} is away from {from} until {until}, and {stand_in} stands "
				"in?")
			    : _("{who} is away from {from} until {until}, and the deputies stand "
				"in?"),
		(struct str_arg[]){ { "who", book_person(book, doc_text(values, "person")) },
			{ "from", str_text(&from) }, { "until", str_text(&until) },
			{ "stand_in", book_person(book, stand_in) } },
		4);
	str_release(&from);
	str_release(&until);
}

/* What is empty is left to the desk. */
static json_t *
given(const json_t *values)
{
	json_t *args = json_object();
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)values, key, value)
	{
		if (!json_is_string(value) || json_string_length(value) > 0) {
			json_object_set(args, key, value);
		}
	}
	return args;
}

/* --- a day that overrules the roster -------------------------------------------------------- */

static json_t *
exception_document(void)
{
	json_t *from = field("from", "line", true, _("Begins"), _("Hours and minutes: 08:30."));
	json_t *to = field("to", "line", true, _("Ends"),
		_("Up to 24:00; not after the beginning, it is on the next day."));

	json_object_set_new(from, "preset", json_string("00:00"));
	json_object_set_new(to, "preset", json_string("24:00"));
	return json_pack("{s:[o, o, o, o, o]}", "fields",
		field("department", "department", true, _("Department"), ""),
		field("when", "line", true, _("Day"),
			_("2026-12-31, or several: 2026-12-29..2027-01-03.")),
		from, to,
		field("person", "person", true, _("On duty"),
			_("Nobody, on purpose, is no gap.")));
}

static json_t *
exception_options(struct book *book, const char *about)
{
	json_t *people = duty_people_options(book, about);

	json_array_append_new(people,
		json_pack("{s:s, s:s}", "key", NOBODY, "label", _("nobody, on purpose")));
	return json_pack("{s:o}", "person", people);
}

static void
exception_ask(struct book *book, const json_t *values, struct str *out)
{
	const char *person = doc_text(values, "person");

	str_say(out, _("On duty {when}, {from} - {to}: {who}? It overrules the roster."),
		(struct str_arg[]){ { "when", doc_text(values, "when") },
			{ "from", doc_text(values, "from") }, { "to", doc_text(values, "to") },
			{ "who",
				strcmp(person, NOBODY) == 0 ? _("nobody, on purpose")
							    : book_person(book, person) } },
		4);
}

static json_t *
exception_arguments(const json_t *values)
{
	return json_pack("{s:s, s:[O]}", "department", doc_text(values, "department"), "rows",
		values);
}

void
duty_form_faults(json_t *error)
{
	size_t i;
	json_t *fault;

	json_array_foreach(json_object_get(error, "fields"), i, fault)
	{
		const char *path = doc_text(fault, "field");

		if (strncmp(path, ROW_PATH, strlen(ROW_PATH)) == 0) {
			json_object_set_new(
				fault, "field", json_string(path + strlen(ROW_PATH)));
		}
	}
}

/* --- a way of contact ----------------------------------------------------------------------- */

static json_t *
way_document(void)
{
	json_t *kind = field("kind", "choice", true, _("Kind"), "");
	json_t *confirmed = field("confirmed", "flag", true, _("It works"),
		_("Yes: it was called and answered, or it is your own."));

	json_object_set_new(kind, "choices",
		json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}]", "key", "telephone", "label",
			_("telephone"), "key", "webhook", "label", _("webhook"), "key", "mail",
			"label", _("mail")));
	json_object_set_new(kind, "preset", json_string("telephone"));
	json_object_set_new(confirmed, "preset", json_string("no"));
	return json_pack("{s:[o, o, o, o]}", "fields",
		field("person", "person", true, _("Person"), ""), kind,
		field("value", "line", true, _("Number or receiver"),
			_("A telephone number; of webhook and mail the name of the person's own "
			  "receiver.")),
		confirmed);
}

static json_t *
way_options(struct book *book, const char *about)
{
	return json_pack(
		"{s:o}", "person", duty_people_options(book, department_of(book, about)));
}

static void
way_ask(struct book *book, const json_t *values, struct str *out)
{
	str_say(out, _("{who} is reached at {value} from now on?"),
		(struct str_arg[]){ { "who", book_person(book, doc_text(values, "person")) },
			{ "value", doc_text(values, "value") } },
		2);
}

static json_t *
way_arguments(const json_t *values)
{
	json_t *args = given(values);

	json_object_set_new(args, "confirmed",
		json_boolean(strcmp(doc_text(values, "confirmed"), "yes") == 0 ||
			doc_flag(values, "confirmed")));
	return args;
}

/* --- the list ------------------------------------------------------------------------------- */

static const struct duty_form forms[] = {
	{ "absence", "person.absent", N_("Absence"), N_("The absence is recorded: entry"), "person",
		absence_document, absence_options, head_person, absence_ask, given },
	{ "roster-exception", "roster.except", N_("A day of the roster"),
		N_("The roster is overruled: entry"), "department", exception_document,
		exception_options, head_department, exception_ask, exception_arguments },
	{ "way", "way.add", N_("A way of contact"), N_("The way of contact is recorded: entry"),
		"person", way_document, way_options, head_person, way_ask, way_arguments },
};

const struct duty_form *
duty_form_find(const char *draft)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (strcmp(forms[i].draft, draft) == 0) {
			return &forms[i];
		}
	}
	return NULL;
}

const char *
duty_form_title(const char *draft)
{
	const struct duty_form *form = duty_form_find(draft);

	return form ? _(form->title) : NULL;
}
