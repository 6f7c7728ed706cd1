/* SPDX-License-Identifier: MIT */
/*
 * Translation.  Program text goes through gettext: _() translates now, N_()
 * only marks a string in a table for translation later.  Text of the procedure
 * is in the definition files (Label[ja]=), never here.
 */
#ifndef TOBAN_BASE_I18N_H
#define TOBAN_BASE_I18N_H

#include <libintl.h>

#define TOBAN_DOMAIN "toban"
#define _(text) dgettext(TOBAN_DOMAIN, text)
#define N_(text) (text)
#define P_(one, many, n) dngettext(TOBAN_DOMAIN, one, many, n)

/* The two languages the product speaks. */
enum lang { LANG_EN, LANG_JA, LANG_COUNT };

/* "en" or "ja": the word in files, JSON and on the command line. */
const char *lang_word(enum lang lang);

/*
 * Makes the process speak `lang` from now on: LC_CTYPE becomes a UTF-8 locale
 * (C.UTF-8 where the environment's is none), LANGUAGE is set, catalogues are
 * read from `locale_dir` (NULL: where they were installed).  Numbers keep their
 * dot.  Called by main; again to change the language, after which texts got
 * from _() before stay as they were.  A missing catalogue leaves English.
 */
void i18n_start(enum lang lang, const char *locale_dir);

/*
 * Speaks `lang` from now on, in a process that answers in both languages: cheap, and free
 * when it is spoken already.  After i18n_start().
 */
void i18n_speak(enum lang lang);

/* The language i18n_start() or i18n_speak() was last given; LANG_EN before. */
enum lang i18n_lang(void);

#endif
