/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may write. People write what they see and what they will go on seeing; and records
 * that the rules of reading lean on are written by those whose they are:
 *
 *   posts and places    access_directory.c
 *   Patient, Consent    clinicians of the patient's hospital
 *   CareTeam            the same, or the administration where it names no patient
 *   EmergencyAccess     nobody: $break-glass and $review make it
 *   Course, Enrolment   nobody: $plan, $enrol and the operations of an Enrolment make them
 *   CaseReview          nobody: the node makes it
 *   Apprenticeship      nobody: $propose, $agree, $extend and $stop make it, so that nobody
 *                       agrees for another; it opens the ratings of the apprentice, and
 *                       routing trusts it
 *   Handover            nobody: its operations and the node make it
 *   PairingPulse        nobody: OrganizationAffiliation/ID/$answer makes it
 *   ProcedureRule       nobody: $change makes the next version
 *   Report              nobody: $freeze makes one
 *   Publication         nobody: $publish and $withdraw of a Report make one
 *   SignOff             nobody: $propose makes it and $sign, $refuse, $withdraw move it on;
 *                       with it, what Practitioner.qualification says of procedures
 *   Encounter           the same as a Patient, where it belongs to no case: it says who treats
 *   ServiceRequest      the same, where it is made or changes whom it is about, whom it
 *                       was sent to or what it shares
 *   PublishedFigure     coordinators and the programme (figure.c)
 *   MeasureReport of a volume    who answers for the hospital (volume.c)
 *   what opens others   access_share.c
 *   a case's Task       nobody: the operations of the case (access_case.c)
 *   Device              people of the hospital that owns it, coordinators of its pairings; what
 *                       is done about it: its operations (keeper.c)
 *   meetings, minutes, plans, sessions of a case    nobody: operations write them, so that
 *                       nobody writes another's word (app/beside_internal.h)
 *
 * Who sees a record by a case alone was asked for an answer: they add to the case and change
 * what they wrote themselves. A request that another program follows with a Task of its own
 * kind they may move on and close as answered. What the case only shows them they leave as it is.
 */
#include <string.h>

#include "base/id.h"

#include "app/access_internal.h"
#include "app/app_internal.h"
#include "app/beside_internal.h"
#include "app/figure.h"
#include "app/first_days.h"
#include "app/keeper.h"
#include "app/volume.h"
#include "view/indicator_define.h"

/* ---- cases and consents ---- */

/* An Encounter that belongs to no case says which hospital treats the patient, and so who
 * may break the glass. */
static bool says_who_treats(const struct json *resource, const struct json *before)
{
    static const char *const members[] = {
        "subject", "serviceProvider", "status", "basedOn"};
    bool alone = (before && !json_get(before, "basedOn")) ||
                 (resource && !json_get(resource, "basedOn"));

    for (size_t i = 0; alone && i < sizeof(members) / sizeof(members[0]); i++) {
        if (!before || !resource || !access_same(before, resource, str_of(members[i])))
            return true;
    }
    return false;
}

/* Does ${write} decide on what others come to see? */
static bool decides_on_reading(
    const struct access_write *write, const struct json *before)
{
    static const char *const members[] = {"subject", "performer", "supportingInfo",
        "status", "intent", "participant", "managingOrganization"};
    const char *type = write->type->name;

    if (strcmp(type, "Consent") == 0 || strcmp(type, "Patient") == 0)
        return true;
    if (strcmp(type, "Encounter") == 0)
        return says_who_treats(write->resource, before);
    if (strcmp(type, "ServiceRequest") != 0 && strcmp(type, "CareTeam") != 0)
        return false;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (!before || !write->resource ||
            !access_same(before, write->resource, str_of(members[i])))
            return true;
    }
    return false;
}

/* A team that names no patient is its hospital's. */
static bool is_own_team(
    struct access *a, const struct access_write *write, const struct json *team)
{
    const struct json *of = json_get(team, "managingOrganization");

    return strcmp(write->type->name, "CareTeam") == 0 && !json_get(team, "subject") &&
           json_count(of) == 1 &&
           access_administers(a, json_get_text(json_at(of, 0), "reference"));
}

static int check_treats(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err)
{
    const struct json *versions[] = {before, write->resource};
    int r = 0;

    if (!decides_on_reading(write, before))
        return 0;
    for (size_t i = 0; r == 0 && i < 2; i++) {
        bool treats = true;

        if (versions[i])
            r = reader_treats(
                a->reader, versions[i], write->type->number, &treats, err);
        if (r == 0 && !treats && !is_own_team(a, write, versions[i]))
            r = err_set(err, E_FORBIDDEN, NULL,
                "Only a clinician of the patient's hospital decides who sees what: "
                "this %s is theirs to write.",
                write->type->name);
    }
    return r;
}

/* ---- what a case shows ---- */

bool access_same_but(
    const struct json *one, const struct json *other, const char *const *but)
{
    const struct json *both[] = {one, other};

    for (size_t i = 0; i < 2; i++) {
        struct json_each it = json_each(both[i]);

        while (json_next(&it)) {
            bool skip = str_is(it.name, "meta");

            for (const char *const *name = but; *name; name++)
                skip = skip || str_is(it.name, *name);
            if (!skip && !access_same(one, other, it.name))
                return false;
        }
    }
    return true;
}

/* Does ${write} do no more than close the case? */
static bool closes(const struct access_write *write, const struct access_before *before)
{
    static const char *const status[] = {"status", NULL};

    return before->reason == READER_BY_CASE && before->json && write->resource &&
           strcmp(write->type->name, "ServiceRequest") == 0 &&
           str_is(json_get_text(write->resource, "status"), "completed") &&
           access_same_but(before->json, write->resource, status);
}

/* The Task of a case goes on, but stays the same task of the same case. */
static bool moves_on(
    const struct access_write *write, const struct access_before *before)
{
    static const char *const moves[] = {"status", "statusReason", "businessStatus",
        "owner", "lastModified", "executionPeriod", "note", "output", NULL};

    return strcmp(write->type->name, "Task") == 0 && before->json && write->resource &&
           access_same_but(before->json, write->resource, moves);
}

static int check_invited(struct access *a, const struct access_write *write,
    const struct access_before *before, struct err *err)
{
    bool shown =
        before->reason == READER_BY_CASE || before->reason == READER_BY_BREAK_GLASS;

    if (!write->id.p || !shown || write->by_operation || moves_on(write, before) ||
        str_eq(before->actor, call_actor(a->call)))
        return 0;
    return err_set(err, E_FORBIDDEN, NULL,
        "This %s is shown to you by a case, or in an emergency. It stays as it is; add "
        "what you have to say.",
        write->type->name);
}

/* ---- what operations write ---- */

/* ${version}, of what is written or of what is there, is it one that they write? */
static int check_operation(
    const struct access_write *write, const struct json *version, struct err *err)
{
    if (write->by_operation || !beside_has_mark(version, NULL))
        return 0;
    return err_set(err, E_FORBIDDEN, NULL,
        "This %s belongs to a case: it is written by the operations of its "
        "ServiceRequest, such as $call-mdt, $mdt-agree or $plan, and not otherwise.",
        write->type->name);
}

/* ---- what is seen ---- */

/* The version that is there, if it is for this caller. */
static int look(struct access *a, const struct access_write *write,
    struct store_record *ret, struct access_before *ret_before, struct err *err)
{
    struct reader_verdict verdict = {.allowed = false};
    int r = store_get(a->snapshot, a->arena, write->type->number, write->id, ret, err);

    if (r == 0)
        r = access_judge(a, ret, &verdict, err);
    if (r == E_NOT_FOUND || (r == 0 && !verdict.allowed)) {
        access_missing(a, write->type->number, r == 0);
        return access_no_such(write->type, write->id, false, err);
    }
    if (r == 0 && ret->body.len > 0)
        r = json_read_trusted(a->arena, ret->body, &ret_before->json, err);
    ret_before->actor = ret->actor;
    ret_before->reason = verdict.reason;
    return r;
}

static int check_readable(
    struct access *a, const struct access_write *write, store_rid rid, struct err *err)
{
    struct reader_verdict verdict = {0};
    int r = 0;

    /* whose bytes are is told by what will name them */
    if (!write->resource || (!write->id.p && strcmp(write->type->name, "Binary") == 0))
        return 0;
    r = reader_allows_version(a->reader, rid, write->resource, &verdict, err);
    if (r == 0 && !verdict.allowed)
        r = err_set(err, E_FORBIDDEN, NULL,
            "You could not read this %s yourself once it is written: it is about a "
            "patient of another hospital, or it does not say whose it is.",
            write->type->name);
    return r;
}

static int check_all(struct access *a, const struct access_write *write,
    const struct access_before *before, store_rid rid, struct err *err)
{
    int r = access_check_case(a, write, before, err);

    if (r < 0)
        return r;
    if (closes(write, before))
        return 0;
    r = check_operation(write, before->json, err);
    if (r == 0)
        r = keeper_check_operation(write, before->json, err);
    if (r < 0)
        return r;
    r = check_readable(a, write, rid, err);
    if (r == 0 && access_is_directory(write->type->name))
        r = access_check_directory(a, write, before, err);
    if (r == 0)
        r = figure_check(a, write, err);
    if (r == 0)
        r = volume_check(a, write, before->json, err);
    if (r == 0)
        r = keeper_check_device(a, write, before->json, err);
    if (r == 0)
        r = check_treats(a, write, before->json, err);
    if (r == 0)
        r = check_invited(a, write, before, err);
    if (r == 0)
        r = access_check_shared(a, write, before, err);
    if (r == 0)
        r = access_check_consent(a, write, before->json, err);
    return r;
}

/* People make a record under an id of their own where it can be nobody else's. What a link
 * that broke had made already is then found again under it, and not made twice. */
static int find_new(
    struct access *a, const struct access_write *write, bool *ret, struct err *err)
{
    store_rid rid = 0;
    struct store_record rec = {0};
    int r = 0;

    *ret = !write->id.p;
    if (*ret || !write->resource ||
        (!id_is_random(write->id) && !volume_has_own_id(write)))
        return 0;
    r = store_find(a->snapshot, write->type->number, write->id, &rid, err);
    if (r == 0)
        r = store_get_rid(a->snapshot, a->arena, rid, false, &rec, err);
    *ret = r == E_NOT_FOUND;
    return r == E_NOT_FOUND ? 0 : r;
}

/* By the rules of reading and writing, the scopes having been asked. */
static int check_by_rules(struct access *a, const struct access_write *write,
    char ret_vid[STORE_VID_CHARS + 1], struct err *err)
{
    struct store_record rec = {.rid = store_rid_first(write->type->number)};
    struct access_write meant = *write;
    struct access_before before = {.json = NULL};
    bool new = false;
    int r = access_make(a, err);

    if (r == 0)
        r = find_new(a, write, &new, err);
    if (r == 0 && new)
        meant.id = (struct str){NULL, 0};
    else if (r == 0)
        r = look(a, write, &rec, &before, err);
    if (r == 0)
        r = check_all(a, &meant, &before, rec.rid, err);
    if (r == 0)
        r = first_days_check(a->call, &meant, before.json, a->together, err);
    if (r == 0 && ret_vid)
        memcpy(ret_vid, new ? "" : rec.vid, new ? 1 : sizeof(rec.vid));
    return r;
}

/* By a program that is bound to no hospital: what holds whoever writes. */
static int check_whole(
    struct access *a, const struct access_write *write, struct err *err)
{
    struct store_record rec = {0};
    const struct json *before = NULL;
    int r = E_NOT_FOUND;

    if (strcmp(write->type->name, "PractitionerRole") != 0)
        return 0;
    if (write->id.p)
        r = store_get(
            a->snapshot, a->call->arena, write->type->number, write->id, &rec, err);
    if (r == 0 && rec.body.len > 0)
        r = json_read_trusted(a->call->arena, rec.body, &before, err);
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    return first_days_check(a->call, write, before, a->together, err);
}

/* A Measure under the id of an indicator would be taken for what the program counts. */
static int check_measure(const struct access_write *write, struct err *err)
{
    const struct indicator_defines *all = NULL;
    int r = 0;

    if (!write->id.p || !write->resource || strcmp(write->type->name, "Measure") != 0)
        return 0;
    r = indicator_defines(&all, err);
    if (r < 0 || !indicator_find(all, write->id))
        return r;
    return err_set(err, E_CONFLICT, "id",
        "%.*s is one of this program's own indicators, which nobody writes over: give "
        "the Measure another id.",
        (int)write->id.len, write->id.p);
}

int access_check_form(const struct access_write *write, struct err *err)
{
    int r = check_measure(write, err);

    return r == 0 ? volume_check_form(write, err) : r;
}

int access_check_write(struct access *a, const struct access_write *write,
    char ret_vid[STORE_VID_CHARS + 1], struct err *err)
{
    int r = a ? access_scope_check_write(a, write, ret_vid, err) : 0;

    if (r == 0)
        r = access_check_form(write, err); /* whoever writes it */
    if (!a || r < 0)
        return r;
    if (strcmp(write->type->name, "EmergencyAccess") == 0)
        return err_set(err, E_FORBIDDEN, NULL,
            "An EmergencyAccess is made by Patient/ID/$break-glass and reviewed by "
            "$review, and is not written otherwise.");
    if (strcmp(write->type->name, "CaseReview") == 0)
        return err_set(err, E_FORBIDDEN, NULL,
            "A CaseReview is made by the node and rated by Task/ID/$review, and is not "
            "written otherwise.");
    if (strcmp(write->type->name, "Apprenticeship") == 0 && !write->by_operation)
        return err_set(err, E_FORBIDDEN, NULL,
            "An Apprenticeship is made by Apprenticeship/$propose and goes on by "
            "$agree, "
            "$extend and $stop, and is not written otherwise.");
    if (strcmp(write->type->name, "Course") == 0 ||
        strcmp(write->type->name, "Enrolment") == 0)
        return err_set(err, E_FORBIDDEN, NULL,
            "A Course is made by Course/$plan and an Enrolment by Course/ID/$enrol and "
            "its own operations, and they are not written otherwise.");
    if (strcmp(write->type->name, "Handover") == 0)
        return err_set(err, E_FORBIDDEN, NULL,
            "A Handover is written by $name-successor, $acknowledge and the node, and "
            "not otherwise.");
    if (strcmp(write->type->name, "PairingPulse") == 0)
        return err_set(err, E_FORBIDDEN, NULL,
            "A PairingPulse is written by OrganizationAffiliation/ID/$answer and not "
            "otherwise.");
    if (strcmp(write->type->name, "SignOff") == 0)
        return err_set(err, E_FORBIDDEN, NULL,
            "A SignOff is made by SignOff/$propose and moved on by $sign, $refuse, "
            "$withdraw and $acknowledge, and is not written otherwise.");
    if (strcmp(write->type->name, "Report") == 0)
        return err_set(err, E_FORBIDDEN, NULL,
            "A Report is made by Report/$freeze and never changed.");
    if (strcmp(write->type->name, "Publication") == 0)
        return err_set(err, E_FORBIDDEN, NULL,
            "A Publication is made by Report/ID/$publish and $withdraw and never "
            "changed.");
    if (strcmp(write->type->name, "ProcedureRule") == 0)
        return err_set(err, E_FORBIDDEN, NULL,
            "A ProcedureRule is never changed: ProcedureRule/$change writes the next "
            "version, and it is not written otherwise.");
    r = check_operation(write, write->resource, err);
    if (r == 0)
        r = keeper_check_operation(write, write->resource, err);
    if (r < 0)
        return r;
    return a->whole ? check_whole(a, write, err)
                    : check_by_rules(a, write, ret_vid, err);
}
