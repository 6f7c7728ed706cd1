/* SPDX-License-Identifier: MIT */
/*
 * Starts gettext and the character set.
 */
#include "toban/base/i18n.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "toban/base/attr.h"

static const char *const words[] = {
	[LANG_EN] = "en",
	[LANG_JA] = "ja",
};

_Static_assert(ARRAY_LEN(words) == LANG_COUNT, "every language has a word");

/* "" is what the environment says; the others exist on every Debian or on none. */
static const char *const utf8_locales[] = { "", "C.UTF-8", "C.utf8", "en_US.UTF-8", "ja_JP.UTF-8" };

/*
 * Mutable because gettext's own state is process-wide as well: a context would
 * pretend that two languages could be spoken at a time.
 */
static enum lang current = LANG_EN;

/* Only the character set and the messages: numbers keep their dot for JSON. */
static void
locale_choose(void)
{
	for (size_t i = 0; i < ARRAY_LEN(utf8_locales); i++) {
		if (setlocale(LC_CTYPE, utf8_locales[i]) != NULL &&
			strcmp(nl_langinfo(CODESET), "UTF-8") == 0) {
			break;
		}
	}
	/*
	 * gettext ignores LANGUAGE while LC_MESSAGES is "C" or "POSIX", which it
	 * is in the environment of ssh commands, cron and services.  Going through
	 * "C" makes it forget what it found for the language before.
	 */
	(void)setlocale(LC_MESSAGES, "C");
	for (size_t i = 1; i < ARRAY_LEN(utf8_locales); i++) {
		if (setlocale(LC_MESSAGES, utf8_locales[i]) != NULL) {
			break;
		}
	}
}

const char *
lang_word(enum lang lang)
{
	size_t i = (size_t)lang;

	return words[i < ARRAY_LEN(words) ? i : LANG_EN];
}

void
i18n_start(enum lang lang, const char *locale_dir)
{
	current = lang == LANG_JA ? LANG_JA : LANG_EN;
	/*
	 * Results below are not looked at: each failure (memory, no such locale)
	 * leaves English or question marks, and there is nobody to tell yet.
	 */
	(void)setenv("LANGUAGE", lang_word(current), 1);
	locale_choose();
	(void)bindtextdomain(TOBAN_DOMAIN, locale_dir != NULL ? locale_dir : TOBAN_LOCALE_DIR);
	(void)bind_textdomain_codeset(TOBAN_DOMAIN, "UTF-8");
}

void
i18n_speak(enum lang lang)
{
	if (lang == current) {
		return;
	}
	current = lang == LANG_JA ? LANG_JA : LANG_EN;
	/* As above; naming the domain anew makes gettext forget what it found. */
	(void)setenv("LANGUAGE", lang_word(current), 1);
	(void)textdomain(TOBAN_DOMAIN);
}

enum lang
i18n_lang(void)
{
	return current;
}
