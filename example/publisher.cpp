// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Sends messages to a queue: numbered messages, the lines of the standard
// input, a file in chunks, or many files. Any number of publishers may run at
// once. subscriber.cpp receives the messages.

#include "meter.hpp"
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <algorithm>
#include <fstream>
#include <thread>

namespace {

using namespace example;

// Sends messages and counts them. Waits for room while the queue is full.
class sender
{
public:
    explicit sender(const po::variables_map& options)
        : m_out(open_queue<boost_ipq::publisher>(options)),
          m_meter(
              "sent", options.count("digest"),
              // Progress would disturb a user who types the lines.
              !(options.count("lines") && is_terminal(stdin)))
    {
        m_meter.begin();
    }

    // `what` describes the message. Returns false if a signal came first.
    bool send(const std::string& message, const std::string& what)
    {
        if (interrupted())
            return false;
        try
        {
            if (!m_out.enqueue(message.data(), message.size(), stop_when()))
                return false;
        }
        catch (const boost_ipq::message_too_large&)
        {
            // A message takes 8 bytes more than its size.
            const auto kilobytes = (message.size() + 8 + 1023) / 1024;
            throw std::runtime_error(
                what + " has " + std::to_string(message.size()) +
                " bytes and could never fit this queue: use a queue that was "
                "created with --capacity " +
                std::to_string(kilobytes) + "K or more");
        }
        m_meter.add(message.data(), message.size());
        return true;
    }

    void finish() { m_meter.finish(); }

private:
    boost_ipq::publisher m_out;
    meter m_meter;
};

void send_numbers(sender& out, const po::variables_map& options)
{
    const auto& name = options["name"].as<std::string>();
    const auto count = options["count"].as<number>().value;
    const auto interval = to_milliseconds(options["interval"].as<number>());
    for (std::uint64_t i = 1; i <= count; ++i)
    {
        const std::string text = name + " #" + std::to_string(i);
        if (!out.send(text, "message " + std::to_string(i)))
            return;
        // In short steps, because a signal does not end a sleep.
        for (auto rest = interval; i < count && rest.count() > 0;)
        {
            const auto step = (std::min)(rest, std::chrono::milliseconds(10));
            std::this_thread::sleep_for(step);
            rest = interrupted() ? rest.zero() : rest - step;
        }
    }
}

// Calls `use(stream)` with the file, or with the standard input for "-".
template <class Function>
void with_input(const std::string& path, Function use)
{
    std::ifstream file;
    std::istream& in = path == "-" ? std::cin : file;
    errno = 0;
    if (path != "-")
        file.open(path, std::ios::binary);
    if (!in)
        fail("cannot open '" + path + "'");
    use(in);
    if (in.bad() || (path == "-" && std::ferror(stdin) && !interrupted()))
        fail("cannot read '" + path + "'");
}

void send_lines(sender& out)
{
    with_input("-", [&](std::istream& in) {
        std::string line;
        for (std::uint64_t i = 1; std::getline(in, line); ++i)
            if (!out.send(line, "line " + std::to_string(i)))
                return;
    });
}

void send_chunks(sender& out, const std::string& path, std::size_t size)
{
    with_input(path, [&](std::istream& in) {
        std::string chunk;
        do
        {
            chunk.resize(size);
            in.read(&chunk[0], static_cast<std::streamsize>(size));
            chunk.resize(static_cast<std::size_t>(in.gcount()));
        } while (!chunk.empty() &&
                 out.send(chunk, "a chunk of '" + path + "'"));
    });
}

void send_files(sender& out, const std::string& list)
{
    std::string path, body;
    with_input(list, [&](std::istream& paths) {
        while (std::getline(paths, path) && !interrupted())
        {
            with_input(path, [&](std::istream& in) {
                std::size_t size = 0;
                do
                {
                    body.resize((std::max)(2 * size, std::size_t(1) << 16));
                    in.read(&body[size], std::streamsize(body.size() - size));
                    size += static_cast<std::size_t>(in.gcount());
                } while (in);
                body.resize(size);
            });
            if (!out.send(body, "'" + path + "'"))
                return;
        }
    });
}

void publish(const po::variables_map& options)
{
    const auto lines = options.count("lines");
    const auto file = options.count("file");
    const auto files = options.count("files-from");
    if (lines + file + files + !options["count"].defaulted() > 1)
        throw po::error(
            "give one of --count, --lines, --file and --files-from");
    const auto chunk = options["chunk"].as<byte_count>().value;
    if (chunk == 0)
        throw po::error("--chunk must be at least 1 byte");

    catch_signals(true);
    sender out(options);
    if (lines)
        send_lines(out);
    else if (file)
        send_chunks(out, options["file"].as<std::string>(), chunk);
    else if (files)
        send_files(out, options["files-from"].as<std::string>());
    else
        send_numbers(out, options);
    out.finish();

    if (options.count("remove") && !interrupted())
        boost_ipq::remove_queue(options["queue"].as<std::string>());
}

} // namespace

int main(int argc, char* argv[])
{
    po::options_description options("Messages");
    auto add = options.add_options();
    add("count",
        po::value<number>()->default_value({10}, "10")->value_name("N"),
        "send N numbered messages, \"NAME #1\" and so on (the default)");
    add("interval",
        po::value<number>()->default_value({0}, "0")->value_name("MS"),
        "milliseconds between numbered messages");
    add("name",
        po::value<std::string>()
            ->default_value(std::to_string(process_id()), "process id")
            ->value_name("NAME"),
        "a prefix that distinguishes the numbered messages of several "
        "publishers");
    add("lines", "send every line of the standard input");
    add("file", po::value<std::string>()->value_name("F"),
        "send a file in chunks; - is the standard input");
    add("chunk",
        po::value<byte_count>()
            ->default_value({64 << 10}, "64K")
            ->value_name("BYTES"),
        "the size of a chunk");
    add("files-from", po::value<std::string>()->value_name("LIST"),
        "send each file named in LIST, one path a line, as one message; - is "
        "the standard input");
    add("digest",
        "print at the end: messages, bytes, CRC-64 of all lengths and bodies "
        "in order, seconds, messages/s, MB/s");
    add("remove",
        "remove the queue at the end. Subscribers that have it open still "
        "receive the messages that wait; later ones do not find the queue");
    return run(
        argc, argv, "publisher",
        "Usage: publisher --queue NAME [options]\n"
        "Sends messages to a queue between processes; waits while the queue "
        "is full.\n"
        "\n"
        "  publisher --queue q --count 5 --interval 500\n"
        "  publisher --queue q --lines < notes.txt\n"
        "  find . -type f | publisher --queue q --files-from - --capacity 8M\n"
        "\n"
        "Exit status: 0 all sent, 1 failed, 2 wrong command line, 130 after "
        "Ctrl-C, 143\n"
        "after SIGTERM. Messages that were sent stay in the queue.\n",
        common_options().add(options), publish);
}
