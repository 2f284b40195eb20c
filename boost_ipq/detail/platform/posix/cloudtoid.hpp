// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_POSIX_CLOUDTOID_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_POSIX_CLOUDTOID_HPP

// The objects of a queue of cloudtoid/interprocess, Linux and macOS: files with
// locks of flock(2), and a named semaphore. windows/cloudtoid.hpp has the same
// names.

#include <boost_ipq/detail/platform/fork_registry.hpp>
#include <boost_ipq/detail/platform/posix/flocked_file.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <boost/interprocess/creation_tags.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <boost/system/error_code.hpp>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

// Does the mapping say which capacity the queue has? Here, the file's size
// does.
constexpr bool cloudtoid_stores_capacity = false;

// Characters that a name must not contain.
constexpr const char* no_cloudtoid_name = "/";

inline std::string cloudtoid_default_path()
{
    const char* const path = std::getenv("TMPDIR");
    return path && *path ? path : "/tmp";
}

// Where the objects of a queue are.
struct cloudtoid_place
{
    std::string name;
    std::string path; // absolute

    std::string root() const { return path + "/.cloudtoid/interprocess/v3"; }
    std::string files() const { return root() + "/mmf"; }
    std::string memory() const { return files() + "/" + name + ".qu"; }
    std::string leases() const { return root() + "/readers/" + name; }
    std::string lease(std::int64_t id) const
    {
        return leases() + "/" + std::to_string(id);
    }
    std::string semaphore() const { return "ct3ip." + name; }
};

// Makes a directory and those above it, as far as they are missing.
inline void
make_directories(const std::string& path, boost::system::error_code& ec)
{
    ec.clear();
    if (::mkdir(path.c_str(), 0777) == 0 || errno == EEXIST)
        return;
    const std::size_t end = path.rfind('/');
    if (errno == ENOENT && end != std::string::npos && end != 0)
    {
        make_directories(path.substr(0, end), ec);
        if (ec || ::mkdir(path.c_str(), 0777) == 0 || errno == EEXIST)
            return;
    }
    ec.assign(errno, boost::system::system_category());
}

// Removes a directory and the files in it. Not an error if there is none.
inline void
remove_directory(const std::string& path, boost::system::error_code& ec)
{
    ec.clear();
    const int descriptor =
        ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR* const opened = descriptor < 0 ? nullptr : ::fdopendir(descriptor);
    if (!opened)
    {
        if (errno != ENOENT)
            ec.assign(errno, boost::system::system_category());
        if (descriptor >= 0)
            ::close(descriptor);
        return;
    }
    while (const struct dirent* const entry = ::readdir(opened))
    {
        const std::string name = entry->d_name;
        if (name != "." && name != "..")
            ::unlinkat(descriptor, name.c_str(), 0);
    }
    ::closedir(opened);
    if (::rmdir(path.c_str()) != 0 && errno != ENOENT)
        ec.assign(errno, boost::system::system_category());
}

// What failed, and why.
struct cloudtoid_failure
{
    boost::system::error_code code{};
    std::string doing{};
};

// The memory of a queue. To have it open is to be attached: a shared lock on
// its file. An exclusive lock on the directory orders opening and closing.
class cloudtoid_memory
{
public:
    using error_code = boost::system::error_code;

    cloudtoid_memory() = default;
    cloudtoid_memory(const cloudtoid_memory&) = delete;
    cloudtoid_memory& operator=(const cloudtoid_memory&) = delete;
    ~cloudtoid_memory() { close(); }

    // Opens the memory, or creates it if nothing is attached. Returns false
    // after a failure, and, with no code, if it has a different size. Here, the
    // size tells the capacity.
    bool open(
        const cloudtoid_place& place, std::uint64_t size,
        cloudtoid_failure& failure, std::uint64_t)
    {
        const no_thread_cancellation guard;
        error_code& ec = failure.code;
        m_place = place;
        failure.doing = "making the directory " + place.files();
        make_directories(place.files(), ec);
        flocked_file coordination;
        if (!ec)
            failure.doing = "locking the directory " + place.files();
        if (ec || !coordinate(coordination, place, ec))
            return false;
        failure.doing = "opening " + place.memory();
        m_file.open(place.memory(), O_RDWR | O_CREAT, ec);
        if (!ec)
            m_file.require_regular(ec);
        const bool first = !ec && m_file.lock(LOCK_EX | LOCK_NB, ec);
        if (first)
            create(size, ec);
        const bool matches = !ec && m_file.size(ec) == size && !ec;
        if (matches)
            attach(size, ec);
        if (matches && !ec)
            return true;
        if (first)
            ::unlink(place.memory().c_str());
        m_file.close();
        return false;
    }

    // Detaches. The last one removes all objects of the queue. A forked child
    // was never attached.
    void close() noexcept
    {
        const no_thread_cancellation guard;
        m_region.reset();
        if (!m_file.is_open())
            return m_file.close();
        error_code ec;
        flocked_file coordination;
        if (coordinate(coordination, m_place, ec) &&
            m_file.lock(LOCK_EX | LOCK_NB, ec))
        {
            remove_semaphore(m_place.semaphore());
            remove_directory(m_place.leases(), ec);
            ::unlink(m_place.memory().c_str());
        }
        m_file.close();
    }

    bool is_attached() const noexcept { return m_file.is_open(); }

    unsigned char* address() const noexcept
    {
        return static_cast<unsigned char*>(m_region->get_address());
    }

private:
    static bool coordinate(
        flocked_file& directory, const cloudtoid_place& place, error_code& ec)
    {
        directory.open(place.files(), O_RDONLY | O_DIRECTORY, ec);
        return !ec && directory.lock(LOCK_EX, ec);
    }

    // What lies at the queue's names belongs to no living process.
    void create(std::uint64_t size, error_code& ec)
    {
        remove_semaphore(m_place.semaphore());
        remove_directory(m_place.leases(), ec);
        if (!ec)
            m_file.truncate(0, ec);
        // Writing to a page that the system cannot provide raises SIGBUS.
        if (!ec)
            reserve_pages(m_file.descriptor(), 0, size, ec);
        if (!ec)
            m_file.truncate(size, ec);
    }

    void attach(std::uint64_t size, error_code& ec)
    {
        // A participant that does not reserve pages may have created it.
        reserve_holes(m_file.descriptor(), size, ec);
        if (ec || !m_file.lock(LOCK_SH, ec))
            return;
        try
        {
            namespace bip = boost::interprocess;
            m_region.emplace(
                m_file, bip::read_write, 0, convert<std::size_t>(size));
        }
        catch (const boost::interprocess::interprocess_exception& e)
        {
            ec.assign(e.get_native_error(), boost::system::system_category());
        }
    }

    cloudtoid_place m_place{};
    flocked_file m_file{};
    std::optional<boost::interprocess::mapped_region> m_region{};
};

// Shows that a participant is alive: a file with an exclusive lock.
class cloudtoid_lease
{
public:
    cloudtoid_lease() = default;
    cloudtoid_lease(const cloudtoid_lease&) = delete;
    cloudtoid_lease& operator=(const cloudtoid_lease&) = delete;
    ~cloudtoid_lease() { release(); }

    // Returns false after a failure, and, with no code, if another participant
    // has that number.
    bool take(
        const cloudtoid_place& place, std::int64_t id,
        cloudtoid_failure& failure)
    {
        failure.doing = "making the lease " + place.lease(id);
        make_directories(place.leases(), failure.code);
        if (!failure.code)
            m_file.open(place.lease(id), O_RDWR | O_CREAT, failure.code);
        if (failure.code || !m_file.lock(LOCK_EX | LOCK_NB, failure.code))
            return false;
        m_path = place.lease(id);
        return true;
    }

    // A forked child must not remove the lease of its parent.
    void release() noexcept
    {
        const no_thread_cancellation guard;
        const bool held = m_file.is_open() && !m_path.empty();
        m_file.close();
        if (held)
            ::unlink(m_path.c_str());
    }

    // Only a lease that is missing, or can be locked, belongs to the dead.
    static bool is_alive(const cloudtoid_place& place, std::int64_t id)
    {
        const no_thread_cancellation guard;
        const std::string path = place.lease(id);
        boost::system::error_code ec;
        flocked_file file;
        file.open(path, O_RDWR, ec);
        if (ec)
            return ec.value() != ENOENT;
        if (!file.lock(LOCK_EX | LOCK_NB, ec))
            return true;
        ::unlink(path.c_str());
        return false;
    }

private:
    flocked_file m_file{};
    std::string m_path{};
};

// Opened and closed with forks held off: see shared_semaphore.
class cloudtoid_semaphore
{
public:
    explicit cloudtoid_semaphore(const cloudtoid_place& place)
    {
        fork_registry::instance().guarded(
            [&] { m_opened.emplace(place.semaphore()); });
    }

    cloudtoid_semaphore(const cloudtoid_semaphore&) = delete;
    cloudtoid_semaphore& operator=(const cloudtoid_semaphore&) = delete;

    ~cloudtoid_semaphore()
    {
        fork_registry::instance().guarded([&] { m_opened.reset(); });
    }

    // Decrements it, or returns false after that time.
    bool wait_for(std::chrono::nanoseconds duration)
    {
        const no_thread_cancellation guard;
        return m_opened->wait.wait_for(duration);
    }

    // A semaphore that is full wakes sleepers just as well.
    void post() noexcept
    {
        try
        {
            m_opened->semaphore.post();
        }
        catch (const boost::interprocess::interprocess_exception&)
        {
        }
    }

private:
    struct opened
    {
        explicit opened(const std::string& name)
            : semaphore(
                  boost::interprocess::open_or_create, name.c_str(), 0,
                  boost::interprocess::permissions(0777)),
              wait(semaphore, name, posts)
        {
        }

        boost::interprocess::named_semaphore semaphore;
        std::atomic<std::uint32_t> posts{0}; // no other process knows it
        semaphore_wait wait;
    };

    std::optional<opened> m_opened{};
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
