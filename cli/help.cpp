#include "cli/help.h"

#include <algorithm>
#include <vector>

namespace trailsift::cli {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kHelpColumn = 26;

bool is_positional(const Option& option) {
  return !option.name.starts_with("-");
}

/// Appends `text` word by word, breaking at kWidth; continued lines begin at `indent`. `column` is
/// where the first word goes.
void append_wrapped(std::string& out, std::string_view text, std::size_t indent,
                    std::size_t column) {
  bool first = true;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    if (!first && column + 1 + word.size() > kWidth) {
      out.append("\n").append(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    first = false;
  }
  out += '\n';
}

/// "  left            text of several
///                    lines"
void append_row(std::string& out, const std::string& left, std::string_view text) {
  out.append("  ").append(left);
  std::size_t column = left.size() + 2;
  if (column + 2 > kHelpColumn) {
    out += '\n';
    column = 0;
  }
  out.append(kHelpColumn - column, ' ');
  append_wrapped(out, text, kHelpColumn, kHelpColumn);
}

std::string label(const Option& option) {
  std::string text(option.name);
  if (!option.value_name.empty()) text.append(" ").append(option.value_name);
  if (option.arity == Arity::repeated || option.arity == Arity::repeated_required) text += "...";
  return text;
}

std::string explanation(const Option& option) {
  std::string text(option.help);
  if (!option.default_value.empty()) {
    text.append(" (default: ").append(option.default_value).append(")");
  }
  return text;
}

void append_options(std::string& out, const Command& command, bool positional) {
  for (const Option& option : command.options) {
    if (is_positional(option) != positional) continue;
    append_row(out, label(option), explanation(option));
  }
}

}  // namespace

std::string usage_line(const Command& command) {
  std::string line = "usage: trailsift ";
  line += command.name;
  bool others = false;
  for (const Option& option : command.options) {
    const bool required =
        option.arity == Arity::required || option.arity == Arity::repeated_required;
    if (required) {
      line.append(" ").append(label(option));
    } else if (is_positional(option)) {
      line.append(" [").append(label(option)).append("]");
    } else {
      others = true;
    }
  }
  if (others) line += " [OPTION]...";
  return line + "\n";
}

std::string help(const Command& command) {
  std::string out = usage_line(command);
  out += '\n';
  std::string_view text = command.description.empty() ? command.summary : command.description;
  while (!text.empty()) {  // One paragraph a line.
    const std::size_t end = std::min(text.find('\n'), text.size());
    append_wrapped(out, text.substr(0, end), 0, 0);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (std::ranges::any_of(command.options, is_positional)) {
    out += "\nArguments:\n";
    append_options(out, command, true);
  }
  out += "\nOptions:\n";
  append_options(out, command, false);
  append_row(out, "--help", "this text");
  if (!command.examples.empty()) {
    out += "\nExamples:\n";
    out += command.examples;
    if (!out.ends_with('\n')) out += '\n';
  }
  return out;
}

std::string help() {
  std::string out =
      "usage: trailsift COMMAND [ARGUMENT]...\n\n"
      "Searches AWS CloudTrail logs: indexes delivered files into a data directory and\n"
      "answers structured, full-text and faceted queries over them.\n\n"
      "Commands:\n";
  for (const Command* command : commands()) {
    append_row(out, std::string(command->name), command->summary);
  }
  out += "\n`trailsift COMMAND --help` tells the rest.\n";
  return out;
}

}  // namespace trailsift::cli
