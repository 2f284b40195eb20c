// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A lock file of any bytes, or a mark with changed words, before the queue is
// used and while it is open.

#include "every_call.hpp"
#include "queue_files.hpp"

namespace {

// Returns: the intact bytes with some words changed, or any bytes.
std::string lock_bytes(const fuzz::queue_files& queue, fuzz::input& from)
{
    using fuzz::detail::queue_mark;
    const std::size_t how = from.below(4);
    if (how == 0)
        return from.bytes(2000);
    std::string bytes = queue.lock_bytes();
    for (std::size_t patches = from.below(6); patches != 0; --patches)
    {
        const std::size_t at = 4 * from.below(sizeof(queue_mark) / 4 - 1);
        const auto word = from.get<std::uint64_t>();
        std::memcpy(&bytes[at], &word, from.below(2) ? 8 : 4);
    }
    if (how == 1) // the checksum is right
    {
        queue_mark mark;
        std::memcpy(&mark, bytes.data(), sizeof mark);
        mark.ready = fuzz::detail::checksum(mark);
        std::memcpy(&bytes[0], &mark, sizeof mark);
    }
    if (how == 2)
        bytes.resize(from.below(2 * sizeof(queue_mark)));
    return bytes;
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static fuzz::queue_files queue;
    queue.restore();
    fuzz::input input(data, size);
    boost::system::error_code ec;
    const bool while_open = input.below(2) != 0;
    if (!while_open)
        fuzz::replace_contents(queue.lock(), lock_bytes(queue, input));
    fuzz::every_call calls(queue.options());
    if (while_open)
        fuzz::replace_contents(queue.lock(), lock_bytes(queue, input));
    for (unsigned steps = 0; !input.empty() && steps < 8; ++steps)
        calls.call(input.below(calls.calls), input);
    boost_ipq::inspect(queue.options(), ec);
    boost_ipq::list_queues(queue.directory(), ec);
    boost_ipq::repair(queue.options(), ec);
    if (input.below(2))
        boost_ipq::publisher(
            boost_ipq::open_or_create, queue.complete_options(), ec);
    calls.close();
    boost_ipq::remove_queue(queue.options(), ec);
    fuzz::require(!ec, "cannot remove the queue");
    // A new queue of that name works.
    boost_ipq::publisher out(
        boost_ipq::create_only, queue.complete_options(), ec);
    fuzz::require(!ec && out.try_enqueue("x", 1), "cannot create the queue");
    return 0;
}
