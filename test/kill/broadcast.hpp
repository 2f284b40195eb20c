// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_BROADCAST_HPP
#define BOOST_IPQ_TEST_KILL_BROADCAST_HPP

// The victim is a publisher or a subscriber of a broadcast. Survivors are a
// publisher, a subscriber that keeps up, and one that is always late.

#include "../support/body.hpp"
#include "../support/shared_object.hpp"
#include "../support/survivor_clock.hpp"
#include "queue_scenario.hpp"
#include "scenario.hpp"
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/detail/attachment/shared_attachment.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kill_test {

// How the broadcast looks when the victim begins.
struct broadcast_situation
{
    boost_ipq::overflow policy = boost_ipq::overflow::block;
    std::size_t size = 64; // of the victim's message
    bool no_room = false;  // the next publisher must make room
    bool full = false;
    std::size_t before = 0;   // messages that wait for a victim that joined
    std::size_t length = 100; // of those, in bytes
};

class broadcast_under_test
{
public:
    broadcast_under_test(const std::string& name, boost_ipq::overflow policy)
        : m_name(name),
          m_drops(policy == boost_ipq::overflow::drop_oldest)
    {
        boost_ipq::remove_queue(name);
        const auto options =
            boost_ipq::queue_options(name, capacity).overflow(policy);
        m_out = boost_ipq::broadcast_publisher(boost_ipq::create_only, options);
        for (listener* each : {&fast, &slow})
            each->in =
                boost_ipq::broadcast_subscriber(boost_ipq::open_only, options);
        m_inside = boost_ipq::detail::attach_shared(
            boost_ipq::detail::open_mode::open, options);
    }

    ~broadcast_under_test() { boost_ipq::remove_queue(m_name); }

    struct listener
    {
        boost_ipq::broadcast_subscriber in;
        std::size_t next = 0; // of the messages that were sent
        std::uint64_t received = 0;
    };

    listener fast, slow;

    boost_ipq::broadcast_publisher& out() noexcept { return m_out; }
    const std::string& name() const noexcept { return m_name; }
    boost_ipq::detail::shared_attachment& inside() { return *m_inside; }

    const boost_ipq::detail::ring_view& ring() const noexcept
    {
        return m_inside->ring();
    }

    std::uint32_t published() const noexcept
    {
        return boost_ipq::detail::position(
                   ring().control->publishers.head.load())
            .count();
    }

    bytes body(std::size_t number) const
    {
        const sent_message& which = m_sent[number];
        return test::make_body(which.victims ? victims : number, which.size);
    }

    std::size_t sent() const noexcept { return m_sent.size(); }

    // Effects: notes a message that another process may have sent.
    // Returns: its number.
    std::size_t note(std::size_t size)
    {
        m_sent.push_back({size, false, true});
        return m_sent.size() - 1;
    }

    void must_come(std::size_t number) { m_sent[number].must = true; }

    // Effects: sends a message. If there is no room, the slow subscriber takes
    // one.
    void send(verdict& result, std::size_t size)
    {
        const bytes message = test::make_body(m_sent.size(), size);
        for (int i = 0; !m_out.try_enqueue(message); ++i)
        {
            if (take(result, slow))
                continue;
            result.promise(
                m_out.timed_enqueue(message, std::chrono::seconds(1)),
                "a dead process does not keep the room");
            break;
        }
        m_sent.push_back({size, true});
        while (take(result, fast))
        {
        }
    }

    // Effects: sends as long as no subscriber must take one for that.
    void fill(verdict& result)
    {
        const auto fits = [&](std::size_t size) {
            const bytes message = test::make_body(m_sent.size(), size);
            if (!m_out.try_enqueue(message))
                return false;
            m_sent.push_back({size, true});
            return true;
        };
        while (fits(100) || fits(8))
        {
        }
        while (take(result, fast))
        {
        }
    }

    // Effects: takes a message and checks it. Returns: false if there is none.
    bool take(verdict& result, listener& who)
    {
        bytes message;
        if (!who.in.try_dequeue(message))
            return false;
        while (who.next != m_sent.size() && message != body(who.next))
        {
            result.promise(
                !m_sent[who.next].must || m_drops,
                "every message comes, whole and in order");
            ++who.next;
        }
        result.promise(who.next != m_sent.size(), [&] {
            return "every message was sent: one of " +
                   std::to_string(message.size()) + " bytes behind number " +
                   std::to_string(who.received);
        });
        ++who.next;
        ++who.received;
        return true;
    }

    // Effects: sends until the next publisher must make room.
    void use_room_up(verdict& result, std::size_t size)
    {
        const auto left = [&] {
            using namespace boost_ipq::detail;
            placement place;
            place.head = position(ring().control->publishers.head.load());
            const position free(ring().control->subscribers.free.load());
            return fit(ring(), place, ring().span(size), free.offset()) ==
                   status::done;
        };
        while (left())
            send(result, size);
    }

    // Effects: at the end, when all have received what there is.
    void check_counts(verdict& result, unsigned abandoned)
    {
        for (listener* const each : {&fast, &slow})
        {
            while (take(result, *each))
            {
            }
            const std::uint64_t counted = each->received + each->in.missed();
            result.promise(
                counted <= published() && counted + abandoned >= published(),
                [&] {
                    return "received " + std::to_string(each->received) +
                           " + missed " + std::to_string(each->in.missed()) +
                           " = sent " + std::to_string(published());
                });
            result.promise(
                m_drops || each->in.missed() == 0, "nothing is missed");
        }
    }

    unsigned live_cursors() const noexcept
    {
        unsigned result = 0;
        for (const auto& each : ring().cursors->cursors)
            result += each.load().is_live();
        return result;
    }

    // A subscriber that joins right after the death.
    void check_joiner(verdict& result)
    {
        listener late;
        late.in = boost_ipq::broadcast_subscriber(
            boost_ipq::open_only, m_name, boost_ipq::history(3));
        bytes message;
        result.promise(
            late.in.try_dequeue(message), "a late subscriber gets a history");
        late.next = m_sent.size() - 3;
        if (message != body(late.next))
            --late.next; // the victim's last message did not come
        result.promise(
            message == body(late.next++), "a history is of consecutive ones");
        unsigned received = 1;
        for (; take(result, late); ++received)
        {
        }
        result.promise(received == 3, "a history has its length");
    }

    void check_history(verdict& result)
    {
        boost_ipq::broadcast_subscriber late(
            boost_ipq::open_only, m_name, boost_ipq::history(3));
        for (std::size_t i = m_sent.size() - 3; i != m_sent.size(); ++i)
        {
            bytes message;
            result.promise(
                late.try_dequeue(message) && message == body(i),
                "a late subscriber gets the newest messages");
        }
    }

    static constexpr std::size_t capacity = 4096;
    static constexpr std::size_t victims = 1'000'000; // its message's number

private:
    struct sent_message
    {
        std::size_t size;
        bool must;
        bool victims = false;
    };

    std::string m_name;
    bool m_drops;
    boost_ipq::broadcast_publisher m_out;
    std::shared_ptr<boost_ipq::detail::shared_attachment> m_inside;
    std::vector<sent_message> m_sent;
};

// What the victim does: with the publisher that it inherits, or as a subscriber
// that it has opened. Returns: what it has to report.
using broadcast_step = std::function<bool(
    broadcast_under_test&, boost_ipq::broadcast_subscriber&, last_words&,
    const bytes& message)>;

class broadcast_scenario : public scenario
{
public:
    broadcast_scenario(
        const std::string& name, const broadcast_situation& how, bool sends,
        const broadcast_step& step)
        : m_name(name),
          m_how(how),
          m_sends(sends),
          m_step(step)
    {
    }

    void prepare() override
    {
        m_words->returned = m_words->result = false;
        m_words->size = 0;
        m_queue.reset();
        m_queue = std::make_unique<broadcast_under_test>(m_name, m_how.policy);
        // Two laps: marks are made, and the slow subscriber is late.
        for (std::size_t i = 0; i < 2 * capacity / 112; ++i)
        {
            m_queue->send(m_setup, 100);
            if (i > 12 && m_how.policy == boost_ipq::overflow::block)
                m_queue->take(m_setup, m_queue->slow);
        }
    }

    void warm_up() override
    {
        if (!m_sends)
            m_in =
                boost_ipq::broadcast_subscriber(boost_ipq::open_only, m_name);
        else
        {
            boost_ipq::broadcast_subscriber joined(
                boost_ipq::open_only, m_name);
        }
    }

    void arrange() override
    {
        if (m_how.no_room)
            m_queue->use_room_up(m_setup, m_how.size);
        if (m_how.full)
            m_queue->fill(m_setup);
        m_first = m_queue->sent();
        for (std::size_t i = 0; i < m_how.before; ++i)
            m_queue->send(m_setup, m_how.length);
        if (m_sends)
            m_message = m_queue->note(m_how.size);
    }

    void operate() override
    {
        const bytes message =
            test::make_body(broadcast_under_test::victims, m_how.size);
        const bool result = m_step(*m_queue, m_in, *m_words, message);
        m_words->result = result;
        std::atomic_signal_fence(std::memory_order_seq_cst);
        m_words->returned = true;
    }

    void check(verdict& result, std::uint64_t variant) override
    {
        const test::moment begin = test::now_of();
        if (m_words->returned && m_words->result)
            bury(result);
        if (variant == 1)
            m_queue->check_joiner(result);
        for (std::size_t i = 0; i < 2 * capacity / 112; ++i)
        {
            m_queue->send(result, i % 7 == 0 ? 600 : 80 + i % 30);
            if (i == capacity / 112)
                result.survived(test::between(begin, test::now_of()));
        }
        m_queue->check_history(result);
        m_queue->check_counts(result, m_sends ? 1 : 0);
        if (variant == 0)
            m_queue->inside().recover();
        else
            eventually_freed(result);
        result.promise(
            m_queue->live_cursors() == 2, "the cursors of the dead are free");
    }

protected:
    static constexpr std::size_t capacity = broadcast_under_test::capacity;

    broadcast_under_test& queue() { return *m_queue; }
    last_words& words() { return *m_words; }

private:
    // The victim's call has returned.
    void bury(verdict& result)
    {
        if (m_sends)
            m_queue->must_come(m_message);
        else if (m_words->size != 0)
            result.promise(
                m_queue->body(m_first) ==
                    bytes(m_words->body, m_words->body + m_words->size),
                "the victim has received the oldest message");
    }

    // A dead subscriber's cursor is freed when it is in the way.
    void eventually_freed(verdict& result)
    {
        const auto end =
            std::chrono::steady_clock::now() + std::chrono::seconds(1);
        while (m_queue->live_cursors() != 2 &&
               std::chrono::steady_clock::now() < end)
            m_queue->send(result, 100);
        m_queue->check_counts(result, m_sends ? 1 : 0);
    }

    std::string m_name;
    broadcast_situation m_how;
    bool m_sends;
    broadcast_step m_step;
    std::unique_ptr<broadcast_under_test> m_queue;
    boost_ipq::broadcast_subscriber m_in; // the victim's
    test::shared_object<last_words> m_words;
    std::size_t m_first = 0; // message for a victim that receives
    std::size_t m_message = 0;
    verdict m_setup;
};

} // namespace kill_test

#endif
