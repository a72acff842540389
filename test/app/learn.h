/* SPDX-License-Identifier: Apache-2.0 */
/* Courses in the network of logbook.h: a placement of tashi, of the county, at the twin. */
#ifndef TEST_APP_LEARN_H
#define TEST_APP_LEARN_H

#include "logbook.h"

#define DAY_MS 86400000LL
#define DAY(name, day) "{\"name\":\"" name "\",\"valueDate\":\"" day "\"}"
#define INT(name, n) "{\"name\":\"" name "\",\"valueInteger\":" n "}"
#define TRUTH(name, v) "{\"name\":\"" name "\",\"valueBoolean\":" v "}"
#define AIM(parts) "{\"name\":\"aim\",\"part\":[" parts "]}"
#define PLAN                                                                           \
    CODE("kind", "placement")                                                          \
    "," TEXT("title", "Surgery at the twin") "," WHO(                                  \
        "organiser", "Organization/twin-surgery") "," WHO("organiser",                 \
        "Organization/county-surgery") "," DAY("start", "2026-01-05") "," DAY("end",   \
        "2026-03-31") "," WHO("teacher",                                               \
        "Practitioner/chen") "," AIM(CODE("procedure",                                 \
        "appendectomy") "," INT("target", "4") "," INT("operations",                   \
        "2")) "," AIM(TEXT("text", "Runs the morning round"))
#define TASHI WHO("person", "Practitioner/tashi")

static inline const char *made(struct said *s)
{
    const char *id = said_text(s, "id");

    id = arena_strndup(arena, id, strlen(id));
    said_free(s);
    return id;
}

static inline const char *plan(const char *person, const char *parameters)
{
    return made(post_status(person, "Course/$plan", parameters, 201));
}

static inline const char *below(const char *type, const char *id, const char *operation)
{
    return arena_printf(arena, "%s/%s/$%s", type, id, operation);
}

static inline const char *enrol(
    const char *person, const char *course, const char *whom)
{
    return made(post_status(person, below("Course", course, "enrol"), whom, 201));
}

static inline void step(const char *person, const char *enrolment,
    const char *operation, const char *parameters)
{
    said_free(
        post_status(person, below("Enrolment", enrolment, operation), parameters, 200));
}

static inline void no_step(const char *person, const char *enrolment,
    const char *operation, const char *parameters, int status)
{
    refused(person, below("Enrolment", enrolment, operation), parameters, status);
}

static inline struct said *learning(const char *person, const char *query)
{
    return said_status(
        get_as(person, arena_printf(arena, "Enrolment/$learning%s", query)), 200);
}

static inline int count_rows(const char *person, const char *query)
{
    struct said *s = learning(person, query);
    int count = 0;

    while (parts_of(json_get(s->json, "parameter"), "enrolment", count))
        count++;
    said_free(s);
    return count;
}

static inline void at(int64_t year, unsigned month, unsigned day)
{
    time_hold(time_days(year, month, day) * DAY_MS + DAY_MS / 2);
}

/* The one that has come to its end, else the first. */
static inline const struct json *row_of(struct said *s)
{
    const struct json *all = json_get(s->json, "parameter");
    const struct json *row = NULL;

    for (int i = 0; (row = parts_of(all, "enrolment", i)); i++) {
        if (strcmp(part(row, "status"), "completed") == 0)
            return row;
    }
    return parts_of(all, "enrolment", 0);
}

static inline const char *use(struct said *s, int aim, int look, const char *what)
{
    const struct json *parts = parts_of(row_of(s), "aim", aim);

    return part(parts_of(parts, "use", look), what);
}

/* tashi, back on 28 February; ${accept}: the person agreed. */
static inline const char *returned(bool accept)
{
    const char *course = plan("chen", PLAN);
    const char *id = enrol("chen", course, TASHI);

    if (accept)
        step("tashi", id, "accept", "");
    at(2026, 2, 28);
    step("chen", id, "complete", TRUTH("passed", "true") "," DAY("end", "2026-02-28"));
    return id;
}

#define ANSWER(aim, month, used)                                                       \
    INT("aim", aim) "," INT("month", month) "," TRUTH("used", used)

#endif
