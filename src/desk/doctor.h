/* SPDX-License-Identifier: MIT */
/*
 * What the examination of a desk looks at.  Private to the desk layer.
 */
#ifndef TOBAN_DESK_DOCTOR_H
#define TOBAN_DESK_DOCTOR_H

#include "call.h"

/* One finding. */
struct finding {
	bool ok;
	struct str text;        /* what is so, and why that matters */
	const char *what_to_do; /* translated; "" */
};

/* Fills in one finding; an error makes it a bad one. */
typedef enum err examine(struct call *call, struct finding *finding);

/* doctor_people.c: how people come in, and with what. */
examine examine_files;    /* the desk's files are its account's alone */
examine examine_core;     /* nothing of a service's memory is written to a disk */
examine examine_memory;   /* nor swapped out */
examine examine_accounts; /* no account is that of two */
examine examine_consoles; /* a console's account leads to the desk and nowhere else */
examine examine_pins;     /* who works at consoles has a PIN, and is not locked out */
examine examine_keys;     /* who decides can sign, alone */

#endif
