// GET /api/openapi.json against the tables that it is made from.

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "server/api_members.h"
#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

using rapidjson::Value;

rapidjson::Document document() {
  ServedStore store;
  rapidjson::Document parsed;
  parsed.Parse(store.get("/api/openapi.json").body.c_str());
  EXPECT_FALSE(parsed.HasParseError());
  return parsed;
}

std::string key_of(const Route& route) {
  std::string key(route.method);
  std::ranges::transform(key, key.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
  return key;
}

TEST(OpenApi, HasEveryRouteAndNoOther) {
  const auto parsed = document();
  EXPECT_STREQ(parsed["openapi"].GetString(), "3.1.0");
  std::set<std::pair<std::string, std::string>> described;
  for (const auto& path : parsed["paths"].GetObject()) {
    for (const auto& operation : path.value.GetObject()) {
      described.emplace(operation.name.GetString(), path.name.GetString());
      EXPECT_TRUE(operation.value["responses"].HasMember("200"))
          << operation.name.GetString() << " " << path.name.GetString();
    }
  }
  std::set<std::pair<std::string, std::string>> routed;
  for (const Route& route : routes()) {
    routed.emplace(key_of(route), route.path);
  }
  EXPECT_EQ(described, routed);
}

TEST(OpenApi, HasEveryMemberOfEveryRoute) {
  const auto parsed = document();
  for (const Route& route : routes()) {
    if (route.members == nullptr) continue;
    const Value& operation =
        parsed["paths"][std::string(route.path).c_str()][key_of(route).c_str()];
    std::set<std::string> described;
    for (const Value& parameter : operation["parameters"].GetArray()) {
      described.insert(parameter["name"].GetString());
    }
    if (operation.HasMember("requestBody")) {
      for (const auto& content : operation["requestBody"]["content"].GetObject()) {
        const Value& schema = content.value["schema"];
        if (!schema.HasMember("properties")) continue;
        for (const auto& member : schema["properties"].GetObject()) {
          described.insert(member.name.GetString());
        }
      }
    }
    for (const Member& row : route.members()) {
      EXPECT_TRUE(described.contains(std::string(row.name))) << route.path << " " << row.name;
    }
  }
}

/// Every `$ref` below a value.
void collect_references(const Value& value, std::set<std::string>& references) {
  if (value.IsArray()) {
    for (const Value& item : value.GetArray()) collect_references(item, references);
  }
  if (!value.IsObject()) return;
  for (const auto& member : value.GetObject()) {
    const bool is_reference = std::string(member.name.GetString()) == "$ref";
    if (is_reference) references.insert(member.value.GetString());
    collect_references(member.value, references);
  }
}

TEST(OpenApi, HasEverySchemaThatItUsesAndNoOther) {
  const auto parsed = document();
  std::set<std::string> references;
  collect_references(parsed, references);
  std::set<std::string> schemas;
  for (const auto& schema : parsed["components"]["schemas"].GetObject()) {
    schemas.insert("#/components/schemas/" + std::string(schema.name.GetString()));
  }
  EXPECT_EQ(references, schemas);
}

}  // namespace
}  // namespace trailsift::server
