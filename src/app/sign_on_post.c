/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From claims to posts: PractitionerRole records like any other, made and ended through the
 * same door, so that they are in history and trail. Those that the link has made and the
 * claims no longer give end now; those that an administrator made are not touched.
 */
#include "base/id.h"

#include "app/person.h"
#include "app/sign_on_internal.h"
#include "fhir/extract.h"
#include "fhir/put.h"

/* A post that the claims give. */
struct wanted {
    struct str role;
    struct str unit;
    struct str id; /* p NULL: not found yet */
    bool there;
};

struct posts {
    struct sign_on_person *p;
    struct str practitioner;
    struct wanted *wanted;
    size_t wanted_count;
    struct str *ending; /* ids of those the claims no longer give */
    const struct json **ending_as;
    size_t ending_count;
};

static struct wanted *wanted_find(struct posts *w, struct str role, struct str unit)
{
    for (size_t i = 0; i < w->wanted_count; i++) {
        if (str_eq(w->wanted[i].role, role) && str_eq(w->wanted[i].unit, unit))
            return &w->wanted[i];
    }
    return NULL;
}

static int want(struct posts *w, struct err *err)
{
    const struct sign_on_provider *provider = w->p->provider;
    struct arena *a = w->p->arena;

    w->wanted = arena_array(a, provider->rule_count + 1, sizeof(*w->wanted));
    w->ending = arena_array(a, w->p->link.post_count + 1, sizeof(*w->ending));
    w->ending_as =
        arena_array(a, w->p->link.post_count + 1, sizeof(const struct json *));
    if (!w->wanted || !w->ending || !w->ending_as)
        return err_nomem(err);
    for (size_t i = 0; i < provider->rule_count; i++) {
        const struct sign_on_rule *rule = &provider->rules[i];
        struct str unit =
            rule->organization.p ? rule->organization : provider->organization;

        if (sign_on_has(&w->p->claims, rule->claim, rule->value) &&
            !wanted_find(w, rule->role, unit))
            w->wanted[w->wanted_count++] =
                (struct wanted){.role = rule->role, .unit = unit};
    }
    return 0;
}

/* ---- one post ---- */

static void put_code(struct json_out *o, struct str role)
{
    json_name(o, "code");
    json_open(o, '[');
    fhir_put_concept(o, NULL, PERSON_ROLE_SYSTEM, role);
    json_close(o, ']');
}

static int post_make(struct posts *w, const struct wanted *wanted, struct err *err)
{
    const char *path = arena_printf(
        w->p->arena, "PractitionerRole/%.*s", (int)wanted->id.len, wanted->id.p);
    const struct json *made = NULL;
    struct json_out o;
    struct buf b;
    int r = 0;

    if (!path)
        return err_nomem(err);
    buf_init(&b, LIMIT_SETTING_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("PractitionerRole"));
    json_member(&o, "id", wanted->id);
    json_name(&o, "active");
    json_put_bool(&o, true);
    json_name(&o, "period");
    json_open(&o, '{');
    fhir_put_time(&o, "start", w->p->now);
    json_close(&o, '}');
    fhir_put_reference(&o, "practitioner", w->practitioner);
    fhir_put_reference(&o, "organization", wanted->unit);
    put_code(&o, wanted->role);
    json_close(&o, '}');
    r = buf_error(&b, "The post", err);
    if (r == 0)
        r = sign_on_record(
            w->p, APP_PUT, str_of(path), (struct str){b.data, b.len}, &made, err);
    buf_done(&b);
    return r;
}

/* The same record, no longer active, with its end; what else is in it stays. */
static void write_ended(struct buf *b, const struct json *post, utc_ms now)
{
    struct json_each it = json_each(post);
    struct json_out o = json_out(b);

    json_open(&o, '{');
    while (json_next(&it)) {
        if (str_is(it.name, "active") || str_is(it.name, "period"))
            continue;
        json_name(&o, it.name.p); /* names of a document are followed by a NUL */
        json_put_value(&o, it.value);
    }
    json_name(&o, "active");
    json_put_bool(&o, false);
    json_name(&o, "period");
    json_open(&o, '{');
    json_member(&o, "start", json_get_text(json_get(post, "period"), "start"));
    fhir_put_time(&o, "end", now);
    json_close(&o, '}');
    json_close(&o, '}');
}

static int post_end(struct posts *w, size_t i, struct err *err)
{
    const char *path = arena_printf(
        w->p->arena, "PractitionerRole/%.*s", (int)w->ending[i].len, w->ending[i].p);
    const struct json *answer = NULL;
    struct buf b;
    int r = 0;

    if (!path)
        return err_nomem(err);
    buf_init(&b, LIMIT_RECORD_BYTES);
    write_ended(&b, w->ending_as[i], w->p->now);
    r = buf_error(&b, "The post", err);
    if (r == 0)
        r = sign_on_record(
            w->p, APP_PUT, str_of(path), (struct str){b.data, b.len}, &answer, err);
    buf_done(&b);
    return r;
}

static struct str role_of(const struct json *post)
{
    const struct json *coding =
        json_at(json_get(json_at(json_get(post, "code"), 0), "coding"), 0);

    return json_get_text(coding, "code");
}

/* Ended already, by somebody or by its own period: it is given anew if the claims still
 * give it. What was made into somebody else's post is nothing of ours any more. */
static bool is_over(const struct posts *w, const struct json *post)
{
    struct str whose = json_get_text(json_get(post, "practitioner"), "reference");
    struct str end = json_get_text(json_get(post, "period"), "end");
    utc_ms low = 0;
    utc_ms high = 0;

    return json_kind(json_get(post, "active")) == JSON_FALSE ||
           !str_eq(whose, w->practitioner) ||
           (end.p && fhir_date_range(end, &low, &high) && high <= w->p->now);
}

/* One that a link gave before: still wanted, or to be ended. */
static int post_look(struct posts *w, struct str id, struct err *err)
{
    const char *path =
        arena_printf(w->p->arena, "PractitionerRole/%.*s", (int)id.len, id.p);
    const struct json *post = NULL;
    struct wanted *wanted = NULL;
    int r = path ? sign_on_record(
                       w->p, APP_GET, str_of(path), (struct str){NULL, 0}, &post, err)
                 : err_nomem(err);

    if (r == E_NOT_FOUND || r == E_GONE)
        return 0;
    if (r < 0)
        return r;
    if (is_over(w, post))
        return 0;
    wanted = wanted_find(
        w, role_of(post), json_get_text(json_get(post, "organization"), "reference"));
    if (wanted && !wanted->there) {
        wanted->id = id;
        wanted->there = true;
    } else {
        w->ending[w->ending_count] = id;
        w->ending_as[w->ending_count++] = post;
    }
    return 0;
}

/* ---- all of them ---- */

/* The link remembers the posts there will be, and while ${ending} those that end: before
 * anything is written, so that nothing of it is forgotten if the power goes. */
static int keep(struct posts *w, bool ending, struct err *err)
{
    struct str *ids =
        arena_array(w->p->arena, w->wanted_count + w->ending_count + 1, sizeof(*ids));
    size_t count = 0;

    if (!ids)
        return err_nomem(err);
    for (size_t i = 0; i < w->wanted_count; i++)
        ids[count++] = w->wanted[i].id;
    for (size_t i = 0; ending && i < w->ending_count; i++)
        ids[count++] = w->ending[i];
    w->p->link.posts = ids;
    w->p->link.post_count = count;
    return sign_on_link_save(w->p->app, &w->p->link, err);
}

/* Ids for the new ones; how many there are. */
static int name_new(struct posts *w, size_t *ret, struct err *err)
{
    for (size_t i = 0; i < w->wanted_count; i++) {
        char id[ID_UUID_CHARS + 1];
        const char *copy = NULL;

        if (w->wanted[i].there)
            continue;
        id_uuid7(w->p->now, id);
        copy = arena_strndup(w->p->arena, id, strlen(id));
        if (!copy)
            return err_nomem(err);
        w->wanted[i].id = str_of(copy);
        ++*ret;
    }
    return 0;
}

static int apply(struct posts *w, struct err *err)
{
    int r = keep(w, true, err);

    for (size_t i = 0; r == 0 && i < w->ending_count; i++)
        r = post_end(w, i, err);
    for (size_t i = 0; r == 0 && i < w->wanted_count; i++) {
        if (!w->wanted[i].there)
            r = post_make(w, &w->wanted[i], err);
    }
    return r == 0 ? keep(w, false, err) : r;
}

int sign_on_posts(
    struct sign_on_person *p, struct str practitioner, size_t *ret, struct err *err)
{
    struct posts w = {.p = p, .practitioner = practitioner};
    size_t added = 0;
    int r = want(&w, err);

    for (size_t i = 0; r == 0 && i < p->link.post_count; i++)
        r = post_look(&w, p->link.posts[i], err);
    if (r == 0)
        r = name_new(&w, &added, err);
    if (r == 0 && added + w.ending_count > 0)
        r = apply(&w, err);
    if (r == 0)
        *ret = w.wanted_count;
    return r;
}
