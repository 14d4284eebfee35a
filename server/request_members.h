#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/parameters.h"
#include "server/refusal.h"
#include "server/relaxed_json.h"

namespace trailsift::server {

enum class MemberType : std::uint8_t {
  text,
  number,    ///< From `least` to `most`.
  flag,      ///< true or false.
  choice,    ///< One of `choices`.
  syntax,    ///< The name of a query language (query/syntax.h).
  time,      ///< A moment: RFC 3339, a day, `now-24h`.
  duration,  ///< `500ms`, `30s`, `5m`.
  list,      ///< Up to `most` texts.
  object,    ///< Of `parts`.
  objects,   ///< Up to `most` of them.
};

/// One member of a request: what reads requests, describes them in OpenAPI, and what the test of
/// the documentation compares. A text in the place of a list is taken apart at commas, and one in
/// the place of an object gives its part `short_for`.
struct Member {
  std::string_view name;
  MemberType type;
  std::string_view otherwise;  ///< What holds when it is absent, for people.
  std::string_view help;
  std::uint64_t most = 0;  ///< Of texts, their bytes. 0: kMaxTextBytes.
  std::uint64_t least = 0;
  std::string_view choices = {};  ///< Separated by spaces.
  std::span<const Member> parts = {};
  std::string_view short_for = {};
};

constexpr std::size_t kMaxTextBytes = 256UL * 1024;
constexpr std::size_t kMaxRequestBytes = 1024UL * 1024;  ///< Of a body that is JSON.

/// A request that was checked against its members: types and limits hold, there is nothing else.
class CheckedMembers {
 public:
  CheckedMembers() = default;
  explicit CheckedMembers(std::vector<RelaxedMember> members) : members_(std::move(members)) {}

  /// nullptr when it is absent.
  const RelaxedJson* find(std::string_view name) const&;
  /// The text of a scalar; nullptr when it is absent or empty.
  const std::string* text(std::string_view name) const&;
  std::uint64_t number(std::string_view name, std::uint64_t otherwise) const;
  bool flag(std::string_view name, bool otherwise = false) const;
  /// Of a list; nullptr when it is absent.
  const std::vector<RelaxedJson>* items(std::string_view name) const&;
  // What they return goes with the members.
  const RelaxedJson* find(std::string_view name) const&& = delete;
  const std::string* text(std::string_view name) const&& = delete;
  const std::vector<RelaxedJson>* items(std::string_view name) const&& = delete;

 private:
  std::vector<RelaxedMember> members_;
};

/// The members of a request, from its parameters and from its body, which is an object. One that
/// stands in both is refused, and one that no row knows, with what it may have meant.
Checked<CheckedMembers> read_members(std::span<const Member> rows, const Parameters& parameters,
                                     std::string_view body);

/// The parts of a checked object.
CheckedMembers parts_of(const RelaxedJson& object);

/// The name of a type, for people: "a number from 0 to 10000".
std::string describe(const Member& row);

/// The words of `choices`.
std::vector<std::string_view> split_words(std::string_view words);

}  // namespace trailsift::server
