/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory driver's trees: sharing and changing. A change goes down once. On its way it
 * makes each node its own, splits a full one (put) or fills up a poor one from its
 * neighbour (del) before it enters, so that it never has to come back up; each of these
 * steps gets all its memory before it touches anything, and leaves the tree whole.
 *
 * A node that is poor all the same (after a split at the end, where keys that ascend
 * leave full nodes behind) is put right when a del comes past.
 */
#include "base/arena.h"

#include "store/driver_memory_tree_internal.h"

#define TREE_POOR (TREE_WIDTH / 4) /* a del fills up nodes with this many or fewer */
#define PLACE sizeof(void *)       /* of keys and children alike */
#define TREE_JOINED                                                                    \
    (TREE_WIDTH - TREE_POOR) /* two with this many or fewer become one */

/* ---- entries ---- */

struct tree_entry *tree_entry_new(struct str key, size_t value_len)
{
    struct tree_entry *e = base_malloc(sizeof(*e) + key.len + value_len);

    if (!e)
        return NULL;
    atomic_init(&e->refs, 1);
    e->key_len = (uint32_t)key.len;
    e->value_len = value_len;
    if (key.len)
        memcpy(e->bytes, key.p, key.len);
    return e;
}

static struct tree_entry *entry_ref(struct tree_entry *e)
{
    if (e)
        atomic_fetch_add_explicit(&e->refs, 1, memory_order_relaxed);
    return e;
}

void tree_entry_free(struct tree_entry *e)
{
    /* what others read of it comes before it goes */
    if (e && atomic_fetch_sub_explicit(&e->refs, 1, memory_order_acq_rel) == 1)
        base_free(e);
}

static int64_t entry_bytes(const struct tree_entry *e)
{
    return (int64_t)(e->key_len + e->value_len);
}

/* ---- nodes ---- */

static struct tree_node *node_new(unsigned height)
{
    size_t children = height ? TREE_WIDTH * sizeof(struct tree_node *) : 0;
    struct tree_node *n = base_malloc(sizeof(*n) + children);

    if (!n)
        return NULL;
    atomic_init(&n->refs, 1);
    n->count = 0;
    n->height = (unsigned short)height;
    return n;
}

static struct tree_node *node_ref(struct tree_node *n)
{
    atomic_fetch_add_explicit(&n->refs, 1, memory_order_relaxed);
    return n;
}

static void node_unref(struct tree_node *n)
{
    if (!n || atomic_fetch_sub_explicit(&n->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (unsigned i = 0; i < n->count; i++) {
        tree_entry_free(n->keys[i]);
        if (n->height)
            node_unref(n->children[i]);
    }
    base_free(n);
}

/* Make ${*slot} a node that nobody else holds. Nobody else can take hold of it then: one
 * would need a way to it, and all nodes above are our own already. */
static int node_own(struct tree_node **slot)
{
    struct tree_node *old = *slot;
    struct tree_node *n = NULL;

    /* acquire: others' last looks at it come before our changes */
    if (atomic_load_explicit(&old->refs, memory_order_acquire) == 1)
        return 0;
    n = node_new(old->height);
    if (!n)
        return E_NOMEM;
    n->count = old->count;
    for (unsigned i = 0; i < n->count; i++) {
        n->keys[i] = entry_ref(old->keys[i]);
        if (n->height)
            n->children[i] = node_ref(old->children[i]);
    }
    node_unref(old);
    *slot = n;
    return 0;
}

/* Make room for one at ${at}. */
static void node_open(struct tree_node *n, unsigned at)
{
    size_t behind = n->count - at;

    memmove(&n->keys[at + 1], &n->keys[at], behind * PLACE);
    if (n->height)
        memmove(&n->children[at + 1], &n->children[at], behind * PLACE);
    n->count++;
}

/* Close the gap at ${at}. */
static void node_shut(struct tree_node *n, unsigned at)
{
    size_t behind = n->count - at - 1u;

    memmove(&n->keys[at], &n->keys[at + 1], behind * PLACE);
    if (n->height)
        memmove(&n->children[at], &n->children[at + 1], behind * PLACE);
    n->count--;
}

/* Move ${count} from ${from_at} of ${from} to the place ${to_at} of ${to}, which has
 * room. The counts are the caller's to set. */
static void node_move(struct tree_node *to, unsigned to_at, struct tree_node *from,
    unsigned from_at, size_t count)
{
    memmove(&to->keys[to_at], &from->keys[from_at], count * PLACE);
    if (to->height)
        memmove(&to->children[to_at], &from->children[from_at], count * PLACE);
}

/* What is to stand between a left node and the right one that begins with ${first}: of a
 * leaf a copy of the key (so that no value stays alive in it), of a branch itself. */
static struct tree_entry *separator_of(
    const struct tree_node *n, struct tree_entry *first)
{
    return n->height ? first : tree_entry_new(tree_key(first), 0);
}

/* ---- put ---- */

/* How much stays in the left half when ${n} is split for ${key}: nearly all if the keys
 * ascend, since no more will come there. */
static unsigned split_place(const struct tree_node *n, struct str key)
{
    if (str_cmp(key, tree_key(n->keys[n->count - 1])) > 0)
        return n->count - 1u;
    return n->count / 2u;
}

/* Split the full ${i}-th child of ${n}; both are our own, and ${n} has room. */
static int node_split(struct tree_node *n, unsigned i, struct str key)
{
    struct tree_node *left = n->children[i];
    unsigned at = split_place(left, key);
    struct tree_node *right = node_new(left->height);
    struct tree_entry *separator = right ? separator_of(left, left->keys[at]) : NULL;

    if (!separator) {
        node_unref(right);
        return E_NOMEM;
    }
    right->count = (unsigned short)(left->count - at);
    node_move(right, 0, left, at, right->count);
    if (right->height)
        right->keys[0] = NULL;
    left->count = (unsigned short)at;
    node_open(n, i + 1);
    n->keys[i + 1] = separator;
    n->children[i + 1] = right;
    return 0;
}

/* A new root above the full one, which is split. */
static int root_split(struct tree *t, struct str key)
{
    struct tree_node *root = NULL;
    int r = 0;

    if (t->root->height + 1u == TREE_LEVELS)
        return E_NOMEM; /* more than any memory holds */
    root = node_new(t->root->height + 1u);
    if (!root)
        return E_NOMEM;
    root->count = 1;
    root->keys[0] = NULL;
    root->children[0] = t->root;
    r = node_split(root, 0, key);
    if (r < 0) {
        root->count = 0;
        node_unref(root);
        return r;
    }
    t->root = root;
    return 0;
}

/* A root with room, our own. */
static int put_root(struct tree *t, struct str key)
{
    int r = 0;

    if (!t->root) {
        t->root = node_new(0);
        return t->root ? 0 : E_NOMEM;
    }
    r = node_own(&t->root);
    if (r == 0 && t->root->count == TREE_WIDTH)
        r = root_split(t, key);
    return r;
}

/* The leaf for ${key}, our own and with room, as all above it. */
static int put_leaf(struct tree *t, struct str key, struct tree_node **ret)
{
    struct tree_node *n = NULL;
    int r = put_root(t, key);

    if (r < 0)
        return r;
    for (n = t->root; n->height > 0;) {
        unsigned i = tree_branch_place(n, key);
        r = node_own(&n->children[i]);
        if (r == 0 && n->children[i]->count == TREE_WIDTH)
            r = node_split(n, i, key);
        if (r < 0)
            return r;
        n = n->children[tree_branch_place(n, key)];
    }
    *ret = n;
    return 0;
}

int tree_put(struct tree *t, struct tree_entry *e)
{
    struct tree_node *leaf = NULL;
    unsigned at = 0;
    int r = 0;

    if (!e)
        return E_NOMEM;
    r = put_leaf(t, tree_key(e), &leaf);
    if (r < 0) {
        tree_entry_free(e);
        return r;
    }
    at = tree_leaf_place(leaf, tree_key(e));
    if (at < leaf->count && str_eq(tree_key(leaf->keys[at]), tree_key(e))) {
        t->bytes -= entry_bytes(leaf->keys[at]);
        tree_entry_free(leaf->keys[at]);
    } else {
        node_open(leaf, at);
        t->rows++;
    }
    leaf->keys[at] = e;
    t->bytes += entry_bytes(e);
    return 0;
}

/* ---- del ---- */

/* Bring all of the ${i} + 1-th child of ${n} into the ${i}-th. */
static void node_join(struct tree_node *n, unsigned i)
{
    struct tree_node *left = n->children[i];
    struct tree_node *right = n->children[i + 1];

    if (left->height)
        right->keys[0] = n->keys[i + 1];
    else
        tree_entry_free(n->keys[i + 1]);
    node_move(left, left->count, right, 0, right->count);
    left->count = (unsigned short)(left->count + right->count);
    right->count = 0;
    node_unref(right);
    node_shut(n, i + 1);
}

/* Give the ${i}-th child of ${n} and the next one as much each. */
static int node_even(struct tree_node *n, unsigned i)
{
    struct tree_node *left = n->children[i];
    struct tree_node *right = n->children[i + 1];
    unsigned total = left->count + right->count;
    unsigned keep = total / 2;
    bool to_left = left->count < keep;
    unsigned moved = to_left ? keep - left->count : left->count - keep;
    /* what will stand first on the right */
    struct tree_entry *separator =
        separator_of(left, to_left ? right->keys[moved] : left->keys[keep]);

    if (!separator)
        return E_NOMEM;
    if (left->height)
        right->keys[0] = n->keys[i + 1];
    else
        tree_entry_free(n->keys[i + 1]);
    n->keys[i + 1] = separator;
    if (to_left) {
        node_move(left, left->count, right, 0, moved);
        node_move(right, 0, right, moved, right->count - moved);
    } else {
        node_move(right, moved, right, 0, right->count);
        node_move(right, 0, left, keep, moved);
    }
    if (left->height)
        right->keys[0] = NULL;
    left->count = (unsigned short)keep;
    right->count = (unsigned short)(total - keep);
    return 0;
}

/* Make the ${i}-th child of ${n} our own, and see that one can be taken from it. What it
 * held may be in its neighbour then, which is our own as well. */
static int node_enrich(struct tree_node *n, unsigned i)
{
    unsigned left = i > 0 ? i - 1 : 0; /* the first of the pair */
    int r = node_own(&n->children[i]);

    if (r < 0 || n->children[i]->count > TREE_POOR)
        return r;
    r = node_own(&n->children[left]);
    if (r == 0)
        r = node_own(&n->children[left + 1]);
    if (r < 0)
        return r;
    if (n->children[left]->count + n->children[left + 1]->count > TREE_JOINED)
        return node_even(n, left);
    node_join(n, left);
    return 0;
}

/* A root that only leads to one child gives way to it. So a branch that a del enters has
 * two or more: the root by this, the others by node_enrich. */
static void root_shrink(struct tree *t)
{
    while (t->root->height > 0 && t->root->count == 1) {
        struct tree_node *child = node_ref(t->root->children[0]);
        node_unref(t->root);
        t->root = child;
    }
    if (t->root->count == 0) {
        node_unref(t->root);
        t->root = NULL;
    }
}

int tree_del(struct tree *t, struct str key)
{
    struct tree_entry *e = NULL;
    struct tree_node *n = NULL;
    unsigned at = 0;
    int r = 0;

    if (!tree_get(t, key))
        return 0;
    r = node_own(&t->root);
    if (r < 0)
        return r;
    for (n = t->root; n->height > 0; n = n->children[tree_branch_place(n, key)]) {
        r = node_enrich(n, tree_branch_place(n, key));
        if (r < 0) {
            root_shrink(t); /* its children may have become one */
            return r;
        }
    }
    at = tree_leaf_place(n, key);
    e = n->keys[at];
    t->rows--;
    t->bytes -= entry_bytes(e);
    node_shut(n, at);
    tree_entry_free(e);
    root_shrink(t);
    return 1;
}

/* ---- whole trees ---- */

void tree_share(struct tree *to, const struct tree *from)
{
    *to = *from;
    if (to->root)
        node_ref(to->root);
}

void tree_clear(struct tree *t)
{
    node_unref(t->root);
    *t = (struct tree){0};
}
