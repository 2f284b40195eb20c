// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_POSIX_KERNEL_FILE_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_POSIX_KERNEL_FILE_HPP

// A file whose bytes are locked through the kernel.
//
// Open-file-description locks (F_OFD_*): the kernel drops them when the last
// descriptor of the description is closed, however the process ends. Classic
// record locks will not do: closing any descriptor of the file in the process
// drops those, and two shared libraries of one program may each have the queue
// open.
//
// A forked child shares its parent's descriptions, so it needs one of its own.
// It opens the file again, which the system may refuse: the child has dropped
// privileges, changed its root directory, or there is no /proc. So a process
// that expects children opens the file twice. The second description, the
// spare, never holds the lock of one process. It serves all descendants:
//  - A child whose parent has closed the file or died can still open it through
//    the spare's descriptor, or else takes classic record locks through it.
//    Those belong to the process, and a fork does not pass them on.
//  - The spare holds a shared lock on the byte `present` from the first fork
//    on. All descendants share it, until the last one has closed the file: so
//    others see that a child is there before it has taken a lock of its own.

#include <boost_ipq/detail/platform/file_identity.hpp>
#include <boost_ipq/detail/platform/posix/fork.hpp>
#include <boost_ipq/detail/platform/posix/ownership.hpp>
#include <boost_ipq/detail/platform/posix/memory_file.hpp>
#include <boost_ipq/detail/platform/thread_cancellation.hpp>
#include <boost/system/error_code.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>

#if !defined(F_OFD_SETLK)
#error boost_ipq needs open-file-description locks (F_OFD_SETLK): Linux 3.15
#error with _GNU_SOURCE, or macOS.
#endif

namespace boost_ipq {
namespace detail {
namespace platform {

// Opens the file of a descriptor again, which gives it a new description.
// Returns -1 on failure. Async-signal-safe. Defined for each system.
int reopen(int descriptor) noexcept;

// The type that boost::interprocess::permissions holds.
using native_permissions = int;

// Repeats a system call as long as signals interrupt it.
template <class Call>
auto retry(Call call) noexcept
{
    auto value = call();
    while (value < 0 && errno == EINTR)
        value = call();
    return value;
}

class kernel_file : private fork_listener
{
public:
    using error_code = boost::system::error_code;

    kernel_file() noexcept = default;
    kernel_file(const kernel_file&) = delete;
    kernel_file& operator=(const kernel_file&) = delete;

    ~kernel_file() override { close(); }

    // Opens the file. With `create`, a missing file is created with exactly
    // these permissions, whatever the umask. Returns whether it was created.
    // Fails if what is there is no regular file, or has a second name: then it
    // is not the queue's own.
    bool open(
        const std::string& path, bool create, native_permissions permissions,
        error_code& ec)
    {
        const no_thread_cancellation guard;
        close();
        constexpr int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
        bool created = false;
        const int descriptor = fork_registry::instance().add(*this, [&] {
            for (;;)
            {
                // Without O_CREAT first: in a sticky directory the kernel may
                // refuse it for files of other users (fs.protected_regular).
                m_descriptor = ::open(path.c_str(), flags);
                if (m_descriptor >= 0 || errno != ENOENT || !create)
                    break;
                m_descriptor =
                    ::open(path.c_str(), flags | O_CREAT | O_EXCL, 0600);
                created = m_descriptor >= 0;
                if (created || errno != EEXIST)
                    break;
            }
            m_open = true;
            return m_descriptor;
        });
        ec = result(descriptor >= 0);
        if (!ec)
            check_kind(ec);
        if (!ec && created)
        {
            set_mode(m_descriptor, static_cast<std::uint32_t>(permissions), ec);
            if (ec)
                ::unlink(path.c_str());
        }
        if (ec)
        {
            const error_code failed = ec;
            close();
            ec = failed;
        }
        return created;
    }

    void close() noexcept
    {
        const no_thread_cancellation guard;
        if (m_open)
            fork_registry::instance().remove(*this, [this] {
                close_spare();
                set_process_locks(false);
                close_one(m_descriptor);
                m_present = 0;
                m_open = false;
            });
    }

    // This process may fork children that use the file: opens the spare, with
    // the rights that the process has now. The next fork tries again if that
    // fails.
    void expect_children(const std::string& path, std::uint64_t present)
    {
        fork_registry::instance().guarded([&] {
            m_path = path;
            m_present = present;
            open_spare();
        });
    }

    // Leaves the file to those children that are still there. A child that
    // cannot open the file keeps the spare: it has nothing else.
    void forget_children() noexcept
    {
        fork_registry::instance().guarded([this] {
            m_present = 0;
            close_spare();
        });
    }

    bool is_open() const noexcept { return m_descriptor >= 0; }

    // A forked child sets `word` to zero: it inherits the file without the
    // locks.
    void clear_in_child(std::atomic<std::uint32_t>& word) noexcept
    {
        m_clear = &word;
    }

    // Waits for an exclusive lock on a byte.
    void lock(std::uint64_t byte, error_code& ec) noexcept
    {
        int failed;
        do
            failed = control(F_OFD_SETLKW, F_SETLKW, F_WRLCK, byte, 1);
        // The kernel sees threads of one process as one waiter, and so
        // deadlocks of classic locks that are none.
        while (failed != 0 && m_process_locks && errno == EDEADLK);
        ec = result(failed == 0);
    }

    bool try_lock(std::uint64_t byte) noexcept
    {
        return control(F_OFD_SETLK, F_SETLK, F_WRLCK, byte, 1) == 0;
    }

    // As try_lock(byte), but sets `ec` if the lock is not just held elsewhere.
    bool try_lock(std::uint64_t byte, error_code& ec) noexcept
    {
        ec = result(try_lock(byte));
        if (!ec)
            return true;
        if (ec.value() == EAGAIN || ec.value() == EACCES)
            ec.clear();
        return false;
    }

    // Why this system cannot lock files, and what to do; empty for other
    // errors.
    static std::string missing_locks(const error_code& ec)
    {
        switch (ec.value())
        {
        case EINVAL:
        case ENOSYS:
            return "this kernel has no open-file-description locks "
                   "(F_OFD_SETLK), which boost_ipq needs: use Linux 3.15 or "
                   "later, or a sandbox that passes them on (gVisor and proot "
                   "do not)";
        case ENOLCK:
        case EOPNOTSUPP:
            return "this file system has no locks, which boost_ipq needs: keep "
                   "the queue in shared memory or on a local file system";
        default:
            return {};
        }
    }

    void unlock(std::uint64_t byte) noexcept
    {
        control(F_OFD_SETLK, F_SETLK, F_UNLCK, byte, 1);
    }

    // Does another open file hold a lock on any of these bytes? True also if
    // the kernel does not answer. A spare counts as another file.
    bool
    locked_elsewhere(std::uint64_t byte, std::uint64_t count) const noexcept
    {
        struct flock request = make_request(F_WRLCK, byte, count);
        return retry([&] {
                   return ::fcntl(
                       m_descriptor, m_process_locks ? F_GETLK : F_OFD_GETLK,
                       &request);
               }) != 0 ||
               request.l_type != F_UNLCK;
    }

    // Reads up to `size` bytes from the beginning. Returns how many it read.
    std::size_t read(void* to, std::size_t size) const noexcept
    {
        const auto count =
            retry([&] { return ::pread(m_descriptor, to, size, 0); });
        return count < 0 ? 0 : static_cast<std::size_t>(count);
    }

    void write(
        const void* from, std::size_t size, std::uint64_t at,
        error_code& ec) noexcept
    {
        check_file_size(at + size, ec);
        if (ec)
            return;
        const char* const bytes = static_cast<const char*>(from);
        for (std::size_t written = 0; written != size;)
        {
            const auto count = retry([&] {
                return ::pwrite(
                    m_descriptor, bytes + written, size - written,
                    static_cast<off_t>(at + written));
            });
            // After a partial write, the next call reports the error.
            if (count <= 0)
            {
                ec.assign(
                    count < 0 ? errno : EIO, boost::system::system_category());
                return;
            }
            written += static_cast<std::size_t>(count);
        }
        ec.clear();
    }

    void truncate(std::uint64_t size, error_code& ec) noexcept
    {
        ec = result(retry([&] {
                        return ::ftruncate(
                            m_descriptor, static_cast<off_t>(size));
                    }) == 0);
    }

    file_identity identity(error_code& ec) const noexcept
    {
        struct stat status;
        ec = result(::fstat(m_descriptor, &status) == 0);
        return ec ? file_identity() : identity_of(status);
    }

    object_status status() const noexcept
    {
        struct stat status;
        return ::fstat(m_descriptor, &status) == 0 ? status_of(status)
                                                   : object_status();
    }

    // No permissions if they are unknown.
    native_permissions permissions() const noexcept
    {
        struct stat status;
        return ::fstat(m_descriptor, &status) == 0
                   ? static_cast<native_permissions>(status.st_mode & 07777)
                   : 0;
    }

    // Does the path still lead to this file?
    bool is_at(const std::string& path) const noexcept
    {
        struct stat here, there;
        return ::fstat(m_descriptor, &here) == 0 &&
               ::lstat(path.c_str(), &there) == 0 &&
               identity_of(here) == identity_of(there);
    }

    // Has the file no name any more? Wherever this process can see it.
    bool is_deleted(const std::string&) const noexcept
    {
        struct stat status;
        return ::fstat(m_descriptor, &status) == 0 && status.st_nlink == 0;
    }

    int descriptor() const noexcept { return m_descriptor; }

private:
    void check_kind(error_code& ec) const noexcept
    {
        struct stat status;
        ec = result(::fstat(m_descriptor, &status) == 0);
        if (!ec && !S_ISREG(status.st_mode))
            ec.assign(ENXIO, boost::system::system_category());
        else if (!ec && status.st_nlink > 1)
            ec.assign(EMLINK, boost::system::system_category());
    }

    static error_code result(bool succeeded) noexcept
    {
        return succeeded ? error_code()
                         : error_code(errno, boost::system::system_category());
    }

    static file_identity identity_of(const struct stat& status) noexcept
    {
        return {
            static_cast<std::uint64_t>(status.st_dev),
            static_cast<std::uint64_t>(status.st_ino)};
    }

    static struct flock
    make_request(short type, std::uint64_t byte, std::uint64_t count) noexcept
    {
        struct flock request = {};
        request.l_type = type;
        request.l_whence = SEEK_SET;
        request.l_start = static_cast<off_t>(byte);
        request.l_len = static_cast<off_t>(count);
        return request;
    }

    int control(
        int command, int process_command, short type, std::uint64_t byte,
        std::uint64_t count) noexcept
    {
        struct flock request = make_request(type, byte, count);
        return retry([&] {
            return ::fcntl(
                m_descriptor, m_process_locks ? process_command : command,
                &request);
        });
    }

    // What follows runs with forks held off, or in the child. Only
    // async-signal-safe calls.

    // A new description of the file that `descriptor` has open, or -1.
    int open_again(int descriptor) const noexcept
    {
        const int again = reopen(descriptor);
        if (again >= 0 || m_path.empty())
            return again;
        const int result = ::open(
            m_path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (result >= 0 && !same_file(result, descriptor))
        {
            ::close(result);
            return -1;
        }
        return result;
    }

    static bool same_file(int a, int b) noexcept
    {
        struct stat one, other;
        return ::fstat(a, &one) == 0 && ::fstat(b, &other) == 0 &&
               identity_of(one) == identity_of(other);
    }

    void open_spare() noexcept
    {
        if (m_spare < 0 && m_descriptor >= 0)
            m_spare = open_again(m_descriptor);
    }

    void close_spare() noexcept
    {
        if (m_spare == m_descriptor)
            m_spare = -1;
        close_one(m_spare);
    }

    // Closing any descriptor of a file drops the classic locks that the process
    // has on it. If it has some, the descriptor stays open until the process
    // ends. That is rare: a process takes classic locks because it cannot open
    // the file.
    void close_one(int& descriptor) noexcept
    {
        bool closing = descriptor >= 0;
        for (const auto* i = first_with_process_locks(); i && closing;
             i = i->m_next_with_process_locks)
            closing = !same_file(i->m_descriptor, descriptor);
        if (closing)
            ::close(descriptor);
        else if (descriptor >= 0)
        {
            struct flock request = make_request(F_UNLCK, 0, 0);
            ::fcntl(descriptor, F_OFD_SETLK, &request);
        }
        descriptor = -1;
    }

    // The files that take classic locks. Guarded by the fork registry.
    static kernel_file*& first_with_process_locks() noexcept
    {
        static kernel_file* first = nullptr;
        return first;
    }

    void set_process_locks(bool on) noexcept
    {
        if (on == m_process_locks)
            return;
        m_process_locks = on;
        kernel_file** i = &first_with_process_locks();
        if (on)
        {
            m_next_with_process_locks = *i;
            *i = this;
            return;
        }
        while (*i != this)
            i = &(*i)->m_next_with_process_locks;
        *i = m_next_with_process_locks;
    }

    void before_fork() noexcept override
    {
        if (m_present == 0)
            return;
        open_spare();
        announce_children();
    }

    void announce_children() noexcept
    {
        struct flock request = make_request(F_RDLCK, m_present, 1);
        if (m_spare >= 0)
            ::fcntl(m_spare, F_OFD_SETLK, &request);
    }

    // In the child: gives up the description that it shares with its parent.
    void forked() noexcept override
    {
        if (m_clear)
            m_clear->store(0, std::memory_order_relaxed);
        if (m_descriptor < 0)
            return;
        const int shared = m_descriptor;
        if (m_spare < 0)
            m_descriptor = open_again(shared);
        // Closed first if there is a spare: its number may be the last one.
        if (shared != m_spare)
            ::close(shared);
        if (m_spare >= 0)
            m_descriptor = open_again(m_spare);
        else if (m_present != 0)
            before_fork(); // a spare for the children of this process
        if (m_descriptor < 0)
            m_descriptor = m_spare;
        set_process_locks(m_descriptor >= 0 && m_descriptor == m_spare);
    }

    int m_descriptor = -1;
    int m_spare = -1; // may be m_descriptor, see m_process_locks
    bool m_open = false;
    bool m_process_locks = false; // classic locks, through the spare
    kernel_file* m_next_with_process_locks = nullptr;
    std::string m_path{};        // empty: expects no children
    std::uint64_t m_present = 0; // a byte, see above; 0: expects no children
    std::atomic<std::uint32_t>* m_clear = nullptr;
};

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
