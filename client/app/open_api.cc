#include "client/app/open_api.h"

#include "client/app/api.h"
#include "client/app/guard.h"
#include "client/app/schema_json.h"

namespace twinning::app {
namespace {

Json TextParameter(const char* in, const std::string& name, const std::string& about,
                   bool required) {
  return {{"in", in},
          {"name", name},
          {"description", about},
          {"required", required},
          {"schema", {{"type", "string"}}}};
}

// The names in braces.
std::vector<std::string> NamesIn(const std::string& path) {
  std::vector<std::string> names;
  for (size_t begin = path.find('{'); begin != std::string::npos; begin = path.find('{', begin)) {
    const size_t end = path.find('}', begin);
    names.push_back(path.substr(begin + 1, end - begin - 1));
    begin = end;
  }
  return names;
}

Json BodyShape(const Route& route) {
  Json properties = Json::object();
  for (const Parameter& one : route.body) properties[one.name] = {{"description", one.about}};
  return {{"required", true},
          {"content",
           {{"application/json",
             {{"schema", {{"type", "object"}, {"properties", std::move(properties)}}}}}}}};
}

Json Operation(const std::string& path, const Route& route) {
  Json json = {
      {"summary", route.about},
      {"parameters", Json::array()},
      {"responses",
       {{"200", {{"description", "done"}}},
        {"default",
         {{"description", "what happened, what was kept, what to do next"},
          {"content",
           {{"application/json", {{"schema", {{"$ref", "#/components/schemas/error"}}}}}}}}}}}};
  for (const std::string& name : NamesIn(path)) {
    json["parameters"].push_back(TextParameter("path", name, name, true));
  }
  for (const Parameter& one : route.query) {
    json["parameters"].push_back(TextParameter("query", one.name, one.about, false));
  }
  if (route.method == "POST") json["requestBody"] = BodyShape(route);
  return json;
}

Json KindShape(const merge::Kind& kind) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const merge::Field& field : kind.fields) {
    properties[field.name] = ValueShape(field);
    if (field.required) required.push_back(field.name);
  }
  return {{"type", "object"},
          {"title", kind.label},
          {"properties", std::move(properties)},
          {"required", std::move(required)}};
}

Json ErrorShape() {
  Json text = {{"type", "string"}};
  return {{"type", "object"},
          {"properties",
           {{"error",
             {{"type", "object"},
              {"properties", {{"code", text}, {"message", text}, {"reason", text}}}}}}}};
}

}  // namespace

Json OpenApi(const std::vector<Route>& routes, const merge::Schema& schema) {
  Json paths = Json::object();
  const std::string root(kApiRoot);
  const std::string seat = root + "/partnerships/{partnership}";
  const Route list{"GET", "", "The partnerships of this app", {}, {}, nullptr};
  const Route opening{
      "GET",
      "",
      "What a page needs first: the partnerships, and of one of them what it is, what "
      "needs the town, the records that names, and the open conflicts",
      {{"partnership", "its id; the first one when there is none such"}},
      {},
      nullptr};
  const Route events{"GET",
                     "",
                     "What happens, as server-sent events; poll=1 for one answer in JSON",
                     {{"after", "the id of the last event that was seen"}, {"poll", "1"}},
                     {},
                     nullptr};
  const Route token{"POST",
                    "",
                    "The token, once, for the ticket that a browser was opened with",
                    {},
                    {{"ticket", "what the address held"}},
                    nullptr};
  const Route description{"GET", "", "This description", {}, {}, nullptr};
  paths[root + "/openapi.json"]["get"] = Operation("", description);
  paths[root + "/partnerships"]["get"] = Operation("", list);
  paths[root + "/opening"]["get"] = Operation("", opening);
  paths[root + "/events"]["get"] = Operation("", events);
  paths[std::string(kTokenPath)]["post"] = Operation("", token);
  paths[std::string(kTokenPath)]["post"]["security"] = Json::array();
  for (const Route& route : routes) {
    const std::string path = seat + route.path;
    paths[path][route.method == "GET" ? "get" : "post"] = Operation(path, route);
  }
  Json schemas = {{"error", ErrorShape()}};
  for (const merge::Kind& kind : schema.kinds()) schemas[kind.name] = KindShape(kind);
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", "Twinning"},
            {"version", "1"},
            {"description", "One council's partnerships, on its own computer."}}},
          {"paths", std::move(paths)},
          {"security", {{{"token", Json::array()}}}},
          {"components",
           {{"schemas", std::move(schemas)},
            {"securitySchemes",
             {{"token", {{"type", "apiKey"}, {"in", "header"}, {"name", kTokenHeader}}}}}}}};
}

}  // namespace twinning::app
