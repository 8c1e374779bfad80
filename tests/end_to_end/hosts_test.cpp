// Operators on hosts of their own: real processes, real TLS, hosts that die and come back.

#include "tests/end_to_end/host_network.hpp"

#include <iostream>

using namespace end_to_end;

namespace {

std::uint64_t number(const json::value& x, const char* name) {
  return x.at(name).to_number<std::uint64_t>();
}

}  // namespace

TEST_CASE("hosts: jobs flow between operators, and go on when the paired validator's host dies") {
  host_network net;
  const auto first = net.done(net.submit("first.bin"));
  CHECK(read_all(net.file("first.bin")).size() == 32);
  const auto receipt = run_datagen(
    {"verify", net.file("first.bin.receipt.json"), "--genesis", net.file("net/genesis.bin")});
  CHECK_MESSAGE(receipt.code == 0, receipt.err);

  // Validator N lives on worker N, so its host can be taken away.
  const auto paired = number(first, "validator");
  net.kill(host_network::worker(paired));
  const auto job = net.submit("second.bin");
  const auto second = net.done(job);
  CHECK(number(second, "validator") != paired);
  CHECK(read_all(net.file("second.bin")) == read_all(net.file("first.bin")));
  MESSAGE("replaced after " << number(second, "round_trip_us") / 1000 << " ms: " << job.err);
  // The Echo that followed found another: nobody waits for the dead one again.
  const auto third = net.done(net.submit("third.bin"));
  CHECK(number(third, "validator") != paired);
  CHECK(eventually([&] {
    return text_of(net.get("/v1/jobs/" + text_of(third, "job")), "state") == "settled";
  }));

  // It comes back with what it had, and takes part: without it the next death would stop the chains.
  net.start(host_network::worker(paired));
  const auto other = (paired + 1) % 4;
  CHECK(eventually([&] { return net.log(host_network::worker(paired)).find("is up") != std::string::npos; }));
  net.kill(host_network::worker(other));
  const auto fourth = net.done(net.submit("fourth.bin"));
  CHECK(number(fourth, "validator") != other);
  CHECK(eventually([&] {
    return text_of(net.get("/v1/jobs/" + text_of(fourth, "job")), "state") == "settled";
  }));
  CHECK(net.stop(host_network::worker(paired)) == 0);
}

TEST_CASE("hosts: who lost its databases does not start, and says what to do") {
  host_network net;
  REQUIRE(net.stop("w0") == 0);
  CHECK(!std::filesystem::exists(net.home("w0") / "data" / "first-start"));
  std::filesystem::remove(net.home("w0") / "data" / "heavy-0.db");
  const auto refused = run_datagen({"node", "--config", (net.home("w0") / "node.toml").string()});
  CHECK(refused.code == 78);
  CHECK(refused.err.find("sign twice") != std::string::npos);
}

TEST_CASE("hosts: keys are sealed, and a host with another's keys or a mistyped file does not start") {
  scratch_directory files;
  const auto at = [&](const std::string& name) { return (files.path / name).string(); };
  std::ofstream{at("pass")} << "correct horse\n";
  std::ofstream{at("wrong")} << "battery staple\n";
  std::string plan;
  for (const auto* name : {"a", "b", "c", "d"})
    plan += std::string{"[[hosts]]\nname = \""} + name + "\"\naddress = \"10.0.0.1\"\n";
  std::ofstream{at("hosts.toml")} << plan;
  const auto made = run_datagen({"network", "init", "--hosts", at("hosts.toml"), "--out", at("net"),
                                 "--validators", "4", "--passphrase-file", at("pass")});
  REQUIRE_MESSAGE(made.code == 0, made.err);
  CHECK(read_all(at("net/hosts/a/keys/validator-0.json")).find("\"sealed\"") != std::string::npos);
  CHECK(read_all(at("net/accounts/treasury.json")).find("\"sealed\"") != std::string::npos);
  const auto check = [&](const std::string& host, const char* pass) {
    return run_datagen({"node", "--config", at("net/hosts/" + host + "/node.toml"), "--check",
                        "--passphrase-file", at(pass)});
  };
  CHECK(check("a", "pass").code == 0);
  CHECK(check("a", "wrong").code == 77);
  std::filesystem::copy_file(at("net/hosts/b/keys/host.json"), at("net/hosts/a/keys/host.json"),
                             std::filesystem::copy_options::overwrite_existing);
  const auto another = check("a", "pass");
  CHECK(another.code == 78);
  CHECK(another.err.find("host.json holds dg1") != std::string::npos);
  std::ofstream{at("net/hosts/b/node.toml"), std::ios::app} << "lane = 3\n";
  const auto mistyped = check("b", "pass");
  CHECK(mistyped.code == 78);
  CHECK(mistyped.err.find("[kernels] has no key 'lane'") != std::string::npos);
  const auto again = run_datagen({"network", "init", "--hosts", at("hosts.toml"), "--out",
                                  at("net"), "--passphrase-file", at("pass")});
  CHECK(mistyped.err.find("node.toml:") != std::string::npos);
  CHECK(again.code == 1);  // nothing is overwritten
}
