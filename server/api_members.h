#pragma once

#include <span>

#include "server/request_members.h"

namespace trailsift::server {

/// The members of each request of Trailsift's own API, as tables. docs/api.md has the same rows.

constexpr std::size_t kMaxFilters = 100;
constexpr std::size_t kMaxFilterValues = 1000;
constexpr std::size_t kMaxColumns = 200;
constexpr std::uint32_t kDefaultHits = 50;

std::span<const Member> search_members();
std::span<const Member> export_members();
std::span<const Member> tail_members();
std::span<const Member> stats_members();
std::span<const Member> explain_members();
std::span<const Member> suggest_members();
std::span<const Member> session_members();
std::span<const Member> state_members();
std::span<const Member> integrity_members();

/// Of routes that read their parameters themselves.
std::span<const Member> delivery_members();
std::span<const Member> quarantine_members();
std::span<const Member> entry_members();
std::span<const Member> chosen_members();
std::span<const Member> suggester_members();
std::span<const Member> ingest_members();

/// The tables that these are made of, with the names that the documentation gives them.
struct MemberTable {
  std::string_view name;
  std::span<const Member> rows;
};
std::span<const MemberTable> member_tables();

}  // namespace trailsift::server
