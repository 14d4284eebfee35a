#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <span>
#include <utility>

#include "cli/searcher.h"
#include "query/explain.h"
#include "query/find_hits.h"
#include "query/hit_walk.h"
#include "query/joined_reader.h"
#include "query/load_event.h"
#include "query/new_hits.h"
#include "query/outline.h"

namespace trailsift::cli {
namespace {

using query::ExplainedClause;
using query::Outline;

Answered<query::Tree> parse(const QueryOptions& asked, const std::string& text) {
  auto tree = asked.syntax->parse(text, asked.parse);
  if (!tree) return mistake(tree.error(), text);
  return std::move(*tree);
}

/// Query and second query as one tree.
Answered<query::Tree> tree_of(const QueryOptions& asked) {
  query::AllOf all;
  for (const auto& text : {asked.text, asked.second}) {
    if (!text) continue;
    auto tree = parse(asked, *text);
    if (!tree) return tree;
    all.children.push_back(std::move(*tree));
  }
  if (all.children.empty()) return query::Tree{query::Everything{}};
  if (all.children.size() == 1) return std::move(all.children.front());
  return query::Tree{std::move(all)};
}

std::string clause_text(const Outline& clause, std::string_view query) {
  switch (clause.kind) {
    case Outline::Kind::all_of: return "and";
    case Outline::Kind::any_of: return "or";
    case Outline::Kind::none_of: return "not";
    case Outline::Kind::condition: break;
  }
  if (!clause.at) return to_string(clause.tree);
  return std::string(query.substr(clause.at->begin, clause.at->end - clause.at->begin));
}

void add_clauses(const Outline& clause, const ExplainedClause& counts, std::string_view query,
                 std::size_t depth, ExplainedQuery& explained) {
  explained.clauses.push_back({depth, clause_text(clause, query), counts.hits, counts.without});
  for (std::size_t i = 0; i < clause.children.size(); ++i) {
    add_clauses(clause.children[i], counts.children[i], query, depth + 1, explained);
  }
}

Answered<Outline> outline_of(const QueryOptions& asked, const std::string& text) {
  if (asked.syntax->outline == nullptr) {
    const auto tree = parse(asked, text);
    if (!tree) return tl::unexpected(tree.error());
    return query::outline_of(*tree);
  }
  auto outline = asked.syntax->outline(text, asked.parse);
  if (!outline) return mistake(outline.error(), text);
  return std::move(*outline);
}

class DataSearcher final : public Searcher {
 public:
  DataSearcher(std::unique_ptr<store::Reader> reader,
               std::shared_ptr<const store::Snapshot> snapshot)
      : reader_(std::move(reader)), snapshot_(std::move(snapshot)) {}

  Answered<query::SearchResult> search(const QueryOptions& asked, query::SearchRequest& request,
                                       const std::vector<Column>&) override {
    auto tree = tree_of(asked);
    if (!tree) return tl::unexpected(tree.error());
    request.query = std::move(*tree);
    request.time = asked.time;
    request.fingerprint = asked.fingerprint;
    auto result = query::search(*snapshot_, request);
    if (!result) return mistake(result.error());
    return std::move(*result);
  }

  Answered<ExplainedQuery> explain(const QueryOptions& asked) override {
    const std::string text = asked.text.value_or("");
    auto outline = outline_of(asked, text);
    if (!outline) return tl::unexpected(outline.error());
    std::vector<Outline> clauses;
    clauses.push_back(std::move(*outline));
    const auto counts = query::explain(*snapshot_, clauses, asked.time, {}, query::Deadline());
    if (!counts) return mistake(counts.error());
    ExplainedQuery explained{{}, counts->total, counts->any_time};
    add_clauses(clauses.front(), counts->clauses.front(), text, 0, explained);
    return explained;
  }

  Answered<ToldSession> session(const query::SessionQuestion& question, std::uint32_t size,
                                const std::vector<Column>&) override {
    auto trace = query::trace_session(*snapshot_, question, {});
    if (!trace) return mistake(trace.error());
    query::SessionPage page;
    page.size = size;
    page.parts = query::HitParts::values;
    auto timeline = query::session_timeline(*snapshot_, *trace, page, {});
    if (!timeline) return mistake(timeline.error());
    return ToldSession{std::move(*trace), std::move(*timeline)};
  }

  Answered<void> walk(const QueryOptions& asked, const std::vector<Column>& columns,
                      const Take& take) override;
  Answered<void> follow(const QueryOptions& asked, const std::vector<Column>& columns,
                        const std::stop_token& stop, const Take& take, const Tell&) override;

 private:
  const std::unique_ptr<store::Reader> reader_;
  const std::shared_ptr<const store::Snapshot> snapshot_;
};

constexpr std::size_t kHitsPerStep = 16;  // A record may have 16 MiB.
constexpr std::chrono::milliseconds kBetweenLooks(250);

/// Gives events; false when no more are wanted.
Answered<bool> give(std::span<const query::Hit> hits, const Searcher::Take& take) {
  const auto events = query::load_hits(hits, query::HitParts::whole, nullptr, query::Deadline());
  if (!events) return mistake(events.error());
  return std::ranges::all_of(*events, take);
}

Answered<void> DataSearcher::walk(const QueryOptions& asked, const std::vector<Column>&,
                                  const Take& take) {
  const auto tree = tree_of(asked);
  if (!tree) return tl::unexpected(tree.error());
  auto hits = query::find_hits(*snapshot_, *tree, asked.time, {}, query::Deadline());
  if (!hits) return mistake(hits.error());
  query::HitWalk walk(snapshot_, std::move(*hits));
  while (true) {
    const auto page = walk.next(kHitsPerStep);
    if (!page) return mistake(page.error());
    if (page->empty()) return {};
    const auto more = give(*page, take);
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
  }
}

/// The hits of `now` that `seen` had not, the oldest first; false when no more are wanted.
Answered<bool> give_new(const store::Snapshot& seen,
                        const std::shared_ptr<const store::Snapshot>& now, const query::Tree& tree,
                        const query::InTime& time, const Searcher::Take& take) {
  auto hits = query::find_new_hits(seen, *now, tree, time, query::Deadline());
  if (!hits) return mistake(hits.error());
  const std::uint64_t count = query::count_of(*hits);
  auto page = query::HitWalk(now, std::move(*hits)).next(count);
  if (!page) return mistake(page.error());
  std::ranges::reverse(*page);
  for (std::span<const query::Hit> rest = *page; !rest.empty();) {
    const auto step = rest.first(std::min(rest.size(), kHitsPerStep));
    auto more = give(step, take);
    if (!more || !*more) return more;
    rest = rest.subspan(step.size());
  }
  return true;
}

Answered<void> DataSearcher::follow(const QueryOptions& asked, const std::vector<Column>&,
                                    const std::stop_token& stop, const Take& take, const Tell&) {
  const auto tree = tree_of(asked);
  if (!tree) return tl::unexpected(tree.error());
  std::mutex mutex;
  std::condition_variable_any wake;
  auto seen = snapshot_;
  while (!stop.stop_requested()) {
    const auto now = reader_->snapshot();
    if (!now) return mistake(now.error());
    if ((*now)->generation != seen->generation) {
      const auto more = give_new(*seen, *now, *tree, asked.time, take);
      if (!more) return tl::unexpected(more.error());
      if (!*more) return {};
      seen = *now;
    }
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, kBetweenLooks, [] { return false; });
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Searcher>> data_searcher(const std::string& directory,
                                                query::JoinOptions joins) {
  auto reader = query::JoinedReader::open(directory, false, std::move(joins));
  if (!reader) return tl::unexpected(reader.error());
  auto snapshot = (*reader)->snapshot();
  if (!snapshot) return tl::unexpected(snapshot.error());
  return std::make_unique<DataSearcher>(std::move(*reader), std::move(*snapshot));
}

}  // namespace trailsift::cli
