#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "indexer/envelope.h"
#include "indexer/json_value.h"
#include "indexer/limits.h"
#include "schema/error.h"

namespace trailsift::indexer {

/// Takes the envelopes off one message: what unwrap() is made of. Layers (gzip, base64, texts,
/// sequences) are in envelope.cpp, the shapes of objects in envelope_shapes.cpp. Every function
/// answers with an Error when nothing of what it was given is understood, and takes the depth at
/// which that stands.
class Unwrapper {
 public:
  explicit Unwrapper(const MessageLimits& limits) : limits_(limits) {}

  Result<Envelope> unwrap(std::string_view body);

 private:
  class Parts;
  using Members = std::vector<JsonMember>;
  /// nullopt when an object with these members has not the shape.
  using Shaped = std::optional<Result<void>>;
  using Shape = Shaped (Unwrapper::*)(const Members& members, std::size_t depth);

  // Layers.
  Result<void> bytes(std::string_view bytes, std::size_t depth);
  Result<void> text(std::string_view text, std::size_t depth);
  Result<void> base64(const JsonValue* data, std::size_t depth);
  Result<void> next_value(std::string_view text, std::size_t& at, std::size_t depth);
  Result<void> damaged(std::string_view rest, std::size_t offset, Error why);
  Result<void> value(const JsonValue& value, std::size_t depth);
  /// Hands the elements of an array to `part` one by one.
  template <class Part>
  Result<void> each(const JsonValue& array, std::string_view name, Part part);
  /// Does `inner` for the part of the message called `place`, and has its errors say so.
  template <class Inner>
  Result<void> within(std::string_view place, Inner inner);

  // Objects.
  Result<void> object(const JsonValue& object, std::size_t depth);
  Shaped sns(const Members& members, std::size_t depth);
  Shaped test_event(const Members& members, std::size_t depth);
  Shaped records_array(const Members& members, std::size_t depth);
  Result<void> element(const JsonValue& element, std::size_t depth);
  Shaped config(const Members& members, std::size_t depth);
  Shaped cloudtrail(const Members& members, std::size_t depth);
  Shaped eventbridge(const Members& members, std::size_t depth);
  Shaped subscription(const Members& members, std::size_t depth);
  Shaped log_events(const Members& members, std::size_t depth);
  Shaped firehose(const Members& members, std::size_t depth);

  // What comes out in the end.
  Result<void> record(const JsonValue& record, const Members& members);
  Result<void> announced(Result<Announcement> announcement);
  Result<void> note(Notice notice);

  // Limits.
  Result<void> check_depth(std::size_t depth) const;
  Result<void> produce(std::uint64_t size);
  Result<void> refuse_text();
  Result<void> refuse(std::string message);
  void add_place(std::string_view place, std::size_t since);

  const MessageLimits limits_;
  Envelope envelope_;
  std::string records_;         // All sound ones, without the end of the array.
  std::uint64_t produced_ = 0;  // Bytes of text that came out of envelopes.
  std::size_t rejected_ = 0;    // Parts, also those that may yet be rejected as one.
  std::optional<SnsMessage> outermost_;
  std::optional<Error> refused_;  // The message passed a limit as a whole: nothing of it counts.
};

/// The parts of an array or of a sequence. One that is not understood costs itself as long as
/// another one is understood.
class Unwrapper::Parts {
 public:
  explicit Parts(Unwrapper& unwrapper) : unwrapper_(unwrapper) {}

  void understood() { ++understood_; }
  void reject(Error error, std::string place, std::string_view part);
  Result<void> finish();

 private:
  Unwrapper& unwrapper_;
  std::size_t understood_ = 0;
  std::vector<RejectedPart> rejected_;
};

template <class Inner>
Result<void> Unwrapper::within(std::string_view place, Inner inner) {
  const std::size_t before = envelope_.rejected.size();
  Result<void> result = inner();
  add_place(place, before);
  if (result) return result;
  Error error = std::move(result.error());
  error.message = std::string(place) + ": " + error.message;
  error.at.reset();  // A position in a part says nothing outside.
  return tl::unexpected(std::move(error));
}

template <class Part>
Result<void> Unwrapper::each(const JsonValue& array, std::string_view name, Part part) {
  JsonElements elements(array);
  Parts parts(*this);
  std::size_t index = 0;
  for (auto one = elements.next(); one && !refused_; one = elements.next(), ++index) {
    const std::size_t before = envelope_.rejected.size();
    Result<void> result = part(*one);
    const auto place = [&] { return std::string(name) + '[' + std::to_string(index) + ']'; };
    if (before < envelope_.rejected.size()) add_place(place(), before);
    if (result) {
      parts.understood();
    } else {
      parts.reject(std::move(result.error()), place(), one->text());
    }
  }
  return index == 0 ? note(Notice::nothing) : parts.finish();
}

}  // namespace trailsift::indexer
