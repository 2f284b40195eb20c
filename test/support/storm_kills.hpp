// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_SUPPORT_STORM_KILLS_HPP
#define BOOST_IPQ_TEST_SUPPORT_STORM_KILLS_HPP

// Processes that are killed at random and replaced.

#include "forked_process.hpp"
#include "watchdog.hpp"
#include <boost/test/unit_test.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace test {

// Environment: BOOST_IPQ_STORM_KILLS=10000.
inline unsigned wanted_kills(unsigned usual)
{
    const char* const given = std::getenv("BOOST_IPQ_STORM_KILLS");
    return given ? static_cast<unsigned>(std::atoi(given)) : usual;
}

// Effects: waits until the counter has advanced by `count`. It fails if that
// takes long: then a survivor hangs.
// Returns: how long it took. Times in which this process was stopped, and so
// were the others, do not count.
inline std::chrono::nanoseconds await_progress(
    const std::atomic<std::uint32_t>& counter, std::uint32_t count,
    const std::function<void()>& meanwhile = [] {})
{
    using clock = std::chrono::steady_clock;
    std::chrono::nanoseconds result{0};
    const std::uint32_t goal = counter + count;
    for (auto before = clock::now();
         static_cast<std::int32_t>(goal - counter) > 0;)
    {
        meanwhile();
        std::this_thread::yield();
        const auto now = clock::now();
        if (now - before < std::chrono::seconds(1))
            result += now - before;
        before = now;
        BOOST_REQUIRE(result < std::chrono::seconds(20));
    }
    return result;
}

// Kills and replaces one of the processes, again and again.
class kill_storm
{
public:
    // run(i, seed) is what the process with that number does.
    kill_storm(
        std::size_t count, std::uint32_t seed,
        std::function<void(std::size_t, std::uint32_t)> run)
        : m_random(seed),
          m_run(std::move(run))
    {
        for (std::size_t i = 0; i < count; ++i)
            m_all.push_back(make(i));
    }

    // `progress` must go on after each kill.
    void rage(
        unsigned kills, const std::atomic<std::uint32_t>& progress,
        const std::function<void()>& meanwhile = [] {})
    {
        watchdog::start(60 + kills / 2);
        for (; kills != 0; --kills)
        {
            await_progress(progress, m_random() % 30, meanwhile);
            const std::size_t victim = m_random() % m_all.size();
            m_all[victim].kill();
            await_progress(progress, 5, meanwhile);
            m_all[victim] = make(victim);
        }
        await_progress(progress, 100, meanwhile);
    }

    forked_process& operator[](std::size_t i) { return m_all[i]; }

private:
    forked_process make(std::size_t i)
    {
        const std::uint32_t seed = m_random();
        return forked_process([&] { m_run(i, seed); });
    }

    std::mt19937 m_random;
    std::function<void(std::size_t, std::uint32_t)> m_run;
    std::vector<forked_process> m_all{};
};

} // namespace test

#endif
