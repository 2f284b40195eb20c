// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_QUEUE_DAMAGE_HPP
#define BOOST_IPQ_TEST_QUEUE_DAMAGE_HPP

// Changes the objects of a queue from outside.

#include "queue_name.hpp"
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace test {

inline void
overwrite(const std::string& path, std::uint64_t at, const std::string& bytes)
{
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at));
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush())
        throw std::runtime_error("cannot overwrite " + path);
}

inline std::string contents(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Effects: replaces the contents of the file; it remains the same file.
inline void replace_contents(const std::string& path, const std::string& bytes)
{
    std::filesystem::resize_file(path, 0);
    overwrite(path, 0, bytes);
}

inline boost_ipq::detail::queue_mark read_mark(const std::string& queue)
{
    boost_ipq::detail::queue_mark mark;
    const std::string bytes = contents(queue_objects(queue).lock);
    if (bytes.size() < sizeof mark)
        throw std::runtime_error("no mark");
    bytes.copy(reinterpret_cast<char*>(&mark), sizeof mark);
    return mark;
}

// Effects: calls `edit(mark)` for the mark in the lock file, which remains a
// valid mark.
template <class Edit>
void edit_mark(const std::string& queue, Edit edit)
{
    auto mark = read_mark(queue);
    edit(mark);
    if (mark.ready != 0)
        mark.ready = boost_ipq::detail::checksum(mark);
    overwrite(
        queue_objects(queue).lock, 0,
        std::string(reinterpret_cast<const char*>(&mark), sizeof mark));
}

} // namespace test

#endif
