#include "cli/aws_cli.h"

#include <array>
#include <string_view>
#include <utility>

#include "cli/child_process.h"

namespace trailsift::cli {
namespace {

constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@%+";

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \r\n\t");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \r\n\t") - begin + 1));
}

/// NoSuchBucket of "An error occurred (NoSuchBucket) when calling the …".
std::string code_in(const std::string& text) {
  constexpr std::string_view kBefore = "An error occurred (";
  const auto at = text.find(kBefore);
  if (at == std::string::npos) return "";
  const auto begin = at + kBefore.size();
  return text.substr(begin, text.find(')', begin) - begin);
}

}  // namespace

std::string shell_quoted(const std::string& word) {
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out.push_back(c);
    }
  }
  return out + '\'';
}

std::vector<std::string> AwsCli::command(const std::vector<std::string>& words) const {
  std::vector<std::string> all{"aws"};
  all.insert(all.end(), words.begin(), words.end());
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) all.insert(all.end(), {option, value});
  };
  add("--profile", options_.profile);
  add("--region", options_.region);
  add("--endpoint-url", options_.endpoint_url);
  return all;
}

tl::expected<std::string, AwsRefusal> AwsCli::call(const std::vector<std::string>& words) const {
  auto all = command(words);
  all.insert(all.end(), {"--output", "json"});
  // Version 2 would show answers in a pager.
  const std::array<std::pair<std::string, std::string>, 1> variables{{{"AWS_PAGER", ""}}};
  const auto done = run_child(all, variables, stop_);
  if (!done) return tl::unexpected(AwsRefusal{"", done.error()});
  if (done->code == 0) return trimmed(done->out);
  std::string said = trimmed(done->err);
  if (said.empty()) said = "exit code " + std::to_string(done->code);
  const std::string what = words.at(0) + (words.size() > 1 ? " " + words.at(1) : "");
  return tl::unexpected(AwsRefusal{
      code_in(said), Error{ErrorCode::unavailable, "cannot run 'aws " + what + "': " + said, {}}});
}

std::string AwsCli::line(const std::vector<std::string>& words) const {
  std::string line;
  for (const std::string& word : command(words)) {
    line += (line.empty() ? "" : " ") + shell_quoted(word);
  }
  return line;
}

}  // namespace trailsift::cli
