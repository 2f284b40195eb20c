// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A directory in which the file of a queue has any bytes and any length, is
// missing, or is no file, and in which there are other files.

#include "every_call.hpp"
#include "queue_files.hpp"

namespace {

// Effects: makes the file have holes in the end.
void resize(const std::string& path, std::size_t size)
{
    std::error_code ignored;
    std::filesystem::resize_file(path, size, ignored);
}

// What lies in the place of the queue's segment.
void replace_segment(const fuzz::queue_files& queue, fuzz::input& from)
{
    const std::string path = queue.segment();
    const std::string& intact = queue.segment_bytes();
    std::error_code ignored;
    switch (from.below(8))
    {
    case 0: // any bytes, as long as the segment should be
        fuzz::replace_contents(path, from.bytes(4000));
        return resize(path, intact.size());
    case 1: // any bytes
        return fuzz::replace_contents(path, from.bytes(4000));
    case 2: // too short, or too long
        return resize(path, from.below(2 * intact.size()));
    case 3: // an intact beginning
    {
        std::string bytes = intact;
        const std::size_t at = from.below(intact.size());
        const std::string other = from.bytes(intact.size() - at);
        bytes.replace(at, other.size(), other);
        return fuzz::replace_contents(path, bytes);
    }
    case 4:
        std::filesystem::remove(path, ignored);
        return;
    case 5:
        std::filesystem::remove(path, ignored);
        std::filesystem::create_directory(path, ignored);
        return;
    case 6:
        std::filesystem::remove(path, ignored);
        ::mkfifo(path.c_str(), 0600);
        return;
    default:
        std::filesystem::remove(path, ignored);
        std::filesystem::create_symlink(from.bytes(20), path, ignored);
    }
}

// Any name that a file may have.
void add_file(const fuzz::queue_files& queue, fuzz::input& from)
{
    std::string name = "boost_ipq." + from.bytes(40) + ".lock";
    for (char& c : name)
        if (c == '/' || c == 0)
            c = '_';
    if (name != "boost_ipq.q.lock")
        fuzz::replace_contents(
            queue.directory() + "/" + name, queue.lock_bytes());
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static fuzz::queue_files queue;
    queue.restore();
    fuzz::input input(data, size);
    boost::system::error_code ec;
    if (input.below(4) == 0)
        add_file(queue, input);
    // Never while it is open: a file that is made shorter raises SIGBUS, and
    // its owner is trusted not to do that.
    replace_segment(queue, input);
    std::optional<fuzz::every_call> calls(queue.options());
    for (unsigned steps = 0; !input.empty() && steps < 8; ++steps)
        calls->call(input.below(calls->calls), input);
    boost_ipq::inspect(queue.options(), ec);
    for (const std::string& name :
         boost_ipq::list_queues(queue.directory(), ec))
        boost_ipq::queue_options checked(name); // throws if it is no name
    calls.reset();
    if (input.below(2))
        boost_ipq::remove_queue(queue.options(), ec);
    return 0;
}
