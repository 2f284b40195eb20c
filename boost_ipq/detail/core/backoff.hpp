// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_CORE_BACKOFF_HPP
#define BOOST_IPQ_DETAIL_CORE_BACKOFF_HPP

#include <chrono>
#include <thread>

namespace boost_ipq {
namespace detail {

// Waiting for a holder that is alive but has no processor, or is stopped:
// gives the processor away, then sleeps, up to a millisecond at a time.
class backoff
{
public:
    void wait() noexcept
    {
        if (m_step < yields)
            std::this_thread::yield();
        else
            std::this_thread::sleep_for(std::chrono::microseconds(
                m_step < yields + 20 ? (m_step - yields + 1) * 50 : 1000));
        ++m_step;
    }

private:
    static constexpr long yields = 200;
    long m_step = 0;
};

} // namespace detail
} // namespace boost_ipq

#endif
