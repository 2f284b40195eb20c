// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_CLOUDTOID_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_CLOUDTOID_HPP

// The objects of a queue of cloudtoid/interprocess, Windows: kernel objects,
// which end with their last handle. posix/cloudtoid.hpp has the same names.

#include <boost_ipq/detail/platform/system.hpp>
#include <boost_ipq/detail/platform/windows/api.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/system/error_code.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>

namespace boost_ipq {
namespace detail {
namespace platform {

// Characters that a name must not contain.
constexpr const char* no_cloudtoid_name = "/\\";

// Not used: the objects have global names.
inline std::string cloudtoid_default_path()
{
    return ".";
}

// How the objects of a queue are named.
struct cloudtoid_place
{
    std::string name; // UTF-8
    std::string path;

    std::wstring memory() const { return wide("CT3_IP_" + name); }
    std::wstring coordination() const { return wide("CT3_INIT_" + name); }
    std::wstring semaphore() const { return wide("Global\\CT3.IP." + name); }
    std::wstring lease(std::int64_t id) const
    {
        return wide("CT3_READER_" + name + "." + std::to_string(id));
    }

private:
    static std::wstring wide(const std::string& text)
    {
        const int size = static_cast<int>(text.size());
        std::wstring result(text.size(), L'\0');
        const int length = ::MultiByteToWideChar(
            CP_UTF8, 0, text.data(), size, &result[0], size);
        result.resize(static_cast<std::size_t>((std::max)(length, 0)));
        return result;
    }
};

// What failed, and why.
struct cloudtoid_failure
{
    boost::system::error_code code;
    std::string doing;
};

// Memory of the page file.
class cloudtoid_object
{
public:
    // Opens or creates it. Returns whether it existed.
    bool create(
        const std::wstring& name, std::uint64_t size,
        boost::system::error_code& ec) noexcept
    {
        m_handle.reset(::CreateFileMappingW(
            INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE,
            static_cast<DWORD>(size >> 32), static_cast<DWORD>(size),
            name.c_str()));
        const bool existed = ::GetLastError() == ERROR_ALREADY_EXISTS;
        ec = last_error(bool(m_handle));
        return existed;
    }

    void open(const std::wstring& name, boost::system::error_code& ec) noexcept
    {
        m_handle.reset(::OpenFileMappingW(FILE_MAP_READ, FALSE, name.c_str()));
        ec = last_error(bool(m_handle));
    }

    // Maps the beginning of it.
    std::optional<boost::interprocess::mapped_region>
    map(boost::interprocess::mode_t mode, std::size_t size,
        boost::system::error_code& ec) const
    {
        std::optional<boost::interprocess::mapped_region> result;
        try
        {
            result.emplace(*this, mode, 0, size);
        }
        catch (const boost::interprocess::interprocess_exception& e)
        {
            ec.assign(
                static_cast<int>(e.get_native_error()),
                boost::system::system_category());
        }
        return result;
    }

    void close() noexcept { m_handle.reset(); }
    bool is_open() const noexcept { return bool(m_handle); }

    // For boost::interprocess::mapped_region.
    auto get_mapping_handle() const noexcept
    {
        auto handle = boost::interprocess::file_mapping().get_mapping_handle();
        handle.handle = m_handle.get();
        handle.is_shm = true;
        return handle;
    }

private:
    unique_handle m_handle;
};

// Orders opening.
class cloudtoid_mutex
{
public:
    cloudtoid_mutex(
        const std::wstring& name, boost::system::error_code& ec) noexcept
        : m_handle(::CreateMutexW(nullptr, FALSE, name.c_str()))
    {
        const DWORD result =
            m_handle ? ::WaitForSingleObject(m_handle.get(), INFINITE)
                     : WAIT_FAILED;
        m_locked = result == WAIT_OBJECT_0 || result == WAIT_ABANDONED;
        ec = last_error(m_locked);
    }

    ~cloudtoid_mutex()
    {
        if (m_locked)
            ::ReleaseMutex(m_handle.get());
    }

    cloudtoid_mutex(const cloudtoid_mutex&) = delete;
    cloudtoid_mutex& operator=(const cloudtoid_mutex&) = delete;

private:
    unique_handle m_handle;
    bool m_locked = false;
};

// The memory of a queue. It ends with its last handle.
class cloudtoid_memory
{
public:
    using error_code = boost::system::error_code;

    cloudtoid_memory() = default;
    cloudtoid_memory(const cloudtoid_memory&) = delete;
    cloudtoid_memory& operator=(const cloudtoid_memory&) = delete;

    // Opens or creates the memory. Returns false after a failure, and, with no
    // code, if the queue has a different capacity.
    bool open(
        const cloudtoid_place& place, std::uint64_t size,
        cloudtoid_failure& failure, std::uint64_t capacity)
    {
        namespace bip = boost::interprocess;
        failure.doing = "opening its memory";
        const cloudtoid_mutex mutex(place.coordination(), failure.code);
        if (!failure.code)
            m_object.create(place.memory(), size, failure.code);
        if (failure.code)
            return false;
        const auto header =
            m_object.map(bip::read_write, capacity_end, failure.code);
        if (!header)
            return false;
        char* const word = static_cast<char*>(header->get_address()) +
                           capacity_end - sizeof capacity;
        std::uint64_t existing = 0;
        std::memcpy(&existing, word, sizeof existing);
        if (existing == 0)
            std::memcpy(word, &capacity, sizeof capacity);
        else if (existing != capacity)
            return false;
        m_region = m_object.map(
            bip::read_write, static_cast<std::size_t>(size), failure.code);
        return m_region.has_value();
    }

    bool is_attached() const noexcept { return m_object.is_open(); }

    unsigned char* address() const noexcept
    {
        return static_cast<unsigned char*>(m_region->get_address());
    }

private:
    static constexpr std::size_t capacity_end = 40;

    cloudtoid_object m_object;
    std::optional<boost::interprocess::mapped_region> m_region;
};

// Shows that a participant is alive: a mapping that tells its process.
class cloudtoid_lease
{
public:
    // Returns false after a failure, and, with no code, if another participant
    // has that number.
    bool take(
        const cloudtoid_place& place, std::int64_t id,
        cloudtoid_failure& failure)
    {
        failure.doing = "making a lease";
        const bool existed =
            m_object.create(place.lease(id), sizeof(contents), failure.code);
        if (failure.code || existed)
            return false;
        const auto region = m_object.map(
            boost::interprocess::read_write, sizeof(contents), failure.code);
        if (!region)
            return false;
        contents own;
        own.process = ::GetCurrentProcessId();
        own.started = started(::GetCurrentProcess());
        std::memcpy(region->get_address(), &own, sizeof own);
        return true;
    }

    // Only a lease that is missing, or tells a process that has ended, belongs
    // to the dead.
    static bool is_alive(const cloudtoid_place& place, std::int64_t id)
    {
        boost::system::error_code ec;
        cloudtoid_object object;
        object.open(place.lease(id), ec);
        if (ec)
            return ec.value() != ERROR_FILE_NOT_FOUND;
        const auto region =
            object.map(boost::interprocess::read_only, sizeof(contents), ec);
        if (!region)
            return true;
        contents found;
        std::memcpy(&found, region->get_address(), sizeof found);
        const unique_handle process(::OpenProcess(
            PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE,
            found.process));
        if (!process)
            return ::GetLastError() != ERROR_INVALID_PARAMETER;
        if (::WaitForSingleObject(process.get(), 0) == WAIT_OBJECT_0)
            return false;
        const std::int64_t time = started(process.get());
        return time == 0 || time == found.started;
    }

private:
    struct contents
    {
        std::uint32_t process = 0;
        std::uint32_t zero = 0;
        std::int64_t started = 0;
    };

    // When a process was created, in ticks of 100 ns since the year 1 (.NET);
    // 0: unknown.
    static std::int64_t started(HANDLE process) noexcept
    {
        constexpr std::int64_t year_1601 = 504911232000000000;
        FILETIME creation, exit, kernel, user;
        if (!::GetProcessTimes(process, &creation, &exit, &kernel, &user))
            return 0;
        return year_1601 + static_cast<std::int64_t>(
                               std::uint64_t(creation.dwHighDateTime) << 32 |
                               creation.dwLowDateTime);
    }

    cloudtoid_object m_object;
};

class cloudtoid_semaphore
{
public:
    explicit cloudtoid_semaphore(const cloudtoid_place& place)
        : m_handle(::CreateSemaphoreW(
              nullptr, 0, (std::numeric_limits<LONG>::max)(),
              place.semaphore().c_str()))
    {
        using namespace boost::interprocess;
        if (!m_handle)
            throw interprocess_exception(
                error_info(static_cast<native_error_t>(::GetLastError())));
    }

    // Decrements it, or returns false after that time.
    bool wait_for(std::chrono::nanoseconds duration) noexcept
    {
        using std::chrono::milliseconds;
        const auto time = std::chrono::duration_cast<milliseconds>(
            duration + milliseconds(1) - std::chrono::nanoseconds(1));
        return ::WaitForSingleObject(
                   m_handle.get(), static_cast<DWORD>(time.count())) ==
               WAIT_OBJECT_0;
    }

    // A semaphore that is full wakes sleepers just as well.
    void post() noexcept { ::ReleaseSemaphore(m_handle.get(), 1, nullptr); }

private:
    unique_handle m_handle;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
