// Requests are read strictly, and nothing of any length or content does harm.
#include "console/http_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/seeded_random.hpp"

namespace streamwork::console {
namespace {

using Outcome = ReadRequest::Outcome;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const std::string whole =
    "POST /api/v1/jobs/a%20b/stop?after=1&x=a+b HTTP/1.1\r\nHost: localhost:7000\r\nContent-Length: 2\r\n\r\n{}";

TEST(HttpRequest, IsReadWithPathQueryHeadersAndBody) {
  const ReadRequest read = read_request(whole + "GET ");
  ASSERT_EQ(read.outcome, Outcome::complete) << read.error;
  EXPECT_EQ(read.used, whole.size());
  EXPECT_EQ(read.request.method, "POST");
  EXPECT_THAT(read.request.path, ElementsAre("api", "v1", "jobs", "a b", "stop"));
  EXPECT_THAT(read.request.query, ElementsAre(Pair("after", "1"), Pair("x", "a b")));
  EXPECT_EQ(*read.request.header("host"), "localhost:7000");
  EXPECT_EQ(read.request.body, "{}");
  EXPECT_TRUE(read.request.keep_alive);
}

TEST(HttpRequest, IsIncompleteUntilItsLastByte) {
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_EQ(read_request(whole.substr(0, length)).outcome, Outcome::incomplete) << length;
}

TEST(HttpRequest, IsRefusedWithAReasonIfItIsNone) {
  const std::string host = "Host: a\r\n";
  const std::vector<std::pair<std::string, int>> refused = {
      {"\x16\x03\x01", 400},
      {"GET /\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\n\r\n", 505},
      {"GET  / HTTP/1.1\r\n\r\n", 400},
      {"GET http://a/ HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /%4 HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /%00 HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n folded\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},
      {"GET / HTTP/1.1\r\nA: \x01\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", 413},
      {"GET / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", 413},
      {"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411},
      {"GET /" + std::string(most_head_bytes, 'a'), 431},
  };
  for (const auto& [bytes, status] : refused) {
    const ReadRequest read = read_request(bytes);
    EXPECT_EQ(read.outcome, Outcome::refused) << bytes.substr(0, 80);
    EXPECT_EQ(read.status, status) << bytes.substr(0, 80);
    EXPECT_FALSE(read.error.empty());
  }
}

TEST(HttpRequest, EndsTheConnectionWhenItSaysSoOrIsOld) {
  EXPECT_FALSE(read_request("GET / HTTP/1.0\r\n\r\n").request.keep_alive);
  EXPECT_FALSE(read_request("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n").request.keep_alive);
}

TEST(HttpRequest, MayBeAnyNonsense) {
  testkit::SeededRandom random(7);
  SCOPED_TRACE(random.trace());
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = whole;
    for (std::uint64_t changes = random.below(6); changes > 0; --changes)
      bytes[random.below(bytes.size())] = static_cast<char>(random.bits());
    bytes.resize(random.below(bytes.size() + 1));
    const ReadRequest read = read_request(bytes);
    if (read.outcome == Outcome::complete) {
      EXPECT_LE(read.used, bytes.size());
    }
    if (read.outcome == Outcome::refused) {
      EXPECT_GE(read.status, 400);
    }
  }
}

}  // namespace
}  // namespace streamwork::console
