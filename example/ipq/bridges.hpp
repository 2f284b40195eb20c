// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_BRIDGES_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_BRIDGES_HPP

// The counters of ipq-bridge: from the file that it writes (--metrics-file), or
// from the address where it answers (--metrics-listen).

#include "command.hpp"
#include "http.hpp"
#include "status.hpp"
#include "system.hpp"
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>

namespace ipq {

// What one route of a bridge has done.
struct route_counters
{
    std::map<std::string, std::uint64_t> values{};

    std::uint64_t operator[](const char* name) const
    {
        const auto found = values.find(name);
        return found == values.end() ? 0 : found->second;
    }
};

using bridge_routes = std::map<std::string, route_counters>;

// Lines such as ipq_bridge_sent_total{route="orders"} 12. Others are left out.
inline bridge_routes parse_routes(const std::string& text)
{
    const std::string first = "ipq_bridge_", second = "{route=\"";
    bridge_routes result;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
    {
        const auto name = line.find(second);
        const auto end = line.find("\"} ");
        if (line.rfind(first, 0) != 0 || name == std::string::npos ||
            end == std::string::npos || end < name)
            continue;
        const auto route =
            line.substr(name + second.size(), end - name - second.size());
        std::istringstream(line.substr(end + 3)) >>
            result[printable(route)]
                .values[line.substr(first.size(), name - first.size())];
    }
    return result;
}

// HOST:PORT; anything else is the name of a file.
inline bool is_address(const std::string& where)
{
    const auto colon = where.rfind(':');
    return colon != std::string::npos && colon + 1 < where.size() &&
           where.find('/') == std::string::npos &&
           where.find_first_not_of("0123456789", colon + 1) ==
               std::string::npos;
}

// One place with counters, and what is remembered of it from view to view.
class bridge_view
{
public:
    explicit bridge_view(std::string where) : m_where(std::move(where)) {}

    struct route
    {
        route_counters last{};
        rates speed{}; // sent and confirmed a second
    };

    const std::string& where() const { return m_where; }
    const std::string& error() const { return m_error; }
    const std::map<std::string, route>& routes() const { return m_routes; }

    // Seconds since the bridge has written its file.
    double age() const { return m_age; }

    void look()
    {
        m_error.clear();
        m_age = 0;
        try
        {
            if (is_address(m_where))
                add(parse_routes(ask(m_where)), seconds_now());
            else
                read_file();
        }
        catch (const std::system_error& e)
        {
            fail(e.code().message()); // without the name, which is shown
        }
        catch (const std::exception& e)
        {
            fail(e.what());
        }
    }

private:
    void fail(const std::string& why)
    {
        m_error = printable(why);
        m_routes.clear();
    }

    static double seconds_now()
    {
        return std::chrono::duration<double>(
                   steady_clock::now().time_since_epoch())
            .count();
    }

    // The time of the file, which is older than the view: it says for how long
    // the counters have grown.
    void read_file()
    {
        namespace fs = std::filesystem;
        const auto written = fs::last_write_time(m_where);
        std::ifstream file(m_where);
        if (!file)
            throw std::runtime_error("cannot be read");
        const std::string text(std::istreambuf_iterator<char>(file), {});
        m_age = std::chrono::duration<double>(
                    fs::file_time_type::clock::now() - written)
                    .count();
        add(parse_routes(text),
            std::chrono::duration<double>(written.time_since_epoch()).count());
    }

    void add(const bridge_routes& now, double time)
    {
        const double seconds = time - m_time;
        std::map<std::string, route> result;
        for (const auto& [name, counters] : now)
        {
            const auto before = m_routes.find(name);
            route& one = result[name];
            if (before != m_routes.end())
                one.speed = seconds > 0
                                ? speed(before->second.last, counters, seconds)
                                : before->second.speed;
            one.last = counters;
        }
        m_routes = std::move(result);
        m_time = time;
    }

    // Counters are smaller when the bridge was started again.
    static rates speed(
        const route_counters& before, const route_counters& now, double seconds)
    {
        const auto each = [&](const char* name) {
            return now[name] < before[name]
                       ? 0
                       : double(now[name] - before[name]) / seconds;
        };
        return {each("sent_total"), each("confirmed_total")};
    }

    std::string m_where;
    std::string m_error{};
    std::map<std::string, route> m_routes{};
    double m_time = 0, m_age = 0;
};

} // namespace ipq

#endif
