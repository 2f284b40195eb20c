// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_DEAD_LETTER_QUEUE_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_DEAD_LETTER_QUEUE_HPP

#include <boost_ipq/detail/core/fork_mutex.hpp>
#include <boost_ipq/detail/core/give_up.hpp>
#include <boost_ipq/detail/core/status.hpp>
#include <boost_ipq/detail/platform/compilation.hpp>
#include <boost_ipq/detail/ring/dead_letters.hpp>
#include <cstddef>
#include <functional>
#include <memory>

namespace boost_ipq {
namespace detail {

class attachment;

// A process's end of the dead-letter queue of a queue. It is opened, or
// created, when the first message moves, and kept open as long as the process
// has a handle of the source. A queue that was removed is created again.
class dead_letter_queue final : public dead_letter_box
{
public:
    using opener =
        std::function<std::shared_ptr<attachment>(const lock_limit&)>;

    dead_letter_queue(attachment& source, opener open);
    ~dead_letter_queue();

    bool put(const void* data, std::size_t size) noexcept override;
    void freed() noexcept override;

    // Until the next message moves.
    void close() noexcept;

private:
    status send(const void* data, std::size_t size);

    attachment& m_source;
    opener m_open;
    fork_mutex m_mutex{}; // of the rest
    std::shared_ptr<attachment> m_queue{};
};

} // namespace detail
} // namespace boost_ipq

#endif
