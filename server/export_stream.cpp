#include "server/export_stream.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "query/load_event.h"
#include "query/target.h"
#include "schema/time.h"

namespace trailsift::server {
namespace {

using query::Hit;

constexpr std::size_t kHitsPerStep = 16;  // A record may have 16 MiB.

/// Turns hits into text, chunk by chunk.
class HitStream : public BodyStream {
 public:
  HitStream(query::HitWalk hits, std::stop_token stop)
      : hits_(std::move(hits)), stop_(std::move(stop)) {}

  void next(Give give) final {
    Chunk chunk;
    chunk.bytes.reserve(kChunkBytes + kChunkBytes / 8);
    begin(chunk.bytes);
    while (!chunk.last && chunk.bytes.size() < kChunkBytes) {
      const auto hits = hits_.next(kHitsPerStep);
      const bool going_on = hits && !stop_.stop_requested() && write(*hits, chunk.bytes);
      if (!going_on) return give(std::nullopt);
      chunk.last = hits->empty();
    }
    give(std::move(chunk));
  }

 protected:
  /// Called before each chunk.
  virtual void begin(std::string&) {}
  /// Appends the hits; false when one cannot be read.
  virtual bool write(std::span<const Hit> hits, std::string& out) = 0;

 private:
  query::HitWalk hits_;
  const std::stop_token stop_;
};

class RecordStream final : public HitStream {
 public:
  using HitStream::HitStream;

 private:
  bool write(std::span<const Hit> hits, std::string& out) override {
    for (const Hit& hit : hits) {
      const auto record = hit.segment->record(hit.doc);
      if (!record) return false;
      const std::size_t begin = out.size();
      out += *record;
      // JSON has line breaks only between its tokens.
      std::replace_if(
          out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
          [](char c) { return c == '\n' || c == '\r'; }, ' ');
      out += '\n';
    }
    return true;
  }
};

bool looks_like_formula(std::string_view text) {
  constexpr std::array<std::string_view, 10> kBeginnings = {
      "=",           "+", "-", "@", "\t", "\r", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
      "\xEF\xBC\xA0"};  // The last ones are full-width forms.
  return std::ranges::any_of(kBeginnings,
                             [&](auto beginning) { return text.starts_with(beginning); });
}

void append_cell(std::string& out, std::string_view text, bool is_number) {
  const bool guarded = !is_number && looks_like_formula(text);
  const bool quoted = guarded || text.find_first_of("\",\r\n") != std::string_view::npos;
  if (!quoted) {
    out += text;
    return;
  }
  out += '"';
  if (guarded) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

bool is_number(const HitColumn& column) {
  return query::is_of_type(column.target, FieldType::integer);
}

/// Whether the columns of segments tell all that is asked for.
bool needs_no_records(const std::vector<HitColumn>& columns) {
  return std::ranges::all_of(columns, [](const HitColumn& column) {
    const Field* const field = query::field_of(column.target);
    return field != nullptr && field->column;
  });
}

class CsvStream final : public HitStream {
 public:
  CsvStream(query::HitWalk hits, std::vector<HitColumn> columns, std::stop_token stop)
      : HitStream(std::move(hits), std::move(stop)),
        columns_(std::move(columns)),
        from_columns_(needs_no_records(columns_)) {}

 private:
  void begin(std::string& out) override {
    if (std::exchange(begun_, true)) return;
    for (const HitColumn& column : columns_) {
      append_cell(out, column.label, false);
      end_cell(column, out);
    }
    if (columns_.empty()) out += "\r\n";
  }

  void end_cell(const HitColumn& column, std::string& out) const {
    out += &column == &columns_.back() ? "\r\n" : ",";
  }

  bool write(std::span<const Hit> hits, std::string& out) override {
    return from_columns_ ? write_from_columns(hits, out) : write_from_records(hits, out);
  }

  bool write_from_records(std::span<const Hit> hits, std::string& out) {
    const query::Deadline forever;
    const auto events = query::load_hits(hits, parts_for(columns_), nullptr, forever);
    if (!events) return false;
    for (const Event& event : *events) {
      for (const HitColumn& column : columns_) {
        std::string cell;
        for (const std::string& value : values_of(event, column)) {
          cell += (cell.empty() ? "" : " | ") + value;
        }
        append_cell(out, cell, is_number(column));
        end_cell(column, out);
      }
    }
    return true;
  }

  bool write_from_columns(std::span<const Hit> hits, std::string& out) {
    for (const Hit& hit : hits) {
      if (hit.segment != segment_ && !enter(*hit.segment)) return false;
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!write_value(hit, i, out)) return false;
        end_cell(columns_[i], out);
      }
    }
    return true;
  }

  bool enter(const store::Segment& segment) {
    segment_ = &segment;
    sources_.clear();
    for (const HitColumn& column : columns_) {
      const FieldIndex field = std::get<FieldIndex>(column.target);
      if (field == event_time_field()) {
        sources_.push_back(nullptr);
        continue;
      }
      const auto source = segment.column(field);
      if (!source) return false;
      sources_.push_back(*source);
    }
    return true;
  }

  bool write_value(const Hit& hit, std::size_t i, std::string& out) const {
    if (std::get<FieldIndex>(columns_[i].target) == event_time_field()) {
      const auto time = segment_->time(hit.doc);
      if (time) out += format_time(*time);
      return time.has_value();
    }
    const store::Column* const source = sources_[i];
    if (source == nullptr) return true;
    const auto found = source->ranks(source->ordinal(hit.doc));
    if (found.empty()) return true;
    const std::vector<std::uint32_t> ranks(found.begin(), found.end());
    std::string cell = source->value(ranks.front());
    for (std::size_t j = 1; j < ranks.size(); ++j) cell += " | " + source->value(ranks[j]);
    append_cell(out, cell, is_number(columns_[i]));
    return true;
  }

  const std::vector<HitColumn> columns_;
  const bool from_columns_;
  bool begun_ = false;
  const store::Segment* segment_ = nullptr;
  std::vector<const store::Column*> sources_;  // Of segment_.
};

}  // namespace

std::shared_ptr<BodyStream> record_stream(query::HitWalk hits, std::stop_token stop) {
  return std::make_shared<RecordStream>(std::move(hits), std::move(stop));
}

std::shared_ptr<BodyStream> csv_stream(query::HitWalk hits, std::vector<HitColumn> columns,
                                       std::stop_token stop) {
  return std::make_shared<CsvStream>(std::move(hits), std::move(columns), std::move(stop));
}

}  // namespace trailsift::server
