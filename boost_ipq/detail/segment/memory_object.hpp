// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_SEGMENT_MEMORY_OBJECT_HPP
#define BOOST_IPQ_DETAIL_SEGMENT_MEMORY_OBJECT_HPP

#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost/interprocess/creation_tags.hpp>
#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/shared_memory_object.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>
#include <variant>

namespace boost_ipq {
namespace detail {

namespace bip = boost::interprocess;

// The object that holds a queue's segment: shared memory, or a file.
class memory_object
{
public:
    memory_object(const object_names& names, bip::mode_t mode)
    {
        if (names.in_file)
        {
            m_object = bip::file_mapping(names.segment.c_str(), mode);
            std::error_code ignored;
            const auto size =
                std::filesystem::file_size(names.segment, ignored);
            m_size = ignored ? 0 : size;
        }
        else
        {
            bip::shared_memory_object object(
                bip::open_only, names.segment.c_str(), mode);
            bip::offset_t size = 0;
            if (object.get_size(size))
                m_size = static_cast<std::uint64_t>(size);
            m_object = std::move(object);
        }
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
        std::error_code ignored;
        return std::filesystem::symlink_status(
                   object_names::segment_beside(lock_path), ignored)
                   .type() == std::filesystem::file_type::not_found;
    }

    // In bytes; 0 if it is unknown.
    std::uint64_t size() const noexcept { return m_size; }

    bip::mapped_region map(bip::mode_t mode, std::size_t size) const
    {
        return std::visit(
            [&](const auto& object) {
                return bip::mapped_region(object, mode, 0, size);
            },
            m_object);
    }

    // Reserves pages: writing to one that the system cannot provide raises
    // SIGBUS.
    void reserve(std::uint64_t size, boost::system::error_code& ec) const
    {
        std::visit(
            [&](const auto& object) {
                platform::reserve_pages(
                    object.get_mapping_handle().handle, 0, size, ec);
            },
            m_object);
    }

private:
    std::variant<bip::shared_memory_object, bip::file_mapping> m_object;
    std::uint64_t m_size = 0;
};

} // namespace detail
} // namespace boost_ipq

#endif
