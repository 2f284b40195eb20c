// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Containers into which a message can be received.

#include "support/body.hpp"
#include "support/main.hpp"
#include "support/queue_fixture.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/detail/platform/container_failure.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/container/small_vector.hpp>
#include <boost/container/static_vector.hpp>
#include <boost/container/string.hpp>
#include <boost/container/vector.hpp>
#include <boost/mpl/list.hpp>
#include <algorithm>
#include <exception>
#include <memory_resource>
#include <new>
#include <string>
#include <type_traits>
#include <vector>

namespace {

// The minimal requirements: no capacity(), no allocator.
class plain_container
{
public:
    using value_type = unsigned char;

    void resize(std::size_t size) { m_bytes.resize(size); }
    std::size_t size() const { return m_bytes.size(); }
    unsigned char* data() { return m_bytes.data(); }
    const unsigned char* data() const { return m_bytes.data(); }

private:
    std::vector<unsigned char> m_bytes;
};

// Fails when more than its budget is requested.
template <class T>
struct limited_allocator
{
    using value_type = T;

    limited_allocator(std::size_t limit) : budget(limit) {}
    template <class U>
    limited_allocator(const limited_allocator<U>& other) : budget(other.budget)
    {
    }

    T* allocate(std::size_t count)
    {
        if (count > budget)
            throw std::bad_alloc();
        return std::allocator<T>().allocate(count);
    }
    void deallocate(T* memory, std::size_t count)
    {
        std::allocator<T>().deallocate(memory, count);
    }

    friend bool
    operator==(const limited_allocator&, const limited_allocator&) noexcept
    {
        return true;
    }
    friend bool
    operator!=(const limited_allocator&, const limited_allocator&) noexcept
    {
        return false;
    }

    std::size_t budget;
};

struct fixture : test::queue_fixture<30'000>
{
    template <class Container>
    void expect(Container& container, std::size_t number, std::size_t size)
    {
        const auto body = test::make_body(number, size);
        BOOST_TEST(container.size() == size);
        const auto* const data =
            reinterpret_cast<const std::byte*>(container.data());
        BOOST_TEST(std::equal(
            data, data + container.size(), body.begin(), body.end()));
    }

    // A message that is too long for the container stays, however often it is
    // tried.
    template <class Container, class Failure>
    void expect_left(Container& container, std::size_t size)
    {
        const auto body = test::make_body(1, size);
        out.enqueue(body);
        out.enqueue("after", 5);
        BOOST_CHECK_THROW(in.try_dequeue(container), Failure);
        BOOST_CHECK_THROW(in.dequeue(container), Failure);
        BOOST_TEST(!in.try_dequeue(container, ec));
        BOOST_TEST(ec == boost::system::errc::not_enough_memory);
        test::bytes message;
        BOOST_TEST(in.try_dequeue(message));
        BOOST_TEST((message == body));
        std::string text;
        BOOST_TEST(in.try_dequeue(text));
        BOOST_TEST(text == "after");
        BOOST_TEST(!in.try_dequeue(text));
    }
};

using containers = boost::mpl::list<
    std::vector<std::byte>, std::vector<char>, std::vector<unsigned char>,
    std::vector<signed char>, std::pmr::vector<std::byte>, std::string,
    std::pmr::string, boost::container::vector<char>, boost::container::string,
    boost::container::small_vector<std::byte, 32>,
    boost::container::static_vector<char, 10'000>, plain_container>;

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(every_container, Container, containers)
{
    fixture f;
    Container container;
    const std::size_t sizes[] = {5,  0,      300, 1, 33,  4097,
                                 31, 10'000, 0,   8, 4096};
    std::size_t number = 0;
    for (const std::size_t size : sizes)
    {
        for (int way = 0; way < 3; ++way)
        {
            f.out.enqueue(test::make_body(++number, size));
            BOOST_TEST(
                (way == 0 ? f.in.try_dequeue(container)
                 : way == 1
                     ? f.in.dequeue(container)
                     : f.in.timed_dequeue(container, std::chrono::hours(1))));
            f.expect(container, number, size);
        }
    }
}

// Reserved memory is kept: a message that fits needs no allocation.
BOOST_FIXTURE_TEST_CASE(capacity_is_reused, fixture)
{
    std::vector<char> container;
    container.reserve(20'000);
    const void* const memory = container.data();
    for (const std::size_t size : {20'000, 100, 9000, 0, 20'000})
    {
        out.enqueue(test::make_body(1, size));
        BOOST_TEST(in.try_dequeue(container));
        expect(container, 1, size);
        BOOST_TEST(container.data() == memory);
    }
}

BOOST_FIXTURE_TEST_CASE(static_vector_that_is_too_small, fixture)
{
    boost::container::static_vector<char, 100> container;
    // Since Boost 1.76, Boost.Container throws an exception class of its own.
    using own = boost_ipq::detail::platform::container_bad_alloc;
    using failure = std::conditional_t<
        std::is_base_of_v<std::exception, own>, own, std::bad_alloc>;
    for (const std::size_t size : {101, 8192, 8193, 9000})
        expect_left<decltype(container), failure>(container, size);
    out.enqueue(test::make_body(2, 100));
    BOOST_TEST(in.try_dequeue(container));
    expect(container, 2, 100);
}

BOOST_FIXTURE_TEST_CASE(allocator_that_gives_up, fixture)
{
    std::vector<char, limited_allocator<char>> container(
        limited_allocator<char>(100));
    for (const std::size_t size : {101, 8192, 8193, 9000})
        expect_left<decltype(container), std::bad_alloc>(container, size);
}

BOOST_FIXTURE_TEST_CASE(memory_resource_that_gives_up, fixture)
{
    char memory[200];
    std::pmr::monotonic_buffer_resource resource(
        memory, sizeof memory, std::pmr::null_memory_resource());
    std::pmr::vector<std::byte> container(&resource);
    for (const std::size_t size : {201, 4096, 4097, 9000})
        expect_left<decltype(container), std::bad_alloc>(container, size);
}
