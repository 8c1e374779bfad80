// One block author of a committee as a process of its own: `author_process COMMITTEE-FILE INDEX
// DATABASE`. Runs until SIGTERM, then says what it has written. For crash tests and benchmarks.

#include "tools/bench/authors/author_node.hpp"

#include "actors/inside_link.hpp"

#include "messages/register.hpp"

#include <caf/actor_system.hpp>

#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

using namespace datagen;

namespace {

struct actor_config : caf::actor_system_config {
  actor_config() {
    add_messages(*this);
    add_links(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{1});
  }
};

/// @returns a sentence why it could not run, or an empty one
std::string run(const bench::committee_file& committee, std::uint32_t index,
                const std::string& database) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // inherited by every thread that comes later
  actor_config config;
  caf::actor_system system{config};
  const connecting_end links_end{system};
  const auto net = std::make_shared<process_transport>(system, bench::links_of(committee, index));
  bench::author_node author{system, net, bench::set_up(committee, net), index, database};
  auto why = author.start();
  if (why.empty())
    why = net->open();
  if (why.empty()) {
    int signal = 0;
    sigwait(&ends, &signal);
  }
  author.stop();
  std::cout << author.totals().commits << ' ' << author.totals().vertices << ' ' << net->dropped()
            << std::endl;
  net->close();
  return why;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: author_process COMMITTEE-FILE INDEX DATABASE\n";
    return 2;
  }
  std::ifstream in{argv[1], std::ios::binary};
  std::string why;
  const auto committee = bench::read_committee({std::istreambuf_iterator<char>{in}, {}}, why);
  const auto index = std::strtoul(argv[2], nullptr, 10);
  if (committee && index < committee->authors.size())
    why = run(*committee, static_cast<std::uint32_t>(index), argv[3]);
  else if (why.empty())
    why = "the committee has no author " + std::string{argv[2]};
  if (!why.empty())
    std::cerr << why << '\n';
  return why.empty() ? 0 : 1;
}
