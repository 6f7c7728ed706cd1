/* SPDX-License-Identifier: MIT */
/*
 * SQLite's memory, counted where it is refused: a check of the file that found no memory names
 * pages as damaged that are whole.
 */
#ifndef TOBAN_SRC_STORE_SQLITE_MEMORY_H
#define TOBAN_SRC_STORE_SQLITE_MEMORY_H

/*
 * From now on refusals of SQLite are among memory_refusals().  Works before the first database of
 * the process was opened, else it changes nothing; more than once is once.
 */
void sqlite_memory_count(void);

#endif
