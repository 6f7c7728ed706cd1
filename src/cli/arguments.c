/* SPDX-License-Identifier: MIT */
/*
 * Reading the command line: options of the whole program may stand anywhere,
 * options of a command behind it, each as "--name value" or "--name=value".
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/base/text.h"

static const struct cli_option global_options[] = {
	{ "desk", "TARGET", N_("the desk: a file, or demo") },
	{ "as", "PERSON",
		N_("act as this person (trial desks; at a shared console with their PIN)") },
	{ "pin-file", "FILE", N_("at a shared console: the PIN is the first line of this file") },
	{ "lang", "ja|en", N_("language of what is shown") },
	{ "read-only", NULL, N_("write nothing to the record") },
	{ "ascii", NULL, N_("the screen: this terminal shows no Japanese") },
	{ "color", "auto|always|never", N_("the screen: use colours or not") },
	{ "json", NULL, N_("answer in JSON") },
	{ "sign", NULL, N_("sign what must be signed without asking first") },
	{ "passphrase-fd", "N", N_("read the passphrase of your key from this descriptor") },
	{ "no-input", NULL, N_("never ask a question") },
	{ "help", NULL, N_("how to use the command") },
	{ "version", NULL, N_("which version this is") },
	{ NULL, NULL, NULL },
};

static const struct cli_option *
option_find(const struct cli_option *options, const char *name, size_t len)
{
	for (const struct cli_option *o = options; o && o->name; o++) {
		if (strlen(o->name) == len && strncmp(o->name, name, len) == 0) {
			return o;
		}
	}
	return NULL;
}

static const struct cli_command *
command_find(const char *name)
{
	for (const struct cli_command *const *family = cli_families(); *family; family++) {
		for (const struct cli_command *c = *family; c->name; c++) {
			if (strcmp(c->name, name) == 0) {
				return c;
			}
		}
	}
	return NULL;
}

/* Everything is kept and shown as UTF-8: other bytes are refused before they get anywhere. */
static int
encoding_check(struct cli *cli, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		size_t len = strlen(argv[i]);
		if (!utf8_valid(argv[i], len)) {
			struct str shown = STR_INIT;
			struct str text = STR_INIT;
			text_show(&shown, argv[i], len, TEXT_LINE);
			str_say(&text, _("The argument {word} is no UTF-8."),
				&(struct str_arg){ "word", str_text(&shown) }, 1);
			int status = cli_fail(cli, EXIT_INPUT, "D105", str_text(&text),
				_("Nothing was recorded. Switch the terminal to UTF-8 and send it "
				  "again."));
			str_release(&shown);
			str_release(&text);
			return status;
		}
	}
	return EXIT_DONE;
}

static int
usage_fail(struct cli *cli, const char *pattern, const char *word)
{
	struct str text = STR_INIT;
	str_say(&text, pattern, &(struct str_arg){ "word", word }, 1);
	int status = cli_fail(cli, EXIT_USAGE, "D111", str_text(&text),
		_("See toban --help, or toban COMMAND --help."));
	str_release(&text);
	return status;
}

static int
color_keep(struct cli *cli, const char *value)
{
	static const char *const words[] = {
		[CLI_COLOR_AUTO] = "auto",
		[CLI_COLOR_ALWAYS] = "always",
		[CLI_COLOR_NEVER] = "never",
	};
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i], value) == 0) {
			cli->globals.color = (enum cli_color)i;
			return EXIT_DONE;
		}
	}
	return usage_fail(cli, _("--color is auto, always or never, not {word}."), value);
}

/* Keeps one given option; globals are also put where they belong. */
static int
option_keep(struct cli *cli, const char *name, const char *value)
{
	cli->given[cli->n_given++] = (struct cli_given){ name, value };
	if (strcmp(name, "desk") == 0) {
		cli->globals.desk = value;
	} else if (strcmp(name, "as") == 0) {
		cli->globals.person = value;
	} else if (strcmp(name, "pin-file") == 0) {
		cli->globals.pin_file = value;
	} else if (strcmp(name, "json") == 0) {
		cli->globals.json = true;
	} else if (strcmp(name, "no-input") == 0) {
		cli->globals.no_input = true;
	} else if (strcmp(name, "read-only") == 0) {
		cli->globals.read_only = true;
	} else if (strcmp(name, "ascii") == 0) {
		cli->globals.ascii = true;
	} else if (strcmp(name, "color") == 0) {
		return color_keep(cli, value);
	} else if (strcmp(name, "lang") == 0) {
		cli->globals.lang_named = true;
		/* main switched the language before anything was printed. */
		if (strcmp(value, "ja") != 0 && strcmp(value, "en") != 0) {
			return usage_fail(
				cli, _("There is no language {word}; ja and en are."), value);
		}
	}
	return EXIT_DONE;
}

/* Reads the option at argv[*at]; moves *at to the last word it used. */
static int
option_read(struct cli *cli, int argc, char **argv, int *at)
{
	const char *name = argv[*at] + 2;
	const char *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct cli_option *o = option_find(global_options, name, len);
	if (!o && cli->command) {
		o = option_find(cli->command->options, name, len);
	}
	if (!o) {
		return usage_fail(cli, _("There is no option {word} here."), argv[*at]);
	}
	if (!o->value) {
		if (equals) {
			return usage_fail(cli, _("The option {word} takes no value."), argv[*at]);
		}
		return option_keep(cli, o->name, "");
	}
	if (equals) {
		return option_keep(cli, o->name, equals + 1);
	}
	if (*at + 1 >= argc) {
		return usage_fail(cli, _("The option {word} needs a value."), argv[*at]);
	}
	*at += 1;
	return option_keep(cli, o->name, argv[*at]);
}

static int
word_keep(struct cli *cli, const char *word)
{
	if (!cli->command) {
		cli->command = command_find(word);
		if (!cli->command) {
			return usage_fail(cli, _("There is no command {word}."), word);
		}
		return EXIT_DONE;
	}
	cli->words[cli->n_words++] = word;
	return EXIT_DONE;
}

static int
words_check(struct cli *cli)
{
	const struct cli_command *c = cli->command;
	if (!c || cli_flag(cli, "help") || cli_flag(cli, "version")) {
		return EXIT_DONE;
	}
	if (cli->n_words < c->min_words) {
		return usage_fail(cli, _("Something is missing: toban {word}"),
			c->usage[0] ? c->usage : c->name);
	}
	if (c->max_words >= 0 && cli->n_words > c->max_words) {
		return usage_fail(
			cli, _("That is one word too many: {word}"), cli->words[c->max_words]);
	}
	return EXIT_DONE;
}

int
cli_read_arguments(struct cli *cli, int argc, char **argv)
{
	cli->words = calloc((size_t)argc + 1, sizeof(*cli->words));
	cli->given = calloc((size_t)argc + 1, sizeof(*cli->given));
	if (!cli->words || !cli->given) {
		return cli_fail(cli, EXIT_FAILED, "D414", _("Memory is exhausted."), "");
	}
	int status = encoding_check(cli, argc, argv);
	bool only_words = false;
	for (int i = 1; i < argc && status == EXIT_DONE; i++) {
		if (!only_words && strcmp(argv[i], "--") == 0) {
			only_words = true;
			continue;
		}
		if (!only_words && strcmp(argv[i], "-h") == 0) {
			status = option_keep(cli, "help", "");
		} else if (!only_words && strncmp(argv[i], "--", 2) == 0) {
			status = option_read(cli, argc, argv, &i);
		} else {
			status = word_keep(cli, argv[i]);
		}
	}
	return status == EXIT_DONE ? words_check(cli) : status;
}

void
cli_release(struct cli *cli)
{
	secret_text_release(&cli->passphrase);
	json_decref(cli->procedure);
	cli->procedure = NULL;
	free(cli->words);
	free(cli->given);
	cli->words = NULL;
	cli->given = NULL;
}

const char *
cli_value(const struct cli *cli, const char *option)
{
	for (size_t i = cli->n_given; i > 0; i--) {
		if (strcmp(cli->given[i - 1].name, option) == 0) {
			return cli->given[i - 1].value;
		}
	}
	return NULL;
}

bool
cli_flag(const struct cli *cli, const char *option)
{
	return cli_value(cli, option) != NULL;
}

const struct cli_option *
cli_global_options(void)
{
	return global_options;
}
