/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What $effect and $funnel tell of made-up months and cases, computed by hand beside each; that least squares
 * are right is test/engine/test_effect.c's.
 */
#include "indicator.h"

#define NOW 1685000000000LL /* 2023-05-25 */

static struct arena *arena;

/* Outpatients of ${unit} from January of ${year} on: ${before} a month for ${months}, then
 * ${since}, to the end of 2022. */
static void put_months(const char *unit, int year, int months, int before, int since)
{
    for (int i = 0; year + i / 12 < 2023; i++) {
        const char *month = arena_printf(arena, "%d-%02d", year + i / 12, i % 12 + 1);

        put(arena_printf(arena, "MeasureReport/outpatients-%s-%s", month, unit),
            arena_printf(arena,
                "'status':'complete','type':'summary','measure':'https://belay.health/"
                "Measure/volume-outpatients','period':{'start':'%s','end':'%s'},"
                "'reporter':{'reference':'Organization/%s'},'group':[{'population':[{"
                "'count':%d}]}]",
                month, month, unit, i < months ? before : since));
    }
}

static void put_pair(
    const char *id, const char *code, const char *helped, const char *from)
{
    put(arena_printf(arena, "OrganizationAffiliation/%s", id),
        arena_printf(arena,
            "'organization':{'reference':'Organization/"
            "%s'},'participatingOrganization':{"
            "'reference':'Organization/beijing'},'code':[{'coding':[{'system':"
            "'https://belay.health/CodeSystem/affiliation','code':'%s'}]}],'period':{"
            "'start':'%s'}",
            helped, code, from));
}

#define DAY 86400000LL

/* A case of ${hospital}, sent in February of ${year}, that was answered after ${minutes}, 1440 being promised. */
static void put_case(const char *hospital, int year, const char *urgency, int minutes)
{
    static int made;
    utc_ms sent = time_days(year, 2, 8) * DAY;
    char at[3][TIME_ISO_MAX];

    time_iso(sent, at[0]);
    time_iso(sent + DAY, at[1]);
    time_iso(sent + minutes * 60000LL, at[2]);
    put(arena_printf(arena, "Task/c%d", made++),
        arena_printf(arena,
            "'status':'completed','intent':'order','priority':'%s','code':{'coding':[{"
            "'system':'https://belay.health/CodeSystem/task','code':'answer-case'}]},"
            "'for':{'reference':'Patient/p1'},'extension':[{'url':"
            "'https://belay.health/StructureDefinition/case-clock','extension':[{'url':"
            "'sent','valueInstant':'%s'},{'url':'answer-by','valueInstant':'%s'},{"
            "'url':'answered','valueInstant':'%s'},{'url':'paused-seconds',"
            "'valueInteger':0}]},{'url':"
            "'https://belay.health/StructureDefinition/case-sides','extension':[{'url':"
            "'asking','valueReference':{'reference':'Organization/%s'}},{'url':'asked',"
            "'valueReference':{'reference':'Organization/beijing'}}]}]",
            urgency, at[0], at[1], at[2], hospital));
}

#define IN_TIME 60
#define LATE 2000

/*
 * In 2021 in time: 2, 5 and 8 of 10 of three hospitals. In 2018 each of five has one. In 2019 5 of 10 routine ones of each of
 * three, and all of 3 (lhasa) or 10 (far, xigaze) that were urgent; in 2020 the same, and lhasa has 10 too.
 */
static void put_cases(void)
{
    static const char *const each[] = {"lhasa", "far", "xigaze", "north", "beijing"};

    for (int i = 0; i < 10; i++) {
        put_case("lhasa", 2021, "routine", i < 2 ? IN_TIME : LATE);
        put_case("far", 2021, "routine", i < 5 ? IN_TIME : LATE);
        put_case("xigaze", 2021, "routine", i < 8 ? IN_TIME : LATE);
        for (int k = 0; k < 3; k++) {
            put_case(each[k], 2019, "routine", i < 5 ? IN_TIME : LATE);
            put_case(each[k], 2020, "routine", i < 5 ? IN_TIME : LATE);
            put_case(each[k], 2020, "urgent", IN_TIME);
            if (i < 3 || k > 0)
                put_case(each[k], 2019, "urgent", IN_TIME);
        }
    }
    for (int i = 0; i < 5; i++)
        put_case(each[i], 2018, "routine", IN_TIME);
}

/*
 * surgery is assisted from 2021-01-01 on, 100 a month before and 130 since; medicine and eyes are not, 200 then 210 and
 * 50 throughout; ortho is, from the middle of May 2021; teeth has months of 2022 alone. At far nobody is assisted.
 */
static int open_node(void **state)
{
    (void)state;
    arena = arena_new();
    time_hold(NOW);
    node_open(&node, true);
    put("Organization/lhasa", "'name':'Lhasa'");
    put("Organization/surgery", "'name':'Surgery'," PART_OF("lhasa"));
    put("Organization/medicine", "'name':'Medicine'," PART_OF("lhasa"));
    put("Organization/eyes", "'name':'Eyes'," PART_OF("lhasa"));
    put("Organization/ortho", "'name':'Ortho'," PART_OF("lhasa"));
    put("Organization/teeth", "'name':'Teeth'," PART_OF("lhasa"));
    put("Organization/far", "'name':'Far'");
    put("Organization/xigaze", "'name':'Xigaze'");
    put("Organization/north", "'name':'North'");
    put("Organization/north-a", "'name':'A'," PART_OF("north"));
    put("Organization/beijing", "'name':'Beijing'");
    put("Patient/p1", "'gender':'female'");
    put_person("coordinator", "coordinator", NULL);
    put_person("head-far", "head-of-department", "far");
    put_person("doctor", "clinician", "lhasa");
    put_pair("a1", "department-pair", "surgery", "2021-01-01");
    put_pair("a2", "department-pair", "ortho", "2021-05-15");
    put_pair("a3", "hospital-pair", "xigaze", "2021-01-01");
    put_pair("a4", "hospital-pair", "north", "2021-01-01");
    put_months("north", 2020, 12, 40, 60);
    put_months("north-a", 2020, 12, 15, 25);
    put_months("surgery", 2020, 12, 100, 130);
    put_months("medicine", 2019, 24, 200, 210);
    put_months("eyes", 2020, 12, 50, 50);
    put_months("ortho", 2020, 16, 80, 90);
    put_months("teeth", 2022, 0, 0, 70);
    put_months("far", 2020, 12, 10, 10);
    put_months("xigaze", 2020, 12, 10, 30);
    put_cases();
    return 0;
}

static int close_all(void **state)
{
    arena_free(arena);
    return close_node(state);
}

static void add_parts(struct buf *b, const struct json *parts)
{
    static const char *const kinds[] = {
        "valueCode", "valueDecimal", "valueInteger", "valueDate"};
    struct json_each it = json_each(parts);

    while (json_next(&it)) {
        struct str name = json_get_text(it.value, "name");
        struct str reference =
            json_get_text(json_get(it.value, "valueReference"), "reference");

        if (str_is(name, "month"))
            continue;
        for (size_t i = 0; i < 4; i++) {
            struct str text = json_text(json_get(it.value, kinds[i]));

            if (text.p)
                buf_addf(b, " %.*s=%.*s", (int)name.len, name.p, (int)text.len, text.p);
        }
        if (reference.p)
            buf_addf(b, " %.*s=%.*s", (int)name.len, name.p, (int)reference.len,
                reference.p);
        if (json_get(it.value, "part")) {
            buf_addf(b, " %.*s(", (int)name.len, name.p);
            add_parts(b, json_get(it.value, "part"));
            buf_adds(b, " )");
        }
    }
}

/* All that is told, without months and words; or the status. */
static const char *told(const char *person, const char *path)
{
    struct said *s = ask_as(person, path);
    const char *text = NULL;
    struct buf b;

    buf_init(&b, 1 << 16);
    if (s->status == 200)
        add_parts(&b, json_get(s->json, "parameter"));
    else
        buf_addf(&b, "%d", s->status);
    text = arena_strndup(arena, b.data, b.len);
    buf_done(&b);
    said_free(s);
    return text;
}

#define EFFECT(unit) "Measure/outpatients/$effect?unit=Organization/" unit
#define OF(unit, hospital) " unit=Organization/" unit " hospital=Organization/" hospital
#define EXACT(name, value) " " name "( value=" value " low=" value " high=" value " )"

static void level_and_difference_are_told(void **state)
{
    (void)state;
    /* of the year 2020 1200, of 2022 1560: 30 % more. The level jumps by 30 and the slope stays; surgery grew by
     * 0.3 and medicine and eyes by 0.05 and 0 of their own: 0.3 - 0.025. The limits of 1200 and 1560 are those of a
     * count: 1200 +- about 68. */
    assert_string_equal(told("coordinator", EFFECT("surgery")),
        OF("surgery",
            "lhasa") " began=2021-01-01 baseline( year=2020 value=1200.0000 "
                     "low=1133.0569 high=1269.8656 ) latest( year=2022 "
                     "value=1560.0000 low=1483.5391 high=1639.3799 ) "
                     "growth=0.3000 interrupted( reason=told before=12 since=24 "
                     "lag=3 begin=100.0000 trend=0.0000" EXACT(
                         "level", "30.0000") EXACT("slope", "0.0000") EXACT("last",
                         "30.0000") " ) difference( "
                                    "reason=told compared=2 left-out=1 "
                                    "with=Organization/medicine with=Organization/eyes "
                                    "lag=3" EXACT("grown", "0.2750")
                                        EXACT("apart", "0.0000") " )");
}

/* 12 * 40 and 12 * 60: what its department wrote too is in that already. */
static void a_hospital_that_says_it_of_itself(void **state)
{
    const char *said = told("coordinator", EFFECT("north"));

    (void)state;
    assert_non_null(strstr(said, "baseline( year=2020 value=480.0000"));
    assert_non_null(strstr(said, "latest( year=2022 value=720.0000"));
    assert_non_null(strstr(said, EXACT("level", "20.0000")));
}

/* All cases are of one urgency, so that each hospital of ten is expected to have half, as all do; and its share for the
 * mix is its share. */
static void a_mix_of_one_changes_nothing(void **state)
{
    const char *said = told(NULL, "Measure/answers-in-time/$funnel?periodStart="
                                  "2021&periodEnd=2021&mix=urgency");

    (void)state;
    assert_non_null(strstr(said, "share=0.2000 size=10.0000 expected=5.0000 "
                                 "adjusted=0.2000"));
    assert_non_null(strstr(said, "share=0.8000 size=10.0000 expected=5.0000 "
                                 "adjusted=0.8000"));
    assert_string_equal(
        told("coordinator",
            "Measure/outpatients/$funnel?periodStart=2020&periodEnd=2022"
            "&mix=department"),
        "400");
    assert_string_equal(told(NULL, "Measure/answers-in-time/$evaluate-measure?"
                                   "periodStart=2021&periodEnd=2021&mix=urgency"),
        "400");
}

/* From 2020 to 2022: far 120 to 120, xigaze 120 to 360, north 480 to 720: 720 to 1200 together. Of lhasa teeth wrote
 * nothing in 2020. */
static void growth_is_told_of_whole_years(void **state)
{
    const char *said = told(
        "coordinator", "Measure/outpatients/$funnel?periodStart=2020&periodEnd=2022");

    (void)state;
    assert_non_null(strstr(said, " first=2020 last=2022 left-out=1 growth=0.6667"));
    assert_non_null(
        strstr(said, "reference=Organization/xigaze before=120.0000 since=360.0000 "
                     "growth=2.0000"));
    assert_non_null(
        strstr(said, "reference=Organization/north before=480.0000 since=720.0000 "
                     "growth=0.5000"));
    assert_null(strstr(said, "Organization/lhasa"));
    assert_string_equal(
        told("coordinator",
            "Measure/outpatients/$funnel?periodStart=2022&periodEnd=2022"),
        "400");
}

/* May, in which it began, is neither before nor since. */
static void the_month_of_the_beginning_is_left_out(void **state)
{
    struct said *s = ask_as("coordinator", EFFECT("ortho"));
    struct json_each it = json_each(json_get(s->json, "parameter"));
    size_t months = 0;

    (void)state;
    while (json_next(&it)) {
        const struct json *part = json_at(json_get(it.value, "part"), 0);

        if (!str_is(json_get_text(it.value, "name"), "month"))
            continue;
        months++;
        assert_false(str_is(json_get_text(part, "valueString"), "2021-05"));
    }
    assert_int_equal(months, 35);
    said_free(s);
}

static void what_cannot_be_told_says_why(void **state)
{
    (void)state;
    assert_string_equal(told("coordinator", EFFECT("medicine")),
        OF("medicine", "lhasa") " reason=no-pairing");
    /* the hospital that is not assisted is compared with, and lhasa is of departments that are */
    assert_non_null(strstr(told("coordinator", EFFECT("xigaze")),
        "difference( reason=told compared=1 left-out=0 with=Organization/far"));
    assert_string_equal(told("coordinator", EFFECT("none")), "400");
    assert_string_equal(told("coordinator", "Measure/outpatients/$effect"), "400");
    assert_string_equal(
        told("coordinator", "Measure/agreements/$effect?unit=Organization/far"), "404");
    assert_string_equal(told("doctor", EFFECT("surgery")), "403");
}

/* Months of another hospital are not the head's to read, so nothing follows from them. */
static void only_ones_own_months_are_used(void **state)
{
    const char *text = told("head-far", EFFECT("surgery"));

    (void)state;
    assert_non_null(strstr(text, "reason=few-before before=0 since=0"));
    assert_null(strstr(text, "baseline"));
    assert_null(strstr(text, "with="));
}

/* 15 of 30, distances squared (0.3^2) / (0.5 0.5 / 10) = 3.6, 0 and 3.6, their mean 2.4; the limits
 * 0.5 +- 1.959964 sqrt(0.025 2.4) = 0.5 +- 0.4801, the wide ones beyond 0 and 1. */
static void hospitals_stand_between_limits(void **state)
{
    const char *text =
        told(NULL, "Measure/answers-in-time/$funnel?periodStart=2021&periodEnd=2021");

    (void)state;
    assert_non_null(strstr(text, " left-out=0 share=0.5000 dispersion=2.4000"));
    assert_non_null(strstr(text,
        "numerator=2 denominator=10 share=0.2000 size=10.0000 low=0.0567 high=0.5098 "
        "limit-low=0.0199 "
        "limit-high=0.9801 wide-low=0.0000 wide-high=1.0000 where=within )"));
    assert_string_equal(
        told(NULL, "Measure/answers-in-time/$funnel?periodStart=2017&periodEnd=2017"),
        " left-out=0 reason=no-limits");
    assert_string_equal(
        told(NULL, "Measure/outpatients/$funnel?periodStart=2021&periodEnd=2021"),
        "400");
}

/* By urgency 15 of 30 and 23 of 23: of lhasa are expected 10 0.5 + 3 1 = 8, from which its 3 follow. People are
 * told 13 38/53 in place of it, as if all were of one urgency. */
static void few_are_not_worked_out_of_a_mix(void **state)
{
    static const char ask[] = "Measure/answers-in-time/$funnel?periodStart=2019&"
                              "periodEnd=2019&mix=urgency";
    static const char years[] = "Measure/answers-in-time/$funnel?periodStart=2019&"
                                "periodEnd=2020&mix=urgency";

    (void)state;
    assert_non_null(strstr(told(NULL, ask), " expected=8.0000 "));
    assert_null(strstr(told("coordinator", ask), " expected=8.0000 "));
    assert_non_null(strstr(told("coordinator", ask), " expected=9.3208 "));
    assert_non_null(strstr(told("coordinator", ask), " expected=14.3396 "));
    /* of both years lhasa has 13; what is taken together in one is so in longer times: 33 83/113 */
    assert_non_null(strstr(told(NULL, years), " expected=23.0000 "));
    assert_null(strstr(told("coordinator", years), " expected=23.0000 "));
    assert_non_null(strstr(told("coordinator", years), " expected=24.2389 "));
}

/* All five are small and share five cases, so that to say that there are five would say that each has one. */
static void how_many_are_left_out_tells_nothing(void **state)
{
    (void)state;
    assert_string_equal(told("coordinator", "Measure/answers-in-time/$funnel?"
                                            "periodStart=2018&periodEnd=2018"),
        " left-out=0 reason=no-limits");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(level_and_difference_are_told),
        cmocka_unit_test(a_hospital_that_says_it_of_itself),
        cmocka_unit_test(a_mix_of_one_changes_nothing),
        cmocka_unit_test(growth_is_told_of_whole_years),
        cmocka_unit_test(the_month_of_the_beginning_is_left_out),
        cmocka_unit_test(what_cannot_be_told_says_why),
        cmocka_unit_test(only_ones_own_months_are_used),
        cmocka_unit_test(hospitals_stand_between_limits),
        cmocka_unit_test(how_many_are_left_out_tells_nothing),
        cmocka_unit_test(few_are_not_worked_out_of_a_mix),
    };

    return cmocka_run_group_tests(tests, open_node, close_all);
}
