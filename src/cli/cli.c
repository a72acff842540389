/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands, help, and what the process ends with. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"

#include "cli/cli_internal.h"

#define VERSION "0.1.0"

/* Alphabetical; test_cli_table looks. */
static const struct cli_command *const commands[] = {
    &cmd_backup,
    &cmd_bench,
    &cmd_catalogue,
    &cmd_client,
    &cmd_demo,
    &cmd_export,
    &cmd_import,
    &cmd_init,
    &cmd_key,
    &cmd_mail,
    &cmd_rebuild,
    &cmd_report,
    &cmd_restore,
    &cmd_rules,
    &cmd_serve,
    &cmd_sign_on,
    &cmd_stats,
    &cmd_token,
    &cmd_user,
    &cmd_verify,
    &cmd_volumes,
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static const struct cli_command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

static void help_all(FILE *out)
{
    fputs("usage: belay COMMAND ...\n\n", out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-8s  %s\n", commands[i]->name, commands[i]->summary);
    fputs("\nbelay COMMAND --help tells the rest; belay --version which one this is.\n"
          "Exit codes: 0 done, 1 the input was wrong, 2 the call was wrong, 3 the "
          "machine "
          "failed.\n",
        out);
}

static int help_one(const char *name)
{
    const struct cli_command *command = command_find(name);

    if (!command) {
        fprintf(stderr, "belay: there is no command '%s'; see 'belay help'.\n", name);
        return CLI_CALL;
    }
    fputs(command->usage, stdout);
    return CLI_DONE;
}

/* True when help is asked for before any "--". */
static bool wants_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

static void complain(const struct cli_command *command, const struct err *err)
{
    if (err->path[0])
        fprintf(stderr, "belay %s: %s: %s\n", command->name, err->path, err->text);
    else
        fprintf(stderr, "belay %s: %s\n", command->name, err->text);
    if (err->code == E_USAGE)
        fprintf(stderr, "See 'belay %s --help'.\n", command->name);
}

static int exit_code(int code)
{
    if (code >= 0)
        return CLI_DONE;
    if (code == E_USAGE)
        return CLI_CALL;
    return err_class(code) == ERR_CALLER ? CLI_INPUT : CLI_MACHINE;
}

static int command_run(const struct cli_command *command, int argc, char **argv)
{
    struct cli_call call = {.command = command, .argc = argc, .argv = argv};
    struct err err = {0};
    int r = command->run(&call, &err);

    if (r < 0) {
        err.code = r;
        complain(command, &err);
    }
    base_free(call.words);
    /* what was printed must have arrived, or the caller works with half of it */
    if (fflush(stdout) != 0 && r >= 0) {
        fprintf(stderr, "belay %s: The output could not be written.\n", command->name);
        r = E_IO;
    }
    return exit_code(r);
}

int cli_main(int argc, char **argv)
{
    const struct cli_command *command = NULL;
    const char *name = argc > 1 ? argv[1] : "help";

    umask(S_IRWXG | S_IRWXO); /* whatever is written may hold what patients told */
    if (argc <= 1) {
        help_all(stderr);
        return CLI_CALL;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0) {
        puts("belay " VERSION);
        return CLI_DONE;
    }
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 ||
        strcmp(name, "-h") == 0) {
        if (argc > 2)
            return help_one(argv[2]);
        help_all(stdout);
        return CLI_DONE;
    }
    command = command_find(name);
    if (!command)
        return help_one(name);
    if (wants_help(argc - 2, argv + 2))
        return help_one(name);
    return command_run(command, argc - 2, argv + 2);
}
