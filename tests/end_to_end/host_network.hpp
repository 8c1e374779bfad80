#pragma once
// A network of several hosts as processes of the real program on this machine, linked by TLS: the
// files that `datagen network init` wrote, started with `datagen node`.

#include "tests/end_to_end/live_cluster.hpp"
#include "tools/bench/authors/committee_file.hpp"

#include <fstream>
#include <map>

namespace end_to_end {

/// One edge host with router and gateway, and workers w0, w1, … with an author and a validator each.
class host_network {
public:
  explicit host_network(std::size_t workers = 4) {
    const auto ports = datagen::bench::free_ports(workers + 2);
    std::string plan = host_text("edge", ports[0]) + "authors = 0\nvalidators = 0\napi = \"127.0.0.1:" +
                       std::to_string(ports[workers + 1]) + "\"\n";
    for (std::size_t i = 0; i < workers; ++i)
      plan += host_text(worker(i), ports[i + 1]) + "routers = 0\ngateway = false\n";
    std::ofstream{files.path / "hosts.toml"} << plan;
    const auto count = std::to_string(workers);
    const auto made =
      run_datagen({"network", "init", "--hosts", file("hosts.toml"), "--out", file("net"),
                   "--development", "--preset", "dev", "--authors", count, "--validators", count});
    REQUIRE_MESSAGE(made.code == 0, made.err);
    api_ = "http://127.0.0.1:" + std::to_string(ports[workers + 1]);
    start("edge");
    for (std::size_t i = 0; i < workers; ++i)
      start(worker(i));
    REQUIRE_MESSAGE(ready(), log("edge"));
  }

  static std::string worker(std::size_t i) { return "w" + std::to_string(i); }
  std::string file(const std::string& name) const { return (files.path / name).string(); }
  std::filesystem::path home(const std::string& host) const {
    return files.path / "net" / "hosts" / host;
  }
  void start(const std::string& host) {
    running_.erase(host);
    running_.try_emplace(
      host, datagen::program_path("datagen"),
      std::vector<std::string>{"node", "--config", (home(host) / "node.toml").string()});
  }
  /// As when the power goes.
  void kill(const std::string& host) { running_.erase(host); }
  /// @returns its exit code
  int stop(const std::string& host) {
    running_.at(host).signal(SIGTERM);
    return running_.at(host).wait();
  }
  std::string log(const std::string& host) const { return running_.at(host).err(); }

  bool ready() const {
    return eventually([&] {
      const auto reply = datagen::http::send({.url = api_ + "/readyz"});
      return reply.answer && reply.answer->status == 200;
    });
  }
  json::value get(const std::string& target) const {
    const auto reply = datagen::http::send({.url = api_ + target});
    REQUIRE_MESSAGE(reply.answer, reply.error);
    REQUIRE_MESSAGE(reply.answer->status == 200, target << ": " << reply.answer->body);
    return json::parse(reply.answer->body);
  }
  /// Runs one job through the edge as a development account; the result lands in `name`.
  process_result submit(const std::string& name) const {
    return run_datagen({"submit", "merkle.root", "--input", file("hosts.toml"), "--output",
                        file(name), "--state", file("sessions.json"), "--dev-account", "0",
                        "--json", "--api", api_});
  }
  json::value done(const process_result& job) const {
    REQUIRE_MESSAGE(job.code == 0, job.err);
    return json::parse(job.out);
  }

  scratch_directory files;

private:
  static std::string host_text(const std::string& name, std::uint16_t port) {
    return "[[hosts]]\nname = \"" + name + "\"\naddress = \"127.0.0.1\"\nlisten = \"127.0.0.1\"\nport = " +
           std::to_string(port) + "\n";
  }

  std::string api_;
  std::map<std::string, background_process> running_;
};

}  // namespace end_to_end
