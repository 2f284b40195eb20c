// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_LINUX_PAGES_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_LINUX_PAGES_HPP

// The pages of a segment: reserved when it is created, each of them once; huge,
// or on a NUMA node, if that was asked for.

#include <boost_ipq/detail/platform/convert.hpp>
#include <boost_ipq/detail/platform/generic.hpp>
#include <boost_ipq/detail/platform/page_placement.hpp>
#include <boost_ipq/detail/platform/posix/kernel_file.hpp>
#include <boost_ipq/detail/platform/posix/memory_file.hpp>
#include <boost/system/error_code.hpp>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace boost_ipq {
namespace detail {
namespace platform {

// Bytes that are reserved by one system call, at most and at least. A signal
// interrupts it, and the kernel then gives back what it has allocated: pieces
// become smaller until one is finished between two signals of a timer.
constexpr std::uint64_t reserved_at_once = 1 << 20;
constexpr std::uint64_t least_reserved = 1 << 12;

// Reserves pages without changing what they hold. Returns an error number.
inline int
allocate(int descriptor, std::uint64_t at, std::uint64_t size) noexcept
{
    if (is_generic)
        return EOPNOTSUPP;
    std::uint64_t most = reserved_at_once;
    for (const std::uint64_t end = at + size; at < end;)
    {
        const std::uint64_t piece = (std::min)(most, end - at);
        if (::fallocate(
                descriptor, 0, static_cast<off_t>(at),
                static_cast<off_t>(piece)) == 0)
            at += piece;
        else if (errno == EINTR)
            most = (std::max)(most / 2, least_reserved);
        else
            return errno;
    }
    return 0;
}

// For file systems that cannot do that. posix_fallocate() would do the same,
// but fail if a signal interrupts it.
inline int
write_pages(int descriptor, std::uint64_t at, std::uint64_t size) noexcept
{
    char buffer[1 << 14];
    for (const std::uint64_t end = at + size; at < end;)
    {
        const auto piece = static_cast<std::size_t>(
            (std::min)(convert<std::uint64_t>(sizeof buffer), end - at));
        const auto place = static_cast<off_t>(at);
        std::memset(buffer, 0, piece); // what lies behind the end of the file
        if (retry([&] { return ::pread(descriptor, buffer, piece, place); }) <
            0)
            return errno;
        const auto written =
            retry([&] { return ::pwrite(descriptor, buffer, piece, place); });
        if (written <= 0)
            return written < 0 ? errno : EIO;
        at += static_cast<std::uint64_t>(written);
    }
    return 0;
}

inline bool cannot_allocate(int error) noexcept
{
    return error == EOPNOTSUPP || error == EINVAL || error == ENOSYS;
}

// Fails if the file system has no room for that many bytes. Pages that the file
// has already count: newer versions of Boost allocate them.
inline void check_free_space(
    int descriptor, std::uint64_t size, boost::system::error_code& ec) noexcept
{
    struct statvfs status;
    struct stat file;
    const bool full =
        ::fstatvfs(descriptor, &status) == 0 && status.f_blocks != 0 &&
        ::fstat(descriptor, &file) == 0 &&
        size / status.f_frsize >
            status.f_bavail + static_cast<std::uint64_t>(file.st_blocks) * 512 /
                                  status.f_frsize;
    ec.assign(full ? ENOSPC : 0, boost::system::system_category());
}

// Reserves pages of a file that no other process uses yet, so that a full file
// system is an error now and not a SIGBUS later.
inline void reserve_pages(
    int descriptor, std::uint64_t at, std::uint64_t size,
    boost::system::error_code& ec) noexcept
{
    check_file_size(at + size, ec);
    // Asks for the free space first: allocating the last pages of a machine's
    // memory one by one is slow, and may end other processes.
    if (!ec)
        check_free_space(descriptor, size, ec);
    if (ec)
        return;
    int error = allocate(descriptor, at, size);
    if (cannot_allocate(error))
        error = write_pages(descriptor, at, size);
    ec.assign(error, boost::system::system_category());
}

// Are the pages of that file in memory, and nowhere else? If the kernel does
// not answer, it is taken for a different one.
inline bool is_in_memory(int descriptor) noexcept
{
    struct statfs system;
    return ::fstatfs(descriptor, &system) == 0 && system.f_type == TMPFS_MAGIC;
}

// Reserves the pages that a file lacks although it is long enough: the file was
// copied, for example. Other processes may use it.
inline void reserve_holes(
    int descriptor, std::uint64_t size, boost::system::error_code& ec) noexcept
{
    ec.clear();
    // In memory, pages that were reserved and never written look like holes,
    // but count as blocks of the file.
    struct stat status;
    if (is_in_memory(descriptor) && ::fstat(descriptor, &status) == 0 &&
        static_cast<std::uint64_t>(status.st_blocks) * 512 >= size)
        return;
    const off_t hole = ::lseek(descriptor, 0, SEEK_HOLE);
    if (hole < 0 || static_cast<std::uint64_t>(hole) >= size)
        return;
    // Where the file system cannot do that, only writing would help, and could
    // overwrite what other processes write.
    const int error = allocate(descriptor, 0, size);
    if (!cannot_allocate(error))
        ec.assign(error, boost::system::system_category());
}

// Bytes of a huge page, where pages have 4 KiB. On other systems the kernel
// refuses to make such a page.
constexpr std::size_t huge_page = std::size_t(2) << 20;

// Bytes for which huge pages are asked for by one system call. Each call makes
// all processors finish something first.
constexpr std::size_t huge_at_once = std::size_t(64) << 20;

// Calls that failed: the kernel cannot make huge pages, or has none left.
constexpr int max_huge_failures = 4;

// Where to map a file of that size so that a huge page of it can be mapped as
// such. Null: anywhere.
inline void* aligned_address(std::size_t size) noexcept
{
    if (size < huge_page)
        return nullptr;
    void* const found = ::mmap(
        nullptr, size + huge_page, PROT_NONE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (found == MAP_FAILED)
        return nullptr;
    ::munmap(found, size + huge_page);
    const auto address = reinterpret_cast<std::uintptr_t>(found);
    return reinterpret_cast<void*>(
        (address + huge_page - 1) / huge_page * huge_page);
}

// A file mapped for a while.
class passing_map
{
public:
    passing_map(int descriptor, std::size_t size) noexcept
        : m_address(::mmap(
              aligned_address(size), size, PROT_READ | PROT_WRITE, MAP_SHARED,
              descriptor, 0)),
          m_size(size)
    {
    }

    passing_map(const passing_map&) = delete;
    passing_map& operator=(const passing_map&) = delete;

    ~passing_map()
    {
        if (*this)
            ::munmap(m_address, m_size);
    }

    explicit operator bool() const noexcept { return m_address != MAP_FAILED; }
    char* address() const noexcept { return static_cast<char*>(m_address); }
    std::size_t size() const noexcept { return m_size; }

private:
    void* m_address;
    std::size_t m_size;
};

// New pages of the mapped file come from that node as long as it has some. The
// policy stays with a file in memory; other files have none. Returns an error
// number.
inline int
prefer_node(int descriptor, const passing_map& memory, unsigned node) noexcept
{
    constexpr int preferred = 1; // MPOL_PREFERRED
    constexpr unsigned move = 2; // MPOL_MF_MOVE: the pages that are there
    constexpr unsigned bits = 8 * sizeof(unsigned long);
    constexpr unsigned nodes = max_numa_node + 1;
    unsigned long mask[nodes / bits] = {};
    if (!is_in_memory(descriptor))
        return EOPNOTSUPP;
    mask[node / bits] |= 1ul << node % bits;
    // The kernel reads one bit less than it is told.
    return ::syscall(
               SYS_mbind, memory.address(), memory.size(), preferred, mask,
               nodes + 1ul, move) == 0
               ? 0
               : errno;
}

// Makes huge pages of the mapped file, as far as the kernel can (Linux 6.1). It
// makes one of small ones, at least one of which must be there; the others are
// cleared as part of the huge page, so no page is touched twice.
inline void make_huge_pages(int descriptor, const passing_map& memory) noexcept
{
    constexpr int madv_collapse = 25;
    const std::size_t end = memory.size() / huge_page * huge_page;
    int failures = 0;
    for (std::size_t at = 0; at < end && failures < max_huge_failures;)
    {
        const std::size_t next = (std::min)(at + huge_at_once, end);
        // reserve_pages() reports a failure.
        for (std::size_t i = at; i < next; i += huge_page)
            if (allocate(descriptor, i, least_reserved) != 0)
                return;
        if (::madvise(memory.address() + at, next - at, madv_collapse) != 0)
            ++failures;
        at = next;
    }
}

// Before reserve_pages(): places the pages of a new file as was asked for. Huge
// pages are made as far as possible; a NUMA node that is not available is an
// error.
inline void place_pages(
    int descriptor, std::uint64_t size, const page_placement& wanted,
    boost::system::error_code& ec) noexcept
{
    const auto result = [&](int error) {
        ec.assign(error, boost::system::system_category());
    };
    ec.clear();
    if (!wanted.is_special())
        return;
    check_free_space(descriptor, size, ec);
    if (ec)
        return;
    if (retry([&] {
            return ::ftruncate(descriptor, static_cast<off_t>(size));
        }) != 0)
        return result(errno);
    const passing_map memory(descriptor, convert<std::size_t>(size));
    if (!memory)
        return result(errno);
    if (wanted.numa_node)
        result(prefer_node(descriptor, memory, *wanted.numa_node));
    if (!ec && wanted.huge)
        make_huge_pages(descriptor, memory);
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

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
