// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// ipq: a command-line tool to look at queues, to send and to receive, and to
// manage them. `ipq --help` names the commands.

#include "bench.hpp"
#include "copy.hpp"
#include "look.hpp"
#include "manage.hpp"
#include "peek.hpp"
#include "tail.hpp"
#include "top.hpp"
#include "transfer.hpp"
#include <cstring>
#include <iterator>

namespace {

using namespace ipq;

const command commands[] = {
    {"list",
     "",
     "print a line for each queue",
     "",
     {},
     false,
     list_options,
     list},
    {"stat",
     "[QUEUE...]",
     "print what is known of queues",
     "",
     {"queue"},
     true,
     stat_options,
     ipq::stat},
    {"send",
     "QUEUE [FILE...]",
     "send messages from the standard input, or files",
     "The queue must exist; 'ipq create' makes one. Each FILE is a message.\n",
     {"queue", "file"},
     true,
     send_options,
     send},
    {"receive",
     "QUEUE",
     "take messages and write them to the standard output",
     "A message that could not be written stays in the queue.\n",
     {"queue"},
     false,
     receive_options,
     receive},
    {"peek",
     "QUEUE",
     "print the messages that wait, and leave them",
     "Bytes that are no text are printed as \\xNN.\n",
     {"queue"},
     false,
     peek_options,
     peek},
    {"tail",
     "QUEUE",
     "follow a broadcast, and take nothing from others",
     "If its publishers wait for slow subscribers, they wait for this one, "
     "too.\n",
     {"queue"},
     false,
     tail_options,
     tail},
    {"create",
     "QUEUE",
     "create a queue",
     "",
     {"queue"},
     false,
     create_options,
     create},
    {"remove",
     "QUEUE",
     "remove a queue and its messages",
     "Asks if another process has the queue open.\n",
     {"queue"},
     false,
     remove_options,
     ipq::remove},
    {"purge",
     "QUEUE",
     "drop the messages that wait",
     "Asks if another process has the queue open.\n",
     {"queue"},
     false,
     purge_options,
     purge},
    {"requeue",
     "FROM TO",
     "move the messages of a queue to another",
     "For example from a dead-letter queue to its source.\n",
     {"from", "to"},
     false,
     requeue_options,
     requeue},
    {"repair",
     "QUEUE",
     "recover what dead processes left in a queue",
     "You rarely need it: programs recover what they need.\n",
     {"queue"},
     false,
     repair_options,
     repair},
    {"bench",
     "",
     "measure how fast two threads exchange messages",
     "",
     {},
     false,
     bench_options,
     bench},
    {"copy",
     "QUEUE",
     "record messages in a file, or send a recording",
     "",
     {"queue"},
     false,
     copy_options,
     ipq::copy},
    {"top",
     "[QUEUE]",
     "show all queues, or one in detail, again and again",
     "Keys: up and down choose a queue, Enter shows it in detail, Esc all "
     "again.\ns sorts, + and - change the interval, q ends.\n",
     {"queue"},
     false,
     top_options,
     top},
};

void print_overview()
{
    std::cout << "Usage: ipq COMMAND [options]\n"
                 "Looks at queues between processes and works on them.\n\n";
    for (const auto& c : commands)
        std::cout << "  " << c.name << std::string(9 - std::strlen(c.name), ' ')
                  << c.summary << '\n';
    std::cout << "\n'ipq COMMAND --help' prints the options of a command.\n"
                 "Exit status: 0 done, 1 failed, 2 wrong command line, 128 + n "
                 "after signal n.\n";
}

int run_command(const command& c, int argc, char* argv[])
{
    const std::string name = std::string("ipq ") + c.name;
    std::string about = "Usage: " + name + ' ' + c.operands +
                        (*c.operands ? " " : "") + "[options]\n" + c.summary;
    about += std::string(".\n") + c.details;
    const auto begin = about.find('\n') + 1;
    about[begin] = static_cast<char>(about[begin] - 'a' + 'A');
    po::positional_options_description operands;
    for (const char* option : c.operand_options)
        operands.add(
            option, c.many && option == c.operand_options.back() ? -1 : 1);
    return run(argc, argv, name, about, c.options(), c.run, operands);
}

int refuse(const std::string& what)
{
    std::cerr << "ipq: " << what << "; try 'ipq --help'\n";
    return 2;
}

} // namespace

int main(int argc, char* argv[])
{
    if (argc < 2)
        return refuse("a command is missing");
    const std::string word = argv[1];
    if (word == "--help" || word == "-h" || word == "help")
        print_overview();
    else if (word == "--version")
        std::cout << "ipq (boost_ipq) " BOOST_IPQ_LIB_VERSION "\n";
    else
    {
        const auto found = std::find_if(
            std::begin(commands), std::end(commands),
            [&](const command& c) { return word == c.name; });
        if (found == std::end(commands))
            return refuse("there is no command '" + word + "'");
        return run_command(*found, argc - 1, argv + 1);
    }
    return std::cout.flush() ? 0 : 1;
}
