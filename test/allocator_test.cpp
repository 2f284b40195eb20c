// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Handles with an allocator; the messages that they return are allocated with
// it.

#include "support/main.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <memory_resource>
#include <type_traits>

namespace {

class counting_resource : public std::pmr::memory_resource
{
public:
    std::size_t allocations = 0, bytes = 0;

private:
    void* do_allocate(std::size_t size, std::size_t alignment) override
    {
        ++allocations;
        bytes += size;
        return std::pmr::new_delete_resource()->allocate(size, alignment);
    }

    void do_deallocate(
        void* memory, std::size_t size, std::size_t alignment) override
    {
        bytes -= size;
        std::pmr::new_delete_resource()->deallocate(memory, size, alignment);
    }

    bool
    do_is_equal(const std::pmr::memory_resource& other) const noexcept override
    {
        return this == &other;
    }
};

using allocator = std::pmr::polymorphic_allocator<std::byte>;
using pmr_subscriber = boost_ipq::basic_subscriber<allocator>;
using pmr_publisher = boost_ipq::basic_publisher<allocator>;

} // namespace

static_assert(std::is_same_v<
              decltype(std::declval<pmr_subscriber&>().dequeue()),
              std::pmr::vector<std::byte>>);
static_assert(std::is_same_v<
              decltype(std::declval<boost_ipq::subscriber&>().dequeue()),
              std::vector<std::byte>>);
static_assert(
    std::is_same_v<boost_ipq::subscriber, boost_ipq::basic_subscriber<>>);
static_assert(
    std::is_same_v<boost_ipq::publisher, boost_ipq::basic_publisher<>>);
static_assert(std::is_nothrow_move_constructible_v<boost_ipq::subscriber>);
static_assert(std::is_nothrow_move_constructible_v<boost_ipq::publisher>);
static_assert(std::is_nothrow_move_assignable_v<boost_ipq::subscriber>);
static_assert(std::is_nothrow_move_assignable_v<boost_ipq::publisher>);
static_assert(!std::is_copy_constructible_v<boost_ipq::subscriber>);
static_assert(!std::is_copy_assignable_v<boost_ipq::publisher>);
static_assert(std::is_move_assignable_v<pmr_subscriber>);
static_assert(std::is_move_assignable_v<pmr_publisher>);

BOOST_AUTO_TEST_CASE(messages_come_from_the_resource)
{
    const test::scoped_queue queue;
    counting_resource resource;
    {
        pmr_publisher out(
            boost_ipq::create_only, queue.options(10'000),
            allocator(&resource));
        pmr_subscriber in(boost_ipq::open_only, queue, allocator(&resource));
        BOOST_TEST(in.get_allocator().resource() == &resource);
        BOOST_TEST(out.get_allocator().resource() == &resource);
        for (const std::size_t size : {1, 100, 9000})
        {
            out.enqueue(std::string(size, 'x'));
            const auto before = resource.allocations;
            const auto message = in.dequeue();
            BOOST_TEST(message.size() == size);
            BOOST_TEST(message.get_allocator().resource() == &resource);
            BOOST_TEST(resource.allocations == before + 1);
        }
        boost::system::error_code ec;
        out.enqueue("x", 1);
        BOOST_TEST(in.dequeue(ec).get_allocator().resource() == &resource);
        BOOST_TEST(!ec);
    }
    BOOST_TEST(resource.bytes == 0u);
}

BOOST_AUTO_TEST_CASE(error_code_constructors)
{
    const test::scoped_queue queue;
    counting_resource resource;
    boost::system::error_code ec;
    pmr_publisher out(
        boost_ipq::create_only, queue.options(100), ec, allocator(&resource));
    BOOST_TEST(!ec);
    pmr_subscriber in(boost_ipq::open_only, queue, ec, allocator(&resource));
    BOOST_TEST(!ec);
    BOOST_TEST(in.get_allocator().resource() == &resource);
    BOOST_TEST(out.try_enqueue("x", 1));
    BOOST_TEST(in.dequeue().size() == 1u);
}

BOOST_AUTO_TEST_CASE(move_assignment)
{
    const test::scoped_queue queue;
    counting_resource resource;
    {
        pmr_publisher out;
        out = pmr_publisher(
            boost_ipq::create_only, queue.options(100), allocator(&resource));
        pmr_subscriber in;
        in = pmr_subscriber(boost_ipq::open_only, queue, allocator(&resource));
        out.enqueue("x", 1);
        BOOST_TEST(in.dequeue().size() == 1u);
    }
    BOOST_TEST(resource.bytes == 0u);
}

// The template arguments of a handle follow from its constructor's.
BOOST_AUTO_TEST_CASE(deduced)
{
    using boost_ipq::basic_publisher;
    using boost_ipq::basic_subscriber;
    const test::scoped_queue queue;
    basic_publisher out(boost_ipq::create_only, queue.options(100));
    static_assert(
        std::is_same<decltype(out), boost_ipq::publisher>::value, "default");
    basic_subscriber in(
        boost_ipq::open_only, queue.options(100), std::allocator<char>());
    static_assert(
        std::is_same<decltype(in)::allocator_type, std::allocator<char>>::value,
        "given");
    boost::system::error_code ec;
    basic_publisher other(boost_ipq::open_only, queue.name(), ec);
    BOOST_TEST(!ec);
    BOOST_TEST(other.is_open());
}
