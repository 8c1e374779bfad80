// A newcomer's afternoon: start a cluster, submit jobs, check receipts, stop it, start it again.

#include "tests/end_to_end/live_cluster.hpp"

#include "protocol/crypto/merkle.hpp"
#include "protocol/types.hpp"

#include <cstring>

using namespace end_to_end;

namespace {

const std::string license = datagen::source_path("LICENSE");

datagen::protocol::byte_view view_of(const std::string& x) {
  return {reinterpret_cast<const std::uint8_t*>(x.data()), x.size()};
}

/// `merkle.root` of a file, computed here.
datagen::protocol::digest root_of(const std::string& data, std::size_t chunk) {
  std::vector<datagen::protocol::digest> leaves;
  for (std::size_t i = 0; i < data.size(); i += chunk)
    leaves.push_back(datagen::protocol::merkle_leaf(view_of(data.substr(i, chunk))));
  return datagen::protocol::merkle_root(leaves);
}

template <class T>
void put(std::string& to, T x) {
  char raw[sizeof x];
  std::memcpy(raw, &x, sizeof x);
  to.append(raw, sizeof x);
}

/// Two 2 x 2 matrices as `gemm.f32` reads them, or their product as it writes it.
std::string matrix_file(const char* magic, std::vector<float> values) {
  std::string text = magic;
  for (int i = 0; i < 3; ++i)
    put(text, std::uint32_t{2});
  for (const auto x : values)
    put(text, x);
  return text;
}

/// What `verify` says of the receipt beside the output `name`.
json::value verified(const live_cluster& net, const std::string& name) {
  const auto said = run_datagen({"verify", net.file(name + ".receipt.json"), "--genesis",
                                 net.file("genesis.bin"), "--output", net.file(name), "--json"});
  REQUIRE_MESSAGE(said.code == 0, said.err);
  return json::parse(said.out);
}

/// Certified blocks of a chain by height.
std::map<std::int64_t, std::string> blocks_of(const live_cluster& net, const std::string& chain) {
  std::map<std::int64_t, std::string> result;
  const auto page = net.get("/v1/chains/" + chain + "/blocks?limit=200");
  for (const auto& x : page.at("items").as_array())
    if (x.at("certified").as_bool())
      result[x.at("height").as_int64()] = text_of(x, "digest");
  return result;
}

void check_supply(const live_cluster& net) {
  CHECK(text_of(net.get("/v1/status").at("supply"), "total") == "30000000000000000000000000");
}

bool holds_event(const json::value& block, const std::string& type) {
  for (const auto& x : block.at("events").as_array())
    if (text_of(x, "type") == type)
      return true;
  return false;
}

void check_front_door(const live_cluster& net) {
  for (const std::string part :
       {"genesis", "publicly known", "API", "explorer", "metrics", "data", "GPU", "Ready in"})
    CHECK_MESSAGE(net.banner().find(part) != std::string::npos, part);
  CHECK(net.send("/livez").status == 200);
  CHECK(net.send("/metrics").body.find("datagen_chain_height{chain=\"fast\"}") !=
        std::string::npos);
  CHECK(net.get("/openapi.json").at("paths").as_object().contains("/v1/jobs"));
  CHECK(net.send("/").content_type.starts_with("text/html"));
  const auto fetched = net.run({"genesis", "fetch", "--output", net.file("genesis.bin")});
  CHECK_MESSAGE(fetched.code == 0, fetched.err);
  CHECK(read_all(net.file("genesis.bin")) == net.send("/v1/genesis").body);
}

/// All four kernels on real input, each with a receipt that holds.
void run_kernels(const live_cluster& net) {
  net.submit("merkle.root", "root.bin", {"--input", license, "--param", "chunk=1024"});
  const auto root = root_of(read_all(license), 1024);
  CHECK(read_all(net.file("root.bin")) == std::string(root.value.begin(), root.value.end()));
  std::ofstream{net.file("product.in"), std::ios::binary}
    << matrix_file("DGM1", {1, 2, 3, 4, 5, 6, 7, 8});
  net.submit("gemm.f32", "product.bin", {"--input", net.file("product.in")});
  CHECK(read_all(net.file("product.bin")) == matrix_file("DGC1", {19, 22, 43, 50}));
  net.submit("render.path", "picture.png",
             {"--input", datagen::source_path("config/scenes/loggia.toml"), "--param", "width=64",
              "--param", "height=36", "--param", "samples=2"});
  CHECK(read_all(net.file("picture.png")).starts_with("\x89PNG\r\n"));
  net.submit("mc.philox", "price.txt",
             {"--param", "paths=100000", "--param", "steps=4", "--param", "kind=call", "--param",
              "spot=100", "--param", "strike=100", "--param", "rate=0", "--param", "volatility=0.2",
              "--param", "years=1", "--param", "seed=1"});
  const auto price = json::parse(read_all(net.file("price.txt")));
  CHECK(std::stod(text_of(price, "price")) ==
        doctest::Approx(7.9656).epsilon(0.02));  // Black-Scholes
  for (const std::string name : {"root.bin", "product.bin", "picture.png", "price.txt"}) {
    const auto said = verified(net, name);
    CHECK(said.at("valid").as_bool());
    CHECK(said.at("output_checked").as_bool());
    CHECK(said.at("user_proven").as_bool());
  }
}

/// One job's way to both chains, as the job page shows it.
void follow_job(const live_cluster& net) {
  const auto done =
    net.submit("merkle.root", "followed.bin", {"--input", license, "--watch-audit"});
  CHECK(text_of(done, "stage") == "settled");
  CHECK(text_of(verified(net, "followed.bin"), "stage") == "settled");
  const auto job = net.job(text_of(done, "job"));
  const auto steps = job.at("timeline").as_array().size();
  REQUIRE(place_of(job, "settled") < steps);
  CHECK(place_of(job, "returned") < place_of(job, "ordered"));  // a result waits for no block
  CHECK(place_of(job, "ordered") < place_of(job, "settled"));
  CHECK(job.at("digests").at("user") == job.at("digests").at("validator"));
  const auto block = [&](const char* step, const std::string& chain) {
    const auto height = std::to_string(step_of(job, step)->at("height").as_int64());
    return net.get("/v1/chains/" + chain + "/blocks/" + height);
  };
  CHECK(holds_event(block("ordered", "fast"), "leaf_ordered"));
  CHECK(holds_event(block("settled", "heavy"), "checkpoint_settled"));
  CHECK(net.send("/v1/jobs/" + text_of(done, "job") + "/result").body ==
        read_all(net.file("followed.bin")));
}

/// Submits until some job is drawn and its audit is still open. @returns its id.
std::string leave_audit_open(const live_cluster& net) {
  for (int i = 0; i < 200; ++i) {
    net.submit("merkle.root", "audited.bin", {"--input", license});
    const auto page = net.get("/v1/jobs?limit=100");
    for (const auto& x : page.at("items").as_array())
      if (text_of(x, "state") == "drawn")
        return text_of(x, "id");
  }
  return {};
}

/// What must be the same after a restart.
struct memory {
  std::string genesis, session, account_nonce, balance;
  std::map<std::int64_t, std::string> heavy, fast;
  json::value pairing;
  std::vector<std::string> jobs;

  explicit memory(const live_cluster& net) {
    genesis = text_of(net.get("/v1/status"), "genesis");
    heavy = blocks_of(net, "heavy");
    fast = blocks_of(net, "fast");
    const auto page = net.get("/v1/jobs?limit=200");
    for (const auto& x : page.at("items").as_array())
      jobs.push_back(text_of(x, "id"));
    session = text_of(page.at("items").as_array().at(0), "session");
    const auto opened = net.get("/v1/sessions/" + session);
    pairing = opened.at("paired");
    const auto account = net.get("/v1/accounts/" + text_of(opened, "user"));
    balance = text_of(account, "balance");
    account_nonce = json::serialize(account.at("nonce"));
  }
};

/// Are `blocks` still at their heights?
bool keeps(const live_cluster& net, const std::string& chain,
           const std::map<std::int64_t, std::string>& blocks) {
  return std::all_of(blocks.begin(), blocks.end(), [&](const auto& x) {
    const auto now = net.get("/v1/chains/" + chain + "/blocks/" + std::to_string(x.first));
    return text_of(now, "digest") == x.second;
  });
}

}  // namespace

TEST_CASE("a cluster computes, proves and settles jobs, and a restart finds everything as it was") {
  scratch_directory home;
  std::optional<memory> before;
  std::string open_audit;
  {
    live_cluster net{home.path};
    check_front_door(net);
    run_kernels(net);
    follow_job(net);
    check_supply(net);
    open_audit = leave_audit_open(net);
    REQUIRE_FALSE(open_audit.empty());
    before.emplace(net);
    CHECK(net.stop() == 0);
  }
  live_cluster net{home.path};
  const memory after{net};
  CHECK(after.genesis == before->genesis);
  CHECK(before->heavy.size() > 5);
  CHECK(keeps(net, "heavy", before->heavy));
  CHECK(keeps(net, "fast", before->fast));
  CHECK(after.balance == before->balance);
  CHECK(after.account_nonce == before->account_nonce);
  CHECK(net.get("/v1/sessions/" + before->session).at("paired") == before->pairing);
  CHECK(net.reaches(open_audit, "audited"));  // the pending audit goes on
  for (const auto& id : before->jobs)
    CHECK_MESSAGE(eventually([&] { return step_of(net.job(id), "settled") != nullptr; }), id);
  const auto done = net.submit("merkle.root", "later.bin", {"--input", license, "--watch-audit"});
  CHECK(text_of(done, "session") == before->session);  // no new Echo was needed
  CHECK(text_of(verified(net, "later.bin"), "stage") == "settled");
  CHECK(verified(net, "root.bin").at("valid").as_bool());
  check_supply(net);
  CHECK(net.stop() == 0);
}
