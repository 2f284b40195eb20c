// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_RACE_HPP
#define BOOST_IPQ_TEST_KILL_RACE_HPP

// The stepped process is not killed. While it checks whether another process is
// alive, that process finishes its work and dies. A message that was sent or
// acknowledged by then must count as such.

#include "queue_scenario.hpp"
#include "receive.hpp"
#include "recover.hpp"
#include <semaphore.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <string>

namespace kill_test {

// A process that begins an operation, and later ends it and dies.
class other_process
{
public:
    other_process()
    {
        ::sem_init(&m_shared->begun, 1, 0);
        ::sem_init(&m_shared->go, 1, 0);
        ::sem_init(&m_shared->ended, 1, 0);
    }

    ~other_process() { kill(); }

    // Effects: starts the process and waits until begin() has returned there.
    // On request, the process calls `end(what begin() returned)`.
    template <class Begin, class End>
    void start(Begin begin, End end)
    {
        kill();
        for (sem_t* const old : {&m_shared->go, &m_shared->ended})
            while (::sem_trywait(old) == 0)
            {
            }
        m_pid = ::fork();
        if (m_pid == 0)
        {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            auto work = begin();
            ::sem_post(&m_shared->begun);
            wait(m_shared->go);
            end(work);
            ::sem_post(&m_shared->ended);
            for (;;)
                ::pause();
        }
        wait(m_shared->begun);
    }

    // Effects: lets the process end its work, and kills it.
    // Returns: false if it could not end its work because others held it up.
    bool end()
    {
        ::sem_post(&m_shared->go);
        struct timespec until;
        ::clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 2000000;
        if (until.tv_nsec >= 1000000000)
        {
            until.tv_nsec -= 1000000000;
            ++until.tv_sec;
        }
        int failed;
        do
            failed = ::sem_timedwait(&m_shared->ended, &until);
        while (failed != 0 && errno == EINTR);
        kill();
        return failed == 0;
    }

    void kill() noexcept
    {
        if (m_pid <= 0)
            return;
        ::kill(m_pid, SIGKILL);
        while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR)
        {
        }
        m_pid = 0;
    }

private:
    struct shared
    {
        sem_t begun, go, ended;
    };

    static void wait(sem_t& semaphore)
    {
        while (::sem_wait(&semaphore) != 0 && errno == EINTR)
        {
        }
    }

    test::shared_object<shared> m_shared;
    pid_t m_pid = 0;
};

// The message that Stepped received, if any, must be one that may arrive.
template <class Stepped>
class race_scenario : public Stepped
{
public:
    using Stepped::Stepped;

    void bury(verdict& result) override
    {
        auto& words = this->words();
        if (words.result && words.size != 0)
            this->queue().accept(
                result, bytes(words.body, words.body + words.size));
    }
};

// A publisher commits and dies while Stepped examines its reservation.
template <class Stepped>
class commit_race : public race_scenario<Stepped>
{
public:
    using race_scenario<Stepped>::race_scenario;

    void arrange() override
    {
        auto& queue = this->queue();
        m_message = queue.next(64);
        const bytes body = m_message.body();
        m_publisher.start(
            [&] {
                auto room = queue.out.try_reserve(body.size());
                std::memcpy(room.data(), body.data(), body.size());
                return room;
            },
            [](boost_ipq::reservation& room) { room.commit(); });
    }

    void while_paused(verdict&) override
    {
        // If it could not return, it may or may not have committed.
        m_message.must = m_publisher.end();
        this->queue().waiting().push_back(m_message);
    }

private:
    expected_message m_message;
    other_process m_publisher;
};

// A subscriber acknowledges and dies while Stepped examines its delivery.
template <class Stepped>
class acknowledge_race : public race_scenario<Stepped>
{
public:
    using race_scenario<Stepped>::race_scenario;

    void arrange() override
    {
        auto& queue = this->queue();
        queue.put_in_time(this->setup(), 64);
        m_subscriber.start(
            [&] { return queue.in.try_receive(); },
            [](boost_ipq::delivery& message) { message.acknowledge(); });
    }

    void while_paused(verdict&) override
    {
        auto& waiting = this->queue().waiting();
        if (m_subscriber.end())
            waiting.pop_front();
        else
        {
            waiting.front().must = false;
            waiting.front().late = true;
        }
    }

private:
    other_process m_subscriber;
};

} // namespace kill_test

#endif
