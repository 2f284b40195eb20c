// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_MAPPED_OBJECT_HPP
#define BOOST_IPQ_TEST_MAPPED_OBJECT_HPP

#include "queue_name.hpp"
#include <boost_ipq/detail/platform/system.hpp>
#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace test {

// An object, initially zero, that processes share: a file, mapped.
template <class T>
class mapped_object
{
public:
    // Effects: makes one.
    mapped_object()
        : m_path(
              boost_ipq::detail::platform::object_directory() + "/" +
              unique_name()),
          m_owner(true)
    {
        std::ofstream(m_path).close();
        std::filesystem::resize_file(m_path, sizeof(T));
        map();
    }

    // Effects: opens the one with that path.
    explicit mapped_object(const std::string& path)
        : m_path(path),
          m_owner(false)
    {
        map();
    }

    mapped_object(const mapped_object&) = delete;
    mapped_object& operator=(const mapped_object&) = delete;

    ~mapped_object()
    {
        m_region = boost::interprocess::mapped_region();
        std::error_code ignored;
        if (m_owner)
            std::filesystem::remove(m_path, ignored);
    }

    const std::string& path() const noexcept { return m_path; }
    T& operator*() const noexcept
    {
        return *static_cast<T*>(m_region.get_address());
    }
    T* operator->() const noexcept { return &**this; }

private:
    void map()
    {
        using namespace boost::interprocess;
        const file_mapping file(m_path.c_str(), read_write);
        m_region = mapped_region(file, read_write, 0, sizeof(T));
    }

    const std::string m_path;
    const bool m_owner;
    boost::interprocess::mapped_region m_region{};
};

} // namespace test

#endif
