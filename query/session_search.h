#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "query/session.h"

namespace trailsift::query {

/// What tracing a session asks the index. Borrows; any thread.
class SessionSearch {
 public:
  SessionSearch(const store::Snapshot& snapshot, const SessionLimits& limits)
      : snapshot_(snapshot), limits_(limits) {}

  Result<SearchResult> run(SearchRequest request) const;

  /// The newest events that answer the query, whole.
  Result<std::vector<Event>> newest(Tree query, InTime time, std::uint32_t size) const;

  const store::Snapshot& snapshot() const { return snapshot_; }

 private:
  const store::Snapshot& snapshot_;
  const SessionLimits& limits_;
};

// Conditions, in short.
Tree equals(const char* field, std::string value);
Tree leaf_equals(std::string_view path, std::string value);
Tree exists(const char* field);
Tree none_of(Tree tree);
Tree all_of(std::vector<Tree> children);
Tree any_of(std::vector<Tree> children);

/// Two events or conditions, as a list: initializer lists would copy.
template <class... Items>
std::vector<Tree> trees(Items... items) {
  std::vector<Tree> all;
  (all.push_back(std::move(items)), ...);
  return all;
}

/// What a record that opens a session may be for one that began at `created` or was used at `seen`.
InTime opening_time(const SessionIdentity& who, Timestamp seen);

/// The openings of a session, best evidence first, and why they are taken for that.
struct FoundOpenings {
  std::optional<SessionEvidence> evidence;  ///< Unset: there are none.
  std::vector<SessionOpening> openings;     ///< The one with the fullest identity first.
  bool ambiguous = false;
};
Result<FoundOpenings> find_openings(const SessionSearch& search, const SessionIdentity& who,
                                    Timestamp seen);

SessionOpening opening_of(const Event& event, Issuance issued);

/// What was done in a session.
Result<Tree> uses_of(const SessionSearch& search, const SessionLink& session, Timestamp seen);

}  // namespace trailsift::query
