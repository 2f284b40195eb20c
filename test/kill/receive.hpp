// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_RECEIVE_HPP
#define BOOST_IPQ_TEST_KILL_RECEIVE_HPP

// The victim receives.

#include "queue_scenario.hpp"
#include <sys/syscall.h>
#include <algorithm>
#include <chrono>

namespace kill_test {

// The victim receives into a buffer of `how.size` bytes.
class receive_scenario : public queue_scenario
{
public:
    using queue_scenario::queue_scenario;

    void operate() override { has_returned(receive(queue().in)); }

    void while_paused(verdict& result) override
    {
        // The victim may hold one message.
        for (auto& message : queue().waiting())
            message.late = true;
        m_paused = true;
        queue_scenario::while_paused(result);
    }

    void bury(verdict& result) override
    {
        const bool received = words().returned && words().result;
        if (m_paused)
        {
            for (auto& message : queue().waiting())
                message.placed = false;
            m_paused = false;
            if (received)
                queue().accept(
                    result, bytes(words().body, words().body + words().size));
            return;
        }
        const unsigned gone = remove_taken([&](const expected_message& taken) {
            result.promise(
                !m_in_place || queue().was_acknowledged(taken),
                "a message read in place is removed only by its "
                "acknowledgement");
            if (received)
                result.promise(
                    taken.body() ==
                        bytes(words().body, words().body + words().size),
                    "the received message is the oldest one");
        });
        result.promise(gone <= 1, "at most one message is lost");
        result.promise(
            !received || gone == 1, "a call that receives a message takes it");
        result.promise(
            !words().returned || words().result || gone == 0,
            "a call that receives nothing takes nothing");
    }

protected:
    void reads_in_place() noexcept { m_in_place = true; }

    virtual bool receive(boost_ipq::subscriber& in)
    {
        return in.try_dequeue(words().body, how().size, words().size);
    }

private:
    bool m_paused = false, m_in_place = false;
};

// Into a container, which grows.
class receive_container_scenario : public receive_scenario
{
    using receive_scenario::receive_scenario;

    bool receive(boost_ipq::subscriber& in) override
    {
        bytes message;
        const bool result = in.try_dequeue(message);
        std::copy(message.begin(), message.end(), words().body);
        words().size = message.size();
        return result;
    }
};

// Into a buffer that is too small.
class receive_too_small_scenario : public receive_scenario
{
    using receive_scenario::receive_scenario;

    bool receive(boost_ipq::subscriber& in) override
    {
        boost::system::error_code ec;
        return in.try_dequeue(words().body, how().size, words().size, ec);
    }
};

// Waits for a message, which is sent when it is about to sleep.
class wait_to_receive_scenario : public receive_scenario
{
public:
    wait_to_receive_scenario(const std::string& name, const situation& how)
        : receive_scenario(name, how)
    {
        // A handle whose last wait timed out spins only briefly.
        bytes none;
        for (int i = 0; i < 10; ++i)
            queue().in.timed_dequeue(none, std::chrono::microseconds(300));
    }

    void prepare() override
    {
        receive_scenario::prepare();
        queue().forget_sleepers();
    }

    void arrange() override
    {
        receive_scenario::arrange();
        m_sent = false;
    }

    void before_call(const test::stepper& victim) override
    {
        if (victim.current_call().number == SYS_futex && !m_sent)
        {
            queue().put_in_time(setup(), 64);
            m_sent = true;
        }
    }

private:
    bool receive(boost_ipq::subscriber& in) override
    {
        return in.dequeue(words().body, how().size, words().size);
    }

    bool m_sent = false;
};

} // namespace kill_test

#endif
