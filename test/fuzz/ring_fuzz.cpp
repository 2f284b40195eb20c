// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A ring whose words change between any two operations. It is in heap memory,
// and AddressSanitizer reports each access outside its buffer.

#include "../support/heap_ring.hpp"
#include "input.hpp"
#include <sanitizer/asan_interface.h>
#include <cstring>
#include <vector>

using namespace test;

namespace {

// Only these two are participants; others that a damaged word names are dead.
struct two_alive final : detail::liveness
{
    bool alive(incarnation who) const noexcept override
    {
        return who == detail::make_incarnation(0, 1) ||
               who == detail::make_incarnation(1, 1);
    }
};

// Poisons what an allocation has beyond the ring's buffer.
class poisoned_surroundings
{
public:
    poisoned_surroundings(const detail::ring_view& view, std::size_t allocated)
    {
        std::size_t size = 0;
        void* begin = nullptr;
        __asan_locate_address(view.data, nullptr, 0, &begin, &size);
        m_begin = static_cast<std::byte*>(begin);
        m_data = view.data;
        m_end = m_begin + allocated;
        __asan_poison_memory_region(
            m_begin, static_cast<std::size_t>(m_data - m_begin));
        const std::byte* const behind = view.data + view.size;
        __asan_poison_memory_region(
            behind, static_cast<std::size_t>(m_end - behind));
    }

    poisoned_surroundings(const poisoned_surroundings&) = delete;
    poisoned_surroundings& operator=(const poisoned_surroundings&) = delete;

    ~poisoned_surroundings()
    {
        __asan_unpoison_memory_region(
            m_begin, static_cast<std::size_t>(m_end - m_begin));
    }

private:
    std::byte* m_begin;
    std::byte* m_data;
    std::byte* m_end;
};

class exercise
{
public:
    exercise(fuzz::input& input, std::size_t capacity, std::size_t alignment)
        : m_input(input),
          m_ring(capacity, alignment, std::allocator<std::byte>()),
          m_view(m_ring.view()),
          m_surroundings(
              m_view, heap_ring::allocation_size(capacity, alignment))
    {
    }

    void run()
    {
        for (unsigned steps = 0; !m_input.empty() && steps < max_steps; ++steps)
            step(m_input.below(16));
        m_a.recover();
        std::vector<std::byte> message;
        for (unsigned left = 64; left != 0 && m_b.take_bytes(); --left)
        {
        }
    }

private:
    static constexpr unsigned max_steps = 200;

    void step(std::size_t what)
    {
        switch (what)
        {
        case 0:
        case 1:
            return patch_line();
        case 2:
        case 3:
            return patch_buffer();
        case 4:
        case 5:
            return send();
        case 6:
            return send_all();
        case 7:
            return reserve();
        case 8:
            return end_reservation();
        case 9:
        case 10:
            return take();
        case 11:
            return claim();
        case 12:
            return end_claim();
        case 13:
            return claim_run();
        case 14:
            m_a.recover();
            return;
        default:
            m_b.in.something();
            m_b.in.held_up();
            m_a.out.held_up();
            m_a.out.may_fit(length());
        }
    }

    std::size_t length() { return m_input.below(m_view.max_length() + 2); }

    // Changes one of the words that change while the ring is in use. A lock
    // never names a living participant: it would be waited for.
    void patch_line()
    {
        auto& control = *m_view.control;
        const std::size_t at = 4 * m_input.below(2 * detail::cache_line / 4);
        const std::size_t size = m_input.below(2) ? 8 : 4;
        const auto word = m_input.get<std::uint64_t>();
        char* const lines = reinterpret_cast<char*>(&control.publishers);
        if (at + size <= 2 * detail::cache_line)
            std::memcpy(lines + at, &word, size);
        for (auto* owner :
             {&control.publishers.owner, &control.subscribers.owner})
            if (m_witness.alive(owner->load()))
                owner->store(detail::make_incarnation(7, 7));
    }

    void patch_buffer()
    {
        const std::size_t at = 8 * m_input.below(m_view.size / 8);
        m_view.header(at).store(m_input.get<std::uint64_t>());
    }

    void send()
    {
        const std::vector<char> message(length(), 'x');
        m_a.out.try_publish(message.data(), message.size());
    }

    void send_all()
    {
        std::vector<std::string> messages;
        for (std::size_t count = m_input.below(8); count != 0; --count)
            messages.emplace_back(length(), 'y');
        std::size_t sent = 0;
        m_a.out.try_publish_all(messages.begin(), messages.end(), sent);
        fuzz::require(sent <= messages.size(), "more sent than there were");
    }

    void reserve()
    {
        if (const auto record = m_a.reserve(length()))
            m_reserved.push_back(*record);
    }

    void end_reservation()
    {
        if (m_reserved.empty())
            return;
        const auto record = m_reserved.back();
        m_reserved.pop_back();
        const std::size_t size = record.header.length();
        std::memset(m_a.out.body(record), 'z', size);
        if (m_input.below(2) == 0)
            detail::abandon(m_a.out.ring(), record);
        else
            detail::commit(m_a.out.ring(), record, m_input.below(size + 1));
    }

    void take()
    {
        if (const auto message = m_b.take_bytes())
            fuzz::require(message->size() <= m_view.size, "a long message");
    }

    void claim()
    {
        if (const auto held = m_b.claim())
        {
            read(m_b.in.body(*held), held->header.length());
            m_held.push_back(*held);
        }
    }

    void end_claim()
    {
        if (m_held.empty())
            return;
        const auto held = m_held.back();
        m_held.pop_back();
        read(m_b.in.body(held), held.header.length());
        if (m_input.below(2) == 0)
            detail::give_back(m_b.in.ring(), held);
        else
            detail::acknowledge(m_b.in.ring(), held);
    }

    void claim_run()
    {
        detail::claimed_run run;
        if (m_b.in.try_claim_run(run) != status::done)
            return;
        std::size_t at = run.begin.offset();
        detail::read_end ends(m_view);
        for (std::uint32_t i = 0; i != run.count; ++i)
        {
            read(m_view.body(at), run.lengths[i]);
            detail::acknowledge(
                m_b.in.ring(),
                {at,
                 record_header(
                     record_state::claimed, run.owner, run.lengths[i]),
                 false});
            at += m_view.span(run.lengths[i]);
        }
    }

    // AddressSanitizer checks the access.
    static void read(const std::byte* body, std::size_t size)
    {
        const std::vector<std::byte> copy(body, body + size);
    }

    fuzz::input& m_input;
    heap_ring m_ring;
    detail::ring_view m_view;
    poisoned_surroundings m_surroundings;
    two_alive m_witness;
    member m_a{m_view, m_witness, 0}, m_b{m_view, m_witness, 1};
    std::vector<detail::reserved_record> m_reserved;
    std::vector<detail::claim> m_held;
};

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::input input(data, size);
    const std::size_t alignment = std::size_t(8) << input.below(4);
    const std::size_t capacity = 8 + 8 * input.below(80);
    exercise(input, capacity, alignment).run();
    return 0;
}
