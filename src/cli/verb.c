/* SPDX-License-Identifier: MIT */
/*
 * Commands of several words: `person absent`, `key approve`.
 */
#include "verb.h"

#include <string.h>

#include "toban/base/i18n.h"

int
cli_incomplete(struct cli *cli)
{
	struct str todo = STR_INIT;
	str_say(&todo, _("Use it like this: {usage}"),
		&(struct str_arg){ "usage", cli->command->usage }, 1);
	int status = cli_fail(
		cli, EXIT_USAGE, "D111", _("The command is not complete."), str_text(&todo));
	str_release(&todo);
	return status;
}

int
cli_run_verb(struct cli *cli, const struct cli_verb *verbs, size_t n, int at)
{
	for (size_t i = 0; cli->n_words > at && i < n; i++) {
		int follow = cli->n_words - at - 1;
		if (strcmp(verbs[i].name, cli->words[at]) == 0 && follow >= verbs[i].least &&
			(verbs[i].most < 0 || follow <= verbs[i].most)) {
			return verbs[i].run(cli);
		}
	}
	return cli_incomplete(cli);
}
