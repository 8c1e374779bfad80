#pragma once
// A network of several hosts as processes of the real program on this machine, linked by TLS: the
// files that `datagen network init` wrote, started with `datagen node`. On request every two hosts
// have a relay between them, so that distance and partitions are ours.

#include "tests/end_to_end/live_cluster.hpp"
#include "tests/support/relay.hpp"
#include "tools/bench/authors/committee_file.hpp"

#include <fstream>
#include <map>

namespace end_to_end {

struct host_plan {
  std::string name;
  int authors = 0;
  int validators = 0;
  bool edge = false;  ///< Has a router and a gateway.
};

/// An edge and `count` workers, each with an author and a validator.
inline std::vector<host_plan> workers_and_edge(int count) {
  std::vector<host_plan> result{{.name = "edge", .edge = true}};
  for (int i = 0; i < count; ++i)
    result.push_back({.name = "w" + std::to_string(i), .authors = 1, .validators = 1});
  return result;
}

class host_network {
public:
  explicit host_network(std::vector<host_plan> hosts, bool relayed = false)
      : hosts_(std::move(hosts)) {
    const auto ports = datagen::bench::free_ports(2 * hosts_.size());
    std::string plan;
    int authors = 0, validators = 0;
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
      const auto& x = hosts_[i];
      port_[x.name] = ports[2 * i];
      const auto api = "127.0.0.1:" + std::to_string(ports[2 * i + 1]);
      if (x.edge)
        api_[x.name] = "http://" + api;
      authors += x.authors;
      validators += x.validators;
      plan +=
        "[[hosts]]\nname = \"" + x.name + "\"\naddress = \"127.0.0.1\"\nlisten = \"127.0.0.1\"\n" +
        "port = " + std::to_string(ports[2 * i]) + "\nauthors = " + std::to_string(x.authors) +
        "\nvalidators = " + std::to_string(x.validators) + "\n" +
        (x.edge ? "api = \"" + api + "\"\n" : "routers = 0\ngateway = false\n");
    }
    std::ofstream{file("hosts.toml")} << plan;
    const auto made =
      run_datagen({"network", "init", "--hosts", file("hosts.toml"), "--out", file("net"),
                   "--development", "--preset", "dev", "--authors", std::to_string(authors),
                   "--validators", std::to_string(validators)});
    REQUIRE_MESSAGE(made.code == 0, made.err);
    if (relayed)
      for (const auto& viewer : hosts_)
        put_relays_before(viewer.name);
  }

  void start_all() {
    for (const auto& x : hosts_)
      start(x.name);
    for (const auto& [name, url] : api_)
      REQUIRE_MESSAGE(ready(name), log(name));
  }
  void start(const std::string& host) {
    running_.erase(host);
    running_.try_emplace(
      host, datagen::program_path("datagen"),
      std::vector<std::string>{"node", "--config", (home(host) / "node.toml").string()});
  }
  /// As when the power goes.
  void kill(const std::string& host) { running_.erase(host); }
  /// Until it ends by itself. @returns its exit code
  int wait(const std::string& host) { return running_.at(host).wait(); }
  /// @returns its exit code
  int stop(const std::string& host) {
    running_.at(host).signal(SIGTERM);
    return running_.at(host).wait();
  }

  void signal(const std::string& host, int what) { running_.at(host).signal(what); }
  const std::string& api(const std::string& host) const { return api_.at(host); }

  /// What lies between two hosts, in a network with relays.
  void distance(const std::string& a, const std::string& b, std::uint32_t one_way_ms) {
    wire_of(a, b)->delay_ms = one_way_ms;
  }
  /// Nothing from or to `host` arrives any more, and nobody is told.
  void freeze(const std::string& host) {
    for (const auto& x : hosts_)
      if (x.name != host)
        wire_of(host, x.name)->frozen = true;
  }
  /// Connections of before are gone, new ones come through.
  void thaw(const std::string& host) {
    for (const auto& x : hosts_)
      if (x.name != host) {
        relays_.reset(wire_of(host, x.name));
        wire_of(host, x.name)->frozen = false;
      }
  }

  std::string file(const std::string& name) const { return (files.path / name).string(); }
  std::filesystem::path home(const std::string& host) const {
    return files.path / "net" / "hosts" / host;
  }
  std::string log(const std::string& host) const { return running_.at(host).err(); }
  std::uint16_t port(const std::string& host) const { return port_.at(host); }
  pid_t process(const std::string& host) const { return running_.at(host).id(); }

  bool ready(const std::string& edge) const {
    return eventually([&] {
      const auto reply = datagen::http::send({.url = api_.at(edge) + "/readyz"});
      return reply.answer && reply.answer->status == 200;
    });
  }
  std::string text(const std::string& edge, const std::string& target) const {
    const auto reply = datagen::http::send({.url = api_.at(edge) + target});
    REQUIRE_MESSAGE(reply.answer, reply.error);
    REQUIRE_MESSAGE(reply.answer->status == 200, target << ": " << reply.answer->body);
    return reply.answer->body;
  }
  json::value get(const std::string& edge, const std::string& target) const {
    return json::parse(text(edge, target));
  }
  /// Is it in a settled checkpoint? Its state may have gone on from there: drawn, audited.
  bool settled(const std::string& edge, const json::value& job) const {
    return eventually([&] {
      return step_of(get(edge, "/v1/jobs/" + text_of(job, "job")), "settled") != nullptr;
    });
  }
  /// Runs one job as a development account, in the session that it has; the result is `name`.
  process_result submit(const std::string& edge, int account, const std::string& name,
                        const std::vector<std::string>& further = {}) const {
    std::vector<std::string> words{"submit",        "merkle.root",
                                   "--input",       file("hosts.toml"),
                                   "--output",      file(name),
                                   "--state",       file("sessions.json"),
                                   "--dev-account", std::to_string(account),
                                   "--json",        "--api",
                                   api_.at(edge)};
    words.insert(words.end(), further.begin(), further.end());
    return run_datagen(words);
  }
  static json::value done(const process_result& job) {
    REQUIRE_MESSAGE(job.code == 0, job.err);
    return json::parse(job.out);
  }

  scratch_directory files;

private:
  std::shared_ptr<datagen::test_support::wire> wire_of(const std::string& a, const std::string& b) {
    auto& result = wires_[std::minmax(a, b)];
    if (!result)
      result = std::make_shared<datagen::test_support::wire>();
    return result;
  }
  /// In the roster of `viewer` every other host has the address of a relay.
  void put_relays_before(const std::string& viewer) {
    const auto path = home(viewer) / "network.toml";
    auto text = read_all(path);
    for (const auto& x : hosts_) {
      if (x.name == viewer)
        continue;
      const auto real = "\"127.0.0.1:" + std::to_string(port_.at(x.name)) + "\"";
      const auto at = text.find(real);
      REQUIRE(at != std::string::npos);
      const auto relay = relays_.add(port_.at(x.name), wire_of(viewer, x.name));
      text.replace(at, real.size(), "\"127.0.0.1:" + std::to_string(relay) + "\"");
    }
    std::ofstream{path} << text;
  }

  std::vector<host_plan> hosts_;
  std::map<std::string, std::uint16_t> port_;
  std::map<std::string, std::string> api_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<datagen::test_support::wire>>
    wires_;
  datagen::test_support::relays relays_;
  std::map<std::string, background_process> running_;
};

}  // namespace end_to_end
