/* SPDX-License-Identifier: Apache-2.0 */
/* Exact probabilities of a reflected walk. */
#include <math.h>
#include <string.h>

#include "base/arena.h"

#include "engine/competence/walk_internal.h"

/* Finer than WALK_SAME, so that a limit found is the score it stands for. */
#define LIMIT_PRECISION 1e-10

/* Probabilities of the scores offset + i up + j down that lie above 0 and not above the
 * limit. Row j holds the ${width} values of i that can do so, from first(j) on. */
struct lattice {
    double offset;
    double *now, *next; /* [steps + 1][width] */
};

struct ground {
    const struct walk *walk;
    double limit;
    int width, rows;
    struct lattice from_start, from_zero;
    double crossed;
};

static int first_of(const struct ground *g, const struct lattice *l, int j)
{
    double lowest = (-l->offset - j * g->walk->down) / g->walk->up;

    return lowest > 0 ? (int)floor(lowest) : 0;
}

/* Carry ${q}, the probability of being at i, j of ${l}, into the next case's table. */
static void carry(struct ground *g, struct lattice *l, int i, int j, double q)
{
    double score = l->offset + i * g->walk->up + j * g->walk->down;
    int column = i - first_of(g, l, j);

    if (score > g->limit + WALK_SAME)
        g->crossed += q;
    else if (score <= WALK_SAME)
        g->from_zero.next[0] += q;
    else if (column >= 0 && column < g->width && j < g->rows)
        l->next[(size_t)j * (size_t)g->width + (size_t)column] += q;
}

static void step(struct ground *g, struct lattice *l, int rows)
{
    for (int j = 0; j < rows; j++) {
        const double *row = l->now + (size_t)j * (size_t)g->width;
        int first = first_of(g, l, j);

        for (int k = 0; k < g->width; k++) {
            if (row[k] <= 0)
                continue;
            carry(g, l, first + k + 1, j, row[k] * g->walk->p_up);
            carry(g, l, first + k, j + 1, row[k] * (1 - g->walk->p_up));
        }
    }
}

static void turn(struct ground *g, struct lattice *l)
{
    double *old = l->now;

    l->now = l->next;
    l->next = old;
    memset(old, 0, (size_t)g->rows * (size_t)g->width * sizeof(*old));
}

static int make_lattice(
    struct ground *g, struct lattice *l, double offset, struct arena *a)
{
    size_t size = (size_t)g->rows * (size_t)g->width;

    l->offset = offset;
    l->now = arena_array(a, size, sizeof(*l->now));
    l->next = arena_array(a, size, sizeof(*l->next));
    return l->now && l->next ? 0 : E_NOMEM;
}

static int make_ground(struct ground *g, double start, struct arena *a)
{
    int r = make_lattice(g, &g->from_zero, 0, a);

    return r < 0 ? r : make_lattice(g, &g->from_start, start, a);
}

int walk_crossing(const struct walk *walk, double start, double limit, int steps,
    double *ret, struct err *err)
{
    struct ground g = {.walk = walk,
        .limit = limit,
        .width = (int)floor(limit / walk->up) + 3,
        .rows = steps + 1};
    struct arena *a = arena_new();

    if (!a || make_ground(&g, start, a) < 0) {
        arena_free(a);
        return err_nomem(err);
    }
    if (start > WALK_SAME)
        g.from_start.now[0] = 1;
    else
        g.from_zero.now[0] = 1;
    for (int t = 0; t < steps; t++) {
        step(&g, &g.from_zero, t + 1);
        if (start > WALK_SAME)
            step(&g, &g.from_start, t + 1);
        turn(&g, &g.from_zero);
        turn(&g, &g.from_start);
        ret[t] = g.crossed;
    }
    arena_free(a);
    return 0;
}

/* Is the walk above ${limit} within ${steps} with more than ${alpha}? ${crossed} is room for
 * so many steps. */
static int exceeds(const struct walk *walk, double limit, int steps, double alpha,
    double *crossed, struct err *err)
{
    int r = walk_crossing(walk, 0, limit, steps, crossed, err);

    return r < 0 ? r : crossed[steps - 1] > alpha;
}

int walk_limit(
    const struct walk *walk, int steps, double alpha, double *ret, struct err *err)
{
    double low = 0, high = walk->up;
    double *crossed = base_malloc((size_t)steps * sizeof(*crossed));
    int more = crossed ? 1 : err_nomem(err);

    while (more > 0) {
        more = exceeds(walk, high, steps, alpha, crossed, err);
        if (more > 0) {
            low = high;
            high *= 2;
        }
    }
    while (more >= 0 && high - low > LIMIT_PRECISION) {
        double middle = low + (high - low) / 2;

        more = exceeds(walk, middle, steps, alpha, crossed, err);
        if (more > 0)
            low = middle;
        else
            high = middle;
    }
    base_free(crossed);
    if (more < 0)
        return more;
    *ret = high;
    return 0;
}
