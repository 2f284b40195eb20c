// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_ICEORYX2_HPP
#define BOOST_IPQ_BENCH_PEERS_ICEORYX2_HPP

#include "channel.hpp"
#include "forms.hpp"
#include "rust_peer.hpp"
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>

namespace bench {

// iceoryx2, in place. Every subscriber gets every message, so subscribers do
// not compete. To sleep it needs a second service, for events, and a loop
// around both: it has no row with waiting calls.
struct iceoryx2_loans : channel_traits
{
    static constexpr const char* name = "iceoryx2_loans";
    static constexpr bool waits = false;
    static constexpr bool competing = false;

    iceoryx2_loans(std::size_t capacity, std::size_t size)
        : iceoryx2_loans(capacity, size, 1, false)
    {
    }

    // To several receivers. `full_waits`: sending waits for those whose buffer
    // is full. Else they do not get the message.
    iceoryx2_loans(
        std::size_t capacity, std::size_t size, unsigned receivers,
        bool full_waits)
        : prefix(unique_name() + '_'),
          messages(capacity / size),
          receiver_count(receivers),
          message_size(size),
          sending_waits(full_waits)
    {
    }

    iceoryx2_loans(const iceoryx2_loans&) = delete;
    iceoryx2_loans& operator=(const iceoryx2_loans&) = delete;

    // Effects: removes what a process that was killed left.
    ~iceoryx2_loans()
    {
        std::error_code ignored;
        for (const auto& entry :
             std::filesystem::directory_iterator("/dev/shm", ignored))
            if (entry.path().filename().string().rfind(prefix, 0) == 0)
                std::filesystem::remove(entry.path(), ignored);
    }

    struct sender
    {
        explicit sender(const iceoryx2_loans& c)
            : out(rust_open(
                      boost_ipq_bench_iceoryx2_open_sender, c.directory.path(),
                      c.prefix.c_str(), c.messages, c.receiver_count,
                      c.message_size, c.sending_waits),
                  boost_ipq_bench_iceoryx2_close_sender)
        {
        }

        template <class Fill>
        bool try_fill(std::size_t size, Fill f)
        {
            through_c<Fill> fill(f);
            return rust_done(boost_ipq_bench_iceoryx2_try_send(
                out.get(), size, fill.template call<void>, &fill));
        }

        bool try_send(const void* data, std::size_t size)
        {
            return try_fill(size, [=](void* room, std::size_t) {
                std::memcpy(room, data, size);
            });
        }

        rust_sender out;
    };

    struct receiver
    {
        explicit receiver(const iceoryx2_loans& c)
            : in(rust_open(
                     boost_ipq_bench_iceoryx2_open_receiver, c.directory.path(),
                     c.prefix.c_str(), c.messages, c.receiver_count),
                 boost_ipq_bench_iceoryx2_close_receiver)
        {
        }

        template <class F>
        bool try_receive(F&& f)
        {
            through_c<F> look(f);
            const bool received =
                rust_done(boost_ipq_bench_iceoryx2_try_receive(
                    in.get(), look.template call<const void>, &look));
            look.rethrow();
            return received;
        }

        rust_receiver in;
    };

    shared_directory directory;
    std::string prefix;
    std::size_t messages;
    std::size_t receiver_count;
    std::size_t message_size;
    bool sending_waits;
};

// As iceoryx2_loans, but the receiver copies each message out.
struct iceoryx2 : copied_out<iceoryx2_loans>
{
    static constexpr const char* name = "iceoryx2";
    using copied_out::copied_out;
};

} // namespace bench

#endif
