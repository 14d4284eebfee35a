#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "cli/answer_json.h"
#include "cli/mistake.h"
#include "cli/query_options.h"
#include "cli/server_client.h"
#include "query/search.h"

namespace trailsift::cli {

using RequestWriter = rapidjson::Writer<rapidjson::StringBuffer>;

/// An object with the members that `write` writes.
template <class Write>
std::string request_json(const Write& write) {
  rapidjson::StringBuffer buffer;
  RequestWriter writer(buffer);
  writer.StartObject();
  write(writer);
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

void write_text(RequestWriter& writer, std::string_view text);
void write_member(RequestWriter& writer, std::string_view name, std::string_view text);
void write_list(RequestWriter& writer, std::string_view name,
                const std::vector<std::string>& texts);

/// The members of the API that say which events.
void write_query(RequestWriter& writer, const QueryOptions& asked);

/// The same as parameters.
aws::Parameters query_parameters(const QueryOptions& asked);

/// Those of /api/search that say which hits, and what of them.
void write_page(RequestWriter& writer, const query::SearchRequest& request,
                const std::vector<std::string>& columns, const std::string& cursor,
                std::uint64_t size);

/// Those that ask for facets and histogram.
void write_counts(RequestWriter& writer, const query::SearchRequest& request);

/// What the server answers to GET `path`.
Result<rapidjson::Document> get_answer(const std::string& url, std::string_view path);

/// A server's error, with the text that the user wrote where it points into that.
Mistake mistake_of(const ServerError& error, const QueryOptions& asked);

}  // namespace trailsift::cli
