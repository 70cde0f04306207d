// The OpenAPI file against what the program answers: nothing listed that is not there, nothing
// there that is not listed.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/unit/client/served_page.h"

namespace twinning::app {
namespace {

// What stands in the braces of an address, so that something is there.
std::string Filled(std::string path, const std::string& partnership) {
  const std::map<std::string, std::string> values = {
      {"partnership", partnership},       {"record", kSeminar.hex()},
      {"field", "description"},           {"language", "en"},
      {"conflict", std::string(64, '0')}, {"change", "1"},
      {"replica", std::string(32, '0')},  {"invite", "00000000"}};
  for (size_t begin = path.find('{'); begin != std::string::npos; begin = path.find('{')) {
    const size_t end = path.find('}', begin);
    auto value = values.find(path.substr(begin + 1, end - begin - 1));
    EXPECT_NE(value, values.end()) << path;
    path.replace(begin, end - begin + 1, value == values.end() ? "x" : value->second);
  }
  return path;
}

class Description : public ServedPage {
 protected:
  Json Whole() { return Json::parse(client_->Get("/api/v1/openapi.json", Token())->body); }

  int StatusOf(const std::string& method, const std::string& path) {
    auto answer = method == "get"
                      ? client_->Get(path + (path.ends_with("/events") ? "?poll=1" : ""), Token())
                      : client_->Post(path, Token(), "{}", "application/json");
    EXPECT_TRUE(answer) << method << " " << path;
    EXPECT_FALSE(Json::parse(answer->body, nullptr, false).is_discarded()) << path;
    return answer->status;
  }

  std::string partnership() const { return root_.substr(root_.rfind('/') + 1); }
};

TEST_F(Description, EveryAddressThatIsListedAnswers) {
  const Json paths = Whole()["paths"];
  for (const auto& [path, methods] : paths.items()) {
    for (const auto& [method, operation] : methods.items()) {
      const int status = StatusOf(method, Filled(path, partnership()));
      EXPECT_TRUE(status == 200 || status == 400 || status == 409)
          << method << " " << path << ": " << status;
      EXPECT_FALSE(operation["summary"].get<std::string>().empty()) << path;
    }
  }
}

TEST_F(Description, EveryRouteIsListedWithWhatItTakes) {
  const Json paths = Whole()["paths"];
  const std::string root(kApiRoot);
  std::set<std::string> listed;
  for (const auto& [path, methods] : paths.items()) {
    for (const auto& [method, operation] : methods.items()) listed.insert(method + " " + path);
  }
  std::set<std::string> there = {"get " + root + "/partnerships", "get " + root + "/events",
                                 "get " + root + "/opening", "get " + root + "/openapi.json",
                                 "post " + root + "/token"};
  const Api api({});
  for (const Route& route : api.routes()) {
    const std::string method = route.method == "GET" ? "get" : "post";
    const std::string path = root + "/partnerships/{partnership}" + route.path;
    EXPECT_TRUE(there.insert(method + " " + path).second) << "twice: " << path;
    for (const Parameter& one : route.body) {
      EXPECT_TRUE(
          paths[path][method]["requestBody"]["content"]["application/json"]["schema"]["properties"]
              .contains(one.name))
          << path;
    }
  }
  EXPECT_EQ(listed, there);
}

TEST_F(Description, WithoutAPartnershipThereIsNothingToOpen) {
  const Answer answer = Api({}).Ask({"GET", std::string(kApiRoot) + "/opening", {}, ""});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(Json::parse(answer.body), Json({{"partnerships", Json::array()}, {"opened", nullptr}}));
}

TEST_F(Description, OtherMethodsAndAddressesAreNotThere) {
  EXPECT_EQ(StatusOf("post", root_ + "/status"), 404);
  EXPECT_EQ(StatusOf("get", root_ + "/undo"), 404);
  EXPECT_EQ(StatusOf("get", root_ + "/nothing"), 404);
  EXPECT_EQ(StatusOf("get", "/api/v2/partnerships"), 404);
}

TEST_F(Description, EveryKindAndFieldOfTheSchemaHasAShape) {
  const Json shapes = Whole()["components"]["schemas"];
  for (const merge::Kind& kind : merge::Schema::BuiltIn()->kinds()) {
    ASSERT_TRUE(shapes.contains(kind.name)) << kind.name;
    for (const merge::Field& field : kind.fields) {
      EXPECT_TRUE(shapes[kind.name]["properties"].contains(field.name)) << field.name;
    }
  }
}

}  // namespace
}  // namespace twinning::app
