// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_BENCH_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_BENCH_HPP

// The command bench: two threads exchange messages through a queue of their
// own.

#include "command.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <future>
#include <vector>

namespace ipq {

inline po::options_description bench_options()
{
    auto options = place_options();
    options.add_options()(
        "capacity",
        po::value<byte_count>()
            ->default_value({1 << 20}, "1M")
            ->value_name("BYTES"),
        "the capacity of the queue")(
        "size",
        po::value<byte_count>()->default_value({64}, "64")->value_name("BYTES"),
        "the size of each message")(
        "count",
        po::value<number>()
            ->default_value({1000000}, "1000000")
            ->value_name("N"),
        "the number of messages")("json", "print JSON");
    return options;
}

// Ends the wait of `in` if it fails.
inline void send_equal(
    boost_ipq::publisher& out, boost_ipq::subscriber& in, std::size_t size,
    std::uint64_t count)
{
    try
    {
        const std::vector<char> message(size);
        while (count-- != 0 && !interrupted())
            if (!out.try_enqueue(message))
                out.enqueue(message, stop_when());
    }
    catch (...)
    {
        in.stop();
        throw;
    }
}

inline void bench(const po::variables_map& values)
{
    const std::size_t size = values["size"].as<byte_count>().value;
    const auto count = values["count"].as<number>().value;
    boost_ipq::queue_options options(
        "ipq-bench-" + std::to_string(process_id()),
        values["capacity"].as<byte_count>().value);
    options.lifetime(boost_ipq::lifetime::while_open);
    if (!directory_of(values).empty())
        options.directory(directory_of(values));
    catch_signals(false);
    boost_ipq::publisher out(boost_ipq::create_only, options);
    boost_ipq::subscriber in(boost_ipq::open_only, options);

    const auto begin = steady_clock::now();
    auto sender = std::async(
        std::launch::async, [&] { send_equal(out, in, size, count); });
    std::string message;
    std::uint64_t received = 0;
    while (received != count && !interrupted() &&
           (in.try_dequeue(message) || in.dequeue(message, stop_when())))
        ++received;
    sender.get();
    const std::chrono::duration<double> time = steady_clock::now() - begin;
    if (interrupted())
        return;
    const double rate = double(received) / time.count();
    const double megabytes = rate * double(size) / 1e6;
    if (values.count("json"))
        std::cout << "{\"messages\": " << received << ", \"size\": " << size
                  << ", \"seconds\": " << time.count()
                  << ", \"messages_per_second\": " << rate
                  << ", \"megabytes_per_second\": " << megabytes << "}\n";
    else
        std::printf(
            "%llu messages of %zu bytes between two threads: %.3f s, %.0f "
            "messages/s, %.1f MB/s\n",
            static_cast<unsigned long long>(received), size, time.count(), rate,
            megabytes);
}

} // namespace ipq

#endif
