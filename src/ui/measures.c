/* SPDX-License-Identifier: MIT */
/*
 * Prevention measures: forms within a field of a form.  Whatever is typed here
 * goes into the form below at once when this one is left, in whatever way.
 */
#include <string.h>

#include "app.h"
#include "doc.h"
#include "form.h"
#include "popup.h"
#include "registry.h"
#include "toban/base/i18n.h"

static const char another[] = "+";

struct measure {
	struct form_screen base;
	struct form_screen *asker;
	struct field *field;
	size_t index; /* in the field's list; one behind the end: new */
};

static struct measure *
self(struct screen *screen)
{
	return (struct measure *)screen;
}

void
measures_words(const json_t *measures, struct str *out)
{
	size_t i;
	json_t *measure;

	json_array_foreach(measures, i, measure)
	{
		str_addf(out, "%s%s  %s", i > 0 ? "\n" : "", doc_text(measure, "key"),
			doc_text(measure, "text"));
	}
}

/* Puts what is typed into the form below; an untouched new one leaves no trace. */
static void
keep(struct screen *screen)
{
	struct measure *measure = self(screen);
	json_t *list;

	if (!measure->base.form.touched) {
		return;
	}
	list = measure->field->value ? json_deep_copy(measure->field->value) : json_array();
	if (measure->index < json_array_size(list)) {
		json_array_set_new(list, measure->index, form_values(&measure->base.form));
	} else {
		json_array_append_new(list, form_values(&measure->base.form));
	}
	form_set(&measure->asker->form, measure->field, list);
	measure->base.form.touched = false;
	json_decref(list);
}

static void
measure_save(struct screen *screen, bool later)
{
	(void)later; /* it is the form below that goes to the desk */
	keep(screen);
}

static void
leave_run(struct screen *screen)
{
	keep(screen);
	if (!form_unzoom(&self(screen)->base.form)) {
		app_close(screen);
	}
}

/* What is missing is easier to see here than from within the plan. */
static void
accept_run(struct screen *screen)
{
	keep(screen);
	if (form_is_complete(&self(screen)->base.form)) {
		app_close(screen);
	}
}

static void
remove_run(struct screen *screen)
{
	struct measure *measure = self(screen);
	json_t *list = json_deep_copy(measure->field->value);

	json_array_remove(list, measure->index);
	form_set(&measure->asker->form, measure->field, list);
	json_decref(list);
	app_close(screen);
}

static void
measure_head(struct screen *screen, struct head *head)
{
	struct measure *measure = self(screen);

	str_addf(&head->title, "%s %zu", _("Measure"), measure->index + 1);
	str_add(&head->state, _("Ctrl-S takes the measure over into the plan."));
}

static void
measure_paint(struct screen *screen, struct canvas *c)
{
	form_paint(&self(screen)->base.form, c);
}

static void
measure_release(struct screen *screen)
{
	form_release(&self(screen)->base.form);
}

static const struct action actions[] = {
	{ "accept", K_CTRL('S'), 0, N_("take over"), N_("Take the measure over into the plan"),
		ACTION_HINT | ACTION_TEXT, accept_run },
	{ "fault", K_CTRL('N'), K_F8, N_("next !"), N_("The next field that is marked with !"),
		ACTION_HINT | ACTION_TEXT | ACTION_LIVE, form_fault_run },
	{ "next", K_TAB, 0, N_("next"), N_("The next field"), ACTION_HINT | ACTION_TEXT,
		form_next_run },
	{ "previous", K_BACKTAB, 0, N_("previous"), N_("The field before"), ACTION_TEXT,
		form_previous_run },
	{ "choose", K_F3, 0, N_("list"), N_("Choose the field's value from a list"),
		ACTION_HINT | ACTION_TEXT | ACTION_OVER, form_choose_run },
	{ "remove", K_F4, 0, N_("remove"), N_("Take this measure out of the plan"),
		ACTION_HINT | ACTION_TEXT, remove_run },
	{ "zoom", K_CTRL('E'), 0, N_("whole window"), N_("Write the text in the whole window"),
		ACTION_TEXT, form_zoom_run },
	{ "leave", K_ESC, 0, N_("back"), N_("Back to the plan; what is typed stays"),
		ACTION_HINT | ACTION_TEXT, leave_run },
	{ "editor", K_CTRL('O'), 0, N_("own editor"),
		N_("Write the text in the program of $EDITOR"),
		ACTION_HINT | ACTION_TEXT | ACTION_LIVE, form_editor_run },
	{ .name = NULL },
};

const struct screen_ops measure_ops = {
	.name = "measure",
	.title = N_("Measure"),
	.shape = SHAPE_FULL,
	.actions = actions,
	.head = measure_head,
	.paint = measure_paint,
	.key = form_key,
	.why_not = form_why_not,
	.hint = form_hint,
	.in_text = screen_in_text,
	.save = measure_save,
	.release = measure_release,
};

/* New measures are numbered M1, M2 ...; the number may be overwritten. */
static void
number(struct measure *measure)
{
	struct field *key = form_field(&measure->base.form, "key");
	struct str text = STR_INIT;
	json_t *value;

	if (!key) {
		return;
	}
	str_addf(&text, "M%zu", measure->index + 1);
	value = json_string(str_text(&text));
	form_set(&measure->base.form, key, value);
	measure->base.form.touched = false;
	json_decref(value);
	str_release(&text);
}

static void
open_one(struct form_screen *asker, struct field *field, size_t index)
{
	struct app *app = asker->base.app;
	struct measure *measure = (struct measure *)screen_new(app, &measure_ops, sizeof(*measure));
	json_t *def = NULL;

	if (!measure) {
		(void)app_push(app, NULL); /* says that memory is short */
		return;
	}
	measure->asker = asker;
	measure->field = field;
	measure->index = index;
	if (app_call(app, "form.get", json_pack("{s:s}", "form", "prevention-measure"), &def) !=
			ERR_OK ||
		form_init(&measure->base.form, &measure->base, def, NULL) != ERR_OK) {
		screen_free(&measure->base.base);
		return;
	}
	if (index < json_array_size(field->value)) {
		form_fill(&measure->base.form, json_array_get(field->value, index));
	} else {
		number(measure);
	}
	if (app_push(app, &measure->base.base)) { /* it says what went wrong */
		(void)say_dismiss(&app->log);     /* what was said of the plan's fields */
	}
}

static void
picked(struct screen *screen, const json_t *value)
{
	struct form_screen *asker = (struct form_screen *)screen;
	struct field *field = &asker->form.fields[asker->form.focus];
	const char *key = json_string_value(value);
	size_t i;
	json_t *measure;

	json_array_foreach(field->value, i, measure)
	{
		if (key && strcmp(doc_text(measure, "key"), key) == 0) {
			break;
		}
	}
	open_one(asker, field, i);
}

void
measures_open(struct form_screen *asker, struct field *field)
{
	json_t *options;
	size_t i;
	json_t *measure;

	if (json_array_size(field->value) == 0) {
		open_one(asker, field, 0);
		return;
	}
	options = json_array();
	json_array_append_new(
		options, json_pack("{s:s, s:s}", "key", another, "label", _("+ another measure")));
	json_array_foreach(field->value, i, measure)
	{
		json_array_append_new(options,
			json_pack("{s:s, s:s, s:s}", "key", doc_text(measure, "key"), "label",
				doc_text(measure, "key"), "note", doc_text(measure, "text")));
	}
	popup_pick(asker->base.app,
		&(struct popup_pick){
			.asker = &asker->base,
			.title = field->label,
			.options = options,
			.answered = picked,
		});
}
