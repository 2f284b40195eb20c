// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_FUZZ_QUEUE_FILES_HPP
#define BOOST_IPQ_TEST_FUZZ_QUEUE_FILES_HPP

// A small queue in files, which is intact again before each input. TMPDIR
// should name a directory in memory.

#include "input.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <sys/stat.h>
#include <sys/mman.h>
#include <fcntl.h>
#include <unistd.h>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace fuzz {

namespace detail = boost_ipq::detail;

inline std::string contents(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Effects: makes `bytes` the contents of a file, which remains the same file.
inline void replace_contents(const std::string& path, const std::string& bytes)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const auto size = static_cast<::off_t>(bytes.size());
    require(
        file >= 0 && ::ftruncate(file, size) == 0 &&
            ::pwrite(file, bytes.data(), bytes.size(), 0) == size,
        "cannot write a file");
    ::close(file);
}

class queue_files
{
public:
    static constexpr std::size_t capacity = 512; // bytes

    queue_files()
        : m_directory((std::filesystem::temp_directory_path() /
                       ("boost_ipq_fuzz." + std::to_string(::getpid())))
                          .string())
    {
        std::filesystem::remove_all(m_directory);
        std::filesystem::create_directory(m_directory);
        create();
    }

    queue_files(const queue_files&) = delete;
    queue_files& operator=(const queue_files&) = delete;

    ~queue_files()
    {
        boost::system::error_code ignored;
        boost_ipq::remove_queue(options(), ignored);
        std::error_code also_ignored;
        std::filesystem::remove_all(m_directory, also_ignored);
    }

    const std::string& directory() const noexcept { return m_directory; }
    std::string lock() const { return path(".lock"); }
    std::string segment() const { return path(".segment"); }

    boost_ipq::queue_options options() const
    {
        return boost_ipq::queue_options("q").directory(m_directory);
    }

    boost_ipq::queue_options complete_options() const
    {
        return boost_ipq::queue_options("q", capacity).directory(m_directory);
    }

    // Those of the intact queue.
    const std::string& lock_bytes() const noexcept { return m_lock_bytes; }
    const std::string& segment_bytes() const noexcept
    {
        return m_segment_bytes;
    }
    std::size_t root() const noexcept { return m_mark.root; }
    const detail::queue_mark& mark() const noexcept { return m_mark; }

    // Effects: makes the queue intact.
    void restore()
    {
        if (is_file(lock()) && is_file(segment()))
        {
            replace_contents(lock(), m_lock_bytes);
            replace_contents(segment(), m_segment_bytes);
            return;
        }
        // The semaphores, where a queue in files has some.
        boost::system::error_code ignored;
        boost_ipq::remove_queue(options(), ignored);
        for (const auto& entry :
             std::filesystem::directory_iterator(m_directory))
            std::filesystem::remove_all(entry.path());
        create();
    }

private:
    std::string path(const char* suffix) const
    {
        return m_directory + "/boost_ipq.q" + suffix;
    }

    static bool is_file(const std::string& path)
    {
        std::error_code ignored;
        return std::filesystem::symlink_status(path, ignored).type() ==
               std::filesystem::file_type::regular;
    }

    // With some messages.
    void create()
    {
        using namespace boost_ipq;
        {
            publisher out(create_only, complete_options());
            subscriber in(open_only, options());
            for (int i = 0; i < 5; ++i)
                out.enqueue("a message", 9);
            std::string message;
            in.dequeue(message);
        }
        m_lock_bytes = contents(lock());
        m_segment_bytes = contents(segment());
        std::memcpy(&m_mark, m_lock_bytes.data(), sizeof m_mark);
    }

    std::string m_directory;
    std::string m_lock_bytes;
    std::string m_segment_bytes;
    detail::queue_mark m_mark;
};

} // namespace fuzz

#endif
