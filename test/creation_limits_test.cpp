// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Creating queues under limits of the process, under a periodic signal, and
// where the file system cannot allocate pages. What fails is no_space and
// leaves nothing behind.

#include "support/child_process.hpp"
#include "support/emulator.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include "support/sanitizer.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <filesystem>

using namespace boost_ipq;

namespace {

// The error of fallocate() from now on; 0: it works.
int allocation_error = 0;
unsigned allocations = 0;

} // namespace

// Replaces the C library's function.
extern "C" int fallocate(int file, int mode, off_t at, off_t size)
{
    ++allocations;
    if (allocation_error == 0)
        return static_cast<int>(::syscall(SYS_fallocate, file, mode, at, size));
    errno = allocation_error;
    return -1;
}

namespace {

constexpr std::size_t capacity = 1 << 20;

// Effects: the queue with these options cannot be created, and nothing is left
// of it.
void expect_no_space(const queue_options& options)
{
    boost::system::error_code ec;
    publisher(create_only, options, ec);
    test::require(ec == errc::no_space, ec.message().c_str());
    try
    {
        publisher out(create_only, options);
        throw std::runtime_error("created");
    }
    catch (const error& e)
    {
        test::require(e.code() == errc::no_space, e.what());
        const std::string text = e.what();
        test::require(text.find("Success") == std::string::npos, e.what());
    }
    test::require(
        test::leftovers(options.name()).empty(), "left behind in /dev/shm");
    test::require(
        options.directory().empty() ||
            std::filesystem::is_empty(options.directory()),
        "left behind in the directory");
}

void expect_usable(const queue_options& options)
{
    {
        publisher out(create_only, options);
        subscriber in(open_only, options);
        std::string message;
        for (int i = 0; i < 2000; ++i)
        {
            out.enqueue(std::string(1000, 'x'));
            test::require(in.try_dequeue(message), "received");
        }
    }
    test::require(remove_queue(options), "removed");
}

template <class Resource> // its type depends on the C library
void limit(Resource what, rlim_t value)
{
    struct rlimit both;
    ::getrlimit(what, &both);
    both.rlim_cur = value;
    test::require(::setrlimit(what, &both) == 0, "setrlimit");
}

void run(const std::string& role)
{
    const test::scoped_queue queue;
    const test::temporary_directory directory;
    for (const std::string& where : {std::string(), directory.path()})
    {
        BOOST_TEST_INFO("in " << where);
        test::child child(role, {queue.name(), where});
        BOOST_TEST(child.wait() == 0);
    }
}

queue_options options_of(test::child_self& self)
{
    return queue_options(self.argument(0), capacity)
        .directory(self.argument(1));
}

} // namespace

CHILD_ROLE(file_size)
{
    const queue_options options = options_of(self);
    for (const rlim_t size : {0, 1, 1000, 2000, 5000, 10'000, 100'000, 1 << 20})
    {
        limit(RLIMIT_FSIZE, size);
        expect_no_space(options);
    }
    limit(RLIMIT_FSIZE, 2 << 20);
    expect_usable(options);
}

// SIGXFSZ does not end the process.
BOOST_AUTO_TEST_CASE(limit_of_file_sizes)
{
    run("file_size");
}

CHILD_ROLE(addresses)
{
    const queue_options options = options_of(self).renamed(self.argument(0));
    const queue_options large =
        queue_options(options.name(), std::size_t(1) << 30)
            .directory(options.directory());
    limit(RLIMIT_AS, 512 << 20);
    expect_no_space(large);
    expect_usable(options);
}

BOOST_AUTO_TEST_CASE(limit_of_addresses)
{
    if (test::emulator())
        return test::skip("the limit is that of the emulator");
    if (test::with_sanitizer)
        return test::skip("a sanitizer needs more addresses");
    run("addresses");
}

CHILD_ROLE(errors)
{
    const queue_options options = options_of(self);
    for (const int error : {ENOSPC, EDQUOT, ENOMEM, EFBIG})
    {
        allocation_error = error;
        expect_no_space(options);
    }
    for (const int error : {EOPNOTSUPP, EINVAL, ENOSYS})
    {
        allocation_error = error;
        expect_usable(options);
    }
    allocation_error = 0;
    expect_usable(options);
    test::require(allocations > 0, "the function was not replaced");
}

BOOST_AUTO_TEST_CASE(errors_of_the_file_system)
{
    if (detail::platform::is_generic)
        return test::skip("there is no fallocate");
    run("errors");
}

CHILD_ROLE(signals)
{
    const queue_options options =
        queue_options(self.argument(0), std::size_t(32) << 20)
            .directory(self.argument(1));
    std::signal(SIGALRM, [](int) {});
    struct itimerval every = {{0, 500}, {0, 500}}; // microseconds
    ::setitimer(ITIMER_REAL, &every, nullptr);
    expect_usable(options);
    expect_usable(queue_options(options).huge_pages(true));
}

// Each system call is interrupted that takes longer than half a millisecond.
BOOST_AUTO_TEST_CASE(periodic_signal)
{
    run("signals");
}
