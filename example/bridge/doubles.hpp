// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_DOUBLES_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_DOUBLES_HPP

// Which messages have come already, in bounded memory: the newest ones of each
// of the queues from which they come.

#include <boost_ipq/message_id.hpp>
#include <cstddef>
#include <cstdint>
#include <list>
#include <vector>

namespace bridge {

class doubles
{
public:
    // Remembers among `window` messages of each of `origins` queues.
    explicit doubles(std::size_t window, std::size_t origins = 64)
        : m_window(window),
          m_origins(origins)
    {
    }

    // A message that is too old to be remembered is not known.
    bool knows(boost_ipq::message_id id)
    {
        const origin* const found = find(id.epoch);
        return found && id.sequence < found->next &&
               id.sequence + m_window >= found->next &&
               found->seen[id.sequence % m_window];
    }

    // The message was taken.
    void note(boost_ipq::message_id id)
    {
        if (id.epoch == 0 || m_window == 0)
            return;
        origin* found = find(id.epoch);
        if (!found)
            found = &add(id);
        if (id.sequence >= found->next)
            move_to(*found, id.sequence + 1);
        if (id.sequence + m_window >= found->next)
            found->seen[id.sequence % m_window] = true;
    }

private:
    struct origin
    {
        std::uint64_t epoch;
        std::uint64_t next; // behind the newest one
        std::vector<bool> seen;
    };

    // The one that was used last is in front.
    origin* find(std::uint64_t epoch)
    {
        if (epoch == 0 || m_window == 0)
            return nullptr;
        for (auto one = m_all.begin(); one != m_all.end(); ++one)
            if (one->epoch == epoch)
            {
                m_all.splice(m_all.begin(), m_all, one);
                return &m_all.front();
            }
        return nullptr;
    }

    origin& add(boost_ipq::message_id id)
    {
        if (m_all.size() == m_origins)
            m_all.pop_back();
        m_all.push_front(
            {id.epoch, id.sequence, std::vector<bool>(m_window, false)});
        return m_all.front();
    }

    void move_to(origin& one, std::uint64_t next)
    {
        if (next - one.next >= m_window)
            one.seen.assign(m_window, false);
        else
            for (std::uint64_t i = one.next; i < next; ++i)
                one.seen[i % m_window] = false;
        one.next = next;
    }

    std::size_t m_window, m_origins;
    std::list<origin> m_all{};
};

} // namespace bridge

#endif
