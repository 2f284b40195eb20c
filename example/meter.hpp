// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_METER_HPP
#define BOOST_IPQ_EXAMPLE_METER_HPP

#include "support.hpp"
#include <boost/crc.hpp>
#include <cstddef>
#include <iomanip>
#include <sstream>
#include <utility>

namespace example {

// Counts messages, shows the progress on a terminal, and prints the totals.
class meter
{
public:
    meter(std::string verb, bool digest, bool shows_progress)
        : m_verb(std::move(verb)),
          m_digest(digest),
          m_shows_progress(shows_progress && is_terminal(stderr))
    {
    }

    meter(const meter&) = delete;
    meter& operator=(const meter&) = delete;

    ~meter() { clear_progress(); }

    // The time is measured from the first begin() to the last add().
    void begin()
    {
        if (m_start == steady_clock::time_point())
            m_start = m_last = m_shown = steady_clock::now();
    }

    void add(const void* data, std::size_t size)
    {
        ++m_messages;
        m_bytes += size;
        if (m_digest)
        {
            // The length, too: the digest also covers message boundaries.
            for (int shift = 0; shift < 64; shift += 8)
                m_crc.process_byte(
                    static_cast<unsigned char>(std::uint64_t(size) >> shift));
            m_crc.process_bytes(data, size);
        }
        m_last = steady_clock::now();
        if (m_shows_progress && m_last - m_shown >= progress_interval)
        {
            m_shown = m_last;
            std::cerr << '\r' << m_verb << ' ' << amounts() << erase
                      << std::flush;
        }
    }

    // With a digest, prints it to standard output for other programs. Without
    // one, prints a summary to standard error for the user.
    void finish()
    {
        clear_progress();
        if (!m_digest)
        {
            std::cerr << m_verb << ' ' << summary() << '\n';
            return;
        }
        std::ostringstream line;
        line << m_messages << ' ' << m_bytes << ' ' << std::hex
             << std::setfill('0') << std::setw(16) << m_crc.checksum()
             << std::dec << std::fixed << std::setprecision(6) << ' '
             << seconds() << std::setprecision(0) << ' '
             << per_second(m_messages) << std::setprecision(1) << ' '
             << per_second(m_bytes) / 1e6 << '\n';
        std::cout << line.str();
    }

    std::uint64_t messages() const { return m_messages; }

private:
    static constexpr std::chrono::milliseconds progress_interval{200};
    static constexpr const char* erase = "\33[K"; // the rest of the line

    void clear_progress()
    {
        if (m_shown != m_start)
            std::cerr << '\r' << erase << std::flush;
        m_shown = m_start;
    }

    double seconds() const
    {
        return std::chrono::duration<double>(m_last - m_start).count();
    }

    double per_second(std::uint64_t amount) const
    {
        return seconds() > 0 ? double(amount) / seconds() : 0;
    }

    std::string amounts() const
    {
        std::ostringstream line;
        line << m_messages << " messages, " << std::fixed
             << std::setprecision(1) << double(m_bytes) / 1e6 << " MB, "
             << per_second(m_bytes) / 1e6 << " MB/s";
        return line.str();
    }

    std::string summary() const
    {
        std::ostringstream line;
        line << amounts() << std::fixed << std::setprecision(0) << ", "
             << per_second(m_messages) << " messages/s, "
             << std::setprecision(3) << seconds() << " s";
        return line.str();
    }

    const std::string m_verb;
    const bool m_digest;
    const bool m_shows_progress;
    std::uint64_t m_messages = 0;
    std::uint64_t m_bytes = 0;
    steady_clock::time_point m_start, m_last, m_shown;
    // CRC-64/XZ
    boost::crc_optimal<
        64, 0x42F0E1EBA9EA3693, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, true,
        true>
        m_crc;
};

} // namespace example

#endif
