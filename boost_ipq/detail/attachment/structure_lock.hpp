// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_STRUCTURE_LOCK_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_STRUCTURE_LOCK_HPP

#include <boost_ipq/detail/core/fork_mutex.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <mutex>

namespace boost_ipq {
namespace detail {

// Holds the structure lock of a file. For the kernel, the owner of that lock is
// the open file, so threads that share the file exclude each other by a mutex.
class structure_lock
{
public:
    structure_lock(lock_file& file, fork_mutex& mutex)
        : m_guard(mutex),
          m_file(file),
          m_held(true)
    {
        m_file.lock_structure();
    }

    // Does not wait.
    structure_lock(lock_file& file, fork_mutex& mutex, std::try_to_lock_t how)
        : m_guard(mutex, how),
          m_file(file),
          m_held(m_guard && m_file.try_lock_structure())
    {
    }

    structure_lock(const structure_lock&) = delete;
    structure_lock& operator=(const structure_lock&) = delete;

    ~structure_lock()
    {
        if (m_held)
            m_file.unlock_structure();
    }

    explicit operator bool() const noexcept { return m_held; }

private:
    std::unique_lock<fork_mutex> m_guard;
    lock_file& m_file;
    const bool m_held;
};

} // namespace detail
} // namespace boost_ipq

#endif
