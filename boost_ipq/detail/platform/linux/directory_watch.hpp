// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_LINUX_DIRECTORY_WATCH_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_LINUX_DIRECTORY_WATCH_HPP

// Waits for changes of a file in a directory, also of one that does not exist
// yet (inotify). Without it, or as long as the directory is missing, it returns
// now and then.

#include <boost_ipq/detail/platform/linux/futex.hpp>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

class directory_watch
{
public:
    // `nap`: the longest time between two looks where no events come.
    explicit directory_watch(
        const std::string& path, std::chrono::nanoseconds nap)
        : m_directory(path, 0, path.rfind('/') + 1),
          m_file(path, path.rfind('/') + 1),
          m_nap(nap),
          m_events(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
          m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    {
        begin();
    }

    directory_watch(const directory_watch&) = delete;
    directory_watch& operator=(const directory_watch&) = delete;

    ~directory_watch()
    {
        if (m_events >= 0)
            ::close(m_events);
        if (m_wake >= 0)
            ::close(m_wake);
    }

    // Waits until the file may have changed since the last call, or wake() is
    // called, at most for that time.
    void wait(std::chrono::nanoseconds duration)
    {
        using clock = std::chrono::steady_clock;
        // Before the watch begins: the caller looks again after a short time.
        if (!m_watching && begin())
            return;
        duration =
            (std::min)(duration, m_watching && m_wake >= 0 ? max_poll : m_nap);
        const auto until = clock::now() + duration;
        struct pollfd polled[] = {
            {m_watching ? m_events : -1, POLLIN, 0}, {m_wake, POLLIN, 0}};
        for (auto rest = duration; rest.count() > 0;
             rest = until - clock::now())
        {
            const struct timespec time = to_timespec(rest);
            ::ppoll(polled, 2, &time, nullptr);
            if (polled[1].revents != 0 || concerns_file())
                return;
        }
    }

    // Called by another thread.
    void wake() noexcept
    {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_wake, &one, sizeof one);
    }

private:
    // A look a second costs nearly nothing, and notices a deadline whose clock
    // was set.
    static constexpr std::chrono::nanoseconds max_poll =
        std::chrono::seconds(1);

    bool begin()
    {
        m_watching = m_events >= 0 &&
                     ::inotify_add_watch(
                         m_events, m_directory.c_str(),
                         IN_CREATE | IN_MODIFY | IN_ATTRIB | IN_MOVED_TO |
                             IN_ONLYDIR | IN_DELETE_SELF | IN_MOVE_SELF) >= 0;
        return m_watching;
    }

    // Reads all events. If the directory itself is gone, the next wait watches
    // the one that is there then.
    bool concerns_file()
    {
        alignas(struct inotify_event) char buffer[4096];
        bool result = false;
        for (;;)
        {
            const auto size = ::read(m_events, buffer, sizeof buffer);
            if (size <= 0)
                return result;
            for (std::size_t at = 0; at < static_cast<std::size_t>(size);)
            {
                struct inotify_event event;
                std::memcpy(&event, buffer + at, sizeof event);
                const char* const name = buffer + at + sizeof event;
                if ((event.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED |
                                   IN_UNMOUNT)) != 0)
                    m_watching = false;
                result |= !m_watching || (event.mask & IN_Q_OVERFLOW) != 0 ||
                          (event.len != 0 && m_file == name);
                at += sizeof event + event.len;
            }
        }
    }

    const std::string m_directory;
    const std::string m_file;
    const std::chrono::nanoseconds m_nap;
    const int m_events;
    const int m_wake;
    bool m_watching = false;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
