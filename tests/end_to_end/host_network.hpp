#pragma once
// A network of several hosts as processes of the real program on this machine, linked by TLS: the
// files that `datagen network init` wrote, started with `datagen node`. The ground on which they
// stand gives distance and partitions.

#include "tests/end_to_end/live_cluster.hpp"
#include "tests/end_to_end/loopback_ground.hpp"

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
      : host_network(hosts, std::make_unique<loopback_ground>(names_of(hosts), relayed)) {}
  /// @param where knows a place for every host
  host_network(std::vector<host_plan> hosts, std::unique_ptr<ground> where)
      : hosts_(std::move(hosts)), ground_(std::move(where)) {
    std::string plan;
    int authors = 0, validators = 0;
    for (const auto& x : hosts_) {
      const auto& place = ground_->place_of(x.name);
      if (x.edge)
        api_[x.name] = "http://" + place.api();
      authors += x.authors;
      validators += x.validators;
      plan += "[[hosts]]\nname = \"" + x.name + "\"\naddress = \"" + place.address +
              "\"\nlisten = \"" + place.address + "\"\nport = " + std::to_string(place.link_port) +
              "\nauthors = " + std::to_string(x.authors) +
              "\nvalidators = " + std::to_string(x.validators) + "\n" +
              (x.edge ? "api = \"" + place.api() + "\"\n" : "routers = 0\ngateway = false\n");
    }
    std::ofstream{file("hosts.toml")} << plan;
    const auto made =
      run_datagen({"network", "init", "--hosts", file("hosts.toml"), "--out", file("net"),
                   "--development", "--preset", "dev", "--authors", std::to_string(authors),
                   "--validators", std::to_string(validators)});
    REQUIRE_MESSAGE(made.code == 0, made.err);
    for (const auto& x : hosts_)
      ground_->lay_out(x.name, home(x.name) / "network.toml");
  }

  void start_all() {
    for (const auto& x : hosts_)
      start(x.name);
    for (const auto& [name, url] : api_)
      REQUIRE_MESSAGE(ready(name), log(name));
  }
  void start(const std::string& host) {
    running_.erase(host);
    running_[host] = ground_->start(host, datagen::program_path("datagen"),
                                    {"node", "--config", (home(host) / "node.toml").string()});
  }
  /// As when the power goes.
  void kill(const std::string& host) { running_.erase(host); }
  /// Until it ends by itself. @returns its exit code
  int wait(const std::string& host) { return running_.at(host)->wait(); }
  /// @returns its exit code
  int stop(const std::string& host) {
    running_.at(host)->signal(SIGTERM);
    return running_.at(host)->wait();
  }

  void signal(const std::string& host, int what) { running_.at(host)->signal(what); }
  const std::string& api(const std::string& host) const { return api_.at(host); }

  /// What lies between two hosts, on a ground that has distances.
  void between(const std::string& a, const std::string& b, const packet_path& path) {
    paths_[std::minmax(a, b)] = path;
    ground_->set(a, b, path);
  }
  void distance(const std::string& a, const std::string& b, std::uint32_t one_way_ms) {
    between(a, b, {.delay = std::chrono::milliseconds{one_way_ms}});
  }
  /// Nothing from one of them to the other arrives any more, and nobody is told; or it does again.
  void cut(const std::string& a, const std::string& b, bool is_cut) {
    auto path = paths_[std::minmax(a, b)];
    path.cut = is_cut;
    between(a, b, path);
  }
  void freeze(const std::string& host) { cut_from_all(host, true); }
  void thaw(const std::string& host) { cut_from_all(host, false); }

  std::string described() const { return ground_->described(); }

  std::string file(const std::string& name) const { return (files.path / name).string(); }
  std::filesystem::path home(const std::string& host) const {
    return files.path / "net" / "hosts" / host;
  }
  std::string log(const std::string& host) const { return running_.at(host)->err(); }
  std::uint16_t port(const std::string& host) const { return ground_->place_of(host).link_port; }
  pid_t process(const std::string& host) const { return running_.at(host)->id(); }

  bool ready(const std::string& edge) const {
    return eventually([&] {
      const auto reply = ask(edge, "/readyz");
      return reply.answer && reply.answer->status == 200;
    });
  }
  std::string text(const std::string& edge, const std::string& target) const {
    const auto reply = ask(edge, target);
    REQUIRE_MESSAGE(reply.answer, reply.error);
    REQUIRE_MESSAGE(reply.answer->status == 200, target << ": " << reply.answer->body);
    return reply.answer->body;
  }
  json::value get(const std::string& edge, const std::string& target) const {
    return json::parse(text(edge, target));
  }
  /// Is it in a settled checkpoint? Its state may have gone on from there: drawn, audited. An edge
  /// that did not carry the job hears of it from the Fast Chain.
  bool settled(const std::string& edge, const json::value& job) const {
    return eventually([&] {
      const auto reply = ask(edge, "/v1/jobs/" + text_of(job, "job"));
      return reply.answer && reply.answer->status == 200 &&
             step_of(json::parse(reply.answer->body), "settled") != nullptr;
    });
  }
  /// Runs one job as a development account, in the session that it has; the result is `name`.
  process_result submit(const std::string& edge, int account, const std::string& name,
                        const std::vector<std::string>& further = {}) const {
    return submit_from(edge, edge, account, name, further);
  }
  /// The same at `place`, which the ground knows.
  process_result submit_from(const std::string& place, const std::string& edge, int account,
                             const std::string& name,
                             const std::vector<std::string>& further = {}) const {
    std::vector<std::string> words{"submit",        "merkle.root",
                                   "--input",       file("hosts.toml"),
                                   "--output",      file(name),
                                   "--state",       file("sessions.json"),
                                   "--dev-account", std::to_string(account),
                                   "--json",        "--api",
                                   api_.at(edge)};
    words.insert(words.end(), further.begin(), further.end());
    const auto running = ground_->start(place, datagen::program_path("datagen"), words);
    const auto code = running->wait();
    return {code, running->out(), running->err()};
  }
  static json::value done(const process_result& job) {
    REQUIRE_MESSAGE(job.code == 0, job.err);
    return json::parse(job.out);
  }

  scratch_directory files;

private:
  static std::vector<std::string> names_of(const std::vector<host_plan>& hosts) {
    std::vector<std::string> result;
    for (const auto& x : hosts)
      result.push_back(x.name);
    return result;
  }
  void cut_from_all(const std::string& host, bool is_cut) {
    for (const auto& x : hosts_)
      if (x.name != host)
        cut(host, x.name, is_cut);
  }
  /// At the edge itself, so that no distance delays the answer.
  datagen::http::client_answer ask(const std::string& edge, const std::string& target) const {
    datagen::http::client_answer result;
    ground_->at(edge, [&] { result = datagen::http::send({.url = api_.at(edge) + target}); });
    return result;
  }

  std::vector<host_plan> hosts_;
  std::unique_ptr<ground> ground_;
  std::map<std::string, std::string> api_;
  std::map<std::pair<std::string, std::string>, packet_path> paths_;
  std::map<std::string, std::unique_ptr<background_process>> running_;
};

}  // namespace end_to_end
