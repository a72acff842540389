/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the Parameters that tell of the capability map. */
#include "app/map_internal.h"
#include "fhir/part.h"

void map_put_count(struct json_out *o, const char *name, long long number)
{
    if (number != 0)
        fhir_part_put_int(o, name, number);
}

void map_put_name(
    struct json_out *o, const char *name, const struct network_name *value)
{
    fhir_part_put_reference(o, name, value->reference, value->display);
}

int map_put_record(
    struct map_answer *m, const char *name, store_rid rid, struct err *err)
{
    struct str id = {NULL, 0};
    const char *text = NULL;
    int r = store_name(m->snapshot, m->call->arena, rid, &id, err);

    if (r < 0)
        return r;
    text = arena_printf(m->call->arena, "%s/%.*s",
        fhir_type_numbered(store_rid_type(rid))->name, (int)id.len, id.p);
    if (!text)
        return err_nomem(err);
    map_put_name(&m->out, name, &(struct network_name){.reference = str_of(text)});
    return 0;
}

/* Who carries it is told of those who are signed off; who learns is not for everybody. */
void map_put_answer(
    struct json_out *o, const struct network *n, const struct capability_answer *a)
{
    fhir_part_put_code(o, "level", capability_level_name(a->level));
    if (a->since > 1)
        fhir_part_put_instant(o, "since", a->since);
    if (a->until != 0)
        fhir_part_put_instant(o, "until", a->until);
    if (a->by != CAPABILITY_NOBODY && a->level != CAPABILITY_SUPERVISED) {
        struct network_name by = network_person_name(n, a->by);

        map_put_name(o, "by", &by);
    }
    map_put_count(o, "people", (long long)a->carriers);
    if (a->missing != CAPABILITY_NOBODY)
        fhir_part_put_code(o, "missing", catalogue_devices[a->missing].code);
    fhir_part_put_flag(o, "listed", a->listed);
    fhir_part_put_flag(o, "demonstrated", a->demonstrated);
    fhir_part_put_flag(o, "sustained", a->sustained);
    fhir_part_put_flag(o, "lasts", a->lasts);
}
