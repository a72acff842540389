/* SPDX-License-Identifier: Apache-2.0 */
/* The log: one line an event, levels, errors, lines of threads that do not mix. */
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "base/thread.h"
#include "base/time.h"

#include "unit.h"

static int saved = -1;
static FILE *caught;

/* From now on standard error goes to a file of ours. */
static void catch_log(void)
{
    caught = tmpfile();
    assert_non_null(caught);
    saved = dup(STDERR_FILENO);
    assert_true(dup2(fileno(caught), STDERR_FILENO) >= 0);
}

/* What was logged since catch_log(); the caller frees it with free(). */
static char *caught_log(void)
{
    char *text = calloc(1, 1u << 20);
    size_t len = 0;

    assert_non_null(text);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(caught);
    len = fread(text, 1, (1u << 20) - 1, caught);
    text[len] = '\0';
    fclose(caught);
    return text;
}

static void lines(void **state)
{
    char *text = NULL;

    (void)state;
    time_hold(1769860800123);
    catch_log();
    log_line(LOG_DEBUG, "dropped");
    log_line(LOG_INFO, "port=%d", 8080);
    log_line(LOG_WARN, "two\nlines");
    log_level_set(LOG_DEBUG);
    log_line(LOG_DEBUG, "kept");
    log_level_set(LOG_INFO);
    text = caught_log();
    time_hold(0);
    assert_string_equal(text, "2026-01-31T12:00:00.123Z info port=8080\n"
                              "2026-01-31T12:00:00.123Z warn two lines\n"
                              "2026-01-31T12:00:00.123Z debug kept\n");
    free(text);
}

static void errors(void **state)
{
    struct err err = {0};
    char *text = NULL;

    (void)state;
    time_hold(1769860800123);
    catch_log();
    err_set(&err, E_INVALID, "Patient.name", "It is empty.");
    log_err("create", &err);
    err_set(&err, E_IO, NULL, "The disk is gone.");
    log_err("import", &err);
    text = caught_log();
    time_hold(0);
    assert_string_equal(text,
        "2026-01-31T12:00:00.123Z info create: error=invalid path=Patient.name It is "
        "empty.\n"
        "2026-01-31T12:00:00.123Z error import: error=io The disk is gone.\n");
    free(text);
}

static void long_lines_are_cut(void **state)
{
    char *text = NULL;

    (void)state;
    catch_log();
    log_line(LOG_INFO, "%5000d", 1);
    log_line(LOG_INFO, "next");
    text = caught_log();
    assert_true(strlen(text) < 2000);
    assert_non_null(strchr(text, '\n'));
    assert_true(str_ends(str_of(text), " info next\n"));
    free(text);
}

static void *talk(void *arg)
{
    for (int i = 0; i < 200; i++)
        log_line(
            LOG_INFO, "%s%s%s%s", (char *)arg, (char *)arg, (char *)arg, (char *)arg);
    return NULL;
}

static void threads_do_not_mix(void **state)
{
    static char words[3][2] = {"a", "b", "c"};
    pthread_t threads[3];
    char *text = NULL;
    struct str rest;
    int count = 0;

    (void)state;
    catch_log();
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(thread_start(&threads[i], "talk", talk, words[i], NULL), 0);
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    text = caught_log();
    rest = str_of(text);
    while (rest.len > 0) {
        struct str line = str_cut(&rest, '\n');

        assert_true(str_ends(line, " info aaaa") || str_ends(line, " info bbbb") ||
                    str_ends(line, " info cccc"));
        assert_int_equal(line.len, 24 + 10);
        count++;
    }
    assert_int_equal(count, 600);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(errors),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(threads_do_not_mix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
