/* SPDX-License-Identifier: MIT */
/*
 * What can go wrong between a desk and its service: D430 to D443 (docs/methods.md).
 */
#ifndef TOBAN_WIRE_ERROR_H
#define TOBAN_WIRE_ERROR_H

#include <jansson.h>

/* A new error document (door.h) for a code of that range; NULL without memory. */
json_t *wire_error(const char *code);

/*
 * Puts text and advice of the code of `error` in the language of this process, if the code is
 * one of ours: a service that refuses before it was greeted knows no language.
 */
void wire_error_translate(json_t *error);

#endif
