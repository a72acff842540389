/* SPDX-License-Identifier: Apache-2.0 */
/* People who learn an operation in the network of network.h, and what is asked about them. */
#ifndef TEST_APP_LEARNERS_H
#define TEST_APP_LEARNERS_H

#include "logbook.h"

#define DAY_MS 86400000LL

struct learner {
    int number;
    const char *teaching; /* department */
    const char *end;      /* of the apprenticeship; NULL: it runs */
    int cases;            /* as operator, a day each from the begin on */
    int signed_after;     /* so many of them; 0: not */
    const char *left;     /* the last day of their only post; NULL: they stay */
};

static inline const char *day_of(int n)
{
    char iso[TIME_ISO_MAX];

    time_iso(NOW + n * DAY_MS, iso);
    return arena_printf(arena, "%.10s", iso);
}

static inline void put(const char *path, const char *body)
{
    write_as(NULL, APP_PUT, path, body, 201);
}

static inline void put_cases(const char *id, int count)
{
    for (int i = 0; i < count; i++)
        write_as(NULL, APP_POST, "Procedure",
            arena_printf(arena,
                "{\"resourceType\":\"Procedure\",\"status\":\"completed\","
                "\"code\":{\"coding\":[{\"system\":\"" SYSTEM
                "procedure\",\"code\":\"appendectomy\"}]},\"subject\":{\"reference\":"
                "\"Patient/pema\"},\"performedDateTime\":\"%s\",\"performer\":[{"
                "\"function\":{\"coding\":[{\"system\":\"" SYSTEM
                "operation-function\",\"code\":\"operator\"}]},\"actor\":{"
                "\"reference\":\"Practitioner/%s\"}}]}",
                day_of(i), id),
            201);
}

/* The sign-off of ${person}, under the same id, signed on the day ${day}. */
static inline void put_signed(const char *person, const char *day)
{
    put(arena_printf(arena, "SignOff/%s", person),
        arena_printf(arena,
            "{\"resourceType\":\"SignOff\",\"id\":\"%s\",\"status\":\"signed\","
            "\"person\":{\"reference\":\"Practitioner/%s\"},\"procedure\":{"
            "\"coding\":[{\"system\":\"" SYSTEM
            "procedure\",\"code\":\"appendectomy\"}]},\"organization\":{"
            "\"reference\":\"Organization/county\"},\"department\":{\"reference\":"
            "\"Organization/county-surgery\"},\"proposed\":{\"who\":{\"reference\":"
            "\"Practitioner/chen\"},\"when\":\"%sT11:00:00Z\"},\"listed\":"
            "\"%sT12:00:00Z\",\"rules\":\"1\",\"condition\":[{\"name\":\"volume\","
            "\"answer\":\"met\"}],\"signed\":\"%sT12:00:00Z\"}",
            person, person, day, day, day));
}

static inline void put_learner(const struct learner *l)
{
    const char *id = arena_printf(arena, "learner%d", l->number);

    put(arena_printf(arena, "Practitioner/%s", id),
        arena_printf(arena, "{\"resourceType\":\"Practitioner\",\"id\":\"%s\"}", id));
    put(arena_printf(arena, "PractitionerRole/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
            "\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"organization\":{"
            "\"reference\":\"Organization/county-surgery\"},\"code\":[{\"coding\":[{"
            "\"system\":\"" SYSTEM "role\",\"code\":\"clinician\"}]}],\"period\":{"
            "\"start\":\"2025-01-01\"%s}}",
            id, id, l->left ? arena_printf(arena, ",\"end\":\"%s\"", l->left) : ""));
    put(arena_printf(arena, "Apprenticeship/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Apprenticeship\",\"id\":\"%s\",\"status\":\"active\","
            "\"apprentice\":{\"reference\":\"Practitioner/%s\"},\"master\":{"
            "\"reference\":\"Practitioner/chen\"},\"learningDepartment\":{"
            "\"reference\":\"Organization/county-surgery\"},\"teachingDepartment\":{"
            "\"reference\":\"Organization/%s\"},\"period\":{\"start\":\"2026-01-01\"%s}"
            ",\"goal\":[{\"procedure\":{\"coding\":[{\"system\":\"" SYSTEM
            "procedure\",\"code\":\"appendectomy\"}]},\"targetLevel\":5}]}",
            id, id, l->teaching,
            l->end ? arena_printf(arena, ",\"end\":\"%s\"", l->end) : ""));
    put_cases(id, l->cases);
    if (l->signed_after)
        put_signed(id, day_of(l->signed_after - 1));
}

/* Seven in the twin's surgery. With times in steps of five: independent after 10 (two, at 8 and
 * 10 cases) and 20; left after 15; under way at 5 (the term ended), 25 and 25. */
static inline void put_seven(void)
{
    static const struct learner seven[] = {
        {1, "twin-surgery", NULL, 12, 8, NULL},
        {2, "twin-surgery", NULL, 10, 10, NULL},
        {3, "twin-surgery", NULL, 18, 18, NULL},
        {4, "twin-surgery", NULL, 14, 0, "2026-02-01"},
        {5, "twin-surgery", "2026-01-20", 3, 0, NULL},
        {6, "twin-surgery", NULL, 22, 0, NULL},
        {7, "twin-surgery", NULL, 24, 0, NULL},
    };

    for (size_t i = 0; i < sizeof(seven) / sizeof(seven[0]); i++)
        put_learner(&seven[i]);
}

static inline void put_some(int from, int count, const char *teaching)
{
    for (int i = 0; i < count; i++)
        put_learner(&(struct learner){from + i, teaching, NULL, 2, 0, NULL});
}

static inline struct said *ask_for(const char *person, const char *query)
{
    time_hold(time_days(2026, 4, 2) * DAY_MS);
    return said_status(
        get_as(person, arena_printf(arena,
                           "Apprenticeship/$independence?period=2026-Q1%s", query)),
        200);
}

#endif
