/* SPDX-License-Identifier: MIT */
/*
 * Completion scripts for the shells, made from the table of commands.  Numbers
 * of cases and names of steps are asked of the desk when they are wanted, with
 * --read-only: completing a line never changes anything.
 */
#include "command.h"

#include <string.h>

#include "toban/base/i18n.h"

/* What may stand where a value is wanted. */
enum value_kind { VALUE_ANY, VALUE_FILE, VALUE_STEP, VALUE_WORDS };

static enum value_kind
kind_of(const char *value)
{
	if (strcmp(value, "FILE") == 0 || strcmp(value, "TARGET") == 0) {
		return VALUE_FILE;
	}
	if (strcmp(value, "STEP") == 0) {
		return VALUE_STEP;
	}
	/* What is written in small letters is meant literally: "ja|en". */
	return value[0] >= 'a' && value[0] <= 'z' ? VALUE_WORDS : VALUE_ANY;
}

/* "ja|en" as "ja en". */
static void
add_words(struct str *out, const char *value)
{
	for (; *value; value++) {
		str_add_char(out, *value == '|' ? ' ' : *value);
	}
}

/* `text` with a backslash before each of `special`. */
static void
add_escaped(struct str *out, const char *text, const char *special)
{
	for (; *text; text++) {
		if (strchr(special, *text)) {
			str_add_char(out, '\\');
		}
		str_add_char(out, *text);
	}
}

/* `text` inside single quotes of a Bourne shell. */
static void
add_quoted(struct str *out, const char *text)
{
	for (; *text; text++) {
		str_add(out, *text == '\'' ? "'\\''" : (char[]){ *text, '\0' });
	}
}

typedef void each_command(struct str *out, const struct cli_command *command);

static void
for_commands(struct str *out, each_command *each)
{
	for (const struct cli_command *const *family = cli_families(); *family; family++) {
		for (const struct cli_command *c = *family; c->name; c++) {
			each(out, c);
		}
	}
}

/* Whether the words after the command begin with the number of a case. */
static bool
takes_case(const struct cli_command *command)
{
	const char *rest = command->usage + strlen(command->name);

	return strncmp(rest, " ID", 3) == 0;
}

/* --- bash -------------------------------------------------------------------------- */

static const char bash_head[] =
	"# bash completion for toban; made by: toban completions bash\n"
	"_toban_ask() {\n"
	"\tcommand \"${COMP_WORDS[0]}\" --read-only --no-input \"${where[@]}\" \"$@\" 2>/dev/null\n"
	"}\n"
	"_toban_cases() {\n"
	"\t_toban_ask list | grep -o '[A-Z]*[0-9][0-9]-[0-9][0-9][0-9][0-9][0-9]*'\n"
	"}\n"
	"_toban_steps() {\n"
	"\t_toban_ask steps \"$1\" | sed -n 's/^[- ] \\([a-z][a-z-]*\\) .*/\\1/p'\n"
	"}\n"
	"_toban() {\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
	"\tlocal verb= option= case= n=0 i word\n"
	"\tlocal -a where=()\n"
	"\tCOMPREPLY=()\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif [[ $word == = ]]; then continue; fi\n"
	"\t\tif [[ -n $option ]]; then\n"
	"\t\t\tcase $option in --desk|--as) where+=(\"$option\" \"$word\") ;; esac\n"
	"\t\t\toption=\n"
	"\t\t\tcontinue\n"
	"\t\tfi\n"
	"\t\tcase $word in\n";

static const char bash_middle[] = "\t\t-*) ;;\n"
				  "\t\t*)\n"
				  "\t\t\tif [[ -z $verb ]]; then verb=$word\n"
				  "\t\t\telse n=$((n + 1)); [[ $n == 1 ]] && case=$word; fi ;;\n"
				  "\t\tesac\n"
				  "\tdone\n"
				  "\t[[ $cur == = ]] && cur=\n"
				  "\tlocal words=\n"
				  "\tcase $verb:$option in\n";

static const char bash_tail[] = "\tesac\n"
				"\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
				"}\n"
				"complete -F _toban toban\n";

static void
bash_value_names(struct str *out, const struct cli_option *options)
{
	for (const struct cli_option *o = options; o && o->name; o++) {
		if (o->value) {
			str_addf(out, "|--%s", o->name);
		}
	}
}

static void
bash_names_of(struct str *out, const struct cli_command *command)
{
	bash_value_names(out, command->options);
}

/* What follows one option; `verb` is "*" for those of the whole program. */
static void
bash_values(struct str *out, const char *verb, const struct cli_option *options)
{
	for (const struct cli_option *o = options; o && o->name; o++) {
		if (!o->value) {
			continue;
		}
		str_addf(out, "\t%s:--%s) ", verb, o->name);
		switch (kind_of(o->value)) {
		case VALUE_FILE:
			str_add(out, "COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
			break;
		case VALUE_STEP:
			str_add(out, "words=$(_toban_steps \"$case\") ;;\n");
			break;
		case VALUE_WORDS:
			str_add(out, "words='");
			add_words(out, o->value);
			str_add(out, "' ;;\n");
			break;
		case VALUE_ANY:
			str_add(out, "return ;;\n");
			break;
		}
	}
}

static void
bash_values_of(struct str *out, const struct cli_command *command)
{
	bash_values(out, command->name, command->options);
}

static void
bash_options(struct str *out, const struct cli_option *options)
{
	for (const struct cli_option *o = options; o && o->name; o++) {
		str_addf(out, " --%s", o->name);
	}
}

static void
bash_command(struct str *out, const struct cli_command *command)
{
	str_addf(out, "\t%s:)\n\t\twords='", command->name);
	bash_options(out, command->options);
	bash_options(out, cli_global_options());
	str_add(out, "'\n");
	if (takes_case(command)) {
		str_add(out, "\t\t[[ $cur != -* && $n == 0 ]] && words=$(_toban_cases)\n");
	}
	if (strstr(command->usage, " ID STEP")) {
		str_add(out,
			"\t\t[[ $cur != -* && $n == 1 ]] && words=$(_toban_steps \"$case\")\n");
	}
	str_add(out, "\t\t;;\n");
}

static void
bash_name(struct str *out, const struct cli_command *command)
{
	str_addf(out, " %s", command->name);
}

static void
add_bash(struct str *out)
{
	str_add(out, bash_head);
	/* The first name stands alone: those that follow bring their own "|". */
	str_add(out, "\t\t--desk");
	bash_value_names(out, cli_global_options() + 1);
	for_commands(out, bash_names_of);
	str_add(out, ") option=$word ;;\n");
	str_add(out, bash_middle);
	for_commands(out, bash_values_of);
	bash_values(out, "*", cli_global_options());
	for_commands(out, bash_command);
	str_add(out, "\t:)\n\t\twords='");
	for_commands(out, bash_name);
	bash_options(out, cli_global_options());
	str_add(out, "' ;;\n");
	str_add(out, bash_tail);
}

/* --- zsh ---------------------------------------------------------------------------- */

static void
zsh_text(struct str *out, const char *text)
{
	struct str quoted = STR_INIT;

	add_quoted(&quoted, text);
	add_escaped(out, str_text(&quoted), ":[]");
	str_release(&quoted);
}

static void
zsh_options(struct str *out, const struct cli_option *options)
{
	for (const struct cli_option *o = options; o && o->name; o++) {
		str_addf(out, " \\\n\t\t'--%s%s[", o->name, o->value ? "=" : "");
		zsh_text(out, _(o->help));
		str_add_char(out, ']');
		if (o->value) {
			enum value_kind kind = kind_of(o->value);

			str_add_char(out, ':');
			zsh_text(out, o->value);
			str_add_char(out, ':');
			if (kind == VALUE_FILE) {
				str_add(out, "_files");
			} else if (kind == VALUE_WORDS) {
				str_add_char(out, '(');
				add_words(out, o->value);
				str_add_char(out, ')');
			}
		}
		str_add_char(out, '\'');
	}
}

static void
zsh_command(struct str *out, const struct cli_command *command)
{
	str_addf(out, "\t%s) _arguments", command->name);
	zsh_options(out, command->options);
	zsh_options(out, cli_global_options());
	str_add(out, " \\\n\t\t'*:: :_files' ;;\n");
}

static void
zsh_name(struct str *out, const struct cli_command *command)
{
	str_addf(out, "\t\t'%s:", command->name);
	zsh_text(out, _(command->summary));
	str_add(out, "'\n");
}

static void
add_zsh(struct str *out)
{
	str_add(out,
		"#compdef toban\n"
		"# made by: toban completions zsh\n"
		"_toban() {\n"
		"\tlocal curcontext=$curcontext state line\n"
		"\tlocal -a verbs\n"
		"\tverbs=(\n");
	for_commands(out, zsh_name);
	str_add(out, "\t)\n\t_arguments -C");
	zsh_options(out, cli_global_options());
	str_add(out,
		" \\\n\t\t'1: :->verb' '*:: :->rest' && return\n"
		"\tif [[ $state == verb ]]; then\n"
		"\t\t_describe command verbs\n"
		"\t\treturn\n"
		"\tfi\n"
		"\tcase $words[1] in\n");
	for_commands(out, zsh_command);
	str_add(out, "\tesac\n}\n_toban \"$@\"\n");
}

/* --- fish ---------------------------------------------------------------------------- */

static void
fish_options(struct str *out, const char *verb, const struct cli_option *options)
{
	for (const struct cli_option *o = options; o && o->name; o++) {
		enum value_kind kind = o->value ? kind_of(o->value) : VALUE_ANY;

		str_add(out, "complete -c toban");
		if (verb) {
			str_addf(out, " -n '__fish_seen_subcommand_from %s'", verb);
		}
		str_addf(out, " -l %s", o->name);
		if (kind == VALUE_WORDS) {
			str_add(out, " -x -a '");
			add_words(out, o->value);
			str_add_char(out, '\'');
		} else if (o->value) {
			str_add(out, kind == VALUE_FILE ? " -r -F" : " -x");
		}
		str_add(out, " -d '");
		add_escaped(out, _(o->help), "\\'");
		str_add(out, "'\n");
	}
}

static void
fish_command(struct str *out, const struct cli_command *command)
{
	str_addf(out, "complete -c toban -n __fish_use_subcommand -a %s -d '", command->name);
	add_escaped(out, _(command->summary), "\\'");
	str_add(out, "'\n");
	fish_options(out, command->name, command->options);
	if (takes_case(command)) {
		str_addf(out,
			"complete -c toban -n '__fish_seen_subcommand_from %s' -a "
			"'(command toban --read-only --no-input list 2>/dev/null | "
			"string match -r \"[A-Z]*[0-9][0-9]-[0-9]+\")'\n",
			command->name);
	}
}

static void
add_fish(struct str *out)
{
	str_add(out,
		"# fish completion for toban; made by: toban completions fish\n"
		"complete -c toban -f\n");
	fish_options(out, NULL, cli_global_options());
	for_commands(out, fish_command);
}

/* --- the command ----------------------------------------------------------------------- */

int
cli_run_completions(struct cli *cli)
{
	static const struct {
		const char *shell;
		void (*add)(struct str *out);
	} shells[] = { { "bash", add_bash }, { "zsh", add_zsh }, { "fish", add_fish } };

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(shells[i].shell, cli->words[0]) == 0) {
			struct str out = STR_INIT;

			shells[i].add(&out);
			int status = cli_print_text(cli, &out);
			str_release(&out);
			return status;
		}
	}
	return cli_fail(cli, EXIT_USAGE, "D111", _("There are completions for bash, zsh and fish."),
		_("For example: toban completions bash"));
}
