/* SPDX-License-Identifier: MIT */
/*
 * Which network addresses a message may go to.  Private to the notify layer.
 */
#ifndef TOBAN_NOTIFY_ADDRESS_H
#define TOBAN_NOTIFY_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * Whether `address` is one of the public internet.  Loopback, private,
 * link-local, shared (CGNAT), documentation, benchmark, multicast and reserved
 * ranges are not, nor is any IPv6 form that carries such an IPv4 address, nor
 * any family but IPv4 and IPv6.  `len` is checked.
 */
bool address_is_public(const struct sockaddr *address, socklen_t len);

/* The same for a numeric address as text ("192.0.2.1", "2001:db8::1"). */
bool address_text_is_public(const char *text);

#endif
