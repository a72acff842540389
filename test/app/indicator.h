/* SPDX-License-Identifier: Apache-2.0 */
/* A small programme for tests of figures, and figures as short texts. */
#ifndef TEST_APP_INDICATOR_H
#define TEST_APP_INDICATOR_H

#include "node.h"
#include "view/indicator_define.h"

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

#define CODED(system, code)                                                            \
    "{'coding':[{'system':'https://belay.health/CodeSystem/" system "','code':'" code  \
    "'}]}"
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

#define UNTIL(at) ",'end':'" at "'"

/* A time of a Device in service, a state of a gap, a payment of a Funding. */
#define SERVED(from, until)                                                            \
    "{" OWN("in-service") ",'valuePeriod':{'start':'" from "'" until "}}"
#define WAS(code, on) "{'type':" CODED("gap-state", code) ",'valueDate':'" on "'}"
#define PAYMENT(on, amount, use)                                                       \
    "{'on':'" on "','amount':" amount ",'use':'" use                                   \
    "'," REF("by", "Practitioner/m1") "}"

/* The node at ${now}, with two hospitals, a department of the first, and one that helps. */
static inline void open_hospitals(utc_ms now)
{
    time_hold(now);
    node_open(&node, true);
    put("Organization/lhasa", "'name':'Lhasa'");
    put("Organization/ortho", PART_OF("lhasa"));
    put("Organization/xigaze", "'name':'Xigaze'");
    put("Organization/bj1", "'name':'Beijing 1','address':[{'state':'Beijing'}]");
}

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

static inline struct str code_of(const struct json *stratum)
{
    return json_get_text(
        json_at(json_get(json_get(stratum, "value"), "coding"), 0), "code");
}

/* The first group of a report, and its strata. */
static inline const struct json *group_of(const struct json *report)
{
    return json_at(json_get(report, "group"), 0);
}

static inline struct json_each strata_of(const struct json *report)
{
    return json_each(
        json_get(json_at(json_get(group_of(report), "stratifier"), 0), "stratum"));
}

/* Scores: "4; lhasa=2 ..."; what has none is *. */
static inline void add_figure(struct buf *b, const struct json *report)
{
    struct json_each it = strata_of(report);

    add_score(b, group_of(report));
    buf_adds(b, ";");
    while (json_next(&it)) {
        struct str code = code_of(it.value);

        str_cut(&code, str_starts(code, "Organization/") ? '/' : '#');
        if (!code.p)
            code = code_of(it.value);
        buf_addf(b, " %.*s=", (int)code.len, code.p);
        add_score(b, it.value);
    }
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

/* Of a proportion or of values, by stratum too. */
static inline void add_measures(struct buf *b, const struct json *report)
{
    struct json_each it = strata_of(report);

    add_measured(b, group_of(report));
    while (json_next(&it)) {
        struct str code = code_of(it.value);

        buf_addf(b, "; %.*s: ", (int)code.len, code.p);
        add_measured(b, it.value);
    }
}

/* The records behind it: "PractitionerRole/p4 ... others=0". */
static inline void add_rows(struct buf *b, const struct json *parameters)
{
    struct json_each it = json_each(json_get(parameters, "parameter"));

    while (json_next(&it)) {
        struct json_each part = json_each(json_get(it.value, "part"));
        struct str others = json_text(json_get(it.value, "valueInteger"));

        while (json_next(&part)) {
            struct str text_of =
                json_get_text(json_get(part.value, "valueReference"), "reference");

            if (str_is(json_get_text(part.value, "name"), "record"))
                buf_addf(b, "%.*s ", (int)text_of.len, text_of.p);
        }
        if (!others.p)
            others = json_get_text(it.value, "valueCode");
        if (str_is(json_get_text(it.value, "name"), "others"))
            buf_addf(b, "others=%.*s", (int)others.len, others.p);
    }
}

/* The type of what a report's lists name, as the definition of its figure says it. */
static inline struct str subject_of(const struct json *report)
{
    struct str measure = json_get_text(report, "measure");
    struct str url = str_cut(&measure, '|');
    const struct indicator_defines *all = NULL;
    struct err err = {0};

    assert_int_equal(indicator_defines(&all, &err), 0);
    for (size_t i = 0; i < all->count; i++) {
        if (str_eq(all->list[i].url, url))
            return json_get_text(json_at(json_get(json_get(all->list[i].measure,
                                                      "subjectCodeableConcept"),
                                             "coding"),
                                     0),
                "code");
    }
    fail_msg("%.*s is no indicator", (int)url.len, url.p);
    return measure;
}

/* Does the reference ${to} name a record of ${type}? */
static inline void assert_about(struct str to, struct str type)
{
    struct str rest = to;

    if (!str_eq(str_cut(&rest, '/'), type))
        fail_msg("%.*s is no %.*s", (int)to.len, to.p, (int)type.len, type.p);
}

/* The entries of the lists within a report, or why there are none: "counted: Task/g1 (words) numerator: withheld" */
static inline void add_subjects(struct buf *b, const struct json *report)
{
    struct json_each list = json_each(json_get(report, "contained"));
    struct str about = subject_of(report);

    while (json_next(&list)) {
        struct str id = json_get_text(list.value, "id");
        struct json_each entry = json_each(json_get(list.value, "entry"));
        struct str why = json_get_text(
            json_at(json_get(json_get(list.value, "emptyReason"), "coding"), 0),
            "code");

        buf_addf(b, "%s%.*s:", b->len > 0 ? " " : "", (int)id.len, id.p);
        if (why.p)
            buf_addf(b, " %.*s", (int)why.len, why.p);
        while (json_next(&entry)) {
            const struct json *item = json_get(entry.value, "item");
            struct str to = json_get_text(item, "reference");
            struct str display = json_get_text(item, "display");

            assert_about(to, about);
            buf_addf(b, " %.*s", (int)to.len, to.p);
            if (display.p)
                buf_addf(b, " (%.*s)", (int)display.len, display.p);
        }
    }
}

/* How many facts the caller may not read, where a figure is over the others: "3", or "". */
static inline void add_left_out(struct buf *b, const struct json *report)
{
    struct json_each it = json_each(json_get(report, "extension"));

    while (json_next(&it)) {
        struct str count = json_get_text(it.value, "valueString");

        if (str_ends(json_get_text(it.value, "url"), "/indicator-left-out"))
            buf_add(b, count.p, count.len);
    }
}

/* What is asked, and what ought to be told; where a test says so. */
struct expected {
    const char *person, *id, *query, *want, *file;
    int line;
};

/* What is told of the question ${e}, as ${add} writes it, or the status of a refusal. */
static inline const char *told_of(struct arena *a, const char *operation,
    void (*add)(struct buf *b, const struct json *answer), const struct expected *e)
{
    struct said *s = ask_as(
        e->person, arena_printf(a, "Measure/%s/%s?%s", e->id, operation, e->query));
    const char *text = NULL;
    struct buf b;

    buf_init(&b, 1 << 16);
    if (s->status == 200)
        add(&b, s->json);
    else
        buf_addf(&b, "%d", s->status);
    text = arena_strndup(a, b.data, b.len);
    buf_done(&b);
    said_free(s);
    return text;
}

/* The same, as text for whoever compares otherwise. */
static inline const char *figure_for(
    struct arena *a, const char *person, const char *id, const char *query)
{
    return told_of(a, "$evaluate-measure", add_figure,
        &(struct expected){.person = person, .id = id, .query = query});
}

static inline const char *measured_for(
    struct arena *a, const char *person, const char *id, const char *query)
{
    return told_of(a, "$evaluate-measure", add_measures,
        &(struct expected){.person = person, .id = id, .query = query});
}

static inline const char *rows_for(
    struct arena *a, const char *person, const char *id, const char *query)
{
    return told_of(a, "$explain", add_rows,
        &(struct expected){.person = person, .id = id, .query = query});
}

static inline void assert_told(const char *operation,
    void (*add)(struct buf *b, const struct json *answer), const struct expected *e)
{
    struct arena *a = arena_new();

    _assert_string_equal(told_of(a, operation, add, e), e->want, e->file, e->line);
    arena_free(a);
}

#define EXPECTED(person, id, query, want)                                              \
    &(const struct expected)                                                           \
    {                                                                                  \
        person, id, query, want, __FILE__, __LINE__                                    \
    }

/* ${person} is told ${want} of the figure ${id}: its scores; its populations, scores and what stands with them; the
 * records behind it. */
#define assert_figure(person, id, query, want)                                         \
    assert_told("$evaluate-measure", add_figure, EXPECTED(person, id, query, want))
#define assert_measured(person, id, query, want)                                       \
    assert_told("$evaluate-measure", add_measures, EXPECTED(person, id, query, want))
#define assert_rows(person, id, query, want)                                           \
    assert_told("$explain", add_rows, EXPECTED(person, id, query, want))
#define assert_left_out(person, id, query, want)                                       \
    assert_told("$evaluate-measure", add_left_out, EXPECTED(person, id, query, want))
/* ... and the lists of what is counted. */
#define assert_subjects(person, id, query, want)                                       \
    assert_told("$evaluate-measure", add_subjects,                                     \
        EXPECTED(person, id, query "&reportType=subject-list", want))

#endif
