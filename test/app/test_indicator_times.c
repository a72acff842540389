/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of three parts, by hand: days that were spared (cases whose patient could stay, times the days for which half
 * of those who did travel were away), and what equipment yields (operations for each device and year, times the share of
 * days on which it worked).
 */
#include "course.h"
#include "ratio.h"

#define NOW 1704067200000LL /* 2024-01-01 */
#define BOTH "periodStart=2021&periodEnd=2022"
#define BY(axis) "&stratifier=" axis

static const struct ratio_said saved = {.id = "days-saved",
    .numerator = "avoided-transfers",
    .over = "numerator",
    .times = "days-away",
    .per = 1};
static const struct ratio_said yield = {.id = "equipment-yield",
    .numerator = "device-procedures",
    .times = "equipment-uptime",
    .share = true,
    .denominator = "equipment-uptime",
    .population = "denominator",
    .per = 365};

/* ---- who travelled, and who could stay ---- */

/* A patient of ${from} who was away for ${days} and a half, up to the ${day}th of March ${year}. */
static void put_away(const char *id, const char *from, int year, int day, int days)
{
    char left[TIME_ISO_MAX], back[TIME_ISO_MAX];
    utc_ms end = (time_days(year, 3, 1) + day - 1) * 24 * 3600 * 1000LL;
    struct arena *a = arena_new();

    time_iso(end, back);
    time_iso(end - (utc_ms)(2 * days + 1) * 12 * 3600 * 1000, left);
    put_course(id, from, "transfer",
        arena_printf(a,
            PART("departed", "Instant", "'%s'") PART("arrived", "Instant", "'%s'")
                PART("returned", "Instant", "'%s'"),
            left, back, back),
        "");
    arena_free(a);
}

static void put_stays(const char *from, int year, const int *days, size_t count)
{
    char id[40];

    for (size_t i = 0; i < count; i++) {
        snprintf(id, sizeof(id), "away-%s-%d-%zu", from, year, i);
        put_away(id, from, year, (int)i + 1, days[i]);
    }
}

/* Of ${all} cases of ${from} whose patient would have been sent away, ${stayed}. */
static void put_cases(const char *from, int year, int stayed, int all)
{
    struct arena *a = arena_new();

    for (int i = 0; i < all; i++)
        put_course(arena_printf(a, "case-%s-%d-%d", from, year, i), from, "advice",
            arena_printf(a,
                PART("answered", "Instant", "'%d-05-02T08:00:00Z'") PART(
                    "intent", "Code", "'transfer'") PART("outcome-days", "Integer", "5")
                    PART("avoided", "Boolean", "%s"),
                year, i < stayed ? "true" : "false"),
            "");
    arena_free(a);
}

/*
 * away, and a half      2021                     2022
 *   nyalam         3 5 8 12 200                 4 4
 *   tingri         2 4 6 7 9 10 11              1 2 3 4 5 6
 *   gyantse                                     2 2 3 3 3
 * could stay of
 *   nyalam         6 of 12                      3 of 9
 *   tingri         5 of 11                      7 of 14
 *   gyantse                                     0 of 6
 */
static void put_patients(void)
{
    put_stays("nyalam", 2021, (const int[]){3, 5, 8, 12, 200}, 5);
    put_stays("tingri", 2021, (const int[]){2, 4, 6, 7, 9, 10, 11}, 7);
    put_stays("nyalam", 2022, (const int[]){4, 4}, 2);
    put_stays("tingri", 2022, (const int[]){1, 2, 3, 4, 5, 6}, 6);
    put_stays("gyantse", 2022, (const int[]){2, 2, 3, 3, 3}, 5);
    put_cases("nyalam", 2021, 6, 12);
    put_cases("tingri", 2021, 5, 11);
    put_cases("nyalam", 2022, 3, 9);
    put_cases("tingri", 2022, 7, 14);
    put_cases("gyantse", 2022, 0, 6);
    /* still away; back, and nobody said when they left: from the arrival; turned round on the way; no transfer */
    put_course("still", "nyalam", "transfer",
        PART("departed", "Instant", "'2021-06-01T08:00:00Z'"), "");
    put_course("arrived", "nyalam", "transfer",
        PART("arrived", "Instant", "'2019-05-01T08:00:00Z'")
            PART("returned", "Instant", "'2019-05-08T20:00:00Z'"),
        "");
    put_course("turned", "nyalam", "transfer",
        PART("departed", "Instant", "'2021-06-01T08:00:00Z'")
            PART("withdrawn", "Instant", "'2021-06-02T08:00:00Z'")
                PART("returned", "Instant", "'2021-06-03T08:00:00Z'"),
        "");
    put_course("advice", "nyalam", "advice",
        PART("arrived", "Instant", "'2021-06-01T08:00:00Z'")
            PART("returned", "Instant", "'2021-06-03T08:00:00Z'"),
        "");
}

static void days_away_are_counted(void **state)
{
    (void)state;
    /* 2.5 3.5 4.5 5.5 6.5 7.5 8.5 9.5 10.5 11.5 12.5 200.5 */
    assert_measured(PROGRAM, "days-away", YEAR("2021") BY("hospital"),
        "12 8.00 p90=12.50; Organization/nyalam: 5 8.50 p90=200.50; "
        "Organization/tingri: 7 7.50 p90=11.50");
    assert_measured(PROGRAM, "days-away", YEAR("2019"), "1 7.50 p90=7.50");
    assert_measured(PROGRAM, "days-away", YEAR("2020"), "0");
    /* to people nothing of two, nor what they could be worked out from */
    assert_measured("coordinator", "days-away", YEAR("2022") BY("hospital"),
        "13 3.50 p90=5.50; Organization/gyantse: 5 3.50 p90=3.50; "
        "Organization/nyalam: *; Organization/tingri: *");
}

/* A ratio lists what its numerator counts: the cases that could stay, not all that were asked about, and not who was away. Its
 * figure is the same. */
static void a_ratio_lists_its_numerator(void **state)
{
    struct said *s =
        ask_figure(PROGRAM, "days-saved", YEAR("2022") "&reportType=subject-list");
    const struct json *populations = json_get(group_of(s->json), "population");
    int listed = 0;

    (void)state;
    assert_subjects(PROGRAM, "days-saved", YEAR("2019"), "numerator: nilknown");
    assert_subjects(PROGRAM, "days-saved",
        YEAR("2022") "&stratum=hospital%7COrganization/nyalam",
        "numerator: Task/case-nyalam-2022-0 Task/case-nyalam-2022-1 "
        "Task/case-nyalam-2022-2");
    assert_measured(
        PROGRAM, "days-saved", YEAR("2022") "&reportType=subject-list", "13/10 35.00");
    for (size_t i = 0; i < json_count(populations); i++) {
        const struct json *one = json_at(populations, i);
        const struct json *code = json_at(json_get(json_get(one, "code"), "coding"), 0);
        struct str list = json_get_text(json_get(one, "subjectResults"), "reference");

        assert_int_equal(
            list.p != NULL, str_is(json_get_text(code, "code"), "numerator"));
        listed += str_is(list, "#numerator");
    }
    assert_int_equal(listed, 1);
    said_free(s);
}

static void days_that_were_spared(void **state)
{
    (void)state;
    /* 11 cases times 8 days; 6 times 8.5; 5 times 7.5: hospitals do not add up to the whole */
    assert_measured(PROGRAM, "days-saved", YEAR("2021") BY("hospital"),
        "12/11 88.00; Organization/nyalam: 5/6 51.00; Organization/tingri: 7/5 37.50");
    assert_measured("coordinator", "days-saved", YEAR("2021") BY("hospital"),
        "12/11 88.00; Organization/nyalam: 5/6 51.00; Organization/tingri: 7/5 37.50");
    /* 10 times 3.5; 3 times 4.5; 7 times 4; nobody of Gyantse could stay */
    assert_measured(PROGRAM, "days-saved", YEAR("2022") BY("hospital"),
        "13/10 35.00; Organization/gyantse: 5/0 0.00; Organization/nyalam: 2/3 13.50; "
        "Organization/tingri: 6/7 28.00");
    /* nobody came back, and nobody asked: there is no product */
    assert_measured(PROGRAM, "days-saved", YEAR("2020"), "0/0");
    assert_measured(PROGRAM, "days-saved", YEAR("2019"), "1/0 0.00");
    /* only what is told alone: of three and of two, and of what they could be worked out from, nothing */
    assert_measured("coordinator", "days-saved", YEAR("2022") BY("hospital"),
        "13/10 35.00; Organization/gyantse: 5/0 0.00; Organization/nyalam: */*; "
        "Organization/tingri: */*");
    assert_measured("coordinator", "days-saved", YEAR("2022-05"), "403");
    assert_measured("coordinator", "days-saved",
        YEAR("2021") "&stratum=hospital%7COrganization/nyalam", "403");
}

/* That it is one is said beside the number, and by what it was multiplied. */
static void it_is_an_estimate(void **state)
{
    struct arena *a = arena_new();
    struct said *s = ask_figure(PROGRAM, "days-saved", YEAR("2021"));

    (void)state;
    assert_string_equal(json_said(a, json_get(group_of(s->json), "measureScore")),
        "{\"extension\":[{\"url\":\"https://belay.health/StructureDefinition/"
        "indicator-estimate\",\"valueBoolean\":true}],\"value\":88.00,\"unit\":"
        "\"day\"}");
    assert_string_equal(
        json_said(a, json_get(population_of(group_of(s->json), "measure-observation"),
                         "extension")),
        "[{\"url\":\"https://belay.health/StructureDefinition/indicator-amount\","
        "\"valueQuantity\":{\"value\":8.00,\"unit\":\"day\"}}]");
    said_free(s);
    arena_free(a);
}

/* Where nobody came back it is said why there is none; and where so few did that they could be somebody. */
static void why_there_is_none(void **state)
{
    static const struct {
        const char *person, *period, *code;
    } asked[] = {{PROGRAM, YEAR("2020"), "nothing-to-multiply"},
        {"coordinator", YEAR("2019"), "masked"}};

    (void)state;
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        struct said *s = ask_figure(asked[i].person, "days-saved", asked[i].period);
        const struct json *why = json_at(json_get(group_of(s->json), "extension"), 0);

        assert_true(
            str_is(json_get_text(json_at(json_get(why, "extension"), 0), "valueCode"),
                asked[i].code));
        said_free(s);
    }
}

/* A note that comes late changes what is known from its day on. */
static void as_known_then(void **state)
{
    struct arena *a = arena_new();
    struct said *s = ask_figure(PROGRAM, "days-saved", YEAR("2021"));
    struct str position =
        json_get_text(json_at(json_get(s->json, "extension"), 0), "valueString");
    const char *then = arena_printf(
        a, YEAR("2021") "&knownAt=position:%.*s", (int)position.len, position.p);

    (void)state;
    put_away("late", "tingri", 2021, 20, 20);
    put_cases("late-asker", 2021, 1, 1);
    /* 13 stays have one in the middle: 8.5 days, of 12 cases */
    assert_measured(PROGRAM, "days-saved", YEAR("2021"), "13/12 102.00");
    assert_measured(PROGRAM, "days-saved", then, "12/11 88.00");
    assert_measured("coordinator", "days-saved", then, "403");
    said_free(s);
    arena_free(a);
}

/* ---- equipment ---- */

#define KIND(code) ",'type':{'coding':[{'code':'" code "'}]}"

/*
 * e1 a scanner of Lhasa, e2 an endoscope of Lhasa, e3 an endoscope of Xigaze that is used at Lhasa too
 *
 * of 2023           stood there      worked     operations
 *   e1              365 days         292        1 of January, 1 with e2
 *   e2              from 07-02: 183  183        2, one of them with e1
 *   e3              365              73         1 at Lhasa, 1 at Xigaze
 */
static void put_devices(void)
{
    put("Device/e1",
        REF("owner", "Organization/lhasa") KIND("scanner") ",'extension':[" SERVED(
            "2023-01-01T00:00:00Z", UNTIL("2023-10-20T00:00:00Z")) "]");
    put("Device/e2",
        REF("owner", "Organization/lhasa")
            KIND("endoscope") ",'extension':[" SERVED("2023-07-02T00:00:00Z", "") "]");
    put("Device/e3",
        REF("owner", "Organization/xigaze") KIND("endoscope") ",'extension':[" SERVED(
            "2023-01-01T00:00:00Z", UNTIL("2023-03-15T00:00:00Z")) "]");
}

#define USED(id) "{'reference':'Device/" id "'}"

static void put_operation(
    const char *id, const char *hospital, const char *on, const char *used)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "Procedure/%s", id),
        arena_printf(a,
            "'status':'completed','subject':{'display':'Nobody'},'performedDateTime':"
            "'%s','code':{'coding':[{'system':'https://belay.health/CodeSystem/"
            "procedure','code':'appendectomy'}]},'extension':[{'url':'https://"
            "belay.health/StructureDefinition/operation-department',"
            "'valueReference':{'reference':'Organization/%s'}}],'usedReference':[%s]",
            on, hospital, used));
    arena_free(a);
}

static void put_operations(void)
{
    put_operation("o1", "lhasa", "2023-01-11", USED("e1"));
    put_operation("o2", "lhasa", "2023-08-11", USED("e1") "," USED("e2"));
    put_operation("o3", "lhasa", "2023-09-11", USED("e2"));
    put_operation("o4", "lhasa", "2023-02-11", USED("e3"));
    put_operation("o5", "xigaze", "2023-02-12", USED("e3"));
}

static void what_equipment_yields(void **state)
{
    (void)state;
    assert_measured(PROGRAM, "equipment-uptime", YEAR("2023") BY("hospital"),
        "548/913 0.6002; Organization/lhasa: 475/548 0.8668; Organization/xigaze: "
        "73/365 0.2000");
    /* 5 operations in 913 days of devices are 1.9989 a year, times 548 of 913;
     * Lhasa: 4 in 548 are 2.6642, times 475 of 548; Xigaze: 1 in 365, times a fifth */
    assert_measured(PROGRAM, "equipment-yield", YEAR("2023") BY("hospital"),
        "913/913/5 1.1998; Organization/lhasa: 548/548/4 2.3093; Organization/xigaze: "
        "365/365/1 0.20");
    /* the scanner: 2 in a year, times 292 of 365; endoscopes: 4 in 548 days, times 256 of 548 */
    assert_measured(PROGRAM, "equipment-yield", YEAR("2023") BY("kind"),
        "913/913/5 1.1998; endoscope: 548/548/4 1.2446; scanner: 365/365/2 1.60");
    /* three years are told for one: none stood there before */
    assert_measured(PROGRAM, "equipment-yield", "periodStart=2021&periodEnd=2023",
        "913/913/5 1.1998");
    assert_measured(PROGRAM, "equipment-yield", YEAR("2022"), "0/0/0");
    assert_measured("coordinator", "equipment-yield", YEAR("2023"), "913/913/5 1.1998");
    assert_measured("coordinator", "equipment-yield", YEAR("2023-05"), "403");
    assert_measured("coordinator", "equipment-yield", YEAR("2024"), "403");
}

/* ---- rows ---- */

/* What $explain says of the parts of ${id}. */
static const char *parts_of(struct arena *a, const char *id)
{
    static const char *const names[] = {"numerator", "times", "denominator"};
    struct said *s =
        ask_as(PROGRAM, arena_printf(a, "Measure/%s/$explain?" YEAR("2023"), id));
    const char *text = "";

    for (size_t i = 0; i < 3; i++) {
        struct json_each it = json_each(json_get(s->json, "parameter"));

        while (json_next(&it)) {
            struct str url = json_get_text(it.value, "valueCanonical");

            if (str_is(json_get_text(it.value, "name"), names[i]))
                text =
                    arena_printf(a, "%s%s=%.*s ", text, names[i], (int)url.len, url.p);
        }
    }
    said_free(s);
    return text;
}

static void rows_of_each_part(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_rows(PROGRAM, "equipment-yield", YEAR("2023") "&stratum=kind%7Cscanner",
        "Procedure/o2 Procedure/o1 others=0");
    assert_rows(PROGRAM, "equipment-yield",
        YEAR("2023") "&stratum=kind%7Cscanner&part=numerator",
        "Procedure/o2 Procedure/o1 others=0");
    assert_rows(PROGRAM, "equipment-yield",
        YEAR("2023") "&stratum=kind%7Cscanner&part=times",
        "Device/e1 Device/e1 others=0");
    assert_rows(PROGRAM, "equipment-yield", YEAR("2023") "&part=denominator",
        rows_for(a, PROGRAM, "equipment-uptime", YEAR("2023")));
    assert_rows(PROGRAM, "days-saved", YEAR("2022") "&part=times",
        rows_for(a, PROGRAM, "days-away", YEAR("2022")));
    assert_rows("coordinator", "days-saved", YEAR("2022") "&part=times",
        rows_for(a, "coordinator", "days-away", YEAR("2022")));
    assert_string_equal(parts_of(a, "equipment-yield"),
        "numerator=https://belay.health/Measure/device-procedures "
        "times=https://belay.health/Measure/equipment-uptime "
        "denominator=https://belay.health/Measure/equipment-uptime ");
    assert_string_equal(parts_of(a, "days-saved"),
        "numerator=https://belay.health/Measure/avoided-transfers "
        "times=https://belay.health/Measure/days-away ");
    /* it has no such part; nor has a figure that is no ratio any */
    assert_rows(PROGRAM, "days-saved", YEAR("2022") "&part=denominator", "400");
    assert_rows(PROGRAM, "days-saved", YEAR("2022") "&part=other", "400");
    assert_rows(PROGRAM, "days-away", YEAR("2022") "&part=numerator", "400");
    arena_free(a);
}

/* ---- for any history and anybody ---- */

static struct ratio_seen agree(const char *person)
{
    static const char *const periods[] = {YEAR("2021"), YEAR("2022"), YEAR("2023"),
        "periodStart=2020&periodEnd=2023", "periodStart=2022-02-03&periodEnd=2023-04"};
    struct ratio_seen seen = {0};

    for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
        struct ratio_asked q = {person, periods[i], periods[i], NULL, ""};

        ratio_agrees(&saved, &q, &seen);
        ratio_agrees(&yield, &q, &seen);
        q.axis = "hospital";
        ratio_agrees(&saved, &q, &seen);
        ratio_agrees(&yield, &q, &seen);
    }
    return seen;
}

static void it_is_what_its_figures_are(void **state)
{
    static const char *const sites[] = {"nyalam", "tingri", "gyantse", "elsewhere"};
    struct ratio_seen all = {0}, coordinator = {0};
    int hidden = 0, masked = 0, apart = 0;

    (void)state;
    for (int i = 0; i < 12; i++) {
        const char *site = sites[unit_random() % 4];
        int year = 2021 + (int)(unit_random() % 3);
        int days[9];
        size_t count = unit_random() % 10;
        struct agreed agreed = {0};
        int stayed = 0;

        for (size_t k = 0; k < count; k++)
            days[k] = (int)(unit_random() % 60);
        put_stays(site, year, days, count);
        stayed = (int)(unit_random() % 9);
        put_cases(site, year, stayed, 4 + (int)(unit_random() % 9));
        all = agree(PROGRAM);
        coordinator = agree("coordinator");
        assert_true(all.told > 0 && all.masked == 0 && all.refused == 0);
        assert_true(coordinator.told > 0 && coordinator.refused > 0);
        hidden += coordinator.masked;
        agreed = years_agree("coordinator", 2021, 2023, "hospital", "");
        masked += agreed.masked;
        apart += agreed.apart;
    }
    assert_true(hidden > 0 && masked > 0 && apart > 0);
}

static int open_node(void **state)
{
    static const char *const hospitals[] = {
        "nyalam", "tingri", "gyantse", "elsewhere", "late-asker", "lhasa", "xigaze"};

    (void)state;
    time_hold(NOW);
    node_open(&node, true);
    for (size_t i = 0; i < sizeof(hospitals) / sizeof(hospitals[0]); i++) {
        struct arena *a = arena_new();

        put(arena_printf(a, "Organization/%s", hospitals[i]),
            arena_printf(a, "'name':'%s'", hospitals[i]));
        arena_free(a);
    }
    put_person("coordinator", "coordinator", NULL);
    put_patients();
    put_devices();
    put_operations();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_away_are_counted),
        cmocka_unit_test(a_ratio_lists_its_numerator),
        cmocka_unit_test(days_that_were_spared),
        cmocka_unit_test(it_is_an_estimate),
        cmocka_unit_test(why_there_is_none),
        cmocka_unit_test(as_known_then),
        cmocka_unit_test(what_equipment_yields),
        cmocka_unit_test(rows_of_each_part),
        cmocka_unit_test(it_is_what_its_figures_are),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
