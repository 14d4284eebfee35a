#include "cli/parse_arguments.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace trailsift::cli {
namespace {

/// Where CLI11 puts what it finds, by the names of the table. Node-based: it keeps references.
using Given = std::map<std::string, std::vector<std::string>>;

bool is_positional(const Option& option) {
  return !option.name.starts_with("-");
}

bool is_repeated(const Option& option) {
  return option.arity == Arity::repeated || option.arity == Arity::repeated_required;
}

/// Adds one option. Values are taken one by one and as they are: CLI11's lists in brackets and its
/// greedy options would tear `['a','b']` and swallow what stands behind `--facet x`.
void add_option(CLI::App& app, const Option& option, Given& given) {
  const std::string name(option.name);
  std::vector<std::string>& values = given[name];
  if (option.value_name.empty()) {
    app.add_flag_callback(name, [&values] { values = {"true"}; });
    return;
  }
  CLI::Option* const row = app.add_option(name, values)->expected(1)->allow_extra_args(false);
  row->multi_option_policy(is_repeated(option) ? CLI::MultiOptionPolicy::TakeAll
                                               : CLI::MultiOptionPolicy::Throw);
}

/// Deals out the words that belong to no option. `words` may begin with dashes only behind "--",
/// which the caller took away.
Result<void> place_positionals(const Command& command, std::vector<std::string> words,
                               Given& given) {
  auto next = words.begin();
  for (const Option& option : command.options) {
    if (!is_positional(option)) continue;
    std::vector<std::string>& values = given[std::string(option.name)];
    while (next != words.end() && (values.empty() || is_repeated(option))) {
      values.push_back(std::move(*next++));
    }
  }
  if (next == words.end()) return {};
  return fail(ErrorCode::bad_request, "unexpected argument '" + *next + "'");
}

tl::unexpected<Error> missing(const Option& option) {
  std::string name(option.name);
  if (!option.value_name.empty()) name.append(" ").append(option.value_name);
  return fail(ErrorCode::bad_request, "expected " + name);
}

tl::unexpected<Error> unknown_option(const Command& command, const std::string& word) {
  std::string message = "unknown option '" + word + "'";
  const std::string head = word.substr(0, word.find('='));
  for (const Option& option : command.options) {
    const bool begins = option.name.starts_with(head) || head.starts_with(option.name);
    if (!is_positional(option) && head.size() > 2 && begins) {
      message.append(", did you mean '").append(option.name).append("'?");
      break;
    }
  }
  return fail(ErrorCode::bad_request, std::move(message));
}

Result<void> refuse_values_of_flags(const Command& command, std::span<const std::string> words) {
  for (const Option& option : command.options) {
    const std::string head = std::string(option.name) + "=";
    const bool flag = !is_positional(option) && option.value_name.empty();
    const auto begins = [&head](const std::string& word) { return word.starts_with(head); };
    if (flag && std::ranges::any_of(words, begins)) {
      return fail(ErrorCode::bad_request, "expected no value after " + std::string(option.name));
    }
  }
  return {};
}

/// The mistake in CLI11's exception, in our words. All that it tells is "--name: …".
tl::unexpected<Error> mistake(const CLI::ParseError& error, std::span<const std::string> words) {
  const std::string text = error.what();
  const std::string name = text.substr(0, text.find(':'));
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) == nullptr) {
    return fail(ErrorCode::bad_request, text);
  }
  const bool at_end = !words.empty() && words.back() == name;
  return fail(ErrorCode::bad_request,
              at_end ? "expected a value after " + name : "expected " + name + " only once");
}

}  // namespace

Result<Arguments> parse_arguments(const Command& command, std::span<const std::string> words) {
  Given given;
  CLI::App app;
  app.set_help_flag();  // run() answers --help, from the same table.
  app.allow_extras();
  for (const Option& option : command.options) {
    if (!is_positional(option)) add_option(app, option, given);
  }
  const auto dashes = std::ranges::find(words, "--");
  const auto options = words.first(static_cast<std::size_t>(dashes - words.begin()));
  if (auto ok = refuse_values_of_flags(command, options); !ok) return tl::unexpected(ok.error());
  try {
    app.parse(std::vector<std::string>(options.rbegin(), options.rend()));
  } catch (const CLI::ParseError& error) {
    return mistake(error, options);
  }
  std::vector<std::string> rest = app.remaining();
  for (const std::string& word : rest) {
    if (word.size() > 1 && word.starts_with("-")) return unknown_option(command, word);
  }
  if (dashes != words.end()) rest.insert(rest.end(), dashes + 1, words.end());
  if (auto ok = place_positionals(command, std::move(rest), given); !ok) {
    return tl::unexpected(ok.error());
  }
  for (const Option& option : command.options) {
    const bool required =
        option.arity == Arity::required || option.arity == Arity::repeated_required;
    if (required && given[std::string(option.name)].empty()) return missing(option);
  }
  return Arguments(command.options, std::move(given));
}

}  // namespace trailsift::cli
