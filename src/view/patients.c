/* SPDX-License-Identifier: Apache-2.0 */
#include "view/patients.h"

#include "base/thread.h"

#include "view/search_internal.h"

/* Worked out once from the compartment's definition. */
struct tables {
    bool types[FHIR_TYPE_NUMBER_MAX + 1];
    uint8_t slots[UINT16_MAX / 8 + 1]; /* a bit a slot */
    unsigned patient;
};

static struct tables tables;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A type of ours, which no compartment of R4 names. */
static void tie_own(const char *name, const char *code)
{
    unsigned type = fhir_type_named(str_of(name))->number;
    const struct fhir_param *param = fhir_param_named(type, str_of(code));

    tables.types[type] = true;
    for (uint16_t k = 0; param && k < param->slot_count; k++)
        tables.slots[param->slots[k] / 8] |= (uint8_t)(1u << param->slots[k] % 8);
}

static void tables_make(void)
{
    static const char *const unlinked[] = {
        "Binary", "Bundle", "GuidanceResponse", "Task"};

    tables.patient = fhir_type_named(STR("Patient"))->number;
    tables.types[tables.patient] = true;
    for (size_t i = 0; i < sizeof(unlinked) / sizeof(unlinked[0]); i++)
        tables.types[fhir_type_named(str_of(unlinked[i]))->number] = true;
    tie_own("EmergencyAccess", "patient");
    for (uint16_t i = 0; i < fhir_compartment_link_count; i++) {
        const struct fhir_compartment_link *link = &fhir_compartment_links[i];
        const struct fhir_param *param = &fhir_params[link->param];

        if (link->compartment != tables.patient)
            continue;
        tables.types[link->type] = true;
        for (uint16_t k = 0; k < param->slot_count; k++)
            tables.slots[param->slots[k] / 8] |= (uint8_t)(1u << param->slots[k] % 8);
    }
}

static bool slot_ties(uint16_t slot)
{
    return tables.slots[slot / 8] >> slot % 8 & 1;
}

bool patients_in_type(unsigned number)
{
    pthread_once(&once, tables_make);
    return number <= FHIR_TYPE_NUMBER_MAX && tables.types[number];
}

void patients_add(struct patients *p, store_rid patient)
{
    size_t at = p->count;

    while (at > 0 && p->rids[at - 1] > patient)
        at--;
    if ((at > 0 && p->rids[at - 1] == patient) || p->count == PATIENTS_MAX)
        return;
    memmove(&p->rids[at + 1], &p->rids[at], (p->count - at) * sizeof(p->rids[0]));
    p->rids[at] = patient;
    p->count++;
}

/* The patient here whose address ${named} is, a reference as the index keeps it. */
static int add_named(struct store_reader *r, store_rid named,
    const struct search_bases *bases, struct patients *ret, struct err *err)
{
    struct fhir_reference ref = {.form = FHIR_REF_ABSOLUTE};
    struct arena *a = arena_new();
    store_rid patient = 0;
    int code = a ? store_name(r, a, named, &ref.text, err) : err_nomem(err);

    if (code == 0)
        search_own_reference(bases, &ref);
    if (code == 0 && ref.form == FHIR_REF_LOCAL && ref.type == tables.patient) {
        code = store_find(r, ref.type, ref.id, &patient, err);
        if (code == 0)
            patients_add(ret, patient);
    }
    arena_free(a);
    return code == E_NOT_FOUND ? 0 : code;
}

int patients_of(struct store_reader *r, store_rid rid, const struct search_bases *bases,
    struct patients *ret, struct err *err)
{
    unsigned type = store_rid_type(rid);
    store_rid named[PATIENTS_MAX];
    uint8_t key[2 * SEARCH_NUMBER_BYTES];
    struct store_row row;
    const uint8_t *at = NULL;
    const uint8_t *bytes = NULL;
    size_t count = 0;
    store_rid target = 0;
    uint16_t slot = 0;
    size_t len = 0;
    int code = 0;

    pthread_once(&once, tables_make);
    if (type == tables.patient)
        patients_add(ret, rid);
    code = store_row_get(r, search_first_table + SEARCH_RECORD, key,
        search_record_key(key, rid), &row, err);
    if (code != 1)
        return code;
    at = row.value;
    while (
        search_entry_next(&at, row.value + row.value_len, type, &slot, &bytes, &len)) {
        if (!slot_ties(slot) || !search_entry_rid(bytes, len, &target))
            continue;
        if (store_rid_type(target) == tables.patient)
            patients_add(ret, target);
        else if (store_rid_type(target) == 0 && bases && count < PATIENTS_MAX)
            named[count++] = target; /* the row is good until the next look */
    }
    code = 0;
    for (size_t i = 0; code == 0 && i < count; i++)
        code = add_named(r, named[i], bases, ret, err);
    return code;
}

static bool is_ours(const struct search_bases *bases, uint64_t home)
{
    for (size_t i = 0; bases && i < bases->count; i++) {
        if (search_home_hash(bases->list[i]) == home)
            return true;
    }
    return false;
}

/* Does ${link} tie its record to a patient here? */
static bool link_ties(const struct search_bases *bases, const struct search_link *link)
{
    return link->known && link->type == tables.patient && slot_ties(link->slot) &&
           (!link->home || is_ours(bases, link->home));
}

int patients_of_json(struct store_reader *r, unsigned type, const struct json *resource,
    const struct search_bases *bases, struct patients *ret, struct err *err)
{
    struct arena *a = arena_new();
    const struct search_prepared *p = NULL;
    const void *prepared = NULL;
    store_rid target = 0;
    int code = a ? search_view.prepare(
                       a, fhir_type_numbered(type), resource, 0, &prepared, err)
                 : err_nomem(err);

    pthread_once(&once, tables_make);
    p = prepared;
    for (size_t i = 0; code == 0 && i < p->link_count; i++) {
        if (!link_ties(bases, &p->links[i]))
            continue;
        code = store_find(r, tables.patient, p->links[i].id, &target, err);
        if (code == 0)
            patients_add(ret, target);
        else if (code == E_NOT_FOUND)
            code = 0;
    }
    arena_free(a);
    return code;
}

int patients_of_prepared(struct store_tx *tx, unsigned type, const void *prepared,
    const struct search_bases *bases, struct patients *ret, struct err *err)
{
    const struct search_prepared *p = prepared;
    store_rid target = 0;
    int r = 0;

    pthread_once(&once, tables_make);
    if (!patients_in_type(type))
        return 0;
    for (size_t i = 0; r == 0 && i < p->link_count; i++) {
        if (!link_ties(bases, &p->links[i]))
            continue;
        r = store_intern(tx, tables.patient, p->links[i].id, &target, err);
        if (r == 0)
            patients_add(ret, target);
    }
    return r;
}
