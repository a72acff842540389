/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever looks on while views are filled stops it for a signal that means "stop", and for no other. */
#include <signal.h>

#include "cli/cli_internal.h"
#include "unit.h"

static bool look(struct cli_fill *f)
{
    return f->watch.look(f->watch.arg, 1000, 2000);
}

static void block(void)
{
    sigset_t all;

    sigemptyset(&all);
    sigaddset(&all, SIGINT);
    sigaddset(&all, SIGTERM);
    sigaddset(&all, SIGHUP);
    assert_int_equal(pthread_sigmask(SIG_BLOCK, &all, NULL), 0);
}

static void signals_stop_it(void **state)
{
    static const int stops[] = {SIGTERM, SIGINT};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct cli_fill f;

        cli_fill_begin(&f);
        assert_true(look(&f));
        assert_int_equal(f.stopped, 0);
        raise(stops[i]);
        assert_false(look(&f));
        assert_int_equal(f.stopped, stops[i]);
    }
}

static void another_signal_waits(void **state)
{
    struct cli_fill f;
    sigset_t pending;

    (void)state;
    cli_fill_begin(&f);
    raise(SIGHUP);
    assert_true(look(&f));
    assert_int_equal(sigpending(&pending), 0);
    assert_true(sigismember(&pending, SIGHUP));
}

static void not_every_look_is_a_line(void **state)
{
    struct cli_fill f;
    uint64_t said = 0;

    (void)state;
    cli_fill_begin(&f);
    assert_true(look(&f));
    said = f.said;
    assert_true(said != 0);
    for (int i = 0; i < 100; i++)
        assert_true(look(&f));
    assert_true(f.said == said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_stop_it),
        cmocka_unit_test(another_signal_waits),
        cmocka_unit_test(not_every_look_is_a_line),
    };

    block();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
