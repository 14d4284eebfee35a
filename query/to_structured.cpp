#include <algorithm>
#include <vector>

#include "query/overloaded.h"
#include "query/resolve.h"
#include "query/translate.h"
#include "query/translate_parts.h"

namespace trailsift::query {
namespace {

using Written = Result<std::string>;

constexpr std::string_view kLanguage = "the structured syntax";

tl::unexpected<Error> cannot(const std::string& what) {
  return cannot_say(kLanguage, what);
}

bool is_bare(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

/// The name as queries write it.
Written name_for(const Target& target) {
  std::string name = name_of(target);
  const auto resolved = resolve_field(name, {});
  if (!resolved || *resolved != target) return cannot("the name " + in_quotes(name));
  return is_bare(name) ? name : escaped(name, '\'');
}

std::string scalar(const Target& target, const std::string& text) {
  return is_of_type(target, FieldType::integer) ? text : escaped(text, '\'');
}

Written operation(std::string_view op, const Target& target, const std::string& value,
                  const std::string& option = {}) {
  auto name = name_for(target);
  if (!name) return name;
  return "(" + std::string(op) + " field=" + *name + option + " " + value + ")";
}

/// `name:value`, where the name allows that.
Written term(std::string_view op, const Target& target, const std::string& value) {
  auto name = name_for(target);
  if (!name || name->starts_with('\'')) return name ? operation(op, target, value) : name;
  return *name + ":" + value;
}

/// Whether a value of the target can be this one, so that the text can be read again.
bool is_value(const Target& target, std::string_view value) {
  const Field* const field = field_of(target);
  return field == nullptr || is_canonical(field->type, value);
}

Written exact_only(const Target& target, LetterCase letters, std::string_view value) {
  if (letters == LetterCase::exact || !has_letters(value)) return std::string();
  return cannot("a comparison in which case does not count, as that of '" + name_of(target) +
                "' (== is the one in which it does)");
}

Written write(const Equals& equals) {
  if (auto exact = exact_only(equals.target, equals.letters, equals.value); !exact) return exact;
  if (is_of_type(equals.target, FieldType::text)) {
    return cannot("a whole value of '" + name_of(equals.target) + "', which it takes for words");
  }
  if (!is_value(equals.target, equals.value)) {
    return cannot(in_quotes(equals.value) + " as a value of '" + name_of(equals.target) + "'");
  }
  return term("term", equals.target, scalar(equals.target, equals.value));
}

Written write(const StartsWith& starts) {
  const bool words = is_of_type(starts.target, FieldType::text);
  if (!has_texts(starts.target) || words || starts.prefix.empty()) {
    return cannot("a beginning of '" + name_of(starts.target) + "'");
  }
  return operation("prefix", starts.target, scalar(starts.target, starts.prefix));
}

Written write(const Like& like) {
  const std::string& pattern = like.pattern.pattern();
  if (auto exact = exact_only(like.target, like.pattern.letters(), pattern); !exact) return exact;
  const Field* const field = field_of(like.target);
  const bool fits = has_texts(like.target) && (field == nullptr || field->column);
  if (!fits || like.pattern.extent() == Extent::part || pattern.empty()) {
    return cannot("a pattern for a part of '" + name_of(like.target) + "'");
  }
  return operation("wildcard", like.target, scalar(like.target, pattern));
}

using Bound = std::optional<Between::Bound>;

/// Brackets on inclusive sides, braces on the others.
Written range(const Target& target, const Bound& low, const Bound& high) {
  const std::string begin = low ? scalar(target, low->value) : "";
  const std::string end = high ? scalar(target, high->value) : "";
  return term("range", target,
              (low && low->inclusive ? "[" : "{") + begin + "," + end +
                  (high && high->inclusive ? "]" : "}"));
}

Written write(const Between& between) {
  const Field* const field = field_of(between.target);
  if (between.by_number) return cannot("an order of numbers at '" + name_of(between.target) + "'");
  if (field != nullptr && !field->column)
    return cannot("'" + name_of(between.target) + "' existing");
  if (!between.low && !between.high) {
    if (!has_texts(between.target)) return cannot("any value of '" + name_of(between.target) + "'");
    return operation("wildcard", between.target, "'*'");
  }
  for (const Bound* bound : {&between.low, &between.high}) {
    if (*bound && !is_value(between.target, (*bound)->value)) {
      return cannot(in_quotes((*bound)->value) + " as a bound of '" + name_of(between.target) +
                    "'");
    }
  }
  return range(between.target, between.low, between.high);
}

Written write(const InTime& time) {
  if (!time.from && !time.to) return "matchall";
  Bound low;
  Bound high;
  if (time.from) low = Between::Bound{format_time(*time.from), true};
  if (time.to) high = Between::Bound{format_time(*time.to), false};
  return range(event_time_field(), low, high);
}

std::string text_of(const Pieces& pieces) {
  std::string text;
  for (const std::string& piece : pieces) text += (text.empty() ? "" : " ") + piece;
  return text;
}

Written write(const Phrase& phrase) {
  if (field_at(phrase.field).type != FieldType::text) {
    return cannot("words of '" + name_of(phrase.field) + "'");
  }
  return operation(phrase.open_end ? "prefix" : "phrase", phrase.field,
                   escaped(text_of(phrase.pieces), '\''));
}

Written write(const Near& near) {
  if (field_at(near.field).type != FieldType::text || near.distance == 0) {
    return cannot("words of '" + name_of(near.field) + "' beside each other");
  }
  return operation("near", near.field, escaped(text_of(near.pieces), '\''),
                   " distance=" + std::to_string(near.distance));
}

Written write(const Fuzzy& fuzzy) {
  if (!has_texts(fuzzy.target))
    return cannot("a value like one of '" + name_of(fuzzy.target) + "'");
  return operation("fuzzy", fuzzy.target, escaped(fuzzy.text.text(), '\''),
                   " distance=" + std::to_string(fuzzy.text.edits()));
}

Written write(const Tree& tree);

Written write(std::string_view op, const std::vector<Tree>& trees) {
  std::string text;
  for (const Tree& tree : trees) {
    auto child = write(tree);
    if (!child) return child;
    text += " " + *child;
  }
  return trees.size() == 1 ? text.substr(1) : "(" + std::string(op) + text + ")";
}

Written write(const Tree& tree) {
  return std::visit(
      Overloaded{
          [](const Everything&) -> Written { return "matchall"; },
          [](const Nothing&) -> Written { return "(not matchall)"; },
          [](const Found& found) -> Written {
            return cannot("the regular expression for '" + name_of(found.target) + "'");
          },
          [](const InNetwork& in) -> Written {
            return cannot("the network of '" + name_of(in.target) + "'");
          },
          [](const SameValue& same) -> Written {
            return cannot("'" + name_of(same.one) + "' compared with '" + name_of(same.other) +
                          "'");
          },
          [](const AllOf& all) -> Written { return write("and", all.children); },
          [](const AnyOf& any) -> Written { return write("or", any.children); },
          [](const Not& negation) -> Written {
            auto child = write(*negation.child);
            return child ? "(not " + *child + ")" : child;
          },
          [](const auto& condition) -> Written { return write(condition); },
      },
      tree.kind);
}

}  // namespace

Result<std::string> to_structured(const Tree& tree) {
  if (auto good = check_text(kLanguage, tree); !good) return tl::unexpected(good.error());
  return write(tree);
}

std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += R"('\'')";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace trailsift::query
