// A disk that takes no more writes under the real program: it says so, turns not ready, and ends.

#include "tests/end_to_end/host_network.hpp"

#include <sys/resource.h>

using namespace end_to_end;

namespace {

constexpr int exit_io = 74;

/// No file of `process` may grow beyond 4 KiB from now on: its databases' logs fail at once.
void forbid_growth(pid_t process) {
  const rlimit limit{4'096, 4'096};
  REQUIRE(::prlimit(process, RLIMIT_FSIZE, &limit, nullptr) == 0);
}

/// Asks once; nothing where nobody answers any more.
std::optional<datagen::http::response> asked(const std::string& url) {
  auto reply = datagen::http::send({.url = url});
  return std::move(reply.answer);
}

/// The reasons of the first answer of /readyz that is not 200.
std::string not_ready(const std::string& api) {
  std::string reasons;
  eventually([&] {
    const auto answer = asked(api + "/readyz");
    if (!answer)
      return true;
    if (answer->status == 503 && answer->body.find("takes no more writes") != std::string::npos)
      reasons = answer->body;
    return !reasons.empty();
  });
  return reasons;
}

}  // namespace

TEST_CASE("up: a database that takes no more writes turns /readyz false, then ends the process with 74") {
  scratch_directory home;
  live_cluster net{home.path};
  forbid_growth(net.process().id());
  CHECK(not_ready(net.api()) != "");
  CHECK(net.process().wait() == exit_io);
  CHECK(net.process().err().find("takes no more writes") != std::string::npos);
}

TEST_CASE("hosts: a host whose disk fails ends with 74 and a line, the others go on without it") {
  host_network net{workers_and_edge(4)};
  net.start_all();
  net.done(net.submit("edge", 0, "first.bin"));
  forbid_growth(net.process("w1"));
  CHECK(net.wait("w1") == exit_io);
  CHECK(net.log("w1").find("takes no more writes") != std::string::npos);
  net.done(net.submit("edge", 0, "second.bin"));
  CHECK(read_all(net.file("second.bin")) == read_all(net.file("first.bin")));
  net.start("w1");  // on a disk that takes writes again
  CHECK(eventually([&] { return net.log("w1").find("is up") != std::string::npos; }));
  net.done(net.submit("edge", 0, "third.bin"));
  CHECK(net.stop("w1") == 0);
}
