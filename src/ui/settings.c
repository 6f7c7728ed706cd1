/* SPDX-License-Identifier: MIT */
/*
 * Settings: what the person chose (kept at the desk, for every terminal), and
 * below it what cannot be chosen here: the terminal, who they are, the desk.
 * Nothing on this screen changes the record.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "doc.h"
#include "duty.h"
#include "list.h"
#include "prefer.h"
#include "registry.h"
#include "screens.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

enum {
	NOTE_ROWS = 3,
	LABEL_COL = 3,
	VALUE_COL = 26,
	VALUES_MAX = 5,
	ROWS_MAX = 48,
};

/* What can be chosen, with the words of the door and of people. */
struct choice {
	const char *name;
	const char *label;
	const char *note;
	struct {
		const char *word; /* NULL: nothing is kept */
		const char *label;
	} values[VALUES_MAX + 1];
};

static const struct choice choices[] = {
	{ "language", N_("Language"), N_("Of all screens; texts people wrote stay as they are."),
		{ { NULL, N_("as the account says") }, { "ja", "日本語" }, { "en", "English" } } },
	{ "clock", N_("Limits"), N_("How the duty board shows until when something is to be done."),
		{ { "rest", N_("time left") }, { "absolute", N_("date and time") } } },
	{ "order", N_("Order"), N_("In which order the duty board begins."),
		{ { "due", N_("next limit first") }, { "newest", N_("newest first") },
			{ "number", N_("by number") }, { "category", N_("by class") },
			{ "state", N_("by state") } } },
	{ "whose", N_("Whose"), N_("Which incidents the duty board begins with."),
		{ { "all", N_("all I may see") }, { "department", N_("my department") },
			{ "mine", N_("what waits for me") } } },
	{ "closed", N_("Closed incidents"), N_("Whether the duty board begins with them, too."),
		{ { "no", N_("hidden") }, { "yes", N_("shown") } } },
	{ "lock", N_("Lock"),
		N_("When nobody pressed a key for so long. It opens with the passphrase of toban's "
		   "own key, and is a curtain: lock the computer, too."),
		{ { "never", N_("by :lock only") }, { "5", N_("after 5 minutes") },
			{ "10", N_("after 10 minutes") }, { "30", N_("after 30 minutes") } } },
};

struct row {
	const struct choice *choice; /* NULL: a heading or a fact */
	const char *label;
	const char *value; /* NULL: a heading */
	const char *note;
	enum role role;
};

struct settings {
	struct screen base;
	struct row rows[ROWS_MAX];
	int n;
	struct list list;
	json_t *doctor; /* admin.doctor */
};

static struct settings *
self(struct screen *screen)
{
	return (struct settings *)screen;
}

/* --- the rows ------------------------------------------------------------------------ */

static void
add(struct settings *settings, struct row row)
{
	if (settings->n < ROWS_MAX && (row.label || row.value)) {
		settings->rows[settings->n++] = row;
	}
}

static void
add_heading(struct settings *settings, const char *label)
{
	add(settings, (struct row){ .label = label, .role = ROLE_HEAD });
}

static void
add_fact(struct settings *settings, const char *label, const char *value, const char *note)
{
	add(settings,
		(struct row){ .label = label,
			.value = value && value[0] ? value : "-",
			.note = note,
			.role = ROLE_TEXT });
}

/* Which of the values holds; the first when nothing was chosen. */
static int
value_index(const struct app *app, const struct choice *choice)
{
	const char *kept = prefer_value(app, choice->name);

	for (int i = 0; choice->values[i].label; i++) {
		if (choice->values[i].word && strcmp(choice->values[i].word, kept) == 0) {
			return i;
		}
	}
	return 0;
}

static void
add_choices(struct settings *settings)
{
	struct app *app = settings->base.app;

	add_heading(settings, _("Yours, at every terminal"));
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		int value = value_index(app, &choices[i]);

		add(settings,
			(struct row){ .choice = &choices[i],
				.label = _(choices[i].label),
				.value = _(choices[i].values[value].label),
				.note = _(choices[i].note),
				.role = ROLE_TEXT });
	}
	if (app->options->lang_named) {
		settings->rows[1].note =
			_("The command line named the language (--lang): it wins until you leave.");
	}
}

static const char *
ambiguous_words(const struct app *app)
{
	bool two = paint_width("○") == 2;

	if (app->options->ambiguous != 0) {
		return two ? _("2 columns (TOBAN_AMBIGUOUS)") : _("1 column (TOBAN_AMBIGUOUS)");
	}
	if (!app->term.answered) {
		return _("1 column (the terminal did not answer)");
	}
	return two ? _("2 columns (the terminal was asked)")
		   : _("1 column (the terminal was asked)");
}

static const char *
japanese_words(const struct app *app)
{
	if (app->options->ascii) {
		return _("no (TOBAN_ASCII or --ascii)");
	}
	return app->term.utf8 ? _("yes") : _("no: shown as [JA n]");
}

static void
add_terminal(struct settings *settings)
{
	struct app *app = settings->base.app;
	struct arena *arena = settings->base.arena;
	int rows = 0;
	int cols = 0;

	terminal_size(&rows, &cols);
	add_heading(settings, _("This terminal"));
	add_fact(settings, _("Colour"),
		app->options->no_color ? _("off (NO_COLOR or --color)")
				       : _("as the terminal has it"),
		_("Every colour has a mark beside it; nothing is lost without."));
	add_fact(settings, _("Japanese"), japanese_words(app),
		_("What cannot be shown stays in the record as it is."));
	add_fact(settings, _("Width of ○ → ※"), ambiguous_words(app),
		_("TOBAN_AMBIGUOUS=1 or 2 decides it if the columns do not stand straight."));
	add_fact(settings, _("Keys"),
		app->options->keymap_path ? app->options->keymap_path : _("as shipped"),
		_("The file keys.ini chooses other keys; ? shows those in force."));
	add_fact(settings, _("Size"), arena_printf(arena, "%d x %d", cols, rows),
		_("A larger window shows more at once, nothing else."));
}

/* "officer, deputy" in the language of the screen. */
static const char *
roles_words(struct settings *settings, const json_t *me)
{
	struct str text = STR_INIT;
	const char *copy;
	size_t i;
	json_t *role;

	json_array_foreach(doc_list(me, "roles"), i, role)
	{
		str_addf(&text, "%s%s", text.len > 0 ? _(", ") : "",
			book_role(&settings->base.app->book, json_string_value(role)));
	}
	copy = arena_strdup(settings->base.arena, str_text(&text));
	str_release(&text);
	return copy;
}

/* The number, and whether others can rely on it. */
static const char *
phone_words(struct settings *settings, const json_t *person)
{
	const char *words = doc_text(person, "phone");
	struct str text = STR_INIT;
	bool stale;

	duty_way_words(&settings->base.app->book, duty_phone_way(person), &text, &stale);
	words = arena_printf(settings->base.arena, "%s  %s%s", words, stale ? "! " : "",
		str_text(&text));
	str_release(&text);
	return words;
}

static const char *
absence_words(struct settings *settings, const json_t *person)
{
	struct str text = STR_INIT;
	const char *words;

	duty_away_words(&settings->base.app->book, person, false, &text);
	words = arena_strdup(settings->base.arena, text.len > 0 ? str_text(&text) : _("none"));
	str_release(&text);
	return words;
}

/* Whether one can sign, and what waits for a decision. */
static void
add_keys(struct settings *settings)
{
	struct app *app = settings->base.app;
	json_t *result = NULL;
	json_t *error = NULL;
	const char *words;

	if (app_try(app, "key.list", json_object(), &result, &error) != ERR_OK) {
		json_decref(error);
		return; /* not to see them is no reason to show nothing */
	}
	words = doc_int(result, "mine") > 0 ? _("registered: you can sign") : _("none yet");
	if (doc_int(result, "waiting") > 0) {
		words = arena_printf(settings->base.arena, "%s  * %s: %lld", words,
			_("wait for your approval"), (long long)doc_int(result, "waiting"));
	}
	add_fact(settings, _("Signing keys"), words, _("s: all of them, with their fingerprints."));
	json_decref(result);
}

static void
add_person(struct settings *settings)
{
	struct book *book = &settings->base.app->book;
	const json_t *me = book_my_record(book);
	const json_t *known = book_person_record(book, book_me(book));
	const char *phone = doc_text(known, "phone");

	add_heading(settings, _("You, as registered"));
	if (!json_is_object(me)) {
		add_fact(settings, _("Name"), _("You are not registered."),
			_("The administrator of this desk registers people."));
		return;
	}
	add_fact(settings, _("Name"),
		arena_printf(settings->base.arena, "%s  (%s)", doc_words_of(me, "name"),
			doc_text(me, "id")),
		_("The administrator changes what is registered; each change is on record."));
	add_fact(settings, _("Reading"), doc_text(me, "kana"), NULL);
	add_fact(
		settings, _("Department"), book_department(book, doc_text(me, "department")), NULL);
	add_fact(settings, _("Part"), roles_words(settings, me), NULL);
	add_fact(settings, _("Phone"),
		phone[0] ? phone_words(settings, known) : _("no number registered"),
		_("This number is what others find in the phone list. w: other numbers, confirm."));
	add_fact(settings, _("Absence"), absence_words(settings, known),
		_("b: enter one. It ends by itself, or with e on the duty screen (9)."));
	add_keys(settings);
}

static const char *
protection_words(const json_t *desk)
{
	const char *protection = doc_text(desk, "protection");

	if (strcmp(protection, "owned-witnessed") == 0) {
		return _("owned and witnessed: what is recorded cannot be changed unseen");
	}
	if (strcmp(protection, "owned") == 0) {
		return _("owned file: only the service can write it");
	}
	return _("open file: whoever may write the file could exchange it");
}

/* "42 (auditor 42, file 41)": the newest signed end, and up to which entry each witness has one. */
static void
add_witnesses(struct settings *settings)
{
	const json_t *witness = json_object_get(settings->base.app->book.desk, "witness");
	struct str text = STR_INIT;
	size_t i;
	json_t *one;

	str_addf(&text, "%lld (", (long long)json_integer_value(json_object_get(witness, "seq")));
	json_array_foreach(doc_list(witness, "to"), i, one)
	{
		str_add(&text, i ? ", " : "");
		str_add(&text, doc_text(one, "name"));
		str_addf(
			&text, " %lld", (long long)json_integer_value(json_object_get(one, "seq")));
	}
	str_add_char(&text, ')');
	if (i > 0 && !text.failed) {
		add_fact(settings, _("Signed ends"),
			arena_strdup(settings->base.arena, str_text(&text)),
			_("The newest signed end of the record, and up to which entry each witness "
			  "has one."));
	}
	str_release(&text);
}

static void
add_desk(struct settings *settings)
{
	struct book *book = &settings->base.app->book;
	size_t n_well = 0;
	size_t i;
	json_t *check;

	add_heading(settings, _("This desk"));
	add_fact(settings, _("Organisation"), doc_words_of(book->desk, "organisation"), NULL);
	if (doc_flag(book->desk, "trial")) {
		add_fact(settings, _("Trial"), _("yes: anybody may sit down as anybody"), NULL);
	}
	add_fact(settings, _("Protection"), protection_words(book->desk), NULL);
	add_witnesses(settings);
	add_fact(settings, _("Version"), doc_text(book->desk, "version"), NULL);
	json_array_foreach(doc_list(settings->doctor, "checks"), i, check)
	{
		n_well += doc_flag(check, "ok");
		if (!doc_flag(check, "ok")) {
			add(settings,
				(struct row){ .label = _("To be mended"),
					.value = doc_text(check, "text"),
					.note = doc_text(check, "what_to_do"),
					.role = ROLE_OVERDUE });
		}
	}
	add_fact(settings, _("Examination"),
		arena_printf(settings->base.arena, "%zu/%zu  %s", n_well,
			json_array_size(doc_list(settings->doctor, "checks")), _("in order")),
		_("'toban doctor' names what was looked at."));
}

static enum err
settings_load(struct screen *screen)
{
	struct settings *settings = self(screen);
	json_t *error = NULL;

	arena_clear(screen->arena);
	book_renew_org(&screen->app->book);
	json_decref(settings->doctor);
	settings->doctor = NULL;
	settings->n = 0;
	/* Not to be examined is no reason to show nothing. */
	(void)app_try(screen->app, "admin.doctor", NULL, &settings->doctor, &error);
	json_decref(error);
	add_choices(settings);
	add_terminal(settings);
	add_person(settings);
	add_desk(settings);
	settings->list.n = settings->n;
	if (settings->list.selected == 0) {
		settings->list.selected = 1; /* behind the first heading */
	}
	return ERR_OK;
}

/* --- painting -------------------------------------------------------------------------- */

static void
settings_head(struct screen *screen, struct head *head)
{
	(void)screen;
	str_add(&head->state, _("Saved at once. Nothing here changes the record."));
}

static void
paint_row(const struct settings *settings, struct canvas *c, int row, int i)
{
	const struct row *r = &settings->rows[i];
	bool marked = i == settings->list.selected;
	bool choice = r->choice != NULL;

	if (!r->value) {
		(void)paint_text(c, (struct place){ row, 1, 0 }, ROLE_HEAD, r->label);
		return;
	}
	(void)paint_text(c, (struct place){ row, 1, 1 }, ROLE_SELECTED, marked ? ">" : "");
	(void)paint_text(c, (struct place){ row, LABEL_COL, VALUE_COL - LABEL_COL - 1 },
		marked ? ROLE_HEAD : ROLE_TEXT, r->label);
	(void)paint_text(c, (struct place){ row, VALUE_COL, c->cols - VALUE_COL - 1 },
		choice ? ROLE_MINE : r->role, r->value);
}

/* The whole value when its row had to cut it, and what there is to know about it. */
static void
paint_note(const struct settings *settings, struct canvas *c)
{
	const struct row *r = &settings->rows[settings->list.selected];
	struct str text = STR_INIT;

	paint_rule(c, 0);
	if (r->value && paint_width(r->value) > c->cols - VALUE_COL - 1) {
		str_addf(&text, "%s ", r->value);
	}
	str_add(&text, r->note ? r->note : "");
	(void)paint_wrapped(c, (struct place){ 1, LABEL_COL, c->cols - LABEL_COL - 1 },
		(struct wrap){ .rows = NOTE_ROWS - 1 }, ROLE_QUIET, str_text(&text));
	str_release(&text);
}

static void
settings_paint(struct screen *screen, struct canvas *c)
{
	struct settings *settings = self(screen);
	int rows = c->rows - NOTE_ROWS;
	int top = list_view(&settings->list, rows);
	struct canvas note = paint_part(c, (struct place){ rows, 0, 0 }, NOTE_ROWS);

	/* The heading above the first choice is seen again when the mark goes up. */
	if (settings->list.selected == 1) {
		top = settings->list.top = 0;
	}
	for (int i = 0; i < rows && top + i < settings->n; i++) {
		paint_row(settings, c, i, top + i);
	}
	paint_note(settings, &note);
	paint_release(&note);
	paint_caret(c, settings->list.selected - top, 1, false);
}

/* --- keys ------------------------------------------------------------------------------- */

static bool
settings_key(struct screen *screen, const struct key *key)
{
	struct settings *settings = self(screen);
	int before = settings->list.selected;

	if (!list_key(&settings->list, key->code)) {
		return false;
	}
	/* Headings are passed over, in the direction of the move. */
	if (!settings->rows[settings->list.selected].value) {
		bool up = settings->list.selected < before && settings->list.selected > 0;

		settings->list.selected += up ? -1 : 1;
	}
	return true;
}

static void
turn(struct screen *screen, int by)
{
	struct settings *settings = self(screen);
	const struct choice *choice = settings->rows[settings->list.selected].choice;
	int n = 0;
	int value;

	if (!choice) {
		app_say(screen->app, SAY_INFO,
			_("This is shown as it is; it cannot be chosen here."));
		return;
	}
	while (choice->values[n].label) {
		n++;
	}
	value = (value_index(screen->app, choice) + by + n) % n;
	if (prefer_set(screen->app, choice->name, choice->values[value].word)) {
		screen->stale = true;
		app_say_with(screen->app, SAY_DONE, _("Saved: {label}: {value}"),
			(struct str_arg[]){ { "label", _(choice->label) },
				{ "value", _(choice->values[value].label) } },
			2);
	}
}

static void
next_run(struct screen *screen)
{
	turn(screen, 1);
}

static void
previous_run(struct screen *screen)
{
	turn(screen, -1);
}

static void
ways_run(struct screen *screen)
{
	if (book_me(&screen->app->book)[0]) {
		ways_open(screen->app, book_me(&screen->app->book));
	}
}

static void
keys_run(struct screen *screen)
{
	keyring_open(screen->app);
}

static void
readings_run(struct screen *screen)
{
	readings_open(screen->app);
}

static void
absence_run(struct screen *screen)
{
	if (book_me(&screen->app->book)[0]) {
		absence_open(screen->app, book_me(&screen->app->book));
	}
}

static void
settings_release(struct screen *screen)
{
	json_decref(self(screen)->doctor);
	list_release(&self(screen)->list);
}

static const struct action actions[] = {
	{ "next-value", K_ENTER, K_RIGHT, N_("next value"),
		N_("Take the next value; saved at once"), ACTION_HINT, next_run },
	{ "previous-value", K_LEFT, 0, N_("previous value"),
		N_("Take the value before; saved at once"), ACTION_HINT, previous_run },
	{ "ways", 'w', 0, N_("my numbers"), N_("How you are reached: numbers, receivers"),
		ACTION_HINT, ways_run },
	{ "keyring", 's', 0, N_("keys"), N_("Keys people sign with; those that wait for you"),
		ACTION_PLAIN, keys_run },
	{ "readings", 'e', 0, N_("emergency readings"),
		N_("Who read a restricted case in an emergency, and why"), ACTION_PLAIN,
		readings_run },
	{ "absence", 'b', 0, N_("my absence"),
		N_("Enter that you are away, until when, and who stands in"),
		ACTION_HINT | ACTION_WRITES, absence_run },
	{ .name = NULL },
};

const struct screen_ops settings_ops = {
	.name = "settings",
	.title = N_("Settings"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.load = settings_load,
	.head = settings_head,
	.paint = settings_paint,
	.key = settings_key,
	.release = settings_release,
};

void
settings_open(struct app *app)
{
	if (app_return_to(app, settings_ops.name)) {
		return;
	}
	(void)app_push(
		app, screen_new(app, &settings_ops, sizeof(struct settings))); /* says why not */
}
