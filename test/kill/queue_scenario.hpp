// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_QUEUE_SCENARIO_HPP
#define BOOST_IPQ_TEST_KILL_QUEUE_SCENARIO_HPP

// What all operations on an open queue have in common.

#include "../support/shared_object.hpp"
#include "../support/survivor_clock.hpp"
#include "queue_under_test.hpp"
#include "scenario.hpp"
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kill_test {

// What the victim reports before it dies.
struct last_words
{
    bool returned;
    bool result;
    std::size_t size; // of the message that it received
    std::byte body[8192];
};

// The state of the queue when the victim begins.
struct situation
{
    std::size_t capacity = 1024;
    std::size_t from_end = 0; // of the read position; 0: at the beginning
    std::vector<std::size_t> before; // sizes of the messages in the queue
    bool full = false;               // fill the rest
    std::size_t size = 64;           // of the victim's message, or its buffer
    std::size_t after = 24;          // of the survivors' message
    bool crowded = false;            // no room for both messages
};

using queue_pointer = std::shared_ptr<queue_under_test>;

class queue_scenario : public scenario
{
public:
    queue_scenario(queue_pointer queue, const situation& how)
        : m_queue(std::move(queue)),
          m_how(how)
    {
    }

    queue_scenario(const std::string& name, const situation& how)
        : queue_scenario(
              std::make_shared<queue_under_test>(name, how.capacity), how)
    {
    }

    // Effects: forgets the last victim. The queue stays as it is.
    virtual void reset()
    {
        m_words->returned = m_words->result = false;
        m_words->size = 0;
    }

    // Effects: notes what the dead victim may have done.
    virtual void bury(verdict& result) = 0;

    void prepare() override
    {
        reset();
        m_queue->rewind(m_setup);
    }

    void warm_up() override
    {
        bytes none;
        m_queue->in.try_dequeue(none);
    }

    void arrange() override
    {
        if (m_how.from_end != 0)
            m_queue->move_to(m_setup, m_how.from_end);
        for (const std::size_t size : m_how.before)
            m_queue->put_in_time(m_setup, size);
        if (m_how.full)
            while (m_queue->put(40) || m_queue->put(0))
                ;
    }

    void check(verdict& result, std::uint64_t variant) override
    {
        const test::moment begin = test::now_of();
        bury(result);
        go_on(result, variant, begin);
    }

    // Effects: survivors receive what must be there, and go on using the queue.
    void
    go_on(verdict& result, std::uint64_t variant, const test::moment& begin)
    {
        // Either a publisher goes on first, or a subscriber.
        const bool publisher_first = variant % 2 == 0 && has_room();
        if (publisher_first)
            m_queue->put_in_time(result, m_how.after);
        if (m_queue->waiting().size() > (publisher_first ? 1u : 0u))
            m_queue->take_if_any(result);
        if (!publisher_first)
            m_queue->put_in_time(result, m_how.after);
        if (variant % 2 != 0)
            m_queue->take_in_place(result);
        m_queue->take_all(result);
        after_taking(result);
        result.survived(test::between(begin, test::now_of()));

        m_queue->check_empty(result);
        m_queue->run_laps(result);
        m_queue->check_empty(result);
        m_queue->rewind(result);
    }

    // Survivors use the queue while the victim is alive but stopped.
    void while_paused(verdict& result) override
    {
        constexpr std::chrono::milliseconds little{1};
        const expected_message message = m_queue->next(16);
        if (m_queue->out.timed_enqueue(message.body(), little))
            m_queue->waiting().push_back(message);
        bytes received;
        while (m_queue->in.timed_dequeue(received, little))
            m_queue->accept(result, received);
    }

protected:
    // The survivors' messages are known.
    virtual void after_taking(verdict&) {}

    // Whether there is room for the survivors' message once they have recovered
    // what the victim did not finish.
    bool has_room() const
    {
        if (m_how.crowded)
            return !m_queue->something_committed();
        return !m_how.full;
    }

    // Effects: removes the messages that the victim took from those that are
    // expected, after calling `check` for each.
    // Returns: how many.
    template <class Check>
    unsigned remove_taken(Check check)
    {
        auto& waiting = m_queue->waiting();
        unsigned taken = 0;
        for (auto i = waiting.begin(); i != waiting.end();)
        {
            const fate now = i->placed ? m_queue->fate_of(*i) : fate::waiting;
            if (now == fate::held)
                i->late = i->seen = true;
            if (now != fate::gone)
            {
                ++i;
                continue;
            }
            check(*i);
            i = waiting.erase(i);
            ++taken;
        }
        return taken;
    }

    queue_under_test& queue() noexcept { return *m_queue; }
    const situation& how() const noexcept { return m_how; }
    last_words& words() noexcept { return *m_words; }
    // In the victim: the operation has returned.
    void has_returned(bool result = true) noexcept
    {
        m_words->result = result;
        std::atomic_signal_fence(std::memory_order_seq_cst);
        m_words->returned = true;
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }

    verdict& setup() noexcept { return m_setup; }

private:
    queue_pointer m_queue;
    situation m_how;
    test::shared_object<last_words> m_words;
    verdict m_setup;
};

} // namespace kill_test

#endif
