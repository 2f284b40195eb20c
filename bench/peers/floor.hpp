// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_FLOOR_HPP
#define BOOST_IPQ_BENCH_PEERS_FLOOR_HPP

// The least that the machine needs to pass data to another process. These
// channels pass only the first 8 bytes of a message, one message at a time, for
// round trips.

#include "../support/shared_block.hpp"
#include "channel.hpp"
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace bench {

struct shared_word
{
    alignas(128) std::atomic<std::uint64_t> value{0};
    alignas(128) std::atomic<std::uint32_t> count{0};
};

// Transfers one cache line from one core to another.
struct cache_line : channel_traits
{
    static constexpr const char* name = "floor_cache_line";
    static constexpr bool waits = false;

    cache_line(std::size_t, std::size_t) {}

    struct sender
    {
        explicit sender(const cache_line& c) : word(*c.word) {}

        bool try_send(const void* data, std::size_t)
        {
            std::uint64_t value;
            std::memcpy(&value, data, sizeof value);
            word.value.store(value, std::memory_order_release);
            return true;
        }

        shared_word& word;
    };

    struct receiver
    {
        explicit receiver(const cache_line& c) : word(*c.word) {}

        template <class F>
        bool try_receive(F&& f)
        {
            const std::uint64_t value =
                word.value.load(std::memory_order_acquire);
            if (value == last)
                return false;
            last = value;
            f(&value, sizeof value);
            return true;
        }

        shared_word& word;
        std::uint64_t last = 0;
    };

    shared_block<shared_word> word;
};

// One wake-up by the kernel.
struct futex : channel_traits
{
    static constexpr const char* name = "floor_futex";

    futex(std::size_t, std::size_t) {}

    static void call(shared_word& word, int what, std::uint32_t value) noexcept
    {
        ::syscall(SYS_futex, &word.count, what, value, nullptr, nullptr, 0);
    }

    struct sender
    {
        explicit sender(const futex& c) : word(*c.word) {}

        void send(const void* data, std::size_t)
        {
            std::uint64_t value;
            std::memcpy(&value, data, sizeof value);
            word.value.store(value, std::memory_order_relaxed);
            word.count.fetch_add(1, std::memory_order_release);
            call(word, FUTEX_WAKE, 1);
        }

        shared_word& word;
    };

    struct receiver
    {
        explicit receiver(const futex& c) : word(*c.word) {}

        template <class F>
        void receive(F&& f)
        {
            while (word.count.load(std::memory_order_acquire) == last)
                call(word, FUTEX_WAIT, last);
            ++last;
            const std::uint64_t value =
                word.value.load(std::memory_order_relaxed);
            f(&value, sizeof value);
        }

        shared_word& word;
        std::uint32_t last = 0;
    };

    shared_block<shared_word> word;
};

} // namespace bench

#endif
