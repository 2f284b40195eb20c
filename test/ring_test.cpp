// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The ring in plain memory: fill, wrap, reserve, claim.

#include "support/emulator.hpp"
#include "support/heap_ring.hpp"
#include "support/main.hpp"
#include "support/pages.hpp"
#include "support/random_seed.hpp"
#include "support/ring_pieces.hpp"
#include <boost_ipq/detail/ring/burst_backoff.hpp>
#include <boost_ipq/detail/ring/contents.hpp>
#include <boost/iterator/transform_iterator.hpp>
#include <algorithm>
#include <chrono>
#include <deque>
#include <list>
#include <new>
#include <optional>
#include <random>
#include <stdexcept>
#include <string_view>
#include <vector>

using namespace test;

namespace {

bool same(const bytes& body, std::uint64_t number)
{
    return body == make_body(number, body.size());
}

// For the iterator of a batch: throws at that look at a text, counted from 1.
auto throwing_at(int at, int& looks)
{
    return [at, &looks](const std::string& text) -> const std::string& {
        if (++looks == at)
            throw std::runtime_error("no more");
        return text;
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(fill_and_drain)
{
    for (const std::size_t alignment : {8, 64})
    {
        ring_fixture f(1024, alignment);
        const std::size_t fits = f.view.capacity / f.view.span(10);
        for (unsigned lap = 0; lap < 50; ++lap)
        {
            for (std::size_t i = 0; i < fits; ++i)
                BOOST_REQUIRE(f.a.send(make_body(i, 10)) == status::done);
            BOOST_TEST(f.a.send(make_body(0, 10)) == status::would_block);
            for (std::size_t i = 0; i < fits; ++i)
            {
                const auto message = f.b.take_bytes();
                BOOST_REQUIRE(message.has_value());
                BOOST_TEST(same(*message, i));
            }
            BOOST_TEST(!f.b.take_bytes());
            BOOST_TEST(f.b.result == status::would_block);
        }
    }
}

// Without a publisher that needs it.
BOOST_AUTO_TEST_CASE(taken_space_is_free_at_once)
{
    ring_fixture f(1000);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(f.a.send("x") == status::done);
    for (int i = 0; i < 3; ++i)
    {
        BOOST_TEST(f.b.take() == "x");
        BOOST_TEST((f.free() == f.read()));
    }
}

BOOST_AUTO_TEST_CASE(too_large)
{
    ring_fixture f(1000);
    const std::size_t longest = f.view.max_length();
    BOOST_TEST(f.a.send(bytes(longest + 1)) == status::too_large);
    BOOST_TEST(f.a.send(bytes(longest)) == status::done);
    BOOST_TEST(f.a.send(bytes(longest + 1)) == status::too_large);
    BOOST_TEST(f.b.take_bytes().value().size() == longest);
}

// At every position, the longest message fits an empty ring.
BOOST_AUTO_TEST_CASE(longest_after_any)
{
    for (const std::size_t capacity : {8, 24, 100, 128, 1000})
    {
        ring_fixture f(capacity);
        for (unsigned i = 0; i < 300; ++i)
        {
            BOOST_REQUIRE(
                f.a.send(make_body(i, i % (f.view.max_length() + 1))) ==
                status::done);
            BOOST_REQUIRE(same(f.b.take_bytes().value(), i));
            BOOST_REQUIRE(
                f.a.send(make_body(i, f.view.max_length())) == status::done);
            BOOST_REQUIRE(f.a.send("") == status::would_block);
            BOOST_REQUIRE(same(f.b.take_bytes().value(), i));
        }
    }
}

// As before, but padding and abandoned records are in the way, and no
// subscriber skips them.
BOOST_AUTO_TEST_CASE(longest_after_abandoned)
{
    ring_fixture f(1000);
    for (unsigned i = 0; i < 300; ++i)
    {
        const auto record = f.a.reserve(i * 7 % 900);
        BOOST_REQUIRE(record.has_value());
        detail::abandon(f.a.out.ring(), *record);
        BOOST_REQUIRE(
            f.a.send(make_body(i, f.view.max_length())) == status::done);
        BOOST_REQUIRE(same(f.b.take_bytes().value(), i));
    }
}

BOOST_AUTO_TEST_CASE(padding_before_the_end)
{
    ring_fixture f(128); // a buffer of 264
    BOOST_TEST(f.view.size == 264u);
    for (const std::uint64_t number : {10, 11})
    {
        BOOST_TEST(f.a.send(make_body(number, 50)) == status::done);
        BOOST_TEST(same(f.b.take_bytes().value(), number));
    }
    BOOST_TEST(f.a.send(make_body(1, 50)) == status::done); // 128..192
    BOOST_TEST(f.a.send(make_body(2, 34)) == status::done); // 192..240
    BOOST_TEST(same(f.b.take_bytes().value(), 1));
    BOOST_TEST(f.a.send(make_body(3, 40)) == status::done); // padding, 0..48
    BOOST_TEST((f.header(position(0, 240)).state() == record_state::padding));
    BOOST_TEST(f.head().offset() == 48u);
    BOOST_TEST(same(f.b.take_bytes().value(), 2));
    BOOST_TEST(same(f.b.take_bytes().value(), 3));
    BOOST_TEST(!f.b.take_bytes());
    BOOST_TEST((f.read() == f.head()));
    BOOST_TEST((f.free() == f.head()));
}

// A record after padding needs a place for its sentinel before the oldest
// record.
BOOST_AUTO_TEST_CASE(padding_up_to_the_oldest)
{
    constexpr std::size_t capacity = 64 * 1024, first = 30'000; // spans
    // In place: no record is shifted.
    const auto send = [](member& out, const bytes& body) {
        const auto record = out.reserve(body.size());
        if (record)
        {
            std::copy(body.begin(), body.end(), out.out.body(*record));
            detail::commit(out.out.ring(), *record);
        }
        return out.result;
    };
    for (const std::size_t less : {0, 8})
    {
        ring_fixture f(capacity);
        BOOST_TEST(send(f.a, make_body(1, first - 8)) == status::done);
        BOOST_TEST(
            send(f.a, make_body(2, capacity - first - 8)) == status::done);
        BOOST_TEST(same(f.b.take_bytes().value(), 1));
        detail::read_end(f.b.in.ring()).try_advance_free();
        BOOST_TEST(f.head().offset() == capacity);
        BOOST_TEST(f.free().offset() == first);
        BOOST_TEST(capacity + first - less > f.view.size);
        BOOST_TEST(
            send(f.a, make_body(3, first - 8 - less)) ==
            (less == 0 ? status::would_block : status::done));
        BOOST_TEST(same(f.b.take_bytes().value(), 2));
    }
}

BOOST_AUTO_TEST_CASE(count_wraps)
{
    constexpr std::uint32_t first = 0xfffffffe;
    ring_fixture f(1000, 8, first);
    for (unsigned i = 0; i < 5; ++i)
        BOOST_TEST(f.a.send(make_body(i, 20)) == status::done);
    BOOST_TEST(f.head().count() == first + 5u);
    BOOST_TEST(f.publishers().half_laps.load() == 2u);
    BOOST_TEST(f.subscribers().half_laps.load() == 1u);
    for (unsigned i = 0; i < 5; ++i)
        BOOST_TEST(same(f.b.take_bytes().value(), i));
    BOOST_TEST(!f.b.take_bytes());
    BOOST_TEST((f.read() == f.head()));
    BOOST_TEST(f.subscribers().half_laps.load() == 2u);
}

// A writer that died after it had moved a position has not counted the half
// lap. The number is right all the same, and so is the next half lap.
BOOST_AUTO_TEST_CASE(half_laps)
{
    using detail::messages_so_far;
    for (const std::uint64_t number :
         {std::uint64_t(0), std::uint64_t(1) << 31, std::uint64_t(1) << 32,
          std::uint64_t(5) << 31, (std::uint64_t(7) << 31) + 12345})
        for (const std::uint32_t step : {1u, 64u, 1000u})
        {
            const auto at = [](std::uint64_t count) {
                return position(static_cast<std::uint32_t>(count), 0);
            };
            const auto half = static_cast<std::uint32_t>(number >> 31);
            std::atomic<std::uint32_t> word{half};
            BOOST_TEST(messages_so_far(word, at(number)) == number);
            const std::uint64_t before =
                (((number >> 31) + 1) << 31) - step / 2 - 1;
            const std::uint64_t behind = before + step;
            const std::uint64_t much_later = before + 0x7fffffff;
            BOOST_TEST(messages_so_far(half, at(behind)) == behind);
            count_half_laps(word, at(before), at(behind));
            BOOST_TEST(word.load() == behind >> 31);
            BOOST_TEST(messages_so_far(word, at(behind)) == behind);
            // Here, the word was left behind.
            word = half;
            BOOST_TEST(messages_so_far(word, at(much_later)) == much_later);
            count_half_laps(word, at(much_later), at(much_later + 2 + step));
            BOOST_TEST(word.load() == (much_later + 2 + step) >> 31);
        }
}

BOOST_AUTO_TEST_CASE(declined_stays)
{
    ring_fixture f(20'000);
    for (const std::size_t length : {10, 9000})
    {
        BOOST_TEST(f.a.send(make_body(0, length)) == status::done);
        std::byte small[4];
        std::size_t size = 0;
        detail::buffer_target sink{small, sizeof small, size};
        BOOST_TEST(f.b.in.try_take(sink) == status::declined);
        BOOST_TEST(size == length);
        BOOST_TEST(same(f.c.take_bytes().value(), 0));
    }
}

// If a copy target throws, the message stays, also when it is copied in place.
BOOST_AUTO_TEST_CASE(sink_that_throws)
{
    struct throwing_sink
    {
        bool fits(std::size_t) const { return false; }
        bool may_take(std::size_t) const { return true; }
        void take(const void*, std::size_t) const { throw 1; }
    } sink;
    ring_fixture f(20'000);
    BOOST_TEST(f.a.send(make_body(0, 9000)) == status::done);
    BOOST_CHECK_THROW(f.b.in.try_take(sink), int);
    BOOST_TEST(same(f.c.take_bytes().value(), 0));
}

BOOST_AUTO_TEST_CASE(detached)
{
    ring_fixture f(100);
    f.a.self = 0;
    BOOST_TEST(f.a.send("x") == status::detached);
    BOOST_TEST(f.a.take() == "-");
    BOOST_TEST(f.a.result == status::detached);
    BOOST_TEST(f.b.send("x") == status::done);
    BOOST_TEST(f.b.take() == "x");
}

// In a removed queue, nothing is sent, and what is there can be received.
BOOST_AUTO_TEST_CASE(removed)
{
    ring_fixture f(1000);
    BOOST_TEST(f.a.send("before") == status::done);
    f.view.control->attention = detail::queue_is_removed;
    BOOST_TEST(f.a.send("x") == status::removed);
    BOOST_TEST(f.a.send(std::string(900, 'x')) == status::removed);
    BOOST_TEST(!f.a.reserve(1));
    BOOST_TEST(f.a.result == status::removed);
    std::size_t sent = 0;
    const std::string batch[] = {"x", "y"};
    BOOST_TEST(
        f.a.out.try_publish_all(batch, batch + 2, sent) == status::removed);
    BOOST_TEST(f.b.take() == "before");
    BOOST_TEST(f.b.take() == "-");
    BOOST_TEST(f.b.result == status::removed);
}

BOOST_AUTO_TEST_SUITE(reservations)

BOOST_AUTO_TEST_CASE(commit)
{
    ring_fixture f(1000);
    const auto first = f.a.reserve(5), second = f.c.reserve(6);
    BOOST_REQUIRE((first && second));
    BOOST_TEST(f.a.send("third") == status::done);
    f.c.write(*second, "second");
    detail::commit(f.c.out.ring(), *second);
    // First in, first out: a later message waits for the first.
    BOOST_TEST(f.b.take() == "-");
    f.a.write(*first, "first");
    detail::commit(f.a.out.ring(), *first);
    BOOST_TEST(f.b.take() == "first");
    BOOST_TEST(f.b.take() == "second");
    BOOST_TEST(f.b.take() == "third");
    BOOST_TEST(f.b.take() == "-");
}

BOOST_AUTO_TEST_CASE(abandon)
{
    ring_fixture f(1000);
    const auto first = f.a.reserve(100), second = f.a.reserve(100);
    BOOST_TEST(f.a.send("kept") == status::done);
    const auto third = f.a.reserve(100);
    detail::abandon(f.a.out.ring(), *second);
    detail::abandon(f.a.out.ring(), *first);
    BOOST_TEST(f.b.take() == "kept");
    detail::abandon(f.a.out.ring(), *third);
    BOOST_TEST(f.b.take() == "-");
    BOOST_TEST((f.free() == f.head()));
}

BOOST_AUTO_TEST_CASE(commit_shorter)
{
    for (std::size_t whole = 0; whole < 100; ++whole)
        for (std::size_t used = 0; used <= whole; ++used)
        {
            ring_fixture f(1000);
            const auto record = f.a.reserve(whole);
            BOOST_TEST(f.a.send("next") == status::done);
            const std::string text(used, 'x');
            f.a.write(*record, text);
            detail::commit(f.a.out.ring(), *record, used);
            BOOST_REQUIRE(f.b.take() == text);
            BOOST_REQUIRE(f.b.take() == "next");
            BOOST_REQUIRE(f.b.take() == "-");
            BOOST_REQUIRE((f.free() == f.head()));
            BOOST_REQUIRE(f.head().count() == 2u);
        }
}

// A forked child cannot use what it inherited: it neither sends nor shortens
// nor abandons it.
BOOST_AUTO_TEST_CASE(of_another)
{
    ring_fixture f(1000);
    const std::string text(30, 'r');
    const auto record = f.a.reserve(text.size());
    f.a.write(*record, text);
    const auto unchanged = [&] {
        return f.header(position(0, 0)).word() == record->header.word() &&
               member::text(f.a.out.body(*record), text.size()) == text;
    };
    detail::commit(f.c.out.ring(), *record);
    BOOST_TEST(unchanged());
    detail::commit(f.c.out.ring(), *record, 3);
    BOOST_TEST(unchanged());
    detail::abandon(f.c.out.ring(), *record);
    BOOST_TEST(unchanged());
    detail::commit(f.a.out.ring(), *record, 0);
    BOOST_TEST(f.b.take() == "");
}

// Whether the publisher of a reserved record is alive is asked now and then,
// not at every attempt.
BOOST_AUTO_TEST_CASE(asks_now_and_then)
{
    ring_fixture f(1000);
    const auto record = f.a.reserve(10);
    const auto begin = std::chrono::steady_clock::now();
    for (unsigned i = 0; i < 10'000; ++i)
        BOOST_REQUIRE(f.b.take() == "-");
    const auto time = std::chrono::steady_clock::now() - begin;
    BOOST_TEST(f.witness.asked >= 1u);
    BOOST_TEST(f.witness.asked <= 2 + time / std::chrono::milliseconds(5));
    detail::commit(f.a.out.ring(), *record);
    BOOST_TEST(f.b.take().size() == 10u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(claims)

BOOST_AUTO_TEST_CASE(acknowledged_in_any_order)
{
    int order[] = {0, 1, 2, 3};
    do
    {
        ring_fixture f(1000);
        std::vector<detail::claim> held;
        for (const char* text : {"a", "b", "c", "d", "e"})
            BOOST_TEST(f.a.send(std::string(text)) == status::done);
        for (unsigned i = 0; i < 4; ++i)
            held.push_back((i % 2 ? f.b : f.c).claim().value());
        for (unsigned i = 0; i < 4; ++i)
        {
            BOOST_TEST(f.a.text(held[i]) == std::string(1, "abcd"[i]));
            BOOST_TEST(!held[i].redelivered());
        }
        bool done[4] = {};
        for (const int i : order)
        {
            detail::acknowledge((i % 2 ? f.b : f.c).in.ring(), held[i]);
            done[i] = true;
            // The space is free up to the oldest record that is held.
            detail::read_end(f.a.in.ring()).try_advance_free();
            const auto left = std::find(done, done + 4, false) - done;
            BOOST_TEST(f.free().count() == left);
        }
        BOOST_TEST(f.b.take() == "e");
        BOOST_TEST(f.b.take() == "-");
        BOOST_TEST((f.free() == f.head()));
    } while (std::next_permutation(std::begin(order), std::end(order)));
}

BOOST_AUTO_TEST_CASE(returned_come_first)
{
    ring_fixture f(1000);
    for (const char* text : {"a", "b", "c", "d"})
        BOOST_TEST(f.a.send(std::string(text)) == status::done);
    const auto a = f.b.claim(), b = f.b.claim(), c = f.b.claim();
    detail::give_back(f.b.in.ring(), *c);
    detail::give_back(f.b.in.ring(), *a);
    // The oldest first, to any subscriber.
    const auto again = f.c.claim();
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST(f.c.text(*again) == "a");
    BOOST_TEST(again->redelivered());
    BOOST_TEST(f.b.take() == "c");
    BOOST_TEST(f.b.take() == "d");
    BOOST_TEST(f.b.take() == "-");
    detail::acknowledge(f.c.in.ring(), *again);
    detail::read_end(f.a.in.ring()).try_advance_free();
    BOOST_TEST(f.free().count() == 1u);
    detail::acknowledge(f.b.in.ring(), *b);
    detail::read_end(f.a.in.ring()).try_advance_free();
    BOOST_TEST((f.free() == f.head()));
}

// As of_another, for claims.
BOOST_AUTO_TEST_CASE(claimed_by_another)
{
    ring_fixture f(1000);
    BOOST_TEST(f.a.send("message") == status::done);
    const auto held = f.b.claim();
    BOOST_REQUIRE(held.has_value());
    detail::acknowledge(f.c.in.ring(), *held);
    BOOST_TEST(f.header(position(0, 0)).word() == held->header.word());
    detail::give_back(f.c.in.ring(), *held);
    BOOST_TEST(f.header(position(0, 0)).word() == held->header.word());
    BOOST_TEST(f.subscribers().returned.load() == 0u);
    detail::give_back(f.b.in.ring(), *held);
    BOOST_TEST(f.c.take() == "message");
}

// A run of claims: up to a record that is not ready, or to the longest run.
// Its space is freed at once, but not while an older record is held.
BOOST_AUTO_TEST_CASE(runs)
{
    ring_fixture f(4000);
    const auto send = [&](unsigned count) {
        for (; count != 0; --count)
            BOOST_REQUIRE(f.a.send("x") == status::done);
    };
    const auto claim_run = [&](std::uint32_t expected, bool last) {
        detail::claimed_run run;
        BOOST_REQUIRE(f.b.in.try_claim_run(run) == status::done);
        BOOST_TEST(run.count == expected);
        BOOST_TEST(run.last == last);
        std::size_t at = run.begin.offset();
        for (std::uint32_t i = 0; i != run.count; ++i)
        {
            const record_header header(record_state::claimed, f.b.name, 1);
            BOOST_TEST(f.view.header(at).load() == header.word());
            detail::acknowledge(f.b.in.ring(), {at, header, false});
            at += 16;
        }
        detail::read_end(f.b.in.ring()).try_free_run(run.begin, f.read());
    };
    send(detail::max_run + 3);
    claim_run(detail::max_run, false);
    BOOST_TEST((f.free() == f.read()));
    const auto held = f.c.claim();
    BOOST_REQUIRE(held.has_value());
    const position begin = f.free();
    claim_run(2, true);
    BOOST_TEST((f.free() == begin));
    send(2);
    const auto reserved = f.a.reserve(1);
    send(1);
    claim_run(2, false);
    BOOST_TEST((f.free() == begin));
    detail::acknowledge(f.c.in.ring(), *held);
    detail::read_end(f.a.in.ring()).try_advance_free();
    BOOST_TEST((f.free() == f.read()));
    detail::abandon(f.a.out.ring(), *reserved);
    claim_run(1, true);
    BOOST_TEST((f.free() == f.head()));
}

// A message that was given back is a run by itself: what lies behind it was
// taken by others.
BOOST_AUTO_TEST_CASE(run_of_a_returned_message)
{
    ring_fixture f(1000);
    for (const char* text : {"1", "2", "3"})
        BOOST_TEST(f.a.send(std::string(text)) == status::done);
    const auto first = f.b.claim();
    BOOST_TEST(f.c.take() == "2");
    detail::give_back(f.b.in.ring(), *first);
    detail::claimed_run run;
    BOOST_TEST(f.b.in.try_claim_run(run) == status::done);
    BOOST_TEST(run.count == 1u);
    BOOST_TEST(f.c.take() == "3");
    // No search is needed any more.
    BOOST_TEST(f.c.take() == "-");
    BOOST_TEST(f.subscribers().returned.load() == 0u);
}

BOOST_AUTO_TEST_CASE(held_space_is_not_reused)
{
    ring_fixture f(1000);
    BOOST_TEST(f.a.send(std::string(100, 'h')) == status::done);
    const auto held = f.b.claim();
    BOOST_REQUIRE(held.has_value());
    // 900 bytes are left: they suffice for one lap.
    unsigned sent = 0;
    for (unsigned i = 0; i < 100; ++i)
    {
        sent += f.a.send(std::string(40, 'x')) == status::done;
        f.c.take();
    }
    BOOST_TEST(sent == (f.view.capacity - f.view.span(100)) / f.view.span(40));
    BOOST_TEST(!f.a.out.may_fit(900));
    BOOST_TEST(f.b.text(*held) == std::string(100, 'h'));
    detail::acknowledge(f.b.in.ring(), *held);
    BOOST_TEST(f.a.send(std::string(900, 'y')) == status::done);
}

BOOST_AUTO_TEST_SUITE_END()

// If messages of equal size fill the capacity, taking one makes room for
// another, at any place in the buffer. Padding does not count.
BOOST_AUTO_TEST_CASE(full_of_equal_messages)
{
    for (const std::size_t alignment : {8, 64})
        for (const std::size_t capacity : {64, 100, 1000, 1024, 4096, 65536})
            for (const std::size_t size :
                 {0, 1, 8, 24, 56, 57, 120, 1000, 1016})
            {
                ring_fixture f(capacity, alignment);
                const std::size_t fits = f.view.capacity / f.view.span(size);
                if (size > f.view.max_length())
                    continue;
                for (std::size_t i = 0; i != fits; ++i)
                    BOOST_REQUIRE(f.a.send(make_body(i, size)) == status::done);
                const std::size_t rounds = 3 * f.view.size / f.view.span(size);
                for (std::size_t i = 0; i != rounds; ++i)
                {
                    BOOST_TEST_INFO(
                        "capacity " << capacity << ", size " << size
                                    << ", round " << i);
                    BOOST_REQUIRE(
                        f.a.send(make_body(0, size)) == status::would_block);
                    BOOST_REQUIRE(same(f.b.take_bytes().value(), i));
                    BOOST_REQUIRE(
                        f.a.send(make_body(i + fits, size)) == status::done);
                }
            }
}

BOOST_AUTO_TEST_SUITE(shifted_records)

namespace {

constexpr std::size_t large = detail::min_copy_limit + 8;

// Memory that begins at a cache line.
class line_buffer
{
public:
    explicit line_buffer(std::size_t size) : m_memory(size + 2 * line) {}

    // That many bytes behind the beginning of a line.
    std::byte* at(std::size_t shift)
    {
        return m_memory.data() + (line - place(m_memory.data())) + shift;
    }

    static std::size_t place(const void* address)
    {
        return reinterpret_cast<std::uintptr_t>(address) % line;
    }

    static constexpr std::size_t line = detail::copied_line;

private:
    bytes m_memory;
};

// Sends copies from all places in a line, in turn.
class large_sender
{
public:
    explicit large_sender(std::size_t size) : m_size(size), m_buffer(size) {}

    status send(member& to)
    {
        std::byte* const from = m_buffer.at(m_sent * 24 % 64);
        const bytes body = make_body(m_sent, m_size);
        std::copy(body.begin(), body.end(), from);
        const status result = to.out.try_publish(from, m_size);
        m_sent += result == status::done;
        return result;
    }

private:
    std::size_t m_size;
    std::uint64_t m_sent = 0;
    line_buffer m_buffer;
};

} // namespace

// A large message that is copied has the place in a cache line that its source
// has, if its alignment allows that. At the beginning of a lap it is not
// shifted.
BOOST_AUTO_TEST_CASE(as_the_source)
{
    for (const std::size_t alignment : {8, 16, 64})
        for (const std::size_t shift : {0, 8, 16, 40, 48, 56})
        {
            ring_fixture f(20 * large, alignment);
            line_buffer source(large);
            int shifted = 0;
            for (int i = 0; i != 100; ++i)
            {
                const bytes body = make_body(std::uint64_t(i), large);
                std::copy(body.begin(), body.end(), source.at(shift));
                BOOST_TEST(
                    f.a.out.try_publish(source.at(shift), large) ==
                    status::done);
                const auto held = f.b.claim();
                BOOST_REQUIRE(held);
                BOOST_TEST(
                    std::equal(body.begin(), body.end(), f.b.in.body(*held)));
                shifted += line_buffer::place(f.b.in.body(*held)) == shift;
                detail::acknowledge(f.b.in.ring(), *held);
            }
            if (shift % alignment == 0)
                BOOST_TEST(shifted >= 90);
            else
                BOOST_TEST(shifted == 0);
            BOOST_TEST(f.b.result == status::done);
            BOOST_TEST(!f.b.claim());
            BOOST_TEST((f.read() == f.head()));
        }
}

// Their padding does not count: the capacity takes what it promises, once and
// again, and takes no more.
BOOST_AUTO_TEST_CASE(capacity)
{
    for (const std::size_t size : {large, large + 1000, 2 * large + 24})
        for (const std::size_t count : {1, 2, 5, 20})
        {
            ring_fixture f(count * detail::span_of(size, 8));
            large_sender sender(size);
            std::size_t received = 0;
            BOOST_TEST_CONTEXT(count << " messages of " << size << " bytes")
            {
                for (int round = 0; round != 5; ++round)
                {
                    for (std::size_t i = 0; i != count; ++i)
                        BOOST_REQUIRE(sender.send(f.a) == status::done);
                    BOOST_REQUIRE(sender.send(f.a) == status::would_block);
                    for (std::size_t i = 0; i != count; ++i)
                        BOOST_REQUIRE(
                            same(f.b.take_bytes().value(), received++));
                }
                for (std::size_t i = 0; i != count; ++i)
                    BOOST_REQUIRE(sender.send(f.a) == status::done);
                for (std::size_t i = 0; i != 5 * count; ++i)
                {
                    BOOST_REQUIRE(sender.send(f.a) == status::would_block);
                    BOOST_REQUIRE(same(f.b.take_bytes().value(), received++));
                    BOOST_REQUIRE(sender.send(f.a) == status::done);
                }
            }
        }
}

// A batch that would begin a lap, and is given up, begins none.
BOOST_AUTO_TEST_CASE(capacity_behind_a_batch_that_throws)
{
    constexpr std::size_t count = 20;
    ring_fixture f(count * detail::span_of(large, 8));
    large_sender sender(large);
    const std::string texts[] = {std::string(large, 'x'), "y"};
    for (std::size_t i = 0; i != count; ++i)
        BOOST_REQUIRE(sender.send(f.a) == status::done);
    for (std::size_t i = 0; i != 5 * count; ++i)
    {
        BOOST_REQUIRE(same(f.b.take_bytes().value(), i));
        // Both are looked at twice: to be checked, and to be copied.
        int looks = 0;
        const auto look = throwing_at(4, looks);
        std::size_t sent = 0;
        BOOST_CHECK_THROW(
            f.a.out.try_publish_all(
                boost::make_transform_iterator(texts, look),
                boost::make_transform_iterator(texts + 2, look), sent),
            std::runtime_error);
        BOOST_REQUIRE(sender.send(f.a) == status::done);
    }
}

// Two laps later it is forgotten.
BOOST_AUTO_TEST_CASE(capacity_afterwards)
{
    ring_fixture f(10 * large);
    large_sender sender(large);
    for (int i = 0; i != 100; ++i)
    {
        BOOST_REQUIRE(sender.send(f.a) == status::done);
        BOOST_REQUIRE(f.b.take_bytes());
    }
    BOOST_TEST(f.publishers().shifted != 0u);
    for (std::size_t sent = 0; sent < 3 * f.view.size; sent += 16)
    {
        BOOST_REQUIRE(f.a.send(bytes(8)) == status::done);
        BOOST_REQUIRE(f.b.take_bytes());
    }
    std::size_t fits = 0;
    while (f.a.send(bytes(8)) == status::done)
        ++fits;
    BOOST_TEST(fits == f.view.capacity / 16);
}

// The bytes in use are those of the records.
BOOST_AUTO_TEST_CASE(bytes_in_use)
{
    ring_fixture f(10 * large);
    large_sender sender(large);
    for (std::size_t i = 0; i != 100; ++i)
    {
        for (std::size_t held = 1; held != 7; ++held)
        {
            BOOST_REQUIRE(sender.send(f.a) == status::done);
            BOOST_TEST(detail::bytes_of(f.view) == held * (large + 8));
        }
        for (int taken = 0; taken != 6; ++taken)
            BOOST_REQUIRE(f.b.take_bytes());
        BOOST_TEST(detail::bytes_of(f.view) == 0u);
    }
}

// Whatever the word says, no message is overwritten.
BOOST_AUTO_TEST_CASE(damaged_word)
{
    const random_seed seed;
    std::mt19937_64 random(seed.value());
    ring_fixture f(10 * large);
    large_sender sender(large);
    std::uint64_t sent = 0, received = 0;
    for (int i = 0; i != 2000; ++i)
    {
        f.publishers().shifted = random() >> random() % 64;
        if (random() % 2 == 0)
            sent += sender.send(f.a) == status::done;
        else if (const auto body = f.b.take_bytes())
            BOOST_REQUIRE(same(*body, received++));
        BOOST_REQUIRE(sent - received <= 2 * 10);
    }
    while (const auto body = f.b.take_bytes())
        BOOST_REQUIRE(same(*body, received++));
    BOOST_TEST(sent == received);
}

BOOST_AUTO_TEST_SUITE_END()

// A range may change after it was checked: a message that has become too long,
// so long even that its length overflows, is not sent, and neither is what
// follows.
BOOST_AUTO_TEST_CASE(batch_that_grows)
{
    ring_fixture f(1000);
    const std::string_view texts[] = {"a", "b", "c"};
    for (const std::size_t size :
         {f.view.max_length() + 1, ~std::size_t(0) - 9, ~std::size_t(0)})
        for (std::size_t grown = 0; grown != 3; ++grown)
        {
            std::size_t looks = 0;
            const auto look = [&](std::string_view text) {
                // Each text is looked at once when it is checked.
                return looks++ == 3 + grown
                           ? std::string_view(text.data(), size)
                           : text;
            };
            std::size_t sent = 0;
            const status result = f.a.out.try_publish_all(
                boost::make_transform_iterator(texts, look),
                boost::make_transform_iterator(texts + 3, look), sent);
            BOOST_TEST(
                result == (grown == 0 ? status::too_large : status::done));
            BOOST_TEST(sent == grown);
            for (std::size_t i = 0; i != grown; ++i)
                BOOST_TEST(f.b.take() == texts[i]);
            BOOST_TEST(f.b.take() == "-");
        }
}

// Nothing of a batch is sent if its iterator throws, and the lock is free.
BOOST_AUTO_TEST_CASE(batch_that_throws)
{
    ring_fixture f(1000);
    const std::string texts[] = {"a", "b", "c"};
    int looks = 0;
    const auto look = throwing_at(6, looks);
    std::size_t sent = 0;
    BOOST_CHECK_THROW(
        f.a.out.try_publish_all(
            boost::make_transform_iterator(texts, look),
            boost::make_transform_iterator(texts + 3, look), sent),
        std::runtime_error);
    BOOST_TEST(f.publishers().owner.load() == 0u);
    BOOST_TEST(f.b.take() == "-");
}

// A publisher that finds the ring empty returns to the beginning, and the whole
// capacity is there.
BOOST_AUTO_TEST_CASE(an_empty_ring_stays_in_the_cache)
{
    constexpr std::size_t capacity = 4 * detail::tour;
    for (const std::size_t size : {8, 64, 1000, 10'000, 300'000})
    {
        if (test::emulator() && size < 1000)
            continue; // millions of messages
        ring_fixture f(capacity);
        const std::size_t most =
            std::max<std::size_t>(detail::tour, f.view.span(size));
        for (std::uint64_t i = 0; i * size < 3 * capacity; ++i)
        {
            BOOST_REQUIRE(f.a.send(make_body(i, size)) == status::done);
            BOOST_REQUIRE_LE(f.head().offset(), most);
            BOOST_REQUIRE(same(f.b.take_bytes().value(), i));
        }
        // Again to its end, and full.
        while (f.head().offset() < detail::tour - 2 * f.view.span(size))
        {
            BOOST_REQUIRE(f.a.send(make_body(0, size)) == status::done);
            BOOST_REQUIRE(same(f.b.take_bytes().value(), 0));
        }
        for (int round = 0; round < 3; ++round)
        {
            std::uint64_t sent = 0;
            while (f.a.send(make_body(sent, size)) == status::done)
                ++sent;
            BOOST_TEST(sent == f.view.capacity / f.view.span(size));
            for (std::uint64_t i = 0; i < sent; ++i)
                BOOST_REQUIRE(same(f.b.take_bytes().value(), i));
        }
    }
}

namespace {

// Memory whose pages exist only when they are used.
template <class T>
struct lazy_allocator
{
    using value_type = T;

    lazy_allocator() = default;
    template <class Other>
    lazy_allocator(const lazy_allocator<Other>&)
    {
    }

    T* allocate(std::size_t count)
    {
        void* const result = test::reserve_pages(count * sizeof(T));
        test::permit_pages(result, count * sizeof(T));
        return static_cast<T*>(result);
    }

    void deallocate(T* memory, std::size_t count)
    {
        test::release_pages(memory, count * sizeof(T));
    }
};

} // namespace

// A header has 32 bits for a length, so padding cannot fill such a ring.
BOOST_AUTO_TEST_CASE(more_than_4_gib)
{
    detail::basic_ring<lazy_allocator<std::byte>> memory(
        std::size_t(5) << 30, 8, lazy_allocator<std::byte>(), 0, true);
    const std::atomic<detail::incarnation> self{detail::make_incarnation(0, 1)};
    const everybody_alive peers;
    detail::ring_view view = memory.view();
    view.self_word = &self;
    view.peers = &peers;
    detail::ring_writer out(view);
    detail::ring_reader in(view);
    std::size_t last = 0;
    for (std::uint64_t i = 0; i < 1000; ++i)
    {
        const auto body = make_body(i, 4000);
        BOOST_REQUIRE(
            out.try_publish(body.data(), body.size()) == status::done);
        const std::size_t head =
            position(view.control->publishers.head.load()).offset();
        BOOST_REQUIRE_EQUAL(head, last + 4008);
        last = head;
        std::vector<std::byte> received(body.size());
        std::size_t size = 0;
        detail::buffer_target target{received.data(), received.size(), size};
        BOOST_REQUIRE(in.try_take(target) == status::done);
        BOOST_REQUIRE(received == body);
    }
}

// The cache lines of many messages are fetched together, and only those of free
// space.
BOOST_AUTO_TEST_CASE(prefetched)
{
    ring_fixture f(64 * 1024);
    auto& line = f.publishers();
    std::uint64_t changes = 0;
    for (const std::size_t size : {8, 24, 64})
        for (unsigned i = 0; i < 1000; ++i)
        {
            const std::uint64_t before = line.prefetched;
            BOOST_REQUIRE(f.a.send(make_body(i, size)) == status::done);
            changes += line.prefetched != before;
            BOOST_REQUIRE(line.prefetched >= f.head().offset());
            BOOST_REQUIRE(line.prefetched <= line.room);
            BOOST_REQUIRE(same(f.b.take_bytes().value(), i));
        }
    BOOST_TEST(changes < 3000u / 6);

    // Waiting messages are not written to.
    std::uint64_t sent = 0;
    while (f.a.send(make_body(sent, 64)) == status::done)
        ++sent;
    BOOST_TEST(line.prefetched <= line.room);
    for (std::uint64_t i = 0; i < sent; ++i)
        BOOST_REQUIRE(same(f.b.take_bytes().value(), i));
}

// After a burst, a process that finds nothing looks again a little later; not
// if the buffer holds few messages like those of the burst.
BOOST_AUTO_TEST_CASE(bursts)
{
    constexpr std::size_t size = 16 << 20;
    const auto looks = [](std::size_t span, std::uint32_t burst) {
        boost_ipq::detail::burst_backoff pause;
        unsigned result = 0;
        std::size_t at = 0;
        for (std::uint32_t sent = burst; sent <= 8 * burst; sent += burst)
        {
            at += burst * span;
            if (at > size)
                at = burst * span;
            pause.wait(position(sent, at), size, [&] { return ++result == 0; });
        }
        return result;
    };
    BOOST_TEST(looks(64, 100) == 8u);
    BOOST_TEST(looks(64, 1) == 1u); // not before there is a streak
    BOOST_TEST(looks(64 * 1024, 16) == 8u);
    BOOST_TEST(looks(1 << 20, 8) == 8u);
    BOOST_TEST(looks((1 << 20) + 8, 8) == 0u);
    BOOST_TEST(looks((1 << 20) + 8, 1) == 0u);
    BOOST_TEST(looks(4 << 20, 2) == 0u);

    // Damaged positions.
    boost_ipq::detail::burst_backoff pause;
    const auto look = [] { return true; };
    for (const std::size_t offset :
         {size, std::size_t(8), 3 * size, 2 * size, std::size_t(0)})
        pause.wait(position(offset / 8, offset), size, look);
    BOOST_TEST(!pause.wait(position(0, 0), size, look));
}

// A publisher that has waited for the lock for a long time says so; the holder
// yields between two messages.
BOOST_AUTO_TEST_CASE(yields)
{
    ring_fixture f(64 * 1024);
    auto& line = f.publishers();
    line.owner.store(f.b.name); // which is alive
    const auto at_once = [] { return true; };
    BOOST_TEST(f.a.out.try_publish("x", 1, at_once) == status::busy);
    BOOST_TEST(line.waiting.load() == 1u);
    line.owner.store(0);
    std::uint64_t sent = 0;
    for (; line.waiting != 0; ++sent)
    {
        BOOST_REQUIRE(sent < 100u);
        BOOST_REQUIRE(f.b.send(make_body(sent, 64)) == status::done);
    }
    BOOST_TEST(f.a.send(make_body(sent, 64)) == status::done);
    for (std::uint64_t i = 0; i <= sent; ++i)
        BOOST_REQUIRE(same(f.c.take_bytes().value(), i));
    BOOST_TEST(line.owner.load() == 0u);
}

// Random operations, checked against a model.
BOOST_AUTO_TEST_CASE(random_operations)
{
    struct sent_message
    {
        std::uint64_t number;
        std::size_t size;
        std::optional<detail::reserved_record> reserved;
        bool abandoned;
    };
    struct held_message
    {
        std::uint64_t number;
        std::size_t size;
        std::optional<detail::claim> claim; // none: it was given back
    };

    const test::random_seed seed;
    std::mt19937 random(seed.value());
    const auto below = [&](std::size_t limit) {
        return static_cast<std::size_t>(random() % limit);
    };
    for (unsigned round = 0; round < 400; ++round)
    {
        const std::size_t alignment = std::size_t(8) << below(4);
        // Capacities below and far above the room for padding.
        const std::size_t capacity = 8 + below(
                                             round % 40 == 0  ? 300'000
                                             : round % 8 == 0 ? 30'000
                                                              : 600);
        ring_fixture f(
            capacity, alignment, 0u - static_cast<std::uint32_t>(below(200)));
        std::deque<sent_message> waiting; // not taken yet
        std::list<held_message> held;     // in the ring's order
        std::uint64_t number = 0;
        for (unsigned step = 0; step < 500; ++step)
        {
            const std::size_t size = below(
                below(4) == 0
                    ? f.view.max_length() + 1
                    : std::min<std::size_t>(60, f.view.max_length() + 1));
            test::pieces_of(f);
            switch (below(9))
            {
            case 8: // send a batch, which may stop half way
            {
                std::vector<bytes> batch;
                while (batch.size() <= below(40))
                    batch.push_back(make_body(number + batch.size(), size));
                std::size_t looks =
                    below(4) == 0 ? below(2 * batch.size()) : 3 * batch.size();
                const auto look = [&](const bytes& message) -> const bytes& {
                    if (looks-- == 0)
                        throw std::runtime_error("no more");
                    return message;
                };
                std::size_t sent = 0;
                try
                {
                    const status result = f.a.out.try_publish_all(
                        boost::make_transform_iterator(batch.begin(), look),
                        boost::make_transform_iterator(batch.end(), look),
                        sent);
                    BOOST_REQUIRE((result == status::done) == (sent != 0));
                }
                catch (const std::runtime_error&)
                {
                    sent = 0;
                }
                for (; sent != 0; --sent)
                    waiting.push_back({number++, size, {}, false});
                break;
            }
            case 0:
            case 1: // send
            {
                const status result = f.a.send(make_body(number, size));
                BOOST_REQUIRE(
                    (result == status::done || result == status::would_block));
                while (!waiting.empty() && waiting.front().abandoned)
                    waiting.pop_front();
                if (waiting.empty() && held.empty())
                    BOOST_REQUIRE(result == status::done);
                if (result == status::done)
                    waiting.push_back({number++, size, {}, false});
                break;
            }
            case 2: // reserve
                if (const auto record = f.a.reserve(size))
                    waiting.push_back({number++, size, record, false});
                break;
            case 3: // commit or abandon
            {
                if (waiting.empty())
                    break;
                auto& message = waiting[below(waiting.size())];
                if (!message.reserved)
                    break;
                const bytes body = make_body(message.number, message.size);
                std::copy(
                    body.begin(), body.end(), f.a.out.body(*message.reserved));
                if (below(3) == 0)
                {
                    detail::abandon(f.a.out.ring(), *message.reserved);
                    message.abandoned = true;
                }
                else if (below(2) == 0)
                {
                    message.size = below(message.size + 1);
                    const bytes shorter =
                        make_body(message.number, message.size);
                    std::copy(
                        shorter.begin(), shorter.end(),
                        f.a.out.body(*message.reserved));
                    detail::commit(
                        f.a.out.ring(), *message.reserved, message.size);
                }
                else
                    detail::commit(f.a.out.ring(), *message.reserved);
                message.reserved.reset();
                break;
            }
            case 4: // acknowledge or give back
            {
                if (held.empty())
                    break;
                const auto which = std::next(held.begin(), below(held.size()));
                if (!which->claim)
                    break;
                if (below(2) == 0)
                {
                    detail::acknowledge(f.b.in.ring(), *which->claim);
                    held.erase(which);
                }
                else
                {
                    detail::give_back(f.b.in.ring(), *which->claim);
                    which->claim.reset();
                }
                break;
            }
            default: // take or claim
            {
                const auto again = std::find_if(
                    held.begin(), held.end(),
                    [](const held_message& m) { return !m.claim; });
                while (!waiting.empty() && waiting.front().abandoned)
                    waiting.pop_front();
                const bool some =
                    again != held.end() ||
                    (!waiting.empty() && !waiting.front().reserved);
                std::uint64_t expected = 0;
                std::size_t length = 0;
                if (some)
                {
                    expected = again != held.end() ? again->number
                                                   : waiting.front().number;
                    length = again != held.end() ? again->size
                                                 : waiting.front().size;
                }
                if (below(2) == 0)
                {
                    const auto message = f.c.take_bytes();
                    BOOST_REQUIRE(message.has_value() == some);
                    if (!some)
                        break;
                    BOOST_REQUIRE((*message == make_body(expected, length)));
                    if (again != held.end())
                        held.erase(again);
                    else
                        waiting.pop_front();
                }
                else
                {
                    const auto claim = f.b.claim();
                    BOOST_REQUIRE(claim.has_value() == some);
                    if (!some)
                        break;
                    BOOST_REQUIRE(
                        claim->redelivered() == (again != held.end()));
                    BOOST_REQUIRE(claim->header.length() == length);
                    const std::byte* const body = f.b.in.body(*claim);
                    BOOST_REQUIRE(
                        (bytes(body, body + length) ==
                         make_body(expected, length)));
                    if (again != held.end())
                        again->claim = claim;
                    else
                    {
                        held.push_back({expected, length, claim});
                        waiting.pop_front();
                    }
                }
            }
            }
        }
    }
}
