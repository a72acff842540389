/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of an apprenticeship that was proposed, each by one it names: the apprentice,
 * the master, or a head of one of the departments.
 *
 *   $agree    the caller agrees in each part they have in it; with the last that it needs it
 *             becomes active. To a later end: end says which, so that nobody agrees to another
 *             one than they saw
 *   $extend   a later end is proposed: it holds when as many have agreed to it as to the
 *             apprenticeship itself
 *   $stop     with a reason: one that nobody but its proposer agreed to is declined, one that
 *             runs ends now; completed (a boolean): its goals were reached, as its master or
 *             a head says
 */
#include "app/apprentice_internal.h"

struct agreeing {
    struct apprenticing a;
    const struct json *body;
    struct store_record rec;
    bool same; /* nothing is left to be done: the record is answered as it is */

    /* what it becomes */
    struct str status;
    struct str end;          /* p NULL: its period stays */
    struct str proposed_end; /* p NULL: none */
    unsigned agrees;         /* the caller's voices that are added */
    struct str until;        /* to which end they agree; p NULL: to all of it */
    struct str forget;       /* agreements to this end are dropped; p NULL: none */
    struct str word;         /* p NULL: none is added */
    char stopped[TIME_ISO_MAX];
};

/* ---- the record as it stands ---- */

static int no_such(
    struct app_call *call, const struct rest *rest, bool hidden, struct err *err)
{
    access_missing(call->access_, rest->type->number, hidden);
    return access_no_such(rest->type, rest->id, false, err);
}

static struct str id_in(
    const struct apprenticing *a, const char *member, const char *type)
{
    struct seek s = {a->call->app, a->snapshot, a->call->arena};
    struct str text = json_get_text(json_get(a->before, member), "reference");

    return text.p ? seek_id(&s, text, type) : (struct str){NULL, 0};
}

static int look(struct agreeing *g, const struct rest *rest, struct err *err)
{
    struct apprenticing *a = &g->a;
    struct procedure_found found;
    bool allowed = false;
    int r = procedure_load(a->call, a->snapshot, rest->type, rest->id, &found, err);

    if (r == 0)
        r = access_allows(a->call->access_, found.rec.rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && !allowed))
        return no_such(a->call, rest, r == 0, err);
    if (r < 0)
        return r;
    g->rec = found.rec;
    a->before = found.json;
    a->apprentice = id_in(a, "apprentice", "Practitioner");
    a->master = id_in(a, "master", "Practitioner");
    a->learning = id_in(a, "learningDepartment", "Organization");
    a->teaching = id_in(a, "teachingDepartment", "Organization");
    a->status = json_get_text(a->before, "status");
    a->end = json_get_text(json_get(a->before, "period"), "end");
    a->proposed_end = json_get_text(a->before, "proposedEnd");
    g->status = a->status;
    g->proposed_end = a->proposed_end;
    r = apprentice_voices(a, err);
    if (r == 0 && a->mine == 0)
        r = err_set(err, E_FORBIDDEN, NULL,
            "Apprentice, master and the heads of the two departments decide on an "
            "apprenticeship.");
    return r;
}

static int not_now(const struct agreeing *g, const char *what, struct err *err)
{
    return err_set(err, E_CONFLICT, NULL, "This apprenticeship is %.*s: %s",
        (int)g->a.status.len, g->a.status.p ? g->a.status.p : "", what);
}

/* ---- $agree ---- */

/* To the later end that is proposed. */
static int agree_later(struct agreeing *g, struct err *err)
{
    struct str seen = {NULL, 0};
    utc_ms from = 0;
    utc_ms until = 0;
    unsigned agreed = apprentice_agreed(&g->a, g->a.proposed_end);
    int r = apprentice_day(g->body, "end", &seen, &from, &until, err);

    if (r < 0)
        return r;
    if (!seen.p || !str_eq(seen, g->a.proposed_end))
        return err_set(err, E_CONFLICT, "end",
            "The end that is proposed is %.*s: say it in the parameter end to agree to "
            "it.",
            (int)g->a.proposed_end.len, g->a.proposed_end.p);
    g->agrees = g->a.mine & ~agreed;
    g->until = seen;
    g->same = g->agrees == 0;
    if (apprentice_suffices(&g->a, agreed | g->agrees)) {
        g->end = seen;
        g->proposed_end = (struct str){NULL, 0};
    }
    return 0;
}

static int agree(struct agreeing *g, struct err *err)
{
    unsigned agreed = apprentice_agreed(&g->a, (struct str){NULL, 0});

    if (str_is(g->a.status, "active") && g->a.proposed_end.p)
        return agree_later(g, err);
    g->agrees = g->a.mine & ~agreed;
    if (str_is(g->a.status, "active") && g->agrees == 0) {
        g->same = true; /* said twice */
        return 0;
    }
    if (!str_is(g->a.status, "planned"))
        return not_now(g, "there is nothing to agree to.", err);
    if (apprentice_over(&g->a))
        return not_now(g, "its term has passed. Propose a new one.", err);
    g->same = g->agrees == 0;
    if (apprentice_suffices(&g->a, agreed | g->agrees))
        g->status = STR("active");
    return 0;
}

/* ---- $extend ---- */

static int extend(struct agreeing *g, struct err *err)
{
    const struct json *start = json_get(json_get(g->a.before, "period"), "start");
    struct str end = {NULL, 0};
    utc_ms from = 0, until = 0, ignored = 0, begun = 0, ends = 0;
    int r = apprentice_day(g->body, "end", &end, &from, &until, err);

    if (r < 0)
        return r;
    if (!str_is(g->a.status, "active") || apprentice_over(&g->a))
        return not_now(g, "only one that runs can be extended.", err);
    if (!end.p || (fhir_date_range(g->a.end, &ignored, &ends) && until <= ends))
        return err_set(err, E_INVALID, "end",
            "Say the later day on which it shall end: the parameter end.");
    if (fhir_date_range(json_text(start), &begun, &ignored) &&
        until - begun > LIMIT_APPRENTICE_DAYS * (utc_ms)24 * 3600 * 1000)
        return err_set(err, E_INVALID, "end",
            "An apprenticeship lasts %d days at most.", LIMIT_APPRENTICE_DAYS);
    if (g->a.proposed_end.p && str_eq(g->a.proposed_end, end))
        return agree_later(g, err); /* others said the same */
    g->forget = g->a.proposed_end;
    g->proposed_end = end;
    g->agrees = g->a.mine;
    g->until = end;
    return 0;
}

/* ---- $stop ---- */

static bool has_begun(const struct agreeing *g)
{
    const struct json *start = json_get(json_get(g->a.before, "period"), "start");
    utc_ms from = 0;
    utc_ms ignored = 0;

    return !start || !fhir_date_range(json_text(start), &from, &ignored) ||
           from <= g->a.now;
}

static int stop(struct agreeing *g, struct err *err)
{
    bool completed = json_kind(json_get(body_parameter(g->body, "completed"),
                         "valueBoolean")) == JSON_TRUE;
    bool active = str_is(g->a.status, "active");
    int r = procedure_word(g->body, "reason", &g->word, err);

    if (r < 0)
        return r;
    if (!active && !str_is(g->a.status, "planned"))
        return not_now(g, "it has ended already.", err);
    if (!g->word.p)
        return err_set(err, E_INVALID, "reason", "Say why: the parameter reason.");
    if (completed && (!active || !has_begun(g)))
        return not_now(g, "its goals cannot have been reached before it began.", err);
    if (completed && g->a.mine == VOICE_APPRENTICE)
        return err_set(err, E_FORBIDDEN, "completed",
            "That its goals were reached is for the master or a head to say.");
    g->proposed_end = (struct str){NULL, 0};
    g->forget = g->a.proposed_end;
    g->status = completed                ? STR("completed")
                : active && has_begun(g) ? STR("stopped")
                                         : STR("declined");
    if (active && has_begun(g) && !apprentice_over(&g->a)) {
        time_iso(g->a.now, g->stopped);
        g->end = str_of(g->stopped);
    }
    return 0;
}

/* ---- the record ---- */

static void put_period(struct json_out *o, const struct agreeing *g)
{
    const struct json *period = json_get(g->a.before, "period");
    static const char *const but[] = {"end", NULL};

    if (!g->end.p && !period)
        return;
    json_name(o, "period");
    if (!g->end.p) {
        json_put_value(o, period);
        return;
    }
    json_open(o, '{');
    fhir_put_but(o, period, but);
    json_member(o, "end", g->end);
    json_close(o, '}');
}

static bool stays(const struct agreeing *g, const struct json *agreement)
{
    struct str until = json_get_text(agreement, "until");

    return !g->forget.p || !until.p || !str_eq(until, g->forget);
}

static void put_agreements(struct json_out *o, const struct agreeing *g)
{
    struct json_each it = json_each(json_get(g->a.before, "agreement"));

    size_t kept = 0;

    while (json_next(&it))
        kept += stays(g, it.value);
    if (kept == 0 && !g->agrees)
        return; /* a list is never empty */
    it = json_each(json_get(g->a.before, "agreement"));
    json_name(o, "agreement");
    json_open(o, '[');
    while (json_next(&it)) {
        if (stays(g, it.value))
            json_put_value(o, it.value);
    }
    apprentice_put_agreements(o, &g->a, g->agrees, g->until);
    json_close(o, ']');
}

static void put_notes(struct json_out *o, const struct agreeing *g)
{
    struct json_each it = json_each(json_get(g->a.before, "note"));

    if (!g->word.p && json_count(json_get(g->a.before, "note")) == 0)
        return;
    json_name(o, "note");
    json_open(o, '[');
    while (json_next(&it))
        json_put_value(o, it.value);
    if (g->word.p)
        apprentice_put_note(o, &g->a, g->word);
    json_close(o, ']');
}

static void put_record(struct buf *b, const struct agreeing *g)
{
    static const char *const ours[] = {
        "status", "period", "proposedEnd", "agreement", "note", NULL};
    struct json_out o = json_out(b);

    json_open(&o, '{');
    fhir_put_but(&o, g->a.before, ours);
    json_member(&o, "status", g->status);
    put_period(&o, g);
    if (g->proposed_end.p)
        json_member(&o, "proposedEnd", g->proposed_end);
    put_agreements(&o, g);
    put_notes(&o, g);
    json_close(&o, '}');
}

/* ---- the way ---- */

static int check_room(const struct agreeing *g, struct err *err)
{
    if (json_count(json_get(g->a.before, "agreement")) < LIMIT_APPRENTICE_AGREEMENTS)
        return 0;
    return err_set(err, E_TOO_LARGE, NULL,
        "So much was agreed on here that nothing more fits in: propose a new one.");
}

static int answer_same(struct agreeing *g, struct err *err)
{
    record_headers(g->a.call, &g->rec, false);
    record_write(&g->a.call->answer, &g->rec);
    return call_saw(g->a.call, &g->rec, err);
}

static int decide_by(struct app_call *call, const struct rest *rest, struct writing *w,
    int (*step)(struct agreeing *, struct err *), struct err *err)
{
    struct agreeing g = {
        .a = {.call = call, .now = call_now(call)}, .body = w->resource};
    struct buf b;
    int r = call_read_begin(call, &g.a.snapshot, err);

    buf_init(&b, LIMIT_RECORD_BYTES);
    if (r == 0)
        r = look(&g, rest, err);
    if (r == 0)
        r = step(&g, err);
    if (r == 0 && !g.same)
        r = check_room(&g, err);
    if (r == 0 && g.same)
        r = answer_same(&g, err);
    else if (r == 0) {
        record_expect(&w->write, &g.rec);
        put_record(&b, &g);
        r = procedure_take(call, w, &b, false, err);
    }
    call_read_end(call, g.a.snapshot);
    buf_done(&b);
    w->resource = g.body; /* again, after a lost race */
    return r < 0 ? r : g.same ? 0 : WRITING_READY;
}

static int decide_agree(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    return decide_by(call, rest, w, agree, err);
}

static int decide_extend(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    return decide_by(call, rest, w, extend, err);
}

static int decide_stop(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    return decide_by(call, rest, w, stop, err);
}

int rest_apprentice_agree(
    struct app_call *call, const struct rest *rest, struct err *err)
{
    return procedure_change(call, rest, decide_agree, err);
}

int rest_apprentice_extend(
    struct app_call *call, const struct rest *rest, struct err *err)
{
    return procedure_change(call, rest, decide_extend, err);
}

int rest_apprentice_stop(
    struct app_call *call, const struct rest *rest, struct err *err)
{
    return procedure_change(call, rest, decide_stop, err);
}
