// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_ID_TEXT_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_ID_TEXT_HPP

// Ids of messages as brokers carry them: the epoch in 16 hexadecimal digits, a
// dash, the sequence number.

#include <boost_ipq/message_id.hpp>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace bridge {

constexpr std::size_t id_text_size = 16 + 1 + 20;

// Returns behind the last character. This is done for each message: printf
// needs twenty times as many instructions.
inline char* write_id(char* to, boost_ipq::message_id id)
{
    for (int shift = 60; shift >= 0; shift -= 4)
        *to++ = "0123456789abcdef"[(id.epoch >> shift) & 15];
    *to++ = '-';
    return std::to_chars(to, to + 20, id.sequence).ptr;
}

// Returns {} if it is none.
inline boost_ipq::message_id read_id(const char* text, std::size_t size)
{
    boost_ipq::message_id id{};
    const char* const end = text + size;
    const auto epoch = std::from_chars(text, end, id.epoch, 16);
    if (epoch.ec != std::errc() || epoch.ptr == end || *epoch.ptr != '-')
        return {};
    const auto sequence = std::from_chars(epoch.ptr + 1, end, id.sequence);
    if (sequence.ec != std::errc() || sequence.ptr != end)
        return {};
    return id;
}

} // namespace bridge

#endif
