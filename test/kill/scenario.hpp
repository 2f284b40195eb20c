// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_SCENARIO_HPP
#define BOOST_IPQ_TEST_KILL_SCENARIO_HPP

// What the killer needs to know about an operation: how to prepare it, how to
// run it, and what must hold after its process was killed.

#include "../support/stepper.hpp"
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace kill_test {

// Thrown by a check that finds a broken promise.
class broken_promise : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

// Thrown if survivors were too slow. A single case may be caused by the
// machine.
class too_slow : public broken_promise
{
    using broken_promise::broken_promise;
};

// Counts the checks after the kills, and measures how long survivors needed.
class verdict
{
public:
    // Effects: counts a check. Throws: broken_promise if it does not hold.
    void promise(bool holds, const char* what)
    {
        promise(holds, [=] { return what; });
    }

    // As the overload above; what() describes the promise.
    template <class What>
    auto promise(bool holds, What what) -> decltype(void(what()))
    {
        ++m_checked;
        if (!holds)
            throw broken_promise(what());
    }

    // The survivors have finished what the victim prevented.
    void survived(std::chrono::nanoseconds time)
    {
        ++m_checked;
        if (time > std::chrono::milliseconds(100))
            throw too_slow(
                "survivors went on after " +
                std::to_string(time.count() / 1000000) + " ms, not 100");
        m_times.push_back(time);
    }

    // Files of the C library that a dead process left behind.
    void litter(std::uint64_t count) noexcept { m_litter += count; }
    std::uint64_t litter() const noexcept { return m_litter; }

    std::uint64_t checked() const noexcept { return m_checked; }
    std::vector<std::chrono::nanoseconds>& times() noexcept { return m_times; }

private:
    std::uint64_t m_checked = 0, m_litter = 0;
    std::vector<std::chrono::nanoseconds> m_times;
};

class scenario
{
public:
    virtual ~scenario() = default;

    // In the parent, before the victim is forked.
    virtual void prepare() {}
    // In the victim, at full speed: joins the queue.
    virtual void warm_up() {}
    // Does the victim have more threads than the one that is stepped? They run
    // freely.
    virtual bool has_threads() const { return false; }
    // In the parent, when the victim is ready.
    virtual void arrange() {}
    // In the victim, stepped.
    virtual void operate() = 0;
    // In the parent, when the victim is about to make this system call.
    virtual void before_call(const test::stepper&) {}
    // In the parent: the victim is stopped, but alive.
    virtual void while_paused(verdict&) {}
    // In the parent, after each step of the first run.
    virtual void after_step(std::uint64_t) {}
    // In how many ways survivors go on.
    virtual std::uint64_t variants() const { return 2; }
    // In the parent: the victim is dead.
    virtual void check(verdict&, std::uint64_t variant) = 0;
};

} // namespace kill_test

#endif
