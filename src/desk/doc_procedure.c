/* SPDX-License-Identifier: MIT */
/*
 * The procedure as a document: the words screens and prints show for it.
 */
#include <string.h>

#include "doc.h"
#include "toban/base/attr.h"
#include "toban/base/i18n.h"
#include "toban/core/alert.h"

/* Kinds of entries that are no step of the flow; a step's words come from the flow file. */
static const struct {
	const char *kind;
	struct words words;
} desk_kinds[] = {
	{ "seen", { { "opened", "閲覧" } } },
	{ "notified", { { "notified", "通知" } } },
	{ KIND_EVIDENCE_OPENED, { { "file opened", "証拠ファイルの閲覧" } } },
	{ KIND_EVIDENCE_EXPORTED, { { "file exported", "証拠ファイルの持ち出し" } } },
	{ KIND_EVIDENCE_MEASURED, { { "file measured", "証拠ファイルの検証" } } },
	{ KIND_EVIDENCE_DAMAGED, { { "file damaged", "証拠ファイルの破損" } } },
	{ "break-glass", { { "opened by breaking the glass", "緊急閲覧" } } },
	{ "refused", { { "refused", "拒否" } } },
	{ KIND_TAKEN_BACK, { { "taken back", "取り消し" } } },
	{ ALERT_FIRST, { { "alert", "アラート" } } },
	{ ALERT_AGAIN, { { "alert again", "アラートの再受信" } } },
	{ ALERT_PROMOTED, { { "incident made of it", "インシデントとして報告" } } },
	{ ALERT_LINKED, { { "linked with an incident", "インシデントに関連付け" } } },
	{ ALERT_DISMISSED, { { "dismissed", "対応不要" } } },
	{ "organisation", { { "organisation", "組織" } } },
	{ "definitions", { { "definition files", "定義ファイル" } } },
	{ "target-added", { { "receiver added", "送信先の追加" } } },
	{ "target-removed", { { "receiver removed", "送信先の削除" } } },
	{ "target-started", { { "receiver started again", "送信先への送信再開" } } },
	{ "target-stopped", { { "receiver stopped (410)", "送信先への送信停止（410）" } } },
	{ DUTY_ABSENCE, { { "absence", "不在の登録" } } },
	{ DUTY_ABSENCE_ENDED, { { "absence ended", "不在の終了" } } },
	{ DUTY_ROSTER, { { "duty roster", "当番表" } } },
	{ DUTY_EXCEPTION, { { "exception to the roster", "当番表の例外" } } },
	{ DUTY_EXCEPTION_REMOVED, { { "exception removed", "当番表の例外の取り消し" } } },
	{ DUTY_WAY, { { "way of contact", "連絡手段の登録" } } },
	{ DUTY_WAY_CONFIRMED, { { "way of contact confirmed", "連絡手段の確認" } } },
	{ DUTY_WAY_REMOVED, { { "way of contact removed", "連絡手段の削除" } } },
};

/* The same for narrow columns; and `department`, which is awaited like a role. */
static const struct {
	const char *word;
	struct words words;
} short_roles[] = {
	{ "staff", { { "staff", "担当者" } } },
	{ "owner", { { "officer", "責任者" } } },
	{ "deputy", { { "deputy", "管理者" } } },
	{ "office", { { "office", "対策室" } } },
	{ "office-head", { { "CISO", "対策室長" } } },
	{ "crisis", { { "crisis", "危機管理室" } } },
	{ "auditor", { { "auditor", "内部監査" } } },
	{ "admin", { { "admin", "デスク管理者" } } },
	{ "department", { { "department", "部門" } } },
};

/* Words of the duty (duty.h), which stand where a role does. */
static const struct {
	const char *word;
	struct words words;
} duty_roles[] = {
	{ ROLE_ON_DUTY, { { "on duty", "当番" } } },
	{ ROLE_STAND_IN, { { "stand-in", "代行者" } } },
};

/* Cell states are closed words of the program, the same in every procedure. */
static const struct {
	enum cell_state state;
	struct words words;
} cells[] = {
	{ CELL_ASKED, { { "asked", "依頼済み" } } },
	{ CELL_APPLIED, { { "applied", "実施済み" } } },
	{ CELL_NOT_APPLICABLE, { { "not applicable", "適用対象外" } } },
	{ CELL_ACCEPTED, { { "accepted", "承認済み" } } },
	{ CELL_SENT_BACK, { { "sent back", "差し戻し" } } },
};

static const char *const kind_words[] = {
	[CATEGORY_PLAIN] = "plain",
	[CATEGORY_SUSPICION] = "suspicion",
	[CATEGORY_EXCEPTION] = "exception",
};

static const char *const confirm_words[] = {
	[CONFIRM_NONE] = "none",
	[CONFIRM_SEND] = "send",
	[CONFIRM_FINAL] = "final",
};

static json_t *
doc_categories(const struct classification *table)
{
	json_t *items = json_array();

	for (size_t i = 0; i < table->n; i++) {
		const struct category *item = &table->items[i];

		json_array_append_new(items,
			json_pack("{s:s, s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:b}", "key", item->key,
				"number", item->number, "kind", kind_words[item->kind], "label",
				json_of_words(&item->label), "short",
				json_of_words(item->short_label.in[0][0] ? &item->short_label
									 : &item->label),
				"question", json_of_words(&item->question), "explain",
				json_of_words(&item->explain), "examples",
				json_of_words(&item->examples), "urgent", item->urgent));
	}
	return items;
}

static json_t *
doc_states(const struct flow *flow)
{
	json_t *items = json_array();

	for (size_t i = 0; i < flow->n_states; i++) {
		const struct flow_state *item = &flow->states[i];

		json_array_append_new(items,
			json_pack("{s:s, s:o, s:b, s:b}", "name", item->name, "label",
				json_of_words(&item->label), "open", item->open, "final",
				item->final));
	}
	return items;
}

static json_t *
doc_steps(const struct flow *flow)
{
	json_t *items = json_array();

	for (size_t i = 0; i < flow->n_steps; i++) {
		const struct flow_step *item = &flow->steps[i];

		json_array_append_new(items,
			json_pack("{s:s, s:o, s:o, s:o, s:s, s:s, s:s}", "name", item->name,
				"label", json_of_words(&item->label), "short",
				json_of_words(&item->short_label), "explain",
				json_of_words(&item->explain), "confirm",
				confirm_words[item->confirm], "form", item->form, "effect",
				item->effect));
	}
	return items;
}

static json_t *
doc_links(const struct procedure *procedure)
{
	json_t *items = json_array();

	for (size_t i = 0; i < procedure->n_chain; i++) {
		const struct chain_link *item = &procedure->chain[i];

		json_array_append_new(items,
			json_pack("{s:i, s:s, s:o, s:I}", "link", item->number, "to", item->to,
				"label", json_of_words(&item->label), "due_ms",
				(json_int_t)item->clock.rule.due_ms));
	}
	return items;
}

static json_t *
doc_review_items(const struct procedure *procedure)
{
	json_t *items = json_array();

	for (size_t i = 0; i < procedure->n_reviews; i++) {
		const struct review_item *item = &procedure->reviews[i];

		json_array_append_new(items,
			json_pack("{s:s, s:o, s:o, s:o}", "key", item->key, "label",
				json_of_words(&item->label), "explain",
				json_of_words(&item->explain), "by", json_of_list(&item->by)));
	}
	return items;
}

static json_t *
doc_legal(const struct procedure *procedure)
{
	json_t *items = json_array();

	for (size_t i = 0; i < procedure->n_legal; i++) {
		const struct legal_clock *item = &procedure->legal[i];

		json_array_append_new(items,
			json_pack("{s:s, s:o, s:s}", "key", item->key, "label",
				json_of_words(&item->label), "citation", item->citation));
	}
	return items;
}

static json_t *
doc_kinds(const struct flow *flow)
{
	json_t *items = json_object();

	for (size_t i = 0; i < ARRAY_LEN(desk_kinds); i++) {
		json_object_set_new(items, desk_kinds[i].kind, json_of_words(&desk_kinds[i].words));
	}
	for (size_t i = 0; desk_mark_kind(i) != NULL; i++) {
		json_object_set_new(items, desk_mark_kind(i),
			json_of_words(desk_mark_label(desk_mark_kind(i))));
	}
	for (size_t i = 0; i < flow->n_steps; i++) {
		json_object_set_new(
			items, flow->steps[i].name, json_of_words(&flow->steps[i].label));
	}
	return items;
}

static json_t *
doc_roles(void)
{
	json_t *items = json_object();

	for (unsigned bit = ROLE_STAFF; bit <= ROLE_ADMIN; bit <<= 1) {
		json_object_set_new(items, role_word((enum role)bit),
			json_of_words(role_label((enum role)bit)));
	}
	for (size_t i = 0; i < ARRAY_LEN(duty_roles); i++) {
		json_object_set_new(
			items, duty_roles[i].word, json_of_words(&duty_roles[i].words));
	}
	return items;
}

static json_t *
doc_short_roles(void)
{
	json_t *items = json_object();

	for (size_t i = 0; i < ARRAY_LEN(short_roles); i++) {
		json_object_set_new(
			items, short_roles[i].word, json_of_words(&short_roles[i].words));
	}
	return items;
}

static json_t *
doc_cell_states(void)
{
	json_t *items = json_object();

	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		json_object_set_new(
			items, cell_state_word(cells[i].state), json_of_words(&cells[i].words));
	}
	return items;
}

/* The words of the choices of every field `verdict`: of reviews and of the effect. */
static json_t *
doc_verdicts(const struct procedure *procedure)
{
	json_t *items = json_object();

	for (size_t i = 0; i < procedure->n_forms; i++) {
		const struct form_field *field = form_field_find(&procedure->forms[i], "verdict");

		for (size_t k = 0; field && k < field->n_choices; k++) {
			json_object_set_new(items, field->choices[k].key,
				json_of_words(&field->choices[k].label));
		}
	}
	return items;
}

static json_t *
doc_terminal(const struct terminal_policy *terminal)
{
	return json_pack("{s:b, s:s}", "editor", terminal->editor, "clipboard",
		clipboard_word(terminal->clipboard));
}

json_t *
doc_procedure(const struct procedure *procedure)
{
	const struct flow *flow = &procedure->incident_flow;

	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"categories", doc_categories(&procedure->classification), "table_version",
		procedure->classification.version, "states", doc_states(flow), "steps",
		doc_steps(flow), "chain", doc_links(procedure), "reviews",
		doc_review_items(procedure), "legal", doc_legal(procedure), "kinds",
		doc_kinds(flow), "roles", doc_roles(), "short_roles", doc_short_roles(), "cells",
		doc_cell_states(), "verdicts", doc_verdicts(procedure), "terminal",
		doc_terminal(&procedure->terminal));
}
