/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that is really full: a small tmpfs (mounting it needs root; skipped without).
 * Writes are refused with E_FULL, reads go on, nothing is lost, and when room is made
 * the next write succeeds without a restart.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "node.h"

#define DISK "size=6m"
#define BALLAST (1u << 20)

static const char *mountpoint;

static void ballast_write(const char *path)
{
    char *zeros = calloc(1, BALLAST);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, zeros, BALLAST), BALLAST);
    close(fd);
    free(zeros);
}

/* Records of about 2 KB that do not pack, until the disk is full; how many went in. */
static unsigned fill(struct node *n, int *ret_error)
{
    unsigned i = 0;
    uint32_t x = 1;

    for (;; i++) {
        char text[2001];
        int r = 0;
        for (unsigned k = 0; k < 2000; k++) {
            x = x * 1103515245 + 12345;
            text[k] = (char)('a' + (x >> 16) % 26);
        }
        text[2000] = '\0';
        r = node_put(n, arena_printf(n->arena, "p%u", i),
            arena_printf(n->arena, ",\"tags\":[\"t%u\"],\"x\":\"%s\"", i, text), NULL);
        if (r < 0) {
            *ret_error = r;
            return i;
        }
        assert_true(i < 10000);
    }
}

static void full_disk_is_survived(void **state)
{
    const struct store_view *views[] = {&sample_view};
    struct node n = {.kind = STORE_SQLITE};
    struct store_options o = {.create = true};
    char ballast[128];
    struct err err = {0};
    unsigned count = 0;
    int error = 0;

    (void)state;
    if (!mountpoint)
        skip();
    patient_type = fhir_resource_named(STR("Patient"));
    n.arena = arena_new();
    assert_true(snprintf(n.path, sizeof(n.path), "%.40s/node", mountpoint) > 0);
    o.path = n.path;
    snprintf(ballast, sizeof(ballast), "%s/ballast", mountpoint);
    ballast_write(ballast);
    MUST(store_open(&o, views, 1, &n.store, &err));
    count = fill(&n, &error);
    assert_int_equal(error, E_FULL);
    assert_true(count > 100);
    /* again and again, and reading goes on */
    for (unsigned i = 0; i < 20; i++) {
        int r =
            node_put(&n, "more", arena_printf(n.arena, ",\"name\":\"%u\"", i), NULL);
        assert_true(r == E_FULL || r == 0);
    }
    for (unsigned i = 0; i < count; i++)
        assert_non_null(node_body(&n, arena_printf(n.arena, "p%u", i)));
    unlink(ballast);
    for (unsigned i = 0; i < 20; i++)
        MUST(node_put(&n, "after", arena_printf(n.arena, ",\"name\":\"%u\"", i), NULL));
    for (unsigned i = 0; i < count; i++)
        assert_non_null(node_body(&n, arena_printf(n.arena, "p%u", i)));
    assert_int_equal(node_verify(&n, true), 0);
    store_close(n.store);
    arena_free(n.arena);
}

static int mount_make(void **state)
{
    static char path[] = "/tmp/belay-full-XXXXXX";

    (void)state;
    if (!mkdtemp(path))
        return -1;
    if (mount("tmpfs", path, "tmpfs", 0, DISK) < 0) {
        print_message("skipped: a tmpfs cannot be mounted here\n");
        rmdir(path);
        return 0;
    }
    mountpoint = path;
    return 0;
}

static int mount_remove(void **state)
{
    (void)state;
    if (mountpoint) {
        umount2(mountpoint, MNT_DETACH);
        rmdir(mountpoint);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_disk_is_survived),
    };

    return cmocka_run_group_tests_name(
        "store, full disk", tests, mount_make, mount_remove);
}
