#include "actors/gateway/routes.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace datagen;
using namespace datagen::web;

TEST_CASE("routes: segments in braces become arguments, in order") {
  const auto found = find_route("GET", "/v1/chains/heavy/blocks/17");
  REQUIRE(found.found);
  CHECK(found.found->what == action::block);
  CHECK(found.arguments == std::vector<std::string>{"heavy", "17"});
  CHECK(find_route("POST", "/v1/jobs/ab/acknowledgement").found->what == action::acknowledge);
}

TEST_CASE("routes: a known path with another method names the methods it takes") {
  const auto wrong = find_route("DELETE", "/v1/jobs");
  CHECK_FALSE(wrong.found);
  CHECK(wrong.allowed == "GET, POST");
  CHECK(find_route("GET", "/v1/inputs/00").allowed == "PUT");
}

TEST_CASE("routes: near misses are nothing") {
  for (const auto* path : {"", "/", "/v1", "/v1/jobs/", "/v1/jobs//result", "/v1/jobs/a/b", "v1/jobs"})
    CHECK_FALSE(find_route("GET", path).found);
}

TEST_CASE("routes: inputs take 64 MiB, reads take no body, unknown paths none") {
  CHECK(body_limit("PUT", "/v1/inputs/00") == 64u << 20);
  CHECK(body_limit("POST", "/v1/jobs") == 1u << 20);
  CHECK(body_limit("GET", "/v1/jobs") == 0);
  CHECK(body_limit("POST", "/nowhere") == 0);
}

TEST_CASE("openapi: holds every route of the table and nothing else") {
  const auto document = openapi("1.2.3").as_object();
  CHECK(document.at("info").at("version").as_string() == "1.2.3");
  std::set<std::string> told;
  for (const auto& [path, methods] : document.at("paths").as_object())
    for (const auto& [method, operation] : methods.as_object()) {
      told.insert(std::string{method} + " " + std::string{path});
      CHECK_FALSE(operation.at("summary").as_string().empty());
      const bool writes = std::string{method} != "get";
      CHECK(operation.as_object().contains("security") == writes);
    }
  std::set<std::string> table;
  for (const auto& x : routes()) {
    std::string method{x.method};
    for (auto& c : method)
      c = static_cast<char>(c + 32);
    table.insert(method + " " + std::string{x.pattern});
  }
  CHECK(told == table);
  CHECK(told.size() == routes().size());
}
