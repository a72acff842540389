/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "app/export.h"
#include "cli/cli_internal.h"

static const char usage[] =
    "usage: belay export DIR [--type TYPE] [--to FILE]\n"
    "\n"
    "Write the records of the node in DIR as NDJSON: one a line, as they are now, "
    "without\n"
    "deleted ones and earlier versions. Works while the node is served.\n"
    "  --type  records of this type alone, such as Patient\n"
    "  --to    into this new file instead of standard output\n";

struct export_out {
    FILE *file;
    const char *name;
    int64_t count;
};

static int write_line(void *arg, struct str record, struct err *err)
{
    struct export_out *out = arg;

    out->count++;
    if (fwrite(record.p, 1, record.len, out->file) != record.len ||
        fputc('\n', out->file) == EOF)
        return err_sys(err, errno, out->name, "Cannot write the records");
    return 0;
}

/* What was written is on the disk, or it is told. */
static int finish(struct export_out *out, struct err *err)
{
    if (fflush(out->file) != 0)
        return err_sys(err, errno, out->name, "Cannot write the records");
    if (out->file == stdout)
        return 0;
    if (fsync(fileno(out->file)) < 0)
        return err_sys(err, errno, out->name, "Cannot write the records");
    return 0;
}

static int run(struct cli_call *call, struct err *err)
{
    struct export_out out = {.file = stdout, .name = "standard output"};
    const struct fhir_type *type = NULL;
    const char *type_name = NULL;
    const char *to = NULL;
    struct app *app = NULL;
    const struct cli_option known[] = {
        {"--type", CLI_TEXT, &type_name, 0, 0},
        {"--to", CLI_TEXT, &to, 0, 0},
        {0},
    };
    int r = cli_options(call, known, 1, 1, err);

    if (r < 0)
        return r;
    if (type_name)
        type = fhir_type_named(str_of(type_name));
    if (type_name && (!type || type->number == 0))
        return err_set(err, E_USAGE, "--type", "There is no type '%s'.", type_name);
    r = cli_node_open(call->words[0], CLI_OPEN_READ, &app, err);
    if (r < 0)
        return r;
    if (to) {
        out.name = to;
        out.file = fopen(to, "wx");
        if (!out.file)
            r = err_sys(err, errno, to, "Cannot make the file");
    }
    if (r == 0)
        r = app_export(app, type, write_line, &out, err);
    if (r == 0)
        r = finish(&out, err);
    if (to && out.file)
        fclose(out.file);
    if (r == 0 && to)
        printf("%lld records written to %s.\n", (long long)out.count, to);
    app_close(app);
    return r;
}

const struct cli_command cmd_export = {
    "export", "write the records as NDJSON", usage, run};
