// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_PERMISSIONS_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_WINDOWS_PERMISSIONS_HPP

// The permissions of a queue are SECURITY_ATTRIBUTES, as in Boost.Interprocess.

#include <boost_ipq/detail/platform/object_status.hpp>
#include <boost_ipq/detail/platform/windows/api.hpp>
#include <boost/interprocess/permissions.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace boost_ipq {
namespace detail {
namespace platform {

// The type that boost::interprocess::permissions holds.
using native_permissions = void*;

// Access for the user of this process only. Boost's default is that of the
// directory: every user may read.
class owner_security
{
public:
    owner_security()
    {
        HANDLE opened = nullptr;
        if (!::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &opened))
            return;
        const unique_handle token(opened);
        DWORD size = 0;
        ::GetTokenInformation(token.get(), TokenUser, nullptr, 0, &size);
        m_user.resize(size / sizeof(void*) + 1);
        if (!::GetTokenInformation(
                token.get(), TokenUser, m_user.data(), size, &size))
            return;
        const PSID user =
            reinterpret_cast<const TOKEN_USER*>(m_user.data())->User.Sid;
        const DWORD list_size = static_cast<DWORD>(
            sizeof(ACL) + sizeof(ACCESS_ALLOWED_ACE) + ::GetLengthSid(user));
        m_list.resize(list_size / sizeof(void*) + 1);
        const auto list = reinterpret_cast<ACL*>(m_list.data());
        m_valid =
            ::InitializeAcl(
                list, static_cast<DWORD>(m_list.size() * sizeof(void*)),
                ACL_REVISION) &&
            ::AddAccessAllowedAce(list, ACL_REVISION, GENERIC_ALL, user) &&
            ::InitializeSecurityDescriptor(
                &m_descriptor, SECURITY_DESCRIPTOR_REVISION) &&
            ::SetSecurityDescriptorDacl(&m_descriptor, TRUE, list, FALSE) &&
            ::SetSecurityDescriptorControl(
                &m_descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED);
        m_attributes.nLength = sizeof m_attributes;
        m_attributes.lpSecurityDescriptor = &m_descriptor;
    }

    owner_security(const owner_security&) = delete;
    owner_security& operator=(const owner_security&) = delete;

    // Null, which means the directory's default, if the user is unknown.
    void* attributes() noexcept { return m_valid ? &m_attributes : nullptr; }

private:
    std::vector<void*> m_user, m_list; // aligned bytes
    SECURITY_DESCRIPTOR m_descriptor{};
    SECURITY_ATTRIBUTES m_attributes{};
    bool m_valid = false;
};

inline boost::interprocess::permissions owner_only()
{
    // Never destroyed: permissions point to it.
    static owner_security* const security = new owner_security;
    return boost::interprocess::permissions(security->attributes());
}

// Objects are created with their permissions, which Windows checks. It has no
// owner and no mode that a different object at the same path would show.
inline std::uint32_t user_id() noexcept
{
    return 0;
}

inline boost::interprocess::permissions
while_made(const boost::interprocess::permissions& permissions) noexcept
{
    return permissions;
}

inline std::uint32_t mode_of(const boost::interprocess::permissions&) noexcept
{
    return 0666;
}

inline std::uint32_t group_of_new_file(const std::string&) noexcept
{
    return 0;
}

inline object_status look_at(const std::string&) noexcept
{
    return {};
}

inline void open_to_others(
    const std::string&, std::uint32_t, const boost::interprocess::permissions&,
    boost::system::error_code& ec) noexcept
{
    ec.clear();
}

inline bool is_being_made(const std::string&) noexcept
{
    return false;
}

} // namespace platform
} // namespace detail
} // namespace boost_ipq

#endif
