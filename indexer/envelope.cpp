#include "indexer/envelope.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "indexer/base64.h"
#include "indexer/file_kind.h"
#include "indexer/inflate.h"
#include "indexer/quoted.h"
#include "indexer/record_reader.h"
#include "indexer/source.h"
#include "indexer/unwrapper.h"
#include "schema/flatten.h"

namespace trailsift::indexer {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kSeparators = " \t\r\n,";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::size_t kPieceBytes = 64UL << 10;
// A record may be so deep, and has a few levels around it. Deeper ones are left to the reader of
// records, which rejects them one by one.
constexpr std::size_t kMaxJsonDepth = kMaxRecordDepth + 16;
// What CloudTrail sends to a topic to see whether it may; no JSON.
constexpr std::string_view kValidationMessage = "CloudTrail validation message.";

class TextStream : public ByteStream {
 public:
  explicit TextStream(std::string_view bytes) : rest_(bytes) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t size = std::min(buffer.size(), rest_.size());
    std::copy_n(rest_.begin(), size, buffer.begin());
    rest_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view rest_;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kSpace), text.size());
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

}  // namespace

Result<Envelope> Unwrapper::unwrap(std::string_view body) {
  auto done = bytes(body, 0);
  if (refused_) return tl::unexpected(std::move(*refused_));
  if (!done) return tl::unexpected(std::move(done.error()));
  if (!records_.empty()) {
    records_ += "]}";
    envelope_.records.insert(envelope_.records.begin(), std::move(records_));
  }
  envelope_.sns = std::move(outermost_);
  return std::move(envelope_);
}

/// Inflates what is compressed.
Result<void> Unwrapper::bytes(std::string_view bytes, std::size_t depth) {
  if (!bytes.starts_with(kGzipMagic)) return text(bytes, depth);
  if (auto allowed = check_depth(depth + 1); !allowed) return allowed;
  TextStream stream(bytes);
  Inflater inflater(stream, {.max_inflated_bytes = limits_.max_text_bytes - produced_,
                             .max_inflate_ratio = limits_.max_inflate_ratio,
                             .ratio_free_bytes = limits_.ratio_free_bytes});
  std::string inflated;
  while (true) {
    const std::size_t size = inflated.size();
    inflated.resize(size + kPieceBytes);
    const auto got = inflater.read(std::span(inflated).subspan(size));
    inflated.resize(size + got.value_or(0));
    if (!got && got.error().reason == Reject::inflate_size) return refuse_text();
    if (!got) {
      const bool bomb = got.error().reason == Reject::inflate_ratio;
      return fail(bomb ? ErrorCode::too_large : ErrorCode::bad_request, got.error().detail);
    }
    if (*got == 0) break;
  }
  if (auto allowed = produce(inflated.size()); !allowed) return allowed;
  return this->bytes(inflated, depth + 1);
}

/// A sequence of JSON values, one in most cases.
Result<void> Unwrapper::text(std::string_view text, std::size_t depth) {
  if (auto allowed = check_depth(depth); !allowed) return allowed;
  std::size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  if (trimmed(text.substr(at)) == kValidationMessage) return note(Notice::validation_message);
  Parts parts(*this);
  std::size_t values = 0;
  while (!refused_ && (at = text.find_first_not_of(kSeparators, at)) != std::string_view::npos) {
    const std::size_t begin = at;
    auto result = next_value(text, at, depth);
    ++values;
    if (result) {
      parts.understood();
    } else {
      parts.reject(std::move(result.error()), values == 1 ? "" : "value " + std::to_string(values),
                   text.substr(begin, at - begin));
    }
  }
  if (values == 0) return fail(ErrorCode::bad_request, "expected JSON, got an empty text");
  if (depth == 0 && values > 1) outermost_.reset();
  return parts.finish();
}

/// Reads the value at index `at`, which is moved behind it, or to the end where there is no JSON.
Result<void> Unwrapper::next_value(std::string_view text, std::size_t& at, std::size_t depth) {
  const std::size_t begin = at;
  const std::string_view rest = text.substr(begin);
  const auto one = read_json(rest, kMaxJsonDepth);
  if (!one) {
    at = text.size();
    return damaged(rest, begin, one.error());
  }
  at += static_cast<std::size_t>(one->text().data() - rest.data()) + one->text().size();
  return value(*one, depth);
}

/// The rest of a text is no JSON. The reader of records knows what to do where it shows some.
Result<void> Unwrapper::damaged(std::string_view rest, std::size_t offset, Error why) {
  if (shows_records(rest)) {
    envelope_.records.emplace_back(rest);
    return {};
  }
  if (why.at) {
    why.at = Span{why.at->begin + offset, why.at->end + offset};
    why.message += " at byte " + std::to_string(why.at->begin);
  }
  return tl::unexpected(std::move(why));
}

Result<void> Unwrapper::base64(const JsonValue* data, std::size_t depth) {
  const auto encoded = data == nullptr ? std::nullopt : data->string();
  if (!encoded) return fail(ErrorCode::bad_request, "expected base64, got no text");
  if (encoded->empty()) return note(Notice::nothing);
  const auto decoded = decode_base64(*encoded);
  if (!decoded) {
    return fail(ErrorCode::bad_request, "expected base64, got " + quoted(*encoded));
  }
  if (auto allowed = produce(decoded->size()); !allowed) return allowed;
  // Streams can hold nothing but a line end, too.
  return trimmed(*decoded).empty() ? note(Notice::nothing) : bytes(*decoded, depth + 1);
}

Result<void> Unwrapper::value(const JsonValue& value, std::size_t depth) {
  if (auto allowed = check_depth(depth); !allowed) return allowed;
  if (value.is_object()) return object(value, depth);
  if (value.is_array()) {
    return each(value, "", [&](const JsonValue& one) { return this->value(one, depth + 1); });
  }
  if (const auto string = value.string()) {
    if (auto allowed = produce(string->size()); !allowed) return allowed;
    return within("the text", [&] { return text(*string, depth + 1); });
  }
  return fail(ErrorCode::bad_request,
              "expected an object, an array or a text, got " + quoted(value.text()));
}

void Unwrapper::Parts::reject(Error error, std::string place, std::string_view part) {
  const std::size_t max = unwrapper_.limits_.max_rejected;
  if (unwrapper_.rejected_ >= max) {
    static_cast<void>(unwrapper_.refuse("expected at most " + std::to_string(max) +
                                        " parts of a message that are not understood, got more, "
                                        "the last: " +
                                        place + ": " + error.message));
    return;
  }
  ++unwrapper_.rejected_;
  rejected_.push_back(
      {std::move(place), std::move(error), std::string(part.substr(0, kMaxExcerptBytes))});
}

Result<void> Unwrapper::Parts::finish() {
  if (unwrapper_.refused_) return tl::unexpected(*unwrapper_.refused_);
  if (rejected_.empty()) return {};
  if (understood_ > 0) {
    std::ranges::move(rejected_, std::back_inserter(unwrapper_.envelope_.rejected));
    return {};
  }
  unwrapper_.rejected_ -= rejected_.size();
  RejectedPart& first = rejected_.front();
  Result<void> error = tl::unexpected(std::move(first.error));
  if (first.place.empty()) return error;
  return unwrapper_.within(first.place, [&] { return std::move(error); });
}

Result<void> Unwrapper::check_depth(std::size_t depth) const {
  if (depth <= limits_.max_depth) return {};
  return fail(ErrorCode::too_large, "expected at most " + std::to_string(limits_.max_depth) +
                                        " envelopes inside each other, got more");
}

/// Accounts for text that comes out of an envelope.
Result<void> Unwrapper::produce(std::uint64_t size) {
  if (size > limits_.max_text_bytes - produced_) return refuse_text();
  produced_ += size;
  return {};
}

Result<void> Unwrapper::refuse_text() {
  return refuse("expected at most " + std::to_string(limits_.max_text_bytes) +
                " bytes in the envelopes of a message, got more");
}

Result<void> Unwrapper::refuse(std::string message) {
  if (!refused_) refused_ = Error{ErrorCode::too_large, std::move(message), {}};
  return tl::unexpected(*refused_);
}

/// The parts that were rejected last are inside of `place`.
void Unwrapper::add_place(std::string_view place, std::size_t since) {
  for (std::size_t i = since; i < envelope_.rejected.size(); ++i) {
    std::string& inner = envelope_.rejected[i].place;
    if (!inner.empty()) inner.insert(0, ": ");
    inner.insert(0, place);
  }
}

Result<Envelope> unwrap(std::string_view body, const MessageLimits& limits) {
  return Unwrapper(limits).unwrap(body);
}

}  // namespace trailsift::indexer
