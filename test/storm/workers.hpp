// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_STORM_WORKERS_HPP
#define BOOST_IPQ_TEST_STORM_WORKERS_HPP

// What the processes of a storm do.

#include "../support/body.hpp"
#include "ledger.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace storm {

using test::bytes;

// The beginning of a message; the rest depends on its number and size.
struct message_head
{
    std::uint64_t number;
    std::uint32_t life;     // of its publisher
    std::uint32_t sequence; // in that life
};

inline bytes make_message(const message_head& head, std::size_t size)
{
    bytes result = test::make_body(head.number, size);
    std::memcpy(result.data(), &head, sizeof head);
    return result;
}

// Sends at full speed, by every call.
class publisher_worker
{
public:
    publisher_worker(
        ledger& book, const std::string& queue, std::uint32_t life,
        std::uint32_t seed)
        : m_book(book),
          m_out(boost_ipq::open_only, queue),
          m_life(life),
          m_random(seed)
    {
    }

    void run()
    {
        while (!m_book.stop_sending)
            switch (m_random() % 8)
            {
            case 0:
                send_batch();
                break;
            case 1:
                send_in_place();
                break;
            case 2:
                send([this](const bytes& message) {
                    return m_out.try_enqueue(message);
                });
                break;
            default:
                send([this](const bytes& message) {
                    while (!m_out.timed_enqueue(
                        message, std::chrono::milliseconds(20)))
                        if (m_book.stop_sending)
                            return false;
                    return true;
                });
            }
    }

private:
    struct numbered
    {
        std::uint64_t number;
        bytes message;
    };

    std::size_t choose_size()
    {
        const auto dice = m_random() % 100;
        return sizeof(message_head) +
               (dice < 2 ? 4000 + m_random() % 3000 : m_random() % 200);
    }

    // The ledger is full.
    bool begin(numbered& result)
    {
        result.number = m_book.numbered++;
        if (result.number >= ledger::capacity)
        {
            m_book.numbered = std::uint64_t(ledger::capacity);
            m_book.stop_sending = true;
            return false;
        }
        result.message =
            make_message({result.number, m_life, m_sequence++}, choose_size());
        m_book.entries[result.number].sent = sending::begun;
        return true;
    }

    void end(const numbered& what, bool sent)
    {
        m_book.entries[what.number].sent =
            sent ? sending::done : sending::refused;
    }

    template <class Send>
    void send(Send function)
    {
        numbered next;
        if (begin(next))
            end(next, function(next.message));
    }

    void send_in_place()
    {
        send([this](const bytes& message) {
            boost_ipq::reservation room = m_out.try_reserve(message.size());
            if (!room)
                return false;
            std::memcpy(room.data(), message.data(), message.size());
            room.commit();
            return true;
        });
    }

    void send_batch()
    {
        std::vector<numbered> batch(3);
        std::vector<bytes> messages;
        for (auto& next : batch)
        {
            if (!begin(next))
                return;
            messages.push_back(next.message);
        }
        const std::size_t sent =
            m_out.try_enqueue_all(messages.begin(), messages.end());
        for (std::size_t i = 0; i < batch.size(); ++i)
            end(batch[i], i < sent);
    }

    ledger& m_book;
    boost_ipq::publisher m_out;
    std::uint32_t m_life, m_sequence = 0;
    std::mt19937 m_random;
};

// Receives by every call, and checks the messages.
class subscriber_worker
{
public:
    subscriber_worker(
        ledger& book, const std::string& queue, std::uint32_t seed)
        : m_book(book),
          m_in(boost_ipq::open_only, queue),
          m_buffer(m_in.max_message_size()),
          m_random(seed)
    {
    }

    // Runs until the queue is empty and stays empty.
    void run()
    {
        for (;;)
        {
            // Read before: a subscriber that finds the queue empty after this
            // flag was set may end.
            const bool stopping = m_book.stop_receiving;
            const bool any = m_random() % 4 == 0   ? receive_in_place()
                             : m_random() % 4 == 0 ? receive_into_buffer()
                                                   : receive();
            if (!any && stopping)
                return;
        }
    }

private:
    static constexpr std::chrono::milliseconds time_limit{200};

    bool receive()
    {
        if (!m_in.timed_dequeue(m_message, time_limit))
            return false;
        if (check(m_message.data(), m_message.size()))
            m_book.receive(m_head.number);
        return true;
    }

    bool receive_into_buffer()
    {
        std::size_t size;
        if (!m_in.timed_dequeue(
                m_buffer.data(), m_buffer.size(), size, time_limit))
            return false;
        if (check(m_buffer.data(), size))
            m_book.receive(m_head.number);
        return true;
    }

    bool receive_in_place()
    {
        boost_ipq::delivery message = m_in.timed_receive(time_limit);
        if (!message)
            return false;
        if (check(message.data(), message.size()))
        {
            m_book.receive_in_place(m_head.number, message.redelivered());
            message.acknowledge();
            m_book.acknowledge(m_head.number);
        }
        else
            message.acknowledge();
        return true;
    }

    // Checks that this is an intact message that a publisher sends.
    bool check(const void* data, std::size_t size)
    {
        if (size < sizeof m_head)
        {
            m_book.fail("a size that no publisher sends");
            return false;
        }
        std::memcpy(&m_head, data, sizeof m_head);
        const bytes whole = make_message(m_head, size);
        if (m_head.number >= m_book.numbered ||
            std::memcmp(whole.data(), data, size) != 0)
        {
            m_book.fail("is damaged", m_head.number);
            return false;
        }
        // A message that a dead subscriber held is delivered late.
        const auto found = m_last.find(m_head.life);
        if (found == m_last.end())
            m_last[m_head.life] = m_head.sequence;
        else if (found->second < m_head.sequence)
            found->second = m_head.sequence;
        else
            ++m_book.overtaken;
        return true;
    }

    ledger& m_book;
    boost_ipq::subscriber m_in;
    bytes m_message, m_buffer;
    message_head m_head{};
    std::map<std::uint32_t, std::uint32_t> m_last;
    std::mt19937 m_random;
};

} // namespace storm

#endif
