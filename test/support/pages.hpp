// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_PAGES_HPP
#define BOOST_IPQ_TEST_PAGES_HPP

// Pages of memory of this process.

#if defined(_WIN32)
#include <boost_ipq/detail/platform/windows/api.hpp>
#else
#include <sys/mman.h>
#endif
#include <boost/interprocess/mapped_region.hpp>
#include <cstddef>
#include <new>

namespace test {

inline std::size_t page_size()
{
    return boost::interprocess::mapped_region::get_page_size();
}

// Effects: reserves addresses, which must not be used before permit_pages().
inline void* reserve_pages(std::size_t size)
{
#if defined(_WIN32)
    void* const result =
        ::VirtualAlloc(nullptr, size, MEM_RESERVE, PAGE_NOACCESS);
    if (!result)
        throw std::bad_alloc();
#else
    void* const result = ::mmap(
        nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
        -1, 0);
    if (result == MAP_FAILED)
        throw std::bad_alloc();
#endif
    return result;
}

// Effects: these pages may be used. One exists when it is used.
inline void permit_pages(void* begin, std::size_t size)
{
#if defined(_WIN32)
    if (!::VirtualAlloc(begin, size, MEM_COMMIT, PAGE_READWRITE))
        throw std::bad_alloc();
#else
    if (::mprotect(begin, size, PROT_READ | PROT_WRITE) != 0)
        throw std::bad_alloc();
#endif
}

inline void
release_pages(void* begin, [[maybe_unused]] std::size_t size) noexcept
{
#if defined(_WIN32)
    ::VirtualFree(begin, 0, MEM_RELEASE);
#else
    ::munmap(begin, size);
#endif
}

} // namespace test

#endif
