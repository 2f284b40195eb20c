// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_NEVER_EMPTY_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_NEVER_EMPTY_HPP

// A small ring that always has a message: one thread sends, one takes unless
// only one message is left, and one looks without the lock. It must not call
// the queue empty.

#include "rare_calls.hpp"
#include "world.hpp"
#include <cstddef>
#include <cstdint>

namespace weak {

class never_empty
{
public:
    explicit never_empty(world& all) noexcept : m_world(all) {}

    // `copies`: the third thread copies messages without a lock, and takes the
    // newest one.
    void run(std::uint64_t seed, bool copies = false)
    {
        auto& all = machine::instance();
        all.reset(seed);
        m_world.begin(40 + 16 * all.random().below(2), 8, true);
        all.memory.stale_percent = 20 + all.random().below(75);
        all.memory.multi_copy_atomic = true;
        m_sent = m_taken = 0;
        m_copies = copies;
        all.add([this] { send(); });
        all.add([this] { take(); });
        all.add([this] {
            if (m_copies)
                copy();
            else
                look();
        });
        all.run();
    }

private:
    static constexpr std::size_t messages = 12;

    void send()
    {
        detail::ring_writer out(m_world.seen_by(0));
        std::uint64_t body[ledger::max_words_each];
        for (std::size_t i = 0; m_sent != messages && i < 200; ++i)
        {
            if (m_world.book.full() && m_copies)
                return; // the messages in the ring have their numbers
            if (m_world.book.full())
                m_world.book.reset();
            const std::size_t size =
                m_copies ? 8 + 8 * machine::instance().random().below(2) : 8;
            const std::size_t number = m_world.book.begin(size, body);
            if (out.try_publish(body, size) == status::done)
            {
                m_world.book.sent(number);
                ++m_sent;
            }
            else
            {
                m_world.book.refused(number);
                machine::instance().yield();
            }
        }
    }

    void take()
    {
        detail::ring_reader in(m_world.seen_by(1));
        std::uint64_t body[ledger::max_words_each];
        for (std::size_t i = 0; m_taken + 1 < messages && i < 200; ++i)
        {
            copy_target target{body, sizeof body};
            if (m_sent - m_taken >= 2 && in.try_take(target) == status::done)
                ++m_taken;
            else
                machine::instance().yield();
        }
    }

    void look()
    {
        auto& all = machine::instance();
        const detail::ring_reader in(m_world.seen_by(2));
        for (std::size_t i = 0; m_sent == 0 && i < 200; ++i)
            all.yield();
        // The sender tells, in another way, that it has sent a message.
        all.memory.follow(0);
        for (std::size_t i = 0; i < 30 && m_sent != 0; ++i)
            world::expect(
                in.something(), "a queue that was never empty looks empty");
    }

    void copy()
    {
        detail::ring_reader in(m_world.seen_by(2));
        rare_calls calls(m_world);
        for (std::size_t i = 0; i < 12; ++i)
            if (machine::instance().random().one_in(4))
                calls.latest(in);
            else
                calls.peek(in);
    }

    world& m_world;
    bool m_copies = false;
    std::size_t m_sent = 0, m_taken = 0;
};

} // namespace weak

#endif
