// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_NO_SIGNALS_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_NO_SIGNALS_HPP

// A thread that is started meanwhile gets no signals: the program's own threads
// must handle them.

#if !defined(_WIN32)
#include <signal.h>
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

class no_signals
{
public:
    no_signals(const no_signals&) = delete;
    no_signals& operator=(const no_signals&) = delete;

#if defined(_WIN32)
    no_signals() noexcept {}
    ~no_signals() {}
#else
    no_signals() noexcept
    {
        ::sigset_t all;
        sigfillset(&all); // a macro on macOS
        ::pthread_sigmask(SIG_SETMASK, &all, &m_before);
    }

    ~no_signals()
    {
        ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }

private:
    ::sigset_t m_before{};
#endif
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
