// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_THREAD_CANCELLATION_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_THREAD_CANCELLATION_HPP

// pthread_cancel() unwinds the stack of a thread at its next cancellation
// point. Destructors and noexcept functions of the library contain such calls,
// and unwinding them would end the process. So the library disables
// cancellation around every call that may be a cancellation point. A request
// stays pending until the thread reaches a cancellation point of its own.

#if !defined(_WIN32)
#include <pthread.h>
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

#if defined(_WIN32)

class no_thread_cancellation
{
public:
    no_thread_cancellation() noexcept {}
    ~no_thread_cancellation() {}
    no_thread_cancellation(const no_thread_cancellation&) = delete;
    no_thread_cancellation& operator=(const no_thread_cancellation&) = delete;
};

#else

class no_thread_cancellation
{
public:
    no_thread_cancellation() noexcept
    {
        ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &m_before);
    }

    ~no_thread_cancellation()
    {
        int ignored;
        ::pthread_setcancelstate(m_before, &ignored);
    }

    no_thread_cancellation(const no_thread_cancellation&) = delete;
    no_thread_cancellation& operator=(const no_thread_cancellation&) = delete;

private:
    int m_before = PTHREAD_CANCEL_ENABLE;
};

#endif

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
