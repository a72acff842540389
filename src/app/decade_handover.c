/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The last change of teams. What somebody leaves open is found in all records together, which can be asked only when they
 * are loaded: so the experts who went since the last August hand over here, and those of the years before did not. Each names who
 * takes over, that person says yes, and at the end of the post the node looks, by the operations that do so every day.
 */
#include <stdio.h>

#include "app/decade_internal.h"
#include "app/handover.h"

/* Chosen. */
#define NAMED_PERMILLE 930    /* name somebody before they go */
#define ACCEPTED_PERMILLE 940 /* of those say so */
#define CHANGE_MONTH 8
#define NAMES_DAYS 6 /* before the end of the post */
#define ACCEPTS_DAYS 2
#define NOON_MS ((utc_ms)12 * 60 * 60 * 1000)
#define DAY_MS ((utc_ms)24 * 60 * 60 * 1000)
#define PATH_BYTES (PERSON_ID_MAX + 64)
#define BODY_BYTES (PERSON_ID_MAX + 160)

static utc_ms noon(day_number day)
{
    return (utc_ms)day * DAY_MS + NOON_MS;
}

/* Who is named, as the body of an operation; DECADE_NONE: nobody. */
static struct str body_of(struct decade *d, uint32_t successor, char out[BODY_BYTES])
{
    char id[PERSON_ID_MAX];

    if (successor == DECADE_NONE)
        return STR("{\"resourceType\":\"Parameters\"}");
    snprintf(out, BODY_BYTES,
        "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"successor\","
        "\"valueReference\":{\"reference\":\"Practitioner/%s\"}}]}",
        person_id(d, successor, id));
    return str_of(out);
}

/* What is said of a handover, by whom. */
struct saying {
    const char *word;
    uint32_t posting, person;
    uint32_t successor; /* DECADE_NONE: nobody is named */
    utc_ms at;
};

/* What the node does not take, as where nothing is open, is no fault of the decade: it was said, and nothing came of it. */
static int say(struct decade *d, const struct saying *y, struct err *err)
{
    char path[PATH_BYTES], who[PATH_BYTES], body[BODY_BYTES], id[PERSON_ID_MAX];
    struct app_call call = {.app = d->app, .arena = d->scratch};
    bool failed = false;

    snprintf(
        path, sizeof(path), "Handover/%s/%s", posting_id(d, y->posting, id), y->word);
    snprintf(who, sizeof(who), "Practitioner/%s", person_id(d, y->person, id));
    call.method = APP_POST;
    call.space = APP_PROGRAMME;
    call.at = y->at;
    call.path = str_of(path);
    call.body = body_of(d, y->successor, body);
    call.caller = (struct app_caller){.name = STR("demonstration"),
        .role = STR("program"),
        .practitioner = str_of(who)};
    app_run(&call);
    failed = call.status >= 500;
    app_call_done(&call);
    arena_reset(d->scratch);
    return failed ? err_set(err, E_BUG, path, "A handover of the decade failed.") : 0;
}

/* Can the one of ${next} go on with what ${p} leaves: are they there by then, and afterwards? */
static bool goes_on(const struct decade_posting *p, const struct decade_posting *next)
{
    return next->person != p->person && next->from <= p->until &&
           next->until > p->until + 1;
}

/* Who goes on: of those who can, one after the other; else the head of the department. */
static uint32_t successor_of(
    const struct decade *d, const struct decade_posting *p, uint32_t turn)
{
    const struct decade_list *experts = &d->departments[p->department].experts;
    uint32_t can = 0;

    for (uint32_t i = 0; i < experts->count; i++)
        can += goes_on(p, &d->postings[experts->at[i]]);
    for (uint32_t i = 0, n = 0; i < experts->count; i++) {
        const struct decade_posting *next = &d->postings[experts->at[i]];

        if (goes_on(p, next) && n++ == turn % can)
            return next->person;
    }
    return d->departments[p->department].head;
}

/* Does who leaves with ${p} go on at the department? */
static bool stays(const struct decade *d, const struct decade_posting *p)
{
    const struct decade_department *at = &d->departments[p->department];

    for (uint32_t i = 0; i < at->experts.count; i++) {
        if (d->postings[at->experts.at[i]].person == p->person)
            return true;
    }
    return false;
}

static int hand_over(
    struct decade *d, struct chance *c, uint32_t posting, struct err *err)
{
    const struct decade_posting *p = &d->postings[posting];
    uint32_t successor = successor_of(d, p, posting);
    bool named = chance_permille(c, NAMED_PERMILLE) && successor != DECADE_NONE;
    bool accepted = chance_permille(c, ACCEPTED_PERMILLE);
    char id[PERSON_ID_MAX];
    bool written = false;
    int r = 0;

    if (named)
        r = say(d,
            &(struct saying){"$name-successor", posting, p->person, successor,
                noon(p->until - NAMES_DAYS)},
            err);
    if (r == 0 && named && accepted)
        r = say(d,
            &(struct saying){"$acknowledge", posting, successor, DECADE_NONE,
                noon(p->until - ACCEPTS_DAYS)},
            err);
    if (r == 0)
        r = handover_end(d->app, str_of(posting_id(d, posting, id)),
            decade_evening(p->until + 1), &written, err);
    return r;
}

int decade_hand_over(struct decade *d, struct err *err)
{
    struct chance c = chance_from(d->options.seed, "handover");
    int r = 0;

    day_number since = 0;
    unsigned month = 0;
    unsigned day = 0;
    int year = 0;

    decade_date_of(d->last, &year, &month, &day);
    since = decade_day_of(year, CHANGE_MONTH, 1);
    for (uint32_t i = 0; r == 0 && i < d->posting_count; i++) {
        const struct decade_posting *p = &d->postings[i];

        if (p->until >= since && p->until < d->last && !stays(d, p))
            r = hand_over(d, &c, i, err);
    }
    return r;
}
