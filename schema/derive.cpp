#include "schema/derive.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "schema/client.h"

namespace trailsift {
namespace {

constexpr std::string_view kConsoleLogin = "responseElements.ConsoleLogin";

/// What the derived fields are made of, beside kConsoleLogin.
constexpr std::array<std::string_view, 14> kInputs = {
    "user_identity_type",
    "user_identity_user_name",
    "user_identity_arn",
    "user_identity_account_id",
    "user_identity_principal_id",
    "user_identity_invoked_by",
    "session_issuer_user_name",
    "source_identity",
    "on_behalf_of_user_id",
    "source_ip_address",
    "error_code",
    "error_message",
    "user_agent",
    "session_credential_from_console",
};

/// The identity of an event, as far as the derived fields need it; empty means absent.
struct Identity {
  std::string_view type, user_name, arn, account_id, principal_id, invoked_by;
  std::string_view issuer_name, source_identity, on_behalf_of, source_address;
};

std::string_view text(const Event& event, FieldIndex field) {
  return value_of(event, field).value_or(std::string_view());
}

Identity identity_of(const Event& event) {
  static const FieldIndex kType = field_index("user_identity_type");
  static const FieldIndex kUserName = field_index("user_identity_user_name");
  static const FieldIndex kArn = field_index("user_identity_arn");
  static const FieldIndex kAccount = field_index("user_identity_account_id");
  static const FieldIndex kPrincipal = field_index("user_identity_principal_id");
  static const FieldIndex kInvokedBy = field_index("user_identity_invoked_by");
  static const FieldIndex kIssuer = field_index("session_issuer_user_name");
  static const FieldIndex kSource = field_index("source_identity");
  static const FieldIndex kOnBehalfOf = field_index("on_behalf_of_user_id");
  static const FieldIndex kAddress = field_index("source_ip_address");
  return {text(event, kType),    text(event, kUserName),  text(event, kArn),
          text(event, kAccount), text(event, kPrincipal), text(event, kInvokedBy),
          text(event, kIssuer),  text(event, kSource),    text(event, kOnBehalfOf),
          text(event, kAddress)};
}

/// What follows the last `separator`; nothing when there is none.
std::string_view after_last(std::string_view value, char separator) {
  const std::size_t at = value.rfind(separator);
  return at == std::string_view::npos ? std::string_view() : value.substr(at + 1);
}

template <class... Candidates>
std::string_view first_of(Candidates... candidates) {
  std::string_view found;
  for (const std::string_view candidate : {std::string_view(candidates)...}) {
    if (found.empty()) found = candidate;
  }
  return found;
}

bool is_service_name(std::string_view address) {
  return address.ends_with(".amazonaws.com") || address.ends_with(".amazonaws.com.cn") ||
         address.ends_with(".amazon.com");
}

/// An assumed role's ARN ends in ROLE/SESSION, its principal id in ID:SESSION.
std::string_view session_name(const Identity& who) {
  if (who.type == "AssumedRole" || who.type == "FederatedUser") {
    return first_of(after_last(who.principal_id, ':'), after_last(who.arn, '/'));
  }
  return {};
}

/// ROLE of arn:aws:sts::111122223333:assumed-role/ROLE/SESSION or arn:aws:iam::…:role/PATH/ROLE.
std::string_view role_name(const Identity& who) {
  if (!who.issuer_name.empty()) return who.issuer_name;
  constexpr std::string_view kAssumed = ":assumed-role/";
  const std::size_t at = who.arn.find(kAssumed);
  if (at == std::string_view::npos) return after_last(who.arn, '/');
  const std::string_view rest = who.arn.substr(at + kAssumed.size());
  return rest.substr(0, rest.find('/'));
}

/// A role session is told by role and session: the role alone hides the person, the session name
/// alone can be chosen freely.
std::string role_actor(const Identity& who) {
  if (!who.source_identity.empty()) return std::string(who.source_identity);
  const std::string_view role = role_name(who);
  const std::string_view session = session_name(who);
  if (role.empty() || session.empty()) {
    return std::string(first_of(role, session, who.arn, who.principal_id));
  }
  return std::string(role) + "/" + std::string(session);
}

std::string actor(const Identity& who) {
  const std::string_view name = first_of(who.user_name, after_last(who.arn, '/'));
  if (who.type == "AssumedRole" || who.type == "Role") return role_actor(who);
  if (who.type == "Root") return "root";
  if (who.type == "AWSService") return std::string(first_of(who.invoked_by, who.source_address));
  if (who.type == "AWSAccount") return std::string(first_of(who.account_id, who.principal_id));
  if (who.type == "IdentityCenterUser") {
    return std::string(first_of(name, who.on_behalf_of, who.principal_id));
  }
  if (who.type == "FederatedUser") {
    return std::string(first_of(who.user_name, session_name(who), who.issuer_name));
  }
  const std::string_view known =
      first_of(name, who.on_behalf_of, who.principal_id, who.arn, who.invoked_by, who.account_id);
  if (!known.empty()) return std::string(known);
  return is_service_name(who.source_address) ? std::string(who.source_address) : std::string();
}

bool is_persons_session(const Identity& who) {
  return !who.source_identity.empty() || session_name(who).find('@') != std::string_view::npos ||
         role_name(who).starts_with("AWSReservedSSO_");
}

struct ActorKind {
  std::string_view identity_type;
  std::string_view actor_type;
};

constexpr std::array kActorKinds = {
    ActorKind{"Root", "human"},
    ActorKind{"IAMUser", "human"},
    ActorKind{"SAMLUser", "human"},
    ActorKind{"IdentityCenterUser", "human"},
    ActorKind{"Directory", "human"},
    ActorKind{"FederatedUser", "human"},
    ActorKind{"AssumedRole", "workload"},
    ActorKind{"Role", "workload"},
    ActorKind{"WebIdentityUser", "workload"},
    ActorKind{"AWSService", "service"},
    ActorKind{"AWSAccount", "account"},
};

std::string_view actor_type(const Identity& who) {
  for (const auto& kind : kActorKinds) {
    if (kind.identity_type != who.type) continue;
    return kind.actor_type == "workload" && is_persons_session(who) ? "human" : kind.actor_type;
  }
  const bool service =
      who.type.empty() && (!who.invoked_by.empty() || is_service_name(who.source_address));
  return service ? "service" : "unknown";
}

/// How a sign-in to the console went; empty for other events.
std::string_view console_login(const Event& event) {
  const auto leaf = std::ranges::find(event.leaves, kConsoleLogin, &Leaf::path);
  return leaf == event.leaves.end() ? std::string_view() : leaf->value;
}

/// A failed sign-in has no error code; some services write the code of a success.
bool failed(const Event& event) {
  static const FieldIndex kCode = field_index("error_code");
  static const FieldIndex kMessage = field_index("error_message");
  const std::string_view code = text(event, kCode);
  if (!code.empty()) return code != "200";
  if (!text(event, kMessage).empty()) return true;
  return console_login(event) == "Failure";
}

std::string_view client(const Event& event) {
  static const FieldIndex kUserAgent = field_index("user_agent");
  static const FieldIndex kFromConsole = field_index("session_credential_from_console");
  const bool by_console = text(event, kFromConsole) == "true" || !console_login(event).empty();
  return client_of(text(event, kUserAgent), by_console);
}

}  // namespace

void derive_fields(Event& event) {
  static const FieldIndex kActor = field_index("actor");
  static const FieldIndex kActorType = field_index("actor_type");
  static const FieldIndex kSession = field_index("session_name");
  static const FieldIndex kOutcome = field_index("event_outcome");
  static const FieldIndex kClient = field_index("client");
  const Identity who = identity_of(event);
  // The identity's views are into event.values, which add_value moves: first read all, then write.
  std::string who_did_it = actor(who);
  std::string kind(actor_type(who));
  std::string session(session_name(who));
  add_value(event, kActor, std::move(who_did_it));
  add_value(event, kActorType, std::move(kind));
  add_value(event, kSession, std::move(session));
  add_value(event, kClient, std::string(client(event)));
  add_value(event, kOutcome, failed(event) ? "failure" : "success");
}

bool derives_from(std::string_view path) {
  const auto field = std::ranges::find(fields(), path, &Field::path);
  return path == kConsoleLogin ||
         (field != fields().end() && std::ranges::find(kInputs, field->name) != kInputs.end());
}

}  // namespace trailsift
