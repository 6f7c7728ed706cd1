/* SPDX-License-Identifier: MIT */
/*
 * The limit a board is measured against: the barest program that shows a page
 * of the same file on the same terminal, with nothing around it - ncursesw and
 * one indexed SELECT.
 *
 *     bare_board FILE
 */
#include <curses.h>
#include <locale.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

static void
paint(sqlite3_stmt *page, int mark)
{
	int row = 3;

	erase();
	mvaddstr(0, 0, "bare board");
	while (sqlite3_step(page) == SQLITE_ROW && row < LINES - 3) {
		mvprintw(row, 0, "%c %-10s %-16s %.40s", row - 3 == mark ? '>' : ' ',
			(const char *)sqlite3_column_text(page, 0),
			(const char *)sqlite3_column_text(page, 1),
			(const char *)sqlite3_column_text(page, 2));
		row++;
	}
	sqlite3_reset(page);
	mvaddstr(LINES - 1, 0, " ?:help  q:back");
	refresh();
}

int
main(int argc, char **argv)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *page = NULL;
	unsigned keys = 0;
	int key = 0;

	setlocale(LC_ALL, "C.UTF-8");
	if (argc < 2 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
		sqlite3_prepare_v2(db,
			"SELECT id, state, title FROM incident WHERE open = 1"
			" ORDER BY due_order, id DESC LIMIT 40",
			-1, &page, NULL) != SQLITE_OK) {
		(void)fprintf(stderr, "bare_board: %s\n", db ? sqlite3_errmsg(db) : "no file");
		return 1;
	}
	initscr();
	raw();
	noecho();
	keypad(stdscr, TRUE);
	do {
		paint(page, (int)keys);
		/* The same mark the desk writes when it waits for a key. */
		(void)printf("\033]5522;%u\007", keys);
		(void)fflush(stdout);
		key = getch();
		keys++;
	} while (key != 'q' && key != ERR);
	endwin();
	sqlite3_finalize(page);
	sqlite3_close(db);
	return 0;
}
