// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_RARE_CALLS_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_RARE_CALLS_HPP

// The calls that drop messages, that only look at them, or that take the newest
// one.

#include "world.hpp"
#include <boost_ipq/detail/ring/latest.hpp>
#include <boost_ipq/detail/ring/overwriting.hpp>
#include <boost_ipq/detail/ring/peek.hpp>
#include <boost_ipq/detail/ring/purge.hpp>
#include <cstddef>
#include <cstdint>

namespace weak {

class rare_calls
{
public:
    explicit rare_calls(world& all) noexcept : m_world(all) {}

    // What the current schedule makes of them.
    void prepare(bool wanted)
    {
        auto& random = machine::instance().random();
        m_wanted = wanted;
        m_overwrites = wanted && random.one_in(2);
        m_purges = wanted && random.one_in(2);
        // Their hints are right on a multi-copy atomic machine.
        m_looks = wanted && machine::instance().memory.multi_copy_atomic;
        m_dropped = m_dropping = 0;
    }

    bool wanted() const noexcept { return m_wanted; }

    // Was that number of messages dropped? A thread that died may have dropped
    // any.
    bool explain(std::size_t lost) const
    {
        return m_dropping != 0 || lost <= m_dropped;
    }

    bool overwrites() const
    {
        return m_overwrites && machine::instance().random().one_in(2);
    }

    status overwrite(
        detail::ring_writer& out, const std::uint64_t* body, std::size_t size)
    {
        std::size_t dropped = 0;
        ++m_dropping;
        const status end = detail::overwriter(out).run(body, size, dropped, {});
        m_dropped += dropped;
        --m_dropping;
        return end;
    }

    // Makes one of the calls of a subscriber, or none.
    void receive(detail::ring_reader& in)
    {
        switch (machine::instance().random().below(8))
        {
        case 0:
            if (m_purges)
                purge(in);
            break;
        case 1:
        case 2:
            if (m_looks)
                peek(in);
            break;
        case 3:
            if (m_looks)
                latest(in);
            break;
        default:
            break;
        }
    }

    // Claims a message and gives it back as one that was not delivered.
    void take_back(detail::ring_reader& in)
    {
        detail::claim held;
        if (in.try_claim(held) == status::done)
            detail::take_back(in.ring(), held);
    }

    void purge(detail::ring_reader& in)
    {
        std::size_t count = 0;
        ++m_dropping;
        const status end = detail::purger(in).run(count, {});
        world::expect(end == status::done, "purging failed");
        m_dropped += count;
        --m_dropping;
    }

    // What is copied was sent, and is whole.
    void peek(detail::ring_reader& in)
    {
        detail::peeker messages(in.ring());
        ledger::sequence before{};
        for (std::size_t i = 0; i < 4; ++i)
        {
            std::uint64_t body[ledger::max_words_each];
            std::size_t size = 0;
            const status end = messages.next(body, sizeof body, size);
            world::expect(
                end == status::done || end == status::would_block,
                "a look failed");
            if (end != status::done)
                return;
            m_world.book.seen(body, size, before);
        }
    }

    void latest(detail::ring_reader& in)
    {
        ++m_dropping; // forever: it does not say how many
        std::uint64_t body[ledger::max_words_each];
        copy_target target{body, sizeof body};
        const status end = detail::latest_reader(in).try_take(target, {});
        world::expect(
            end == status::done || end == status::would_block,
            "taking the newest failed");
        if (end == status::done)
            m_world.book.taken(m_world.book.received(body, target.size, true));
    }

private:
    world& m_world;
    bool m_wanted = false, m_overwrites = false, m_purges = false;
    bool m_looks = false;
    std::size_t m_dropped = 0;
    std::size_t m_dropping = 0; // threads, dead ones too
};

} // namespace weak

#endif
