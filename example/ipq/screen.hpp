// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_IPQ_SCREEN_HPP
#define BOOST_IPQ_EXAMPLE_IPQ_SCREEN_HPP

// A terminal's second screen, by ANSI sequences. Whatever ends the program,
// except SIGKILL, brings the first screen and the cursor back. The mode of the
// terminal is not changed.

#include "../support.hpp"
#include <string>
#ifndef _WIN32
#include <sys/ioctl.h>
#endif

namespace ipq {

using namespace example;

inline constexpr char enter_screen[] = "\033[?1049h\033[?25l";
inline constexpr char leave_screen[] = "\033[?25h\033[?1049l";

inline std::atomic<bool> pause_wanted{false}; // Ctrl-Z

#ifdef _WIN32
inline void catch_all_signals()
{
    catch_signals(false);
}
inline void pause_program() {}
inline unsigned screen_lines()
{
    return 24;
}
#else
// For crashes: the default action follows.
inline void leave_and_die(int number)
{
    const auto written =
        write(STDOUT_FILENO, leave_screen, sizeof(leave_screen) - 1);
    static_cast<void>(written); // nothing can be done about it
    std::raise(number);         // delivered when this handler returns
}

inline void note_pause(int)
{
    pause_wanted = true;
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
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
        set_handler(number, note_signal, SA_RESTART);
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
        set_handler(number, leave_and_die, SA_RESETHAND);
    set_handler(SIGTSTP, note_pause, SA_RESTART);
}

// SIGTSTP has a handler, and would not stop the program.
inline void pause_program()
{
    std::raise(SIGSTOP);
}

inline unsigned screen_lines()
{
    struct winsize size = {};
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    return known && size.ws_row != 0 ? size.ws_row : 24;
}
#endif

class screen
{
public:
    screen()
    {
        if (!is_terminal(stdout))
            throw std::runtime_error("the standard output is no terminal");
        catch_all_signals();
        std::cout << enter_screen << std::flush;
    }
    screen(const screen&) = delete;
    screen& operator=(const screen&) = delete;
    ~screen() { std::cout << leave_screen << std::flush; }

    // `text` is lines that fit the screen.
    void draw(const std::string& text)
    {
        if (pause_wanted.exchange(false))
        {
            std::cout << leave_screen << std::flush;
            pause_program();
            std::cout << enter_screen;
        }
        std::string frame = "\033[H";
        for (const char c : text)
            frame += c == '\n' ? "\033[K\n" : std::string(1, c);
        if (!(std::cout << frame << "\033[J" << std::flush))
            fail("cannot write to the terminal");
    }
};

} // namespace ipq

#endif
