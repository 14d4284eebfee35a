#include "cli/server_request.h"

#include "schema/field.h"

namespace trailsift::cli {

void write_text(RequestWriter& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_member(RequestWriter& writer, std::string_view name, std::string_view text) {
  writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  write_text(writer, text);
}

void write_list(RequestWriter& writer, std::string_view name,
                const std::vector<std::string>& texts) {
  writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  writer.StartArray();
  for (const std::string& text : texts) write_text(writer, text);
  writer.EndArray();
}

void write_query(RequestWriter& writer, const QueryOptions& asked) {
  if (asked.text) write_member(writer, "q", *asked.text);
  write_member(writer, "syntax", asked.syntax->name);
  write_member(writer, "zone", asked.parse.zone.name());
  if (asked.from) write_member(writer, "from", *asked.from);
  if (asked.to) write_member(writer, "to", *asked.to);
  if (!asked.second) return;
  writer.Key("filters");
  writer.StartArray();
  writer.StartObject();
  write_member(writer, "query", *asked.second);
  writer.EndObject();
  writer.EndArray();
}

aws::Parameters query_parameters(const QueryOptions& asked) {
  aws::Parameters parameters{{"syntax", std::string(asked.syntax->name)},
                             {"zone", asked.parse.zone.name()}};
  if (asked.text) parameters.emplace_back("q", *asked.text);
  if (asked.from) parameters.emplace_back("from", *asked.from);
  if (asked.to) parameters.emplace_back("to", *asked.to);
  return parameters;
}

void write_page(RequestWriter& writer, const query::SearchRequest& request,
                const std::vector<std::string>& columns, const std::string& cursor,
                std::uint64_t size) {
  std::vector<std::string> keys;
  for (const query::SortKey& key : request.sort) {
    keys.push_back(std::string(field_at(key.field).name) + (key.descending ? " desc" : " asc"));
  }
  if (!keys.empty()) write_list(writer, "sort", keys);
  write_list(writer, "columns", columns);
  write_member(writer, "cursor", cursor);
  writer.Key("size");
  writer.Uint64(size);
}

void write_counts(RequestWriter& writer, const query::SearchRequest& request) {
  if (!request.facets.empty()) {
    writer.Key("facets");
    writer.StartArray();
    for (const query::FacetRequest& facet : request.facets) {
      writer.StartObject();
      write_member(writer, "field", field_at(facet.field).name);
      writer.Key("size");
      writer.Uint(facet.size);
      const bool rarest = facet.order == query::FacetRequest::Order::rarest;
      write_member(writer, "sort", rarest ? "rare" : "count");
      writer.EndObject();
    }
    writer.EndArray();
  }
  if (!request.histogram) return;
  writer.Key("histogram");
  writer.StartObject();
  const auto& interval = request.histogram->interval;
  write_member(writer, "interval",
               interval ? std::to_string(interval->count()) + "ms" : std::string("auto"));
  if (const auto split = request.histogram->split) {
    write_member(writer, "split", field_at(*split).name);
    writer.Key("values");
    writer.Uint(request.histogram->split_values);
  }
  writer.EndObject();
}

Result<rapidjson::Document> get_answer(const std::string& url, std::string_view path) {
  const auto client = ServerClient::make(url);
  if (!client) return tl::unexpected(client.error());
  const auto body = (*client)->get(path);
  if (!body) return tl::unexpected(body.error().error);
  return parse_answer(*body);
}

Mistake mistake_of(const ServerError& error, const QueryOptions& asked) {
  Mistake mistake{error.error, {}};
  if (error.parameter == "q") mistake.source = asked.text.value_or("");
  if (error.parameter == "filters[0].query") mistake.source = asked.second.value_or("");
  if (mistake.source.empty()) mistake.error.at.reset();
  return mistake;
}

}  // namespace trailsift::cli
