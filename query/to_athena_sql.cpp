#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "query/overloaded.h"
#include "query/translate.h"
#include "query/translate_parts.h"
#include "schema/ascii.h"

namespace trailsift::query {
namespace {

using Written = Result<std::string>;

constexpr std::string_view kLanguage = "the SQL of Athena";

/// The columns of text in the table that AWS documents, with the members of its structs.
constexpr std::array<std::string_view, 42> kColumns = {
    "eventVersion",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    "errorMessage",
    "requestID",
    "eventID",
    "eventType",
    "apiVersion",
    "readOnly",
    "recipientAccountId",
    "sharedEventID",
    "vpcEndpointId",
    "vpcEndpointAccountId",
    "eventCategory",
    "sessionCredentialFromConsole",
    "addendum.reason",
    "addendum.originalEventID",
    "tlsDetails.tlsVersion",
    "tlsDetails.cipherSuite",
    "tlsDetails.clientProvidedHostHeader",
    "userIdentity.type",
    "userIdentity.principalId",
    "userIdentity.arn",
    "userIdentity.accountId",
    "userIdentity.invokedBy",
    "userIdentity.accessKeyId",
    "userIdentity.userName",
    "userIdentity.onBehalfOf.userId",
    "userIdentity.onBehalfOf.identityStoreArn",
    "userIdentity.sessionContext.attributes.mfaAuthenticated",
    "userIdentity.sessionContext.attributes.creationDate",
    "userIdentity.sessionContext.sessionIssuer.type",
    "userIdentity.sessionContext.sessionIssuer.principalId",
    "userIdentity.sessionContext.sessionIssuer.arn",
    "userIdentity.sessionContext.sessionIssuer.accountId",
    "userIdentity.sessionContext.sessionIssuer.userName",
    "userIdentity.sessionContext.ec2RoleDelivery",
};

constexpr std::string_view kTable = "cloudtrail_logs";

tl::unexpected<Error> cannot(const std::string& what) {
  return cannot_say(kLanguage, what);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), ascii_lower);
  return out;
}

/// The column that holds a field's values. Times are asked for by InTime alone.
Written column_of(const Target& target) {
  const Field* const field = field_of(target);
  if (field == nullptr) {
    return cannot("'" + name_of(target) + "', which stands in a column of JSON text");
  }
  const bool known = std::ranges::find(kColumns, field->path) != kColumns.end();
  if (!known || field->type == FieldType::time) {
    return cannot("the field '" + name_of(target) + "', which is no column of its table");
  }
  return lower(field->path);
}

Written literal(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return cannot("a text with a zero byte");
  return with_doubled_quotes(text);
}

/// How the values of a column are compared; booleans are texts there, in whatever case.
Written compared(const Target& target, LetterCase letters, std::string_view value) {
  auto column = column_of(target);
  const bool flag = field_of(target) != nullptr && field_of(target)->type == FieldType::boolean;
  if (!column || (letters == LetterCase::exact && !flag)) return column;
  if (!is_ascii(value)) {
    return cannot("letters beyond ASCII of which the case does not count");
  }
  return "lower(" + *column + ")";
}

/// Null is not a value that differs: without this, `not` would leave events out that lack the
/// value.
std::string known(const Target& target, const std::string& comparison) {
  return "(" + *column_of(target) + " IS NOT NULL AND " + comparison + ")";
}

Written write(const Equals& equals) {
  const Field* const field = field_of(equals.target);
  if (field != nullptr && field->type == FieldType::ip && is_ipv6(equals.value)) {
    return cannot("an address of IPv6, which has many spellings");
  }
  auto column = compared(equals.target, equals.letters, equals.value);
  if (!column) return column;
  auto value = literal(equals.value);
  if (!value) return value;
  return known(equals.target, *column + " = " + *value);
}

Written like_pattern(const Target& target, LetterCase letters, std::string_view pattern) {
  auto column = compared(target, letters, pattern);
  if (!column) return column;
  const Field* const field = field_of(target);
  if (field->type != FieldType::keyword && field->type != FieldType::text) {
    return cannot("a pattern for '" + name_of(target) + "'");
  }
  std::string sql;
  walk_pattern(
      pattern,
      [&](char c) {
        if (c == '%' || c == '_' || c == '\\') sql += '\\';
        sql += c;
      },
      [&] { sql += '%'; }, [&] { sql += '_'; });
  auto value = literal(sql);
  if (!value) return value;
  return known(target, *column + " LIKE " + *value + R"( ESCAPE '\')");
}

Written write(const StartsWith& starts) {
  return like_pattern(starts.target, LetterCase::exact, literal_pattern(starts.prefix) + "*");
}

Written write(const Like& like) {
  if (like.pattern.extent() == Extent::part) {
    return cannot("a pattern for words of '" + name_of(like.target) + "'");
  }
  return like_pattern(like.target, like.pattern.letters(), like.pattern.pattern());
}

Written write(const InNetwork& in) {
  auto column = column_of(in.target);
  if (!column) return column;
  return known(in.target, "coalesce(contains('" + in.network.to_string() + "', try_cast(" +
                              *column + " AS ipaddress)), false)");
}

Written write(const SameValue& same) {
  auto one = column_of(same.one);
  if (!one) return one;
  auto other = column_of(same.other);
  if (!other) return other;
  if (field_of(same.one)->type != field_of(same.other)->type ||
      field_of(same.one)->type == FieldType::boolean || field_of(same.one)->type == FieldType::ip) {
    return cannot("'" + name_of(same.one) + "' compared with '" + name_of(same.other) + "'");
  }
  const bool exact = same.letters == LetterCase::exact;
  const std::string comparison =
      exact ? *one + " = " + *other : "lower(" + *one + ") = lower(" + *other + ")";
  return "(" + *one + " IS NOT NULL AND " + *other + " IS NOT NULL AND " + comparison + ")";
}

Written write(const Between& between) {
  auto column = column_of(between.target);
  if (!column) return column;
  if (!between.low && !between.high)
    return "(" + *column + " IS NOT NULL AND " + *column + " <> '')";
  const FieldType type = field_of(between.target)->type;
  if (between.by_number || (type != FieldType::keyword && type != FieldType::text)) {
    return cannot("an order of '" + name_of(between.target) + "'");
  }
  std::string sql = "(" + *column + " IS NOT NULL AND " + *column + " <> ''";
  const auto add = [&](const auto& bound, std::string_view open) -> Result<void> {
    if (!bound) return {};
    auto value = literal(bound->value);
    if (!value) return tl::unexpected(value.error());
    sql += " AND " + *column + " " + std::string(open) + (bound->inclusive ? "= " : " ") + *value;
    return {};
  };
  if (auto added = add(between.low, ">"); !added) return tl::unexpected(added.error());
  if (auto added = add(between.high, "<"); !added) return tl::unexpected(added.error());
  return sql + ")";
}

Written write(const InTime& time) {
  std::string sql;
  const auto add = [&](const std::optional<Timestamp>& bound, std::string_view relation) {
    if (!bound) return;
    sql += (sql.empty() ? "(" : " AND ") + std::string("from_iso8601_timestamp(eventtime) ") +
           std::string(relation) + " from_iso8601_timestamp('" + format_time(*bound) + "')";
  };
  add(time.from, ">=");
  add(time.to, "<");
  return sql.empty() ? "(1 = 1)" : sql + ")";
}

Written write(const Tree& tree);

Written write(std::string_view between, const std::vector<Tree>& trees) {
  std::string sql;
  for (const Tree& tree : trees) {
    auto child = write(tree);
    if (!child) return child;
    sql += (sql.empty() ? "(" : std::string(between)) + *child;
  }
  return sql + ")";
}

Written write(const Tree& tree) {
  const auto words = [](FieldIndex field) {
    return cannot("words of '" + std::string(field_at(field).name) + "'");
  };
  return std::visit(
      Overloaded{
          [](const Everything&) -> Written { return "(1 = 1)"; },
          [](const Nothing&) -> Written { return "(1 = 0)"; },
          [](const Found& found) -> Written {
            return cannot("the regular expression for '" + name_of(found.target) + "'");
          },
          [&](const Phrase& phrase) -> Written { return words(phrase.field); },
          [&](const Near& near) -> Written { return words(near.field); },
          [](const Fuzzy&) -> Written { return cannot("a word that may be spelt differently"); },
          [](const AllOf& all) { return write(" AND ", all.children); },
          [](const AnyOf& any) { return write(" OR ", any.children); },
          [](const Not& negation) -> Written {
            auto child = write(*negation.child);
            return child ? "(NOT " + *child + ")" : child;
          },
          [](const auto& condition) { return write(condition); },
      },
      tree.kind);
}

}  // namespace

Result<std::string> to_athena_sql(const Tree& tree) {
  if (auto good = check_text(kLanguage, tree); !good) return tl::unexpected(good.error());
  auto condition = write(tree);
  if (!condition) return condition;
  return "SELECT * FROM " + std::string(kTable) + " WHERE " + *condition;
}

}  // namespace trailsift::query
