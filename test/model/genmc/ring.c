// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Publishing and taking: two publishers share a lock, a subscriber takes what
// it finds, with a second lock. A publisher's header is stored over the zero
// sentinel; the sentinel after it, and the body, before that. The ring has two
// slots that are used again, so a publisher needs the room that a subscriber has
// freed. With DIES, the first publisher dies with the lock held, before (1) or
// after (2) it has stored the header; the second one recovers the lock.
//
// A GenMC model: every execution that the memory model allows is explored. See
// ../genmc.sh for the wrong variants.

#include "orders.h"

#define SLOTS 2 /* one message, and the sentinel after it */
#ifndef EACH
#define EACH 2 /* attempts of the second publisher */
#endif
#ifndef TAKES
#define TAKES 2 /* attempts of a subscriber */
#endif

atomic_int publishers; // the lock: 0, or 1 + the publisher
atomic_int subscribers;
atomic_int header[SLOTS]; // 0: nothing; else 1 + the message
atomic_int head, taken_end, freed;
int body[SLOTS]; // plain: GenMC finds races
atomic_int dead; // the kernel: the first publisher is dead
int found_by[2][TAKES], got_by[2][TAKES]; // headers and bodies taken

static void lock(atomic_int* word, int me)
{
    int none = 0;
    __VERIFIER_assume(atomic_compare_exchange_strong_explicit(
        word, &none, me, LOCK_ORDER, memory_order_relaxed));
}

static void unlock(atomic_int* word)
{
    atomic_store_explicit(word, 0, UNLOCK_ORDER);
}

// Recovers the lock from the dead owner, and moves `head` past what it has
// published.
static void lock_or_recover(int me)
{
    int owner = 0;
    if (atomic_compare_exchange_strong_explicit(
            &publishers, &owner, me, LOCK_ORDER, memory_order_relaxed))
        return;
    __VERIFIER_assume(owner == 1);
    // The kernel's answer orders what the dead process did.
    __VERIFIER_assume(atomic_load_explicit(&dead, KERNEL_ORDER));
    __VERIFIER_assume(atomic_compare_exchange_strong_explicit(
        &publishers, &owner, me, memory_order_relaxed, memory_order_relaxed));
    int at = atomic_load_explicit(&head, memory_order_relaxed);
#ifndef WRONG_ROLL_FORWARD
    if (atomic_load_explicit(&header[at % SLOTS], memory_order_relaxed) != 0)
        atomic_store_explicit(&head, at + 1, memory_order_relaxed);
#endif
}

// Returns 0 if there is no room.
static int publish(int me, int message, int dies)
{
    lock_or_recover(me);
    int at = atomic_load_explicit(&head, memory_order_relaxed);
    // A sentinel needs a slot, too, which is not the oldest one in use.
    if (at + 1 - atomic_load_explicit(&freed, FREE_LOAD_ORDER) >= SLOTS)
    {
        unlock(&publishers);
        return 0;
    }
#ifdef WRONG_SENTINEL
    atomic_store_explicit(&header[at % SLOTS], message + 1, HEADER_ORDER);
#endif
    atomic_store_explicit(&header[(at + 1) % SLOTS], 0, memory_order_relaxed);
    body[at % SLOTS] = message + 1;
    if (dies == 1)
        return 1;
#ifndef WRONG_SENTINEL
    atomic_store_explicit(&header[at % SLOTS], message + 1, HEADER_ORDER);
#endif
    if (dies == 2)
        return 1;
    atomic_store_explicit(&head, at + 1, memory_order_release);
    unlock(&publishers);
    return 1;
}

// The results are compared later: a comparison here would be a dependency that
// orders the load of the body.
static void take(int me, int* result, int* got)
{
    lock(&subscribers, me);
    int at = atomic_load_explicit(&taken_end, memory_order_relaxed);
    int found = atomic_load_explicit(&header[at % SLOTS], LOAD_ORDER);
    if (found != 0)
    {
        *got = body[at % SLOTS];
        atomic_store_explicit(&taken_end, at + 1, memory_order_release);
        atomic_store_explicit(&freed, at + 1, FREE_ORDER);
    }
    unlock(&subscribers);
    *result = found;
}

static void* first_publisher(void* unused)
{
    (void)unused;
#ifdef DIES
    publish(1, 0, DIES);
    atomic_store_explicit(&dead, 1, memory_order_release);
#else
    publish(1, 0, 0);
#endif
    return 0;
}

static void* second_publisher(void* unused)
{
    (void)unused;
    for (int i = 0; i < EACH; ++i)
        publish(2, 1 + i, 0);
    return 0;
}

static void* subscriber(void* number)
{
    const int k = (int)(intptr_t)number;
    for (int i = 0; i < TAKES; ++i)
        take(3 + k, &found_by[k][i], &got_by[k][i]);
    return 0;
}

// Each message once, and whole.
static void check(int* seen)
{
    for (int k = 0; k < 2; ++k)
        for (int i = 0; i < TAKES; ++i)
            if (found_by[k][i] != 0)
            {
                assert(got_by[k][i] == found_by[k][i]);
                assert(!seen[found_by[k][i]]);
                seen[found_by[k][i]] = 1;
            }
}

int main(void)
{
    pthread_t threads[4];
    pthread_create(&threads[0], 0, first_publisher, 0);
    pthread_create(&threads[1], 0, second_publisher, 0);
    pthread_create(&threads[2], 0, subscriber, (void*)0);
#ifdef TWO_SUBSCRIBERS
    pthread_create(&threads[3], 0, subscriber, (void*)1);
    pthread_join(threads[3], 0);
#endif
    for (int i = 0; i < 3; ++i)
        pthread_join(threads[i], 0);
#ifdef DIES
    // A survivor recovers the lock, if no other has done so.
    lock_or_recover(5);
    unlock(&publishers);
#endif
    int seen[2 + EACH] = {0};
    check(seen);
    // What was published, and not taken, is there.
    int at = atomic_load_explicit(&taken_end, memory_order_relaxed);
    int end = atomic_load_explicit(&head, memory_order_relaxed);
    for (; at != end; ++at)
    {
        int found =
            atomic_load_explicit(&header[at % SLOTS], memory_order_relaxed);
        assert(found != 0 && !seen[found]);
        seen[found] = 1;
    }
    assert(
        atomic_load_explicit(&header[end % SLOTS], memory_order_relaxed) == 0);
    return 0;
}
