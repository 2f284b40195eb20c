// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_TRANSFER_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_TRANSFER_HPP

// The commands send and receive.

#include "any_publisher.hpp"
#include "framing.hpp"
#include "pace.hpp"
#include "progress.hpp"
#include <boost_ipq/subscriber.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ipq {

// The point in time at which --wait ends, or never.
inline stop_when wait_limit(const po::variables_map& values)
{
    stop_when stop;
    if (values.count("wait"))
        stop.deadline =
            steady_clock::now() + to_milliseconds(values["wait"].as<number>());
    return stop;
}

inline po::options_description send_options()
{
    auto options = queue_argument();
    options.add_options()(
        "wait", po::value<number>()->value_name("MS"),
        "fail when the queue has been full for MS milliseconds. Default: "
        "wait for room");
    auto frames = frame_options();
    frames.add_options()(
        "size", po::value<byte_count>()->value_name("BYTES"),
        "the size of each message with --frame fixed")(
        "file", po::value<std::vector<std::string>>()->value_name("FILE"),
        "send this file as a message, and not the standard input");
    return options.add(frames).add(pace_options());
}

template <class Publisher>
void send_one(
    Publisher& out, const std::string& message, const po::variables_map& values)
{
    if (!out.try_enqueue(message) &&
        !out.enqueue(message, wait_limit(values)) && !interrupted())
        throw std::runtime_error("the queue is full");
}

inline std::string contents_of(const std::string& path)
{
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string result{
        std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file || std::filesystem::is_directory(path))
        fail("cannot read '" + path + "'");
    return result;
}

template <class Publisher>
void send_files(Publisher& out, const po::variables_map& values)
{
    pace pace(values);
    progress progress(stdout);
    for (const auto& path : values["file"].as<std::vector<std::string>>())
    {
        if (!pace.next())
            return;
        const std::string message = contents_of(path);
        send_one(out, message, values);
        progress.add(message.size());
    }
}

template <class Publisher>
void send_input(
    Publisher& out, frame form, std::uint64_t size,
    const po::variables_map& values)
{
    frame_reader in(form, size, out.capacity());
    pace pace(values);
    progress progress(stdin);
    std::string message;
    while (pace.next() && in.read(message) && !interrupted())
    {
        send_one(out, message, values);
        progress.add(message.size());
    }
}

inline void send(const po::variables_map& values)
{
    const frame form = frame_of(values);
    std::uint64_t size = 0;
    if (values.count("size"))
        size = values["size"].as<byte_count>().value;
    if ((form == frame::fixed) != (size != 0))
        throw po::error("--frame fixed needs --size, which is at least 1; "
                        "other forms have none");
    const bool files = values.count("file");
    if (files && !values["frame"].defaulted())
        throw po::error("a file is one message: give no --frame");
    catch_signals(true);
    with_publisher(named(values), [&](auto& out) {
        files ? send_files(out, values) : send_input(out, form, size, values);
    });
}

inline po::options_description receive_options()
{
    auto options = queue_argument();
    options.add_options()("until-empty", "stop when no message waits")(
        "wait", po::value<number>()->value_name("MS"),
        "stop when no message has come for MS milliseconds. Default: wait "
        "until a signal comes")(
        "into", po::value<std::string>()->value_name("DIR"),
        "write each message to a file of its own: DIR/000001 and so on, which "
        "must not exist");
    return options.add(frame_options()).add(pace_options());
}

// Empty: --until-empty or --wait says that there is none, or a signal came.
inline boost_ipq::delivery
next_message(boost_ipq::subscriber& in, const po::variables_map& values)
{
    auto message = in.try_receive();
    if (!message && !values.count("until-empty"))
        message = in.receive(wait_limit(values));
    return message;
}

inline frame checked_form(const po::variables_map& values)
{
    if (values.count("wait") && values.count("until-empty"))
        throw po::error("give one of --wait and --until-empty");
    return frame_of(values);
}

// Writes messages to the standard output, or each to a file.
class output
{
public:
    explicit output(const po::variables_map& values)
        : m_form(checked_form(values)),
          m_progress(stdout)
    {
        if (!values.count("into"))
            return;
        m_directory = values["into"].as<std::string>();
        if (!values["frame"].defaulted())
            throw po::error("a file is one message: give no --frame");
    }

    void write(const void* data, std::size_t size)
    {
        if (m_directory.empty())
            write_framed(m_form, data, size);
        else
            write_file(static_cast<const char*>(data), size);
        m_progress.add(size);
    }

private:
    void write_file(const char* data, std::size_t size)
    {
        char name[24];
        std::snprintf(name, sizeof(name), "/%06llu", ++m_number);
        const std::string path = m_directory + name;
        if (std::filesystem::exists(path))
            throw std::runtime_error("'" + path + "' exists");
        errno = 0;
        std::ofstream file(path, std::ios::binary);
        if (!file.write(data, static_cast<std::streamsize>(size)).flush())
            fail("cannot write '" + path + "'");
    }

    frame m_form;
    std::string m_directory{};
    unsigned long long m_number = 0;
    progress m_progress;
};

inline void receive(const po::variables_map& values)
{
    output output(values);
    catch_signals(false);
    boost_ipq::subscriber in(boost_ipq::open_only, named(values));
    pace pace(values);
    while (pace.next())
    {
        auto message = next_message(in, values);
        if (!message)
            return;
        // Acknowledged only when written: a failure loses no message.
        output.write(message.data(), message.size());
        message.acknowledge();
    }
}

} // namespace ipq

#endif
