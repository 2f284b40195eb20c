// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_MACOS_SYSTEM_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_MACOS_SYSTEM_HPP

// macOS: where objects are, barriers, memory, semaphores.

#include <fcntl.h>

// The kernel has them; <fcntl.h> shows them under some feature macros only.
#if !defined(F_OFD_SETLK)
#define F_OFD_SETLK 90
#define F_OFD_SETLKW 91
#define F_OFD_GETLK 92
#endif

#include <boost_ipq/detail/platform/posix/kernel_file.hpp>
#include <boost_ipq/detail/platform/posix/objects.hpp>
#include <boost_ipq/detail/platform/shared_directory.hpp>
#include <boost/interprocess/creation_tags.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <boost/system/error_code.hpp>
#include <dlfcn.h>
#include <sys/mount.h>
#include <sys/param.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

// Opening /dev/fd/N would share the description, and so its locks.
inline int reopen(int descriptor) noexcept
{
    char path[MAXPATHLEN];
    struct stat here, there;
    if (::fcntl(descriptor, F_GETPATH, path) != 0 ||
        ::fstat(descriptor, &here) != 0)
        return -1;
    const int result = ::open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (result >= 0 &&
        (::fstat(result, &there) != 0 || here.st_dev != there.st_dev ||
         here.st_ino != there.st_ino))
    {
        ::close(result);
        return -1;
    }
    return result;
}

// Where the lock files of shared-memory queues are: where Boost keeps the
// segments, which are files here. Boost makes the directory writable for all;
// made sticky, nobody removes the queues of others.
inline std::string object_directory()
{
    const std::string result = shared_directory();
    struct stat status;
    if (::lstat(result.c_str(), &status) == 0 && status.st_uid == ::geteuid() &&
        (status.st_mode & 07777) == 0777)
        ::chmod(result.c_str(), 01777);
    return result;
}

// Longest name of a segment or semaphore: sem_open() takes 31 bytes with the
// slash before the name and the zero behind it.
constexpr std::size_t max_object_name = 29;

// File systems that do not tell "a" from "A" are the rule.
constexpr bool case_sensitive_names = false;

// Reserves room on the disk, so that a full one is an error now and not a
// SIGBUS later. Behind the end of the file the system reserves it; before it,
// where the file may have holes, each page is written as it was read: nobody
// else uses the file yet.
inline void reserve_pages(
    int descriptor, std::uint64_t at, std::uint64_t size,
    boost::system::error_code& ec) noexcept
{
    const auto fail = [&](int error) {
        ec.assign(error, boost::system::system_category());
    };
    ec.clear();
    struct statfs system;
    struct stat status;
    if (::fstat(descriptor, &status) != 0)
        return fail(errno);
    const auto end = static_cast<std::uint64_t>(status.st_size);
    const std::uint64_t held = static_cast<std::uint64_t>(status.st_blocks) *
                               512; // whatever the block size
    if (::fstatfs(descriptor, &system) == 0 && at + size > held &&
        (at + size - held) / system.f_bsize > system.f_bavail)
        return fail(ENOSPC);
    if (at + size > end)
    {
        fstore_t store = {};
        store.fst_flags = F_ALLOCATEALL;
        store.fst_posmode = F_PEOFPOSMODE;
        store.fst_length = static_cast<off_t>(at + size - end);
        // Not every file system can; then the look at its free space has to
        // do.
        if (::fcntl(descriptor, F_PREALLOCATE, &store) != 0 &&
            (errno == ENOSPC || errno == EDQUOT))
            return fail(ENOSPC);
    }
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    for (std::uint64_t i = at; i < (std::min)(at + size, end); i += page)
    {
        char byte = 0;
        const auto place = static_cast<off_t>(i);
        if (retry([&] { return ::pread(descriptor, &byte, 1, place); }) != 1 ||
            retry([&] { return ::pwrite(descriptor, &byte, 1, place); }) != 1)
            return fail(errno == EDQUOT ? ENOSPC : errno);
    }
}

// Maps pages that will be used, to save a fault each in the first lap.
inline void populate(void* address, std::size_t size) noexcept
{
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const volatile char* const bytes = static_cast<const char*>(address);
    for (std::size_t i = 0; i < size; i += page)
        (void)bytes[i];
}

// There is no barrier that reaches other processes: wakers fence.
inline bool register_for_asymmetric_fence() noexcept
{
    return false;
}

inline bool asymmetric_fence_heavy() noexcept
{
    return false;
}

// Takes the tokens from a semaphore, or makes it with exactly these
// permissions. They cannot be changed later and obey the umask, so a queue that
// is shared with other users sets the umask, which is the process's, to 0 for
// this moment.
inline void provide_semaphore(
    const std::string& name,
    const boost::interprocess::permissions& permissions,
    boost::system::error_code& ec)
{
    struct umask_scope
    {
        explicit umask_scope(bool lift)
            : lifted(lift),
              before(lift ? ::umask(0) : mode_t())
        {
        }
        ~umask_scope()
        {
            if (lifted)
                ::umask(before);
        }
        const bool lifted;
        const mode_t before;
    };
    fork_registry::instance().guarded([&] {
        const umask_scope scope((permissions.get_permissions() & 077) != 0);
        drain_semaphore(name, permissions);
    });
    ec.clear();
}

// Waiting for a token of a named semaphore, which macOS cannot do for a given
// time (there is no sem_timedwait, and Boost's substitute spins).
//
// From macOS 14.4 on the thread sleeps on the shared word `posts`, which every
// post changes (os_sync_wait_on_address). Before, and wherever that fails, it
// looks at the semaphore again and again, at first every 20 us, soon every
// millisecond: a wake-up then takes up to 1 ms more, and a sleeping thread
// about 1000 short naps a second.
class semaphore_wait
{
public:
    semaphore_wait(
        boost::interprocess::named_semaphore& semaphore, const std::string&,
        std::atomic<std::uint32_t>& posts)
        : m_semaphore(semaphore),
          m_posts(posts)
    {
        find(m_sleep, "os_sync_wait_on_address_with_timeout");
        find(m_wake, "os_sync_wake_by_address_any");
    }

    semaphore_wait(const semaphore_wait&) = delete;
    semaphore_wait& operator=(const semaphore_wait&) = delete;

    // Waits for a token; false: none came in that time.
    bool wait_for(std::chrono::nanoseconds duration)
    {
        using clock = std::chrono::steady_clock;
        const auto until = clock::now() + duration;
        std::chrono::nanoseconds nap = std::chrono::microseconds(20);
        for (;;)
        {
            const auto posts = m_posts.load(std::memory_order_seq_cst);
            if (m_semaphore.try_wait())
                return true;
            const std::chrono::nanoseconds rest = until - clock::now();
            if (rest <= std::chrono::nanoseconds::zero())
                return false;
            if (sleep(posts, rest))
                continue;
            nap = (std::min<
                   std::chrono::
                       nanoseconds>)(nap * 2, std::chrono::milliseconds(1));
            const struct timespec time = {
                0, static_cast<long>((std::min)(nap, rest).count())};
            ::nanosleep(&time, nullptr);
        }
    }

    void post()
    {
        m_semaphore.post();
        m_posts.fetch_add(1, std::memory_order_seq_cst);
        if (m_wake)
            m_wake(&m_posts, sizeof m_posts, shared);
    }

private:
    // <os/os_sync_wait_on_address.h>, which older SDKs do not have.
    using sleep_function =
        int(void*, std::uint64_t, std::size_t, std::uint32_t, std::uint32_t,
            std::uint64_t);
    using wake_function = int(void*, std::size_t, std::uint32_t);
    static constexpr std::uint32_t shared = 1; // between processes
    static constexpr std::uint32_t monotonic =
        32; // OS_CLOCK_MACH_ABSOLUTE_TIME

    template <class Function>
    static void find(Function*& function, const char* name) noexcept
    {
        void* const found = ::dlsym(RTLD_DEFAULT, name);
        static_assert(sizeof found == sizeof function, "POSIX demands it");
        std::memcpy(&function, &found, sizeof function);
    }

    // Until the word has another value, or that time has passed. False: that
    // is not to be had.
    bool sleep(std::uint32_t value, std::chrono::nanoseconds duration) noexcept
    {
        return m_sleep && m_wake &&
               (m_sleep(
                    &m_posts, value, sizeof m_posts, shared, monotonic,
                    static_cast<std::uint64_t>(duration.count())) >= 0 ||
                errno == ETIMEDOUT || errno == EINTR);
    }

    boost::interprocess::named_semaphore& m_semaphore;
    std::atomic<std::uint32_t>& m_posts;
    sleep_function* m_sleep = nullptr;
    wake_function* m_wake = nullptr;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
