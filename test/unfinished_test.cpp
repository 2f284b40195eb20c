// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What a killed creator has left: the next one goes on with it if that makes a
// queue like any other, and removes it otherwise.

#include "support/child_process.hpp"
#include "support/queue_damage.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/broadcast.hpp>
#include <boost_ipq/detail/attachment/unfinished.hpp>
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/interprocess/permissions.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

using namespace boost_ipq;
using detail::queue_mark;

namespace {

// The writes to a lock file in which a creator announces what it has done, and
// before which it can be told to kill itself.
enum moment : unsigned
{
    never = 0,
    before_the_segment,    // the mark of a creator that has begun
    before_it_says_so,     // Boost's page is there, and the mark has no size
    before_others_come_in, // the ring is there
    before_the_end,        // other users may have opened the segment
    before_it_has_its_size = 100 // not a write
};

unsigned deadly = never;
unsigned writes = 0;

} // namespace

// Replaces the C library's function.
extern "C" ssize_t pwrite(int file, const void* from, size_t size, off_t at)
{
    const bool marks = size == sizeof(queue_mark) && at == 0;
    const bool ends = size == sizeof(queue_mark::ready) &&
                      at == off_t(offsetof(queue_mark, ready));
    if ((marks || ends) && ++writes == deadly)
        ::raise(SIGKILL);
    return ::syscall(SYS_pwrite64, file, from, size, at);
}

extern "C" int ftruncate(int file, off_t size)
{
    if (deadly == before_it_has_its_size && size > 50'000)
        ::raise(SIGKILL);
    return static_cast<int>(::syscall(SYS_ftruncate, file, size));
}

// Arguments: queue, moment, mode, huge pages.
CHILD_ROLE(dies_while_it_creates)
{
    deadly = static_cast<unsigned>(self.number(1));
    const publisher out(
        create_only, queue_options(self.argument(0), 100'000)
                         .permissions(boost::interprocess::permissions(
                             static_cast<int>(self.number(2))))
                         .huge_pages(self.number(3) != 0));
    test::require(false, "alive");
}

namespace {

struct stat status_of(const std::string& path)
{
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0)
        throw std::runtime_error("no " + path);
    return status;
}

unsigned mode_of(const std::string& path)
{
    return status_of(path).st_mode & 07777;
}

// A queue whose creator was killed.
class unfinished_queue
{
public:
    explicit unfinished_queue(
        moment at, unsigned mode = 0600, bool huge_pages = false)
    {
        test::child creator(
            "dies_while_it_creates",
            {name.name(), std::to_string(at), std::to_string(mode),
             huge_pages ? "1" : "0"});
        test::require(creator.wait() == -SIGKILL, "killed");
        m_held = ::open(objects.segment.c_str(), O_RDONLY | O_CLOEXEC);
        if (m_held >= 0)
            ::fstat(m_held, &m_left);
    }

    unfinished_queue(const unfinished_queue&) = delete;
    unfinished_queue& operator=(const unfinished_queue&) = delete;

    ~unfinished_queue()
    {
        if (m_held >= 0)
            ::close(m_held);
    }

    queue_options options(std::size_t capacity = 100'000) const
    {
        return name.options(capacity);
    }

    // Does the queue have the segment that was left? No other one can have its
    // number while it is open.
    bool has_old_segment() const
    {
        return status_of(objects.segment).st_ino == m_left.st_ino;
    }

    const test::scoped_queue name{};
    const test::queue_objects objects{name.name()};

private:
    int m_held = -1;
    struct stat m_left = {};
};

void use(const queue_options& options)
{
    publisher out(open_only, options);
    subscriber in(open_only, options);
    const std::string sent(999, 'x');
    std::string message;
    for (int i = 0; i < 300; ++i)
    {
        test::require(out.try_enqueue(sent), "sent");
        test::require(in.try_dequeue(message) && message == sent, "received");
    }
}

// The segment of a queue that this process has open, without the random number
// in it.
std::string segment_bytes(const std::string& queue)
{
    std::string result = test::contents(test::queue_objects(queue).segment);
    const queue_mark mark = test::read_mark(queue);
    return result.replace(
        mark.root + offsetof(detail::ring_control, epoch), sizeof mark.epoch,
        sizeof mark.epoch, '\0');
}

// Effects: a creator is killed at that moment; after change(queue), what it has
// left is not used by the next creator with the options asked(queue).
void expect_replaced(
    const char* what, moment at, unsigned mode,
    const std::function<void(const unfinished_queue&)>& change,
    const std::function<queue_options(const unfinished_queue&)>& asked)
{
    BOOST_TEST_CONTEXT(what)
    {
        const unfinished_queue queue(at, mode);
        change(queue);
        const queue_options options = asked(queue);
        const publisher out(open_or_create, options);
        BOOST_TEST(!queue.has_old_segment());
        BOOST_TEST(
            mode_of(queue.objects.segment) ==
            static_cast<unsigned>(options.permissions().get_permissions()));
        use(queue.name);
    }
}

void nothing(const unfinished_queue&) {}

queue_options the_same(const unfinished_queue& queue)
{
    return queue.options();
}

queue_options for_all_users(const unfinished_queue& queue)
{
    return queue.options().permissions(boost::interprocess::permissions(0666));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_segment_that_was_left_is_as_a_new_one)
{
    const test::scoped_queue other;
    const publisher fresh(create_only, other.options(100'000));
    const std::string expected = segment_bytes(other.name());
    for (const moment at :
         {before_it_has_its_size, before_others_come_in, before_the_end})
    {
        const unfinished_queue queue(at);
        const std::string& segment = queue.objects.segment;
        BOOST_TEST(
            ::truncate(segment.c_str(), status_of(segment).st_size + 1) == 0);
        publisher out(open_or_create, queue.options());
        BOOST_TEST(queue.has_old_segment());
        BOOST_TEST((segment_bytes(queue.name.name()) == expected));
        BOOST_TEST(test::read_mark(queue.name.name()).epoch != 0u);
        use(queue.name);
    }
}

BOOST_AUTO_TEST_CASE(creators_that_die_one_after_the_other)
{
    const unfinished_queue queue(before_others_come_in);
    for (unsigned second = 1; second <= 2; ++second)
    {
        // It writes the mark once, and then the end.
        test::child creator(
            "dies_while_it_creates",
            {queue.name.name(), std::to_string(second), "384", "0"});
        BOOST_TEST(creator.wait() == -SIGKILL);
        BOOST_TEST(queue.has_old_segment());
    }
    const publisher out(create_only, queue.options());
    BOOST_TEST(queue.has_old_segment());
    use(queue.name);
}

BOOST_AUTO_TEST_CASE(a_queue_for_other_users)
{
    const unfinished_queue queue(before_others_come_in, 0666);
    BOOST_TEST(mode_of(queue.objects.segment) == 0600u);
    const publisher out(open_or_create, for_all_users(queue));
    BOOST_TEST(queue.has_old_segment());
    for (const std::string& path : queue.objects.all())
        BOOST_TEST(mode_of(path) == 0666u);
    use(queue.name);
}

// A segment that a user has mapped stays mapped.
BOOST_AUTO_TEST_CASE(others_may_have_opened_it)
{
    expect_replaced("for all", before_the_end, 0666, nothing, for_all_users);
    expect_replaced("not any more", before_the_end, 0666, nothing, the_same);
}

BOOST_AUTO_TEST_CASE(a_different_queue_was_begun)
{
    const moment at = before_others_come_in;
    const auto expect = [&](const char* what, auto asked) {
        expect_replaced(what, at, 0600, nothing, asked);
    };
    expect("capacity", [](const auto& queue) { return queue.options(99'999); });
    expect("alignment", [](const auto& queue) {
        return queue.options().message_alignment(16);
    });
    expect("deliveries", [](const auto& queue) {
        return queue.options().max_deliveries(3).dead_letter(
            queue.name.name() + "-dead");
    });
    expect("mode", for_all_users);
    expect("huge pages", [](const auto& queue) {
        return queue.options().huge_pages(true);
    });
    const test::scoped_queue placed;
    boost::system::error_code ec;
    const publisher first(create_only, placed.options(1000).numa_node(0), ec);
    if (!ec)
        expect("NUMA node", [](const auto& queue) {
            return queue.options().numa_node(0);
        });
    const unfinished_queue queue(at);
    const broadcast_publisher out(open_or_create, queue.options());
    BOOST_TEST(!queue.has_old_segment());
}

BOOST_AUTO_TEST_CASE(huge_pages_were_begun)
{
    for (const moment at : {before_it_has_its_size, before_others_come_in})
    {
        const unfinished_queue queue(at, 0600, true);
        const publisher out(open_or_create, queue.options());
        BOOST_TEST(!queue.has_old_segment());
        use(queue.name);
    }
}

// Where others may exchange files, the segment may be that of another queue.
BOOST_AUTO_TEST_CASE(others_may_exchange_files)
{
    char directory[] = "/tmp/boost_ipq-unfinished-XXXXXX";
    BOOST_REQUIRE(::mkdtemp(directory) != nullptr);
    const auto is_safe = [&](unsigned mode) {
        return ::chmod(directory, mode) == 0 &&
               detail::is_in_safe_directory(std::string(directory) + "/file");
    };
    BOOST_TEST(is_safe(0700));
    BOOST_TEST(is_safe(01777));
    BOOST_TEST(!is_safe(0720));
    BOOST_TEST(!is_safe(0702));
    BOOST_TEST(::rmdir(directory) == 0);
}

BOOST_AUTO_TEST_CASE(the_objects_were_changed)
{
    const auto expect = [](const char* what, auto change) {
        expect_replaced(what, before_others_come_in, 0600, change, the_same);
    };
    expect("removed", [](const auto& queue) {
        ::unlink(queue.objects.segment.c_str());
    });
    expect("not finished by Boost", [](const auto& queue) {
        test::overwrite(queue.objects.segment, 0, {"\1\0\0\0", 4});
    });
    for (const std::uint64_t damaged : {1ull << 40, 17ull})
        expect("the manager elsewhere", [damaged](const auto& queue) {
            test::edit_mark(queue.name.name(), [damaged](queue_mark& mark) {
                mark.manager = damaged;
            });
        });
    std::string second;
    expect("a second name", [&](const auto& queue) {
        second = "/dev/shm/" + queue.name.name() + "-linked";
        BOOST_TEST(::link(queue.objects.segment.c_str(), second.c_str()) == 0);
    });
    BOOST_TEST(::unlink(second.c_str()) == 0);
    expect("a mark of a different queue", [](const auto& queue) {
        test::edit_mark(
            queue.name.name(), [](queue_mark& mark) { mark.name[0] = '-'; });
    });
    expect("a mark of a different Boost", [](const auto& queue) {
        test::edit_mark(
            queue.name.name(), [](queue_mark& mark) { ++mark.abi; });
    });
    if (::geteuid() != 0)
        return test::skip("owners and groups: only root can change them");
    expect_replaced(
        "the lock file's owner", before_others_come_in, 0666,
        [](const auto& queue) {
            BOOST_TEST(::chown(queue.objects.lock.c_str(), 12345, -1u) == 0);
        },
        for_all_users);
    expect("the segment's group", [](const auto& queue) {
        BOOST_TEST(::chown(queue.objects.segment.c_str(), -1u, 12345) == 0);
    });
    expect("the lock file's group", [](const auto& queue) {
        BOOST_TEST(::chown(queue.objects.lock.c_str(), -1u, 12345) == 0);
    });
}

// As with a forked child of a process that had a queue open.
BOOST_AUTO_TEST_CASE(a_process_uses_the_lock_file)
{
    detail::lock_file file;
    expect_replaced(
        "a slot", before_others_come_in, 0600,
        [&](const auto& queue) {
            BOOST_TEST(file.open_unlocked(queue.objects.lock));
            BOOST_TEST(file.try_lock_slot(5));
        },
        the_same);
}

// The lock file of a queue was deleted, and the next creator was killed before
// it had removed the segment, which is in use.
BOOST_AUTO_TEST_CASE(the_segment_of_an_older_queue)
{
    const test::scoped_queue name;
    const test::queue_objects objects(name.name());
    publisher old_out(create_only, name.options(100'000));
    subscriber old_in(open_only, name);
    queue_mark mark = test::read_mark(name.name());
    BOOST_TEST(::unlink(objects.lock.c_str()) == 0);
    test::child creator(
        "dies_while_it_creates", {name.name(), "1", "384", "0"});
    BOOST_TEST(creator.wait() == -SIGKILL);
    BOOST_TEST(test::contents(objects.lock).empty());
    mark.ready = 0;
    mark.segment_size = 0;
    test::overwrite(
        objects.lock, 0,
        std::string(reinterpret_cast<const char*>(&mark), sizeof mark));
    const auto old = status_of(objects.segment).st_ino;

    const publisher out(open_or_create, name.options(100'000));
    BOOST_TEST(status_of(objects.segment).st_ino != old);
    use(name);
    std::string message;
    BOOST_TEST(old_out.try_enqueue("old", 3));
    BOOST_TEST(old_in.try_dequeue(message));
    BOOST_TEST(message == "old");
}
