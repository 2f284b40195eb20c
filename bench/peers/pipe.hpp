// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_PIPE_HPP
#define BOOST_IPQ_BENCH_PEERS_PIPE_HPP

#include "descriptor.hpp"
#include "channel.hpp"
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>
#include <cstddef>
#include <string>
#include <vector>

namespace bench {

// A pipe. Messages longer than a page mix when there are several writers.
struct pipe : channel_traits
{
    static constexpr const char* name = "pipe";
    static constexpr bool quick = false;
    static constexpr std::size_t shared_limit = PIPE_BUF;

    pipe(std::size_t capacity, std::size_t size) : message_size(size)
    {
        int both[2];
        if (::pipe2(both, O_CLOEXEC) != 0)
            fail("pipe");
        ends[0] = descriptor(both[0]);
        ends[1] = descriptor(both[1]);
        // Without privileges at most /proc/sys/fs/pipe-max-size.
        if (::fcntl(both[1], F_SETPIPE_SZ, static_cast<int>(capacity)) < 0)
            ::fcntl(both[1], F_SETPIPE_SZ, 1 << 20);
    }

    // Each end has two descriptors: O_NONBLOCK belongs to the open file.
    struct end
    {
        end(const descriptor& file, int mode)
            : waiting(open(file, mode)),
              trying(open(file, mode | O_NONBLOCK))
        {
        }

        static int open(const descriptor& file, int mode)
        {
            const int result = ::open(
                ("/proc/self/fd/" + std::to_string(file.get())).c_str(),
                mode | O_CLOEXEC);
            if (result < 0)
                fail("opening a pipe");
            return result;
        }

        descriptor waiting, trying;
    };

    struct sender : end
    {
        explicit sender(const pipe& c) : end(c.ends[1], O_WRONLY) {}

        bool try_send(const void* data, std::size_t size)
        {
            return put(trying, data, size);
        }

        void send(const void* data, std::size_t size)
        {
            put(waiting, data, size);
        }

    private:
        bool put(const descriptor& file, const void* data, std::size_t size)
        {
            const char* const bytes = static_cast<const char*>(data);
            ssize_t done =
                call("write", [&] { return ::write(file.get(), data, size); });
            if (done < 0)
                return false;
            for (std::size_t sent = done; sent < size; sent += done)
                done = call("write", [&] {
                    return ::write(waiting.get(), bytes + sent, size - sent);
                });
            return true;
        }
    };

    struct receiver : end
    {
        explicit receiver(const pipe& c)
            : end(c.ends[0], O_RDONLY),
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
        bool take(const descriptor& file, F& f)
        {
            ssize_t done = call("read", [&] {
                return ::read(file.get(), buffer.data(), buffer.size());
            });
            if (done < 0)
                return false;
            for (std::size_t got = done; got < buffer.size(); got += done)
                done = call("read", [&] {
                    return ::read(
                        waiting.get(), buffer.data() + got,
                        buffer.size() - got);
                });
            f(buffer.data(), buffer.size());
            return true;
        }

        std::vector<char> buffer;
    };

    descriptor ends[2];
    std::size_t message_size;
};

} // namespace bench

#endif
