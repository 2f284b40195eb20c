// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_SUPPORT_HPP
#define BOOST_IPQ_EXAMPLE_SUPPORT_HPP

// Common parts of publisher and subscriber that do not concern queues: signals
// and the command line.

#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <boost_ipq/version.hpp>
#include <boost/program_options.hpp>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <string>
#include <system_error>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <process.h>
#else
#include <unistd.h>
#endif

namespace example {

namespace po = boost::program_options;
using std::chrono::steady_clock;

// ---- The system -------------------------------------------------------------

#ifdef _WIN32
inline bool is_terminal(std::FILE* file)
{
    return _isatty(_fileno(file));
}
inline int process_id()
{
    return _getpid();
}
#else
inline bool is_terminal(std::FILE* file)
{
    return isatty(fileno(file));
}
inline int process_id()
{
    return getpid();
}
#endif

inline std::atomic<int> caught_signal{0};

inline bool interrupted()
{
    return caught_signal != 0;
}

inline void note_signal(int number)
{
    caught_signal = number;
}

// Makes Ctrl-C and SIGTERM only set a flag, so that the program completes the
// current message. A second Ctrl-C ends the program at once. If `ends_reads`, a
// signal also ends a read from a terminal or a pipe.
inline void catch_signals(bool ends_reads)
{
#ifdef _WIN32
    static_cast<void>(ends_reads); // on Windows, Ctrl-C always does
    std::signal(SIGINT, note_signal);
    std::signal(SIGTERM, note_signal);
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
#else
    std::signal(SIGPIPE, SIG_IGN); // write() reports the error instead
    struct sigaction action = {};
    action.sa_handler = note_signal;
    action.sa_flags = SA_RESETHAND | (ends_reads ? 0 : SA_RESTART);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
#endif
}

// A stop token for the waiting calls: a signal or the deadline ends them.
struct stop_when
{
    steady_clock::time_point deadline = (steady_clock::time_point::max)();

    bool stop_requested() const
    {
        return interrupted() ||
               (deadline != (steady_clock::time_point::max)() &&
                steady_clock::now() >= deadline);
    }
};

[[noreturn]] inline void fail(const std::string& what)
{
    const std::error_code reason(errno, std::generic_category());
    throw std::runtime_error(reason ? what + ": " + reason.message() : what);
}

// ---- The command line -------------------------------------------------------

// A number on the command line. Unlike std::uint64_t, it rejects "-1".
struct number
{
    std::uint64_t value = 0;
};

inline std::istream& operator>>(std::istream& in, number& result)
{
    if (in.peek() == '-')
        in.setstate(std::ios::failbit);
    return in >> result.value;
}

inline std::chrono::milliseconds to_milliseconds(number count)
{
    constexpr std::uint64_t year = 366ull * 24 * 60 * 60 * 1000; // forever
    return std::chrono::milliseconds((std::min)(count.value, year));
}

// A number of bytes, with an optional suffix K, M or G.
struct byte_count
{
    std::uint64_t value = 0;
};

inline std::istream& operator>>(std::istream& in, byte_count& result)
{
    number count;
    if (!(in >> count))
        return in;
    int shift = 0;
    if (!in.eof())
    {
        const auto unit = std::string("KkMmGg").find(char(in.get()));
        if (unit == std::string::npos)
            in.setstate(std::ios::failbit);
        else
            shift = 10 * (int(unit) / 2 + 1);
    }
    if (count.value > (std::numeric_limits<std::uint64_t>::max)() >> shift)
        in.setstate(std::ios::failbit);
    result.value = count.value << shift;
    return in;
}

inline po::options_description common_options()
{
    po::options_description options("Queue");
    auto add = options.add_options();
    add("queue", po::value<std::string>()->required()->value_name("NAME"),
        "the queue; created if it does not exist");
    add("capacity", po::value<byte_count>()->value_name("BYTES"),
        "its capacity, for example 65536, 64K or 1M. Default: that of the "
        "existing queue, or 1M for a new one");
    add("while-open",
        "a new queue and its messages disappear when the last program closes "
        "it. Default: it stays until it is removed");
    return options;
}

// Opens the queue that the options describe, or creates it.
template <class Handle>
Handle open_queue(const po::variables_map& options)
{
    using namespace boost_ipq;
    const auto& name = options["queue"].as<std::string>();
    const bool any_capacity = !options.count("capacity");
    queue_options exact(
        name,
        any_capacity ? 1 << 20 : options["capacity"].as<byte_count>().value);
    queue_options any(name);
    if (options.count("while-open"))
    {
        exact.lifetime(lifetime::while_open);
        any.lifetime(lifetime::while_open);
    }
    try
    {
        return Handle(open_or_create, exact);
    }
    catch (const queue_mismatch&)
    {
        if (!any_capacity)
            throw;
        return Handle(open_only, any); // it exists: open it as it is
    }
}

// Handles --help and --version; otherwise calls `body` with the options.
template <class Function>
void parse_and_run(
    int argc, char* argv[], const std::string& program,
    const std::string& about, po::options_description& options,
    const po::positional_options_description& operands, Function& body)
{
    auto add = options.add_options();
    add("help,h", "print this text and exit");
    add("version", "print the version and exit");
    po::variables_map values;
    po::store(
        po::command_line_parser(argc, argv)
            .options(options)
            .positional(operands)
            .run(),
        values);
    if (values.count("help"))
        std::cout << about << '\n' << options;
    else if (values.count("version"))
        std::cout << program << " (boost_ipq) " BOOST_IPQ_LIB_VERSION "\n";
    else
    {
        po::notify(values);
        body(values);
    }
    if (!std::cout.flush())
        fail("cannot write to standard output");
}

// Runs a program. Returns its exit status: 0 done, 1 failed, 2 wrong command
// line, 128 + n after signal n. `operands` names the options that need no name
// on the command line.
template <class Function>
int run(
    int argc, char* argv[], const std::string& program,
    const std::string& about, po::options_description options, Function body,
    const po::positional_options_description& operands = {})
{
    try
    {
        parse_and_run(argc, argv, program, about, options, operands, body);
        return interrupted() ? 128 + caught_signal : 0;
    }
    catch (const po::error& e)
    {
        std::cerr << program << ": " << e.what() << "; try '" << program
                  << " --help'\n";
        return 2;
    }
    catch (const std::invalid_argument& e)
    {
        std::cerr << program << ": " << e.what() << '\n';
        return 2;
    }
    catch (const std::exception& e)
    {
        std::cerr << program << ": " << e.what() << '\n';
        return 1;
    }
}

} // namespace example

#endif
