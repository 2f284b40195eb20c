// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Every word of the segment of a queue and of a broadcast, and every number of
// the mark, is damaged in turn: before the queue is opened, and while it is
// open. A call fails with a named error, or passes an aligned message, and
// returns soon.

#include "support/child_process.hpp"
#include "support/queue_damage.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <memory>
#include <vector>

using namespace boost_ipq;

namespace {

template <std::size_t Alignment>
struct alignas(Alignment) numbers
{
    std::uint64_t value[Alignment / 8];
};

constexpr std::size_t capacity = 512; // bytes

// A damaged value for a word.
std::uint64_t damaged(std::uint64_t word, std::size_t number)
{
    const std::uint64_t values[] = {
        0,
        ~std::uint64_t(0),
        word + 1,
        word - 1,
        word + 8,
        word - 8,
        word ^ std::uint64_t(1) << 62,
        word + (std::uint64_t(1) << 30),
        word + (std::uint64_t(7) << 40),
        std::uint64_t(3) << 32 | 3,
        0xffffffff,
        0x10};
    return values[number % std::size(values)];
}

constexpr std::size_t damages = 12;

// A word of an object: offset, and the number of a damage.
struct place
{
    std::uint64_t at;
    std::size_t damage;
};

// A lock that names a living process is waited for.
bool is_lock(std::uint64_t root, std::uint64_t at)
{
    return at == root + offsetof(detail::ring_control, publishers) ||
           at == root + offsetof(detail::ring_control, subscribers);
}

// Boost's words, the root object and its ring, some of the participants, some
// of the cursors and all else that a broadcast has, the records.
std::vector<place> places_in(const std::string& queue, bool has_cursors)
{
    const std::uint64_t root = test::read_mark(queue).root;
    const std::uint64_t table = root + sizeof(detail::queue_root::ring_type);
    const std::uint64_t records = root + detail::root_size(has_cursors);
    std::vector<place> result;
    const auto add = [&](std::uint64_t begin, std::uint64_t end,
                         std::size_t count = damages) {
        for (; begin < end; begin += 8)
            for (std::size_t i = 0; i < count; ++i)
                if (!is_lock(root, begin))
                    result.push_back({begin, i});
    };
    add(0, (std::min)(root, std::uint64_t(512)), 2);
    add(root, root + 80);
    add(root + 128, root + 128 + 64);
    add(root + 256, root + 256 + 64);
    add(root + 384, root + 384 + 16);
    add(root + 512, root + 512 + 16);
    add(root + sizeof(detail::ring_control), table + 64);
    if (has_cursors)
    {
        const std::uint64_t cursors = root + detail::cursors_at;
        for (const std::uint64_t one : {0, 1, 2})
            add(cursors + one * sizeof(detail::cursor),
                cursors + one * sizeof(detail::cursor) + 40);
        const std::uint64_t marks =
            cursors + offsetof(detail::cursor_table, marks);
        add(marks, marks + 32);
        add(cursors + offsetof(detail::cursor_table, mark_count),
            cursors + offsetof(detail::cursor_table, mark_count) + 24);
    }
    add(records, records + 256, 6);
    return result;
}

void damage(const std::string& file, const place& where)
{
    std::uint64_t word = 0;
    test::contents(file).copy(
        reinterpret_cast<char*>(&word), sizeof word, where.at);
    word = damaged(word, where.damage);
    test::overwrite(
        file, where.at,
        std::string(reinterpret_cast<const char*>(&word), sizeof word));
}

bool is_named(const boost::system::error_code& ec)
{
    return !ec || ec == errc::queue_corrupt || ec == errc::queue_mismatch ||
           ec == errc::queue_removed || ec == errc::message_too_large ||
           ec == errc::buffer_too_small;
}

void require_named(const boost::system::error_code& ec, const char* doing)
{
    test::require(
        is_named(ec), (std::string(doing) + ": " + ec.message()).c_str());
}

template <class Message>
struct typed_queue
{
    using value_type = Message;
    using publisher_type = typed_publisher<Message>;
    using subscriber_type = typed_subscriber<Message>;
};

template <class Message>
struct typed_broadcast
{
    using value_type = Message;
    using publisher_type = typed_broadcast_publisher<Message>;
    using subscriber_type = typed_broadcast_subscriber<Message>;
};

template <class Kind>
void exchange(
    typename Kind::publisher_type& out, typename Kind::subscriber_type& in)
{
    using T = typename Kind::value_type;
    boost::system::error_code ec;
    for (int i = 0; i < 12; ++i)
    {
        out.try_enqueue(T{}, ec);
        require_named(ec, "try_enqueue");
        if (auto room = out.try_reserve(ec))
        {
            const auto at =
                reinterpret_cast<std::uintptr_t>(std::addressof(*room));
            test::require(at % alignof(T) == 0, "reserved out of line");
            *room = T{};
            room.commit();
        }
        require_named(ec, "try_reserve");
        if (auto found = in.try_receive(ec))
        {
            const auto at =
                reinterpret_cast<std::uintptr_t>(std::addressof(*found));
            test::require(at % alignof(T) == 0, "delivered out of line");
            const T copy = *found;
            if (i % 3 != 0 && copy.value[0] != 1)
                found.acknowledge();
        }
        require_named(ec, "try_receive");
        T value;
        in.try_dequeue(value, ec);
        require_named(ec, "try_dequeue");
        if (i % 4 == 0)
            in.consume_all([](const T&) {}, ec);
        require_named(ec, "consume_all");
    }
}

template <class Kind>
void operate(const queue_options& options, bool open, const place& where)
{
    using T = typename Kind::value_type;
    using publisher_type = typename Kind::publisher_type;
    using subscriber_type = typename Kind::subscriber_type;
    const std::string& name = options.name();
    const test::scoped_queue queue(name);
    const std::string file = test::queue_objects(name).segment;
    publisher_type out(create_only, options);
    subscriber_type in(open_only, name);
    for (int i = 0; i < 3; ++i)
        out.try_enqueue(T{});
    T value;
    in.try_dequeue(value);
    boost::system::error_code ec;
    if (open)
        damage(file, where);
    else
    {
        out.close();
        in.close();
        damage(file, where);
        out = publisher_type(open_only, name, ec);
        require_named(ec, "open a publisher");
        in = subscriber_type(open_only, name, ec);
        require_named(ec, "open a subscriber");
        if (ec)
            inspect(name, ec);
        require_named(ec, "inspect");
    }
    if (out.is_open() && in.is_open())
        exchange<Kind>(out, in);
    inspect(name, ec);
    require_named(ec, "inspect");
    repair(name, ec);
    require_named(ec, "repair");
    list_queues();
    test::require(remove_queue(name), "removed");
}

} // namespace

// Arguments: the queue, the alignment, whether it is open, the first place, the
// kind.
CHILD_ROLE(operate_on_every_word)
{
    const std::string name = self.argument(0), kind = self.argument(4);
    const bool all_get_it = kind != "queue";
    std::vector<place> places;
    queue_options options(name, capacity);
    {
        const test::scoped_queue queue(name);
        if (all_get_it)
            broadcast_publisher(create_only, options);
        else
            publisher(create_only, options);
        places = places_in(name, all_get_it);
    }
    if (kind == "drop_oldest")
        options.overflow(overflow::drop_oldest);
    const bool wide = self.number(1) == 64, open = self.number(2) != 0;
    for (std::size_t i = self.number(3); i < places.size(); ++i)
    {
        self.tell(i);
        test::watchdog::start(10);
        if (all_get_it)
            operate<typed_broadcast<numbers<16>>>(options, open, places[i]);
        else if (wide)
            operate<typed_queue<numbers<64>>>(options, open, places[i]);
        else
            operate<typed_queue<numbers<16>>>(options, open, places[i]);
    }
}

namespace {

void run(std::size_t alignment, bool open, const std::string& kind = "queue")
{
    const test::scoped_queue queue;
    test::child child(
        "operate_on_every_word", {queue.name(), std::to_string(alignment),
                                  std::to_string(open), "0", kind});
    std::string last;
    try
    {
        for (;;)
        {
            last = child.hear();
            test::watchdog::start();
        }
    }
    catch (const std::runtime_error&)
    {
        // The child has ended.
    }
    BOOST_TEST_INFO("place " << last);
    BOOST_TEST(child.wait() == 0);
}

} // namespace

BOOST_AUTO_TEST_CASE(before_it_is_opened)
{
    run(16, false);
}

BOOST_AUTO_TEST_CASE(while_it_is_open)
{
    run(16, true);
}

BOOST_AUTO_TEST_CASE(aligned_to_cache_lines)
{
    run(64, false);
    run(64, true);
}

BOOST_AUTO_TEST_CASE(a_broadcast)
{
    run(16, false, "broadcast");
    run(16, true, "broadcast");
}

BOOST_AUTO_TEST_CASE(a_broadcast_that_drops_messages)
{
    run(16, false, "drop_oldest");
    run(16, true, "drop_oldest");
}

// The bit "reading" says that this process holds messages. It knows better.
BOOST_AUTO_TEST_CASE(a_bit_of_a_cursor)
{
    const test::scoped_queue queue;
    broadcast_publisher out(create_only, queue.options(capacity));
    broadcast_subscriber in(open_only, queue);
    const std::string file = test::queue_objects(queue.name()).segment;
    const std::uint64_t at =
        test::read_mark(queue.name()).root + detail::cursors_at;
    std::uint64_t word = 0;
    test::contents(file).copy(reinterpret_cast<char*>(&word), sizeof word, at);
    BOOST_REQUIRE(detail::cursor_word(word).is_live());
    word |= detail::cursor_word::reading;
    test::overwrite(
        file, at,
        std::string(reinterpret_cast<const char*>(&word), sizeof word));
    boost::system::error_code ec;
    const auto none = [](const void*, std::size_t) {};
    BOOST_TEST(in.consume_one(none, ec) == 0u);
    BOOST_TEST((ec == errc::queue_corrupt));
    BOOST_TEST(in.consume_all(none, ec) == 0u);
    BOOST_TEST((ec == errc::queue_corrupt));
    BOOST_TEST(!in.try_receive(ec));
    BOOST_TEST((ec == errc::queue_corrupt));
}

// The checksum of the mark is right: a stranger has written it.
BOOST_AUTO_TEST_CASE(every_number_of_the_mark)
{
    const test::scoped_queue queue;
    publisher(create_only, queue.options(capacity)).enqueue("x", 1);
    const std::string lock = test::queue_objects(queue.name()).lock;
    const std::string whole = test::contents(lock);
    const std::size_t ready = offsetof(detail::queue_mark, ready);
    const std::size_t end = offsetof(detail::queue_mark, unused);
    for (std::size_t at = 8; at < end; at += 4)
    {
        // Another lifetime is no damage: this queue would have ended.
        if (at == ready || at == ready + 4 ||
            at == offsetof(detail::queue_mark, lifetime))
            continue;
        for (std::size_t i = 0; i < damages; ++i)
        {
            test::edit_mark(queue.name(), [&](auto& mark) {
                std::uint32_t word;
                char* const place = reinterpret_cast<char*>(&mark) + at;
                std::memcpy(&word, place, sizeof word);
                word = static_cast<std::uint32_t>(damaged(word, i));
                std::memcpy(place, &word, sizeof word);
            });
            BOOST_TEST_INFO("offset " << at << ", damage " << i);
            boost::system::error_code ec;
            subscriber in(open_only, queue, ec);
            BOOST_TEST(is_named(ec));
            inspect(queue, ec);
            BOOST_TEST(is_named(ec));
            list_queues();
            if (in.is_open())
                BOOST_TEST(bool(in.try_receive()));
            test::overwrite(lock, 0, whole);
        }
    }
}
