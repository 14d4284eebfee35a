#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "cli/verify_output.h"
#include "tests/cli/golden.h"
#include "tests/cli/staged_console.h"
#include "tests/support/temp_directory.h"

namespace trailsift::cli {
namespace {

using indexer::FileVerdict;
using indexer::Integrity;
using indexer::Reason;
using indexer::Status;

FileVerdict digest(const std::string& name, Status status = Status::valid,
                   Reason reason = Reason::none, const std::string& detail = "") {
  FileVerdict verdict;
  verdict.kind = FileVerdict::Kind::digest;
  verdict.name = name;
  verdict.status = status;
  verdict.reason = reason;
  verdict.detail = detail;
  return verdict;
}

FileVerdict log(const std::string& name, Integrity integrity, Reason reason = Reason::none,
                const std::string& detail = "") {
  const bool valid = integrity == Integrity::verified;
  const bool unknown = integrity == Integrity::unverified;
  FileVerdict verdict = digest(name,
                               valid     ? Status::valid
                               : unknown ? Status::unverified
                                         : Status::invalid,
                               reason, detail);
  verdict.kind = FileVerdict::Kind::log;
  verdict.integrity = integrity;
  return verdict;
}

/// A run in which everything happens.
void tell_all(VerifyOutput& output) {
  output.on_file(digest("s3://logs/d3", Status::unverified, Reason::signature_unknown,
                        "signature unknown (no metadata)"));
  output.on_file(log("s3://logs/l4", Integrity::unverified, Reason::digest_not_verified,
                     "its digest is not verified"));
  output.on_file(digest("s3://logs/d2"));
  output.on_file(log("s3://logs/l3", Integrity::verified));
  output.on_file(log("s3://logs/l2\x1b[2J\xe2\x80\xae", Integrity::tampered, Reason::hash_mismatch,
                     "hash value doesn't match"));
  output.on_file(log("s3://logs/l1", Integrity::missing, Reason::not_found, "not found"));
  const auto at = [](const char* time) { return *parse_time(time); };
  output.on_gap({at("2026-07-29T20:00:00Z"), at("2026-07-29T23:00:00Z"), false, false});
  output.on_file(digest("s3://logs/d1", Status::invalid, Reason::not_found, "not found"));
  output.on_gap({at("2026-07-29T17:00:00Z"), at("2026-07-29T19:00:00Z"), false, true});
  FileVerdict backfill = digest("s3://logs/b1");
  backfill.backfill = true;
  output.on_file(backfill);
  output.on_gap({at("2026-07-28T20:00:00Z"), at("2026-07-28T23:00:00Z"), true, false});
  indexer::VerifyAccount account;
  account.digests = {1, 1, 1};
  account.backfill_digests = {1, 0, 0};
  account.logs = {1, 2, 1};
  account.gaps = 3;
  account.found_from = at("2026-07-28T22:00:00Z");
  account.found_to = at("2026-07-30T00:00:00Z");
  output.finish(account);
}

TEST(VerifyOutput, IsPrintedAsAwscliDoes) {
  std::ostringstream brief;
  tell_all(*verify_text(brief, false));
  expect_golden("verify.txt", brief.str());
  std::ostringstream verbose;
  tell_all(*verify_text(verbose, true));
  expect_golden("verify_verbose.txt", verbose.str());
  std::ostringstream json;
  tell_all(*verify_json(json));
  expect_golden("verify.ndjson", json.str());
}

TEST(VerifyOutput, SaysThatNothingWasFound) {
  std::ostringstream nothing;
  verify_text(nothing, false)->finish({});
  EXPECT_EQ(nothing.str(), "No digests found\n");
  indexer::VerifyAccount account;
  account.digests.invalid = 2;
  std::ostringstream invalid;
  verify_text(invalid, false)->finish(account);
  EXPECT_EQ(invalid.str(),
            "No valid digests found in range\n0/2 digest files valid, 2/2 digest files INVALID\n");
}

TEST(VerifyCommand, NamesTheMistake) {
  const test::TempDirectory directory;
  const std::string tree = directory.path().string();
  const std::string keys = (directory.path() / "keys").string();
  std::ofstream(keys) << "no key";
  const std::string data = (directory.path() / "data").string();
  const std::pair<std::vector<std::string>, std::pair<int, std::string>> rows[] = {
      {{"verify", tree}, {2, "--keys"}},
      {{"verify", tree, "--keys", keys, "--from", "yesterday"}, {2, "--from: "}},
      {{"verify", tree, "--keys", keys, "--from", "now", "--to", "now-1h"},
       {2, "expected --from to be before --to"}},
      {{"verify", tree, "--keys", keys, "--threads", "many"}, {2, "--threads"}},
      {{"verify", tree + "/absent", "--keys", keys}, {1, "expected a directory"}},
      {{"verify", tree, "--keys", keys + "x"}, {1, "No such file"}},
      {{"verify", tree, "--keys", keys}, {1, "expected RSA public keys of at least 2048 bits"}},
  };
  for (const auto& [words, want] : rows) {
    const Outcome outcome = run_words(words);
    EXPECT_EQ(outcome.code, want.first) << want.second;
    EXPECT_NE(outcome.err.find(want.second), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
}

}  // namespace
}  // namespace trailsift::cli
