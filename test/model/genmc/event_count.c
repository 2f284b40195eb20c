// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The handshake of a sleeper and a waker, as event_count does it. The heavy
// side of the asymmetric fence is a fence in every thread (membarrier); here
// each side has a full fence, as where the system has no membarrier. The waker
// publishes, then looks at the count of sleepers; the sleeper counts itself,
// then looks for a message, then sleeps until a post.
//
// THREADS wakers and as many sleepers, which take one message each. A sleeper that
// waits forever is an error (GenMC's liveness check).

#include "orders.h"

#ifndef THREADS
#define THREADS 1
#endif

atomic_int message[THREADS]; // published by each waker
atomic_int taken[THREADS];
atomic_int count; // of sleepers
atomic_int posts; // of the semaphore

static void full_fence(void)
{
    atomic_thread_fence(memory_order_seq_cst);
}

// The loop around the compare-and-swap, for as many rounds as there can be.
static int take_one(atomic_int* word, memory_order order)
{
    int value = atomic_load_explicit(word, memory_order_relaxed);
    if (value == 0)
        return 0;
    if (atomic_compare_exchange_strong_explicit(
            word, &value, value - 1, order, memory_order_relaxed))
        return 1;
    if (value == 0)
        return 0;
    if (atomic_compare_exchange_strong_explicit(
            word, &value, value - 1, order, memory_order_relaxed))
        return 1;
    if (value == 0)
        return 0;
    int done = atomic_compare_exchange_strong_explicit(
        word, &value, value - 1, order, memory_order_relaxed);
    __VERIFIER_assume(done);
    return 1;
}

static int take_one_off(void)
{
    return take_one(&count, memory_order_relaxed);
}

// Wakes a sleeper, if there is one.
static void notify(void)
{
#ifndef WRONG_LIGHT_FENCE
    full_fence();
#endif
    if (take_one_off())
        atomic_fetch_add_explicit(&posts, 1, memory_order_release);
}

static void* waker(void* number)
{
    const int i = (int)(intptr_t)number;
#ifdef WRONG_WAKE
    notify();
    atomic_store_explicit(&message[i], 1, memory_order_release);
#else
    atomic_store_explicit(&message[i], 1, memory_order_release);
    notify();
#endif
    return 0;
}

static int look(void)
{
    for (int i = 0; i < THREADS; ++i)
    {
        int none = 0;
        if (atomic_load_explicit(&message[i], memory_order_acquire) &&
            atomic_compare_exchange_strong_explicit(
                &taken[i], &none, 1, memory_order_acq_rel,
                memory_order_relaxed))
            return 1;
    }
    return 0;
}

// Leaves the count. A waker may have taken this thread off it: then its post may
// come, or another sleeper takes it.
static void cancel(void)
{
    for (int i = 0; i < 2; ++i)
        if (take_one_off() || take_one(&posts, memory_order_acquire))
            return;
}

// This thread may have taken a wake-up that another sleeper could use.
static void pass_on(void)
{
    for (int i = 0; i < THREADS; ++i)
        if (atomic_load_explicit(&message[i], memory_order_acquire) &&
            !atomic_load_explicit(&taken[i], memory_order_acquire))
        {
            notify();
            return;
        }
}

static void* sleeper(void* unused)
{
    (void)unused;
    for (int slept = 0;; slept = 1)
    {
        if (look())
        {
            if (slept)
                pass_on();
            return 0;
        }
        atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
#ifndef WRONG_HEAVY_FENCE
        full_fence();
#endif
#ifndef WRONG_SLEEP
        if (look())
        {
            cancel();
            pass_on();
            return 0;
        }
#endif
        while (atomic_load_explicit(&posts, memory_order_acquire) == 0)
        {
        }
        take_one(&posts, memory_order_acquire);
    }
}

int main(void)
{
    pthread_t wakers[THREADS], sleepers[THREADS];
    for (int i = 0; i < THREADS; ++i)
    {
        pthread_create(&wakers[i], 0, waker, (void*)(intptr_t)i);
        pthread_create(&sleepers[i], 0, sleeper, 0);
    }
    for (int i = 0; i < THREADS; ++i)
    {
        pthread_join(wakers[i], 0);
        pthread_join(sleepers[i], 0);
    }
    return 0;
}
