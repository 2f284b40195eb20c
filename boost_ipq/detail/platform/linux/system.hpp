// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_LINUX_SYSTEM_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_LINUX_SYSTEM_HPP

// Linux: object names, memory, barriers, semaphores.

#include <boost_ipq/detail/platform/fork_registry.hpp>
#include <boost_ipq/detail/platform/generic.hpp>
#include <boost_ipq/detail/platform/linux/futex.hpp>
#include <boost_ipq/detail/platform/linux/pages.hpp>
#include <boost_ipq/detail/platform/linux/semaphore_wait.hpp>
#include <boost_ipq/detail/platform/posix/kernel_file.hpp>
#include <boost_ipq/detail/platform/posix/memory_file.hpp>
#include <boost_ipq/detail/platform/posix/objects.hpp>
#include <boost_ipq/detail/platform/posix/ownership.hpp>
#include <boost/interprocess/creation_tags.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <boost/system/error_code.hpp>
#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

// Formats the path by itself: snprintf() is not async-signal-safe.
inline int reopen(int descriptor) noexcept
{
    char path[32] = "/proc/self/fd/";
    char digits[16];
    int count = 0;
    for (int i = descriptor; i != 0 || count == 0; i /= 10)
        digits[count++] = static_cast<char>('0' + i % 10);
    for (int i = 0; i < count; ++i)
        path[14 + i] = digits[count - 1 - i];
    return ::open(path, O_RDWR | O_CLOEXEC);
}

// Some file systems can be mounted so that all directories do that (bsdgroups):
// nothing shows it.
inline bool inherits_group(const struct stat& directory) noexcept
{
    return (directory.st_mode & S_ISGID) != 0;
}

// The directory of the lock files of queues in shared memory: the one in which
// shm_open() creates the segments.
inline std::string object_directory()
{
    return "/dev/shm";
}

// Bytes of the longest name of a segment or semaphore.
constexpr std::size_t max_object_name = is_generic ? 29 : 250;

// Does looking whether a byte of a file is locked lock it for a moment?
constexpr bool looking_locks = false;

// Is a segment created by its path? Else by its name, as Boost's shared memory,
// and object_directory() is where Boost keeps that.
constexpr bool segments_are_files = is_generic;

// Are "a" and "A" different names?
constexpr bool case_sensitive_names = !is_generic;

// Shall core dumps of this process contain that memory? Whole pages.
inline void set_dumped(void* address, std::size_t size, bool dumped) noexcept
{
    ::madvise(address, size, dumped ? MADV_DODUMP : MADV_DONTDUMP);
}

// Asymmetric fence: the rare side pays for both (membarrier(2)).
constexpr int membarrier_global_expedited = 1 << 1;
constexpr int membarrier_register_global_expedited = 1 << 2;

// From now on asymmetric_fence_heavy() of any process reaches the threads of
// this one. Returns false if the system cannot do that.
inline bool register_for_asymmetric_fence() noexcept
{
    return !is_generic &&
           ::syscall(
               SYS_membarrier, membarrier_register_global_expedited, 0, 0) == 0;
}

// A full barrier in every running thread of all registered processes. Returns
// false if the system cannot do that.
inline bool asymmetric_fence_heavy() noexcept
{
    return !is_generic &&
           ::syscall(SYS_membarrier, membarrier_global_expedited, 0, 0) == 0;
}

// What the library needs and this kernel lacks, and what to do; empty: nothing.
inline std::string missing_kernel_feature()
{
    std::uint32_t word = 0;
    if (::syscall(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0) >= 0 ||
        (errno != ENOSYS && errno != EPERM && errno != EINVAL))
        return {};
    return "this kernel or sandbox has no futex between processes, which "
           "boost_ipq needs to sleep: permit the system call";
}

// Where sem_open() keeps a semaphore. Musl adds no prefix.
inline std::string semaphore_path(const std::string& name)
{
#if defined(__GLIBC__)
    return "/dev/shm/sem." + name;
#else
    return "/dev/shm/" + name;
#endif
}

// Where a different C library of this system keeps it. Its semaphores differ.
inline std::string foreign_semaphore_path(const std::string& name)
{
#if defined(__GLIBC__)
    return "/dev/shm/" + name;
#else
    return "/dev/shm/sem." + name;
#endif
}

// Returns whether there was such a semaphore, of whichever C library, and it is
// removed.
inline bool remove_semaphore(const std::string& name)
{
    boost::system::error_code ignored;
    const bool foreign = remove_file(foreign_semaphore_path(name), ignored);
    return boost::interprocess::named_semaphore::remove(name.c_str()) ||
           foreign;
}

// Is there such a semaphore that no user may remove (chattr +i)? Such an
// attribute shows only by a look or by a refusal, and a removal that is refused
// half way cannot be undone.
inline bool is_immutable_semaphore(const std::string& name) noexcept
{
    // STATX_ATTR_IMMUTABLE and STATX_ATTR_APPEND, which musl does not define
    constexpr std::uint64_t fixed = 0x10 | 0x20;
    struct statx status;
    return ::statx(
               AT_FDCWD, semaphore_path(name).c_str(), AT_SYMLINK_NOFOLLOW,
               STATX_TYPE, &status) == 0 &&
           (status.stx_attributes & fixed) != 0;
}

// For the text of an error: what removes objects of a queue on this system.
constexpr char who_removes_objects[] =
    " (does systemd's RemoveIPC do so at logout?)";

// Bytes of that file. Opening a shorter one would raise SIGBUS.
constexpr std::size_t semaphore_size = sizeof(sem_t);

// Creates a semaphore, which must not exist, for its owner. open_to_others()
// gives it its permissions.
inline void create_semaphore(
    const std::string& name,
    const boost::interprocess::permissions& permissions)
{
    // See shared_semaphore.
    fork_registry::instance().guarded([&] {
        boost::interprocess::named_semaphore(
            boost::interprocess::create_only, name.c_str(), 0,
            while_made(permissions));
    });
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
