/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new node gets the rules that come with the software as records, as does one that is older
 * than they are. A procedure that has a rule already keeps it, whatever the file says.
 */
#include "base/buf.h"

#include "app/change.h"
#include "app/procedure_rule.h"
#include "app/seek.h"

/* Is there a record of any version of ${code}'s rule? Versions follow each other without a
 * gap, from the one that came with the software. */
static int is_there(
    const struct seek *s, const struct procedure_rule *rule, bool *ret, struct err *err)
{
    const struct procedure_rule *own = NULL;
    const struct json *record = NULL;
    int r = procedure_rule_own(s->app->rules, rule->code, &own, err);

    if (r == 0 && own)
        r = seek_record(s, "ProcedureRule", own->id, NULL, &record, err);
    if (r == 0)
        *ret = record != NULL;
    return r;
}

static int load_one(
    const struct seek *s, const char *text, struct change *c, struct err *err)
{
    const struct json *json = NULL;
    struct procedure_rule rule = {.version = 0};
    bool there = false;
    struct buf b;
    int r = json_read_trusted(s->a, str_of(text), &json, err);

    if (r == 0 && !procedure_rule_read(json, &rule))
        r = err_set(err, E_BUG, NULL, "A rule that came with the software is none.");
    if (r == 0)
        r = is_there(s, &rule, &there, err);
    if (r < 0 || there)
        return r;
    buf_init(&b, LIMIT_RECORD_BYTES);
    json_write(&b, json);
    r = change_put(
        c, fhir_resource_named(STR("ProcedureRule")), rule.id, NULL, &b, err);
    buf_done(&b);
    return r;
}

int procedure_rules_load(struct app *app, struct err *err)
{
    struct arena *a = arena_new();
    struct store_reader *snapshot = NULL;
    struct app_call call = change_by_node(app, a);
    int r = a ? store_read_begin(app->store, &snapshot, err) : err_nomem(err);

    for (size_t i = 0; r == 0 && i < procedure_rule_text_count; i++) {
        struct change c = {.call = &call};
        struct seek s = {app, snapshot, a};

        r = load_one(&s, procedure_rule_texts[i], &c, err);
        if (r == 0 && c.count > 0)
            r = change_commit(&c, err);
    }
    if (snapshot)
        store_read_end(snapshot);
    arena_free(a);
    return r;
}
