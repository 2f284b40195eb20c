// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_SEGMENT_SEGMENT_HPP
#define BOOST_IPQ_DETAIL_SEGMENT_SEGMENT_HPP

// The managed segment of a queue, and the ring in it.
//
// A mutex in the segment would stay locked if its owner died, so the segment
// has none (null_mutex_family): only the creator allocates, and it holds the
// structure lock of the lock file. A process that opens the queue does not walk
// the segment manager's structures: the offset of the root object is in the
// lock file's mark.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/membership/queue_mark.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/segment/memory_object.hpp>
#include <boost_ipq/error.hpp>
#include <boost/interprocess/allocators/allocator.hpp>
#include <boost/interprocess/indexes/iset_index.hpp>
#include <boost/interprocess/managed_mapped_file.hpp>
#include <boost/interprocess/managed_shared_memory.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/mem_algo/rbtree_best_fit.hpp>
#include <boost/interprocess/offset_ptr.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/interprocess/sync/mutex_family.hpp>
#include <boost/system/error_code.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <variant>

namespace boost_ipq {
namespace detail {

using managed_segment = bip::basic_managed_shared_memory<
    char, bip::rbtree_best_fit<bip::null_mutex_family>, bip::iset_index>;
using managed_file = bip::basic_managed_mapped_file<
    char, bip::rbtree_best_fit<bip::null_mutex_family>, bip::iset_index>;

static_assert(
    std::is_same<
        managed_segment::segment_manager, managed_file::segment_manager>::value,
    "a ring must not depend on the object that holds its segment");

// The root object of a segment.
struct queue_root
{
    using ring_type =
        basic_ring<bip::allocator<std::byte, managed_segment::segment_manager>>;

    queue_root(
        std::size_t capacity, std::size_t alignment,
        managed_segment::segment_manager* manager)
        : ring(capacity, alignment, manager),
          participants()
    {
    }

    ring_type ring;
    participant_table participants;
};

class segment
{
public:
    // Bytes of a segment that holds a ring of that capacity.
    static std::size_t size_for(std::size_t capacity, std::size_t alignment)
    {
        return round_up(
            queue_root::ring_type::allocation_size(capacity, alignment) +
                sizeof(queue_root) + segment_overhead,
            bip::mapped_region::get_page_size());
    }

    // Creates the segment, which must not exist, and writes its size, its root
    // and its first word to the mark.
    void create(
        const object_names& names, const bip::permissions& permissions,
        queue_mark& mark)
    {
        mark.segment_size = size_for(mark.capacity, mark.alignment);
        map(names, bip::create_only, mark.segment_size, nullptr, permissions);
        boost::system::error_code ec;
        memory_object(names, bip::read_write).reserve(mark.segment_size, ec);
        lock_file::fail_if(ec, "reserving the segment " + names.segment);
        std::visit([&](auto& memory) { construct(memory, mark); }, m_memory);
        mark.segment_word = first_word(names);
        m_view = m_root->ring.view();
    }

    // Maps the segment that the mark describes. Throws queue_corrupt if
    // anything does not match.
    void open(const object_names& names, const queue_mark& mark)
    {
        // Boost waits forever for a segment whose beginning looks unfinished,
        // and does not notice that one is too short.
        if (first_word(names, mark.segment_size) != mark.segment_word)
            throw_error(errc::queue_corrupt, "the segment " + names.segment);
        map(names, bip::open_only);
        const contents found = std::visit(
            [&](auto& memory) {
                return checked(
                    names, mark, memory.get_address(), memory.get_size());
            },
            m_memory);
        m_root = found.root;
        m_view = found.view;
        platform::populate(m_view.data, (std::min)(m_view.size, max_populate));
    }

    struct contents
    {
        queue_root* root = nullptr;
        ring_view view;
    };

    // The contents of a mapped segment. Throws queue_corrupt unless all of it
    // matches the mark. Reads each value once, and uses the value that it has
    // checked.
    static contents checked(
        const object_names& names, const queue_mark& mark, void* base,
        std::size_t size)
    {
        const auto begin = reinterpret_cast<std::uintptr_t>(base);
        contents found;
        if (root_fits(mark, begin, size))
        {
            found.root = reinterpret_cast<queue_root*>(begin + mark.root);
            found.view = found.root->ring.view();
            if (matches(found.view, mark) &&
                buffer_fits(found.view, begin, size))
                return found;
        }
        throw_error(errc::queue_corrupt, "the segment " + names.segment);
    }

    const ring_view& view() const noexcept { return m_view; }
    participant_table& participants() const noexcept
    {
        return m_root->participants;
    }

private:
    static bool root_fits(
        const queue_mark& mark, std::uintptr_t begin, std::size_t size) noexcept
    {
        return mark.root <= size && size - mark.root >= sizeof(queue_root) &&
               (begin + mark.root) % alignof(queue_root) == 0;
    }

    static bool matches(const ring_view& view, const queue_mark& mark) noexcept
    {
        using ring = queue_root::ring_type;
        return view.control->magic == ring_magic &&
               view.control->version == mark.layout &&
               view.alignment == mark.alignment &&
               view.size == ring::buffer_size(mark.capacity, mark.alignment) &&
               view.capacity == ring::usable(mark.capacity, mark.alignment);
    }

    static bool buffer_fits(
        const ring_view& view, std::uintptr_t begin, std::size_t size) noexcept
    {
        const auto data = reinterpret_cast<std::uintptr_t>(view.data);
        return data % unit == 0 && data >= begin && data - begin <= size &&
               size - (data - begin) >= view.size;
    }

    template <class Mode, class... Arguments>
    void map(const object_names& names, Mode mode, const Arguments&... how)
    {
        const char* const name = names.segment.c_str();
        if (names.in_file)
            m_memory.emplace<managed_file>(mode, name, how...);
        else
            m_memory.emplace<managed_segment>(mode, name, how...);
    }

    template <class Memory>
    void construct(Memory& memory, queue_mark& mark)
    {
        // Aligned here: construct() does not align to cache lines, and
        // allocate_aligned() of Boost 1.87 and later needs space for two roots.
        // The offset_ptr and the mark lead to the root.
        std::size_t room = sizeof(queue_root) + alignof(queue_root);
        void* place = memory.allocate(room);
        place =
            std::align(alignof(queue_root), sizeof(queue_root), place, room);
        m_root = ::new (place) queue_root(
            mark.capacity, mark.alignment, memory.get_segment_manager());
        memory.template construct<bip::offset_ptr<queue_root>>("queue")(m_root);
        mark.root = reinterpret_cast<std::uintptr_t>(m_root) -
                    reinterpret_cast<std::uintptr_t>(memory.get_address());
    }

    // The first bytes of the segment, which must have at least `size` bytes.
    static std::uint32_t
    first_word(const object_names& names, std::uint64_t size = 0)
    {
        const memory_object object(names, bip::read_only);
        if (object.size() < size || object.size() < 8)
            throw_error(
                errc::queue_corrupt,
                "the segment " + names.segment + " is too short");
        const bip::mapped_region region = object.map(bip::read_only, 8);
        std::uint32_t word;
        std::memcpy(&word, region.get_address(), sizeof word);
        return word;
    }

    std::variant<managed_segment, managed_file> m_memory;
    queue_root* m_root = nullptr;
    ring_view m_view;
};

} // namespace detail
} // namespace boost_ipq

#endif
