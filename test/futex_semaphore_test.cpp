// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The semaphore in a word of the segment: posts are neither lost nor pile up,
// and no value of the word makes a call hang or spin.

#include "support/main.hpp"
#include <boost_ipq/detail/wait/futex_semaphore.hpp>
#include <atomic>
#include <chrono>
#include <iostream>
#include <thread>
#include <vector>

using namespace boost_ipq::detail;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_CASE(posts_are_counted)
{
    std::atomic<std::uint32_t> word{0};
    futex_semaphore semaphore(word);
    BOOST_TEST(!semaphore.wait_for(0s));
    BOOST_TEST(!semaphore.wait_for(-1s));
    for (int i = 0; i < 3; ++i)
        semaphore.post();
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(semaphore.wait_for(0s));
    BOOST_TEST(!semaphore.wait_for(0s));
}

BOOST_AUTO_TEST_CASE(waits_for_the_time)
{
    std::atomic<std::uint32_t> word{0};
    futex_semaphore semaphore(word);
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(!semaphore.wait_for(20ms));
    BOOST_TEST((std::chrono::steady_clock::now() - begin >= 20ms));
}

BOOST_AUTO_TEST_CASE(each_post_wakes_one)
{
    std::atomic<std::uint32_t> word{0};
    futex_semaphore semaphore(word);
    constexpr int rounds = 2000;
    std::atomic<int> taken{0};
    std::vector<std::thread> sleepers;
    for (int i = 0; i < 4; ++i)
        sleepers.emplace_back([&] {
            for (int k = 0; k < rounds; ++k)
                if (semaphore.wait_for(1min))
                    ++taken;
        });
    for (int i = 0; i < 4 * rounds; ++i)
        semaphore.post();
    for (std::thread& sleeper : sleepers)
        sleeper.join();
    BOOST_TEST(taken == 4 * rounds);
    BOOST_TEST(word == 0u);
}

// Each post comes when the other thread probably sleeps: it would sleep on for
// a minute.
BOOST_AUTO_TEST_CASE(a_post_wakes_a_sleeper)
{
    std::atomic<std::uint32_t> word{0};
    futex_semaphore semaphore(word);
    std::atomic<int> waiting{0}, taken{0};
    constexpr int rounds = 20;
    std::thread sleeper([&] {
        for (int i = 0; i < rounds; ++i)
        {
            ++waiting;
            taken += semaphore.wait_for(1min);
        }
    });
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i)
    {
        while (waiting == i)
            std::this_thread::yield();
        std::this_thread::sleep_for(2ms);
        semaphore.post();
    }
    sleeper.join();
    BOOST_TEST(taken == rounds);
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 30s));
}

BOOST_AUTO_TEST_CASE(damaged_word)
{
    for (const std::uint32_t value :
         {max_sleepers, max_sleepers + 1, 0x7fffffffu, 0x80000000u,
          0xffffffffu})
    {
        std::atomic<std::uint32_t> word{value};
        futex_semaphore semaphore(word);
        semaphore.post();
        std::uint32_t taken = 0;
        while (semaphore.wait_for(0s))
            ++taken;
        BOOST_TEST(taken >= 1u);
        BOOST_TEST(taken <= max_sleepers);
        semaphore.post();
        BOOST_TEST(semaphore.wait_for(0s));
        BOOST_TEST(!semaphore.wait_for(0s));
    }
}
