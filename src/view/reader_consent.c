/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Consent across a border: a FHIR Consent of the patient that is active and whose provision
 * permits, now, the department, what it is part of, its hospital, or its country
 * (an extension, since R4 has no element for it). A provision that denies one of these
 * stands above all that permit.
 *
 * In an emergency a clinician of the patient's hospital may stand in for the consent for an
 * hour (reader_sent): where nothing permits, but never against a provision that denies.
 *
 * A provision without a type permits at the root, where R4 leaves the type to the policy,
 * and counts for nothing within. One that names nobody says nothing about this reader.
 */
#include "view/reader_internal.h"

#define COUNTRY_EXTENSION "https://belay.health/StructureDefinition/consent-country"
#define PROVISION_DEPTH 8

struct asking {
    struct reader *rd;
    struct reader_set who; /* the units a recipient may be named as */
    uint64_t country;
    bool permitted;
    bool denied;
};

static bool names_country(const struct asking *q, const struct json *provision)
{
    struct json_each it = json_each(json_get(provision, "extension"));

    while (q->country && json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), COUNTRY_EXTENSION) &&
            reader_country_number(json_get_text(it.value, "valueCode")) == q->country)
            return true;
    }
    return false;
}

static int names_us(struct asking *q, const struct json *provision, bool *ret)
{
    struct json_each it = json_each(json_get(provision, "actor"));
    store_rid who = 0;
    int r = 0;

    *ret = names_country(q, provision);
    while (r == 0 && !*ret && json_next(&it)) {
        struct str text = json_get_text(json_get(it.value, "reference"), "reference");

        r = reader_find(q->rd, text, &who);
        *ret = who != 0 && reader_set_has(&q->who, who);
    }
    return r;
}

static int read_provision(struct asking *q, const struct json *provision, int depth)
{
    struct str type = json_get_text(provision, "type");
    struct json_each it;
    bool us = false;
    int r = 0;

    if (!provision || depth > PROVISION_DEPTH ||
        !reader_period_holds(q->rd, json_get(provision, "period")))
        return 0;
    r = names_us(q, provision, &us);
    if (us && str_is(type, "deny"))
        q->denied = true;
    else if (us && (str_is(type, "permit") || (depth == 0 && !type.p)))
        q->permitted = true;
    it = json_each(json_get(provision, "provision"));
    while (r == 0 && json_next(&it))
        r = read_provision(q, it.value, depth + 1); /* NOLINT(misc-no-recursion) */
    return r;
}

/* Consents to research or about the end of life are not consents to be treated. */
static bool of_treatment(const struct json *consent)
{
    struct json_each it = json_each(json_get(json_get(consent, "scope"), "coding"));

    while (json_next(&it)) {
        struct str code = json_get_text(it.value, "code");

        if (str_is(code, "patient-privacy") || str_is(code, "treatment"))
            return true;
    }
    return false;
}

static int weigh(struct asking *q, const struct json *consent)
{
    if (!consent || !str_is(json_get_text(consent, "status"), "active") ||
        !of_treatment(consent))
        return 0;
    return read_provision(q, json_get(consent, "provision"), 0);
}

/* Those that the transaction makes which is judged now. */
static int read_expected(struct asking *q, store_rid patient)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < q->rd->expected_count; i++) {
        const struct json *consent = q->rd->expected[i];
        struct str of = json_get_text(json_get(consent, "patient"), "reference");
        store_rid found = 0;

        r = reader_find(q->rd, of, &found);
        /* a patient who is made with it has no record yet: the two references are alike */
        if (r == 0 && (found == patient || (found == 0 && of.p && q->rd->said &&
                                               str_eq(of, q->rd->said_subject))))
            r = weigh(q, consent);
    }
    return r;
}

static int read_consent(struct asking *q, store_rid rid)
{
    struct arena *a = arena_new(); /* reader_find uses the reader's own scratch */
    struct store_record record = {0};
    const struct json *consent = NULL;
    int r = a ? store_get_rid(q->rd->run.r, a, rid, true, &record, q->rd->run.err)
              : err_nomem(q->rd->run.err);

    if (r == 0 && record.operation != STORE_DELETE && record.body.len)
        r = json_read_trusted(a, record.body, &consent, q->rd->run.err);
    if (r == 0)
        r = weigh(q, consent);
    arena_free(a);
    return r;
}

int reader_consented(struct reader *rd, store_rid patient, store_rid department,
    store_rid hospital, bool *ret)
{
    uint64_t key = (uint64_t)patient ^ (uint64_t)department << 20;
    struct asking q = {.rd = rd};
    struct reader_set found = {0};
    int64_t known = 0;
    int64_t of = 0;
    int r = 0;

    /* what is still to be written changes the answer, and its patient may have no rid */
    bool passing = rd->expected_count > 0 || patient == rd->said;

    *ret = false;
    if (!passing && reader_memo_get(&rd->consents, key, &known, &of) && of == patient) {
        *ret = known == department;
        if (known == department || known == -department)
            return 0;
    }
    r = reader_country(rd, hospital, (int64_t *)&q.country);
    if (r == 0)
        r = reader_add_unit(rd, department, &q.who);
    if (r == 0)
        r = reader_set_add(rd, &q.who, hospital);
    if (r == 0)
        r = reader_sources(
            rd, rd->t->consent_patient, patient, LIMIT_READER_CONSENTS, &found);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = read_consent(&q, found.list[i]);
    if (r == 0)
        r = read_expected(&q, patient);
    if (r == 0 && !q.permitted)
        r = reader_sent(rd, patient, &q.who, &q.permitted);
    if (r < 0)
        return r;
    /* more than are read: one of the others may deny */
    *ret = q.permitted && !q.denied && !found.full;
    return passing ? 0
                   : reader_memo_put(rd, &rd->consents, key,
                         *ret ? department : -department, patient);
}
