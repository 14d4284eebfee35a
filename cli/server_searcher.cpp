#include <algorithm>
#include <utility>

#include "cli/searcher.h"
#include "cli/server_answers.h"
#include "cli/server_client.h"
#include "cli/server_request.h"
#include "cli/server_streams.h"
#include "cli/session_answer.h"

namespace trailsift::cli {
namespace {

// Records take up to 16 MB; those of a page are in one answer.
constexpr std::uint64_t kHitsPerAnswer = 250;

Answered<std::string> post(const ServerClient& client, std::string_view path, std::string json,
                           const QueryOptions& asked) {
  auto body = client.post(path, std::move(json));
  if (!body) return tl::unexpected(mistake_of(body.error(), asked));
  return std::move(*body);
}

class ServerSearcher final : public Searcher {
 public:
  explicit ServerSearcher(std::unique_ptr<ServerClient> client) : client_(std::move(client)) {}

  Answered<query::SearchResult> search(const QueryOptions& asked, query::SearchRequest& request,
                                       const std::vector<Column>& columns) override;

  Answered<ExplainedQuery> explain(const QueryOptions& asked) override {
    const auto body = post(*client_, "/api/explain",
                           request_json([&](auto& w) { write_query(w, asked); }), asked);
    if (!body) return tl::unexpected(body.error());
    auto explained = read_explain_answer(*body);
    if (!explained) return mistake(explained.error());
    return std::move(*explained);
  }

  Answered<ToldSession> session(const query::SessionQuestion& question, std::uint32_t size,
                                const std::vector<Column>& columns) override {
    aws::Parameters parameters{{"size", std::to_string(size)},
                               {"columns", joined_names(wire_columns(columns))}};
    if (question.created) parameters.emplace_back("created", format_time(*question.created));
    const auto body = client_->get("/api/sessions/" + question.id, parameters);
    if (!body) return mistake(body.error().error);
    auto told = read_session_answer(*body);
    if (!told) return mistake(told.error());
    return std::move(*told);
  }

  Answered<void> walk(const QueryOptions& asked, const std::vector<Column>& columns,
                      const Take& take) override {
    return is_all_in_record(columns) ? walk_export(*client_, asked, take)
                                     : walk_pages(asked, columns, take);
  }

  Answered<void> follow(const QueryOptions& asked, const std::vector<Column>& columns,
                        const std::stop_token& stop, const Take& take, const Tell& tell) override {
    return follow_tail(*client_, {asked, wire_columns(columns)}, stop, take, tell);
  }

 private:
  Answered<void> walk_pages(const QueryOptions& asked, const std::vector<Column>& columns,
                            const Take& take);
  /// One answer: `size` hits behind `cursor`.
  Answered<query::SearchResult> ask(const QueryOptions& asked, const query::SearchRequest& request,
                                    const std::vector<std::string>& columns,
                                    const std::string& cursor, std::uint64_t size) const;

  const std::unique_ptr<ServerClient> client_;
};

Answered<query::SearchResult> ServerSearcher::ask(const QueryOptions& asked,
                                                  const query::SearchRequest& request,
                                                  const std::vector<std::string>& columns,
                                                  const std::string& cursor,
                                                  std::uint64_t size) const {
  const bool first = cursor == request.cursor.value_or("initial");
  const auto body = post(*client_, "/api/search", request_json([&](RequestWriter& writer) {
    write_query(writer, asked);
    write_page(writer, request, columns, cursor, size);
    if (first) write_counts(writer, request);
  }),
                         asked);
  if (!body) return tl::unexpected(body.error());
  std::vector<FieldIndex> facets;
  for (const query::FacetRequest& facet : request.facets) facets.push_back(facet.field);
  auto result = read_search_answer(
      *body, first ? std::span<const FieldIndex>(facets) : std::span<const FieldIndex>());
  if (!result) return mistake(result.error());
  if (result->hits.size() > size)
    return mistake(
        Error{ErrorCode::io,
              "cannot read the server's answer: expected at most " + std::to_string(size) + " hits",
              {}});
  return std::move(*result);
}

/// In as many answers as it takes. The API has no start: what stands before it is read as well.
Answered<query::SearchResult> ServerSearcher::search(const QueryOptions& asked,
                                                     query::SearchRequest& request,
                                                     const std::vector<Column>& columns) {
  const std::vector<std::string> wire = wire_columns(columns);
  const std::uint64_t wanted = std::uint64_t{request.start} + request.size;
  std::string cursor = request.cursor.value_or("initial");
  auto result = ask(asked, request, wire, cursor, std::min(wanted, kHitsPerAnswer));
  if (!result) return result;
  std::optional<std::string> next = result->cursor;
  while (next && result->hits.size() < wanted) {
    cursor = std::move(*next);
    auto more =
        ask(asked, request, wire, cursor, std::min(wanted - result->hits.size(), kHitsPerAnswer));
    if (!more) return more;
    next = more->cursor;
    if (more->hits.empty()) break;
    std::ranges::move(more->hits, std::back_inserter(result->hits));
  }
  const auto passed = std::min<std::size_t>(request.start, result->hits.size());
  result->hits.erase(result->hits.begin(),
                     result->hits.begin() + static_cast<std::ptrdiff_t>(passed));
  result->cursor = request.cursor ? std::move(next) : std::nullopt;
  return result;
}

Answered<void> ServerSearcher::walk_pages(const QueryOptions& asked,
                                          const std::vector<Column>& columns, const Take& take) {
  const std::vector<std::string> wire = wire_columns(columns);
  for (std::optional<std::string> cursor = "initial"; cursor;) {
    const auto page = ask(asked, {}, wire, *cursor, kHitsPerAnswer);
    if (!page) return tl::unexpected(page.error());
    if (page->hits.empty() || !std::ranges::all_of(page->hits, take)) return {};
    cursor = page->cursor;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Searcher>> server_searcher(const std::string& url) {
  auto client = ServerClient::make(url);
  if (!client) return tl::unexpected(client.error());
  return std::make_unique<ServerSearcher>(std::move(*client));
}

}  // namespace trailsift::cli
