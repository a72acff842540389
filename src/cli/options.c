/* SPDX-License-Identifier: Apache-2.0 */
/* Options and words of a command line. */
#include "cli/cli_internal.h"

static const struct cli_option *option_find(
    const struct cli_option *options, struct str name)
{
    for (; options && options->name; options++) {
        if (str_is(name, options->name))
            return options;
    }
    return NULL;
}

static int option_set(
    const struct cli_option *option, const char *value, struct err *err)
{
    struct cli_texts *texts = option->value;
    int64_t number = 0;

    switch (option->kind) {
    case CLI_FLAG:
        if (value)
            return err_set(err, E_USAGE, option->name, "It takes no value.");
        *(bool *)option->value = true;
        return 0;
    case CLI_TEXT:
        *(const char **)option->value = value;
        return 0;
    case CLI_TEXTS:
        if (texts->count == texts->room)
            return err_set(
                err, E_USAGE, option->name, "It comes %zu times at most.", texts->room);
        texts->list[texts->count++] = value;
        return 0;
    case CLI_NUMBER:
        if (!text_int(str_of(value), option->min, option->max, &number))
            return err_set(err, E_USAGE, option->name,
                "'%s' is not a whole number from %lld to %lld.", value,
                (long long)option->min, (long long)option->max);
        *(int64_t *)option->value = number;
        return 0;
    }
    return E_BUG;
}

/* The option at argv[*at], with its value, which may be the next word. */
static int option_take(
    struct cli_call *call, const struct cli_option *options, int *at, struct err *err)
{
    struct str value = str_of(call->argv[*at]);
    struct str name = str_cut(&value, '=');
    const struct cli_option *option = option_find(options, name);
    const char *text = value.p;

    if (!option)
        return err_set(err, E_USAGE, NULL, "There is no option '%.*s' here.",
            (int)(name.len < 60 ? name.len : 60), name.p);
    if (option->kind != CLI_FLAG && !text) {
        if (*at + 1 >= call->argc)
            return err_set(err, E_USAGE, option->name, "A value must follow.");
        text = call->argv[++*at];
    }
    return option_set(option, text, err);
}

int cli_options(struct cli_call *call, const struct cli_option *options, size_t least,
    size_t most, struct err *err)
{
    bool only_words = false;

    call->words = base_malloc(sizeof(*call->words) * (size_t)(call->argc + 1));
    if (!call->words)
        return err_nomem(err);
    for (int i = 0; i < call->argc; i++) {
        const char *word = call->argv[i];

        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
        } else if (!only_words && strncmp(word, "--", 2) == 0) {
            int r = option_take(call, options, &i, err);

            if (r < 0)
                return r;
        } else {
            call->words[call->word_count++] = word;
        }
    }
    if (call->word_count < least)
        return err_set(err, E_USAGE, NULL, "Something is missing in the call.");
    if (call->word_count > most)
        return err_set(
            err, E_USAGE, NULL, "'%s' is one word too many.", call->words[most]);
    return 0;
}

struct str cli_reference(const char *type, const char *id, char *out, size_t size)
{
    if (!id)
        return (struct str){NULL, 0};
    snprintf(out, size, "%s%s%s", strchr(id, '/') ? "" : type,
        strchr(id, '/') ? "" : "/", id);
    return str_of(out);
}
