/* SPDX-License-Identifier: Apache-2.0 */
/* A step that is made without looking anything up leaves what its operation leaves: the same
 * request, Task and words, member by member, after each step of a case; and so it is of meetings,
 * plans and watches. */
#include <math.h>

#include "app/beside_make.h"
#include "app/case_make.h"
#include "fhir/put.h"
#include "transfer.h"

#define P_ID(id) "{\"name\":\"id\",\"valueId\":\"" id "\"}"
#define MINUTE (60 * 1000LL)

/* ${record} without what the store adds. */
static const char *bare(const struct json *record)
{
    static const char *const added[] = {"meta", NULL};
    const char *text = NULL;
    struct json_out o;
    struct buf b;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    fhir_put_but(&o, record, added);
    json_close(&o, '}');
    text = arena_strndup(arena, b.data, b.len);
    assert_non_null(text);
    buf_done(&b);
    return text;
}

/* As the node has it; NULL: it has none. */
static const char *kept_at(const char *path)
{
    struct said *s = get_as(NULL, path);
    const char *text = s->status == 200 ? bare(s->json) : NULL;

    said_free(s);
    return text;
}

static const char *kept(const char *type, const char *id)
{
    return kept_at(arena_printf(arena, "%s/%s", type, id));
}

static struct str made_text(struct str text)
{
    const struct json *json = NULL;

    if (!text.p)
        return (struct str){NULL, 0};
    assert_int_equal(json_read(arena, text, LIMIT_RECORD_BYTES, &json, NULL), 0);
    return str_of(bare(json));
}

static void assert_same(struct str made, const char *there)
{
    assert_non_null(there);
    assert_string_equal(made.p, there);
}

/* Do ${name} by the operation and without it, and hold both against each other. */
static void both(const char *person, const char *name, const char *parameters,
    const char *words, struct case_make *m)
{
    const char *id = m->id.p;
    const char *request = kept("ServiceRequest", id);
    const char *task = kept("Task", id);
    const char *bed = kept("Location", "one");
    struct case_made made;
    struct err err = {0};
    int r = 0;

    m->step = arena_printf(arena, "$%s", name);
    m->by = str_of(arena_printf(arena, "Practitioner/%s", person));
    m->at = time_now();
    m->request = str_of(request);
    m->task = task ? str_of(task) : (struct str){NULL, 0};
    m->parameters = (struct str){NULL, 0};
    if (m->bed.p)
        m->bed = str_of(bed);
    if (parameters)
        m->parameters = str_of(arena_printf(
            arena, "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", parameters));
    r = case_make(m, &made, &err);
    if (r < 0)
        printf("%s: %s\n", name, err.text);
    assert_int_equal(r, 0);
    step(person, id, name, parameters);
    assert_same(made_text(made.task), kept("Task", id));
    assert_same(made.request.p ? made_text(made.request) : str_of(request),
        kept("ServiceRequest", id));
    if (m->bed.p)
        assert_same(
            made.bed.p ? made_text(made.bed) : str_of(bed), kept("Location", "one"));
    assert_int_equal(made.words.p != NULL, words != NULL);
    if (words)
        assert_same(made_text(made.words), kept_at(words));
    assert_string_equal(case_state_code(made.state), state_of(id));
}

/* What the operation would look up when the case is sent. */
static struct case_make begun(void)
{
    return (struct case_make){.app = node.app,
        .arena = arena,
        .id = STR("both"),
        .hospital = STR("Organization/county"),
        .unit = STR("Organization/twin-surgery"),
        .rungs = {STR("Practitioner/coordinator")},
        .rung_count = 1,
        .times = &case_rules_usual.by[CASE_URGENT],
        .way = {(double)NAN, -1}};
}

static void steps_are_those_of_the_operations(void **state)
{
    struct case_make m = begun();

    (void)state;
    put_draft("both", "pema", "Organization/twin-surgery", "urgent");
    both("nima", "send", NULL, NULL, &m);
    time_hold(NOW + 5 * MINUTE);
    both("chen", "accept", NULL, NULL, &m);
    time_hold(NOW + 9 * MINUTE);
    both("chen", "ask-back", P_TEXT("text", "Which leg?") "," P_ID("asked"),
        "Communication/asked", &m);
    time_hold(NOW + 50 * MINUTE);
    both("nima", "inform", P_TEXT("text", "The left") "," P_ID("informed"),
        "Communication/informed", &m);
    time_hold(NOW + 90 * MINUTE);
    both(
        "chen", "answer", ANSWER "," P_ID("opinion"), "ClinicalImpression/opinion", &m);
    time_hold(NOW + 300 * MINUTE);
    both("nima", "act", NULL, NULL, &m);
    time_hold(NOW + 4000 * MINUTE);
    both("nima", "outcome", OUTCOME, NULL, &m);
    both("nima", "close", NULL, NULL, &m);
    assert_string_equal(state_of("both"), "closed");
}

/* The same of a transfer and its bed, which is free again when the patient is back. */
static void a_transfer_takes_and_frees_its_bed(void **state)
{
    struct case_make m = begun();

    (void)state;
    m.id = STR("moved");
    m.times = &case_rules_usual.by[CASE_ROUTINE];
    time_hold(NOW);
    put_transfer("moved", "pema");
    put_bed("one", "twin", "U");
    both("nima", "send", NULL, NULL, &m);
    m.bed = STR("it is there");
    m.bed_hospital = STR("Organization/twin");
    both("chen", "accept-transfer", P_BED("one") "," P_ID("kept"), "Communication/kept",
        &m);
    assert_string_equal(bed_code("one"), "O");
    m.bed_hospital = (struct str){NULL, 0};
    time_hold(NOW + 30 * MINUTE);
    both("nima", "depart", DEPART "," P_ID("left"), "Communication/left", &m);
    time_hold(NOW + 300 * MINUTE);
    both("chen", "arrive", NULL, NULL, &m);
    time_hold(NOW + 9000 * MINUTE);
    both("chen", "return", RETURN_NOTE "," P_ID("note"), "Communication/note", &m);
    assert_string_equal(bed_code("one"), "U");
    m.bed = (struct str){NULL, 0};
    both("nima", "close", P_TRUE("lost-to-follow-up"), NULL, &m);
    time_hold(NOW);
}

/* ---- beside a case ---- */

/* ${text} with each ${from} as ${to}. */
static const char *swapped(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);

    while (at) {
        text = arena_printf(
            arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
        at = strstr(text, from);
    }
    return text;
}

/* Do ${name} of the case "with" by the operation and without it. ${answered} is the record that it
 * writes, ${changed} one that is there ("Type/ID"; NULL: none). */
static void both_beside(const char *person, const char *name, const char *parameters,
    const char *answered, const char *changed)
{
    const char *before = changed ? kept_at(changed) : NULL;
    struct beside_made made;
    struct err err = {0};
    const struct beside_make m = {.app = node.app,
        .arena = arena,
        .id = STR("with"),
        .step = arena_printf(arena, "$%s", name),
        .by = str_of(arena_printf(arena, "Practitioner/%s", person)),
        .at = time_now(),
        .refused = "age-unknown", /* nobody wrote down when pema was born */
        .parameters = str_of(arena_printf(
            arena, "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", parameters)),
        .request = str_of(kept("ServiceRequest", "with")),
        .task = str_of(kept("Task", "with")),
        .before = before ? str_of(before) : (struct str){NULL, 0}};
    int r = beside_make(&m, &made, &err);

    if (r < 0)
        printf("%s: %s\n", name, err.text);
    assert_int_equal(r, 0);
    step(person, "with", name, parameters);
    if (answered) {
        const char *there = kept_at(answered);
        const char *goal = strstr(there, "\"Goal/");

        if (goal) /* the operation gives goals names by chance */
            there = swapped(there, arena_strndup(arena, goal + 6, 36), "plan-g1");
        assert_same(made_text(made.records[0]), there);
    }
    if (made.changed.p)
        assert_same(made_text(made.changed), kept_at(changed));
    if (made.task.p)
        assert_same(made_text(made.task), kept("Task", "with"));
}

#define P_WHEN(name, at) "{\"name\":\"" name "\",\"valueInstant\":\"" at "\"}"
#define P_COUNT(name, n) "{\"name\":\"" name "\",\"valuePositiveInt\":" n "}"
#define P_MEETING "{\"name\":\"meeting\",\"valueId\":\"talk\"}"

static void what_is_beside_is_that_of_the_operations(void **state)
{
    (void)state;
    time_hold(NOW);
    put_draft("with", "pema", "Organization/twin-surgery", "urgent");
    step("nima", "with", "send", NULL);
    step("chen", "with", "answer", ANSWER);
    both_beside("chen", "call-mdt",
        P_ID("talk") "," P_TEXT("subject", "Which first") "," P_WHEN(
            "start", "2026-01-02T03:00:00Z") "," P_WHEN("end",
            "2026-01-02T04:00:00Z") ","
                                    "{\"name\":\"department\",\"valueReference\":{"
                                    "\"reference\":"
                                    "\"Organization/"
                                    "twin-surgery\"}},{\"name\":\"person\","
                                    "\"valueReference\":{\"reference\":\"Practitioner/"
                                    "nima\"}}",
        "Appointment/talk", NULL);
    both_beside("nima", "watch",
        P_ID("watched") "," P_WHEN("until", "2026-01-03T03:00:00Z") "," P_COUNT(
            "every", "240"),
        "CarePlan/watched", NULL);
    both_beside("chen", "plan",
        P_ID("plan") "," P_TEXT(
            "text", "Up soon") ",{\"name\":\"goal\",\"part\":[" P_TEXT("text",
            "Walks") ",{\"name\":\"due\",\"valueDate\":\"2026-02-01\"}]},"
                     "{\"name\":\"session\",\"part\":[" P_TEXT(
                         "text", "Standing") "," P_COUNT("times", "3") "," P_CODE("per",
                         "week") "," P_COUNT("weeks", "6") "]}",
        "CarePlan/plan", NULL);
    time_hold(NOW + 28 * 60 * MINUTE);
    both_beside("chen", "mdt-minutes",
        P_ID("said") "," P_MEETING "," P_TEXT("text", "All was seen") "," P_TEXT(
            "decision", "It goes on") ",{\"name\":\"present\",\"valueReference\":{"
                                      "\"reference\":\"Practitioner/nima\"}}",
        "Communication/said", "Appointment/talk");
    both_beside("nima", "end-watch", P_ID("watched"), NULL, "CarePlan/watched");
    both_beside("nima", "session",
        P_ID("walked") "," P_COUNT("session", "1") "," P_TRUE("done") "," P_TEXT(
            "text", "A little further"),
        "Procedure/walked", "CarePlan/plan");
    time_hold(NOW);
}

static int made(struct case_make *m, const char *step)
{
    struct case_made done;
    struct err err = {0};

    m->step = step;
    m->node = strcmp(step, "$escalate") == 0;
    m->at = time_now();
    m->by = STR("Practitioner/chen");
    m->request = str_of(kept("ServiceRequest", "both"));
    m->task = str_of(kept("Task", "both"));
    return case_make(m, &done, &err);
}

/* What the operation refuses is refused: a step out of its turn, a clock that has not run out. */
static void what_does_not_begin_is_refused(void **state)
{
    struct case_make m = begun();

    (void)state;
    assert_int_equal(made(&m, "$accept"), E_CONFLICT);
    assert_int_equal(made(&m, "$escalate"), E_CONFLICT);
    assert_int_equal(made(&m, "$send"), E_CONFLICT);
    m.parameters = STR("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":"
                       "\"no\",\"valueString\":\"no\"}]}");
    assert_int_equal(made(&m, "$accept"), E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_those_of_the_operations),
        cmocka_unit_test(a_transfer_takes_and_frees_its_bed),
        cmocka_unit_test(what_is_beside_is_that_of_the_operations),
        cmocka_unit_test(what_does_not_begin_is_refused),
    };

    return cmocka_run_group_tests(tests, open_network, close_network);
}
