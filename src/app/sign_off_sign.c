/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignOff/ID/$sign, $refuse and $withdraw. Three people sign, in any order: the master, the
 * head of the department, the quality office; each once, nobody for themselves, each with a
 * one-time code that is used up by it. Where a condition is not met, or not known, they say
 * why. The third signature writes Practitioner.qualification in the same transaction; $withdraw
 * ends it at that moment.
 */
#include "app/sign_in.h"
#include "app/sign_off_internal.h"

/* ---- as what ---- */

static int no_role(struct err *err)
{
    return err_set(err, E_FORBIDDEN, "role",
        "A sign-off is for a master of the person whose apprenticeship aims at it, the "
        "head of the department and the quality office of the hospital, and for nobody "
        "about themselves. Those of the twin sign only where nobody of the hospital "
        "can.");
}

/* The role that is asked for, or the one that is left to the caller. */
static int choose_role(
    struct signing *g, unsigned roles, struct sign_off_act *ret, struct err *err)
{
    struct str asked = json_get_text(body_parameter(g->body, "role"), "valueCode");
    unsigned left = 0;

    for (unsigned i = 0; i < SIGN_ROLES; i++) {
        bool fits =
            !asked.p || str_is(asked, sign_off_role_code((enum sign_off_role)i));

        if (!fits || !(roles >> i & 1u))
            continue;
        if (!left || g->s.signers[ret->role].p)
            ret->role = (enum sign_off_role)i; /* one that still waits comes first */
        left |= 1u << i;
    }
    return left ? 0 : no_role(err);
}

int sign_off_take(struct signing *g, struct sign_off_act *ret, struct err *err)
{
    struct sign_off_stand *stands =
        arena_array(g->call->arena, SIGN_ROLES, sizeof(*stands));
    unsigned roles = 0;
    int r = stands ? sign_off_may(g, &g->s, &roles, stands, err) : err_nomem(err);

    *ret = (struct sign_off_act){.role = SIGN_MASTER};
    if (r == 0 && !roles)
        r = no_role(err);
    if (r == 0)
        r = choose_role(g, roles, ret, err);
    if (r == 0 && stands[ret->role].may)
        ret->stand = &stands[ret->role];
    return r == 0 ? procedure_word(g->body, "reason", &ret->reason, err) : r;
}

static int need_reason(
    const struct sign_off_act *act, const char *text, struct err *err)
{
    return act->reason.p ? 0 : err_set(err, E_INVALID, "reason", "%s", text);
}

/* The second factor, once in a request, however often it is tried. What this program itself
 * tells of a time that has passed (app.h: at) is proved by nobody's code. */
static int prove(struct signing *g, struct err *err)
{
    struct str code = json_get_text(body_parameter(g->body, "code"), "valueString");
    int r = g->proved || g->call->at ? 0 : sign_in_second_factor(g->call, code, err);

    g->proved = g->proved || r == 0;
    return r;
}

static int not_proposed(const struct signing *g, struct err *err)
{
    return err_set(err, E_CONFLICT, "status",
        "SignOff/%.*s does not wait for signatures any more.", (int)g->s.id.len,
        g->s.id.p);
}

/* ---- the end of its time ---- */

/* The day ${months} after that of ${now}, "2027-11-30": of a shorter month its last. */
static void day_after(utc_ms now, int months, char ret[TIME_ISO_MAX])
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    char iso[TIME_ISO_MAX];
    int64_t year = 0, month = 0, day = 0;
    int most = 0;

    time_iso(now, iso);
    text_int((struct str){iso, 4}, 0, 9999, &year);
    text_int((struct str){iso + 5, 2}, 1, 12, &month);
    text_int((struct str){iso + 8, 2}, 1, 31, &day);
    month += months - 1;
    year += month / 12;
    month %= 12;
    most = days[month];
    if (month == 1 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
        most = 29;
    if (day > most)
        day = most;
    snprintf(ret, TIME_ISO_MAX, "%04d-%02d-%02d", (int)year, (int)month + 1, (int)day);
}

/* ---- writing ---- */

/* Add the person, with the qualification that ${until} (NULL: with one that has ended). */
static int put_person(
    struct signing *g, struct change *c, const char *until, struct err *err)
{
    const struct fhir_type *type = fhir_resource_named(STR("Practitioner"));
    struct str id = seek_id(&g->seek, g->s.person, "Practitioner");
    struct store_record rec = {0};
    const struct json *before = NULL;
    bool found = true;
    struct buf b;
    int r = seek_record(&g->seek, "Practitioner", id, &rec, &before, err);

    if (r == 0 && !before)
        r = err_set(err, E_CONFLICT, "person", "The record of this person is gone.");
    if (r < 0)
        return r;
    buf_init(&b, LIMIT_RECORD_BYTES);
    r = until ? sign_off_put_qualified(&b, g, before, until, err)
              : sign_off_put_ended(&b, g, before, &found, err);
    if (r == 0 && !found)
        r = err_set(err, E_CONFLICT, "status",
            "This sign-off was renewed, or its time is over: withdraw the one that "
            "counts now.");
    if (r == 0)
        r = change_put(c, type, id, &rec, &b, err);
    buf_done(&b);
    return r;
}

static int commit(struct signing *g, struct change *c, struct err *err)
{
    int r = sign_off_written(g, c, err);

    g->raced = r == E_CONFLICT;
    return r;
}

static int put_sign_off(
    struct signing *g, struct change *c, const struct buf *b, struct err *err)
{
    return change_put(
        c, fhir_resource_named(STR("SignOff")), g->s.id, &g->s.rec, b, err);
}

/* ---- $sign ---- */

static int check_signer(
    const struct signing *g, const struct sign_off_act *act, struct err *err)
{
    for (int i = 0; i < SIGN_ROLES; i++) {
        if (g->s.signers[i].p && str_eq(g->s.signers[i], g->call->caller.practitioner))
            return err_set(err, E_CONFLICT, "who",
                "You have signed this already: three different people sign.");
    }
    if (g->s.signers[act->role].p)
        return err_set(err, E_CONFLICT, "role", "As %s somebody has signed already.",
            sign_off_role_code(act->role));
    return 0;
}

static int write_signature(
    struct signing *g, const struct sign_off_act *act, struct err *err)
{
    struct change change = {.call = g->call};
    char until[TIME_ISO_MAX];
    bool last = true;
    struct buf b;
    int r = 0;

    for (int i = 0; i < SIGN_ROLES; i++)
        last = last && (g->s.signers[i].p || i == (int)act->role);
    day_after(g->now, g->line->rule->valid_months, until);
    buf_init(&b, LIMIT_RECORD_BYTES);
    r = sign_off_put_signature(&b, g, act, last ? until : NULL, err);
    if (r == 0)
        r = put_sign_off(g, &change, &b, err);
    buf_done(&b);
    if (r == 0 && last)
        r = put_person(g, &change, until, err);
    return r == 0 ? commit(g, &change, err) : r;
}

int sign_off_sign(struct signing *g, struct err *err)
{
    struct sign_off_act act;
    int r = sign_off_take(g, &act, err);

    if (r == 0 && g->s.status != SIGN_PROPOSED)
        r = not_proposed(g, err);
    if (r == 0)
        r = check_signer(g, &act, err);
    if (r == 0)
        r = sign_off_judge(g, err);
    act.against = r == 0 && !g->line->list.all_met;
    if (r == 0 && act.against)
        r = need_reason(&act,
            "A condition is not met, or not known: say why you sign all the same, by "
            "the parameter reason.",
            err);
    if (r == 0)
        r = prove(g, err);
    return r == 0 ? write_signature(g, &act, err) : r;
}

/* ---- $refuse, $withdraw ---- */

int sign_off_refuse(struct signing *g, struct err *err)
{
    struct change change = {.call = g->call};
    struct sign_off_act act;
    struct buf b;
    int r = sign_off_take(g, &act, err);

    if (r == 0 && g->s.status != SIGN_PROPOSED)
        r = not_proposed(g, err);
    if (r == 0)
        r = need_reason(&act, "Say why, by the parameter reason.", err);
    if (r < 0)
        return r;
    buf_init(&b, LIMIT_RECORD_BYTES);
    r = sign_off_put_end(&b, g, &act, "refused", err);
    if (r == 0)
        r = put_sign_off(g, &change, &b, err);
    buf_done(&b);
    return r == 0 ? commit(g, &change, err) : r;
}

int sign_off_withdraw(struct signing *g, struct err *err)
{
    struct change change = {.call = g->call};
    struct sign_off_act act;
    struct buf b;
    int r = sign_off_take(g, &act, err);

    if (r == 0 && g->s.status != SIGN_SIGNED)
        r = err_set(err, E_CONFLICT, "status", "Only what is signed is withdrawn.");
    if (r == 0)
        r = need_reason(&act, "Say why, by the parameter reason.", err);
    if (r == 0)
        r = prove(g, err);
    if (r < 0)
        return r;
    buf_init(&b, LIMIT_RECORD_BYTES);
    r = sign_off_put_end(&b, g, &act, "withdrawn", err);
    if (r == 0)
        r = put_sign_off(g, &change, &b, err);
    buf_done(&b);
    if (r == 0)
        r = put_person(g, &change, NULL, err);
    return r == 0 ? commit(g, &change, err) : r;
}
