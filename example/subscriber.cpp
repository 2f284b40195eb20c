// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Receives messages from a queue and writes them. Several subscribers of one
// queue share its messages: each message goes to one of them. publisher.cpp
// sends the messages.

#include "meter.hpp"
#include <boost_ipq/subscriber.hpp>
#include <fstream>
#include <optional>

namespace {

using namespace example;

// Writes messages to the standard output or a file.
class writer
{
public:
    explicit writer(const po::variables_map& options)
        : m_lines(options.count("lines")),
          m_numbered(options.count("numbered"))
    {
        if (!options.count("output"))
            return;
        m_name = "'" + options["output"].as<std::string>() + "'";
        errno = 0;
        m_file.open(options["output"].as<std::string>(), std::ios::binary);
        if (!m_file)
            fail("cannot create " + m_name);
        m_out = &m_file;
    }

    void write(std::uint64_t number, const std::string& message)
    {
        errno = 0;
        ++m_unwritten;
        if (m_numbered)
            *m_out << '#' << number << ", " << message.size() << " bytes: ";
        m_out->write(message.data(), std::streamsize(message.size()));
        if (m_lines || m_numbered)
            m_out->put('\n');
        check();
    }

    void flush()
    {
        errno = 0;
        m_out->flush();
        check();
        m_unwritten = 0;
    }

private:
    void check()
    {
        if (!*m_out)
            fail(
                "cannot write " + m_name + ": up to " +
                std::to_string(m_unwritten) +
                " messages that were taken from the queue are lost");
    }

    const bool m_lines;
    const bool m_numbered;
    std::string m_name = "the standard output";
    std::ofstream m_file;
    std::ostream* m_out = &std::cout;
    std::uint64_t m_unwritten = 0; // messages, since the last flush()
};

void subscribe(const po::variables_map& options)
{
    const bool digest = options.count("digest");
    if (digest && options.count("lines") + options.count("numbered") +
                      options.count("output"))
        throw po::error("--digest writes no messages: use it without "
                        "--lines, --numbered and --output");
    const auto count = options.count("count")
                           ? options["count"].as<number>().value
                           : (std::numeric_limits<std::uint64_t>::max)();
    std::optional<std::chrono::milliseconds> idle;
    if (options.count("idle"))
        idle = to_milliseconds(options["idle"].as<number>());
    // On a terminal, messages and progress would overwrite each other.
    const bool quiet =
        !digest && !options.count("output") && is_terminal(stdout);

    catch_signals(false);
    writer out(options);
    meter received("received", digest, !quiet);
    auto in = open_queue<boost_ipq::subscriber>(options);
    std::string message;
    while (received.messages() < count && !interrupted())
    {
        if (!in.try_dequeue(message))
        {
            // The queue is empty: write everything received so far, then wait.
            out.flush();
            stop_when stop;
            if (idle)
                stop.deadline = steady_clock::now() + *idle;
            if (!in.dequeue(message, stop))
                break;
        }
        received.begin();
        if (!digest)
            out.write(received.messages() + 1, message);
        received.add(message.data(), message.size());
    }
    out.flush();
    received.finish();
}

} // namespace

int main(int argc, char* argv[])
{
    po::options_description options("Messages");
    auto add = options.add_options();
    add("output", po::value<std::string>()->value_name("F"),
        "write to this file instead of the standard output");
    add("lines", "write a newline after every message");
    add("numbered", "write every message as a line with its number and length");
    add("digest",
        "write no messages; print at the end: messages, bytes, CRC-64 of all "
        "lengths and bodies in order, seconds, messages/s, MB/s");
    add("count", po::value<number>()->value_name("N"), "stop after N messages");
    add("idle", po::value<number>()->value_name("MS"),
        "stop when no message has arrived for MS milliseconds");
    return run(
        argc, argv, "subscriber",
        "Usage: subscriber --queue NAME [options]\n"
        "Receives messages from a queue between processes and writes them; "
        "waits\n"
        "for more until Ctrl-C, --count or --idle.\n"
        "\n"
        "  subscriber --queue q --lines\n"
        "  subscriber --queue q --count 1 --output message.bin\n"
        "  subscriber --queue q --digest --idle 2000\n"
        "\n"
        "Exit status: 0 done, 1 failed, 2 wrong command line, 130 after "
        "Ctrl-C, 143\n"
        "after SIGTERM. Messages that were not received stay in the queue.\n",
        common_options().add(options), subscribe);
}
