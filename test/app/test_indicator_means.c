/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of what a hospital is given: days in working order, and money; each computed by hand beside it. */
#include "indicator.h"

#define NOW 1672531200000LL /* 2023-01-01 */
#define BOTH "periodStart=2021&periodEnd=2022"

/* ---- equipment ---- */

#define KIND(code) ",'type':{'coding':[{'code':'" code "'}]}"

/*
 * v1  from 2021-01-01 08:00; it stands still from 06-30 08:00 to 08-01 08:00, 32 days
 * v2  from 2022-01-01 08:00; it stands still from 03-31 08:00 on
 * v3  from 2022-01-11 to 01-21; out of use for good after 01-31
 * v4  of nobody knows when: entered in error
 */
static void put_devices(void)
{
    put("Device/v1",
        REF("owner", "Organization/lhasa") KIND("laparoscope") ",'extension':[" SERVED(
            "2021-08-01T08:00:00Z", "") "," SERVED("2021-01-01T08:00:00Z",
            UNTIL("2021-06-30T08:00:00Z")) "]");
    put("Device/v2",
        REF("owner", "Organization/ortho") KIND("ct") ",'extension':[" SERVED(
            "2022-01-01T08:00:00Z", UNTIL("2022-03-31T08:00:00Z")) "]");
    put("Device/v3",
        REF("owner", "Organization/xigaze") ",'expirationDate':'2022-01-31','extension'"
                                            ":[" SERVED("2022-01-11T00:00:00Z",
                                                UNTIL("2022-01-21T00:00:00Z")) "]");
    put("Device/v4",
        REF("owner", "Organization/xigaze") ",'status':'entered-in-error'"
                                            ",'extension':[" SERVED(
                                                "2022-01-01T08:00:00Z", "") "]");
}

#define USED(id) "{'reference':'Device/" id "'}"

static void put_operation(const char *id, const char *of, const char *more)
{
    struct arena *a = arena_new();

    put(arena_printf(a, "Procedure/%s", id),
        arena_printf(a,
            "'subject':{'display':'Nobody'},'code':{'coding':[{'system':'https://"
            "belay.health/CodeSystem/procedure','code':'appendectomy'}]},'extension':["
            "{'url':'https://belay.health/StructureDefinition/operation-department',"
            "'valueReference':{'reference':'Organization/%s'}}%s]%s",
            of,
            strstr(more, "imported") ? ",{'url':'https://belay.health/"
                                       "StructureDefinition/operation-imported',"
                                       "'valueString':'x'}"
                                     : "",
            strchr(more, ',')));
    arena_free(a);
}

/*
 * o1  in 2021 with v1; o2 in 2021 with v1 and v2; o3 in 2022 with v3, of which the kind is not known
 * o4  with none; o5 of an older logbook; o6 was not done
 */
static void put_operations(void)
{
    put_operation("o1", "ortho",
        ",'status':'completed','performedDateTime':'2021-02-01','usedReference':[" USED(
            "v1") "]");
    put_operation("o2", "lhasa",
        ",'status':'completed','performedDateTime':'2021-12-31','usedReference':[" USED(
            "v1") "," USED("v2") "]");
    put_operation("o3", "xigaze",
        ",'status':'completed','performedDateTime':'2022-01-12','usedReference':[" USED(
            "v3") "]");
    put_operation(
        "o4", "lhasa", ",'status':'completed','performedDateTime':'2021-05-05'");
    put_operation("o5", "lhasa",
        "imported,'status':'completed','performedDateTime':'2021-05-05',"
        "'usedReference':[" USED("v1") "]");
    put_operation("o6", "lhasa",
        ",'status':'not-done','performedDateTime':'2021-05-05','usedReference':[" USED(
            "v1") "]");
}

static void operations_with_a_device(void **state)
{
    (void)state;
    /* o1 and o2, which used devices of two kinds and counts in both */
    assert_figure(PROGRAM, "device-procedures", YEAR("2021") "&stratifier=kind",
        "2; ct=1 laparoscope=2");
    assert_figure(PROGRAM, "device-procedures", BOTH "&stratifier=hospital",
        "3; lhasa=2 xigaze=1");
    assert_figure(
        PROGRAM, "device-procedures", YEAR("2022") "&stratifier=kind", "1; unknown=1");
    /* a row for each device */
    assert_rows(PROGRAM, "device-procedures", YEAR("2021"),
        "Procedure/o2 Procedure/o2 Procedure/o1 others=0");
}

static void days_in_working_order(void **state)
{
    (void)state;
    /* 364 days and 16 hours, of which 332 and 16 hours: 365 begun, 332 whole */
    assert_measured(PROGRAM, "equipment-uptime", YEAR("2021"), "332/365 0.9096");
    /* it stood still all of July; before it was first put to work there is nothing */
    assert_measured(PROGRAM, "equipment-uptime", YEAR("2021-07"), "0/31 0.0000");
    assert_measured(PROGRAM, "equipment-uptime", YEAR("2020"), "0/0");
    /* v1 31 days; v2 30 days and 8 hours of 31 */
    assert_measured(PROGRAM, "equipment-uptime", YEAR("2022-03") "&stratifier=hospital",
        "61/62 0.9839; Organization/lhasa: 61/62 0.9839");
    assert_rows(PROGRAM, "equipment-uptime", YEAR("2021-07"), "Device/v1 others=0");
}

static void what_is_out_of_use_stands_still_no_more(void **state)
{
    (void)state;
    /* ten days of January, then eleven without it, then none */
    assert_measured(PROGRAM, "equipment-uptime",
        YEAR("2022") "&stratum=hospital%7COrganization/xigaze", "10/21 0.4762");
}

/* v1 works at the end of 2022; of 2023 a day is over, then none but the one is told. */
static void days_to_come_are_none(void **state)
{
    const utc_ms hour = 3600 * 1000;

    (void)state;
    assert_measured(PROGRAM, "equipment-uptime",
        YEAR("2023") "&stratum=hospital%7COrganization/lhasa", "0/0");
    time_hold(NOW + 30 * hour);
    assert_measured(PROGRAM, "equipment-uptime",
        YEAR("2023") "&stratum=hospital%7COrganization/lhasa", "1/2 0.5000");
    time_hold(NOW);
}

/* ---- money ---- */

#define COMMITTED(status, to, amount, currency)                                        \
    "'status':'" status "','title':'Theatre'," REF("recipient",                        \
        "Organization/" to) ",'committedOn':'2021-01-01','amount':{'value':" amount    \
                            ",'currency':'" currency "'}"

static void put_money(void)
{
    PUT_OWN("Funding/f1",
        COMMITTED("committed", "lhasa", "1000", "CNY") "," REF("funder",
            "Organization/bj1") ",'rate':{'currency':'USD','value':0.1553,'on':"
                                "'2021-01-01','source':'Bank'},'payment':[" PAYMENT(
                                    "2021-02-01", "100.10",
                                    "equipment") "," PAYMENT("2022-02-01", "200.2",
                                    "training") "]");
    PUT_OWN("Funding/f2",
        COMMITTED("committed", "xigaze", "500", "USD") ",'payment':[" PAYMENT(
            "2022-03-01", "50", "equipment") "]");
    PUT_OWN("Funding/f3", COMMITTED("cancelled", "xigaze", "500", "USD"));
}

/* Of 100.10 and 200.20 at 0.1553 come 15.55 (15.5455) and 31.09 (31.0911); the 50.00 were paid in
 * the other currency, and have no rate into the first. */
static void money_in_one_currency(void **state)
{
    (void)state;
    assert_figure(PROGRAM, "funding-at-rate",
        BOTH "&stratum=currency%7CUSD&stratifier=kind",
        "96.64; equipment=65.55 training=31.09");
    assert_figure(PROGRAM, "funding-at-rate",
        BOTH "&stratum=currency%7CUSD&stratifier=rate",
        "96.64; 0.1553, 2021-01-01, Bank=46.64 as-paid=50.00");
    assert_figure(PROGRAM, "funding-at-rate",
        BOTH "&stratum=currency%7CUSD&stratifier=sending-province",
        "96.64; Beijing=46.64 unknown=50.00");
    assert_figure(PROGRAM, "funding-at-rate",
        BOTH "&stratum=currency%7CCNY&stratifier=rate", "300.30; as-paid=300.30");
    assert_figure(PROGRAM, "funding-at-rate", BOTH "&stratifier=currency",
        "*; CNY=300.30 USD=96.64");
    assert_figure(PROGRAM, "funding-at-rate", BOTH, "400");
    assert_rows(PROGRAM, "funding-at-rate", YEAR("2021") "&stratum=currency%7CUSD",
        "Funding/f1 others=0");
}

/* As many as may be paid out of one commitment all count: 400 times 1.00, at 0.1553 each 0.16. */
static void every_payment_counts(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 1 << 20);
    buf_addf(&b,
        "%s,'rate':{'currency':'USD','value':0.1553,'on':'2020-01-01'},'payment':[",
        COMMITTED("committed", "lhasa", "1000", "CNY"));
    for (int i = 0; i < LIMIT_FUNDING_PAYMENTS; i++)
        buf_addf(&b, "%s" PAYMENT("2020-05-01", "1.00", "running"), i ? "," : "");
    buf_adds(&b, "]");
    PUT_OWN("Funding/f4", buf_cstr(&b));
    buf_done(&b);
    assert_figure(PROGRAM, "funding", YEAR("2020"), "400.00;");
    assert_figure(PROGRAM, "funding-at-rate", YEAR("2020") "&stratifier=currency",
        "*; CNY=400.00 USD=64.00");
}

static int open_node(void **state)
{
    (void)state;
    open_hospitals(NOW);
    put("Practitioner/m1", "");
    put_devices();
    put_operations();
    put_money();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_with_a_device),
        cmocka_unit_test(days_in_working_order),
        cmocka_unit_test(what_is_out_of_use_stands_still_no_more),
        cmocka_unit_test(days_to_come_are_none),
        cmocka_unit_test(money_in_one_currency),
        cmocka_unit_test(every_payment_counts),
    };

    return cmocka_run_group_tests(tests, open_node, close_node);
}
