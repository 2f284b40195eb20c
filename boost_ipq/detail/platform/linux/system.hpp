// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_LINUX_SYSTEM_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_LINUX_SYSTEM_HPP

// Linux: object names, memory, barriers, semaphores.

#include <boost_ipq/detail/platform/linux/semaphore_wait.hpp>
#include <boost_ipq/detail/platform/posix/kernel_file.hpp>
#include <boost_ipq/detail/platform/posix/objects.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/system/error_code.hpp>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

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

// The directory of the lock files of queues in shared memory: the one in which
// shm_open() creates the segments.
inline std::string object_directory()
{
    return "/dev/shm";
}

// Bytes of the longest name of a segment or semaphore.
constexpr std::size_t max_object_name = 250;

// Are "a" and "A" different names?
constexpr bool case_sensitive_names = true;

// Reserves pages, so that a full file system is an error now and not a SIGBUS
// later.
inline void reserve_pages(
    int descriptor, std::uint64_t at, std::uint64_t size,
    boost::system::error_code& ec) noexcept
{
    // Asks for the free space first: allocating the last pages of a machine's
    // memory one by one is slow, and may end other processes. Pages that the
    // file has already count: newer versions of Boost allocate them.
    struct statvfs status;
    struct stat file;
    if (::fstatvfs(descriptor, &status) == 0 && status.f_blocks != 0 &&
        ::fstat(descriptor, &file) == 0 &&
        size / status.f_frsize >
            status.f_bavail + static_cast<std::uint64_t>(file.st_blocks) * 512 /
                                  status.f_frsize)
    {
        ec.assign(ENOSPC, boost::system::system_category());
        return;
    }
    int error;
    do
        error = ::posix_fallocate(
            descriptor, static_cast<off_t>(at), static_cast<off_t>(size));
    while (error == EINTR);
    ec.assign(error, boost::system::system_category());
}

// Maps pages that will be used, which saves a page fault each in the first lap.
// Kernels before 5.14 refuse this advice.
inline void populate(void* address, std::size_t size) noexcept
{
    constexpr int madv_populate_write = 23;
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto begin = reinterpret_cast<std::uintptr_t>(address) / page * page;
    ::madvise(
        reinterpret_cast<void*>(begin),
        reinterpret_cast<std::uintptr_t>(address) + size - begin,
        madv_populate_write);
}

// Asymmetric fence: the rare side pays for both (membarrier(2)).
constexpr int membarrier_global_expedited = 1 << 1;
constexpr int membarrier_register_global_expedited = 1 << 2;

// From now on asymmetric_fence_heavy() of any process reaches the threads of
// this one. Returns false if the system cannot do that.
inline bool register_for_asymmetric_fence() noexcept
{
    return ::syscall(
               SYS_membarrier, membarrier_register_global_expedited, 0, 0) == 0;
}

// A full barrier in every running thread of all registered processes. Returns
// false if the system cannot do that.
inline bool asymmetric_fence_heavy() noexcept
{
    return ::syscall(SYS_membarrier, membarrier_global_expedited, 0, 0) == 0;
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

// Sets a semaphore's count to 0, or creates the semaphore. Fails unless it has
// exactly these permissions then, whatever the umask: a different user may have
// created it with wider ones.
inline void reset_semaphore(
    const std::string& name,
    const boost::interprocess::permissions& permissions,
    boost::system::error_code& ec)
{
    open_empty_semaphore(name, permissions);
    const std::string path = "/dev/shm/sem." + name;
    const auto mode = static_cast<mode_t>(permissions.get_permissions());
    struct stat status;
    const bool exact = ::chmod(path.c_str(), mode) == 0 ||
                       (errno == EPERM && ::stat(path.c_str(), &status) == 0 &&
                        (status.st_mode & 07777) == mode);
    ec.assign(exact ? 0 : errno, boost::system::system_category());
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
