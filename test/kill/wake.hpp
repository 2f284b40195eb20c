// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_WAKE_HPP
#define BOOST_IPQ_TEST_KILL_WAKE_HPP

// The victim wakes a sleeper in another process.

#include "queue_under_test.hpp"
#include "scenario.hpp"
#include "sleeper.hpp"
#include <boost_ipq/wait_set.hpp>
#include <sched.h>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

namespace kill_test {

struct waker_words
{
    std::atomic<bool> returned;
    std::byte body[64];
};

// The victim sends while a subscriber sleeps.
class wake_subscriber_scenario : public scenario
{
public:
    explicit wake_subscriber_scenario(const std::string& name)
        : m_queue(name, records * 72 - 8),
          m_sleeper([this](auto log) {
              bytes message;
              m_queue.in.dequeue(message);
              log(message.data(), message.size());
          })
    {
    }

    // The sleeper sleeps in a wait set.
    wake_subscriber_scenario(
        const std::string& name, boost_ipq::detail::set_mode mode)
        : m_queue(name, records * 72 - 8),
          m_sleeper([this, mode](auto log) {
              static boost_ipq::wait_set set(mode);
              static const bool added = (set.add(m_queue.in, 1), true);
              bytes message;
              if (added && set.wait() == 1 && m_queue.in.try_dequeue(message))
                  log(message.data(), message.size());
          })
    {
    }

    void prepare() override
    {
        m_words->returned = false;
        m_message = m_queue.next(64);
        m_body = m_message.body();
    }

    void warm_up() override
    {
        bytes none;
        m_queue.in.try_dequeue(none);
    }

    void arrange() override
    {
        const auto& line = m_queue.control().messages;
        while ((boost_ipq::detail::sleepers_in(line.count) == 0 &&
                static_cast<std::uint32_t>(line.sets) == 0) ||
               !m_sleeper.sleeps())
            ::sched_yield();
    }

    void operate() override
    {
        m_queue.out.enqueue(m_body.data(), m_body.size());
        m_words->returned = true;
    }

    void check(verdict& result, std::uint64_t) override
    {
        const test::moment begin = m_sleeper.now();
        const bool sent = m_words->returned || m_queue.something_committed();
        if (sent)
            hear(result, begin, m_body);
        const bytes after = m_queue.next(64).body();
        const test::moment later = m_sleeper.now();
        result.promise(
            m_queue.out.timed_enqueue(after, std::chrono::seconds(1)),
            "survivors can still send");
        if (!hear(result, sent ? later : begin, after, sent ? after : m_body))
            hear(result, begin, after);
        for (int i = 0; i < 5; ++i)
        {
            const bytes body = m_queue.next(64).body();
            m_queue.out.enqueue(body);
            hear(result, m_sleeper.now(), body);
        }
        result.promise(
            m_queue.read() == m_queue.head(),
            "the sleeper has received all messages");
    }

protected:
    boost_ipq::subscriber& in() { return m_queue.in; }

private:
    // All messages take 72 bytes, so there is never padding.
    static constexpr std::size_t records = 16;

    // Returns: whether it was the first of the two.
    bool hear(
        verdict& result, const test::moment& begin, const bytes& message,
        const bytes& or_else)
    {
        const sleeper::entry& heard = m_sleeper.hear(result);
        const bytes body(heard.body, heard.body + 64);
        result.promise(
            heard.size == 64 && (body == message || body == or_else),
            "the sleeper receives the next message");
        result.survived(test::between(begin, heard.when));
        return body == message;
    }

    void hear(verdict& result, const test::moment& begin, const bytes& message)
    {
        hear(result, begin, message, message);
    }

    queue_under_test m_queue;
    test::shared_object<waker_words> m_words;
    expected_message m_message;
    bytes m_body;
    sleeper m_sleeper;
};

// The victim stops its own handle while a subscriber of a different process
// sleeps, which the wake-up reaches as well.
class stop_scenario : public wake_subscriber_scenario
{
public:
    using wake_subscriber_scenario::wake_subscriber_scenario;

    void operate() override { in().stop(); }
};

// The victim receives while a publisher sleeps. The publisher sends messages 0,
// 1, 2, ...
class wake_publisher_scenario : public scenario
{
public:
    explicit wake_publisher_scenario(const std::string& name)
        : m_queue(name, records * 72 - 8),
          m_sleeper([this](auto log) {
              m_queue.out.enqueue(test::make_body(m_number, 64));
              log(&m_number, sizeof m_number);
              ++m_number;
          })
    {
    }

    void prepare() override { m_words->returned = false; }

    void warm_up() override
    {
        // The buffer is too small: nothing is received.
        std::size_t size;
        boost::system::error_code ec;
        m_queue.in.try_dequeue(m_words->body, 1, size, ec);
    }

    void arrange() override
    {
        verdict ignored;
        while (m_told != m_queue.read().count() + records - 1)
            hear(ignored);
        while (m_queue.control().room.count == 0 || !m_sleeper.sleeps())
            ::sched_yield();
        m_oldest = m_queue.read().count();
    }

    void operate() override
    {
        std::size_t size;
        m_queue.in.dequeue(m_words->body, sizeof m_words->body, size);
        m_words->returned = true;
    }

    void check(verdict& result, std::uint64_t) override
    {
        const test::moment begin = test::now_of();
        const test::moment its_begin = m_sleeper.now();
        const bool returned = m_words->returned;
        const std::uint32_t taken = m_queue.read().count() - m_oldest;
        result.promise(
            taken == 1 || (taken == 0 && !returned), "one message is taken");
        if (returned)
            result.promise(
                bytes(m_words->body, m_words->body + 64) ==
                    test::make_body(m_oldest, 64),
                "the oldest message");
        // The victim made room, but may not have notified the sleeper.
        if (m_queue.free().count() != m_oldest)
            result.survived(test::between(its_begin, hear(result)));
        std::uint64_t next = m_oldest + taken;
        for (std::size_t i = 0; i < 3 * records; ++i)
        {
            bytes message;
            result.promise(
                m_queue.in.timed_dequeue(message, std::chrono::seconds(1)),
                "survivors receive");
            result.promise(
                message == test::make_body(next++, 64), "the next message");
        }
        result.survived(test::between(begin, test::now_of()));
    }

private:
    // All messages take 72 bytes, so there is never padding. The place of one
    // record is left free.
    static constexpr std::size_t records = 4;

    test::moment hear(verdict& result)
    {
        const sleeper::entry& heard = m_sleeper.hear(result);
        ++m_told;
        return heard.when;
    }

    queue_under_test m_queue;
    test::shared_object<waker_words> m_words;
    std::uint64_t m_number = 0; // of the sleeper's next message
    std::uint32_t m_oldest = 0, m_told = 0;
    sleeper m_sleeper;
};

// The victim waits in a wait set, sleeps, and finds no message.
class wait_in_set_scenario : public scenario
{
public:
    wait_in_set_scenario(
        const std::string& name, boost_ipq::detail::set_mode mode)
        : m_queue(name, 1000),
          m_mode(mode)
    {
    }

    void warm_up() override
    {
        m_set = std::make_unique<boost_ipq::wait_set>(m_mode);
        m_set->add(m_queue.in, 1);
        m_set->timed_wait(std::chrono::microseconds(100));
    }

    void operate() override
    {
        m_set->timed_wait(std::chrono::microseconds(100));
    }

    void check(verdict& result, std::uint64_t) override
    {
        const test::moment begin = test::now_of();
        for (int i = 0; i < 3; ++i)
        {
            const bytes body = m_queue.next(64).body();
            bytes message;
            result.promise(
                m_queue.out.try_enqueue(body), "survivors can still send");
            result.promise(
                m_queue.in.try_dequeue(message) && message == body,
                "survivors receive");
        }
        result.survived(test::between(begin, test::now_of()));
    }

private:
    queue_under_test m_queue;
    const boost_ipq::detail::set_mode m_mode;
    std::unique_ptr<boost_ipq::wait_set> m_set; // the victim's
};

} // namespace kill_test

#endif
