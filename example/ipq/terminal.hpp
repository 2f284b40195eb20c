// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_TERMINAL_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_TERMINAL_HPP

// The terminal of the program: its second screen, its mode without line editing
// and echo, its keys, its size. Whatever ends or stops the program brings the
// first screen, the cursor and the mode back: signals by their handlers,
// SIGKILL by a second process, which waits for the end of the first.

#include "../support.hpp"
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#ifndef _WIN32
#include <langinfo.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <clocale>
#endif

namespace ipq {

using namespace example;

inline constexpr char enter_screen[] = "\033[?1049h\033[?25l";
inline constexpr char leave_screen[] = "\033[0m\033[?25h\033[?1049l";

inline std::atomic<bool> pause_wanted{false}; // Ctrl-Z
inline std::atomic<bool> was_stopped{false};  // and goes on
inline std::atomic<bool> size_changed{false};

struct screen_size
{
    unsigned lines = 24, columns = 80;
};

#ifdef _WIN32
// Without keys; only Ctrl-C ends the program.
class terminal
{
public:
    terminal() { catch_signals(false); }
    void enter() { std::cout << enter_screen << std::flush; }
    void leave() { std::cout << leave_screen << std::flush; }
    void pause() {}
    void put(const std::string& text) { std::cout << text << std::flush; }
    screen_size size() const { return {}; }
    bool has_unicode() const { return false; }
    std::string keys(std::chrono::milliseconds wait)
    {
        std::this_thread::sleep_for(wait);
        return {};
    }
};
#else

// What the signal handlers need.
inline struct termios first_mode = {};
inline std::atomic<bool> mode_is_known{false};

// Callable in a signal handler.
inline void restore_terminal()
{
    if (mode_is_known)
        tcsetattr(STDIN_FILENO, TCSANOW, &first_mode);
    const auto written =
        write(STDOUT_FILENO, leave_screen, sizeof(leave_screen) - 1);
    static_cast<void>(written); // nothing can be done about it
}

// For crashes: the default action follows.
inline void leave_and_die(int number)
{
    restore_terminal();
    std::raise(number); // delivered when this handler returns
}

inline void note_terminal_signal(int number)
{
    (number == SIGTSTP   ? pause_wanted
     : number == SIGCONT ? was_stopped
                         : size_changed) = true;
}

inline void set_handler(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaction(number, &action, nullptr);
}

inline void catch_all_signals()
{
    std::signal(SIGPIPE, SIG_IGN);
    // Without SA_RESTART: a signal ends a write to a terminal that is held by
    // Ctrl-S.
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
        set_handler(number, note_signal, 0);
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
        set_handler(number, leave_and_die, SA_RESETHAND);
    for (const int number : {SIGTSTP, SIGCONT, SIGWINCH})
        set_handler(number, note_terminal_signal, SA_RESTART);
}

// A process that restores the terminal if this one is killed.
class guard_process
{
public:
    guard_process()
    {
        if (pipe(m_pipe) != 0)
            fail("cannot create a pipe");
        m_pid = fork();
        if (m_pid == 0)
            watch();
        close(m_pipe[0]);
    }
    guard_process(const guard_process&) = delete;
    guard_process& operator=(const guard_process&) = delete;

    ~guard_process()
    {
        const auto written = write(m_pipe[1], "", 1); // all is well
        static_cast<void>(written);
        close(m_pipe[1]);
        if (m_pid > 0)
            waitpid(m_pid, nullptr, 0);
    }

private:
    // A session of its own: no signal of the terminal arrives.
    [[noreturn]] void watch()
    {
        setsid();
        close(m_pipe[1]);
        char farewell;
        ssize_t length;
        do
            length = read(m_pipe[0], &farewell, 1);
        while (length < 0 && errno == EINTR);
        if (length == 0)
            restore_terminal();
        _exit(0);
    }

    int m_pipe[2];
    pid_t m_pid;
};

class terminal
{
public:
    terminal()
    {
        if (!is_terminal(stdout))
            throw std::runtime_error("the standard output is no terminal");
        const char* type = std::getenv("TERM");
        if (type && std::string(type) == "dumb")
            throw std::runtime_error("the terminal is of the type 'dumb'");
        std::setlocale(LC_CTYPE, "");
        mode_is_known =
            is_terminal(stdin) && tcgetattr(STDIN_FILENO, &first_mode) == 0;
        m_guard.emplace();
        catch_all_signals();
    }

    void enter()
    {
        if (mode_is_known)
        {
            struct termios mode = first_mode;
            mode.c_lflag &= ~tcflag_t(ICANON | ECHO);
            mode.c_cc[VMIN] = 1;
            mode.c_cc[VTIME] = 0;
            // In the background, this stops the program.
            tcsetattr(STDIN_FILENO, TCSANOW, &mode);
        }
        put(enter_screen);
    }

    void leave() { restore_terminal(); }

    // SIGTSTP has a handler, and would not stop the program.
    void pause() { std::raise(SIGSTOP); }

    // A signal that ends the program ends the writing, too.
    void put(const std::string& text)
    {
        std::size_t done = 0;
        while (done != text.size() && !interrupted())
        {
            const auto n =
                write(STDOUT_FILENO, text.data() + done, text.size() - done);
            if (n >= 0)
                done += static_cast<std::size_t>(n);
            else if (errno != EINTR && errno != EAGAIN)
                note_signal(SIGHUP); // as if its signal had come
        }
    }

    screen_size size() const
    {
        struct winsize now = {};
        screen_size result;
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) == 0)
        {
            if (now.ws_row != 0)
                result.lines = now.ws_row;
            if (now.ws_col != 0)
                result.columns = now.ws_col;
        }
        return result;
    }

    bool has_unicode() const
    {
        return std::string(nl_langinfo(CODESET)) == "UTF-8";
    }

    // What was typed; empty after that time, or when a signal came.
    std::string keys(std::chrono::milliseconds wait)
    {
        struct pollfd input = {STDIN_FILENO, POLLIN, 0};
        const int count = mode_is_known ? 1 : 0;
        char typed[64];
        if (poll(&input, nfds_t(count), int(wait.count())) <= 0)
            return {};
        const auto n = read(STDIN_FILENO, typed, sizeof typed);
        if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
            note_signal(SIGHUP); // as if its signal had come
        return std::string(typed, n > 0 ? static_cast<std::size_t>(n) : 0);
    }

private:
    std::optional<guard_process> m_guard{};
};
#endif

} // namespace ipq

#endif
