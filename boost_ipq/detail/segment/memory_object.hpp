// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_SEGMENT_MEMORY_OBJECT_HPP
#define BOOST_IPQ_DETAIL_SEGMENT_MEMORY_OBJECT_HPP

#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/detail/platform/convert.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/error.hpp>
#include <boost/interprocess/creation_tags.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

namespace boost_ipq {
namespace detail {

namespace bip = boost::interprocess;

// The object that holds a queue's segment: shared memory, which is a file in
// the directory for it, or a file. What is checked is what is mapped: it is
// opened once, and its size is what the kernel says.
class memory_object
{
public:
    // Opens it. Throws queue_corrupt if something else has its name.
    memory_object(const object_names& names, bip::mode_t mode)
        : m_path(names.segment_path)
    {
        namespace generic = boost::system::errc;
        boost::system::error_code ec;
        m_file.open(m_path, mode == bip::read_write, ec);
        if (ec == generic::no_such_file_or_directory)
            throw_error(
                errc::queue_corrupt, "the segment " + m_path +
                                         " is missing: parts of the queue were "
                                         "removed from outside" +
                                         platform::who_removes_objects);
        if (ec == generic::no_such_device_or_address ||
            ec == generic::too_many_symbolic_link_levels ||
            ec == generic::is_a_directory)
            throw_error(
                errc::queue_corrupt,
                "the segment " + m_path + " is not a regular file");
        lock_file::fail_if(ec, "opening the segment " + m_path);
    }

    // Removes the segment of the queue with that lock file. Returns whether
    // there was one.
    static bool
    remove(const std::string& lock_path, boost::system::error_code& ec)
    {
        return platform::remove_file(
            object_names::segment_beside(lock_path), ec);
    }

    // Is there no segment that belongs to that lock file? False if that is
    // unknown.
    static bool is_missing(const std::string& lock_path)
    {
        return platform::is_missing(object_names::segment_beside(lock_path));
    }

    // In bytes.
    std::uint64_t size() const noexcept { return m_file.size(); }

    // Maps the whole segment, which has that size. Throws queue_corrupt if the
    // object is shorter: reading beyond its end raises SIGBUS.
    bip::mapped_region map(bip::mode_t mode, std::uint64_t size) const
    {
        if (this->size() < size)
            throw_error(
                errc::queue_corrupt, "the segment " + m_path + " has " +
                                         std::to_string(this->size()) +
                                         " bytes, not " + std::to_string(size));
        const auto bytes = platform::convert<std::size_t>(size);
        if (void* const address = platform::aligned_address(bytes))
            try
            {
                return bip::mapped_region(m_file, mode, 0, bytes, address);
            }
            catch (const bip::interprocess_exception&)
            {
                // Another thread has mapped something there.
            }
        return bip::mapped_region(m_file, mode, 0, bytes);
    }

    // For the process that has just created it: what has its name now must be
    // what it created.
    void require_own() const
    {
        if (!m_file.is_own())
            throw_error(
                errc::already_exists, "the segment " + m_path +
                                          " was replaced by an object of " +
                                          m_file.owner());
    }

    // Is it as this process would have created it, and can no other user have
    // opened it?
    bool is_private() const { return m_file.is_private(m_path); }

    // Its creator opens it to the users whom these permissions let in.
    void open_to_others(const bip::permissions& permissions)
    {
        boost::system::error_code ec;
        m_file.open_to_others(permissions, ec);
        lock_file::fail_if(ec, "setting the permissions of " + m_path);
    }

    // Makes it as long as that, and reserves its pages: writing to one that the
    // system cannot provide raises SIGBUS. Only its creator may use it yet.
    void extend(std::uint64_t size, const platform::page_placement& wanted)
    {
        boost::system::error_code ec;
        platform::place_pages(m_file.descriptor(), size, wanted, ec);
        if (ec && wanted.numa_node)
            fail_placing(ec, *wanted.numa_node);
        platform::reserve_pages(m_file.descriptor(), 0, size, ec);
        if (!ec)
            m_file.resize(size, ec);
        lock_file::fail_if(
            ec, "reserving " + std::to_string(size) +
                    " bytes for the segment " + m_path);
    }

    // As extend(), for pages that an existing object lacks.
    void reserve_holes() const
    {
        boost::system::error_code ec;
        platform::reserve_holes(m_file.descriptor(), size(), ec);
        lock_file::fail_if(
            ec, "reserving missing pages of the segment " + m_path);
    }

private:
    [[noreturn]] void
    fail_placing(const boost::system::error_code& ec, unsigned node) const
    {
        namespace generic = boost::system::errc;
        const std::string doing = "placing the segment " + m_path +
                                  " on NUMA node " + std::to_string(node);
        if (ec == generic::invalid_argument)
            throw_error(
                errc::invalid_argument,
                doing + ": there is no such node, or this process may not use "
                        "it");
        if (ec == generic::function_not_supported ||
            ec == generic::operation_not_supported)
            throw_error(
                generic::make_error_code(generic::function_not_supported),
                doing + ": only Linux can do that, in shared memory or a tmpfs "
                        "(mbind)");
        lock_file::fail_if(ec, doing);
        throw_error(ec, doing);
    }

    std::string m_path;
    platform::memory_file m_file{};
};

} // namespace detail
} // namespace boost_ipq

#endif
