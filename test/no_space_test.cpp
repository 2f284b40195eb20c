// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Creating queues in a full file system fails with an error, causes no SIGBUS
// later, and leaves nothing behind. Runs in a mount namespace with its own
// /dev/shm.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/detail/membership/queue_mark.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <fstream>

using namespace boost_ipq;

namespace {

// Effects: gives this process its own /dev/shm.
// Returns: the reason why that is not possible, or an empty string.
std::string unshare_shared_memory()
{
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    if (::unshare(CLONE_NEWNS | (user == 0 ? 0 : CLONE_NEWUSER)) != 0)
        return std::string("unshare: ") + std::strerror(errno);
    if (user != 0)
    {
        std::ofstream("/proc/self/setgroups") << "deny";
        std::ofstream("/proc/self/uid_map") << user << ' ' << user << " 1";
        std::ofstream("/proc/self/gid_map") << group << ' ' << group << " 1";
    }
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return std::string("mount --make-rprivate: ") + std::strerror(errno);
    return "";
}

std::string mount_tmpfs(const std::string& options)
{
    if (::mount("tmpfs", "/dev/shm", "tmpfs", 0, options.c_str()) != 0)
        return std::string("mount tmpfs: ") + std::strerror(errno);
    return "";
}

// Effects: tells the parent a reason to skip the test, or "".
bool prepare(test::child_self& self)
{
    std::string reason = unshare_shared_memory();
    if (reason.empty())
    {
        reason = mount_tmpfs("size=64k");
        ::umount("/dev/shm");
    }
    self.tell(reason);
    return reason.empty();
}

void mount_tmpfs_or_throw(const std::string& options)
{
    const std::string reason = mount_tmpfs(options);
    test::require(reason.empty(), reason.c_str());
}

// Effects: tries to create a queue. If there is no space for it, nothing of it
// may be left; otherwise the queue is filled and emptied.
// Returns: whether it was created.
template <class Mode>
bool create(Mode mode, std::size_t capacity, bool huge = false)
{
    const std::string name = "no_space";
    boost::system::error_code ec;
    {
        publisher out(mode, queue_options(name, capacity).huge_pages(huge), ec);
        if (ec)
        {
            test::require(
                ec == errc::no_space,
                ("not no_space: " + ec.message()).c_str());
            for (const auto& left : test::leftovers(""))
                throw std::runtime_error(
                    "left behind: " + left + " (" + ec.message() + ")");
            return false;
        }
        subscriber in(open_only, name);
        std::string message;
        while (out.try_enqueue(std::string(1000, 'x')))
        {
        }
        while (in.try_dequeue(message))
            test::require(message == std::string(1000, 'x'), "other data");
    }
    remove_queue(name);
    return true;
}

void run(const std::string& role)
{
    test::child child(role);
    const std::string reason = child.hear();
    if (!reason.empty())
        test::skip(reason);
    BOOST_TEST(child.wait() == 0);
}

} // namespace

CHILD_ROLE(too_large)
{
    if (!prepare(self))
        return;
    mount_tmpfs_or_throw("size=1m");
    for (const std::size_t capacity :
         {std::size_t(1) << 20, std::size_t(2) << 20, std::size_t(1) << 30,
          queue_options::max_capacity})
    {
        test::require(!create(create_only, capacity), "created");
        test::require(!create(open_or_create, capacity), "created");
    }
    test::require(create(create_only, 900 << 10), "900 KiB");
}

BOOST_AUTO_TEST_CASE(a_queue_that_is_too_large)
{
    run("too_large");
}

CHILD_ROLE(too_large_with_huge_pages)
{
    if (!prepare(self))
        return;
    mount_tmpfs_or_throw("size=9m");
    for (const std::size_t mebibytes : {9, 16, 1024})
        test::require(!create(create_only, mebibytes << 20, true), "created");
    for (int i = 0; i < 5; ++i)
        test::require(create(create_only, 7 << 20, true), "7 MiB");
    // There is room for most of it.
    std::ofstream("/dev/shm/filler") << std::string(3 << 20, 'x');
    test::require(!create(create_only, 7 << 20, true), "beside a file");
}

BOOST_AUTO_TEST_CASE(a_queue_of_huge_pages_that_is_too_large)
{
    run("too_large_with_huge_pages");
}

CHILD_ROLE(hold)
{
    publisher out(
        create_only,
        queue_options("no_space", 700 << 10).lifetime(lifetime::while_open));
    self.tell("ready");
    self.hear();
}

CHILD_ROLE(in_the_place_of_the_dead)
{
    if (!prepare(self))
        return;
    mount_tmpfs_or_throw("size=1m");
    // A queue whose process died.
    {
        test::child holder("hold");
        holder.hear();
        holder.kill();
    }
    test::require(create(open_or_create, 700 << 10), "beside a dead queue");
    // A creator that was killed after it had found that there is space.
    const std::string path = "/dev/shm/boost_ipq.no_space.lock";
    const detail::queue_mark mark; // not ready
    std::ofstream(path) << std::string(
                               reinterpret_cast<const char*>(&mark),
                               sizeof mark)
                        << std::string(900 << 10, 'x');
    test::require(create(create_only, 700 << 10), "beside a large lock file");
    // A segment whose lock file was removed.
    std::ofstream("/dev/shm/boost_ipq.no_space.segment")
        << std::string(700 << 10, 'x');
    test::require(create(create_only, 700 << 10), "beside a segment");
}

// Leftover objects in the queue's place need no more space.
BOOST_AUTO_TEST_CASE(recreated)
{
    run("in_the_place_of_the_dead");
}

CHILD_ROLE(every_page)
{
    if (!prepare(self))
        return;
    int created = 0, refused = 0;
    for (int pages = 1; pages <= 40; ++pages)
    {
        mount_tmpfs_or_throw("size=" + std::to_string(pages * 4) + "k");
        ++(create(create_only, 40'000) ? created : refused);
        ::umount("/dev/shm");
    }
    test::require(
        created >= 5 && refused >= 5, "the range of sizes is badly chosen");
}

// Each of the objects in turn finds no free page.
BOOST_AUTO_TEST_CASE(any_number_of_pages)
{
    run("every_page");
}

CHILD_ROLE(every_inode)
{
    if (!prepare(self))
        return;
    int created = 0, refused = 0;
    for (int inodes = 1; inodes <= 8; ++inodes)
    {
        mount_tmpfs_or_throw("size=1m,nr_inodes=" + std::to_string(inodes));
        ++(create(create_only, 40'000) ? created : refused);
        ::umount("/dev/shm");
    }
    test::require(
        created >= 2 && refused >= 2, "the range of sizes is badly chosen");
}

BOOST_AUTO_TEST_CASE(any_number_of_files)
{
    run("every_inode");
}

CHILD_ROLE(completely_full)
{
    if (!prepare(self))
        return;
    mount_tmpfs_or_throw("size=256k");
    {
        std::ofstream filler("/dev/shm/filler");
        filler << std::string(1 << 20, 'x');
    }
    test::require(!create(create_only, 4000), "created");
    std::ofstream("/dev/shm/filler", std::ios::trunc);
    ::unlink("/dev/shm/filler");
    test::require(create(create_only, 4000), "not created");
}

BOOST_AUTO_TEST_CASE(full)
{
    run("completely_full");
}

CHILD_ROLE(holes)
{
    if (!prepare(self))
        return;
    mount_tmpfs_or_throw("size=2m");
    ::mkdir("/dev/shm/here", 0700);
    for (const std::string& where :
         {std::string("/dev/shm/here"), std::string()})
    {
        const queue_options options =
            queue_options("holes", 900 << 10).directory(where);
        const std::string file =
            (where.empty() ? "/dev/shm" : where) + "/boost_ipq.holes.segment";
        {
            publisher out(create_only, options);
        }
        const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
        test::require(
            ::fallocate(
                descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                200 << 10, 600 << 10) == 0,
            "no hole");
        ::close(descriptor);
        std::ofstream("/dev/shm/filler") << std::string(4 << 20, 'x');
        boost::system::error_code ec;
        publisher(open_only, options, ec);
        test::require(ec == errc::no_space, ec.message().c_str());
        ::unlink("/dev/shm/filler");
        {
            publisher out(open_only, options);
            std::ofstream("/dev/shm/filler") << std::string(4 << 20, 'x');
            while (out.try_enqueue(std::string(1000, 'x')))
            {
            }
        }
        ::unlink("/dev/shm/filler");
        test::require(remove_queue(options), "removed");
    }
}

// A copy of a file may have holes. Opening it reserves them.
BOOST_AUTO_TEST_CASE(holes_in_the_segment)
{
    if (detail::platform::is_generic)
        return test::skip("there is no fallocate");
    run("holes");
}
