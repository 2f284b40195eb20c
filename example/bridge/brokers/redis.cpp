// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Redis Streams. hiredis reads what the server says; the bytes come and go
// here, because the hiredis of Debian 12 has no TLS. A batch is one
// transaction: all of it or nothing is in the stream, whatever fails, and the
// next one is sent when it has ended. So the order holds also while the server
// refuses some (no memory, full disk). While the server works on a batch, the
// next one is made ready.

#include "../broker.hpp"
#include "../id_text.hpp"
#include "tls.hpp"
#include <hiredis/hiredis.h>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

namespace bridge {
namespace {

struct free_reply
{
    void operator()(redisReply* one) const { freeReplyObject(one); }
};
using reply = std::unique_ptr<redisReply, free_reply>;

bool is_error(const redisReply& one)
{
    return one.type == REDIS_REPLY_ERROR;
}

std::string text_of(const redisReply& one)
{
    return {one.str, one.len};
}

// Errors that stay until a person does something.
[[noreturn]] void refuse(const std::string& why)
{
    const auto begins = [&](const char* with) {
        return why.rfind(with, 0) == 0;
    };
    const bool lasting = begins("NOAUTH") || begins("WRONGPASS") ||
                         begins("NOPERM") || begins("WRONGTYPE") ||
                         begins("ERR invalid password") || begins("OOM") ||
                         begins("MISCONF");
    throw broker_error("Redis refuses: " + why, lasting);
}

// The first line of an array ('*') or a word ('$'). Returns the end.
char* write_number(char* to, char kind, std::size_t number)
{
    *to++ = kind;
    to = std::to_chars(to, to + 20, number).ptr;
    *to++ = '\r';
    *to++ = '\n';
    return to;
}

// A connected socket, with TLS or without.
class stream
{
public:
    stream(const endpoint& end, const settings& route, wire& line)
        : m_fd(line.connect(end.host, end.port.empty() ? "6379" : end.port))
    {
        try
        {
            if (end.scheme == "rediss")
                m_tls =
                    std::make_unique<tls::connection>(m_fd, end.host, route);
            ::fcntl(m_fd, F_SETFL, O_NONBLOCK);
        }
        catch (...)
        {
            ::close(m_fd);
            throw;
        }
    }
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;
    ~stream() { ::close(m_fd); }

    // Return 0 if they would wait.
    std::size_t receive(char* to, std::size_t size)
    {
        const auto n =
            m_tls ? m_tls->receive(to, size) : ::recv(m_fd, to, size, 0);
        if (n == 0)
            throw broker_error(
                "the connection to Redis failed: the server has closed it");
        return done(n);
    }
    std::size_t send(const char* from, std::size_t size)
    {
        return done(
            m_tls ? m_tls->send(from, size)
                  : ::send(m_fd, from, size, MSG_NOSIGNAL));
    }

    // After receive(): would it wait now? A record of TLS says nothing of it.
    bool drained(std::size_t got, std::size_t size) const
    {
        return got < size && !m_tls;
    }

    // `more`: there is something to send.
    interest wants(bool more) const
    {
        const short out = more ? POLLOUT : 0;
        return {
            m_fd, static_cast<short>(POLLIN | out),
            m_tls && m_tls->pending() ? 0 : -1};
    }

private:
    static std::size_t done(ssize_t n)
    {
        if (n >= 0)
            return static_cast<std::size_t>(n);
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
            return 0;
        throw broker_error(
            std::string("the connection to Redis failed: ") +
            std::strerror(errno));
    }

    const int m_fd;
    std::unique_ptr<tls::connection> m_tls{};
};

// A connection without waiting calls, except while it is made.
class redis
{
public:
    redis(const endpoint& end, const settings& route, wire& line)
        : m_stream(end, route, line),
          m_reader(redisReaderCreate())
    {
        if (!m_reader)
            throw std::bad_alloc();
        const auto password = password_of(end, route);
        const auto user = user_of(end, route);
        if (!password.empty() && user.empty())
            call({"AUTH", password});
        else if (!password.empty())
            call({"AUTH", user, password});
        call({"PING"}); // it may need a password, or be loading
    }

    // Sends a command and waits for its reply.
    reply call(const std::vector<std::string>& words)
    {
        reply result = try_call(words);
        if (is_error(*result))
            refuse(text_of(*result));
        return result;
    }

    reply try_call(const std::vector<std::string>& words)
    {
        append(words);
        write();
        while (true)
        {
            if (reply one = next())
                return one;
            const auto what = wants();
            pollfd fd = {what.descriptor, what.events, 0};
            ::poll(&fd, 1, what.milliseconds);
            if (unwritten())
                write();
            read();
        }
    }

    void append(const std::vector<std::string>& words)
    {
        begin(words.size());
        for (const auto& one : words)
            add(one.data(), one.size());
    }

    // A command of that number of words, which are added then.
    void begin(std::size_t words) { add_number('*', words); }
    void add(const void* data, std::size_t size)
    {
        add_number('$', size);
        add_bytes(data, size);
        add_bytes("\r\n", 2);
    }
    void add_bytes(const void* data, std::size_t size)
    {
        m_out.append(static_cast<const char*>(data), size);
    }

    // Writes what was appended, as much as goes now.
    void write()
    {
        m_unwritten = true;
        while (m_written != m_out.size())
        {
            const auto n = m_stream.send(
                m_out.data() + m_written, m_out.size() - m_written);
            if (n == 0)
                return;
            m_written += n;
        }
        m_out.clear();
        m_written = 0;
        m_unwritten = false;
    }

    // Returns whether something has come.
    bool read()
    {
        char bytes[16384];
        for (int times = 0; times < 64; ++times)
        {
            const auto n = m_stream.receive(bytes, sizeof bytes);
            if (n == 0)
                return times != 0;
            if (redisReaderFeed(m_reader.get(), bytes, n) != REDIS_OK)
                fail();
            if (m_stream.drained(n, sizeof bytes))
                return true;
        }
        return true;
    }

    reply next() { return reply(static_cast<redisReply*>(next_object())); }

    // Null: no reply has come completely.
    void* next_object()
    {
        void* got = nullptr;
        if (redisReaderGetReply(m_reader.get(), &got) != REDIS_OK)
            fail();
        return got;
    }

    // From now on next_object() returns what this reader makes.
    void read_by(redisReader* reader)
    {
        if (!reader)
            throw std::bad_alloc();
        m_reader.reset(reader);
    }

    // Has write() left something?
    bool unwritten() const { return m_unwritten; }
    interest wants() const { return m_stream.wants(unwritten()); }

private:
    struct free_reader
    {
        void operator()(redisReader* one) const { redisReaderFree(one); }
    };

    void add_number(char kind, std::size_t number)
    {
        char text[24];
        const char* const end = write_number(text, kind, number);
        add_bytes(text, static_cast<std::size_t>(end - text));
    }

    [[noreturn]] void fail() const
    {
        throw broker_error(
            std::string("Redis has said what was not expected: ") +
            m_reader->errstr);
    }

    stream m_stream;
    std::unique_ptr<redisReader, free_reader> m_reader;
    std::string m_out{};
    std::size_t m_written = 0;
    bool m_unwritten = false;
};

// What a sink must know of a reply. The library's own objects cost more than
// all else that the bridge does for a small message: two allocations for each
// reply.
class outcome
{
public:
    // It writes here, so it must not live longer.
    redisReader* make_reader()
    {
        static redisReplyObjectFunctions functions = made_functions();
        redisReader* const result = redisReaderCreateWithFunctions(&functions);
        if (result)
            result->privdata = this;
        return result;
    }

    // Of the last reply: an error in it, and the elements of an array.
    std::string error{};
    std::size_t elements = 0;
    bool is_array = false;

    void clear()
    {
        error.clear();
        elements = 0;
        is_array = false;
    }

private:
    static outcome& self(const redisReadTask* task)
    {
        return *static_cast<outcome*>(task->privdata);
    }

    static void* text(const redisReadTask* task, char* from, std::size_t size)
    {
        if (task->type == REDIS_REPLY_ERROR && self(task).error.empty())
            self(task).error = size ? std::string(from, size) : "ERR";
        return &self(task);
    }

    static redisReplyObjectFunctions made_functions()
    {
        redisReplyObjectFunctions result{};
        result.createString = text;
        // The type of the number depends on the library's version.
        result.createArray = [](const redisReadTask* task,
                                auto count) -> void* {
            if (!task->parent)
            {
                self(task).is_array = true;
                self(task).elements = static_cast<std::size_t>(count);
            }
            return &self(task);
        };
        result.createInteger = [](const redisReadTask* task,
                                  long long) -> void* { return &self(task); };
        result.createNil = [](const redisReadTask* task) -> void* {
            return &self(task);
        };
        result.freeObject = [](void*) {};
        return result;
    }
};

class redis_sink final : public sink
{
public:
    redis_sink(const endpoint& end, const settings& route, wire& line)
        : m_redis(end, route, line),
          m_stream(end.name),
          m_most(route.count("batch")),
          m_most_bytes(route.bytes("batch-bytes"))
    {
        m_redis.read_by(m_outcome.make_reader());
        m_with_id = head(7) + "$2\r\nid\r\n";
        m_without_id = head(5);
    }

    // What is not written yet would be followed at once by what is added.
    std::size_t room() const override
    {
        return m_redis.unwritten() || m_ready_bytes >= m_most_bytes
                   ? 0
                   : m_most - m_ready;
    }

    std::size_t send(const message* first, std::size_t count) override
    {
        count = (std::min)(count, room());
        if (count == 0)
            return 0;
        if (m_ready == 0)
            m_redis.append({"MULTI"});
        for (std::size_t i = 0; i < count; ++i)
        {
            append(first[i]);
            m_ready_bytes += first[i].size;
        }
        m_ready += count;
        if (m_in_flight == 0)
            begin();
        return count;
    }

    void work(settler& told) override
    {
        if (m_redis.unwritten())
            m_redis.write();
        // Also an idle connection may end.
        if (!m_redis.read())
            return;
        while (m_redis.next_object())
        {
            if (m_in_flight == 0)
                throw broker_error("Redis has answered what was not asked");
            hear(told);
            m_outcome.clear();
        }
    }

    interest wants() override { return m_redis.wants(); }

private:
    void begin()
    {
        m_redis.append({"EXEC"});
        m_redis.write();
        m_in_flight = std::exchange(m_ready, 0);
        m_ready_bytes = 0;
        m_queued = 0;
    }

    // The words that are the same for all messages.
    std::string head(std::size_t words) const
    {
        return "*" + std::to_string(words) + "\r\n$4\r\nXADD\r\n$" +
               std::to_string(m_stream.size()) + "\r\n" + m_stream +
               "\r\n$1\r\n*\r\n";
    }

    void append(const message& one)
    {
        static constexpr char body[] = "$4\r\nbody\r\n";
        char text[id_text_size + 64];
        char* end = text;
        if (one.id.epoch != 0)
        {
            char id[id_text_size];
            const auto size =
                static_cast<std::size_t>(write_id(id, one.id) - id);
            end = write_number(end, '$', size);
            end = std::copy(id, id + size, end);
            *end++ = '\r';
            *end++ = '\n';
        }
        end = std::copy(body, body + sizeof body - 1, end);
        end = write_number(end, '$', one.size);
        const auto& same = one.id.epoch != 0 ? m_with_id : m_without_id;
        m_redis.add_bytes(same.data(), same.size());
        m_redis.add_bytes(text, static_cast<std::size_t>(end - text));
        m_redis.add_bytes(one.data, one.size);
        m_redis.add_bytes("\r\n", 2);
    }

    // OK to MULTI, QUEUED to each command, and what EXEC has done.
    void hear(settler& told)
    {
        const outcome& one = m_outcome;
        if (m_queued <= m_in_flight)
        {
            ++m_queued;
            if (!one.error.empty() && m_why.empty())
                m_why = one.error;
            return;
        }
        if (!one.error.empty())
            refuse(m_why.empty() ? one.error : m_why);
        if (!one.is_array || one.elements != m_in_flight)
            throw broker_error("Redis has answered what was not asked");
        const auto first = m_confirmed;
        m_confirmed += m_in_flight;
        m_in_flight = 0;
        if (m_ready != 0)
            begin(); // the server works while what it has said is told
        told.confirmed(first, m_confirmed - 1);
    }

    outcome m_outcome{};
    redis m_redis;
    const std::string m_stream;
    std::string m_with_id{}, m_without_id{};
    const std::size_t m_most; // of a batch
    const std::uint64_t m_most_bytes;
    std::string m_why{};
    std::size_t m_in_flight = 0, m_queued = 0;
    std::size_t m_ready = 0; // of the next batch
    std::uint64_t m_ready_bytes = 0;
    std::uint64_t m_confirmed = 0;
};

class redis_source final : public source
{
public:
    redis_source(const endpoint& end, const settings& route, wire& line)
        : m_redis(end, route, line),
          m_stream(end.name),
          m_group(route.text("group")),
          m_consumer(consumer_of(route)),
          m_count(std::to_string(route.count("batch"))),
          m_deletes(route.yes("delete"))
    {
        const reply made = m_redis.try_call(
            {"XGROUP", "CREATE", m_stream, m_group, "0", "MKSTREAM"});
        if (is_error(*made) && text_of(*made).rfind("BUSYGROUP", 0) != 0)
            refuse(text_of(*made));
        ask();
    }

    std::size_t receive(const taker& take) override
    {
        if (m_redis.unwritten())
            m_redis.write();
        if (!holds())
            hear();
        if (!holds())
            return 0;
        const std::size_t taken =
            take(m_messages.data() + m_taken, m_messages.size() - m_taken);
        m_taken += taken;
        if (taken != 0)
            acknowledge();
        if (!holds())
            go_on();
        return taken;
    }

    interest wants() override { return holds() ? interest() : m_redis.wants(); }
    bool holds() const override { return m_taken < m_messages.size(); }

private:
    // First for what this consumer has not acknowledged, then for new entries.
    void ask()
    {
        if (m_new)
            m_redis.append(
                {"XREADGROUP", "GROUP", m_group, m_consumer, "COUNT", m_count,
                 "BLOCK", "0", "STREAMS", m_stream, ">"});
        else
            m_redis.append(
                {"XREADGROUP", "GROUP", m_group, m_consumer, "COUNT", m_count,
                 "STREAMS", m_stream, "0"});
        m_redis.write();
    }

    // What was taken, and entries without a message.
    void acknowledge()
    {
        const std::size_t last =
            holds() ? m_ends[m_taken - 1] : m_entries.size();
        send_ids("XACK", true, last);
        if (m_deletes)
            send_ids("XDEL", false, last);
        m_acknowledged = last;
        m_redis.write();
    }

    // Asks for the next batch.
    void go_on()
    {
        m_messages.clear();
        m_ends.clear();
        m_entries.clear();
        m_taken = m_acknowledged = 0;
        m_batch.reset();
        ask();
    }

    // Of the entries that are not acknowledged, up to `last`.
    void send_ids(const char* command, bool with_group, std::size_t last)
    {
        m_redis.begin((with_group ? 3 : 2) + last - m_acknowledged);
        m_redis.add(command, 4);
        m_redis.add(m_stream.data(), m_stream.size());
        if (with_group)
            m_redis.add(m_group.data(), m_group.size());
        for (std::size_t i = m_acknowledged; i < last; ++i)
            m_redis.add(m_entries[i]->str, m_entries[i]->len);
        ++m_unanswered;
    }

    void hear()
    {
        if (!m_redis.read())
            return;
        while (!holds())
        {
            reply one = m_redis.next();
            if (!one)
                return;
            if (is_error(*one))
                refuse(text_of(*one));
            if (m_unanswered != 0)
                --m_unanswered;
            else
                open(std::move(one));
        }
    }

    // [[stream, [[id, [field, value, ...]], ...]]]
    void open(reply batch)
    {
        if (batch->type != REDIS_REPLY_ARRAY || batch->elements != 1 ||
            batch->element[0]->elements != 2)
            return ask();
        const redisReply& entries = *batch->element[0]->element[1];
        for (std::size_t i = 0; i < entries.elements; ++i)
            read(*entries.element[i]);
        m_batch = std::move(batch);
        // Nothing is left of what was not acknowledged.
        if (entries.elements == 0)
            m_new = true;
        if (m_messages.empty())
        {
            if (!m_entries.empty())
                acknowledge(); // they were deleted
            go_on();
        }
    }

    void read(const redisReply& entry)
    {
        if (entry.elements != 2)
            return;
        m_entries.push_back(entry.element[0]);
        const redisReply& fields = *entry.element[1];
        message one{};
        for (std::size_t i = 0; i + 1 < fields.elements; i += 2)
        {
            const auto name = text_of(*fields.element[i]);
            const redisReply& value = *fields.element[i + 1];
            if (name == "id")
                one.id = read_id(value.str, value.len);
            // Another program's entry: its first value.
            if (name == "body" || !one.data)
            {
                one.data = value.str;
                one.size = value.len;
            }
        }
        if (!one.data)
            return;
        m_messages.push_back(one);
        m_ends.push_back(m_entries.size());
    }

    redis m_redis;
    const std::string m_stream, m_group, m_consumer, m_count;
    const bool m_deletes;
    bool m_new = false;
    std::size_t m_unanswered = 0;
    reply m_batch{}; // has the bytes of the messages
    std::vector<const redisReply*> m_entries{};
    std::vector<message> m_messages{};
    std::vector<std::size_t> m_ends{}; // of each message: behind its entry
    std::size_t m_taken = 0, m_acknowledged = 0; // messages, entries
};

constexpr broker redis_broker(bool with_tls)
{
    return {
        [](const endpoint& end, const settings& route) {
            return end.scheme == "rediss" ? tls::check(end, route)
                                          : std::string();
        },
        [](const endpoint& end, const settings& route,
           wire& line) -> std::unique_ptr<sink> {
            return std::make_unique<redis_sink>(end, route, line);
        },
        [](const endpoint& end, const settings& route,
           wire& line) -> std::unique_ptr<source> {
            return std::make_unique<redis_source>(end, route, line);
        },
        512u << 20, with_tls};
}

const registration redis_is_there("redis", redis_broker(false));
const registration rediss_is_there("rediss", redis_broker(true));

} // namespace
} // namespace bridge
