// Every combination of who may ask and who may not, judged before routing.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/app/guard.h"

namespace twinning::app {
namespace {

using Said = std::optional<std::string_view>;

const std::string kToken(64, 'a');
constexpr std::string_view kOwnHosts[] = {"127.0.0.1:4711", "localhost:4711", "[::1]:4711"};

Knock Good(std::string_view method) {
  Knock knock;
  knock.method = method;
  knock.path = "/api/v1/partnerships";
  knock.host = "127.0.0.1:4711";
  knock.token = kToken;
  if (method == "POST") {
    knock.content_type = "application/json";
    knock.content_length = "2";
  }
  return knock;
}

// 0: let in.
int StatusOf(const Knock& knock) {
  std::optional<Turned> turned = Guard(4711, kToken).Judge(knock);
  return turned ? turned->status : 0;
}

TEST(Guard, LetsInEachOfItsThreeNamesWithItsPortAndNoOther) {
  for (std::string_view host : kOwnHosts) {
    Knock knock = Good("GET");
    knock.host = host;
    EXPECT_EQ(StatusOf(knock), 0) << host;
  }
  for (std::string_view host :
       {"", "127.0.0.1", "127.0.0.1:4712", "127.0.0.1:47110", "127.0.0.1:4711.evil.example",
        "evil.example", "evil.example:4711", "localhost.evil.example:4711", "127.0.0.2:4711",
        "0.0.0.0:4711", "127.0.0.1:4711 ", "LOCALHOST:4711", "127.0.0.1.nip.io:4711",
        "user@127.0.0.1:4711", "[::]:4711", "2130706433:4711"}) {
    Knock knock = Good("GET");
    knock.host = host;
    EXPECT_EQ(StatusOf(knock), 403) << host;
  }
}

TEST(Guard, RefusesWhoSaysNoHostOrSaysAnythingTwice) {
  Knock none = Good("GET");
  none.host = std::nullopt;
  EXPECT_EQ(StatusOf(none), 403);
  Knock twice = Good("GET");
  twice.repeated = true;
  EXPECT_EQ(StatusOf(twice), 403);
}

TEST(Guard, AnOriginMustBeTheHostThatWasAsked) {
  for (std::string_view host : kOwnHosts) {
    for (std::string_view other : kOwnHosts) {
      Knock knock = Good("POST");
      const std::string origin = "http://" + std::string(other);
      knock.host = host;
      knock.origin = origin;
      EXPECT_EQ(StatusOf(knock), host == other ? 0 : 403) << host << " from " << origin;
    }
  }
  for (std::string_view origin :
       {"null", "", "https://127.0.0.1:4711", "http://127.0.0.1", "http://127.0.0.1:4712",
        "http://evil.example", "http://evil.example:4711", "http://127.0.0.1:4711/", "file://",
        "chrome-extension://127.0.0.1:4711"}) {
    Knock knock = Good("GET");
    knock.origin = origin;
    EXPECT_EQ(StatusOf(knock), 403) << origin;
  }
}

TEST(Guard, ABrowserMustSayThatThePageItselfAsksOrThePerson) {
  for (std::string_view site : {"same-origin", "none"}) {
    Knock knock = Good("GET");
    knock.fetch_site = site;
    EXPECT_EQ(StatusOf(knock), 0) << site;
  }
  for (std::string_view site : {"cross-site", "same-site", "", "unheard-of"}) {
    Knock knock = Good("GET");
    knock.fetch_site = site;
    EXPECT_EQ(StatusOf(knock), 403) << site;
  }
}

TEST(Guard, TheApiAsksForTheTokenAndThePagesFilesDoNot) {
  const std::string shorter = kToken.substr(1);
  const std::string other = kToken.substr(1) + "b";
  for (Said token : {Said(), Said(""), Said(shorter), Said(other)}) {
    for (std::string_view method : {"GET", "POST"}) {
      Knock knock = Good(method);
      knock.token = token;
      EXPECT_EQ(StatusOf(knock), 401) << method << " " << token.value_or("(none)");
    }
    Knock file = Good("GET");
    file.path = "/index.html";
    file.token = token;
    EXPECT_EQ(StatusOf(file), 0);
  }
}

TEST(Guard, AnswersGetAndPostAndNoOtherMethod) {
  for (std::string_view method : {"GET", "POST"}) EXPECT_EQ(StatusOf(Good(method)), 0) << method;
  for (std::string_view method :
       {"HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PRI", "get", ""}) {
    EXPECT_EQ(StatusOf(Good(method)), 405) << method;
  }
}

TEST(Guard, APostIsJsonAndNeverAForm) {
  for (std::string_view type : {"application/json", "application/json; charset=utf-8"}) {
    Knock knock = Good("POST");
    knock.content_type = type;
    EXPECT_EQ(StatusOf(knock), 0) << type;
  }
  for (std::string_view type :
       {"application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "",
        "application/jsonp", "text/plain;application/json"}) {
    Knock knock = Good("POST");
    knock.content_type = type;
    EXPECT_EQ(StatusOf(knock), 415) << type;
  }
  Knock none = Good("POST");
  none.content_type = std::nullopt;
  EXPECT_EQ(StatusOf(none), 415);
  Knock file = Good("POST");
  file.path = "/index.html";
  EXPECT_EQ(StatusOf(file), 405);
}

TEST(Guard, ABodySaysHowLongItIsAndIsNotTooLong) {
  Knock chunked = Good("POST");
  chunked.transfer_encoding = "chunked";
  EXPECT_EQ(StatusOf(chunked), 411);
  chunked.method = "GET";
  EXPECT_EQ(StatusOf(chunked), 411);
  Knock unknown = Good("POST");
  unknown.content_length = std::nullopt;
  EXPECT_EQ(StatusOf(unknown), 411);
  for (std::string_view length : {"1048577", "-1", "1e3", "99999999999999999999", " 5", "5 "}) {
    Knock knock = Good("POST");
    knock.content_length = length;
    EXPECT_EQ(StatusOf(knock), 413) << length;
  }
  Knock most = Good("POST");
  most.content_length = "1048576";
  EXPECT_EQ(StatusOf(most), 0);
  Knock get = Good("GET");
  get.content_length = "5";
  EXPECT_EQ(StatusOf(get), 400);
}

// Whatever else a request gets right, one foreign header is enough, and the first thing said.
TEST(Guard, AForeignSenderHearsTheSameWhateverItAsksFor) {
  for (std::string_view method : {"GET", "POST", "PUT"}) {
    for (std::string_view path : {"/", "/api/v1/partnerships", "/nothing"}) {
      for (Said token : {Said(), Said(kToken)}) {
        for (Said type : {Said(), Said("application/json"), Said("text/plain")}) {
          Knock knock = Good(method);
          knock.path = path;
          knock.token = token;
          knock.content_type = type;
          Knock rebound = knock;
          rebound.host = "attacker.example:4711";
          EXPECT_EQ(StatusOf(rebound), 403);
          Knock foreign = knock;
          foreign.origin = "http://attacker.example";
          EXPECT_EQ(StatusOf(foreign), 403);
          Knock cross = knock;
          cross.fetch_site = "cross-site";
          EXPECT_EQ(StatusOf(cross), 403);
        }
      }
    }
  }
}

}  // namespace
}  // namespace twinning::app
