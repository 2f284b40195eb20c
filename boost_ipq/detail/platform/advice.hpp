// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_ADVICE_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_ADVICE_HPP

// The parts of error texts that differ between systems: what a user can do.

namespace boost_ipq {
namespace detail {
namespace platform {

#if defined(_WIN32)
constexpr char no_space_text[] =
    "no space for the queue's segment: choose a smaller capacity, or make room "
    "on the disk that holds it";
constexpr char permission_denied_text[] =
    "this user has no permission: create the queue with other permissions "
    "(SECURITY_ATTRIBUTES); its directory must be writable";
constexpr char busy_text[] =
    "a process that is stopped holds a lock of the queue: continue or end it "
    "(a debugger may have stopped it), or try again later";
constexpr char many_files_advice[] = ": close some";
constexpr char that_user_can[] = "that user or an administrator can";
#else
constexpr char no_space_text[] =
    "no space for the queue's segment: choose a smaller capacity, or enlarge "
    "the memory file system (Linux: /dev/shm)";
constexpr char permission_denied_text[] =
    "this user has no permission: create the queue with other permissions; its "
    "directory must be writable, and in a sticky directory, such as /dev/shm, "
    "only the owner may remove it";
constexpr char busy_text[] =
    "a process that is stopped holds a lock of the queue: continue or end it "
    "(a debugger or SIGSTOP may have stopped it), or try again later";
constexpr char many_files_advice[] =
    ": close some, or raise the limit (POSIX: ulimit -n)";
constexpr char that_user_can[] = "that user or root can";
#endif

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
