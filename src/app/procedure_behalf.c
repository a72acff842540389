/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For whom somebody took part in an operation (Procedure.performer.onBehalfOf): the team that had
 * posted them there on that day. It is written with the operation, since who looks at it in
 * ten years cannot know who was a visitor then without reading every posting again. Who was
 * at home there acts for nobody else, and nothing is written.
 */
#include "app/procedure_internal.h"
#include "app/roster_internal.h"

/* Is ${period} in force at some moment from ${from} until ${until}? */
static bool is_in_force(const struct json *period, utc_ms from, utc_ms until)
{
    utc_ms begin = UTC_MS_MIN, end = UTC_MS_MAX, other = 0;
    struct str start = json_get_text(period, "start");
    struct str last = json_get_text(period, "end");

    if ((start.p && !fhir_date_range(start, &begin, &other)) ||
        (last.p && !fhir_date_range(last, &other, &end)))
        return false;
    return begin < until && from < end;
}

static int look_at(const struct json *post, struct reader *reader, store_rid hospital,
    struct span when, struct str *ret, struct err *err)
{
    struct str unit = json_get_text(json_get(post, "organization"), "reference");
    struct str team = json_get_text(
        json_get(roster_extension(post, POSTING_TEAM), "valueReference"), "reference");
    store_rid at = 0;
    int r = 0;

    if (!team.p || !unit.p || json_kind(json_get(post, "active")) == JSON_FALSE ||
        !is_in_force(json_get(post, "period"), when.from, when.until))
        return 0;
    r = reader_hospital_of(reader, unit, &at, err);
    if (r == 0 && at == hospital)
        *ret = team;
    return r;
}

int procedure_behalf(const struct seek *s, struct reader *reader,
    const struct procedure_visit *visit, struct str *ret, struct err *err)
{
    const struct search_pair pairs[] = {{STR("practitioner"), visit->who},
        {STR("role"), STR("https://belay.health/CodeSystem/role|expert")},
        {STR("_total"), STR("none")}};
    struct seek_list posts = {NULL, 0};
    struct span when = {0, 0};
    struct str team = {NULL, 0};
    int r = 0;

    *ret = team;
    if (!fhir_date_range(visit->performed, &when.from, &when.until))
        return 0;
    if (when.until <= when.from) /* a moment */
        when.until = when.from + 1;
    r = seek_all(s,
        &(struct seek_for){"PractitionerRole", pairs, 3, LIMIT_BEHALF_POSTS}, &posts,
        err);
    for (size_t i = 0; r == 0 && !team.p && i < posts.count; i++) {
        const struct json *post = NULL;

        r = seek_rid(s, posts.rids[i], NULL, &post, err);
        if (r == 0 && post)
            r = look_at(post, reader, visit->hospital, when, &team, err);
    }
    if (r == 0)
        *ret = team;
    return r;
}
