// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A process that may write a queue writes random words into its memory, its
// lock file and its semaphores while other processes use it. Their calls may
// fail, but they end in time, and no process dies. The same for a broadcast.
//
// BOOST_IPQ_HOSTILE_SECONDS: how long each, instead of 7 seconds.

#include "support/child_process.hpp"
#include "support/queue_damage.hpp"
#include "support/queue_name.hpp"
#include "support/random_seed.hpp"
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <list>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace boost_ipq;
using namespace std::chrono_literals;

namespace {

using test_clock = std::chrono::steady_clock;

constexpr std::size_t capacity = 4096; // bytes
constexpr auto deadline = 20ms;
// Of a call, beyond its deadline, on a machine that is busy.
constexpr auto grace = 10s;

unsigned long long seconds()
{
    const char* const text = std::getenv("BOOST_IPQ_HOSTILE_SECONDS");
    return text ? std::stoull(text) : 7;
}

// Uses a queue or a broadcast until the parent says so.
template <class Publisher, class Subscriber>
class honest_process
{
public:
    explicit honest_process(queue_options options)
        : m_options(std::move(options)),
          m_random(std::random_device()())
    {
    }

    void run(test_clock::time_point end)
    {
        while (test_clock::now() < end)
        {
            boost::system::error_code ec;
            std::optional<Publisher> out;
            std::optional<Subscriber> in;
            timed("open", [&] {
                out.emplace(open_or_create, m_options, ec);
                in.emplace(open_or_create, m_options, ec);
            });
            const auto before = m_done;
            for (int i = 0; i < 100 && !ec && test_clock::now() < end; ++i)
                use(*out, *in);
            timed("close", [&] {
                out.reset();
                in.reset();
            });
            // The queue is damaged: begin again with a new one.
            if (m_done == before)
                timed("remove", [&] { remove_queue(m_options, ec); });
        }
    }

    // Returns: the number of messages that were sent or taken.
    unsigned long long done() const noexcept { return m_done; }

private:
    template <class Call>
    void timed(const char* what, Call call)
    {
        const auto begin = test_clock::now();
        call();
        if (test_clock::now() - begin > deadline + grace)
            throw std::runtime_error(std::string(what) + " took too long");
    }

    void use(Publisher& out, Subscriber& in)
    {
        boost::system::error_code ec;
        const std::string bytes(m_random() % 500, 'x');
        std::string message;
        switch (m_random() % 12)
        {
        case 0:
        case 1:
            timed("timed_enqueue", [&] {
                m_done += out.timed_enqueue(bytes, deadline, ec);
            });
            break;
        case 2:
            timed("timed_reserve", [&] {
                auto room = out.timed_reserve(bytes.size(), deadline, ec);
                if (room)
                    std::memset(room.data(), 'y', room.size());
                if (room && m_random() % 2)
                    room.commit(room.size() / 2);
            });
            break;
        case 3:
            timed("try_enqueue_all", [&] {
                const std::vector<std::string> batch(5, bytes);
                m_done += out.try_enqueue_all(batch.begin(), batch.end(), ec);
            });
            break;
        case 4:
        case 5:
            timed("timed_dequeue", [&] {
                m_done += in.timed_dequeue(message, deadline, ec);
            });
            break;
        case 6:
            timed("timed_receive", [&] {
                const auto held = in.timed_receive(deadline, ec);
                if (held)
                    message.assign(
                        static_cast<const char*>(held.data()), held.size());
            });
            break;
        default:
            use_rarely(out, in, bytes);
        }
    }

    void use_rarely(Publisher& out, Subscriber& in, const std::string& bytes)
    {
        boost::system::error_code ec;
        std::string message;
        switch (m_random() % 8)
        {
        case 0:
            timed("try_enqueue", [&] { out.try_enqueue(bytes, ec); });
            break;
        case 1:
            timed("try_dequeue", [&] { in.try_dequeue(message, ec); });
            break;
        case 2:
            timed("consume_all", [&] {
                in.consume_all(
                    [&](const void* data, std::size_t size) {
                        message.assign(static_cast<const char*>(data), size);
                    },
                    ec);
            });
            break;
        case 3:
            timed("inspect", [&] { inspect(m_options, ec); });
            break;
        case 4:
            timed("repair", [&] { repair(m_options, ec); });
            break;
        case 5:
            timed("try_dequeue_latest", [&] {
                m_done += in.try_dequeue_latest(message, ec);
            });
            break;
        case 6:
            timed("purge", [&] { in.purge(ec); });
            break;
        default:
            timed("cancel", [&] { in.cancel(); });
        }
    }

    queue_options m_options;
    std::mt19937_64 m_random;
    unsigned long long m_done = 0;
};

// A file of the queue, mapped by its enemy.
class mapped_file
{
public:
    explicit mapped_file(const std::string& path)
    {
        const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
        struct stat status;
        if (file < 0)
            return;
        if (::fstat(file, &status) == 0 && status.st_size > 0)
        {
            m_size = static_cast<std::size_t>(status.st_size);
            m_memory = ::mmap(
                nullptr, m_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        }
        ::close(file);
    }

    mapped_file(const mapped_file&) = delete;
    mapped_file& operator=(const mapped_file&) = delete;

    ~mapped_file()
    {
        if (m_memory != MAP_FAILED)
            ::munmap(m_memory, m_size);
    }

    std::size_t size() const noexcept
    {
        return m_memory == MAP_FAILED ? 0 : m_size;
    }

    // As an atomic store: the other processes load whole words.
    void store(std::size_t at, std::uint32_t word) noexcept
    {
        char* const place = static_cast<char*>(m_memory) + at;
        __atomic_store_n(
            reinterpret_cast<std::uint32_t*>(place), word, __ATOMIC_RELAXED);
    }

private:
    void* m_memory = MAP_FAILED;
    std::size_t m_size = 0;
};

// A lock file.
class opened_file
{
public:
    explicit opened_file(const std::string& path)
        : m_path(path),
          m_file(::open(path.c_str(), O_RDWR | O_CLOEXEC))
    {
    }

    opened_file(const opened_file&) = delete;
    opened_file& operator=(const opened_file&) = delete;

    ~opened_file()
    {
        if (m_file >= 0)
            ::close(m_file);
    }

    // Whether it belongs to a queue that is finished.
    bool has_mark() const
    {
        detail::queue_mark mark;
        return m_file >= 0 &&
               ::pread(m_file, &mark, sizeof mark, 0) ==
                   static_cast<::ssize_t>(sizeof mark) &&
               mark.ready != 0;
    }

    bool has_name() const
    {
        struct ::stat file, named;
        return ::fstat(m_file, &file) == 0 &&
               ::stat(m_path.c_str(), &named) == 0 &&
               file.st_dev == named.st_dev && file.st_ino == named.st_ino;
    }

    void write(::off_t at, std::uint32_t word) const
    {
        if (::pwrite(m_file, &word, sizeof word, at) < 0)
            std::perror("writing the lock file");
    }

private:
    std::string m_path;
    int m_file;
};

class hostile_process
{
public:
    // `root` is where the queue's root object is in a segment.
    hostile_process(
        const std::string& queue, std::size_t root, std::uint64_t seed)
        : m_queue(queue),
          m_root(root),
          m_random(seed)
    {
    }

    // Writes into the objects of a finished queue. While they are made, only
    // their creator can open them: this process could only because it belongs
    // to the same user. So it writes only to the lock file that it has checked,
    // and to objects that it opened while that file had the queue's name.
    void write(unsigned words)
    {
        const test::queue_objects objects(m_queue);
        const opened_file lock(objects.lock);
        const bool finished = lock.has_mark();
        mapped_file segment(objects.segment);
        mapped_file semaphore(m_random() % 2 ? objects.messages : objects.room);
        if (!finished || !lock.has_name())
            return std::this_thread::sleep_for(1ms);
        for (; words != 0 && segment.size() != 0; --words)
        {
            write_segment(segment);
            if (m_random() % 100 == 0)
                std::this_thread::sleep_for(100us);
        }
        if (m_random() % 20 == 0)
            lock.write(static_cast<::off_t>(m_random() % 256 * 4), word());
        // Only the count: the C library ends the process if the word that
        // selects the kind of futex is damaged.
        if (semaphore.size() != 0)
            semaphore.store(0, static_cast<std::uint32_t>(m_random() % 4));
    }

private:
    std::uint32_t word()
    {
        const std::uint32_t words[] = {
            0, 1, 8, 0x7fffffff, 0xffffffff,
            // A process that is alive, or may be.
            detail::make_incarnation(
                static_cast<std::uint32_t>(m_random() % 8),
                static_cast<std::uint32_t>(m_random() % 64)),
            static_cast<std::uint32_t>(m_random() % (2 * capacity)),
            static_cast<std::uint32_t>(m_random() % 16),
            static_cast<std::uint32_t>(m_random())};
        return words[m_random() % std::size(words)];
    }

    void write_segment(mapped_file& segment)
    {
        using root_type = detail::queue_root;
        constexpr std::size_t ring = sizeof(root_type::ring_type);
        const std::size_t places[][2] = {
            {0, 512},
            {0, segment.size()},
            {m_root, ring},
            {m_root, ring},
            {m_root + ring, 32 * 16},
            // The messages, or the first cursors.
            {m_root + sizeof(root_type), capacity},
            {m_root + sizeof(root_type), 4 * sizeof(detail::cursor)},
            {m_root + sizeof(root_type) + offsetof(detail::cursor_table, marks),
             sizeof(detail::cursor_table) -
                 offsetof(detail::cursor_table, marks)},
            {m_root + sizeof(root_type) + sizeof(detail::cursor_table),
             capacity}};
        const auto& place = places[m_random() % std::size(places)];
        const std::size_t at = place[0] + m_random() % (place[1] / 4) * 4;
        if (at + 4 <= segment.size())
            segment.store(at, word());
    }

    std::string m_queue;
    std::size_t m_root;
    std::mt19937_64 m_random;
};

queue_options options_for(const std::string& queue, const std::string& kind)
{
    queue_options result(queue, capacity);
    return kind == "drop_oldest" ? result.overflow(overflow::drop_oldest)
                                 : result;
}

} // namespace

// Arguments: the queue, milliseconds, the kind. Tells the number of messages.
CHILD_ROLE(honest)
{
    const auto milliseconds = std::chrono::milliseconds(self.number(1));
    test::watchdog::start(static_cast<unsigned>(self.number(1) / 1000 + 60));
    const auto end = test_clock::now() + milliseconds;
    const std::string kind = self.argument(2);
    const auto run = [&](auto process) {
        process.run(end);
        self.tell(process.done());
    };
    const queue_options options = options_for(self.argument(0), kind);
    if (kind == "queue")
        run(honest_process<publisher, subscriber>(options));
    else
        run(honest_process<broadcast_publisher, broadcast_subscriber>(options));
}

// Arguments: the queue, the offset of its root, the seed. Ends when it is
// killed.
CHILD_ROLE(hostile)
{
    test::watchdog::start(0);
    hostile_process process(self.argument(0), self.number(1), self.number(2));
    for (;;)
        process.write(500);
}

namespace {

template <class Publisher, class Subscriber>
void beside_honest_processes(const std::string& kind)
{
    const test::random_seed seed;
    const test::scoped_queue queue;
    const auto milliseconds = std::to_string(seconds() * 1000);
    test::watchdog::start(static_cast<unsigned>(seconds() + 120));
    Publisher(create_only, options_for(queue.name(), kind));
    test::child hostile(
        "hostile",
        {queue.name(), std::to_string(test::read_mark(queue.name()).root),
         std::to_string(seed.value())});
    std::list<test::child> honest;
    for (int i = 0; i < 3; ++i)
        honest.emplace_back(
            "honest",
            std::vector<std::string>{queue.name(), milliseconds, kind});
    unsigned long long done = 0;
    for (auto& process : honest)
    {
        BOOST_CHECK_NO_THROW(done += process.hear_number());
        BOOST_TEST(process.wait() == 0);
    }
    hostile.kill();
    // Not everything failed.
    BOOST_TEST(done > 100u);
    BOOST_TEST_MESSAGE(done << " messages");

    // Whatever is left can be removed, and a new queue works.
    boost::system::error_code ec;
    remove_queue(queue, ec);
    BOOST_TEST(!ec);
    Publisher out(create_only, queue.options(capacity));
    Subscriber in(open_only, queue);
    out.enqueue("new", 3);
    std::string message;
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(message == "new");
}

} // namespace

BOOST_AUTO_TEST_CASE(beside_honest_processes_of_a_queue)
{
    beside_honest_processes<publisher, subscriber>("queue");
}

BOOST_AUTO_TEST_CASE(beside_honest_processes_of_a_broadcast)
{
    for (const char* const kind : {"block", "drop_oldest"})
        beside_honest_processes<broadcast_publisher, broadcast_subscriber>(
            kind);
}
