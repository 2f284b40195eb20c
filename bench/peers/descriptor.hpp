// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_DESCRIPTOR_HPP
#define BOOST_IPQ_BENCH_PEERS_DESCRIPTOR_HPP

#include "../support/system.hpp"
#include <sys/types.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <utility>
#include <vector>

namespace bench {

// Closes a file descriptor in its destructor.
class descriptor
{
public:
    explicit descriptor(int value = -1) noexcept : m_value(value) {}

    descriptor(descriptor&& other) noexcept
        : m_value(std::exchange(other.m_value, -1))
    {
    }

    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(m_value, other.m_value);
        return *this;
    }

    ~descriptor()
    {
        if (m_value >= 0)
            ::close(m_value);
    }

    int get() const noexcept { return m_value; }

private:
    int m_value;
};

// Effects: calls a system function, again if a signal interrupts it.
// Returns: its result, or -1 if it would block.
template <class Function>
ssize_t call(const char* what, Function function)
{
    for (;;)
    {
        const ssize_t result = function();
        if (result >= 0)
            return result;
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return -1;
        if (errno != EINTR)
            fail(what);
    }
}

// Effects: as call(), for a function that receives a message into `buffer`;
// then calls f with the message. Returns: false if it would block.
template <class F, class Function>
bool receive_into(
    std::vector<char>& buffer, F& f, const char* what, Function function)
{
    const ssize_t size = call(what, function);
    if (size < 0)
        return false;
    f(buffer.data(), static_cast<std::size_t>(size));
    return true;
}

} // namespace bench

#endif
