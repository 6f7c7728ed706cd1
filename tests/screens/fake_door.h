/* SPDX-License-Identifier: MIT */
/*
 * A door that answers from a file: for trying single screens without a desk.
 */
#ifndef TOBAN_TESTS_SCREENS_FAKE_DOOR_H
#define TOBAN_TESTS_SCREENS_FAKE_DOOR_H

#include "toban/desk/door.h"

/* Reads the answers; exits the program when the file is unreadable. */
void fake_door_open(struct door *door, const char *path);
void fake_door_close(struct door *door);

#endif
