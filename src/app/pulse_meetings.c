/* SPDX-License-Identifier: Apache-2.0 */
/* Meetings about the cases of one pairing, an MDT or a guided procedure: asked for by their cases, some at a time. */
#include "app/number_map.h"
#include "app/pulse_internal.h"

#define CASES_AT_ONCE 200

struct meetings {
    struct pulse *p;
    const struct pulse_cases *of;
    struct number_map seen; /* each is one contact, also where it is about several */
    uint32_t count;
};

bool pulse_took_place(const struct json *appointment)
{
    struct str status = json_get_text(appointment, "status");

    return str_is(status, "booked") || str_is(status, "arrived") ||
           str_is(status, "checked-in") || str_is(status, "fulfilled");
}

/* "A,B,C" of ${count} cases from ${first} on; p NULL: no memory. */
static struct str cases_named(struct meetings *m, size_t first, size_t count)
{
    struct buf text;
    struct str named = {NULL, 0};

    buf_init(&text, LIMIT_BODY_BYTES);
    for (size_t i = first; i < first + count; i++) {
        if (i > first)
            buf_addc(&text, ',');
        buf_add(&text, m->of->names[i].p, m->of->names[i].len);
    }
    if (!text.error)
        named = str_of(arena_strndup(m->p->seek.a, text.data, text.len));
    buf_done(&text);
    return named;
}

static int take_one(struct meetings *m, store_rid rid,
    int (*take)(void *, utc_ms, struct err *), void *arg, struct err *err)
{
    const struct json *json = NULL;
    uint32_t at = 0;
    utc_ms from = 0;
    utc_ms until = 0;
    int r = 0;

    if (!number_map_take(m->p->seek.a, &m->seen, (uint64_t)rid, m->count, &at))
        return err_nomem(err);
    if (at < m->count++)
        return 0;
    r = seek_rid(&m->p->seek, rid, NULL, &json, err);
    if (r < 0 || !json || !pulse_took_place(json) ||
        !fhir_date_range(json_get_text(json, "start"), &from, &until))
        return r;
    return take(arg, from, err);
}

static int find_some(struct meetings *m, size_t first, size_t count,
    int (*take)(void *, utc_ms, struct err *), void *arg, struct err *err)
{
    char from[TIME_ISO_MAX];
    struct search_pair pairs[] = {{STR("date"), {NULL, 0}},
        {STR("_total"), STR("none")}, {STR("based-on"), {NULL, 0}}};
    struct seek_list found = {NULL, 0};
    int r = 0;

    time_iso(m->of->since - 2 * PULSE_DAY_MS, from);
    pairs[0].value = str_of(arena_printf(m->p->seek.a, "ge%s", from));
    pairs[2].value = cases_named(m, first, count);
    if (!pairs[0].value.p || !pairs[2].value.p)
        return err_nomem(err);
    r = seek_all(&m->p->seek,
        &(struct seek_for){"Appointment", pairs, 3, LIMIT_PULSE_RECORDS}, &found, err);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = take_one(m, found.rids[i], take, arg, err);
    return r;
}

int pulse_meetings(struct pulse *p, const struct pulse_cases *of,
    int (*take)(void *arg, utc_ms at, struct err *err), void *arg, struct err *err)
{
    struct meetings m = {.p = p, .of = of};
    int r = 0;

    for (size_t i = 0; r == 0 && i < of->count; i += CASES_AT_ONCE) {
        size_t left = of->count - i;

        r = find_some(
            &m, i, left < CASES_AT_ONCE ? left : CASES_AT_ONCE, take, arg, err);
    }
    return r;
}
