#include <algorithm>
#include <utility>

#include "indexer/quarantine.h"
#include "schema/utf8.h"
#include "server/api_answer.h"
#include "server/json_out.h"
#include "server/push_access.h"
#include "server/routes.h"

namespace trailsift::server {
namespace {

constexpr std::size_t kMostIds = 1000;
constexpr std::size_t kMostReasons = 100;  // Of entries that stay.

bool is_missing(const Error& error) {
  // The directory may be missing until the first commit makes it.
  return error.code == ErrorCode::not_found;
}

void write_entry(JsonOut& out, const indexer::ListedEntry& entry, bool whole) {
  out.begin_object();
  out.member("id", entry.id);
  out.member("seen", format_time(entry.seen));
  out.member("reason", name(entry.reason));
  out.member("source", entry.source);
  out.member("offset", entry.offset);
  out.member("size", entry.size);
  out.member("kind", name(entry.kind));
  out.key("has_bytes");
  out.boolean(entry.has_bytes);
  out.member("detail", entry.detail);
  if (whole) out.member("excerpt", to_utf8(entry.excerpt));
  out.end_object();
}

/// Whether the parameter is "true"; it may be "false" or absent.
Checked<bool> flag_of(const Parameters& parameters, const char* name) {
  const std::string* text = parameters.find_nonempty(name);
  if (text == nullptr || *text == "false") return false;
  if (*text == "true") return true;
  return refuse(ErrorCode::bad_request, "expected true or false, got '" + *text + "'", name);
}

/// Changing the list is for those who may post events.
Checked<void> check_changer(const Context& context, const Call& call) {
  static const PushOptions kNoToken;
  const PushAccess access{context.sources != nullptr ? context.sources->push() : kNoToken, false,
                          context.check_host, context.allowed_hosts};
  const auto sender = check_sender(PushRoute::ingest, call.request, access);
  if (!sender) return tl::unexpected(sender.error());
  return {};
}

Result<std::vector<std::string>> all_ids(const std::filesystem::path& data) {
  std::vector<std::string> ids;
  const auto listed = indexer::for_each_quarantined(data, [&](const indexer::ListedEntry& entry) {
    ids.push_back(entry.id);
    return true;
  });
  if (!listed && !is_missing(listed.error())) return tl::unexpected(listed.error());
  return ids;
}

/// The entries that `ids` or `all` mean.
Checked<std::vector<std::string>> wanted_ids(const Context& context, const Parameters& parameters) {
  const auto all = flag_of(parameters, "all");
  if (!all) return tl::unexpected(all.error());
  const std::string* given = parameters.find_nonempty("ids");
  if ((given != nullptr) == *all) {
    return refuse(ErrorCode::bad_request, "expected ids, separated by commas, or all=true", "ids");
  }
  if (*all) {
    auto ids = all_ids(context.data);
    if (!ids) return refuse(ids.error());
    return std::move(*ids);
  }
  std::vector<std::string> beginnings;
  std::string_view rest = *given;
  while (true) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    beginnings.emplace_back(rest.substr(0, comma));
    if (comma == rest.size()) break;
    rest.remove_prefix(comma + 1);
  }
  if (beginnings.size() > kMostIds) {
    return refuse(ErrorCode::too_large, "expected at most " + std::to_string(kMostIds) + " ids",
                  "ids");
  }
  auto ids = indexer::find_quarantined(context.data, beginnings);
  if (!ids) return refuse(ids.error(), "ids");
  return std::move(*ids);
}

}  // namespace

Checked<HttpResponse> get_quarantine(Context& context, const Call& call) {
  const auto limit = read_limit(call.parameters);
  if (!limit) return tl::unexpected(limit.error());
  const std::string* cursor = call.parameters.find_nonempty("cursor");
  const auto page = indexer::page_of_quarantined(context.data, *limit,
                                                 cursor == nullptr ? std::string() : *cursor);
  const auto total = indexer::count_quarantined(context.data);
  const bool none = !page && is_missing(page.error());
  if (!page && !none) {
    return refuse(page.error(), page.error().code == ErrorCode::bad_request ? "cursor" : "");
  }
  if (!none && !total) return refuse(total.error());
  JsonOut out;
  out.begin_object();
  out.member("total", none ? 0 : *total);
  out.key("entries");
  out.begin_array();
  if (page) {
    for (const indexer::ListedEntry& entry : page->entries) write_entry(out, entry, false);
  }
  out.end_array();
  if (page && !page->cursor.empty()) out.member("cursor", page->cursor);
  out.end_object();
  return json_answer(out.text());
}

Checked<HttpResponse> get_quarantined(Context& context, const Call& call) {
  const auto wants_bytes = flag_of(call.parameters, "bytes");
  if (!wants_bytes) return tl::unexpected(wants_bytes.error());
  const auto found = indexer::find_quarantined(context.data, {&call.path_argument, 1});
  if (!found) return refuse(found.error());
  auto entry = indexer::read_quarantined(context.data, found->front());
  if (!entry) return refuse(entry.error());
  if (!*wants_bytes) {
    JsonOut out;
    write_entry(out, *entry, true);
    return json_answer(out.text());
  }
  if (!entry->has_bytes) {
    return refuse(ErrorCode::not_found,
                  "the bytes of '" + entry->id + "' were not kept, only the first ones");
  }
  // Whoever rejected bytes are from, no browser is to show them.
  return HttpResponse{200,
                      "application/octet-stream",
                      std::move(entry->bytes),
                      {{"Content-Disposition", "attachment; filename=\"" + entry->id + "\""}}};
}

Checked<HttpResponse> replay_quarantine(Context& context, const Call& call) {
  if (const auto may = check_changer(context, call); !may) return tl::unexpected(may.error());
  if (context.sources == nullptr) {
    return tl::unexpected(
        Refusal{Error{ErrorCode::bad_request,
                      "this server only reads: start it with sources, or run 'trailsift "
                      "quarantine replay'",
                      {}},
                {},
                403});
  }
  const auto ids = wanted_ids(context, call.parameters);
  if (!ids) return tl::unexpected(ids.error());
  std::vector<std::pair<std::string, std::string>> stays;
  const auto account = context.sources->replay(
      *ids,
      [&](const indexer::ListedEntry& entry, std::string_view why) {
        if (stays.size() < kMostReasons) stays.emplace_back(entry.id, why);
      },
      context.stop);
  if (!account) return refuse(account.error());
  JsonOut out;
  out.begin_object();
  out.member("entries", account->entries);
  out.member("replayed", account->replayed);
  out.member("kept", account->kept);
  out.member("indexed", account->indexed);
  out.member("duplicates", account->duplicates);
  out.key("stays");
  out.begin_array();
  for (const auto& [id, why] : stays) {
    out.begin_object();
    out.member("id", id);
    out.member("why", why);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return json_answer(out.text());
}

Checked<HttpResponse> drop_quarantine(Context& context, const Call& call) {
  if (const auto may = check_changer(context, call); !may) return tl::unexpected(may.error());
  const auto ids = wanted_ids(context, call.parameters);
  if (!ids) return tl::unexpected(ids.error());
  const auto dropped =
      ids->empty() ? Result<std::uint64_t>(0) : indexer::drop_quarantined(context.data, *ids);
  if (!dropped) return refuse(dropped.error());
  JsonOut out;
  out.begin_object();
  out.member("dropped", *dropped);
  out.end_object();
  return json_answer(out.text());
}

}  // namespace trailsift::server
