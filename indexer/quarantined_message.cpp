#include "indexer/quarantined_message.h"

namespace trailsift::indexer {

QuarantineEntry entry_of(const MessageInHand& message, const RejectedPart& part) {
  QuarantineEntry entry;
  entry.seen = message.received;
  entry.source = message.message.name + ' ' + part.place;
  entry.reason = Reject::bad_message;
  entry.detail = part.error.message;
  entry.excerpt = part.excerpt;
  entry.kind = QuarantinedAs::message;
  return entry;
}

QuarantineEntry entry_of(const MessageInHand& message, const Error& error) {
  QuarantineEntry entry;
  entry.seen = message.received;
  entry.source = message.message.name;
  entry.reason = error.code == ErrorCode::not_found ? Reject::missing_object : Reject::bad_message;
  entry.detail = error.message;
  entry.kind = message.message.kind == IncomingMessage::Body::file ? QuarantinedAs::file
                                                                   : QuarantinedAs::message;
  entry.excerpt = message.message.body.substr(0, kMaxExcerptBytes);
  entry.size = message.message.body.size();
  if (entry.size <= kMaxKeptBytes) entry.bytes = message.message.body;
  return entry;
}

}  // namespace trailsift::indexer
