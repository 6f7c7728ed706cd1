/* SPDX-License-Identifier: MIT */
/*
 * Loading the procedure: a broken copy of a shipped file for each finding of
 * the lint, and what a site's copy changes.
 */
#include <stdlib.h>
#include <string.h>

#include "shipped.h"
#include "toban/base/str.h"

#define FLOW "incident/incident.flow"
#define TABLE "policy/classification.ini"
#define CHAIN "policy/chain.ini"
#define CLOCK "policy/clock.ini"
#define REVIEW "policy/review.ini"
#define TERMINAL "policy/terminal.ini"
#define MESSAGES "message/standard.ini"
#define LEGAL "policy/legal/appi.ini"
#define REPORT "incident/report.form"
#define CLOSE "incident/close.form"
#define CALL "incident/call.form"
#define MAJOR "incident/decide-major.form"

/*
 * One way to break a file: the first `from` becomes `to`; the finding says
 * `text` in the line where `at` stands then (NULL: of the file as a whole).
 */
struct breakage {
	const char *path;
	const char *from;
	const char *to;
	const char *at;
	const char *text;
};

static const struct breakage breakages[] = {
	/* words that name nothing */
	{ FLOW, "Actor=link\n", "Actor=boss\n", "Actor=boss", "no actor word \"boss\"" },
	{ FLOW, "Guard=link-open\n", "Guard=full-moon\n", "Guard=full-moon",
		"no guard word \"full-moon\"" },
	{ FLOW, "[step note]\n", "[step note]\nEffect=scribble\n", "Effect=scribble",
		"no effect word \"scribble\"" },
	{ FLOW, "[step note]\n", "[step scribble]\n", "[step scribble]",
		"no effect word \"scribble\"" },
	{ FLOW, "Form=note\n", "Form=poem\n", "Form=poem", "no form \"poem\"" },
	{ FLOW, "From=result-reported\n", "From=nirvana\n", "From=nirvana",
		"no state \"nirvana\"" },
	{ FLOW, "To=returned\n", "To=nirvana\n", "To=nirvana", "no state \"nirvana\"" },
	{ FLOW, "To=reported:received", "To=nirvana:received",
		"To=nirvana:", "no state \"nirvana\"" },
	{ FLOW, "effective:verified", "effective:nirvana", "Branches=", "no state \"nirvana\"" },
	{ FLOW, "Notify=addressee\n", "Notify=boss\n", "Notify=boss", "no actor word \"boss\"" },
	{ FLOW, "Waits=owner:instruct\n", "Waits=owner:sleep\n", "Waits=owner:sleep",
		"no step \"sleep\"" },
	{ FLOW, "Waits=owner:instruct\n", "Waits=boss:instruct\n", "Waits=boss",
		"no actor word \"boss\"" },
	{ FLOW, "Waits=owner:instruct\n", "Waits=owner\n", "Waits=owner",
		"who is awaited to do what" },
	{ CHAIN, "To=crisis\n", "To=boss\n", "To=boss", "no actor word \"boss\"" },
	{ CHAIN, "Opens=major-yes unanswered\n", "Opens=major-maybe\n", "Opens=major-maybe",
		"no opener of a link \"major-maybe\"" },
	{ REVIEW, "By=owner deputy\n", "By=boss\n", "By=boss", "no actor word \"boss\"" },
	{ TERMINAL, "Editor=no\n", "Editor=maybe\n", "Editor=maybe", "maybe" },
	{ TERMINAL, "Clipboard=ids\n", "Clipboard=some\n", "Clipboard=some", "some" },
	{ TERMINAL, "[terminal]\n", "[console]\n", "[console]", "no section [console]" },
	{ LEGAL, "any-category:information-impairment,security-breach",
		"any-category:information-impairment,suspicion", "When=",
		"no condition of a clock \"any-category:information-impairment,suspicion\"" },
	{ LEGAL, "personal_data:yes ", "weather:rain ", "When=weather", "no condition of a clock" },
	/* ways through the flow */
	{ FLOW, "To=approved\n", "To=returned\n", "[state approved]", "cannot be reached" },
	{ FLOW, "From=closed\nTo=closed\nBranch", "From=verified\nTo=closed\nBranch",
		"[state closed]", "In state closed the step verify-effect is awaited" },
	{ FLOW, "[step report]\nTo=reported\n", "[step report]\nTo=received\n", "[state reported]",
		"cannot be reached" },
	{ FLOW, "[state reopened]\n",
		"[state limbo]\nLabel=Limbo\nLabel[ja]=宙ぶらりん\nOpen=yes\n\n[state reopened]\n",
		"[state limbo]", "The state limbo cannot be reached" },
	{ FLOW, "[step close]\nFrom=approved preventing reviewing\nTo=closed\n",
		"[state limbo]\nLabel=Limbo\nLabel[ja]=宙ぶらりん\nOpen=no\n\n"
		"[step close]\nFrom=approved preventing reviewing\nTo=limbo\n",
		"[state limbo]", "is a dead end" },
	{ FLOW, "[step report]\n", "[step report]\nEffect=note\n", NULL,
		"No step opens an incident" },
	{ FLOW, "Open=no\nFinal=yes\n", "Open=yes\nFinal=yes\n", "[state verified]",
		"both open and final" },
	{ FLOW, "Waits=owner:instruct\n", "Waits=office:instruct\n", "[state received]",
		"awaited of office, who may not take it" },
	{ FLOW, "Branch=verdict\n", "Branch=weather\n", "[step verify-effect]",
		"branches by \"weather\"" },
	{ FLOW, "Branch=verdict\n", "", "[step verify-effect]",
		"one of Branch and Branches without the other" },
	{ FLOW, "not-effective:reopened", "middling:reopened", "[step verify-effect]",
		"which it never is" },
	/* keys and sections */
	{ FLOW, "Actor=link\n", "", "[step acknowledge]", "has no Actor" },
	{ FLOW, "Actor=link\n", "Actor=\n", "Actor=\n", "Actor is empty" },
	{ FLOW, "From=*\n", "", "[step acknowledge]", "can be taken from no state" },
	{ FLOW, "Open=yes\n", "Open=perhaps\n", "Open=perhaps", "Open is \"perhaps\"" },
	{ FLOW, "Confirm=send\n", "Confirm=maybe\n", "Confirm=maybe", "Confirm is \"maybe\"" },
	{ FLOW, "Key=t\n", "Key=a\n", "[step call]", "has the Key of [step acknowledge]" },
	{ FLOW, "Short=Respond\n", "Short=Record responses\n", "Short=Record",
		"too long for a narrow column" },
	{ FLOW, "Short[ja]=対応記録\n", "Short[ja]=対応を記録する\n", "Short[ja]=対応を",
		"too long for a narrow column" },
	{ TABLE, "Short=Breach\n", "Short=Security breach\n", "Short=Security",
		"too long for a narrow column" },
	{ FLOW, "Key=t\n", "Key=q\n", "Key=q", "Key is \"q\"" },
	{ FLOW, "Due=30m\n", "Due=soon\n", "Due=soon", "Due is \"soon\"" },
	{ FLOW, "Due=30m\n", "Due=0m\n", "Due=0m", "Due is \"0m\"" },
	{ FLOW, "Due=30m\n", "Dew=30m\n", "Dew=30m", "has no key Dew" },
	{ FLOW, "Label[ja]=報告済み\n", "", "Label=Reported", "has no Japanese text" },
	{ FLOW, "Label=Reported\n", "", "Label[ja]=報告済み", "has no English text" },
	{ FLOW, "Label=Reported\nLabel[ja]=報告済み\n", "", "[state reported]", "has no Label" },
	{ FLOW, "Open=yes\n", "Open=yes\nOpen[ja]=はい\n", "Open[ja]", "has no translation" },
	{ FLOW, "[state received]\n", "[state reported]\n", "[state reported]\nLabel=Received",
		"is there twice" },
	{ FLOW, "[state received]\n", "[stat received]\n", "[stat received]",
		"There is no section [stat]" },
	{ FLOW, "[state received]\n", "[state]\n", "[state]", "[state] has no name" },
	{ FLOW, "[flow incident]\nVersion=1\n", "", NULL, "no section [flow]" },
	{ FLOW, "From=approved preventing reviewing\n", "From=approved approved\n",
		"From=approved approved", "names \"approved\" twice" },
	/* the wording of messages */
	{ MESSAGES, "{decider}", "{decidor}", "Text=Category", "no placeholder {decidor}" },
	{ MESSAGES, "{step}\nHeading[ja]", "{step\nHeading[ja]", "Heading={id}",
		"no placeholder {step}" },
	{ MESSAGES, "Label=Standard\n", "", "Label[ja]", "has no English text" },
	{ MESSAGES, "Heading[ja]=重大事故 {id}", "Hading[ja]=重大事故 {id}", "Hading",
		"has no key Hading" },
	{ MESSAGES, "Languages=ja en\n", "Languages=ja fr\n", "Languages=", "language \"fr\"" },
	{ MESSAGES, "[message *]\n", "[message other.*]\n", NULL, "have no text" },
	{ MESSAGES, "[message incident.*]\n", "[message *]\n", "[message handover.given]",
		"is never reached" },
	{ MESSAGES, "[message desk.test]\n", "[message Test!]\n", "[message Test!]",
		"names no type of message" },
	{ MESSAGES, "Heading=Test message of toban\n", "Heading=Test\\nBcc: x\n", "Heading=Test",
		"several lines" },
	{ MESSAGES, "[template]\n", "[templat]\n", "[templat]", "There is no section [templat]" },
	/* forms */
	{ REPORT, "Type=line\n", "Type=verse\n", "Type=verse", "Type is \"verse\"" },
	{ REPORT, "Type=line\nRequired", "Required", "[field title]", "has no Type" },
	{ REPORT, "[field place]\n", "[field title]\n", "[field title]\nType=line\nPersonal",
		"is there twice" },
	{ REPORT, "[field place]\n", "[field The-Place]\n", "[field The-Place]",
		"cannot be the key of a field" },
	{ REPORT, "Choices=yes no unknown\n", "", "[field personal_data]", "has no choices" },
	{ REPORT, "Choices=yes no unknown\n", "Choices=yes no unknown perhaps\n",
		"Choices=", "choice perhaps of field personal_data has no label" },
	{ REPORT, "Choices=yes no unknown\n", "Choices=yes unknown\n", "Choice-no=No",
		"labels a choice that is not there" },
	{ REPORT, "Choice-yes[ja]=はい\n", "", "Choice-yes=Yes", "has no Japanese text" },
	{ REPORT, "Preset=unknown\n", "Preset=never\n", "Preset=never", "never has the value" },
	{ REPORT, "Max=100\n", "Max=none\n", "Max=none", "Max is \"none\"" },
	{ REPORT, "Max=100\n", "Max=0\n", "Max=0", "Max is \"0\"" },
	{ REPORT, "Type=flag\n", "Type=flag\nChoices=a\nChoice-a=A\nChoice-a[ja]=あ\n", "Choices=a",
		"is no choice, but has choices" },
	{ REPORT, "Type=flag\n", "Type=flag\nPersonsOnly=yes\n", "PersonsOnly=yes\nLabel=Emerg",
		"holds no people" },
	{ REPORT, "Type=flag\n", "Type=flag\nDay=start\n", "Day=start", "is no date to come" },
	{ REPORT, "Label=Place\nLabel[ja]=場所\n", "", "[field place]", "has no Label" },
	{ REPORT, "[form report]\n", "[form call]\n", NULL, "There is a form call in" },
	{ MAJOR, "RequiredWhen=major=no\n", "RequiredWhen=minor=no\n", "RequiredWhen=minor",
		"RequiredWhen is \"minor=no\"" },
	{ MAJOR, "RequiredWhen=major=no\n", "RequiredWhen=major=never\n", "RequiredWhen=major",
		"never has the value \"never\"" },
	{ CLOSE, "[form close]\nVersion=1\nTitle=Close\nTitle[ja]=案件の完了\n", "", NULL,
		"no section [form]" },
	{ "incident/prevention-measure.form", "Type=departments\n", "Type=measures\n",
		"[field departments]", "A measure cannot hold measures" },
	/* the classification table */
	{ TABLE, "Number=2\n", "Number=1\n", "Number=1\nKind=plain\nUrgent=yes\nLabel=Service",
		"both have number 1" },
	{ TABLE, "Number=2\n", "", "[category service-disruption]", "has no number" },
	{ TABLE, "Number=2\n", "Number=two\n", "Number=two", "Number is \"two\"" },
	{ TABLE, "Kind=suspicion\n", "Kind=plain\n", NULL, "0 categories of Kind=suspicion" },
	{ TABLE, "Kind=exception\n", "Kind=exception\nNumber=7\n", "Number=7", "has no number" },
	{ TABLE, "Kind=exception\n", "Kind=suspicion\n", NULL, "0 categories of Kind=exception" },
	{ TABLE,
		"Question=Can the company's own work hardly go on?\n"
		"Question[ja]=会社の業務の継続が困難になっていますか。\n",
		"", "[category business-disruption]", "has no Question" },
	{ TABLE, "ReasonYes={number} {label}", "ReasonYes={nummer} {label}", "ReasonYes={nummer}",
		"placeholder {nummer}, which is not filled in" },
	{ TABLE, "ReasonUnknown[ja]=次については分からない: {list}", "ReasonUnknown[ja]=分からない",
		"ReasonUnknown[ja]=", "does not have the placeholder {list}" },
	{ TABLE, "ReasonMajor={label} proposed", "ReasonMajor={label proposed",
		"ReasonMajor={label", "which is not filled in" },
	/* chain, reviews, clocks */
	{ CHAIN, "[link 3]", "[link 4]", "[link 4]", "without gaps" },
	{ CHAIN, "Opens=major-yes unanswered\n", "", "[link 3]", "is never opened" },
	{ CHAIN, "StandIn=deputy\n", "StandIn=deputy\nOpens=report unanswered\n",
		"Opens=report unanswered", "Before [link 1] there is no link" },
	{ CHAIN, "To=crisis\n", "To=crisis\nAcknowledge=most\n", "Acknowledge=most",
		"Acknowledge is \"most\"" },
	{ CHAIN, "Again=1d\n", "Again=1d\n[link 3 majr]\nDue=5m\n", "[link 3 majr]",
		"no category \"majr\"" },
	{ CHAIN, "Again=1d\n", "Again=1d\n[link 4 major]\nDue=5m\n", "[link 4 major]",
		"changes what no section says" },
	{ CHAIN, "Again=1d\n", "Again=1d\n[link 3 major]\nTo=crisis\n", "To=crisis\nOpens",
		"[link] has no key To" },
	{ CLOCK, "[watch lapse]\nDue=60m\n", "[watch lapse]\n", "[watch lapse]",
		"[watch lapse] has no Due" },
	{ CLOCK, "[watch lapse]\n", "[watch lunch]\n", "[watch lunch]",
		"nothing \"lunch\" to watch" },
	{ CLOCK, "Repeat=5m\n", "", "[watch instruct]", "[watch instruct] has no Repeat" },
	{ CLOCK, "PassOn=deputy\n", "PassOn=boss\n", "PassOn=boss", "no actor word \"boss\"" },
	{ CLOCK, "Due=60m\n", "Due=60m\n[watch lapse major-accident]\nDue=5m\n",
		"[watch lapse major-accident]", "no category \"major-accident\"" },
	{ CHAIN, "Due=15m\n", "", "[link 3]", "has no Due" },
	{ CHAIN, "Reminders=2\n", "Reminders=two\n", "Reminders=two", "Reminders is \"two\"" },
	{ REVIEW, "[item policy]\n", "[item result]\n",
		"[item result]\nBy=office\nLabel=Information", "is there twice" },
	{ LEGAL, "Effective=2022-04-01\n", "Effective=2022-04-31\n", "Effective=2022-04-31",
		"Effective is \"2022-04-31\"" },
	{ LEGAL, "VerifiedOn=2026-11-23\n", "VerifiedOn=yesterday\n", "VerifiedOn=yesterday",
		"VerifiedOn is \"yesterday\"" },
	{ LEGAL, "VerifiedOn=2026-11-23\n", "", "[clock appi-prompt]", "has no VerifiedOn" },
	{ LEGAL, "[clock appi-final]\n", "[clock appi-prompt]\n",
		"[clock appi-prompt]\nLabel=Final", "is there twice" },
	/* the grammar */
	{ CALL, "[field to]\n", "[field to\n", "[field to\n", "" },
	{ CALL, "Version=2\n", "Version\n", "Version\n", "" },
};

/* A copy of a shipped file with the first `from` replaced; free() the data. */
static struct def_file
patched(const char *path, const char *from, const char *to)
{
	const struct def_file *file = shipped_find(path);
	struct str text = STR_INIT;
	const char *found;
	size_t len;

	assert_non_null(file);
	str_add_n(&text, file->data, file->len);
	found = strstr(str_text(&text), from);
	if (found == NULL) {
		fail_msg("%s has no \"%s\"", path, from);
	}
	str_splice(&text, (size_t)(found - str_text(&text)), strlen(from), to, strlen(to));
	len = text.len;
	return (struct def_file){ path, str_detach(&text), len };
}

static int
line_of(const char *data, const char *at)
{
	const char *found = at != NULL ? strstr(data, at) : NULL;
	int line = 1;

	if (at != NULL && found == NULL) {
		fail_msg("no \"%s\" in the broken copy", at);
	}
	for (const char *p = data; p < found; p++) {
		line += *p == '\n';
	}
	return at != NULL ? line : 0;
}

static enum err
load(struct arena *arena, const struct def_file *site, size_t n, struct ini_problems *problems,
	const struct procedure **ret_procedure)
{
	return procedure_load(arena, (struct def_files){ shipped_files, shipped_files_n },
		(struct def_files){ site, n }, problems, ret_procedure);
}

static bool
reports(const struct ini_problems *problems, const struct breakage *b, int line)
{
	for (size_t i = 0; i < problems->n; i++) {
		const struct ini_problem *p = &problems->items[i];

		if (strcmp(p->path, b->path) == 0 && p->line == line &&
			strstr(p->text, b->text) != NULL) {
			return true;
		}
	}
	return false;
}

static void
procedure_load__broken_copy__says_where_and_what(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(breakages); i++) {
		const struct breakage *b = &breakages[i];
		struct arena *arena = arena_new();
		struct ini_problems problems = { .arena = arena };
		const struct procedure *untouched = NULL;
		struct def_file site = patched(b->path, b->from, b->to);

		assert_int_equal(load(arena, &site, 1, &problems, &untouched), ERR_INVALID);
		assert_null(untouched);
		if (!reports(&problems, b, line_of(site.data, b->at))) {
			shipped_print(&problems);
			fail_msg("%s with \"%s\": expected \"%s\" at \"%s\"", b->path, b->to,
				b->text, b->at != NULL ? b->at : "the file");
		}
		free((void *)(uintptr_t)site.data);
		arena_free(arena);
	}
}

static void
procedure_load__every_finding__says_what_was_expected(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(breakages); i++) {
		const struct breakage *b = &breakages[i];
		struct arena *arena = arena_new();
		struct ini_problems problems = { .arena = arena };
		const struct procedure *untouched = NULL;
		struct def_file site = patched(b->path, b->from, b->to);

		assert_int_equal(load(arena, &site, 1, &problems, &untouched), ERR_INVALID);
		for (size_t j = 0; j < problems.n; j++) {
			assert_string_not_equal(problems.items[j].expected, "");
		}
		free((void *)(uintptr_t)site.data);
		arena_free(arena);
	}
}

/* Each of several faults in several files is found: none hides another. */
static void
procedure_load__faults_together__hide_none(void **state)
{
	static const size_t together[] = { 0, 13, 15, 17 };
	struct arena *arena = arena_new();
	struct ini_problems problems = { .arena = arena };
	const struct procedure *untouched = NULL;
	struct def_file site[ARRAY_LEN(together)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(together); i++) {
		const struct breakage *b = &breakages[together[i]];

		site[i] = patched(b->path, b->from, b->to);
	}
	assert_int_equal(load(arena, site, ARRAY_LEN(site), &problems, &untouched), ERR_INVALID);
	for (size_t i = 0; i < ARRAY_LEN(together); i++) {
		const struct breakage *b = &breakages[together[i]];

		assert_true(reports(&problems, b, line_of(site[i].data, b->at)));
		free((void *)(uintptr_t)site[i].data);
	}
	arena_free(arena);
}

/* The form of a measure is asked for by name; who needs it says so. */
static void
procedure_load__form_of_measures_gone__is_reported(void **state)
{
	static const char plan[] = "incident/plan-prevention.form";
	struct arena *arena = arena_new();
	struct ini_problems problems = { .arena = arena };
	const struct procedure *untouched = NULL;
	struct def_file site = patched("incident/prevention-measure.form",
		"[form prevention-measure]", "[form other-measure]");
	struct breakage b = { plan, NULL, NULL, "[field measures]", "no form says what one is" };

	(void)state;
	assert_int_equal(load(arena, &site, 1, &problems, &untouched), ERR_INVALID);
	assert_true(reports(&problems, &b, line_of(shipped_find(plan)->data, b.at)));
	free((void *)(uintptr_t)site.data);
	arena_free(arena);
}

/* Clocks come from several files, but are asked for by key alone. */
static void
procedure_load__clock_in_two_files__is_reported(void **state)
{
	struct arena *arena = arena_new();
	struct ini_problems problems = { .arena = arena };
	const struct procedure *untouched = NULL;
	struct def_file site = *shipped_find(LEGAL);
	struct breakage b = { "policy/legal/copy.ini", NULL, NULL, "[clock appi-final]",
		"There are two clocks appi-final" };

	(void)state;
	site.path = b.path;
	assert_int_equal(load(arena, &site, 1, &problems, &untouched), ERR_INVALID);
	assert_true(reports(&problems, &b, line_of(site.data, b.at)));
	arena_free(arena);
}

static void
procedure_load__missing_file__is_reported(void **state)
{
	static const char *const wanted[] = { FLOW, TABLE, CHAIN, REVIEW };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		struct arena *arena = arena_new();
		struct ini_problems problems = { .arena = arena };
		const struct procedure *untouched = NULL;
		struct def_file *files = arena_array(arena, shipped_files_n, sizeof(*files));
		struct breakage b = { .path = wanted[i], .text = "missing" };
		size_t n = 0;

		for (size_t j = 0; j < shipped_files_n; j++) {
			if (strcmp(shipped_files[j].path, wanted[i]) != 0) {
				files[n++] = shipped_files[j];
			}
		}
		assert_int_equal(procedure_load(arena, (struct def_files){ files, n },
					 (struct def_files){ 0 }, &problems, &untouched),
			ERR_INVALID);
		assert_true(reports(&problems, &b, 0));
		arena_free(arena);
	}
}

static void
procedure_load__strange_file__is_reported(void **state)
{
	static const char *const strange[] = { "policy/clasification.ini", "incident/report.frm",
		"notes.txt", ".form", "policy/legal/.ini" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(strange); i++) {
		struct arena *arena = arena_new();
		struct ini_problems problems = { .arena = arena };
		const struct procedure *untouched = NULL;
		struct def_file site = { strange[i], "", 0 };
		struct breakage b = { .path = strange[i], .text = "no file of the procedure" };

		assert_int_equal(load(arena, &site, 1, &problems, &untouched), ERR_INVALID);
		assert_true(reports(&problems, &b, 0));
		arena_free(arena);
	}
}

static void
procedure_load__site_copy__takes_the_place(void **state)
{
	const struct shipped *shipped = *state;
	struct arena *arena = arena_new();
	struct ini_problems problems = { .arena = arena };
	const struct procedure *p = NULL;
	struct def_file site = patched(REPORT, "Max=100\n", "Max=40\n");

	assert_int_equal(load(arena, &site, 1, &problems, &p), ERR_OK);
	assert_int_equal(form_field_find(procedure_form(p, "report"), "title")->max_chars, 40);
	assert_int_equal(p->n_forms, shipped->procedure->n_forms);
	assert_memory_not_equal(&p->hash, &shipped->procedure->hash, sizeof(p->hash));
	free((void *)(uintptr_t)site.data);
	arena_free(arena);
}

/* Another organisation is no other procedure: records must not change their version. */
static void
procedure_load__other_organisation__keeps_the_hash(void **state)
{
	const struct shipped *shipped = *state;
	struct arena *arena = arena_new();
	struct ini_problems problems = { .arena = arena };
	const struct procedure *p = NULL;
	struct def_file site = patched("org/example.ini", "Code=GA\n", "Code=G\n");

	assert_int_equal(load(arena, &site, 1, &problems, &p), ERR_OK);
	assert_memory_equal(&p->hash, &shipped->procedure->hash, sizeof(p->hash));
	assert_int_equal(p->n_files, shipped_files_n - 1);
	free((void *)(uintptr_t)site.data);
	arena_free(arena);
}

static void
procedure_load__faulty_organisation__is_reported(void **state)
{
	struct arena *arena = arena_new();
	struct ini_problems problems = { .arena = arena };
	const struct procedure *untouched = NULL;
	struct def_file site =
		patched("org/example.ini", "Department=legal\n", "Department=lego\n");
	struct breakage b = { "org/example.ini", NULL, NULL, "Department=lego",
		"no department \"lego\"" };

	(void)state;
	assert_int_equal(load(arena, &site, 1, &problems, &untouched), ERR_INVALID);
	assert_true(reports(&problems, &b, line_of(site.data, b.at)));
	free((void *)(uintptr_t)site.data);
	arena_free(arena);
}

/* Cutting a file anywhere must be found or harmless, and never read past its end. */
static void
procedure_load__cut_anywhere__never_crashes(void **state)
{
	static const char *const paths[] = { FLOW, TABLE, REPORT, LEGAL, CHAIN };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const struct def_file *file = shipped_find(paths[i]);

		for (size_t len = 0; len < file->len; len += 131) {
			struct arena *arena = arena_new();
			struct ini_problems problems = { .arena = arena };
			const struct procedure *p = NULL;
			char *cut = malloc(len + 1); /* exactly as long: a checker sees overreads */
			struct def_file site = { paths[i], cut, len };
			enum err err;

			assert_non_null(cut);
			memcpy(cut, file->data, len);
			cut[len] = '\0';
			err = load(arena, &site, 1, &problems, &p);
			assert_true((err == ERR_OK) == (problems.n == 0));
			free(cut);
			arena_free(arena);
		}
	}
}

static void
procedure_form__unknown_name__is_null(void **state)
{
	const struct procedure *p = ((struct shipped *)*state)->procedure;

	assert_null(procedure_form(p, "poem"));
	assert_null(procedure_form(p, NULL));
	assert_null(procedure_review(p, "weather"));
	assert_null(flow_find_step(&p->incident_flow, NULL));
	assert_null(flow_find_state(&p->incident_flow, ""));
	assert_null(classification_find(&p->classification, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(procedure_load__broken_copy__says_where_and_what),
		cmocka_unit_test(procedure_load__every_finding__says_what_was_expected),
		cmocka_unit_test(procedure_load__faults_together__hide_none),
		cmocka_unit_test(procedure_load__form_of_measures_gone__is_reported),
		cmocka_unit_test(procedure_load__clock_in_two_files__is_reported),
		cmocka_unit_test(procedure_load__missing_file__is_reported),
		cmocka_unit_test(procedure_load__strange_file__is_reported),
		cmocka_unit_test(procedure_load__site_copy__takes_the_place),
		cmocka_unit_test(procedure_load__other_organisation__keeps_the_hash),
		cmocka_unit_test(procedure_load__faulty_organisation__is_reported),
		cmocka_unit_test(procedure_load__cut_anywhere__never_crashes),
		cmocka_unit_test(procedure_form__unknown_name__is_null),
	};

	return cmocka_run_group_tests(tests, shipped_load, shipped_unload);
}
