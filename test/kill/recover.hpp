// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_RECOVER_HPP
#define BOOST_IPQ_TEST_KILL_RECOVER_HPP

// The victim recovers what an earlier victim left behind.

#include "plan.hpp"
#include "queue_scenario.hpp"
#include "receive.hpp"
#include "send.hpp"
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace kill_test {

// Recovers everything, as repair() does.
class repair_scenario : public queue_scenario
{
public:
    using queue_scenario::queue_scenario;

    void operate() override
    {
        queue().inside().recover();
        has_returned();
    }

    void bury(verdict&) override {}
};

// The first operation of a process, by which it joins the queue.
class join_scenario : public send_scenario
{
public:
    using send_scenario::send_scenario;

    void warm_up() override {}
};

// An operation, killed at each instruction that has just changed the state of
// the queue.
template <class Operation>
class state_scenario : public Operation
{
public:
    using Operation::Operation;

    void after_step(std::uint64_t steps) override
    {
        const auto now = state();
        if (m_changes.empty() || now != m_state)
            m_changes.push_back(steps);
        m_state = now;
    }

    // Returns: after how many steps the state changed.
    const std::vector<std::uint64_t>& changes() const noexcept
    {
        return m_changes;
    }

private:
    // The control words, and the headers that the operation may write.
    std::vector<std::uint64_t> state()
    {
        auto& queue = Operation::queue();
        const auto& line = queue.control().publishers;
        const auto& readers = queue.control().subscribers;
        if (m_changes.empty())
        {
            const std::size_t here = queue.head().offset();
            const std::size_t span = queue.ring().span(Operation::how().size);
            const std::size_t end = queue.ring().size;
            m_places = {here, queue.read().offset(), 0, span};
            if (here + span < end)
                m_places.push_back(here + span);
        }
        std::vector<std::uint64_t> result = {
            line.owner,   line.head,       line.room,
            line.padding, line.prefetched, readers.owner,
            readers.read, readers.free,    readers.returned};
        for (const std::size_t place : m_places)
            result.push_back(queue.ring().header(place).load());
        return result;
    }

    std::vector<std::uint64_t> m_changes, m_state;
    std::vector<std::size_t> m_places;
};

// First dies in one of its operation's states, then Second at any instruction.
template <class First, class Second>
class recover_scenario : public scenario
{
public:
    // Throws: std::out_of_range if the first operation has fewer states.
    recover_scenario(
        const std::string& name, const situation& first,
        const situation& second, std::size_t state)
        : m_queue(std::make_shared<queue_under_test>(name, first.capacity)),
          m_first(m_queue, first),
          m_second(m_queue, second)
    {
        verdict ignored;
        const kill_plan plan(m_first, false);
        m_first.check(ignored, 1);
        m_point = plan.point_after(m_first.changes().at(state));
    }

    void prepare() override
    {
        m_second.reset();
        m_queue->rewind(m_setup);
    }

    void warm_up() override { m_second.warm_up(); }

    void arrange() override
    {
        kill_at(m_first, m_point);
        m_first.bury(m_setup);
    }

    void operate() override { m_second.operate(); }

    void check(verdict& result, std::uint64_t variant) override
    {
        const test::moment begin = test::now_of();
        m_second.bury(result);
        m_first.go_on(result, variant, begin);
    }

private:
    queue_pointer m_queue;
    state_scenario<First> m_first;
    Second m_second;
    kill_point m_point{};
    verdict m_setup;
};

} // namespace kill_test

#endif
