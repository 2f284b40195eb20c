// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_MACOS_SYSTEM_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_MACOS_SYSTEM_HPP

// macOS: object names, memory, barriers, semaphores.

#include <fcntl.h>

// The kernel supports these commands, but <fcntl.h> defines them only under
// some feature macros.
#if !defined(F_OFD_SETLK)
#define F_OFD_SETLK 90
#define F_OFD_SETLKW 91
#define F_OFD_GETLK 92
#endif

#include <boost_ipq/detail/platform/fallback.hpp>
#include <boost_ipq/detail/platform/posix/kernel_file.hpp>
#include <boost_ipq/detail/platform/posix/memory_file.hpp>
#include <boost_ipq/detail/platform/posix/objects.hpp>
#include <boost_ipq/detail/platform/posix/ownership.hpp>
#include <boost_ipq/detail/platform/semaphore_loop.hpp>
#include <boost_ipq/detail/platform/shared_directory.hpp>
#include <boost_ipq/error.hpp>
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

// By the path: opening /dev/fd/N would share the description, and so its locks.
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

// As all systems that descend from BSD.
inline bool inherits_group(const struct stat&) noexcept
{
    return true;
}

// Segments are files here, by their paths.
constexpr bool segments_are_files = true;

// The directory of the segments and lock files of queues in shared memory.
// Boost keeps its own in /tmp, from which the system removes files that were
// not used for three days, and with them half a queue. All users may create
// queues here; the sticky bit prevents them from removing those of others.
#if defined(BOOST_INTERPROCESS_SHARED_DIR_PATH) ||                             \
    defined(BOOST_INTERPROCESS_SHARED_DIR_FUNC)
inline std::string object_directory()
{
    return shared_directory();
}
#else
inline std::string object_directory()
{
    const std::string result = "/Users/Shared/boost_ipq";
    if (::mkdir(result.c_str(), 0700) == 0)
        ::chmod(result.c_str(), 01777);
    else if (errno != EEXIST)
        throw_error(
            boost::system::error_code(errno, boost::system::system_category()),
            "creating " + result);
    return result;
}
#endif

// Bytes of the longest name of a segment or semaphore: sem_open() takes 31 with
// the slash before the name and the zero after it.
constexpr std::size_t max_object_name = 29;

// The kernel tells who holds a lock.
constexpr bool looking_locks = false;

// Most file systems do not distinguish "a" from "A".
constexpr bool case_sensitive_names = false;

// Reserves space on the disk, so that a full one is an error now and not a
// SIGBUS later. The system reserves it after the end of the file. Before the
// end, where the file may have holes, each page is read and written back: no
// other process uses the file yet.
inline void reserve_pages(
    int descriptor, std::uint64_t at, std::uint64_t size,
    boost::system::error_code& ec) noexcept
{
    const auto fail = [&](int error) {
        ec.assign(error, boost::system::system_category());
    };
    check_file_size(at + size, ec);
    if (ec)
        return;
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
        // Not every file system supports this. Then only the check of the free
        // space above applies.
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

// Checks that there is space for the pages that a file lacks although it is
// long enough: the file was copied, for example. Other processes may use it,
// and the system cannot reserve pages before the end of a file.
inline void reserve_holes(
    int descriptor, std::uint64_t size, boost::system::error_code& ec) noexcept
{
    ec.clear();
    struct statfs system;
    struct stat status;
    if (::fstat(descriptor, &status) != 0 ||
        ::fstatfs(descriptor, &system) != 0)
        return;
    const std::uint64_t held =
        static_cast<std::uint64_t>(status.st_blocks) * 512;
    if (held < size && (size - held) / system.f_bsize > system.f_bavail)
        ec.assign(ENOSPC, boost::system::system_category());
}

// The system cannot leave memory out of core dumps.
inline void set_dumped(void*, std::size_t, bool) noexcept {}

// Maps pages that will be used, which saves a page fault each in the first lap.
inline void populate(void* address, std::size_t size) noexcept
{
    touch_pages(
        address, size, static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)));
}

// Semaphores are no files here.
inline bool is_immutable_semaphore(const std::string&) noexcept
{
    return false;
}

// What the library needs and this system lacks: nothing.
inline std::string missing_kernel_feature()
{
    return {};
}

// Semaphores are not files here.
inline std::string semaphore_path(const std::string&)
{
    return {};
}

// There is one C library.
inline std::string foreign_semaphore_path(const std::string&)
{
    return {};
}

// Returns whether there was such a semaphore and it is removed.
inline bool remove_semaphore(const std::string& name) noexcept
{
    return boost::interprocess::named_semaphore::remove(name.c_str());
}

// For the text of an error: what removes objects of a queue on this system.
constexpr char who_removes_objects[] = "";

constexpr std::size_t semaphore_size = 0; // unknown

// Creates a semaphore, which must not exist, with exactly these permissions.
// They cannot be changed later and obey the umask. So for a queue that other
// users may open, the umask of the whole process is 0 for a moment.
inline void create_semaphore(
    const std::string& name,
    const boost::interprocess::permissions& permissions)
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
        boost::interprocess::named_semaphore(
            boost::interprocess::create_only, name.c_str(), 0, permissions);
    });
}

// Waits for a named semaphore, which macOS cannot do for a given time: there is
// no sem_timedwait, and Boost's substitute spins.
//
// From macOS 14.4 on the thread sleeps on the shared word `posts`
// (os_sync_wait_on_address). On older systems, and where that fails, it polls
// the semaphore, at first every 20 us, soon every millisecond: a wake-up then
// takes up to 1 ms longer, and a sleeping thread wakes about 1000 times a
// second.
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

    // Decrements the semaphore, or returns false after that time.
    bool wait_for(std::chrono::nanoseconds duration)
    {
        using std::chrono::nanoseconds;
        constexpr nanoseconds longest_nap = std::chrono::milliseconds(1);
        nanoseconds nap = std::chrono::microseconds(20);
        return wait_in_loop(
            m_semaphore, m_posts, duration,
            [&](std::uint32_t posts, nanoseconds rest) {
                if (sleep(posts, rest))
                    return;
                nap = (std::min)(nap * 2, longest_nap);
                const struct timespec time = {
                    0, static_cast<long>((std::min)(nap, rest).count())};
                ::nanosleep(&time, nullptr);
            });
    }

    void post()
    {
        post_and_count(m_semaphore, m_posts);
        if (m_wake)
            m_wake(&m_posts, sizeof m_posts, shared);
    }

private:
    // From <os/os_sync_wait_on_address.h>, which older SDKs do not have.
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

    // Sleeps while the word has this value, for at most `duration`.
    // Returns false if the system cannot do that.
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
