/* SPDX-License-Identifier: Apache-2.0 */
/* The conditions of a sign-off as the records stand: the logbook's, with the hospital's part. */
#include "app/sign_off_internal.h"

/* Who has no operation yet has a line all the same: every condition has its answer. */
static int empty_line(struct signing *g, struct err *err)
{
    struct logbook_answer *l = &g->logbook;

    l->lines = arena_array(g->call->arena, 1, sizeof(*l->lines));
    if (!l->lines)
        return err_nomem(err);
    l->lines[0] = (struct logbook_line){.code = g->s.code};
    l->line_count = 1;
    return logbook_judge_line(l, &l->lines[0], err);
}

int sign_off_judge(struct signing *g, struct err *err)
{
    struct logbook_answer *l = &g->logbook;
    struct str id = seek_id(&g->seek, g->s.person, "Practitioner");
    enum sign_off_answer place = SIGN_OFF_NOT_KNOWN;
    int r = 0;

    *l = (struct logbook_answer){.call = g->call,
        .snapshot = g->seek.snapshot,
        .person = g->s.person,
        .code = g->s.code,
        .now = g->now};
    g->equipment = arena_alloc(g->call->arena, sizeof(*g->equipment));
    if (!g->equipment)
        return err_nomem(err);
    r = store_find(l->snapshot, fhir_resource_named(STR("Practitioner"))->number, id,
        &l->rid, err);
    if (r == 0)
        r = sign_off_place(
            g->call, g->s.hospital, g->s.code, g->equipment, &place, err);
    l->place = place;
    if (r == 0)
        r = logbook_read(l, err);
    if (r == 0)
        r = logbook_judge(l, err);
    if (r == 0 && l->line_count == 0)
        r = empty_line(g, err);
    if (r == 0)
        g->line = &l->lines[0];
    return r;
}
