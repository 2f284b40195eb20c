// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_JSON_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_JSON_HPP

// The status of queues as JSON: an object that says which machine and which
// version that is, with an array of queues.

#include "status.hpp"
#include <chrono>
#include <iomanip>

namespace ipq {

inline std::string json_string(const std::string& text)
{
    std::string result = "\"";
    for (const char c : text)
    {
        if (c == '"' || c == '\\')
            result += '\\';
        if (static_cast<unsigned char>(c) < 0x20)
        {
            char code[8];
            std::snprintf(code, sizeof(code), "\\u%04x", unsigned(c));
            result += code;
        }
        else
            result += c;
    }
    return result + '"';
}

inline const char* json_bool(bool value)
{
    return value ? "true" : "false";
}

inline void print_json(const entry& e, const boost_ipq::queue_participant& p)
{
    std::cout << "{\"pid\": " << p.pid
              << ", \"command\": " << json_string(e.command(p.pid))
              << ", \"role\": \"" << role(p)
              << "\", \"publishers\": " << p.publishers
              << ", \"subscribers\": " << p.subscribers
              << ", \"alive\": " << json_bool(p.alive) << '}';
}

inline void print_json(const entry& e, const boost_ipq::broadcast_reader& r)
{
    std::cout << "{\"pid\": " << r.pid
              << ", \"command\": " << json_string(e.command(r.pid))
              << ", \"alive\": " << json_bool(r.alive)
              << ", \"in_place\": " << json_bool(r.in_place)
              << ", \"messages\": " << r.messages << ", \"bytes\": " << r.bytes
              << ", \"missed\": " << r.missed << '}';
}

template <class Items>
void print_array(const entry& e, const char* name, const Items& items)
{
    std::cout << ", \"" << name << "\": [";
    const char* between = "";
    for (const auto& item : items)
    {
        std::cout << between;
        print_json(e, item);
        between = ", ";
    }
    std::cout << ']';
}

inline void print_held(const entry& e)
{
    std::cout << ", \"oldest_held\": ";
    if (const auto& held = e.status.oldest_held)
        std::cout << "{\"pid\": " << held->pid
                  << ", \"command\": " << json_string(e.command(held->pid))
                  << ", \"alive\": " << json_bool(held->alive)
                  << ", \"being_filled\": " << json_bool(held->being_filled)
                  << ", \"size\": " << held->size
                  << ", \"newer\": " << held->newer << '}';
    else
        std::cout << "null";
}

inline void print_dead_letters(const entry& e)
{
    std::cout << ", \"dead_letter\": " << json_string(e.status.dead_letter)
              << ", \"dead_letters\": ";
    if (e.dead_letters)
        std::cout << *e.dead_letters;
    else
        std::cout << "null";
}

inline void print_json(const entry& e)
{
    std::cout << "{\"name\": " << json_string(e.name);
    if (!e.error.empty())
    {
        std::cout << ", \"error\": " << json_string(e.error) << '}';
        return;
    }
    const auto& s = e.status;
    for (const auto& n : numbers(s))
        std::cout << ", \"" << n.name << "\": " << n.value;
    std::cout << ", \"kind\": \"" << kind_name(s) << "\", \"lifetime\": \""
              << lifetime_name(s)
              << "\", \"type_name\": " << json_string(printable(s.type_name));
    if (e.speed)
        std::cout << ", \"sent_per_second\": " << e.speed->sent
                  << ", \"received_per_second\": " << e.speed->received;
    print_held(e);
    print_dead_letters(e);
    print_array(e, "participants", s.participants);
    if (is_broadcast(s))
    {
        std::cout << ", \"overflow\": \"" << overflow_name(s) << '"';
        print_array(e, "readers", s.readers);
    }
    std::cout << '}';
}

// What a report of an error must say, besides the queues.
inline void print_machine(const std::string& directory)
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::chrono::duration<double> seconds = now;
    std::cout << "\"ipq\": \"" BOOST_IPQ_LIB_VERSION "\", \"boost\": \""
              << BOOST_VERSION / 100000 << '.' << BOOST_VERSION / 100 % 1000
              << '.' << BOOST_VERSION % 100
              << "\", \"compiler\": " << json_string(BOOST_COMPILER)
              << ", \"system\": " << json_string(system_name())
              << ", \"processors\": " << std::thread::hardware_concurrency()
              << ", \"time\": " << std::fixed << std::setprecision(3)
              << seconds.count()
              << ", \"directory\": " << json_string(directory);
}

inline void
print_json(const std::vector<entry>& entries, const std::string& directory)
{
    std::cout << '{';
    print_machine(directory);
    std::cout << ",\n\"queues\": [";
    const char* between = "\n ";
    for (const auto& e : entries)
    {
        std::cout << between;
        print_json(e);
        between = ",\n ";
    }
    std::cout << "]}\n";
}

} // namespace ipq

#endif
