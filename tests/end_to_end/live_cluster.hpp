#pragma once
// The real program as a cluster in a process of its own, and a customer who drives it over HTTP and
// the command line.

#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

#include "actors/http/client.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <thread>

namespace end_to_end {

namespace json = boost::json;
using datagen::test_support::background_process;
using datagen::test_support::process_result;
using datagen::test_support::read_all;
using datagen::test_support::run_datagen;
using datagen::test_support::scratch_directory;

/// Asks until `check` holds. @returns false after `limit`, far beyond what is ever needed.
template <class Check>
bool eventually(Check check, std::chrono::seconds limit = std::chrono::seconds{60}) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!check()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  return true;
}

inline std::string text_of(const json::value& x, const char* name) {
  return std::string{x.at(name).as_string()};
}

class live_cluster {
public:
  /// @param home holds `data/`, and everything the customer writes.
  explicit live_cluster(const std::filesystem::path& home,
                        const std::vector<std::string>& further = {})
      : home_(home) {
    const auto ready = (home / "ready").string();
    std::filesystem::remove(ready);
    std::vector<std::string> arguments{
      "up", "--data", (home / "data").string(), "--port", "0", "--ready-file", ready};
    arguments.insert(arguments.end(), further.begin(), further.end());
    process_.emplace(datagen::program_path("datagen"), arguments);
    const auto up = eventually([&] { return read_all(ready).ends_with("\n"); });
    REQUIRE_MESSAGE(up, process_->err());
    api_ = text_of(json::parse(read_all(ready)), "api");
    REQUIRE(eventually([&] { return send("/readyz").status == 200; }));
  }

  datagen::http::response send(const std::string& target) const {
    auto reply = datagen::http::send({.url = api_ + target});
    REQUIRE_MESSAGE(reply.answer, reply.error);
    return std::move(*reply.answer);
  }
  json::value get(const std::string& target) const {
    const auto reply = send(target);
    REQUIRE_MESSAGE(reply.status == 200, target << ": " << reply.body);
    return json::parse(reply.body);
  }
  /// A command that talks to this cluster as the first development account.
  process_result run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--api", api_});
    return run_datagen(arguments);
  }
  /// Submits a job; its output lands in `name`, its receipt beside.
  json::value submit(const std::string& kernel, const std::string& name,
                     std::vector<std::string> further) const {
    std::vector<std::string> arguments{"submit",        kernel,    "--output",
                                       file(name),      "--state", file("sessions.json"),
                                       "--dev-account", "0",       "--json"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    const auto done = run(arguments);
    REQUIRE_MESSAGE(done.code == 0, done.err);
    return json::parse(done.out);
  }
  json::value job(const std::string& id) const { return get("/v1/jobs/" + id); }
  bool reaches(const std::string& id, const std::string& state) const {
    return eventually([&] { return text_of(job(id), "state") == state; });
  }
  std::string file(const std::string& name) const { return (home_ / name).string(); }
  std::string banner() const { return process_->out(); }
  const std::string& api() const { return api_; }
  background_process& process() { return *process_; }
  /// As Ctrl-C does. @returns the exit code.
  int stop() {
    process_->signal(SIGINT);
    return process_->wait();
  }

private:
  std::filesystem::path home_;
  std::string api_;
  std::optional<background_process> process_;
};

/// The step of a job's timeline, or nothing.
inline const json::value* step_of(const json::value& job, const char* name) {
  for (const auto& x : job.at("timeline").as_array())
    if (x.at("step").as_string() == name)
      return &x;
  return nullptr;
}

/// Its place in the timeline; the number of steps when it is not there.
inline std::size_t place_of(const json::value& job, const char* name) {
  const auto& steps = job.at("timeline").as_array();
  std::size_t i = 0;
  while (i < steps.size() && steps[i].at("step").as_string() != name)
    ++i;
  return i;
}

}  // namespace end_to_end
