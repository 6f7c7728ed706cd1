/* SPDX-License-Identifier: MIT */
/*
 * The desk file as a file: what is looked at before SQLite may touch it, and
 * how files beside it are made, synced and put in place.
 */
#ifndef TOBAN_SRC_STORE_SQLITE_FILE_H
#define TOBAN_SRC_STORE_SQLITE_FILE_H

#include <stdbool.h>

#include <sqlite3.h>

#include "refusal.h"

/* "TOBA": marks a SQLite file as a desk (offset 68 of its header). */
#define FILE_APPLICATION_ID 0x544f4241

/* Kind, owner, rights, links, size and file system; touches nothing. */
enum refusal file_check(const char *path);

/* The same of a place where a file is to be made; REFUSAL_EXISTS if something is there. */
enum refusal file_check_new(const char *path);

/*
 * Looks into the file without leaving a trace (no lock, no -wal): is it a desk
 * of a version up to `version`?
 */
enum refusal file_peek(const char *path, int version);

/*
 * Opens a file that nobody writes to, without locks and without a -wal;
 * *ret_db is the caller's.
 */
enum err file_open_still(const char *path, sqlite3 **ret_db);

/* PATH with a suffix; NULL without memory; free() it. */
char *file_beside(const char *path, const char *suffix);

/* The directory of a path, "." if it has none; NULL without memory; free() it. */
char *file_directory(const char *path);

/* Makes an empty file, mode 0600; REFUSAL_EXISTS when the name is taken. */
enum refusal file_make(const char *path);

/*
 * Syncs `from`, gives it the name `to` and syncs the directory.  With `fresh`
 * the name must not be taken: REFUSAL_EXISTS.
 */
enum refusal file_place(const char *from, const char *to, bool fresh);

/* Removes a half-made file and what SQLite keeps beside it; absent ones are fine. */
void file_discard(const char *path);

/*
 * Keeps some room of the disk in PATH.reserve, and gives it up: SQLite needs a
 * little to open a desk, also to read it.  A disk that is full lends nothing, so it
 * is put aside while there is room.  file_reserve_spend() says whether there was any.
 */
void file_reserve_keep(const char *path);
bool file_reserve_spend(const char *path);

/* Opens PATH.lock, the gate of writers, making it if need be; the descriptor or -1. */
int file_gate(const char *path);

#endif
