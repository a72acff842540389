/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts that are kept between questions: after each change of any record that figures follow from, a figure of several years
 * is what the records behind it come to. A list of what is counted is always read from the rows, so that the two
 * ways are held against each other.
 */
#include "app/indicator_kept.h"
#include "indicator_years.h"

#define YEARS "periodStart=2020&periodEnd=2025"
#define LIST "&reportType=subject-list"
#define KIND                                                                           \
    "'status':'held','title':'Course','organiser':[{'reference':'Organization/h0'}],"  \
    "'kind':'%s'"

static uint64_t state;

/* Of one call, draw at most once among its arguments: which comes first is the compiler's to choose, and the history would be its. */
static unsigned chance(unsigned below)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(state >> 33) % below;
}

static const char *const measures[] = {"experts-deployed", "expert-days",
    "sending-hospitals", "outbound-training", "students", "local-staff-trained",
    "first-answer-time", "hospital-pairs", "experts-abroad", "new-technology-stock",
    "local-independence", "joint-operation", "remote-hours", "case-discussion"};
#define ROUNDS 60
#define MEASURES (sizeof(measures) / sizeof(measures[0]))

/* What of each was told over all years, so that it is seen not to have been about nothing. */
static char *told[MEASURES];
static bool varied[MEASURES];

static void remember(size_t measure, const char *now)
{
    varied[measure] =
        varied[measure] || (told[measure] && strcmp(told[measure], now) != 0);
    free(told[measure]);
    told[measure] = strdup(now);
    assert_non_null(told[measure]);
}

/* What is counted is told alike by both ways. */
static void agree(size_t measure, const char *period)
{
    struct arena *a = arena_new();
    const char *id = measures[measure];
    const char *kept = measured_for(a, PROGRAM, id, period);
    const char *rows = measured_for(a, PROGRAM, id, arena_printf(a, "%s" LIST, period));

    if (strcmp(kept, rows) != 0)
        fail_msg("%s of %s: %s where the rows say %s", id, period, kept, rows);
    if (strcmp(period, YEARS) == 0)
        remember(measure, kept);
    arena_free(a);
}

/* Told apart by ${stratum}, what is kept beside the facts, and what the rows say as they are known by a day to come. */
static void agree_apart(const char *id, struct str stratum)
{
    struct arena *a = arena_new();
    const char *question =
        arena_printf(a, "Measure/%s/$evaluate-measure?" YEARS "&stratifier=%.*s", id,
            (int)stratum.len, stratum.p);
    struct said *kept = said_status(ask_as(PROGRAM, question), 200);
    struct said *rows = said_status(
        ask_as(PROGRAM, arena_printf(a, "%s&knownAt=2100-01-01T00:00:00Z", question)),
        200);
    const char *one = json_said(a, json_get(kept->json, "group"));
    const char *other = json_said(a, json_get(rows->json, "group"));

    if (strcmp(one, other) != 0)
        fail_msg("%s: %s where the rows say %s", question, one, other);
    said_free(kept);
    said_free(rows);
    arena_free(a);
}

static void strata_agree(const char *id)
{
    const struct indicator_defines *all = NULL;
    const struct indicator_define *d = NULL;

    assert_int_equal(indicator_defines(&all, NULL), 0);
    d = indicator_find(all, str_of(id));
    for (size_t i = 0; i < d->stratum_count; i++) {
        agree_apart(id, d->strata[i].name);
        agree_apart(id, d->strata[i].name); /* kept by now */
    }
}

static void all_agree(void)
{
    for (size_t i = 0; i < MEASURES; i++) {
        agree(i, YEARS);
        agree(i, YEARS);        /* kept by now */
        agree(i, YEAR("2023")); /* and of one year of it */
        agree(i, "periodStart=2022-03&periodEnd=2024-05");
        strata_agree(measures[i]);
    }
}

/* ---- changes ---- */

static void put_team(struct arena *a, unsigned team)
{
    put(arena_printf(a, "Organization/t%u", team),
        arena_printf(a, PART_OF("h%u"), chance(3)));
}

static void put_hospital(struct arena *a, unsigned hospital)
{
    put(arena_printf(a, "Organization/h%u", hospital),
        arena_printf(
            a, "'name':'h','address':[{'country':'%s'}]", chance(2) ? "CN" : "KZ"));
}

static void put_posting(struct arena *a, unsigned number)
{
    unsigned who = chance(4);
    unsigned where = chance(3);
    unsigned team = chance(3);
    unsigned year = chance(5);
    unsigned month = 1 + chance(9);

    put(arena_printf(a, "PractitionerRole/e%u", number),
        arena_printf(a,
            "'active':true," WHO("p%u") "," UNIT("h%u") "," ROLE("expert") "," TEAM(
                "t%u") "," PERIOD("202%u-02-01", "2025-0%u-01"),
            who, where, team, year, month));
}

static void put_course(struct arena *a, unsigned number)
{
    PUT_OWN(arena_printf(a, "Course/c%u", number),
        arena_printf(a, KIND, chance(2) ? "placement" : "degree"));
}

static void put_enrolment(struct arena *a, unsigned number)
{
    bool passed = chance(2);
    unsigned year = chance(6);
    unsigned course = chance(2);
    unsigned who = chance(4);
    unsigned learning = chance(3);
    unsigned teaching = chance(3);

    PUT_OWN(arena_printf(a, "Enrolment/n%u", number),
        arena_printf(a,
            "'status':'%s'%s," REF("course", "Course/c%u") "," REF(
                "person", "Practitioner/p%u") "," REF("learningDepartment",
                "Organization/h%u") "," REF("teachingDepartment",
                "Organization/h%u") ",'period':{'start':'202%u-03-01'}",
            passed ? "completed" : "attending",
            passed ? arena_printf(a,
                         ",'result':{'passed':true,'on':'202%u-06-01'," REF(
                             "by", "Practitioner/p0") "}",
                         year)
                   : "",
            course, who, learning, teaching, year));
}

static void put_pairing(struct arena *a, unsigned number)
{
    unsigned helped = chance(3);
    unsigned team = chance(3);
    unsigned year = chance(6);

    put(arena_printf(a, "OrganizationAffiliation/a%u", number),
        arena_printf(a,
            REF("organization", "Organization/h%u") "," REF("participatingOrganization",
                "Organization/t%u") ",'code':[%s],'period':{'start':'202%u-05-01'}",
            helped, team, CODED("affiliation", "hospital-pair"), year));
}

#define PART(function, who)                                                            \
    "{'function':" CODED("operation-function", function) "," REF(                      \
        "actor", "Practitioner/" who)

/* Led by somebody of there or by a visitor. */
static void put_operation(struct arena *a, unsigned number)
{
    unsigned year = chance(6);
    unsigned month = 1 + chance(9);
    unsigned hospital = chance(3);
    unsigned operator= chance(4);
    bool visits = chance(2);
    unsigned assistant = chance(4);

    put(arena_printf(a, "Procedure/o%u", number),
        arena_printf(a,
            "'status':'completed'," REF("subject",
                "Patient/x") ",'code':%s,"
                             "'performedDateTime':'202%u-0%u-05','extension':[{%s," REF(
                                 "valueReference",
                                 "Organization/h%u") "}],'performer':[" PART("operator",
                                 "p%u") "%s}," PART("assistant", "p%u") "}]",
            CODED("procedure", "appendectomy"), year, month,
            OWN("operation-department"), hospital, operator,
            visits ? "," REF("onBehalfOf", "Organization/t0") : "", assistant));
}

#define CLOCK(name, hour)                                                              \
    "{'url':'" name "','valueInstant':'202%u-03-01T" hour ":00:00Z'}"

static void put_case(struct arena *a, unsigned number)
{
    unsigned year = chance(6);
    unsigned hour = chance(9);
    unsigned asking = chance(3);
    unsigned asked = chance(3);

    put(arena_printf(a, "Task/k%u", number),
        arena_printf(a,
            "'status':'completed','intent':'order','priority':'urgent','code':%s,"
            "'for':{'reference':'Patient/x'},'extension':[{%s,'extension':[" CLOCK(
                "sent", "08") "," CLOCK("answered",
                "1%u") ",{'url':"
                       "'paused-seconds','valueInteger':0}]},{%s,'extension':[{'url':'"
                       "asking'," REF("valueReference",
                           "Organization/h%u") "},{'url':'asked'," REF("valueReference",
                           "Organization/t%u") "}]}]",
            CODED("task", "answer-case"), OWN("case-clock"), year, year, hour,
            OWN("case-sides"), asking, asked));
}

/* Of a patient who is of one hospital, then of another; the team that is invited hangs on a third. */
static void put_patient(struct arena *a)
{
    put("Patient/x",
        arena_printf(a, REF("managingOrganization", "Organization/h%u"), chance(3)));
}

static void put_meeting(struct arena *a, unsigned number)
{
    unsigned year = chance(6);

    put(arena_printf(a, "Appointment/m%u", number),
        arena_printf(a,
            "'status':'fulfilled','start':'202%u-03-01T08:00:00Z','end':"
            "'202%u-03-01T08:45:00Z','appointmentType':%s,'extension':[{%s," REF(
                "valueReference", "Organization/t%u") "}],'participant':[{" REF("actor",
                "Patient/x") ",'required':'information-only','status':"
                             "'accepted'}]",
            year, year, CODED("case-record", "mdt"), OWN("mdt-department"), chance(3)));
}

static void remove_one(struct arena *a)
{
    struct said *s = node_ask(
        &node, (struct ask){.method = APP_DELETE,
                   .path = arena_printf(a, "PractitionerRole/e%u", chance(6))});

    assert_true(s->status == 200 || s->status == 204 || s->status == 404);
    said_free(s);
}

static void change(struct arena *a)
{
    switch (chance(11)) {
    case 0:
        put_team(a, chance(3));
        break;
    case 1:
        put_hospital(a, chance(3));
        break;
    case 2:
        put_course(a, chance(2));
        break;
    case 3:
        put_enrolment(a, chance(6));
        break;
    case 4:
        remove_one(a);
        break;
    case 5:
        put_pairing(a, chance(3));
        break;
    case 6:
        put_operation(a, chance(5));
        break;
    case 7:
        put_case(a, chance(4));
        break;
    case 8:
        put_patient(a);
        break;
    case 9:
        put_meeting(a, chance(3));
        break;
    default:
        put_posting(a, chance(6));
        break;
    }
}

static void every_change_is_seen(void **unused)
{
    struct arena *a = arena_new();

    (void)unused;
    for (unsigned round = 0; round < ROUNDS; round++) {
        change(a);
        if (chance(3) == 0) /* several at once, too */
            change(a);
        all_agree();
        arena_reset(a);
    }
    for (size_t i = 0; i < MEASURES; i++) {
        if (!varied[i]) /* it was about nothing, or no change was one of it */
            fail_msg("%s was always %s", measures[i], told[i]);
        free(told[i]);
    }
    arena_free(a);
}

/* ---- the memory by itself ---- */

static struct reader_memory *changes;

static void tell(unsigned type, int64_t seq)
{
    reader_memory_changed(
        changes, &(struct store_event){
                     .rid = store_rid_first(type) + 1, .type = type, .seq = seq});
}

static bool is_kept(struct indicator_memory *m, size_t index, int64_t position)
{
    struct indicator_kept *k = indicator_kept_get(m, index, position);

    indicator_kept_release(k);
    return k != NULL;
}

static void facts_hold_until_a_record_of_theirs_changes(void **unused)
{
    struct indicator_fact facts[3] = {{.from = 1}, {.from = 2}, {.from = 3}};
    struct indicator_kept k = {.facts = facts,
        .count = 3,
        .thing_count = 1,
        .types = {5, 7},
        .type_count = 2,
        .position = 10};
    struct indicator_memory *m = NULL;
    struct indicator_kept *held = NULL;

    (void)unused;
    changes = reader_memory_new();
    reader_memory_start(changes, 10);
    m = indicator_memory_new(changes);
    assert_false(is_kept(m, 1, 10));
    indicator_kept_put(m, 1, &k);
    assert_true(is_kept(m, 1, 10));
    assert_false(is_kept(m, 2, 10));
    assert_false(is_kept(m, 1, 9));  /* an older snapshot */
    assert_false(is_kept(m, 1, 11)); /* one that the memory was not told of yet */
    indicator_kept_put(m, 1, &k);
    tell(6, 11); /* not theirs */
    assert_true(is_kept(m, 1, 11));
    held = indicator_kept_get(m, 1, 11);
    assert_non_null(held);
    tell(7, 12);
    assert_false(is_kept(m, 1, 12));
    assert_int_equal(held->facts[2].from, 3); /* who holds them has them still */
    indicator_kept_release(held);
    k.position = 12;
    indicator_kept_put(m, 1, &k);
    assert_true(is_kept(m, 1, 12));
    reader_memory_stop(changes); /* a bulk load tells of nothing */
    reader_memory_start(changes, 20);
    assert_false(is_kept(m, 1, 20));
    indicator_memory_free(m);
    reader_memory_free(changes);
}

static int open_node(void **unused)
{
    struct arena *a = arena_new();

    (void)unused;
    time_hold(1767225600000LL); /* 2026-01-01 */
    node_open(&node, true);
    for (unsigned i = 0; i < 3; i++)
        put_hospital(a, i);
    for (unsigned i = 0; i < 3; i++)
        put_team(a, i);
    put_patient(a);
    for (unsigned i = 0; i < 4; i++)
        put_person(arena_printf(a, "p%u", i), "clinician", NULL);
    for (unsigned i = 0; i < 2; i++)
        put_course(a, i);
    for (unsigned i = 0; i < 6; i++) {
        put_posting(a, i);
        put_enrolment(a, i);
    }
    for (unsigned i = 0; i < 3; i++) {
        put_pairing(a, i);
        put_operation(a, i);
        put_case(a, i);
        put_meeting(a, i);
    }
    arena_free(a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_change_is_seen),
        cmocka_unit_test(facts_hold_until_a_record_of_theirs_changes),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
