// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_DEAD_LETTER_HPP
#define BOOST_IPQ_TEST_KILL_DEAD_LETTER_HPP

// The victim counts a delivery, or moves a message to the dead-letter queue.

#include "../support/shared_object.hpp"
#include "../support/survivor_clock.hpp"
#include "scenario.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/requeue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace kill_test {

enum class letter_action
{
    receive, // and give back
    release, // for the last time: it moves
    reject,
    find,      // one that was delivered often enough, with a call in place
    find_copy, // with a call that copies
    find_run,  // with consume_all()
    requeue
};

// The queue has the messages "a", "b", "c". The first one is moved.
class dead_letter_scenario : public scenario
{
public:
    dead_letter_scenario(const std::string& name, letter_action what)
        : m_name(name),
          m_what(what)
    {
        remove_queues();
        boost_ipq::queue_options options(name, 1024);
        options.max_deliveries(2).dead_letter(m_letters);
        m_out = boost_ipq::publisher(boost_ipq::create_only, options);
        m_in = boost_ipq::subscriber(boost_ipq::open_only, name);
        const boost_ipq::queue_options letters(m_letters, 1024);
        m_dead_in = boost_ipq::subscriber(boost_ipq::create_only, letters);
        m_dead_out = boost_ipq::publisher(boost_ipq::open_only, m_letters);
    }

    ~dead_letter_scenario() override
    {
        m_out.close();
        m_in.close();
        m_dead_in.close();
        m_dead_out.close();
        remove_queues();
    }

    void prepare() override
    {
        *m_count = 0;
        // The survivors may not have noticed yet what the last victim held.
        boost_ipq::repair(m_name);
        boost_ipq::repair(m_letters);
        std::string old;
        while (m_in.try_dequeue(old) || m_dead_in.try_dequeue(old))
            ;
    }

    // Joins both queues.
    void warm_up() override
    {
        m_out.enqueue("w", 1);
        m_in.try_receive().reject();
        std::string old;
        m_dead_in.try_dequeue(old);
    }

    void arrange() override
    {
        if (m_what == letter_action::requeue)
            m_dead_out.enqueue("a", 1);
        else
            m_out.enqueue("a", 1);
        m_out.enqueue("b", 1);
        m_out.enqueue("c", 1);
        if (m_what != letter_action::receive &&
            m_what != letter_action::reject && m_what != letter_action::requeue)
            m_in.try_receive().release();
        if (m_what == letter_action::find ||
            m_what == letter_action::find_copy ||
            m_what == letter_action::find_run)
            die_with_message();
    }

    void operate() override
    {
        std::string copy;
        switch (m_what)
        {
        case letter_action::receive:
            // The process dies before or while its destructor gives it back.
            *m_count = m_in.try_receive().delivery_count();
            break;
        case letter_action::release:
        case letter_action::find:
            m_in.try_receive().release();
            break;
        case letter_action::reject:
            m_in.try_receive().reject();
            break;
        case letter_action::find_copy:
            m_in.try_dequeue(copy);
            break;
        case letter_action::find_run:
            m_in.consume_all([](const void*, std::size_t) {});
            break;
        case letter_action::requeue:
            boost_ipq::requeue(m_letters, m_name);
            break;
        }
    }

    std::uint64_t variants() const override { return 1; }

    void check(verdict& result, std::uint64_t) override
    {
        const test::moment begin = test::now_of();
        const auto end =
            std::chrono::steady_clock::now() + std::chrono::seconds(1);
        std::string found, dead;
        std::uint32_t count = 0;
        while (!is_all(found, dead) && std::chrono::steady_clock::now() < end)
        {
            if (auto message = m_in.try_receive())
            {
                const char text = *static_cast<const char*>(message.data());
                if (text == 'a')
                    count = message.delivery_count();
                found += text;
                message.acknowledge();
            }
            m_dead_in.consume_all([&](const void* data, std::size_t) {
                dead += *static_cast<const char*>(data);
            });
        }
        result.survived(test::between(begin, test::now_of()));
        result.promise(is_all(found, dead), [&] {
            return "a message that moves is in one of the queues, and the "
                   "others stay: " +
                   found + ", " + dead;
        });
        result.promise(
            dead == "" || dead == "a" || dead == "aa",
            "only what was delivered often enough moves");
        result.promise(
            count == 0 || count > *m_count,
            "a delivery that a caller got is counted");
        result.promise(
            !has(found, 'b') || !has(found, 'c') ||
                found.find('b') < found.find('c'),
            "the messages that stay come in order");
    }

private:
    static bool has(const std::string& where, char what)
    {
        return where.find(what) != std::string::npos;
    }

    // The victim's own call may have taken the others.
    bool is_all(const std::string& found, const std::string& dead) const
    {
        const bool first = has(found, 'a') || has(dead, 'a');
        if (m_what == letter_action::find_run)
            return first;
        return first && has(found, 'c') &&
               (m_what == letter_action::find_copy || has(found, 'b'));
    }

    void die_with_message()
    {
        const pid_t child = ::fork();
        if (child == 0)
        {
            const auto message = m_in.try_receive();
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
    letter_action m_what;
    boost_ipq::publisher m_out, m_dead_out;
    boost_ipq::subscriber m_in, m_dead_in;
    test::shared_object<std::uint32_t> m_count;
};

} // namespace kill_test

#endif
