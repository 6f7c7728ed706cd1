/* SPDX-License-Identifier: MIT */
/*
 * The phone list: first the people to call now, then everybody, found by
 * typing a name, kana, id, department or number.  At an incident, Enter takes
 * the call on record through the form of the step.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "calls.h"
#include "doc.h"
#include "duty.h"
#include "edit.h"
#include "list.h"
#include "people.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

enum {
	DETAIL_ROWS = 5,
	DETAIL_ROWS_SHORT = 4,
	SHORT_BELOW = 16,  /* rows of the body below which the detail has no title */
	WIDE_FROM = 110,   /* from here on both who it is and why */
	NARROW_BELOW = 72, /* below that the code of a department */
	NAME_COLS = 16,
	NAME_COLS_WIDE = 24,
	NUMBER_COLS = 14,
	PART_COLS = 13, /* "administrator" */
	DEPARTMENT_COLS = 26,
	FIND_CHARS = 60
};

/* One person of the list. */
struct phone {
	const json_t *person; /* borrowed from the book */
	const char *why;      /* why they come first; "" for all others */
	bool awaited;
};

struct phones {
	struct screen base;
	const char *subject; /* incident id; NULL: none */
	json_t *show;        /* incident.show of it */
	struct edit find;
	struct list list;
	struct phone *all; /* in the order of calling; `n_all` of them */
	size_t n_all;
	struct phone **hits; /* those that match what was typed */
};

static struct phones *
self(struct screen *screen)
{
	return (struct phones *)screen;
}

static const char *
hit_id(const void *ctx, int i)
{
	return doc_text(((const struct phones *)ctx)->hits[i]->person, "id");
}

/* --- who comes first --------------------------------------------------------------- */

/* Puts somebody behind those who are there; who is there already stays at their place. */
static void
put(struct phones *phones, const json_t *person, const char *why, bool awaited)
{
	if (!json_is_object(person)) {
		return;
	}
	for (size_t i = 0; i < phones->n_all; i++) {
		if (phones->all[i].person == person) {
			return;
		}
	}
	phones->all[phones->n_all++] = (struct phone){ person, why, awaited };
}

/* Everybody of a role, in one department (NULL: in any). */
static void
put_role(struct phones *phones, const char *role, const char *department, const char *why)
{
	struct book *book = &phones->base.app->book;
	size_t i;
	json_t *person;

	json_array_foreach(doc_list(book_org(book), "people"), i, person)
	{
		if (doc_holds(doc_list(person, "roles"), role) &&
			(!department || strcmp(doc_text(person, "department"), department) == 0)) {
			put(phones, person, why, why[0] != '\0');
		}
	}
}

/* "awaited: instruct", kept as long as the screen. */
static const char *
awaited_words(struct phones *phones, const json_t *waiting)
{
	const char *words = arena_printf(phones->base.arena, "%s: %s", _("awaited"),
		book_step(&phones->base.app->book, doc_text(waiting, "step")));

	return words ? words : "";
}

/* Whoever is waited for; of a role only those the chain names, or all of it. */
static void
put_awaited(struct phones *phones)
{
	struct book *book = &phones->base.app->book;
	size_t i;
	json_t *waiting;

	json_array_foreach(doc_list(phones->show, "waiting_for"), i, waiting)
	{
		const char *role = doc_text(waiting, "role");
		const char *why = awaited_words(phones, waiting);

		put(phones, book_person_record(book, doc_text(waiting, "person")), why, true);
		if (role[0]) {
			bool local = strcmp(role, "owner") == 0 || strcmp(role, "deputy") == 0 ||
				strcmp(role, "staff") == 0;

			put_role(phones, role, local ? doc_text(phones->show, "department") : NULL,
				why);
		}
	}
}

static const char *
contact_words(const json_t *contact)
{
	if (doc_text(contact, "acknowledged_at")[0]) {
		return N_("knows of it");
	}
	return doc_text(contact, "seen_at")[0] ? N_("has seen it")
					       : N_("was told, has not answered");
}

static void
put_chain(struct phones *phones)
{
	struct book *book = &phones->base.app->book;
	size_t i;
	json_t *contact;

	json_array_foreach(doc_list(phones->show, "chain"), i, contact)
	{
		if (!doc_flag(contact, "skipped")) {
			put(phones, book_person_record(book, doc_text(contact, "person")),
				_(contact_words(contact)), false);
		}
	}
	put(phones, book_person_record(book, doc_text(phones->show, "finder")), _("found it"),
		false);
}

/* Without an incident: the officers of one's own department, then up the chain. */
static void
put_officers(struct phones *phones)
{
	const char *department = doc_text(book_my_record(&phones->base.app->book), "department");

	if (phones->subject) {
		department = doc_text(phones->show, "department");
	}
	if (department[0]) {
		put_role(phones, "owner", department, "");
		put_role(phones, "deputy", department, "");
	}
	put_role(phones, "office-head", NULL, "");
	put_role(phones, "crisis", NULL, "");
}

static void
put_all(struct phones *phones)
{
	size_t i;
	json_t *person;

	json_array_foreach(doc_list(book_org(&phones->base.app->book), "people"), i, person)
	{
		put(phones, person, "", false);
	}
}

/* Nobody calls themselves: whoever is at the screen stands behind everybody. */
static void
put_me_last(struct phones *phones)
{
	const json_t *me =
		book_person_record(&phones->base.app->book, book_me(&phones->base.app->book));

	for (size_t i = 0; i + 1 < phones->n_all; i++) {
		if (phones->all[i].person == me) {
			struct phone next = phones->all[i + 1];

			phones->all[i + 1] = phones->all[i];
			phones->all[i] = next;
		}
	}
}

/* --- finding -------------------------------------------------------------------------- */

static void
add_digits(struct str *out, const char *number)
{
	for (; *number; number++) {
		if (*number >= '0' && *number <= '9') {
			str_add_char(out, *number);
		}
	}
}

/* As anybody is found; the number with and without its hyphens, too. */
static bool
matches(struct book *book, const json_t *person, const char *needle)
{
	struct str words = STR_INIT;
	bool found;

	people_words(book, person, &words);
	str_addf(&words, " %s ", doc_text(person, "phone"));
	add_digits(&words, doc_text(person, "phone"));
	found = people_words_hold(&words, needle);
	str_release(&words);
	return found;
}

static void
narrow(struct phones *phones)
{
	struct str needle = STR_INIT;
	int n = 0;

	text_fold(&needle, edit_text(&phones->find), phones->find.text.len);
	for (size_t i = 0; i < phones->n_all; i++) {
		if (matches(&phones->base.app->book, phones->all[i].person, str_text(&needle))) {
			phones->hits[n++] = &phones->all[i];
		}
	}
	str_release(&needle);
	list_update(&phones->list, n, hit_id, phones);
}

static enum err
phones_load(struct screen *screen)
{
	struct phones *phones = self(screen);
	size_t n;
	json_t *error = NULL;

	book_renew_org(&screen->app->book);
	n = json_array_size(doc_list(book_org(&screen->app->book), "people"));
	free(phones->all);
	free(phones->hits);
	phones->n_all = 0;
	phones->all = calloc(n + 1, sizeof(*phones->all));
	phones->hits = calloc(n + 1, sizeof(struct phone *));
	if (!phones->all || !phones->hits) {
		return ERR_NOMEM;
	}
	json_decref(phones->show);
	phones->show = NULL;
	/* A case that cannot be read leaves the list as it is without one. */
	if (phones->subject &&
		app_try(screen->app, "incident.show", json_pack("{s:s}", "id", phones->subject),
			&phones->show, &error) != ERR_OK) {
		json_decref(error);
		phones->subject = NULL;
	}
	if (phones->subject) {
		put_awaited(phones);
		put_chain(phones);
	}
	put_officers(phones);
	put_all(phones);
	put_me_last(phones);
	narrow(phones);
	return ERR_OK;
}

/* --- painting -------------------------------------------------------------------------- */

static const struct phone *
selected(const struct phones *phones)
{
	return phones->list.n > 0 ? phones->hits[phones->list.selected] : NULL;
}

static void
phones_head(struct screen *screen, struct head *head)
{
	struct phones *phones = self(screen);

	if (phones->subject) {
		str_addf(&head->title, "%s  %s", phones->subject, _("Phone list"));
		str_add(&head->state, doc_text(phones->show, "title"));
		head->drill = doc_flag(phones->show, "drill");
	} else {
		str_add(&head->state, _("Your officers, then the office and crisis management."));
	}
}

/* The part somebody has in the procedure, the first they hold: what a caller asks for. */
static const char *
part_of(const json_t *person)
{
	static const char *const parts[] = { "office-head", "crisis", "owner", "deputy", "office",
		"auditor", "admin" };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (doc_holds(doc_list(person, "roles"), parts[i])) {
			return parts[i];
		}
	}
	return "staff";
}

/* Why this person comes first, else the department, and where there is room both. */
static void
paint_who(const struct phones *phones, struct canvas *c, struct place at, const struct phone *phone)
{
	struct book *book = &phones->base.app->book;
	const char *department = doc_text(phone->person, "department");
	const json_t *found = doc_find(doc_list(book_org(book), "departments"), "id", department);
	const char *code = doc_text(found, "code");
	bool wide = c->cols >= WIDE_FROM;
	enum role role = phone->awaited ? ROLE_MINE : ROLE_TEXT;

	/* Whoever is not there is no help, whyever they would be called. */
	if (duty_paint_away(book, c, at, phone->person)) {
		return;
	}
	if (c->cols < NARROW_BELOW && code[0]) {
		(void)paint_cut(c, at, ROLE_QUIET, code); /* the mark and the detail say why */
		return;
	}
	if (!phone->why[0] || wide) {
		const char *name = book_department(book, department);

		at.cols = wide ? DEPARTMENT_COLS : c->cols - at.col - 1;
		(void)paint_cut(c, at, ROLE_QUIET, name);
		at.col += DEPARTMENT_COLS + 2;
	}
	at.cols = c->cols - at.col - 1;
	if (phone->why[0]) {
		(void)paint_cut(c, at, role, phone->why);
	} else if (wide) {
		(void)paint_words(c, at, ROLE_QUIET, doc_words_of(phone->person, "title"));
	}
}

static void
paint_person(struct phones *phones, struct canvas *c, int row, int i)
{
	struct book *book = &phones->base.app->book;
	const struct phone *phone = phones->hits[i];
	bool marked = i == phones->list.selected;
	const char *number = doc_text(phone->person, "phone");
	int name_cols = c->cols >= WIDE_FROM ? NAME_COLS_WIDE : NAME_COLS;
	int col = 4;

	(void)paint_text(c, (struct place){ row, 1, 1 }, ROLE_SELECTED, marked ? ">" : "");
	(void)paint_text(c, (struct place){ row, 2, 1 }, ROLE_MINE, phone->awaited ? "*" : "");
	(void)paint_cut(c, (struct place){ row, col, name_cols }, marked ? ROLE_HEAD : ROLE_TEXT,
		doc_words_of(phone->person, "name"));
	col += name_cols + 2;
	(void)paint_cut(c, (struct place){ row, col, NUMBER_COLS },
		number[0] ? ROLE_HEAD : ROLE_QUIET, number[0] ? number : _("(no number)"));
	col += NUMBER_COLS + 1;
	(void)paint_cut(c, (struct place){ row, col, PART_COLS }, ROLE_TEXT,
		book_short_role(book, part_of(phone->person)));
	col += PART_COLS + 1;
	paint_who(phones, c, (struct place){ row, col, 0 }, phone);
}

static void
paint_detail(struct phones *phones, struct canvas *c)
{
	const struct phone *phone = selected(phones);
	struct book *book = &phones->base.app->book;
	struct str text = STR_INIT;
	struct str away = STR_INIT;
	const char *number;
	bool beside;
	int row = 2;
	int col;

	paint_rule(c, 0);
	if (!phone) {
		return;
	}
	number = doc_text(phone->person, "phone");
	col = calls_paint_number(c, 1, number);
	if (number[0]) {
		duty_paint_confirmed(book, c, (struct place){ 1, col + 3, 0 }, phone->person);
	}
	str_clear(&text);
	str_addf(&text, "%s   %s", doc_words_of(phone->person, "name"),
		book_role(book, part_of(phone->person)));
	col = 3 + paint_words(c, (struct place){ row, 3, c->cols - 4 }, ROLE_TEXT, str_text(&text));
	duty_away_words(book, phone->person, false, &away);
	/* Beside the name, or in place of why they would be called. */
	beside = paint_width(str_text(&away)) < c->cols - col - 4;
	if (beside) {
		(void)paint_text(
			c, (struct place){ row, col + 3, 0 }, ROLE_OVERDUE, str_text(&away));
	}
	row++;
	if (c->rows >= DETAIL_ROWS) {
		str_clear(&text);
		str_addf(&text, "%s   %s",
			book_department(book, doc_text(phone->person, "department")),
			doc_words_of(phone->person, "title"));
		(void)paint_words(
			c, (struct place){ row++, 3, c->cols - 4 }, ROLE_TEXT, str_text(&text));
	}
	(void)paint_words(c, (struct place){ row, 3, c->cols - 4 },
		!beside                  ? ROLE_OVERDUE
			: phone->awaited ? ROLE_MINE
					 : ROLE_QUIET,
		beside ? phone->why : str_text(&away));
	str_release(&away);
	str_release(&text);
}

static void
phones_paint(struct screen *screen, struct canvas *c)
{
	struct phones *phones = self(screen);
	int below = c->rows < SHORT_BELOW ? DETAIL_ROWS_SHORT : DETAIL_ROWS;
	int rows = c->rows - 2 - below;
	int top = list_view(&phones->list, rows);
	struct canvas detail = paint_part(c, (struct place){ c->rows - below, 0, 0 }, below);
	int col;

	for (int i = 0; i < rows && top + i < phones->list.n; i++) {
		paint_person(phones, c, 2 + i, top + i);
	}
	if (phones->list.n == 0) {
		(void)paint_text(
			c, (struct place){ 2, 3, 0 }, ROLE_QUIET, _("Nobody is found by this."));
	}
	paint_detail(phones, &detail);
	paint_release(&detail);
	col = paint_text(c, (struct place){ 0, 1, 0 }, ROLE_TEXT, _("Call whom?"));
	edit_paint(&phones->find, c, (struct place){ 0, col + 2, c->cols - col - 3 }, 1, true);
}

/* --- keys ------------------------------------------------------------------------------- */

static bool
phones_key(struct screen *screen, const struct key *key)
{
	struct phones *phones = self(screen);
	enum edit_reply reply;

	if ((key->code == K_UP || key->code == K_DOWN || key->code == K_PGUP ||
		    key->code == K_PGDN) &&
		list_key(&phones->list, key->code)) {
		if (phones->list.n > 0) {
			list_anchor(&phones->list, hit_id(phones, phones->list.selected));
		}
		return true;
	}
	reply = edit_key(&phones->find, key);
	if (reply == EDIT_CHANGED) {
		narrow(phones);
		phones->list.selected = 0;
	}
	return reply != EDIT_IGNORED;
}

static bool
phones_why_not(struct screen *screen, const struct action *action, struct str *why)
{
	if (strcmp(action->name, "record-call") != 0 || self(screen)->subject) {
		return false;
	}
	str_add(why, _("A call belongs to an incident: open the list from there to record it."));
	return true;
}

static void
call_run(struct screen *screen)
{
	struct phones *phones = self(screen);
	const struct phone *phone = selected(phones);
	const char *number;
	json_t *presets;

	if (!phone) {
		return;
	}
	number = doc_text(phone->person, "phone");
	presets = json_pack("{s:s, s:s*}", "to", doc_text(phone->person, "id"), "number",
		number[0] ? number : NULL);
	stepform_open(screen->app, phones->subject, "call", presets);
	json_decref(presets);
}

static void
leave_run(struct screen *screen)
{
	app_close(screen);
}

static const char *
phones_subject(struct screen *screen)
{
	return self(screen)->subject;
}

static void
phones_release(struct screen *screen)
{
	struct phones *phones = self(screen);

	edit_release(&phones->find);
	list_release(&phones->list);
	json_decref(phones->show);
	free(phones->all);
	free(phones->hits);
}

static const struct action actions[] = {
	{ "record-call", K_ENTER, 0, N_("record the call"),
		N_("Record that you called the selected person, at the incident you came from"),
		ACTION_HINT | ACTION_TEXT | ACTION_WRITES | ACTION_STEP | ACTION_LIVE, call_run },
	{ "leave", K_ESC, K_F3, N_("back"), N_("Close the phone list"),
		ACTION_HINT | ACTION_TEXT | ACTION_OVER, leave_run },
	{ .name = NULL },
};

const struct screen_ops phones_ops = {
	.name = "phones",
	.title = N_("Phone list"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = phones_load,
	.head = phones_head,
	.paint = phones_paint,
	.key = phones_key,
	.in_text = screen_in_text,
	.why_not = phones_why_not,
	.subject = phones_subject,
	.release = phones_release,
};

void
phones_open(struct app *app)
{
	struct phones *phones = (struct phones *)screen_new(app, &phones_ops, sizeof(*phones));
	const char *subject = app_subject(app);

	if (phones) {
		phones->subject = subject ? arena_strdup(phones->base.arena, subject) : NULL;
		edit_init(&phones->find, false, FIND_CHARS);
	}
	(void)app_push(app, (struct screen *)phones); /* says what went wrong */
}
