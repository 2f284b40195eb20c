// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_UNFINISHED_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_UNFINISHED_HPP

// What a creator has left that was killed: the next one may go on with its lock
// file and with the pages of its segment. Freeing and reserving these again
// would take half a second for each gigabyte (AMD EPYC, family 26, model 2).

#include <boost_ipq/detail/attachment/check_match.hpp>
#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/queue_mark.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/queue_options.hpp>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {

// Would the creators of these two marks write to the same places of a segment?
inline bool
place_the_same(const queue_mark& left, const queue_mark& wanted) noexcept
{
    return left.abi == wanted.abi && left.capacity == wanted.capacity &&
           left.alignment == wanted.alignment && left.kind == wanted.kind &&
           left.max_deliveries == wanted.max_deliveries;
}

// Can only this user and root exchange files beside this one? Else what has the
// name of the segment may be that of another queue.
inline bool is_in_safe_directory(const std::string& path)
{
    const platform::object_status at =
        platform::look_at(path.substr(0, path.rfind('/') + 1));
    constexpr std::uint32_t others_may_write = 022, sticky = 01000;
    return at.exists && (at.owner == platform::user_id() || at.owner == 0) &&
           ((at.mode & others_may_write) == 0 || (at.mode & sticky) != 0);
}

// Has the file the owner, the group and the mode that this process would give
// it?
inline bool is_as_created(const lock_file& file, const queue_options& options)
{
    const platform::object_status at = file.status();
    return at.exists && at.owner == platform::user_id() &&
           at.mode == platform::mode_of(options.permissions()) &&
           at.group == platform::group_of_new_file(file.path()) &&
           is_in_safe_directory(file.path());
}

// Can the creation that was begun in this lock file be finished with these
// options? The caller holds the structure lock, and there is no queue. A
// creator writes a mark with a size when it has made the segment beside the
// file: it is not that of an older queue. No process joins before the mark is
// ready, so none uses the segment, and no slot of the file belongs to an
// older queue.
inline bool has_unfinished(
    const lock_file& file, open_mode mode, const queue_options& options)
{
    queue_mark left;
    return can_create(mode, options) && !options.huge_pages() &&
           !options.numa_node() && file.read_mark(left) == mark_state::making &&
           left.segment_size != 0 && left.special_pages == 0 &&
           options.name() == left.name &&
           place_the_same(left, make_mark(options)) &&
           is_as_created(file, options) && !file.any_slot_locked_elsewhere();
}

} // namespace detail
} // namespace boost_ipq

#endif
