/* SPDX-License-Identifier: Apache-2.0 */
/* A unit's text into writes. */
#include <string.h>

#include "app/load_internal.h"

/* The entry's number in a path such as Bundle.entry[12].resource.name, from 1; 0: none. */
static int64_t entry_of(const char *path)
{
    static const char head[] = "Bundle.entry[";
    int64_t n = 0;
    const char *p = path;

    if (!p || strncmp(p, head, sizeof(head) - 1) != 0)
        return 0;
    for (p += sizeof(head) - 1; *p >= '0' && *p <= '9' && n < LIMIT_BUNDLE_ENTRIES; p++)
        n = n * 10 + (*p - '0');
    return n + 1;
}

void load_unit_fault(struct load_unit *u, int64_t entry, const struct err *err,
    const struct fhir_issues *issues)
{
    struct app_load_error e = {.file = u->file, .entry = entry, .code = err->code};
    size_t count = issues ? issues->count : 0;
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        if (issues->list[i].severity != FHIR_ERROR)
            continue;
        e.path = issues->list[i].path ? issues->list[i].path : "";
        e.text = issues->list[i].text;
        if (entry == 0)
            e.entry = entry_of(e.path);
        load_fault(u->load, &e, any);
        any = true;
    }
    if (any)
        return;
    e.path = err->path;
    e.text = err->text;
    if (entry == 0)
        e.entry = entry_of(e.path);
    load_fault(u->load, &e, false);
}

/* ---- loose records ---- */

static struct store_write *new_write(struct load_unit *u)
{
    if (u->write_count == u->write_cap) {
        size_t cap = u->write_cap ? u->write_cap * 2 : 64;
        struct store_write *more = arena_grow(
            u->arena, u->writes, u->write_cap * sizeof(*more), cap * sizeof(*more));

        if (!more)
            return NULL;
        u->writes = more;
        u->write_cap = cap;
    }
    return &u->writes[u->write_count];
}

static int record_type(
    const struct json *json, const struct fhir_type **ret, struct err *err)
{
    struct str name = json_get_text(json, "resourceType");
    const struct fhir_type *type = name.p ? fhir_resource_named(name) : NULL;

    if (!type)
        return err_set(err, E_INVALID, "resourceType",
            "This is no record: its resourceType is %s%.*s.", name.p ? "" : "missing",
            (int)(name.len > 80 ? 80 : name.len), name.p ? name.p : "");
    *ret = type;
    return 0;
}

/* A copy of the record's id, or a new one. */
static int record_id(
    struct load_unit *u, const struct json *json, struct str *ret, struct err *err)
{
    struct str given = json_get_text(json, "id");
    char *id = NULL;

    if (given.p) {
        id = arena_strndup(u->arena, given.p, given.len);
    } else {
        id = arena_alloc_raw(u->arena, ID_UUID_CHARS + 1);
        if (id)
            id_uuid7(time_now(), id);
    }
    if (!id)
        return err_nomem(err);
    *ret = (struct str){id, given.p ? given.len : ID_UUID_CHARS};
    return 0;
}

/* One more record. 0 when it is a fault too: told, and the rest goes on. */
static int add_record(
    struct load_unit *u, const struct json *json, int64_t entry, struct err *err)
{
    const struct fhir_type *type = NULL;
    struct fhir_issues issues = {0};
    struct err own = {0};
    struct record_room room = {u->load->app, u->arena, u->scratch};
    struct store_write *w = new_write(u);
    int r = w ? record_type(json, &type, &own) : err_nomem(&own);

    if (r == 0)
        r = body_check(u->arena, json, type, &issues, &own);
    if (r == 0) {
        *w = (struct store_write){.type = type, .operation = STORE_UPDATE};
        r = record_id(u, json, &w->id, &own);
    }
    if (r == 0)
        r = record_prepare(&room, w, json, NULL, &own);
    if (r == 0) {
        w->body = (struct str){NULL, 0}; /* nobody reads an answer */
        u->write_count++;
    } else if (err_class(r) == ERR_CALLER) {
        load_unit_fault(u, entry, &own, &issues);
        r = 0;
    } else {
        *err = own;
    }
    arena_reset(u->scratch);
    return r;
}

/* ---- Bundles ---- */

static int add_entries(struct load_unit *u, const struct json *bundle, struct err *err)
{
    struct json_each it = json_each(json_get(bundle, "entry"));
    int r = 0;

    while (r == 0 && json_next(&it)) {
        const struct json *resource = json_get(it.value, "resource");
        struct str mode = json_get_text(json_get(it.value, "search"), "mode");

        if (resource && !str_is(mode, "outcome"))
            r = add_record(u, resource, (int64_t)it.index + 1, err);
    }
    return r;
}

static bool has_conditions(const struct transaction *t)
{
    return t->tx.guard != NULL;
}

static int begin_transaction(
    struct load_unit *u, const struct bundle_parts *parts, struct err *err)
{
    struct fhir_issues issues = {0};
    struct app *app = u->load->app;
    int r = 0;

    u->bundle = arena_alloc(u->arena, sizeof(*u->bundle));
    if (!u->bundle)
        return err_nomem(err);
    *u->bundle = (struct transaction){
        .app = app,
        .arena = u->arena,
        .any_space = true,
        .base = app->base[APP_FHIR],
        .actor = u->load->options.actor,
        .parts = *parts,
    };
    r = transaction_read(u->bundle, &issues, err);
    if (r < 0 && err_class(r) == ERR_CALLER)
        load_unit_fault(u, 0, err, &issues);
    return r;
}

/* A reference that found nothing: perhaps another file brings it. */
static void say_strict(struct err *err)
{
    char text[ERR_TEXT_MAX];
    char path[ERR_PATH_MAX];

    memcpy(text, err->text, sizeof(text));
    memcpy(path, err->path, sizeof(path));
    err_set(err, err->code, path,
        "%s If another file of this import brings it, import that file first by "
        "itself, "
        "or all without --strict: with it everything is stored at the end.",
        text);
}

static int plan(struct load_unit *u, bool again, struct err *err)
{
    struct fhir_issues issues = {0};
    int r = transaction_plan(u->bundle, &issues, err);

    if (r == E_INVALID && u->bundle->unresolved && !again)
        return E_BUSY;
    if (r == 0 && u->load->options.bulk && has_conditions(u->bundle))
        r = err_set(err, E_UNSUPPORTED, NULL,
            "This transaction depends on searches, which do not work in a bulk load. "
            "Load it without --bulk.");
    if (r == E_INVALID && u->bundle->unresolved && u->load->options.strict)
        say_strict(err);
    if (r < 0 && err_class(r) == ERR_CALLER)
        load_unit_fault(u, 0, err, &issues);
    return r;
}

static int do_transaction(
    struct load_unit *u, const struct bundle_parts *parts, struct err *err)
{
    int r = begin_transaction(u, parts, err);

    return r < 0 ? r : plan(u, false, err);
}

static int add_bundle(
    struct load_unit *u, const struct json *json, int64_t entry, struct err *err)
{
    struct str type = json_get_text(json, "type");
    struct bundle_parts parts = {0};
    struct err own = {0};
    int r = 0;

    if (str_is(type, "collection") || str_is(type, "searchset"))
        return add_entries(u, json, err);
    if (str_is(type, "history")) {
        err_set(&own, E_INVALID, "Bundle.type",
            "A history cannot be loaded: versions of the past belong to the node that "
            "wrote them.");
        load_unit_fault(u, entry, &own, NULL);
        return 0;
    }
    if (!str_is(type, "transaction") && !str_is(type, "batch"))
        return add_record(u, json, entry, err);
    if (u->lines) {
        err_set(&own, E_INVALID, "Bundle.type",
            "A transaction or batch must be a file of its own, not a line among "
            "others.");
        load_unit_fault(u, entry, &own, NULL);
        return 0;
    }
    if (str_is(type, "batch") && !u->load->options.strict) {
        u->batch = json;
        return 0;
    }
    if (str_is(type, "batch")) {
        err_set(&own, E_INVALID, "Bundle.type",
            "A batch cannot be part of an import that is all or nothing.");
        load_unit_fault(u, entry, &own, NULL);
        return E_INVALID;
    }
    r = bundle_take_json(u->arena, json, &parts, err);
    return r < 0 ? r : do_transaction(u, &parts, err);
}

static int add_value(
    struct load_unit *u, const struct json *json, int64_t entry, struct err *err)
{
    if (str_is(json_get_text(json, "resourceType"), "Bundle"))
        return add_bundle(u, json, entry, err);
    return add_record(u, json, entry, err);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* ---- the text ---- */

static struct str trim_line(struct str s)
{
    while (s.len > 0 && is_space(s.p[s.len - 1]))
        s.len--;
    while (s.len > 0 && is_space(s.p[0]))
        s = (struct str){s.p + 1, s.len - 1};
    return s;
}

/* What the client wrote is needed only until its stored form is made. */
static int read_line(struct load_unit *u, struct arena *scratch, struct str text,
    int64_t line, struct err *err)
{
    const struct json *json = NULL;
    struct err own = {0};
    int r = json_read(scratch, text, LIMIT_IMPORT_LINE, &json, &own);

    if (r == 0) {
        r = add_value(u, json, line, err);
    } else if (err_class(r) == ERR_CALLER) {
        load_unit_fault(u, line, &own, NULL);
        r = 0;
    } else {
        *err = own;
    }
    arena_reset(scratch);
    return r;
}

static int read_lines(struct load_unit *u, struct err *err)
{
    struct arena *scratch = arena_new();
    struct str left = {u->text, u->len};
    int64_t line = u->first_line;
    int r = scratch ? 0 : err_nomem(err);

    for (; r == 0 && left.p; line++) {
        struct str one = trim_line(str_cut(&left, '\n'));

        if (one.len > 0)
            r = read_line(u, scratch, one, line, err);
    }
    arena_free(scratch);
    base_free(u->text);
    u->text = NULL;
    return r;
}

/* A transaction is read entry by entry, and its text kept for that. */
static bool is_transaction(const struct bundle_parts *parts)
{
    return str_is(json_get_text(parts->head, "resourceType"), "Bundle") &&
           str_is(json_get_text(parts->head, "type"), "transaction");
}

static int read_whole(struct load_unit *u, struct err *err)
{
    struct str text = {u->text, u->len};
    struct bundle_parts parts = {0};
    const struct json *json = NULL;
    int r = 0;

    if (memmem(text.p, text.len, "\"transaction\"", 13))
        r = bundle_take(u->arena, text, LIMIT_IMPORT_FILE, &parts, err);
    if (r == 0 && parts.text.p && is_transaction(&parts))
        return do_transaction(u, &parts, err);
    if (r == 0)
        r = json_read(u->arena, text, LIMIT_IMPORT_FILE, &json, err);
    if (r < 0) {
        if (err_class(r) == ERR_CALLER)
            load_unit_fault(u, 0, err, NULL);
        return r;
    }
    /* the text is in the arena now */
    base_free(u->text);
    u->text = NULL;
    return add_value(u, json, 0, err);
}

int load_unit_prepare(struct load_unit *u, bool again, struct err *err)
{
    int r = 0;

    if (again)
        return plan(u, true, err);
    u->scratch = arena_new();
    if (!u->scratch)
        return err_nomem(err);
    r = u->lines ? read_lines(u, err) : read_whole(u, err);
    arena_free(u->scratch);
    u->scratch = NULL;
    return r;
}

/* ---- batches ---- */

/* Each entry that failed is a fault; the others are counted by their status. */
static void tell_batch(struct load_unit *u, const struct json *answer)
{
    struct json_each it = json_each(json_get(answer, "entry"));
    struct app_load *l = u->load;

    while (json_next(&it)) {
        const struct json *response = json_get(it.value, "response");
        const struct json *issue =
            json_at(json_get(json_get(response, "outcome"), "issue"), 0);
        struct str status = json_get_text(response, "status");
        struct str path = json_text(json_at(json_get(issue, "expression"), 0));
        struct str text = json_get_text(issue, "diagnostics");

        if (status.len > 0 && status.p[0] == '2') {
            pthread_mutex_lock(&l->lock);
            if (str_starts(status, "201"))
                l->result.created++;
            else if (str_starts(status, "204"))
                l->result.deleted++;
            else
                l->result.updated++;
            pthread_mutex_unlock(&l->lock);
            continue;
        }
        load_fault(l,
            &(struct app_load_error){.file = u->file,
                .entry = (int64_t)it.index + 1,
                .path = path.p ? path.p : "",
                .text = text.p ? text.p : "The entry was refused.",
                .code = E_INVALID},
            false);
    }
}

void load_unit_batch(struct load_unit *u)
{
    struct app_call call = {
        .app = u->load->app,
        .arena = u->arena,
        .caller = {.name = u->load->options.actor},
        .method = APP_POST,
        .base = u->load->app->base[APP_FHIR],
    };
    struct rest rest = {.kind = REST_BUNDLE};
    const struct json *answer = NULL;
    struct err err = {0};
    int r = 0;

    buf_init(&call.answer, LIMIT_RESPONSE_BYTES);
    r = batch_run(&call, &rest, u->batch, &err);
    if (r == 0)
        r = buf_error(&call.answer, "The response", &err);
    if (r == 0)
        r = json_read_trusted(
            u->arena, (struct str){call.answer.data, call.answer.len}, &answer, &err);
    if (r == 0)
        tell_batch(u, answer);
    else if (err_class(r) == ERR_CALLER)
        load_unit_fault(u, 0, &err, NULL);
    else
        load_break(u->load, &err);
    app_call_done(&call);
}
