/* SPDX-License-Identifier: MIT */
/*
 * Running a method by name, and the handlers of all methods.
 */
#ifndef TOBAN_DESK_METHOD_H
#define TOBAN_DESK_METHOD_H

#include <jansson.h>

#include "call.h"

/* Checks who asks and with what, then runs it; every failure leaves call->error. */
enum err method_dispatch(struct call *call, const char *name, json_t **ret_result);

/* The code under which `who` refuses the person (NULL: nobody registered); NULL: they may. */
const char *method_refusal(enum method_who who, const struct person *person);
/* "anyone", "registered", "actor", "audit", "watch", "rights", "admin". */
const char *method_who_word(enum method_who who);

typedef enum err method_run(struct call *call, json_t **ret_result);

/* The arguments and the handler of one method. */
struct handler {
	method_run *run;
	const struct arg *args; /* NULL: none */
};

method_run method_desk_info;
method_run method_org_show;
method_run method_org_set;
method_run method_procedure_show;
method_run method_form_get;
method_run method_classify;
method_run method_incident_report;
method_run method_incident_list;
method_run method_incident_counts;
method_run method_incident_show;
method_run method_incident_steps;
method_run method_incident_act;
method_run method_incident_take_back;
method_run method_incident_log;
method_run method_incident_seen;
method_run method_incident_look;
method_run method_search;

/* method_list.c: search by words alone, the most urgent first. */
enum err list_by_words(struct call *call, const char *words, json_t **ret_result);
method_run method_stats;
method_run method_draft_save;
method_run method_draft_list;
method_run method_draft_load;
method_run method_draft_drop;
method_run method_me_preferences;
method_run method_me_prefer;
method_run method_session_show;
method_run method_session_open;
method_run method_session_close;
method_run method_session_keep;
method_run method_pin_set;
method_run method_pin_reset;
method_run method_pin_unlock;
method_run method_pin_list;
method_run method_alert_intake;
method_run method_alert_list;
method_run method_alert_show;
method_run method_alert_promote;
method_run method_alert_link;
method_run method_alert_dismiss;
method_run method_handover_sheet;
method_run method_handover_show;
method_run method_handover_list;
method_run method_handover_give;
method_run method_handover_accept;
method_run method_handover_withdraw;
method_run method_person_absent;
method_run method_person_back;
method_run method_way_add;
method_run method_way_remove;
method_run method_way_confirm;
method_run method_roster_show;
method_run method_roster_set;
method_run method_roster_except;
method_run method_roster_import;
method_run method_roster_export;
method_run method_chain_preview;
method_run method_duty_check;
method_run method_duty_log;
method_run method_evidence_put;
method_run method_evidence_open;
method_run method_evidence_check;
method_run method_evidence_list;
method_run method_key_list;
method_run method_key_propose;
method_run method_key_approve;
method_run method_key_refuse;
method_run method_key_revoke;
method_run method_incident_break_glass;
method_run method_access_log;
method_run method_ledger_head;
method_run method_ledger_verify;
method_run method_ledger_export;
method_run method_ledger_erase;
method_run method_ledger_seal;
method_run method_outbox_list;
/* Whether the caller may see what is on its way out (outbox.list). */
bool method_sees_outbox(const struct call *call);

method_run method_outbox_show;
method_run method_outbox_retry;
method_run method_target_add;
method_run method_target_list;
method_run method_target_remove;
method_run method_target_start;
method_run method_target_preview;
method_run method_target_test;
method_run method_admin_doctor;
method_run method_admin_backup;

#endif
