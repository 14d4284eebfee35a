#include <algorithm>
#include <string>
#include <utility>

#include "schema/sha256.h"
#include "schema/time.h"
#include "server/api_answer.h"
#include "server/api_members.h"
#include "server/json_out.h"
#include "server/page_access.h"
#include "server/query_limits.h"
#include "server/routes.h"

namespace trailsift::server {
namespace {

constexpr std::size_t kMaxNameBytes = 200;
constexpr std::size_t kLinkSize = 10;  // 50 bits.
constexpr std::chrono::hours kLinkAge{24};

Checked<void> check_name(const std::string& name) {
  const bool odd = std::ranges::any_of(
      name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/'; });
  const bool blank = name.empty() || name.front() == ' ' || name.back() == ' ';
  // Browsers take the last two for directories.
  if (!odd && !blank && name.size() <= kMaxNameBytes && name != "." && name != "..") return {};
  return refuse(ErrorCode::bad_request,
                "expected a name of 1 to " + std::to_string(kMaxNameBytes) +
                    " bytes, without control characters, '/' and blanks around it",
                "name");
}

Checked<std::string> read_state(const Call& call) {
  const auto members = read_members(state_members(), call.parameters, json_body(call));
  if (!members) return tl::unexpected(members.error());
  const std::string* const state = members->text("state");
  if (state == nullptr)
    return refuse(ErrorCode::bad_request, "expected a state, got none", "state");
  return *state;
}

Expectation expectation_of(const HttpRequest& request) {
  Expectation expected;
  if (const std::string tag = request.header("if-match"); !tag.empty()) expected.tag = tag;
  expected.nothing = request.header("if-none-match") == "*";
  return expected;
}

tl::unexpected<Refusal> is_another(const std::string& name) {
  return tl::unexpected(
      Refusal{Error{ErrorCode::bad_request,
                    "'" + name + "' was changed by somebody else meanwhile: read it again",
                    {}},
              {},
              412});
}

tl::unexpected<Refusal> is_missing(const std::string& name) {
  return refuse(ErrorCode::not_found, "there is no saved search '" + name + "'");
}

void write_search(JsonOut& out, const KeyedDocument& search) {
  out.begin_object();
  out.member("name", search.key);
  out.member("state", search.text);
  out.member("created", format_time(search.created));
  out.member("updated", format_time(search.updated));
  out.member("etag", search.tag());
  out.end_object();
}

HttpResponse search_answer(const KeyedDocument& search) {
  JsonOut out;
  write_search(out, search);
  return HttpResponse{200, "application/json", out.text(), {{"ETag", search.tag()}}};
}

HttpResponse link_answer(const KeyedDocument& link) {
  JsonOut out;
  out.begin_object();
  out.member("id", link.key);
  out.member("state", link.text);
  out.member("created", format_time(link.created));
  out.end_object();
  return json_answer(out.text());
}

/// RFC 4648's base32 of the text's SHA-256, in lower case.
std::string base32_of_hash(std::string_view text) {
  constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz234567";
  const std::string hex = sha256_hex(text);
  std::string out;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char digit : hex) {
    const auto value = static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    bits = (bits << 4U | value) & 0xFFFU;
    count += 4;
    if (count < 5) continue;
    count -= 5;
    out += kDigits[bits >> count & 31U];
  }
  return out;
}

}  // namespace

Checked<HttpResponse> get_saved(Context& context, const Call&) {
  auto searches = context.saved->all();
  if (!searches) return refuse(searches.error());
  std::ranges::sort(*searches, {}, &KeyedDocument::key);
  JsonOut out;
  out.begin_object();
  out.key("searches");
  out.begin_array();
  for (const KeyedDocument& search : *searches) write_search(out, search);
  out.end_array();
  out.end_object();
  return json_answer(out.text());
}

Checked<HttpResponse> get_saved_search(Context& context, const Call& call) {
  const auto search = context.saved->find(call.path_argument);
  if (!search) return refuse(search.error());
  if (!*search) return is_missing(call.path_argument);
  return search_answer(**search);
}

Checked<HttpResponse> put_saved_search(Context& context, const Call& call) {
  if (auto may = check_page_change(call.request); !may) return tl::unexpected(may.error());
  const std::string& name = call.path_argument;
  if (auto good = check_name(name); !good) return tl::unexpected(good.error());
  auto state = read_state(call);
  if (!state) return tl::unexpected(state.error());
  const auto search =
      context.saved->put(name, std::move(*state), context.now(), expectation_of(call.request));
  if (!search) return refuse(search.error());
  if (!*search) return is_another(name);
  return search_answer(**search);
}

Checked<HttpResponse> delete_saved_search(Context& context, const Call& call) {
  if (auto may = check_page_change(call.request); !may) return tl::unexpected(may.error());
  const std::string& name = call.path_argument;
  const auto removed = context.saved->remove(name, expectation_of(call.request));
  if (!removed) return refuse(removed.error());
  if (*removed == KeyedDocuments::Removed::not_there) return is_missing(name);
  if (*removed == KeyedDocuments::Removed::not_as_expected) return is_another(name);
  JsonOut out;
  out.begin_object();
  out.member("deleted", name);
  out.end_object();
  return json_answer(out.text());
}

Checked<HttpResponse> make_link(Context& context, const Call& call) {
  if (auto may = check_page_change(call.request); !may) return tl::unexpected(may.error());
  const auto state = read_state(call);
  if (!state) return tl::unexpected(state.error());
  const std::string whole = base32_of_hash(*state);
  for (std::size_t size = kLinkSize; size <= whole.size(); ++size) {
    const std::string id = whole.substr(0, size);
    const auto known = context.links->find(id);
    if (!known) return refuse(known.error());
    if (*known && (*known)->text != *state) continue;  // One more character tells them apart.
    if (*known && context.now() - (*known)->updated < kLinkAge) return link_answer(**known);
    const Expectation expected{*known ? std::optional((*known)->tag()) : std::nullopt, !*known};
    const auto link = context.links->put(id, *state, context.now(), expected);
    if (!link) return refuse(link.error());
    if (*link) return link_answer(**link);
    --size;  // Somebody else made one meanwhile.
  }
  return refuse(ErrorCode::internal, "cannot make a link: two states have one hash");
}

Checked<HttpResponse> get_link(Context& context, const Call& call) {
  const auto link = context.links->find(call.path_argument);
  if (!link) return refuse(link.error());
  if (!*link) return refuse(ErrorCode::not_found, "there is no link '" + call.path_argument + "'");
  return link_answer(**link);
}

}  // namespace trailsift::server
