// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_COUNTERS_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_COUNTERS_HPP

// What a route has done, for those who look.

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <ostream>
#include <string>

namespace bridge {

// All loads and stores are relaxed: each number is for itself.
class counter
{
public:
    void add(std::uint64_t n = 1) noexcept
    {
        m_value.fetch_add(n, std::memory_order_relaxed);
    }
    void set(std::uint64_t n) noexcept
    {
        m_value.store(n, std::memory_order_relaxed);
    }
    std::uint64_t get() const noexcept
    {
        return m_value.load(std::memory_order_relaxed);
    }

private:
    std::atomic<std::uint64_t> m_value{0};
};

struct counters
{
    counter sent{};      // passed to the other side, repetitions included
    counter confirmed{}; // acknowledged to the side from which they came
    counter bytes{};     // of those
    counter retried{};   // sent again, after a failure
    counter doubles{};   // came again, and were dropped
    counter refused{};   // went to the dead letter
    counter in_flight{}; // sent and not yet confirmed
    counter lag{};       // wait in the queue from which they come
    counter failures{};  // connections that failed
    counter connected{}; // 1: there is a connection now
    counter blocked{};   // 1: the other side takes nothing now
};

// The counters of a route outlive it: after a reload, those of a route with the
// same name go on.
using all_counters = std::map<std::string, std::shared_ptr<counters>>;

struct metric
{
    const char* name;
    counter counters::*value;
    bool grows;
    const char* help;
};

inline constexpr metric metrics[] = {
    {"sent_total", &counters::sent, true,
     "Messages passed to the other side, repetitions included."},
    {"confirmed_total", &counters::confirmed, true,
     "Messages that the other side has confirmed."},
    {"confirmed_bytes_total", &counters::bytes, true, "Bytes of those."},
    {"retried_total", &counters::retried, true,
     "Messages sent again after a failure."},
    {"doubles_total", &counters::doubles, true,
     "Messages that came again and were dropped."},
    {"refused_total", &counters::refused, true,
     "Messages that went to the dead letter."},
    {"failures_total", &counters::failures, true, "Connections that failed."},
    {"in_flight", &counters::in_flight, false,
     "Messages sent and not yet confirmed."},
    {"lag", &counters::lag, false,
     "Messages that wait in the queue of the route."},
    {"connected", &counters::connected, false, "1 if there is a connection."},
    {"blocked", &counters::blocked, false,
     "1 if the other side takes nothing now."}};

// The text format of Prometheus. The names of routes need no quoting.
inline void print(std::ostream& out, const all_counters& routes)
{
    for (const metric& m : metrics)
    {
        out << "# HELP ipq_bridge_" << m.name << ' ' << m.help
            << "\n# TYPE ipq_bridge_" << m.name
            << (m.grows ? " counter\n" : " gauge\n");
        for (const auto& [name, values] : routes)
            out << "ipq_bridge_" << m.name << "{route=\"" << name << "\"} "
                << ((*values).*m.value).get() << '\n';
    }
}

} // namespace bridge

#endif
