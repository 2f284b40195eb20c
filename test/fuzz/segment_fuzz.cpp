// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The segment of a queue, of which words change before the queue is opened and
// between any two calls.

#include "every_call.hpp"
#include "queue_files.hpp"

namespace {

class mapped_segment
{
public:
    explicit mapped_segment(const fuzz::queue_files& queue)
        : m_root(queue.root()),
          m_size(queue.segment_bytes().size())
    {
        const int file = ::open(queue.segment().c_str(), O_RDWR | O_CLOEXEC);
        void* const memory = ::mmap(
            nullptr, m_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        ::close(file);
        fuzz::require(memory != MAP_FAILED, "cannot map the segment");
        m_memory = static_cast<char*>(memory);
    }

    mapped_segment(const mapped_segment&) = delete;
    mapped_segment& operator=(const mapped_segment&) = delete;

    ~mapped_segment() { ::munmap(m_memory, m_size); }

    // Overwrites a word: of Boost's segment manager, the ring, the first
    // participants, or the buffer.
    void patch(fuzz::input& from)
    {
        using root_type = fuzz::detail::queue_root;
        const std::size_t ring = sizeof(root_type::ring_type);
        const std::size_t places[][2] = {
            {0, 512},
            {m_root, ring},
            {m_root, ring},
            {m_root + ring, 128},
            {m_root + sizeof(root_type) - 64, 64},
            {m_root + sizeof(root_type), 2048}};
        const auto& place = places[from.below(6)];
        std::size_t at = place[0] + 4 * from.below(place[1] / 4);
        const std::size_t size = from.below(2) ? 8 : 4;
        const auto word = from.get<std::uint64_t>();
        if (at + size > m_size)
            at = m_size - size;
        std::memcpy(m_memory + at, &word, size);
        kill_owners();
    }

private:
    // The lock of a living process is waited for, by design. The last slots are
    // never taken.
    void kill_owners()
    {
        using namespace fuzz::detail;
        auto& control = *reinterpret_cast<ring_control*>(m_memory + m_root);
        for (auto* owner :
             {&control.publishers.owner, &control.subscribers.owner})
            if (const incarnation who = owner->load())
                owner->store(
                    make_incarnation(slot_count - 1, generation_of(who)));
    }

    std::size_t m_root;
    std::size_t m_size;
    char* m_memory = nullptr;
};

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static fuzz::queue_files queue;
    queue.restore();
    fuzz::input input(data, size);
    mapped_segment segment(queue);
    for (std::size_t patches = input.below(8); patches != 0; --patches)
        segment.patch(input);
    fuzz::every_call calls(queue.options());
    for (unsigned steps = 0; !input.empty() && steps < 60; ++steps)
    {
        const std::size_t what = input.below(2 * calls.calls);
        if (what < calls.calls)
            calls.call(what, input);
        else
            segment.patch(input);
    }
    calls.close();
    if (input.below(4) == 0)
    {
        boost::system::error_code ec;
        fuzz::require(
            boost_ipq::remove_queue(queue.options(), ec) && !ec,
            "cannot remove the queue");
    }
    return 0;
}
