// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_MESSAGE_QUEUE_HPP
#define BOOST_IPQ_BENCH_PEERS_MESSAGE_QUEUE_HPP

#include "channel.hpp"
#include <boost/interprocess/ipc/message_queue.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace bench {

// Boost.Interprocess
struct message_queue : channel_traits
{
    static constexpr const char* name = "message_queue";

    message_queue(std::size_t capacity, std::size_t size)
        : queue(unique_name()),
          message_size(size)
    {
        boost::interprocess::message_queue(
            boost::interprocess::create_only, queue.c_str(), capacity / size,
            size);
    }

    message_queue(const message_queue&) = delete;
    message_queue& operator=(const message_queue&) = delete;

    ~message_queue()
    {
        boost::interprocess::message_queue::remove(queue.c_str());
    }

    struct sender
    {
        explicit sender(const message_queue& c)
            : out(boost::interprocess::open_only, c.queue.c_str())
        {
        }

        bool try_send(const void* data, std::size_t size)
        {
            return out.try_send(data, size, 0);
        }

        void send(const void* data, std::size_t size)
        {
            out.send(data, size, 0);
        }

        boost::interprocess::message_queue out;
    };

    struct receiver
    {
        explicit receiver(const message_queue& c)
            : in(boost::interprocess::open_only, c.queue.c_str()),
              buffer(c.message_size)
        {
        }

        template <class F>
        bool try_receive(F&& f)
        {
            if (!in.try_receive(buffer.data(), buffer.size(), size, priority))
                return false;
            f(buffer.data(), size);
            return true;
        }

        template <class F>
        void receive(F&& f)
        {
            in.receive(buffer.data(), buffer.size(), size, priority);
            f(buffer.data(), size);
        }

        boost::interprocess::message_queue in;
        boost::interprocess::message_queue::size_type size = 0;
        unsigned priority = 0;
        std::vector<char> buffer;
    };

    std::string queue;
    std::size_t message_size;
};

} // namespace bench

#endif
