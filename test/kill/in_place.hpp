// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_IN_PLACE_HPP
#define BOOST_IPQ_TEST_KILL_IN_PLACE_HPP

// The victim writes or reads in place, or sends a batch.

#include "receive.hpp"
#include "send.hpp"
#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace kill_test {

// Reserves, writes, commits.
class reserve_scenario : public send_scenario
{
    using send_scenario::send_scenario;

    bool send(boost_ipq::publisher& out, const bytes& body) override
    {
        boost_ipq::reservation room = out.try_reserve(body.size());
        if (!room)
            return false;
        std::memcpy(room.data(), body.data(), body.size());
        room.commit();
        return true;
    }
};

// Commits less than it reserved.
class commit_shorter_scenario : public send_scenario
{
    using send_scenario::send_scenario;

    bool send(boost_ipq::publisher& out, const bytes& body) override
    {
        boost_ipq::reservation room = out.try_reserve(body.size() + 40);
        if (!room)
            return false;
        std::memcpy(room.data(), body.data(), body.size());
        room.commit(body.size());
        return true;
    }
};

// Reserves and abandons: the message must never arrive.
class abandon_scenario : public queue_scenario
{
    using queue_scenario::queue_scenario;

    void operate() override
    {
        boost_ipq::reservation room = queue().out.try_reserve(how().size);
        std::memset(room.data(), 1, room.size());
        room.abandon();
        has_returned();
    }

    void bury(verdict&) override {}
};

// Receives in place and acknowledges.
class receive_in_place_scenario : public receive_scenario
{
public:
    receive_in_place_scenario(const std::string& name, const situation& how)
        : receive_scenario(name, how)
    {
        reads_in_place();
    }

private:
    bool receive(boost_ipq::subscriber& in) override
    {
        boost_ipq::delivery message = in.try_receive();
        if (!message)
            return false;
        words().size = message.size();
        std::memcpy(words().body, message.data(), message.size());
        message.acknowledge();
        return true;
    }
};

// A survivor reads the oldest message in place, and more were taken behind it:
// the victim merges these, then takes the next one.
class receive_behind_scenario : public receive_scenario
{
    using receive_scenario::receive_scenario;

    void arrange() override
    {
        receive_scenario::arrange();
        m_held = queue().in.try_receive();
        const auto* const data = static_cast<const std::byte*>(m_held.data());
        queue().accept(setup(), bytes(data, data + m_held.size()));
        for (int i = 0; i < 3; ++i)
            queue().take(setup());
    }

    void bury(verdict& result) override
    {
        receive_scenario::bury(result);
        m_held.acknowledge();
    }

    boost_ipq::delivery m_held;
};

// Receives in place and does not acknowledge: no message may be lost.
class give_back_scenario : public receive_scenario
{
public:
    give_back_scenario(const std::string& name, const situation& how)
        : receive_scenario(name, how)
    {
        reads_in_place();
    }

private:
    bool receive(boost_ipq::subscriber& in) override
    {
        boost_ipq::delivery message = in.try_receive();
        message.give_back();
        return false;
    }
};

// Consumes all messages: one that was not consumed is not lost.
class consume_scenario : public queue_scenario
{
public:
    using queue_scenario::queue_scenario;

    void operate() override
    {
        words().size = 0;
        const std::size_t count = queue().in.consume_all(
            [this](const void*, std::size_t) { ++words().size; });
        has_returned(count == words().size);
    }

    void bury(verdict& result) override
    {
        const unsigned gone = remove_taken([&](const expected_message& taken) {
            result.promise(
                queue().was_acknowledged(taken),
                "a message is removed only by its acknowledgement");
        });
        result.promise(
            gone <= words().size, "each removed message was consumed");
        result.promise(
            !words().returned || (words().result && queue().waiting().empty()),
            "all messages were consumed");
    }
};

// Sends several messages in one publication: all arrive or none.
class batch_scenario : public queue_scenario
{
public:
    using queue_scenario::queue_scenario;

    void reset() override
    {
        queue_scenario::reset();
        m_messages.clear();
        m_bodies.clear();
        for (const std::size_t size : {how().size, std::size_t(3), how().size})
        {
            m_messages.push_back(queue().next(size));
            m_messages.back().must = false;
            m_bodies.push_back(m_messages.back().body());
        }
    }

    void operate() override
    {
        has_returned(
            queue().out.try_enqueue_all(m_bodies.begin(), m_bodies.end()) ==
            m_bodies.size());
    }

    void bury(verdict& result) override
    {
        result.promise(
            !words().returned || words().result, "there is room for the batch");
        for (auto& message : m_messages)
        {
            message.must = words().returned;
            queue().waiting().push_back(message);
        }
    }

    void after_taking(verdict& result) override
    {
        const std::size_t came = queue().came(m_messages);
        result.promise(
            came == 0 || came == m_messages.size(),
            "a batch arrives as a whole or not at all");
    }

private:
    std::vector<expected_message> m_messages;
    std::vector<bytes> m_bodies;
};

} // namespace kill_test

#endif
