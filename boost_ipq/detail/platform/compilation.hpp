// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_DETAIL_PLATFORM_COMPILATION_HPP
#define BOOST_IPQ_DETAIL_PLATFORM_COMPILATION_HPP

// Header-only, or compiled separately: see src.hpp. BOOST_IPQ_DECL stands
// before each function whose definition is in boost_ipq/impl/.
//
// A program whose files differ in that does not link: a file that is compiled
// separately refers to a symbol that only src.hpp defines, and src.hpp defines
// a symbol that each header-only file defines, too. Its name is the advice. All
// header-only files share one definition of it (a COMDAT section, which C++ has
// only for weak symbols; the linker would accept a second weak definition).

#if defined(BOOST_IPQ_SEPARATE_COMPILATION)

#define BOOST_IPQ_DECL
#define BOOST_IPQ_DETAIL_HEADER_ONLY 0

extern "C" const char boost_ipq_include_src_hpp_in_one_file;
extern "C" const char boost_ipq_define_SEPARATE_COMPILATION_in_all_files;

#if defined(__GNUC__)
namespace boost_ipq {
namespace detail {
namespace platform {
namespace {

__attribute__((used)) const char* const compiled_in_src_hpp =
    &boost_ipq_include_src_hpp_in_one_file;

} // namespace
} // namespace platform
} // namespace detail
} // namespace boost_ipq
#endif

#else

#define BOOST_IPQ_DECL inline
#define BOOST_IPQ_DETAIL_HEADER_ONLY 1

#if defined(__ELF__) && defined(__GNUC__)
// .ifndef: link-time optimization may assemble several files as one.
__asm__(".ifndef boost_ipq_define_SEPARATE_COMPILATION_in_all_files\n"
        ".pushsection .rodata.boost_ipq,\"aG\",%progbits,"
        "boost_ipq_header_only,comdat\n"
        ".hidden boost_ipq_define_SEPARATE_COMPILATION_in_all_files\n"
        ".globl boost_ipq_define_SEPARATE_COMPILATION_in_all_files\n"
        "boost_ipq_define_SEPARATE_COMPILATION_in_all_files:\n"
        ".byte 0\n"
        ".popsection\n"
        ".endif");
#endif

#endif

#endif
