/* SPDX-License-Identifier: Apache-2.0 */
/* SignOff and Practitioner.qualification, as sign_off_put.c writes them. */
#include "app/catalogue.h"
#include "app/decade_sign_internal.h"
#include "app/sign_off_internal.h"
#include "app/sign_off_lapse.h"

static const char *const statuses[] = {
    [CLINIC_PROPOSED] = "proposed",
    [CLINIC_SIGNED] = "signed",
    [CLINIC_REFUSED] = "refused",
    [CLINIC_WITHDRAWN] = "withdrawn",
};

static const char *const roles[] = {"master", "head-of-department", "quality-office"};

/* Why it is signed though something is not met or not known. */
static const char *const reasons[] = {"Seen at work together with the team",
    "The theatre and its equipment were looked at",
    "Agreed after going through the cases"};
static const char missing_reason[] =
    "Done with equipment that is lent until the hospital's own is in service";

static void put_evidence(struct clinic *c, struct json_out *o,
    const struct clinic_sign_off *s, enum sign_off_condition condition)
{
    const struct clinic_learner *l = &c->learners[s->learner];
    uint32_t count = 0;

    if (condition != SIGN_OFF_VOLUME && condition != SIGN_OFF_RECENCY)
        return;
    json_name(o, "evidence");
    json_open(o, '[');
    for (uint32_t i = l->cases; i-- > 0 && count < 10; count++) {
        char id[PERSON_ID_MAX];

        snprintf(id, sizeof(id), "d-o%u", l->list[i].operation + 1);
        put_reference_value(o, "Procedure", id);
    }
    json_close(o, ']');
}

/* The kinds of device that serve there, or those that do not. */
static void put_equipment(
    struct json_out *o, const struct clinic_judged *judged, bool serving)
{
    const struct catalogue_entry *entry = catalogue_thing(judged->thing);
    bool open = false;

    for (size_t i = 0; i < entry->need_count && i < SIGN_OFF_KINDS; i++) {
        if (((judged->present >> i) & 1u) != serving)
            continue;
        if (!open) {
            json_name(o, serving ? "present" : "missing");
            json_open(o, '[');
        }
        open = true;
        json_put_str(o, catalogue_devices[entry->needs[i]].code);
    }
    if (open)
        json_close(o, ']');
}

static void put_conditions(
    struct clinic *c, struct json_out *o, const struct clinic_sign_off *s)
{
    const struct procedure_rule *rule = s->judged.rule;
    char text[96];

    put_instant(o, "listed", s->judged.day, SIGN_MINUTE);
    snprintf(text, sizeof(text), "%d", rule->version);
    put_text(o, "rules", text);
    snprintf(text, sizeof(text), "%.*s", (int)rule->id.len, rule->id.p);
    put_reference(o, "rule", "ProcedureRule", text);
    json_name(o, "condition");
    json_open(o, '[');
    for (int i = 0; i < SIGN_OFF_CONDITIONS; i++) {
        const struct sign_off_line *line = &s->judged.list.lines[i];
        enum sign_off_condition condition = (enum sign_off_condition)i;

        json_open(o, '{');
        put_text(o, "name", sign_off_condition_code(condition));
        put_text(o, "answer", sign_off_answer_code(line->answer));
        if (condition != SIGN_OFF_PLACE) {
            put_int(o, "value", line->value);
            put_int(o, "needed", line->needed);
        }
        put_evidence(c, o, s, condition);
        if (condition == SIGN_OFF_PLACE) {
            put_equipment(o, &s->judged, true);
            put_equipment(o, &s->judged, false);
        }
        json_close(o, '}');
    }
    json_close(o, ']');
}

static void put_act(struct clinic *c, struct json_out *o,
    const struct clinic_sign_off *s, uint32_t role, day_number day)
{
    put_text(o, "role", roles[role]);
    put_person(c->d, o, "who", s->signers[role]);
    put_instant(o, "when", day, SIGN_MINUTE);
}

static void put_signatures(
    struct clinic *c, struct json_out *o, const struct clinic_sign_off *s)
{
    json_name(o, "signature");
    json_open(o, '[');
    for (uint32_t i = 0; i < 3; i++) {
        if (s->days[i] == 0)
            continue;
        json_open(o, '{');
        put_act(c, o, s, i, s->days[i]);
        put_bool(o, "against", s->unmet[i] != 0);
        if (s->unmet[i] != 0) {
            json_name(o, "unmet");
            json_open(o, '[');
            for (int k = 0; k < SIGN_OFF_CONDITIONS; k++) {
                if (s->unmet[i] & (1u << k))
                    json_put_str(
                        o, sign_off_condition_code((enum sign_off_condition)k));
            }
            json_close(o, ']');
            put_text(o, "reason", s->lent[i] ? missing_reason : reasons[i]);
        }
        json_close(o, '}');
    }
    json_close(o, ']');
}

static void put_end(
    struct clinic *c, struct json_out *o, const struct clinic_sign_off *s)
{
    json_name(o, statuses[s->status]);
    json_open(o, '{');
    put_act(c, o, s, s->ender, s->ended);
    put_text(o, "reason",
        s->status == CLINIC_REFUSED
            ? "Some more cases under supervision first"
            : "Two of the last results have to be gone through");
    json_close(o, '}');
}

void clinic_sign_off_write(struct clinic *c, uint32_t sign_off)
{
    const struct clinic_sign_off *s = &c->sign_offs[sign_off];
    const struct clinic_learner *l = &c->learners[s->learner];
    const struct clinic_line *line = &c->lines[l->line];
    struct decade *d = c->d;
    const struct decade_department *at = &d->departments[line->department];
    char id[PERSON_ID_MAX];
    struct json_out *o = NULL;

    clinic_gap_line(c, l->line);
    snprintf(id, sizeof(id), "d-g%u", sign_off + 1);
    o = decade_open(d, "SignOff", id);
    put_text(o, "status", statuses[s->status]);
    put_person(d, o, "person", l->person);
    put_concept(
        o, "procedure", "procedure", decade_techniques[line->technique].code, NULL);
    put_reference(o, "department", "Organization", at->id);
    put_reference(o, "organization", "Organization", d->hospitals[at->hospital].id);
    if (s->renews != 0) {
        snprintf(id, sizeof(id), "d-g%u", s->renews);
        put_reference(o, "renews", "SignOff", id);
    }
    json_name(o, "proposed");
    json_open(o, '{');
    put_person(d, o, "who", s->proposer);
    put_instant(o, "when", s->proposed, SIGN_MINUTE);
    json_close(o, '}');
    put_conditions(c, o, s);
    if (s->signatures > 0)
        put_signatures(c, o, s);
    if (s->signatures == 3) {
        put_instant(o, "signed", s->days[2], SIGN_MINUTE);
        put_date(o, "validUntil", s->until);
    }
    if (s->status == CLINIC_REFUSED || s->status == CLINIC_WITHDRAWN)
        put_end(c, o, s);
    decade_close(d);
}

/* ---- Practitioner.qualification ---- */

utc_ms clinic_waived(const struct clinic_sign_off *s)
{
    return sign_off_waived(&s->judged.list, &s->judged.rule->sign_off,
        clinic_moment(s->from, SIGN_MINUTE));
}

static void put_signed(struct clinic *c, struct json_out *o, uint32_t sign_off)
{
    const struct clinic_sign_off *s = &c->sign_offs[sign_off];
    const struct clinic_line *line = &c->lines[c->learners[s->learner].line];
    struct decade *d = c->d;
    char id[PERSON_ID_MAX];
    char rule[96];

    snprintf(id, sizeof(id), "d-g%u", sign_off + 1);
    snprintf(
        rule, sizeof(rule), "%.*s", (int)s->judged.rule->id.len, s->judged.rule->id.p);
    json_open(o, '{');
    json_name(o, "extension");
    json_open(o, '[');
    open_part(o, SIGN_OFF_EXTENSION);
    put_reference(o, "valueReference", "SignOff", id);
    json_close(o, '}');
    open_part(o, SIGNED_UNDER_EXTENSION);
    put_reference(o, "valueReference", "ProcedureRule", rule);
    json_close(o, '}');
    sign_off_put_waived(o, clinic_waived(s));
    if (s->told)
        sign_off_lapse_put(o, s->told);
    json_close(o, ']');
    put_concept(o, "code", "procedure", decade_techniques[line->technique].code, NULL);
    json_name(o, "period");
    json_open(o, '{');
    put_instant(o, "start", s->from, SIGN_MINUTE);
    put_date(o, "end", s->stops);
    json_close(o, '}');
    put_reference(o, "issuer", "Organization",
        d->hospitals[d->departments[line->department].hospital].id);
    json_close(o, '}');
}

/* Could ${p}, a visiting expert, do it before they came? The techniques of their department. */
bool clinic_brought(const struct decade_person *p, const struct decade_technique *t)
{
    const char *specialty = decade_specialties[p->specialty].name;

    return p->role == ROLE_EXPERT &&
           (strcmp(specialty, t->specialty) == 0 ||
               (strcmp(specialty, "Internal medicine") == 0 && t->county > 0));
}

static void put_brought(struct decade *d, struct json_out *o,
    const struct decade_person *p, const struct decade_technique *t)
{
    json_open(o, '{');
    put_concept(o, "code", "procedure", t->code, NULL);
    json_name(o, "period");
    json_open(o, '{');
    put_date(o, "start", p->from - 1000 - (day_number)(p->number % 2500));
    json_close(o, '}');
    put_reference(o, "issuer", "Organization", d->hospitals[p->hospital].id);
    json_close(o, '}');
}

/* Begin the list before its first. */
static void open_first(struct json_out *o, bool *any)
{
    if (!*any) {
        json_name(o, "qualification");
        json_open(o, '[');
    }
    *any = true;
}

void decade_qualifications_put(struct decade *d, struct json_out *o, uint32_t person)
{
    const struct decade_person *p = &d->people[person];
    struct clinic *c = clinic_of(d);
    bool any = false;

    for (uint32_t i = 0; i < DECADE_TECHNIQUES; i++) {
        if (!clinic_brought(p, &decade_techniques[i]))
            continue;
        open_first(o, &any);
        put_brought(d, o, p, &decade_techniques[i]);
    }
    for (uint32_t i = c ? c->sign_off_count : 0; i-- > 0;) { /* the latest first */
        const struct clinic_sign_off *s = &c->sign_offs[i];

        if (s->from == 0 || c->learners[s->learner].person != person)
            continue;
        open_first(o, &any);
        put_signed(c, o, i);
    }
    if (any)
        json_close(o, ']');
}
