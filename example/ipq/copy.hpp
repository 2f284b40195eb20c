// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_COPY_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_COPY_HPP

// The command copy: the messages of a queue go to a file, with their times, and
// from there to a queue. The file begins with a line that names its form. For
// each message follow: nanoseconds since the first one (8 bytes), its length (4
// bytes), both least significant first, and the message.

#include "transfer.hpp"
#include <fstream>

namespace ipq {

constexpr const char* recording_head = "ipq recording 1";

inline po::options_description copy_options()
{
    auto options = queue_argument();
    options.add_options()(
        "to", po::value<std::string>()->value_name("FILE"),
        "take messages and record them in this file, which must not exist")(
        "from", po::value<std::string>()->value_name("FILE"),
        "send the messages of this file, in the rhythm of the recording")(
        "fast", "with --from: without the rhythm")(
        "count", po::value<number>()->value_name("N"), "stop after N messages")(
        "until-empty", "with --to: stop when no message waits")(
        "wait", po::value<number>()->value_name("MS"),
        "with --to: stop when no message has come for MS milliseconds");
    return options;
}

inline void put_number(std::ostream& out, std::uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i)
        out.put(static_cast<char>(value >> 8 * i & 0xff));
}

inline std::uint64_t get_number(std::istream& in, int bytes)
{
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i)
        value |= std::uint64_t(in.get() & 0xff) << 8 * i;
    return value;
}

inline void record(
    boost_ipq::subscriber& in, const std::string& path,
    const po::variables_map& values)
{
    if (std::ifstream(path))
        throw std::runtime_error("'" + path + "' exists");
    errno = 0;
    std::ofstream file(path, std::ios::binary);
    if (!(file << recording_head << '\n').flush())
        fail("cannot create '" + path + "'");
    pace pace(values);
    std::optional<steady_clock::time_point> begin;
    while (pace.next())
    {
        auto message = next_message(in, values);
        if (!message)
            return;
        const auto now = steady_clock::now();
        const std::chrono::nanoseconds time = now - begin.value_or(now);
        begin = now - time;
        errno = 0;
        put_number(file, static_cast<std::uint64_t>(time.count()), 8);
        put_number(file, message.size(), 4);
        file.write(
            static_cast<const char*>(message.data()),
            static_cast<std::streamsize>(message.size()));
        // Acknowledged only when written, as in receive().
        if (!file.flush())
            fail("cannot write '" + path + "'");
        message.acknowledge();
    }
}

// Reads the next message of a recording. Returns false at its end.
inline bool read_recorded(
    std::istream& in, std::uint64_t limit, std::uint64_t& time,
    std::string& message)
{
    if (in.peek() == std::istream::traits_type::eof())
        return false;
    time = get_number(in, 8);
    const auto size = get_number(in, 4);
    if (in && size > limit)
        throw std::runtime_error(
            "a message of " + std::to_string(size) +
            " bytes could never fit the queue");
    message.resize(in ? static_cast<std::size_t>(size) : 0);
    if (!in.read(&message[0], static_cast<std::streamsize>(message.size())))
        throw std::runtime_error("the recording ends within a message");
    return true;
}

template <class Publisher>
void play(
    Publisher& out, const std::string& path, const po::variables_map& values)
{
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string message;
    if (!file)
        fail("cannot open '" + path + "'");
    if (!std::getline(file, message) || message != recording_head)
        throw std::runtime_error("'" + path + "' is no recording");
    pace pace(values);
    const auto begin = steady_clock::now();
    std::uint64_t time = 0;
    while (pace.next() && read_recorded(file, out.capacity(), time, message))
    {
        if (!values.count("fast"))
            sleep_until(begin + std::chrono::nanoseconds(time));
        if (!out.enqueue(message, stop_when()))
            return;
    }
}

inline void copy(const po::variables_map& values)
{
    if (values.count("to") + values.count("from") != 1)
        throw po::error("give one of --to and --from");
    catch_signals(false);
    const auto options = named(values);
    if (values.count("to"))
    {
        boost_ipq::subscriber in(boost_ipq::open_only, options);
        record(in, values["to"].as<std::string>(), values);
    }
    else
    {
        with_publisher(options, [&](auto& out) {
            play(out, values["from"].as<std::string>(), values);
        });
    }
}

} // namespace ipq

#endif
