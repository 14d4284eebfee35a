#include "bench/delivered_events.h"

#include <string_view>
#include <utility>

#include "indexer/inflate.h"
#include "indexer/limits.h"
#include "indexer/record_reader.h"
#include "indexer/source.h"
#include "schema/flatten.h"

namespace trailsift::bench {
namespace {

class EventSink : public indexer::RecordSink {
 public:
  explicit EventSink(const std::function<bool(const Event&)>& take) : take_(take) {}

  tl::expected<std::size_t, Rejection> parse(std::string_view text) override {
    auto parsed = parse_record(text);
    if (!parsed) return tl::unexpected(parsed.error());
    event_ = std::move(parsed->event);
    return parsed->size;
  }
  bool on_record() override { return wants_more_ = take_(event_); }
  bool on_rejected(indexer::RejectedStretch) override { return true; }

  bool wants_more() const { return wants_more_; }

 private:
  const std::function<bool(const Event&)>& take_;
  Event event_;
  bool wants_more_ = true;
};

}  // namespace

void for_each_event(const std::filesystem::path& directory,
                    const std::function<bool(const Event&)>& take) {
  const indexer::IngestLimits limits;
  const auto source = indexer::file_source({directory.string()});
  EventSink sink(take);
  for (auto blob = source->next(); sink.wants_more() && (!blob || *blob); blob = source->next()) {
    if (!blob) continue;
    const auto bytes = (*blob)->open({});
    if (!bytes) continue;
    indexer::Inflater text(**bytes, limits);
    indexer::read_records(text, limits, sink);
  }
}

}  // namespace trailsift::bench
