#include "actors/gateway/request_signature.hpp"

#include "protocol/crypto/hash.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;
using namespace datagen::web;

namespace {

const auto key = key_pair::from_secret({sha256({}).value});
constexpr std::uint64_t now_s = 1'700'000'000;

struct client {
  signing terms{"POST", "/v1/jobs?wait_ms=5", now_s, now_s + 60, "abc123"};
  std::string body = "{}";

  http::request request() const {
    const byte_view view{reinterpret_cast<const std::uint8_t*>(body.data()), body.size()};
    http::request r{.method = terms.method, .target = terms.target, .body = body};
    r.headers = sign_request(terms, view, key);
    return r;
  }
};

digest digest_of_body(const http::request& r) {
  return sha256({reinterpret_cast<const std::uint8_t*>(r.body.data()), r.body.size()});
}

struct gate {
  nonce_memory nonces{3};
  signature_verdict check(const http::request& r, std::uint64_t at_s = now_s) {
    return check_request(r, digest_of_body(r), at_s, nonces, signature_checker{});
  }
};

}  // namespace

TEST_CASE("request signature: what the client signs, the server accepts, and knows by whom") {
  gate g;
  const auto verdict = g.check(client{}.request());
  REQUIRE(verdict.signer);
  CHECK(*verdict.signer == key.identity);
}

TEST_CASE("request signature: the fields have the form of the contract") {
  const auto r = client{}.request();
  CHECK(r.headers.at("Content-Digest") ==
        "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:");
  CHECK(r.headers.at("Signature-Input").starts_with(
    R"(sig1=("@method" "@path" "content-digest");created=1700000000;expires=1700000060;nonce="abc123";keyid="dg1)"));
  CHECK(r.headers.at("Signature").starts_with("sig1=:"));
}

TEST_CASE("request signature: the query is not covered, so a longer wait needs no new signature") {
  gate g;
  auto r = client{}.request();
  r.target = "/v1/jobs?wait_ms=9";
  CHECK(g.check(r).signer);
}

TEST_CASE("request signature: another path, method, body or key is refused") {
  gate g;
  auto r = client{}.request();
  r.target = "/v1/echo";
  CHECK(g.check(r).code == "bad_signature");
  r = client{}.request();
  r.method = "PUT";
  CHECK(g.check(r).code == "bad_signature");
  r = client{}.request();
  r.body = "{ }";
  auto verdict = g.check(r);
  CHECK(verdict.status == 401);
  CHECK(verdict.detail == "Content-Digest is not the SHA-256 of the body's 3 bytes");
  r = client{}.request();
  auto& input = r.headers.at("Signature-Input");
  input.replace(input.find("abc123"), 6, "abc124");
  CHECK(g.check(r).code == "bad_signature");
  r = client{}.request();
  r.headers.erase("Signature");
  CHECK(g.check(r).code == "bad_signature");
  CHECK(g.nonces.size() == 0);  // nothing refused costs a place
}

TEST_CASE("request signature: times must be close, and a signature lives at most 300 s") {
  gate g;
  CHECK(g.check(client{}.request(), now_s + 60).code == "bad_signature");  // expired
  CHECK(g.check(client{}.request(), now_s + 61).detail ==
        "created is 61 s away from this clock; at most 60 s are accepted");
  CHECK_FALSE(g.check(client{}.request(), now_s - 61).signer);
  client patient;
  patient.terms.expires_s = now_s + 301;
  CHECK(g.check(patient.request()).detail == "a signature lives at most 300 s");
  CHECK(g.check(client{}.request(), now_s + 59).signer);
}

TEST_CASE("request signature: a nonce is taken once per key, until it expires") {
  gate g;
  CHECK(g.check(client{}.request()).signer);
  const auto replayed = g.check(client{}.request());
  CHECK(replayed.status == 409);
  CHECK(replayed.code == "replayed_request");
  client later;
  later.terms.created_s = now_s + 61;
  later.terms.expires_s = now_s + 90;
  CHECK(g.check(later.request(), now_s + 61).signer);
  CHECK(g.nonces.size() == 1);
}

TEST_CASE("request signature: a full memory refuses instead of forgetting") {
  gate g;
  for (const auto* nonce : {"a", "b", "c"}) {
    client c;
    c.terms.nonce = nonce;
    CHECK(g.check(c.request()).signer);
  }
  const auto refused = g.check(client{}.request());
  CHECK(refused.status == 503);
  CHECK(refused.code == "busy");
}

TEST_CASE("base64: RFC 4648 vectors both ways, and no second spelling") {
  const auto text = [](std::string_view x) {
    return to_base64({reinterpret_cast<const std::uint8_t*>(x.data()), x.size()});
  };
  CHECK(text("") == "");
  CHECK(text("f") == "Zg==");
  CHECK(text("fo") == "Zm8=");
  CHECK(text("foobar") == "Zm9vYmFy");
  CHECK(from_base64("Zm8=") == bytes{'f', 'o'});
  CHECK_FALSE(from_base64("Zm9="));   // bits after the end
  CHECK_FALSE(from_base64("Z==="));
  CHECK_FALSE(from_base64("Zm8"));
  CHECK_FALSE(from_base64("Zm8=Zm8="));
}
