/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands share: the words they were called with, opening a node, progress. */
#ifndef CLI_INTERNAL_H
#define CLI_INTERNAL_H

#include "app/app.h"
#include "cli/cli.h"

#define CLI_WORDS_MAX 4096

/* A command being run. */
struct cli_call {
    const struct cli_command *command;
    int argc; /* behind the command's name */
    char **argv;
    const char **words; /* by cli_options: what was no option */
    size_t word_count;
};

struct cli_command {
    const char *name;
    const char *summary; /* one line for `belay help` */
    const char *usage;   /* for `belay NAME --help` */
    /* 0 or a negative enum err_code with a sentence. */
    int (*run)(struct cli_call *call, struct err *err);
};

extern const struct cli_command cmd_backup;
extern const struct cli_command cmd_bench;
extern const struct cli_command cmd_catalogue;
extern const struct cli_command cmd_client;
extern const struct cli_command cmd_demo;
extern const struct cli_command cmd_export;
extern const struct cli_command cmd_import;
extern const struct cli_command cmd_init;
extern const struct cli_command cmd_key;
extern const struct cli_command cmd_mail;
extern const struct cli_command cmd_rebuild;
extern const struct cli_command cmd_report;
extern const struct cli_command cmd_restore;
extern const struct cli_command cmd_rules;
extern const struct cli_command cmd_serve;
extern const struct cli_command cmd_sign_on;
extern const struct cli_command cmd_stats;
extern const struct cli_command cmd_token;
extern const struct cli_command cmd_user;
extern const struct cli_command cmd_verify;
extern const struct cli_command cmd_volumes;

/* ---- options.c ---- */

enum cli_kind {
    CLI_FLAG,   /* --name           value: bool */
    CLI_TEXT,   /* --name TEXT      value: const char * */
    CLI_NUMBER, /* --name N         value: int64_t, from min to max */
    CLI_TEXTS,  /* --name TEXT ...  value: struct cli_texts, as often as it holds */
};

struct cli_texts {
    const char **list;
    size_t room;
    size_t count;
};

struct cli_option {
    const char *name; /* with its two dashes */
    enum cli_kind kind;
    void *value;
    int64_t min;
    int64_t max;
};

/*
 * Take ${call}'s words apart by ${options} (ended by one without a name; NULL: none):
 * "--name VALUE" or "--name=VALUE" anywhere, "--" ends them. From ${least} to ${most}
 * words must remain. E_USAGE.
 */
int cli_options(struct cli_call *call, const struct cli_option *options, size_t least,
    size_t most, struct err *err);

/* "Type/ID", written into ${out}, from "ID" or "Type/ID"; p NULL from NULL. */
struct str cli_reference(const char *type, const char *id, char *out, size_t size);

/* ---- node.c ---- */

enum cli_open { CLI_OPEN_WRITE, CLI_OPEN_READ, CLI_OPEN_BULK };

/* Open the node in ${path}. CLI_OPEN_READ works beside a running server; CLI_OPEN_BULK is for a
 * node that holds nothing: what is written is safe when it is closed, and not before. */
int cli_node_open(
    const char *path, enum cli_open how, struct app **ret, struct err *err);

/* Copy the node in ${from}, also while it is served, to ${to}, which does not exist or is
 * empty. */
int cli_node_copy(const char *from, const char *to, struct err *err);

/* ${path} from the root on, into ${ret}, which the caller frees; its folder must be there, it need not
 * be. NULL from NULL, and what begins with "$CREDENTIALS_DIRECTORY/" as it is. */
int cli_path_whole(const char *path, char **ret, struct err *err);

/* 0 when ${path} does not exist or is an empty folder; else E_CONFLICT. */
int cli_folder_empty(const char *path, struct err *err);

/* ---- secret.c ---- */

#define CLI_SECRET_MAX 256

/* The first line of the file ${path}, which nobody else may read, or of standard input for
 * "-", without its end. E_FORBIDDEN, E_USAGE: there is none. The caller wipes ${out}. */
int cli_secret_read(const char *path, char out[CLI_SECRET_MAX + 2], struct err *err);

/* ---- progress.c ---- */

/* A line on the terminal, redrawn in place; nothing at all where standard error is no
 * terminal. */
struct cli_progress {
    const char *label;
    bool shown;
    uint64_t begun; /* monotonic ns */
    uint64_t drawn;
};

void cli_progress_begin(struct cli_progress *p, const char *label);
/* ${done} of ${total} (0: not known); ${note} stands behind, may be NULL. */
void cli_progress_show(
    struct cli_progress *p, int64_t done, int64_t total, const char *note);
void cli_progress_end(struct cli_progress *p);
/* The same as the callback of store_verify and store_rebuild. */
void cli_progress_step(void *progress, int64_t done, int64_t total);

/* ---- fill.c ---- */

/*
 * Whoever waits for a node whose views are filled again (after an update; minutes where there are
 * many records) is told how far it is, a line in the log every five seconds at most, and SIGINT or
 * SIGTERM stops it. Both are blocked by the caller. One thread.
 */
struct cli_fill {
    struct store_fill_watch watch; /* for store_options and app_options */
    uint64_t said;                 /* monotonic ns; 0: nothing was said */
    int stopped;                   /* the signal; 0: none came */
};

void cli_fill_begin(struct cli_fill *f);

/* ---- text for people (progress.c) ---- */

#define CLI_NUMBER_MAX 32
/* "12,345" into ${out}; returns it. */
const char *cli_number(int64_t n, char out[CLI_NUMBER_MAX]);
/* "1.2 MB" into ${out}; returns it. */
const char *cli_bytes(int64_t n, char out[CLI_NUMBER_MAX]);

#endif
