// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_BENCH_PEERS_ICEORYX_DAEMON_HPP
#define BOOST_IPQ_BENCH_PEERS_ICEORYX_DAEMON_HPP

#include "../support/system.hpp"
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <filesystem>
#include <string>
#include <system_error>

namespace bench {

// Runs iox-roudi from the first use to the end of the program.
class iceoryx_daemon
{
public:
    // Throws: unsupported if the daemon does not run.
    static void start()
    {
        static iceoryx_daemon instance;
        if (::waitpid(instance.m_pid, nullptr, WNOHANG) != 0)
            throw unsupported("iox-roudi does not run: install it, or end "
                              "the instance that runs already");
    }

    // Returns: a name for a child of the program that started the daemon.
    static std::string process_name()
    {
        return prefix(::getppid()) + std::to_string(::getpid());
    }

private:
    static std::string prefix(pid_t program)
    {
        return "ipqbench-" + std::to_string(program) + '-';
    }

    iceoryx_daemon()
    {
        m_pid = ::fork();
        if (m_pid < 0)
            fail("fork");
        if (m_pid == 0)
        {
            ::prctl(PR_SET_PDEATHSIG, SIGTERM);
            const int nowhere = ::open("/dev/null", O_RDWR);
            ::dup2(nowhere, STDOUT_FILENO);
            ::dup2(nowhere, STDERR_FILENO);
            ::execlp(
                "iox-roudi", "iox-roudi", "-l", "off", "-m", "on",
                static_cast<char*>(nullptr));
            ::_exit(127);
        }
        nap(500 * 1000 * 1000); // it creates its memory, or fails, by then
    }

    ~iceoryx_daemon()
    {
        ::kill(m_pid, SIGTERM);
        ::waitpid(m_pid, nullptr, 0);
        // Removes files that its clients leave behind when they exit.
        const std::string mine = prefix(::getpid());
        std::error_code ignored;
        for (const auto& entry :
             std::filesystem::directory_iterator("/tmp", ignored))
            if (entry.path().filename().string().rfind(mine, 0) == 0)
                std::filesystem::remove(entry.path(), ignored);
    }

    pid_t m_pid;
};

} // namespace bench

#endif
