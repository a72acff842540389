/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ratios of two figures, by hand: money for each further illness and for each journey spared. epilepsy-care, done three
 * times in a year, is what fifteen illnesses of the catalogue need (test_indicator_map.c).
 */
#include "ratio.h"

#define NOW 1798761600000LL /* 2027-01-01 */
#define CNY "&stratum=currency%7CCNY"

static const struct ratio_said to_care = {.id = "money-to-care",
    .numerator = "funding-at-rate",
    .denominator = "illnesses-demonstrated",
    .per = 1,
    .money = true,
    .grown = true};
static const struct ratio_said per_thousand = {.id = "cases-per-thousand",
    .numerator = "equity",
    .denominator = "population",
    .per = 1000};
static const struct ratio_said per_journey = {.id = "money-per-avoided-transfer",
    .numerator = "funding-at-rate",
    .denominator = "avoided-transfers",
    .population = "numerator",
    .per = 1,
    .money = true};

#define CODED(system, code)                                                            \
    "{'coding':[{'system':'https://belay.health/CodeSystem/" system "','code':'" code  \
    "'}]}"
#define REGION                                                                         \
    "'physicalType':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/"      \
    "location-physical-type','code':'jdn'}]}"

static void put_places(void)
{
    static const char *const sites[] = {"lhasa", "xigaze"};
    struct arena *a = arena_new();

    put("Location/plateau", REGION);
    put("Organization/bj1",
        "'name':'Beijing 1','address':[{'state':'Beijing','country':'CN'}]");
    for (int i = 0; i < 2; i++) {
        put(arena_printf(a, "Organization/%s", sites[i]),
            arena_printf(a, "'name':'%s'", sites[i]));
        put(arena_printf(a, "Location/%s-site", sites[i]),
            arena_printf(a,
                "'managingOrganization':{'reference':'Organization/%s'},'partOf':{"
                "'reference':'Location/plateau'}",
                sites[i]));
        put(arena_printf(a, "OrganizationAffiliation/pair-%s", sites[i]),
            arena_printf(a,
                "'active':true,'organization':{'reference':'Organization/%s'}," REF(
                    "participatingOrganization",
                    "Organization/bj1") ",'code':[" CODED("affiliation",
                    "hospital-pair") "],'period':{'start':'2020-01-01'}",
                sites[i]));
    }
    put_person("coordinator", "coordinator", NULL);
    put_person("head", "head-of-department", "xigaze");
    arena_free(a);
}

/* ---- what was learnt ---- */

#define FOLLOWED                                                                       \
    "{" OWN("operation-follow-up") ",'extension':[{'url':'at','valueCode':'day-30'},"  \
                                   "{'url':'result','valueCode':'well'}]}"

#define QUALIFIED                                                                      \
    "'active':true,'qualification':[{'code':" CODED(                                   \
        "procedure", "epilepsy-care") ",'period':{'start':'2020-01-01'}}]"
#define AT_WORK                                                                        \
    "'active':true,'practitioner':{'reference':'Practitioner/%s'},'organization':{"    \
    "'reference':'Organization/%s'}," ROLE(                                            \
        "clinician") ",'period':{'start':'2020-01-01'}"
#define CARE                                                                           \
    "'status':'completed','subject':{'display':'Somebody'},'code':{'coding':[{"        \
    "'system':'https://belay.health/CodeSystem/procedure','code':'epilepsy-care'}]},"  \
    "'performedDateTime':'%d-0%d-10','performer':[{'function':{'coding':[{'system':"   \
    "'https://belay.health/CodeSystem/operation-function','code':'operator'}]},"       \
    "'actor':{'reference':'Practitioner/%s'}}],'extension':[{'url':'https://"          \
    "belay.health/StructureDefinition/operation-department','valueReference':{"        \
    "'reference':'Organization/%s'}}," FOLLOWED "]"

/* ${who} of ${hospital} cares for epilepsy and did so three times in the year ${year}. */
static void put_care(const char *who, const char *hospital, int year)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "Practitioner/%s", who), QUALIFIED);
    put(arena_printf(a, "PractitionerRole/%s", who),
        arena_printf(a, AT_WORK, who, hospital));
    for (int i = 1; i <= 3; i++)
        put(arena_printf(a, "Procedure/%s-%d-%d", who, year, i),
            arena_printf(a, CARE, year, i, who, hospital));
    arena_free(a);
}

/* ---- what was paid ---- */

#define MONEY                                                                          \
    "'status':'committed','title':'Help','recipient':{'reference':'Organization/%s'}," \
    "'funder':{'reference':'Organization/bj1'},'committedOn':'2020-01-01','amount':{"  \
    "'value':1000000,'currency':'%s'}%s,'payment':[{'on':'%s','amount':%s,'use':"      \
    "'training','by':{'reference':'Practitioner/head'}}]"

static void put_money(const char *id, const char *to, const char *currency,
    const char *rate, const char *on, const char *amount)
{
    struct arena *a = arena_new();

    PUT_OWN(arena_printf(a, "Funding/%s", id),
        arena_printf(a, MONEY, to, currency, rate, on, amount));
    arena_free(a);
}

#define IN_USD ",'rate':{'currency':'USD','value':0.14,'on':'2020-01-01','source':'B'}"

/* ---- who could stay ---- */

#define CASE                                                                           \
    "'status':'completed','intent':'order','code':{'coding':[{'system':'https://"      \
    "belay.health/CodeSystem/task','code':'answer-case'}]},'extension':[{'url':"       \
    "'https://belay.health/StructureDefinition/case-sides','extension':[{'url':"       \
    "'asking','valueReference':{'reference':'Organization/%s'}}]},{'url':'https://"    \
    "belay.health/StructureDefinition/case-milestones','extension':[{'url':'sent',"    \
    "'valueInstant':'%d-05-01T08:00:00Z'},{'url':'answered','valueInstant':"           \
    "'%d-05-02T08:00:00Z'},{'url':'intent','valueCode':'transfer'},{'url':'asked',"    \
    "'valueReference':{'reference':'Organization/bj1'}},{'url':'outcome-days',"        \
    "'valueInteger':5},{'url':'avoided','valueBoolean':%s}]}]"

/* A case of ${hospital} that was answered in ${year}, and whose patient would have been sent away. */
static void put_case(const char *id, const char *hospital, int year, bool avoided)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "Task/%s", id),
        arena_printf(a, CASE, hospital, year, year, avoided ? "true" : "false"));
    arena_free(a);
}

static void put_cases(const char *hospital, int year, int avoided, int all)
{
    char id[40];

    for (int i = 0; i < all; i++) {
        snprintf(id, sizeof(id), "%s-%d-%d", hospital, year, i);
        put_case(id, hospital, year, i < avoided);
    }
}

/* ---- who lives where ---- */

/* ${hospital} stands in ${county}, where so many live; NULL: nobody wrote that down. */
static void put_county(const char *hospital, const char *county, const char *people)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "Organization/%s", hospital),
        arena_printf(a, "'name':'%s','address':[{'district':'%s'}]", hospital, county));
    if (people) {
        put(arena_printf(a, "Location/%s", county),
            arena_printf(a, "'address':{'district':'%s'}", county));
        put(arena_printf(a, "MeasureReport/population-2023-%s", county),
            arena_printf(a,
                "'status':'complete','type':'summary','measure':'https://belay.health/"
                "Measure/context-population','period':{'start':'2023','end':'2023'},"
                "'subject':{'reference':'Location/%s'},'group':[{'population':[{"
                "'count':%s}]}]",
                county, people));
    }
    arena_free(a);
}

/* Cases of 2023; of lhoka, where 50,000 live, there are none. */
static void put_counties(void)
{
    put_county("chengguan", "Chengguan", "300000");
    put_county("samzhubze", "Samzhubze", "120000");
    put_county("gar", "Gar", "15000");
    put_county("lhoka", "Lhoka", "50000");
    put_county("seni", "Seni", NULL);
    put("Organization/somewhere", "'name':'Somewhere'");
    put("Location/nowhere", "'name':'Nowhere'");
    put_cases("chengguan", 2023, 0, 12);
    put_cases("samzhubze", 2023, 0, 3);
    put_cases("gar", 2023, 0, 7);
    put_cases("seni", 2023, 0, 8);
}

/* ---- by hand ---- */

/* 2024  nothing is demonstrated; 5,000 CNY
 * 2025  lhasa, fifteen illnesses; 150,000.50 CNY, of it 100,000.50 with a rate of 0.14: 14,000.07 USD
 * 2026  xigaze the same fifteen, and lhasa no more: as many as before; 30,000 CNY to xigaze */
static void money_for_each_further_illness(void **state)
{
    (void)state;
    assert_figure(PROGRAM, "illnesses-demonstrated", YEAR("2025"), "15;");
    /* 150,000.50 / 15 is 10,000.0333...; 14,000.07 / 15 is 933.338 */
    assert_measured(PROGRAM, "money-to-care", YEAR("2025") "&stratifier=currency",
        "15/2; CNY: 15/2 10000.0333; USD: 15/1 933.3380");
    assert_measured(PROGRAM, "money-to-care", YEAR("2025") CNY, "15/2 10000.0333");
    /* currencies are never added */
    assert_measured(PROGRAM, "money-to-care", YEAR("2025"), "400");
    /* none was demonstrated, and as many as before */
    assert_measured(PROGRAM, "money-to-care", YEAR("2024") CNY, "0/1");
    assert_measured(PROGRAM, "money-to-care", YEAR("2026") CNY, "0/1");
    /* of both years: 180,000.50 / 15; from March 2025, with which it was there, nothing is new */
    assert_measured(PROGRAM, "money-to-care", "periodStart=2025&periodEnd=2026" CNY,
        "15/3 12000.0333");
    assert_measured(
        PROGRAM, "money-to-care", "periodStart=2025-04&periodEnd=2025-12" CNY, "0/1");
    /* lhasa lost fifteen, xigaze has fifteen more */
    assert_measured(PROGRAM, "money-to-care", YEAR("2026") CNY "&stratifier=hospital",
        "0/1; Organization/xigaze: 15/1 2000.00");
}

/* 2025: ten of sixteen could stay; 2026: three of nine. */
static void money_for_each_journey_spared(void **state)
{
    (void)state;
    assert_measured(
        PROGRAM, "money-per-avoided-transfer", YEAR("2025") CNY, "10/2 15000.05");
    assert_measured(
        "coordinator", "money-per-avoided-transfer", YEAR("2025") CNY, "10/2 15000.05");
    assert_measured(
        PROGRAM, "money-per-avoided-transfer", YEAR("2026") CNY, "3/1 10000.00");
    /* three may be somebody */
    assert_measured(
        "coordinator", "money-per-avoided-transfer", YEAR("2026") CNY, "*/1");
    /* and so may the three of both years less ten of one */
    assert_measured("coordinator", "money-per-avoided-transfer",
        "periodStart=2025&periodEnd=2026" CNY, "*/3");
    /* a year that is not over, and one hospital by itself, of which small numbers could be worked out */
    assert_measured(
        "coordinator", "money-per-avoided-transfer", YEAR("2027") CNY, "403");
    assert_measured("coordinator", "money-per-avoided-transfer",
        YEAR("2025") "&stratum=hospital%7COrganization/lhasa", "403");
}

/* 30 cases of 485,000 people; of Seni nobody wrote down how many live there. */
static void cases_for_each_thousand_inhabitants(void **state)
{
    (void)state;
    assert_measured(PROGRAM, "cases-per-thousand", YEAR("2023") "&stratifier=county",
        "4/30 0.0619; Chengguan: 1/12 0.04; Gar: 1/7 0.4667; Lhoka: 1/0 0.00; "
        "Samzhubze: 1/3 0.0250; Seni: 0/8");
    /* of so few that they could be somebody nothing is told, nor what they could be worked out from */
    assert_measured("coordinator", "equity", YEAR("2023") "&stratifier=county",
        "30 30; Chengguan: *; Gar: 7 7; Samzhubze: *; Seni: 8 8");
    assert_measured("coordinator", "cases-per-thousand",
        YEAR("2023") "&stratifier=county",
        "4/30 0.0619; Chengguan: 1/*; Gar: 1/7 0.4667; Lhoka: 1/0 0.00; Samzhubze: "
        "1/*; Seni: 0/8");
    assert_measured("coordinator", "cases-per-thousand",
        "periodStart=2023-01&periodEnd=2023-06", "403");
    assert_measured("coordinator", "cases-per-thousand",
        YEAR("2023") "&stratum=county%7CSamzhubze", "403");
}

/* Where ${county} is ${by} ("sex", "language"), so many are ${code}. */
static void put_part(
    const char *by, const char *code, const char *county, const char *people)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "MeasureReport/population-2022.%s-%s.%s", by, code, county),
        arena_printf(a,
            "'status':'complete','type':'summary','measure':'https://belay.health/"
            "Measure/context-population','period':{'start':'2022','end':'2022'},"
            "'subject':{'reference':'Location/"
            "%s'},'group':[{'stratifier':[{'code':[" CODED("indicator-stratum",
                "%s") "],'stratum':[{'value':{'coding':[{"
                      "'system':'%s','code':'%s'}]},'population':[{'count':%s}]}]}]}]",
            county, by,
            by[0] == 's' ? "http://hl7.org/fhir/administrative-gender"
                         : "urn:ietf:bcp:47",
            code, people));
    arena_free(a);
}

static void put_whole(const char *county, const char *people)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "MeasureReport/population-2022-%s", county),
        arena_printf(a,
            "'status':'complete','type':'summary','measure':'https://belay.health/"
            "Measure/context-population','period':{'start':'2022','end':'2022'},"
            "'subject':{'reference':'Location/%s'},'group':[{'population':[{"
            "'count':%s}]}]",
            county, people));
    arena_free(a);
}

/* ${all} cases of 2022 of ${hospital}, each of somebody of ${sex} who speaks ${language}. */
static void put_cases_of(
    const char *hospital, const char *sex, const char *language, int all)
{
    struct arena *a = arena_new();
    const char *id = arena_printf(a, "%s-%s-%s", hospital, sex, language);

    put(arena_printf(a, "Patient/%s", id),
        arena_printf(a,
            "'gender':'%s','communication':[{'language':{'coding':[{'system':"
            "'urn:ietf:bcp:47','code':'%s'}]}}]",
            sex, language));
    for (int i = 0; i < all; i++)
        put(arena_printf(a, "Task/%s-%d", id, i),
            arena_printf(a, CASE ",'for':{'reference':'Patient/%s'}", hospital, 2022,
                2022, "false", id));
    arena_free(a);
}

/* Why there is no rate of ${stratum}; "": there is one. */
static const char *why_none(struct arena *a, const char *query, const char *stratum)
{
    struct said *s = ask_as("coordinator",
        arena_printf(a, "Measure/cases-per-thousand/$evaluate-measure?%s", query));
    struct json_each it = strata_of(s->json);
    const char *why = "no such stratum";

    while (json_next(&it)) {
        const struct json *said = json_at(json_get(it.value, "extension"), 0);
        const struct json *code = json_at(json_get(said, "extension"), 0);
        const struct json *text = json_at(json_get(said, "extension"), 1);
        struct str value = json_get_text(code, "valueCode");

        if (!str_is(code_of(it.value), stratum))
            continue;
        assert_int_equal(value.p != NULL, json_get_text(text, "valueString").len > 0);
        why = value.p ? arena_strndup(a, value.p, value.len) : "";
    }
    said_free(s);
    return why;
}

/*
 * 2022, Chengguan: 200,000, of whom 90,000 women and 110,000 men; 160,000 speak bo, 40,000 zh. Gar: 10,000, of whom 4,000
 * women and 6,000 men; nobody wrote down what they speak.
 * 27 cases of women and 22 of men: 27 / 94,000 and 22 / 116,000.
 */
static void cases_for_each_thousand_by_sex_and_language(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    put_whole("Chengguan", "200000");
    put_part("sex", "female", "Chengguan", "90000");
    put_part("sex", "male", "Chengguan", "110000");
    put_part("language", "bo", "Chengguan", "160000");
    put_part("language", "zh", "Chengguan", "40000");
    put_cases_of("chengguan", "female", "bo", 20);
    put_cases_of("chengguan", "male", "bo", 15);
    put_cases_of("chengguan", "male", "zh", 7);
    put_cases_of("gar", "female", "bo", 7);
    put_cases_of("gar", "unknown", "kham", 6);
    assert_measured("coordinator", "cases-per-thousand",
        YEAR("2022") "&stratifier=language",
        "1/55 0.2750; bo: 1/42 0.2625; kham: 0/6; zh: 1/7 0.1750");
    put_whole("Gar", "10000");
    put_part("sex", "female", "Gar", "4000");
    put_part("sex", "male", "Gar", "6000");
    assert_measured("coordinator", "cases-per-thousand", YEAR("2022") "&stratifier=sex",
        "2/55 0.2619; female: 2/27 0.2872; male: 2/22 0.1897; unknown: 0/6");
    /* now who speaks what is not known of all places: what stood there before was true as long as Gar was not written down */
    assert_measured("coordinator", "cases-per-thousand",
        YEAR("2022") "&stratifier=language",
        "2/55 0.2619; bo: 1/42; kham: 0/6; zh: 1/7");
    assert_string_equal(
        why_none(a, YEAR("2022") "&stratifier=language", "bo"), "parts-missing");
    assert_string_equal(
        why_none(a, YEAR("2022") "&stratifier=language", "kham"), "parts-missing");
    assert_string_equal(
        why_none(a, YEAR("2022") "&stratifier=sex", "unknown"), "not-known");
    assert_string_equal(why_none(a, YEAR("2022") "&stratifier=sex", "male"), "");
    assert_string_equal(
        why_none(a, YEAR("2023") "&stratifier=county", "Seni"), "nothing-below");
    assert_string_equal(
        why_none(a, YEAR("2023") "&stratifier=county", "Samzhubze"), "masked");
    assert_measured("coordinator", "cases-per-thousand",
        YEAR("2022") "&stratifier=county",
        "2/55 0.2619; Chengguan: 1/42 0.21; Gar: 1/13 1.30");
    /* three whose sex is another may be somebody, and follow from no other number */
    put_cases_of("gar", "other", "zh", 3);
    assert_measured("coordinator", "cases-per-thousand", YEAR("2022") "&stratifier=sex",
        "2/58 0.2762; female: 2/*; male: 2/22 0.1897; other: 0/*; unknown: 0/6");
    arena_free(a);
}

/*
 * Degrees on the equator, 111.19 km each. Seat is the hospital of its prefecture; Near lies 33 km from it, Far 222, Away
 * 267, and Lone is of a region of which nobody says whose hospital is whose.
 *
 *          2021   inhabitants   cases
 *   Seat          40,000           20
 *   Near          10,000            6
 *   Far            5,000            9
 *   Away           4,000            3
 *   Lone           1,000            8
 */
static const struct {
    const char *name, *longitude, *area, *people;
    int cases;
} homes[] = {
    {"seat", "0", "east", "40000", 20},
    {"near", "0.3", "east", "10000", 6},
    {"far", "2", "east", "5000", 9},
    {"away", "2.4", "east", "4000", 3},
    {"lone", "0.1", "west", "1000", 8},
};

static void put_homes(void)
{
    struct arena *a = arena_new();

    put("Location/upland", REGION);
    put("Location/west", REGION);
    put("Organization/seat", "'name':'Seat','address':[{'district':'Seat'}]");
    put("Location/east", REGION ",'partOf':{'reference':'Location/upland'},"
                                "'managingOrganization':{'reference':'Organization/"
                                "seat'}");
    for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++) {
        const char *name = homes[i].name;

        put(arena_printf(a, "Organization/%s", name),
            arena_printf(a, "'name':'%s','address':[{'district':'%s'}]", name, name));
        put(arena_printf(a, "Location/%s", name),
            arena_printf(a,
                "'managingOrganization':{'reference':'Organization/%s'},'partOf':{"
                "'reference':'Location/%s'},'position':{'longitude':%s,'latitude':0}",
                name, homes[i].area, homes[i].longitude));
        put(arena_printf(a, "MeasureReport/population-2021-%s", name),
            arena_printf(a,
                "'status':'complete','type':'summary','measure':'https://belay.health/"
                "Measure/context-population','period':{'start':'2021','end':'2021'},"
                "'subject':{'reference':'Location/%s'},'group':[{'population':[{"
                "'count':%s}]}]",
                name, homes[i].people));
        put_cases(name, 2021, 0, homes[i].cases);
    }
    arena_free(a);
}

/* 26 / 50,000 under 50 km; 12 / 9,000 from 200 to 400 km. */
static void cases_for_each_thousand_by_distance(void **state)
{
    struct arena *a = arena_new();
    const char *rows = NULL;

    (void)state;
    put_homes();
    rows = rows_for(a, PROGRAM, "cases-per-thousand",
        YEAR("2021") "&stratum=remoteness%7C200-400-km");
    assert_non_null(strstr(rows, "Task/far-2021-8 "));
    assert_non_null(strstr(rows, "Task/away-2021-2 "));
    assert_null(strstr(rows, "Task/seat"));
    assert_null(strstr(rows, "Task/lone"));
    assert_rows("coordinator", "population",
        YEAR("2021") "&stratum=remoteness%7C200-400-km",
        "MeasureReport/population-2021-away MeasureReport/population-2021-far "
        "others=0");
    arena_free(a);
    assert_measured("coordinator", "population", YEAR("2021") "&stratifier=remoteness",
        "5 60000; 200-400-km: 2 9000; under-50-km: 2 50000; unknown: 1 1000");
    assert_measured("coordinator", "equity", YEAR("2021") "&stratifier=remoteness",
        "46 46; 200-400-km: 12 12; under-50-km: 26 26; unknown: 8 8");
    assert_measured("coordinator", "cases-per-thousand",
        YEAR("2021") "&stratifier=remoteness",
        "5/46 0.7667; 200-400-km: 2/12 1.3333; under-50-km: 2/26 0.52; unknown: 1/8");
    /* 12 less the nine of Far are the three of Away, which may be somebody: neither is named */
    assert_measured("coordinator", "equity", YEAR("2021") "&stratifier=county",
        "46 46; lone: 8 8; near: 6 6; seat: 20 20");
    assert_measured("coordinator", "equity", YEAR("2021") "&stratifier=hospital",
        "46 46; Organization/lone: 8 8; Organization/near: 6 6; Organization/seat: 20 "
        "20");
}

/* The rows are those of the numerator; of which figures it is, is said. */
static void rows_are_those_of_the_numerator(void **state)
{
    struct arena *a = arena_new();
    struct said *s = NULL;

    (void)state;
    assert_string_equal(rows_for(a, "coordinator", "money-to-care", YEAR("2025") CNY),
        rows_for(a, "coordinator", "funding-at-rate", YEAR("2025") CNY));
    s = ask_as("coordinator", "Measure/money-to-care/$explain?" YEAR("2025") CNY);
    assert_string_equal(json_said(a, json_at(json_get(s->json, "parameter"), 1)),
        "{\"name\":\"denominator\",\"valueCanonical\":\"https://belay.health/Measure/"
        "illnesses-demonstrated\"}");
    said_free(s);
    assert_subjects(
        PROGRAM, "money-to-care", YEAR("2025") CNY, "numerator: Funding/f2 Funding/f3");
    assert_subjects(PROGRAM, "money-to-care", YEAR("2000") CNY, "numerator: nilknown");
    arena_free(a);
}

/* ---- for any history and anybody ---- */

static struct ratio_seen agree(const char *person)
{
    static const char *const periods[][2] = {{YEAR("2025"), YEAR("2024-12-31")},
        {"periodStart=2023&periodEnd=2026", YEAR("2022-12-31")},
        {"periodStart=2025-02-05&periodEnd=2025-11-03", YEAR("2025-02-04")}};
    static const char *const axes[] = {NULL, "currency", "hospital"};
    static const char *const counties[] = {YEAR("2023"), YEAR("2024"), YEAR("2022")};
    struct ratio_seen seen = {0};

    for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
        for (size_t k = 0; k < 3; k++) {
            struct ratio_asked q = {
                person, periods[i][0], periods[i][1], axes[k], k == 1 ? "" : CNY};

            ratio_agrees(&to_care, &q, &seen);
            ratio_agrees(&per_journey, &q, &seen);
        }
    }
    for (size_t i = 0; i < 3; i++) {
        struct ratio_asked q = {person, counties[i], counties[i], NULL, ""};

        ratio_agrees(&per_thousand, &q, &seen);
        q.axis = "county";
        ratio_agrees(&per_thousand, &q, &seen);
    }
    return seen;
}

static void a_ratio_is_what_its_figures_are(void **state)
{
    struct ratio_seen all = {0}, coordinator = {0}, head = {0};
    struct agreed agreed = {0};

    (void)state;
    for (int i = 0; i < 12; i++) {
        static const char *const sites[] = {"lhasa", "xigaze"};
        static const char *const counties[] = {"gar", "lhoka", "seni", "somewhere"};
        struct arena *a = arena_new();
        const char *site = sites[unit_random() % 2];
        int year = 2023 + (int)(unit_random() % 4);

        put_cases(counties[unit_random() % 4], 2023, 0, (int)(unit_random() % 30));
        if (unit_random() % 3 == 0)
            put_care(arena_printf(a, "w%d", i), site, year);
        put_cases(arena_strndup(a, site, strlen(site)), year, (int)(unit_random() % 9),
            4 + (int)(unit_random() % 9));
        put_money(arena_printf(a, "r%d", i), site, unit_random() % 4 ? "CNY" : "USD",
            unit_random() % 2 ? ""
                              : ",'rate':{'currency':'EUR','value':0.13,"
                                "'on':'2020-01-01','source':'B'}",
            arena_printf(a, "%d-0%d-11", year, 1 + (int)(unit_random() % 9)),
            arena_printf(a, "%d.%02d", 1 + (int)(unit_random() % 90000),
                (int)(unit_random() % 100)));
        arena_free(a);
    }
    all = agree(PROGRAM);
    coordinator = agree("coordinator");
    head = agree("head");
    agreed = years_agree("coordinator", 2025, 2026, "hospital", "");
    assert_true(all.told > 0 && all.none > 0 && all.masked == 0 && all.refused == 0);
    assert_true(coordinator.told > 0 && coordinator.refused > 0);
    assert_true(head.refused > 0);
    assert_true(agreed.sums > 0);
}

static int open_node(void **state)
{
    (void)state;
    time_hold(NOW);
    node_open(&node, true);
    put_places();
    put_care("d1", "lhasa", 2025);
    put_care("d2", "xigaze", 2026);
    put_money("f1", "lhasa", "CNY", "", "2024-06-01", "5000");
    put_money("f2", "lhasa", "CNY", IN_USD, "2025-03-01", "100000.50");
    put_money("f3", "lhasa", "CNY", "", "2025-09-01", "50000");
    put_money("f4", "xigaze", "CNY", "", "2026-02-01", "30000");
    put_cases("lhasa", 2025, 10, 16);
    put_cases("lhasa", 2026, 3, 9);
    put_counties();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_for_each_further_illness),
        cmocka_unit_test(money_for_each_journey_spared),
        cmocka_unit_test(cases_for_each_thousand_inhabitants),
        cmocka_unit_test(cases_for_each_thousand_by_sex_and_language),
        cmocka_unit_test(cases_for_each_thousand_by_distance),
        cmocka_unit_test(rows_are_those_of_the_numerator),
        cmocka_unit_test(a_ratio_is_what_its_figures_are),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
