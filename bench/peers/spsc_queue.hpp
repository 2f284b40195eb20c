// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_SPSC_QUEUE_HPP
#define BOOST_IPQ_BENCH_PEERS_SPSC_QUEUE_HPP

#include "channel.hpp"
#include <boost/interprocess/managed_shared_memory.hpp>
#include <boost/interprocess/shared_memory_object.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstddef>
#include <memory>
#include <string>

namespace bench {

// Boost.Lockfree in shared memory, with cells of the message's size.
template <std::size_t Size>
struct spsc_queue : channel_traits
{
    static constexpr const char* name = "spsc_queue";
    static constexpr bool waits = false;
    static constexpr bool several_senders = false;
    static constexpr bool competing = false;

    struct cell
    {
        char bytes[Size];
    };
    using queue = boost::lockfree::spsc_queue<
        cell, boost::lockfree::capacity<ring_messages(Size)>>;
    using segment = boost::interprocess::managed_shared_memory;

    spsc_queue(std::size_t, std::size_t) : object(unique_name())
    {
        segment memory(
            boost::interprocess::create_only, object.c_str(),
            sizeof(queue) + 65536);
        memory.construct<queue>("queue")();
    }

    spsc_queue(const spsc_queue&) = delete;
    spsc_queue& operator=(const spsc_queue&) = delete;

    ~spsc_queue()
    {
        boost::interprocess::shared_memory_object::remove(object.c_str());
    }

    struct end
    {
        explicit end(const spsc_queue& c)
            : memory(boost::interprocess::open_only, c.object.c_str()),
              ring(*memory.find<queue>("queue").first)
        {
        }

        segment memory;
        queue& ring;
    };

    struct sender : end
    {
        using end::end;

        bool try_send(const void* data, std::size_t)
        {
            return this->ring.push(*static_cast<const cell*>(data));
        }
    };

    struct receiver : end
    {
        explicit receiver(const spsc_queue& c) : end(c), buffer(new cell) {}

        template <class F>
        bool try_receive(F&& f)
        {
            if (!this->ring.pop(*buffer))
                return false;
            f(buffer->bytes, Size);
            return true;
        }

        std::unique_ptr<cell> buffer;
    };

    std::string object;
};

} // namespace bench

#endif
