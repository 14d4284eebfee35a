#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <stdlib.h>

#include <gtest/gtest.h>

#include "query/session.h"
#include "tests/query/test_store.h"
#include "tests/support/random_seed.h"

/// A made-up world of people, services and sessions, of which some records are missing, late, or
/// those of several sessions at once; and what its rules say of each session, worked out from the
/// list of what happened, without the index and without reading records.
namespace trailsift::query {
namespace {

struct Happening {
  enum class Kind { use, open, token, sign_in, copy };
  Kind kind = Kind::use;
  std::string id;
  int second = 0;
  // Who did it.
  std::string type, principal, user, key;
  std::optional<int> created;
  // What it opened.
  std::string given_key, given_principal, role, name, shared;
  bool with_response = true;
};

bool is_opening(const Happening& h) {
  return h.kind != Happening::Kind::use;
}

std::string time_of(int second) {
  return format_time(*parse_time("2024-06-01T08:00:00Z") + std::chrono::seconds(second));
}

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

std::string identity_json(const Happening& h) {
  std::string json = R"("userIdentity":{"type":)" + quoted(h.type);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) json += std::string(",\"") + name + "\":" + quoted(value);
  };
  add("principalId", h.principal);
  add("userName", h.user);
  add("accessKeyId", h.key);
  if (h.created) {
    json += R"(,"sessionContext":{)";
    if (h.type == "AssumedRole") {
      const std::string role = h.principal.substr(0, h.principal.find(':'));
      json += R"("sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/)" + role + R"("},)";
    }
    json += R"("attributes":{"creationDate":)" + quoted(time_of(*h.created)) + "}}";
  }
  return json + "}";
}

std::string members_of(const Happening& h) {
  std::string json = identity_json(h);
  if (!h.shared.empty()) json += R"(,"sharedEventID":)" + quoted(h.shared);
  const std::string sts = R"(,"eventSource":"sts.amazonaws.com","eventName":)";
  const std::string given = R"("credentials":{"accessKeyId":)" + quoted(h.given_key) + "}";
  switch (h.kind) {
    case Happening::Kind::use: return json + R"(,"eventName":"GetObject")";
    case Happening::Kind::token:
      return json + sts + R"("GetSessionToken","responseElements":{)" + given + "}";
    case Happening::Kind::sign_in:
      return json + R"(,"eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Success"})";
    case Happening::Kind::open:
    case Happening::Kind::copy: break;
  }
  json += sts + R"("AssumeRole","requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/)" +
          h.role + R"(","roleSessionName":)" + quoted(h.name) + "}";
  if (h.with_response) {
    json += R"(,"responseElements":{)" + given + R"(,"assumedRoleUser":{"assumedRoleId":)" +
            quoted(h.given_principal) + "}}";
  }
  return json;
}

/// Makes a world.
class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {
    const int sessions = 3 + number(12);
    for (int i = 0; i < sessions; ++i) add_session();
    std::ranges::shuffle(happenings_, random_);
  }

  const std::vector<Happening>& happenings() const { return happenings_; }

  void commit_to(TestStore& store) {
    std::vector<Event> batch;
    for (const Happening& h : happenings_) {
      batch.push_back(event(h.id, time_of(h.second), members_of(h)));
      if (number(4) == 0) store.commit(std::exchange(batch, {}));
    }
    if (!batch.empty()) store.commit(batch);
  }

 private:
  int number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  std::string next(const std::string& prefix) { return prefix + std::to_string(++names_); }

  void add(Happening h) {
    h.id = next("e");
    happenings_.push_back(std::move(h));
  }

  Happening somebody() {
    if (!sessions_.empty() && number(3) != 0) {
      Happening by =
          sessions_[static_cast<std::size_t>(number(static_cast<int>(sessions_.size())))];
      if (number(3) == 0) by.key = next("ASIA");  // A console's.
      return by;
    }
    Happening by;
    const int who = number(3);
    by.type = who == 0 ? "AWSService" : "IAMUser";
    if (who != 0) {
      by.principal = "AIDA" + std::to_string(who);
      by.user = "user" + std::to_string(who);
      by.key = "AKIA" + std::to_string(who);
    }
    return by;
  }

  void add_session() {
    Happening opening = somebody();
    opening.second = number(6);  // So that several begin at the same moment.
    Happening session;
    session.created = opening.second;
    session.key = next("ASIA");
    opening.given_key = session.key;
    const bool user = opening.type == "IAMUser" && !opening.created;
    const int kind = user ? number(4) : 3;
    if (kind < 2) {
      session.type = opening.type;
      session.principal = opening.principal;
      session.user = opening.user;
      opening.kind = kind == 0 ? Happening::Kind::token : Happening::Kind::sign_in;
      if (kind == 1) opening.key.clear();
    } else {
      opening.kind = Happening::Kind::open;
      opening.role = "AROA" + std::to_string(1 + number(2));
      opening.name = "name" + std::to_string(1 + number(2));
      opening.given_principal = opening.role + ":" + opening.name;
      opening.with_response = number(5) != 0;
      session.type = "AssumedRole";
      session.principal = opening.given_principal;
    }
    record(opening);
    use(session);
    sessions_.push_back(std::move(session));
  }

  void record(Happening opening) {
    if (number(6) == 0) return;  // It is missing.
    const bool shared = opening.kind == Happening::Kind::open && number(3) == 0;
    if (shared) {
      opening.shared = next("s");
      Happening copy = opening;
      copy.kind = Happening::Kind::copy;
      copy.type = "AWSAccount";
      copy.key.clear();
      copy.user.clear();
      copy.created.reset();
      copy.with_response = number(2) == 0;
      add(std::move(copy));
    }
    if (!shared || number(5) != 0) add(std::move(opening));
  }

  void use(const Happening& session) {
    for (int i = number(4); i > 0; --i) {
      Happening h = session;
      h.second = *session.created + 1 + number(3);
      if (number(4) == 0) h.key = number(2) == 0 ? next("ASIA") : "";
      add(std::move(h));
    }
  }

  std::mt19937_64 random_;
  int names_ = 0;
  std::vector<Happening> happenings_;
  std::vector<Happening> sessions_;  // As their users.
};

/// The rules of docs/queries.md, by looking at everything.
class BruteForce {
 public:
  explicit BruteForce(const std::vector<Happening>& all) : all_(all) {}

  struct Openings {
    std::string evidence;
    std::set<std::string> ids;
    bool ambiguous = false;
    const Happening* by = nullptr;
  };

  Openings openings(const Happening& who) const {
    std::vector<const Happening*> found;
    std::string evidence;
    const auto look = [&](const char* name, const auto& fits) {
      if (!found.empty()) return;
      evidence = name;
      for (const Happening& h : all_) {
        if (is_opening(h) && fits(h)) found.push_back(&h);
      }
    };
    const bool role = who.principal.find(':') != std::string::npos;
    look("access_key", [&](const Happening& h) {
      return !who.key.empty() && told_key(h) == who.key && h.second <= who.second + 2;
    });
    const bool by_key = !found.empty();
    look("session_id", [&](const Happening& h) {
      return role && assumes(h) && h.with_response && h.given_principal == who.principal &&
             near(h, who);
    });
    look("sign_in", [&](const Happening& h) {
      const bool own = h.kind == Happening::Kind::token || h.kind == Happening::Kind::sign_in;
      return !role && own && h.principal == who.principal && near(h, who) && agrees(h, who);
    });
    look("session_name", [&](const Happening& h) {
      return role && assumes(h) && h.role + ":" + h.name == who.principal && near(h, who) &&
             agrees(h, who);
    });
    if (found.empty()) return {};
    if (!by_key) keep_nearest(found, who);
    return settled(std::move(found), evidence);
  }

  std::set<std::string> uses(const Happening& who, const Openings& opened) const {
    std::set<std::string> foreign;
    if (opened.evidence == "access_key") {
      for (const Happening& h : all_) {
        if (is_opening(h) && !told_key(h).empty() && told_key(h) != who.key) {
          foreign.insert(told_key(h));
        }
      }
    }
    // A copy that another account has tells neither key nor date.
    const int begin = opened.by != nullptr ? first_of(opened)->second : *who.created;
    const int end = opened.by != nullptr ? begin + 3600 : begin + 12 * 3600 - 1;
    std::set<std::string> ids;
    for (const Happening& h : all_) {
      const bool keyed = !who.key.empty() && h.key == who.key;
      const bool dated =
          h.principal == who.principal && h.created == who.created && !foreign.contains(h.key);
      const bool bare = who.principal.find(':') != std::string::npos &&
                        h.principal == who.principal && !h.created && h.key.empty() &&
                        h.second >= begin && h.second <= end;
      if (keyed || dated || bare) ids.insert(h.id);
    }
    return ids;
  }

 private:
  static bool assumes(const Happening& h) {
    return h.kind == Happening::Kind::open || h.kind == Happening::Kind::copy;
  }
  static std::string told_key(const Happening& h) {
    if (h.kind == Happening::Kind::sign_in || (assumes(h) && !h.with_response)) return "";
    return h.given_key;
  }
  static bool near(const Happening& h, const Happening& who) {
    return std::abs(h.second - *who.created) <= 2;
  }
  static bool agrees(const Happening& h, const Happening& who) {
    return told_key(h).empty() || who.key.empty() || told_key(h) == who.key;
  }
  static void keep_nearest(std::vector<const Happening*>& found, const Happening& who) {
    int nearest = 1000;
    for (const Happening* h : found)
      nearest = std::min(nearest, std::abs(h->second - *who.created));
    std::erase_if(found,
                  [&](const Happening* h) { return std::abs(h->second - *who.created) > nearest; });
  }
  static int fullness(const Happening& h) {
    return h.type == "AWSAccount" ? 0 : h.key.empty() ? 1 : 2;
  }
  /// The fullest of them, by id where they are alike: the order of an answer.
  const Happening* first_of(const Openings& opened) const {
    const Happening* first = nullptr;
    for (const Happening& h : all_) {
      if (!opened.ids.contains(h.id)) continue;
      if (first == nullptr || fullness(h) > fullness(*first) ||
          (fullness(h) == fullness(*first) && h.id < first->id)) {
        first = &h;
      }
    }
    return first;
  }

  Openings settled(std::vector<const Happening*> found, const std::string& evidence) const {
    Openings opened{evidence, {}, false, nullptr};
    for (const Happening* h : found) {
      opened.ids.insert(h->id);
      for (const Happening& copy : all_) {
        if (!h->shared.empty() && copy.shared == h->shared) opened.ids.insert(copy.id);
      }
    }
    std::map<std::string, const Happening*> fullest;
    for (const Happening& h : all_) {
      if (!opened.ids.contains(h.id)) continue;
      const Happening*& best = fullest[h.shared.empty() ? h.id : h.shared];
      if (best == nullptr || fullness(h) > fullness(*best)) best = &h;
    }
    const auto mark = [](const Happening& h) {
      return h.type + h.principal + "/" + h.key + "/" + std::to_string(h.created.value_or(-1));
    };
    for (const auto& [id, h] : fullest) {
      if (mark(*h) != mark(*fullest.begin()->second)) opened.ambiguous = true;
    }
    opened.by = first_of(opened);
    return opened;
  }

  const std::vector<Happening>& all_;
};

std::set<std::string> ids_of(const SessionLink& link) {
  std::set<std::string> ids;
  for (const SessionOpening& opening : link.openings) ids.insert(opening.event_id);
  return ids;
}

void check_chain(const BruteForce& truth, const Happening& use, const SessionTrace& trace) {
  Happening who = use;
  for (std::size_t i = 0; i < trace.chain.size(); ++i) {
    const SessionLink& link = trace.chain[i];
    EXPECT_EQ(link.who.principal_id, who.principal);
    EXPECT_EQ(link.is_session, who.created.has_value());
    if (!link.is_session) {
      EXPECT_EQ(trace.end, who.type == "AWSAccount" ? ChainEnd::other_account : ChainEnd::origin);
      return;
    }
    const auto opened = truth.openings(who);
    EXPECT_EQ(link.evidence ? name(*link.evidence) : "", opened.evidence);
    EXPECT_EQ(ids_of(link), opened.ids);
    EXPECT_EQ(link.ambiguous, opened.ambiguous);
    if (opened.by == nullptr) {
      EXPECT_EQ(trace.end, ChainEnd::no_record);
    } else if (opened.ambiguous) {
      EXPECT_EQ(trace.end, ChainEnd::ambiguous);
    } else {
      who = *opened.by;
      if (i + 1 < trace.chain.size()) continue;
      EXPECT_TRUE(trace.end == ChainEnd::loop || trace.end == ChainEnd::depth);
    }
    EXPECT_EQ(i + 1, trace.chain.size());
    return;
  }
}

void check_uses(const TestStore& store, const BruteForce& truth, const Happening& use,
                const SessionTrace& trace) {
  SessionPage page{.size = 3, .cursor = {}, .parts = HitParts::values};
  std::set<std::string> ids;
  do {
    const auto timeline = session_timeline(*store.snapshot(), trace, page, {});
    ASSERT_TRUE(timeline) << timeline.error().message;
    for (const Event& event : timeline->events) EXPECT_TRUE(ids.insert(event.id).second);
    page.cursor = timeline->cursor.value_or("");
  } while (!page.cursor.empty());
  EXPECT_EQ(ids, truth.uses(use, truth.openings(use)));
}

TEST(SessionOracle, AgreesWithBruteForce) {
  const std::uint64_t seed = test::random_seed();
  const char* const more = std::getenv("TRAILSIFT_SESSION_WORLDS");
  const std::uint64_t worlds = more != nullptr ? std::stoull(more) : 40;
  std::map<std::string, int> seen;
  for (std::uint64_t i = 0; i < worlds && !testing::Test::HasFailure(); ++i) {
    World world(seed + i);
    TestStore store;
    world.commit_to(store);
    const BruteForce truth(world.happenings());
    for (const Happening& h : world.happenings()) {
      if (is_opening(h) || !h.created) continue;
      const auto trace = trace_session(*store.snapshot(), {h.id, {}}, {});
      ASSERT_TRUE(trace) << trace.error().message;
      ++seen[std::string(name(trace->end))];
      if (trace->chain.front().evidence) ++seen[std::string(name(*trace->chain.front().evidence))];
      check_chain(truth, h, *trace);
      check_uses(store, truth, h, *trace);
      ASSERT_FALSE(testing::Test::HasFailure()) << test::seed_note(seed + i) << " event " << h.id;
    }
  }
  // Otherwise the worlds are too plain to tell anything.
  for (const char* what : {"origin", "no_record", "ambiguous", "access_key", "session_id",
                           "sign_in", "session_name"}) {
    EXPECT_GT(seen[what], 0) << what << ", " << test::seed_note();
  }
}

}  // namespace
}  // namespace trailsift::query
