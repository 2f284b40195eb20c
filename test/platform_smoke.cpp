// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Tries everything that depends on the operating system, in several processes,
// for systems on which test/run.sh cannot run. The program starts itself again
// as the others, or the program that is its argument: one that was built with a
// different Boost, C++ standard or C library. If those refuse to share a queue
// in shared memory, the program says so, tries one in a directory, and ends
// with the status 3.

#include <boost_ipq/asio.hpp>
#include <boost_ipq/inspect.hpp>
#include <boost_ipq/publisher.hpp>
#include <boost_ipq/remove_queue.hpp>
#include <boost_ipq/subscriber.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/predef/other/endian.h>
#include <boost/version.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>
#if BOOST_ENDIAN_LITTLE_BYTE
#include <boost_ipq/cloudtoid.hpp>
#endif
#if defined(_WIN32)
#include <windows.h>
#else
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
extern char** environ;
#endif

namespace {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;
using boost_ipq::queue_options;

[[noreturn]] void die(const char* what, int line)
{
    std::printf("line %d: not so: %s\n", line, what);
    std::fflush(stdout);
    std::_Exit(1);
}

#define CHECK(...)                                                             \
    ((__VA_ARGS__) ? static_cast<void>(0) : die(#__VA_ARGS__, __LINE__))

// Begins the names of all queues.
std::string prefix;

// ---- The system -------------------------------------------------------------

#if defined(_WIN32)
class process
{
public:
    process(const std::string& program, const std::string& role)
    {
        std::string line = "\"" + program + "\" " + role + " " + prefix;
        STARTUPINFOA start = {};
        start.cb = sizeof start;
        CHECK(CreateProcessA(
            nullptr, &line[0], nullptr, nullptr, FALSE, 0, nullptr, nullptr,
            &start, &m_info));
    }
    void kill() { CHECK(TerminateProcess(m_info.hProcess, 9)); }
    int wait()
    {
        DWORD status = 0;
        WaitForSingleObject(m_info.hProcess, INFINITE);
        GetExitCodeProcess(m_info.hProcess, &status);
        return static_cast<int>(status);
    }

private:
    PROCESS_INFORMATION m_info = {};
};

unsigned long process_id()
{
    return GetCurrentProcessId();
}

double processor_seconds()
{
    FILETIME times[4];
    GetProcessTimes(
        GetCurrentProcess(), &times[0], &times[1], &times[2], &times[3]);
    return (times[2].dwLowDateTime + times[3].dwLowDateTime) / 1e7;
}
#else
class process
{
public:
    process(std::string program, std::string role)
    {
        // For a different processor: the emulator of this one.
        const char* const emulator = std::getenv("BOOST_IPQ_EMULATOR");
        std::string first = emulator ? emulator : program, begin = prefix;
        std::vector<char*> words = {
            &first[0], &program[0], &role[0], &begin[0], nullptr};
        if (!emulator)
            words.erase(words.begin());
        CHECK(
            posix_spawn(
                &m_id, first.c_str(), nullptr, nullptr, words.data(),
                environ) == 0);
    }
    void kill() { CHECK(::kill(m_id, SIGKILL) == 0); }
    int wait()
    {
        int status = 0;
        waitpid(m_id, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 9;
    }

private:
    pid_t m_id = 0;
};

unsigned long process_id()
{
    return static_cast<unsigned long>(getpid());
}

double processor_seconds()
{
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) +
               static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}
#endif

// ---- The other process ------------------------------------------------------

constexpr std::uint32_t count = 100000;

// The library promises 100 ms, which is tested on systems where it can be
// measured. Here it may be Wine with other programs beside it: nothing may
// hang.
constexpr auto time_limit = 5s;

queue_options numbers()
{
    return queue_options(prefix + "numbers", 1 << 16);
}
queue_options transient()
{
    return queue_options(prefix + "Transient", 4096)
        .lifetime(boost_ipq::lifetime::while_open);
}
queue_options victim()
{
    return queue_options(prefix + "victim", 4096);
}
queue_options echo(const char* name)
{
    return queue_options(prefix + "echo." + name, 4096);
}

queue_options gate()
{
    return queue_options(prefix + "gate", 4096);
}
queue_options leave()
{
    return queue_options(prefix + "leave", 4096);
}
queue_options crowded()
{
    return queue_options(prefix + "crowded", 4096);
}
queue_options replies()
{
    return queue_options(prefix + "replies", 4096);
}
// UTF-8. The second one is not of one code page, and long.
enum class place
{
    shallow,
    deep
};
std::string folder(place where)
{
    std::string result = std::filesystem::temp_directory_path().string() + "/" +
                         prefix + "folder";
    if (where == place::deep)
        for (int i = 0; i < 8; ++i)
            result += "/Z\xc3\xbcrich \xd0\x9c\xd0\xb8\xd1\x80 "
                      "\xe4\xb8\x96\xe7\x95\x8c "
                      "0123456789 0123456789 0123456789";
    return result;
}
queue_options in_folder(place where)
{
    return queue_options(prefix + "filed", 4096).directory(folder(where));
}

[[noreturn]] void stay()
{
    for (;;)
        std::this_thread::sleep_for(1h);
}

// Queues in a directory have no named semaphores: what programs that refuse
// each other's queues in shared memory can share.
std::string common_folder()
{
    return std::filesystem::temp_directory_path().string() + "/" + prefix +
           "common";
}
queue_options in_common(const char* name)
{
    return queue_options(name, 4096).directory(common_folder());
}

#if BOOST_ENDIAN_LITTLE_BYTE
namespace ct = boost_ipq::cloudtoid;

ct::queue_options shared(const char* name, std::size_t capacity = 4096)
{
    return ct::queue_options(prefix + name, capacity);
}

// The participants in queues of cloudtoid/interprocess.
bool cloudtoid_role(const std::string& role)
{
    if (role == "ct_send")
    {
        ct::publisher out(shared("ct"));
        for (std::uint32_t i = 0; i < count; ++i)
            out.enqueue(&i, sizeof i);
        while (!out.empty())
            std::this_thread::sleep_for(1ms);
    }
    else if (role == "ct_hold")
    {
        ct::publisher out(shared("ct"));
        ct::publisher(shared("ct_news")).enqueue("here", 4);
        stay();
    }
    else if (role == "ct_inside")
    {
        ct::subscriber in(shared("ct"));
        in.consume_one([](const void*, std::size_t) {
            ct::publisher(shared("ct_news")).enqueue("inside", 6);
            stay();
        });
    }
    else
        return false;
    return true;
}
#else
bool cloudtoid_role(const std::string&)
{
    return false;
}
#endif

int other(const std::string& role)
{
    if (role == "look")
        boost_ipq::subscriber in(boost_ipq::open_only, numbers());
    else if (role == "send")
    {
        boost_ipq::publisher out(boost_ipq::open_only, numbers());
        for (std::uint32_t i = 0; i < count; ++i)
            out.enqueue(&i, sizeof i);
    }
    else if (role == "echo")
    {
        boost_ipq::subscriber in(boost_ipq::open_only, echo("there"));
        boost_ipq::publisher out(boost_ipq::open_only, echo("back"));
        for (;;)
        {
            const auto message = in.dequeue();
            if (message.empty())
                break;
            out.enqueue(message.data(), message.size());
        }
    }
    else if (role == "hold")
    {
        boost_ipq::publisher out(boost_ipq::open_only, transient());
        CHECK(out.try_enqueue("left", 4));
        boost_ipq::publisher told(boost_ipq::open_only, victim());
        told.enqueue("here", 4);
        stay();
    }
    else if (role == "die")
    {
        boost_ipq::publisher out(boost_ipq::open_only, victim());
        for (std::uint32_t i = 0;; ++i)
            out.enqueue(&i, sizeof i);
    }
    else if (role == "join")
    {
        boost_ipq::subscriber start(boost_ipq::open_only, gate());
        boost_ipq::subscriber end(boost_ipq::open_only, leave());
        boost_ipq::publisher ready(boost_ipq::open_only, replies());
        ready.enqueue("ready", 5);
        start.dequeue();
        boost_ipq::publisher out(boost_ipq::open_or_create, crowded());
        out.enqueue("x", 1);
        ready.enqueue("sent", 4);
        end.dequeue();
    }
    else if (role == "file" || role == "deep_file")
    {
        boost_ipq::subscriber in(
            boost_ipq::open_only,
            in_folder(role == "file" ? place::shallow : place::deep));
        boost_ipq::publisher out(boost_ipq::open_only, replies());
        for (std::uint32_t i = 0; i < count / 10; ++i)
        {
            std::uint32_t number = 0;
            std::size_t size = 0;
            in.dequeue(&number, sizeof number, size);
            CHECK(size == sizeof number && number == i);
        }
        out.enqueue("done", 4);
        stay(); // is killed
    }
    else if (role == "churn")
    {
        for (;;)
        {
            boost_ipq::publisher out(boost_ipq::open_or_create, victim());
            out.try_enqueue("x", 1);
            boost_ipq::remove_queue(victim());
        }
    }
    else if (role == "clear")
        CHECK(boost_ipq::remove_queue(numbers()));
    else if (role == "look_at_file")
        boost_ipq::subscriber in(boost_ipq::open_only, in_common("there"));
    else if (role == "echo_file")
    {
        boost_ipq::subscriber in(boost_ipq::open_only, in_common("there"));
        boost_ipq::publisher out(boost_ipq::open_or_create, in_common("back"));
        for (std::string message; in.dequeue(message) && !message.empty();)
            out.enqueue(message);
    }
    else if (role == "die_in_file")
    {
        boost_ipq::publisher out(boost_ipq::open_only, in_common("there"));
        for (std::uint32_t i = 0;; ++i)
            out.enqueue(&i, sizeof i);
    }
    else if (!cloudtoid_role(role))
        return 2;
    return 0;
}

// ---- The checks -------------------------------------------------------------

std::string program; // of the other processes

void step(const char* name, const std::function<void()>& check)
{
    const auto begin = clock_type::now();
    std::printf("%-28s ", name);
    std::fflush(stdout);
    check();
    std::printf(
        "%7.0f ms\n",
        std::chrono::duration<double, std::milli>(clock_type::now() - begin)
            .count());
}

bool listed(const queue_options& options)
{
    const auto names = boost_ipq::list_queues();
    return std::find(names.begin(), names.end(), options.name()) != names.end();
}

constexpr int refused = 3;

// Do the other programs take part in the queues of this one? At least they
// remove them.
bool shared_with_others()
{
    boost_ipq::publisher out(boost_ipq::create_only, numbers());
    const int status = process(program, "look").wait();
    CHECK(status == 0 || status == refused);
    CHECK(process(program, "clear").wait() == 0);
    CHECK(out.removed() && !listed(numbers()));
    return status == 0;
}

bool shared_in_directory()
{
    const boost_ipq::publisher out(boost_ipq::create_only, in_common("there"));
    const int status = process(program, "look_at_file").wait();
    CHECK(boost_ipq::remove_queue(in_common("there")));
    CHECK(status == 0 || status == refused);
    return status == 0;
}

// Each program creates a queue, sends, sleeps and is woken.
void echoed_in_directory()
{
    boost_ipq::publisher there(boost_ipq::create_only, in_common("there"));
    process mirror(program, "echo_file");
    there.enqueue("first", 5);
    boost_ipq::subscriber back(boost_ipq::open_or_create, in_common("back"));
    std::string message;
    CHECK(back.timed_dequeue(message, 10s) && message == "first");
    for (int i = 0; i < 1000; ++i)
    {
        if (i < 10) // both sleep
            std::this_thread::sleep_for(20ms);
        const std::string sent = std::to_string(i);
        const auto begin = clock_type::now();
        there.enqueue(sent);
        CHECK(back.timed_dequeue(message, 10s) && message == sent);
        CHECK(clock_type::now() - begin < time_limit);
    }
    there.enqueue("", 0);
    CHECK(mirror.wait() == 0);
    CHECK(boost_ipq::remove_queue(in_common("back")));
    CHECK(boost_ipq::remove_queue(in_common("there")));
}

// A program is killed while it sends, as often as not with the lock.
void killed_in_directory()
{
    for (int round = 0; round < 10; ++round)
    {
        boost_ipq::subscriber in(boost_ipq::create_only, in_common("there"));
        process sender(program, "die_in_file");
        std::uint32_t number = 0, expected = 0;
        std::size_t size = 0;
        while (expected < 1000)
            CHECK(
                in.timed_dequeue(&number, sizeof number, size, 10s) &&
                size == sizeof number && number == expected++);
        sender.kill();
        CHECK(sender.wait() == 9);
        const auto dead = clock_type::now();
        while (in.try_dequeue(&number, sizeof number, size))
            CHECK(size == sizeof number && number == expected++);
        boost_ipq::publisher out(boost_ipq::open_only, in_common("there"));
        CHECK(out.timed_enqueue("x", 1, 10s));
        CHECK(in.timed_dequeue(&number, sizeof number, size, 10s) && size == 1);
        CHECK(clock_type::now() - dead < time_limit);
        CHECK(boost_ipq::remove_queue(in_common("there")));
    }
}

void in_common_directory()
{
    CHECK(std::filesystem::create_directory(common_folder()));
    const bool shared = shared_in_directory();
    if (shared)
    {
        echoed_in_directory();
        killed_in_directory();
    }
    CHECK(std::filesystem::remove(common_folder())); // nothing is left in it
    std::printf(shared ? "[shared] " : "[refused] ");
}

void numbers_arrive()
{
    boost_ipq::subscriber in(boost_ipq::create_only, numbers());
    process sender(program, "send");
    for (std::uint32_t i = 0; i < count; ++i)
    {
        std::uint32_t number = 0;
        std::size_t size = 0;
        in.dequeue(&number, sizeof number, size);
        CHECK(size == sizeof number && number == i);
    }
    CHECK(sender.wait() == 0);
}

void looked_into()
{
    const auto status = boost_ipq::inspect(numbers());
    CHECK(status.sent == count && status.received == count);
    CHECK(status.messages == 0 && status.capacity == 1 << 16);
    CHECK(listed(numbers()));
}

void capitals_differ()
{
    const queue_options low(prefix + "case", 4096);
    const queue_options capital(prefix + "CASE", 8192);
    boost_ipq::publisher a(boost_ipq::open_or_create, low);
    boost_ipq::publisher b(boost_ipq::open_or_create, capital);
    CHECK(boost_ipq::inspect(low).capacity == 4096);
    CHECK(boost_ipq::inspect(capital).capacity == 8192);
    boost_ipq::remove_queue(low);
    boost_ipq::remove_queue(capital);
}

void long_names_work()
{
    const queue_options options(std::string(200, 'n'), 4096);
    boost_ipq::publisher out(boost_ipq::open_or_create, options);
    CHECK(listed(options));
    CHECK(boost_ipq::remove_queue(options));
}

void removed_and_created_again()
{
    boost_ipq::subscriber old(boost_ipq::open_only, numbers());
    CHECK(boost_ipq::remove_queue(numbers()));
    CHECK(!boost_ipq::remove_queue(numbers()));
    CHECK(!listed(numbers()));
    boost_ipq::publisher out(boost_ipq::create_only, numbers());
    boost_ipq::subscriber in(boost_ipq::open_only, numbers());
    bool woken_new = false;
    boost::system::error_code old_result;
    std::thread sleeper([&] {
        std::vector<std::byte> message;
        old.timed_dequeue(message, 10s, old_result);
    });
    std::thread waiter([&] {
        std::vector<std::byte> message;
        woken_new = in.timed_dequeue(message, 10s);
    });
    std::this_thread::sleep_for(100ms);
    CHECK(out.try_enqueue("new", 3));
    sleeper.join();
    waiter.join();
    CHECK(old.removed() && woken_new);
    CHECK(old_result == boost_ipq::errc::queue_removed);
    CHECK(boost_ipq::remove_queue(numbers()));
}

void gone_with_the_last()
{
    CHECK(!boost_ipq::remove_queue(transient()));
    {
        boost_ipq::publisher out(boost_ipq::create_only, transient());
        boost_ipq::subscriber news(boost_ipq::create_only, victim());
        process holder(program, "hold");
        news.dequeue();
        out.close();
        CHECK(listed(transient()));
        CHECK(boost_ipq::inspect(transient()).messages == 1);
        holder.kill();
        holder.wait();
        const auto dead = clock_type::now();
        while (listed(transient()))
            CHECK(clock_type::now() - dead < time_limit);
    }
    boost_ipq::subscriber in(boost_ipq::open_or_create, transient());
    std::vector<std::byte> message;
    CHECK(!in.try_dequeue(message));
    in.close();
    CHECK(!boost_ipq::remove_queue(transient()));
    CHECK(boost_ipq::remove_queue(victim()));
}

void killed_inside()
{
    for (int round = 0; round < 10; ++round)
    {
        boost_ipq::subscriber in(boost_ipq::create_only, victim());
        boost_ipq::publisher out(boost_ipq::open_only, victim());
        process sender(program, "die");
        std::uint32_t expected = 0, number = 0;
        std::size_t size = 0;
        const auto take = [&](auto... deadline) {
            bool taken;
            if constexpr (sizeof...(deadline) != 0)
                taken =
                    in.timed_dequeue(&number, sizeof number, size, deadline...);
            else
                taken = in.try_dequeue(&number, sizeof number, size);
            if (taken)
                CHECK(size == sizeof number && number == expected++);
            return taken;
        };
        while (expected < 1000u * (1u + static_cast<unsigned>(round)))
            CHECK(take(10s));
        sender.kill();
        CHECK(sender.wait() == 9);
        const auto dead = clock_type::now();
        while (take())
        {
        }
        CHECK(out.timed_enqueue(&expected, sizeof expected, 10s));
        CHECK(take(10s));
        CHECK(clock_type::now() - dead < time_limit);
        CHECK(boost_ipq::inspect(victim()).participants.size() == 2);
        CHECK(boost_ipq::repair(victim()).processes == 1);
        CHECK(boost_ipq::inspect(victim()).participants.size() == 1);
        CHECK(boost_ipq::remove_queue(victim()));
    }
}

void killed_making_and_removing()
{
    for (int round = 0; round < 40; ++round)
    {
        process maker(program, "churn");
        std::this_thread::sleep_for(10ms + round * 1ms);
        maker.kill();
        CHECK(maker.wait() == 9);
        const auto dead = clock_type::now();
        boost_ipq::publisher out(boost_ipq::open_or_create, victim());
        boost_ipq::subscriber in(boost_ipq::open_only, victim());
        std::vector<std::byte> message;
        CHECK(out.try_enqueue("y", 1));
        do
            CHECK(in.try_dequeue(message) && message.size() == 1);
        while (message[0] != std::byte('y'));
        CHECK(clock_type::now() - dead < time_limit);
        CHECK(boost_ipq::remove_queue(victim()));
    }
}

// Many processes open a queue that is not there, at the same moment, and stay
// or leave at once.
void opened_at_once()
{
    constexpr int crowd = 6;
    for (int round = 0; round < 5; ++round)
    {
        boost_ipq::publisher start(boost_ipq::create_only, gate());
        boost_ipq::publisher end(boost_ipq::create_only, leave());
        boost_ipq::subscriber news(boost_ipq::create_only, replies());
        std::vector<process> others;
        for (int i = 0; i < crowd; ++i)
            others.emplace_back(program, "join");
        std::string message;
        for (int i = 0; i < crowd; ++i)
            CHECK(news.timed_dequeue(message, 60s) && message == "ready");
        // In odd rounds each may leave before the next one has come.
        for (int i = 0; round % 2 != 0 && i < crowd; ++i)
            end.enqueue("go", 2);
        for (int i = 0; i < crowd; ++i)
            start.enqueue("go", 2);
        for (int i = 0; i < crowd; ++i)
            CHECK(news.timed_dequeue(message, 60s) && message == "sent");
        CHECK(boost_ipq::inspect(crowded()).messages == crowd);
        for (int i = 0; round % 2 == 0 && i < crowd; ++i)
            end.enqueue("go", 2);
        for (process& other : others)
            CHECK(other.wait() == 0);
        CHECK(boost_ipq::remove_queue(crowded()));
        CHECK(boost_ipq::remove_queue(gate()));
        CHECK(boost_ipq::remove_queue(leave()));
        CHECK(boost_ipq::remove_queue(replies()));
    }
}

#if defined(_WIN32)
// Nothing writes the pages of a queue before they are used.
void large_at_once()
{
    constexpr std::size_t size = std::size_t(8) << 30;
    const auto begin = clock_type::now();
    boost_ipq::publisher out(
        boost_ipq::create_only, queue_options(prefix + "large", size));
    CHECK(out.try_enqueue("x", 1));
    CHECK(clock_type::now() - begin < 2s);
    out.close();
    CHECK(boost_ipq::remove_queue(prefix + "large"));
}

void nothing_is_left()
{
    namespace platform = boost_ipq::detail::platform;
    boost::system::error_code ec;
    for (const std::string& file :
         platform::names_in(platform::object_directory(), ec))
        CHECK(file.find(prefix) == std::string::npos);
    CHECK(!ec);
}

// Looking at the slots of a queue locks 64 of them for a moment, here for long.
void joined_while_looked_at()
{
    {
        boost_ipq::publisher out(boost_ipq::create_only, victim());
    }
    const boost_ipq::detail::object_names names(victim().name(), "");
    const HANDLE looker = CreateFileW(
        boost_ipq::detail::platform::wide_path(names.lock_path).c_str(),
        GENERIC_READ | GENERIC_WRITE,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
        OPEN_EXISTING, FILE_FLAG_OVERLAPPED, nullptr);
    OVERLAPPED at = {};
    const std::uint64_t slots = (std::uint64_t(1) << 40) + 1; // see lock_file
    at.Offset = static_cast<DWORD>(slots);
    at.OffsetHigh = static_cast<DWORD>(slots >> 32);
    CHECK(LockFileEx(looker, LOCKFILE_FAIL_IMMEDIATELY, 0, 64, 0, &at));
    {
        boost_ipq::publisher out(boost_ipq::open_only, victim());
        CHECK(out.try_enqueue("x", 1));
        CHECK(boost_ipq::inspect(victim()).participants.size() == 1);
    }
    CloseHandle(looker);
    CHECK(boost_ipq::remove_queue(victim()));
}
#endif

// std::filesystem may not know long paths on Windows.
bool make_folder(const std::string& path)
{
#if defined(_WIN32)
    return CreateDirectoryW(
        boost_ipq::detail::platform::wide_path(path).c_str(), nullptr);
#else
    return std::filesystem::create_directory(path);
#endif
}
bool remove_folder(const std::string& path)
{
#if defined(_WIN32)
    return RemoveDirectoryW(
        boost_ipq::detail::platform::wide_path(path).c_str());
#else
    return std::filesystem::remove(path);
#endif
}

void filed(place where)
{
    const std::string first = folder(place::shallow), last = folder(where);
    for (std::size_t end = first.size(); end < last.size();
         end = last.find('/', end + 1))
        CHECK(make_folder(last.substr(0, end)));
    if (where == place::deep)
        CHECK(last.size() > 300);
    CHECK(make_folder(last));
    boost_ipq::subscriber news(boost_ipq::create_only, replies());
    {
        boost_ipq::publisher out(boost_ipq::create_only, in_folder(where));
        process other(program, where == place::deep ? "deep_file" : "file");
        for (std::uint32_t i = 0; i < count / 10; ++i)
            out.enqueue(&i, sizeof i);
        std::string message;
        CHECK(news.timed_dequeue(message, 60s));
        other.kill();
        CHECK(other.wait() == 9);
        out.enqueue("kept", 4);
    }
    CHECK(boost_ipq::list_queues(last).size() == 1);
    std::string kept;
    {
        boost_ipq::subscriber in(boost_ipq::open_only, in_folder(where));
        CHECK(in.try_dequeue(kept) && kept == "kept");
    }
    CHECK(boost_ipq::remove_queue(in_folder(where)));
    CHECK(boost_ipq::remove_queue(replies()));
    // Nothing is left in it.
    for (std::size_t end = last.size(); end >= first.size();
         end = last.rfind('/', end - 1))
        CHECK(remove_folder(last.substr(0, end)));
}

void with_asio()
{
    boost::asio::io_context io;
    boost_ipq::async_subscriber in(io, boost_ipq::create_only, numbers());
    process sender(program, "send");
    std::uint32_t number = 0, expected = 0;
    std::function<void()> receive = [&] {
        in.async_dequeue(
            boost::asio::buffer(&number, sizeof number),
            [&](const boost::system::error_code& ec, std::size_t size) {
                CHECK(!ec && size == sizeof number && number == expected);
                if (++expected != count)
                    receive();
            });
    };
    receive();
    io.run();
    CHECK(sender.wait() == 0);
    boost::system::error_code result;
    in.async_dequeue(
        boost::asio::buffer(&number, sizeof number),
        [&](const boost::system::error_code& ec, std::size_t) { result = ec; });
    in.cancel();
    io.restart();
    io.run();
    CHECK(result == boost::asio::error::operation_aborted);
    in.close();
    CHECK(boost_ipq::remove_queue(numbers()));
}

#if BOOST_ENDIAN_LITTLE_BYTE
void cloudtoid_numbers_arrive()
{
    ct::subscriber in(shared("ct"));
    process sender(program, "ct_send");
    std::uint32_t number = 0;
    std::size_t size = 0;
    for (std::uint32_t i = 0; i < count; ++i)
        CHECK(
            in.timed_dequeue(&number, sizeof number, size, 10s) &&
            size == sizeof number && number == i);
    CHECK(sender.wait() == 0);
}

// Only as long as a process has it open, with one capacity.
void cloudtoid_gone_with_the_last()
{
    ct::subscriber news(shared("ct_news"));
    process holder(program, "ct_hold");
    std::vector<std::byte> message;
    CHECK(news.timed_dequeue(message, 10s));
    ct::publisher(shared("ct")).enqueue("left", 4);
    boost::system::error_code ec;
    ct::publisher other(shared("ct", 8192), ec);
    CHECK(!other.is_open() && ec == boost_ipq::errc::queue_mismatch);
    ct::subscriber in(shared("ct"));
    CHECK(in.try_dequeue(message) && message.size() == 4);
    ct::publisher(shared("ct")).enqueue("lost", 4);
    in.close();
    holder.kill();
    holder.wait();
    // The kernel may need a moment for what it closes.
    const auto dead = clock_type::now();
    while (other = ct::publisher(shared("ct", 8192), ec), ec)
        CHECK(clock_type::now() - dead < time_limit);
    CHECK(other.empty());
}

// A process that reads keeps the others out as long as it lives.
void cloudtoid_killed_inside()
{
    ct::subscriber news(shared("ct_news"));
    ct::publisher out(shared("ct"));
    ct::subscriber in(shared("ct"));
    out.enqueue("kept", 4);
    process reader(program, "ct_inside");
    std::vector<std::byte> message;
    CHECK(news.timed_dequeue(message, 10s));
    CHECK(!in.timed_dequeue(message, 200ms));
    reader.kill();
    reader.wait();
    CHECK(in.timed_dequeue(message, time_limit));
    CHECK(message.size() == 4 && std::memcmp(message.data(), "kept", 4) == 0);
}
#endif

// The time of a message to a sleeping process and back, and the cost of
// sleeping: printed, but not checked, since other programs run on this machine,
// too.
void slept_and_woken()
{
    boost_ipq::publisher there(boost_ipq::create_only, echo("there"));
    boost_ipq::subscriber back(boost_ipq::create_only, echo("back"));
    process mirror(program, "echo");
    std::vector<double> times;
    std::vector<std::byte> message;
    for (int i = 0; i < 30; ++i)
    {
        std::this_thread::sleep_for(20ms);
        const auto begin = clock_type::now();
        there.enqueue("x", 1);
        back.dequeue(message);
        times.push_back(
            std::chrono::duration<double, std::micro>(clock_type::now() - begin)
                .count());
    }
    there.enqueue("", 0);
    CHECK(mirror.wait() == 0);
    const double before = processor_seconds();
    CHECK(!back.timed_dequeue(message, 1s));
    const double spent = processor_seconds() - before;
    std::sort(times.begin(), times.end());
    std::printf(
        "[round trip %.0f us, processor time of 1 s asleep %.1f ms] ",
        times[times.size() / 2], spent * 1e3);
    CHECK(boost_ipq::remove_queue(echo("there")));
    CHECK(boost_ipq::remove_queue(echo("back")));
}

} // namespace

int main(int argc, char** argv)
{
    try
    {
        if (argc > 2)
        {
            prefix = argv[2];
            return other(argv[1]);
        }
        std::setvbuf(stdout, nullptr, _IONBF, 0);
        std::printf(
            "Boost %d.%d, C++ %ld\n", BOOST_VERSION / 100000,
            BOOST_VERSION / 100 % 1000, static_cast<long>(__cplusplus));
        program = argv[argc - 1];
        prefix = "smoke" + std::to_string(process_id()) + ".";
        const bool shared = shared_with_others();
        step("both in a directory", in_common_directory);
        if (!shared)
            return refused;
        step("100,000 numbers arrive", numbers_arrive);
        step("inspect, list_queues", looked_into);
        step("names are case-sensitive", capitals_differ);
        step("long names", long_names_work);
        step("removed, created again", removed_and_created_again);
        step("while_open", gone_with_the_last);
        step("killed inside, ten times", killed_inside);
        step("killed making, 40 times", killed_making_and_removing);
        step("opened at once", opened_at_once);
#if defined(_WIN32)
        step("joined while looked at", joined_while_looked_at);
        step("a large queue at once", large_at_once);
#endif
        step("in a directory", [] { filed(place::shallow); });
        step("in a deep directory", [] { filed(place::deep); });
        step("Asio", with_asio);
        step("asleep", slept_and_woken);
#if BOOST_ENDIAN_LITTLE_BYTE
        step("cloudtoid: numbers arrive", cloudtoid_numbers_arrive);
        step("cloudtoid: the last one", cloudtoid_gone_with_the_last);
        step("cloudtoid: killed inside", cloudtoid_killed_inside);
#endif
#if defined(_WIN32)
        step("nothing is left", nothing_is_left);
#endif
        std::puts("all well");
    }
    catch (const boost_ipq::queue_mismatch& e)
    {
        std::printf("refused: %s\n", e.what());
        return refused;
    }
    catch (const std::exception& e)
    {
        std::printf("%s: %s\n", argc > 2 ? argv[1] : "", e.what());
        return 1;
    }
}
