// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_BROKERS_TLS_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_BROKERS_TLS_HPP

// TLS by OpenSSL, for brokers whose client library leaves it to the program
// (hiredis), or lends its context (librabbitmq). The broker must show a
// certificate of a trusted authority for the host of the address, and nothing
// switches that off.

#include "../broker.hpp"

namespace bridge::tls {

// Of a connection without an own certificate.
inline constexpr char asks[] =
    "it ends the connection; does it ask for a certificate? tls-certificate "
    "and tls-key name it";

} // namespace bridge::tls

#if __has_include(<openssl/ssl.h>)

#include <arpa/inet.h>
#include <cerrno>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <utility>

namespace bridge::tls {

// What a person can do about an error of the verification. `error` is one of
// X509_V_ERR_...
inline std::string advice(int error, const std::string& host)
{
    const std::string text = X509_verify_cert_error_string(error);
    switch (error)
    {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return "the authority of its certificate is not trusted here (" + text +
               "); tls-ca names the file of the right one";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return "its certificate is not for '" + host + "' (" + text +
               "); use a host name that the certificate has";
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "its certificate, or that of an authority of it, has expired; "
               "renew it at the broker";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "its certificate is not valid yet; compare the clocks of the "
               "two machines";
    default:
        return "its certificate is not valid: " + text;
    }
}

// Of the handshake of this thread. The error queue of OpenSSL says only that
// the verification failed.
inline thread_local int verification = X509_V_OK;

inline int note_verification(int good, X509_STORE_CTX* of)
{
    if (!good)
        verification = X509_STORE_CTX_get_error(of);
    return good;
}

// Why a call of OpenSSL in this thread failed. Clears that.
inline std::string why(const std::string& host)
{
    const int failed = std::exchange(verification, X509_V_OK);
    const auto error = ERR_peek_error();
    ERR_clear_error();
    if (failed != X509_V_OK)
        return advice(failed, host);
    if (error == 0)
        return "the connection has ended";
    switch (ERR_GET_REASON(error))
    {
    case SSL_R_WRONG_VERSION_NUMBER:
        return "it does not speak TLS at that port";
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
        return asks;
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        return std::string("it refuses the certificate of tls-certificate: ") +
               ERR_reason_error_string(error);
    default:
        const char* const text = ERR_reason_error_string(error);
        return text ? text : "error " + std::to_string(error);
    }
}

// After a handshake that failed.
[[noreturn]] inline void failed(const std::string& host)
{
    // Else the connection has ended.
    const bool lasting = ERR_peek_error() != 0;
    throw broker_error("TLS to '" + host + "' failed: " + why(host), lasting);
}

[[noreturn]] inline void bad_file(const settings& route, const char* key)
{
    const auto error = ERR_peek_last_error();
    const char* const text = ERR_reason_error_string(error);
    ERR_clear_error();
    const bool secret = ERR_GET_LIB(error) == ERR_LIB_PEM &&
                        ERR_GET_REASON(error) == PEM_R_BAD_PASSWORD_READ;
    throw broker_error(
        "'" + route.text(key) + "' (" + key + ") cannot be used: " +
            (secret ? "it has a password; write the key without one"
             : text ? text
                    : "it has no certificate"),
        true);
}

// A key with a password is refused: without this, OpenSSL asks the terminal.
inline int no_password(char*, int, int, void*)
{
    return -1;
}

// Sets what connections of the context trust and show, and to which host they
// go. Throws broker_error if a file is no good.
inline void set_up(void* of, const std::string& host, const settings& route)
{
    auto* const context = static_cast<SSL_CTX*>(of);
    ERR_clear_error();
    verification = X509_V_OK;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, note_verification);
    SSL_CTX_set_default_passwd_cb(context, no_password);
    X509_VERIFY_PARAM* const expected = SSL_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_hostflags(
        expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) != 1 &&
        X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) != 1)
        throw std::bad_alloc();
    const auto name = [&](const char* key) { return route.text(key); };
    if (!route.has("tls-ca"))
        SSL_CTX_set_default_verify_paths(context);
    else if (
        SSL_CTX_load_verify_locations(
            context, name("tls-ca").c_str(), nullptr) != 1)
        bad_file(route, "tls-ca");
    if (!route.has("tls-certificate"))
        return;
    if (SSL_CTX_use_certificate_chain_file(
            context, name("tls-certificate").c_str()) != 1)
        bad_file(route, "tls-certificate");
    if (SSL_CTX_use_PrivateKey_file(
            context, name("tls-key").c_str(), SSL_FILETYPE_PEM) != 1)
        bad_file(route, "tls-key");
}

struct destroy
{
    void operator()(SSL_CTX* one) const { SSL_CTX_free(one); }
    void operator()(SSL* one) const { SSL_free(one); }
};

inline std::unique_ptr<SSL_CTX, destroy>
make_context(const std::string& host, const settings& route)
{
    std::unique_ptr<SSL_CTX, destroy> result(SSL_CTX_new(TLS_client_method()));
    if (!result)
        throw std::bad_alloc();
    set_up(result.get(), host, route);
    return result;
}

// What is wrong with the files, or nothing.
inline std::string check(const endpoint& end, const settings& route)
try
{
    make_context(end.host, route);
    return {};
}
catch (const broker_error& e)
{
    return e.what();
}

// On a connected socket, which stays the caller's.
class connection
{
public:
    connection(int fd, const std::string& host, const settings& route)
        : m_host(host),
          m_shows(route.has("tls-certificate")),
          m_ssl(SSL_new(make_context(host, route).get()))
    {
        in_addr v4{};
        in6_addr v6{};
        const bool is_name = ::inet_pton(AF_INET, host.c_str(), &v4) != 1 &&
                             ::inet_pton(AF_INET6, host.c_str(), &v6) != 1;
        if (!m_ssl || SSL_set_fd(m_ssl.get(), fd) != 1 ||
            (is_name &&
             SSL_set_tlsext_host_name(m_ssl.get(), host.c_str()) != 1))
            throw std::bad_alloc();
        SSL_set_mode(
            m_ssl.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                             SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        ERR_clear_error();
        if (SSL_connect(m_ssl.get()) == 1)
            return;
        failed(host);
    }

    // As recv() and send() without waiting: -1 and EAGAIN if it would wait.
    ssize_t receive(char* to, std::size_t size)
    {
        std::size_t done = 0;
        clear();
        const int good = SSL_read_ex(m_ssl.get(), to, size, &done);
        m_heard |= good == 1;
        return result(good, done);
    }
    ssize_t send(const char* from, std::size_t size)
    {
        std::size_t done = 0;
        clear();
        const int good = SSL_write_ex(m_ssl.get(), from, size, &done);
        return result(good, done);
    }
    // Was something received that receive() has not returned yet? The socket
    // does not say it.
    bool pending() const { return SSL_pending(m_ssl.get()) > 0; }

private:
    static void clear()
    {
        errno = 0;
        ERR_clear_error();
    }

    ssize_t result(int good, std::size_t done)
    {
        if (good == 1)
            return static_cast<ssize_t>(done);
        const int error = SSL_get_error(m_ssl.get(), good);
        if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
        {
            errno = EAGAIN;
            return -1;
        }
        // A broker refuses a client only when that has all it needs, and its
        // reason may be lost with the connection.
        if (!m_heard && !m_shows)
            throw broker_error("TLS to '" + m_host + "' failed: " + asks, true);
        if (error == SSL_ERROR_ZERO_RETURN)
            return 0;
        if (error == SSL_ERROR_SYSCALL && errno != 0)
            return -1;
        throw broker_error("TLS to '" + m_host + "' failed: " + why(m_host));
    }

    const std::string m_host;
    const bool m_shows; // a certificate
    bool m_heard = false;
    const std::unique_ptr<SSL, destroy> m_ssl;
};

} // namespace bridge::tls

#else

namespace bridge::tls {

inline std::string check(const endpoint&, const settings&)
{
    return "this program was built without OpenSSL, so without TLS to this "
           "broker; install OpenSSL's headers (libssl-dev) and build it again";
}

inline std::string why(const std::string&)
{
    return "there is no TLS";
}

inline void failed(const std::string&) {}

inline std::string advice(int error, const std::string&)
{
    return "its certificate is not valid: error " + std::to_string(error) +
           " of X.509";
}

inline void set_up(void*, const std::string&, const settings& route)
{
    throw broker_error(check({}, route), true);
}

class connection
{
public:
    connection(int, const std::string&, const settings& route)
    {
        set_up(nullptr, {}, route);
    }
    ssize_t receive(char*, std::size_t) { return 0; }
    ssize_t send(const char*, std::size_t) { return 0; }
    bool pending() const { return false; }
};

} // namespace bridge::tls

#endif

#endif
