// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_SHARED_PAGE_HPP
#define BOOST_IPQ_TEST_SHARED_PAGE_HPP

#include <sys/mman.h>
#include <cerrno>
#include <new>
#include <system_error>

namespace test {

// An object, initially zero, that this process shares with its future children.
template <class T>
class shared_object
{
public:
    shared_object()
    {
        void* const memory = ::mmap(
            nullptr, sizeof(T), PROT_READ | PROT_WRITE,
            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            throw std::system_error(errno, std::generic_category(), "mmap");
        m_object = ::new (memory) T();
    }

    shared_object(const shared_object&) = delete;
    shared_object& operator=(const shared_object&) = delete;
    ~shared_object() { ::munmap(m_object, sizeof(T)); }

    T& operator*() const noexcept { return *m_object; }
    T* operator->() const noexcept { return m_object; }

private:
    T* m_object;
};

} // namespace test

#endif
