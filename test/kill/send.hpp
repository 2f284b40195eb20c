// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_SEND_HPP
#define BOOST_IPQ_TEST_KILL_SEND_HPP

// The victim sends.

#include "queue_scenario.hpp"
#include <sys/syscall.h>
#include <algorithm>
#include <chrono>

namespace kill_test {

class send_scenario : public queue_scenario
{
public:
    using queue_scenario::queue_scenario;

    void reset() override
    {
        queue_scenario::reset();
        m_message = queue().next(how().size);
        m_message.must = false;
        m_body = m_message.body();
        m_noted = false;
    }

    void arrange() override
    {
        queue_scenario::arrange();
        m_head = queue().head().count();
        m_sent = queue().sent();
    }

    void operate() override { has_returned(send(queue().out, m_body)); }

    void while_paused(verdict& result) override
    {
        // Messages of another publisher may come in any order.
        m_message.late = true;
        queue().waiting().push_back(m_message);
        m_noted = true;
        queue_scenario::while_paused(result);
    }

    void bury(verdict& result) override
    {
        auto& waiting = queue().waiting();
        m_message.must = words().returned && words().result;
        const bool refused = words().returned && !words().result;
        const auto noted =
            std::find_if(waiting.begin(), waiting.end(), [&](const auto& m) {
                return m.number == m_message.number;
            });
        if (m_noted)
        {
            result.promise(
                !refused || noted != waiting.end(),
                "a call that reports a full queue sends nothing");
            if (noted != waiting.end())
            {
                noted->must = m_message.must;
                if (refused)
                    waiting.erase(noted);
            }
        }
        else if (!refused)
            waiting.push_back(m_message);
    }

    void check(verdict& result, std::uint64_t variant) override
    {
        queue_scenario::check(result, variant);
        // The survivors' messages, and possibly the victim's.
        const std::uint32_t others =
            queue().head().count() - m_head - (queue().sent() - m_sent);
        result.promise(
            m_noted || others == 0 || others == 1,
            "the positions count the messages");
    }

protected:
    virtual bool send(boost_ipq::publisher& out, const bytes& body)
    {
        return out.try_enqueue(body.data(), body.size());
    }

private:
    expected_message m_message;
    bytes m_body;
    bool m_noted = false;
    std::uint32_t m_head = 0, m_sent = 0;
};

// Waits for room, which is made when it is about to sleep.
class wait_to_send_scenario : public send_scenario
{
public:
    wait_to_send_scenario(const std::string& name, const situation& how)
        : send_scenario(name, how)
    {
        // A handle whose last wait timed out spins only briefly.
        prepare();
        send_scenario::arrange();
        for (int i = 0; i < 10; ++i)
            queue().out.timed_enqueue(
                bytes(how.size), std::chrono::microseconds(300));
        queue().take_all(setup());
    }

    void prepare() override
    {
        send_scenario::prepare();
        queue().forget_sleepers();
    }

    void arrange() override
    {
        send_scenario::arrange();
        m_made_room = false;
    }

    void before_call(const test::stepper& victim) override
    {
        if (victim.current_call().number == SYS_futex && !m_made_room)
        {
            queue().take(setup());
            m_made_room = true;
        }
    }

private:
    bool send(boost_ipq::publisher& out, const bytes& body) override
    {
        out.enqueue(body.data(), body.size());
        return true;
    }

    bool m_made_room = false;
};

} // namespace kill_test

#endif
