// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_ICEORYX_HPP
#define BOOST_IPQ_BENCH_PEERS_ICEORYX_HPP

#include "channel.hpp"
#include "forms.hpp"
#include "iceoryx_daemon.hpp"
#include <iceoryx_hoofs/log/logmanager.hpp>
#include <iceoryx_posh/mepoo/chunk_header.hpp>
#include <iceoryx_posh/popo/untyped_publisher.hpp>
#include <iceoryx_posh/popo/untyped_subscriber.hpp>
#include <iceoryx_posh/popo/wait_set.hpp>
#include <iceoryx_posh/runtime/posh_runtime.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace bench {

// Eclipse iceoryx, in place, with the memory pools of its daemon's built-in
// configuration. A subscriber's queue has at most 256 messages. Every
// subscriber gets every message, so subscribers do not compete. A publisher
// waits for slow subscribers.
struct iceoryx_loans : channel_traits
{
    static constexpr const char* name = "iceoryx_loans";
    static constexpr bool quick = false;
    static constexpr bool competing = false;
    static constexpr bool own_threads = true;
    static constexpr bool own_program = true; // see join()

    iceoryx_loans(std::size_t capacity, std::size_t size)
        : service(unique_name()),
          messages((std::min)(capacity / size, std::size_t(256)))
    {
        iceoryx_daemon::start();
    }

    // Effects: joins the daemon. The process can no longer fork.
    static void join()
    {
        static bool joined = false;
        if (joined)
            return;
        joined = true;
        iox::log::LogManager::GetLogManager().SetDefaultLogLevel(
            iox::log::LogLevel::kOff, iox::log::LogLevelOutput::kHideLogLevel);
        iox::runtime::PoshRuntime::initRuntime(
            text<iox::RuntimeName_t>(iceoryx_daemon::process_name()));
        // The daemon aborts if a client ends without leaving.
        std::at_quick_exit(
            [] { iox::runtime::PoshRuntime::getInstance().~PoshRuntime(); });
    }

    template <class Text>
    static Text text(const std::string& string)
    {
        return Text(iox::cxx::TruncateToCapacity, string);
    }

    iox::capro::ServiceDescription description() const
    {
        return {"boost_ipq", text<iox::capro::IdString_t>(service), "messages"};
    }

    struct runtime
    {
        runtime() { join(); }
    };

    struct sender
    {
        explicit sender(const iceoryx_loans& c)
            : joined(),
              out(c.description(), options())
        {
        }

        static iox::popo::PublisherOptions options()
        {
            iox::popo::PublisherOptions result;
            result.subscriberTooSlowPolicy =
                iox::popo::ConsumerTooSlowPolicy::WAIT_FOR_CONSUMER;
            return result;
        }

        template <class Fill>
        bool try_fill(std::size_t size, Fill f)
        {
            while (!connected)
            {
                connected = out.hasSubscribers();
                if (!connected)
                    return false;
            }
            bool sent = false;
            out.loan(static_cast<std::uint32_t>(size))
                .and_then([&](void* room) {
                    f(room, size);
                    out.publish(room);
                    sent = true;
                });
            return sent;
        }

        bool try_send(const void* data, std::size_t size)
        {
            return try_fill(size, [=](void* room, std::size_t) {
                std::memcpy(room, data, size);
            });
        }

        void send(const void* data, std::size_t size)
        {
            while (!try_send(data, size))
                ::sched_yield();
        }

        runtime joined;
        iox::popo::UntypedPublisher out;
        bool connected = false;
    };

    struct receiver
    {
        explicit receiver(const iceoryx_loans& c)
            : joined(),
              in(c.description(), options(c))
        {
            attached =
                !waiting.attachState(in, iox::popo::SubscriberState::HAS_DATA)
                     .has_error();
        }

        static iox::popo::SubscriberOptions options(const iceoryx_loans& c)
        {
            iox::popo::SubscriberOptions result;
            result.queueCapacity = c.messages;
            result.queueFullPolicy = iox::popo::QueueFullPolicy::BLOCK_PRODUCER;
            return result;
        }

        template <class F>
        bool try_receive(F&& f)
        {
            bool received = false;
            in.take().and_then([&](const void* message) {
                f(message, iox::mepoo::ChunkHeader::fromUserPayload(message)
                               ->userPayloadSize());
                in.release(message);
                received = true;
            });
            return received;
        }

        template <class F>
        void receive(F&& f)
        {
            while (!try_receive(f))
                if (attached)
                    waiting.wait();
        }

        runtime joined;
        iox::popo::UntypedSubscriber in;
        iox::popo::WaitSet<> waiting;
        bool attached;
    };

    std::string service;
    std::size_t messages;
};

// As iceoryx_loans, but the receiver copies each message out.
struct iceoryx : copied_out<iceoryx_loans>
{
    static constexpr const char* name = "iceoryx";
    using copied_out::copied_out;
};

} // namespace bench

#endif
