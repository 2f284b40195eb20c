// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_ENDPOINT_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_ENDPOINT_HPP

// One end of a route: queue:NAME, or
// SCHEME://[USER[:PASSWORD]@]HOST[:PORT]/TOPIC.

#include <boost/program_options.hpp>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace bridge {

namespace po = boost::program_options;

struct endpoint
{
    std::string scheme;
    std::string user{}, password{};
    std::string address{};      // all of HOST:PORT
    std::string host{}, port{}; // empty: the default
    std::string name{};         // of the queue, stream, or topic
    std::string shown() const   // without the password
    {
        return address.empty() ? scheme + ":" + name
                               : scheme + "://" + address + "/" + name;
    }
};

// Replaces %XX.
inline std::string decoded(const std::string& text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '%' && i + 2 < text.size())
        {
            result +=
                static_cast<char>(std::stoi(text.substr(i + 1, 2), {}, 16));
            i += 2;
        }
        else
            result += text[i];
    return result;
}

// Takes what stands before a separator; all if there is none.
inline std::string cut(std::string& text, const std::string& separator)
{
    const auto at = text.find(separator);
    const std::string head = text.substr(0, at);
    text.erase(0, at == std::string::npos ? at : at + separator.size());
    return head;
}

inline void read_address(endpoint& result, std::string rest)
{
    std::string authority = cut(rest, "/");
    result.name = decoded(rest);
    const auto at = authority.rfind('@');
    if (at != std::string::npos)
    {
        std::string secret = authority.substr(0, at);
        authority.erase(0, at + 1);
        result.user = decoded(cut(secret, ":"));
        result.password = decoded(secret);
    }
    result.address = authority;
    const auto colon = authority.rfind(':');
    const auto bracket = authority.rfind(']'); // [::1]:6379
    const bool has_port = colon != std::string::npos &&
                          (bracket == std::string::npos || bracket < colon);
    result.host = authority.substr(0, has_port ? colon : std::string::npos);
    if (has_port)
        result.port = authority.substr(colon + 1);
    if (!result.host.empty() && result.host.front() == '[')
        result.host = result.host.substr(1, result.host.size() - 2);
    if (result.host.empty())
        throw po::error("an address has no host");
}

// Throws po::error.
inline endpoint parse_endpoint(const std::string& text)
try
{
    endpoint result{};
    std::string rest = text;
    result.scheme = cut(rest, ":");
    if (rest.empty())
        throw po::error("it has no scheme, such as queue: or redis://");
    if (rest.compare(0, 2, "//") == 0)
        read_address(result, rest.substr(2));
    else
        result.name = rest;
    if (result.name.empty())
        throw po::error("it names no queue, stream or topic");
    return result;
}
catch (const std::exception& e)
{
    throw po::error("'" + text + "' is no end of a route: " + e.what());
}

} // namespace bridge

#endif
