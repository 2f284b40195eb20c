// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_NEWEST_HPP
#define BOOST_IPQ_TEST_KILL_NEWEST_HPP

// The victim sends or receives the newest message and drops the oldest ones, or
// drops and looks at what waits.

#include "receive.hpp"
#include "send.hpp"
#include <algorithm>
#include <cstddef>
#include <string>

namespace kill_test {

// Only what is older than what stays may be dropped.
template <class Base>
class dropping : public Base
{
public:
    using Base::Base;

protected:
    // Effects: forgets the messages that the victim has dropped. In front of
    // the first message that stays, all are gone.
    // Returns: how many.
    unsigned drop(verdict& result)
    {
        auto& waiting = this->queue().waiting();
        unsigned gone = 0;
        bool stays = false;
        for (auto i = waiting.begin(); i != waiting.end();)
        {
            const fate now =
                i->placed ? this->queue().fate_of(*i) : fate::waiting;
            const bool there = now != fate::gone;
            if (now == fate::held)
                i->late = i->seen = true;
            result.promise(
                there || !stays, "only the oldest messages are dropped");
            stays = stays || there;
            gone += !there;
            i = there ? std::next(i) : waiting.erase(i);
        }
        return gone;
    }
};

class overwrite_scenario : public dropping<send_scenario>
{
public:
    using dropping<send_scenario>::dropping;

    bool send(boost_ipq::publisher& out, const bytes& body) override
    {
        return out.try_enqueue_overwriting(
            body.data(), body.size(), words().size);
    }

    void bury(verdict& result) override
    {
        const unsigned gone = drop(result);
        if (words().returned)
        {
            result.promise(words().result, "messages can be dropped");
            result.promise(
                gone == words().size, "the call tells how many were dropped");
        }
        send_scenario::bury(result);
    }
};

class latest_scenario : public dropping<queue_scenario>
{
public:
    using dropping<queue_scenario>::dropping;

    void operate() override
    {
        has_returned(queue().in.try_dequeue_latest(
            words().body, how().size, words().size));
    }

    void bury(verdict& result) override
    {
        const auto newest = queue().waiting().back();
        drop(result);
        if (!words().returned)
            return;
        result.promise(
            words().result &&
                newest.body() ==
                    bytes(words().body, words().body + words().size),
            "the received message is the newest one");
        result.promise(queue().waiting().empty(), "the older ones are gone");
    }
};

class purge_scenario : public dropping<queue_scenario>
{
public:
    using dropping<queue_scenario>::dropping;

    void operate() override
    {
        words().size = queue().in.purge();
        has_returned();
    }

    void bury(verdict& result) override
    {
        const unsigned gone = drop(result);
        if (words().returned)
            result.promise(
                queue().waiting().empty() && gone == words().size,
                "all that waited is dropped");
    }
};

class peek_scenario : public queue_scenario
{
public:
    using queue_scenario::queue_scenario;

    void operate() override
    {
        words().size = queue().in.peek([](const void*, std::size_t) {});
        has_returned();
    }

    void bury(verdict& result) override
    {
        if (words().returned)
            result.promise(
                words().size == queue().waiting().size(),
                "a look shows all that waits");
    }
};

} // namespace kill_test

#endif
