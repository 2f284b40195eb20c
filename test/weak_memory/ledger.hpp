// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WEAK_MEMORY_LEDGER_HPP
#define BOOST_IPQ_TEST_WEAK_MEMORY_LEDGER_HPP

// What was sent and received, outside of the simulated memory.

#include "machine.hpp"
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace weak {

class ledger
{
public:
    static constexpr std::size_t max_messages = 64;
    static constexpr std::size_t max_words_each = 32;

    struct message
    {
        std::size_t publisher, size; // bytes
        unsigned seen;               // deliveries, also repeated ones
        bool sent, refused, taken;   // taken: never to be delivered again
        std::size_t holder;          // reads it in place
    };

    void reset() noexcept
    {
        m_count = m_sent = m_received = 0;
        std::memset(m_last, 0, sizeof m_last);
    }

    // Begins a message of the current thread, writes its body, and returns its
    // number. Bodies look like headers.
    std::size_t begin(std::size_t size, std::uint64_t* body)
    {
        const std::size_t number = m_count++;
        m_all[number] = {machine::instance().current(),
                         size,
                         0,
                         false,
                         false,
                         false,
                         max_threads};
        for (std::size_t i = 0; i * 8 < size; ++i)
            body[i] = word(number, i);
        return number;
    }

    bool full() const noexcept { return m_count + 8 > max_messages; }

    void sent(std::size_t number)
    {
        m_all[number].sent = true;
        ++m_sent;
    }

    void refused(std::size_t number) { m_all[number].refused = true; }

    // The process that took it died before it acknowledged it.
    void not_taken(std::size_t number) { m_all[number].taken = false; }

    // Checks a received body. Returns the message's number.
    std::size_t
    received(const std::uint64_t* body, std::size_t size, bool again)
    {
        auto& all = machine::instance();
        const std::size_t number = content(body, size);
        message& m = m_all[number];
        if (m.taken)
            all.stop("received twice");
        if (m.holder != max_threads && !all.is_dead(m.holder))
            all.stop("taken from the thread that holds it");
        std::size_t& last = m_last[all.current()][m.publisher];
        if (number + 1 <= last && !again && m.seen == 0)
            all.stop("a message overtook another");
        if (number + 1 > last)
            last = number + 1;
        ++m.seen;
        ++m_received;
        return number;
    }

    // Checks only that it was sent and is whole.
    std::size_t content(const std::uint64_t* body, std::size_t size) const
    {
        auto& all = machine::instance();
        const std::size_t number = static_cast<std::size_t>(body[0] >> 32) - 1;
        if (size == 0 || number >= m_count)
            all.stop("received what was never sent");
        if (size > m_all[number].size)
            all.stop("a wrong size");
        for (std::size_t i = 0; i * 8 < size; ++i)
            if (body[i] != word(number, i))
                all.stop("a damaged body");
        if (m_all[number].refused)
            all.stop("received a message that was not sent");
        return number;
    }

    std::size_t publisher(std::size_t number) const
    {
        return m_all[number].publisher;
    }

    bool was_sent(std::size_t number) const { return m_all[number].sent; }

    // The newest message of each publisher in one walk over the messages.
    using sequence = std::array<std::size_t, max_threads>;

    // Checks a body that is only looked at, and its place in the walk.
    void
    seen(const std::uint64_t* body, std::size_t size, sequence& before) const
    {
        const std::size_t number = content(body, size);
        std::size_t& last = before[m_all[number].publisher];
        if (number + 1 <= last)
            machine::instance().stop(
                "sees an older message behind a newer one");
        last = number + 1;
    }

    void taken(std::size_t number) { m_all[number].taken = true; }

    void held(std::size_t number)
    {
        m_all[number].holder = machine::instance().current();
    }

    void given_up(std::size_t number) { m_all[number].holder = max_threads; }

    std::size_t count() const noexcept { return m_count; }

    // How many of the first `among` messages were sent and not received.
    std::size_t unseen(std::size_t among) const
    {
        std::size_t result = 0;
        for (std::size_t i = 0; i < among; ++i)
            result += m_all[i].sent && m_all[i].seen == 0;
        return result;
    }

    // Messages that were sent, and not taken for good.
    std::size_t left() const
    {
        std::size_t result = 0;
        for (std::size_t i = 0; i < max_threads; ++i)
            result += left(i);
        return result;
    }

    std::size_t left(std::size_t publisher) const
    {
        std::size_t result = 0;
        for (std::size_t i = 0; i < m_count; ++i)
            result += m_all[i].publisher == publisher && m_all[i].sent &&
                      !m_all[i].taken;
        return result;
    }

    std::size_t total_sent() const noexcept { return m_sent; }
    std::size_t total_received() const noexcept { return m_received; }

private:
    static std::uint64_t word(std::size_t number, std::size_t i) noexcept
    {
        const std::uint64_t mixed =
            (number * 64 + i + 1) * 0x9e3779b97f4a7c15u >> 40;
        // Half of them look like headers of no record.
        return (number + 1) << 32 | mixed << 8 | (mixed % 2) * (mixed / 2 % 16);
    }

    message m_all[max_messages];
    std::size_t m_count = 0, m_sent = 0, m_received = 0;
    // The newest message of each publisher that each subscriber has received.
    std::size_t m_last[max_threads][max_threads];
};

} // namespace weak

#endif
