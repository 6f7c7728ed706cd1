/* SPDX-License-Identifier: MIT */
/*
 * The line for people in a message about a case, and the names of what stands
 * in it.  Private to the notify layer.
 */
#ifndef TOBAN_NOTIFY_MESSAGE_LINE_H
#define TOBAN_NOTIFY_MESSAGE_LINE_H

#include "toban/notify/notify.h"

/* At the start of what a trial desk says to others. */
#define MESSAGE_TRIAL_MARK "[試用/TRIAL] "

/* What stands for the way to reach the finder of a confidential case. */
struct words message_ask_head(void);

/* Names in both languages; what nobody knows (any more) stands for itself. */
struct words message_words_same(const char *text);
struct words message_person(const struct org *org, const char *id);
struct words message_department(const struct org *org, const char *id);
struct words message_category(const struct procedure *procedure, const char *key);
struct words message_step(const struct procedure *procedure, const char *kind);

/* What the desk did by itself in this entry, the newest of the case; NULL: a person made it. */
const struct desk_mark *message_mark(const struct message_source *source);
/* What it watched; empty for NULL. */
struct words message_watch(const struct desk_mark *mark);

bool message_is_crisis(const char *type);

/* Who decided that it is a major accident. */
const char *message_decider(const struct message_source *source);

/* The neutral name of a case, in both languages, into two empty strings. */
void message_code_name(const char *id, struct str ret_names[LANG_COUNT]);

/* `text` of a message: one line, Japanese first; NULL without memory. */
json_t *message_line(const struct message_source *source, const struct words *code_name);

#endif
