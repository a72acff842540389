/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

#include "app/audit.h"
#include "app/catalogue_node.h"
#include "cli/cli_internal.h"

static const char usage[] =
    "usage: belay catalogue check FILE\n"
    "       belay catalogue import DIR FILE\n"
    "       belay catalogue export DIR\n"
    "       belay catalogue use DIR [VERSION]\n"
    "       belay catalogue list DIR\n"
    "\n"
    "Which illnesses and procedures hospitals are asked about, and what each needs "
    "(docs/CATALOGUE.md).\n"
    "  check   tell what is wrong in FILE, with line and column\n"
    "  import  check FILE and use it instead of the catalogue of before, if nothing is "
    "wrong\n"
    "  export  write the catalogue of the node, to be changed and imported\n"
    "  use     use VERSION again, which was imported before, or the one that came with "
    "Belay\n"
    "  list    what was imported, and which one counts\n"
    "All work while the node is served; the server uses another catalogue from its "
    "next "
    "start.\n";

#define GONE_SHOWN 20

/* ---- reading FILE ---- */

static int read_file(
    struct arena *a, const char *path, struct str *ret, struct err *err)
{
    char *bytes = arena_alloc_raw(a, LIMIT_SETTING_BYTES + 1);
    FILE *in = bytes ? fopen(path, "rb") : NULL;
    size_t len = 0;

    if (!bytes)
        return err_nomem(err);
    if (!in)
        return err_sys(err, errno, path, "Cannot open the catalogue");
    len = fread(bytes, 1, LIMIT_SETTING_BYTES + 1, in);
    if (ferror(in)) {
        int r = err_sys(err, errno, path, "Cannot read the catalogue");

        (void)fclose(in);
        return r;
    }
    (void)fclose(in);
    if (len > LIMIT_SETTING_BYTES)
        return err_set(err, E_TOO_LARGE, path,
            "A catalogue may have %u bytes, and %s has more.", LIMIT_SETTING_BYTES,
            path);
    *ret = (struct str){bytes, len};
    return 0;
}

static void print_faults(const char *path, const struct catalogue_faults *faults)
{
    size_t shown = faults->count < CATALOGUE_FAULTS ? faults->count : CATALOGUE_FAULTS;

    for (size_t i = 0; i < shown; i++)
        fprintf(stderr, "%s:%zu:%zu: %s\n", path, faults->list[i].line,
            faults->list[i].column, faults->list[i].text);
    if (shown < faults->count)
        fprintf(stderr, "and %zu more\n", faults->count - shown);
}

static void print_counts(const struct catalogue *c)
{
    printf("Catalogue %s: %zu illnesses, %zu procedures, %zu kinds of device\n",
        c->version, c->illness_count, c->procedure_count, c->device_count);
}

static int check(struct arena *a, const char *path, struct err *err)
{
    struct catalogue_faults *faults = arena_alloc(a, sizeof(*faults));
    struct catalogue made = {NULL};
    struct str text = {NULL, 0};
    int r = faults ? read_file(a, path, &text, err) : err_nomem(err);

    if (r < 0)
        return r;
    r = catalogue_read(a, text, &made, faults, err);
    if (r == 0)
        print_counts(&made);
    else
        print_faults(path, faults);
    return r;
}

/* ---- taking it over ---- */

static bool has(const struct catalogue_entry *list, size_t count, const char *code)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(list[middle].code, code);

        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Codes of before that the new one has no more: what records say in them counts no more. */
static void print_gone(const char *what, const struct catalogue_entry *before,
    size_t before_count, const struct catalogue_entry *now, size_t now_count)
{
    size_t gone = 0;

    for (size_t i = 0; i < before_count; i++) {
        if (has(now, now_count, before[i].code))
            continue;
        if (gone < GONE_SHOWN)
            printf("%s %s", gone == 0 ? what : ",", before[i].code);
        gone++;
    }
    if (gone > GONE_SHOWN)
        printf(" and %zu more", gone - GONE_SHOWN);
    if (gone > 0)
        puts("");
}

static void print_news(const struct catalogue *now)
{
    print_counts(now);
    print_gone("Procedures that are no more:", catalogue_procedures,
        catalogue_procedure_count, now->procedures, now->procedure_count);
    print_gone("Illnesses that are no more:", catalogue_illnesses,
        catalogue_illness_count, now->illnesses, now->illness_count);
    print_gone("Kinds of device that are no more:", catalogue_devices,
        catalogue_device_count, now->devices, now->device_count);
    puts("A server that runs uses it from its next start.");
}

static int tell_trail(struct app *app, struct arena *a, struct err *err)
{
    struct str version = {NULL, 0};
    const char *what = NULL;
    int r = catalogue_node_used(app, a, &version, err);

    if (r < 0)
        return r;
    what = arena_printf(a, "catalogue %.*s", version.p ? (int)version.len : 100,
        version.p ? version.p : catalogue_built_in.version);
    return what ? audit_operator(app, "catalogue", AUDIT_ACCOUNT_ON, str_of(what), err)
                : err_nomem(err);
}

static int import(struct app *app, struct arena *a, const char *path, struct err *err)
{
    struct catalogue_faults *faults = arena_alloc(a, sizeof(*faults));
    struct catalogue made = {NULL};
    struct str text = {NULL, 0};
    int r = faults ? read_file(a, path, &text, err) : err_nomem(err);

    if (r == 0) {
        r = catalogue_node_import(app, a, text, &made, faults, err);
        print_faults(path, faults);
    }
    if (r == 0)
        r = tell_trail(app, a, err);
    if (r == 0)
        print_news(&made);
    return r;
}

static int use(struct app *app, struct arena *a, const char *version, struct err *err)
{
    int r = catalogue_node_choose(app, str_of(version), err);

    if (r == 0)
        r = tell_trail(app, a, err);
    if (r == 0)
        printf("The node uses %s%s from its next start.\n",
            version ? "catalogue " : "the catalogue that came with Belay",
            version ? version : "");
    return r;
}

static int list(struct app *app, struct arena *a, struct err *err)
{
    struct str used = {NULL, 0};
    struct str *versions = NULL;
    size_t count = 0;
    int r = catalogue_node_used(app, a, &used, err);

    if (r == 0)
        r = catalogue_node_versions(app, a, &versions, &count, err);
    if (r < 0)
        return r;
    printf("%s %s (came with Belay)\n", used.p ? " " : "*", catalogue_built_in.version);
    for (size_t i = 0; i < count; i++)
        printf("%s %.*s\n", used.p && str_eq(versions[i], used) ? "*" : " ",
            (int)versions[i].len, versions[i].p);
    return 0;
}

static int export(struct app *app, struct arena *a, struct err *err)
{
    struct str text = {NULL, 0};
    int r = catalogue_node_text(app, a, &text, err);

    if (r == 0 &&
        (fwrite(text.p, 1, text.len, stdout) != text.len || fflush(stdout) != 0))
        r = err_sys(err, errno, NULL, "Cannot write the catalogue");
    return r;
}

/* ---- the command ---- */

static int run_at(
    const struct cli_call *call, struct arena *a, struct app *app, struct err *err)
{
    const char *what = call->words[0];
    const char *word = call->word_count > 2 ? call->words[2] : NULL;

    if (strcmp(what, "import") == 0 && word)
        return import(app, a, word, err);
    if (strcmp(what, "use") == 0)
        return use(app, a, word, err);
    if (strcmp(what, "list") == 0 && !word)
        return list(app, a, err);
    if (strcmp(what, "export") == 0 && !word)
        return export(app, a, err);
    return err_set(err, E_USAGE, NULL,
        "'%s' is not one of the things it does, or not with these words.", what);
}

static int run(struct cli_call *call, struct err *err)
{
    const struct cli_option known[] = {{0}};
    struct arena *a = arena_new();
    struct app *app = NULL;
    int r = a ? cli_options(call, known, 2, 3, err) : err_nomem(err);

    if (r == 0 && strcmp(call->words[0], "check") == 0) {
        r = call->word_count == 2 ? check(a, call->words[1], err)
                                  : err_set(err, E_USAGE, NULL, "One file is checked.");
    } else if (r == 0) {
        r = cli_node_open(call->words[1], CLI_OPEN_READ, &app, err);
        if (r == 0)
            r = run_at(call, a, app, err);
    }
    app_close(app);
    arena_free(a);
    return r;
}

const struct cli_command cmd_catalogue = {
    "catalogue", "which illnesses and procedures there are", usage, run};
