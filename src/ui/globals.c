/* SPDX-License-Identifier: MIT */
/*
 * The keys that work on every screen.
 */
#include "app.h"
#include "popup.h"
#include "screens.h"
#include "toban/base/i18n.h"

static void
help_run(struct screen *screen)
{
	help_open(screen);
}

static void
command_run(struct screen *screen)
{
	command_open(screen);
}

static void
messages_run(struct screen *screen)
{
	messages_open(screen->app);
}

static void
handover_run(struct screen *screen)
{
	handover_open(screen->app);
}

static void
alerts_run(struct screen *screen)
{
	alerts_open(screen->app);
}

static void
duty_run(struct screen *screen)
{
	duty_open(screen->app);
}

static void
statistics_run(struct screen *screen)
{
	statistics_open(screen->app);
}

static void
phones_run(struct screen *screen)
{
	phones_open(screen->app);
}

static void
settings_run(struct screen *screen)
{
	settings_open(screen->app);
}

static void
refresh_run(struct screen *screen)
{
	screen->app->book.door = screen->app->options->door;
	app_changed(screen->app);
}

static void
suspend_run(struct screen *screen)
{
	if (terminal_can_suspend()) {
		app_suspend(screen->app);
	} else {
		app_say(screen->app, SAY_INFO,
			_("No shell started this desk: there is nothing to go back to. q leaves."));
	}
}

static void
leave_answered(struct screen *asker, const char *value)
{
	(void)value;
	app_leave(asker->app);
}

static void
leave_run(struct screen *screen)
{
	popup_confirm(screen->app,
		&(struct popup_ask){
			.asker = screen,
			.title = _("Leave the desk"),
			.text = _("Leave the desk? What you typed is kept as a draft."),
			.accept = _("Leave"),
			.answered = leave_answered,
		});
}

/* `q` goes back; below the first screen there is nothing but the shell. */
static void
back_run(struct screen *screen)
{
	app_close(screen);
}

/* Esc never leaves the desk: it is pressed too easily. */
static void
close_run(struct screen *screen)
{
	if (screen->app->depth > 1) {
		app_close(screen);
	}
}

static void
board_run(struct screen *screen)
{
	(void)app_view(screen->app, "board"); /* a seat without a board yet stays */
}

static void
mine_run(struct screen *screen)
{
	mine_open(screen->app);
}

static void
search_run(struct screen *screen)
{
	search_open(screen->app);
}

static const struct action actions[] = {
	{ "help", '?', K_F1, N_("help"), N_("Help: every key of this screen; type to find one"),
		ACTION_TEXT, help_run },
	{ "command", ':', K_CTRL('X'), N_("command"),
		N_("Command line with the names of all actions"), ACTION_TEXT, command_run },
	{ "messages", 'm', 0, N_("messages"), N_("The messages of this session"), ACTION_PLAIN,
		messages_run },
	{ "take-back", 'u', 0, N_("take back"),
		N_("Take back what you sent last, for some seconds; it is asked first"),
		ACTION_PLAIN, take_back_run },
	{ "board", '1', 0, N_("board"), N_("Back to the duty board"), ACTION_PLAIN, board_run },
	{ "mine", '2', 0, N_("waits for me"), N_("Everything that waits for you, and by when"),
		ACTION_PLAIN, mine_run },
	{ "search", '3', 0, N_("search"), N_("Find cases by words, dates and people"), ACTION_PLAIN,
		search_run },
	{ "handover", '4', 0, N_("handover"), N_("The sheet of the shift: hand over, accept"),
		ACTION_PLAIN, handover_run },
	{ "statistics", '5', 0, N_("statistics"),
		N_("How many incidents, how fast, what limits were kept"), ACTION_PLAIN,
		statistics_run },
	{ "phones", '6', K_F3, N_("phone list"), N_("Whom to call, with their numbers"),
		ACTION_TEXT, phones_run },
	{ "alerts", '8', 0, N_("alerts"), N_("What other systems reported and nobody judged yet"),
		ACTION_PLAIN, alerts_run },
	{ "duty", '9', 0, N_("duty"), N_("Who is on duty, who is away, who would be told"),
		ACTION_PLAIN, duty_run },
	{ "settings", '7', 0, N_("settings"), N_("Language, clock, who you are, this terminal"),
		ACTION_PLAIN, settings_run },
	{ "back", 'q', 0, N_("back"), N_("Back one step; from the first screen: leave"),
		ACTION_HINT, back_run },
	{ "close", K_ESC, 0, N_("close"), N_("Close what lies on top; never loses a text"),
		ACTION_TEXT, close_run },
	{ "refresh", K_F5, 0, N_("refresh"), N_("Read the record again"), ACTION_TEXT,
		refresh_run },
	{ "suspend", K_CTRL('Z'), 0, N_("suspend"), N_("Suspend the desk, back to the shell"),
		ACTION_TEXT, suspend_run },
	{ "quit", K_CTRL('C'), 0, N_("leave"), N_("Leave the desk, whatever is open"), ACTION_TEXT,
		leave_run },
	{ .name = NULL },
};

const struct action *
globals_actions(void)
{
	return actions;
}
