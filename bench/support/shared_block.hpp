// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_SHARED_BLOCK_HPP
#define BOOST_IPQ_BENCH_SHARED_BLOCK_HPP

#include "system.hpp"
#include <sys/mman.h>
#include <new>

namespace bench {

// An object that forked processes share.
template <class T>
class shared_block
{
public:
    shared_block()
    {
        void* memory = ::mmap(
            nullptr, sizeof(T), PROT_READ | PROT_WRITE,
            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            fail("mmap");
        m_object = new (memory) T;
    }

    shared_block(const shared_block&) = delete;
    shared_block& operator=(const shared_block&) = delete;

    ~shared_block() { ::munmap(m_object, sizeof(T)); }

    T& operator*() const noexcept { return *m_object; }
    T* operator->() const noexcept { return m_object; }

private:
    T* m_object;
};

} // namespace bench

#endif
