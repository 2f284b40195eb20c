// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_STORM_LEDGER_HPP
#define BOOST_IPQ_TEST_STORM_LEDGER_HPP

// Records what was sent and received, outside of the queue, in memory that all
// processes of a storm share.

#include <semaphore.h>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace storm {

enum class sending : std::uint8_t
{
    no,
    begun,
    done,
    refused // the queue was full
};

// What a subscriber records about a message.
constexpr std::uint8_t read_in_place = 0x80; // and is about to acknowledge it
constexpr std::uint8_t acknowledged = 0x40;
constexpr std::uint8_t receipts = 0x3f; // their number

struct entry
{
    std::atomic<sending> sent;
    std::atomic<std::uint8_t> received;
};

struct ledger
{
    static constexpr std::size_t capacity = 1 << 22; // messages

    std::atomic<std::uint64_t> numbered; // messages so far
    std::atomic<std::uint64_t> received;
    std::atomic<std::uint64_t> overtaken; // received after a younger message
    std::atomic<std::uint64_t> redelivered;
    std::atomic<bool> stop_sending, stop_receiving;
    sem_t progress; // posted for every 64 messages that are received
    std::atomic<std::uint64_t> errors;
    char first_error[400];
    entry entries[capacity];

    // Between two storms.
    void clear()
    {
        const std::uint64_t count = numbered;
        for (std::uint64_t i = 0; i < count; ++i)
        {
            entries[i].sent = sending::no;
            entries[i].received = 0;
        }
        numbered = received = overtaken = redelivered = 0;
        stop_sending = stop_receiving = false;
    }

    void fail(const char* what, std::uint64_t number = 0)
    {
        if (errors++ == 0)
            std::snprintf(
                first_error, sizeof first_error, "message %llu: %s",
                static_cast<unsigned long long>(number), what);
    }

    // A message was received by dequeue().
    void receive(std::uint64_t number)
    {
        const std::uint8_t before = entries[number].received.fetch_add(1);
        if ((before & receipts) != 0 &&
            (before & (read_in_place | acknowledged)) != read_in_place)
            fail("received twice", number);
        count();
    }

    // A message was received in place; it will be acknowledged now.
    void receive_in_place(std::uint64_t number, bool again)
    {
        const std::uint8_t before =
            entries[number].received.fetch_or(read_in_place);
        entries[number].received.fetch_add(1);
        if (again)
            ++redelivered;
        if ((before & receipts) != 0 &&
            (!again || (before & acknowledged) != 0))
            fail("received twice, in place", number);
        count();
    }

    void acknowledge(std::uint64_t number)
    {
        entries[number].received.fetch_or(acknowledged);
    }

private:
    void count()
    {
        if (++received % 64 == 0)
            ::sem_post(&progress);
    }
};

// The totals at the end of a storm.
struct balance
{
    std::uint64_t sent = 0, unfinished = 0, lost = 0, invented = 0, again = 0;

    explicit balance(const ledger& book)
    {
        for (std::uint64_t i = 0; i < book.numbered; ++i)
        {
            const sending state = book.entries[i].sent;
            const unsigned count = book.entries[i].received & receipts;
            sent += state == sending::done;
            unfinished += state == sending::begun;
            lost += state == sending::done && count == 0;
            invented += (state == sending::no || state == sending::refused) &&
                        count != 0;
            again += count > 1;
        }
    }
};

} // namespace storm

#endif
