// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_FRAMING_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_FRAMING_HPP

// How messages follow each other in the standard input and output.

#include "command.hpp"

namespace ipq {

enum class frame
{
    line,   // a newline ends each message
    length, // its length in 4 bytes, least significant first, precedes it
    fixed   // all have one size; the last may be shorter
};

inline po::options_description frame_options()
{
    po::options_description options("Form of the messages");
    options.add_options()(
        "frame",
        po::value<std::string>()
            ->default_value("line", "line")
            ->value_name("FORM"),
        "line: a newline ends each message. length: its length in 4 bytes, "
        "least significant first, precedes it. fixed: nothing stands between "
        "the messages");
    return options;
}

inline frame frame_of(const po::variables_map& values)
{
    const auto& name = values["frame"].as<std::string>();
    if (name == "line")
        return frame::line;
    if (name == "length")
        return frame::length;
    if (name == "fixed")
        return frame::fixed;
    throw po::error("--frame is line, length or fixed");
}

// Reads messages from the standard input.
class frame_reader
{
public:
    // `size` is that of fixed messages; none is larger than `limit`.
    frame_reader(frame form, std::uint64_t size, std::uint64_t limit)
        : m_form(form),
          m_size(size),
          m_limit(limit)
    {
    }

    // Returns false at the end of the input.
    bool read(std::string& message)
    {
        ++m_number;
        errno = 0;
        bool found = false;
        if (m_form == frame::line)
            found = bool(std::getline(std::cin, message));
        else if (m_form == frame::fixed)
            found = fill(message, m_size) != 0;
        else
            found = read_length(message);
        if (!found && std::ferror(stdin) && !interrupted())
            fail("cannot read the standard input");
        return found;
    }

private:
    // Returns the number of bytes before the end of the input.
    std::size_t fill(std::string& message, std::uint64_t size)
    {
        if (size > m_limit)
            throw std::runtime_error(
                "message " + std::to_string(m_number) + " has " +
                std::to_string(size) + " bytes and could never fit the queue");
        message.resize(static_cast<std::size_t>(size));
        std::cin.read(&message[0], static_cast<std::streamsize>(size));
        message.resize(static_cast<std::size_t>(std::cin.gcount()));
        return message.size();
    }

    bool read_length(std::string& message)
    {
        const auto head = fill(message, 4);
        if (head == 0)
            return false;
        std::uint64_t size = 0;
        for (std::size_t i = head; i-- > 0;)
            size = size << 8 | static_cast<unsigned char>(message[i]);
        if ((head != 4 || fill(message, size) != size) && !interrupted())
            throw std::runtime_error(
                "the input ends within message " + std::to_string(m_number));
        return !interrupted();
    }

    frame m_form;
    std::uint64_t m_size;
    std::uint64_t m_limit;
    std::uint64_t m_number = 0;
};

// Writes a message to the standard output, and waits until it is written.
inline void write_framed(frame form, const void* data, std::size_t size)
{
    errno = 0;
    if (form == frame::length)
        for (int shift = 0; shift < 32; shift += 8)
            std::cout.put(static_cast<char>(size >> shift & 0xff));
    std::cout.write(
        static_cast<const char*>(data), static_cast<std::streamsize>(size));
    if (form == frame::line)
        std::cout.put('\n');
    if (!std::cout.flush())
        fail("cannot write to the standard output");
}

} // namespace ipq

#endif
