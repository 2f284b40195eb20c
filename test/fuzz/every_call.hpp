// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_FUZZ_EVERY_CALL_HPP
#define BOOST_IPQ_TEST_FUZZ_EVERY_CALL_HPP

// Handles of one queue, and a call that a number selects.

#include "input.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace fuzz {

class every_call
{
public:
    explicit every_call(boost_ipq::queue_options options)
        : m_options(std::move(options))
    {
        open();
    }

    static constexpr std::size_t calls = 25;

    void call(std::size_t which, input& from)
    {
        using namespace std::chrono_literals;
        boost::system::error_code ec;
        const std::size_t size = from.below(600);
        const std::string bytes(size, 'x');
        std::string message;
        switch (which)
        {
        case 0:
            return open();
        case 1:
            m_out->try_enqueue(bytes, ec);
            break;
        case 2:
            m_out->timed_enqueue(bytes, 0ms, ec);
            break;
        case 3:
        {
            const std::vector<std::string> batch(from.below(6), bytes);
            m_out->try_enqueue_all(batch.begin(), batch.end(), ec);
            break;
        }
        case 4:
            m_reserved = m_out->try_reserve(size, ec);
            if (m_reserved)
                std::memset(m_reserved.data(), 'r', m_reserved.size());
            break;
        case 5:
            if (m_reserved)
                m_reserved.commit(size % (m_reserved.size() + 1));
            break;
        case 6:
            m_reserved = boost_ipq::reservation();
            break;
        case 7:
            m_in->try_dequeue(message, ec);
            break;
        case 8:
            m_in->timed_dequeue(message, 0ms, ec);
            break;
        case 9:
            m_held = m_in->try_receive(ec);
            read(m_held);
            break;
        case 10:
            read(m_held);
            if (m_held)
                m_held.acknowledge();
            break;
        case 11:
            m_held = boost_ipq::delivery();
            break;
        default:
            return rare(which, from, ec);
        }
        check(ec);
    }

    void close()
    {
        m_reserved = boost_ipq::reservation();
        m_held = boost_ipq::delivery();
        m_out.reset();
        m_in.reset();
    }

private:
    // Without handles afterwards, if the queue cannot be opened.
    void open()
    {
        boost::system::error_code ec;
        close();
        m_out.emplace(boost_ipq::open_only, m_options, ec);
        check(ec);
        m_in.emplace(boost_ipq::open_only, m_options, ec);
        check(ec);
    }

    void rare(std::size_t which, input& from, boost::system::error_code& ec)
    {
        using namespace std::chrono_literals;
        const auto sum = [this](const void* data, std::size_t size) {
            m_sum += std::string(static_cast<const char*>(data), size).size();
        };
        std::string message;
        char buffer[16];
        std::size_t size = 0;
        switch (which)
        {
        case 12:
            m_in->consume_all(sum, ec);
            break;
        case 13:
            m_in->consume_one(sum, ec);
            break;
        case 14:
            boost_ipq::inspect(m_options, ec);
            break;
        case 15:
            boost_ipq::repair(m_options, ec);
            break;
        case 16:
            m_in->try_dequeue(buffer, sizeof buffer, size, ec);
            break;
        case 17:
            m_in->try_dequeue(
                buffer, sizeof buffer, size, boost_ipq::truncate, ec);
            break;
        case 18: // a real wait costs much time
            if (from.below(8) == 0)
                m_in->timed_dequeue(message, 1ms, ec);
            break;
        case 19:
            m_out->cancel();
            m_in->cancel();
            break;
        default:
            return dropping(which, from, ec);
        }
        check(ec);
    }

    void dropping(std::size_t which, input& from, boost::system::error_code& ec)
    {
        const std::string bytes(from.below(600), 'y');
        std::string message;
        std::size_t dropped = 0;
        switch (which)
        {
        case 20:
            m_out->try_enqueue_overwriting(bytes, dropped, ec);
            break;
        case 21:
            m_in->try_dequeue_latest(message, ec);
            break;
        case 22:
            m_in->purge(ec);
            break;
        case 23:
            m_in->peek(
                [this](const void* data, std::size_t size) {
                    m_sum += std::string(static_cast<const char*>(data), size)
                                 .size();
                },
                ec);
            break;
        default:
            if (m_held)
                m_held.reject();
        }
        check(ec);
    }

    // An error has a text, and "success" is none.
    static void check(const boost::system::error_code& ec)
    {
        if (ec)
            require(ec.value() != 0 && !ec.message().empty(), "no error");
    }

    void read(const boost_ipq::delivery& held)
    {
        if (held)
            m_sum +=
                std::string(static_cast<const char*>(held.data()), held.size())
                    .size();
    }

    boost_ipq::queue_options m_options;
    std::optional<boost_ipq::publisher> m_out;
    std::optional<boost_ipq::subscriber> m_in;
    boost_ipq::reservation m_reserved;
    boost_ipq::delivery m_held;
    std::size_t m_sum = 0;
};

} // namespace fuzz

#endif
