/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Meetings about the cases of a pairing: an MDT, a guided procedure. Of few pairings they are
 * asked for by their cases; of many all meetings are read once, and each pairing looks its
 * cases up among them.
 */
#include "app/pulse_internal.h"
#include "app/roster_internal.h"

#define FEW_PAIRINGS 4  /* of so many the meetings are asked for one by one */
#define FEW_CASES 200   /* and of so many cases */
#define NO_ROW SIZE_MAX /* the end of a chain */

struct pulse_meeting {
    utc_ms at;
    const struct pulse_pairing *counted; /* for whom it was counted last */
};

/* A case that a meeting was about. */
struct pulse_about {
    size_t meeting;
    size_t next; /* another meeting about the same; NO_ROW */
};

static bool took_place(const struct json *json)
{
    struct str status = json_get_text(json, "status");

    return str_is(status, "booked") || str_is(status, "arrived") ||
           str_is(status, "checked-in") || str_is(status, "fulfilled");
}

/* ${about} is what meeting number ${meeting} was about. */
static int add_about(struct pulse *p, struct str about, size_t meeting, struct err *err)
{
    size_t first = p->about_count;
    struct pulse_about *one = roster_more(
        p->seek.a, (void **)&p->abouts, &p->about_count, &p->about_cap, sizeof(*one));
    int r =
        one && about.p ? text_map_put(p->seek.a, &p->about, about, first, &first) : 0;

    if (!one || r < 0)
        return err_nomem(err);
    *one = (struct pulse_about){meeting, NO_ROW};
    if (about.p && r == 0) {
        one->next = p->abouts[first].next;
        p->abouts[first].next = p->about_count - 1;
    }
    return 0;
}

static int take_meeting(struct pulse *p, const struct json *json, struct err *err)
{
    struct json_each it = json_each(json_get(json, "basedOn"));
    struct pulse_meeting *one = NULL;
    utc_ms lo = 0;
    utc_ms hi = 0;
    int r = 0;

    if (!took_place(json) || !fhir_date_range(json_get_text(json, "start"), &lo, &hi) ||
        lo > p->now)
        return 0;
    one = roster_more(p->seek.a, (void **)&p->meetings, &p->meeting_count,
        &p->meeting_cap, sizeof(*one));
    if (!one)
        return err_nomem(err);
    *one = (struct pulse_meeting){lo, NULL};
    while (r == 0 && json_next(&it))
        r = add_about(
            p, json_get_text(it.value, "reference"), p->meeting_count - 1, err);
    return r;
}

/* All meetings that ${pairs} find; those that were read before are forgotten. */
static int find_meetings(
    struct pulse *p, const struct search_pair *pairs, size_t count, struct err *err)
{
    struct seek_list found = {NULL, 0};
    int r = seek_all(&p->seek,
        &(struct seek_for){"Appointment", pairs, count, LIMIT_PULSE_RECORDS}, &found,
        err);

    p->meeting_count = 0;
    p->about_count = 0;
    p->about = (struct text_map){.slots = NULL};
    for (size_t i = 0; r == 0 && i < found.count; i++) {
        const struct json *json = NULL;

        r = seek_rid(&p->seek, found.rids[i], NULL, &json, err);
        if (r == 0 && json)
            r = take_meeting(p, json, err);
    }
    return r;
}

/* "A,B,C" of the cases; p NULL: no memory. */
static struct str cases_named(struct pulse *p, const struct pulse_cases *of)
{
    struct buf text;
    struct str named = {NULL, 0};

    buf_init(&text, LIMIT_BODY_BYTES);
    for (size_t i = 0; i < of->count; i++) {
        if (i > 0)
            buf_addc(&text, ',');
        buf_add(&text, of->names[i].p, of->names[i].len);
    }
    if (!text.error)
        named = str_of(arena_strndup(p->seek.a, text.data, text.len));
    buf_done(&text);
    return named;
}

/* Those about the cases of few pairings are asked for; for many all are read, once. */
static int read_meetings(struct pulse *p, const struct pulse_cases *of, struct err *err)
{
    char from[TIME_ISO_MAX];
    struct search_pair pairs[] = {{STR("date"), {NULL, 0}},
        {STR("_total"), STR("none")}, {STR("based-on"), {NULL, 0}}};
    bool few = !p->meetings_read && p->pairings_found++ < FEW_PAIRINGS &&
               of->count <= FEW_CASES;
    int r = 0;

    if (p->meetings_read)
        return 0;
    /* of all pairings: the earliest month that any of them shows is the same within a day */
    time_iso(of->since - 2 * PULSE_DAY_MS, from);
    pairs[0].value = str_of(arena_printf(p->seek.a, "ge%s", from));
    pairs[2].value = few ? cases_named(p, of) : (struct str){"", 0};
    if (!pairs[0].value.p || !pairs[2].value.p)
        return err_nomem(err);
    r = find_meetings(p, pairs, few ? 3 : 2, err);
    p->meetings_read = r == 0 && !few;
    return r;
}

/* A meeting about several cases of a pairing is one contact. */
static int visit_about(struct pulse *p, const struct pulse_pairing *pairing,
    struct str about, int (*take)(void *, utc_ms, struct err *), void *arg,
    struct err *err)
{
    size_t row = NO_ROW;
    int r = 0;

    if (!text_map_get(&p->about, about, &row))
        return 0;
    while (r == 0 && row != NO_ROW) {
        struct pulse_meeting *one = &p->meetings[p->abouts[row].meeting];

        if (one->counted != pairing)
            r = take(arg, one->at, err);
        one->counted = pairing;
        row = p->abouts[row].next;
    }
    return r;
}

int pulse_meetings(struct pulse *p, const struct pulse_cases *of,
    int (*take)(void *arg, utc_ms at, struct err *err), void *arg, struct err *err)
{
    int r = of->count > 0 ? read_meetings(p, of, err) : 0;

    for (size_t i = 0; r == 0 && i < of->count; i++)
        r = visit_about(p, of->pairing, of->names[i], take, arg, err);
    return r;
}
