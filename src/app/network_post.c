/* SPDX-License-Identifier: Apache-2.0 */
/* People: sign-offs and languages, posts with their hours, apprenticeships. */
#include <string.h>

#include "app/app_internal.h"
#include "app/network_internal.h"
#include "app/person.h"

#define LANGUAGE "urn:ietf:bcp:47"
#define DAY_MINUTES (24 * 60)
#define DAY_MS ((int64_t)DAY_MINUTES * 60 * 1000)
#define TEAM_OF_POSTING "https://belay.health/StructureDefinition/posting-team"
#define ARRIVED "https://belay.health/StructureDefinition/arrived"

/* ---- a person ---- */

static struct str name_of(const struct json *record)
{
    return json_get_text(json_at(json_get(record, "name"), 0), "text");
}

/* A name of parts, where nobody wrote it whole. */
static int keep_name(struct network_taking *t, struct str *ret)
{
    const struct json *name = json_at(json_get(t->record, "name"), 0);
    struct str whole = name_of(t->record);
    struct str family = json_get_text(name, "family");
    struct str given = json_text(json_at(json_get(name, "given"), 0));
    char *text = NULL;

    if (whole.p || (!family.p && !given.p))
        return network_keep(t->part, whole, ret);
    text = arena_printf(t->part->arena, "%.*s%s%.*s", (int)given.len,
        given.p ? given.p : "", given.p && family.p ? " " : "", (int)family.len,
        family.p ? family.p : "");
    *ret = str_of(text);
    return text ? 0 : E_NOMEM;
}

/* "zh-CN" is spoken by who speaks "zh". */
static struct str main_tag(struct str tag)
{
    for (size_t i = 0; i < tag.len; i++) {
        if (tag.p[i] == '-')
            tag.len = i;
    }
    return tag;
}

static int take_languages(struct network_taking *t, struct network_person_fact *fact)
{
    const struct json *all = json_get(t->record, "communication");
    struct json_each it = json_each(all);
    int r = 0;

    fact->languages =
        arena_array(t->part->arena, json_count(all) + 1, sizeof(*fact->languages));
    if (!fact->languages)
        return E_NOMEM;
    while (r == 0 && json_next(&it)) {
        struct str tag = network_code_in(it.value, LANGUAGE);

        if (tag.p)
            r = network_keep(
                t->part, main_tag(tag), &fact->languages[fact->language_count++]);
    }
    return r;
}

/* The SignOff that wrote ${qualification}, under which rule, until when too few cases were waived,
 * and when they ended it. */
static int take_signed(struct network_taking *t, const struct json *qualification,
    struct network_sign_off *ret)
{
    struct json_each it = json_each(json_get(qualification, "extension"));
    int r = 0;

    while (r == 0 && json_next(&it)) {
        struct str url = json_get_text(it.value, "url");
        struct str reference =
            json_get_text(json_get(it.value, "valueReference"), "reference");
        utc_ms lo = 0, hi = 0;

        if (str_is(url, SIGN_OFF_EXTENSION) &&
            str_is(str_cut(&reference, '/'), "SignOff"))
            r = network_keep(t->part, reference, &ret->record);
        if (str_is(url, RECENCY_WAIVED_EXTENSION) &&
            fhir_date_range(json_get_text(it.value, "valueDateTime"), &lo, &hi))
            ret->waived = hi;
        if (str_is(url, RECENCY_LAPSED_EXTENSION) &&
            fhir_date_range(json_get_text(it.value, "valueDateTime"), &lo, &hi))
            ret->told = lo;
        if (str_is(url, SIGNED_UNDER_EXTENSION) &&
            str_is(str_cut(&reference, '/'), "ProcedureRule"))
            r = network_keep(t->part, reference, &ret->rule);
    }
    return r;
}

/* A qualification may name one thing in several systems: that is one sign-off each. */
static int take_sign_off(struct network_taking *t, const struct json *qualification,
    struct network_person_fact *fact, size_t most)
{
    struct network_sign_off found = {.period = {1, 0}};
    struct json_each it =
        json_each(json_get(json_get(qualification, "code"), "coding"));

    if (!network_span(json_get(qualification, "period"), &found.period))
        return 0;
    if (take_signed(t, qualification, &found) < 0)
        return E_NOMEM;
    while (json_next(&it)) {
        struct str system = json_get_text(it.value, "system");

        if (system.p && fact->sign_off_count < most &&
            catalogue_find(system, json_get_text(it.value, "code"), &found.thing))
            fact->sign_offs[fact->sign_off_count++] = found;
    }
    return 0;
}

static size_t count_codings(const struct json *qualifications)
{
    struct json_each it = json_each(qualifications);
    size_t count = 0;

    while (json_next(&it))
        count += json_count(json_get(json_get(it.value, "code"), "coding"));
    return count;
}

int network_take_person(struct network_taking *t)
{
    const struct json *all = json_get(t->record, "qualification");
    struct json_each it = json_each(all);
    struct network_person_fact *fact = NULL;
    size_t most = count_codings(all);
    int r = 0;

    if (json_kind(json_get(t->record, "active")) == JSON_FALSE)
        return 0;
    fact = network_fact_new(t);
    if (!fact)
        return E_NOMEM;
    fact->sign_offs = arena_array(t->part->arena, most + 1, sizeof(*fact->sign_offs));
    if (!fact->sign_offs)
        return E_NOMEM;
    while (r == 0 && json_next(&it))
        r = take_sign_off(t, it.value, fact, most);
    if (r == 0)
        r = network_keep(t->part, json_get_text(t->record, "id"), &fact->id);
    if (r == 0)
        r = keep_name(t, &fact->name);
    return r == 0 ? take_languages(t, fact) : r;
}

/* ---- a post ---- */

static void take_role(struct str role, struct network_post_fact *fact)
{
    static const char *const working[] = {"clinician", "nurse", "technician",
        "therapist", "expert", "apprentice", "head-of-department"};

    for (size_t i = 0; i < sizeof(working) / sizeof(working[0]); i++)
        fact->works = fact->works || str_is(role, working[i]);
    fact->expert = fact->expert || str_is(role, "expert");
    fact->interpreter = fact->interpreter || str_is(role, "interpreter");
}

static void take_roles(const struct json *record, struct network_post_fact *fact)
{
    struct json_each code = json_each(json_get(record, "code"));

    while (json_next(&code)) {
        struct json_each it = json_each(json_get(code.value, "coding"));

        while (json_next(&it)) {
            if (str_is(json_get_text(it.value, "system"), PERSON_ROLE_SYSTEM))
                take_role(json_get_text(it.value, "code"), fact);
        }
    }
}

/* "08:30:00" as minutes of the day. */
static bool clock_minutes(struct str text, uint16_t *ret)
{
    int64_t hours = 0, minutes = 0;

    if (text.len < 5 || text.p[2] != ':' ||
        !text_int((struct str){text.p, 2}, 0, 23, &hours) ||
        !text_int((struct str){text.p + 3, 2}, 0, 59, &minutes))
        return false;
    *ret = (uint16_t)(hours * 60 + minutes);
    return true;
}

/* Days that are not told are all days. */
static uint8_t days_of(const struct json *time)
{
    static const char *const names[] = {
        "mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    struct json_each it = json_each(json_get(time, "daysOfWeek"));
    unsigned days = 0;

    while (json_next(&it)) {
        for (unsigned i = 0; i < 7; i++) {
            if (str_is(json_text(it.value), names[i]))
                days |= 1u << i;
        }
    }
    return (uint8_t)(days ? days : 0x7f);
}

static int take_hours(struct network_taking *t, struct network_post_fact *fact)
{
    const struct json *all = json_get(t->record, "availableTime");
    struct json_each it = json_each(all);

    fact->hours =
        arena_array(t->part->arena, json_count(all) + 1, sizeof(*fact->hours));
    if (!fact->hours)
        return E_NOMEM;
    while (json_next(&it) && fact->hours_count < LIMIT_NETWORK_HOURS) {
        struct network_hours *hours = &fact->hours[fact->hours_count];
        bool whole = json_kind(json_get(it.value, "allDay")) == JSON_TRUE;

        *hours =
            (struct network_hours){.days = days_of(it.value), .until = DAY_MINUTES};
        if (whole || (clock_minutes(json_get_text(it.value, "availableStartTime"),
                          &hours->from) &&
                         clock_minutes(json_get_text(it.value, "availableEndTime"),
                             &hours->until)))
            fact->hours_count++;
    }
    return 0;
}

static int take_away(struct network_taking *t, struct network_post_fact *fact)
{
    const struct json *all = json_get(t->record, "notAvailable");
    struct json_each it = json_each(all);

    fact->away = arena_array(t->part->arena, json_count(all) + 1, sizeof(*fact->away));
    if (!fact->away)
        return E_NOMEM;
    while (json_next(&it) && fact->away_count < LIMIT_NETWORK_HOURS) {
        const struct json *during = json_get(it.value, "during");

        if (during && network_span(during, &fact->away[fact->away_count]))
            fact->away_count++;
    }
    return 0;
}

/* When somebody came, and whether a team sent them. */
static void take_arrival(const struct json *record, struct network_post_fact *fact)
{
    struct json_each it = json_each(json_get(record, "extension"));

    fact->arrived = NETWORK_NEVER;
    while (json_next(&it)) {
        struct str url = json_get_text(it.value, "url");
        utc_ms lo = 0, hi = 0;

        fact->posted = fact->posted || str_is(url, TEAM_OF_POSTING);
        if (str_is(url, ARRIVED) &&
            fhir_date_range(json_get_text(it.value, "valueDate"), &lo, &hi))
            fact->arrived = lo / DAY_MS;
    }
}

int network_take_post(struct network_taking *t)
{
    struct network_post_fact found = {.works = false};
    struct network_post_fact *fact = NULL;
    int r = 0;

    take_roles(t->record, &found);
    if (json_kind(json_get(t->record, "active")) == JSON_FALSE ||
        !(found.works || found.interpreter) ||
        !network_span(json_get(t->record, "period"), &found.term))
        return 0;
    fact = network_fact_new(t);
    if (!fact)
        return E_NOMEM;
    *fact = found;
    take_arrival(t->record, fact);
    r = network_keep(t->part, json_get_text(t->record, "id"), &fact->id);
    if (r == 0)
        r = network_keep(t->part,
            network_id_in(json_get(t->record, "practitioner"), t->base), &fact->person);
    if (r == 0)
        r = network_keep(t->part,
            network_id_in(json_get(t->record, "organization"), t->base), &fact->unit);
    if (r == 0)
        r = take_hours(t, fact);
    return r == 0 ? take_away(t, fact) : r;
}

/* ---- an apprenticeship ---- */

static int take_goal(struct network_taking *t, const struct json *goal,
    const struct network_learning_fact *found)
{
    struct json_each it = json_each(json_get(json_get(goal, "procedure"), "coding"));

    while (json_next(&it)) {
        struct str system = json_get_text(it.value, "system");
        struct network_learning_fact *fact = NULL;
        uint32_t thing = 0;

        if (!system.p ||
            !catalogue_find(system, json_get_text(it.value, "code"), &thing))
            continue;
        fact = network_fact_new(t);
        if (!fact)
            return E_NOMEM;
        *fact = *found;
        fact->thing = thing;
    }
    return 0;
}

/* One that is over had its time all the same, if it says until when. */
static bool is_learning(struct str status, const struct capability_interval *term)
{
    return str_is(status, "active") ||
           (term->until != 0 &&
               (str_is(status, "completed") || str_is(status, "stopped")));
}

int network_take_learning(struct network_taking *t)
{
    struct network_learning_fact found = {.rid = t->rid};
    struct json_each it = json_each(json_get(t->record, "goal"));
    int r = 0;

    if (!network_span(json_get(t->record, "period"), &found.term) ||
        !is_learning(json_get_text(t->record, "status"), &found.term))
        return 0;
    r = network_keep(t->part, network_id_in(json_get(t->record, "apprentice"), t->base),
        &found.apprentice);
    if (r == 0)
        r = network_keep(t->part, network_id_in(json_get(t->record, "master"), t->base),
            &found.master);
    while (r == 0 && json_next(&it))
        r = take_goal(t, it.value, &found);
    return r;
}
