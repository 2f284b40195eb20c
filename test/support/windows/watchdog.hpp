// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_WINDOWS_WATCHDOG_HPP
#define BOOST_IPQ_TEST_WINDOWS_WATCHDOG_HPP

// Ends a test program that hangs, and the children that it started.

#include <boost_ipq/detail/platform/windows/api.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

namespace test {

class watchdog
{
public:
    static constexpr unsigned default_limit = 60; // seconds

    // Effects: ends this process after `seconds` (0: never), unless start() is
    // called again before. Each test case restarts the watchdog; a long one
    // sets its own limit.
    static void start(unsigned seconds = default_limit)
    {
        watchdog& own = instance();
        const std::lock_guard<std::mutex> lock(own.m_mutex);
        own.m_end = seconds == 0 ? clock::time_point()
                                 : clock::now() + std::chrono::seconds(seconds);
        own.m_changed.notify_one();
    }

    // Effects: makes this child die with its parent.
    static void add_child(HANDLE child) noexcept
    {
        ::AssignProcessToJobObject(instance().m_job, child);
    }

private:
    using clock = std::chrono::steady_clock;

    watchdog() : m_job(::CreateJobObjectW(nullptr, nullptr))
    {
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION limit = {};
        limit.BasicLimitInformation.LimitFlags =
            JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
        ::SetInformationJobObject(
            m_job, JobObjectExtendedLimitInformation, &limit, sizeof limit);
        std::thread([this] { watch(); }).detach();
    }

    // Never destroyed. The job's only handle is closed with this process, and
    // the job ends its processes then.
    static watchdog& instance()
    {
        static watchdog* const own = new watchdog;
        return *own;
    }

    void watch()
    {
        std::unique_lock<std::mutex> lock(m_mutex);
        for (;;)
        {
            if (m_end == clock::time_point())
                m_changed.wait(lock);
            else if (clock::now() < m_end)
                m_changed.wait_until(lock, m_end);
            else
                bark();
        }
    }

    [[noreturn]] static void bark()
    {
        std::fputs("watchdog: the test hangs\n", stderr);
        std::fflush(stderr);
        for (;;)
            ::TerminateProcess(::GetCurrentProcess(), 3);
    }

    const HANDLE m_job;
    std::mutex m_mutex{};
    std::condition_variable m_changed{};
    clock::time_point m_end{}; // none: never
};

} // namespace test

#endif
