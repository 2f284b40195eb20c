// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What creating and opening a queue costs, counted: each page is reserved once,
// and only the first ones are touched. Huge pages and a NUMA node, on request.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/forbidden_call.hpp"
#include "support/queue_damage.hpp"
#include "support/queue_name.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

using namespace boost_ipq;

namespace {

std::uint64_t reserved = 0;               // bytes, by fallocate()
std::uint64_t deadly = ~std::uint64_t(0); // when this process kills itself

} // namespace

// Replaces the C library's function.
extern "C" int fallocate(int file, int mode, off_t at, off_t size)
{
    reserved += static_cast<std::uint64_t>(size);
    if (reserved > deadly)
        ::raise(SIGKILL);
    return static_cast<int>(::syscall(SYS_fallocate, file, mode, at, size));
}

namespace {

const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
constexpr std::size_t huge_page = std::size_t(2) << 20;
// Page faults of what the library, or a sanitizer, uses itself.
constexpr std::size_t few = 2000;
constexpr std::size_t large = 2 * detail::max_populate;

std::size_t faults()
{
    struct rusage used;
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<std::size_t>(used.ru_minflt);
}

// What a function causes.
struct cost
{
    template <class Function>
    explicit cost(Function function)
    {
        const std::uint64_t reserved_before = ::reserved;
        const std::size_t faults_before = ::faults();
        function();
        pages = ::faults() - faults_before;
        bytes = ::reserved - reserved_before;
    }

    std::size_t pages;   // faults
    std::uint64_t bytes; // reserved
};

bool is_in_memory(const std::string& path)
{
    struct statfs system;
    return ::statfs(path.c_str(), &system) == 0 && system.f_type == TMPFS_MAGIC;
}

detail::queue_mark mark_of(const test::scoped_queue& queue)
{
    detail::queue_mark mark;
    const std::string file =
        test::contents(test::queue_objects(queue.name()).lock);
    file.copy(reinterpret_cast<char*>(&mark), sizeof mark);
    return mark;
}

// The segment of a queue, mapped once more.
class mapped_segment
{
public:
    explicit mapped_segment(const test::scoped_queue& queue)
        : m_size(detail::queue_mark(mark_of(queue)).segment_size)
    {
        const int file = ::open(
            test::queue_objects(queue.name()).segment.c_str(),
            O_RDWR | O_CLOEXEC);
        m_address = ::mmap(
            nullptr, m_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        ::close(file);
        if (m_address == MAP_FAILED)
            throw std::runtime_error("mmap");
    }

    mapped_segment(const mapped_segment&) = delete;
    mapped_segment& operator=(const mapped_segment&) = delete;

    ~mapped_segment() { ::munmap(m_address, m_size); }

    void* address() const noexcept { return m_address; }

private:
    std::size_t m_size;
    void* m_address;
};

// Bytes of a queue's segment that this process has mapped as huge pages.
std::size_t mapped_as_huge(const test::scoped_queue& queue)
{
    std::ifstream maps("/proc/self/smaps");
    bool here = false;
    std::size_t result = 0;
    for (std::string line; std::getline(maps, line);)
    {
        std::istringstream words(line);
        std::string name;
        std::size_t kilobytes = 0;
        words >> name >> kilobytes;
        if (!name.empty() && name.back() != ':') // the head of a mapping
            here = line.find(queue.name() + ".segment") != std::string::npos;
        else if (here && name == "ShmemPmdMapped:")
            result += kilobytes << 10;
    }
    return result;
}

// Can this kernel make that many huge pages of shared memory now?
bool has_huge_pages(std::size_t number)
{
    const test::scoped_queue name;
    const std::string path = "/dev/shm/" + name.name();
    const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    ::unlink(path.c_str());
    bool made = false;
    const std::size_t size = number * huge_page;
    if (::ftruncate(file, static_cast<off_t>(size)) == 0 &&
        ::syscall(SYS_fallocate, file, 0, 0, size) == 0)
    {
        char* const room = static_cast<char*>(::mmap(
            nullptr, size + huge_page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
            -1, 0));
        const std::size_t skip =
            huge_page - reinterpret_cast<std::uintptr_t>(room) % huge_page;
        void* const place = ::mmap(
            room + skip % huge_page, size, PROT_READ | PROT_WRITE,
            MAP_SHARED | MAP_FIXED, file, 0);
        made = ::madvise(place, size, 25 /* MADV_COLLAPSE */) == 0;
        ::munmap(room, size + huge_page);
    }
    ::close(file);
    return made;
}

// The time on a processor: a busy machine breaks no promise.
template <class Function>
double milliseconds_of(Function function)
{
    const auto used = [] {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
    };
    const double begin = used();
    function();
    return used() - begin;
}

void use(const queue_options& options)
{
    publisher out(open_only, options);
    subscriber in(open_only, options);
    std::string message;
    const std::string sent(1000, 'x');
    for (std::size_t i = 0; i < options.capacity() / 500; ++i)
    {
        test::require(out.try_enqueue(sent), "full");
        test::require(in.try_dequeue(message) && message == sent, "received");
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(each_page_is_reserved_once)
{
    if (boost_ipq::detail::platform::is_generic)
        return test::skip("there is no fallocate");
    if (!is_in_memory("/dev/shm"))
        return test::skip("/dev/shm is no tmpfs");
    const test::scoped_queue queue;
    std::optional<publisher> out;
    const cost creating(
        [&] { out.emplace(create_only, queue.options(large)); });
    const std::uint64_t size = mark_of(queue).segment_size;
    BOOST_TEST(size > large);
    // The page for Boost is reserved in the lock file for a moment.
    BOOST_TEST(creating.bytes == size + page);
    // The first pages of the ring, and what the library itself uses.
    const std::size_t most = detail::max_populate / page + few;
    BOOST_TEST(creating.pages < most);
    out.reset();

    // Pages that no process has touched are there, although they look like
    // holes.
    const cost opening([&] { out.emplace(open_only, queue); });
    BOOST_TEST(opening.bytes == 0u);
    BOOST_TEST(opening.pages < most);
}

// Arguments: queue, capacity.
CHILD_ROLE(dies_while_it_creates)
{
    const std::size_t capacity = self.number(1);
    deadly = capacity; // nearly all pages are reserved
    publisher out(create_only, queue_options(self.argument(0), capacity));
    test::require(false, "alive");
}

// The survivor uses the dead creator's pages, see unfinished_test. It waits for
// nothing else. BOOST_IPQ_CREATION_MIB sets the size of the queue.
BOOST_AUTO_TEST_CASE(a_creator_that_died)
{
    if (boost_ipq::detail::platform::is_generic)
        return test::skip("there is no fallocate");
    const char* const mib = std::getenv("BOOST_IPQ_CREATION_MIB");
    const std::size_t capacity =
        std::size_t(mib != nullptr ? std::stoul(mib) : 64) << 20;
    const test::scoped_queue queue;
    const queue_options options = queue.options(capacity);
    publisher out;
    const double fresh =
        milliseconds_of([&] { out = publisher(open_or_create, options); });
    out.close();
    const double removing = milliseconds_of([&] { remove_queue(queue); });
    test::child creator(
        "dies_while_it_creates", {queue.name(), std::to_string(capacity)});
    BOOST_TEST(creator.wait() == -SIGKILL);
    const double after =
        milliseconds_of([&] { out = publisher(open_or_create, options); });
    BOOST_TEST(after < 100 + fresh);
    BOOST_TEST(out.try_enqueue("x", 1));
    std::cout << capacity << " bytes: created in " << fresh
              << " ms, removed in " << removing
              << " ms, created after a death in " << after << " ms\n";
}

// No byte of a new ring has been written but the first ones.
BOOST_AUTO_TEST_CASE(a_new_ring_is_zero)
{
    for (const std::size_t capacity :
         {8, 1000, 4000, 4096, 10'000, 100'000, 5'000'000})
        for (const std::size_t alignment : {8, 64})
        {
            const test::scoped_queue queue;
            publisher out(
                create_only,
                queue.options(capacity).message_alignment(alignment));
            const std::string segment =
                test::contents(test::queue_objects(queue.name()).segment);
            const detail::queue_mark mark = mark_of(queue);
            const std::size_t size =
                detail::queue_root::ring_type::buffer_size(capacity, alignment);
            BOOST_TEST_REQUIRE(mark.buffer + size <= segment.size());
            const auto begin =
                segment.begin() + static_cast<std::ptrdiff_t>(mark.buffer);
            BOOST_TEST(std::all_of(
                begin, begin + static_cast<std::ptrdiff_t>(size),
                [](char byte) { return byte == 0; }));
        }
}

BOOST_AUTO_TEST_CASE(huge_pages)
{
    if (boost_ipq::detail::platform::is_generic)
        return test::skip("there is no fallocate");
    constexpr std::size_t pages = 18; // with the queue's own
    if (!has_huge_pages(pages))
        return test::skip("this kernel makes no huge pages of shared memory");
    const test::scoped_queue queue;
    const auto options = queue.options(16 * huge_page).huge_pages(true);
    publisher out;
    const cost creating([&] { out = publisher(create_only, options); });
    const std::size_t size = mark_of(queue).segment_size;
    BOOST_TEST(creating.pages < few);
    BOOST_TEST(mapped_as_huge(queue) >= size - 2 * huge_page);
    use(options);
    out.close();
    // A process that opens it by name uses them, too.
    const cost opening([&] { out = publisher(open_only, queue); });
    BOOST_TEST(opening.pages < few);
    BOOST_TEST(mapped_as_huge(queue) >= size - 2 * huge_page);
}

// Arguments: queue, directory.
CHILD_ROLE(no_huge_pages)
{
    test::require(
        ::prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0, "PR_SET_THP_DISABLE");
    const auto options = queue_options(self.argument(0), 8 * huge_page)
                             .directory(self.argument(1))
                             .huge_pages(true);
    publisher out(create_only, options);
    use(options);
    out.close();
    test::require(remove_queue(options), "removed");
}

// Also in a directory of any file system.
BOOST_AUTO_TEST_CASE(huge_pages_that_are_not_available)
{
    const test::scoped_queue queue;
    const test::temporary_directory where;
    for (const std::string& directory : {std::string(), where.path()})
    {
        test::child child("no_huge_pages", {queue.name(), directory});
        BOOST_TEST(child.wait() == 0);
    }
}

BOOST_AUTO_TEST_CASE(numa_node)
{
    const test::scoped_queue queue;
    const auto options = queue.options(1 << 20).numa_node(0);
    boost::system::error_code ec;
    publisher out(create_only, options, ec);
    if (ec == boost::system::errc::function_not_supported)
        return test::skip("a kernel without NUMA");
    BOOST_TEST(!ec);
    use(options);
    int policy = 0;
    unsigned long nodes[16] = {};
    const mapped_segment segment(queue);
    constexpr unsigned long of_address = 2; // MPOL_F_ADDR
    BOOST_TEST(
        ::syscall(
            SYS_get_mempolicy, &policy, nodes, 1025ul, segment.address(),
            of_address) == 0);
    BOOST_TEST(policy == 1); // MPOL_PREFERRED
    BOOST_TEST(nodes[0] == 1u);
}

namespace {

// Effects: the queue cannot be created; the error has that code and names the
// node; nothing is left.
template <class Code>
void expect_no_node(const queue_options& options, Code code)
{
    const std::string name =
        "NUMA node " + std::to_string(options.numa_node().value());
    std::string text;
    try
    {
        publisher out(create_only, options);
    }
    catch (const error& e)
    {
        test::require(e.code() == make_error_code(code), "a different error");
        text = e.what();
    }
    test::require(text.find(name) != std::string::npos, text.c_str());
    test::require(test::leftovers(options.name()).empty(), "left behind");
}

} // namespace

BOOST_AUTO_TEST_CASE(numa_node_that_is_not_there)
{
    const test::scoped_queue queue;
    if (::access("/sys/devices/system/node/node1023", F_OK) == 0 ||
        ::access("/sys/devices/system/node/node0", F_OK) != 0)
        return test::skip("an unusual number of NUMA nodes");
    expect_no_node(queue.options(1000).numa_node(1023), errc::invalid_argument);
}

// Only files in memory have a policy.
BOOST_AUTO_TEST_CASE(numa_node_of_a_file)
{
    const test::temporary_directory where;
    if (is_in_memory(where.path()))
        return test::skip("the directory for temporary files is a tmpfs");
    expect_no_node(
        where.options("q", 1000).numa_node(0),
        boost::system::errc::function_not_supported);
    BOOST_TEST(std::filesystem::is_empty(where.path()));
}

// Argument: the queue, the error.
CHILD_ROLE(without_mbind)
{
    const auto error = static_cast<int>(self.number(1));
    test::forbid_call(SYS_mbind, 0, UINT32_MAX, error);
    const auto options = queue_options(self.argument(0), 1000).numa_node(0);
    if (error == EPERM)
        expect_no_node(options, errc::permission_denied);
    else
        expect_no_node(options, boost::system::errc::function_not_supported);
}

BOOST_AUTO_TEST_CASE(numa_node_that_a_sandbox_refuses)
{
    const test::scoped_queue queue;
    for (const int error : {EPERM, ENOSYS})
    {
        test::child child(
            "without_mbind", {queue.name(), std::to_string(error)});
        BOOST_TEST(child.wait() == 0);
    }
}

BOOST_AUTO_TEST_CASE(what_was_asked_for)
{
    queue_options options("q");
    BOOST_TEST(!options.huge_pages());
    BOOST_TEST(!options.numa_node().has_value());
    options.huge_pages(true).numa_node(1023);
    const queue_options other = options.renamed("other");
    BOOST_TEST(other.huge_pages());
    BOOST_TEST(other.numa_node().value() == 1023u);
    BOOST_CHECK_THROW(options.numa_node(1024), std::invalid_argument);
}
