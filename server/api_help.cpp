#include <algorithm>
#include <utility>

#include "schema/field.h"
#include "server/api_answer.h"
#include "server/json_out.h"
#include "server/page_files.h"
#include "server/routes.h"
#include "server/search_parameters.h"
#include "server/web_assets.h"

namespace trailsift::server {
namespace {

constexpr std::string_view kPage = "index.html";

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
  for (const std::string_view alias : split_words(aliases)) out.string(alias);
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

const WebAsset* find_file(std::string_view path) {
  const auto files = web_assets();
  const auto found = std::ranges::find(files, path, &WebAsset::path);
  return found == files.end() ? nullptr : &*found;
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
  return json_answer(out.text());
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
  return json_answer(out.text());
}

Checked<HttpResponse> get_page(Context&, const Call&) {
  const WebAsset* const page = find_file(kPage);
  if (page == nullptr) return refuse(ErrorCode::not_found, "the page is not in this program");
  return page_answer(*page, new_nonce());
}

Checked<HttpResponse> get_asset(Context&, const Call& call) {
  const std::string& name = call.path_argument;
  const WebAsset* file = find_file("assets/" + name);
  // What lies beside the page; the page itself would come without its nonce.
  if (file == nullptr && name != kPage) file = find_file(name);
  if (file == nullptr) return refuse(ErrorCode::not_found, "there is no asset '" + name + "'");
  return file_answer(*file, call.request);
}

}  // namespace trailsift::server
