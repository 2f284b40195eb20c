// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_STAMP_HPP
#define BOOST_IPQ_BENCH_STAMP_HPP

// The contents of a message: the sender's number and a counter, at its
// beginning and at its end.

#include "../peers/channel.hpp"
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace bench {

constexpr std::uint64_t end_stamp = ~std::uint64_t(0);

// The least size of a message.
constexpr std::size_t stamp_size = sizeof(std::uint64_t);

inline void write_stamp(char* body, std::size_t size, std::uint64_t stamp)
{
    std::memcpy(body, &stamp, stamp_size);
    std::memcpy(body + size - stamp_size, &stamp, stamp_size);
}

// Returns: the bytes of a message without its stamps.
inline std::vector<char> make_body(std::size_t size)
{
    std::vector<char> body(size);
    for (std::size_t i = 0; i < size; ++i)
        body[i] = static_cast<char>(i * 7 + 1);
    return body;
}

// Numbers the messages that one process sends.
class stamper
{
public:
    explicit stamper(std::uint64_t sender) noexcept : m_last(sender << 48) {}

    std::uint64_t operator()() noexcept
    {
        m_sum += ++m_last;
        ++m_count;
        return m_last;
    }

    std::uint64_t count() const noexcept { return m_count; }
    std::uint64_t sum() const noexcept { return m_sum; }
    void reset() noexcept { m_count = m_sum = 0; }

private:
    std::uint64_t m_last;
    std::uint64_t m_count = 0, m_sum = 0;
};

// Checks the messages that one process receives: each is whole, as far as the
// row reads it, and each sender's are in order.
template <contents Read>
class checker
{
public:
    checker(std::size_t senders, std::size_t size)
        : m_size(size),
          m_expected(make_body(size)),
          m_last(senders)
    {
    }

    void operator()(const void* data, std::size_t size)
    {
        const char* const body = static_cast<const char*>(data);
        std::uint64_t first;
        std::memcpy(&first, body, stamp_size);
        if (size != m_size || !whole(body, first))
            throw std::logic_error("a message is damaged");
        if (first == end_stamp)
        {
            ++m_ends;
            return;
        }
        const std::size_t sender = first >> 48;
        if (sender >= m_last.size() || first <= m_last[sender])
            throw std::logic_error("a message is out of order");
        m_last[sender] = first;
        m_sum += first;
        ++m_count;
    }

    unsigned ends() const noexcept { return m_ends; }
    std::uint64_t count() const noexcept { return m_count; }
    std::uint64_t sum() const noexcept { return m_sum; }
    void reset() noexcept
    {
        m_count = m_sum = 0;
        m_ends = 0;
    }

private:
    bool whole(const char* body, std::uint64_t first)
    {
        if constexpr (Read == contents::first_word)
            return true;
        else if constexpr (Read == contents::all)
        {
            write_stamp(m_expected.data(), m_size, first);
            return std::memcmp(body, m_expected.data(), m_size) == 0;
        }
        else
            return std::memcmp(
                       body + m_size - stamp_size, &first, stamp_size) == 0;
    }

    std::size_t m_size;
    std::vector<char> m_expected;
    std::vector<std::uint64_t> m_last;
    std::uint64_t m_count = 0, m_sum = 0;
    unsigned m_ends = 0;
};

} // namespace bench

#endif
