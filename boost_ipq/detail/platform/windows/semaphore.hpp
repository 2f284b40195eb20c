// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_SEMAPHORE_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_SEMAPHORE_HPP

// Named semaphores: objects of the kernel. They end with their last handle, so
// no process removes one, and each that opens one may create it. Boost's keep
// their count in a file, and their timed wait polls it by the wall clock.

#include <boost_ipq/detail/platform/windows/api.hpp>
#include <boost_ipq/detail/platform/windows/wide_path.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/permissions.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace boost_ipq {
namespace detail {
namespace platform {

// Semaphores of a queue that was removed and created again are different ones:
// the identity of the lock file is in their names.
constexpr bool semaphores_by_identity = true;

constexpr std::size_t semaphore_size = 0; // they have no file

// Global: services and programs of all sessions may share a queue.
inline std::wstring semaphore_object(const std::string& name)
{
    return widened("Global\\" + name);
}

class system_semaphore
{
public:
    // Opens or creates it. Users who may open the file may open it: the rights
    // to read and to write a file have the numbers of those to query and to
    // change a semaphore, so the access control list is valid here.
    system_semaphore(const std::string& name, const std::string& file)
    {
        const unique_handle beside(::CreateFileW(
            wide_path(file).c_str(), READ_CONTROL | FILE_READ_ATTRIBUTES,
            share_all, nullptr, OPEN_EXISTING, 0, nullptr));
        DWORD size = 0;
        ::GetKernelObjectSecurity(
            beside.get(), DACL_SECURITY_INFORMATION, nullptr, 0, &size);
        std::vector<void*> descriptor(size / sizeof(void*) + 1);
        SECURITY_ATTRIBUTES security = {};
        security.nLength = sizeof security;
        security.lpSecurityDescriptor = descriptor.data();
        const bool known = ::GetKernelObjectSecurity(
                               beside.get(), DACL_SECURITY_INFORMATION,
                               descriptor.data(), size, &size) != FALSE;
        m_handle.reset(::CreateSemaphoreExW(
            known ? &security : nullptr, 0, (std::numeric_limits<LONG>::max)(),
            semaphore_object(name).c_str(), 0,
            SEMAPHORE_MODIFY_STATE | SYNCHRONIZE));
        if (!m_handle)
        {
            using namespace boost::interprocess;
            throw interprocess_exception(
                error_info(static_cast<native_error_t>(::GetLastError())));
        }
    }

    HANDLE get() const noexcept { return m_handle.get(); }

private:
    unique_handle m_handle{};
};

// `file`: the queue's lock file.
inline system_semaphore
open_semaphore(const std::string& name, const std::string& file)
{
    return system_semaphore(name, file);
}

// The first process that opens it creates it.
inline void
create_semaphore(const std::string&, const boost::interprocess::permissions&)
{
}

// Returns whether there was one.
inline bool remove_semaphore(const std::string&) noexcept
{
    return false;
}

inline bool is_immutable_semaphore(const std::string&) noexcept
{
    return false;
}

// They have no paths.
inline std::string semaphore_path(const std::string&)
{
    return {};
}

inline std::string foreign_semaphore_path(const std::string&)
{
    return {};
}

// Takes all posts of a semaphore, but no more than `most`. Returns whether none
// is left.
inline bool drain_semaphore(const std::string& name, std::uint32_t most)
{
    const unique_handle semaphore(
        ::OpenSemaphoreW(SYNCHRONIZE, FALSE, semaphore_object(name).c_str()));
    if (!semaphore)
        return true;
    for (; ::WaitForSingleObject(semaphore.get(), 0) == WAIT_OBJECT_0; --most)
        if (most == 0)
            return false;
    return true;
}

class semaphore_wait
{
public:
    semaphore_wait(
        system_semaphore& semaphore, const std::string&,
        std::atomic<std::uint32_t>&) noexcept
        : m_semaphore(semaphore)
    {
    }

    semaphore_wait(const semaphore_wait&) = delete;
    semaphore_wait& operator=(const semaphore_wait&) = delete;

    // Decrements the semaphore, or returns false after that time.
    bool wait_for(std::chrono::nanoseconds duration) noexcept
    {
        using std::chrono::milliseconds;
        using clock = std::chrono::steady_clock;
        const auto until = clock::now() + duration;
        for (auto rest = duration;; rest = until - clock::now())
        {
            // The system's timer ends a wait up to a tick too early.
            const auto time = (std::min<long long>)(
                std::chrono::duration_cast<milliseconds>(
                    rest + milliseconds(1) - std::chrono::nanoseconds(1))
                    .count(),
                longest);
            const DWORD result = ::WaitForSingleObject(
                m_semaphore.get(), static_cast<DWORD>((std::max)(time, 0LL)));
            if (result == WAIT_OBJECT_0)
                return true;
            if (result != WAIT_TIMEOUT || clock::now() >= until)
                return false;
        }
    }

    // A semaphore that is full wakes sleepers just as well.
    void post() noexcept { ::ReleaseSemaphore(m_semaphore.get(), 1, nullptr); }

private:
    static constexpr long long longest = 1 << 20; // milliseconds

    system_semaphore& m_semaphore;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
