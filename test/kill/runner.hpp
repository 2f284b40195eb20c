// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_RUNNER_HPP
#define BOOST_IPQ_TEST_KILL_RUNNER_HPP

// Runs each operation in its own worker process. Kills a victim at every point
// of the plan, and lets survivors check the queue.

#include "../support/shared_object.hpp"
#include "plan.hpp"
#include "scenario.hpp"
#include <boost_ipq/remove_queue.hpp>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iomanip>
#include <iostream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace kill_test {

struct operation
{
    std::string name;
    // Makes the operation, or one of its parts; null if there is no such part.
    std::function<std::unique_ptr<scenario>(
        const std::string& queue, std::size_t part)>
        make;
    bool own_text_only = false; // do not step inside the C library
    bool calls_only = false;    // kill only after system calls
    bool rotate = false; // at each point, only one variant of the survivors
    unsigned passes_of_loops = ~0u; // kill only in the first ones
    bool pause = false;             // instead of killing
    double share = 1;               // of the time that a part may take
};

// The results, in memory that the worker shares with its parent.
struct result_row
{
    std::uint64_t instructions, calls, kills, astray, points, reached, litter,
        repeated, checked, broken;
    double median, worst; // of the survivors, ms
    double seconds;
    kill_point now; // where the victim is being killed
    std::uint64_t part;
    char first[400];
    bool killed; // the victim is dead; the survivors go on
    bool finished;
};

class runner
{
public:
    // How long the victims of one operation are killed. With
    // BOOST_IPQ_KILL_SECONDS=3600 in the environment, no instruction is left
    // out.
    static double seconds()
    {
#if defined(__OPTIMIZE__)
        constexpr double usual = 6;
#else
        constexpr double usual =
            2.5; // which suffices for five times the instructions
#endif
        const char* const given = std::getenv("BOOST_IPQ_KILL_SECONDS");
        return given ? std::atof(given) : usual;
    }

    // Effects: runs the operations, two at a time, and prints the rows of the
    // table.
    void run(const std::vector<operation>& operations, std::ostream& out)
    {
        print_head(out);
        std::vector<job> jobs(operations.size());
        std::size_t started = 0, running = 0, printed = 0;
        while (printed != jobs.size())
        {
            if (started != jobs.size() && running != parallel)
            {
                start(jobs[started], operations[started], started);
                ++started;
                ++running;
                continue;
            }
            int status;
            const pid_t ended = ::waitpid(-1, &status, 0);
            for (std::size_t i = 0; i < started; ++i)
                if (jobs[i].worker == ended)
                {
                    finish(jobs[i], status);
                    --running;
                }
            while (printed != started && jobs[printed].done)
            {
                print(operations[printed], *jobs[printed].row, out);
                ++printed;
            }
        }
    }

    void print_total(std::ostream& out) const
    {
        out << m_operations << " operations, " << m_kills << " kills, "
            << m_checked << " promises checked, " << m_broken
            << " broken; survivors went on within " << std::setprecision(2)
            << m_worst << " ms\n";
    }

    std::uint64_t broken() const noexcept
    {
        return m_broken;
    }

private:
    static void print_head(std::ostream& out)
    {
        out << std::left << std::setw(46) << "operation" << std::right
            << std::setw(8) << "instr." << std::setw(6) << "calls"
            << std::setw(7) << "kills" << std::setw(9) << "promises"
            << std::setw(7) << "broken"
            << "  survivors, ms: "
            << "median" << std::setw(8) << "worst" << std::setw(7) << "s"
            << '\n';
    }

    static constexpr std::size_t parallel = 2;
    // Seconds for one kill. The speed of survivors is measured separately,
    // without the time during which a busy machine does not run them.
    static constexpr int time_limit = 30;

    // Ends this process by SIGALRM after that many seconds in which it could
    // run: those in which all processes are stopped together do not count.
    static void limit_time(int time)
    {
        seconds_left() = time;
        struct sigaction action = {};
        action.sa_handler = [](int number) {
            if (--seconds_left() > 0)
                return;
            ::signal(number, SIG_DFL);
            ::raise(number);
        };
        action.sa_flags = SA_RESTART;
        ::sigaction(SIGALRM, &action, nullptr);
        // Expirations while the process is stopped are one signal.
        const struct itimerval each_second = {{1, 0}, {1, 0}};
        ::setitimer(ITIMER_REAL, &each_second, nullptr);
    }

    static std::atomic<int>& seconds_left() noexcept
    {
        static std::atomic<int> instance{0};
        return instance;
    }

    struct job
    {
        test::shared_object<result_row> row;
        std::string queue;
        pid_t worker = 0;
        bool done = false;
    };

    void start(job& j, const operation& what, std::size_t number)
    {
        j.queue =
            "kill." + std::to_string(::getpid()) + "." + std::to_string(number);
        std::cout.flush(); // or the child writes it again
        j.worker = ::fork();
        if (j.worker != 0)
            return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        // If a survivor hangs, its alarm kills it.
        ::signal(SIGALRM, SIG_DFL);
        stay_on_one_processor(number);
        try
        {
            work(what, j.queue, *j.row);
        }
        catch (const std::exception& e)
        {
            note(*j.row, e.what());
        }
        std::_Exit(0);
    }

    // A step is twice as fast if victim and worker share a processor.
    static void stay_on_one_processor(std::size_t number)
    {
        cpu_set_t allowed, chosen;
        if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0)
            return;
        std::size_t skip =
            number % static_cast<std::size_t>(CPU_COUNT(&allowed));
        for (int i = 0; i < CPU_SETSIZE; ++i)
            if (CPU_ISSET(i, &allowed) && skip-- == 0)
            {
                CPU_ZERO(&chosen);
                CPU_SET(i, &chosen);
                ::sched_setaffinity(0, sizeof chosen, &chosen);
                return;
            }
    }

    void finish(job& j, int status)
    {
        j.done = true;
        result_row& row = *j.row;
        if (WIFSIGNALED(status))
            note(
                row, WTERMSIG(status) == SIGALRM
                         ? row.killed ? "survivors hang"
                                      : "the victim could not be stepped"
                         : "survivors died of signal " +
                               std::to_string(WTERMSIG(status)));
        else if (!row.finished && row.broken == 0)
            note(row, "the worker ended early");
        boost::system::error_code ignored;
        boost_ipq::remove_queue(j.queue, ignored);
        boost_ipq::remove_queue(j.queue + ".dead", ignored);
        ++m_operations;
        m_kills += row.kills;
        m_checked += row.checked;
        m_broken += row.broken;
        m_worst = (std::max)(m_worst, row.worst);
    }

    // In the worker.
    static void
    work(const operation& what, const std::string& queue, result_row& row)
    {
        const auto begin = std::chrono::steady_clock::now();
        verdict result;
        for (std::size_t part = 0; work(what, queue, part, row, result); ++part)
        {
        }
        auto& times = result.times();
        std::sort(times.begin(), times.end());
        const auto ms = [](std::chrono::nanoseconds t) {
            return static_cast<double>(t.count()) / 1e6;
        };
        if (!times.empty())
        {
            row.median = ms(times[times.size() / 2]);
            row.worst = ms(times.back());
        }
        row.seconds = std::chrono::duration<double>(
                          std::chrono::steady_clock::now() - begin)
                          .count();
        row.finished = true;
    }

    static void kill_once(
        const operation& what, scenario& victim_and_survivors,
        const kill_point& point, std::uint64_t variant, result_row& row,
        verdict& result)
    {
        limit_time(time_limit);
        row.killed = false;
        row.astray +=
            !kill_at(victim_and_survivors, point, [&](victim_process& victim) {
                if (what.pause)
                {
                    victim_and_survivors.while_paused(result);
                    victim.finish();
                }
            });
        ++row.kills;
        row.killed = true;
        victim_and_survivors.check(result, variant);
    }

    // Returns: false if there is no such part.
    static bool work(
        const operation& what, const std::string& queue, std::size_t part,
        result_row& row, verdict& result)
    {
        limit_time(2 * time_limit);
        auto scenario = what.make(queue, part);
        if (!scenario)
            return false;
        const std::uint64_t variants = scenario->variants();
        const kill_plan plan =
            what.calls_only
                ? kill_plan(*scenario)
                : kill_plan(
                      *scenario, what.own_text_only, what.passes_of_loops);
        if (what.pause)
            scenario->while_paused(result);
        scenario->check(result, 0);
        row.instructions = (std::max)(row.instructions, plan.instructions());
        row.calls = (std::max)(row.calls, plan.calls());
        const auto points =
            what.calls_only ? plan.call_points() : plan.points();
        const std::size_t least = what.calls_only ? points.size() : plan.ends();
        const auto end = std::chrono::steady_clock::now() +
                         std::chrono::duration<double>(what.share * seconds());
        row.points += points.size();
        for (std::size_t i = 0; i != points.size(); ++i)
        {
            if (i >= least && std::chrono::steady_clock::now() > end)
                break;
            ++row.reached;
            const kill_point& point = points[i];
            for (std::uint64_t variant = 0; variant != variants; ++variant)
            {
                if (what.rotate && (i + part) % variants != variant)
                    continue;
                row.now = point;
                row.part = part;
                try
                {
                    try
                    {
                        kill_once(what, *scenario, point, variant, row, result);
                    }
                    catch (const too_slow&)
                    {
                        ++row.repeated;
                        scenario.reset();
                        scenario = what.make(queue, part);
                        kill_once(what, *scenario, point, variant, row, result);
                    }
                }
                catch (const broken_promise& e)
                {
                    note(row, e.what());
                    if (row.broken == 10)
                        std::_Exit(0);
                    scenario.reset();
                    scenario = what.make(queue, part);
                }
                row.checked = result.checked();
                row.litter = result.litter();
            }
        }
        return true;
    }

    static void note(result_row& row, const std::string& what)
    {
        if (row.broken++ == 0)
            std::snprintf(
                row.first, sizeof row.first,
                "part %llu, after %llu system calls and %llu instructions: %s",
                static_cast<unsigned long long>(row.part),
                static_cast<unsigned long long>(row.now.calls),
                static_cast<unsigned long long>(row.now.steps), what.c_str());
    }

    static void
    print(const operation& what, const result_row& row, std::ostream& out)
    {
        out << std::left << std::setw(46) << what.name << std::right
            << std::setw(8) << row.instructions << std::setw(6) << row.calls
            << std::setw(7) << row.kills << std::setw(9) << row.checked
            << std::setw(7) << row.broken << std::fixed << std::setprecision(2)
            << std::setw(23) << row.median << std::setw(8) << row.worst
            << std::setprecision(1) << std::setw(7) << row.seconds;
        if (row.reached != row.points)
            out << "  " << 100 * row.reached / row.points << " % of them";
        if (row.repeated != 0)
            out << "  " << row.repeated << " repeated: > 100 ms";
        if (row.litter != 0)
            out << "  " << row.litter << " files of sem_open()";
        if (row.astray != 0)
            out << "  " << row.astray << " took another path";
        out << '\n';
        if (row.broken != 0)
            out << "    BROKEN: " << row.first << '\n';
        out << std::flush;
    }

    std::uint64_t m_operations = 0, m_kills = 0, m_checked = 0, m_broken = 0;
    double m_worst = 0;
};

} // namespace kill_test

#endif
