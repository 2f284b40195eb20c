// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_SEGMENT_SEGMENT_HPP
#define BOOST_IPQ_DETAIL_SEGMENT_SEGMENT_HPP

// The segment of a queue, and the ring in it.
//
// Only the creator uses a managed segment of Boost: it makes one of a page,
// makes it longer, and constructs the ring in it. A mutex in the segment would
// not survive the death of its holder, so the segment has none
// (null_mutex_family): only the creator allocates, under the structure lock of
// the lock file. Every process, the creator too, then works with a mapping of
// its own and checks what it finds there. Nothing of the segment manager is
// read: the mark in the lock file has the offset of the root object, and the
// kernel knows the size.

#include <boost_ipq/detail/core/limits.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/membership/queue_mark.hpp>
#include <boost_ipq/detail/platform/page_placement.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/ring/cursor_table.hpp>
#include <boost_ipq/detail/ring/layout.hpp>
#include <boost_ipq/detail/ring/ring.hpp>
#include <boost_ipq/detail/ring/ring_view.hpp>
#include <boost_ipq/detail/segment/memory_object.hpp>
#include <boost_ipq/error.hpp>
#include <boost/interprocess/allocators/allocator.hpp>
#include <boost/interprocess/indexes/null_index.hpp>
#include <boost/interprocess/managed_mapped_file.hpp>
#include <boost/interprocess/managed_shared_memory.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/mem_algo/simple_seq_fit.hpp>
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

namespace boost_ipq {
namespace detail {

// An index without names. Segment managers require the alignment of a pointer.
template <class Config>
struct alignas(void*) no_index : bip::null_index<Config>
{
    using bip::null_index<Config>::null_index;
};

// The algorithm and the index that take least to compile: the creator allocates
// two pieces of memory, and names none.
using managed_segment = bip::basic_managed_shared_memory<
    char, bip::simple_seq_fit<bip::null_mutex_family>, no_index>;
using managed_file = bip::basic_managed_mapped_file<
    char, bip::simple_seq_fit<bip::null_mutex_family>, no_index>;

static_assert(
    std::is_same<
        managed_segment::segment_manager, managed_file::segment_manager>::value,
    "a ring must not depend on the object that holds its segment");

// The root object of a segment, which is fresh memory: zero.
struct queue_root
{
    using ring_type =
        basic_ring<bip::allocator<std::byte, managed_segment::segment_manager>>;

    queue_root(
        std::size_t capacity, std::size_t alignment,
        managed_segment::segment_manager* manager,
        std::uint32_t max_deliveries = 0)
        : ring(capacity, alignment, manager, 0, true, max_deliveries),
          participants()
    {
    }

    ring_type ring;
    participant_table participants;
};

// The cursor table of a broadcast follows the root object.
constexpr std::size_t cursors_at = sizeof(queue_root);
static_assert(cursors_at % alignof(cursor_table) == 0, "see doc/layout.md");

// Bytes of the root object, with the cursor table if there is one.
constexpr std::size_t root_size(std::uint32_t kind) noexcept
{
    return sizeof(queue_root) +
           (kind == kind_broadcast ? sizeof(cursor_table) : 0);
}

class segment
{
public:
    // Bytes of a segment that holds a ring of that capacity.
    static std::size_t size_for(
        std::size_t capacity, std::size_t alignment, std::uint32_t kind = 0)
    {
        return round_up(
            queue_root::ring_type::allocation_size(capacity, alignment) +
                root_size(kind) + segment_overhead,
            page_size());
    }

    // Bytes that must be available before create() is called: Boost writes to
    // a page that nothing has reserved.
    static std::size_t first_size() { return page_size(); }

    // Creates the segment, which must not exist, and notes in the mark how to
    // find it. Calls begun() when it is there with the size in the mark, and
    // nothing else. No other user can open it yet.
    template <class Begun>
    void create(
        const object_names& names, const bip::permissions& permissions,
        queue_mark& mark, bool dumped, const platform::page_placement& pages,
        Begun begun)
    {
        set_size(mark);
        const std::size_t manager = create_page(names, permissions);
        m_made = std::make_unique<memory_object>(names, bip::read_write);
        m_made->require_own();
        mark.manager = manager;
        begun();
        m_made->extend(mark.segment_size, pages);
        // Not by name: what was checked is what Boost walks over.
        map(*m_made, mark, dumped);
        construct(manager_at(manager), mark);
        finish(names, mark);
    }

    // As create(), with the segment that a creator has left that was killed
    // after begun(): its pages need not be freed and reserved again. Its mark
    // had the same capacity, alignment, kind and limit of deliveries, and its
    // pages were those of the default placement. Then it has written only where
    // construct() writes, too, and all else is zero. Returns false if other
    // users may have opened the segment, or the mark is damaged: then the
    // segment, and this, are good for nothing. `manager`: that of that mark.
    // Throws if Boost has not finished the page.
    bool adopt(
        const object_names& names, queue_mark& mark, bool dumped,
        std::uint64_t manager)
    {
        using segment_manager = managed_segment::segment_manager;
        set_size(mark);
        m_made = std::make_unique<memory_object>(names, bip::read_write);
        if (!m_made->is_private())
            return false;
        m_made->extend(mark.segment_size, {});
        map(*m_made, mark, dumped);
        if (manager > first_size() / 2 ||
            manager % alignof(segment_manager) != 0)
            return false;
        mark.manager = manager;
        // A new one: the creator may have been killed while it allocated.
        construct(
            *::new (static_cast<void*>(&manager_at(manager)))
                segment_manager(first_size() - manager),
            mark);
        finish(names, mark);
        return true;
    }

    // After create() or adopt(): opens it to the users whom these permissions
    // let in.
    void open_to_others(const bip::permissions& permissions)
    {
        m_made->open_to_others(permissions);
        m_made.reset();
    }

    // Maps the segment that the mark describes. Throws queue_corrupt if
    // anything does not match.
    void open(const object_names& names, const queue_mark& mark, bool dumped)
    {
        const memory_object object(names, bip::read_write);
        map(object, mark, dumped);
        find(names, mark);
        // A file may have holes. The kernel raises SIGBUS when it finds no
        // space for one.
        object.reserve_holes();
        populate();
    }

    struct contents
    {
        queue_root* root = nullptr;
        ring_view view{};
    };

    // The contents of a mapping. Throws queue_corrupt unless all of it matches
    // the mark, whose numbers are sound. Each value is read once: the checked
    // value is the one that is used.
    static contents checked(
        const object_names& names, const queue_mark& mark,
        const bip::mapped_region& memory)
    {
        const auto begin =
            reinterpret_cast<std::uintptr_t>(memory.get_address());
        const std::size_t size = memory.get_size();
        contents found;
        if (is_finished(memory, mark) && root_fits(mark, begin, size))
        {
            found.root = reinterpret_cast<queue_root*>(begin + mark.root);
            found.view = found.root->ring.checked_view(
                mark.capacity, mark.alignment, mark.max_deliveries);
            if (mark.kind == kind_broadcast)
                found.view.cursors = reinterpret_cast<cursor_table*>(
                    begin + mark.root + cursors_at);
            if (matches(found.view, mark) &&
                buffer_fits(found.view, mark, begin, size) &&
                are_apart(found.view, begin + mark.root, mark.kind))
                return found;
        }
        throw_error(errc::queue_corrupt, "the segment " + names.segment);
    }

    // See queue_options::dump_core().
    void set_dumped(bool dumped) noexcept
    {
        platform::set_dumped(
            m_region.get_address(), m_region.get_size(), dumped);
    }

    const ring_view& view() const noexcept { return m_view; }
    participant_table& participants() const noexcept
    {
        return m_root->participants;
    }

private:
    static std::size_t page_size()
    {
        return bip::mapped_region::get_page_size();
    }

    static std::uint32_t first_word(const bip::mapped_region& memory) noexcept
    {
        std::uint32_t word;
        std::memcpy(&word, memory.get_address(), sizeof word);
        return word;
    }

    // Programs that use Boost to open such a segment wait as long as it does
    // not begin with that word, and accept no other.
    static bool is_finished(
        const bip::mapped_region& memory, const queue_mark& mark) noexcept
    {
        return mark.segment_word == finished_segment &&
               first_word(memory) == finished_segment;
    }

    static bool root_fits(
        const queue_mark& mark, std::uintptr_t begin, std::size_t size) noexcept
    {
        return mark.root <= size && size - mark.root >= root_size(mark.kind) &&
               (begin + mark.root) % alignof(queue_root) == 0;
    }

    static bool matches(const ring_view& view, const queue_mark& mark) noexcept
    {
        const ring_control& control = *view.control;
        return control.magic == ring_magic && control.version == mark.layout &&
               control.alignment == mark.alignment &&
               control.size == view.size && control.capacity == view.capacity &&
               control.header_size == unit + view.lead &&
               control.max_deliveries == mark.max_deliveries &&
               control.epoch == mark.epoch && control.kind == mark.kind &&
               control.overflow == mark.overflow &&
               control.cursors == (view.cursors ? cursors_at : 0) &&
               control.cursor_count == (view.cursors ? cursor_count : 0);
    }

    static bool buffer_fits(
        const ring_view& view, const queue_mark& mark, std::uintptr_t begin,
        std::size_t size) noexcept
    {
        const auto data = reinterpret_cast<std::uintptr_t>(view.data);
        return data - begin == mark.buffer &&
               queue_root::ring_type::is_aligned(
                   data, view.alignment, view.lead) &&
               data >= begin && data - begin <= size &&
               size - (data - begin) >= view.size;
    }

    // The buffer fits.
    static bool are_apart(
        const ring_view& view, std::uintptr_t root, std::uint32_t kind) noexcept
    {
        const auto data = reinterpret_cast<std::uintptr_t>(view.data);
        return data >= root + root_size(kind) || data + view.size <= root;
    }

    static void set_size(queue_mark& mark)
    {
        mark.segment_size = size_for(mark.capacity, mark.alignment, mark.kind);
        boost::system::error_code ec;
        platform::check_file_size(mark.segment_size, ec);
        lock_file::fail_if(
            ec, "a segment of " + std::to_string(mark.segment_size) + " bytes");
    }

    // Where the manager is in a segment that is created without Boost.
    static constexpr std::size_t native_manager = alignof(std::max_align_t);

    // Creates a segment of a page. Returns the offset of its manager.
    template <class File = platform::memory_file>
    static std::size_t
    create_page(const object_names& names, const bip::permissions& permissions)
    {
        if constexpr (File::creates)
            return create_native<File>(names.segment_path, permissions);
        else
            return names.in_file || platform::segments_are_files
                       ? create_first<managed_file>(
                             names.segment_path, permissions)
                       : create_first<managed_segment>(
                             names.segment, permissions);
    }

    // Writes the bytes that Boost would, which knows only narrow paths on
    // Windows.
    template <class File>
    static std::size_t
    create_native(const std::string& path, const bip::permissions& permissions)
    {
        boost::system::error_code ec;
        File file;
        file.create(path, first_size(), permissions, ec);
        lock_file::fail_if(ec, "creating the segment " + path);
        const bip::mapped_region page(file, bip::read_write, 0, first_size());
        const auto begin = static_cast<std::byte*>(page.get_address());
        std::memcpy(begin, &finished_segment, sizeof finished_segment);
        ::new (begin + native_manager)
            managed_segment::segment_manager(first_size() - native_manager);
        return native_manager;
    }

    // Creates a managed segment of a page. Returns the offset of its manager.
    template <class Managed>
    static std::size_t
    create_first(const std::string& name, const bip::permissions& permissions)
    {
        const Managed memory(
            bip::create_only, name.c_str(), first_size(), nullptr,
            platform::while_created(permissions));
        return reinterpret_cast<std::uintptr_t>(memory.get_segment_manager()) -
               reinterpret_cast<std::uintptr_t>(memory.get_address());
    }

    managed_segment::segment_manager& manager_at(std::size_t offset) noexcept
    {
        return *reinterpret_cast<managed_segment::segment_manager*>(
            begin() + offset);
    }

    void finish(const object_names& names, queue_mark& mark)
    {
        mark.segment_word = first_word(m_region);
        find(names, mark);
        populate();
    }

    void map(const memory_object& object, const queue_mark& mark, bool dumped)
    {
        object.map(bip::read_write, mark.segment_size).swap(m_region);
        set_dumped(dumped);
    }

    std::uintptr_t begin() const noexcept
    {
        return reinterpret_cast<std::uintptr_t>(m_region.get_address());
    }

    void construct(managed_segment::segment_manager& manager, queue_mark& mark)
    {
        manager.grow(mark.segment_size - first_size());
        // Aligned here: allocate_aligned() of Boost 1.87 and later needs space
        // for two roots. The mark leads to the root.
        const std::size_t size = root_size(mark.kind);
        std::size_t room = size + alignof(queue_root);
        void* place = manager.allocate(room);
        place = std::align(alignof(queue_root), size, place, room);
        const auto root = ::new (place) queue_root(
            mark.capacity, mark.alignment, &manager, mark.max_deliveries);
        if (mark.kind == kind_broadcast)
            ::new (static_cast<std::byte*>(place) + cursors_at) cursor_table();
        describe(*root->ring.view().control, mark);
        mark.root = reinterpret_cast<std::uintptr_t>(root) - begin();
        mark.buffer =
            reinterpret_cast<std::uintptr_t>(root->ring.view().data) - begin();
    }

    static void describe(ring_control& control, const queue_mark& mark) noexcept
    {
        control.epoch = mark.epoch;
        control.kind = mark.kind;
        control.overflow = mark.overflow;
        if (mark.kind == kind_broadcast)
        {
            control.cursors = cursors_at;
            control.cursor_count = cursor_count;
        }
    }

    // Otherwise the first lap causes a page fault for each page.
    void populate() noexcept
    {
        platform::populate(m_view.data, (std::min)(m_view.size, max_populate));
    }

    void find(const object_names& names, const queue_mark& mark)
    {
        const contents found = checked(names, mark, m_region);
        m_root = found.root;
        m_view = found.view;
    }

    std::unique_ptr<memory_object> m_made{}; // until open_to_others()
    bip::mapped_region m_region{};
    queue_root* m_root = nullptr;
    ring_view m_view{};
};

} // namespace detail
} // namespace boost_ipq

#endif
