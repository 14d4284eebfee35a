#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "query/search.h"
#include "server/search_call.h"

namespace trailsift::server {

constexpr std::size_t kMaxAnswerBytes = 256UL * 1024 * 1024;

/// The JSON text of an answer in the call's dialect, json or sdk. `result` is the answer to
/// `call.request`. too_large when the text would pass kMaxAnswerBytes.
Result<std::string> to_json(const SearchCall& call, const query::SearchResult& result,
                            std::string_view request_id, std::chrono::milliseconds took);

/// The same as XML, for `format=xml`.
Result<std::string> to_xml(const SearchCall& call, const query::SearchResult& result,
                           std::string_view request_id, std::chrono::milliseconds took);

/// The media type of answers in this dialect.
std::string_view content_type_of(Dialect dialect);

}  // namespace trailsift::server
