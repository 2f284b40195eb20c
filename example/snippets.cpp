// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The short pieces of code in README.md and doc/. test/docs.py compares them
// with the pages; this program shows that they compile and work. In the pages,
// own("orders") is "orders".

#include <boost_ipq/asio.hpp>
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/cloudtoid.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/request.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <boost_ipq/wait_set.hpp>
#include <boost/asio/io_context.hpp>
#include <unistd.h>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

static int failures = 0;

static void check(bool good, const char* what)
{
    if (good)
        return;
    std::cout << "failed: " << what << '\n';
    ++failures;
}

// A name that no other program uses.
static std::string own(const std::string& name)
{
    return name + "-snippets-" + std::to_string(::getpid());
}

static std::function<void()> at_last;
static int processed = 0;

static void process(const std::string& message)
{
    ++processed;
    if (message == "last")
        at_last();
}

// Ends a loop that never ends: the last message removes the queue.
template <class Loop>
static void until_removed(const std::string& name, Loop loop)
{
    at_last = [&] { boost_ipq::remove_queue(name); };
    try
    {
        loop();
        check(false, "a loop ended");
    }
    catch (const boost_ipq::queue_removed&)
    {
    }
}

static void send()
{
    //[ send
#include <boost_ipq/publisher.hpp>

    boost_ipq::queue_options options(own("orders"), 1 << 20); // 1 MiB
    boost_ipq::publisher out(boost_ipq::open_or_create, options);
    bool sent = out.try_enqueue(std::string_view("42 apples")); // false: full
    //]
    check(sent, "send");
}

static void receive()
{
    boost_ipq::publisher(boost_ipq::open_only, own("orders"))
        .enqueue(std::string_view("last"));
    until_removed(own("orders"), [] {
    //[ receive
#include <boost_ipq/subscriber.hpp>
        boost_ipq::queue_options options(own("orders"), 1 << 20);
        boost_ipq::subscriber in(boost_ipq::open_or_create, options);
        std::string message;
        while (in.dequeue(message)) // waits
            process(message);
        //]
    });
    check(processed == 2, "receive");
}

static void opening()
{
    //[ opening
    boost_ipq::queue_options options(own("orders"), 1 << 20);
    options.permissions(0660)
        .lifetime(boost_ipq::lifetime::while_open)
        .message_alignment(64);
    boost_ipq::publisher out(boost_ipq::open_or_create, options);
    boost_ipq::subscriber in(boost_ipq::open_only, own("orders"));
    //]
    check(out.capacity() == in.capacity(), "opening");
}

static void heap()
{
    //[ heap
    using bytes = std::allocator<std::byte>;
    boost_ipq::basic_publisher<bytes, boost_ipq::heap_storage> out(
        boost_ipq::open_or_create, {own("orders"), 1 << 20});
    boost_ipq::remove_queue<boost_ipq::heap_storage>(own("orders"));
    //]
    check(out.removed(), "heap");
}

static void newest()
{
    boost_ipq::queue_options options(own("frames"), 64);
    options.lifetime(boost_ipq::lifetime::while_open);
    boost_ipq::publisher out(boost_ipq::create_only, options);
    boost_ipq::subscriber in(boost_ipq::open_only, options);
    std::vector<char> frame(50, 'a');
    out.enqueue(frame);
    frame.assign(50, 'b');
    //[ newest
    std::size_t dropped;
    out.try_enqueue_overwriting(frame, dropped); // drops the oldest to fit
    in.try_dequeue_latest(frame);                // drops the older ones
    //]
    check(dropped == 1 && frame[0] == 'b', "newest");
}

static void limit()
{
    //[ limit
    boost_ipq::queue_options options(own("jobs"), 1 << 20);
    options.max_deliveries(5).dead_letter(own("jobs.dead"));
    //]
    check(options.max_deliveries() == 5, "limit");
}

static void several()
{
    const std::string names[] = {own("orders"), own("prices"), own("out")};
    for (const std::string& name : names)
        boost_ipq::publisher(
            boost_ipq::create_only, boost_ipq::queue_options(name, 4096));
    boost_ipq::publisher(boost_ipq::open_only, names[0]).enqueue("x", 1);
    boost_ipq::publisher(boost_ipq::open_only, names[0])
        .enqueue(std::string_view("last"));
    std::string message;
    until_removed(names[0], [&] {
        boost_ipq::subscriber orders(boost_ipq::open_only, names[0]);
        boost_ipq::subscriber prices(boost_ipq::open_only, names[1]);
        boost_ipq::publisher out(boost_ipq::open_only, names[2]);
        //[ wait_set
#include <boost_ipq/wait_set.hpp>
        boost_ipq::wait_set set;
        set.add(orders, 1); // a subscriber: ready when there is a message
        set.add(prices, 2);
        set.add(out, 3); // a publisher: ready when room was made
        while (std::size_t key = set.wait()) // 0 after set.stop()
            if (key == 1 && orders.try_dequeue(message))
                process(message);
        //]
    });
    boost_ipq::subscriber prices(boost_ipq::open_only, names[1]);
    boost_ipq::publisher(boost_ipq::open_only, names[1]).enqueue("x", 1);
    boost_ipq::wait_set set;
    set.add(prices, 2);
    const auto serve = [&](std::size_t key) {
        check(key == 2 && prices.try_dequeue(message), "the descriptor");
    };
    //[ descriptor
    while (std::size_t key = set.timed_wait(std::chrono::seconds(0)))
        serve(key);
    //]
    set.remove(prices);
    boost_ipq::remove_queue(names[1]);
    boost_ipq::remove_queue(names[2]);
}

static void priorities()
{
    const std::string names[] = {own("orders.urgent"), own("orders")};
    for (const std::string& name : names)
        boost_ipq::publisher(
            boost_ipq::create_only, boost_ipq::queue_options(name, 4096))
            .enqueue(std::string_view(&name == names ? "x" : "last"));
    until_removed(names[1], [] {
        //[ priorities
        boost_ipq::subscriber urgent(
            boost_ipq::open_only, own("orders.urgent"));
        boost_ipq::subscriber normal(boost_ipq::open_only, own("orders"));
        boost_ipq::wait_set set;
        set.add(urgent, 1);
        set.add(normal, 2);
        std::string message;
        while (set.wait() != 0) // which one it was does not matter
            if (urgent.try_dequeue(message) || normal.try_dequeue(message))
                process(message);
        //]
    });
    check(
        boost_ipq::subscriber(boost_ipq::open_only, names[0]).empty(),
        "priorities");
    boost_ipq::remove_queue(names[0]);
}

struct order
{
    int number;
    double price;
};

//[ type_name
template <>
struct boost_ipq::type_name<order>
{
    static constexpr std::string_view value = "order, version 2";
};
//]

static void typed()
{
    int used = 0;
    const auto use = [&](const order& it) { used = it.number; };
    boost_ipq::queue_options options(own("orders"), 4096);
    options.lifetime(boost_ipq::lifetime::while_open);
    //[ typed
    boost_ipq::typed_publisher<order> out(boost_ipq::open_or_create, options);
    out.enqueue({1, 9.5});
    auto room = out.reserve(); // a pointer into the queue
    room->number = 2;
    room.commit();

    boost_ipq::typed_subscriber<order> in(boost_ipq::open_only, own("orders"));
    order one = in.dequeue();
    auto two = in.receive();
    use(*two);
    two.acknowledge();
    //]
    check(one.number == 1 && used == 2, "typed");
}

static void broadcast()
{
    {
        //[ broadcast
#include <boost_ipq/broadcast.hpp>

        boost_ipq::queue_options options(own("ticks"), 1 << 20);
        boost_ipq::broadcast_publisher out(boost_ipq::open_or_create, options);
        boost_ipq::broadcast_subscriber in(boost_ipq::open_only, own("ticks"));

        out.enqueue("12.50", 5);
        std::string tick;
        in.dequeue(tick);
        //]
        check(tick == "12.50", "broadcast");
        //[ history
        boost_ipq::broadcast_subscriber late(
            boost_ipq::open_only, own("ticks"), boost_ipq::history(10));
        //]
        check(late.size() == 1, "history");
    }
    boost_ipq::remove_queue(own("ticks"));
    {
        //[ overflow
#include <boost_ipq/broadcast.hpp>
        boost_ipq::broadcast_publisher out(
            boost_ipq::open_or_create,
            boost_ipq::queue_options(own("ticks"), 1 << 20)
                .overflow(boost_ipq::overflow::drop_oldest));
        boost_ipq::broadcast_subscriber in(
            boost_ipq::open_only, own("ticks"), boost_ipq::history(10));
        //]
        check(in.empty(), "overflow");
    }
    boost_ipq::remove_queue(own("ticks"));
}

struct question
{
    int a, b;
};
using answer = int;

static answer compute(const question& it)
{
    return it.a + it.b;
}

static void requests()
{
    const boost_ipq::queue_options options(own("compute"), 4096);
    boost_ipq::publisher(boost_ipq::create_only, options);
    std::thread serving([&] {
        until_removed(own("compute"), [&] {
        //[ server
#include <boost_ipq/request.hpp>
            boost_ipq::request_server<question, answer> server(
                boost_ipq::open_or_create, options);
            while (auto request = server.receive())
                request.answer(compute(*request));
            //]
        });
    });
    while (boost_ipq::inspect(own("compute")).participants.empty() ||
           boost_ipq::inspect(own("compute")).participants[0].subscribers == 0)
        std::this_thread::yield();
    {
        //[ client
        boost_ipq::request_client<question, answer> client(
            boost_ipq::open_only, own("compute"));
        answer a = client.call(question{1, 2});
        //]
        check(a == 3, "requests");
    }
    boost_ipq::remove_queue(own("compute"));
    serving.join();
}

static void asio()
{
    boost::asio::io_context io;
    std::string text, data = "data";
    int handled = 0;
    const auto token = [&](auto ec, auto...) { handled += ec ? 0 : 1; };
    boost_ipq::publisher(
        boost_ipq::create_only, boost_ipq::queue_options(own("orders"), 4096));
    {
        //[ asio
#include <boost_ipq/asio.hpp>
        boost_ipq::async_subscriber in(io, boost_ipq::open_only, own("orders"));
        in.async_dequeue(boost::asio::dynamic_buffer(text), token); // ec, size
        boost_ipq::async_publisher out(io, boost_ipq::open_only, own("orders"));
        out.async_enqueue(boost::asio::buffer(data), token); // ec
        //]
        io.run();
    }
    check(handled == 2 && text == "data", "asio");
    boost_ipq::remove_queue(own("orders"));
}

static void ending()
{
    boost_ipq::queue_options options(own("orders"), 4096);
    options.lifetime(boost_ipq::lifetime::while_open);
    boost_ipq::subscriber in(boost_ipq::create_only, options);
    boost_ipq::publisher(boost_ipq::open_only, options)
        .enqueue(std::string_view("last"));
    at_last = [&] { in.stop(); };
    std::string message;
    //[ ending
    while (in.dequeue(message)) // in the thread that works
        process(message);

    in.stop(); // in another thread, or in a signal handler
    //]
    check(in.stopped(), "ending");
}

static void cloudtoid()
{
    processed = 0;
    //[ cloudtoid
#include <boost_ipq/cloudtoid.hpp>

    // The name and the capacity.
    boost_ipq::cloudtoid::queue_options options(own("orders"), 65536);
    boost_ipq::cloudtoid::publisher out(options);
    boost_ipq::cloudtoid::subscriber in(options);
    out.enqueue("42 apples", 9); // waits for room
    //]
    out.enqueue("last", 4);
    at_last = [&] { in.stop(); };
    //[ cloudtoid
    std::string message;
    while (in.dequeue(message)) // waits
        process(message);
    //]
    check(processed == 2, "cloudtoid");
}

// The sample programs of the .NET package.
static void cloudtoid_samples()
{
    const auto sample_publisher = [&] {
        //[ cloudtoid_publisher
        boost_ipq::cloudtoid::publisher publisher(
            {own("sample-queue"), 1024 * 1024});
        for (unsigned char i = 0; i != 255; ++i)
            publisher.enqueue(&i, 1); // instead of TryEnqueue and Task.Delay
        //]
    };
    int received = 0;
    const boost_ipq::cloudtoid::queue_options options(
        own("sample-queue"), 1024 * 1024);
    boost_ipq::cloudtoid::subscriber in(options);
    sample_publisher();
    {
        boost_ipq::cloudtoid::publisher last(options);
        last.enqueue("", 1);
    }
    const auto sample_subscriber = [&](const auto& handle) {
        //[ cloudtoid_subscriber
        boost_ipq::cloudtoid::subscriber subscriber(
            {own("sample-queue"), 1024 * 1024});
        unsigned char message[1];
        std::size_t size;
        while (subscriber.dequeue(message, sizeof message, size))
            handle(message[0]);
        //]
    };
    try
    {
        sample_subscriber([&](unsigned char) {
            if (++received == 256)
                throw received; // ends the loop
        });
    }
    catch (int)
    {
    }
    check(received == 256, "cloudtoid_samples");
}

static void sizes()
{
    //[ capacity
    // Room for 1,000 messages of 100 bytes.
    const std::size_t one = (100 + 8 + 7) / 8 * 8; // header, rounded up to 8
    boost_ipq::queue_options options(own("orders"), 1000 * one);
    //]
    options.lifetime(boost_ipq::lifetime::while_open);
    boost_ipq::publisher out(boost_ipq::create_only, options);
    const std::vector<char> message(100);
    int sent = 0;
    while (out.try_enqueue(message))
        ++sent;
    check(sent == 1000, "capacity");
}

static void aligned()
{
    boost_ipq::queue_options options(own("vectors"), 4096);
    options.lifetime(boost_ipq::lifetime::while_open);
    //[ alignment
    options.message_alignment(64); // of the queue: all programs say so
    boost_ipq::publisher out(boost_ipq::open_or_create, options);
    boost_ipq::reservation room = out.reserve(8 * sizeof(double));
    auto* const values = static_cast<double*>(room.data()); // at a multiple
    for (int i = 0; i < 8; ++i)                             // of 64
        values[i] = i;
    room.commit();
    //]
    check(reinterpret_cast<std::uintptr_t>(values) % 64 == 0, "alignment");
}

static void huge_pages()
{
    //[ huge_pages
    boost_ipq::queue_options options(own("frames"), 256 << 20);
    options.huge_pages(true);
    //]
    check(options.huge_pages(), "huge pages");
    //[ numa_node
    options.numa_node(1);
    //]
    check(options.numa_node() == 1u, "node");
}

static void users()
{
    //[ group
    boost_ipq::queue_options options(own("orders"), 1 << 20);
    options.permissions(0660).directory("/var/lib/app");
    //]
    check(options.directory() == "/var/lib/app", "group");
}

//[ checksum
#include <boost/crc.hpp>

// The message with its checksum at the end.
std::string sealed(std::string message)
{
    boost::crc_32_type crc;
    crc.process_bytes(message.data(), message.size());
    const std::uint32_t sum = crc.checksum();
    return message.append(reinterpret_cast<const char*>(&sum), sizeof sum);
}

// Removes the checksum. Returns false if it is wrong.
bool opened(std::string& message)
{
    std::string whole = message;
    if (message.size() < sizeof(std::uint32_t))
        return false;
    message.resize(message.size() - sizeof(std::uint32_t));
    return sealed(message) == whole;
}
//]

static void checksums()
{
    std::string message = sealed("job"), wrong = message;
    wrong[0] = 'J';
    check(opened(message) && message == "job" && !opened(wrong), "checksum");
}

int main()
{
    for (const auto part :
         {send,     receive, opening,    heap,      newest,
          limit,    several, priorities, typed,     broadcast,
          requests, asio,    ending,     cloudtoid, cloudtoid_samples,
          sizes,    aligned, huge_pages, users,     checksums})
        part();
    return failures == 0 ? 0 : 1;
}
