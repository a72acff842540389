/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the public may be told of money; and how often a node tells it something: a named limit, at which what is public can
 * still be taken back.
 */
#include "app/publication.h"
#include "course.h"

#define NOW 1704067200000LL /* 2024-01-01 */

static struct said *write_own(const char *person, const char *path, const char *body)
{
    struct said *s = said_by(
        person, &(struct app_call){.app = node.app,
                    .method = APP_POST,
                    .space = APP_PROGRAMME,
                    .query = str_of(path),
                    .body = str_of(body),
                    .caller = {.name = STR("somebody"), .role = STR("program")}});

    return s;
}

#define PARAMETERS(list) "{\"resourceType\":\"Parameters\",\"parameter\":[" list "]}"
#define TITLE "{\"name\":\"title\",\"valueString\":\"The year\"}"
#define TIME(name) "{\"name\":\"" name "\",\"valueDate\":\"2023\"}"
#define EXPERTS                                                                        \
    "{\"name\":\"row\",\"part\":[{\"name\":\"indicator\",\"valueCode\":\"experts-"     \
    "deployed\"}]}"
#define REASON "{\"name\":\"reason\",\"valueString\":\"The year is over\"}"
#define TRY "{\"name\":\"try\",\"valueBoolean\":true}"

#define MONEY                                                                          \
    "{\"name\":\"row\",\"part\":[{\"name\":\"indicator\",\"valueCode\":\"money-per-"   \
    "avoided-transfer\"}]}"

/* The id of a report of the coordinator "freezer" with ${body}, in ${a}. */
static const char *freeze(struct arena *a, const char *body)
{
    struct said *s = said_status(write_own("freezer", "Report/$freeze", body), 201);
    struct str id =
        json_get_text(json_at(json_get(s->json, "parameter"), 0), "valueId");
    const char *copy = arena_strndup(a, id.p, id.len);

    assert_non_null(copy);
    said_free(s);
    return copy;
}

/* What becomes of ${word} of ${report}, by the coordinator "approver". */
static void act(const char *report, const char *word, const char *body, int status)
{
    struct arena *a = arena_new();

    said_free(said_status(
        write_own("approver", arena_printf(a, "Report/%s/$%s", report, word), body),
        status));
    arena_free(a);
}

/* Acts of other reports, numbered from ${from} to below ${until}, as the operator may load them. */
static void put_acts(size_t from, size_t until, const char *word)
{
    for (size_t i = from; i < until; i++) {
        struct arena *a = arena_new();

        PUT_OWN(arena_printf(a, "Publication/a%zu", i),
            arena_printf(a,
                "'act':'%s','report':'r%zu','title':'Of before','at':'2023-12-31T00:"
                "00:00Z','by':{'reference':'Practitioner/approver'},'role':"
                "'coordinator','reason':'x','frozen':'2023-12-30T00:00:00Z',"
                "'position':'1','hash':'00'",
                word, i % PUBLICATIONS));
        arena_free(a);
    }
}

/* How many acts everybody is told; of an answer that has none, its status. */
static size_t acts_told(void)
{
    struct said *s =
        said_by(NULL, &(struct app_call){.app = node.app,
                          .method = APP_GET,
                          .space = APP_PROGRAMME,
                          .query = STR("Report/$public"),
                          .caller = {.name = STR("somebody"), .role = STR("program")}});
    struct json_each it = json_each(json_get(s->json, "parameter"));
    size_t count = 0;

    while (json_next(&it))
        count += str_is(json_get_text(it.value, "name"), "act");
    if (s->status != 200)
        count = (size_t)s->status;
    said_free(s);
    return count;
}

static void nothing_more_is_published_at_the_limit_and_what_is_can_be_withdrawn(
    void **state)
{
    struct arena *a = arena_new();
    const char *year = PARAMETERS(TITLE "," TIME("from") "," TIME("until") "," EXPERTS);
    const char *last = freeze(a, year), *one_more = freeze(a, year);

    (void)state;
    put_acts(0, PUBLICATIONS - 1, "publish");
    act(one_more, "publish", PARAMETERS(TRY), 200);
    act(last, "publish", PARAMETERS(REASON), 201);
    assert_int_equal(acts_told(), PUBLICATIONS);
    act(one_more, "publish", PARAMETERS(TRY), 413);
    act(one_more, "publish", PARAMETERS(REASON), 413);
    act(last, "withdraw", PARAMETERS(REASON), 201);
    assert_int_equal(acts_told(), PUBLICATIONS + 1);
    act(one_more, "publish", PARAMETERS(REASON), 413); /* what was said stays said */
    /* each of the others is withdrawn: all of it is still laid out */
    put_acts(PUBLICATIONS, 2 * PUBLICATIONS - 1, "withdraw");
    assert_int_equal(acts_told(), 2 * PUBLICATIONS);
    /* only what the operator loads goes beyond, and is refused as a whole, not told in part */
    put_acts(2 * PUBLICATIONS, 2 * PUBLICATIONS + 1, "withdraw");
    assert_int_equal(acts_told(), 413);
    arena_free(a);
}

/* Commitments are nobody, so that few of them may be told; few journeys may not. */
static void money_for_each_journey_is_told_of_few_commitments(void **state)
{
    struct arena *a = arena_new();
    const char *report =
        freeze(a, PARAMETERS(TITLE "," TIME("from") "," TIME("until") "," MONEY));
    struct said *s =
        said_status(write_own("approver", arena_printf(a, "Report/%s/$publish", report),
                        PARAMETERS(TRY)),
            200);
    const char *told = arena_strndup(a, s->call.answer.data, s->call.answer.len);

    (void)state;
    assert_non_null(strstr(told, "\"valueString\":\"100.00\"")); /* 700 for seven */
    assert_non_null(strstr(told, "\"valueString\":\"CNY\""));
    assert_null(strstr(told, "left-out"));
    said_free(s);
    arena_free(a);
}

static void put_money_and_journeys(void)
{
    PUT_OWN("Funding/f1",
        "'status':'committed','title':'Theatre','recipient':{'reference':'Organization/"
        "lhasa'},'committedOn':'2023-01-01','amount':{'value':1000,'currency':'CNY'},"
        "'payment':[" PAYMENT("2023-03-01", "700", "training") "]");
    for (int i = 0; i < 14; i++) {
        struct arena *a = arena_new();

        put_course(arena_printf(a, "case-%d", i), "lhasa", "advice",
            arena_printf(a,
                PART("answered", "Instant", "'2023-05-02T08:00:00Z'") PART(
                    "intent", "Code", "'transfer'") PART("outcome-days", "Integer", "5")
                    PART("avoided", "Boolean", "%s"),
                i < 7 ? "true" : "false"),
            "");
        arena_free(a);
    }
}

static int open_node(void **state)
{
    (void)state;
    open_hospitals(NOW);
    put_person("freezer", "coordinator", NULL);
    put_person("approver", "coordinator", NULL);
    put_money_and_journeys();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_for_each_journey_is_told_of_few_commitments),
        cmocka_unit_test(
            nothing_more_is_published_at_the_limit_and_what_is_can_be_withdrawn),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
