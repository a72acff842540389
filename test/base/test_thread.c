/* SPDX-License-Identifier: Apache-2.0 */
/* Threads: started with their argument and name, deaf to signals from outside. */
#include <signal.h>

#include "base/thread.h"

#include "unit.h"

struct seen {
    char name[16];
    sigset_t mask;
};

static void *look(void *arg)
{
    struct seen *s = arg;

    pthread_getname_np(pthread_self(), s->name, sizeof(s->name));
    pthread_sigmask(SIG_SETMASK, NULL, &s->mask);
    return arg;
}

static void a_thread_has_its_argument_name_and_mask(void **state)
{
    struct seen s = {0};
    struct err err = {0};
    pthread_t thread;
    void *back = NULL;
    sigset_t mine;

    (void)state;
    assert_int_equal(thread_start(&thread, "a-name-over-fifteen", look, &s, &err), 0);
    pthread_join(thread, &back);
    assert_ptr_equal(back, &s);
    assert_true(sigismember(&s.mask, SIGTERM));
    assert_true(sigismember(&s.mask, SIGUSR1));
    assert_false(sigismember(&s.mask, SIGSEGV));
    pthread_sigmask(SIG_SETMASK, NULL, &mine);
    assert_false(sigismember(&mine, SIGTERM));
    assert_int_equal(err.code, 0);
}

static void there_is_a_processor(void **state)
{
    (void)state;
    assert_true(thread_cpus() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_has_its_argument_name_and_mask),
        cmocka_unit_test(there_is_a_processor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
