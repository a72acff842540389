/* SPDX-License-Identifier: Apache-2.0 */
/* Operations and ratings for tests of logbooks: each in a few numbers, and as JSON. */
#ifndef TEST_VIEW_LOGBOOK_SAMPLE_H
#define TEST_VIEW_LOGBOOK_SAMPLE_H

#include "base/time.h"

#include "search_node.h"
#include "unit.h"
#include "view/logbook.h"

#define T 1767225600000LL /* 2026-01-01 */
#define DAY 86400000LL

struct part {
    int who;
    enum procedure_function function;
    int step; /* 0: of the whole */
};

struct operation {
    int id;
    bool counts;
    int day; /* after T */
    int code;
    int department; /* 0: not said */
    struct part parts[3];
    int part_count;
    enum procedure_result results[LOOKS];
    bool reviewed;
    enum procedure_result imported; /* RESULT_NOT_ASKED: it is not */
};

struct said {
    int id;
    int procedure;
    int whom;
    int by;
    int zwisch;
    bool answered;
    int step; /* on the same scale; 0: of no step is anything said */
};

static inline void add_follow_up(struct buf *b, const char *at, const char *result)
{
    buf_addf(b,
        ",{\"url\":\"" PROCEDURE_FOLLOW_UP_URL
        "\",\"extension\":[{\"url\":\"at\",\"valueCode\":\"%s\"},"
        "{\"url\":\"result\",\"valueCode\":\"%s\"}]}",
        at, result);
}

static inline struct str operation_json(struct buf *b, const struct operation *s)
{
    char iso[TIME_ISO_MAX];

    buf_clear(b);
    time_iso(T + s->day * DAY, iso);
    buf_addf(b,
        "{\"resourceType\":\"Procedure\",\"id\":\"c%d\",\"status\":\"%s\",\"code\":{"
        "\"coding\":[{\"system\":\"urn:x\",\"code\":\"y\"},{\"system\":"
        "\"" PROCEDURE_SYSTEM "\",\"code\":\"p%d\"}]},\"subject\":{\"display\":\"?\"},"
        "\"performedDateTime\":\"%s\",\"performer\":[{\"actor\":{\"reference\":"
        "\"Practitioner/p9\"}}",
        s->id, s->counts ? "completed" : "entered-in-error", s->code, iso);
    for (int i = 0; i < s->part_count; i++)
        buf_addf(b,
            ",{\"extension\":[{\"url\":\"%s\",\"valueString\":\"s%d\"}],\"function\":"
            "{\"coding\":[{\"system\":\"" PROCEDURE_FUNCTION_SYSTEM
            "\",\"code\":\"%s\"}]},\"actor\":{\"reference\":\"Practitioner/p%d\"}}",
            s->parts[i].step ? PROCEDURE_STEP_URL : "urn:other", s->parts[i].step,
            procedure_function_code(s->parts[i].function), s->parts[i].who);
    buf_addf(b, "],\"extension\":[{\"url\":\"urn:other\",\"valueCode\":\"x\"}");
    if (s->department)
        buf_addf(b,
            ",{\"url\":\"" PROCEDURE_DEPARTMENT_URL
            "\",\"valueReference\":{\"reference\":\"Organization/o%d\"}}",
            s->department);
    for (int i = 0; i < LOOKS; i++) {
        if (s->results[i] != RESULT_NOT_ASKED)
            add_follow_up(b, procedure_look_code((enum procedure_look)i),
                procedure_result_code(s->results[i]));
    }
    if (s->reviewed)
        add_follow_up(b, "review", "");
    if (s->imported != RESULT_NOT_ASKED)
        buf_addf(b,
            ",{\"url\":\"" PROCEDURE_IMPORTED_URL
            "\",\"extension\":[{\"url\":\"result\",\"valueCode\":\"%s\"}]}",
            procedure_result_code(s->imported));
    buf_addf(b, "]}");
    assert_int_equal(b->error, 0);
    return (struct str){b->data, b->len};
}

static inline struct str said_json(struct buf *b, const struct said *s)
{
    buf_clear(b);
    buf_addf(b,
        "{\"resourceType\":\"Observation\",\"id\":\"r%d\",\"status\":\"final\","
        "\"code\":{\"coding\":[{\"system\":\"" RATING_SYSTEM
        "\",\"code\":\"" RATING_CODE
        "\"}]},\"focus\":[{\"reference\":\"Practitioner/p%d\"}],\"performer\":[{"
        "\"reference\":\"Practitioner/p%d\"}],\"partOf\":[{\"reference\":"
        "\"Procedure/c%d\"}],\"issued\":\"2026-02-01T00:00:00Z\",\"component\":[{"
        "\"code\":{\"coding\":[{\"system\":\"" RATING_SYSTEM
        "\",\"code\":\"zwisch\"}]},\"valueInteger\":%d},{"
        "\"code\":{\"coding\":[{\"system\":\"" RATING_SYSTEM
        "\",\"code\":\"step\"}],\"text\":\"cut\"},\"valueInteger\":%d}]%s}",
        s->id, s->whom, s->by, s->procedure, s->zwisch, s->step,
        s->answered ? ",\"note\":[{\"text\":\"well\"}]" : "");
    assert_int_equal(b->error, 0);
    return (struct str){b->data, b->len};
}

#endif
