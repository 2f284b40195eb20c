// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// AMQP 0-9-1 (RabbitMQ), by librabbitmq, with publisher confirms. A message
// that no queue gets counts as refused by the exchange: it is not confirmed.

#include "../broker.hpp"
#include "../id_text.hpp"
#include "../log.hpp"
#include "tls.hpp"
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <cstdlib>
#include <deque>
#if __has_include(<amqp_ssl_socket.h>)
#include <amqp_ssl_socket.h>
#endif

namespace bridge {
namespace {

constexpr amqp_channel_t channel = 1;

std::string text_of(amqp_bytes_t bytes)
{
    return {static_cast<const char*>(bytes.bytes), bytes.len};
}

// The caller keeps the text.
amqp_bytes_t bytes_of(const std::string& text)
{
    return {text.size(), const_cast<char*>(text.data())};
}

// The broker has closed the channel or the connection: why?
[[noreturn]] void closed(int code, const std::string& why)
{
    const bool lasting =
        code == AMQP_ACCESS_REFUSED || code == AMQP_NOT_FOUND ||
        code == AMQP_PRECONDITION_FAILED || code == AMQP_NOT_ALLOWED;
    throw broker_error("the AMQP broker refuses: " + why, lasting);
}

[[noreturn]] void closed_by(const amqp_method_t& method)
{
    if (method.id == AMQP_CONNECTION_CLOSE_METHOD)
    {
        const auto& m = *static_cast<amqp_connection_close_t*>(method.decoded);
        closed(m.reply_code, text_of(m.reply_text));
    }
    if (method.id == AMQP_CHANNEL_CLOSE_METHOD)
    {
        const auto& m = *static_cast<amqp_channel_close_t*>(method.decoded);
        closed(m.reply_code, text_of(m.reply_text));
    }
    throw broker_error("the AMQP broker has said what was not expected");
}

void check(int status)
{
    if (status == AMQP_STATUS_SSL_ERROR)
        throw broker_error(
            "TLS to the AMQP broker failed: " + tls::why("the broker"), true);
    if (status < 0)
        throw broker_error(
            std::string("the connection to the AMQP broker failed: ") +
            amqp_error_string2(status));
}

void check(const amqp_rpc_reply_t& reply)
{
    if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION)
        closed_by(reply.reply);
    if (reply.reply_type != AMQP_RESPONSE_NORMAL)
        check(reply.library_error);
}

#if __has_include(<amqp_ssl_socket.h>)

std::string check_tls(const endpoint& end, const settings& route)
{
    if (end.port.find_first_not_of("0123456789") != std::string::npos)
        return "the port of an address with amqps:// is a number";
    return tls::check(end, route);
}

int tls_port(const endpoint& end)
{
    if (end.port.empty())
        return 5671;
    const long port = std::strtol(end.port.c_str(), nullptr, 10);
    if (port < 1 || port > 65535)
        throw broker_error(
            "AMQP: " + end.port + " is no port: use 1 to 65535", true);
    return static_cast<int>(port);
}

// The library connects by itself here, so it is told how long it may take:
// nothing can cut it before it has done so.
void open_tls(
    amqp_connection_state_t state, const endpoint& end, const settings& route)
{
    amqp_socket_t* const socket = amqp_ssl_socket_new(state);
    if (!socket)
        throw std::bad_alloc();
    tls::set_up(amqp_ssl_socket_get_context(socket), end.host, route);
    // The library would compare only names; OpenSSL compares addresses, too.
    amqp_ssl_socket_set_verify_hostname(socket, false);
    const timeval most = {10, 0};
    const int status = amqp_socket_open_noblock(
        socket, end.host.c_str(), tls_port(end), &most);
    if (status == AMQP_STATUS_SSL_CONNECTION_FAILED ||
        status == AMQP_STATUS_SSL_PEER_VERIFY_FAILED)
        tls::failed(end.host);
    check(status);
}

#else

std::string check_tls(const endpoint&, const settings&)
{
    return "librabbitmq was built without TLS; install one that has it, and "
           "build this program again";
}

void open_tls(
    amqp_connection_state_t, const endpoint& end, const settings& route)
{
    throw broker_error(check_tls(end, route), true);
}

#endif

// A connection with one channel.
class amqp
{
public:
    amqp(const endpoint& end, const settings& route, wire& line)
        : m_state(amqp_new_connection())
    {
        if (end.scheme == "amqps")
        {
            open_tls(state(), end, route);
            line.adopt(amqp_get_sockfd(state()));
        }
        else
        {
            const int fd =
                line.connect(end.host, end.port.empty() ? "5672" : end.port);
            ::fcntl(fd, F_SETFL, O_NONBLOCK); // the library polls
            amqp_tcp_socket_set_sockfd(amqp_tcp_socket_new(state()), fd);
        }
        log_in(
            user_of(end, route), password_of(end, route), route.text("vhost"));
        amqp_channel_open(state(), channel);
        answered();
        if (route.yes("declare"))
        {
            amqp_queue_declare(
                state(), channel, bytes_of(end.name), 0, 1, 0, 0,
                amqp_empty_table);
            answered();
        }
    }

    amqp_connection_state_t state() const { return m_state.get(); }
    void answered() const { check(amqp_get_rpc_reply(state())); }

    // Returns whether a frame came.
    bool next(amqp_frame_t& frame)
    {
        amqp_maybe_release_buffers_on_channel(state(), channel);
        timeval none{0, 0};
        const int status =
            amqp_simple_wait_frame_noblock(state(), &frame, &none);
        if (status == AMQP_STATUS_TIMEOUT)
            return false;
        check(status);
        return true;
    }

    void cork(bool yes) { wire::cork(amqp_get_sockfd(state()), yes); }

    interest wants() const
    {
        // What the library has read already needs no poll.
        const bool here =
            amqp_frames_enqueued(state()) || amqp_data_in_buffer(state());
        return {amqp_get_sockfd(state()), POLLIN, here ? 0 : -1};
    }

private:
    struct destroy
    {
        void operator()(amqp_connection_state_t_* one) const
        {
            amqp_destroy_connection(one);
        }
    };

    // Asks to be told when the broker blocks its publishers.
    void log_in(
        const std::string& user, const std::string& password,
        const std::string& vhost)
    {
        amqp_table_entry_t can[2] = {
            flag("connection.blocked"), flag("consumer_cancel_notify")};
        amqp_table_entry_t capabilities{};
        capabilities.key = amqp_cstring_bytes("capabilities");
        capabilities.value.kind = AMQP_FIELD_KIND_TABLE;
        capabilities.value.value.table = {2, can};
        const amqp_table_t properties = {1, &capabilities};
        // No heartbeat: the kernel watches the connection, see wire.hpp.
        check(amqp_login_with_properties(
            state(), vhost.c_str(), AMQP_DEFAULT_MAX_CHANNELS,
            AMQP_DEFAULT_FRAME_SIZE, 0, &properties, AMQP_SASL_METHOD_PLAIN,
            user.empty() ? "guest" : user.c_str(),
            user.empty() ? "guest" : password.c_str()));
    }

    static amqp_table_entry_t flag(const char* name)
    {
        amqp_table_entry_t entry{};
        entry.key = amqp_cstring_bytes(name);
        entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
        entry.value.value.boolean = 1;
        return entry;
    }

    std::unique_ptr<amqp_connection_state_t_, destroy> m_state;
};

class amqp_sink final : public sink
{
public:
    amqp_sink(const endpoint& end, const settings& route, wire& line)
        : m_amqp(end, route, line),
          m_exchange(route.text("exchange")),
          m_key(end.name)
    {
        amqp_confirm_select(m_amqp.state(), channel);
        m_amqp.answered();
    }

    std::size_t room() const override { return m_blocked ? 0 : sink::room(); }

    std::size_t send(const message* first, std::size_t count) override
    {
        if (m_blocked)
            return 0;
        // The library writes each frame by itself: here they become packets.
        m_amqp.cork(true);
        for (std::size_t i = 0; i < count; ++i)
            publish(first[i]);
        m_amqp.cork(false);
        return count;
    }

    void work(settler& told) override
    {
        amqp_frame_t frame;
        while (m_amqp.next(frame))
            if (frame.frame_type == AMQP_FRAME_METHOD)
                hear(frame.payload.method, told);
    }

    interest wants() override { return m_amqp.wants(); }
    bool blocked() const override { return m_blocked; }

private:
    void publish(const message& one)
    {
        amqp_basic_properties_t properties{};
        properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG;
        properties.delivery_mode = AMQP_DELIVERY_PERSISTENT;
        char id[id_text_size];
        if (one.id.epoch != 0)
        {
            properties._flags |= AMQP_BASIC_MESSAGE_ID_FLAG;
            properties.message_id = {
                static_cast<std::size_t>(write_id(id, one.id) - id), id};
        }
        check(amqp_basic_publish(
            m_amqp.state(), channel, bytes_of(m_exchange), bytes_of(m_key), 1,
            0, &properties, {one.size, const_cast<void*>(one.data)}));
    }

    void hear(const amqp_method_t& method, settler& told)
    {
        switch (method.id)
        {
        case AMQP_BASIC_ACK_METHOD:
        {
            const auto& m = *static_cast<amqp_basic_ack_t*>(method.decoded);
            // Tags begin at 1.
            const auto last = m.delivery_tag - 1;
            told.confirmed(m.multiple ? m_first : last, last);
            if (m.multiple)
                m_first = last + 1;
            break;
        }
        case AMQP_BASIC_NACK_METHOD:
            throw broker_error(
                "the AMQP broker has not taken a message (is a queue full?)",
                true);
        case AMQP_BASIC_RETURN_METHOD:
        {
            const auto& m = *static_cast<amqp_basic_return_t*>(method.decoded);
            throw broker_error(
                "no queue gets what is sent to '" + m_key +
                    "': " + text_of(m.reply_text),
                true);
        }
        case AMQP_CONNECTION_BLOCKED_METHOD:
        {
            const auto& m =
                *static_cast<amqp_connection_blocked_t*>(method.decoded);
            m_blocked = true;
            log_at(
                level::warning,
                "the AMQP broker takes no messages: " + text_of(m.reason));
            break;
        }
        case AMQP_CONNECTION_UNBLOCKED_METHOD:
            m_blocked = false;
            log_at(level::info, "the AMQP broker takes messages again");
            break;
        default:
            closed_by(method);
        }
    }

    amqp m_amqp;
    const std::string m_exchange, m_key;
    std::uint64_t m_first = 0; // all before were confirmed together
    bool m_blocked = false;
};

boost_ipq::message_id id_of(const amqp_basic_properties_t& from)
{
    if (!(from._flags & AMQP_BASIC_MESSAGE_ID_FLAG))
        return {};
    return read_id(
        static_cast<const char*>(from.message_id.bytes), from.message_id.len);
}

class amqp_source final : public source
{
public:
    amqp_source(const endpoint& end, const settings& route, wire& line)
        : m_amqp(end, route, line),
          m_most(route.count("batch"))
    {
        const auto ahead = (std::min)(route.count("window"), number_limit);
        amqp_basic_qos(
            m_amqp.state(), channel, 0, static_cast<std::uint16_t>(ahead), 0);
        m_amqp.answered();
        amqp_basic_consume(
            m_amqp.state(), channel, bytes_of(end.name), amqp_empty_bytes, 0, 0,
            0, amqp_empty_table);
        m_amqp.answered();
    }

    ~amqp_source() override
    {
        for (auto& one : m_all)
            amqp_destroy_envelope(&one);
    }

    std::size_t receive(const taker& take) override
    {
        while (m_all.size() < m_most && hear())
        {
        }
        if (!holds())
            return 0;
        m_batch.clear();
        for (const auto& one : m_all)
        {
            const auto body = one.message.body;
            m_batch.push_back(
                {body.bytes, body.len, id_of(one.message.properties)});
        }
        const std::size_t taken = take(m_batch.data(), m_batch.size());
        if (taken != 0)
            acknowledge(taken);
        return taken;
    }

    interest wants() override { return holds() ? interest() : m_amqp.wants(); }
    bool holds() const override { return !m_all.empty(); }

private:
    static constexpr std::uint64_t number_limit = 65535;

    bool hear()
    {
        amqp_maybe_release_buffers(m_amqp.state());
        timeval none{0, 0};
        amqp_envelope_t one;
        const auto reply = amqp_consume_message(m_amqp.state(), &one, &none, 0);
        if (reply.reply_type == AMQP_RESPONSE_NORMAL)
        {
            m_all.push_back(one);
            return true;
        }
        if (reply.reply_type != AMQP_RESPONSE_LIBRARY_EXCEPTION)
            check(reply);
        if (reply.library_error == AMQP_STATUS_TIMEOUT)
            return false;
        if (reply.library_error != AMQP_STATUS_UNEXPECTED_STATE)
            check(reply.library_error);
        return hear_other();
    }

    // Something that is no message.
    bool hear_other()
    {
        amqp_frame_t frame;
        if (!m_amqp.next(frame))
            return false;
        if (frame.frame_type != AMQP_FRAME_METHOD)
            return true;
        const auto id = frame.payload.method.id;
        if (id == AMQP_BASIC_CANCEL_METHOD)
            throw broker_error("the AMQP queue was removed", true);
        if (id != AMQP_CONNECTION_BLOCKED_METHOD &&
            id != AMQP_CONNECTION_UNBLOCKED_METHOD)
            closed_by(frame.payload.method);
        return true;
    }

    void acknowledge(std::size_t taken)
    {
        check(amqp_basic_ack(
            m_amqp.state(), channel, m_all[taken - 1].delivery_tag, 1));
        for (std::size_t i = 0; i < taken; ++i)
        {
            amqp_destroy_envelope(&m_all.front());
            m_all.pop_front();
        }
    }

    amqp m_amqp;
    const std::size_t m_most;
    std::deque<amqp_envelope_t> m_all{};
    std::vector<message> m_batch{};
};

constexpr broker amqp_broker(bool with_tls)
{
    return {
        [](const endpoint& end, const settings& route) {
            return end.scheme == "amqps" ? check_tls(end, route)
                                         : std::string();
        },
        [](const endpoint& end, const settings& route,
           wire& line) -> std::unique_ptr<sink> {
            return std::make_unique<amqp_sink>(end, route, line);
        },
        [](const endpoint& end, const settings& route,
           wire& line) -> std::unique_ptr<source> {
            return std::make_unique<amqp_source>(end, route, line);
        },
        128u << 20, with_tls};
}

const registration amqp_is_there("amqp", amqp_broker(false));
const registration amqps_is_there("amqps", amqp_broker(true));

} // namespace
} // namespace bridge
