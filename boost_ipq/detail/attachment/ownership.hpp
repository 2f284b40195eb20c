// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_OWNERSHIP_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_OWNERSHIP_HPP

// Which objects of other users a process uses, and which it does not touch.
//
// A creator makes every object itself. What lies at a name before is removed if
// it belongs to this user, and is an error otherwise. A process that joins a
// queue by complete options compares the queue's owner, group and mode with
// what it would have made itself. All objects of a queue belong to one user,
// the owner of its lock file.

#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/attachment/remove_queue.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/error.hpp>
#include <boost_ipq/queue_options.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace boost_ipq {
namespace detail {

// The mode bits by which a user can open an object.
constexpr std::uint32_t access_bits = 0666;

// Throws if a queue cannot have these permissions. A user who may read the lock
// file can lock it, so who may read it must be trusted to write to it.
void require_permissions(const queue_options& options);

// May users open the queue only because they are in its group, and would this
// process have given it a different group?
bool lets_in_other_group(const lock_file& file, std::uint32_t asked_mode);

// Throws if these options must not use this lock file, which this process did
// not create. Called before the process waits for the file's lock.
void check_owner(
    open_mode mode, const queue_options& options, const lock_file& file);

// The paths of a queue's objects beside its lock file.
std::vector<std::string> object_paths(const object_names& names);

// Throws if an object at one of the queue's names belongs neither to this user
// nor to `owner`, or is no regular file.
void require_no_strangers(const object_names& names, std::uint32_t owner);

// Throws queue_corrupt if an object of the queue that this process joins is not
// what its creator made.
void check_objects(const object_names& names, const lock_file& file);

} // namespace detail
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/attachment/ownership.ipp>
#endif

#endif
