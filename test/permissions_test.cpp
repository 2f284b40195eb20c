// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The objects of a queue have exactly the permissions that were requested, for
// every umask. Other users are kept out or let in accordingly.

#include "support/child_process.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#include <sys/stat.h>
#include <fstream>
#include <stdexcept>
#include <string>

using namespace boost_ipq;

namespace {

struct umask_guard
{
    explicit umask_guard(mode_t mask) : before(::umask(mask)) {}
    ~umask_guard() { ::umask(before); }
    mode_t before;
};

queue_options options(const test::scoped_queue& queue, int mode)
{
    return queue.options(1000).permissions(
        boost::interprocess::permissions(mode));
}

void expect_mode(const std::string& queue, unsigned mode)
{
    for (const auto& path : test::queue_objects(queue).all())
    {
        BOOST_TEST_CONTEXT(path)
        {
            struct stat status = {};
            BOOST_TEST(::stat(path.c_str(), &status) == 0);
            BOOST_TEST((status.st_mode & 07777) == mode);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(as_asked_whatever_the_umask)
{
    for (const mode_t mask : {0, 022, 027, 077, 0177})
    {
        const umask_guard guard(mask);
        for (const int mode : {0600, 0660, 0666, 0620, 0606, 0777})
        {
            BOOST_TEST_CONTEXT("umask " << mask << ", mode " << mode)
            {
                const test::scoped_queue queue;
                publisher out(create_only, options(queue, mode));
                expect_mode(queue.name(), mode);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(default_is_owner_only)
{
    const umask_guard guard(0);
    const test::scoped_queue queue;
    publisher out(open_or_create, queue.options(1000));
    expect_mode(queue.name(), 0600);
}

BOOST_AUTO_TEST_CASE(opening_changes_nothing)
{
    const test::scoped_queue queue;
    publisher out(open_or_create, options(queue, 0660));
    publisher again(open_or_create, options(queue, 0666));
    subscriber in(open_only, options(queue, 0666));
    expect_mode(queue.name(), 0660);
}

// A user who may only read could lock the files of the queue.
BOOST_AUTO_TEST_CASE(no_permission_to_read_only)
{
    for (const int mode : {0644, 0640, 0604, 0664, 0646, 0400, 0200, 0066, 0})
    {
        BOOST_TEST_CONTEXT("mode " << mode)
        {
            const test::scoped_queue queue;
            BOOST_CHECK_THROW(
                publisher(create_only, options(queue, mode)),
                std::invalid_argument);
            BOOST_CHECK_THROW(
                publisher(open_or_create, options(queue, mode)),
                std::invalid_argument);
            BOOST_TEST(test::leftovers(queue.name()).empty());
        }
    }
}

CHILD_ROLE(hold)
{
    publisher out(
        create_only, queue_options(self.argument(0), 1000)
                         .lifetime(lifetime::while_open)
                         .permissions(boost::interprocess::permissions(
                             static_cast<int>(self.number(1)))));
    self.tell("ready");
    self.hear();
}

// Permissions of a dead queue, or of one whose creator was killed, do not
// matter.
BOOST_AUTO_TEST_CASE(in_the_place_of_another)
{
    for (const int before : {0600, 0666})
    {
        const int mode = before ^ 0066;
        const test::scoped_queue queue;
        test::child holder("hold", {queue.name(), std::to_string(before)});
        BOOST_TEST(holder.hear() == "ready");
        expect_mode(queue.name(), before);
        holder.kill();
        {
            publisher out(open_or_create, options(queue, mode));
            expect_mode(queue.name(), mode);
        }
        remove_queue(queue);

        const std::string lock = test::queue_objects(queue.name()).lock;
        std::ofstream{lock};
        BOOST_TEST(::chmod(lock.c_str(), static_cast<mode_t>(before)) == 0);
        publisher out(create_only, options(queue, mode));
        expect_mode(queue.name(), mode);
    }
}

// As another user, inspects and opens the queue, and answers with the error
// numbers.
CHILD_ROLE(open_as_somebody_else)
{
    test::require(
        ::setgid(65534) == 0 && ::setuid(65534) == 0, "becoming nobody");
    boost::system::error_code ec;
    inspect(self.argument(0), ec);
    self.tell(static_cast<unsigned long long>(ec.value()));
    subscriber in(open_only, self.argument(0), ec);
    self.tell(static_cast<unsigned long long>(ec.value()));
    if (ec)
        return;
    publisher out(
        open_or_create,
        queue_options(self.argument(0), 1000)
            .permissions(boost::interprocess::permissions(0666)));
    out.enqueue(in.dequeue());
}

BOOST_AUTO_TEST_CASE(other_users)
{
    if (::geteuid() != 0)
        return test::skip("only root can become another user");
    for (const int mode : {0600, 0660, 0620, 0666})
    {
        BOOST_TEST_CONTEXT("mode " << mode)
        {
            const umask_guard guard(077);
            const test::scoped_queue queue;
            publisher out(create_only, options(queue, mode));
            out.enqueue("x", 1);
            test::child other("open_as_somebody_else", {queue.name()});
            const auto error =
                mode == 0666 ? 0u
                             : static_cast<unsigned>(errc::permission_denied);
            BOOST_TEST(other.hear_number() == error); // inspect()
            BOOST_TEST(other.hear_number() == error); // opening
            BOOST_TEST(other.wait() == 0);
            // The message is there, and the queue is unchanged.
            std::string message;
            BOOST_TEST(subscriber(open_only, queue).try_dequeue(message));
            BOOST_TEST(message == "x");
            expect_mode(queue.name(), mode);
        }
    }
}
