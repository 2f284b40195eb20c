// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Which processes are participants of a queue, and which are dead. Two
// registries in one process, as two shared libraries of a program may have, are
// separate participants.

#include "support/asleep.hpp"
#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/expect_error.hpp"
#include "support/queue_name.hpp"
#include <boost_ipq/detail/attachment/open_queue.hpp>
#include <boost_ipq/detail/attachment/shared_attachment.hpp>
#include <boost_ipq/detail/membership/lock_file.hpp>
#include <boost_ipq/detail/membership/participant.hpp>
#include <boost_ipq/detail/segment/segment.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/subscriber.hpp>
#if !defined(_WIN32)
#include <sys/resource.h>
#include <unistd.h>
#endif
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <system_error>
#include <vector>

namespace detail = boost_ipq::detail;
using boost_ipq::errc;
using detail::incarnation;

namespace {

// A table in plain memory and a file to lock.
struct membership
{
    membership() : table(std::make_unique<detail::participant_table>())
    {
        detail::lock_file file;
        file.open_locked(
            path, true,
            boost_ipq::queue_options("x").permissions().get_permissions());
    }

    ~membership()
    {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }

    const std::string path = "/tmp/boost_ipq." + test::unique_name() + ".lock";
    std::unique_ptr<detail::participant_table> table;
};

// One registry: its own file and its participant.
struct registry
{
    explicit registry(membership& where) : m_where(where), self(file)
    {
        file.open_locked(where.path, false, 0);
    }

    void join()
    {
        // It does not count as a participant before it is ready.
        recoveries += self.join(
            *m_where.table, [this](auto&) { BOOST_TEST(name() == 0u); });
        file.unlock_structure();
    }

    // As the kernel does when the process dies: nothing is written.
    void die() { file.close(); }

    incarnation name() const { return self.self().load(); }

private:
    membership& m_where;

public:
    detail::lock_file file;
    detail::participant self;
    unsigned recoveries = 0;
};

std::unique_ptr<registry> joined(membership& where)
{
    auto result = std::make_unique<registry>(where);
    result->join();
    return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(join_and_leave)
{
    membership where;
    const auto a = joined(where), b = joined(where);
    const incarnation name_a = a->name(), name_b = b->name();
    BOOST_TEST(name_a != 0u);
    BOOST_TEST(name_b != 0u);
    BOOST_TEST(name_a != name_b);
    for (const auto* const one : {&a, &b})
    {
        BOOST_TEST((*one)->self.alive(name_a));
        BOOST_TEST((*one)->self.alive(name_b));
        BOOST_TEST((*one)->recoveries == 0u);
    }
    auto& slot = where.table->entries[detail::slot_of(name_b)];
    b->self.add_role(detail::one_publisher);
    BOOST_TEST(slot.roles.load() == detail::one_publisher);
    slot.asleep_for_messages = slot.asleep_for_room = 1;
    b->self.leave();
    BOOST_TEST(b->name() == 0u);
    BOOST_TEST(!a->self.alive(name_b));
    BOOST_TEST(slot.roles.load() == 0u);
    BOOST_TEST(slot.asleep_for_messages.load() == 0u);
    BOOST_TEST(slot.asleep_for_room.load() == 0u);
    b->self.leave(); // has no effect

    // Another incarnation reuses the slot.
    const auto c = joined(where);
    BOOST_TEST(detail::slot_of(c->name()) == detail::slot_of(name_b));
    BOOST_TEST(c->name() != name_b);
    BOOST_TEST(c->recoveries == 0u);
    BOOST_TEST(a->self.alive(c->name()));
    BOOST_TEST(!a->self.alive(name_b));
    BOOST_TEST(!c->self.alive(name_b));
    BOOST_TEST(c->self.alive(name_a));
}

BOOST_AUTO_TEST_CASE(death)
{
    membership where;
    const auto a = joined(where), b = joined(where);
    const incarnation name_b = b->name();
    b->die();
    BOOST_TEST(!a->self.alive(name_b));
    BOOST_TEST(a->self.alive(a->name()));
}

// Subscribers search for what dead processes hold when this number has changed.
BOOST_AUTO_TEST_CASE(deaths_are_counted)
{
    membership where;
    const auto a = joined(where);
    const auto deaths = [&] { return a->self.deaths(); };
    const std::uint64_t first = deaths();
    BOOST_TEST(first != 0u);
    BOOST_TEST(deaths() == first);

    // One process was killed after it had begun to take a slot.
    where.table->entries[1].used = detail::slot_joining;
    where.table->end = 2;
    const std::uint64_t begun = deaths();
    BOOST_TEST(begun != first);
    // The next one takes the slot behind it.
    const auto b = joined(where);
    BOOST_TEST(detail::slot_of(b->name()) == 2u);
    BOOST_TEST(b->recoveries == 0u);
    const std::uint64_t living = deaths();

    // It looked dead until it had locked its byte.
    where.table->entries[2].used = detail::slot_joining;
    detail::lock_file& file = b->file;
    file.unlock_slot(2);
    const std::uint64_t joining = deaths();
    BOOST_TEST(joining != living);
    BOOST_TEST(file.try_lock_slot(2));
    where.table->entries[2].used = detail::slot_taken;
    BOOST_TEST(deaths() == living);

    b->die();
    BOOST_TEST(deaths() != living);
    BOOST_TEST(deaths() != joining);

    // A process that has joined in the slot of a dead one is alive, but what
    // its predecessor holds may not have been searched for.
    const std::uint64_t before = deaths();
    where.table->entries[2].generation =
        detail::next_generation(detail::generation_of(b->name()));
    BOOST_TEST(deaths() != before);
}

BOOST_AUTO_TEST_CASE(sleepers)
{
    membership where;
    const auto a = joined(where), b = joined(where), c = joined(where);
    const auto found = [&] {
        std::vector<std::ptrdiff_t> result;
        a->self.for_each_dead_sleeper([&](detail::participant_slot& slot) {
            result.push_back(&slot - where.table->entries);
        });
        return result;
    };
    using slots = std::vector<std::ptrdiff_t>;
    where.table->entries[1].asleep_for_messages = 1;
    where.table->entries[2].asleep_for_room = 1;
    BOOST_TEST(found() == slots());
    c->die();
    BOOST_TEST(found() == slots{2});
    b->die();
    BOOST_TEST(found() == (slots{1, 2}));
    where.table->entries[1].asleep_for_messages = 0;
    BOOST_TEST(found() == slots{2});
}

// The end of the table may be damaged.
BOOST_AUTO_TEST_CASE(end_of_the_table)
{
    membership where;
    const auto a = joined(where), b = joined(where);
    const incarnation name_b = b->name();
    b->die();
    for (const std::uint32_t end : {2u, detail::slot_count, 0xffffffffu})
    {
        where.table->end = end;
        BOOST_TEST(a->self.dead() == std::vector<incarnation>{name_b});
    }
}

// A slot that was left cleanly is preferred. A dead process's slot is recovered
// only when it is taken.
BOOST_AUTO_TEST_CASE(slots_of_the_dead)
{
    membership where;
    std::vector<std::unique_ptr<registry>> all;
    for (std::uint32_t i = 0; i < 5; ++i)
        all.push_back(joined(where));
    const incarnation dead = all[1]->name(), left = all[3]->name();
    all[1]->die();
    all[3]->self.leave();
    const auto first = joined(where);
    BOOST_TEST(detail::slot_of(first->name()) == detail::slot_of(left));
    BOOST_TEST(first->recoveries == 0u);
    // All other slots are free and never used: the dead process's slot is the
    // last choice.
    for (std::uint32_t i = 5; i < detail::slot_count; ++i)
        where.table->entries[i].used = 1;
    const auto second = joined(where);
    BOOST_TEST(second->recoveries == 1u);
    BOOST_TEST(detail::slot_of(second->name()) == detail::slot_of(dead));
    BOOST_TEST(second->name() != dead);
    BOOST_TEST(!all[0]->self.alive(dead));
    BOOST_TEST(!second->self.alive(dead));
    BOOST_TEST(all[0]->self.alive(second->name()));
}

// Only the slots of processes that were dead when the recovery began are freed.
BOOST_AUTO_TEST_CASE(striking_off)
{
    membership where;
    std::vector<std::unique_ptr<registry>> all;
    for (std::uint32_t i = 0; i < 5; ++i)
        all.push_back(joined(where));
    const auto used = [&](std::uint32_t slot) {
        return where.table->entries[slot].used.load() != 0;
    };
    all[1]->die();
    all[2]->die();
    const auto dead = all[0]->self.dead();
    BOOST_TEST(
        dead == (std::vector<incarnation>{all[1]->name(), all[2]->name()}));
    all[3]->die();
    // Another process takes the first dead one's slot, and dies, too.
    for (std::uint32_t i = 5; i < detail::slot_count; ++i)
        where.table->entries[i].used = 1;
    const auto next = joined(where);
    BOOST_TEST(detail::slot_of(next->name()) == 1u);
    next->die();
    BOOST_TEST(all[0]->self.release_slots(dead) == 1u);
    BOOST_TEST(used(1));
    BOOST_TEST(!used(2));
    BOOST_TEST(used(3));
    BOOST_TEST(all[0]->self.alive(all[4]->name()));
}

BOOST_AUTO_TEST_CASE(generations_go_round)
{
    membership where;
    where.table->entries[0].generation = detail::generation_mask;
    const auto a = joined(where);
    BOOST_TEST(detail::slot_of(a->name()) == 0u);
    BOOST_TEST(detail::generation_of(a->name()) == 1u);
    const auto b = joined(where);
    BOOST_TEST(b->self.alive(a->name()));
    BOOST_TEST(
        !b->self.alive(detail::make_incarnation(0, detail::generation_mask)));
}

// Damage: names of impossible participants.
BOOST_AUTO_TEST_CASE(strangers_are_dead)
{
    membership where;
    const auto a = joined(where), b = joined(where);
    for (const incarnation who :
         {detail::make_incarnation(0, 7), detail::make_incarnation(1023, 1),
          detail::make_incarnation(500, 0)})
        BOOST_TEST(!b->self.alive(who));
}

BOOST_AUTO_TEST_CASE(too_many)
{
#if !defined(_WIN32)
    struct rlimit limit;
    BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const rlim_t needed = detail::slot_count + 100;
    if (limit.rlim_max < needed)
    {
        BOOST_TEST_MESSAGE("not enough file descriptors for this test");
        return;
    }
    if (limit.rlim_cur < needed)
    {
        limit.rlim_cur = needed;
        BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
    }
#endif
    membership where;
    std::vector<std::unique_ptr<registry>> all;
    std::set<incarnation> names;
    for (std::uint32_t i = 0; i < detail::slot_count; ++i)
    {
        all.push_back(joined(where));
        names.insert(all.back()->name());
    }
    BOOST_TEST(names.size() == detail::slot_count);
    {
        registry another(where);
        BOOST_TEST(test::thrown([&] {
                       another.join();
                   }) == test::code(errc::too_many_processes));
        BOOST_TEST(another.name() == 0u);
    }
    for (const auto& one : all)
        BOOST_TEST(all[0]->self.alive(one->name()));
    all[700]->die();
    BOOST_TEST(joined(where)->recoveries == 1u);
}

// Reports its incarnation, and stays.
CHILD_ROLE(participant)
{
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(0));
    const auto queue =
        detail::attach_shared(detail::open_mode::open, self.argument(0));
    self.tell(queue->ring().self());
    self.hear();
}

BOOST_AUTO_TEST_CASE(processes)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    const auto attached = detail::attach_shared(detail::open_mode::open, queue);
    const auto& self = *attached->ring().peers;

    test::child leaving("participant", {queue.name()});
    const auto left = static_cast<incarnation>(leaving.hear_number());
    BOOST_TEST(self.alive(left));
    leaving.tell("leave");
    BOOST_TEST(leaving.wait() == 0);
    BOOST_TEST(!self.alive(left));

    test::child killed("participant", {queue.name()});
    const auto dead = static_cast<incarnation>(killed.hear_number());
    BOOST_TEST(detail::slot_of(dead) == detail::slot_of(left));
    BOOST_TEST(dead != left);
    BOOST_TEST(self.alive(dead));
    // A stopped process is not dead.
    killed.signal(SIGSTOP);
    BOOST_TEST(self.alive(dead));
    killed.kill();
    BOOST_TEST(!self.alive(dead));

    test::child next("participant", {queue.name()});
    const auto alive = static_cast<incarnation>(next.hear_number());
    BOOST_TEST(alive != dead);
    BOOST_TEST(self.alive(alive));
    BOOST_TEST(!self.alive(dead));
    next.tell("leave");
    BOOST_TEST(next.wait() == 0);
}

// Holds a reservation and a delivery until it is killed.
CHILD_ROLE(holding)
{
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(0));
    boost_ipq::subscriber in(boost_ipq::open_only, self.argument(0));
    const boost_ipq::delivery held = in.receive();
    const boost_ipq::reservation room = out.reserve(8);
    self.tell("holds");
    self.hear();
}

// A process that takes the slot of a dead one recovers at once what dead
// processes hold: later, the generations of the slot may be the same again.
BOOST_AUTO_TEST_CASE(joining_in_a_dead_slot)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    const auto attached = detail::attach_shared(detail::open_mode::open, queue);
    const auto header = [&](std::size_t offset) {
        return detail::record_header(attached->ring().header(offset).load());
    };
    out.enqueue("message", 7);
    test::child child("holding", {queue.name()});
    BOOST_TEST(child.hear() == "holds");
    const auto dead = header(0).owner();
    BOOST_TEST((header(0).state() == detail::record_state::claimed));
    BOOST_TEST((header(16).state() == detail::record_state::reserved));
    child.kill();

    auto& table = *reinterpret_cast<detail::participant_table*>(
        reinterpret_cast<char*>(attached->ring().control) +
        offsetof(detail::queue_root, participants));
    for (auto& slot : table.entries)
        slot.used = detail::slot_taken;
    table.entries[2].used = detail::slot_free;
    table.end = detail::slot_count;
    const auto joined = [&](std::uint32_t expected) {
        test::child next("participant", {queue.name()});
        const auto name = static_cast<incarnation>(next.hear_number());
        BOOST_TEST(detail::slot_of(name) == expected);
        next.tell("leave");
        BOOST_TEST(next.wait() == 0);
    };
    auto& control = *attached->ring().control;
    table.entries[detail::slot_of(dead)].asleep_for_messages = 1;
    table.entries[detail::slot_of(dead)].asleep_for_room = 1;
    control.messages.count = control.room.count = 1;
    // The slot of a process that left cleanly: nothing need be done.
    joined(2);
    BOOST_TEST((header(0).state() == detail::record_state::claimed));
    BOOST_TEST(control.messages.count.load() == 1u);
    table.entries[2].used = detail::slot_taken;
    joined(detail::slot_of(dead));
    BOOST_TEST(control.messages.count.load() == 0u);
    BOOST_TEST(control.room.count.load() == 0u);
    BOOST_TEST((header(0).state() == detail::record_state::returned));
    BOOST_TEST((header(16).state() == detail::record_state::abandoned));
    BOOST_TEST(table.entries[detail::slot_of(dead)].used == detail::slot_free);
}

CHILD_ROLE(repair)
{
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(0));
    self.tell("open");
    boost_ipq::repair(boost_ipq::queue_options(self.argument(0))
                          .busy_after(std::chrono::minutes(1)));
    self.tell("repaired");
}

// A process that recovers may have to wait for a stopped one; a process that
// opens the queue does not.
BOOST_AUTO_TEST_CASE(opened_while_a_repair_waits)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    const auto attached = detail::attach_shared(detail::open_mode::open, queue);
    auto& lock = attached->ring().control->publishers.owner;
    lock = attached->ring().self();
    test::child repairing("repair", {queue.name()});
    BOOST_TEST(repairing.hear() == "open");
#if defined(__linux__)
    BOOST_TEST(test::eventually([&] { return test::asleep(repairing.pid()); }));
#endif
    test::child process("participant", {queue.name()});
    process.hear();
    process.tell("leave");
    BOOST_TEST(process.wait() == 0);
    lock = 0;
    BOOST_TEST(repairing.hear() == "repaired");
    BOOST_TEST(repairing.wait() == 0);
}

#if !defined(_WIN32) // exec

// Becomes another program, which is not a participant.
CHILD_ROLE(changing)
{
    boost_ipq::publisher out(boost_ipq::open_only, self.argument(0));
    const auto queue =
        detail::attach_shared(detail::open_mode::open, self.argument(0));
    self.tell(queue->ring().self());
    self.hear();
    ::execl("/bin/sleep", "sleep", "60", static_cast<char*>(nullptr));
}

BOOST_AUTO_TEST_CASE(exec)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    const auto attached = detail::attach_shared(detail::open_mode::open, queue);
    test::child child("changing", {queue.name()});
    const auto name = static_cast<incarnation>(child.hear_number());
    BOOST_TEST(attached->ring().peers->alive(name));
    child.tell("change");
    BOOST_TEST(
        test::eventually([&] { return !attached->ring().peers->alive(name); }));
    BOOST_TEST(::kill(child.pid(), 0) == 0);
    BOOST_TEST(child.kill() == -SIGKILL);
}

#endif

// All handles of a process share one participant and one mapping.
BOOST_AUTO_TEST_CASE(handles_share)
{
    const test::scoped_queue queue;
    boost_ipq::publisher out(boost_ipq::create_only, queue.options(1000));
    const auto first = detail::attach_shared(detail::open_mode::open, queue);
    {
        boost_ipq::publisher another(boost_ipq::open_only, queue);
        const auto second =
            detail::attach_shared(detail::open_mode::open, queue);
        BOOST_TEST(first == second);
    }
    BOOST_TEST(first->ring().peers->alive(first->ring().self()));
    BOOST_TEST(boost_ipq::inspect(queue).participants.size() == 1u);
}
