// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// One participant of the test against the packages; see interop.py. peer.py and
// rust/src/main.rs do the same in their languages.

#include <boost_ipq/cloudtoid.hpp>
#include <boost/crc.hpp>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <exception>
#include <iostream>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ct = boost_ipq::cloudtoid;

namespace {

constexpr std::chrono::seconds time_limit(600); // interop.py gives up earlier

// Bytes i, i + 1, ... modulo 256. The sizes go from nothing to the capacity
// less 8 bytes.
std::string_view body(std::uint64_t i, std::size_t capacity)
{
    static const std::string bytes = [&] {
        std::string result(capacity + 256, '\0');
        std::iota(result.begin(), result.end(), '\0');
        return result;
    }();
    return std::string_view(bytes).substr(i % 256, i * 7 % (capacity - 7));
}

void say(const std::string& line)
{
    std::cout << line << std::endl;
}

void hear()
{
    std::string line;
    std::getline(std::cin, line);
}

struct arguments
{
    std::string role;
    ct::queue_options options;
    std::uint64_t count;
    std::string more;
};

void send(const arguments& a)
{
    ct::publisher out(a.options);
    say("ready");
    hear();
    for (std::uint64_t i = 0; i < a.count; ++i)
        out.enqueue(body(i, a.options.capacity()));
    say("sent");
    hear();
}

void send_batches(const arguments& a)
{
    ct::publisher out(a.options);
    say("ready");
    hear();
    std::vector<std::string_view> batch;
    for (std::uint64_t i = 0; i < a.count; ++i)
        batch.push_back(body(i, a.options.capacity()));
    for (auto first = batch.begin(); first != batch.end();)
        first += static_cast<std::ptrdiff_t>(
            out.try_enqueue_all(first, batch.end()));
    say("sent");
    hear();
}

void receive(const arguments& a)
{
    ct::subscriber in(a.options);
    say("ready");
    std::string message;
    for (std::uint64_t i = 0; i < a.count; ++i)
    {
        if (!in.timed_dequeue(message, time_limit))
            throw std::runtime_error("nothing arrives");
        if (message != body(i, a.options.capacity()))
            throw std::runtime_error("wrong message " + std::to_string(i));
    }
    say("received");
    hear();
}

// Opens a handle, and keeps it.
void hold(const arguments& a)
{
    if (a.more == "publisher")
    {
        ct::publisher out(a.options);
        say("ready");
        hear();
    }
    else
    {
        ct::subscriber in(a.options);
        say("ready");
        hear();
    }
}

void mismatch(const arguments& a)
{
    try
    {
        ct::subscriber in(a.options);
        say("opened");
    }
    catch (const boost_ipq::queue_mismatch&)
    {
        say("mismatch");
    }
}

// How many messages of 10 bytes fit?
void fill(const arguments& a)
{
    ct::publisher out(a.options);
    int count = 0;
    while (out.try_enqueue("0123456789", 10))
        ++count;
    say(std::to_string(count));
    hear();
}

void drain(const arguments& a)
{
    ct::subscriber in(a.options);
    int count = 0;
    std::string message;
    while (in.try_dequeue(message))
        ++count;
    say(std::to_string(count));
    hear();
}

// Sends messages that begin with the name of the sender and a number.
void count(const arguments& a)
{
    ct::publisher out(a.options);
    say("ready");
    hear();
    for (std::uint64_t i = 0; a.count == 0 || i < a.count; ++i)
        out.enqueue(
            a.more + " " + std::to_string(i) + " " + std::string(i % 50, 'x'));
    say("sent");
    hear();
}

// Tells all such messages, until one is "end".
void collect(const arguments& a)
{
    ct::subscriber in(a.options);
    say("ready");
    std::string message, text;
    while (in.timed_dequeue(message, time_limit) && message != "end")
    {
        std::cout << message.substr(0, message.rfind(' ')) << '\n';
        std::cout.flush();
    }
    say("end");
}

// Numbers of 8 bytes each in a message of 32; the checksum depends on the
// order.
void stream(const arguments& a)
{
    ct::publisher out(a.options);
    boost::crc_32_type crc;
    std::uint64_t message[4] = {};
    for (std::uint64_t i = 0; i < a.count; ++i)
    {
        message[0] = i;
        message[3] = i * 3;
        crc.process_bytes(message, sizeof message);
        out.enqueue(message, sizeof message);
    }
    say(std::to_string(crc.checksum()));
    hear();
}

void stream_end(const arguments& a)
{
    ct::subscriber in(a.options);
    say("ready");
    boost::crc_32_type crc;
    std::string message;
    for (std::uint64_t i = 0; i < a.count; ++i)
    {
        if (!in.timed_dequeue(message, time_limit))
            throw std::runtime_error("nothing arrives");
        crc.process_bytes(message.data(), message.size());
    }
    say(std::to_string(crc.checksum()));
}

// Passes messages on to another queue.
void forward(const arguments& a)
{
    ct::subscriber in(a.options);
    ct::publisher out(
        ct::queue_options(a.more, a.options.capacity()).path(a.options.path()));
    say("ready");
    std::string message;
    for (std::uint64_t i = 0; i < a.count; ++i)
    {
        if (!in.timed_dequeue(message, time_limit))
            throw std::runtime_error("nothing arrives");
        out.enqueue(message);
    }
    say("sent");
    hear();
}

} // namespace

int main(int argc, char** argv)
try
{
    if (argc < 6)
        throw std::runtime_error("arguments: ROLE NAME CAPACITY PATH COUNT");
    const arguments a = {
        argv[1], ct::queue_options(argv[2], std::stoull(argv[3])).path(argv[4]),
        std::stoull(argv[5]), argc > 6 ? argv[6] : ""};
    const std::pair<const char*, void (*)(const arguments&)> roles[] = {
        {"send", send},         {"send_batches", send_batches},
        {"receive", receive},   {"hold", hold},
        {"mismatch", mismatch}, {"fill", fill},
        {"drain", drain},       {"count", count},
        {"collect", collect},   {"stream", stream},
        {"forward", forward},   {"stream_end", stream_end}};
    for (const auto& role : roles)
        if (a.role == role.first)
            return role.second(a), 0;
    throw std::runtime_error("no role " + a.role);
}
catch (const std::exception& e)
{
    std::cerr << "peer.cpp: " << e.what() << '\n';
    return 1;
}
