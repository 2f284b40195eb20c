// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_BOOST_IPQ_HPP
#define BOOST_IPQ_BENCH_PEERS_BOOST_IPQ_HPP

#include "channel.hpp"
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct queue_handles
{
    using publisher = boost_ipq::publisher;
    using subscriber = boost_ipq::subscriber;
};

struct broadcast_handles
{
    using publisher = boost_ipq::broadcast_publisher;
    using subscriber = boost_ipq::broadcast_subscriber;
};

// With the copying calls.
template <class Handles>
struct ipq_copying : channel_traits
{
    ipq_copying(std::size_t capacity, std::size_t size)
        : queue(unique_name()),
          message_size(size)
    {
        typename Handles::publisher(
            boost_ipq::create_only, boost_ipq::queue_options(queue, capacity));
    }

    ipq_copying(const ipq_copying&) = delete;
    ipq_copying& operator=(const ipq_copying&) = delete;

    ~ipq_copying()
    {
        boost::system::error_code ignored;
        boost_ipq::remove_queue(queue, ignored);
    }

    struct sender
    {
        explicit sender(const ipq_copying& c)
            : out(boost_ipq::open_only, c.queue)
        {
        }

        bool try_send(const void* data, std::size_t size)
        {
            return out.try_enqueue(data, size);
        }

        void send(const void* data, std::size_t size)
        {
            out.enqueue(data, size);
        }

        typename Handles::publisher out;
    };

    struct receiver
    {
        explicit receiver(const ipq_copying& c)
            : in(boost_ipq::open_only, c.queue),
              buffer(c.message_size)
        {
        }

        template <class F>
        bool try_receive(F&& f)
        {
            std::size_t size;
            if (!in.try_dequeue(buffer.data(), buffer.size(), size))
                return false;
            f(buffer.data(), size);
            return true;
        }

        template <class F>
        void receive(F&& f)
        {
            std::size_t size;
            in.dequeue(buffer.data(), buffer.size(), size);
            f(buffer.data(), size);
        }

        typename Handles::subscriber in;
        std::vector<char> buffer;
    };

    std::string queue;
    std::size_t message_size;
};

// Our queue.
struct ipq : ipq_copying<queue_handles>
{
    static constexpr const char* name = "boost_ipq";
    using ipq_copying::ipq_copying;
};

// Uses the waiting calls where other channels use try calls, to compare them.
struct ipq_waiting : ipq
{
    static constexpr const char* name = "boost_ipq_waiting";
    static constexpr bool immediate = false;
    using ipq::ipq;
};

// With reservations and deliveries.
template <class Handles>
struct ipq_lending : ipq_copying<Handles>
{
    using base = ipq_copying<Handles>;
    using base::base;

    struct sender : base::sender
    {
        using base_sender = typename base::sender;
        using base_sender::base_sender;

        template <class Fill>
        bool try_fill(std::size_t size, Fill f)
        {
            return fill(this->out.try_reserve(size), size, f);
        }

        bool try_send(const void* data, std::size_t size)
        {
            return try_fill(size, [=](void* room, std::size_t) {
                std::memcpy(room, data, size);
            });
        }

        void send(const void* data, std::size_t size)
        {
            fill(this->out.reserve(size), size, [=](void* room, std::size_t) {
                std::memcpy(room, data, size);
            });
        }

    private:
        template <class Fill>
        static bool fill(boost_ipq::reservation room, std::size_t size, Fill f)
        {
            if (!room)
                return false;
            f(room.data(), size);
            room.commit();
            return true;
        }
    };

    struct receiver
    {
        explicit receiver(const base& c) : in(boost_ipq::open_only, c.queue) {}

        template <class F>
        bool try_receive(F&& f)
        {
            return in.consume_one(f) != 0;
        }

        template <class F>
        void receive(F&& f)
        {
            boost_ipq::delivery message = in.receive();
            f(message.data(), message.size());
            message.acknowledge();
        }

        typename Handles::subscriber in;
    };
};

struct ipq_in_place : ipq_lending<queue_handles>
{
    static constexpr const char* name = "boost_ipq_in_place";
    using ipq_lending::ipq_lending;
};

// With try_enqueue_all() and consume_all().
template <class Handles>
struct ipq_runs : ipq_copying<Handles>
{
    static constexpr bool waits = false;
    static constexpr bool competing = false; // a receiver takes all messages
    static constexpr std::size_t batch = 64;
    using base = ipq_copying<Handles>;
    using base::base;

    struct sender : base::sender
    {
        using base_sender = typename base::sender;
        using base_sender::base_sender;

        std::size_t try_send_all(
            const std::string_view* first, const std::string_view* last)
        {
            return this->out.try_enqueue_all(first, last);
        }
    };

    struct receiver
    {
        explicit receiver(const base& c) : in(boost_ipq::open_only, c.queue) {}

        template <class F>
        bool try_receive(F&& f)
        {
            return in.consume_all(f) != 0;
        }

        typename Handles::subscriber in;
    };
};

struct ipq_batch : ipq_runs<queue_handles>
{
    static constexpr const char* name = "boost_ipq_batch";
    using ipq_runs::ipq_runs;
};

} // namespace bench

#endif
