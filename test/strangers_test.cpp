// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What a different user has put at the names of a queue is an error that names
// the object and its owner. Nothing else happens to it. Queues that other users
// may open, or that belong to them, are not joined by mistake.

#include "support/expect_error.hpp"
#include "support/other_user.hpp"
#include "support/queue_damage.hpp"
#include "support/stop_flag.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <fcntl.h>
#include <semaphore.h>
#include <sys/stat.h>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

using namespace boost_ipq;
namespace fs = std::filesystem;

CHILD_ROLE(attempt)
{
    test::make_attempt(self);
}

namespace {

const std::string belongs_to_first = "belongs to user 65534";

bool is_root()
{
    if (::geteuid() == 0)
        return true;
    test::skip("only root can become another user");
    return false;
}

struct stat status_of(const std::string& path)
{
    struct stat status = {};
    BOOST_TEST_REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status;
}

// An object of the first user.
enum class kind
{
    empty,
    semaphore, // with a large count
    large,
    link,
    fifo
};

constexpr kind all_kinds[] = {
    kind::empty, kind::semaphore, kind::large, kind::link, kind::fifo};

void plant(const std::string& path, kind what, const std::string& target)
{
    if (what == kind::link)
        fs::create_symlink(target, path);
    else if (what == kind::fifo)
        BOOST_TEST_REQUIRE(::mkfifo(path.c_str(), 0666) == 0);
    else
    {
        std::ofstream file(path);
        if (what == kind::semaphore)
            file << std::string("\xff\xff\xff\x7f") << std::string(28, '\0');
        if (what == kind::large)
            file << std::string(100'000, 'x');
    }
    if (what != kind::link)
        fs::permissions(path, fs::perms(0666));
    BOOST_TEST_REQUIRE(
        ::lchown(path.c_str(), test::first_user, test::first_user) == 0);
}

// A file of the creator's, which a planted link leads to.
class precious_file
{
public:
    explicit precious_file(unsigned owner)
        : m_path(m_where.path() + "/precious")
    {
        fs::permissions(m_where.path(), fs::perms(0755));
        std::ofstream(m_path) << "precious";
        fs::permissions(m_path, fs::perms(0600));
        BOOST_TEST_REQUIRE(::chown(m_path.c_str(), owner, owner) == 0);
    }

    const std::string& path() const { return m_path; }

    void expect_unchanged() const
    {
        BOOST_TEST(test::contents(m_path) == "precious");
        BOOST_TEST((status_of(m_path).st_mode & 07777) == 0600u);
    }

private:
    test::temporary_directory m_where;
    std::string m_path;
};

} // namespace

BOOST_AUTO_TEST_CASE(object_at_a_name_of_the_queue)
{
    if (!is_root())
        return;
    for (const unsigned user : {0u, test::second_user})
        for (const int which : {0, 1, 2})
            for (const kind what : all_kinds)
                for (const char* how : {"create", "open_or_create"})
                {
                    const test::scoped_queue queue;
                    const precious_file target(user);
                    const std::string path =
                        test::queue_objects(queue.name()).all()[which];
                    plant(path, what, target.path());
                    const ino_t before = status_of(path).st_ino;
                    const std::string answer =
                        test::answer_to({user, how, queue.name(), 0666});
                    BOOST_TEST(test::has(
                        answer, {test::number_of(errc::permission_denied), path,
                                 belongs_to_first}));
                    BOOST_TEST(status_of(path).st_ino == before);
                    BOOST_TEST(test::leftovers(queue.name()).size() == 1u);
                    target.expect_unchanged();
                    fs::remove(path);
                }
}

// A process of the other user holds all locks of the file: nothing waits.
BOOST_AUTO_TEST_CASE(lock_file_of_another_user)
{
    if (!is_root())
        return;
    for (const int mode : {0600, 0666})
        for (const char* how : {"create", "open_or_create", "open"})
        {
            const test::scoped_queue queue;
            const std::string path = test::queue_objects(queue.name()).lock;
            std::ofstream{path};
            fs::permissions(path, fs::perms(mode));
            BOOST_TEST(
                ::chown(path.c_str(), test::first_user, test::first_user) == 0);
            const int held = ::open(path.c_str(), O_RDWR);
            struct flock all = {};
            all.l_type = F_WRLCK;
            BOOST_TEST(::fcntl(held, F_OFD_SETLK, &all) == 0);
            const std::string answer =
                test::answer_to({test::second_user, how, queue.name()});
            BOOST_TEST(test::has(answer, {path, belongs_to_first}));
            BOOST_TEST(fs::exists(path));
            ::close(held);
            fs::remove(path);
        }
}

// Arguments: the queue; the deadline in milliseconds, or "stop".
CHILD_ROLE(limited_attempt)
{
    test::become(test::second_user, test::second_user);
    const queue_options options(self.argument(0), 1000);
    const bool stop = self.argument(1) == "stop";
    const auto deadline = std::chrono::milliseconds(stop ? 0 : self.number(1));
    const test::stop_flag stopped{true};
    boost::system::error_code created, opened, removed;
    if (stop)
    {
        publisher(open_or_create, options, stopped, created);
        publisher(open_only, options, stopped, opened);
        remove_queue(options, stopped, removed);
    }
    else
    {
        publisher(open_or_create, options, deadline, created);
        publisher(open_only, options, deadline, opened);
        remove_queue(options, deadline, removed);
    }
    test::require(created == opened && opened == removed, "different errors");
    self.tell(std::to_string(created.value()));
}

// It looks as if its creator was about to open it to others. That is waited
// for, but not beyond the deadline.
BOOST_AUTO_TEST_CASE(lock_file_that_is_never_finished)
{
    if (!is_root())
        return;
    const test::scoped_queue queue;
    const std::string path = test::queue_objects(queue.name()).lock;
    std::ofstream{path};
    fs::permissions(path, fs::perms(0600));
    BOOST_TEST(::chown(path.c_str(), test::first_user, test::first_user) == 0);
    for (const auto& [limit, expected] :
         {std::pair("0", errc::timed_out), std::pair("20", errc::timed_out),
          std::pair("stop", errc::canceled),
          std::pair("60000", errc::permission_denied)})
    {
        test::child user("limited_attempt", {queue.name(), limit});
        BOOST_TEST(user.hear() == std::to_string(static_cast<int>(expected)));
        BOOST_TEST(user.wait() == 0);
    }
    fs::remove(path);
}

BOOST_AUTO_TEST_CASE(queue_of_another_user)
{
    if (!is_root())
        return;
    const test::scoped_queue queue;
    const std::string name = queue.name();
    test::user_process owner({test::first_user, "create", name, 0666});
    BOOST_TEST(owner.answer() == "done, 1");
    const std::string mismatch = test::number_of(errc::queue_mismatch);
    for (const unsigned user : {0u, test::second_user})
    {
        for (const char* how : {"open_or_create", "open"})
            for (const int mode : {0600, 0660})
                BOOST_TEST(test::has(
                    test::answer_to({user, how, name, mode}),
                    {mismatch, belongs_to_first, "0666"}));
        BOOST_TEST(test::has(
            test::answer_to({user, "create", name, 0600}),
            {test::number_of(errc::already_exists), belongs_to_first}));
        BOOST_TEST(test::has(
            test::answer_to({user, "create", name, 0666}),
            {test::number_of(errc::already_exists)}));
    }
    // What was asked for, or anything.
    BOOST_TEST(
        test::answer_to({test::second_user, "open", name, 0666}) == "done, 2");
    BOOST_TEST(
        test::answer_to({test::second_user, "join", name, 0600}) == "done, 3");
    // The owner, too, did not ask for a queue of all.
    BOOST_TEST(test::has(
        test::answer_to({test::first_user, "open_or_create", name, 0600}),
        {mismatch, belongs_to_first, "0666", "0600"}));
    owner.leave();
}

namespace {

constexpr unsigned gid = 100, other_gid = 101;

test::attempt member_of(
    unsigned group, unsigned user, const std::string& how,
    const std::string& name, int mode, const std::string& directory = "")
{
    return {user, how, name, mode, "persistent", "1000", group, directory};
}

} // namespace

// A queue with mode 0660 lets in the users of its group: that must be the one
// which the options would have given it.
BOOST_AUTO_TEST_CASE(queue_of_another_group)
{
    if (!is_root())
        return;
    const std::string mismatch = test::number_of(errc::queue_mismatch);
    const unsigned users[] = {0, test::first_user, test::second_user};
    for (const unsigned owner : users)
    {
        const test::scoped_queue queue;
        const std::string name = queue.name();
        BOOST_TEST(
            test::answer_to(member_of(gid, owner, "create", name, 0660)) ==
            "done, 1");
        int messages = 1;
        for (const unsigned user : users)
            BOOST_TEST(
                test::answer_to(member_of(gid, user, "open", name, 0660)) ==
                "done, " + std::to_string(++messages));
        // Root and the owner may open it, but did not ask for it.
        for (const unsigned user : {0u, owner})
        {
            BOOST_TEST(test::has(
                test::answer_to(member_of(other_gid, user, "open", name, 0660)),
                {mismatch, "0660", "the group 101, not 100"}));
            BOOST_TEST(test::has(
                test::answer_to(
                    member_of(other_gid, user, "create", name, 0660)),
                {test::number_of(errc::already_exists)}));
            // All users were asked for, or anything is joined.
            for (const auto& [how, mode] :
                 {std::pair("open", 0666), std::pair("join", 0600)})
                BOOST_TEST(
                    test::answer_to(
                        member_of(other_gid, user, how, name, mode)) ==
                    "done, " + std::to_string(++messages));
        }
    }
}

// Root asks for a queue of its group, and finds one of a user of a different
// group, which is private.
BOOST_AUTO_TEST_CASE(private_queue_of_a_user_of_another_group)
{
    if (!is_root())
        return;
    const test::scoped_queue queue;
    const std::string name = queue.name();
    BOOST_TEST(
        test::answer_to(member_of(
            other_gid, test::first_user, "create", name, 0600)) == "done, 1");
    BOOST_TEST(test::has(
        test::answer_to(member_of(gid, 0, "open_or_create", name, 0660)),
        {test::number_of(errc::queue_mismatch)}));
    BOOST_TEST(
        test::answer_to(member_of(gid, 0, "join", name, 0600)) == "done, 2");
}

// The mode lets in no other user of the group.
BOOST_AUTO_TEST_CASE(private_queue_of_another_group)
{
    if (!is_root())
        return;
    for (const int mode : {0600, 0660})
    {
        const test::scoped_queue queue;
        const std::string name = queue.name();
        const unsigned user = test::first_user;
        BOOST_TEST(
            test::answer_to(member_of(gid, user, "create", name, 0600)) ==
            "done, 1");
        BOOST_TEST(
            test::answer_to(member_of(other_gid, user, "open", name, mode)) ==
            "done, 2");
    }
}

// A directory with the set-group-id bit gives its group to the queues in it.
BOOST_AUTO_TEST_CASE(group_of_a_directory)
{
    if (!is_root())
        return;
    for (const bool inherits : {false, true})
    {
        const test::temporary_directory where;
        const std::string path = where.path();
        BOOST_TEST(::chown(path.c_str(), 0, gid) == 0);
        BOOST_TEST(::chmod(path.c_str(), inherits ? 02770 : 0770) == 0);
        BOOST_TEST(
            test::answer_to(
                member_of(gid, test::first_user, "create", "q", 0660, path)) ==
            "done, 1");
        BOOST_TEST(
            test::answer_to(member_of(
                gid, test::second_user, "open_or_create", "q", 0660, path)) ==
            "done, 2");
        const std::string answer = test::answer_to(
            member_of(other_gid, 0, "open_or_create", "q", 0660, path));
        BOOST_TEST(
            (inherits ? answer == "done, 3"
                      : test::has(
                            answer, {test::number_of(errc::queue_mismatch),
                                     "the group 101, not 100"})));
    }
}

BOOST_AUTO_TEST_CASE(private_queue_of_another_user)
{
    if (!is_root())
        return;
    const test::scoped_queue queue;
    const std::string name = queue.name();
    BOOST_TEST(
        test::answer_to({test::first_user, "create", name, 0600}) == "done, 1");
    // Root may, but did not ask for it.
    BOOST_TEST(test::has(
        test::answer_to({0, "open_or_create", name, 0600}),
        {test::number_of(errc::queue_mismatch), belongs_to_first, "user 0"}));
    BOOST_TEST(test::answer_to({0, "join", name, 0600}) == "done, 2");
    BOOST_TEST(test::has(
        test::answer_to({test::second_user, "join", name, 0600}),
        {test::number_of(errc::permission_denied), belongs_to_first}));
}

BOOST_AUTO_TEST_CASE(queue_of_root)
{
    if (!is_root())
        return;
    const test::scoped_queue queue;
    publisher out(
        create_only, queue.options(1000).permissions(
                         boost::interprocess::permissions(0666)));
    BOOST_TEST(test::has(
        test::answer_to(
            {test::second_user, "open_or_create", queue.name(), 0600}),
        {test::number_of(errc::queue_mismatch), "belongs to user 0", "0666"}));
    BOOST_TEST(
        test::answer_to(
            {test::second_user, "open_or_create", queue.name(), 0666}) ==
        "done, 1");
}

// Not made by the queue's creator: opening it may end the process.
BOOST_AUTO_TEST_CASE(semaphore_exchanged)
{
    for (const std::size_t size :
         {std::size_t(0), sizeof(sem_t) - 1, sizeof(sem_t) + 1,
          std::size_t(100'000)})
    {
        const test::scoped_queue queue;
        const test::queue_objects files(queue.name());
        publisher(create_only, queue.options(1000)).enqueue("x", 1);
        for (const std::string& path : {files.messages, files.room})
        {
            const auto before = fs::file_size(path);
            fs::resize_file(path, size);
            BOOST_CHECK_THROW(publisher(open_only, queue), queue_corrupt);
            fs::resize_file(path, before);
        }
        fs::remove(files.room);
        BOOST_TEST(::mkfifo(files.room.c_str(), 0600) == 0);
        BOOST_CHECK_THROW(publisher(open_only, queue), queue_corrupt);
        BOOST_TEST(remove_queue(queue));
    }
}

// The other file stays as it is.
BOOST_AUTO_TEST_CASE(lock_file_is_a_hard_link)
{
    const test::temporary_directory where;
    const std::string precious = where.path() + "/precious";
    const std::string lock = where.path() + "/boost_ipq.q.lock";
    std::ofstream(precious) << "precious";
    fs::create_hard_link(precious, lock);
    const auto options = where.options("q", 1000);
    const auto expect = [&](auto function) {
        BOOST_CHECK_EXCEPTION(function(), error, [&](const error& e) {
            return test::has(e.what(), {lock, "something that is no queue"});
        });
        BOOST_TEST(test::contents(precious) == "precious");
        BOOST_TEST(fs::exists(lock));
    };
    expect([&] { publisher(create_only, options); });
    expect([&] { publisher(open_or_create, options); });
    expect([&] { publisher(open_only, options); });
    expect([&] { inspect(options); });
    expect([&] { remove_queue(options); });
    fs::remove(lock);
}

BOOST_AUTO_TEST_CASE(lock_file_is_a_fifo)
{
    const test::scoped_queue queue;
    const std::string lock = test::queue_objects(queue.name()).lock;
    BOOST_TEST(::mkfifo(lock.c_str(), 0600) == 0);
    BOOST_CHECK_THROW(publisher(open_or_create, queue.options(1000)), error);
    BOOST_CHECK_THROW(publisher(open_only, queue), error);
    BOOST_CHECK_THROW(inspect(queue), error);
    fs::remove(lock);
}
