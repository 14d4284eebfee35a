#include <algorithm>
#include <utility>

#include "schema/field.h"
#include "server/json_out.h"
#include "server/routes.h"
#include "server/search_parameters.h"
#include "server/web_assets.h"

namespace trailsift::server {
namespace {

std::string_view name(Origin origin) {
  switch (origin) {
    case Origin::record: return "record";
    case Origin::derived: return "derived";
    case Origin::delivery: return "delivery";
    case Origin::subtree: return "subtree";
    case Origin::joined: return "joined";
  }
  return "record";
}

void write_aliases(JsonOut& out, std::string_view aliases) {
  out.key("aliases");
  out.begin_array();
  while (!aliases.empty()) {
    const std::size_t end = std::min(aliases.find(' '), aliases.size());
    if (end > 0) out.string(aliases.substr(0, end));
    aliases.remove_prefix(std::min(end + 1, aliases.size()));
  }
  out.end_array();
}

void write_field(JsonOut& out, const Field& field) {
  out.begin_object();
  out.member("name", field.name);
  if (!field.path.empty()) out.member("path", field.path);
  write_aliases(out, field.aliases);
  out.member("type", trailsift::name(field.type));
  out.key("column");
  out.boolean(field.column);
  out.key("multi");
  out.boolean(field.multi);
  out.member("origin", name(field.origin));
  out.member("help", field.help);
  out.end_object();
}

/// An array of objects under `key`, each filled by `write`.
template <class Rows, class Write>
void write_rows(JsonOut& out, std::string_view key, const Rows& rows, const Write& write) {
  out.key(key);
  out.begin_array();
  for (const auto& row : rows) {
    out.begin_object();
    write(row);
    out.end_object();
  }
  out.end_array();
}

Checked<HttpResponse> asset(std::string_view path) {
  const auto assets = web_assets();
  const auto found = std::ranges::find(assets, path, &WebAsset::path);
  if (found == assets.end()) {
    return refuse(ErrorCode::not_found, "there is no asset '" + std::string(path) + "'");
  }
  return HttpResponse{200, std::string(found->content_type), std::string(found->body), {}};
}

}  // namespace

Checked<HttpResponse> get_fields(Context&, const Call&) {
  JsonOut out;
  out.begin_object();
  out.key("fields");
  out.begin_array();
  for (const Field& field : fields()) write_field(out, field);
  out.end_array();
  out.end_object();
  return HttpResponse{200, "application/json", out.text(), {}};
}

Checked<HttpResponse> get_routes(Context&, const Call&) {
  JsonOut out;
  out.begin_object();
  write_rows(out, "routes", routes(), [&](const Route& route) {
    out.member("method", route.method);
    out.member("path", route.path);
    out.member("help", route.help);
  });
  write_rows(out, "search_parameters", kSearchParameters, [&](const SearchParameter& parameter) {
    out.member("name", parameter.name);
    out.key("supported");
    out.boolean(parameter.support == Support::full);
    out.member("help", parameter.help);
  });
  out.end_object();
  return HttpResponse{200, "application/json", out.text(), {}};
}

Checked<HttpResponse> get_page(Context&, const Call&) {
  return asset("index.html");
}

Checked<HttpResponse> get_asset(Context&, const Call& call) {
  return asset(call.path_argument);
}

}  // namespace trailsift::server
