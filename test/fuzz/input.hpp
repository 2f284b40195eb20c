// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_FUZZ_INPUT_HPP
#define BOOST_IPQ_TEST_FUZZ_INPUT_HPP

// The bytes that libFuzzer makes, read as numbers. Behind the end, all are 0.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace fuzz {

// Ends the program, which libFuzzer reports as a crash.
inline void require(bool condition, const char* what)
{
    if (condition)
        return;
    std::fprintf(stderr, "fuzz: %s\n", what);
    std::abort();
}

class input
{
public:
    input(const std::uint8_t* data, std::size_t size) noexcept
        : m_data(data),
          m_size(size)
    {
    }

    bool empty() const noexcept { return m_size == 0; }

    template <class T>
    T get() noexcept
    {
        T value = 0;
        const std::size_t size = (std::min)(m_size, sizeof value);
        std::memcpy(&value, m_data, size);
        skip(size);
        return value;
    }

    // Returns: a number below the limit, which is not 0.
    std::size_t below(std::size_t limit) noexcept
    {
        return limit <= 256 ? get<std::uint8_t>() % limit
                            : get<std::uint32_t>() % limit;
    }

    // Returns: up to `limit` of the bytes that are left.
    std::string bytes(std::size_t limit)
    {
        const std::size_t size = (std::min)(m_size, limit);
        std::string result(reinterpret_cast<const char*>(m_data), size);
        skip(size);
        return result;
    }

private:
    void skip(std::size_t size) noexcept
    {
        m_data += size;
        m_size -= size;
    }

    const std::uint8_t* m_data;
    std::size_t m_size;
};

} // namespace fuzz

#endif
