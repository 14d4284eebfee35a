#include "query/tree.h"

#include <sstream>
#include <utility>

#include "query/lexer.h"
#include "query/overloaded.h"
#include "query/quote.h"

namespace trailsift::query {
namespace {

std::vector<Tree> clone(const std::vector<Tree>& trees) {
  std::vector<Tree> copies;
  copies.reserve(trees.size());
  for (const Tree& tree : trees) copies.push_back(query::clone(tree));
  return copies;
}

std::string name_of(FieldIndex field) {
  return std::string(field_at(field).name);
}

std::string name_of(const Target& target) {
  if (const auto* field = std::get_if<FieldIndex>(&target)) return name_of(*field);
  const std::string& path = std::get<LeafPath>(target).path;
  return is_bare_name(path) ? path : escaped(path, '"');
}

std::string joined(const Pieces& pieces) {
  std::string out;
  for (const std::string& piece : pieces) {
    if (!out.empty()) out += ' ';
    out += piece;
  }
  return escaped(out, '"');
}

/// Behind an operator that does not look at case.
std::string mark(LetterCase letters) {
  return letters == LetterCase::any ? "i" : "";
}

std::string text_of(const Like& like) {
  const Wildcard& pattern = like.pattern;
  return name_of(like.target) + (pattern.extent() == Extent::part ? "~~" : "~") +
         mark(pattern.letters()) + escaped(pattern.pattern(), '"');
}

std::string text_of(const Between& between) {
  std::string out = name_of(between.target) + (between.by_number ? ":#" : ":");
  out += between.low && between.low->inclusive ? '[' : '{';
  if (between.low) out += escaped(between.low->value, '"');
  out += ',';
  if (between.high) out += escaped(between.high->value, '"');
  out += between.high && between.high->inclusive ? ']' : '}';
  return out;
}

std::string text_of(const InTime& time) {
  std::string out(time.from ? "event_time:[" : "event_time:{");
  if (time.from) out += format_time(*time.from);
  out += ',';
  if (time.to) out += format_time(*time.to);
  return out + "}";
}

std::string text_of(std::string_view op, const std::vector<Tree>& children) {
  std::string out = "(" + std::string(op);
  for (const Tree& child : children) {
    out += ' ';
    out += to_string(child);
  }
  return out + ")";
}

std::string text_of_kind(const Tree& tree) {
  return std::visit(
      Overloaded{
          [](const Everything&) { return std::string("everything"); },
          [](const Nothing&) { return std::string("nothing"); },
          [](const Equals& equals) {
            return name_of(equals.target) + "=" + mark(equals.letters) + escaped(equals.value, '"');
          },
          [](const StartsWith& starts) {
            return name_of(starts.target) + "=" + escaped(starts.prefix, '"') + "*";
          },
          [](const Like& like) { return text_of(like); },
          [](const Found& found) {
            return name_of(found.target) + "~" + mark(found.expression.letters()) +
                   escaped(found.expression.pattern(), '/');
          },
          [](const InNetwork& in) { return name_of(in.target) + "=" + in.network.to_string(); },
          [](const SameValue& same) {
            return name_of(same.one) + "=" + mark(same.letters) + "$" + name_of(same.other);
          },
          [](const Between& between) { return text_of(between); },
          [](const InTime& time) { return text_of(time); },
          [](const Phrase& phrase) {
            return name_of(phrase.field) + ":" + joined(phrase.pieces) +
                   (phrase.open_end ? "*" : "");
          },
          [](const Near& near) {
            return name_of(near.field) + ":" + joined(near.pieces) + "~" +
                   std::to_string(near.distance);
          },
          [](const Fuzzy& fuzzy) {
            return name_of(fuzzy.target) + ":" + escaped(fuzzy.text.text(), '"') + "~~" +
                   std::to_string(fuzzy.text.edits());
          },
          [](const AllOf& all) { return text_of("and", all.children); },
          [](const AnyOf& any) { return text_of("or", any.children); },
          [](const Not& negation) { return "(not " + to_string(*negation.child) + ")"; },
      },
      tree.kind);
}

/// What only scores have a use for, where there is something.
std::string score_of(const Tree& tree) {
  if (tree.boost == 1 && !tree.constant) return "";
  std::ostringstream out;
  out << (tree.constant ? "^=" : "^") << tree.boost;
  return out.str();
}

}  // namespace

Tree clone(const Tree& tree) {
  Tree copy = std::visit(Overloaded{
                             [](const AllOf& all) { return Tree{AllOf{clone(all.children)}}; },
                             [](const AnyOf& any) {
                               return Tree{AnyOf{clone(any.children), any.tie}};
                             },
                             [](const Not& negation) {
                               return Tree{Not{std::make_unique<Tree>(clone(*negation.child))}};
                             },
                             [](const auto& condition) { return Tree{condition}; },
                         },
                         tree.kind);
  copy.boost = tree.boost;
  copy.constant = tree.constant;
  return copy;
}

std::string to_string(const Tree& tree) {
  return text_of_kind(tree) + score_of(tree);
}

}  // namespace trailsift::query
