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
#include <boost_ipq/subscriber.hpp>

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
        "the size of each message with --frame fixed");
    return options.add(frames).add(pace_options());
}

template <class Publisher>
void send_input(
    Publisher& out, frame form, std::uint64_t size,
    const po::variables_map& values)
{
    frame_reader in(form, size, out.capacity());
    pace pace(values);
    std::string message;
    while (pace.next() && in.read(message) && !interrupted())
    {
        if (out.try_enqueue(message) ||
            out.enqueue(message, wait_limit(values)) || interrupted())
            continue;
        throw std::runtime_error("the queue is full");
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
    catch_signals(true);
    with_publisher(
        named(values), [&](auto& out) { send_input(out, form, size, values); });
}

inline po::options_description receive_options()
{
    auto options = queue_argument();
    options.add_options()("until-empty", "stop when no message waits")(
        "wait", po::value<number>()->value_name("MS"),
        "stop when no message has come for MS milliseconds. Default: wait "
        "until a signal comes");
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

inline void receive(const po::variables_map& values)
{
    const frame form = checked_form(values);
    catch_signals(false);
    boost_ipq::subscriber in(boost_ipq::open_only, named(values));
    pace pace(values);
    while (pace.next())
    {
        auto message = next_message(in, values);
        if (!message)
            return;
        // Acknowledged only when written: a failure loses no message.
        write_framed(form, message.data(), message.size());
        message.acknowledge();
    }
}

} // namespace ipq

#endif
