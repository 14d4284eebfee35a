#include "schema/field.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace trailsift {
namespace {

TEST(Field, NamesPathsAndAliasesAreTakenOnce) {
  std::set<std::string, std::less<>> seen;
  for (const Field& field : fields()) {
    EXPECT_TRUE(seen.insert(std::string(field.name)).second) << field.name;
    if (!field.path.empty()) {
      EXPECT_TRUE(seen.insert(std::string(field.path)).second) << field.path;
    }
    std::string_view rest = field.aliases;
    while (!rest.empty()) {
      const std::string_view alias = rest.substr(0, rest.find(' '));
      EXPECT_TRUE(seen.insert(std::string(alias)).second) << alias;
      EXPECT_EQ(find_field(alias), &field) << alias;
      rest.remove_prefix(std::min(alias.size() + 1, rest.size()));
    }
    EXPECT_FALSE(field.help.empty()) << field.name;
  }
}

TEST(Field, TheOriginalDomainsFieldsKeepTheirNames) {
  for (const char* name :
       {"event_name", "aws_region", "event_id", "request_id", "source_ip_address",
        "user_identity_account_id", "user_identity_type", "user_identity_user_name", "event_source",
        "error_code", "error_message", "user_agent", "user_identity_arn", "event_time", "raw"}) {
    EXPECT_NE(find_field(name), nullptr) << name;
  }
}

TEST(Field, JoinedOnesAreLookedUpByAColumnWithOneValue) {
  std::size_t joined = 0;
  for (const Field& field : fields()) {
    EXPECT_EQ(field.origin == Origin::joined, !field.join.key.empty()) << field.name;
    if (field.origin != Origin::joined) continue;
    EXPECT_EQ(joined_fields()[joined++], index_of(field));
    const Field* key = find_field(field.join.key);
    ASSERT_NE(key, nullptr) << field.name;
    EXPECT_EQ(key->name, field.join.key);
    EXPECT_TRUE(key->column && !key->multi && key->type == FieldType::keyword) << field.name;
    EXPECT_TRUE(field.column && !field.multi && field.type == FieldType::keyword) << field.name;
    EXPECT_NE(key->origin, Origin::joined) << field.name;
    EXPECT_FALSE(field.join.file.empty()) << field.name;
  }
  EXPECT_EQ(joined_fields().size(), joined);
}

TEST(Field, FoundByAnyNameInAnyCase) {
  const struct {
    const char *name, *want;
  } cases[] = {
      {"event_name", "event_name"},
      {"eventName", "event_name"},
      {"eventname", "event_name"},
      {"event.action", "event_name"},
      {"userIdentity.arn", "user_identity_arn"},
      {"useridentity.arn", "user_identity_arn"},
      {"_id", "event_id"},
      {"requestParameters", "request_parameters"},
      {"source.ip", "source_ip_address"},
      {"@timestamp", "event_time"},
  };
  for (const auto& c : cases) {
    const Field* field = find_field(c.name);
    ASSERT_NE(field, nullptr) << c.name;
    EXPECT_EQ(field->name, c.want);
    EXPECT_EQ(&field_at(index_of(*field)), field);
    EXPECT_EQ(field_index(field->name), index_of(*field));
  }
  for (const char* name : {"", "event", "event_names", "requestParameters.x", "."}) {
    EXPECT_EQ(find_field(name), nullptr) << name;
  }
}

TEST(Field, MisspeltNamesHaveSuggestions) {
  const struct {
    const char *name, *want;
  } cases[] = {
      {"event_nmae", "event_name"},       {"evnet_source", "event_source"},
      {"eventname_", "event_name"},       {"region", "aws_region"},
      {"source_ip", "source_ip_address"}, {"errorcode2", "error_code"},
  };
  for (const auto& c : cases) {
    const auto names = similar_fields(c.name);
    ASSERT_FALSE(names.empty()) << c.name;
    EXPECT_EQ(names.front(), c.want) << c.name;
  }
  EXPECT_TRUE(similar_fields("xyzzyplugh").empty());
  EXPECT_TRUE(similar_fields(std::string(100'000, 'a')).empty());
}

TEST(Field, LeafPathsLieBelowAnObjectOfTheRecord) {
  for (const char* path : {"requestParameters.bucketName", "userIdentity.x", "resources.a.b",
                           "responseElements.x-amz-request-id"}) {
    EXPECT_TRUE(is_leaf_path(path)) << path;
  }
  for (const char* path : {"requestParameters", "requestParameters.", "foo.bar", "", ".x"}) {
    EXPECT_FALSE(is_leaf_path(path)) << path;
  }
}

TEST(Field, ValuesHaveOneCanonicalForm) {
  const struct {
    FieldType type;
    const char* text;
    std::optional<std::string> want;
  } cases[] = {
      {FieldType::keyword, "AbC", "AbC"},
      {FieldType::boolean, "true", "true"},
      {FieldType::boolean, "FALSE", "false"},
      {FieldType::boolean, "yes", std::nullopt},
      {FieldType::integer, "1372", "1372"},
      {FieldType::integer, "1372.0", "1372"},
      {FieldType::integer, "1.372e3", "1372"},
      {FieldType::integer, "-5", "-5"},
      {FieldType::integer, "0012", "12"},
      {FieldType::integer, "9223372036854775807", "9223372036854775807"},
      {FieldType::integer, "9223372036854775808", std::nullopt},
      {FieldType::integer, "1e400", std::nullopt},
      {FieldType::integer, "1.5", std::nullopt},
      {FieldType::integer, "", std::nullopt},
      {FieldType::integer, "12 ", std::nullopt},
      {FieldType::integer, "nan", std::nullopt},
      {FieldType::time, "2021-07-29T23:53:26.000Z", "2021-07-29T23:53:26Z"},
      {FieldType::time, "yesterday", std::nullopt},
  };
  for (const auto& c : cases) EXPECT_EQ(canonical_value(c.type, c.text), c.want) << c.text;
}

TEST(Field, ValuesSortByTheirType) {
  const struct {
    FieldType type;
    const char *less, *more;
  } cases[] = {
      {FieldType::keyword, "B", "a"},
      {FieldType::keyword, "a", "aa"},
      {FieldType::keyword, "z", "é"},
      {FieldType::integer, "9", "10"},
      {FieldType::integer, "-10", "-9"},
      {FieldType::boolean, "false", "true"},
      {FieldType::time, "2021-07-29T23:53:26Z", "2021-07-29T23:53:26.001Z"},
      {FieldType::ip, "10.0.0.10", "10.0.0.9"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(compare_values(c.type, c.less, c.more), std::strong_ordering::less) << c.less;
    EXPECT_EQ(compare_values(c.type, c.more, c.less), std::strong_ordering::greater) << c.less;
    EXPECT_EQ(compare_values(c.type, c.less, c.less), std::strong_ordering::equal) << c.less;
  }
}

}  // namespace
}  // namespace trailsift
