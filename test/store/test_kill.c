/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill -9 at random moments: a child writes with several threads and says through a pipe
 * what was acknowledged; the parent kills it, opens the node again, and finds everything
 * that was acknowledged, nothing half, and verify sound. A few rounds; 200 in the
 * full tier (BELAY_TIER=full).
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/thread.h"

#include "node.h"

#define WRITERS 4
#define RECORDS 8 /* of each writer */
#define FIRST_WORD_MS 10000

/* What is said of one committed transaction. */
struct word {
    unsigned writer;
    unsigned record;
    unsigned long step;
};

struct writer_thread {
    struct node *n;
    unsigned number;
    unsigned long step;
    int fd;
};

/* Each transaction writes two records with the same step: half a transaction would
 * show. */
static int pair_commit(struct writer_thread *t, struct arena *a, unsigned record)
{
    struct store_write w[2] = {0};
    struct store_transaction tx = {.writes = w, .count = 2, .actor = STR("kill")};
    struct err err = {0};

    for (unsigned i = 0; i < 2; i++) {
        const struct json *resource = NULL;
        w[i].type = patient_type;
        w[i].operation = STORE_UPDATE;
        w[i].id =
            str_of(arena_printf(a, "w%u-%u-%c", t->number, record, i ? 'b' : 'a'));
        w[i].body = patient(a, w[i].id.p,
            arena_printf(
                a, ",\"tags\":[\"t%lu\"],\"name\":\"%lu\"", t->step % 9, t->step));
        if (json_read_trusted(a, w[i].body, &resource, &err) < 0)
            return -1;
        w[i].resource = resource;
        if (store_prepare(t->n->store, a, &w[i], &err) < 0)
            return -1;
    }
    return store_commit(t->n->store, &tx, &err);
}

static void *writer_thread(void *arg)
{
    struct writer_thread *t = arg;
    struct arena *a = arena_new();

    for (;; t->step++) {
        struct word word = {t->number, (unsigned)(t->step % RECORDS), t->step};
        if (pair_commit(t, a, word.record) < 0 ||
            write(t->fd, &word, sizeof(word)) != sizeof(word))
            _exit(1);
        arena_reset(a);
    }
}

static void child(struct node *n, unsigned long step, int fd)
{
    const struct store_view *views[] = {&sample_view};
    struct store_options o = {.path = n->path};
    struct writer_thread t[WRITERS];
    pthread_t thread;
    struct err err = {0};

    if (store_open(&o, views, 1, &n->store, &err) < 0)
        _exit(2);
    for (unsigned i = 0; i < WRITERS; i++) {
        t[i] = (struct writer_thread){n, i, step, fd};
        if (thread_start(&thread, "writer", writer_thread, &t[i], &err) < 0)
            _exit(3);
    }
    for (;;)
        pause();
}

static unsigned long name_of(
    struct node *n, unsigned writer, unsigned record, char half)
{
    const char *body =
        node_body(n, arena_printf(n->arena, "w%u-%u-%c", writer, record, half));
    const char *name = body ? strstr(body, "\"name\":\"") : NULL;

    return name ? strtoul(name + 8, NULL, 10) : 0;
}

static void check(struct node *n, unsigned long said[WRITERS][RECORDS])
{
    for (unsigned w = 0; w < WRITERS; w++) {
        for (unsigned r = 0; r < RECORDS; r++) {
            unsigned long a = name_of(n, w, r, 'a');
            unsigned long b = name_of(n, w, r, 'b');
            assert_int_equal(a, b);
            if (a < said[w][r])
                fail_msg("writer %u record %u: %lu was acknowledged, %lu is there", w,
                    r, said[w][r], a);
        }
    }
    assert_int_equal(node_verify(n, true), 0);
}

/* Wait until ${fd} holds a word: some kills come before the first, most after it, however
 * slowly the child begins (a sanitizer, another test beside it). */
static void wait_for_word(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};

    poll(&one, 1, FIRST_WORD_MS);
}

static void round_of(
    struct node *n, unsigned round, unsigned long said[WRITERS][RECORDS], long *words)
{
    unsigned long step = 1000000ul * (round + 1);
    struct word word;
    int fds[2];
    pid_t pid = 0;
    int status = 0;

    assert_int_equal(pipe(fds), 0);
    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(fds[0]);
        child(n, step, fds[1]);
    }
    close(fds[1]);
    if (round % 4)
        wait_for_word(fds[0]);
    usleep((useconds_t)(rand() % 70000));
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status));
    while (read(fds[0], &word, sizeof(word)) == sizeof(word)) {
        if (word.step > said[word.writer][word.record])
            said[word.writer][word.record] = word.step;
        ++*words;
    }
    close(fds[0]);
}

static void everything_acknowledged_is_there(void **state)
{
    const char *tier = getenv("BELAY_TIER");
    unsigned rounds = tier && strcmp(tier, "full") == 0 ? 200 : 12;
    unsigned long said[WRITERS][RECORDS] = {{0}};
    const struct store_view *views[] = {&sample_view};
    struct node n;
    long words = 0;

    (void)state;
    node_make(&n, STORE_SQLITE);
    store_close(n.store);
    n.store = NULL;
    srand((unsigned)getpid());
    print_message("seed %u\n", (unsigned)getpid());
    for (unsigned round = 0; round < rounds; round++) {
        struct store_options o = {.path = n.path};
        struct err err = {0};
        round_of(&n, round, said, &words);
        MUST(store_open(&o, views, 1, &n.store, &err));
        check(&n, said);
        store_close(n.store);
        n.store = NULL;
        arena_reset(n.arena);
    }
    print_message("%u kills, %ld acknowledged transactions\n", rounds, words);
    assert_true(words >= (long)(rounds - rounds / 4)); /* those that waited for one */
    node_remove(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_acknowledged_is_there),
    };

    return cmocka_run_group_tests_name("store, kill -9", tests, NULL, NULL);
}
