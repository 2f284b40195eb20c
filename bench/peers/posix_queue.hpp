// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_POSIX_QUEUE_HPP
#define BOOST_IPQ_BENCH_PEERS_POSIX_QUEUE_HPP

#include "descriptor.hpp"
#include "channel.hpp"
#include <fcntl.h>
#include <mqueue.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <vector>

namespace bench {

// A POSIX message queue. The kernel allows at most 65536 messages, without
// privileges only 10 of 8 KiB.
struct posix_queue : channel_traits
{
    static constexpr const char* name = "posix_queue";
    static constexpr bool quick = false;

    posix_queue(std::size_t capacity, std::size_t size)
        : queue("/" + unique_name()),
          message_size(size)
    {
        const rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
        ::setrlimit(RLIMIT_MSGQUEUE, &unlimited);
        mq_attr attributes = {};
        attributes.mq_msgsize = static_cast<long>(size);
        for (std::size_t count : {capacity / size, std::size_t(10)})
        {
            attributes.mq_maxmsg =
                static_cast<long>((std::min)(count, std::size_t(65536)));
            const mqd_t made = ::mq_open(
                queue.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);
            if (made != -1)
            {
                ::mq_close(made);
                return;
            }
        }
        throw unsupported(
            "mq_open: the kernel allows no messages of this size; see "
            "/proc/sys/fs/mqueue/msgsize_max");
    }

    posix_queue(const posix_queue&) = delete;
    posix_queue& operator=(const posix_queue&) = delete;

    ~posix_queue() { ::mq_unlink(queue.c_str()); }

    struct end
    {
        end(const posix_queue& c, int mode)
            : waiting(::mq_open(c.queue.c_str(), mode)),
              trying(::mq_open(c.queue.c_str(), mode | O_NONBLOCK))
        {
            if (waiting == -1 || trying == -1)
                fail("mq_open");
        }

        end(const end&) = delete;
        end& operator=(const end&) = delete;

        ~end()
        {
            ::mq_close(waiting);
            ::mq_close(trying);
        }

        mqd_t waiting, trying;
    };

    struct sender : end
    {
        explicit sender(const posix_queue& c) : end(c, O_WRONLY) {}

        bool try_send(const void* data, std::size_t size)
        {
            return put(trying, data, size);
        }

        void send(const void* data, std::size_t size)
        {
            put(waiting, data, size);
        }

        static bool put(mqd_t file, const void* data, std::size_t size)
        {
            return call("mq_send", [&] {
                       return ::mq_send(
                           file, static_cast<const char*>(data), size, 0);
                   }) >= 0;
        }
    };

    struct receiver : end
    {
        explicit receiver(const posix_queue& c)
            : end(c, O_RDONLY),
              buffer(c.message_size)
        {
        }

        template <class F>
        bool try_receive(F&& f)
        {
            return take(trying, f);
        }

        template <class F>
        void receive(F&& f)
        {
            take(waiting, f);
        }

        template <class F>
        bool take(mqd_t file, F& f)
        {
            return receive_into(buffer, f, "mq_receive", [&] {
                return ::mq_receive(
                    file, buffer.data(), buffer.size(), nullptr);
            });
        }

        std::vector<char> buffer;
    };

    std::string queue;
    std::size_t message_size;
};

} // namespace bench

#endif
