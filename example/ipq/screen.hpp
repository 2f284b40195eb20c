// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_SCREEN_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_SCREEN_HPP

// A view that fills the terminal, and what is drawn in it: bars, sparklines.

#include "terminal.hpp"
#include <cmath>
#include <sstream>
#include <vector>

namespace ipq {

// The first characters of a line. Sequences for colours take no room; they end
// at the end of the line.
inline std::string cut(const std::string& line, std::size_t width)
{
    std::string result;
    std::size_t used = 0;
    for (std::size_t i = 0; i < line.size(); ++i)
    {
        const auto sequence = line[i] == '\033' ? line.find('m', i) : i;
        if (sequence == std::string::npos)
            break;
        const bool continues = (line[i] & 0xc0) == 0x80; // of UTF-8
        if (sequence == i && !continues && ++used > width)
            return result + "\033[0m";
        result.append(line, i, sequence - i + 1);
        i = sequence;
    }
    return result;
}

class screen
{
public:
    screen() { m_terminal.enter(); }
    screen(const screen&) = delete;
    screen& operator=(const screen&) = delete;
    ~screen() { m_terminal.leave(); }

    screen_size size() const { return m_terminal.size(); }
    bool has_unicode() const { return m_terminal.has_unicode(); }

    // Draws lines. What does not fit the screen is left out.
    void draw(const std::string& text)
    {
        if (pause_wanted.exchange(false))
        {
            m_terminal.leave();
            m_terminal.pause();
            was_stopped = true;
        }
        if (was_stopped.exchange(false))
            m_terminal.enter();
        const screen_size now = size();
        std::istringstream lines(text);
        std::string frame = "\033[H", line;
        for (unsigned i = 0; i < now.lines && std::getline(lines, line); ++i)
            frame +=
                (i != 0 ? "\r\n" : "") + cut(line, now.columns - 1) + "\033[K";
        m_terminal.put(frame + "\033[J");
    }

    // Waits for keys until that time, or until the screen must be drawn.
    std::string keys(steady_clock::time_point until)
    {
        using std::chrono::milliseconds;
        const milliseconds step(100);
        while (!interrupted() && !pause_wanted && !was_stopped)
        {
            const auto left = until - steady_clock::now();
            if (size_changed.exchange(false) || left <= left.zero())
                break;
            // One more, or the rest of a millisecond would not be waited for.
            const auto wait = std::chrono::duration_cast<milliseconds>(left);
            auto typed =
                m_terminal.keys((std::min)(wait + milliseconds(1), step));
            if (!typed.empty())
                return typed;
        }
        return {};
    }

private:
    terminal m_terminal{};
};

// ---- Text -------------------------------------------------------------------

inline std::string left(const std::string& text, std::size_t width)
{
    return text.size() > width ? text.substr(0, width)
                               : text + std::string(width - text.size(), ' ');
}

inline std::string right(const std::string& text, std::size_t width)
{
    return std::string(width > text.size() ? width - text.size() : 0, ' ') +
           text;
}

// At most 6 characters, such as 99999, 1234k.
inline std::string shortened(double value)
{
    const char* unit = "";
    for (const char* next : {"k", "M", "G", "T"})
        if (value >= 99999.5)
        {
            value /= 1000;
            unit = next;
        }
    return std::to_string(std::llround(value)) + unit;
}

// Eight heights; the first one is for everything above 0.
inline std::string block(unsigned height, bool unicode)
{
    static const char* const blocks[] = {" ",      "\u2581", "\u2582",
                                         "\u2583", "\u2584", "\u2585",
                                         "\u2586", "\u2587", "\u2588"};
    return unicode ? blocks[height] : std::string(1, " ._-~=+*#"[height]);
}

// The newest values as heights, the newest one at the right. The highest of all
// `values` is 8.
inline std::string
sparkline(const std::vector<double>& values, std::size_t width, bool unicode)
{
    double highest = 0;
    for (const double value : values)
        highest = (std::max)(highest, value);
    const std::size_t shown = (std::min)(width, values.size());
    std::string result(width - shown, ' ');
    for (std::size_t i = values.size() - shown; i < values.size(); ++i)
        result += block(
            highest > 0 ? unsigned(std::ceil(values[i] / highest * 8)) : 0,
            unicode);
    return result;
}

// `share` is between 0 and 1.
inline std::string bar(double share, std::size_t width, bool unicode)
{
    static const char* const eighths[] = {"",       "\u258f", "\u258e",
                                          "\u258d", "\u258c", "\u258b",
                                          "\u258a", "\u2589"};
    const auto parts = static_cast<std::size_t>(
        std::ceil((std::min)(share, 1.0) * double(width) * 8));
    std::string result;
    for (std::size_t i = 0; i < parts / 8; ++i)
        result += unicode ? "\u2588" : "#";
    std::size_t used = parts / 8;
    if (parts % 8 != 0)
    {
        result += unicode ? eighths[parts % 8] : "#";
        ++used;
    }
    return result + std::string(width - used, unicode ? ' ' : '.');
}

} // namespace ipq

#endif
