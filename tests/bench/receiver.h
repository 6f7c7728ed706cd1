/* SPDX-License-Identifier: MIT */
/*
 * A receiver of messages for measurements: it takes ANSWER_US for each answer.
 */
#ifndef TOBAN_TESTS_BENCH_RECEIVER_H
#define TOBAN_TESTS_BENCH_RECEIVER_H

#include <sys/types.h>

#define ANSWER_US 1000

/* All bodies are this one: a request is whole when it ends so. */
#define BODY                                                                                       \
	"{\"type\":\"incident.report\",\"text\":\"a line of some length for people\",\"data\":{}}"

/* Starts it, a group of processes of its own; kill(-pid) ends all.  The program ends on failure. */
pid_t receiver_start(int *ret_port);

/* Says what failed and ends the program. */
_Noreturn void die(const char *what);

/* Removes a folder and the files in it. */
void remove_folder(const char *path);

/* A clock that only goes on. */
double seconds(void);

#endif
