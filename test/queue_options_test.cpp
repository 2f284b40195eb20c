// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Names, capacities, and what the options return.

#include "support/expect_error.hpp"
#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>

using boost_ipq::queue_options;

BOOST_AUTO_TEST_CASE(bad_names)
{
    for (const std::string& name :
         {std::string(), std::string("."), std::string(".."),
          std::string(".hidden"), std::string("a/b"), std::string("/a"),
          std::string("a b"), std::string("a\n"), std::string("a\0b", 3),
          std::string("\0", 1), std::string("caf\xc3\xa9"), std::string("a:b"),
          std::string("a*"), std::string("a~"), std::string("a\\b"),
          std::string(201, 'a'), std::string(100'000, 'a')})
    {
        BOOST_CHECK_THROW(queue_options{name}, std::invalid_argument);
        BOOST_CHECK_THROW(queue_options(name, 100), std::invalid_argument);
        BOOST_CHECK_THROW(
            boost_ipq::publisher(boost_ipq::open_only, name),
            std::invalid_argument);
    }
}

BOOST_AUTO_TEST_CASE(the_text_says_what_to_do)
{
    try
    {
        queue_options("a/b");
        BOOST_ERROR("accepted");
    }
    catch (const std::invalid_argument& e)
    {
        const std::string text = e.what();
        BOOST_TEST(text.find("'a/b'") != std::string::npos);
        BOOST_TEST(text.find("A-Z a-z 0-9 . _ -") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(good_names)
{
    const std::string unique = test::unique_name();
    for (const std::string& name :
         {unique + "." + std::string(199 - unique.size(), 'a'), // 200
          unique + ".", unique + "..", "-" + unique, "_" + unique, "0" + unique,
          unique + ".lock", unique + "A-Z_a.z-0",
          unique + ".segment.room.messages"})
    {
        BOOST_TEST_CONTEXT(name)
        {
            BOOST_TEST(name.size() <= 200);
            const test::scoped_queue queue(name);
            BOOST_TEST(queue_options(name).name() == name);
            boost_ipq::publisher out(
                boost_ipq::create_only, queue.options(100));
            boost_ipq::subscriber in(boost_ipq::open_only, name);
            BOOST_TEST(out.try_enqueue("x", 1));
            std::string message;
            BOOST_TEST(in.try_dequeue(message));
            BOOST_TEST(boost_ipq::inspect(name).name == name);
            BOOST_TEST(boost_ipq::remove_queue(name));
            BOOST_TEST(test::leftovers(name).empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(capacities)
{
    for (std::size_t capacity :
         {std::size_t(0), std::size_t(7), queue_options::max_capacity + 1,
          ~std::size_t(0)})
        BOOST_CHECK_THROW(queue_options("a", capacity), std::invalid_argument);
    BOOST_TEST(queue_options("a", 8).capacity() == 8u);
    BOOST_TEST(
        queue_options("a", queue_options::max_capacity).capacity() ==
        queue_options::max_capacity);
    BOOST_TEST(queue_options("a").capacity() == 0u);
}

BOOST_AUTO_TEST_CASE(kinds_of_text)
{
    const std::string_view view = std::string_view("abc").substr(0, 2);
    BOOST_TEST(queue_options(view).name() == "ab");
    BOOST_TEST(queue_options(view, 100).name() == "ab");
    BOOST_TEST(queue_options(std::string(view), 100).name() == "ab");
    BOOST_TEST(queue_options("ab", 100).name() == "ab");
    BOOST_CHECK_THROW(
        queue_options(std::string_view("a b")), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_was_set)
{
    queue_options options("a", 100);
    BOOST_TEST(options.name() == "a");
#if !defined(_WIN32)
    BOOST_TEST(options.permissions().get_permissions() == 0600);
#endif
    BOOST_TEST(options.message_alignment() == 8u);
    BOOST_CHECK(options.lifetime() == boost_ipq::lifetime::persistent);

    boost::interprocess::permissions others;
    others.set_unrestricted();
    options.permissions(others)
        .lifetime(boost_ipq::lifetime::while_open)
        .message_alignment(32);
    BOOST_TEST(
        options.permissions().get_permissions() == others.get_permissions());
    BOOST_TEST(options.message_alignment() == 32u);
    BOOST_CHECK(options.lifetime() == boost_ipq::lifetime::while_open);
}

// A type may need a larger alignment.
BOOST_AUTO_TEST_CASE(message_types)
{
    queue_options options("a", 100);
    BOOST_TEST(options.message_type(4, 4).message_alignment() == 8u);
    BOOST_TEST(options.message_type(64, 32).message_alignment() == 32u);
    BOOST_TEST(options.message_alignment(64).message_alignment() == 64u);
    BOOST_TEST(options.message_alignment(8).message_alignment() == 32u);
    for (const std::size_t alignment : {0, 3, 128})
        BOOST_CHECK_THROW(
            options.message_type(8, alignment), std::invalid_argument);
}
