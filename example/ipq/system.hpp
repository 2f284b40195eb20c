// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_SYSTEM_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_SYSTEM_HPP

// What the tool asks the system: which program a process runs, and what a
// report must say about the machine.

#include <boost/config.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>
#ifndef _WIN32
#include <sys/utsname.h>
#endif

namespace ipq {

// Has the process a file of that queue open? Else its pid is that of a process
// in a different PID namespace, or it may not be examined.
inline bool has_open(std::uint32_t pid, const std::string& queue)
{
    namespace fs = std::filesystem;
    const std::string file = "/boost_ipq." + queue.substr(0, 100);
    std::error_code ec, ignored;
    fs::directory_iterator each("/proc/" + std::to_string(pid) + "/fd", ec);
    for (; !ec && each != fs::directory_iterator(); each.increment(ec))
        if (fs::read_symlink(each->path(), ignored).string().find(file) !=
            std::string::npos)
            return true;
    return false;
}

// Without what a terminal might obey: other processes chose the text.
inline std::string printable(std::string text)
{
    for (char& c : text)
        if (c < ' ' || c > '~')
            c = '?';
    return text;
}

// The name of the program that a process runs, without its arguments, which may
// be secret. Empty: it cannot be found out.
inline std::string command_of(std::uint32_t pid, const std::string& queue)
{
    std::string name;
    if (has_open(pid, queue))
        std::getline(
            std::ifstream("/proc/" + std::to_string(pid) + "/comm"), name);
    return printable(name);
}

// For example "Linux 6.1.0 x86_64".
inline std::string system_name()
{
#ifndef _WIN32
    struct utsname name = {};
    if (uname(&name) >= 0)
        return std::string(name.sysname) + ' ' + name.release + ' ' +
               name.machine;
#endif
    return BOOST_PLATFORM;
}

} // namespace ipq

#endif
