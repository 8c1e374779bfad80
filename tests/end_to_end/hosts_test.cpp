// Operators on hosts of their own: real processes, real TLS, distance, hosts that die, are cut off
// and come back. Loopback and a user-space relay: no namespaces, so packets are not lost one by
// one.

#include "tests/end_to_end/host_network.hpp"
#include "tests/support/places.hpp"

#include <future>
#include <iostream>

using namespace end_to_end;

namespace {

std::uint64_t number(const json::value& x, const char* name) {
  return x.at(name).to_number<std::uint64_t>();
}

std::string worker(std::uint64_t i) { return "w" + std::to_string(i); }

/// Two edges, seven validators on as many hosts, four of them with an author.
std::vector<host_plan> two_edges() {
  std::vector<host_plan> result{{.name = "east", .edge = true}, {.name = "west", .edge = true}};
  for (int i = 0; i < 7; ++i)
    result.push_back({.name = worker(i), .authors = i < 4 ? 1 : 0, .validators = 1});
  return result;
}

/// 10^6 bytes.
double resident_mb(pid_t process) {
  std::ifstream in{"/proc/" + std::to_string(process) + "/statm"};
  std::size_t all = 0, resident = 0;
  in >> all >> resident;
  return static_cast<double>(resident) * 4096e-6;
}

/// Hosts of one operator that lend their devices, over TLS with keys of that operator.
class gpu_hosts {
public:
  explicit gpu_hosts(host_network& net) : net_(net) {
    const auto make = datagen::source_path("deploy/inside-keys") + " " + net.file("inside");
    REQUIRE(std::system((make + " node a b >/dev/null").c_str()) == 0);
    ports_ = datagen::bench::free_ports(2);
    start("a", ports_[0]);
    start("b", ports_[1]);
  }
  /// `host` computes there and nowhere else.
  void lend_to(const std::string& host) const {
    const auto path = net_.home(host) / "node.toml";
    auto text = read_all(path);
    const std::string mark = "lanes = 2";
    const auto at = text.find(mark);
    REQUIRE(at != std::string::npos);
    text.replace(at, mark.size(),
                 "lanes = 0\nworkers = [\"127.0.0.1:" + std::to_string(ports_[0]) +
                   "\", \"127.0.0.1:" + std::to_string(ports_[1]) + "\"]\ninside_keys = \"" +
                   net_.file("inside/node") + "\"");
    std::ofstream{path} << text;
  }
  /// Seconds of processor time since it started.
  double worked(const std::string& name) const {
    std::ifstream in{"/proc/" + std::to_string(running_.at(name).id()) + "/stat"};
    std::string word;
    for (int i = 0; i < 13; ++i)
      in >> word;
    std::uint64_t user = 0;
    in >> user;
    return static_cast<double>(user) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }
  void kill(const std::string& name) { running_.erase(name); }

private:
  void start(const std::string& name, std::uint16_t port) {
    running_.try_emplace(
      name, datagen::program_path("datagen"),
      std::vector<std::string>{"worker", "--listen", "127.0.0.1:" + std::to_string(port),
                               "--inside-keys", net_.file("inside/" + name), "--threads", "1"});
  }
  host_network& net_;
  std::vector<std::uint16_t> ports_;
  std::map<std::string, background_process> running_;
};

}  // namespace

TEST_CASE("hosts: jobs flow between operators, and go on when the paired validator's host dies") {
  host_network net{workers_and_edge(4)};
  net.start_all();
  const auto run = [&](const char* name) { return net.submit("edge", 0, name); };
  const auto first = net.done(run("first.bin"));
  CHECK(read_all(net.file("first.bin")).size() == 32);
  const auto receipt = run_datagen(
    {"verify", net.file("first.bin.receipt.json"), "--genesis", net.file("net/genesis.bin")});
  CHECK_MESSAGE(receipt.code == 0, receipt.err);

  // Validator N lives on worker N, so its host can be taken away.
  const auto paired = number(first, "validator");
  net.kill(worker(paired));
  const auto job = run("second.bin");
  const auto second = net.done(job);
  CHECK(number(second, "validator") != paired);
  CHECK(read_all(net.file("second.bin")) == read_all(net.file("first.bin")));
  MESSAGE("replaced after " << number(second, "round_trip_us") / 1000 << " ms");
  // The Echo that followed found another: nobody waits for the dead one again.
  const auto third = net.done(run("third.bin"));
  CHECK(number(third, "validator") != paired);
  CHECK(net.settled("edge", third));

  // It comes back with what it had, and takes part: without it the next death would stop the
  // chains.
  net.start(worker(paired));
  CHECK(eventually([&] { return net.log(worker(paired)).find("is up") != std::string::npos; }));
  const auto other = (paired + 1) % 4;
  net.kill(worker(other));
  const auto fourth = net.done(run("fourth.bin"));
  CHECK(number(fourth, "validator") != other);
  CHECK(net.settled("edge", fourth));
  CHECK(net.stop(worker(paired)) == 0);
}

TEST_CASE(
  "hosts: validators compute on other hosts of their operator, and a job whose host is killed is "
  "finished on another one by the same validator") {
  host_network net{workers_and_edge(4)};
  gpu_hosts lenders{net};
  for (std::uint64_t i = 0; i < 4; ++i)
    lenders.lend_to(worker(i));
  net.start_all();
  const auto first = net.done(net.submit("edge", 0, "first.bin"));
  CHECK(read_all(net.file("first.bin")).size() == 32);

  const double before[] = {lenders.worked("a"), lenders.worked("b")};
  const auto price = [&](const std::string& name) {
    return run_datagen({"submit", "mc.philox", "--param", "paths=100000000", "--param", "steps=4",
                        "--output", net.file(name), "--state", net.file("sessions.json"),
                        "--dev-account", "0", "--json", "--api", net.api("edge")});
  };
  auto job = std::async(std::launch::async, price, "killed.bin");
  std::string busy;
  REQUIRE(eventually([&] {
    busy = lenders.worked("a") > before[0] + 0.5   ? "a"
           : lenders.worked("b") > before[1] + 0.5 ? "b"
                                                   : "";
    return !busy.empty();
  }));
  lenders.kill(busy);
  const auto finished = net.done(job.get());
  CHECK(number(finished, "validator") == number(first, "validator"));
  const auto receipt = run_datagen(
    {"verify", net.file("killed.bin.receipt.json"), "--genesis", net.file("net/genesis.bin")});
  CHECK_MESSAGE(receipt.code == 0, receipt.err);
  net.done(price("again.bin"));
  CHECK(read_all(net.file("again.bin")) == read_all(net.file("killed.bin")));
}

TEST_CASE(
  "hosts: pairings follow distance, a partition is survived and healed, nobody is paid twice") {
  host_network net{two_edges(), true};
  for (int i = 0; i < 7; ++i) {
    net.distance("east", worker(i), i == 5 ? 2 : 30);
    net.distance("west", worker(i), i == 2 ? 2 : 30);
    for (int j = 0; j < i; ++j)
      net.distance(worker(i), worker(j), 5);
  }
  net.start_all();
  std::vector<json::value> jobs;
  const auto run = [&](const std::string& edge, int account, const std::string& name) {
    jobs.push_back(net.done(net.submit(edge, account, name)));
    return number(jobs.back(), "validator");
  };
  CHECK(run("east", 0, "a.bin") == 5);
  CHECK(run("west", 1, "b.bin") == 2);
  jobs.push_back(net.done(net.submit("west", 2, "c.bin", {"--mode", "random"})));
  CHECK(read_all(net.file("a.bin")) == read_all(net.file("c.bin")));

  net.freeze("w5");  // a black hole: its host does not know, nor does anybody else
  CHECK(run("east", 0, "d.bin") != 5);
  MESSAGE("cut off and replaced after " << number(jobs.back(), "round_trip_us") / 1000 << " ms");
  CHECK(run("west", 1, "e.bin") == 2);
  net.thaw("w5");  // what waited for it arrives now: the job that another has done long since
  const auto links = [&] {
    std::size_t up = 0;
    const auto log = net.log("w5");
    for (auto at = log.find("is up"); at != std::string::npos; at = log.find("is up", at + 1))
      ++up;
    return up;
  };
  CHECK(eventually([&, before = links()] { return links() > before; }));
  CHECK(run("east", 0, "f.bin") < 7);
  for (const auto& job : jobs)
    CHECK(net.settled("east", job));
  // Once its claims have matured, each session has paid for each of its jobs once.
  std::map<std::string, std::uint64_t> due;
  for (const auto& job : jobs)
    due[text_of(job, "session")] += number(job, "fee_nano");
  for (const auto& [session, fee] : due) {
    CAPTURE(session);
    const auto expected = std::to_string(fee) + "000000000";  // 10^-18 DG
    CHECK(eventually(
      [&] { return text_of(net.get("east", "/v1/sessions/" + session), "paid") == expected; },
      std::chrono::seconds{120}));
    CHECK(text_of(net.get("west", "/v1/sessions/" + session), "paid") == expected);
  }
}

TEST_CASE(
  "hosts: garbage, silence and floods on its link port cost a host nothing that others see") {
  host_network net{workers_and_edge(4)};
  net.start_all();
  CHECK(net.done(net.submit("edge", 0, "before.bin")).is_object());
  const auto before = resident_mb(net.process("edge"));
  using datagen::test_support::tcp;
  boost::asio::io_context context;
  std::vector<tcp::socket> open;
  const tcp::endpoint door{boost::asio::ip::address_v4::loopback(), net.port("edge")};
  const std::string garbage(100'000, '\x16');
  for (int i = 0; i < 600; ++i) {
    auto& socket = open.emplace_back(context);
    boost::system::error_code error;
    socket.connect(door, error);
    if (!error && i % 3 != 0)  // every third says nothing
      socket.write_some(boost::asio::buffer(garbage), error);
    if (i % 100 == 50) {
      const auto job = net.done(net.submit("edge", 0, "during" + std::to_string(i) + ".bin"));
      MESSAGE("a job meanwhile: " << number(job, "round_trip_us") / 1000 << " ms");
    }
  }
  const auto after = resident_mb(net.process("edge"));
  MESSAGE("resident before " << before << " MB, after " << after << " MB");
  CHECK(after < before + 64);
  // All of it is counted, under names that are documented.
  const auto metrics = net.text("edge", "/metrics");
  CHECK(metrics.find("datagen_links 4\n") != std::string::npos);
  CHECK(metrics.find("datagen_link_refused_total{reason=\"not_tls\"}") != std::string::npos);
  CHECK(metrics.find("datagen_kernel_jobs_total{outcome=\"done\"}") != std::string::npos);
  const auto page = read_all(datagen::source_path("actors/link/metrics.md")) +
                    read_all(datagen::source_path("actors/kernel_metrics.md"));
  std::istringstream lines{metrics};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("# HELP datagen_link") || line.starts_with("# HELP datagen_kernel"))
      CHECK(page.find("`" + line.substr(7, line.find(' ', 7) - 7) + "`") != std::string::npos);
  CHECK(net.done(net.submit("edge", 0, "after.bin")).is_object());
  CHECK(net.stop("edge") == 0);
}

TEST_CASE("hosts: who lost its databases does not start, and says what to do") {
  host_network net{workers_and_edge(4)};
  net.start_all();
  REQUIRE(net.stop("w0") == 0);
  CHECK(!std::filesystem::exists(net.home("w0") / "data" / "first-start"));
  std::filesystem::remove(net.home("w0") / "data" / "heavy-0.db");
  const auto refused = run_datagen({"node", "--config", (net.home("w0") / "node.toml").string()});
  CHECK(refused.code == 78);
  CHECK(refused.err.find("sign twice") != std::string::npos);
}

TEST_CASE(
  "hosts: keys are sealed, and a host with another's keys or a mistyped file does not start") {
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
  CHECK(mistyped.err.find("node.toml:") != std::string::npos);
  const auto again = run_datagen({"network", "init", "--hosts", at("hosts.toml"), "--out",
                                  at("net"), "--passphrase-file", at("pass")});
  CHECK(again.code == 1);  // nothing is overwritten
}

TEST_CASE("hosts: one more operator joins with a stake while the others run, and is paired") {
  host_network net{workers_and_edge(4)};
  net.start_all();
  (void)net.done(net.submit("edge", 0, "before.bin"));
  const auto call = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--api", net.api("edge")});
    const auto result = run_datagen(words);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    return result.out;
  };
  const auto key = net.file("late.json");
  const auto made =
    run_datagen({"keys", "new", "late", "--plain", "--dir", net.files.path.string()});
  REQUIRE_MESSAGE(made.code == 0, made.err);
  const auto address = text_of(json::parse(read_all(key)), "address");
  call({"account", "transfer", "--dev-account", "9", "--to", address, "--amount", "5000"});
  call({"validator", "join", "--key", key, "--stake", "3000", "--ask", "1500", "--operator", "77",
        "--name", "late"});
  CHECK(text_of(net.get("edge", "/v1/validators/4"), "address") == address);

  const auto where = "127.0.0.1:" + std::to_string(datagen::bench::free_ports(1).front());
  const auto joined =
    run_datagen({"network", "join", "--network", net.file("net/network.toml"), "--genesis",
                 net.file("net/genesis.bin"), "--name", "late", "--address", where, "--listen",
                 where, "--validator", "4=" + key, "--out", net.home("late").string()});
  REQUIRE_MESSAGE(joined.code == 0, joined.err);
  net.start("late");
  for (const auto* host : {"edge", "w0", "w1", "w2", "w3"}) {
    std::ofstream{net.home(host) / "network.toml", std::ios::app}
      << read_all(net.home("late") / "host.toml");
    net.signal(host, SIGHUP);
  }
  CHECK(eventually([&] { return net.log("edge").find("link to late is up") != std::string::npos; },
                   std::chrono::seconds{60}));
  CHECK(net.log("edge").find("1 new hosts") != std::string::npos);
  // Whoever bids no more than the newcomer asks is paired with nobody else, once it has heard of
  // itself.
  process_result done;
  CHECK(eventually([&] {
    done = net.submit("edge", 1, "after.bin", {"--bid", "1500"});
    return done.code == 0;
  }));
  const auto job = net.done(done);
  CHECK(number(job, "validator") == 4);
  CHECK(read_all(net.file("after.bin")) == read_all(net.file("before.bin")));
  CHECK(net.settled("edge", job));
  CHECK(net.stop("late") == 0);

  CHECK(call({"vote", "list"}) == "nothing is proposed\n");
  call({"vote", "propose", "--burn", "60", "--lock", "100", "--dev-account", "2"});
  CHECK(call({"vote", "list"}).find("\"burn_percent\":60") != std::string::npos);
  call({"vote", "support", "1", "--lock", "50", "--dev-account", "3"});
  CHECK(call({"vote", "list"}).find("150 DG") != std::string::npos);
  call({"validator", "ask", "1600", "--key", key});
  call({"validator", "leave", "--key", key});
  CHECK(eventually(
    [&] { return text_of(net.get("edge", "/v1/validators/4"), "standing") == "leaving"; }));
}
