#include <algorithm>

#include "support.hpp"

using namespace datagen::kernels::testing;

namespace {

bytes concatenated(std::uint8_t domain, const bytes& a, const bytes& b = {}) {
  bytes out(1 + a.size() + b.size(), domain);
  std::copy(b.begin(), b.end(), std::copy(a.begin(), a.end(), out.begin() + 1));
  return out;
}

/// RFC 6962 section 2.1, word for word: split at the largest power of two below n.
bytes tree_hash(const std::vector<bytes>& leaves) {
  if (leaves.empty()) return sha256({});
  if (leaves.size() == 1) return sha256(concatenated(0, leaves[0]));
  std::size_t split = 1;
  while (2 * split < leaves.size()) split *= 2;
  const auto middle = leaves.begin() + static_cast<std::ptrdiff_t>(split);
  return sha256(
      concatenated(1, tree_hash({leaves.begin(), middle}), tree_hash({middle, leaves.end()})));
}

bytes reference_root(const bytes& input, std::size_t chunk) {
  std::vector<bytes> leaves;
  for (std::size_t i = 0; i < input.size(); i += chunk) {
    const std::size_t end = std::min(input.size(), i + chunk);
    leaves.emplace_back(input.begin() + static_cast<std::ptrdiff_t>(i),
                        input.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return tree_hash(leaves);
}

}  // namespace

TEST_CASE("merkle.root: the test's own SHA-256 gives the answers of FIPS 180-4") {
  CHECK(hex(sha256(from_text("abc"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256(from_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("merkle.root: the test's tree gives the roots of the Certificate Transparency vectors") {
  const std::vector<bytes> leaves = {
      {}, from_hex("00"), from_hex("10"), from_hex("2021"), from_hex("3031"),
      from_hex("40414243"), from_hex("5051525354555657"),
      from_hex("606162636465666768696a6b6c6d6e6f")};
  const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  for (std::size_t n = 1; n <= leaves.size(); ++n)
    CHECK(hex(tree_hash({leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(n)})) ==
          roots[n - 1]);
}

TEST_CASE("merkle.root: an empty input has the empty tree's root") {
  CHECK(hex(run_cpu("merkle.root", "", {}).output) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("merkle.root: known answers, so that an old result still verifies") {
  bytes counting(100000);
  for (std::size_t i = 0; i < counting.size(); ++i)
    counting[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  CHECK(hex(run_cpu("merkle.root", "chunk=1024", counting).output) ==
        "55ba4bee460eb62c39004ac66771bf242cc8fcd821e0b1e4bdc1472fec600f98");
  CHECK(hex(run_cpu("merkle.root", "", counting).output) ==
        "92ba11e6dc7b76ddb3e1df6a9815be2e2ab130e29362678113cbb9e2103f5ac7");
  CHECK(hex(run_cpu("merkle.root", "", from_text("abc")).output) ==
        "609f6e36d2405585188d5cfd761f407c7cc46a7d3f314c88270469dde315fcd1");
}

TEST_CASE("merkle.root: equals the RFC's recursion for every small size, chunk and thread count") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  for (std::size_t size : {1u, 54u, 55u, 62u, 63u, 64u, 126u, 127u, 1023u, 1024u, 1025u, 2048u,
                           3072u, 3073u, 5120u, 6145u, 7168u, 9000u, 16384u, 33333u, 65537u}) {
    const bytes input = random.some_bytes(size);
    for (std::size_t chunk : {1024u, 4096u}) {
      CAPTURE(size);
      CAPTURE(chunk);
      const std::string expected = hex(reference_root(input, chunk));
      const std::string params = "chunk=" + std::to_string(chunk);
      for (std::uint32_t threads : {1u, 2u, 3u}) {
        CHECK(hex(run_cpu("merkle.root", params, input, threads).output) == expected);
        CHECK(hex(run_cpu("merkle.root", params, input, threads, true).output) == expected);
      }
      if (has_cuda()) CHECK(hex(run_cuda("merkle.root", params, input).output) == expected);
    }
  }
}

TEST_CASE("merkle.root: units count 64-byte compressions and never depend on the bytes") {
  const auto units = [](std::string_view params, const bytes& input) {
    return loaded().units({.kernel = "merkle.root", .params = params, .input = input}).units;
  };
  CHECK(units("", {}) == 1);
  // Two leaves of 65536 bytes: 1025 compressions each, one node: 2.
  CHECK(units("", bytes(131072)) == 1 + (2 * 1025 + 2) / 32);
  CHECK(units("", bytes(131072, 0xff)) == units("", bytes(131072)));
  const auto result = run_cpu("merkle.root", "", bytes(131072));
  CHECK(result.units == units("", bytes(131072)));
}

TEST_CASE("merkle.root: bad parameters are refused with a sentence that names the key") {
  const auto refused = [](std::string_view params) {
    const auto result = run_cpu("merkle.root", params, {});
    CHECK(result.output.empty());
    CHECK(result.units == 0);
    return std::to_string(result.exit_status) + ": " + result.message;
  };
  CHECK(refused("chunk=3000") == "1: parameter 'chunk' is 3000, expected a power of two");
  CHECK(refused("chunk=512") == "3: parameter 'chunk' is 512, the limits are 1024 to 1048576");
  CHECK(refused("chunk=2097152") ==
        "3: parameter 'chunk' is 2097152, the limits are 1024 to 1048576");
  CHECK(refused("chunks=1024") == "1: unknown parameter 'chunks', allowed: chunk");
}
