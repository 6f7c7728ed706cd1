/* SPDX-License-Identifier: MIT */
/*
 * The file browser: folders first, hidden files left out, typing narrows.  What is typed with a
 * '/' in it is a path, which no name of the list could be: whoever knows where it is need not walk.
 * Names are shown through the one safe function like everything else; a name
 * that is no text can be chosen all the same.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"
#include "attach.h"
#include "edit.h"
#include "list.h"
#include "registry.h"
#include "toban/base/i18n.h"

enum { NAMES_MAX = 20000, SIZE_COLS = 10, TIME_COLS = 16, TYPED_MAX = 4096 };

struct file {
	char *name;
	bool folder;
	int64_t size;
	stamp changed;
};

struct files {
	struct screen base;
	struct attach_want want;
	char *dir;
	struct file *items;
	size_t n;
	struct file **hits; /* what the typed text leaves */
	struct list list;
	struct edit find;
};

static struct files *
self(struct screen *screen)
{
	return (struct files *)screen;
}

static void
drop_items(struct files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		free(files->items[i].name);
	}
	free(files->items);
	free(files->hits);
	files->items = NULL;
	files->hits = NULL;
	files->n = 0;
}

static int
compare(const void *a, const void *b)
{
	const struct file *left = a;
	const struct file *right = b;

	if (left->folder != right->folder) {
		return left->folder ? -1 : 1;
	}
	return strcmp(left->name, right->name);
}

static const char *
hit_id(const void *ctx, int i)
{
	return ((const struct files *)ctx)->hits[i]->name;
}

static bool
is_path(const struct files *files)
{
	return strchr(edit_text(&files->find), '/') != NULL;
}

static void
narrow(struct files *files)
{
	struct str needle = STR_INIT;
	size_t most = is_path(files) ? 0 : files->n; /* a wide slash of a name is none */
	int n = 0;

	text_fold(&needle, edit_text(&files->find), files->find.text.len);
	for (size_t i = 0; i < most; i++) {
		struct str name = STR_INIT;

		text_fold(&name, files->items[i].name, strlen(files->items[i].name));
		if (strstr(str_text(&name), str_text(&needle))) {
			files->hits[n++] = &files->items[i];
		}
		str_release(&name);
	}
	str_release(&needle);
	list_update(&files->list, n, hit_id, files);
}

/* Folders and ordinary files; what cannot be looked at or attached is left out. */
static void
take_entry(struct files *files, int dir_fd, const char *name)
{
	struct stat st;

	if (name[0] == '.' || fstatat(dir_fd, name, &st, 0) != 0 ||
		(!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))) {
		return;
	}
	files->items[files->n] = (struct file){
		.name = strdup(name),
		.folder = S_ISDIR(st.st_mode),
		.size = st.st_size,
		.changed = (stamp)st.st_mtim.tv_sec * 1000,
	};
	files->n += files->items[files->n].name != NULL;
}

/* Reads the folder; on failure the old one stays and it is said why. */
static bool
enter_dir(struct files *files, const char *path)
{
	struct app *app = files->base.app;
	DIR *dir = opendir(path);
	char *kept = strdup(path);
	struct dirent *entry;

	if (!dir || !kept) {
		app_say_with(app, SAY_ERROR, _("This folder cannot be opened: {path}."),
			&(struct str_arg){ "path", path }, 1);
		free(kept);
		if (dir) {
			(void)closedir(dir); /* only read from */
		}
		return false;
	}
	drop_items(files);
	free(files->dir);
	files->dir = kept;
	files->items = calloc(NAMES_MAX, sizeof(*files->items));
	files->hits = calloc(NAMES_MAX, sizeof(struct file *));
	while (files->items && files->hits && files->n < NAMES_MAX &&
		(entry = readdir(dir)) != NULL) {
		take_entry(files, dirfd(dir), entry->d_name);
	}
	(void)closedir(dir); /* only read from */
	if (files->n == NAMES_MAX) {
		app_say(app, SAY_INFO, _("The folder has more files than can be listed."));
	}
	if (files->n > 0) {
		qsort(files->items, files->n, sizeof(*files->items), compare);
	}
	edit_set(&files->find, "");
	files->list.selected = 0;
	narrow(files);
	return true;
}

static char *
joined(const struct files *files, const char *name)
{
	struct str path = STR_INIT;

	str_addf(&path, "%s%s%s", files->dir, strcmp(files->dir, "/") == 0 ? "" : "/", name);
	return str_detach(&path);
}

static void
up_run(struct screen *screen)
{
	struct files *files = self(screen);
	char *parent = strdup(files->dir);
	char *slash = parent ? strrchr(parent, '/') : NULL;

	if (slash) {
		slash[slash == parent ? 1 : 0] = '\0';
		(void)enter_dir(files, parent); /* a refusal was said */
	}
	free(parent);
}

/* --- taking what is typed or chosen ---------------------------------------------------- */

/* Where it leads: from the root, from home with "~/", else from the folder that is shown. */
static char *
typed_path(const struct files *files)
{
	const char *text = edit_text(&files->find);
	struct str path = STR_INIT;

	text += strspn(text, " "); /* a paste brings blanks along */
	attach_path(files->base.app, text, &path);
	if (str_text(&path)[0] != '/') {
		str_clear(&path);
		str_addf(&path, "%s/%s", files->dir, text);
	}
	while (path.len > 1 && strchr("/ ", str_text(&path)[path.len - 1])) {
		str_truncate(&path, path.len - 1);
	}
	return str_detach(&path);
}

static const char *
why_not(const char *path, const struct stat *st, int fault)
{
	if (fault == ENOENT || fault == ENOTDIR || fault == ENAMETOOLONG || fault == ELOOP) {
		return _("Not attached: there is no file {path}. Correct what you typed. (D365)");
	}
	if (fault == 0 && !S_ISREG(st->st_mode)) {
		return _("Not attached: {path} is no ordinary file. Only ordinary files can be "
			 "attached. (D367)");
	}
	if (fault != 0 || access(path, R_OK) != 0) {
		return _("Not attached: your account may not read {path}. Ask its owner for a copy "
			 "that you may read. (D366)");
	}
	return NULL;
}

/* Takes the file, opens the folder, or says why not; what was typed stays then. */
static void
take(struct files *files, const char *path)
{
	struct attach_want want = files->want;
	struct stat st = { 0 };
	int fault = stat(path, &st) != 0 ? errno : 0;
	const char *why;

	if (!fault && S_ISDIR(st.st_mode)) {
		(void)enter_dir(files, path); /* a refusal was said */
		return;
	}
	why = why_not(path, &st, fault);
	if (why) {
		app_say_with(files->base.app, SAY_ERROR, why, &(struct str_arg){ "path", path }, 1);
	} else {
		app_close(&files->base);
		want.answered(want.asker, path);
	}
}

static void
enter_run(struct screen *screen)
{
	struct files *files = self(screen);
	char *path = NULL;

	if (is_path(files)) {
		path = typed_path(files);
	} else if (files->list.n > 0) {
		path = joined(files, files->hits[files->list.selected]->name);
	}
	if (path) {
		take(files, path);
	}
	free(path);
}

static void
close_run(struct screen *screen)
{
	app_close(screen);
}

static void
paint_file(struct files *files, struct canvas *c, int row, int i)
{
	const struct file *file = files->hits[i];
	bool selected = i == files->list.selected;
	int times = c->cols - TIME_COLS;
	int sizes = times - SIZE_COLS - 2;
	struct str text = STR_INIT;
	char at[STAMP_SIZE];

	(void)paint_text(c, (struct place){ row, 0, 1 }, ROLE_SELECTED, selected ? ">" : "");
	str_addf(&text, "%s%s", file->name, file->folder ? "/" : "");
	(void)paint_text(c, (struct place){ row, 2, sizes - 3 }, selected ? ROLE_TITLE : ROLE_TEXT,
		str_text(&text));
	str_clear(&text);
	if (!file->folder) {
		attach_size_words(file->size, &text);
		paint_right(c, (struct place){ row, sizes, SIZE_COLS }, ROLE_TEXT, str_text(&text));
	}
	stamp_format_short(file->changed, book_offset(&files->base.app->book), at);
	(void)paint_text(c, (struct place){ row, times, 0 }, ROLE_QUIET, at);
	str_release(&text);
}

static const char *
none_words(const struct files *files)
{
	if (is_path(files)) {
		return _("A path: Enter takes the file, or opens the folder.");
	}
	return files->n == 0 ? _("There is nothing here that could be attached.")
			     : _("Nothing matches what is typed.");
}

static void
files_paint(struct screen *screen, struct canvas *c)
{
	struct files *files = self(screen);
	int rows = c->rows - 2;
	int top = list_view(&files->list, rows);
	int col;

	for (int i = 0; i < rows && top + i < files->list.n; i++) {
		paint_file(files, c, 2 + i, top + i);
	}
	if (files->list.n == 0) {
		(void)paint_text(c, (struct place){ 2, 2, 0 }, ROLE_QUIET, none_words(files));
	}
	(void)paint_cut(c, (struct place){ 1, 0, 0 }, ROLE_QUIET, files->dir);
	col = paint_text(c, (struct place){ 0, 0, 0 }, ROLE_QUIET, _("find, or a path:"));
	edit_paint(&files->find, c, (struct place){ 0, col + 1, c->cols - col - 1 }, 1, true);
}

static bool
files_key(struct screen *screen, const struct key *key)
{
	struct files *files = self(screen);
	enum edit_reply reply;

	if ((key->code == K_UP || key->code == K_DOWN || key->code == K_PGUP ||
		    key->code == K_PGDN) &&
		list_key(&files->list, key->code)) {
		if (files->list.n > 0) {
			list_anchor(&files->list, hit_id(files, files->list.selected));
		}
		return true;
	}
	if ((key->code == K_BACKSPACE || key->code == K_LEFT) && files->find.text.len == 0) {
		up_run(screen);
		return true;
	}
	reply = edit_key(&files->find, key);
	if (reply == EDIT_CHANGED) {
		narrow(files);
		files->list.selected = 0;
	}
	return reply != EDIT_IGNORED;
}

static void
files_size(struct screen *screen, int *rows, int *cols)
{
	(void)screen;
	*rows = *rows > 20 ? 20 : *rows;
	*cols = *cols > 90 ? 90 : *cols;
}

static void
files_head(struct screen *screen, struct head *head)
{
	(void)screen;
	str_add(&head->title, _("Attach a file"));
}

static void
files_release(struct screen *screen)
{
	struct files *files = self(screen);

	drop_items(files);
	free(files->dir);
	list_release(&files->list);
	edit_release(&files->find);
}

static const struct action actions[] = {
	{ "accept", K_ENTER, 0, N_("open, take"), N_("Open the folder, or take the file"),
		ACTION_HINT | ACTION_TEXT, enter_run },
	{ "up", K_BACKTAB, 0, N_("folder above"), N_("Go to the folder above (also Backspace)"),
		ACTION_HINT | ACTION_TEXT, up_run },
	{ "back", K_ESC, 0, N_("back"), N_("Change nothing"), ACTION_HINT | ACTION_TEXT,
		close_run },
	{ .name = NULL },
};

const struct screen_ops files_ops = {
	.name = "files",
	.title = N_("Files"),
	.shape = SHAPE_POPUP,
	.actions = actions,
	.head = files_head,
	.paint = files_paint,
	.key = files_key,
	.in_text = screen_in_text,
	.size = files_size,
	.release = files_release,
};

/* The folder of what is chosen already, else home, else where the program runs. */
static bool
enter_first(struct files *files)
{
	char here[4096];
	char *from = strdup(files->want.from);
	char *slash = from ? strrchr(from, '/') : NULL;
	const char *home = files->base.app->options->home;
	bool entered = false;

	if (slash && slash > from) {
		*slash = '\0';
		entered = access(from, R_OK | X_OK) == 0 && enter_dir(files, from);
	}
	free(from);
	if (!entered && home && home[0] == '/') {
		entered = access(home, R_OK | X_OK) == 0 && enter_dir(files, home);
	}
	if (!entered && getcwd(here, sizeof(here))) {
		entered = enter_dir(files, here);
	}
	return entered || enter_dir(files, "/");
}

void
attach_open(struct app *app, const struct attach_want *want)
{
	struct files *files = (struct files *)screen_new(app, &files_ops, sizeof(*files));

	if (files) {
		files->want = *want;
		edit_init(&files->find, false, TYPED_MAX);
		if (!enter_first(files)) {
			screen_free(&files->base);
			return;
		}
	}
	(void)app_push(app, (struct screen *)files); /* says what went wrong */
}
