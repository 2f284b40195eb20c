// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Kafka, by librdkafka with its idempotent producer: it repeats by itself what
// the brokers have not confirmed, in order, and they drop what they have. All
// messages of a route have one key, so they stay in one partition.

#include "../broker.hpp"
#include "../id_text.hpp"
#include "../log.hpp"
#include "tls.hpp"
#include <librdkafka/rdkafka.h>
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

namespace bridge {
namespace {

using properties = std::map<std::string, std::string>;

struct destroy
{
    void operator()(rd_kafka_t* one) const { rd_kafka_destroy(one); }
    void operator()(rd_kafka_conf_t* one) const { rd_kafka_conf_destroy(one); }
    void operator()(rd_kafka_topic_t* one) const
    {
        rd_kafka_topic_destroy(one);
    }
    void operator()(rd_kafka_queue_t* one) const
    {
        rd_kafka_queue_destroy(one);
    }
    void operator()(rd_kafka_topic_partition_list_t* one) const
    {
        rd_kafka_topic_partition_list_destroy(one);
    }
    void operator()(rd_kafka_message_t* one) const
    {
        rd_kafka_message_destroy(one);
    }
};
template <class T>
using owned = std::unique_ptr<T, destroy>;

// Only a person can help against these.
bool is_lasting(rd_kafka_resp_err_t error)
{
    switch (error)
    {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
        return true;
    default:
        return false;
    }
}

[[noreturn]] void refuse(rd_kafka_resp_err_t error, const std::string& why = {})
{
    throw broker_error(
        why.empty() ? std::string("Kafka refuses: ") + rd_kafka_err2str(error)
                    : "Kafka: " + why,
        is_lasting(error));
}

bool is_too_large(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ||
           error == RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE;
}

void set(
    rd_kafka_conf_t& conf, const std::string& name, const std::string& value)
{
    char why[512];
    if (rd_kafka_conf_set(
            &conf, name.c_str(), value.c_str(), why, sizeof why) !=
        RD_KAFKA_CONF_OK)
        throw broker_error(std::string("Kafka: ") + why, true);
}

// The library verifies the broker's certificate and its host name.
void set_tls(rd_kafka_conf_t& conf, const settings& route)
{
    for (const auto& [name, key] :
         {std::pair("ssl.ca.location", "tls-ca"),
          std::pair("ssl.certificate.location", "tls-certificate"),
          std::pair("ssl.key.location", "tls-key")})
        if (route.has(key))
            set(conf, name, route.text(key));
    set(conf, "enable.ssl.certificate.verification", "true");
    set(conf, "ssl.endpoint.identification.algorithm", "https");
}

// A property of the route may do that: not in silence.
void warn_of_unverified(const settings& route)
{
    for (const auto& [name, safe] :
         {std::pair("enable.ssl.certificate.verification", "true"),
          std::pair("ssl.endpoint.identification.algorithm", "https")})
    {
        const auto found = route.extra.find(name);
        if (found != route.extra.end() && found->second != safe)
            log_at(
                level::warning, route.name + ": kafka." + name + " = " +
                                    found->second +
                                    ": others can pretend to be the broker");
    }
}

// What is wrong with the settings of TLS, or nothing. Makes a client that has
// no brokers.
std::string check(const endpoint& end, const settings& route)
try
{
    if (end.scheme != "kafkas")
        return {};
    owned<rd_kafka_conf_t> conf(rd_kafka_conf_new());
    char features[512] = "";
    std::size_t size = sizeof features;
    rd_kafka_conf_get(conf.get(), "builtin.features", features, &size);
    if (("," + std::string(features) + ",").find(",ssl,") == std::string::npos)
        return "librdkafka was built without TLS; install one that has it";
    if (route.extra.count("security.protocol") != 0)
        return "kafka.security.protocol cannot be set where the address says "
               "kafkas://, which is TLS; use kafka:// to choose it yourself";
    set(*conf, "security.protocol", "SSL");
    set_tls(*conf, route);
    for (const auto& [name, value] : route.extra)
        if (name.rfind("ssl.", 0) == 0)
            set(*conf, name, value);
    rd_kafka_conf_set_log_cb(
        conf.get(), [](const rd_kafka_t*, int, const char*, const char*) {});
    char why[512];
    const owned<rd_kafka_t> client(
        rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), why, sizeof why));
    if (!client)
        return std::string("Kafka: ") + why;
    static_cast<void>(conf.release()); // the client has it now
    return {};
}
catch (const broker_error& e)
{
    return e.what();
}

// What the library says in its own threads or in calls; the error is thrown in
// a later call.
class client
{
public:
    client() = default;
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    void start(
        rd_kafka_type_t type, const endpoint& end, const settings& route,
        const properties& own)
    {
        owned<rd_kafka_conf_t> conf(rd_kafka_conf_new());
        set(*conf, "bootstrap.servers", end.address);
        set(*conf, "socket.keepalive.enable", "true");
        // Else the end of a batch waits up to 40 ms for an acknowledgement.
        set(*conf, "socket.nagle.disable", "true");
        set(*conf, "client.id", "ipq-bridge." + route.name);
        const auto user = user_of(end, route);
        const bool has_tls = end.scheme == "kafkas";
        if (has_tls)
        {
            set(*conf, "security.protocol", "SSL");
            set_tls(*conf, route);
            rd_kafka_conf_set_ssl_cert_verify_cb(conf.get(), heard_certificate);
        }
        if (!user.empty())
        {
            set(*conf, "security.protocol",
                has_tls ? "SASL_SSL" : "SASL_PLAINTEXT");
            set(*conf, "sasl.mechanism", "PLAIN");
            set(*conf, "sasl.username", user);
            set(*conf, "sasl.password", password_of(end, route));
        }
        for (const auto& [name, value] : own)
            set(*conf, name, value);
        for (const auto& [name, value] : route.extra)
            set(*conf, name, value);
        warn_of_unverified(route);
        rd_kafka_conf_set_opaque(conf.get(), this);
        rd_kafka_conf_set_error_cb(conf.get(), heard_error);
        rd_kafka_conf_set_log_cb(conf.get(), heard_log);
        if (type == RD_KAFKA_PRODUCER)
            rd_kafka_conf_set_dr_msg_cb(conf.get(), heard_report);
        char why[512];
        m_client.reset(rd_kafka_new(type, conf.get(), why, sizeof why));
        if (!m_client)
            throw broker_error(std::string("Kafka: ") + why, true);
        static_cast<void>(conf.release()); // the client has it now
    }

    rd_kafka_t* get() const { return m_client.get(); }

    // A message in this queue rings the bell.
    void listen(rd_kafka_queue_t* queue)
    {
        rd_kafka_queue_io_event_enable(queue, m_bell.writer(), "k", 1);
    }

    // Throws what was heard.
    void check()
    {
        const auto error = std::exchange(m_error, RD_KAFKA_RESP_ERR_NO_ERROR);
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
            refuse(error, std::exchange(m_why, {}));
    }

    void heard(rd_kafka_resp_err_t error, const std::string& why = {})
    {
        if (m_error != RD_KAFKA_RESP_ERR_NO_ERROR)
            return;
        m_error = error;
        m_why = why;
    }

    interest wants() const { return {m_bell.descriptor(), POLLIN, -1}; }
    void quiet() noexcept { m_bell.quiet(); }

    using report = std::pair<std::uint64_t, rd_kafka_resp_err_t>;
    std::vector<report> reports{}; // of messages: their numbers

private:
    static client& self(void* opaque) { return *static_cast<client*>(opaque); }

    // The library goes on by itself, unless a person must do something.
    static void
    heard_error(rd_kafka_t* rk, int error, const char* why, void* opaque)
    {
        const auto code = static_cast<rd_kafka_resp_err_t>(error);
        char fatal[512];
        if (code == RD_KAFKA_RESP_ERR__FATAL)
            self(opaque).heard(rd_kafka_fatal_error(rk, fatal, sizeof fatal));
        else if (code == RD_KAFKA_RESP_ERR__SSL || asks_for_certificate(why))
            self(opaque).heard(
                RD_KAFKA_RESP_ERR__SSL, self(opaque).why_no_tls(why));
        else if (is_lasting(code))
            self(opaque).heard(code);
        else if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
            log_at(level::warning, std::string("Kafka: ") + why);
        else
            log_at(level::debug, std::string("Kafka: ") + why);
    }

    // It comes after the handshake, and counts as any end of a connection.
    static bool asks_for_certificate(const char* text)
    {
        return std::strstr(text, "alert certificate required") != nullptr;
    }

    // The library's own text says only that the verification failed.
    std::string why_no_tls(const char* text)
    {
        if (asks_for_certificate(text))
            return std::string("TLS to a broker failed: ") + tls::asks;
        const std::lock_guard<std::mutex> guard(m_mutex);
        return m_certificate.empty() ? text : std::exchange(m_certificate, {});
    }

    // In a thread of the library: is a certificate of the chain good?
    static int heard_certificate(
        rd_kafka_t*, const char* broker, std::int32_t, int* error, int,
        const char*, std::size_t, char* text, std::size_t size, void* opaque)
    {
        if (*error == 0)
            return 1;
        // Without the port, "/bootstrap" and the like.
        const std::string all = broker;
        const auto host = all.substr(0, all.rfind(':'));
        const auto why =
            "TLS to '" + host + "' failed: " + tls::advice(*error, host);
        std::snprintf(text, size, "%s", why.c_str());
        const std::lock_guard<std::mutex> guard(self(opaque).m_mutex);
        self(opaque).m_certificate = why;
        return 0;
    }

    static void
    heard_log(const rd_kafka_t*, int, const char* topic, const char* text)
    {
        log_at(level::debug, std::string("Kafka: ") + topic + ": " + text);
    }

    static void
    heard_report(rd_kafka_t*, const rd_kafka_message_t* one, void* opaque)
    {
        self(opaque).reports.emplace_back(
            reinterpret_cast<std::uintptr_t>(one->_private), one->err);
    }

    bell m_bell{};
    rd_kafka_resp_err_t m_error = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::string m_why{};
    std::mutex m_mutex{};
    std::string m_certificate{}; // what is wrong with the broker's
    owned<rd_kafka_t> m_client{};
};

class kafka_sink final : public sink
{
public:
    kafka_sink(const endpoint& end, const settings& route)
        : m_key(route.has("key") ? route.text("key") : route.name)
    {
        m_client.start(
            RD_KAFKA_PRODUCER, end, route,
            {{"enable.idempotence", "true"},
             {"message.timeout.ms", "0"}, // repeats until the brokers have it
             {"linger.ms", "1"},
             {"topic.metadata.propagation.max.ms", "5000"},
             {"batch.num.messages", std::to_string(route.count("batch"))},
             // The window of the route is the limit.
             {"queue.buffering.max.messages", "10000000"},
             {"queue.buffering.max.kbytes", "2097151"}});
        // By its name, it would be searched for each message.
        m_topic.reset(
            rd_kafka_topic_new(m_client.get(), end.name.c_str(), nullptr));
        if (!m_topic)
            refuse(rd_kafka_last_error());
        m_events.reset(rd_kafka_queue_get_main(m_client.get()));
        m_client.listen(m_events.get());
    }

    // What was sent is read in place: the library must have let go of all.
    ~kafka_sink() override
    {
        rd_kafka_purge(
            m_client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_flush(m_client.get(), -1);
    }

    std::size_t send(const message* first, std::size_t count) override
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            const auto error = produce(first[i], m_sent);
            if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL)
                return i;
            if (is_too_large(error))
                m_client.reports.emplace_back(m_sent, error);
            else if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
                refuse(error);
            ++m_sent;
        }
        return count;
    }

    void work(settler& told) override
    {
        m_client.quiet();
        rd_kafka_poll(m_client.get(), 0);
        m_client.check();
        std::uint64_t first = 0, next = 0; // confirmed, not yet told
        for (const auto& [number, error] : m_client.reports)
        {
            if (error == RD_KAFKA_RESP_ERR_NO_ERROR && number == next &&
                next != first)
            {
                ++next;
                continue;
            }
            if (next != first)
                told.confirmed(first, next - 1);
            first = next = number;
            if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
                ++next;
            else if (is_too_large(error))
                told.refused(number, rd_kafka_err2str(error));
            else
                refuse(error);
        }
        if (next != first)
            told.confirmed(first, next - 1);
        m_client.reports.clear();
    }

    interest wants() override { return m_client.wants(); }

private:
    rd_kafka_resp_err_t produce(const message& one, std::uint64_t number)
    {
        char id[id_text_size];
        const auto length = write_id(id, one.id) - id;
        return rd_kafka_producev(
            m_client.get(), RD_KAFKA_V_RKT(m_topic.get()),
            RD_KAFKA_V_MSGFLAGS(0), RD_KAFKA_V_KEY(m_key.data(), m_key.size()),
            RD_KAFKA_V_VALUE(const_cast<void*>(one.data), one.size),
            RD_KAFKA_V_HEADER("ipq-id", id, length),
            RD_KAFKA_V_OPAQUE(
                reinterpret_cast<void*>(static_cast<std::uintptr_t>(number))),
            RD_KAFKA_V_END);
    }

    client m_client{};
    owned<rd_kafka_topic_t> m_topic{};
    owned<rd_kafka_queue_t> m_events{};
    const std::string m_key;
    std::uint64_t m_sent = 0;
};

boost_ipq::message_id id_of(const rd_kafka_message_t& from)
{
    rd_kafka_headers_t* headers = nullptr;
    const void* text = nullptr;
    std::size_t size = 0;
    if (rd_kafka_message_headers(&from, &headers) !=
            RD_KAFKA_RESP_ERR_NO_ERROR ||
        rd_kafka_header_get_last(headers, "ipq-id", &text, &size) !=
            RD_KAFKA_RESP_ERR_NO_ERROR)
        return {};
    return read_id(static_cast<const char*>(text), size);
}

class kafka_source final : public source
{
public:
    kafka_source(const endpoint& end, const settings& route)
        : m_most(route.count("batch")),
          m_window(route.count("window"))
    {
        m_client.start(
            RD_KAFKA_CONSUMER, end, route,
            {{"group.id", route.text("group")},
             // A bridge that is started again is the same member: the group
             // does not wait until the old one has timed out.
             {"group.instance.id", consumer_of(route)},
             {"enable.auto.commit", "false"},
             {"enable.auto.offset.store", "false"},
             {"auto.offset.reset", "earliest"},
             {"fetch.wait.max.ms", "100"},
             // A full queue may hold it up for long.
             {"max.poll.interval.ms", "86400000"}});
        rd_kafka_poll_set_consumer(m_client.get());
        m_events.reset(rd_kafka_queue_get_consumer(m_client.get()));
        m_commits.reset(rd_kafka_queue_new(m_client.get()));
        m_client.listen(m_events.get());
        m_client.listen(m_commits.get());
        const owned<rd_kafka_topic_partition_list_t> topics(
            rd_kafka_topic_partition_list_new(1));
        rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
        if (route.yes("assign"))
        {
            add_all(*topics, end.name);
            error = rd_kafka_assign(m_client.get(), topics.get());
        }
        else
        {
            rd_kafka_topic_partition_list_add(
                topics.get(), end.name.c_str(), RD_KAFKA_PARTITION_UA);
            error = rd_kafka_subscribe(m_client.get(), topics.get());
        }
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
            refuse(error);
    }

    ~kafka_source() override
    {
        m_all.clear();
        rd_kafka_consumer_close(m_client.get());
    }

    std::size_t receive(const taker& take) override
    {
        m_client.quiet();
        rd_kafka_queue_poll_callback(m_commits.get(), 0);
        if (!holds())
            fetch();
        m_client.check();
        // Doubles are bounded: not too much is taken and not committed.
        if (!holds() || m_uncommitted >= m_window)
            return 0;
        const std::size_t taken =
            take(m_messages.data() + m_taken, m_messages.size() - m_taken);
        for (std::size_t i = 0; i < taken; ++i)
            note(*m_all[m_taken + i]);
        m_taken += taken;
        m_uncommitted += taken;
        if (!m_committing)
            commit();
        return taken;
    }

    interest wants() override { return m_client.wants(); }
    bool holds() const override { return m_taken < m_messages.size(); }

private:
    // All partitions, each from where the group has come to.
    void add_all(rd_kafka_topic_partition_list_t& to, const std::string& topic)
    {
        rd_kafka_topic_t* const handle =
            rd_kafka_topic_new(m_client.get(), topic.c_str(), nullptr);
        const struct rd_kafka_metadata* found = nullptr;
        const auto error =
            rd_kafka_metadata(m_client.get(), 0, handle, &found, 2000);
        rd_kafka_topic_destroy(handle);
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
            refuse(error);
        for (int i = 0; i < found->topics[0].partition_cnt; ++i)
            rd_kafka_topic_partition_list_add(
                &to, topic.c_str(), found->topics[0].partitions[i].id)
                ->offset = RD_KAFKA_OFFSET_STORED;
        rd_kafka_metadata_destroy(found);
    }

    void fetch()
    {
        m_all.clear();
        m_messages.clear();
        m_taken = 0;
        std::vector<rd_kafka_message_t*> got(m_most);
        const auto count = rd_kafka_consume_batch_queue(
            m_events.get(), 0, got.data(), got.size());
        for (ssize_t i = 0; i < count; ++i)
        {
            owned<rd_kafka_message_t> one(got[static_cast<std::size_t>(i)]);
            if (one->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            {
                m_messages.push_back({one->payload, one->len, id_of(*one)});
                m_all.push_back(std::move(one));
            }
            else if (is_lasting(one->err))
                m_client.heard(one->err);
        }
    }

    // The place behind a message that was taken.
    void note(const rd_kafka_message_t& one)
    {
        const char* const topic = rd_kafka_topic_name(one.rkt);
        auto* place = rd_kafka_topic_partition_list_find(
            m_places.get(), topic, one.partition);
        if (!place)
            place = rd_kafka_topic_partition_list_add(
                m_places.get(), topic, one.partition);
        place->offset = one.offset + 1;
    }

    void commit()
    {
        if (m_places->cnt == 0)
            return;
        const auto error = rd_kafka_commit_queue(
            m_client.get(), m_places.get(), m_commits.get(), committed, this);
        // The library may be the caller: nothing is thrown here.
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
            return m_client.heard(error);
        m_in_commit = m_uncommitted;
        m_committing = true;
        m_places.reset(rd_kafka_topic_partition_list_new(1));
    }

    static void committed(
        rd_kafka_t*, rd_kafka_resp_err_t error,
        rd_kafka_topic_partition_list_t*, void* opaque)
    {
        auto& self = *static_cast<kafka_source*>(opaque);
        self.m_committing = false;
        // A group that has changed: what was not committed comes again.
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
            log_at(
                level::debug,
                std::string("Kafka: commit: ") + rd_kafka_err2str(error));
        self.m_uncommitted -= self.m_in_commit;
        self.commit();
    }

    client m_client{};
    owned<rd_kafka_queue_t> m_events{}, m_commits{};
    const std::size_t m_most, m_window;
    owned<rd_kafka_topic_partition_list_t> m_places{
        rd_kafka_topic_partition_list_new(1)};
    bool m_committing = false;
    std::size_t m_uncommitted = 0, m_in_commit = 0;
    std::vector<owned<rd_kafka_message_t>> m_all{};
    std::vector<message> m_messages{};
    std::size_t m_taken = 0;
};

constexpr broker kafka_broker(bool with_tls)
{
    return {
        check,
        [](const endpoint& end, const settings& route,
           wire&) -> std::unique_ptr<sink> {
            return std::make_unique<kafka_sink>(end, route);
        },
        [](const endpoint& end, const settings& route,
           wire&) -> std::unique_ptr<source> {
            return std::make_unique<kafka_source>(end, route);
        },
        // The library's message.max.bytes is asked for each message.
        ~std::uint64_t(0), with_tls};
}

const registration kafka_is_there("kafka", kafka_broker(false));
const registration kafkas_is_there("kafkas", kafka_broker(true));

} // namespace
} // namespace bridge
