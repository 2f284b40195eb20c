// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_CLOUDTOID_QUEUE_OPTIONS_HPP
#define BOOST_IPQ_CLOUDTOID_QUEUE_OPTIONS_HPP

#include <boost_ipq/detail/platform/requirements.hpp>

#include <boost_ipq/detail/platform/compilation.hpp>
#include <cstddef>
#include <string>

namespace boost_ipq {
namespace cloudtoid {

//! Which queue of cloudtoid/interprocess to open. All participants must give
//! the same name and capacity, and, except on Windows, the same path.
class queue_options
{
public:
    //! Requires: `capacity` is more than 16 and divisible by 8.
    //! Effects: describes the queue with that name, which may hold any
    //! characters that a file name may, and records of `capacity` bytes in
    //! total. A message of n bytes uses n + 8 bytes, rounded up to a multiple
    //! of 8.
    //! Throws: std::invalid_argument for a capacity that is not allowed, and
    //! for a name that is empty, longer than 245 bytes (macOS: 24), or no file
    //! name; std::bad_alloc.
    queue_options(const std::string& name, std::size_t capacity);

    //! Effects: chooses the directory in which the queue is shared. Default, or
    //! if it is empty: the system's temporary directory. Ignored on Windows.
    //! Throws: std::system_error, std::bad_alloc.
    queue_options& path(const std::string& directory);

    //! Returns: what was given, and the absolute path of the directory.
    //! Throws: nothing.
    const std::string& name() const noexcept { return m_name; }
    std::size_t capacity() const noexcept { return m_capacity; }
    const std::string& path() const noexcept { return m_path; }

private:
    std::string m_name;
    std::size_t m_capacity;
    std::string m_path{};
};

} // namespace cloudtoid
} // namespace boost_ipq

#if BOOST_IPQ_DETAIL_HEADER_ONLY
#include <boost_ipq/impl/cloudtoid_queue_options.ipp>
#endif

#endif
