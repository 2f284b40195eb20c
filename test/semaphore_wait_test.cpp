// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Waiting for a semaphore, in each way that this system offers.

#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/detail/platform/system.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/mpl/list.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace platform = boost_ipq::detail::platform;
namespace bip = boost::interprocess;
using namespace std::chrono_literals;

namespace {

#if defined(__linux__)
// They are one where the C library cannot wait by the monotonic clock.
using ways = std::conditional_t<
    std::is_same<platform::semaphore_wait, platform::futex_wait>::value,
    boost::mpl::list<platform::futex_wait>,
    boost::mpl::list<platform::semaphore_wait, platform::futex_wait>>;
#else
using ways = boost::mpl::list<platform::semaphore_wait>;
#endif

struct named
{
    named() = default;
    named(const named&) = delete;
    named& operator=(const named&) = delete;
    ~named() { platform::remove_semaphore(name); }

    static platform::system_semaphore make(const std::string& name)
    {
        platform::create_semaphore(name, bip::permissions());
        return platform::open_semaphore(name, "no file");
    }

    const std::string name = test::unique_name();
    platform::system_semaphore semaphore{make(name)};
    std::atomic<std::uint32_t> posts{0};
};

template <class Wait>
struct fixture : named
{
    Wait wait{semaphore, name, posts};
};

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(times_out, Wait, ways)
{
    fixture<Wait> with;
    for (const auto duration : {0ms, 1ms, 60ms})
    {
        const auto begin = std::chrono::steady_clock::now();
        BOOST_TEST(!with.wait.wait_for(duration));
        const bool long_enough =
            std::chrono::steady_clock::now() - begin >= duration;
        BOOST_TEST(long_enough);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(posted_before, Wait, ways)
{
    fixture<Wait> with;
    with.wait.post();
    with.wait.post();
    BOOST_TEST(with.wait.wait_for(1h));
    BOOST_TEST(with.wait.wait_for(0ms));
    BOOST_TEST(!with.wait.wait_for(0ms));
}

// Each post wakes one of several threads; none wakes by itself.
BOOST_AUTO_TEST_CASE_TEMPLATE(posted_later, Wait, ways)
{
    fixture<Wait> with;
    constexpr unsigned sleepers = 4, rounds = 500;
    std::atomic<unsigned> taken{0};
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < sleepers; ++i)
        threads.emplace_back([&] {
            for (unsigned round = 0; round < rounds; ++round)
                taken += with.wait.wait_for(1h);
        });
    for (unsigned i = 0; i < sleepers * rounds; ++i)
    {
        with.wait.post();
        if (i % 3 == 0)
            while (taken != i + 1)
                std::this_thread::yield();
    }
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(taken == sleepers * rounds);
    BOOST_TEST(!with.wait.wait_for(0ms));
}

#if defined(BOOST_IPQ_DETAIL_SEM_CLOCKWAIT)

// The library never silently uses a different clock.
BOOST_FIXTURE_TEST_CASE(cannot_be_opened, named)
{
    BOOST_CHECK_THROW(
        platform::clock_wait(semaphore, name + "x", posts),
        bip::interprocess_exception);
}

#endif
