#include "indexer/verify.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "indexer/coverage.h"
#include "indexer/digest_chain.h"
#include "indexer/digest_folders.h"
#include "indexer/ordered_results.h"
#include "schema/seeded_hash.h"

namespace trailsift::indexer {
namespace {

// The minute in a log file's name may lie so long before its delivery, which is what digests go by.
constexpr std::chrono::hours kDelivery(1);
constexpr std::size_t kFilesAhead = 8;  // Of each thread.
constexpr std::uint64_t kTag = 7;

using Finding = std::variant<FileVerdict, DigestGap>;

std::size_t threads_of(const VerifyOptions& options) {
  return options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
}

/// One run over one store.
class Verification : public DigestVisitor {
 public:
  Verification(ObjectStore& store, PublicKeys& keys, const VerifyOptions& options,
               VerdictSink& sink, std::stop_token stop)
      : store_(store),
        checker_(store, keys),
        options_(options),
        sink_(sink),
        stop_(std::move(stop)),
        findings_(threads_of(options), threads_of(options) * kFilesAhead,
                  [this](const Finding& finding) { tell(finding); }) {}

  Result<VerifyAccount> run() {
    const auto done = for_each_digest_folder(
        store_, options_, [this](const DigestFolder& folder) { return verify_folder(folder); });
    findings_.finish();
    if (!done) return tl::unexpected(done.error());
    return account_;
  }

  void on_digest(const DigestKey& key, const CheckedDigest& checked) override {
    findings_.put(checked.verdict);
    if (checked.digest && checked.verdict.status == Status::valid) note_time(*checked.digest);
    if (!checked.digest) return;
    newest_end_ = std::max(newest_end_, checked.digest->end);
    for (const DigestLogFile& file : checked.digest->log_files) {
      if (stop_.stop_requested()) return;
      listed_.insert(seeded_hash(file.key, kTag));
      verify_log(file, checked.verdict.status, key.backfill);
    }
  }

  void on_gap(const DigestGap& gap) override { findings_.put(gap); }

 private:
  Result<bool> verify_folder(const DigestFolder& folder) {
    listed_.clear();
    covered_ = Coverage();
    newest_end_ = Timestamp::min();
    Chains chains;
    for (const DigestKey& key : folder.keys) chains[chain_of(key)].keys.push_back(key);
    if (!store_.has_metadata()) note_next(folder.later, chains);
    for (auto& [unused, chain] : chains) {
      chain.bucket = options_.bucket;
      chain.from = options_.from;
      ChainWalk walk(std::move(chain), checker_, *this);
      const auto walked = walk.run([this] { return stop_.stop_requested(); });
      if (!walked) return tl::unexpected(walked.error());
    }
    if (const auto looked = find_unlisted(log_folder_of(folder.path)); !looked) {
      return tl::unexpected(looked.error());
    }
    return !stop_.stop_requested();
  }

  using Chains = std::map<std::tuple<bool, std::string, std::string>, DigestChain>;

  static Chains::key_type chain_of(const DigestKey& key) {
    return {key.backfill, key.trail, key.home_region};
  }

  static void note_next(const std::vector<DigestKey>& later, Chains& chains) {
    for (const DigestKey& key : later) {
      const auto found = chains.find(chain_of(key));
      if (found == chains.end()) continue;
      std::optional<DigestKey>& next = found->second.next;
      if (!next || key.time < next->time) next = key;
    }
  }

  void note_time(const Digest& digest) {
    covered_.add(digest.start, digest.end);
    const Timestamp from = std::max(digest.start, options_.from.value_or(digest.start));
    const Timestamp to = std::min(digest.end, options_.to.value_or(digest.end));
    account_.found_from = std::min(from, account_.found_from.value_or(from));
    account_.found_to = std::max(to, account_.found_to.value_or(to));
  }

  void verify_log(const DigestLogFile& file, Status digest, bool backfill) {
    if (digest == Status::invalid) {
      FileVerdict verdict =
          not_checked(file.bucket, file.key, Reason::digest_not_verified, "its digest is invalid");
      verdict.backfill = backfill;
      return findings_.put(std::move(verdict));
    }
    findings_.run([this, file, backfill, valid = digest == Status::valid]() -> Finding {
      FileVerdict verdict = check_log_file(store_, file, valid);
      verdict.backfill = backfill;
      return verdict;
    });
  }

  FileVerdict not_checked(const std::string& bucket, const std::string& key, Reason reason,
                          std::string detail) const {
    FileVerdict verdict;
    verdict.name = store_.name(bucket, key);
    verdict.status = Status::unverified;
    verdict.reason = reason;
    verdict.detail = std::move(detail);
    return verdict;
  }

  Result<void> find_unlisted(const std::string& folder) {
    // The tree may be that of one service, or a deeper prefix may have been asked for.
    const std::string prefix = folder.starts_with(options_.prefix) ? folder : options_.prefix;
    if (folder.empty() || !prefix.starts_with(folder)) return {};
    const std::string after = options_.from ? folder + day_folder(*options_.from) : "";
    const std::string end = options_.to ? folder + day_folder(*options_.to) + "~" : folder + "~";
    return store_.list(options_.bucket, prefix, after, [&](const std::string& key) {
      if (key > end || stop_.stop_requested()) return false;
      if (!key.ends_with('/') && !listed_.contains(seeded_hash(key, kTag))) tell_unlisted(key);
      return true;
    });
  }

  void tell_unlisted(const std::string& key) {
    const auto time = log_file_time(key);
    const bool early = time && options_.from && *time < *options_.from;
    const bool late = time && options_.to && *time > *options_.to;
    if (early || late) return;
    if (time && *time + kDelivery > newest_end_) {
      return findings_.put(not_checked(options_.bucket, key, Reason::not_yet_covered,
                                       "not yet covered by a digest"));
    }
    if (time && !covered_.covers(*time, *time + kDelivery)) {
      return findings_.put(not_checked(options_.bucket, key, Reason::not_covered,
                                       "no valid digest covers its time"));
    }
    FileVerdict verdict = not_checked(options_.bucket, key, Reason::unlisted, "no digest lists it");
    verdict.status = Status::invalid;
    findings_.put(std::move(verdict));
  }

  void tell(const Finding& finding) {
    if (const auto* const gap = std::get_if<DigestGap>(&finding)) {
      ++account_.gaps;
      return sink_.on_gap(*gap);
    }
    const auto& verdict = std::get<FileVerdict>(finding);
    // What could not be read because the run was stopped says nothing of the file.
    if (verdict.reason == Reason::unreadable && stop_.stop_requested()) return;
    const bool digest = verdict.kind == FileVerdict::Kind::digest;
    VerifyAccount::Count& count = !digest            ? account_.logs
                                  : verdict.backfill ? account_.backfill_digests
                                                     : account_.digests;
    count.valid += verdict.status == Status::valid ? 1 : 0;
    count.invalid += verdict.status == Status::invalid ? 1 : 0;
    count.unverified += verdict.status == Status::unverified ? 1 : 0;
    sink_.on_file(verdict);
  }

  ObjectStore& store_;
  DigestChecker checker_;
  const VerifyOptions& options_;
  VerdictSink& sink_;
  const std::stop_token stop_;
  VerifyAccount account_;
  // Of one folder.
  std::unordered_set<std::uint64_t> listed_;
  Coverage covered_;
  Timestamp newest_end_ = Timestamp::min();
  OrderedResults<Finding> findings_;
};

}  // namespace

Result<VerifyAccount> verify(ObjectStore& store, PublicKeys& keys, const VerifyOptions& options,
                             VerdictSink& sink, std::stop_token stop) {
  return Verification(store, keys, options, sink, std::move(stop)).run();
}

}  // namespace trailsift::indexer
