/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the Parameters that tell of the capability map. */
#include "app/map_internal.h"

static void open_part(struct json_out *o, const char *name)
{
    json_open(o, '{');
    json_name(o, "name");
    json_put_str(o, name);
}

void map_open_parts(struct json_out *o, const char *name)
{
    open_part(o, name);
    json_name(o, "part");
    json_open(o, '[');
}

void map_close_parts(struct json_out *o)
{
    json_close(o, ']');
    json_close(o, '}');
}

void map_put_code(struct json_out *o, const char *name, const char *code)
{
    open_part(o, name);
    json_name(o, "valueCode");
    json_put_str(o, code);
    json_close(o, '}');
}

void map_put_number(struct json_out *o, const char *name, long long number)
{
    open_part(o, name);
    json_name(o, "valueInteger");
    json_put_int(o, number);
    json_close(o, '}');
}

void map_put_count(struct json_out *o, const char *name, long long number)
{
    if (number != 0)
        map_put_number(o, name, number);
}

void map_put_flag(struct json_out *o, const char *name, bool flag)
{
    open_part(o, name);
    json_name(o, "valueBoolean");
    json_put_bool(o, flag);
    json_close(o, '}');
}

void map_put_instant(struct json_out *o, const char *name, int64_t at)
{
    char text[TIME_ISO_MAX];

    time_iso(at, text);
    open_part(o, name);
    json_name(o, "valueInstant");
    json_put_str(o, text);
    json_close(o, '}');
}

void map_put_share(struct json_out *o, const char *name, double share)
{
    char text[40];
    int len = snprintf(text, sizeof(text), "%.4f", share);

    open_part(o, name);
    json_name(o, "valueDecimal");
    json_put_raw(o, (struct str){text, (size_t)len});
    json_close(o, '}');
}

void map_put_name(
    struct json_out *o, const char *name, const struct network_name *value)
{
    open_part(o, name);
    json_name(o, "valueReference");
    json_open(o, '{');
    json_member(o, "reference", value->reference);
    json_member(o, "display", value->display);
    json_close(o, '}');
    json_close(o, '}');
}

void map_put_thing(struct json_out *o, const char *name, uint32_t thing)
{
    const struct catalogue_entry *entry = catalogue_thing(thing);

    open_part(o, name);
    json_name(o, "valueCoding");
    json_open(o, '{');
    json_name(o, "system");
    json_put_str(o, catalogue_is_procedure(thing) ? CATALOGUE_PROCEDURE_SYSTEM
                                                  : CATALOGUE_ILLNESS_SYSTEM);
    json_name(o, "code");
    json_put_str(o, entry->code);
    json_name(o, "display");
    json_put_str(o, entry->name);
    json_close(o, '}');
    json_close(o, '}');
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
    map_put_code(o, "level", capability_level_name(a->level));
    if (a->since > 1)
        map_put_instant(o, "since", a->since);
    if (a->until != 0)
        map_put_instant(o, "until", a->until);
    if (a->by != CAPABILITY_NOBODY && a->level != CAPABILITY_SUPERVISED) {
        struct network_name by = network_person_name(n, a->by);

        map_put_name(o, "by", &by);
    }
    map_put_count(o, "people", (long long)a->carriers);
    if (a->missing != CAPABILITY_NOBODY)
        map_put_code(o, "missing", catalogue_devices[a->missing].code);
    map_put_flag(o, "listed", a->listed);
    map_put_flag(o, "demonstrated", a->demonstrated);
    map_put_flag(o, "sustained", a->sustained);
    map_put_flag(o, "lasts", a->lasts);
}
