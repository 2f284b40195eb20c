// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_BROKER_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_BROKER_HPP

// What the bridge needs of a broker. Each broker is one file in brokers/, which
// registers itself: adding one changes no other file.

#include "endpoint.hpp"
#include "settings.hpp"
#include "wire.hpp"
#include <boost_ipq/message_id.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

namespace bridge {

// The broker is away, or refuses. The route connects again after a while; what
// was not confirmed is sent again.
class broker_error : public std::runtime_error
{
public:
    // `lasting`: a person has to change something before it can work.
    explicit broker_error(const std::string& what, bool lasting = false)
        : std::runtime_error(what),
          m_lasting(lasting)
    {
    }

    bool lasting() const noexcept { return m_lasting; }

private:
    bool m_lasting;
};

struct message
{
    const void* data = nullptr;
    std::size_t size = 0;
    boost_ipq::message_id id{}; // epoch 0: none
};

// What a route waits for, besides its own queue.
struct interest
{
    int descriptor = -1;
    short events = 0;
    int milliseconds = -1; // look again after that time; -1: never
};

// Of messages that were sent, numbered from 0 for each connection.
class settler
{
public:
    // The broker has the messages from `first` to `last`.
    virtual void confirmed(std::uint64_t first, std::uint64_t last) = 0;
    // The broker will never take this one.
    virtual void refused(std::uint64_t number, const std::string& why) = 0;

protected:
    ~settler() = default;
};

// A connection to which messages go. It is used by one thread. What throws is a
// broker_error; the sink is destroyed then.
class sink
{
public:
    virtual ~sink() = default;
    // How many messages send() may take now.
    virtual std::size_t room() const { return ~std::size_t(0); }
    // Sends messages behind those sent before. Returns how many, from the first
    // one: not all if the broker takes no more now. Their bytes stay valid
    // until they are settled or the sink is destroyed.
    virtual std::size_t send(const message* first, std::size_t count) = 0;
    // Works on what the broker has said, without waiting.
    virtual void work(settler& told) = 0;
    virtual interest wants() = 0;
    // The broker has asked to send nothing.
    virtual bool blocked() const { return false; }
};

// Returns how many messages, from the first one, the local queue has now.
using taker = std::function<std::size_t(const message* first, std::size_t)>;

// A connection from which messages come.
class source
{
public:
    virtual ~source() = default;
    // Passes messages that have come to `take`, in their order, without
    // waiting, and acknowledges those that it has taken. The others are passed
    // again. Returns the number of those taken.
    virtual std::size_t receive(const taker& take) = 0;
    // While a message is here, only what matters then.
    virtual interest wants() = 0;
    // Is a message here that was not taken?
    virtual bool holds() const = 0;
};

struct broker
{
    // What is wrong with the settings of a route, or nothing.
    std::string (*check)(const endpoint&, const settings&);
    std::unique_ptr<sink> (*make_sink)(const endpoint&, const settings&, wire&);
    std::unique_ptr<source> (*make_source)(
        const endpoint&, const settings&, wire&);
    std::uint64_t max_message; // the default of that setting
    bool tls = false;          // connections have TLS
};

// By the scheme of their addresses.
inline std::map<std::string, broker>& brokers()
{
    static std::map<std::string, broker> all;
    return all;
}

struct registration
{
    registration(const char* scheme, const broker& what)
    {
        brokers().emplace(scheme, what);
    }
};

} // namespace bridge

#endif
