// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// For ipq-bridge-bench, as `client=hiredis`: the transactions that
// brokers/redis.cpp sends, by a program that leaves all else to hiredis.

#include "broker.hpp"
#include <hiredis/hiredis.h>
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <utility>

namespace bridge {
namespace {

class hiredis_sink final : public sink
{
public:
    hiredis_sink(const endpoint& end, const settings& route, wire& line)
        : m_stream(end.name),
          m_most(route.count("batch")),
          m_most_bytes(route.bytes("batch-bytes")),
          m_context(redisConnectFd(
              line.connect(end.host, end.port.empty() ? "6379" : end.port)))
    {
        m_context->flags &= ~REDIS_BLOCK;
        ::fcntl(m_context->fd, F_SETFL, O_NONBLOCK);
    }

    std::size_t room() const override
    {
        return m_unwritten || m_ready_bytes >= m_most_bytes ? 0
                                                            : m_most - m_ready;
    }

    std::size_t send(const message* first, std::size_t count) override
    {
        count = (std::min)(count, room());
        if (count != 0 && m_ready == 0)
            redisAppendCommand(m_context.get(), "MULTI");
        for (std::size_t i = 0; i < count; ++i)
            append(first[i]);
        m_ready += count;
        if (m_in_flight == 0 && m_ready != 0)
            begin();
        return count;
    }

    void work(settler& told) override
    {
        if (m_unwritten)
            write();
        if (!read())
            return;
        void* got = nullptr;
        while (redisGetReplyFromReader(m_context.get(), &got) == REDIS_OK &&
               got)
        {
            const std::unique_ptr<redisReply, destroy> one(
                static_cast<redisReply*>(got));
            hear(*one, told);
        }
    }

    interest wants() override
    {
        const short out = m_unwritten ? POLLOUT : 0;
        return {m_context->fd, static_cast<short>(POLLIN | out), -1};
    }

private:
    struct destroy
    {
        void operator()(redisContext* one) const { redisFree(one); }
        void operator()(redisReply* one) const { freeReplyObject(one); }
    };

    void append(const message& one)
    {
        char id[40];
        const auto size = static_cast<std::size_t>(std::snprintf(
            id, sizeof id, "%016" PRIx64 "-%" PRIu64, one.id.epoch,
            one.id.sequence));
        const char* const words[] = {
            "XADD",
            m_stream.c_str(),
            "*",
            "id",
            id,
            "body",
            static_cast<const char*>(one.data)};
        const std::size_t sizes[] = {4, m_stream.size(), 1, 2, size,
                                     4, one.size};
        redisAppendCommandArgv(
            m_context.get(), 7, const_cast<const char**>(words), sizes);
        m_ready_bytes += one.size;
    }

    void begin()
    {
        redisAppendCommand(m_context.get(), "EXEC");
        write();
        m_in_flight = std::exchange(m_ready, 0);
        m_ready_bytes = 0;
        m_queued = 0;
    }

    void write()
    {
        int done = 0;
        if (redisBufferWrite(m_context.get(), &done) != REDIS_OK)
            throw broker_error(m_context->errstr);
        m_unwritten = !done;
    }

    bool read()
    {
        pollfd fd = {m_context->fd, POLLIN, 0};
        int times = 0;
        for (; times < 64 && ::poll(&fd, 1, 0) > 0; ++times)
            if (redisBufferRead(m_context.get()) != REDIS_OK)
                throw broker_error(m_context->errstr);
        return times != 0;
    }

    void hear(const redisReply& one, settler& told)
    {
        if (one.type == REDIS_REPLY_ERROR)
            throw broker_error(one.str);
        if (m_queued <= m_in_flight)
        {
            ++m_queued;
            return;
        }
        const auto first = m_confirmed;
        m_confirmed += m_in_flight;
        m_in_flight = 0;
        if (m_ready != 0)
            begin();
        told.confirmed(first, m_confirmed - 1);
    }

    const std::string m_stream;
    const std::size_t m_most;
    const std::uint64_t m_most_bytes;
    const std::unique_ptr<redisContext, destroy> m_context;
    bool m_unwritten = false;
    std::size_t m_in_flight = 0, m_queued = 0, m_ready = 0;
    std::uint64_t m_ready_bytes = 0, m_confirmed = 0;
};

const registration hiredis_is_there(
    "hiredis", {nullptr,
                [](const endpoint& end, const settings& route,
                   wire& line) -> std::unique_ptr<sink> {
                    return std::make_unique<hiredis_sink>(end, route, line);
                },
                nullptr, 0});

} // namespace
} // namespace bridge
