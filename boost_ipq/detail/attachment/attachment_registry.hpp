// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_ATTACHMENT_ATTACHMENT_REGISTRY_HPP
#define BOOST_IPQ_DETAIL_ATTACHMENT_ATTACHMENT_REGISTRY_HPP

#include <boost_ipq/detail/attachment/shared_attachment.hpp>
#include <boost_ipq/detail/platform/system.hpp>
#include <iterator>
#include <map>
#include <memory>

namespace boost_ipq {
namespace detail {

// The attachments of this process, by the identity of the lock file.
class attachment_registry
{
public:
    // Returns null if this process is not attached to the queue.
    static std::shared_ptr<shared_attachment>
    find(const platform::file_identity& identity)
    {
        return platform::fork_registry::instance().guarded([&] {
            const auto found = entries().find(identity);
            return found == entries().end() ? nullptr : found->second.lock();
        });
    }

    static void
    add(const platform::file_identity& identity,
        const std::shared_ptr<shared_attachment>& value)
    {
        platform::fork_registry::instance().guarded([&] {
            for (auto i = entries().begin(); i != entries().end();)
                i = i->second.expired() ? entries().erase(i) : std::next(i);
            entries()[identity] = value;
        });
    }

private:
    using map =
        std::map<platform::file_identity, std::weak_ptr<shared_attachment>>;

    // Never destroyed: handles may be static objects.
    static map& entries()
    {
        static map* const instance = new map;
        return *instance;
    }
};

} // namespace detail
} // namespace boost_ipq

#endif
