/* SPDX-License-Identifier: Apache-2.0 */
/* A small programme for tests of figures, and figures as short texts. */
#ifndef TEST_APP_INDICATOR_H
#define TEST_APP_INDICATOR_H

#include "node.h"

static struct node node;

#define YEAR(y) "periodStart=" y "&periodEnd=" y
#define PROGRAM NULL /* of the operator: it may read all */

/* Put the record ${path}, whose members after resourceType and id are ${rest}, with ' for ". */
static inline void put_in(enum app_space space, const char *path, const char *rest)
{
    struct arena *a = arena_new();
    struct str type = str_of(path);
    struct str id = type;
    char *text = NULL;

    type = str_cut(&id, '/');
    text = arena_printf(a, "{'resourceType':'%.*s','id':'%.*s'%s%s}", (int)type.len,
        type.p, (int)id.len, id.p, rest[0] ? "," : "", rest);
    for (char *at = text; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    {
        struct said *s = node_ask(
            &node, (struct ask){
                       .method = APP_PUT, .space = space, .path = path, .body = text});

        if (s->status != 200 && s->status != 201)
            fail_msg("%s: %d %.*s", path, s->status, (int)s->call.answer.len,
                s->call.answer.data);
        said_free(s);
    }
    arena_free(a);
}

static inline void put(const char *path, const char *rest)
{
    put_in(APP_FHIR, path, rest);
}

/* A record of a type of ours. */
#define PUT_OWN(path, rest) put_in(APP_PROGRAMME, path, rest)

/* After all tests of a group. */
static inline int close_node(void **state)
{
    (void)state;
    node_close(&node);
    time_hold(0);
    return 0;
}

#define REF(member, to) "'" member "':{'reference':'" to "'}"
#define OWN(name) "'url':'https://belay.health/StructureDefinition/" name "'"

#define ROLE(code)                                                                     \
    "'code':[{'coding':[{'system':'https://belay.health/CodeSystem/"                   \
    "role','code':'" code "'}]}]"
#define UNIT(id) "'organization':{'reference':'Organization/" id "'}"
#define WHO(id) "'practitioner':{'reference':'Practitioner/" id "'}"
#define PART_OF(id) "'partOf':{'reference':'Organization/" id "'}"
#define TEAM(id)                                                                       \
    "'extension':[{'url':'https://belay.health/StructureDefinition/posting-team',"     \
    "'valueReference':{'reference':'Organization/" id "'}}]"
#define PERIOD(from, until) "'period':{'start':'" from "','end':'" until "'}"

static inline void put_person(const char *id, const char *role, const char *unit)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "Practitioner/%s", id), "'active':true");
    put(arena_printf(a, "PractitionerRole/post-%s", id),
        arena_printf(a,
            "'practitioner':{'reference':'Practitioner/%s'},'code':[{'coding':[{"
            "'system':'https://belay.health/CodeSystem/role','code':'%s'}]}]%s%s%s",
            id, role, unit ? ",'organization':{'reference':'Organization/" : "",
            unit ? unit : "", unit ? "'}" : ""));
    arena_free(a);
}

static inline struct said *ask_as(const char *person, const char *path)
{
    return said_by(
        person, &(struct app_call){.app = node.app,
                    .method = APP_GET,
                    .query = str_of(path),
                    .caller = {.name = STR("somebody"), .role = STR("program")}});
}

static inline void add_score(struct buf *b, const struct json *of)
{
    struct str score = json_text(json_get(json_get(of, "measureScore"), "value"));

    if (!score.p)
        buf_adds(b, "*");
    else
        buf_add(b, score.p, score.len);
}

/* What ${person} is told of ${path}: "4; stratum=2 ..." in ${a}. */
static inline const char *figure_for(
    struct arena *a, const char *person, const char *id, const char *query)
{
    struct said *s =
        ask_as(person, arena_printf(a, "Measure/%s/$evaluate-measure?%s", id, query));
    const struct json *group = json_at(json_get(s->json, "group"), 0);
    struct json_each it =
        json_each(json_get(json_at(json_get(group, "stratifier"), 0), "stratum"));
    const char *text = NULL;
    struct buf b;

    if (s->status != 200) {
        text = arena_printf(a, "%d", s->status);
        said_free(s);
        return text;
    }
    buf_init(&b, 1 << 16);
    add_score(&b, group);
    buf_adds(&b, ";");
    while (json_next(&it)) {
        struct str code = json_get_text(
            json_at(json_get(json_get(it.value, "value"), "coding"), 0), "code");

        buf_adds(&b, " ");
        str_cut(&code, str_starts(code, "Organization/") ? '/' : '#');
        if (!code.p)
            code = json_get_text(
                json_at(json_get(json_get(it.value, "value"), "coding"), 0), "code");
        buf_add(&b, code.p, code.len);
        buf_adds(&b, "=");
        add_score(&b, it.value);
    }
    text = arena_strndup(a, b.data, b.len);
    buf_done(&b);
    said_free(s);
    return text;
}

/* The member ${name} of the extension of a score; p NULL: it has none. */
static inline struct str score_part(const struct json *score, const char *name)
{
    struct json_each it =
        json_each(json_get(json_at(json_get(score, "extension"), 0), "extension"));

    while (json_next(&it)) {
        struct str value = json_text(json_get(it.value, "valueDecimal"));

        if (str_is(json_get_text(it.value, "url"), name))
            return value.p ? value : json_text(json_get(it.value, "valueInteger"));
    }
    return (struct str){NULL, 0};
}

/* Populations, then the score and the parts of its extension: "5/8 0.6250 low=0.3057 ..." */
static inline void add_measured(struct buf *b, const struct json *of)
{
    static const char *const parts[] = {"low", "high", "p90", "within", "limited"};
    struct json_each it = json_each(json_get(of, "population"));
    const struct json *score = json_get(of, "measureScore");
    struct str value = json_text(json_get(score, "value"));
    struct buf counts;

    buf_init(&counts, 256);
    while (json_next(&it)) {
        struct str count = json_text(json_get(it.value, "count"));
        char before[64];

        snprintf(before, sizeof(before), "%s%.*s", counts.len > 0 ? "/" : "",
            (int)counts.len, counts.data ? counts.data : "");
        buf_clear(&counts);
        buf_addf(&counts, "%.*s%s", count.p ? (int)count.len : 1,
            count.p ? count.p : "*", before);
    }
    buf_add(b, counts.data, counts.len);
    buf_done(&counts);
    if (value.p)
        buf_addf(b, " %.*s", (int)value.len, value.p);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct str part = score_part(score, parts[i]);

        if (part.p)
            buf_addf(b, " %s=%.*s", parts[i], (int)part.len, part.p);
    }
}

/* What ${person} (NULL: a program) is told of a proportion or of values, by stratum too. */
static inline const char *measured_for(
    struct arena *a, const char *person, const char *id, const char *query)
{
    const char *path = arena_printf(a, "Measure/%s/$evaluate-measure?%s", id, query);
    struct said *s =
        person ? ask_as(person, path)
               : node_ask(&node, (struct ask){.method = APP_GET, .path = path});
    const struct json *group = json_at(json_get(s->json, "group"), 0);
    struct json_each it =
        json_each(json_get(json_at(json_get(group, "stratifier"), 0), "stratum"));
    const char *text = NULL;
    struct buf b;

    buf_init(&b, 1 << 16);
    if (s->status == 200)
        add_measured(&b, group);
    else
        buf_addf(&b, "%d", s->status);
    while (json_next(&it)) {
        struct str code = json_get_text(
            json_at(json_get(json_get(it.value, "value"), "coding"), 0), "code");

        buf_addf(&b, "; %.*s: ", (int)code.len, code.p);
        add_measured(&b, it.value);
    }
    text = arena_strndup(a, b.data, b.len);
    buf_done(&b);
    said_free(s);
    return text;
}

/* The records behind it: "PractitionerRole/p4 ... others=0". */
static inline const char *rows_for(
    struct arena *a, const char *person, const char *id, const char *query)
{
    struct said *s =
        ask_as(person, arena_printf(a, "Measure/%s/$explain?%s", id, query));
    struct json_each it = json_each(json_get(s->json, "parameter"));
    const char *text = NULL;
    struct buf b;

    if (s->status != 200) {
        text = arena_printf(a, "%d", s->status);
        said_free(s);
        return text;
    }
    buf_init(&b, 1 << 16);
    while (json_next(&it)) {
        struct json_each part = json_each(json_get(it.value, "part"));
        struct str others = json_text(json_get(it.value, "valueInteger"));

        while (json_next(&part)) {
            struct str text_of =
                json_get_text(json_get(part.value, "valueReference"), "reference");

            if (str_is(json_get_text(part.value, "name"), "record"))
                buf_addf(&b, "%.*s ", (int)text_of.len, text_of.p);
        }
        if (!others.p)
            others = json_get_text(it.value, "valueCode");
        if (str_is(json_get_text(it.value, "name"), "others"))
            buf_addf(&b, "others=%.*s", (int)others.len, others.p);
    }
    text = arena_strndup(a, b.data, b.len);
    buf_done(&b);
    said_free(s);
    return text;
}

#endif
