// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_HEAP_QUEUES_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_HEAP_QUEUES_HPP

#include <boost_ipq/detail/attachment/attachment.hpp>
#include <boost_ipq/detail/attachment/heap_attachment.hpp>
#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/queue_options.hpp>
#include <cstddef>
#include <functional>
#include <memory>

namespace boost_ipq {
namespace detail {

// The queues inside this process, by name.
class heap_queues
{
public:
    // Opens a queue, or creates one with the result of `make`.
    static std::shared_ptr<attachment> attach(
        open_mode mode, const queue_options& options,
        const std::function<std::shared_ptr<attachment>()>& make);

    static bool exists(const queue_options& options);

    // Returns whether the queue existed.
    static bool remove(const queue_options& options);

private:
    struct entry;
    class registry;

    // Returns whether there is such a queue. Called inside
    // fork_registry::guarded().
    static bool find(
        open_mode mode, const queue_options& options,
        std::shared_ptr<attachment>& existing);
};

template <class Allocator>
std::shared_ptr<attachment> attach_in_heap(
    open_mode mode, const queue_options& options, const Allocator& allocator)
{
    using bytes = typename std::allocator_traits<
        Allocator>::template rebind_alloc<std::byte>;
    return heap_queues::attach(mode, options, [&] {
        const auto open = [allocator](const queue_options& other) {
            return attach_in_heap(open_mode::open_or_create, other, allocator);
        };
        return std::allocate_shared<heap_attachment<bytes>>(
            bytes(allocator), options, bytes(allocator), open);
    });
}

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/attachment/heap_queues.ipp>
#endif

#endif
