// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Queues of cloudtoid/interprocess, on one side of a route: a service moves
// from them to ours, or back, without stopping. Its protocol has no
// confirmations: what is in its queue is there as long as one of its
// participants.

#include "../broker.hpp"
#include <boost_ipq/cloudtoid.hpp>
#include <boost_ipq/error.hpp>
#include <algorithm>
#include <vector>

namespace bridge {
namespace {

boost_ipq::cloudtoid::queue_options
options_of(const endpoint& end, const settings& route)
{
    boost_ipq::cloudtoid::queue_options options(
        end.name, static_cast<std::size_t>(route.bytes("cloudtoid-capacity")));
    if (route.has("path"))
        options.path(route.text("path"));
    return options;
}

// Nothing says when there is room or a message: the protocol looks. Soon after
// the last message often, later seldom.
class looking
{
public:
    void found() noexcept { m_pause = 1; }
    interest wants() noexcept
    {
        const int pause = m_pause;
        m_pause = (std::min)(m_pause + 1, 10);
        return {-1, 0, pause};
    }

private:
    int m_pause = 1;
};

class cloudtoid_sink final : public sink
{
public:
    cloudtoid_sink(const endpoint& end, const settings& route)
        : m_out(options_of(end, route))
    {
    }

    std::size_t send(const message* first, std::size_t count) override
    {
        std::size_t sent = 0;
        boost::system::error_code ec;
        while (sent < count &&
               m_out.try_enqueue(first[sent].data, first[sent].size, ec))
            ++sent;
        m_refused = ec == boost_ipq::errc::message_too_large;
        if (ec && !m_refused)
            throw broker_error("the cloudtoid queue: " + ec.message(), true);
        m_sent += sent;
        if (m_refused) // counts as sent, and is refused then
            ++sent;
        if (sent != 0)
            m_looking.found();
        return sent;
    }

    void work(settler& told) override
    {
        if (m_sent != m_told)
            told.confirmed(m_told, m_sent - 1);
        m_told = m_sent;
        if (!m_refused)
            return;
        m_refused = false;
        ++m_sent;
        told.refused(m_told++, "it is larger than the cloudtoid queue");
    }

    interest wants() override { return m_looking.wants(); }

private:
    boost_ipq::cloudtoid::publisher m_out;
    looking m_looking{};
    std::uint64_t m_sent = 0, m_told = 0;
    bool m_refused = false;
};

class cloudtoid_source final : public source
{
public:
    cloudtoid_source(const endpoint& end, const settings& route)
        : m_in(options_of(end, route)),
          m_most(route.count("batch"))
    {
    }

    // Each message is taken only when our queue has it. If the bridge dies in
    // between, it comes again: twice, and never lost.
    std::size_t receive(const taker& take) override
    {
        struct not_taken
        {
        };
        std::size_t count = 0;
        m_holds = false;
        try
        {
            const auto pass = [&](const void* data, std::size_t size) {
                const message one{data, size, {}};
                if (take(&one, 1) == 0)
                    throw not_taken();
            };
            while (count < m_most && m_in.consume_one(pass) != 0)
                ++count;
        }
        catch (const not_taken&)
        {
            m_holds = true;
        }
        if (count != 0)
            m_looking.found();
        return count;
    }

    interest wants() override { return m_looking.wants(); }
    bool holds() const override { return m_holds; }

private:
    boost_ipq::cloudtoid::subscriber m_in;
    const std::size_t m_most;
    looking m_looking{};
    bool m_holds = false;
};

std::string check(const endpoint&, const settings& route)
{
    return route.bytes("cloudtoid-capacity")
               ? std::string()
               : "a cloudtoid queue needs --cloudtoid-capacity, the one that "
                 "its other participants have";
}

const registration cloudtoid_is_there(
    "cloudtoid", {check,
                  [](const endpoint& end, const settings& route,
                     wire&) -> std::unique_ptr<sink> {
                      return std::make_unique<cloudtoid_sink>(end, route);
                  },
                  [](const endpoint& end, const settings& route,
                     wire&) -> std::unique_ptr<source> {
                      return std::make_unique<cloudtoid_source>(end, route);
                  },
                  ~std::uint64_t(0)});

} // namespace
} // namespace bridge
