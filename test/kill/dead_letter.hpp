// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_DEAD_LETTER_HPP
#define BOOST_IPQ_TEST_KILL_DEAD_LETTER_HPP

// The victim counts deliveries, or moves a message to the dead-letter queue.

#include "../support/shared_object.hpp"
#include "../support/survivor_clock.hpp"
#include "scenario.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/requeue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace kill_test {

// A queue with three messages, of which the first may have been delivered
// before, and its dead letters. Whatever the victim does to the first message,
// survivors find each message in one of the queues at least, in order.
class dead_letter_scenario : public scenario
{
public:
    enum class action
    {
        receive,   // and die with it
        release,   // for the last time: it moves
        reject,    // at once
        find,      // one that died too often
        copy_next, // as find, with a call that copies
        requeue    // bring it back
    };

    dead_letter_scenario(const std::string& name, action what)
        : m_name(name),
          m_what(what)
    {
        remove_queues();
        m_options.max_deliveries(2).dead_letter(m_letters);
        m_out = boost_ipq::publisher(boost_ipq::create_only, m_options);
        m_in = boost_ipq::subscriber(boost_ipq::open_only, m_options);
        boost_ipq::queue_options letters(m_letters, 1024);
        m_dead = boost_ipq::subscriber(boost_ipq::create_only, letters);
    }

    ~dead_letter_scenario() override
    {
        m_out.close();
        m_in.close();
        m_dead.close();
        remove_queues();
    }

    void prepare() override
    {
        *m_count = 0;
        m_in.consume_all([](const void*, std::size_t) {});
        m_dead.consume_all([](const void*, std::size_t) {});
        for (const char c : {'a', 'b', 'c'})
            m_out.enqueue(std::string(64, c));
        m_before = m_what == action::receive || m_what == action::reject ? 0
                   : m_what == action::release                           ? 1
                                                                         : 2;
        // Each of these dies with the message, as far as the count goes.
        for (unsigned i = 0; i < m_before; ++i)
            m_in.try_receive().release();
        if (m_what == action::find || m_what == action::copy_next)
        {
            // It has moved already: a message whose owners died has not.
            m_dead.consume_all([](const void*, std::size_t) {});
            m_in.consume_all([](const void*, std::size_t) {});
            for (const char c : {'a', 'b', 'c'})
                m_out.enqueue(std::string(64, c));
            m_in.try_receive().release();
            leave_claimed();
        }
    }

    void warm_up() override
    {
        // Joins the queues.
        boost_ipq::publisher join(boost_ipq::open_only, m_letters);
        join.enqueue("", 0);
        std::string none;
        m_dead.try_dequeue(none);
        m_out.enqueue(std::string(64, 'd'));
    }

    void operate() override
    {
        std::string copy;
        switch (m_what)
        {
        case action::receive:
        {
            const auto message = m_in.try_receive();
            *m_count = message.delivery_count();
            test::stepper::mark();
            break;
        }
        case action::release:
            m_in.try_receive().release();
            break;
        case action::reject:
            m_in.try_receive().reject();
            break;
        case action::find:
            m_in.try_receive().acknowledge();
            break;
        case action::copy_next:
            m_in.try_dequeue(copy);
            break;
        case action::requeue:
            boost_ipq::requeue(m_letters, m_name);
            break;
        }
    }

    void check(verdict& result, std::uint64_t) override
    {
        const test::moment begin = test::now_of();
        std::string found, dead;
        const std::uint32_t most = m_before + 1;
        while (auto message = m_in.try_receive())
        {
            const char first = *static_cast<const char*>(message.data());
            found += first;
            if (first == 'a')
                result.promise(
                    message.delivery_count() <= most + 1 &&
                        message.delivery_count() > *m_count,
                    "a delivery that was made is counted, and no other");
            message.acknowledge();
        }
        m_dead.consume_all([&](const void* data, std::size_t) {
            dead += *static_cast<const char*>(data);
        });
        result.survived(test::between(begin, test::now_of()));
        const auto has = [](const std::string& where, char what) {
            return where.find(what) != std::string::npos;
        };
        result.promise(
            has(found, 'a') || has(dead, 'a') || may_be_taken('a'),
            "a message that moves is never in neither queue");
        result.promise(
            (has(found, 'b') || may_be_taken('b')) && has(found, 'c'),
            "the messages behind it stay");
        result.promise(
            dead.empty() || dead == "a", "only that message moves, and once");
        result.promise(in_order(found), "the messages come in order");
    }

private:
    // A message that the victim's own call has taken for good.
    bool may_be_taken(char what) const noexcept
    {
        return (m_what == action::find || m_what == action::copy_next) &&
               what == 'b';
    }

    static bool in_order(const std::string& found)
    {
        for (std::size_t i = 1; i < found.size(); ++i)
            if (found[i - 1] >= found[i] && found[i] != 'a')
                return false;
        return true;
    }

    // A process dies with the message.
    void leave_claimed()
    {
        const pid_t child = ::fork();
        if (child == 0)
        {
            boost_ipq::subscriber in(boost_ipq::open_only, m_options);
            const auto message = in.try_receive();
            ::_exit(message ? 0 : 1);
        }
        int status;
        ::waitpid(child, &status, 0);
    }

    void remove_queues()
    {
        boost::system::error_code ignored;
        boost_ipq::remove_queue(m_name, ignored);
        boost_ipq::remove_queue(m_letters, ignored);
    }

    std::string m_name, m_letters = m_name + ".dead";
    action m_what;
    boost_ipq::queue_options m_options{m_name, 1024};
    boost_ipq::publisher m_out;
    boost_ipq::subscriber m_in, m_dead;
    unsigned m_before = 0; // deliveries of the first message
    test::shared_object<std::uint32_t> m_count;
};

} // namespace kill_test

#endif
