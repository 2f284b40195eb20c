// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Exception messages name the object, the size, and what to do.

#include "support/main.hpp"
#include "support/queue_name.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost_ipq/typed.hpp>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

using namespace boost_ipq;
namespace fs = std::filesystem;

namespace {

template <class Function>
std::string text_of(Function function)
{
    try
    {
        function();
    }
    catch (const std::exception& e)
    {
        return e.what();
    }
    return "nothing thrown";
}

void expect(const std::string& text, const std::vector<std::string>& parts)
{
    for (const std::string& part : parts)
        BOOST_TEST(
            (text.find(part) != std::string::npos),
            "'" << part << "' is not in: " << text);
}

struct fixture
{
    const test::scoped_queue queue;
    publisher out{create_only, queue.options(100)};
    subscriber in{open_only, queue};
    const std::string name = "queue '" + queue.name() + "'";
    char buffer[200] = {};
    std::size_t size = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(texts, fixture)

BOOST_AUTO_TEST_CASE(message_too_large)
{
    const std::vector<std::string> parts = {
        name, "a message of 150 bytes, and at most 96 fit", "larger capacity"};
    expect(text_of([&] { out.try_enqueue(buffer, 150); }), parts);
    expect(text_of([&] { out.enqueue(std::string(150, 'x')); }), parts);
    expect(text_of([&] { out.try_reserve(150); }), parts);
    expect(
        text_of([&] { out.timed_reserve(150, std::chrono::seconds(1)); }),
        parts);
    const std::vector<std::string> batch = {
        std::string(1, 'x'), std::string(150, 'x'), std::string(1, 'x')};
    expect(
        text_of([&] { out.try_enqueue_all(batch.begin(), batch.end()); }),
        parts);
}

BOOST_AUTO_TEST_CASE(buffer_too_small)
{
    out.enqueue(buffer, 20);
    const std::vector<std::string> parts = {
        "a message of 20 bytes for a buffer of 10", "larger buffer"};
    expect(text_of([&] { in.try_dequeue(buffer, 10, size); }), parts);
    expect(text_of([&] { in.dequeue(buffer, 10, size); }), parts);
}

BOOST_AUTO_TEST_CASE(null_pointers)
{
    const std::vector<std::string> parts = {
        name, "a null pointer with a size of 7 bytes"};
    expect(text_of([&] { out.try_enqueue(nullptr, 7); }), parts);
    expect(text_of([&] { in.try_dequeue(nullptr, 7, size); }), parts);
    expect(
        text_of([&] { in.dequeue(nullptr, 7, size, boost_ipq::truncate); }),
        parts);
}

BOOST_AUTO_TEST_CASE(closed)
{
    const std::vector<std::string> parts = {name, "closed", "open another"};
    out.close();
    expect(text_of([&] { out.try_enqueue("x", 1); }), parts);
    expect(text_of([&] { out.reserve(1); }), parts);
    in.close();
    expect(text_of([&] { in.try_receive(); }), parts);
    expect(text_of([&] { in.dequeue(); }), parts);
    expect(
        text_of([&] { in.consume_all([](const void*, std::size_t) {}); }),
        parts);
    expect(
        text_of([] { publisher().try_enqueue("x", 1); }),
        {"boost_ipq: the handle is closed"});
}

BOOST_AUTO_TEST_CASE(larger_commit)
{
    reservation room = out.try_reserve(10);
    expect(
        text_of([&] { room.commit(20); }),
        {"a commit of 20 bytes, where 10 were reserved"});
}

BOOST_AUTO_TEST_CASE(no_such_object)
{
    const test::scoped_queue other;
    typed_subscriber<int> typed(create_only, other.options(100));
    publisher(open_only, other).enqueue("x", 1);
    const std::vector<std::string> parts = {
        "no object of 4 bytes", "take it with a plain subscriber"};
    int value;
    expect(text_of([&] { typed.try_dequeue(value); }), parts);
    expect(text_of([&] { typed.dequeue(); }), parts);
    expect(text_of([&] { typed.receive(); }), parts);
    expect(text_of([&] { typed.consume_all([](int) {}); }), parts);
}

BOOST_AUTO_TEST_CASE(bad_names)
{
    expect(
        text_of([] { queue_options(std::string("a\0b\n", 4)); }),
        {"'a?b?'", "cannot name a queue"});
    BOOST_TEST(text_of([] {
                   queue_options(std::string(100'000, 'a'));
               }).size() < 500u);
}

// A file where a directory is expected, and an object that is not a lock file.
BOOST_AUTO_TEST_CASE(other_files)
{
    const test::temporary_directory where;
    const auto creating = [](const queue_options& options) {
        return text_of([&] { publisher(open_or_create, options); });
    };
#if !defined(_WIN32)
    expect(
        creating(queue_options("q", 100).directory("/dev/null")),
        {"/dev/null/boost_ipq.q.lock", "name a directory"});
#endif
    const std::vector<std::string> parts = {
        "boost_ipq.q.lock", "something that is no queue", "remove it"};
    const std::string lock = where.path() + "/boost_ipq.q.lock";
    fs::create_directory(lock);
    expect(creating(where.options("q", 100)), parts);
    fs::remove(lock);
#if !defined(_WIN32)
    fs::create_symlink("/nowhere", lock);
    expect(creating(where.options("q", 100)), parts);
    fs::remove(lock);
#endif
}

BOOST_AUTO_TEST_CASE(limits_of_the_system)
{
    expect(
        error({EMFILE, boost::system::system_category()}, "opening").what(),
        {"opening", "raise the limit"});
}

// A failure for which the system gives no reason is reported as a failure, and
// not as "Success".
BOOST_AUTO_TEST_CASE(no_reason)
{
    const boost::system::error_code none;
    BOOST_TEST(
        (std::string(error(none, "doing it").what()).find("Success") ==
         std::string::npos));
    try
    {
        detail::throw_error(none, "doing it");
    }
    catch (const error& e)
    {
        BOOST_TEST(e.code().failed());
        expect(e.what(), {"doing it"});
    }
}

BOOST_AUTO_TEST_SUITE_END()
