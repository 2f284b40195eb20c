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
#include <stdexcept>

namespace storm {

enum class sending : std::uint8_t
{
    no,
    begun,
    done,
    refused // the queue was full
};

// What a subscriber records about a message.
constexpr std::uint8_t read_in_place = 0x80; // and not acknowledged yet
constexpr std::uint8_t acknowledged = 0x40;
constexpr std::uint8_t given_back = 0x20;
constexpr std::uint8_t receipts = 0x1f; // their number

struct entry
{
    std::atomic<sending> sent;
    std::atomic<std::uint8_t> received;
    std::atomic<std::uint32_t> holder; // the life that reads it in place
};

struct ledger
{
    static constexpr std::size_t capacity = 1 << 22; // messages
    static constexpr std::size_t max_lives = 1 << 16;

    std::atomic<std::uint64_t> numbered; // messages so far
    std::atomic<std::uint64_t> received;
    std::atomic<std::uint64_t> overtaken; // received after a younger message
    std::atomic<std::uint64_t> redelivered;
    std::atomic<std::uint64_t> returned;    // given back
    std::atomic<std::uint64_t> broken_runs; // ended by an exception
    std::atomic<std::uint64_t> opened;      // times that a queue was opened
    std::atomic<bool> stop_sending, stop_receiving;
    sem_t progress; // posted for every 64 messages that are received
    std::atomic<std::uint64_t> errors;
    char first_error[400];
    // Each process has a life of its own, and a forked one a parent's.
    std::atomic<std::uint32_t> lives;
    std::atomic<std::uint32_t> forks, finished_forks;
    std::atomic<std::uint32_t> parents[max_lives];
    std::atomic<bool> condemned[max_lives]; // to be killed, or killed
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
        for (std::uint32_t i = 0; i < lives; ++i)
            condemned[i] = false;
        numbered = received = overtaken = redelivered = 0;
        returned = broken_runs = opened = 0;
        stop_sending = stop_receiving = false;
        lives = forks = finished_forks = 0;
    }

    std::uint32_t new_life(std::uint32_t parent)
    {
        const std::uint32_t result = lives++;
        if (result >= max_lives)
            throw std::runtime_error("too many lives");
        parents[result] = parent;
        return result;
    }

    // The first life of a family.
    std::uint32_t new_life()
    {
        const std::uint32_t result = new_life(0);
        parents[result] = result;
        return result;
    }

    bool is_condemned(std::uint32_t life) const
    {
        return condemned[life] || condemned[parents[life]];
    }

    void fail(const char* what, std::uint64_t number = 0)
    {
        if (errors++ == 0)
            std::snprintf(
                first_error, sizeof first_error, "message %llu: %s",
                static_cast<unsigned long long>(number), what);
    }

    // A message was received by copy. Returns: whether it is the first time.
    bool receive(std::uint64_t number)
    {
        const bool first =
            receive(number, entries[number].received.fetch_add(1));
        acknowledge(number);
        return first;
    }

    // A message is read in place. Returns: whether it is the first time.
    bool receive_in_place(std::uint64_t number, std::uint32_t life)
    {
        entry& it = entries[number];
        const bool first = receive(number, it.received.load());
        it.holder = life;
        it.received.fetch_or(read_in_place);
        it.received.fetch_add(1);
        return first;
    }

    // Called after it was acknowledged: it must not come again.
    void acknowledge(std::uint64_t number)
    {
        entries[number].received.fetch_or(acknowledged);
    }

    // Called before it is given back: it counts as not received.
    void give_back(std::uint64_t number)
    {
        // One store: this process may die before or after it.
        entries[number].received.store(given_back);
        ++returned;
    }

    // May it come late?
    bool was_given_back(std::uint64_t number) const
    {
        return (entries[number].received & given_back) != 0;
    }

    void count()
    {
        if (++received % 64 == 0)
            ::sem_post(&progress);
    }

private:
    // Only what a dead process was reading is received again.
    bool receive(std::uint64_t number, std::uint8_t before)
    {
        count();
        if ((before & receipts) == 0)
            return true;
        ++redelivered;
        if ((before & (read_in_place | acknowledged)) != read_in_place)
            fail("received twice", number);
        else if (!is_condemned(entries[number].holder))
            fail("received while a living process holds it", number);
        return false;
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
