/* SPDX-License-Identifier: MIT */
/*
 * The lock of a terminal that belongs to one person.  It hides what is on the screen until
 * the passphrase of their own key is given.  It is a curtain and no wall: at their account
 * other programs can be started, and end this one (docs/security.md).
 */
#include <string.h>

#include "app.h"
#include "await.h"
#include "frame.h"
#include "lock.h"
#include "registry.h"
#include "screens.h"
#include "secret_line.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"

/* What the key signs to show that it opened; no decision has this form, and it goes nowhere. */
#define PROOF "toban-unlock-1\n"

struct curtain {
	struct screen base;
	struct arena *keys; /* screen arenas are emptied */
	const struct signer_key *key;
	struct secret_text typed;
	enum signer_fault fault;
};

static struct curtain *
self(struct screen *screen)
{
	return (struct curtain *)screen;
}

/* toban's own key at this account; NULL: there is none that could be asked for. */
static const struct signer_key *
own_key(const struct app *app, struct arena *arena)
{
	const struct signer *signer = app->options->signer;
	struct signer_keys keys = { NULL };

	if (!signer || !arena || signer->list(signer->ctx, arena, &keys) != ERR_OK) {
		return NULL;
	}
	for (size_t i = 0; i < keys.n; i++) {
		if (keys.items[i].own) {
			return &keys.items[i];
		}
	}
	return NULL;
}

static void
curtain_head(struct screen *screen, struct head *head)
{
	struct book *book = &screen->app->book;

	frame_right_of_nobody(screen->app, &head->right);
	str_add(&head->state, book_person(book, book_me(book)));
}

static void
curtain_paint(struct screen *screen, struct canvas *c)
{
	struct curtain *curtain = self(screen);
	int row = 1 +
		paint_wrapped(c, (struct place){ 1, 1, c->cols - 2 }, (struct wrap){ .rows = 4 },
			ROLE_TEXT,
			_("This screen is locked. What was typed is kept. It opens with the "
			  "passphrase of toban's own key of this account; other programs of the "
			  "account are not locked by it."));

	secret_line_paint(
		c, (struct place){ row + 1, 1, 0 }, _("Passphrase (not shown):"), &curtain->typed);
	if (curtain->fault) {
		(void)paint_wrapped(c, (struct place){ row + 3, 1, c->cols - 2 },
			(struct wrap){ .rows = 3 }, ROLE_OVERDUE,
			signer_fault_text(curtain->fault));
	}
}

static bool
curtain_key(struct screen *screen, const struct key *key)
{
	self(screen)->fault = SIGNER_OK;
	/* Whatever else is pressed opens nothing, and shows nothing. */
	(void)secret_line_key(screen->app, &self(screen)->typed, key);
	return true;
}

static void
unlock_run(struct screen *screen)
{
	struct curtain *curtain = self(screen);
	const struct signer *signer = screen->app->options->signer;
	struct str proof = STR_INIT;

	if (curtain->typed.len == 0) {
		return;
	}
	await_what(screen->app, NULL);
	secret_line_begin(screen->app);
	curtain->fault = signer->sign(signer->ctx, curtain->key, PROOF, &curtain->typed, &proof);
	secret_line_done(screen->app);
	secret_text_clear(&curtain->typed);
	str_release(&proof);
	if (!curtain->fault) {
		screen->app->key_at = book_now(&screen->app->book);
		app_close(screen);
	}
}

static void
curtain_release(struct screen *screen)
{
	secret_text_release(&self(screen)->typed);
	arena_free(self(screen)->keys);
}

static const struct action actions[] = {
	{ "unlock", K_ENTER, 0, N_("unlock"), N_("Open the screen with the passphrase"),
		ACTION_HINT | ACTION_TEXT, unlock_run },
	{ "help", K_F1, 0, N_("help"), N_("Help: what can be done here"), ACTION_TEXT | ACTION_OVER,
		help_open },
	{ .name = NULL },
};

const struct screen_ops curtain_ops = {
	.name = "curtain",
	.title = N_("Locked"),
	.secret = true,
	.shape = SHAPE_FULL,
	.alone = true,
	.actions = actions,
	.head = curtain_head,
	.paint = curtain_paint,
	.key = curtain_key,
	.in_text = screen_in_text,
	.release = curtain_release,
};

bool
curtain_open(struct app *app)
{
	struct curtain *curtain;

	if (app_is_alone(app)) {
		return true; /* it hangs there */
	}
	curtain = (struct curtain *)screen_new(app, &curtain_ops, sizeof(*curtain));
	if (!curtain) {
		return app_push(app, NULL); /* says why */
	}
	curtain->keys = arena_new();
	curtain->key = own_key(app, curtain->keys);
	if (!curtain->key || secret_text_start(&curtain->typed) != ERR_OK) {
		screen_free(&curtain->base);
		return false;
	}
	return app_push(app, &curtain->base);
}
