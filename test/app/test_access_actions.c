/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may do what: each line of test/view/writer.table by a call of its own, in a batch and in a
 * transaction. What was done is undone before the next, so that no line leans on another.
 */
#include "network.h"

static struct arena *lasting; /* the table's; each call of a line empties the other */

struct line {
    const char *person, *action, *what;
    bool yes;
};

/* ---- the table ---- */

static const char *column(struct str *left)
{
    struct str s = str_cut(left, '|');

    while (s.len && s.p[s.len - 1] == ' ')
        s.len--;
    while (s.len && *s.p == ' ')
        s = (struct str){s.p + 1, s.len - 1};
    return arena_strndup(lasting, s.p, s.len);
}

/* The next line of ${rest}; false: there is none. */
static bool next_line(struct str *rest, struct line *ret)
{
    while (rest->p) {
        struct str left = str_cut(rest, '\n');

        if (left.len == 0 || left.p[0] == '#')
            continue;
        ret->person = column(&left);
        ret->action = column(&left);
        ret->what = column(&left);
        ret->yes = strcmp(column(&left), "yes") == 0;
        return true;
    }
    return false;
}

/* ---- what is written ---- */

/* ,"extension":[ ... ] of a posting in the team ${id} */
static const char *of_team(const char *id)
{
    return arena_printf(arena,
        ",\"extension\":[{\"url\":"
        "\"https://belay.health/StructureDefinition/posting-team\",\"valueReference\":{"
        "\"reference\":\"Organization/%s\"}}]",
        id);
}

/* "Patient NAME" and the like in the words of the table become members of a record. */
static const char *new_record(const char *what)
{
    char type[40], a[40] = "", b[40] = "", c[40] = "", d[40] = "";
    /* NOLINTNEXTLINE(cert-err34-c): names only */
    int n = sscanf(what, "%39s %39s %39s %39s %39s", type, a, b, c, d);

    assert_true(n >= 2);
    if (strcmp(type, "Observation") == 0)
        return arena_printf(arena,
            "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":"
            "\"x\"},"
            "\"subject\":{\"reference\":\"Patient/%s\"}}",
            a);
    if (strcmp(type, "Patient") == 0)
        return arena_printf(arena,
            "{\"resourceType\":\"Patient\",\"managingOrganization\":{\"reference\":"
            "\"Organization/%s\"}}",
            a);
    if (strcmp(type, "ServiceRequest") == 0)
        return arena_printf(arena,
            "{\"resourceType\":\"ServiceRequest\",\"status\":\"draft\",\"intent\":"
            "\"order\","
            "\"subject\":{\"reference\":\"Patient/%s\"},\"performer\":[{\"reference\":"
            "\"Organization/%s\"}]}",
            a, b);
    if (strcmp(type, "Communication") == 0)
        return arena_printf(arena,
            "{\"resourceType\":\"Communication\",\"status\":\"completed\",\"basedOn\":["
            "{"
            "\"reference\":\"ServiceRequest/%s\"}],\"subject\":{\"reference\":"
            "\"Patient/%s\"},\"sender\":{\"reference\":\"Practitioner/%s\"}}",
            a, b, c);
    if (strcmp(type, "Consent") == 0)
        return arena_printf(arena,
            "{\"resourceType\":\"Consent\",\"status\":\"active\",\"scope\":{\"text\":"
            "\"x\"},"
            "\"category\":[{\"text\":\"x\"}],\"patient\":{\"reference\":\"Patient/"
            "%s\"},"
            "\"policyRule\":{\"text\":\"x\"}}",
            a);
    if (strcmp(type, "PractitionerRole") == 0)
        return arena_printf(arena,
            "{\"resourceType\":\"PractitionerRole\",\"practitioner\":{\"reference\":"
            "\"Practitioner/%s\"},\"organization\":{\"reference\":\"Organization/%s\"},"
            "\"code\":[{\"coding\":[{\"system\":"
            "\"https://belay.health/CodeSystem/role\",\"code\":\"%s\"}]}]%s}",
            a, b, c, d[0] ? of_team(d) : "");
    if (strcmp(type, "Organization") == 0)
        return arena_printf(arena,
            "{\"resourceType\":\"Organization\",\"name\":\"Batch\",\"type\":[{"
            "\"coding\":[{"
            "\"system\":\"https://belay.health/CodeSystem/organization-kind\",\"code\":"
            "\"%s\"}]}],\"partOf\":{\"reference\":\"Organization/%s\"}}",
            a, b);
    if (strcmp(type, "OrganizationAffiliation") == 0)
        return arena_printf(arena,
            "{\"resourceType\":\"OrganizationAffiliation\",\"active\":true,\"code\":[{"
            "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/affiliation\","
            "\"code\":\"team-at-host\"}]}],\"participatingOrganization\":{"
            "\"reference\":"
            "\"Organization/%s\"},\"organization\":{\"reference\":\"Organization/"
            "%s\"}}",
            a, b);
    fail_msg("the table makes a %s, and nobody said how", type);
    return NULL;
}

/* A record as it is, with one member more. */
static const char *changed(struct str before)
{
    assert_true(before.len > 1 && before.p[0] == '{');
    return arena_printf(
        arena, "{\"language\":\"bo\",%.*s", (int)before.len - 1, before.p + 1);
}

/* A posting as it is, with a leave, or with what somebody enters as decided on fitness. */
static const char *changed_by(const char *action, struct str before)
{
    struct str rest = before;
    const char *at = memmem(before.p, before.len, "\"extension\":[", 13);

    if (strcmp(action, "leave") == 0)
        return arena_printf(arena,
            "{\"notAvailable\":[{\"description\":\"Leave\",\"during\":{\"start\":"
            "\"2026-11-01\",\"end\":\"2026-11-07\"}}],%.*s",
            (int)before.len - 1, before.p + 1);
    assert_string_equal(action, "enter");
    assert_non_null(at);
    rest.p = at + 13;
    rest.len = before.len - (size_t)(rest.p - before.p);
    return arena_printf(arena,
        "%.*s{\"url\":\"https://belay.health/StructureDefinition/arrival-check\","
        "\"extension\":[{\"url\":\"kind\",\"valueCode\":\"altitude-fitness\"},{\"url\":"
        "\"outcome\",\"valueCode\":\"passed\"},{\"url\":\"by\",\"valueReference\":{"
        "\"reference\":\"Practitioner/nima\"}},{\"url\":\"on\",\"valueDate\":"
        "\"2026-01-01\"}]},%.*s",
        (int)(rest.p - before.p), before.p, (int)rest.len, rest.p);
}

/* What is posted to the operations that the table asks for. */
static const char *question(const char *word)
{
    static const struct {
        const char *word, *parameter;
    } all[] = {{"$fitness", "{\"name\":\"outcome\",\"valueCode\":\"passed\"}"},
        {"$answer", "{\"name\":\"month\",\"valueString\":\"2025-12\"},{\"name\":"
                    "\"score\",\"valueInteger\":4}"},
        {"$goals", "{\"name\":\"goal\",\"part\":[{\"name\":\"kind\",\"valueCode\":"
                   "\"visits\"},{\"name\":\"target\",\"valueInteger\":2},{\"name\":"
                   "\"per\",\"valueCode\":\"year\"}]}"}};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (strcmp(word, all[i].word) == 0)
            return arena_printf(arena,
                "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}",
                all[i].parameter);
    }
    fail_msg("the table asks for %s, and nobody said what is posted", word);
    return NULL;
}

static struct str current(const char *path)
{
    struct said *s = said_status(get_as(NULL, path), 200);
    struct str text = {arena_strndup(arena, s->call.answer.data, s->call.answer.len),
        s->call.answer.len};

    said_free(s);
    return text;
}

/* ---- one line ---- */

struct doing {
    enum app_method method;
    const char *path;
    const char *body;   /* NULL: none */
    struct str before;  /* what is there; p NULL: nothing */
    const char *writes; /* what an operation writes; NULL: what the path says */
};

/* "OrganizationAffiliation/ID/$goals"; what is answered to a pairing is kept beside it. */
static struct doing asking(const char *path)
{
    const char *word = strstr(path, "/$");
    const char *writes = NULL;

    assert_non_null(word);
    writes = arena_strndup(arena, path, (size_t)(word - path));
    if (strcmp(word, "/$answer") == 0)
        writes = arena_printf(arena, "PairingPulse/%s", strchr(writes, '/') + 1);
    return (struct doing){APP_POST, path, question(word + 1), current(writes), writes};
}

static struct doing doing_of(const struct line *line)
{
    const char *type = arena_strndup(arena, line->what, strcspn(line->what, "/ "));

    if (strcmp(line->action, "create") == 0)
        return (struct doing){APP_POST, type, new_record(line->what), {NULL, 0}, NULL};
    if (strcmp(line->action, "ask") == 0)
        return asking(line->what);
    if (strcmp(line->action, "delete") == 0)
        return (struct doing){APP_DELETE, line->what, NULL, current(line->what), NULL};
    if (strcmp(line->action, "change") != 0)
        return (struct doing){APP_PUT, line->what,
            changed_by(line->action, current(line->what)), current(line->what), NULL};
    return (struct doing){
        APP_PUT, line->what, changed(current(line->what)), current(line->what), NULL};
}

/* ${d} as the one entry of a Bundle. */
static const char *bundle_of(const struct doing *d, const char *kind)
{
    static const char *const words[] = {
        [APP_POST] = "POST", [APP_PUT] = "PUT", [APP_DELETE] = "DELETE"};

    return arena_printf(arena,
        "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[{%s%s%s\"request\":{"
        "\"method\":\"%s\",\"url\":\"%s\"}}]}",
        kind, d->body ? "\"resource\":" : "", d->body ? d->body : "",
        d->body ? "," : "", words[d->method], d->path);
}

/* Undo what a call did that answered with ${location} or nothing. */
static void undo(const struct doing *d, const char *location)
{
    if (d->before.p) {
        said_free(
            as(NULL, (struct ask){.method = APP_PUT,
                         .path = d->writes ? d->writes : d->path,
                         .body = arena_strndup(arena, d->before.p, d->before.len)}));
        return;
    }
    write_as(
        NULL, APP_DELETE, arena_printf(arena, "%s/%s", d->path, location), NULL, 204);
}

static bool went_well(int status)
{
    return status == 200 || status == 201 || status == 204;
}

static bool was_refused(int status)
{
    return status == 403 || status == 404;
}

/* The id in "[base/]Type/ID/_history/1". */
static const char *id_in(const char *location, const char *type)
{
    const char *at = strstr(location, arena_printf(arena, "%s/", type));

    assert_non_null(at);
    at += strlen(type) + 1;
    return arena_strndup(arena, at, strcspn(at, "/"));
}

/* By a call of its own; true: as the table says. */
static bool alone(const struct line *line, const struct doing *d)
{
    struct said *s = as(line->person,
        (struct ask){.method = d->method, .path = d->path, .body = d->body});
    bool right = line->yes ? went_well(s->status) : was_refused(s->status);

    if (!right)
        print_message("%s | %s | %s: %d %s\n", line->person, line->action, line->what,
            s->status, said_text(s, "issue.0.diagnostics"));
    if (went_well(s->status))
        undo(d, d->before.p ? NULL : said_text(s, "id"));
    said_free(s);
    return right;
}

static bool bundled(const struct line *line, const struct doing *d, const char *kind)
{
    bool whole = strcmp(kind, "transaction") == 0;
    struct said *s = as(line->person,
        (struct ask){.method = APP_POST, .path = "", .body = bundle_of(d, kind)});
    const char *answer = said_text(s, "entry.0.response.status");
    int status = s->status == 200 ? atoi(answer) : s->status; /* NOLINT(cert-err34-c) */
    bool right = line->yes ? went_well(status) : was_refused(status);

    if (!right || (s->status != 200 && !(whole && !line->yes)))
        print_message("%s | %s | %s in a %s: %d %s\n", line->person, line->action,
            line->what, kind, status, answer);
    if (s->status == 200 && went_well(status))
        undo(d, d->before.p
                    ? NULL
                    : id_in(said_text(s, "entry.0.response.location"), d->path));
    said_free(s);
    return right;
}

static void each_line_by_each_way(void **state)
{
    struct str rest = file_text("writer.table");
    struct line line = {.yes = false};
    size_t count = 0, wrong = 0, open = 0;

    (void)state;
    lasting = arena;
    while (next_line(&rest, &line)) {
        struct doing d;

        arena = arena_new();
        d = doing_of(&line);
        wrong += !alone(&line, &d);
        if (!d.writes && space_of(str_of(d.path)) == APP_FHIR) {
            wrong += !bundled(&line, &d, "batch");
            wrong += !bundled(&line, &d, "transaction");
        }
        arena_free(arena);
        arena = lasting;
        count++;
        open += line.yes;
    }
    print_message("%zu lines, %zu allowed\n", count, open);
    assert_int_equal(wrong, 0);
    assert_true(count >= 400 && open >= 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_line_by_each_way)};

    return cmocka_run_group_tests(tests, open_network, close_network);
}
