// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_STRUCTURE_HPP
#define BOOST_IPQ_TEST_KILL_STRUCTURE_HPP

// The victim creates, opens, removes or closes a queue.

#include "../support/body.hpp"
#include "../support/shared_object.hpp"
#include "../support/survivor_clock.hpp"
#include "plan.hpp"
#include "scenario.hpp"
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kill_test {

// musl calls this one; it is not in the ABI of every processor.
#if defined(SYS_open)
constexpr long plain_open = SYS_open;
#else
constexpr long plain_open = SYS_openat;
#endif

// The C library's sem_open() makes a file under a random name for a moment, and
// leaves it behind if its process is killed then. The survivors remove it.
class semaphore_litter
{
public:
    // Called before each system call of the victim.
    void look(const test::stepper& victim)
    {
        const auto call = victim.current_call();
        if (call.number != SYS_openat && call.number != plain_open)
            return;
        const std::size_t at = call.number == SYS_openat ? 1 : 0;
        if ((call.arguments[at + 1] & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL))
            return;
        const std::string path = victim.text_at(call.arguments[at]);
        const bool glibc =
            path.rfind("/dev/shm/sem.", 0) == 0 && path.size() == 13 + 6;
        if (glibc || path.rfind("/dev/shm/tmp-", 0) == 0)
            m_paths.push_back(path);
    }

    // Returns: how many files there were.
    std::size_t remove()
    {
        std::size_t result = 0;
        for (const auto& path : m_paths)
            result += ::unlink(path.c_str()) == 0;
        m_paths.clear();
        return result;
    }

private:
    std::vector<std::string> m_paths;
};

class structure_scenario : public scenario
{
public:
    explicit structure_scenario(const std::string& name)
        : m_name(name),
          m_options(name, 1024)
    {
        boost_ipq::remove_queue(name);
    }

    ~structure_scenario() override
    {
        forget_handles();
        boost_ipq::remove_queue(m_name);
        m_litter.remove();
    }

    void before_call(const test::stepper& victim) override
    {
        m_litter.look(victim);
    }

    std::uint64_t variants() const override { return 4; }

    void prepare() override { *m_returned = false; }

    void check(verdict& result, std::uint64_t variant) override
    {
        const test::moment begin = test::now_of();
        look_in(result);
        switch (variant)
        {
        case 0:
            result.promise(
                open(boost_ipq::open_or_create, result),
                "survivors open or create the queue");
            break;
        case 1:
            boost_ipq::remove_queue(m_name);
            result.promise(
                !open(boost_ipq::open_only, result),
                "a removed queue cannot be opened");
            break;
        case 2:
        {
            const bool there = open(boost_ipq::open_only, result);
            result.promise(there || may_be_missing(), "the queue is there");
            result.promise(!there || may_be_there(), "the queue is gone");
            break;
        }
        default:
            result.promise(
                open(boost_ipq::create_only, result) ||
                    open(boost_ipq::open_only, result),
                "survivors create the queue, or it is there");
        }
        result.survived(test::between(begin, test::now_of()));
        finish(result);
        forget_handles();
        boost_ipq::remove_queue(m_name);
        result.litter(m_litter.remove());
        check_nothing_left(result);
    }

    // Effects: forgets the dead victim.
    void bury(verdict& result) { result.litter(m_litter.remove()); }

protected:
    // Whether the queue may be missing, or present, after this death.
    virtual bool may_be_missing() const { return true; }
    virtual bool may_be_there() const { return true; }
    virtual void finish(verdict&) {}

    bool returned() const noexcept { return *m_returned; }
    void has_returned() noexcept { *m_returned = true; }
    const std::string& name() const noexcept { return m_name; }
    boost_ipq::queue_options& options() noexcept { return m_options; }
    const boost_ipq::queue_options& options() const noexcept
    {
        return m_options;
    }

    // Effects: makes a queue that no process has open, with a message in it.
    void make_queue()
    {
        boost_ipq::publisher first(boost_ipq::create_only, m_options);
        first.enqueue(first_body());
        m_first_waits = true;
    }

    // The victim's handles. A survivor never uses them.
    std::optional<boost_ipq::publisher> out;
    std::optional<boost_ipq::subscriber> in;

private:
    static test::bytes first_body() { return test::make_body(1, 100); }

    // Effects: checks that inspect() sees a whole queue or none.
    void look_in(verdict& result) const
    {
        boost::system::error_code ec;
        const auto status = boost_ipq::inspect(m_name, ec);
        result.promise(!ec || ec == boost_ipq::errc::not_found, [&] {
            return "inspect sees a whole queue or none: " + ec.message();
        });
        result.promise(
            ec || (status.capacity == 1024 && status.messages <= 1),
            "inspect sees a queue that was made");
    }

    // Effects: opens the queue and uses it.
    // Returns: false if the queue is missing, or present but must not be.
    template <class Mode>
    bool open(Mode mode, verdict& result)
    {
        try
        {
            boost_ipq::publisher sender(mode, m_options);
            boost_ipq::subscriber receiver(boost_ipq::open_only, m_options);
            test::bytes message;
            bool more = receiver.try_dequeue(message);
            const bool first = more && message == first_body();
            if (first)
                more = receiver.try_dequeue(message);
            result.promise(
                first || !m_first_waits || may_be_missing(),
                "the message is still in the queue");
            result.promise(
                !more, "the queue contains only messages that were sent");
            for (std::uint64_t i = 2; i != 12; ++i)
            {
                const test::bytes body = test::make_body(i, 50 * i);
                result.promise(sender.try_enqueue(body), "a message fits");
                result.promise(
                    receiver.try_dequeue(message) && message == body,
                    "it arrives");
            }
            return true;
        }
        catch (const boost_ipq::error& e)
        {
            result.promise(
                e.code() == boost_ipq::errc::not_found ||
                    e.code() == boost_ipq::errc::already_exists,
                [&] { return std::string("no such error: ") + e.what(); });
            return false;
        }
    }

    void forget_handles()
    {
        out.reset();
        in.reset();
        m_first_waits = false;
    }

    void check_nothing_left(verdict& result) const
    {
        const std::string plain = "boost_ipq." + m_name + ".";
        for (const auto& entry :
             std::filesystem::directory_iterator("/dev/shm"))
        {
            const std::string file = entry.path().filename().string();
            if (file.rfind(plain, 0) == 0 || file.rfind("sem." + plain, 0) == 0)
                result.promise(
                    false, [&] { return "nothing is left, but " + file; });
        }
        result.promise(true, "");
    }

    std::string m_name;
    boost_ipq::queue_options m_options;
    test::shared_object<std::atomic<bool>> m_returned;
    semaphore_litter m_litter;
    bool m_first_waits = false;
};

template <class Tag>
class making_scenario : public structure_scenario
{
public:
    using structure_scenario::structure_scenario;

    void operate() override
    {
        out.emplace(Tag(), options());
        has_returned();
    }

    bool may_be_missing() const override { return !returned(); }
};

using create_scenario = making_scenario<boost_ipq::create_only_t>;
using open_or_create_scenario = making_scenario<boost_ipq::open_or_create_t>;

// It is removed together with its creator.
class create_while_open_scenario : public create_scenario
{
public:
    explicit create_while_open_scenario(const std::string& name)
        : create_scenario(name)
    {
        options().lifetime(boost_ipq::lifetime::while_open);
    }

    bool may_be_missing() const override { return true; }
    bool may_be_there() const override { return false; }
};

// A queue that exists before the operation.
class existing_scenario : public structure_scenario
{
public:
    using structure_scenario::structure_scenario;

    void prepare() override
    {
        structure_scenario::prepare();
        make_queue();
    }
};

class open_scenario : public existing_scenario
{
public:
    using existing_scenario::existing_scenario;

    void operate() override
    {
        in.emplace(boost_ipq::open_only, options());
        has_returned();
    }

    bool may_be_missing() const override { return false; }
};

class open_or_create_existing_scenario : public open_scenario
{
public:
    using open_scenario::open_scenario;

    void operate() override
    {
        in.emplace(boost_ipq::open_or_create, options());
        has_returned();
    }
};

class remove_scenario : public existing_scenario
{
public:
    using existing_scenario::existing_scenario;

    void operate() override
    {
        boost_ipq::remove_queue(name());
        has_returned();
    }

    bool may_be_there() const override { return !returned(); }
};

// The victim closes its publisher and its subscriber.
class close_scenario : public existing_scenario
{
public:
    using existing_scenario::existing_scenario;

    void warm_up() override
    {
        out.emplace(boost_ipq::open_only, options());
        in.emplace(boost_ipq::open_only, options());
    }

    void operate() override
    {
        out->close();
        in->close();
        has_returned();
    }

    bool may_be_missing() const override { return false; }
};

// As above, and closing removes the queue.
class close_last_scenario : public create_while_open_scenario
{
public:
    using create_while_open_scenario::create_while_open_scenario;

    void warm_up() override
    {
        out.emplace(boost_ipq::create_only, options());
        in.emplace(boost_ipq::open_only, options());
    }

    void operate() override
    {
        out->close();
        in->close();
        has_returned();
    }
};

// As above, but a survivor has the queue open, too.
class close_not_last_scenario : public close_last_scenario
{
public:
    using close_last_scenario::close_last_scenario;

    void prepare() override
    {
        close_last_scenario::prepare();
        m_holder.reset();
        m_holder.emplace(boost_ipq::create_only, options());
    }

    void warm_up() override
    {
        // This process forgets the survivor's handle, and joins.
        m_holder->try_enqueue("", 0);
        test::bytes none;
        in.emplace(boost_ipq::open_only, options());
        in->try_dequeue(none);
        out.emplace(boost_ipq::open_only, options());
        m_holder->close();
    }

    void finish(verdict& result) override
    {
        boost::system::error_code ec;
        const bool sent = m_holder->try_enqueue("x", 1, ec);
        result.promise(
            m_holder->removed() ? ec == boost_ipq::errc::queue_removed : sent,
            "the survivor's handle works, or says that the queue was removed");
        m_holder.reset();
    }

    bool may_be_missing() const override { return false; }
    bool may_be_there() const override { return true; }

private:
    std::optional<boost_ipq::publisher> m_holder;
};

// First dies at every fourth of its system calls, then Second at any of its
// own.
template <class First, class Second>
class structure_recovery : public scenario
{
public:
    // Throws: std::out_of_range if the first operation makes fewer system
    // calls.
    structure_recovery(const std::string& name, std::uint64_t call)
        : m_first(name),
          m_second(name)
    {
        verdict ignored;
        const kill_plan plan(m_first);
        m_first.check(ignored, 1);
        m_point.calls = 4 * call;
        if (m_point.calls > plan.calls())
            throw std::out_of_range("system call");
    }

    void prepare() override
    {
        kill_at(m_first, m_point);
        m_first.bury(m_litter);
        m_second.structure_scenario::prepare();
    }

    void operate() override { m_second.operate(); }

    void before_call(const test::stepper& victim) override
    {
        m_second.before_call(victim);
    }

    std::uint64_t variants() const override { return m_second.variants(); }

    void check(verdict& result, std::uint64_t variant) override
    {
        m_second.check(result, variant);
    }

private:
    First m_first;
    Second m_second;
    kill_point m_point{};
    verdict m_litter;
};

} // namespace kill_test

#endif
