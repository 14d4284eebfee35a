// What a first program with Xapian would do: every record a document, its values through the
// TermGenerator with positions, its exact fields boolean terms, the record as data. One of the
// peers of bench/bench.py.

#include <array>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <xapian.h>

#include "bench/delivered_events.h"
#include "bench/program.h"
#include "schema/event.h"
#include "schema/field.h"

namespace trailsift::bench {
namespace {

// The exact fields that every peer has, beside the event's id.
constexpr std::array<const char*, 21> kExactFields = {"event_name",
                                                      "event_source",
                                                      "aws_region",
                                                      "source_ip_address",
                                                      "user_agent",
                                                      "error_code",
                                                      "error_message",
                                                      "event_type",
                                                      "event_category",
                                                      "event_version",
                                                      "read_only",
                                                      "management_event",
                                                      "recipient_account_id",
                                                      "request_id",
                                                      "user_identity_type",
                                                      "user_identity_arn",
                                                      "user_identity_account_id",
                                                      "user_identity_principal_id",
                                                      "user_identity_access_key_id",
                                                      "user_identity_user_name",
                                                      "session_issuer_arn"};

constexpr std::array<const char*, 8> kValueFields = {
    "event_source", "event_name",           "aws_region", "user_identity_type",
    "event_type",   "recipient_account_id", "error_code", "source_ip_address"};

// Xapian takes no longer terms.
constexpr std::size_t kLongestTerm = 245;

Xapian::Document document_of(const Event& event) {
  Xapian::Document document;
  Xapian::TermGenerator generator;
  generator.set_document(document);
  for (const Leaf& leaf : event.leaves) {
    generator.index_text(leaf.value);
    generator.increase_termpos();
  }
  for (std::size_t slot = 0; slot < kValueFields.size(); ++slot) {
    const auto value = value_of(event, field_index(kValueFields[slot]));
    if (value) document.add_value(static_cast<Xapian::valueno>(slot), std::string(*value));
  }
  for (const char* name : kExactFields) {
    const auto value = value_of(event, field_index(name));
    if (value) {
      document.add_boolean_term(
          ('X' + std::string(name) + ':' + std::string(*value)).substr(0, kLongestTerm));
    }
  }
  document.add_boolean_term("Q" + event.id);
  document.set_data(event.json);
  return document;
}

// Indexes so many different events, or all there are; how many it were.
std::uint64_t index(const std::string& logs, const std::string& directory, std::uint64_t events) {
  Xapian::WritableDatabase database(directory, Xapian::DB_CREATE_OR_OVERWRITE);
  for_each_event(logs, [&](const Event& event) {
    database.replace_document("Q" + event.id, document_of(event));
    return database.get_doccount() < events;
  });
  database.commit();
  return database.get_doccount();
}

int run(int argc, char** argv) {
  std::string logs, directory;
  std::uint64_t events = 20'000;
  CLI::App app{"Indexes delivered files as a first program with Xapian would."};
  app.add_option("LOGS", logs, "delivered files")->required();
  app.add_option("DIRECTORY", directory, "where the database goes")->required();
  app.add_option("--events", events, "how many different events")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    std::printf("%llu events\n", static_cast<unsigned long long>(index(logs, directory, events)));
  } catch (const Xapian::Error& error) {
    throw std::runtime_error(error.get_description());
  }
  return 0;
}

}  // namespace
}  // namespace trailsift::bench

int main(int argc, char** argv) {
  return trailsift::bench::run_program("naive_xapian", argc, argv, trailsift::bench::run);
}
