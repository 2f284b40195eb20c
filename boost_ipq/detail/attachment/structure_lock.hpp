// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_STRUCTURE_LOCK_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_STRUCTURE_LOCK_HPP

#include <boost_ipq/detail/core/backoff.hpp>
#include <boost_ipq/detail/core/fork_mutex.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <mutex>

namespace boost_ipq {
namespace detail {

// Holds the structure lock of a file. For the kernel, the owner of that lock is
// the open file, so threads that share the file exclude each other by a mutex.
class structure_lock
{
public:
    structure_lock(
        lock_file& file, fork_mutex& mutex, give_up_condition give_up)
        : m_guard(mutex, std::defer_lock),
          m_file(file),
          m_held(acquire(give_up))
    {
    }

    structure_lock(const structure_lock&) = delete;
    structure_lock& operator=(const structure_lock&) = delete;

    ~structure_lock()
    {
        if (m_held)
            m_file.unlock_structure();
    }

    // False: gave up.
    explicit operator bool() const noexcept { return m_held; }

private:
    bool acquire(give_up_condition give_up)
    {
        backoff pause;
        while (!m_guard.try_lock())
        {
            if (give_up(pause.waited()))
                return false;
            pause.wait();
        }
        if (give_up.never())
            return m_file.lock_structure({});
        const auto over = [&] { return give_up(pause.waited()); };
        return m_file.lock_structure(over);
    }

    std::unique_lock<fork_mutex> m_guard;
    lock_file& m_file;
    const bool m_held;
};

} // namespace detail
} // namespace boost_ipq

#endif
