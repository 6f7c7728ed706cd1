/* SPDX-License-Identifier: MIT */
/*
 * keys.ini: "[board]" or "[everywhere]", then "action = key".  Every fault is
 * found before the screen opens: a key that does something else than its owner
 * believes is worse than no key.
 */
#include "keymap.h"

#include <string.h>

#include "registry.h"
#include "screens.h"
#include "toban/base/i18n.h"
#include "toban/ui/ui.h"

struct reader {
	struct ini_problems *problems;
	const char *path;
	struct keymap_row *rows;
	size_t n;
};

/* --- looking up ------------------------------------------------------------------------ */

static const struct keymap_row *
chosen(const struct keymap *map, const struct action *action)
{
	for (size_t i = 0; i < map->n; i++) {
		if (map->rows[i].action == action) {
			return &map->rows[i];
		}
	}
	return NULL;
}

int
keymap_key(const struct keymap *map, const struct action *action)
{
	const struct keymap_row *row = chosen(map, action);

	return row ? row->key : action->key;
}

int
keymap_alias(const struct keymap *map, const struct action *action)
{
	return chosen(map, action) ? K_NONE : action->alias;
}

const struct action *
keymap_find(const struct keymap *map, const struct action *table, int code)
{
	for (; code != K_NONE && table && table->name; table++) {
		if (keymap_key(map, table) == code || keymap_alias(map, table) == code) {
			return table;
		}
	}
	return NULL;
}

/* --- reading --------------------------------------------------------------------------- */

static int
parse_key(const char *text)
{
	if (strlen(text) == 1 && text[0] > ' ' && text[0] < 0x7f) {
		return text[0];
	}
	if (strcmp(text, "Space") == 0) {
		return ' ';
	}
	if (strncmp(text, "Ctrl-", 5) == 0 && strlen(text) == 6 && text[5] >= 'A' &&
		text[5] <= 'Z') {
		return K_CTRL(text[5]);
	}
	for (int code = K_F1; code <= K_F12; code++) {
		struct str label = STR_INIT;
		bool same;

		key_label(&label, code);
		same = strcmp(str_text(&label), text) == 0;
		str_release(&label);
		if (same) {
			return code;
		}
	}
	return K_NONE;
}

static bool
is_letter(int code)
{
	return code >= ' ' && code < 0x7f;
}

/* Keys that are the same for everybody, whoever sits at the terminal. */
static bool
is_fixed(int code)
{
	return code == '?' || code == K_ESC || code == K_CTRL('C');
}

/* Keys that move, type, or that the terminal keeps for itself. */
static bool
is_taken(int code)
{
	static const int taken[] = { K_TAB, K_ENTER, K_CTRL('M'), K_CTRL('H'), K_CTRL('L'),
		K_CTRL('Z'), K_CTRL('Q'), 'j', 'k', 'g', 'G', 'q' };

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		if (taken[i] == code) {
			return true;
		}
	}
	return is_fixed(code);
}

/* Letters in which what a terminal sends for other keys ends: a torn one would act. */
static bool
ends_a_sequence(int code)
{
	return is_letter(code) && strchr("O[ABCDFHPQRS~", code) != NULL;
}

/* Why the action may not have the key; NULL: it may. */
static const char *
refusal(const struct keymap_row *row)
{
	if (is_fixed(row->action->key) || is_fixed(row->action->alias)) {
		return _("this action keeps its key: ?, Esc and Ctrl-C are the same everywhere");
	}
	if (is_taken(row->key)) {
		return _("this key moves, types or leaves, and cannot be given away");
	}
	if (row->screen && row->screen->in_text && is_letter(row->key)) {
		return _("text is typed on this screen: choose Ctrl- or a function key");
	}
	if (!row->screen && row->action->flags & ACTION_TEXT && is_letter(row->key)) {
		return _("it must work while text is typed, too: choose Ctrl- or a function key");
	}
	if (row->action->flags & ACTION_FINAL && ends_a_sequence(row->key)) {
		return _("what cannot be taken back must not lie on a key in which other keys end");
	}
	return NULL;
}

static void
read_entry(struct reader *r, const struct screen_ops *screen, const struct ini_entry *entry)
{
	struct keymap_row row = {
		.screen = screen,
		.action =
			action_find_name(screen ? screen->actions : globals_actions(), entry->key),
		.key = parse_key(entry->value),
		.line = entry->line,
	};
	const char *why;

	if (!row.action) {
		ini_report(r->problems, r->path, entry->line, "D603",
			_("There is no action %s here; the help (?) and toban(1) name them."),
			entry->key);
		return;
	}
	if (row.key == K_NONE) {
		ini_report(r->problems, r->path, entry->line, "D603",
			_("There is no key %s: write a letter, Space, Ctrl-A or F1 to F12."),
			entry->value);
		return;
	}
	why = refusal(&row);
	if (why) {
		ini_report(r->problems, r->path, entry->line, "D604", _("%s = %s: %s."), entry->key,
			entry->value, why);
		return;
	}
	r->rows[r->n++] = row;
}

static bool
has_key(const struct keymap *map, const struct action *action, int key)
{
	return keymap_key(map, action) == key || keymap_alias(map, action) == key;
}

/* The first other action of the table that has the row's key. */
static const struct action *
rival(const struct keymap *map, const struct action *table, const struct keymap_row *row)
{
	for (const struct action *a = table; a->name; a++) {
		if (a != row->action && has_key(map, a, row->key)) {
			return a;
		}
	}
	return NULL;
}

static void
report_rival(struct reader *r, const struct keymap_row *row, const char *screen,
	const struct action *other)
{
	ini_report(r->problems, r->path, row->line, "D605",
		_("%s would have the key of %s [%s]: choose another one for either."),
		row->action->name, other->name, screen);
}

static void
check_row(struct reader *r, const struct keymap *map, const struct keymap_row *row)
{
	const struct action *other = rival(map, globals_actions(), row);

	if (other) {
		report_rival(r, row, "everywhere", other);
	}
	for (const struct screen_ops *const *s = registry_screens(); *s; s++) {
		if (row->screen && row->screen != *s) {
			continue;
		}
		other = rival(map, (*s)->actions, row);
		if (other && !(other->flags & ACTION_OVER)) {
			report_rival(r, row, (*s)->name, other);
			return;
		}
	}
}

static void
read_section(struct reader *r, const struct ini_section *section)
{
	const struct screen_ops *screen = registry_find(section->kind);

	if (section->name[0] || (!screen && strcmp(section->kind, "everywhere") != 0)) {
		ini_report(r->problems, r->path, section->line, "D603",
			_("There is no screen [%s]; toban(1) names them, and [everywhere]."),
			section->kind);
		return;
	}
	for (size_t i = 0; i < section->n_entries; i++) {
		read_entry(r, screen, &section->entries[i]);
	}
}

enum err
keymap_read(struct arena *arena, struct ini_problems *problems, const char *path, struct str *text,
	struct keymap *ret_map)
{
	struct reader r = { .problems = problems, .path = path };
	struct ini_file file = { .n_sections = 0 };
	size_t n = 0;

	*ret_map = (struct keymap){ .n = 0 };
	if (ini_parse(path, str_text(text), text->len, problems, &file) == ERR_NOMEM) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < file.n_sections; i++) {
		n += file.sections[i].n_entries;
	}
	r.rows = arena_array(arena, n + 1, sizeof(*r.rows));
	if (!r.rows) {
		return ERR_NOMEM;
	}
	for (size_t i = 0; i < file.n_sections; i++) {
		read_section(&r, &file.sections[i]);
	}
	*ret_map = (struct keymap){ r.rows, r.n };
	for (size_t i = 0; i < r.n; i++) {
		check_row(&r, ret_map, &r.rows[i]);
	}
	return problems->lost ? ERR_NOMEM : ERR_OK;
}

enum err
ui_keymap_check(struct ini_problems *problems, const char *path, struct str *text)
{
	struct keymap map;

	return keymap_read(problems->arena, problems, path, text, &map);
}
