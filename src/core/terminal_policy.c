/* SPDX-License-Identifier: MIT */
/*
 * Reading policy/terminal.ini: what the screen may do with the machine it runs
 * on.  The site decides, not the person who sits there.
 */
#include "procedure_read.h"

static const char *const clipboard_words[] = { "off", "ids", "all", NULL };

#define AT(member) offsetof(struct terminal_policy, member)
static const struct def_key terminal_keys[] = {
	{ .name = "Editor", .type = KEY_FLAG, .offset = AT(editor) },
	{ .name = "Clipboard",
		.type = KEY_CHOICE,
		.offset = AT(clipboard),
		.words = clipboard_words },
};
#undef AT

static const struct def_kind terminal_kind = { "terminal", false, terminal_keys,
	ARRAY_LEN(terminal_keys) };

void
terminal_policy_read(struct def_reader *r, const struct ini_file *file, struct procedure *p)
{
	const struct ini_section *section = ini_find(file, "terminal", NULL);

	def_check_sections(r, file, &terminal_kind, 1);
	if (section == NULL) {
		ini_report(r->problems, r->path, 0, "[terminal]", "The file has no [terminal].");
		return;
	}
	def_read_section(r, section, &terminal_kind, &p->terminal);
}

const char *
clipboard_word(int clipboard)
{
	return clipboard_words[clipboard];
}
