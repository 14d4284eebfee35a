#include "cli/setup_state.h"

#include <algorithm>
#include <utility>

#include <rapidjson/document.h>

#include "cli/json_difference.h"

namespace trailsift::cli {
namespace {

tl::unexpected<Error> no_json(const AwsWords& words) {
  return fail(ErrorCode::corrupt,
              "expected JSON of 'aws " + words.at(0) + " " + words.at(1) + "', got something else");
}

/// The answer of the last call, or an empty text when the thing is not there.
Result<std::string> answer_of(const SetupStep& step, const AwsCli& aws) {
  std::string answer;
  for (AwsWords words : step.look) {
    rapidjson::Document before;
    before.Parse(answer.data(), answer.size());
    if (!before.HasParseError() && before.IsString()) {
      std::ranges::replace(words, std::string("@"), std::string(before.GetString()));
    }
    auto called = aws.call(words);
    if (!called) {
      const auto& [code, error] = called.error();
      if (!code.empty() && std::ranges::find(step.absent, code) != step.absent.end()) return "";
      return tl::unexpected(error);
    }
    answer = std::move(*called);
    if (answer.empty() || answer == "null") return "";
  }
  return answer;
}

Result<StepState> state_of(const SetupStep& step, const AwsCli& aws) {
  const auto answer = answer_of(step, aws);
  if (!answer) return tl::unexpected(answer.error());
  StepState state;
  if (answer->empty()) return state;
  rapidjson::Document got;
  got.Parse(answer->data(), answer->size());
  if (got.HasParseError()) return no_json(step.look.back());
  rapidjson::Document wanted;
  wanted.Parse(step.wanted.data(), step.wanted.size());
  state.there = true;
  state.differences = differences(wanted, got);
  return state;
}

}  // namespace

Result<std::vector<StepState>> look_at(const std::vector<SetupStep>& plan, const AwsCli& aws) {
  std::vector<StepState> states;
  bool whole_is_there = true;
  for (const SetupStep& step : plan) {
    if (step.is_side && !whole_is_there) {
      states.emplace_back();
      continue;
    }
    auto state = state_of(step, aws);
    if (!state) return tl::unexpected(state.error());
    if (!step.is_side) whole_is_there = state->there;
    states.push_back(std::move(*state));
  }
  return states;
}

Result<bool> holds_objects(const std::string& bucket, const AwsCli& aws) {
  const AwsWords words{"s3api", "list-object-versions", "--bucket", bucket, "--max-items", "1"};
  const auto answer = aws.call(words);
  if (!answer) return tl::unexpected(answer.error().error);
  if (answer->empty()) return false;
  rapidjson::Document listed;
  listed.Parse(answer->data(), answer->size());
  if (listed.HasParseError() || !listed.IsObject()) return no_json(words);
  return std::any_of(listed.MemberBegin(), listed.MemberEnd(), [](const auto& member) {
    return member.value.IsArray() && !member.value.Empty();
  });
}

}  // namespace trailsift::cli
