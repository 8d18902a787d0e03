// Who may ask and who may steer: pages of other origins and host names that are not ours may not.
#include "console/access.hpp"

#include <gtest/gtest.h>

namespace streamwork::console {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

const std::string token = "a-token-of-the-tests";

/// The status of the refusal, or 0.
int refusal(const Access& access, const std::string& method, Headers headers, bool open_to_all = false) {
  HttpRequest request;
  request.method = method;
  request.path = {"api"};
  request.headers = std::move(headers);
  const auto refused = access.refusal(request, open_to_all);
  return refused ? refused->status : 0;
}

TEST(Access, IsGivenByNamesThatAreOurs) {
  const Access access{"plant.example"};
  for (const std::string host : {"localhost", "LOCALHOST:7000", "127.0.0.1:7000", "192.168.1.7:7000", "[::1]:7000",
                                 "[fe80::1]", "plant.example:7000", "Plant.Example"}) {
    EXPECT_EQ(refusal(access, "GET", {{"host", host}}), 0) << host;
  }
  for (const std::string host : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example:7000", "", ":7000",
                                 "[", "[evil.example]:7000", "plant.example.evil"}) {
    EXPECT_EQ(refusal(access, "GET", {{"host", host}}), 403) << host;
  }
  EXPECT_EQ(refusal(access, "GET", {}), 400);
}

TEST(Access, IsRefusedToPagesOfOtherOrigins) {
  const Access access{"127.0.0.1"};
  const std::pair<std::string, std::string> host{"host", "localhost:7000"};
  const std::pair<std::string, std::string> json{"content-type", "application/json"};
  for (const std::string method : {"GET", "POST", "DELETE"}) {
    EXPECT_EQ(refusal(access, method, {host, json, {"origin", "http://localhost:7000"}}), 0);
    EXPECT_EQ(refusal(access, method, {host, json, {"sec-fetch-site", "same-origin"}}), 0);
    for (const std::string origin :
         {"http://evil.example", "http://localhost:7001", "http://127.0.0.1:7000", "null", ""})
      EXPECT_EQ(refusal(access, method, {host, json, {"origin", origin}}), 403) << method << " " << origin;
    for (const std::string site : {"cross-site", "same-site"})
      EXPECT_EQ(refusal(access, method, {host, json, {"sec-fetch-site", site}}), 403) << method << " " << site;
  }
  // A link to the page is welcome; steering from there is not.
  EXPECT_EQ(refusal(access, "GET", {host, {"sec-fetch-site", "cross-site"}}, true), 0);
  EXPECT_EQ(refusal(access, "POST", {host, json, {"sec-fetch-site", "cross-site"}}, true), 403);
}

TEST(Access, SteersWithJsonOnly) {
  const Access access{"127.0.0.1"};
  for (const std::string type : {"text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""})
    EXPECT_EQ(refusal(access, "POST", {{"host", "localhost"}, {"content-type", type}}), 415) << type;
  EXPECT_EQ(refusal(access, "POST", {{"host", "localhost"}}), 415);
  EXPECT_EQ(refusal(access, "POST", {{"host", "localhost"}, {"content-type", "application/json; charset=utf-8"}}), 0);
  EXPECT_EQ(refusal(access, "PUT", {{"host", "localhost"}}), 0) << "who answers says which methods there are";
}

TEST(Access, WantsTheWholeToken) {
  const Access access{"0.0.0.0", token};
  const std::pair<std::string, std::string> host{"host", "10.0.0.7:7000"};
  EXPECT_EQ(refusal(access, "GET", {host, {"authorization", "Bearer " + token}}), 0);
  EXPECT_EQ(refusal(access, "GET", {host, {"authorization", "bearer " + token}}), 0);
  EXPECT_EQ(refusal(access, "GET", {host}), 401);
  for (const std::string& given : {std::string("Bearer "), std::string("Bearer a-token"), "Basic " + token, token,
                                   "Bearer " + token + "x", std::string()})
    EXPECT_EQ(refusal(access, "GET", {host, {"authorization", given}}), 401) << given;
  EXPECT_EQ(refusal(access, "GET", {host}, true), 0);  // the files of the page
}

}  // namespace
}  // namespace streamwork::console
