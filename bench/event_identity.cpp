#include "bench/event_identity.h"

#include "bench/random.h"

namespace trailsift::bench {
namespace {

// What the event's own number is mixed with for each choice about its caller.
enum Choice : std::uint64_t { person = 1, address, agent, session, mfa };

constexpr std::string_view kPeople[] = {"anna.berg",  "ben.osei",   "carla.mota", "dmitri.ivanov",
                                        "emma.novak", "felix.wong", "gita.rao",   "henrik.dahl",
                                        "ines.costa", "jonas.weber"};
constexpr std::string_view kUsers[] = {"alice", "bruno", "chen",       "deploy-bot",
                                       "elif",  "farid", "backup-bot", "terraform"};
constexpr std::string_view kPermissionSets[] = {"ReadOnlyAccess", "PowerUserAccess",
                                                "AdministratorAccess", "Billing"};
constexpr std::string_view kWorkloads[] = {"orders", "billing", "search",  "checkout",
                                           "mailer", "images",  "reports", "login"};
constexpr std::string_view kAgents[] = {
    "aws-cli/2.15.30 Python/3.11.8 Linux/6.1.0-18-amd64 exe/x86_64.debian.12",
    "Boto3/1.34.60 md/Botocore#1.34.60 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.2",
    "APN/1.0 HashiCorp/1.0 Terraform/1.7.4 (+https://www.terraform.io) terraform-provider-aws/5.40",
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/122.0.0.0 Safari/537.36"),
    "aws-sdk-go-v2/1.25.2 os/linux lang/go#1.21.7 md/GOOS#linux md/GOARCH#amd64",
    "AWS-Console",
    "S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488 Linux/5.10 OpenJDK_64-Bit_Server_VM"};
constexpr std::string_view kWorkloadAgents[] = {
    "aws-sdk-java/2.25.6 Linux/6.1.77 OpenJDK_64-Bit_Server_VM/17.0.10 exec-env/AWS_Lambda_java17",
    "aws-sdk-nodejs/2.1490.0 linux/v18.19.1 exec-env/AWS_Lambda_nodejs18.x promise",
    "aws-sdk-go/1.50.30 (go1.21.7; linux; amd64) amazon-ssm-agent/3.2.2303.0"};

std::uint64_t choice(const Scene& scene, Choice what) {
  return mix(scene.draw, what);
}

// A number that a person or workload keeps: its key, its home address.
std::uint64_t belonging(const Scene& scene, std::string_view name, std::uint64_t what) {
  std::uint64_t hash = scene.account;
  for (const char c : name) hash = hash * 131 + static_cast<unsigned char>(c);
  return mix(hash, what);
}

std::string_view user_name(const Scene& scene) {
  return choose_skewed(choice(scene, Choice::person), kUsers);
}

// The parts of a role session that differ between its kinds.
struct Session {
  std::string role;
  std::string name;
  std::string path;  // Of the role, between "role/" and its name.
};

Session session_of(Caller caller, const Scene& scene) {
  Session session;
  const std::uint64_t draw = choice(scene, Choice::person);
  if (caller == Caller::sso) {
    const std::string_view set = choose_skewed(mix(draw, 1), kPermissionSets);
    session.role = "AWSReservedSSO_" + std::string(set) + "_";
    append_hex(belonging(scene, set, 0), 16, session.role);
    session.path = "aws-reserved/sso.amazonaws.com/";
    session.name = std::string(choose_skewed(draw, kPeople)) + "@example.com";
    return session;
  }
  const std::string_view workload = choose_skewed(draw, kWorkloads);
  session.role = std::string(workload) + (caller == Caller::instance ? "-web-role" : "-fn-role");
  if (caller == Caller::instance) {
    static const Slot kInstance = *find_slot("instance");
    append_slot(kInstance, scene, session.name);
  } else {
    session.name = std::string(workload) + "-handler";
  }
  return session;
}

void append_session_context(Caller caller, const Session& session, const Scene& scene,
                            std::string& out) {
  out += R"(,"sessionContext":{"sessionIssuer":{"type":"Role","principalId":")";
  append_key_id("AROA", belonging(scene, session.role, 1), out);
  out += R"(","arn":"arn:aws:iam::)";
  out += account_id(scene.account);
  out += ":role/" + session.path + session.role + R"(","accountId":")";
  out += account_id(scene.account);
  out += R"(","userName":")" + session.role;
  out += R"("},"webIdFederationData":{},"attributes":{"creationDate":")";
  append_time(scene.time_s - scene.time_s % 3600, out);
  out += R"(","mfaAuthenticated":"false"})";
  if (caller == Caller::instance) out += R"(,"ec2RoleDelivery":"2.0")";
  out += '}';
}

void append_role_session(Caller caller, const Scene& scene, std::string& out) {
  const Session session = session_of(caller, scene);
  out += R"({"type":"AssumedRole","principalId":")";
  append_key_id("AROA", belonging(scene, session.role, 1), out);
  out += ':' + session.name + R"(","arn":")";
  append_caller_arn(caller, scene, out);
  out += R"(","accountId":")";
  out += account_id(scene.account);
  out += R"(","accessKeyId":")";
  append_key_id(
      "ASIA", belonging(scene, session.name, static_cast<std::uint64_t>(scene.time_s) / 3600), out);
  out += '"';
  append_session_context(caller, session, scene, out);
  out += '}';
}

void append_user(const Scene& scene, std::string& out) {
  const std::string_view name = user_name(scene);
  out += R"({"type":"IAMUser","principalId":")";
  append_key_id("AIDA", belonging(scene, name, 1), out);
  out += R"(","arn":")";
  append_caller_arn(Caller::user, scene, out);
  out += R"(","accountId":")";
  out += account_id(scene.account);
  out += R"(","accessKeyId":")";
  append_key_id("AKIA", belonging(scene, name, 2), out);
  out += R"(","userName":")";
  out += name;
  out += '"';
  if (choice(scene, Choice::mfa) % 3 == 0) {
    out += R"(,"sessionContext":{"attributes":{"creationDate":")";
    append_time(scene.time_s - scene.time_s % 3600, out);
    out += R"(","mfaAuthenticated":"true"}})";
  }
  out += '}';
}

void append_root(const Scene& scene, std::string& out) {
  out += R"({"type":"Root","principalId":")";
  out += account_id(scene.account);
  out += R"(","arn":")";
  append_caller_arn(Caller::root, scene, out);
  out += R"(","accountId":")";
  out += account_id(scene.account);
  out += R"(","accessKeyId":""})";
}

void append_public_address(std::uint64_t draw, std::string& out) {
  static constexpr std::string_view kNetworks[] = {"198.51.100.", "203.0.113.", "192.0.2."};
  if (draw % 8 == 0) {
    out += "2001:db8:";
    append_hex(draw >> 8, 4, out);
    out += "::";
    out += std::to_string(1 + below(draw, 9));
    return;
  }
  out += kNetworks[below(draw, 3)];
  out += std::to_string(1 + (draw >> 20) % 254);
}

}  // namespace

void append_identity(Caller caller, std::string_view service, const Scene& scene,
                     std::string& out) {
  switch (caller) {
    case Caller::user: return append_user(scene, out);
    case Caller::sso:
    case Caller::instance:
    case Caller::function: return append_role_session(caller, scene, out);
    case Caller::service:
      out += R"({"type":"AWSService","invokedBy":")";
      out += service;
      out += R"("})";
      return;
    case Caller::root: return append_root(scene, out);
    case Caller::web:
      out +=
          R"({"type":"WebIdentityUser","principalId":"accounts.example.com:runner","userName":")";
      out += "repo:acme/";
      out += choose_skewed(choice(scene, Choice::person), kWorkloads);
      out += R"(","identityProvider":"arn:aws:iam::)";
      out += account_id(scene.account);
      out += R"(:oidc-provider/accounts.example.com"})";
      return;
    case Caller::foreign:
      out += R"({"type":"AWSAccount","principalId":")";
      append_key_id("AIDA", belonging(scene, "partner", 1), out);
      out += R"(","accountId":")";
      out += account_id((scene.account + 1) % kAccountCount);
      out += R"("})";
      return;
  }
}

void append_caller_arn(Caller caller, const Scene& scene, std::string& out) {
  if (caller == Caller::sso || caller == Caller::instance || caller == Caller::function) {
    const Session session = session_of(caller, scene);
    out += "arn:aws:sts::";
    out += account_id(scene.account);
    out += ":assumed-role/" + session.role + '/' + session.name;
    return;
  }
  out += "arn:aws:iam::";
  out += account_id(scene.account);
  if (caller == Caller::user) {
    out += ":user/";
    out += user_name(scene);
  } else {
    out += ":root";
  }
}

void append_source_address(Caller caller, std::string_view service, const Scene& scene,
                           std::string& out) {
  const std::uint64_t draw = choice(scene, Choice::address);
  if (caller == Caller::service) {
    out += draw % 16 == 0 ? std::string_view("AWS Internal") : service;
  } else if (caller == Caller::instance || caller == Caller::function) {
    append_public_address(mix(scene.account, skewed(draw, 6)), out);  // A few NAT gateways.
  } else {
    const std::uint64_t home =
        belonging(scene, caller == Caller::user ? user_name(scene) : "person", skewed(draw, 20));
    append_public_address(home, out);
  }
}

void append_user_agent(Caller caller, std::string_view service, const Scene& scene,
                       std::string& out) {
  const std::uint64_t draw = choice(scene, Choice::agent);
  if (caller == Caller::service) {
    out += service;
  } else if (caller == Caller::instance || caller == Caller::function) {
    out += choose_skewed(draw, kWorkloadAgents);
  } else {
    out += choose_skewed(draw, kAgents);
  }
}

}  // namespace trailsift::bench
