#include "cli/verify_output.h"

#include <string>
#include <string_view>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "cli/terminal.h"

namespace trailsift::cli {
namespace {

using indexer::DigestGap;
using indexer::FileVerdict;
using indexer::Status;
using indexer::VerifyAccount;

std::string sums(const VerifyAccount::Count& count, std::string_view what) {
  const std::uint64_t judged = count.valid + count.invalid;
  std::string text;
  const auto part = [&](std::uint64_t some) {
    return std::to_string(some) + "/" + std::to_string(judged) + " " + std::string(what) +
           " files ";
  };
  if (judged > 0) text += part(count.valid) + "valid";
  if (count.invalid > 0) text += ", " + part(count.invalid) + "INVALID";
  if (count.unverified > 0) {
    text += (text.empty() ? "" : ", ") + std::to_string(count.unverified) + " " +
            std::string(what) + " files unverified";
  }
  return text.empty() ? text : text + "\n";
}

class TextOutput : public VerifyOutput {
 public:
  TextOutput(std::ostream& out, bool verbose) : out_(out), verbose_(verbose) {}

  void on_file(const FileVerdict& verdict) override {
    if (verdict.status == Status::valid && !verbose_) return;
    const bool digest = verdict.kind == FileVerdict::Kind::digest;
    if (digest && verdict.backfill) out_ << "(backfill) ";
    out_ << (digest ? "Digest file\t" : "Log file\t") << printable(verdict.name) << '\t';
    if (verdict.status == Status::valid) {
      out_ << "valid\n";
    } else {
      out_ << (verdict.status == Status::invalid ? "INVALID: " : "unverified: ")
           << printable(verdict.detail) << '\n';
    }
  }

  void on_gap(const DigestGap& gap) override {
    if (gap.backfill) out_ << "(backfill) ";
    out_ << (gap.after_missing ? "No digest files were found between "
                               : "No log files were delivered by CloudTrail between ")
         << format_time(gap.from) << " and " << format_time(gap.to)
         << (gap.after_missing ? ": more than one may be missing\n" : "\n");
  }

  void finish(const VerifyAccount& account) override {
    const auto& digests = account.digests;
    const auto& backfill = account.backfill_digests;
    const std::string text =
        sums(digests, "digest") + sums(backfill, "backfill digest") + sums(account.logs, "log");
    if (text.empty()) {
      out_ << "No digests found\n";
      return;
    }
    if (account.found_from) {
      out_ << "Results found for " << format_time(*account.found_from) << " to "
           << format_time(*account.found_to) << ":\n";
    } else {
      out_ << "No valid digests found in range\n";
    }
    out_ << text;
  }

 private:
  std::ostream& out_;
  const bool verbose_;
};

class JsonOutput : public VerifyOutput {
 public:
  explicit JsonOutput(std::ostream& out) : out_(out) {}

  void on_file(const FileVerdict& verdict) override {
    const bool digest = verdict.kind == FileVerdict::Kind::digest;
    begin(digest ? "digest" : "log");
    text("name", verdict.name);
    text("status", indexer::name(verdict.status));
    if (verdict.status != Status::valid) {
      text("reason", indexer::name(verdict.reason));
      text("detail", verdict.detail);
    }
    if (!digest) text("integrity", indexer::name(verdict.integrity));
    writer_.Key("backfill");
    writer_.Bool(verdict.backfill);
    end();
  }

  void on_gap(const DigestGap& gap) override {
    begin("gap");
    text("from", format_time(gap.from));
    text("to", format_time(gap.to));
    text("reason", gap.after_missing ? "missing_in_a_row" : "no_digests");
    writer_.Key("backfill");
    writer_.Bool(gap.backfill);
    end();
  }

  void finish(const VerifyAccount& account) override {
    begin("summary");
    count("digests", account.digests);
    count("backfill_digests", account.backfill_digests);
    count("logs", account.logs);
    number("gaps", account.gaps);
    if (account.found_from) {
      text("from", format_time(*account.found_from));
      text("to", format_time(*account.found_to));
    }
    end();
  }

 private:
  void begin(std::string_view type) {
    buffer_.Clear();
    writer_.Reset(buffer_);
    writer_.StartObject();
    text("type", type);
  }
  void end() {
    writer_.EndObject();
    out_ << printable_json({buffer_.GetString(), buffer_.GetSize()}) << '\n';
  }
  void text(const char* key, std::string_view value) {
    writer_.Key(key);
    writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
  void number(const char* key, std::uint64_t value) {
    writer_.Key(key);
    writer_.Uint64(value);
  }
  void count(const char* key, const VerifyAccount::Count& value) {
    writer_.Key(key);
    writer_.StartObject();
    number("valid", value.valid);
    number("invalid", value.invalid);
    number("unverified", value.unverified);
    writer_.EndObject();
  }

  std::ostream& out_;
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

}  // namespace

std::unique_ptr<VerifyOutput> verify_text(std::ostream& out, bool verbose) {
  return std::make_unique<TextOutput>(out, verbose);
}

std::unique_ptr<VerifyOutput> verify_json(std::ostream& out) {
  return std::make_unique<JsonOutput>(out);
}

}  // namespace trailsift::cli
