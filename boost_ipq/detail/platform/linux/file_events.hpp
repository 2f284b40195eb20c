// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_LINUX_FILE_EVENTS_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_LINUX_FILE_EVENTS_HPP

// Waits until a process touches one of many open files, by a read of a byte
// (inotify). The kernel's work for a wake-up does not grow with their number.

#include <boost_ipq/detail/platform/linux/futex.hpp>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

class file_events
{
public:
    file_events() noexcept = default;
    file_events(const file_events&) = delete;
    file_events& operator=(const file_events&) = delete;

    ~file_events()
    {
        if (m_events >= 0)
            ::close(m_events);
        if (m_wake >= 0)
            ::close(m_wake);
    }

    // Returns whether it is open. A user has 128 instances, unless configured.
    bool open() noexcept
    {
        if (m_events < 0)
            m_events = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        if (m_wake < 0)
            m_wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        return m_events >= 0 && m_wake >= 0;
    }

    // Returns a number for the file, always the same one; -1: refused.
    int watch(int descriptor)
    {
        const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
        return ::inotify_add_watch(
            m_events, path.c_str(), IN_ACCESS | IN_MODIFY | IN_DELETE_SELF);
    }

    void forget(int number) noexcept { ::inotify_rm_watch(m_events, number); }

    // Waits for a touch, for wake(), or for that time. Returns the number of a
    // file that was touched, or -1.
    int wait(std::chrono::nanoseconds duration) noexcept
    {
        struct pollfd polled[] = {{m_events, POLLIN, 0}, {m_wake, POLLIN, 0}};
        const struct timespec time = to_timespec(duration);
        if (::ppoll(polled, 2, &time, nullptr) <= 0)
            return -1;
        if (polled[1].revents != 0)
        {
            clear_wake();
            return -1; // a touch is not lost: the files are looked at again
        }
        alignas(struct inotify_event) char events[max_events_read];
        struct inotify_event first;
        if (::read(m_events, events, sizeof events) <
            static_cast<ssize_t>(sizeof first))
            return -1;
        std::memcpy(&first, events, sizeof first);
        // A watch that was removed is no touch: the caller looks again.
        return (first.mask & IN_IGNORED) != 0 ? -1 : first.wd;
    }

    // Waits for wake(), or for that time. Returns whether it was woken.
    bool nap(std::chrono::nanoseconds duration) noexcept
    {
        struct pollfd polled = {m_wake, POLLIN, 0};
        const struct timespec time = to_timespec(duration);
        if (::ppoll(&polled, 1, &time, nullptr) <= 0)
            return false;
        clear_wake();
        return true;
    }

    // Async-signal-safe.
    void wake() noexcept
    {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_wake, &one, sizeof one);
    }

private:
    // Bytes of the events that are read at once: of 512 files.
    static constexpr std::size_t max_events_read = 8192;

    void clear_wake() noexcept
    {
        std::uint64_t ignored;
        [[maybe_unused]] const auto count =
            ::read(m_wake, &ignored, sizeof ignored);
    }

    int m_events = -1;
    int m_wake = -1;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
