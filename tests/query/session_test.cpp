#include "query/session.h"

#include <gtest/gtest.h>

#include "tests/query/test_store.h"

namespace trailsift::query {
namespace {

/// "ASIA1 AROA1:alice 08:00:00" as userIdentity of a role session.
std::string role_session(const std::string& key, const std::string& principal,
                         const std::string& created) {
  return R"("userIdentity":{"type":"AssumedRole","principalId":")" + principal +
         R"(","arn":"arn:aws:sts::111122223333:assumed-role/Role/)" +
         principal.substr(principal.find(':') + 1) + R"(","accountId":"111122223333",)" +
         (key.empty() ? "" : R"("accessKeyId":")" + key + R"(",)") +
         R"("sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/Role",)"
         R"("userName":"Role"},"attributes":{"creationDate":"2024-06-01T)" +
         created + R"(Z"}}})";
}

const std::string kAlice =
    R"("userIdentity":{"type":"IAMUser","principalId":"AIDA1","userName":"alice",)"
    R"("arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333","accessKeyId":"AKIA1"})";

/// A successful AssumeRole of Role by `identity`.
std::string assume(const std::string& identity, const std::string& key,
                   const std::string& principal, const std::string& more = "") {
  const std::string name = principal.substr(principal.find(':') + 1);
  return identity +
         R"(,"eventSource":"sts.amazonaws.com","eventName":"AssumeRole","requestParameters":{)"
         R"("roleArn":"arn:aws:iam::111122223333:role/Role","roleSessionName":")" +
         name + R"("},"responseElements":{"credentials":{"accessKeyId":")" + key +
         R"("},"assumedRoleUser":{"assumedRoleId":")" + principal +
         R"(","arn":"arn:aws:sts::111122223333:assumed-role/Role/)" + name + R"("}})" + more;
}

std::string day(const std::string& time) {
  return "2024-06-01T" + time + "Z";
}

/// A line that tells a chain: "AROA1:alice <access_key s1- IAMUser alice; origin".
std::string told(const SessionTrace& trace) {
  std::string text;
  for (const SessionLink& link : trace.chain) {
    if (!text.empty()) text += "- ";
    const std::string& who = link.is_session ? link.who.principal_id : link.who.actor;
    text += (link.is_session ? "" : link.who.type + " ") + who;
    if (link.evidence) text += " <" + std::string(name(*link.evidence));
    for (const SessionOpening& opening : link.openings) text += " " + opening.event_id;
    if (link.ambiguous) text += "?";
  }
  return text + "; " + std::string(name(trace.end));
}

std::string traced(const TestStore& store, const std::string& id) {
  const auto trace = trace_session(*store.snapshot(), {id, {}}, {});
  return trace ? told(*trace) : trace.error().message;
}

std::vector<std::string> ids_of(const TestStore& store, const std::string& id) {
  const auto trace = trace_session(*store.snapshot(), {id, {}}, {});
  if (!trace) return {trace.error().message};
  const auto timeline = session_timeline(*store.snapshot(), *trace, {}, {});
  if (!timeline) return {timeline.error().message};
  std::vector<std::string> ids;
  for (const Event& event : timeline->events) ids.push_back(event.id);
  return ids;
}

using Ids = std::vector<std::string>;

TEST(Session, IsFoundByAnyOfItsIds) {
  const TestStore store{
      {event("open", day("08:00:00"), assume(kAlice, "ASIA1", "AROA1:work")),
       event("use1", day("08:01:00"), role_session("ASIA1", "AROA1:work", "08:00:00")),
       event("use2", day("08:02:00"), role_session("ASIA1", "AROA1:work", "08:00:00"))}};
  for (const char* id : {"open", "use1", "use2", "ASIA1", "AROA1:work",
                         "arn:aws:sts::111122223333:assumed-role/Role/work"}) {
    EXPECT_EQ(traced(store, id), "AROA1:work <access_key open- IAMUser alice; origin") << id;
    EXPECT_EQ(ids_of(store, id), (Ids{"use1", "use2"})) << id;
  }
}

TEST(Session, IsFoundBeforeAnythingWasDoneInIt) {
  const TestStore store{{event("open", day("08:00:00"), assume(kAlice, "ASIA1", "AROA1:work"))}};
  for (const char* id :
       {"open", "ASIA1", "AROA1:work", "arn:aws:sts::111122223333:assumed-role/Role/work"}) {
    EXPECT_EQ(traced(store, id), "AROA1:work <access_key open- IAMUser alice; origin") << id;
    EXPECT_EQ(ids_of(store, id), Ids{}) << id;
  }
}

TEST(Session, IsTheSameWheneverItsRecordComes) {
  TestStore store{{event("use", day("08:01:00"), role_session("ASIA1", "AROA1:work", "08:00:00"))}};
  EXPECT_EQ(traced(store, "use"), "AROA1:work; no_record");
  store.commit({event("open", day("08:00:00"), assume(kAlice, "ASIA1", "AROA1:work"))});
  EXPECT_EQ(traced(store, "use"), "AROA1:work <access_key open- IAMUser alice; origin");
}

TEST(Session, IsFollowedThroughRolesAndAccounts) {
  const std::string shared = R"(,"sharedEventID":"s1","recipientAccountId":"111122223333")";
  const std::string copy =
      R"("userIdentity":{"type":"AWSAccount","principalId":"AROA1:work","accountId":"111122223333"},)"
      R"("sharedEventID":"s1","recipientAccountId":"444455556666","eventSource":"sts.amazonaws.com",)"
      R"("eventName":"AssumeRole","requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/Role",)"
      R"("roleSessionName":"deep"})";
  const TestStore store{
      {event("open1", day("08:00:00"), assume(kAlice, "ASIA1", "AROA1:work")),
       event(
           "open2", day("08:05:00"),
           assume(role_session("ASIA1", "AROA1:work", "08:00:00"), "ASIA2", "AROA2:deep", shared)),
       event("open2copy", day("08:05:00"), copy)},
      {event("use", day("08:06:00"), role_session("ASIA2", "AROA2:deep", "08:05:00"))}};
  const char* const kChain =
      "AROA2:deep <access_key open2 open2copy- AROA1:work <access_key open1- IAMUser alice; origin";
  EXPECT_EQ(traced(store, "use"), kChain);
  EXPECT_EQ(traced(store, "open2"), kChain);
  EXPECT_EQ(traced(store, "open2copy"), kChain);
  // The copy is a record of what was done in the first session, and opens no second child.
  EXPECT_EQ(ids_of(store, "ASIA1"), (Ids{"open2", "open2copy"}));
  const auto trace = trace_session(*store.snapshot(), {"ASIA1", {}}, {});
  const auto timeline = session_timeline(*store.snapshot(), *trace, {}, {});
  EXPECT_EQ(timeline->child_count, 1U);
  ASSERT_EQ(timeline->children.size(), 1U);
  EXPECT_EQ(timeline->children.front().issued.role_arn, "arn:aws:iam::111122223333:role/Role");
}

TEST(Session, SaysByWhichEvidence) {
  const std::string named =
      R"(,"eventSource":"sts.amazonaws.com","eventName":"AssumeRole","requestParameters":{)"
      R"("roleArn":"arn:aws:iam::111122223333:role/Role","roleSessionName":"work"})";
  const std::string user = R"("userIdentity":{"type":"IAMUser","principalId":"AIDA1","userName":)"
                           R"("alice","accessKeyId":"ASIA1","sessionContext":{"attributes":{)"
                           R"("creationDate":"2024-06-01T08:00:00Z"}}})";
  const std::string sign_in =
      R"("userIdentity":{"type":"IAMUser","principalId":"AIDA1","userName":"alice"},)"
      R"("eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin",)"
      R"("responseElements":{"ConsoleLogin":"Success"})";
  const std::string token = kAlice +
                            R"(,"eventSource":"sts.amazonaws.com","eventName":"GetSessionToken",)"
                            R"("responseElements":{"credentials":{"accessKeyId":"ASIA1"}})";
  const std::string bare =
      R"("userIdentity":{"type":"AssumedRole","principalId":"AROA1:work","accountId":"111122223333"})";
  const struct {
    const char* what;
    std::string opened, used;
    const char* chain;
  } kCases[] = {
      {"the console has keys of its own", assume(kAlice, "ASIA9", "AROA1:work"),
       role_session("ASIA1", "AROA1:work", "08:00:00"),
       "AROA1:work <session_id open- IAMUser alice; origin"},
      {"a second between two clocks", assume(kAlice, "ASIA9", "AROA1:work"),
       role_session("ASIA1", "AROA1:work", "08:00:01"),
       "AROA1:work <session_id open- IAMUser alice; origin"},
      {"another session of the role", assume(kAlice, "ASIA9", "AROA1:work"),
       role_session("ASIA1", "AROA1:work", "08:30:00"), "AROA1:work; no_record"},
      {"a session that does not tell when it began", assume(kAlice, "ASIA9", "AROA1:work"), bare,
       "AROA1:work <session_id open- IAMUser alice; origin"},
      {"a record without a response", kAlice + named,
       role_session("ASIA1", "AROA1:work", "08:00:00"),
       "AROA1:work <session_name open- IAMUser alice; origin"},
      {"another name", kAlice + named, role_session("ASIA1", "AROA1:play", "08:00:00"),
       "AROA1:play; no_record"},
      {"a sign-in", sign_in, user, "AIDA1 <sign_in open- IAMUser alice; origin"},
      {"a token", token, user, "AIDA1 <access_key open- IAMUser alice; origin"},
      {"a role of another account's user",
       assume(
           R"("userIdentity":{"type":"AWSAccount","principalId":"AIDA7","accountId":"444455556666"})",
           "ASIA1", "AROA1:work"),
       role_session("ASIA1", "AROA1:work", "08:00:00"),
       "AROA1:work <access_key open- AWSAccount 444455556666; other_account"},
      {"a service's",
       assume(R"("userIdentity":{"type":"AWSService","invokedBy":"ec2.amazonaws.com"})", "ASIA1",
              "AROA1:work"),
       role_session("ASIA1", "AROA1:work", "08:00:00"),
       "AROA1:work <access_key open- AWSService ec2.amazonaws.com; origin"},
      {"a denied call opens nothing",
       assume(kAlice, "ASIA1", "AROA1:work", R"(,"errorCode":"AccessDenied")"),
       role_session("ASIA1", "AROA1:work", "08:00:00"), "AROA1:work; no_record"},
  };
  for (const auto& c : kCases) {
    const TestStore store{
        {event("open", day("08:00:00"), c.opened), event("use", day("08:20:00"), c.used)}};
    EXPECT_EQ(traced(store, "use"), c.chain) << c.what;
  }
}

TEST(Session, IsNotOpenedByAKeyOfAnotherTime) {
  for (const char* opened : {"2024-05-30T20:00:00Z", "2024-06-01T08:20:03Z"}) {
    const TestStore store{
        {event("open", opened, assume(kAlice, "ASIA1", "AROA9:other")),
         event("use", day("08:20:00"), role_session("ASIA1", "AROA1:work", "08:00:00"))}};
    EXPECT_EQ(traced(store, "use"), "AROA1:work; no_record") << opened;
  }
}

TEST(Session, IsNotGuessedWhereRecordsDisagree) {
  const std::string bob =
      R"("userIdentity":{"type":"IAMUser","principalId":"AIDA2","userName":"bob","accessKeyId":"AKIA2"})";
  TestStore store{
      {event("open1", day("08:00:00"), assume(kAlice, "ASIA8", "AROA1:work")),
       event("open2", day("08:00:00"), assume(bob, "ASIA9", "AROA1:work")),
       event("use", day("08:01:00"), role_session("ASIA1", "AROA1:work", "08:00:00")),
       event("use8", day("08:02:00"), role_session("ASIA8", "AROA1:work", "08:00:00")),
       event("use9", day("08:03:00"), role_session("ASIA9", "AROA1:work", "08:00:00"))}};
  EXPECT_EQ(traced(store, "use"), "AROA1:work <session_id open1 open2?; ambiguous");
  EXPECT_EQ(traced(store, "use8"), "AROA1:work <access_key open1- IAMUser alice; origin");
  // Keys that were given out tell two sessions of one second apart.
  EXPECT_EQ(ids_of(store, "use8"), (Ids{"use", "use8"}));
  EXPECT_EQ(ids_of(store, "use9"), (Ids{"use", "use9"}));
  // Two records of one identity agree.
  const TestStore twice{
      {event("open1", day("08:00:00"), assume(kAlice, "ASIA8", "AROA1:work")),
       event("open2", day("08:00:00"), assume(kAlice, "ASIA9", "AROA1:work")),
       event("use", day("08:01:00"), role_session("", "AROA1:work", "08:00:00"))}};
  EXPECT_EQ(traced(twice, "use"), "AROA1:work <session_id open1 open2- IAMUser alice; origin");
}

TEST(Session, EndsWhereItTurnsInACircle) {
  const TestStore store{
      {event("open1", day("08:00:00"),
             assume(role_session("ASIA2", "AROA2:b", "08:00:00"), "ASIA1", "AROA1:a")),
       event("open2", day("08:00:00"),
             assume(role_session("ASIA1", "AROA1:a", "08:00:00"), "ASIA2", "AROA2:b")),
       event("self", day("09:00:00"),
             assume(role_session("ASIA3", "AROA3:c", "09:00:00"), "ASIA3", "AROA3:c"))}};
  EXPECT_EQ(traced(store, "ASIA1"), "AROA1:a <access_key open1- AROA2:b <access_key open2; loop");
  EXPECT_EQ(traced(store, "self"), "AROA3:c <access_key self; loop");
}

TEST(Session, EndsAtADepth) {
  std::vector<Event> events;
  for (int i = 1; i <= 20; ++i) {
    const auto session = [](int number) {
      return role_session("ASIA" + std::to_string(number), "AROA1:s" + std::to_string(number),
                          "08:00:" + std::to_string(10 + number));
    };
    events.push_back(event("open" + std::to_string(i), day("08:00:" + std::to_string(10 + i)),
                           assume(i == 1 ? kAlice : session(i - 1), "ASIA" + std::to_string(i),
                                  "AROA1:s" + std::to_string(i))));
  }
  const TestStore store{events};
  const auto deep = trace_session(*store.snapshot(), {"ASIA20", {}}, {});
  ASSERT_TRUE(deep);
  EXPECT_EQ(deep->chain.size(), kMaxSessionDepth);
  EXPECT_EQ(deep->end, ChainEnd::depth);
  const auto whole = trace_session(*store.snapshot(), {"ASIA16", {}}, {});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->end, ChainEnd::origin);
  EXPECT_EQ(whole->chain.size(), kMaxSessionDepth + 1);
}

TEST(Session, OfARoleIsOneOfSeveral) {
  const TestStore store{
      {event("a", day("08:01:00"), role_session("ASIA1", "AROA1:i-1", "08:00:00")),
       event("b", day("09:01:00"), role_session("ASIA2", "AROA1:i-1", "09:00:00")),
       event("c", day("10:01:00"), role_session("ASIA3", "AROA1:i-1", "10:00:00"))}};
  const auto newest = trace_session(*store.snapshot(), {"AROA1:i-1", {}}, {});
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->others, (Ids{day("09:00:00"), day("08:00:00")}));
  EXPECT_EQ(ids_of(store, "AROA1:i-1"), Ids{"c"});
  const auto chosen = trace_session(*store.snapshot(), {"AROA1:i-1", at(day("09:00:00"))}, {});
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->chain.front().who.access_key_id, "ASIA2");
  EXPECT_EQ(chosen->others, (Ids{day("10:00:00"), day("08:00:00")}));
  EXPECT_EQ(trace_session(*store.snapshot(), {"AROA1:i-1", at(day("07:00:00"))}, {}).error().code,
            ErrorCode::not_found);
}

TEST(Session, TellsWhatWasDone) {
  const std::string session = role_session("ASIA1", "AROA1:work", "08:00:00");
  std::vector<Event> events{event("open", day("08:00:00"), assume(kAlice, "ASIA1", "AROA1:work"))};
  for (int i = 0; i < 10; ++i) {
    events.push_back(event("use" + std::to_string(i), day("08:01:0" + std::to_string(i)),
                           session +
                               R"(,"eventSource":"s3.amazonaws.com","eventName":"GetObject")" +
                               (i < 3   ? R"(,"errorCode":"AccessDenied")"
                                : i < 5 ? R"(,"errorCode":"NoSuchKey")"
                                        : "")));
  }
  const TestStore store{events};
  const auto trace = trace_session(*store.snapshot(), {"ASIA1", {}}, {});
  ASSERT_TRUE(trace);
  SessionPage page{.size = 4, .cursor = {}, .parts = HitParts::values};
  Ids ids;
  std::size_t pages = 0;
  do {
    const auto timeline = session_timeline(*store.snapshot(), *trace, page, {});
    ASSERT_TRUE(timeline) << timeline.error().message;
    EXPECT_EQ(timeline->count, 10U);
    EXPECT_EQ(timeline->errors, 5U);
    EXPECT_EQ(timeline->denied, 3U);
    EXPECT_EQ(*timeline->first, at(day("08:01:00")));
    EXPECT_EQ(*timeline->last, at(day("08:01:09")));
    EXPECT_EQ(*timeline->gap, std::chrono::minutes(1));
    EXPECT_EQ(timeline->facets.front().buckets.front().value, "GetObject");
    EXPECT_EQ(timeline->facets.front().buckets.front().count, 10U);
    for (const Event& event : timeline->events) ids.push_back(event.id);
    page.cursor = timeline->cursor.value_or("");
    ++pages;
  } while (!page.cursor.empty());
  EXPECT_EQ(pages, 3U);
  EXPECT_EQ(ids,
            (Ids{"use0", "use1", "use2", "use3", "use4", "use5", "use6", "use7", "use8", "use9"}));
  page.cursor = "no cursor";
  EXPECT_EQ(session_timeline(*store.snapshot(), *trace, page, {}).error().code,
            ErrorCode::bad_request);
}

TEST(Session, RefusesWhatIsNone) {
  const TestStore store{{event("user", day("08:00:00"), kAlice), event("bare", day("08:00:00"))}};
  const struct {
    std::string id;
    ErrorCode code;
    const char* message;
  } kCases[] = {
      {"none", ErrorCode::not_found, "there is no event, access key or session with the id 'none'"},
      {"ASIAX", ErrorCode::not_found,
       "there is no event, access key or session with the id 'ASIAX'"},
      {"AROA1:x", ErrorCode::not_found,
       "there is no event, access key or session with the id 'AROA1:x'"},
      {"arn:aws:sts::1:assumed-role/a/b", ErrorCode::not_found,
       "there is no event, access key or session with the id 'arn:aws:sts::1:assumed-role/a/b'"},
      {"AKIA1", ErrorCode::bad_request,
       "expected a temporary access key (ASIA…), got 'AKIA1', which is a user's own: search for "
       "user_identity_access_key_id"},
      {"user", ErrorCode::bad_request,
       "expected an event that opened a session or was made in one; 'user' was made by 'alice' "
       "without one"},
      {"bare", ErrorCode::bad_request,
       "expected an event that opened a session or was made in one; 'bare' was made by nobody "
       "known "
       "without one"},
      {"arn:aws:iam::111122223333:user/alice", ErrorCode::bad_request,
       "expected the id of a session, got 'arn:aws:iam::111122223333:user/alice', which is that of "
       "'alice'"},
      {"", ErrorCode::bad_request, "expected an id of 1 to 2048 bytes, got 0"},
      {std::string(5000, 'x'), ErrorCode::bad_request,
       "expected an id of 1 to 2048 bytes, got 5000"},
  };
  for (const auto& c : kCases) {
    const auto trace = trace_session(*store.snapshot(), {c.id, {}}, {});
    ASSERT_FALSE(trace) << c.id;
    EXPECT_EQ(trace.error().code, c.code) << c.id;
    EXPECT_EQ(trace.error().message, c.message);
  }
}

TEST(Session, StopsWhenItsTimeIsOver) {
  const TestStore store{{event("open", day("08:00:00"), assume(kAlice, "ASIA1", "AROA1:work"))}};
  SessionLimits limits;
  limits.deadline.end = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_EQ(trace_session(*store.snapshot(), {"open", {}}, limits).error().code,
            ErrorCode::too_large);
}

}  // namespace
}  // namespace trailsift::query
