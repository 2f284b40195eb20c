// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_JSON_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_JSON_HPP

// The status of queues as JSON: an array with an object for each queue.

#include "status.hpp"

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

inline void print_json(const boost_ipq::queue_participant& p)
{
    std::cout << "{\"pid\": " << p.pid << ", \"role\": \"" << role(p)
              << "\", \"publishers\": " << p.publishers
              << ", \"subscribers\": " << p.subscribers
              << ", \"alive\": " << (p.alive ? "true" : "false") << '}';
}

inline void print_json(const boost_ipq::broadcast_reader& r)
{
    std::cout << "{\"pid\": " << r.pid
              << ", \"alive\": " << (r.alive ? "true" : "false")
              << ", \"in_place\": " << (r.in_place ? "true" : "false")
              << ", \"messages\": " << r.messages << ", \"bytes\": " << r.bytes
              << ", \"missed\": " << r.missed << '}';
}

template <class Items>
void print_array(const char* name, const Items& items)
{
    std::cout << ", \"" << name << "\": [";
    const char* between = "";
    for (const auto& item : items)
    {
        std::cout << between;
        print_json(item);
        between = ", ";
    }
    std::cout << ']';
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
              << "\", \"type_name\": " << json_string(s.type_name);
    print_array("participants", s.participants);
    if (is_broadcast(s))
    {
        std::cout << ", \"overflow\": \"" << overflow_name(s) << '"';
        print_array("readers", s.readers);
    }
    std::cout << '}';
}

inline void print_json(const std::vector<entry>& entries)
{
    std::cout << '[';
    const char* between = "";
    for (const auto& e : entries)
    {
        std::cout << between;
        print_json(e);
        between = ",\n ";
    }
    std::cout << "]\n";
}

} // namespace ipq

#endif
