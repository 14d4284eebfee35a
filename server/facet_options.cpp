#include "server/facet_options.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "schema/number.h"

namespace trailsift::server {
namespace {

using query::Between;
using query::FacetBucket;
using query::FacetRequest;

tl::unexpected<Refusal> bad(std::string message, Span at, const std::string& parameter) {
  return refuse(Error{ErrorCode::bad_request, std::move(message), at}, parameter);
}

/// Splits `[a,b}` into brackets and bounds.
class RangeParser {
 public:
  RangeParser(std::string_view text, const Field& field) : text_(text), field_(field) {}

  /// The bucket without its label; on failure, what is wrong.
  tl::expected<FacetBucket, std::string> parse() {
    const bool low_inclusive = text_[position_++] == '[';
    auto low = parse_bound(",", low_inclusive);
    if (!low) return tl::unexpected(low.error());
    ++position_;
    auto high = parse_bound("]}", true);
    if (!high) return tl::unexpected(high.error());
    const bool high_inclusive = text_[position_++] == ']';
    if (position_ != text_.size())
      return tl::unexpected(std::string("expected its end after '") + text_[position_ - 1] + "'");
    if (*high) (*high)->inclusive = high_inclusive;
    if ((!*low && low_inclusive) || (!*high && high_inclusive)) {
      return tl::unexpected(std::string("expected '{' or '}' beside a bound that is left out"));
    }
    return FacetBucket{{}, std::nullopt, std::move(*low), std::move(*high)};
  }

 private:
  using Bound = std::optional<Between::Bound>;

  /// Leaves the position at one of `ends`.
  tl::expected<Bound, std::string> parse_bound(std::string_view ends, bool inclusive) {
    skip_space();
    std::string text;
    const bool quoted = position_ < text_.size() && text_[position_] == '\'';
    if (quoted && !take_quoted(text)) return tl::unexpected(std::string("expected a closing '"));
    if (!quoted) take_bare(text, ends);
    skip_space();
    if (position_ == text_.size() || ends.find(text_[position_]) == std::string_view::npos) {
      return tl::unexpected("expected '" + std::string(ends.substr(0, 1)) + "'");
    }
    if (text.empty() && !quoted) return Bound{};
    auto value = canonical_value(field_.type, text);
    if (!value) {
      return tl::unexpected("expected a bound of type " + std::string(name(field_.type)) +
                            ", got '" + text + "'");
    }
    return Bound{Between::Bound{std::move(*value), inclusive}};
  }

  bool take_quoted(std::string& out) {
    for (++position_; position_ < text_.size(); ++position_) {
      if (text_[position_] == '\'') {
        ++position_;
        return true;
      }
      if (text_[position_] == '\\' && position_ + 1 < text_.size()) ++position_;
      out += text_[position_];
    }
    return false;
  }

  void take_bare(std::string& out, std::string_view ends) {
    while (position_ < text_.size() && ends.find(text_[position_]) == std::string_view::npos) {
      out += text_[position_++];
    }
    while (out.ends_with(' ')) out.pop_back();
  }

  void skip_space() {
    while (position_ < text_.size() && text_[position_] == ' ') ++position_;
  }

  std::string_view text_;
  const Field& field_;
  std::size_t position_ = 0;
};

Checked<FacetBucket> parse_bucket(const Field& field, const RelaxedJson& item,
                                  const std::string& parameter) {
  if (!item.is_scalar()) return bad("expected a value or a range", item.at, parameter);
  if (item.text.starts_with('[') || item.text.starts_with('{')) {
    auto range = RangeParser(item.text, field).parse();
    if (!range) {
      return bad("cannot read the range '" + item.text + "': " + range.error(), item.at, parameter);
    }
    range->label = item.text;
    return std::move(*range);
  }
  auto value = canonical_value(field.type, item.text);
  if (!value) {
    return bad(
        "expected a value of type " + std::string(name(field.type)) + ", got '" + item.text + "'",
        item.at, parameter);
  }
  return FacetBucket{item.text, std::move(*value), std::nullopt, std::nullopt};
}

Checked<std::vector<FacetBucket>> parse_buckets(const Field& field, const RelaxedJson& list,
                                                const std::string& parameter) {
  if (list.kind != RelaxedJson::Kind::array || list.items.empty()) {
    return bad("expected an array of values or ranges for 'buckets'", list.at, parameter);
  }
  if (list.items.size() > query::kMaxFacetValues) {
    return bad(
        "'buckets' has more than the limit of " + std::to_string(query::kMaxFacetValues) + " items",
        list.at, parameter);
  }
  std::vector<FacetBucket> buckets;
  for (const RelaxedJson& item : list.items) {
    auto bucket = parse_bucket(field, item, parameter);
    if (!bucket) return tl::unexpected(bucket.error());
    buckets.push_back(std::move(*bucket));
  }
  return buckets;
}

Checked<std::uint32_t> parse_size(const RelaxedJson& value, const std::string& parameter) {
  const auto size = parse_number<std::uint32_t>(value.text);
  if (!value.is_scalar() || !size || *size > query::kMaxFacetValues) {
    return bad("expected a number from 0 to " + std::to_string(query::kMaxFacetValues) +
                   " for 'size', got '" + value.text + "'",
               value.at, parameter);
  }
  return *size;
}

/// Whether `value` is one of two words: the first is false, the second true.
Checked<bool> parse_choice(const RelaxedJson& value,
                           const std::pair<std::string, std::string>& words,
                           const std::string& parameter) {
  if (value.is_scalar() && value.text == words.first) return false;
  if (value.is_scalar() && value.text == words.second) return true;
  return bad("expected '" + words.first + "' or '" + words.second + "', got '" + value.text + "'",
             value.at, parameter);
}

Checked<void> apply_option(FacetRequest& facet, const std::string& key, const RelaxedJson& value,
                           const std::string& parameter) {
  if (key == "sort") {
    const auto by_value = parse_choice(value, {"count", "bucket"}, parameter);
    if (!by_value) return tl::unexpected(by_value.error());
    facet.order = *by_value ? FacetRequest::Order::by_value : FacetRequest::Order::by_count;
  } else if (key == "size") {
    const auto size = parse_size(value, parameter);
    if (!size) return tl::unexpected(size.error());
    facet.size = *size;
  } else if (key == "buckets") {
    auto buckets = parse_buckets(field_at(facet.field), value, parameter);
    if (!buckets) return tl::unexpected(buckets.error());
    facet.buckets = std::move(*buckets);
  } else if (key == "method") {
    const auto method = parse_choice(value, {"filter", "interval"}, parameter);
    if (!method) return tl::unexpected(method.error());
  } else {
    return bad("expected one of the options sort, size, buckets, method; got '" + key + "'",
               value.at, parameter);
  }
  return {};
}

std::string did_you_mean(std::string_view name) {
  const auto names = similar_fields(name);
  if (names.empty()) return "";
  std::string out = " Did you mean ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
    out += "'" + std::string(names[i]) + "'";
  }
  return out + "?";
}

}  // namespace

Checked<FacetRequest> parse_facet(std::string_view field, const RelaxedJson& options,
                                  const std::string& parameter) {
  const auto column = find_column(field, "facet", parameter);
  if (!column) return tl::unexpected(column.error());
  if (options.kind != RelaxedJson::Kind::object) {
    return bad("expected an object such as {} or {size: 5}", options.at, parameter);
  }
  FacetRequest facet;
  facet.field = index_of(**column);
  bool ordered = false;
  for (const auto& [key, value] : options.members) {
    if (auto ok = apply_option(facet, key, value, parameter); !ok) {
      return tl::unexpected(ok.error());
    }
    ordered = ordered || key == "sort" || key == "size";
  }
  if (ordered && !facet.buckets.empty()) {
    return bad("'buckets' cannot stand beside 'sort' or 'size'", options.at, parameter);
  }
  if ((*column)->type == FieldType::time && facet.buckets.empty()) {
    return bad("a facet of a time needs 'buckets'; 'histogram=auto' counts by time", options.at,
               parameter);
  }
  return facet;
}

Checked<const Field*> find_named_field(std::string_view name, const std::string& parameter) {
  if (const Field* field = find_field(name)) return field;
  return refuse(ErrorCode::bad_request,
                "field (" + std::string(name) + ") does not exist." + did_you_mean(name),
                parameter);
}

Checked<const Field*> find_column(std::string_view name, std::string_view use,
                                  const std::string& parameter) {
  auto field = find_named_field(name, parameter);
  if (field && !(*field)->column) {
    return refuse(ErrorCode::bad_request,
                  "field (" + std::string(name) + ") is not " + std::string(use) + " enabled",
                  parameter);
  }
  return field;
}

}  // namespace trailsift::server
