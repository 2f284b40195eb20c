// Copyright 2026 The boost_ipq authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_IPQ_EXAMPLE_BRIDGE_LOG_HPP
#define BOOST_IPQ_EXAMPLE_BRIDGE_LOG_HPP

// The log, by Boost.Log, on the standard error.

#include <boost/core/null_deleter.hpp>
#include <boost/log/attributes/value_extraction.hpp>
#include <boost/log/core.hpp>
#include <boost/log/expressions.hpp>
#include <boost/log/sinks/sync_frontend.hpp>
#include <boost/log/sinks/text_ostream_backend.hpp>
#include <boost/log/sources/record_ostream.hpp>
#include <boost/log/sources/severity_logger.hpp>
#include <boost/log/trivial.hpp>
#include <boost/log/utility/formatting_ostream.hpp>
#include <boost/make_shared.hpp>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace bridge {

namespace level = boost::log::trivial;

inline void log_at(level::severity_level how, const std::string& text)
{
    boost::log::sources::severity_logger_mt<level::severity_level> logger;
    BOOST_LOG_SEV(logger, how) << text;
}

inline level::severity_level level_of(const std::string& name)
{
    level::severity_level result{};
    std::istringstream in(name);
    if (!(in >> result))
        throw std::invalid_argument(
            "the log level is trace, debug, info, warning, error or fatal, "
            "not '" +
            name + "'");
    return result;
}

// In the journal, the priority of the system's log replaces the name.
inline void format_record(
    bool journal, const boost::log::record_view& record,
    boost::log::formatting_ostream& out)
{
    const auto how = boost::log::extract_or_default<level::severity_level>(
        "Severity", record, level::info);
    if (journal)
        out << '<'
            << (how >= level::error     ? 3
                : how == level::warning ? 4
                : how == level::info    ? 6
                                        : 7)
            << '>';
    else
        out << "ipq-bridge: " << how << ": ";
    out << record[boost::log::expressions::smessage];
}

inline void start_log(const std::string& least)
{
    namespace sinks = boost::log::sinks;
    const auto how = level_of(least);
    const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    auto backend = boost::make_shared<sinks::text_ostream_backend>();
    backend->add_stream(
        boost::shared_ptr<std::ostream>(&std::cerr, boost::null_deleter()));
    backend->auto_flush(true);
    using frontend = sinks::synchronous_sink<sinks::text_ostream_backend>;
    auto sink = boost::make_shared<frontend>(backend);
    sink->set_formatter([journal](const auto& record, auto& out) {
        format_record(journal, record, out);
    });
    boost::log::core::get()->remove_all_sinks();
    boost::log::core::get()->add_sink(sink);
    boost::log::core::get()->set_filter(level::severity >= how);
}

} // namespace bridge

#endif
