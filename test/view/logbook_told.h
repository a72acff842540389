/* SPDX-License-Identifier: Apache-2.0 */
/* What a logbook, ratings and lists of what waits say, as text. */
#ifndef TEST_VIEW_LOGBOOK_TOLD_H
#define TEST_VIEW_LOGBOOK_TOLD_H

#include "logbook_sample.h"

static struct search_node node;

/* ---- reading ---- */

static inline store_rid rid_of(const char *type, char letter, int n)
{
    unsigned number = fhir_resource_named(str_of(type))->number;
    store_rid rid = store_rid_first(number) + (1 << 20) + n;
    struct err err = {0};
    char id[16];

    snprintf(id, sizeof(id), "%c%d", letter, n);
    if (store_find(node_reader(&node), number, str_of(id), &rid, &err) < 0)
        rid = store_rid_first(number) + (1 << 20) + n;
    return rid;
}

static inline struct str name_of(store_rid rid)
{
    struct str id = {"-", 1};
    struct err err = {0};

    if (rid)
        assert_int_equal(store_name(node.reader, node.arena, rid, &id, &err), 0);
    return id;
}

static char text[60000];

static inline void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline void say(const char *format, ...)
{
    size_t len = strlen(text);
    va_list list;

    va_start(list, format);
    vsnprintf(text + len, sizeof(text) - len, format, list);
    va_end(list);
}

static inline const char *logbook_of(int person)
{
    struct logbook_request rq = {
        .person = rid_of("Practitioner", 'p', person), .imported = true, .most = 1000};
    struct logbook_cases cases = {.count = 0};
    struct err err = {0};

    text[0] = '\0';
    assert_int_equal(
        logbook_cases(node_reader(&node), node.arena, &rq, &cases, &err), 0);
    assert_false(cases.more);
    for (size_t i = 0; i < cases.count; i++) {
        const struct logbook_case *c = &cases.list[i];

        say("%.*s:%d:%.*s:%s:", (int)name_of(c->procedure).len, name_of(c->procedure).p,
            (int)((c->when - T) / DAY), (int)c->code.len, c->code.p,
            procedure_function_code(c->function));
        say("%u%u%d:%.*s:", c->results[0], c->results[1], c->reviewed,
            (int)name_of(c->department).len, name_of(c->department).p);
        for (size_t k = 0; k < c->part_count; k++)
            say("%.*s%c", (int)name_of(c->parts[k].who).len, name_of(c->parts[k].who).p,
                *procedure_function_code(c->parts[k].function));
        for (size_t k = 0; k < c->step_count; k++)
            say(":%.*s%c", (int)c->steps[k].step.len, c->steps[k].step.p,
                *procedure_function_code(c->steps[k].function));
        say("%s\n", c->imported ? ":imported" : "");
    }
    return text;
}

static inline const char *events_of(int department)
{
    store_rid at = department ? rid_of("Organization", 'o', department) : 0;
    struct logbook_events found = {.count = 0};
    struct err err = {0};

    text[0] = '\0';
    assert_int_equal(
        logbook_events(node_reader(&node), node.arena, at, 1000, &found, &err), 0);
    for (size_t i = 0; i < found.count; i++)
        say("%.*s %d\n", (int)name_of(found.list[i].procedure).len,
            name_of(found.list[i].procedure).p, (int)((found.list[i].when - T) / DAY));
    return text;
}

static inline const char *ratings_of(int person, int procedure)
{
    struct logbook_ratings found = {.count = 0};
    struct err err = {0};
    struct logbook_request rq = {.person = rid_of("Practitioner", 'p', person),
        .procedure = procedure ? rid_of("Procedure", 'c', procedure) : 0,
        .most = 1000};

    text[0] = '\0';
    assert_int_equal(
        logbook_ratings(node_reader(&node), node.arena, &rq, &found, &err), 0);
    for (size_t i = 0; i < found.count; i++) {
        const struct logbook_rating *g = &found.list[i];

        say("%.*s %.*s %.*s %d %d %d", (int)name_of(g->observation).len,
            name_of(g->observation).p, (int)name_of(g->procedure).len,
            name_of(g->procedure).p, (int)name_of(g->assessor).len,
            name_of(g->assessor).p, g->level, g->original, g->answered);
        for (size_t k = 0; k < g->step_count; k++)
            say(" %.*s %d", (int)g->steps[k].step.len, g->steps[k].step.p,
                g->steps[k].original);
        say("\n");
    }
    return text;
}

static inline const char *open_of(int department)
{
    store_rid at = department ? rid_of("Organization", 'o', department) : 0;
    struct logbook_opens found = {.count = 0};
    struct err err = {0};

    text[0] = '\0';
    assert_int_equal(
        logbook_open(node_reader(&node), node.arena, at, 1000, &found, &err), 0);
    for (size_t i = 0; i < found.count; i++)
        say("%.*s %d %s\n", (int)name_of(found.list[i].procedure).len,
            name_of(found.list[i].procedure).p, (int)((found.list[i].due - T) / DAY),
            procedure_look_code(found.list[i].missing));
    return text;
}

#endif
