// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_PEEK_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_PEEK_HPP

// The command peek.

#include "json.hpp"
#include <boost_ipq/subscriber.hpp>

namespace ipq {

// One line. What a terminal might obey is written as \xNN.
inline void print_text(const unsigned char* bytes, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i)
    {
        if (bytes[i] >= 0x20 && bytes[i] != 0x7f && bytes[i] != '\\')
            std::cout.put(static_cast<char>(bytes[i]));
        else if (bytes[i] == '\\')
            std::cout << "\\\\";
        else
        {
            char code[8];
            std::snprintf(code, sizeof(code), "\\x%02x", bytes[i]);
            std::cout << code;
        }
    }
    std::cout << '\n';
}

// 16 bytes a line: offset, bytes, text.
inline void print_hex(const unsigned char* bytes, std::size_t size)
{
    for (std::size_t line = 0; line < size; line += 16)
    {
        char code[24];
        std::snprintf(code, sizeof(code), "%08zx ", line);
        std::cout << code;
        std::string text;
        for (std::size_t i = line; i < line + 16; ++i)
        {
            std::snprintf(
                code, sizeof(code), i < size ? " %02x" : "   ",
                i < size ? bytes[i] : 0u);
            std::cout << code;
            if (i < size)
                text +=
                    bytes[i] >= 0x20 && bytes[i] < 0x7f ? char(bytes[i]) : '.';
        }
        std::cout << "  |" << text << "|\n";
    }
}

inline po::options_description peek_options()
{
    auto options = queue_argument();
    options.add_options()(
        "count", po::value<number>()->value_name("N"),
        "at most N messages")("hex", "print the bytes of each message")(
        "json",
        "print an array of JSON: the text of each, or its bytes in hex");
    return options;
}

// A message as an object: its text if it is plain ASCII, else its bytes.
inline void print_message(const unsigned char* bytes, std::size_t size)
{
    const bool plain = std::all_of(bytes, bytes + size, [](unsigned char c) {
        return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t';
    });
    std::cout << "{\"size\": " << size;
    if (plain)
        std::cout << ", \"text\": "
                  << json_string(std::string(bytes, bytes + size));
    else
    {
        std::cout << ", \"hex\": \"";
        for (std::size_t i = 0; i < size; ++i)
            std::cout << "0123456789abcdef"[bytes[i] >> 4]
                      << "0123456789abcdef"[bytes[i] & 15];
        std::cout << '"';
    }
    std::cout << '}';
}

inline void peek(const po::variables_map& values)
{
    auto count = (std::numeric_limits<std::size_t>::max)();
    if (values.count("count"))
        count = values["count"].as<number>().value;
    const bool hex = values.count("hex"), json = values.count("json");
    if (hex && json)
        throw po::error("give one of --hex and --json");
    std::uint64_t number = 0;
    boost_ipq::subscriber in(boost_ipq::open_only, named(values));
    in.peek(
        [&](const void* data, std::size_t size) {
            const auto bytes = static_cast<const unsigned char*>(data);
            if (json)
            {
                std::cout << (number++ ? ",\n " : "[");
                return print_message(bytes, size);
            }
            if (!hex)
                return print_text(bytes, size);
            std::cout << '#' << ++number << ", " << size << " bytes\n";
            print_hex(bytes, size);
        },
        count);
    if (json)
        std::cout << (number ? "]\n" : "[]\n");
}

} // namespace ipq

#endif
