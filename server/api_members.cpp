#include "server/api_members.h"

#include <algorithm>
#include <array>

#include "query/search.h"
#include "query/statistics.h"

namespace trailsift::server {
namespace {

using enum MemberType;

template <std::size_t A, std::size_t B>
constexpr std::array<Member, A + B> joined(const std::array<Member, A>& a,
                                           const std::array<Member, B>& b) {
  std::array<Member, A + B> all{};
  std::ranges::copy(a, all.begin());
  std::ranges::copy(b, all.begin() + A);
  return all;
}

// clang-format off
constexpr std::array kFilterMembers = {
  Member{"field",   text,   "", "whose values these are: a column, or the path of a leaf such as requestParameters.bucketName", 1000},
  Member{"include", list,   "", "values of which an event must have one", kMaxFilterValues},
  Member{"exclude", list,   "", "values of which an event must have none", kMaxFilterValues},
  Member{"exists",  flag,   "false", "true: an event must have a value"},
  Member{"missing", flag,   "false", "true: an event without a value passes, beside those with a value of include"},
  Member{"query",   text,   "", "a query that events must answer, instead of field and its selections"},
  Member{"syntax",  syntax, "the request's", "the language of query"},
  Member{"not",     flag,   "false", "true: events pass that otherwise would not"},
};

constexpr std::array kQueryMembers = {
  Member{"q",       text,    "everything", "the query"},
  Member{"syntax",  syntax,  "the default one", "the language of q"},
  Member{"zone",    text,    "UTC", "whose days and hours are meant in q, filters, from and to: Europe/Berlin, +02:00", 100},
  Member{"from",    time,    "", "events from this time on: RFC 3339, a day, now-24h, now-7d/d", 100},
  Member{"to",      time,    "", "events before this time", 100},
  Member{"filters", objects, "", "what events must pass besides; each is a filter", kMaxFilters, 0, {}, kFilterMembers, "query"},
  Member{"timeout", duration, "the server's", "how long the query may take; at most what the server allows", 100},
};

constexpr std::array kFacetMembers = {
  Member{"field",      text,   "", "the column that is counted", 1000},
  Member{"size",       number, "10", "values to list", query::kMaxFacetValues},
  Member{"sort",       choice, "count", "most frequent first, by value, or rarest first", 0, 0, "count value rare"},
  Member{"search",     text,   "", "lists and counts only values that have this text somewhere, in whatever case", 1000},
  Member{"own_filter", flag,   "true", "false: counts as if the request's filters on this field were not there, so that what is not selected shows what it would add"},
};

constexpr std::array kHistogramMembers = {
  Member{"interval", text,   "auto", "the width of a bucket, such as 30s, 5m, 1h, 1d, 1w, or auto", 100},
  Member{"buckets",  number, "60", "about how many there are with auto", query::kMaxHistogramBuckets, 1},
  Member{"split",    text,   "", "a column by whose values each bucket is counted as well", 1000},
  Member{"values",   number, "5", "the most frequent values of split, which have counts of their own", query::kMaxSplitValues, 1},
};

constexpr std::array kAnswerMembers = {
  Member{"sort",      list,    "newest first", "columns, each with asc or desc behind it; or _score desc alone: the best answers to q first", query::kMaxSortKeys},
  Member{"columns",   list,    "every field but raw", "what is told of a hit: fields, paths of leaves, raw; none: ids and times alone", kMaxColumns},
  Member{"facets",    objects, "", "columns whose values are counted over all hits", 100, 0, {}, kFacetMembers, "field"},
  Member{"histogram", object,  "", "hits by time, over all hits", 0, 0, {}, kHistogramMembers, "interval"},
  Member{"size",      number,  "50", "hits to return", query::kMaxWindow},
  Member{"cursor",    text,    "the first page", "cursor of the previous answer: the hits behind it", 100'000},
  Member{"partial",   flag,    "false", "true: when the time is over, what was found by then is answered, and how much was searched"},
};

constexpr std::array kExportOnly = {
  Member{"format",  choice, "ndjson", "ndjson: the original records, one a line; csv: columns", 0, 0, "ndjson csv"},
  Member{"columns", list,   "every field but raw", "columns of csv: fields and paths of leaves", kMaxColumns},
};

constexpr std::array kTailOnly = {
  Member{"columns", list, "every field but raw", "what is told of an event: fields, paths of leaves, raw", kMaxColumns},
};

constexpr std::array kStatsOnly = {
  Member{"by",       list,   "", "up to three columns by whose values hits are counted", query::kMaxGroupFields},
  Member{"interval", text,   "", "also by time: the width of a bucket, such as 1h or 1d", 100},
  Member{"distinct", text,   "", "a column whose different values are counted in each group", 1000},
  Member{"sort",     choice, "count", "most or fewest hits first, seen last or first, by time", 0, 0, "count rare last_seen first_seen time"},
  Member{"size",     number, "100", "groups to list", query::kMaxWindow},
};

constexpr std::array kSuggestMembers = {
  Member{"text",   text,   "", "a query that is being written", 10'000},
  Member{"cursor", number, "the end of text", "where in it the cursor stands, in bytes", 10'000},
  Member{"syntax", syntax, "the default one", "the language of text"},
  Member{"field",  text,   "", "values of this column instead, of which text is the beginning", 1000},
  Member{"size",   number, "10", "values to suggest, and fields", 100, 1},
};

constexpr std::array kSessionMembers = {
  Member{"created", time,   "the newest", "of several sessions of an id or ARN: the one that began then", 100},
  Member{"columns", list,   "every field but raw", "what is told of an event: fields, paths of leaves, raw; none: ids and times alone", kMaxColumns},
  Member{"size",    number, "100", "events to return", query::kMaxWindow},
  Member{"cursor",  text,   "the first page", "cursor of the previous answer", 100'000},
};

constexpr std::array kStateMembers = {
  Member{"state", text, "", "what the page needs to show it again, such as the query part of its URL", 32'768},
};

constexpr std::array kIntegrityMembers = {
  Member{"state",  choice, "any", "only files of this state", 0, 0, "verified unverified missing tampered"},
  Member{"limit",  number, "100", "files to list", 1000, 1},
  Member{"cursor", text,   "the first page", "cursor of the previous answer", 10'000},
};

// Of the routes that read their parameters one by one.
constexpr std::array kPageMembers = {
  Member{"limit",  number, "100", "rows to return", 1000, 1},
  Member{"cursor", text,   "the first page", "cursor of the previous answer", 1000},
};

constexpr std::array kDeliveryOnly = {
  Member{"source", text,   "any", "exactly this source", 10'000},
  Member{"object", text,   "any", "text somewhere in the object's name, as written", 10'000},
  Member{"state",  choice, "any", "what became of the delivery", 0, 0, "received indexed skipped failed quarantined"},
  Member{"from",   time,   "", "received at or after", 100},
  Member{"to",     time,   "", "received before", 100},
};

constexpr std::array kBytesMembers = {
  Member{"bytes", flag, "false", "true: the bytes that were kept instead"},
};

constexpr std::array kChosenMembers = {
  Member{"ids", text, "", "ids of entries, separated by commas", 100'000},
  Member{"all", flag, "false", "true: all entries"},
};

constexpr std::array kSuggesterMembers = {
  Member{"q",         text,   "", "the beginning of a value", 10'000},
  Member{"suggester", text,   "", "a column of text", 1000},
  Member{"size",      number, "10", "values to suggest", 1000},
  Member{"format",    choice, "json", "shape of the answer", 0, 0, "json sdk xml"},
  Member{"pretty",    flag,   "false", "true for an indented answer"},
};

constexpr std::array kIngestMembers = {
  Member{"name", text, "the request's id", "what the ledger calls the file", 1000},
};
// clang-format on

constexpr auto kDeliveryMembers = joined(kDeliveryOnly, kPageMembers);
constexpr auto kSearchMembers = joined(kQueryMembers, kAnswerMembers);
constexpr auto kExportMembers = joined(kQueryMembers, kExportOnly);
constexpr auto kTailMembers = joined(kQueryMembers, kTailOnly);
constexpr auto kStatsMembers = joined(kQueryMembers, kStatsOnly);

// clang-format off
constexpr std::array kTables = {
    MemberTable{"query", kQueryMembers},
    MemberTable{"search", kAnswerMembers},
    MemberTable{"export", kExportOnly},
    MemberTable{"stats", kStatsOnly},
    MemberTable{"tail", kTailOnly},
    MemberTable{"suggest", kSuggestMembers},
    MemberTable{"session", kSessionMembers},
    MemberTable{"state", kStateMembers},
    MemberTable{"integrity", kIntegrityMembers},
    MemberTable{"filter", kFilterMembers},
    MemberTable{"facet", kFacetMembers},
    MemberTable{"histogram", kHistogramMembers},
};
// clang-format on

}  // namespace

std::span<const Member> search_members() {
  return kSearchMembers;
}

std::span<const Member> export_members() {
  return kExportMembers;
}

std::span<const Member> tail_members() {
  return kTailMembers;
}

std::span<const Member> stats_members() {
  return kStatsMembers;
}

std::span<const Member> explain_members() {
  return kQueryMembers;
}

std::span<const Member> suggest_members() {
  return kSuggestMembers;
}

std::span<const Member> session_members() {
  return kSessionMembers;
}

std::span<const Member> state_members() {
  return kStateMembers;
}

std::span<const Member> integrity_members() {
  return kIntegrityMembers;
}

std::span<const Member> delivery_members() {
  return kDeliveryMembers;
}

std::span<const Member> quarantine_members() {
  return kPageMembers;
}

std::span<const Member> entry_members() {
  return kBytesMembers;
}

std::span<const Member> chosen_members() {
  return kChosenMembers;
}

std::span<const Member> suggester_members() {
  return kSuggesterMembers;
}

std::span<const Member> ingest_members() {
  return kIngestMembers;
}

std::span<const MemberTable> member_tables() {
  return kTables;
}

}  // namespace trailsift::server
