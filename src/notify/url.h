/* SPDX-License-Identifier: MIT */
/*
 * Parts of addresses that several files look at.  Private to the notify layer.
 */
#ifndef TOBAN_NOTIFY_URL_H
#define TOBAN_NOTIFY_URL_H

#include <stdbool.h>
#include <stddef.h>

/* A name of a host: letters, digits, hyphens, dots. */
bool host_name_is_valid(const char *host, size_t len);

/* What follows the server in an address of mail: "", "/" and "?from=…&to=…[&user=…]". */
enum mail_query { MAIL_QUERY_FINE, MAIL_QUERY_INCOMPLETE, MAIL_QUERY_BAD_ADDRESS };

/* `*ret_login` tells whether it names a user. */
enum mail_query mail_query_check(const char *query, bool *ret_login);

/* The length of "smtp://" or "smtps://" when the address begins so, else 0. */
size_t mail_scheme_len(const char *url);

#endif
