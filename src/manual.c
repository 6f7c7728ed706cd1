/* SPDX-License-Identifier: MIT */
/*
 * Writes the manual page from the tables of commands and of keys, so that it
 * cannot promise what the program does not do.  Run when the program is built.
 */
#include <stdio.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/str.h"
#include "toban/cli/cli.h"
#include "toban/ui/ui.h"

struct page {
	struct str out;
	struct str screen; /* the screen whose keys are being written */
	enum cli_part want;
	bool in_options; /* inside the options of a command */
};

struct pair {
	const char *name;
	const char *help; /* N_() */
};

static const struct pair environment[] = {
	{ "TOBAN_DESK", N_("The desk when --desk is not given.") },
	{ "TOBAN_FORMS", N_("A folder with the site's own definition files.") },
	{ "TOBAN_KEYS", N_("The file of own keys, instead of the one below.") },
	{ "TOBAN_ENGINE",
		N_("off: the screen leaves clocks and messages to 'toban serve' alone.") },
	{ "TOBAN_AMBIGUOUS", N_("1 or 2: the columns ambiguous characters take here.") },
	{ "TOBAN_ASCII", N_("Set: this terminal shows no Japanese, as --ascii.") },
	{ "NO_COLOR", N_("Not empty: no colours; --color wins over it.") },
	{ "TOBAN_NOW", N_("A time at which the clock stands, for trials.") },
	{ "LC_ALL, LC_MESSAGES, LANG", N_("The language when --lang is not given.") },
};

static const struct pair files[] = {
	{ "$XDG_DATA_HOME/toban/desk.db", N_("The desk when nothing else names one.") },
	{ "/run/toban/desk.sock",
		N_("The machine's service; before it one's own at $XDG_RUNTIME_DIR/toban.") },
	{ "$XDG_CONFIG_HOME/toban/keys.ini",
		N_("Own keys: [SCREEN] or [everywhere], then ACTION = KEY.") },
	{ "DESK.secrets", N_("Secrets of the receivers of messages, beside the desk.") },
	{ "DESK.evidence", N_("Attached files, beside the desk.") },
	{ "DESK.engine", N_("The lock of who runs the clocks of the desk.") },
	{ "DESK.service", N_("The mark of a service, to which open desks leave that lock.") },
};

/* Text of a paragraph: nothing in it is a request, a hyphen is one to copy. */
static void
add_text(struct str *out, const char *text)
{
	if (*text == '.' || *text == '\'') {
		str_add(out, "\\&");
	}
	for (; *text; text++) {
		switch (*text) {
		case '\\':
			str_add(out, "\\e");
			break;
		case '-':
			str_add(out, "\\-");
			break;
		case '~':
			str_add(out, "\\(ti");
			break;
		case '^':
			str_add(out, "\\(ha");
			break;
		default:
			str_add_char(out, *text);
		}
	}
}

static void
add_section(struct page *page, const char *title)
{
	str_add(&page->out, ".SH ");
	add_text(&page->out, title);
	str_add_char(&page->out, '\n');
}

/* A term with its sentence. */
static void
add_item(struct page *page, const char *name, const char *help)
{
	str_add(&page->out, ".TP\n\\fB");
	add_text(&page->out, name);
	str_add(&page->out, "\\fR\n");
	add_text(&page->out, help);
	str_add_char(&page->out, '\n');
}

static void
add_pairs(struct page *page, const char *title, const struct pair *pairs, size_t n)
{
	add_section(page, title);
	for (size_t i = 0; i < n; i++) {
		add_item(page, pairs[i].name, _(pairs[i].help));
	}
}

static void
end_options(struct page *page)
{
	if (page->in_options) {
		str_add(&page->out, ".RE\n");
		page->in_options = false;
	}
}

static void
visit_part(void *ctx, enum cli_part part, const char *name, const char *help)
{
	struct page *page = ctx;
	bool option = part == CLI_OPTION && page->want == CLI_COMMAND;

	if (part != page->want && !option) {
		return;
	}
	if (option && !page->in_options) {
		str_add(&page->out, ".RS\n");
		page->in_options = true;
	} else if (!option) {
		end_options(page);
	}
	add_item(page, name, help);
}

static void
add_parts(struct page *page, const char *title, enum cli_part part)
{
	add_section(page, title);
	page->want = part;
	cli_each(visit_part, page);
	end_options(page);
}

static void
visit_action(void *ctx, const struct ui_action *action)
{
	struct page *page = ctx;
	struct str name = STR_INIT;

	if (strcmp(str_text(&page->screen), action->screen) != 0) {
		str_clear(&page->screen);
		str_add(&page->screen, action->screen);
		str_add(&page->out, ".SS ");
		add_text(&page->out, action->screen);
		str_add_char(&page->out, '\n');
	}
	str_addf(&name, "%s%s:%s", action->keys, action->keys[0] ? "  " : "", action->name);
	add_item(page, str_text(&name), action->help);
	str_release(&name);
}

static void
add_keys(struct page *page)
{
	add_section(page, _("KEYS"));
	add_text(&page->out,
		_("Behind each key stands the name by which the command line of the screen (:) "
		  "knows the action."));
	str_add_char(&page->out, '\n');
	ui_each_action(visit_action, page);
}

static void
add_page(struct page *page)
{
	str_addf(&page->out,
		".\\\" Made from the tables of the program; changes here are lost.\n"
		".TH TOBAN 1 \"\" \"toban %s\" \"%s\"\n"
		".ad l\n",
		TOBAN_VERSION, _("Incident desk"));
	add_section(page, _("NAME"));
	str_add(&page->out, "toban \\- ");
	add_text(&page->out, _("the incident desk of the shift"));
	str_add_char(&page->out, '\n');
	add_section(page, _("SYNOPSIS"));
	str_add(&page->out,
		"\\fBtoban\\fR [\\fIOPTION\\fR]... [\\fICOMMAND\\fR [\\fIARGUMENT\\fR]...]\n");
	add_section(page, _("DESCRIPTION"));
	add_text(&page->out,
		_("Records information security incidents and leads them through the procedure. "
		  "Without a command, the desk on this terminal; without a terminal that can "
		  "place a cursor, one question a line."));
	str_add_char(&page->out, '\n');
	add_parts(page, _("COMMANDS"), CLI_COMMAND);
	add_parts(page, _("OPTIONS"), CLI_GLOBAL);
	add_keys(page);
	add_parts(page, _("EXIT STATUS"), CLI_STATUS);
	add_pairs(page, _("ENVIRONMENT"), environment, ARRAY_LEN(environment));
	add_pairs(page, _("FILES"), files, ARRAY_LEN(files));
}

/* manual LANGUAGE LOCALE_DIR: the page on standard output. */
int
main(int argc, char **argv)
{
	struct page page = { .out = STR_INIT, .screen = STR_INIT };

	if (argc != 3) {
		(void)fputs("usage: manual en|ja LOCALE_DIR\n", stderr);
		return EXIT_USAGE;
	}
	i18n_start(strcmp(argv[1], "ja") == 0 ? LANG_JA : LANG_EN, argv[2]);
	add_page(&page);
	bool ok =
		!page.out.failed && fputs(str_text(&page.out), stdout) >= 0 && fflush(stdout) == 0;
	str_release(&page.out);
	str_release(&page.screen);
	return ok ? EXIT_DONE : EXIT_FAILED;
}
