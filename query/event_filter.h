#pragma once

#include <memory>
#include <vector>

#include "query/join_files.h"
#include "query/tree.h"
#include "schema/event.h"
#include "schema/event_parts.h"

namespace trailsift::query {

/// What a query looks at.
EventParts parts_of(const Tree& tree);

/// A query that looks at single values of fields alone, and that every event matches which matches
/// `tree`. Everything when there is no such condition.
Tree by_values(const Tree& tree);

/// Whether single events, which need not be indexed, answer a query. Any thread.
class EventFilter {
 public:
  /// Joined fields have the values of their files at the moment that an event is asked about.
  EventFilter(Tree tree, std::shared_ptr<JoinFiles> files);

  const EventParts& parts() const { return parts_; }

  /// `event` holds at least parts(), joined fields not needed.
  bool matches(Event event) const;

 private:
  Tree tree_;
  EventParts parts_;
  std::shared_ptr<JoinFiles> files_;
};

}  // namespace trailsift::query
