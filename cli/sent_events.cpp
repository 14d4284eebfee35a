#include "cli/sent_events.h"

namespace trailsift::cli {
namespace {

/// "name: value", where one space behind the colon is none of the value.
std::string_view value_behind(std::string_view line, std::size_t colon) {
  line.remove_prefix(std::min(colon + 1, line.size()));
  if (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

}  // namespace

Result<bool> Lines::add(std::string_view bytes,
                        const std::function<bool(std::string_view line)>& take) {
  while (true) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (begun_.size() + piece.size() > kMaxLineBytes) {
      return fail(ErrorCode::too_large, "a line of the server's answer is longer than " +
                                            std::to_string(kMaxLineBytes) + " bytes");
    }
    if (end == std::string_view::npos) {
      begun_ += piece;
      return true;
    }
    bool more = true;
    if (begun_.empty()) {
      more = take(piece);
    } else {
      begun_ += piece;
      more = take(begun_);
      begun_.clear();
    }
    if (!more) return false;
    bytes.remove_prefix(end + 1);
  }
}

Result<bool> SentEvents::add(std::string_view bytes,
                             const std::function<bool(const SentEvent& event)>& take) {
  bool fits = true;
  auto more = lines_.add(bytes, [&](std::string_view line) {
    const bool going_on = read(line, take);
    fits = data_.size() <= Lines::kMaxLineBytes;
    return going_on && fits;
  });
  if (!fits) return fail(ErrorCode::too_large, "an event of the server's answer is too large");
  return more;
}

bool SentEvents::read(std::string_view line,
                      const std::function<bool(const SentEvent& event)>& take) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) {
    if (data_.ends_with('\n')) data_.pop_back();
    const SentEvent event{name_.empty() ? "message" : name_, std::move(data_), id_};
    const bool complete = has_data_;
    name_.clear();
    data_.clear();
    has_data_ = false;
    return !complete || take(event);
  }
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view field = line.substr(0, colon);
  const std::string_view value = value_behind(line, colon);
  if (field == "event") name_ = value;
  if (field == "id") id_ = value;
  if (field == "data") {
    has_data_ = true;
    data_.append(value).append("\n");
  }
  return true;
}

}  // namespace trailsift::cli
