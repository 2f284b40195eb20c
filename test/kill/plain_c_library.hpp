// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_TEST_KILL_PLAIN_C_LIBRARY_HPP
#define BOOST_IPQ_TEST_KILL_PLAIN_C_LIBRARY_HPP

#include <unistd.h>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace kill_test {

// Effects: restarts this program with a C library that binds functions when the
// program is loaded, and that copies in steps of more than a byte. The C
// library reads these settings from the environment before main().
inline void use_plain_c_library()
{
    if (std::getenv("LD_BIND_NOW"))
        return;
    ::setenv("LD_BIND_NOW", "1", 1);
    ::setenv(
        "GLIBC_TUNABLES",
        "glibc.cpu.x86_rep_movsb_threshold=1000000000:"
        "glibc.cpu.x86_rep_stosb_threshold=1000000000",
        1);
    // Boost.Test may have removed its arguments from argv.
    std::ifstream file("/proc/self/cmdline");
    std::vector<std::string> words;
    for (std::string word; std::getline(file, word, '\0');)
        words.push_back(word);
    std::vector<char*> argv;
    for (auto& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv("/proc/self/exe", argv.data());
    // Without /proc the program works as it is, with more steps.
}

} // namespace kill_test

#endif
