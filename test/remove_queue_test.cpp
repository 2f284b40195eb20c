// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Removing queues.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_damage.hpp"
#include "support/queue_name.hpp"
#include "support/sanitizer.hpp"
#include "support/temporary_directory.hpp"
#include <boost_ipq/detail/membership/object_names.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

using namespace boost_ipq;

BOOST_AUTO_TEST_CASE(whether_it_existed)
{
    const test::scoped_queue queue;
    BOOST_TEST(!remove_queue(queue));
    publisher(create_only, queue.options(100));
    BOOST_TEST(test::leftovers(queue.name()).size() == 4u);
    BOOST_TEST(remove_queue(queue));
    BOOST_TEST(test::leftovers(queue.name()).empty());
    BOOST_TEST(!remove_queue(queue));
    BOOST_TEST(!remove_queue(queue.name().c_str()));

    boost::system::error_code ec = errc::closed;
    BOOST_TEST(!remove_queue(queue, ec));
    BOOST_TEST(!ec);
    publisher(create_only, queue.options(100));
    ec = errc::closed;
    BOOST_TEST(remove_queue(queue, ec));
    BOOST_TEST(!ec);
    BOOST_CHECK_THROW(remove_queue("a/b"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(other_parameters_do_not_matter)
{
    const test::scoped_queue queue;
    publisher(create_only, queue.options(100));
    BOOST_TEST(remove_queue(queue.options(999).message_alignment(64)));
}

BOOST_AUTO_TEST_CASE(old_handles_know)
{
    const test::scoped_queue queue;
    publisher old_out(create_only, queue.options(100));
    subscriber old_in(open_only, queue);
    old_out.enqueue("old", 3);
    BOOST_TEST(remove_queue(queue));
    BOOST_TEST(test::leftovers(queue.name()).empty());

    publisher out(create_only, queue.options(200));
    subscriber in(open_only, queue);
    BOOST_TEST(out.max_message_size() == 192u);
    BOOST_TEST(old_out.max_message_size() == 96u);
    out.enqueue("new", 3);
    BOOST_CHECK_THROW(old_out.enqueue("old too", 7), queue_removed);

    std::string message;
    BOOST_TEST(old_in.try_dequeue(message));
    BOOST_TEST(message == "old");
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(message == "new");
    BOOST_TEST(!in.try_dequeue(message));
    BOOST_CHECK_THROW(old_in.try_dequeue(message), queue_removed);

    old_out.close();
    old_in.close();
    BOOST_TEST(out.try_enqueue("still", 5));
    BOOST_TEST(in.try_dequeue(message));
    BOOST_TEST(test::leftovers(queue.name()).size() == 4u);
}

CHILD_ROLE(echo)
{
    subscriber in(open_only, self.argument(0));
    publisher out(open_only, self.argument(1));
    self.tell("open");
    self.hear();
    // Both were removed: the message that was sent before is still delivered.
    self.tell(in.dequeue().size());
    boost::system::error_code ec;
    in.dequeue(ec);
    self.tell(ec == errc::queue_removed);
    out.enqueue("x", 1, ec);
    self.tell(ec == errc::queue_removed);
}

BOOST_AUTO_TEST_CASE(open_in_another_process)
{
    const test::scoped_queue there, back;
    publisher out(create_only, there.options(100));
    subscriber in(create_only, back.options(100));
    test::child echo("echo", {there.name(), back.name()});
    BOOST_TEST(echo.hear() == "open");
    out.enqueue("x", 1);
    BOOST_TEST(remove_queue(there));
    BOOST_TEST(remove_queue(back));
    publisher other(create_only, there.options(100));
    other.enqueue("other", 5);
    echo.tell("go");
    BOOST_TEST(echo.hear() == "1");
    BOOST_TEST(echo.hear() == "1");
    BOOST_TEST(echo.hear() == "1");
    BOOST_TEST(echo.wait() == 0);
    std::string message;
    BOOST_CHECK_THROW(in.dequeue(message), queue_removed);
    BOOST_TEST(subscriber(open_only, there).try_dequeue(message));
    BOOST_TEST(message == "other");
}

CHILD_ROLE(remove)
{
    self.tell(remove_queue(self.argument(0)));
}

BOOST_AUTO_TEST_CASE(by_another_process)
{
    const test::scoped_queue queue;
    publisher out(create_only, queue.options(100));
    test::child remover("remove", {queue.name()});
    BOOST_TEST(remover.hear() == "1");
    BOOST_TEST(remover.wait() == 0);
    BOOST_TEST(test::leftovers(queue.name()).empty());
    BOOST_TEST(out.removed());
    BOOST_CHECK_THROW(out.try_enqueue("x", 1), queue_removed);
    BOOST_CHECK(
        test::thrown([&] { subscriber(open_only, queue); }) == errc::not_found);
}

BOOST_AUTO_TEST_CASE(names_that_look_alike)
{
    const std::string a = test::unique_name();
    for (const char* const suffix :
         {".segment", ".messages", ".room", ".lock", ".", "x"})
    {
        BOOST_TEST_CONTEXT(suffix)
        {
            const test::scoped_queue first(a), second(a + suffix);
            publisher first_out(create_only, first.options(100));
            publisher second_out(create_only, second.options(100));
            first_out.enqueue("first", 5);
            second_out.enqueue("second", 6);
            BOOST_TEST(remove_queue(second));
            std::string message;
            BOOST_TEST(subscriber(open_only, first).try_dequeue(message));
            BOOST_TEST(message == "first");
            publisher third_out(create_only, second.options(100));
            third_out.enqueue("third", 5);
            BOOST_TEST(remove_queue(first));
            BOOST_TEST(subscriber(open_only, second).try_dequeue(message));
            BOOST_TEST(message == "third");
        }
    }
}

// A removal that was killed half way is finished by the next one, although no
// queue is left.
BOOST_AUTO_TEST_CASE(half_removed)
{
    const test::scoped_queue queue;
    const test::queue_objects files(queue.name());
    for (unsigned removed = 0; removed <= 3; ++removed)
    {
        publisher(create_only, queue.options(100));
        test::replace_contents(files.lock, "");
        for (unsigned i = 0; i < removed; ++i)
            std::filesystem::remove(files.all()[i]);
        BOOST_TEST(!remove_queue(queue));
        BOOST_TEST(test::leftovers(queue.name()).empty());
    }
}

// Argument: the queue. Only the lock file is left of it, by a remover that was
// killed.
CHILD_ROLE(create_and_receive)
{
    subscriber in(open_or_create, queue_options(self.argument(0), 100));
    self.tell("open");
    std::string message;
    in.dequeue(message);
    self.tell(message);
}

CHILD_ROLE(reserve_and_stay)
{
    publisher out(open_only, self.argument(0));
    const reservation unfinished = out.try_reserve(8);
    self.tell("reserved");
    self.hear();
}

namespace {

// A queue in use, and a removal that was killed at its last step.
struct killed_removal
{
    killed_removal() : old(create_only, queue.options(100)) {}

    void happens()
    {
        const test::queue_objects files(queue.name());
        test::replace_contents(files.lock, "");
        for (const auto& path : {files.segment, files.messages, files.room})
            std::filesystem::remove(path);
    }

    test::scoped_queue queue;
    publisher old;
};

} // namespace

// A process that has the old queue open opens the new one by its name, like any
// other process.
BOOST_FIXTURE_TEST_CASE(old_and_new_participants, killed_removal)
{
    happens();
    test::child other("create_and_receive", {queue.name()});
    BOOST_TEST(other.hear() == "open");
    publisher out(open_or_create, queue.options(100));
    BOOST_TEST(old.try_enqueue("old", 3));
    BOOST_TEST(out.try_enqueue("new", 3));
    BOOST_TEST(other.hear() == "new");
    BOOST_TEST(other.wait() == 0);
}

// A participant of the new queue does not look like a dead one of the old
// queue.
BOOST_FIXTURE_TEST_CASE(the_dead_of_the_old_queue, killed_removal)
{
    subscriber old_in(open_only, queue);
    test::child dead("reserve_and_stay", {queue.name()});
    BOOST_TEST(dead.hear() == "reserved");
    happens();
    dead.kill();
    test::child other("create_and_receive", {queue.name()});
    BOOST_TEST(other.hear() == "open");
    BOOST_TEST(old.try_enqueue("x", 1));
    std::string message;
    BOOST_TEST(old_in.timed_dequeue(message, std::chrono::seconds(5)));
    BOOST_TEST(other.kill() == -SIGKILL);
}

// What the mark says while a queue is removed: the queue exists as long as its
// segment.
BOOST_AUTO_TEST_CASE(killed_before_the_segment_is_removed)
{
    const test::scoped_queue queue;
    const test::queue_objects files(queue.name());
    publisher(create_only, queue.options(100)).enqueue("x", 1);
    const auto say_removing = [&] {
        auto mark = test::read_mark(queue.name());
        mark.ready = detail::removing_word(mark);
        test::overwrite(
            files.lock, 0,
            std::string(reinterpret_cast<const char*>(&mark), sizeof mark));
    };
    say_removing();
    BOOST_TEST(inspect(queue).messages == 1u);
    std::string message;
    BOOST_TEST(subscriber(open_only, queue).try_dequeue(message));
    BOOST_TEST(remove_queue(queue));

    publisher(create_only, queue.options(100));
    say_removing();
    std::filesystem::remove(files.segment);
    BOOST_CHECK(
        test::thrown([&] { inspect(queue); }) == test::code(errc::not_found));
    publisher(create_only, queue.options(100));
    say_removing();
    std::filesystem::remove(files.segment);
    BOOST_TEST(!remove_queue(queue));
    BOOST_TEST(test::leftovers(queue.name()).empty());
}

// The name in a damaged mark does not make it the file of another queue.
BOOST_AUTO_TEST_CASE(a_damaged_name)
{
    const test::scoped_queue queue;
    for (const char* name : {"", "other", "../other", "T"})
    {
        publisher(create_only, queue.options(100));
        test::edit_mark(queue.name(), [&](detail::queue_mark& mark) {
            std::memset(mark.name + 1, 0, sizeof mark.name - 1);
            std::memcpy(mark.name, name, std::strlen(name));
        });
        BOOST_TEST(remove_queue(queue));
        publisher(create_only, queue.options(100));
        test::edit_mark(queue.name(), [&](detail::queue_mark& mark) {
            mark.name[0] = 'T'; // of "test"
        });
        test::overwrite(test::queue_objects(queue.name()).lock, 24, "damage");
        BOOST_TEST(remove_queue(queue));
        BOOST_TEST(test::leftovers(queue.name()).empty());
    }
}

// A path to the queue's own lock file is no name of a different queue.
BOOST_AUTO_TEST_CASE(a_path_as_damaged_name)
{
    const test::scoped_queue queue;
    publisher(create_only, queue.options(100));
    const std::string directory = "/dev/shm/boost_ipq." + queue.name() + "x";
    std::filesystem::create_directory(directory);
    const std::string path = queue.name() + "x/../boost_ipq." + queue.name();
    test::edit_mark(queue.name(), [&](detail::queue_mark& mark) {
        path.copy(mark.name, sizeof mark.name - 1);
    });
    BOOST_TEST(remove_queue(queue));
    std::filesystem::remove(directory);
    BOOST_TEST(test::leftovers(queue.name()).empty());
}

namespace {

const auto for_all = boost::interprocess::permissions(0666);

// A removal that the system refuses changes nothing.
struct refusal
{
    void create() { out.emplace(create_only, options); }

    // Effects: `role` tries to remove the queue.
    // Returns: the code of its failure, or why it is skipped.
    std::string asked(const std::string& role)
    {
        out->enqueue("kept", 4);
        if (test::with_address_sanitizer)
            return "skip: LeakSanitizer fails after a change of the user";
        test::child other(role, {options.name(), options.directory()});
        const std::string result = other.hear();
        BOOST_TEST(other.wait() == 0);
        return result;
    }

    void expect_refused(const std::string& result)
    {
        if (result.rfind("skip", 0) == 0)
        {
            subscriber(open_only, options)
                .consume_all([](const void*, std::size_t) {});
            return test::skip(result);
        }
        BOOST_TEST(result != "0");
        BOOST_TEST(!out->removed());
        BOOST_TEST(out->try_enqueue("kept", 4));
        subscriber in(open_only, options);
        std::string message;
        for (int i = 0; i < 2; ++i)
        {
            BOOST_TEST(in.try_dequeue(message));
            BOOST_TEST(message == "kept");
        }
        BOOST_TEST(inspect(options).participants.size() == 1u);
    }

    const test::scoped_queue queue;
    queue_options options = queue.options(1000).permissions(for_all);
    std::optional<publisher> out;
};

// In a role: tries to remove the queue, and tells the code.
void try_to_remove(test::child_self& self)
{
    queue_options options(self.argument(0));
    if (!self.argument(1).empty())
        options.directory(self.argument(1));
    boost::system::error_code ec;
    remove_queue(options, ec);
    self.tell(static_cast<unsigned long long>(ec.value()));
}

void write_file(const std::string& path, const std::string& text)
{
    std::ofstream(path) << text;
}

} // namespace

CHILD_ROLE(remove_as_root_of_a_namespace)
{
    test::require(
        ::setgid(33) == 0 && ::setuid(33) == 0 &&
            ::prctl(PR_SET_DUMPABLE, 1) == 0,
        "becoming another user");
    if (::unshare(CLONE_NEWUSER) != 0)
        return self.tell("skip: no user namespaces here");
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", "0 33 1");
    write_file("/proc/self/gid_map", "0 33 1");
    test::require(::geteuid() == 0, "becoming root of the namespace");
    try_to_remove(self);
}

// Where the system does not distinguish "orders" from "Orders", both lead to
// the same lock file. Here, a mount does that.
CHILD_ROLE(remove_by_the_name_of_another_queue)
{
    const std::string lock = self.argument(0), as_other = self.argument(1);
    std::ofstream{as_other};
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount(lock.c_str(), as_other.c_str(), nullptr, MS_BIND, nullptr) != 0)
        return self.tell("skip: no mount namespaces here");
    const queue_options other =
        queue_options(self.argument(2)).directory(self.argument(3));
    const bool removed = remove_queue(other);
    test::overwrite(lock, 24, "damage");
    self.tell(removed || remove_queue(other) ? "removed" : "left alone");
}

CHILD_ROLE(remove_without_capabilities)
{
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2] = {};
    test::require(
        ::setresuid(0, 0, 0) == 0 && ::syscall(SYS_capset, &header, none) == 0,
        "dropping capabilities");
    try_to_remove(self);
}

// A set-user-id program of a user without rights, started by root.
CHILD_ROLE(remove_with_effective_user)
{
    test::require(::seteuid(33) == 0, "seteuid");
    try_to_remove(self);
}

// A set-user-id program of root, started by a user without rights.
CHILD_ROLE(remove_with_effective_root)
{
    test::require(::setresuid(33, 0, 0) == 0, "setresuid");
    try_to_remove(self);
}

CHILD_ROLE(remove_on_a_read_only_mount)
{
    const char* const where = self.argument(1).c_str();
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount(where, where, nullptr, MS_BIND, nullptr) != 0 ||
        ::mount(
            nullptr, where, nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY,
            nullptr) != 0)
        return self.tell("skip: no mount namespaces here");
    try_to_remove(self);
}

namespace {

// A file that not even root may remove, while this object lives.
class immutable_file
{
public:
    explicit immutable_file(const std::string& path)
        : m_descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC))
    {
        m_set = set(FS_IMMUTABLE_FL);
    }

    immutable_file(const immutable_file&) = delete;
    immutable_file& operator=(const immutable_file&) = delete;

    ~immutable_file()
    {
        set(0);
        ::close(m_descriptor);
    }

    bool is_set() const noexcept { return m_set; }

private:
    bool set(int flag) noexcept
    {
        int flags = 0;
        if (::ioctl(m_descriptor, FS_IOC_GETFLAGS, &flags) != 0)
            return false;
        flags = (flags & ~FS_IMMUTABLE_FL) | flag;
        return ::ioctl(m_descriptor, FS_IOC_SETFLAGS, &flags) == 0;
    }

    int m_descriptor;
    bool m_set;
};

} // namespace

CHILD_ROLE(just_remove)
{
    try_to_remove(self);
}

BOOST_FIXTURE_TEST_CASE(refused_to_other_users, refusal)
{
    if (::geteuid() != 0)
        return test::skip("only root can become another user");
    create();
    expect_refused(asked("remove_as_root_of_a_namespace"));
    expect_refused(asked("remove_with_effective_user"));
    test::child root("remove_with_effective_root", {queue.name(), ""});
    BOOST_TEST(root.hear() == "0");
    BOOST_TEST(root.wait() == 0);
    BOOST_TEST(test::leftovers(queue.name()).empty());
}

// Root without capabilities, in a directory of another user.
BOOST_FIXTURE_TEST_CASE(refused_without_capabilities, refusal)
{
    if (::geteuid() != 0)
        return test::skip("only root can give files away");
    const test::temporary_directory where;
    options.directory(where.path());
    create();
    namespace fs = std::filesystem;
    fs::permissions(where.path(), fs::perms(01777));
    BOOST_TEST(::chown(where.path().c_str(), 65534, 65534) == 0);
    for (const auto& file : fs::directory_iterator(where.path()))
        BOOST_TEST(::chown(file.path().c_str(), 65534, 65534) == 0);
    expect_refused(asked("remove_without_capabilities"));
}

BOOST_AUTO_TEST_CASE(a_file_of_another_queue)
{
    if (::geteuid() != 0)
        return test::skip("only root can mount");
    const test::temporary_directory where;
    publisher out(create_only, where.options("orders", 1000));
    const auto lock_of = [&](const char* name) {
        return detail::object_names(name, where.path()).lock_path;
    };
    test::child remover(
        "remove_by_the_name_of_another_queue",
        {lock_of("orders"), lock_of("Orders"), "Orders", where.path()});
    const std::string result = remover.hear();
    BOOST_TEST(remover.wait() == 0);
    if (result.rfind("skip", 0) == 0)
        return test::skip(result);
    BOOST_TEST(result == "left alone");
    BOOST_TEST(!out.removed());
}

BOOST_FIXTURE_TEST_CASE(refused_on_a_read_only_mount, refusal)
{
    if (::geteuid() != 0)
        return test::skip("only root can mount");
    const test::temporary_directory where;
    options.directory(where.path());
    create();
    expect_refused(asked("remove_on_a_read_only_mount"));
}

BOOST_FIXTURE_TEST_CASE(refused_for_immutable_files, refusal)
{
    create();
    for (const auto& path : test::queue_objects(queue.name()).all())
        BOOST_TEST_CONTEXT(path)
        {
            std::string result;
            {
                const immutable_file locked(path);
                if (!locked.is_set())
                    return test::skip("no file can be made immutable here");
                result = asked("just_remove");
            }
            expect_refused(result);
        }
    BOOST_TEST(remove_queue(queue));
    BOOST_TEST(test::leftovers(queue.name()).empty());
}

// All users may use the queue, but in a sticky directory only its owner may
// remove it: a removal by another user changes nothing.
CHILD_ROLE(remove_as_somebody_else)
{
    test::require(
        ::setgid(65534) == 0 && ::setuid(65534) == 0, "becoming nobody");
    publisher out(open_only, self.argument(0));
    out.enqueue("hello", 5);
    boost::system::error_code ec;
    remove_queue(self.argument(0), ec);
    self.tell(static_cast<unsigned long long>(ec.value()));
}

BOOST_AUTO_TEST_CASE(owned_by_another_user)
{
    if (::geteuid() != 0)
        return test::skip("only root can become another user");
    const test::scoped_queue queue;
    publisher(
        create_only,
        queue.options(100).permissions(boost::interprocess::permissions(0666)));
    test::child other("remove_as_somebody_else", {queue.name()});
    BOOST_TEST(
        other.hear_number() == static_cast<unsigned>(errc::permission_denied));
    BOOST_TEST(other.wait() == 0);
    BOOST_TEST(test::leftovers(queue.name()).size() == 4u);
    std::string message;
    boost::system::error_code ec;
    subscriber in(open_only, queue, ec);
    BOOST_TEST(!ec);
    BOOST_TEST(in.try_dequeue(message, ec));
    BOOST_TEST(message == "hello");
}
