/* SPDX-License-Identifier: Apache-2.0 */
/* What a process in the sandbox can do no more, and what it still can. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/thread.h"

#include "cli/sandbox.h"
#include "unit.h"

#define SANDBOX_FAILED 99

/* Run ${what} in a process of its own, in the sandbox; what it returned. */
static int inside(int (*what)(void))
{
    int status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0)
        _exit(sandbox_enter(NULL) < 0 ? SANDBOX_FAILED : what());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* errno of a call that must fail, 0 if it did not. */
static int failed(long r)
{
    return r < 0 ? errno : 0;
}

static int do_exec(void)
{
    char *const words[] = {(char *)(uintptr_t) "/bin/true", NULL};

    return failed(execv("/bin/true", words));
}

static int do_execveat(void)
{
    char *const words[] = {(char *)(uintptr_t) "true", NULL};
    int fd = open("/bin/true", O_PATH | O_CLOEXEC);

    return failed(syscall(SYS_execveat, fd, "", words, NULL, AT_EMPTY_PATH));
}

static int do_fork(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    return failed(child);
}

static int do_vfork_shell(void)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe, cert-env33-c): that it fails is the point */
    return system("true") == 0 ? 0 : EPERM;
}

static int do_ptrace(void)
{
    return failed(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int do_mount(void)
{
    return failed(mount("none", "/tmp", "tmpfs", 0, NULL));
}

static int do_chroot(void)
{
    return failed(chroot("/"));
}

static int do_unshare(void)
{
    return failed(unshare(CLONE_NEWUSER));
}

static int do_setuid(void)
{
    return failed(setuid(getuid()));
}

static int do_new_code(void)
{
    void *p =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long mapped = (long)mmap(
        NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED || mapped != -1)
        return 0;
    return failed(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static void refused(void **state)
{
    static int (*const all[])(void) = {do_exec, do_execveat, do_fork, do_vfork_shell,
        do_ptrace, do_mount, do_chroot, do_unshare, do_setuid, do_new_code};

    (void)state;
    if (!sandbox_offered())
        skip();
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        assert_int_equal(inside(all[i]), EPERM);
}

static void *set_true(void *arg)
{
    *(bool *)arg = true;
    return NULL;
}

/* A file, a socket, a thread and memory. */
static int do_daily_work(void)
{
    pthread_t thread;
    bool ran = false;
    int ends[2];
    char *p = malloc(1 << 20);
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (!p || fd < 0 || write(fd, p, 10) != 10)
        return 1;
    free(p);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        return 2;
    if (thread_start(&thread, "test", set_true, &ran, NULL) < 0)
        return 3;
    pthread_join(thread, NULL);
    return ran ? 0 : 4;
}

static void allowed(void **state)
{
    (void)state;
    if (!sandbox_offered())
        skip();
    assert_int_equal(inside(do_daily_work), 0);
}

static atomic_int thread_saw = -1;
static atomic_bool go;

static void *exec_when_told(void *arg)
{
    (void)arg;
    while (!atomic_load(&go))
        sched_yield();
    atomic_store(&thread_saw, do_exec());
    return NULL;
}

/* A thread that was there before is in it too. */
static int do_older_thread(void)
{
    pthread_t thread;

    if (thread_start(&thread, "test", exec_when_told, NULL, NULL) < 0 ||
        sandbox_enter(NULL) < 0)
        return SANDBOX_FAILED;
    atomic_store(&go, true);
    pthread_join(thread, NULL);
    return atomic_load(&thread_saw);
}

static void all_threads(void **state)
{
    int status = 0;
    pid_t child;

    (void)state;
    if (!sandbox_offered())
        skip();
    child = fork();
    if (child == 0)
        _exit(do_older_thread());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EPERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused),
        cmocka_unit_test(allowed),
        cmocka_unit_test(all_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
