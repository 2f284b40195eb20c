// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_REQUEST_WAITING_CALL_HPP
#define BOOST_IPQ_DETAIL_REQUEST_WAITING_CALL_HPP

#include <boost_ipq/detail/request/sent_request.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>

namespace boost_ipq {
namespace detail {

template <class Storage>
class call_table;

// A call that waits for its answer; a link of the table's list.
class waiting_call
{
public:
    waiting_call(const waiting_call&) = delete;
    waiting_call& operator=(const waiting_call&) = delete;

    std::uint64_t number() const noexcept { return m_number; }
    bool done() const noexcept { return m_done; }
    const boost::system::error_code& error() const noexcept { return m_error; }

protected:
    explicit waiting_call(std::uint64_t number) noexcept : m_number(number) {}

    // An asynchronous call. Null: no execution context is known.
    waiting_call(
        std::uint64_t number, boost::asio::execution_context* context) noexcept
        : m_number(number),
          m_has_handler(true),
          m_context(context)
    {
    }
    virtual ~waiting_call() = default;

private:
    template <class Storage>
    friend class call_table;

    // Reads the answer. Called with the table's mutex held, as ended().
    virtual void read(const void* data, std::size_t size) = 0;

    // The call has an answer or an error, and is in the list no more. It may
    // delete itself.
    virtual void ended() noexcept = 0;

    // The execution context is destroyed: as ended(), but the handler is
    // destroyed, and not called. Called without the mutex.
    virtual void discarded() noexcept {}

    // No thread receives any more: the one that waits for this call shall.
    virtual void wake() noexcept = 0;

    const std::uint64_t m_number;
    const bool m_has_handler = false;                          // asynchronous
    boost::asio::execution_context* const m_context = nullptr; // the handler's
    sent_request m_request{};
    boost::system::error_code m_suspected{}; // why it may never be answered
    bool m_done = false;
    boost::system::error_code m_error{};
    waiting_call* m_next = nullptr;
    waiting_call* m_previous = nullptr;
};

} // namespace detail
} // namespace boost_ipq

#endif
