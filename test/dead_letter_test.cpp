// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Delivery counts, dead letters, and bringing them back.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_fixture.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include "support/temporary_directory.hpp"
#if !defined(_WIN32)
#include "support/shared_object.hpp"
#include "support/storm_kills.hpp"
#include <signal.h>
#include <unistd.h>
#endif
#include <boost_ipq/asio.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/requeue.hpp>
#include <boost_ipq/storage.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <boost_ipq/wait_set.hpp>
#include <boost/asio/io_context.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

using boost_ipq::errc;
using boost_ipq::open_only;
using boost_ipq::queue_options;

namespace {

// A queue of jobs, and its dead letters.
template <class Storage = boost_ipq::shared_storage>
struct jobs
{
    using allocator = std::allocator<std::byte>;
    using publisher = boost_ipq::basic_publisher<allocator, Storage>;
    using subscriber = boost_ipq::basic_subscriber<allocator, Storage>;

    explicit jobs(
        std::uint32_t limit = 3, std::size_t capacity = 4096,
        std::size_t alignment = 8, const std::string& directory = "")
        : name(test::unique_name()),
          options(queue_options(name, capacity)
                      .max_deliveries(limit)
                      .dead_letter(name + ".dead")
                      .message_alignment(alignment)
                      .directory(directory)),
          out(boost_ipq::create_only, options),
          in(open_only, options)
    {
    }

    ~jobs()
    {
        boost::system::error_code ignored;
        boost_ipq::remove_queue<Storage>(options, ignored);
        boost_ipq::remove_queue<Storage>(
            options.renamed(name + ".dead"), ignored);
    }

    static std::string text(const boost_ipq::delivery& message)
    {
        return message ? std::string(
                             static_cast<const char*>(message.data()),
                             message.size())
                       : "-";
    }

    std::string take()
    {
        std::string message;
        return in.try_dequeue(message) ? message : "-";
    }

    // Returns: the dead letters, which it takes.
    std::string dead()
    {
        boost::system::error_code opened;
        queue_options letters(name + ".dead");
        letters.directory(options.directory());
        subscriber at(open_only, letters, opened);
        if (opened)
            return opened == test::code(errc::not_found) ? "none"
                                                         : opened.message();
        std::string result, message;
        while (at.try_dequeue(message))
            result += message + " ";
        return result;
    }

    const std::string name;
    const queue_options options;
    publisher out;
    subscriber in;
    boost::system::error_code ec;
};

// Delivers and gives back until the message has moved.
template <class Jobs>
void poison(Jobs& queue, unsigned limit)
{
    for (const char* text : {"a", "b", "c"})
        queue.out.enqueue(std::string(text));
    for (unsigned i = 1; i <= limit; ++i)
    {
        auto message = queue.in.try_receive();
        BOOST_TEST(queue.text(message) == "a");
        BOOST_TEST(message.delivery_count() == i);
        BOOST_TEST(message.redelivered() == (i > 1));
        BOOST_TEST(queue.dead() == "none");
        message.release();
        BOOST_TEST(!message);
    }
    auto next = queue.in.try_receive();
    BOOST_TEST(queue.text(next) == "b");
    BOOST_TEST(next.delivery_count() == 1u);
    next.acknowledge();
    BOOST_TEST(queue.dead() == "a ");
    BOOST_TEST(queue.take() == "c");
    BOOST_TEST(queue.take() == "-");
}

} // namespace

BOOST_AUTO_TEST_CASE(moves_after_the_last_delivery)
{
    jobs<> queue(3);
    poison(queue, 3);
    jobs<> once(1);
    poison(once, 1);
}

BOOST_AUTO_TEST_CASE(in_a_file)
{
    const test::temporary_directory directory;
    jobs<> queue(2, 4096, 64, directory.path());
    poison(queue, 2);
}

BOOST_AUTO_TEST_CASE(inside_one_process)
{
    jobs<boost_ipq::heap_storage> queue(3);
    poison(queue, 3);
}

BOOST_AUTO_TEST_CASE(sizes_and_alignments)
{
    for (const std::size_t alignment : {8, 16, 32, 64})
    {
        jobs<> queue(5, 65536, alignment);
        BOOST_TEST(queue.out.max_message_size() == 65536u - 16);
        for (const std::size_t size : {0, 1, 7, 8, 100, 8192, 20000, 65520})
            for (int lap = 0; lap < 4; ++lap)
            {
                const std::string sent(size, static_cast<char>('a' + lap));
                BOOST_TEST_REQUIRE(queue.out.try_enqueue(sent));
                if (lap == 0)
                {
                    BOOST_TEST_REQUIRE((queue.take() == sent));
                    continue;
                }
                auto got = queue.in.try_receive();
                BOOST_TEST_REQUIRE((queue.text(got) == sent));
                BOOST_TEST(
                    reinterpret_cast<std::uintptr_t>(got.data()) % alignment ==
                    0u);
                got.acknowledge();
                auto room = queue.out.try_reserve(size);
                BOOST_TEST(room.size() == size);
                BOOST_TEST(
                    reinterpret_cast<std::uintptr_t>(room.data()) % alignment ==
                    0u);
                std::string(size, 'r').copy(
                    static_cast<char*>(room.data()), size);
                room.commit(size / 2);
                BOOST_TEST_REQUIRE(
                    (queue.take() == std::string(size / 2, 'r')));
            }
        const std::vector<std::string> batch = {
            "1", "", std::string(9000, '3')};
        BOOST_TEST(queue.out.try_enqueue_all(batch.begin(), batch.end()) == 3u);
        std::size_t seen = 0, dropped = 0;
        queue.in.peek([&](const void*, std::size_t n) { seen += n; });
        BOOST_TEST(seen == 9001u);
        BOOST_TEST(queue.in.consume_all([&](const void*, std::size_t n) {
            seen -= n;
        }) == 3u);
        BOOST_TEST(seen == 0u);
        for (int i = 0; i < 9; ++i)
            BOOST_TEST(queue.out.try_enqueue_overwriting(
                std::string(20000, static_cast<char>('a' + i)), dropped));
        std::string message;
        BOOST_TEST(queue.in.try_dequeue_latest(message));
        BOOST_TEST((message == std::string(20000, 'i')));
        BOOST_TEST(test::thrown([&] {
                       queue.out.enqueue(std::string(65521, 'x'));
                   }) == test::code(errc::message_too_large));
    }
}

BOOST_AUTO_TEST_CASE(rejected_at_once)
{
    jobs<> queue;
    queue.out.enqueue(std::string("bad"));
    queue.out.enqueue(std::string("good"));
    queue.in.try_receive().reject();
    BOOST_TEST(queue.dead() == "bad ");
    BOOST_TEST(queue.take() == "good");
    // Without a dead-letter queue: acknowledged.
    test::queue_fixture<256> plain;
    plain.out.enqueue(std::string("bad"));
    plain.in.try_receive().reject();
    BOOST_TEST(plain.take() == "-");
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_without_room)
{
    jobs<> queue(2, 256);
    boost_ipq::publisher filler(
        boost_ipq::create_only, queue_options(queue.name + ".dead", 64));
    while (filler.try_enqueue(std::string(8, 'f')))
        ;
    queue.out.enqueue(std::string("poison"));
    queue.out.enqueue(std::string("rejected"));
    for (unsigned i = 1; i <= 5; ++i)
    {
        auto message = queue.in.try_receive();
        BOOST_TEST(queue.text(message) == "poison");
        BOOST_TEST(message.delivery_count() == i);
    }
    auto poisoned = queue.in.try_receive();
    auto rejected = queue.in.try_receive();
    BOOST_TEST(queue.text(rejected) == "rejected");
    rejected.reject();
    rejected = queue.in.try_receive();
    BOOST_TEST(queue.text(rejected) == "rejected");
    BOOST_TEST(rejected.delivery_count() == 2u);
    BOOST_TEST(queue.dead() == "ffffffff ffffffff ffffffff ffffffff ");
    rejected.release(); // it was rejected before
    BOOST_TEST(queue.dead() == "rejected ");
    poisoned.release();
    BOOST_TEST(queue.dead() == "poison ");
    BOOST_TEST(queue.take() == "-");
}

BOOST_AUTO_TEST_CASE(a_run_counts_what_the_function_got)
{
    jobs<> queue(3);
    for (const char* text : {"a", "b", "c"})
        queue.out.enqueue(std::string(text));
    const auto fail = [](const void*, std::size_t) {
        throw std::runtime_error("");
    };
    const auto fail_at_b = [](const void* data, std::size_t) {
        if (*static_cast<const char*>(data) == 'b')
            throw std::runtime_error("");
    };
    BOOST_CHECK_THROW(queue.in.consume_all(fail), std::runtime_error);
    BOOST_CHECK_THROW(queue.in.consume_all(fail_at_b), std::runtime_error);
    auto message = queue.in.try_receive();
    BOOST_TEST(queue.text(message) == "b");
    BOOST_TEST(message.delivery_count() == 2u);
    auto other = queue.in.try_receive();
    BOOST_TEST(queue.text(other) == "c");
    BOOST_TEST(other.delivery_count() == 1u);
    message.release();
    other.release();
    // The third delivery of "b" is the last.
    BOOST_CHECK_THROW(queue.in.consume_all(fail), std::runtime_error);
    BOOST_TEST(queue.dead() == "b ");
    BOOST_CHECK_THROW(queue.in.consume_one(fail), std::runtime_error);
    BOOST_TEST(queue.take() == "c"); // twice delivered: a copy is no delivery
}

BOOST_AUTO_TEST_CASE(counts_survive_deaths)
{
    jobs<> queue(4);
    for (const char* text : {"poison", "b", "c"})
        queue.out.enqueue(std::string(text));
    const char* const roles[] = {"dies", "dies_in_run", "dies", "dies_in_run"};
    unsigned count = 0;
    for (const char* role : roles)
    {
        test::child worker(role, {queue.name});
        BOOST_TEST(worker.hear() == "poison " + std::to_string(++count));
        worker.kill();
    }
    // Calls of every kind move it.
    std::vector<std::byte> copy;
    BOOST_TEST(queue.in.try_dequeue(copy));
    BOOST_TEST(copy.size() == 1u);
    BOOST_TEST(queue.dead() == "poison ");
    auto last = queue.in.try_receive();
    BOOST_TEST(queue.text(last) == "c");
    BOOST_TEST(last.delivery_count() == 1u); // it was in the runs, unseen
}

CHILD_ROLE(dies)
{
    boost_ipq::subscriber in(open_only, self.argument(0));
    const auto message = in.try_receive();
    self.tell(
        jobs<>::text(message) + " " + std::to_string(message.delivery_count()));
    self.hear();
}

CHILD_ROLE(dies_in_run)
{
    boost_ipq::subscriber in(open_only, self.argument(0));
    in.consume_all([&](const void* data, std::size_t size) {
        const auto* const words = static_cast<const std::uint64_t*>(data);
        // The delivery word stands in front of the message.
        self.tell(
            std::string(static_cast<const char*>(data), size) + " " +
            std::to_string(words[-1]));
        self.hear();
    });
}

// In an ordinary queue, too, which has no word for it.
BOOST_AUTO_TEST_CASE(counts_without_a_limit)
{
    test::queue_fixture<4096> queue;
    for (const char* text : {"a", "b", "c"})
        queue.out.enqueue(std::string(text));
    for (unsigned i = 1; i <= 5; ++i)
    {
        auto first = queue.in.try_receive();
        BOOST_TEST(jobs<>::text(first) == "a");
        BOOST_TEST(first.delivery_count() == i);
        if (i % 2 == 0)
        {
            auto second = queue.in.try_receive();
            BOOST_TEST(jobs<>::text(second) == "b");
            BOOST_TEST(second.delivery_count() == i / 2);
        }
    }
    for (unsigned i = 6; i <= 8; ++i)
    {
        test::child worker("dies", {queue.queue.name()});
        BOOST_TEST(worker.hear() == "a " + std::to_string(i));
        worker.kill();
    }
    boost_ipq::repair(
        queue.queue.name()); // at once, not when a look is due again
    BOOST_TEST(queue.take() == "a");
    // A run that an exception ends counts only what the function got.
    BOOST_CHECK_THROW(
        queue.in.consume_all(
            [](const void*, std::size_t) { throw std::runtime_error(""); }),
        std::runtime_error);
    auto second = queue.in.try_receive();
    BOOST_TEST(second.delivery_count() == 4u);
    auto third = queue.in.try_receive();
    BOOST_TEST(third.delivery_count() == 1u);
}

BOOST_AUTO_TEST_CASE(bad_options)
{
    const test::scoped_queue queue;
    const auto opens = [&](const queue_options& options) {
        boost_ipq::subscriber in(boost_ipq::open_or_create, options);
    };
    BOOST_CHECK_THROW(
        opens(queue.options(64).max_deliveries(2)), std::invalid_argument);
    BOOST_CHECK_THROW(
        opens(queue.options(64).dead_letter("d")), std::invalid_argument);
    BOOST_CHECK_THROW(
        queue.options(64).max_deliveries(0), std::invalid_argument);
    BOOST_CHECK_THROW(
        queue.options(64).dead_letter("/"), std::invalid_argument);
    BOOST_CHECK_THROW(
        opens(queue.options(64).max_deliveries(2).dead_letter(queue.name())),
        std::invalid_argument);
    BOOST_CHECK_THROW(
        opens(queue.options(8).max_deliveries(2).dead_letter("d")),
        std::invalid_argument);
    boost::system::error_code ec;
    boost_ipq::subscriber none(
        boost_ipq::open_or_create, queue.options(64).max_deliveries(2), ec);
    BOOST_TEST(ec == test::code(errc::invalid_argument));
    // The smallest one takes an empty message.
    boost_ipq::publisher out(
        boost_ipq::create_only,
        queue.options(16).max_deliveries(2).dead_letter(queue.name() + ".d"));
    BOOST_TEST(out.max_message_size() == 0u);
    BOOST_TEST(out.try_enqueue(nullptr, 0));
    BOOST_TEST(!out.try_enqueue(nullptr, 0));
}

BOOST_AUTO_TEST_CASE(mismatches)
{
    jobs<> queue(3, 4096);
    const auto result = [&](const queue_options& options) {
        boost_ipq::subscriber(open_only, options, queue.ec);
        return queue.ec;
    };
    const auto mismatch = test::code(errc::queue_mismatch);
    const std::string letters = queue.name + ".dead";
    BOOST_TEST(result(queue.options) == boost::system::error_code());
    BOOST_TEST(result(queue.name) == boost::system::error_code());
    BOOST_TEST(result(queue_options(queue.name, 4096)) == mismatch);
    queue_options other(queue.name);
    other.max_deliveries(4).dead_letter(letters);
    BOOST_TEST(result(other) == mismatch);
    other.max_deliveries(3);
    BOOST_TEST(result(other) == boost::system::error_code());
    other.dead_letter("other");
    BOOST_TEST(result(other) == mismatch);
    const test::scoped_queue plain;
    boost_ipq::publisher out(boost_ipq::create_only, plain.options(4096));
    BOOST_TEST(
        result(plain.options(4096).max_deliveries(3).dead_letter("x")) ==
        mismatch);
}

BOOST_AUTO_TEST_CASE(typed_and_asynchronous)
{
    const std::string name = test::unique_name();
    const auto options =
        queue_options(name, 4096).max_deliveries(2).dead_letter(name + ".dead");
    {
        boost_ipq::typed_publisher<int> out(boost_ipq::create_only, options);
        boost_ipq::typed_subscriber<int> in(open_only, options);
        for (const int i : {7, 8, 9})
            out.enqueue(i);
        auto seven = in.try_receive();
        BOOST_TEST(*seven == 7);
        BOOST_TEST(seven.delivery_count() == 1u);
        seven.reject();
        auto eight = in.try_receive();
        eight.release();
        eight = in.try_receive();
        BOOST_TEST(eight.delivery_count() == 2u);
    } // its destructor gives it back
    boost::asio::io_context io;
    boost_ipq::async_subscriber in(io, open_only, name);
    int value = 0;
    in.async_dequeue(
        boost::asio::buffer(&value, sizeof value),
        [](const boost::system::error_code& ec, std::size_t) {
            BOOST_TEST(!ec);
        });
    io.run();
    BOOST_TEST(value == 9);
    boost_ipq::typed_subscriber<int> dead(open_only, name + ".dead");
    BOOST_TEST(dead.try_dequeue(value));
    BOOST_TEST(value == 7);
    BOOST_TEST(dead.try_dequeue(value));
    BOOST_TEST(value == 8);
    boost_ipq::remove_queue(name);
    boost_ipq::remove_queue(name + ".dead");
}

template <class Storage>
static void bring_back_to(const std::string& directory)
{
    using boost_ipq::requeue;
    jobs<Storage> queue(1, 256, 8, directory);
    queue_options letters(queue.name + ".dead");
    letters.directory(directory);
    BOOST_TEST(requeue<Storage>(letters, queue.options, queue.ec) == 0u);
    BOOST_TEST(queue.ec == test::code(errc::not_found));
    for (int lap = 0; lap < 3; ++lap)
    {
        for (const char* text : {"a", "b", "c"})
            queue.out.enqueue(std::string(text));
        for (int i = 0; i < 3; ++i)
            queue.in.try_receive().release();
        BOOST_TEST(queue.take() == "-");
        BOOST_TEST(requeue<Storage>(letters, queue.options) == 3u);
        auto first = queue.in.try_receive();
        BOOST_TEST(queue.text(first) == "a");
        BOOST_TEST(first.delivery_count() == 1u);
        first.acknowledge();
        BOOST_TEST(queue.take() == "b");
        BOOST_TEST(queue.take() == "c");
    }
    // As many as there is room for; the others stay.
    for (int i = 0; i < 5; ++i)
    {
        queue.out.enqueue(std::string(40, static_cast<char>('a' + i)));
        queue.in.try_receive().reject();
    }
    BOOST_TEST(requeue<Storage>(letters, queue.options, queue.ec) == 4u);
    BOOST_TEST(!queue.ec);
    BOOST_TEST(queue.dead() == std::string(40, 'e') + " ");
}

BOOST_AUTO_TEST_CASE(brought_back)
{
    const test::temporary_directory directory;
    bring_back_to<boost_ipq::shared_storage>("");
    bring_back_to<boost_ipq::shared_storage>(directory.path());
    bring_back_to<boost_ipq::heap_storage>("");
    const test::scoped_queue none;
    boost::system::error_code ec;
    BOOST_TEST(boost_ipq::requeue(none, none, ec) == 0u);
    BOOST_TEST(ec == test::code(errc::not_found));
}

// Two queues that name each other do not keep each other open.
BOOST_AUTO_TEST_CASE(each_others_dead_letters)
{
    const test::scoped_queue first, second;
    queue_options one = first.options(4096), other = second.options(4096);
    one.max_deliveries(1).dead_letter(second.name());
    other.max_deliveries(1).dead_letter(first.name());
    {
        boost_ipq::publisher to_one(boost_ipq::create_only, one);
        boost_ipq::publisher to_other(boost_ipq::create_only, other);
        boost_ipq::subscriber in_one(open_only, first);
        boost_ipq::subscriber in_other(open_only, second);
        to_one.enqueue("a", 1);
        in_one.receive().reject();
        BOOST_TEST(in_other.size() == 1u);
        in_other.receive().reject();
        BOOST_TEST(in_one.size() == 1u);
        // A delivery may outlive the handles.
        auto held = in_one.receive();
        to_one.close();
        to_other.close();
        in_one.close();
        in_other.close();
        held.reject();
    }
    BOOST_TEST(boost_ipq::inspect(first).participants.empty());
    BOOST_TEST(boost_ipq::inspect(second).participants.empty());
    BOOST_TEST(boost_ipq::inspect(second).messages == 1u);
    // A queue that names itself cannot be made.
    BOOST_CHECK_THROW(
        boost_ipq::publisher(
            boost_ipq::create_only, queue_options(first.name() + "x", 4096)
                                        .max_deliveries(2)
                                        .dead_letter(first.name() + "x")),
        std::invalid_argument);
}

#if !defined(_WIN32) // fork

namespace {

// What all processes of the storm note.
struct job_board
{
    static constexpr std::uint32_t most = 1u << 22;
    enum : std::uint8_t
    {
        unsent,
        sent,
        begins_to_settle,
        settled,
        found // at the end, or a dead letter
    };

    std::atomic<std::uint8_t> state[most], deliveries[most];
    std::atomic<std::uint32_t> next, received, dead, errors;
    std::atomic<bool> stop, told_all;
};

void send_jobs(const std::string& name, job_board& board)
{
    boost_ipq::publisher out(open_only, name);
    while (!board.stop)
    {
        const std::uint32_t number = board.next++;
        const std::vector<std::uint32_t> job(1 + number % 50, number);
        while (number < job_board::most && !board.stop)
            if (out.timed_enqueue(job, std::chrono::milliseconds(10)))
            {
                std::uint8_t expected = job_board::unsent;
                board.state[number].compare_exchange_strong(
                    expected, job_board::sent);
                break;
            }
    }
}

// Acknowledges most of them; a few are poisoned.
void do_job(boost_ipq::delivery job, job_board& board, std::uint32_t dice)
{
    std::uint32_t number = 0;
    std::memcpy(&number, job.data(), sizeof number);
    auto& state = board.state[number];
    board.errors += state == job_board::settled ||
                    job.size() != (1 + number % 50) * sizeof number;
    // Deliveries that were noted, at most: a count that is less was lost.
    board.errors += job.delivery_count() <= board.deliveries[number]++;
    if (dice % 16 == 0)
        return job.reject();
    if (number % 32 == 0 || dice % 16 < 4)
        return job.release();
    state = job_board::begins_to_settle;
    job.acknowledge();
    state = job_board::settled;
}

boost_ipq::subscriber* stopped_by_signal = nullptr;

void do_jobs(const std::string& name, job_board& board, std::uint32_t seed)
{
    std::mt19937 random(seed);
    boost_ipq::subscriber in(open_only, name);
    stopped_by_signal = &in;
    ::signal(SIGTERM, [](int) { stopped_by_signal->stop(); });
    boost_ipq::wait_set set;
    set.add(in, 1);
    // The signal may have come before its handler was there.
    while (!in.stopped() && !board.told_all)
        if (set.timed_wait(std::chrono::milliseconds(50)) == 1)
            if (auto job = in.try_receive())
            {
                do_job(std::move(job), board, random());
                ++board.received;
            }
    set.remove(in);
}

// Moves dead letters on.
void bring_back(
    const std::string& from, const std::string& to, const job_board& board)
{
    const boost_ipq::subscriber letters(open_only, from);
    boost_ipq::wait_set set;
    set.add(letters, 1);
    while (!board.stop)
        if (set.timed_wait(std::chrono::milliseconds(10)) == 1)
            boost_ipq::requeue(from, to);
    set.remove(letters);
}

void note_found(boost_ipq::subscriber& in, job_board& board)
{
    in.consume_all([&](const void* data, std::size_t) {
        std::uint32_t number = 0;
        std::memcpy(&number, data, sizeof number);
        board.state[number] = job_board::found;
        ++board.dead;
    });
}

} // namespace

// Processes that send, work, and bring dead letters back are killed. No job is
// lost, and no delivery is forgotten.
BOOST_AUTO_TEST_CASE(storm)
{
    const test::random_seed seed;
    const test::scoped_queue queue, letters, back;
    const boost_ipq::publisher keeper(
        boost_ipq::create_only,
        queue.options(4096).max_deliveries(3).dead_letter(letters.name()));
    boost_ipq::subscriber dead(boost_ipq::create_only, letters.options(4096));
    boost_ipq::subscriber brought(boost_ipq::create_only, back.options(4096));
    const test::shared_object<job_board> board;
    {
        ::signal(SIGTERM, SIG_IGN);
        test::kill_storm all(
            6, seed.value(), [&](std::size_t i, std::uint32_t s) {
                if (i < 2)
                    send_jobs(queue.name(), *board);
                else if (i < 5)
                    do_jobs(queue.name(), *board, s);
                else
                    bring_back(letters.name(), back.name(), *board);
            });
        all.rage(test::wanted_kills(60), board->received, [&] {
            note_found(brought, *board);
        });
        board->stop = true;
        for (std::size_t i = 2; i < 5; ++i)
            all[i].signal(SIGTERM);
        board->told_all = true;
        for (std::size_t i = 0; i < 6; ++i)
            BOOST_TEST(all[i].wait());
        ::signal(SIGTERM, SIG_DFL);
    }
    boost_ipq::subscriber in(open_only, queue);
    for (auto* const each : {&in, &dead, &brought})
        note_found(*each, *board);
    std::uint32_t lost = 0;
    for (std::uint32_t i = 0; i < board->next && i < job_board::most; ++i)
        lost += board->state[i] == job_board::sent;
    BOOST_TEST(lost == 0u);
    BOOST_TEST(board->errors == 0u);
    BOOST_TEST(board->next < job_board::most);
    BOOST_TEST_MESSAGE(
        board->next << " jobs, " << board->received << " deliveries, "
                    << board->dead << " dead letters");
}

#endif
