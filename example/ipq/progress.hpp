// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_PROGRESS_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_PROGRESS_HPP

// How far a transfer is, on the standard error if that is a terminal.

#include "../support.hpp"
#include <iostream>

namespace ipq {

using namespace example;

class progress
{
public:
    // `data` is the other end of the messages. If it is a terminal, too, the
    // user sees the messages, or types them.
    explicit progress(std::FILE* data)
        : m_shown(is_terminal(stderr) && !is_terminal(data)),
          m_begin(steady_clock::now()),
          m_last(m_begin)
    {
    }
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;

    ~progress()
    {
        if (m_shown && m_messages != 0)
        {
            show(steady_clock::now());
            std::cerr << '\n';
        }
    }

    void add(std::size_t bytes)
    {
        if (!m_shown)
            return;
        ++m_messages;
        m_bytes += bytes;
        const auto now = steady_clock::now();
        if (now - m_last < std::chrono::milliseconds(200))
            return;
        m_last = now;
        show(now);
    }

private:
    void show(steady_clock::time_point now)
    {
        const std::chrono::duration<double> passed = now - m_begin;
        char text[100];
        std::snprintf(
            text, sizeof(text), "\r%llu messages, %.1f MB, %.0f/s \033[K",
            static_cast<unsigned long long>(m_messages), double(m_bytes) / 1e6,
            double(m_messages) / (std::max)(passed.count(), 1e-9));
        std::cerr << text << std::flush;
    }

    bool m_shown;
    steady_clock::time_point m_begin, m_last;
    std::uint64_t m_messages = 0, m_bytes = 0;
};

} // namespace ipq

#endif
